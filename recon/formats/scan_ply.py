"""PLY as scanners and other programs write it, block by block; meshes give their vertices."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recon.formats.errors import BadFile
from recon.formats.ply_elements import Element, header, read_elements, row_type
from recon.formats.scan_file import Place, ScanBlock, ScanFile, ScanHeader, columns_of

_COLOR_TOPS = {"u1": 255.0, "i1": 255.0, "u2": 65535.0}


class PlyFile(ScanFile):
    def __init__(self, path: Path, name: str):
        self.path, self.name = path, name
        self.kind, self.elements, self.offset = header(path, name)
        number = next((i for i, element in enumerate(self.elements) if element.name == "vertex"), None)
        if number is None:
            raise BadFile("ply_points", name=name)
        self.vertices = self.elements[number]
        self.columns = columns_of([key for key, scalar in self.vertices.properties if " " not in scalar])
        if not {"x", "y", "z"} <= self.columns.keys():
            raise BadFile("ply_points", name=name)
        before = self.elements[:number]
        self.whole = self.vertices.has_lists or any(element.has_lists for element in before)
        self.skipped = before
        if self.vertices.count > path.stat().st_size:  # every row takes at least a byte
            raise BadFile("cut_short", name=name)

    @property
    def format(self) -> str:
        return f"PLY {self.kind}"

    @property
    def headers(self) -> tuple[ScanHeader, ...]:
        types = dict(self.vertices.properties)
        colors = {"red", "green", "blue"} <= self.columns.keys()
        kind = np.dtype(_dtype(types[self.columns["red"]])).str[1:] if colors else ""
        header = ScanHeader(
            records=self.vertices.count,
            colors=colors,
            intensity="intensity" in self.columns,
            classes="classification" in self.columns,
            color_top=_COLOR_TOPS.get(kind),
        )
        return (header,)

    def blocks(self, _scan: int, place: Place, size: int, /) -> Iterator[ScanBlock]:
        if self.whole:
            rows = read_elements(self.path, name=self.name)["vertex"].columns
            for start in range(place[0], self.vertices.count, size):
                part = {key: column[start : start + size] for key, column in rows.items()}
                yield self._block(part, (min(start + size, self.vertices.count), 0))
        elif self.kind == "ascii":
            yield from self._text_blocks(place, size)
        else:
            yield from self._binary_blocks(place, size)

    def _binary_blocks(self, place: Place, size: int) -> Iterator[ScanBlock]:
        dtype = row_type(self.vertices, self.kind)
        first = self.offset + sum(element.count * row_type(element, self.kind).itemsize for element in self.skipped)
        if first + self.vertices.count * dtype.itemsize > self.path.stat().st_size:
            raise BadFile("cut_short", name=self.name)
        with self.path.open("rb") as file:
            file.seek(first + place[0] * dtype.itemsize)
            for start in range(place[0], self.vertices.count, size):
                count = min(size, self.vertices.count - start)
                data = file.read(count * dtype.itemsize)
                if len(data) < count * dtype.itemsize:
                    raise BadFile("cut_short", name=self.name)
                table = np.frombuffer(data, dtype)
                yield self._block({key: table[key] for key in self.columns.values()}, (start + count, 0))

    def _text_blocks(self, place: Place, size: int) -> Iterator[ScanBlock]:
        keys = [key for key, _ in self.vertices.properties]
        used = [keys.index(key) for key in self.columns.values()]
        with self.path.open("rb") as file:
            file.seek(place[1] or self.offset)
            if not place[1]:
                for _ in range(sum(element.count for element in self.skipped)):
                    file.readline()
            for start in range(place[0], self.vertices.count, size):
                lines = list(islice(file, min(size, self.vertices.count - start)))
                if len(lines) < min(size, self.vertices.count - start):
                    raise BadFile("cut_short", name=self.name)
                try:
                    table = np.loadtxt(lines, np.float64, comments=None, usecols=used, ndmin=2, encoding="ascii")
                except ValueError as error:
                    raise BadFile("model_broken", name=self.name) from error
                if len(table) < len(lines):
                    raise BadFile("model_broken", name=self.name)
                part = dict(zip(self.columns.values(), table.T, strict=True))
                yield self._block(part, (start + len(lines), file.tell()))

    def _block(self, rows: dict[str, NDArray[Any]], place: Place) -> ScanBlock:
        found = {meaning: rows[key] for meaning, key in self.columns.items()}
        return block_of(found, place)


def _dtype(word: str) -> str:
    return row_type(Element("", 0, [("", word)]), "binary_little_endian")[0].str


def block_of(found: dict[str, NDArray[Any]], place: Place) -> ScanBlock:
    """A block of columns by their meaning (recon.formats.scan_file.columns_of)."""
    colors = {"red", "green", "blue"} <= found.keys()
    return ScanBlock(
        points=np.stack([found[axis].astype(np.float64) for axis in "xyz"], -1),
        place=place,
        colors=np.stack([found[color] for color in ("red", "green", "blue")], -1) if colors else None,
        intensity=found.get("intensity"),
        classes=_classes(found["classification"]) if "classification" in found else None,
    )


def _classes(column: NDArray[Any]) -> NDArray[np.uint8]:
    """Numbers that are no class are 0, "never classified"."""
    whole = np.nan_to_num(column.astype(np.float64), nan=0, posinf=0, neginf=0)
    return np.where((whole >= 0) & (whole <= 255), whole, 0).astype(np.uint8)
