"""PLY point clouds and triangle meshes, with what a reconstruction knows of each point.

Written as binary little endian: x y z, nx ny nz (float), red green blue, num_views (uchar), sigma (float), and faces
(uchar count, int corners) where there are any. Read: those, in any order, binary of either byte order or ASCII.
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

from recon.errors import BadScan

Float32Array = NDArray[np.float32]
ByteArray = NDArray[np.uint8]
IntArray = NDArray[np.int32]

_TYPES = {
    "char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4",
    "float": "f4", "double": "f8",
    "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2", "int32": "i4", "uint32": "u4",
    "float32": "f4", "float64": "f8",
}  # fmt: skip
_COUNT_WIDTH = 12  # characters kept for a number of points that is not known yet
_HINT = "Export it again as a binary PLY with x, y and z."


@dataclass(frozen=True, slots=True)
class Ply:
    """None where the file says nothing."""

    points: Float32Array  # (N, 3)
    normals: Float32Array | None = None  # (N, 3)
    colors: ByteArray | None = None  # (N, 3) RGB
    num_views: ByteArray | None = None  # (N,) photos that agree on the point
    sigma: Float32Array | None = None  # (N,) standard deviation along the ray, world units
    faces: IntArray | None = None  # (F, 3)


def write_ply(path: Path, ply: Ply, *, comment: str = "") -> None:
    """Write binary little endian PLY; a reader never sees half a file. The same input gives the same bytes."""
    table = _rows(ply)
    partial = _partial(path)
    with partial.open("wb") as file:
        file.write(_header_of(table, str(len(table)), comment, ply.faces))
        file.write(table.tobytes())
        if ply.faces is not None:
            rows = np.empty(len(ply.faces), [("count", "u1"), ("corners", "<i4", 3)])
            rows["count"], rows["corners"] = 3, ply.faces
            file.write(rows.tobytes())
    os.replace(partial, path)  # noqa: PTH105 - Path.replace is the same call


class PlyWriter:
    """Points written block by block, so that the cloud is never whole in memory:

        with PlyWriter(path) as out:
            out.append(block)

    All blocks say the same of their points, and none has faces. A reader never sees half a file.
    """

    def __init__(self, path: Path):
        self.path, self.count = path, 0
        self._file: BinaryIO = _partial(path).open("wb")
        self._table: NDArray[Any] | None = None

    def append(self, ply: Ply) -> None:
        rows = _rows(ply)
        if self._table is None:
            self._table = rows[:0]
            self._file.write(self._header())
        self._file.write(rows.tobytes())
        self.count += len(rows)

    def _header(self) -> bytes:
        assert self._table is not None
        return _header_of(self._table, f"{self.count:<{_COUNT_WIDTH}}", "", None)

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
            os.replace(_partial(self.path), self.path)  # noqa: PTH105 - Path.replace is the same call
        else:
            _partial(self.path).unlink()


def _partial(path: Path) -> Path:
    return path.with_name(path.name + ".partial")


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

    table = np.empty(len(ply.points), [(name, "<" + _TYPES[kind]) for name, kind, _ in columns])
    for name, _, column in columns:
        table[name] = column
    return table


def _header_of(table: NDArray[Any], count: str, comment: str, faces: IntArray | None) -> bytes:
    names = {"f": "float", "u": "uchar"}
    assert table.dtype.fields is not None
    properties = [f"property {names[kind.kind]} {name}" for name, (kind, *_) in table.dtype.fields.items()]
    header = ["ply", "format binary_little_endian 1.0"]
    header += [f"comment {line}" for line in comment.splitlines()]
    header += [f"element vertex {count}", *properties]
    if faces is not None:
        header += [f"element face {len(faces)}", "property list uchar int vertex_indices"]
    return "\n".join([*header, "end_header\n"]).encode("ascii", "replace")


def read_ply(path: Path) -> Ply:
    """Read points and triangles; raises BadScan. Elements after vertex and face are left out."""
    try:
        return _read(path)
    except BadScan:
        raise
    except Exception as error:  # a foreign file can break in any way
        raise BadScan(f"{path.name} is not a sound PLY file ({type(error).__name__}).", hint=_HINT) from error


def ply_blocks(path: Path, size: int) -> Iterator[Ply]:
    """The points of a binary PLY file, its first element, `size` at a time; raises BadScan."""
    kind, elements, offset = _header(path)
    if not elements or elements[0].name != "vertex" or kind == "ascii":
        raise BadScan(f"{path.name} does not begin with binary points.", hint=_HINT)
    with path.open("rb") as file:
        file.seek(offset)
        for start in range(0, elements[0].count, size):
            count = min(size, elements[0].count - start)
            table = _table(file, _Element("vertex", count, elements[0].properties), kind)
            yield _points({name: table[name] for name, _ in elements[0].properties}, path)


@dataclass(slots=True)
class _Element:
    name: str
    count: int
    properties: list[tuple[str, str]]  # (name, type), or (name, "list COUNT ITEM")


def _header(path: Path) -> tuple[str, list[_Element], int]:
    """(format, elements, offset of the data)."""
    with path.open("rb") as file:
        if file.readline(64).strip() != b"ply":
            raise BadScan(f"{path.name} is not a PLY file.", hint=_HINT)
        kind, elements = "", []
        for _ in range(1000):
            words = file.readline(4096).decode("ascii", "replace").split()
            match words:
                case ["format", kind, *_]:
                    pass
                case ["element", name, count]:
                    elements.append(_Element(name, int(count), []))
                case ["property", "list", count_type, item_type, name]:
                    elements[-1].properties.append((name, f"list {count_type} {item_type}"))
                case ["property", scalar, name]:
                    elements[-1].properties.append((name, scalar))
                case ["end_header"]:
                    return kind, elements, file.tell()
    raise BadScan(f"{path.name} has a PLY header without an end.", hint=_HINT)


def _read(path: Path) -> Ply:
    kind, elements, offset = _header(path)
    size = path.stat().st_size
    if any(element.count > size for element in elements):  # every row takes at least a byte
        raise BadScan(f"{path.name} is cut short.", hint="Copy or download the file again.")
    found: dict[str, NDArray[Any]] = {}
    faces: IntArray | None = None
    with path.open("rb") as file:
        file.seek(offset)
        for element in elements:
            lists = [p for p in element.properties if p[1].startswith("list")]
            if not lists:
                table = _table(file, element, kind)
                if element.name == "vertex":
                    found = {name: table[name] for name, _ in element.properties}
            elif element.name == "face" and len(element.properties) == 1:
                faces = _triangles(file, element, kind)
            else:
                break  # nothing that follows can be found without decoding it
    ply = _points(found, path)
    if faces is not None and len(faces) and (faces.min() < 0 or faces.max() >= len(ply.points)):
        raise BadScan(f"{path.name} has faces of points that it does not have.", hint=_HINT)
    return replace(ply, faces=faces)


def _points(found: Mapping[str, NDArray[Any]], path: Path) -> Ply:
    if not {"x", "y", "z"} <= found.keys():
        raise BadScan(f"{path.name} has no points.", hint=_HINT)

    def columns(names: tuple[str, ...], dtype: type) -> NDArray[Any] | None:
        return np.stack([found[n] for n in names], -1).astype(dtype) if set(names) <= found.keys() else None

    points = columns(("x", "y", "z"), np.float32)
    assert points is not None
    return Ply(
        points=points,
        normals=columns(("nx", "ny", "nz"), np.float32),
        colors=columns(("red", "green", "blue"), np.uint8),
        num_views=found["num_views"].astype(np.uint8) if "num_views" in found else None,
        sigma=found["sigma"].astype(np.float32) if "sigma" in found else None,
    )


def _table(file: Any, element: _Element, kind: str) -> NDArray[Any]:
    order = ">" if kind == "binary_big_endian" else "<"
    dtype = np.dtype([(name, order + _TYPES[scalar]) for name, scalar in element.properties])
    if kind == "ascii":
        rows = [
            tuple(float(w) for w in file.readline().split()[: len(element.properties)]) for _ in range(element.count)
        ]
        return np.array(rows, dtype)
    data = file.read(element.count * dtype.itemsize)
    if len(data) < element.count * dtype.itemsize:
        raise BadScan("The PLY file is cut short.", hint="Copy or download the file again.")
    return np.frombuffer(data, dtype)


def _triangles(file: Any, element: _Element, kind: str) -> IntArray:
    if kind == "ascii":
        corners = [[int(w) for w in file.readline().split()] for _ in range(element.count)]
        if any(row[0] != 3 for row in corners):
            raise BadScan("The PLY file has faces that are not triangles.", hint="Triangulate the mesh first.")
        return np.array([row[1:4] for row in corners], np.int32).reshape(-1, 3)
    order = ">" if kind == "binary_big_endian" else "<"
    _, count_type, item_type = element.properties[0][1].split()
    dtype = np.dtype([("count", order + _TYPES[count_type]), ("corners", order + _TYPES[item_type], 3)])
    rows = np.frombuffer(file.read(element.count * dtype.itemsize), dtype)
    if len(rows) < element.count or np.any(rows["count"] != 3):
        raise BadScan("The PLY file has faces that are not triangles.", hint="Triangulate the mesh first.")
    return rows["corners"].astype(np.int32)
