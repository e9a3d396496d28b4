"""Points as text: XYZ, TXT, CSV and ASC of any separator, with a header line or none, and PTS.

PTS is Leica's: a line with the number of points, then x y z [intensity [red green blue]]; several clouds may follow one
another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from recon.formats.errors import BadFile
from recon.formats.scan_file import FloatArray, Place, ScanBlock, ScanFile, ScanHeader, columns_of
from recon.formats.scan_ply import block_of

_HEAD = 1 << 16  # bytes that the layout is read from
_DIGITS = 15  # of a number of points
_COMMENTS = ("#", "//", "%", "!", ";")
_XYZ = ("x", "y", "z")
_RGB = ("red", "green", "blue")
_LONGEST = 1 << 14  # bytes of a line
OF_ANY_KIND = (".txt", ".csv", ".asc")  # endings that other text has too


def has_rows(path: Path) -> bool:
    """Whether a file of text looks like rows of coordinates, not like the matrix of a pose; reads its first lines."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:  # whoever opens it says why it cannot be read
        return True
    if b"\0" in head or _layout(head, whole=len(head) < _HEAD) is None:
        return False
    rows = _sample(head.split(b"\n")[:1000], None)
    return not (rows.shape == (4, 4) and rows[3].tolist() == [0, 0, 0, 1])


class TextFile(ScanFile):
    def __init__(self, path: Path, name: str):
        self.path, self.name = path, name
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if not head.strip():
            raise BadFile("scan_no_points", name=name)
        if b"\0" in head or len(head) > _LONGEST > len(head) - len(head.rpartition(b"\n")[2]):
            raise BadFile("scan_not", name=name, format=path.suffix.lstrip(".").upper())
        layout = _layout(head, whole=len(head) < _HEAD)
        if layout is None:
            raise BadFile("scan_no_rows", name=name)
        self.separator, self.start, self.names = layout
        self.columns = {meaning: self.names.index(column) for meaning, column in columns_of(self.names).items()}
        if not self.columns.keys() >= set(_XYZ):
            raise BadFile("scan_no_xyz", name=name)

    @property
    def format(self) -> str:
        return f"{self.path.suffix.lstrip('.').upper()} text"

    @property
    def headers(self) -> tuple[ScanHeader, ...]:
        return (_header_of(self.columns.keys()),)

    def blocks(self, _scan: int, place: Place, size: int, /) -> Iterator[ScanBlock]:
        with self.path.open("rb") as file:
            file.seek(place[1] or self.start)
            done = place[0]
            while lines := list(islice(_lines(file, self.name), size)):
                done += len(lines)
                table, unread = rows_of(lines, self.separator, sorted(self.columns.values()))
                order = sorted(self.columns, key=self.columns.__getitem__)
                block = block_of(dict(zip(order, table.T, strict=True)), (done, file.tell()))
                yield _with_dropped(block, {"unreadable": unread})


class PtsFile(ScanFile):
    def __init__(self, path: Path, name: str):
        self.path, self.name = path, name
        self.parts: list[tuple[int, int, dict[str, int]]] = []  # offset, points, columns
        self.unannounced = 0  # rows behind the last cloud
        with path.open("rb") as file:
            while (line := _next_line(file, name)) is not None:
                words = line.split()
                if self.parts and len(words) >= 3 and _numbers(line.decode("latin-1"), None) is not None:
                    self.unannounced = 1 + sum(1 for _ in _lines(file, name))
                    break
                if len(words) != 1 or not words[0].isdigit() or len(words[0]) > _DIGITS:
                    raise BadFile("scan_broken", name=name, format="PTS")
                count, start = int(words[0]), file.tell()
                head = [row for row in file.read(_HEAD).rpartition(b"\n")[0].split(b"\n") if row.strip()][:count]
                columns = _positions(_sample(head, None))
                if count and columns is None:
                    raise BadFile("scan_broken", name=name, format="PTS")
                self.parts.append((start, count, columns or {}))
                file.seek(start)
                skip_lines(file, count, name)
        if not self.parts:
            raise BadFile("scan_no_points", name=name)

    @property
    def format(self) -> str:
        return "PTS"

    @property
    def headers(self) -> tuple[ScanHeader, ...]:
        return tuple(_header_of(columns.keys(), records=count) for _, count, columns in self.parts)

    def blocks(self, scan: int, place: Place, size: int, /) -> Iterator[ScanBlock]:
        start, count, columns = self.parts[scan]
        order = sorted(columns, key=columns.__getitem__)
        with self.path.open("rb") as file:
            file.seek(place[1] or start)
            done = place[0]
            while done < count:
                lines = list(islice(_lines(file, self.name), min(size, count - done)))
                if not lines:
                    raise BadFile("cut_short", name=self.name)
                done += len(lines)
                table, unread = rows_of(lines, None, sorted(columns.values()))
                block = block_of(dict(zip(order, table.T, strict=True)), (done, file.tell()))
                ended = done == count and scan == len(self.parts) - 1
                dropped = {"unreadable": unread, "unannounced": self.unannounced if ended else 0}
                yield _with_dropped(block, dropped)


def _with_dropped(block: ScanBlock, dropped: dict[str, int]) -> ScanBlock:
    return ScanBlock(block.points, block.place, block.colors, block.intensity, block.classes, dropped)


def _header_of(meanings: Any, records: int | None = None) -> ScanHeader:
    return ScanHeader(
        records=records,
        colors=set(_RGB) <= set(meanings),
        intensity="intensity" in meanings,
        classes="classification" in meanings,
    )


