"""From photographs to glTF, as one straight function."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from recon.errors import BadOptions
from recon.options import Options
from recon.pipeline.run import Control, Listener, Output, Run, started
from recon.pipeline.surfaced import surfaced
from recon.stages import (
    align,
    align_control,
    background,
    colour,
    dense,
    depth,
    features,
    gltf,
    matches,
    mesh,
    photos,
    sparse,
    targets,
    texture,
)
from recon.types import GltfBundle, PhotoSet

STAGES = (photos, features, background, matches, sparse, targets, align, depth, dense, mesh, colour, texture, gltf)


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
    """Rebuild the photos below `source` as glTF in the folder `work`; a second run reads back what is fresh.

    Parameters and errors are those of recon.build.
    """
    with started(
        source, work, STAGES, preset=preset, settings=settings, hold_out=hold_out, listener=listener, control=control
    ) as run:
        taken, placed, cloud = fused(run, source)
        return surfaced(run, cloud, placed, taken)


def fused(run: Run, source: Path) -> tuple[Output, Output, Output]:
    """The photos below `source` (PhotoSet), their placed cameras (SparseModel) and the fused cloud (PointCloud)."""
    taken = run.step(photos, (source, photos.fingerprint(source)))
    _check_names(taken[0], run.options)
    control = align_control.found(source, run.options.align.control)  # a broken file is refused before the long work
    colour.chart_of(source, run.options.colour.chart)
    found = run.step(features, taken)
    front, key = run.step(background, taken, found)
    taken, found = (front.photos, key), (front.features, key)
    graph = run.step(matches, taken, found)
    solved = run.step(sparse, taken, graph)
    marked = run.step(targets, taken, solved)
    placed = run.step(align, taken, solved, marked, control)
    depths = run.step(depth, placed)
    return taken, placed, run.step(dense, depths)


def _check_names(taken: PhotoSet, options: Options) -> None:
    names = {p.name for p in taken}
    unknown = sorted(set(options.align.hold_out) - names)
    if unknown:
        raise BadOptions("hold_out_unknown", names=unknown)
