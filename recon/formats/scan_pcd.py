"""PCD, the format of the Point Cloud Library: text, binary, and binary packed with LZF.

Source: The PCD file format, version 0.7 (pointclouds.org).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from recon.formats.errors import BadFile
from recon.formats.lzf import unpack
from recon.formats.scan_file import Place, ScanBlock, ScanFile, ScanHeader, columns_of
from recon.formats.scan_ply import block_of

_KINDS = {"F": "f", "U": "u", "I": "i"}
_SIZES = {"F": (4, 8), "U": (1, 2, 4, 8), "I": (1, 2, 4, 8)}
_MOST_FIELDS = 1000


class PcdFile(ScanFile):
    def __init__(self, path: Path, name: str):
        self.path, self.name = path, name
        with path.open("rb") as file:
            self.facts = _header(file, name)
            self.offset = file.tell()
        try:
            self.dtype = _row_type(self.facts)
            self.count = _count(self.facts)
            self.viewpoint = np.array([float(word) for word in self.facts.get("VIEWPOINT", [])[:3]])
        except (ValueError, KeyError, IndexError) as error:
            raise BadFile("pcd_header", name=name) from error
        self.data = self.facts["DATA"][0].lower()
        names = [key for key in self.dtype.names or () if self.dtype[key].shape == ()]
        self.columns = columns_of(names)
        self.packed_color = next((key for key in ("rgb", "rgba") if key in names and self.dtype[key].itemsize == 4), "")
        if not {"x", "y", "z"} <= self.columns.keys():
            raise BadFile("scan_no_xyz", name=name)
        if self.data not in ("ascii", "binary", "binary_compressed"):
            raise BadFile("pcd_header", name=name)
        size = path.stat().st_size - self.offset
        least = {"ascii": 2, "binary": self.dtype.itemsize}.get(self.data, 0)
        if self.count * least > size + 1:
            raise BadFile("cut_short", name=name)

    @property
    def format(self) -> str:
        return f"PCD {self.facts.get('VERSION', ['?'])[0]} {self.data}"

    @property
    def headers(self) -> tuple[ScanHeader, ...]:
        height = int(self.facts.get("HEIGHT", ["1"])[0])
        scanner = None
        if len(self.viewpoint) == 3 and np.isfinite(self.viewpoint).all() and (self.viewpoint.any() or height > 1):
            x, y, z = self.viewpoint
            scanner = (float(x), float(y), float(z))
        colors = {"red", "green", "blue"} <= self.columns.keys()
        whole = colors and self.dtype[self.columns["red"]].kind in "ui"
        header = ScanHeader(
            records=self.count,
            colors=colors or bool(self.packed_color),
            intensity="intensity" in self.columns,
            classes="classification" in self.columns,
            color_top=255.0 if not colors or (whole and self.dtype[self.columns["red"]].itemsize == 1) else None,
            scanner=scanner,
            grid=(height, self.count // height) if height > 1 else None,
        )
        return (header,)

    def blocks(self, _scan: int, place: Place, size: int, /) -> Iterator[ScanBlock]:
        match self.data:
            case "ascii":
                yield from self._text_blocks(place, size)
            case "binary":
                yield from self._binary_blocks(place, size)
            case _:
                yield from self._packed_blocks(place, size)

    def _text_blocks(self, place: Place, size: int) -> Iterator[ScanBlock]:
        width = sum(int(np.prod(self.dtype[key].shape, dtype=int)) for key in self.dtype.names or ())
        with self.path.open("rb") as file:
            file.seek(place[1] or self.offset)
            for start in range(place[0], self.count, size):
                lines = [line.replace(b",", b" ") for line in islice(file, min(size, self.count - start))]
                if len(lines) < min(size, self.count - start):
                    raise BadFile("cut_short", name=self.name)
                try:
                    table = np.loadtxt(lines, np.float64, comments=None, ndmin=2, encoding="ascii")
                except ValueError as error:
                    raise BadFile("scan_broken", name=self.name, format="PCD") from error
                if table.shape != (len(lines), width):
                    raise BadFile("scan_broken", name=self.name, format="PCD")
                rows, column = dict[str, NDArray[Any]](), 0
                for key in self.dtype.names or ():
                    rows[key] = table[:, column]
                    column += int(np.prod(self.dtype[key].shape, dtype=int))
                if self.packed_color:  # the bits of a float, written as a float or as a whole number
                    packed = rows[self.packed_color]
                    kind = self.dtype[self.packed_color]
                    rows[self.packed_color] = packed.astype(kind if kind.kind == "f" else np.uint32)
                yield self._block(rows, (start + len(lines), file.tell()))

    def _binary_blocks(self, place: Place, size: int) -> Iterator[ScanBlock]:
        with self.path.open("rb") as file:
            file.seek(self.offset + place[0] * self.dtype.itemsize)
            for start in range(place[0], self.count, size):
                count = min(size, self.count - start)
                data = file.read(count * self.dtype.itemsize)
                if len(data) < count * self.dtype.itemsize:
                    raise BadFile("cut_short", name=self.name)
                table = np.frombuffer(data, self.dtype)
                yield self._block({key: table[key] for key in self.dtype.names or ()}, (start + count, 0))

    def _packed_blocks(self, place: Place, size: int) -> Iterator[ScanBlock]:
        """Column after column, all packed as one: unpacked to a file first, so that the memory stays small."""
        with self.path.open("rb") as file:
            file.seek(self.offset)
            lengths = np.frombuffer(file.read(8).ljust(8, b"\0"), "<u4")
            packed, whole = int(lengths[0]), int(lengths[1])
            if self.offset + 8 + packed > self.path.stat().st_size:
                raise BadFile("cut_short", name=self.name)
            if whole != self.count * self.dtype.itemsize:
                raise BadFile("scan_broken", name=self.name, format="PCD")
            with unpack(file, packed, whole, self.name) as unpacked:
                for start in range(place[0], self.count, size):
                    count = min(size, self.count - start)
                    rows = {key: self._column(unpacked, key, start, count) for key in self.dtype.names or ()}
                    yield self._block(rows, (start + count, 0))

    def _column(self, unpacked: BinaryIO, key: str, start: int, count: int) -> NDArray[Any]:
        assert self.dtype.fields is not None
        kind, offset = self.dtype.fields[key][:2]
        unpacked.seek(offset * self.count + start * kind.itemsize)
        return np.frombuffer(unpacked.read(count * kind.itemsize), kind.base).reshape(count, *kind.shape)

    def _block(self, rows: dict[str, NDArray[Any]], place: Place) -> ScanBlock:
        found = {meaning: rows[key] for meaning, key in self.columns.items()}
        if self.packed_color and "red" not in found:
            bits = np.ascontiguousarray(rows[self.packed_color]).view("<u4")
            found |= {color: bits >> shift & 255 for color, shift in (("red", 16), ("green", 8), ("blue", 0))}
        return block_of(found, place)


def _header(file: BinaryIO, name: str) -> dict[str, list[str]]:
    facts: dict[str, list[str]] = {}
    for _ in range(100):
        line = file.readline(1 << 16)
        key, *words = line.decode("ascii", "replace").split() or [""]
        if key.startswith("#"):
            continue
        facts[key.upper()] = words
        if key.upper() == "DATA" and words:
            return facts
        if not line:
            break
    raise BadFile("pcd_header", name=name)


def _count(facts: dict[str, list[str]]) -> int:
    width, height = int(facts["WIDTH"][0]), int(facts.get("HEIGHT", ["1"])[0])
    count = int(facts["POINTS"][0]) if "POINTS" in facts else width * height
    if width < 0 or height < 1 or count < 0 or (height > 1 and count != width * height):
        raise ValueError("these counts contradict one another")
    return count


def _row_type(facts: dict[str, list[str]]) -> np.dtype[Any]:
    names = facts.get("FIELDS") or facts["COLUMNS"]
    sizes, kinds = [int(word) for word in facts["SIZE"]], facts["TYPE"]
    counts = [int(word) for word in facts.get("COUNT", ["1"] * len(names))]
    fields: list[tuple[Any, ...]] = []
    for number, (key, size, kind, count) in enumerate(zip(names, sizes, kinds, counts, strict=True)):
        if size not in _SIZES[kind] or not 0 < count <= _MOST_FIELDS or number >= _MOST_FIELDS:
            raise ValueError("no such field")
        unique = f"{key} {number}" if key == "_" or key in [field[0] for field in fields] else key
        scalar = f"<{_KINDS[kind]}{size}"
        fields.append((unique, scalar) if count == 1 else (unique, scalar, (count,)))
    return np.dtype(fields)
