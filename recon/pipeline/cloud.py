"""From scans to a cloud in 3D Tiles, as one straight function."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from recon import budget
from recon.options import Options
from recon.pipeline.run import Listener, Run, disk_problems, name_of
from recon.stages import register, scans, tiles
from recon.types import TiledCloud
from recon.workspace import Workspace

STAGES = (scans, register, tiles)


def build_cloud(
    source: Path,
    work: Path,
    *,
    preset: str = "object",
    settings: Sequence[str] = (),
    listener: Listener | None = None,
) -> TiledCloud:
    """All points of the scans below `source`, a folder or a file, as 3D Tiles in the folder `work`.

    A second run reads back what is fresh. settings are "stage.option=value". Raises a recon.errors.LongyaoError with a
    hint when the scans, options or machine do not allow it.
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
            made: TiledCloud = run.step(tiles, placed)[0]
            return made
