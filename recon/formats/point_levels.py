"""Points as a bundle holds them: all that are shown at once, coarser levels for slow lines, and a picture."""

from __future__ import annotations

from pathlib import Path

from recon.formats.asset_document import AssetKind, File, Files
from recon.formats.bundle import file_entry
from recon.formats.points import Cloud, thinned, write_cloud, write_packed_cloud
from recon.formats.splats import Splats, most_visible, write_splats
from recon.formats.thumbnail import render_points_thumb

MOST: dict[AssetKind, int] = {"cloud": 4_000_000, "splat": 500_000}  # that are shown at once
_FEWEST: dict[AssetKind, int] = {"cloud": 2_500, "splat": 20_000}  # of the level that comes first
_FACTOR = 4  # times as many as in the level before


def write_levels(folder: Path, points: Cloud | Splats) -> Files:
    """Write model.glb, level1.glb and so on, each with a quarter as many points, and thumb.webp; their entries.

    The model is plain glTF, for whoever takes it home; the coarser levels of a cloud are packed.
    """
    kind: AssetKind = "splat" if isinstance(points, Splats) else "cloud"
    levels: list[File] = []
    most = MOST[kind]
    while not levels or levels[-1]["points"] > most >= _FEWEST[kind]:
        path = folder / ("model.glb" if not levels else f"level{len(levels)}.glb")
        if isinstance(points, Splats):
            points = most_visible(points, most)
            write_splats(path, points)
        else:
            points = thinned(points, most)
            (write_packed_cloud if levels else write_cloud)(path, points)
        if not levels:
            width, height = render_points_thumb(points, folder / "thumb.webp")
        levels.append(file_entry(folder, path.name, points=len(points)))
        most = min(most, len(points)) // _FACTOR
    thumb = file_entry(folder, "thumb.webp", width=width, height=height)
    files: Files = {"thumb": thumb, "model": levels[0]}
    return {**files, "lods": levels[1:]} if len(levels) > 1 else files
