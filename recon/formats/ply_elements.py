"""The elements of a PLY file as they are written: columns of numbers, and lists.

Binary of either byte order or text. Source: Greg Turk, The PLY Polygon File Format (1994).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recon.formats.errors import BadFile

TYPES = {
    "char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4",
    "float": "f4", "double": "f8",
    "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2", "int32": "i4", "uint32": "u4",
    "float32": "f4", "float64": "f8",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one element."""

    columns: dict[str, NDArray[Any]]  # (N,) each
    lists: dict[str, tuple[NDArray[np.int64], NDArray[Any]]]  # (N,) lengths, and all items one after another


def read_elements(path: Path, *, name: str | None = None) -> dict[str, Rows]:
    """All that a PLY file says, element by element; raises BadFile."""
    name = name or path.name
    kind, elements, offset = header(path, name)
    if any(element.count > path.stat().st_size for element in elements):  # every row takes at least a byte
        raise BadFile("cut_short", name=name)
    try:
        if kind == "ascii":
            with path.open(encoding="ascii", errors="replace") as file:
                lines = iter(file)
                next(line for line in lines if line.strip() == "end_header")
                return {element.name: _text_rows(element, lines) for element in elements}
        content, found = path.read_bytes(), {}
        for element in elements:
            found[element.name], offset = _binary_rows(element, kind, content, offset)
        return found
    except BadFile:
        raise
    except _CutShort as error:
        raise BadFile("cut_short", name=name) from error
    except Exception as error:  # a foreign file can break in any way
        raise BadFile("model_broken", name=name) from error


class _CutShort(Exception):
    """The file ends before its rows do."""


@dataclass(slots=True)
class Element:
    name: str
    count: int
    properties: list[tuple[str, str]]  # (name, type), or (name, "COUNT ITEM") of a list

    @property
    def has_lists(self) -> bool:
        return any(" " in kind for _, kind in self.properties)


def header(path: Path, name: str) -> tuple[str, list[Element], int]:
    """(format, elements, offset of the data)."""
    with path.open("rb") as file:
        if file.readline(64).strip() != b"ply":
            raise BadFile("ply_not", name=name)
        kind, elements = "", list[Element]()
        for _ in range(1000):
            words = file.readline(4096).decode("ascii", "replace").split()
            match words:
                case ["format", kind, *_]:
                    pass
                case ["element", element, count]:
                    elements.append(Element(element, _number(count, name), []))
                case ["property", "list", count_type, item_type, key]:
                    elements[-1].properties.append((key, f"{count_type} {item_type}"))
                case ["property", scalar, key]:
                    elements[-1].properties.append((key, scalar))
                case ["end_header"]:
                    types = {word for element in elements for _, kinds in element.properties for word in kinds.split()}
                    if types - TYPES.keys():
                        raise BadFile("ply_header", name=name)
                    return kind, elements, file.tell()
    raise BadFile("ply_header", name=name)


def _number(word: str, name: str) -> int:
    if not word.isdecimal():
        raise BadFile("ply_header", name=name)
    return int(word)


def _order(kind: str) -> str:
    return ">" if kind == "binary_big_endian" else "<"


def row_type(element: Element, kind: str, lengths: Mapping[str, int] | None = None) -> np.dtype[Any]:
    """Of a row; `lengths` are those of its lists, which then are "NAME" after their "NAME length"."""
    order, fields = _order(kind), list[Any]()
    for name, scalar in element.properties:
        if " " in scalar:
            assert lengths is not None
            count_type, item_type = scalar.split()
            fields.append((f"{name} length", order + TYPES[count_type]))
            fields.append((name, order + TYPES[item_type], (lengths[name],)))
        else:
            fields.append((name, order + TYPES[scalar]))
    return np.dtype(fields)


def _binary_rows(element: Element, kind: str, content: bytes, offset: int) -> tuple[Rows, int]:
    """The rows that begin at `offset`, and where they end."""
    lists = [name for name, scalar in element.properties if " " in scalar]
    lengths = _first_lengths(element, kind, content, offset) if element.count else dict.fromkeys(lists, 0)
    dtype = row_type(element, kind, lengths)
    end = offset + element.count * dtype.itemsize
    if end <= len(content) or not lists:
        if end > len(content):
            raise _CutShort
        table = np.frombuffer(content, dtype, element.count, offset)
        if all((table[f"{name} length"] == lengths[name]).all() for name in lists):
            columns = {name: table[name] for name, scalar in element.properties if " " not in scalar}
            whole = {name: (np.full(element.count, lengths[name]), table[name].reshape(-1)) for name in lists}
            return Rows(columns, whole), end
    return _uneven_rows(element, kind, content, offset)


def _first_lengths(element: Element, kind: str, content: bytes, offset: int) -> dict[str, int]:
    order, found = _order(kind), {}
    for name, scalar in element.properties:
        types = [np.dtype(order + TYPES[word]) for word in scalar.split()]
        if len(types) == 2:
            found[name] = int(np.frombuffer(content, types[0], 1, offset)[0])
            offset += types[0].itemsize + found[name] * types[1].itemsize
        else:
            offset += types[0].itemsize
    return found


def _uneven_rows(element: Element, kind: str, content: bytes, offset: int) -> tuple[Rows, int]:
    """Row by row, where lists differ in length."""
    order = _order(kind)
    types = [(name, [np.dtype(order + TYPES[word]) for word in scalar.split()]) for name, scalar in element.properties]
    columns: dict[str, list[Any]] = {name: [] for name, kinds in types if len(kinds) == 1}
    lengths: dict[str, list[int]] = {name: [] for name, kinds in types if len(kinds) == 2}
    items: dict[str, list[NDArray[Any]]] = {name: [] for name in lengths}
    for _ in range(element.count):
        for name, kinds in types:
            if offset + kinds[0].itemsize > len(content):
                raise _CutShort
            value = np.frombuffer(content, kinds[0], 1, offset)[0]
            offset += kinds[0].itemsize
            if len(kinds) == 1:
                columns[name].append(value)
                continue
            size = int(value) * kinds[1].itemsize
            if offset + size > len(content):
                raise _CutShort
            lengths[name].append(int(value))
            items[name].append(np.frombuffer(content, kinds[1], int(value), offset))
            offset += size
    return Rows(
        {name: np.array(rows) for name, rows in columns.items()},
        {name: (np.array(lengths[name], np.int64), np.concatenate(items[name])) for name in lengths},
    ), offset


def _text_rows(element: Element, lines: Iterator[str]) -> Rows:
    rows = [line.split() for line in islice(lines, element.count)]
    if len(rows) < element.count:
        raise _CutShort
    if not element.has_lists:
        table = np.array(rows, np.float64).reshape(element.count, -1)
        return Rows({name: table[:, i] for i, (name, _) in enumerate(element.properties)}, {})
    columns: dict[str, list[float]] = {name: [] for name, scalar in element.properties if " " not in scalar}
    lists: dict[str, list[list[float]]] = {name: [] for name, scalar in element.properties if " " in scalar}
    for row in rows:
        at = 0
        for name, _ in element.properties:
            if name in columns:
                columns[name].append(float(row[at]))
                at += 1
            else:
                size = int(row[at])
                if at + 1 + size > len(row):
                    raise _CutShort
                lists[name].append([float(word) for word in row[at + 1 : at + 1 + size]])
                at += 1 + size
    return Rows(
        {name: np.array(column) for name, column in columns.items()},
        {
            name: (np.array([len(row) for row in items], np.int64), np.array([v for row in items for v in row]))
            for name, items in lists.items()
        },
    )
