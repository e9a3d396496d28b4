"""PLY point clouds and triangle meshes, with what a reconstruction knows of each point.

Written as binary little endian: x y z, nx ny nz (float), red green blue, num_views (uchar), sigma, intensity (float),
classification, num_scans (uchar), and faces (uchar count, int corners) where there are any. Read: those, and what
others write in their place, in any order, binary of either byte order or ASCII.
Source: Greg Turk, The PLY Polygon File Format (1994).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from recon.formats.errors import BadFile
from recon.formats.ply_elements import TYPES, Rows, header, read_elements, row_type

Float32Array = NDArray[np.float32]
ByteArray = NDArray[np.uint8]
IntArray = NDArray[np.int32]

_COUNT_WIDTH = 12  # characters kept for a number of points that is not known yet
FAR = 10_000.0  # units from 0; farther out, 32 bits cannot hold a thousandth of a unit
_SAMPLE = 100_000  # points that their middle is taken of
_COLOURS = (("red", "green", "blue"), ("r", "g", "b"), ("diffuse_red", "diffuse_green", "diffuse_blue"))
_INDICES = ("vertex_indices", "vertex_index")


@dataclass(frozen=True, slots=True)
class Ply:
    """None where the file says nothing."""

    points: Float32Array  # (N, 3)
    normals: Float32Array | None = None  # (N, 3)
    colors: ByteArray | None = None  # (N, 3) RGB
    num_views: ByteArray | None = None  # (N,) photos that agree on the point
    sigma: Float32Array | None = None  # (N,) standard deviation along the ray, world units
    intensity: Float32Array | None = None  # (N,) of a scanner's echo, 0..1
    classes: ByteArray | None = None  # (N,) ASPRS LAS 1.4, table 17
    num_scans: ByteArray | None = None  # (N,) scans that measured the point
    faces: IntArray | None = None  # (F, 3)
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)  # was taken out of the points, which were too far from 0


class PlyWriter:
    """Points written block by block, so that the cloud is never whole in memory:

        with PlyWriter(path) as out:
            out.append(block)

    All blocks say the same of their points, and none has faces. A reader never sees half a file.

    keeps: what was written stays when the block is left by an error, to be gone on with. kept: go on behind so many
    points that an earlier process wrote and flushed before it was killed; what follows them is cut off.
    """

    def __init__(self, path: Path, *, kept: int = 0, keeps: bool = False):
        self.path, self.count, self.keeps = path, kept, keeps
        self._partial = path.with_name(path.name + ".partial")
        self._table: NDArray[Any] | None = None
        if kept:
            kind, (vertices, *_), offset = header(self._partial, path.name)
            self._table = np.zeros(0, row_type(vertices, kind))
        self._file: BinaryIO = self._partial.open("r+b" if kept else "wb")
        if self._table is not None:
            self._file.truncate(offset + kept * self._table.itemsize)
            self._file.seek(0, os.SEEK_END)

    def append(self, ply: Ply) -> None:
        rows = _rows(ply)
        if self._table is None:
            self._table = rows[:0]
            self._file.write(self._header())
        self._file.write(rows.tobytes())
        self.count += len(rows)

    def flush(self) -> None:
        """Leave what was appended to the system as a whole PLY, so that it outlives this process."""
        self._file.seek(0)
        self._file.write(self._header())
        self._file.seek(0, os.SEEK_END)
        self._file.flush()

    def _header(self) -> bytes:
        assert self._table is not None
        fields = self._table.dtype.fields
        assert fields is not None
        names = {"f": "float", "u": "uchar"}
        header = ["ply", "format binary_little_endian 1.0", f"element vertex {self.count:<{_COUNT_WIDTH}}"]
        header += [f"property {names[kind.kind]} {name}" for name, (kind, *_) in fields.items()]
        return "\n".join([*header, "end_header\n"]).encode("ascii")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            if self._table is None:
                self.append(Ply(np.zeros((0, 3), np.float32)))
            self._file.seek(0)
            self._file.write(self._header())  # again, now that their number is known
        self._file.close()
        if kind is None:
            self._partial.replace(self.path)
        elif not self.keeps:
            self._partial.unlink()


def _rows(ply: Ply) -> NDArray[Any]:
    """A record per point, as it lies in the file."""
    columns: list[tuple[str, str, NDArray[Any]]] = [(n, "float", ply.points[:, i]) for i, n in enumerate("xyz")]
    if ply.normals is not None:
        columns += [(f"n{n}", "float", ply.normals[:, i]) for i, n in enumerate("xyz")]
    if ply.colors is not None:
        columns += [(n, "uchar", ply.colors[:, i]) for i, n in enumerate(("red", "green", "blue"))]
    if ply.num_views is not None:
        columns.append(("num_views", "uchar", ply.num_views))
    if ply.sigma is not None:
        columns.append(("sigma", "float", ply.sigma))
    if ply.intensity is not None:
        columns.append(("intensity", "float", ply.intensity))
    if ply.classes is not None:
        columns.append(("classification", "uchar", ply.classes))
    if ply.num_scans is not None:
        columns.append(("num_scans", "uchar", ply.num_scans))

    table = np.empty(len(ply.points), [(name, "<" + TYPES[kind]) for name, kind, _ in columns])
    for name, _, column in columns:
        table[name] = column
    return table


def read_ply(path: Path, *, name: str | None = None) -> Ply:
    """Read points and faces, polygons cut into triangles; raises BadFile."""
    name = name or path.name
    elements = read_elements(path, name=name)
    vertices = elements.get("vertex", Rows({}, {}))
    ply = _points(vertices.columns, name)
    listed = elements.get("face", Rows({}, {})).lists
    faces = next((_triangles(*listed[key]) for key in _INDICES if key in listed), None)
    if faces is not None and len(faces) and (faces.min() < 0 or faces.max() >= len(ply.points)):
        raise BadFile("ply_faces", name=name)
    return replace(ply, faces=faces)


def ply_count(path: Path) -> int:
    """How many points a file has, its first element; raises BadFile."""
    elements = header(path, path.name)[1]
    if not elements or elements[0].name != "vertex":
        raise BadFile("ply_points", name=path.name)
    return elements[0].count


def ply_blocks(path: Path, size: int) -> Iterator[Ply]:
    """The points of a binary PLY file, its first element, `size` at a time; raises BadFile."""
    kind, elements, offset = header(path, path.name)
    if not elements or elements[0].name != "vertex" or kind == "ascii" or elements[0].has_lists:
        raise BadFile("ply_points", name=path.name)
    dtype = row_type(elements[0], kind)
    with path.open("rb") as file:
        file.seek(offset)
        for start in range(0, elements[0].count, size):
            count = min(size, elements[0].count - start)
            data = file.read(count * dtype.itemsize)
            if len(data) < count * dtype.itemsize:
                raise BadFile("cut_short", name=path.name)
            table = np.frombuffer(data, dtype)
            yield _points({name: table[name] for name, _ in elements[0].properties}, path.name, centred=False)


def _points(found: Mapping[str, NDArray[Any]], name: str, *, centred: bool = True) -> Ply:
    """centred: take an offset out of what lies far from 0. Blocks of one file must not each have their own."""
    if not {"x", "y", "z"} <= found.keys():
        raise BadFile("ply_points", name=name)
    points = np.stack([found[axis] for axis in "xyz"], -1)
    offset = offset_of(points) if centred else (0.0, 0.0, 0.0)
    if any(offset):
        points = points - np.array(offset)
    normals = np.stack([found[f"n{a}"] for a in "xyz"], -1) if {"nx", "ny", "nz"} <= found.keys() else None
    colors = next((_bytes(found, names) for names in _COLOURS if set(names) <= found.keys()), None)
    return Ply(
        points=points.astype(np.float32),
        normals=None if normals is None else normals.astype(np.float32),
        colors=colors,
        num_views=found["num_views"].astype(np.uint8) if "num_views" in found else None,
        sigma=found["sigma"].astype(np.float32) if "sigma" in found else None,
        intensity=found["intensity"].astype(np.float32) if "intensity" in found else None,
        classes=found["classification"].astype(np.uint8) if "classification" in found else None,
        num_scans=found["num_scans"].astype(np.uint8) if "num_scans" in found else None,
        offset=offset,
    )


def offset_of(points: NDArray[Any]) -> tuple[float, float, float]:
    """Whole units to take out of points (N, 3) that lie FAR from 0: their median, which a few strays do not move."""
    some = points[:: max(1, len(points) // _SAMPLE)]
    some = some[np.isfinite(some).all(1)] if len(some) else some
    middle = np.median(some.astype(np.float64), axis=0) if len(some) else np.zeros(3)
    if np.abs(middle).max() < FAR:
        return (0.0, 0.0, 0.0)
    x, y, z = np.round(middle)
    return (float(x), float(y), float(z))


def _bytes(found: Mapping[str, NDArray[Any]], names: tuple[str, ...]) -> ByteArray:
    """(N, 3) of colours that count to 255, to 65535 or, as fractions, to 1."""
    colors = np.stack([found[name] for name in names], -1)
    if colors.dtype.kind == "f" and colors.size and np.nanmax(colors) <= 1:
        colors = np.round(colors * 255)
    elif colors.size and colors.dtype.itemsize > 1 and np.nanmax(colors) > 255:
        colors = colors // 257
    return np.asarray(np.clip(np.nan_to_num(colors), 0, 255), np.uint8)


def _triangles(lengths: NDArray[np.int64], corners: NDArray[Any]) -> IntArray:
    """(F, 3) of polygons, each cut into a fan; what has fewer than three corners is left out."""
    starts = np.cumsum(lengths) - lengths
    pieces = []
    for sides in np.unique(lengths[lengths >= 3]):
        rows = corners[starts[lengths == sides][:, None] + np.arange(sides)]
        fan = [np.stack([rows[:, 0], rows[:, k], rows[:, k + 1]], -1) for k in range(1, sides - 1)]
        pieces.append(np.stack(fan, 1).reshape(-1, 3))
    return np.concatenate(pieces).astype(np.int32) if pieces else np.zeros((0, 3), np.int32)
