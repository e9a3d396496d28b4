"""3D Tiles of large models and clouds: checked and placed.

The archive is one file of the storage, however many tiles it has. Its tileset.json is stored once more, with its
contents named <sha256 of the archive>/<path in it>: beside each other below /media, they find one another. Only that
small file is written anew where an asset is scaled or turned.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from exhibit.errors import BadBundle
from recon.formats.tile_archive import ROOT, TileArchive, tile_archive

MIMES = {".glb": "model/gltf-binary", ".json": "application/json"}  # of what lies in an archive
_Z_UP = np.array([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])  # 3D Tiles' frame from glTF's
_DEEPEST = 64  # tiles in one another, and tilesets
Json = dict[str, Any]


def checked_tileset(path: Path, sha256: str, name: str) -> bytes:
    """The tileset.json of an archive for the library. Raises BadFile, BadBundle where a tile is missing or broken."""
    with tile_archive(path, name=name) as archive:
        document = _tileset(archive, ROOT, name)
        _check(archive, document, PurePosixPath(), name, 0)
        for tile in _tiles(document, name):
            if "content" in tile:
                tile["content"]["uri"] = f"{sha256}/{tile['content']['uri']}"
    return _written(document)


def moved_tileset(
    data: bytes,
    translation: NDArray[np.float64],
    factor: float = 1.0,
    rotation: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 1.0),
) -> bytes:
    """The same tiles, scaled, then turned by the quaternion (x, y, z, w), then moved, +Y up."""
    document = json.loads(data)
    placed = np.eye(4)
    placed[:3, :3] = factor * np.asarray(Rotation.from_quat(rotation).as_matrix())
    placed[:3, 3] = translation
    before = np.reshape(document["root"].get("transform", np.eye(4).ravel()), (4, 4)).T
    document["root"]["transform"] = (_Z_UP @ placed @ _Z_UP.T @ before).T.ravel().tolist()
    document["geometricError"] *= factor
    return _written(document)


def _written(document: Json) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _tileset(archive: TileArchive, path: str, name: str) -> Json:
    try:
        document: Json = json.loads(_unpacked(archive, path, name))
        if not isinstance(document["root"], dict) or not np.isfinite(document["geometricError"]):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadBundle("tileset_broken", name=name, file=path) from None
    return document


def _check(archive: TileArchive, document: Json, folder: PurePosixPath, name: str, depth: int) -> None:
    """Every content is there, whole, and of a kind that the viewer shows."""
    for tile in _tiles(document, name):
        uri = tile.get("content", {}).get("uri")
        if uri is None and not tile.keys() & {"contents", "implicitTiling", "content"}:
            continue
        plain = isinstance(uri, str) and uri.isascii() and not set(uri) & set(":?#%\\") and ".." not in uri
        path = str(folder / uri) if plain else ""
        if not plain or uri.startswith("/") or PurePosixPath(uri).suffix not in MIMES or depth > _DEEPEST:
            raise BadBundle("tile_kind", name=name, file=str(uri)[:80])
        if path.endswith(".json"):
            inner = _tileset(archive, path, name)
            _check(archive, inner, PurePosixPath(path).parent, name, depth + 1)
        elif _unpacked(archive, path, name)[:4] != b"glTF":
            raise BadBundle("tile_kind", name=name, file=path)


def _tiles(document: Json, name: str) -> Iterator[Json]:
    todo: list[Any] = [(document["root"], 0)]
    while todo:
        tile, depth = todo.pop()
        if not isinstance(tile, dict) or depth > _DEEPEST or not isinstance(tile.get("content", {}), dict):
            raise BadBundle("tileset_broken", name=name, file=ROOT)
        yield tile
        todo += [(child, depth + 1) for child in tile.get("children", ())]


def _unpacked(archive: TileArchive, path: str, name: str) -> bytes:
    try:
        packed = archive.get(path)
        if packed is not None:
            return packed.unpacked()
    except ValueError:
        raise BadBundle("tile_broken", name=name, file=path) from None
    raise BadBundle("tile_missing", name=name, file=path)