def _lines(file: BinaryIO, name: str) -> Iterator[bytes]:
    """The lines that hold something. Raises BadFile where one is longer than any row."""
    while line := file.readline(_LONGEST):
        if len(line) == _LONGEST and not line.endswith(b"\n"):
            raise BadFile("scan_no_rows", name=name)
        if line.strip():
            yield line


def _next_line(file: BinaryIO, name: str) -> bytes | None:
    return next(_lines(file, name), None)


def skip_lines(file: BinaryIO, count: int, name: str) -> None:
    """Go on behind `count` lines; raises BadFile where there are fewer."""
    left = count
    while left:
        at, chunk = file.tell(), file.read(1 << 20)
        if not chunk:
            raise BadFile("cut_short", name=name)
        found = chunk.count(b"\n")
        if found >= left:
            ends = np.flatnonzero(np.frombuffer(chunk, np.uint8) == 10)
            file.seek(at + int(ends[left - 1]) + 1)
            return
        left -= found
        if len(chunk) < 1 << 20 and left == 1 and not chunk.endswith(b"\n"):  # the last line has no end
            return


def rows_of(lines: Sequence[bytes], separator: str | None, columns: Sequence[int]) -> tuple[FloatArray, int]:
    """These columns (N, len(columns)) of lines, and how many lines are no rows, which are left out."""
    if separator == ";":  # where a comma is the decimal point
        lines = [line.replace(b",", b".") for line in lines]
    try:
        table: FloatArray = np.loadtxt(
            lines, np.float64, comments=None, delimiter=separator, usecols=columns, ndmin=2, encoding="latin-1"
        )
        if len(table) == len(lines):
            return table, 0
    except ValueError:
        pass
    rows = [row for line in lines if (row := _row(line, separator, columns)) is not None]
    return np.array(rows, np.float64).reshape(-1, len(columns)), len(lines) - len(rows)


def _row(line: bytes, separator: str | None, columns: Sequence[int]) -> list[float] | None:
    words = line.decode("latin-1").split(separator)
    try:
        return [float(words[column]) for column in columns]
    except (ValueError, IndexError):
        return None


def _layout(head: bytes, *, whole: bool) -> tuple[str | None, int, list[str]] | None:
    """Separator (None: white space), offset of the first row, names of the columns; None where there are no rows."""
    at, named = len(head) - len(head.removeprefix(b"\xef\xbb\xbf")), ""
    rows = head if whole else head.rpartition(b"\n")[0]
    while at < len(rows):
        end = rows.find(b"\n", at) + 1 or len(rows)
        line = rows[at:end].decode("latin-1").strip()
        separator = _separator(line)
        if line and _numbers(line, separator) is not None and len(_words(line, separator)) >= 3:
            sample = _sample(rows[at:].split(b"\n")[:1000], separator)
            names = _words(named, _separator(named)) if named else []
            if columns_of(names).keys() & set(_XYZ):
                return separator, at, names
            positions = _positions(sample)
            width = max(positions.values()) + 1 if positions else 0
            by_place = {column: meaning for meaning, column in (positions or {}).items()}
            return separator, at, [by_place.get(column, f"column {column}") for column in range(width)]
        if line and not line.isdigit():  # a lone number counts the rows
            named = line.lstrip("#/%!; ") if line.startswith(_COMMENTS) or not named else named
        at = end
    return None


def _separator(line: str) -> str | None:
    return next((mark for mark in (";", "\t", ",") if mark in line), None)


def _words(line: str, separator: str | None) -> list[str]:
    return [re.sub(r'^"|"$', "", word.strip()) for word in line.split(separator)]


def _numbers(line: str, separator: str | None) -> list[float] | None:
    words = [word for word in _words(line, separator) if word]
    try:
        return [float(word.replace(",", ".") if separator == ";" else word) for word in words]
    except ValueError:
        return None


def _sample(lines: Sequence[bytes], separator: str | None) -> FloatArray:
    """The rows among some lines that are as wide as the first."""
    rows = [row for line in lines if (row := _numbers(line.decode("latin-1").strip(), separator))]
    return np.array([row for row in rows if len(row) == len(rows[0])], np.float64) if rows else np.zeros((0, 0))


def _positions(rows: NDArray[np.float64]) -> dict[str, int] | None:
    """What the columns of rows without a header are, by their number and by what they hold."""
    width = rows.shape[1]
    if width < 3:
        return None
    found = {"x": 0, "y": 1, "z": 2}
    if width >= 7 and _are_colors(rows[:, 4:7]):
        return found | {"intensity": 3, "red": 4, "green": 5, "blue": 6}
    if width >= 6 and _are_colors(rows[:, 3:6]):
        return found | {"red": 3, "green": 4, "blue": 5} | ({"intensity": 6} if width == 7 else {})
    return found | ({"intensity": 3} if width in (4, 5) else {})


def _are_colors(rows: NDArray[np.float64]) -> bool:
    """Whole numbers up to 255 or 65535, or fractions that are no unit vectors."""
    if not np.isfinite(rows).all() or rows.min(initial=0) < 0:
        return False
    if (rows == np.round(rows)).all():
        return bool(rows.max(initial=0) <= 65535)
    return bool(rows.max(initial=0) <= 1 and not np.allclose(np.linalg.norm(rows, axis=1), 1, atol=0.01))
