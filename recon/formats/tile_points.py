"""The points of the coarser tiles of a cloud: evenly spread over all of it, and few enough for memory."""

from __future__ import annotations

import heapq
import json
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from recon.formats.errors import BadFile
from recon.formats.gltf import read_gltf
from recon.formats.points import Cloud, cloud_of
from recon.formats.tile_archive import ROOT, TileArchive, tile_archive


def coarse_points(path: Path, most: int) -> Cloud:
    """All points of the coarsest tiles of an archive of points (recon.stages.tiles), `most` at most, but one tile.

    Raises BadFile.
    """
    clouds: list[Cloud] = []
    left = most
    with tile_archive(path) as archive, tempfile.TemporaryDirectory() as folder:
        passing, order = Path(folder) / "tile.glb", count()
        tiles: list[tuple[float, int, dict[str, Any]]] = [(0.0, next(order), _json(archive, ROOT, path)["root"])]
        while tiles:  # the largest error first
            _, _, tile = heapq.heappop(tiles)
            uri = tile.get("content", {}).get("uri", "")
            if uri.endswith(".json"):
                heapq.heappush(tiles, (-tile["geometricError"], next(order), _json(archive, uri, path)["root"]))
                continue
            if uri:
                passing.write_bytes(_data(archive, uri, path))
                cloud = cloud_of(read_gltf(passing))
                if clouds and len(cloud) > left:
                    break
                clouds.append(cloud)
                left -= len(cloud)
            for child in tile.get("children", ()):
                heapq.heappush(tiles, (-child["geometricError"], next(order), child))
    offset = np.array(clouds[0].offset)
    positions = [cloud.positions + (np.array(cloud.offset) - offset) for cloud in clouds]
    colours = [cloud.colours for cloud in clouds if cloud.colours is not None]
    together = np.concatenate(colours) if len(colours) == len(clouds) else None
    return Cloud(np.concatenate(positions).astype(np.float32), together, clouds[0].offset)


def _json(archive: TileArchive, name: str, path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_data(archive, name, path))
    return document


def _data(archive: TileArchive, name: str, path: Path) -> bytes:
    packed = archive.get(name)
    if packed is None:
        raise BadFile("tiles_broken", name=path.name)
    return packed.unpacked()
