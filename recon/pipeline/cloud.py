"""From scans to a cloud in 3D Tiles, as one straight function."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from recon.pipeline.run import Listener, started
from recon.stages import register, scans, tiles
from recon.types import TiledCloud

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
    with started(source, work, STAGES, preset=preset, settings=settings, listener=listener) as run:
        taken = run.step(scans, (source, scans.fingerprint(source)))
        placed = run.step(register, taken)
        made: TiledCloud = run.step(tiles, placed)[0]
        return made
