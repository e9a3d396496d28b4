"""From photos and scans of one place to one glTF, as one straight function."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from recon import budget
from recon.options import Options
from recon.pipeline import from_photos, from_scans
from recon.pipeline.run import Listener, Run, disk_problems, name_of
from recon.stages import (
    align,
    clean,
    dense,
    depth,
    features,
    gltf,
    join,
    matches,
    mesh,
    photos,
    register,
    scans,
    sparse,
    texture,
    views,
)
from recon.types import GltfBundle
from recon.workspace import Workspace

STAGES = (*from_scans.STAGES[:4], *from_photos.STAGES[:7], join, mesh, texture, gltf)


def build(
    source: Path,
    work: Path,
    *,
    preset: str = "object",
    settings: Sequence[str] = (),
    hold_out: Sequence[str] = (),
    listener: Listener | None = None,
) -> GltfBundle:
    """Rebuild the photos and scans below `source` as one glTF, in the frame of the scans.

    Parameters and errors are those of recon.build.
    """
    with disk_problems(work):
        workspace = Workspace(work)
        options = Options.gather(preset, workspace.options, settings)
        if hold_out:
            options = options.with_table({"align": {"hold_out": tuple(hold_out)}})
        files = photos.find(source).photos
        workspace.check_free(map(name_of, STAGES), source)
        with workspace.locked():
            run = Run(workspace, options, source=source, preset=preset, listener=listener)
            budget.check_start(files)
            read = run.step(scans, (source, scans.fingerprint(source)))
            placed = run.step(register, read)
            cleaned = run.step(clean, placed)
            seen = run.step(views, placed, cleaned)
            taken = run.step(photos, (source, photos.fingerprint(source)))
            from_photos.check_names(taken[0], options)
            found = run.step(features, taken)
            graph = run.step(matches, taken, found)
            solved = run.step(sparse, taken, graph)
            aligned = run.step(align, taken, solved)
            depths = run.step(depth, aligned)
            fused = run.step(dense, depths)
            joined, key = run.step(join, fused, aligned, cleaned, seen)
            cloud, both = (joined.cloud, key), (joined.sparse, key)
            surface = run.step(mesh, cloud, both)
            textured = run.step(texture, surface, both)
            bundle: GltfBundle = run.step(gltf, textured, both)[0]
            return bundle
