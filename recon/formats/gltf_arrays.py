"""The arrays of a checked glTF document: accessors, Draco's data, triangles of strips and fans."""

from __future__ import annotations

from typing import Any

import DracoPy
import numpy as np
from numpy.typing import NDArray

from recon.formats.gltf import COMPONENTS, WIDTHS, Gltf, Json

POINTS, TRIANGLES, STRIP, FAN = 0, 4, 5, 6
DRAWN_AS_TRIANGLES = (TRIANGLES, STRIP, FAN)

Array = NDArray[Any]
Floats = NDArray[np.float64]


def accessor(gltf: Gltf, index: int) -> Array:
    """(count, width) as stored, sparse changes made; see `fractions` for normalised integers."""
    declared = gltf.document["accessors"][index]
    kind, width, number = COMPONENTS[declared["componentType"]], WIDTHS[declared["type"]], declared["count"]
    rows = _rows(gltf, declared, kind, width, number) if "bufferView" in declared else np.zeros((number, width), kind)
    if "sparse" in declared:
        sparse = declared["sparse"]
        place_kind = COMPONENTS[sparse["indices"]["componentType"]]
        places = _rows(gltf, sparse["indices"], place_kind, 1, sparse["count"])[:, 0]
        if places.max() >= number:
            raise ValueError("a sparse accessor changes what it does not have")
        rows = rows.copy()
        rows[places] = _rows(gltf, sparse["values"], kind, width, sparse["count"])
    return rows


def _rows(gltf: Gltf, place: Json, kind: np.dtype[Any], width: int, number: int) -> Array:
    stride = gltf.document["bufferViews"][place["bufferView"]].get("byteStride", kind.itemsize * width)
    view = gltf.view(place["bufferView"])
    return np.ndarray((number, width), kind, view, place.get("byteOffset", 0), (stride, kind.itemsize))


def values(gltf: Gltf, index: int) -> Array:
    """(count, width): normalised integers as the fractions that they stand for, others as stored."""
    rows = accessor(gltf, index)
    return fractions(rows) if gltf.document["accessors"][index].get("normalized") else rows


def fractions(rows: Array) -> NDArray[np.float64]:
    """Integers as -1..1 or 0..1 (glTF 3.6.2.2); floats as they are."""
    if rows.dtype.kind == "f":
        return rows.astype(np.float64)
    most = float(np.iinfo(rows.dtype).max)
    return np.asarray(np.maximum(rows.astype(np.float64) / most, -1.0 if rows.dtype.kind == "i" else 0.0))


def attributes(gltf: Gltf, primitive: Json) -> tuple[dict[str, Array], NDArray[np.int64]]:
    """By name, as `values` has them, and triangles (F, 3), counter-clockwise; none for points and lines.

    Raises ValueError where Draco's data cannot be decoded or an index is out of range.
    """
    draco = primitive.get("extensions", {}).get("KHR_draco_mesh_compression")
    if draco:
        found, faces = _draco(gltf, primitive, draco)
    else:
        found = {name: values(gltf, index) for name, index in primitive["attributes"].items()}
        faces = _triangles(gltf, primitive, len(found["POSITION"]))
    num = len(found["POSITION"])
    if any(len(rows) != num for rows in found.values()):
        raise ValueError("attributes of different lengths")
    if len(faces) and not 0 <= faces.min() <= faces.max() < num:
        raise ValueError("indices out of range")
    return found, faces


def _draco(gltf: Gltf, primitive: Json, extension: Json) -> tuple[dict[str, Array], NDArray[np.int64]]:
    try:
        mesh = DracoPy.decode(bytes(gltf.view(extension["bufferView"])))
    except Exception as error:  # the decoder raises bare exceptions of several kinds
        raise ValueError("Draco data cannot be decoded") from error
    stored = {int(attribute["unique_id"]): np.asarray(attribute["data"]) for attribute in mesh.attributes}
    found = {}
    for name, unique in extension["attributes"].items():
        declared = gltf.document["accessors"][primitive["attributes"][name]]
        kind = COMPONENTS[declared["componentType"]]  # the decoder may give wider integers
        found[name] = fractions(stored[unique].astype(kind)) if declared.get("normalized") else stored[unique]
    return found, np.asarray(mesh.faces, dtype=np.int64).reshape(-1, 3)


def _triangles(gltf: Gltf, primitive: Json, num: int) -> NDArray[np.int64]:
    mode = primitive.get("mode", TRIANGLES)
    if mode not in DRAWN_AS_TRIANGLES:
        return np.zeros((0, 3), np.int64)
    corners = accessor(gltf, primitive["indices"])[:, 0] if "indices" in primitive else np.arange(num)
    return as_triangles(corners.astype(np.int64), mode)


def as_triangles(corners: NDArray[np.int64], mode: int) -> NDArray[np.int64]:
    """(F, 3) of the corners of a list, strip or fan (glTF 3.7.2.1); those of a strip without area are left out."""
    if mode == TRIANGLES:
        return corners[: len(corners) // 3 * 3].reshape(-1, 3)
    step = np.arange(max(len(corners) - 2, 0))
    if mode == FAN:
        return np.column_stack([corners[step + 1], corners[step + 2], np.broadcast_to(corners[:1], len(step))])
    faces = np.column_stack([corners[step], corners[step + 1 + step % 2], corners[step + 2 - step % 2]])
    whole = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    return np.asarray(faces[whole])


def num_corners(gltf: Gltf, primitive: Json) -> int:
    """Triangles that a primitive draws at most, in corners of a list."""
    declared = gltf.document["accessors"][primitive.get("indices", primitive["attributes"]["POSITION"])]
    listed = primitive.get("mode", TRIANGLES) == TRIANGLES
    return int(declared["count"]) if listed else 3 * max(int(declared["count"]) - 2, 0)


def num_vertices(gltf: Gltf, primitive: Json) -> int:
    return int(gltf.document["accessors"][primitive["attributes"]["POSITION"]]["count"])
