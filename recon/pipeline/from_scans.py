"""From scans to glTF, as one straight function."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from recon.pipeline.run import Control, Listener, Output, Run, started
from recon.pipeline.surfaced import surfaced
from recon.stages import clean, colour, gltf, mesh, register, scans, texture, views
from recon.types import GltfBundle

STAGES = (scans, register, clean, views, mesh, colour, texture, gltf)


def build(
    source: Path,
    work: Path,
    *,
    preset: str = "object",
    settings: Sequence[str] = (),
    listener: Listener | None = None,
    control: Control | None = None,
) -> GltfBundle:
    """Rebuild the scans below `source`, a folder or a file, as glTF in the folder `work`.

    A second run reads back what is fresh. Parameters and errors are those of recon.build.
    """
    with started(source, work, STAGES, preset=preset, settings=settings, listener=listener, control=control) as run:
        seen, (cloud, key) = cleaned(run, source)
        return surfaced(run, (cloud.cloud, key), seen)


def cleaned(run: Run, source: Path) -> tuple[Output, Output]:
    """What the scanners saw (SparseModel), and the cloud (CleanCloud) of the scans below `source`."""
    taken = run.step(scans, (source, scans.fingerprint(source)))
    placed = run.step(register, taken)
    cloud = run.step(clean, placed)
    return run.step(views, placed, cloud), cloud
