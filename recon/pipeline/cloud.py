"""From scans to a cloud in 3D Tiles, as one straight function."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from recon import budget
from recon.errors import BadScan
from recon.options import Options
from recon.pipeline.run import Listener, Run, disk_problems, name_of
from recon.stages import scans, tiles
from recon.types import Frame, PlacedScans, ScanSet, TiledCloud
from recon.workspace import Workspace

STAGES = (scans, tiles)

_Y_UP = np.array([[1.0, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, 1]])  # of +Z up


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
            taken, key = run.step(scans, (source, scans.fingerprint(source)))
            made: TiledCloud = run.step(tiles, (_placed(taken), key))[0]
            return made


def _placed(taken: ScanSet) -> PlacedScans:
    """Scans where their files say that they lie, +Y up, around 0. Raises BadScan where one of several does not say."""
    unknown = [scan.name for scan in taken if not scan.posed]
    if len(taken) > 1 and unknown:
        raise BadScan("scans_unplaced", names=unknown)
    middles = [scan.file_from_scan[:3, :3] @ (scan.low + scan.high) / 2 + scan.file_from_scan[:3, 3] for scan in taken]
    near = np.eye(4)
    near[:3, 3] = -np.round(np.mean(middles, axis=0))
    return PlacedScans(
        scans=taken.scans,
        world_from_scan=np.array([_Y_UP @ near @ scan.file_from_scan for scan in taken]),
        frame=Frame("metre", scale_source="scans", up_source="scans"),
        file_from_world=np.asarray(np.linalg.inv(_Y_UP @ near), np.float64),
        crs=next((scan.crs for scan in taken if scan.crs), None),
    )
