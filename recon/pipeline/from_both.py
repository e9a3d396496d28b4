"""From photos and scans of one place to one glTF, as one straight function."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from recon.pipeline import from_photos, from_scans
from recon.pipeline.run import Control, Listener, started
from recon.pipeline.surfaced import surfaced
from recon.stages import colour, gltf, join, mesh, texture
from recon.types import GltfBundle

STAGES = (*from_scans.STAGES[:4], *from_photos.STAGES[:9], join, mesh, colour, texture, gltf)


def build(
    source: Path,
    work: Path,
    *,
    preset: str = "object",
    settings: Sequence[str] = (),
    hold_out: Sequence[str] = (),
    listener: Listener | None = None,
    control: Control | None = None,
) -> GltfBundle:
    """Rebuild the photos and scans below `source` as one glTF, in the frame of the scans.

    Parameters and errors are those of recon.build.
    """
    with started(
        source, work, STAGES, preset=preset, settings=settings, hold_out=hold_out, listener=listener, control=control
    ) as run:
        seen, cloud = from_scans.cleaned(run, source)
        taken, placed, fused = from_photos.fused(run, source)
        joined, key = run.step(join, fused, placed, cloud, seen)
        return surfaced(run, (joined.cloud, key), (joined.sparse, key), taken)
