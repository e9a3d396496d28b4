"""From scans to glTF, as one straight function."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from recon import budget
from recon.options import Options
from recon.pipeline.run import Listener, Run, disk_problems, name_of
from recon.stages import clean, gltf, mesh, register, scans, texture, views
from recon.types import GltfBundle
from recon.workspace import Workspace

STAGES = (scans, register, clean, views, mesh, texture, gltf)


def build(
    source: Path,
    work: Path,
    *,
    preset: str = "object",
    settings: Sequence[str] = (),
    listener: Listener | None = None,
) -> GltfBundle:
    """Rebuild the scans below `source`, a folder or a file, as glTF in the folder `work`.

    A second run reads back what is fresh. Parameters and errors are those of recon.build.
    """
    with disk_problems(work):
        workspace = Workspace(work)
        options = Options.gather(preset, workspace.options, settings)
        workspace.check_free(map(name_of, STAGES), source)
        with workspace.locked():
            run = Run(workspace, options, source=source, preset=preset, listener=listener)
            budget.check_start([])
            taken = run.step(scans, (source, scans.fingerprint(source)))
            placed = run.step(register, taken)
            cleaned = run.step(clean, placed)
            seen = run.step(views, placed, cleaned)
            cloud = (cleaned[0].cloud, cleaned[1])
            surface = run.step(mesh, cloud, seen)
            textured = run.step(texture, surface, seen)
            bundle: GltfBundle = run.step(gltf, textured, seen)[0]
            return bundle
