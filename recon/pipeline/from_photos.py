"""From photographs to glTF, as one straight function."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from recon import budget
from recon.errors import BadOptions
from recon.options import Options
from recon.pipeline.run import Listener, Run, disk_problems, name_of
from recon.stages import align, dense, depth, features, gltf, matches, mesh, photos, sparse, texture
from recon.types import GltfBundle, PhotoSet
from recon.workspace import Workspace

STAGES = (photos, features, matches, sparse, align, depth, dense, mesh, texture, gltf)


def build(
    source: Path,
    work: Path,
    *,
    preset: str = "object",
    settings: Sequence[str] = (),
    hold_out: Sequence[str] = (),
    listener: Listener | None = None,
) -> GltfBundle:
    """Rebuild the photos below `source` as glTF in the folder `work`; a second run reads back what is fresh.

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
            taken = run.step(photos, (source, photos.fingerprint(source)))
            check_names(taken[0], options)
            found = run.step(features, taken)
            graph = run.step(matches, taken, found)
            solved = run.step(sparse, taken, graph)
            placed = run.step(align, taken, solved)
            depths = run.step(depth, placed)
            cloud = run.step(dense, depths)
            surface = run.step(mesh, cloud, placed)
            textured = run.step(texture, surface, placed)
            bundle: GltfBundle = run.step(gltf, textured, placed)[0]
            return bundle


def check_names(taken: PhotoSet, options: Options) -> None:
    """Raise BadOptions where a photo that is to be held out is not there."""
    names = {p.name for p in taken}
    unknown = sorted(set(options.align.hold_out) - names)
    if unknown:
        raise BadOptions("hold_out_unknown", names=unknown)
