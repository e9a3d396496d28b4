"""What a scanner saw, direction by direction: a grid over the sphere around it whose cells are all about as large.

Row r lies between the elevations r * pitch - 90 degrees and (r + 1) * pitch - 90 degrees, +Z is up; each row has as
many columns as cells of `pitch` fit round it. Points are relative to the scanner.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numba
import numpy as np
from numpy.typing import NDArray

from recon.geometry.compiled import compiled, compiled_parallel

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
LongArray = NDArray[np.int64]

_SURVEY_ROWS = 360  # of half a degree, in which points are counted
_LOWEST, _HIGHEST = 90, 270  # of these rows; nearer to the poles a scanner's own grid is denser than elsewhere
_EMPTY = np.float32(np.inf)


@dataclass(frozen=True, slots=True)
class Sphere:
    """The cells of the sphere: which one a direction falls into."""

    pitch: float  # radians
    width: LongArray  # (R,) columns of each row
    start: LongArray  # (R + 1,) index of each row's first cell

    @classmethod
    def of(cls, pitch: float) -> Self:
        rows = max(4, int(np.ceil(np.pi / pitch)))
        middle = (np.arange(rows) + 0.5) * (np.pi / rows) - np.pi / 2
        width = np.maximum(4, np.round(2 * np.pi * np.cos(middle) / (np.pi / rows))).astype(np.int64)
        return cls(np.pi / rows, width, np.concatenate([[0], np.cumsum(width)]).astype(np.int64))

    @property
    def count(self) -> int:
        return int(self.start[-1])


def pitch_of(blocks: Iterable[Float32Array], finest: float) -> float:
    """Radians between neighbouring rays of a scanner; at least `finest`.

    blocks: all its points, (N, 3) each. The median number of points in cells of half a degree, away from the poles.
    """
    sphere = Sphere.of(np.pi / _SURVEY_ROWS)
    count = np.zeros(sphere.count, np.int64)
    for points in blocks:
        _count(points, sphere.width, sphere.start, count)
    found = count[sphere.start[_LOWEST] : sphere.start[_HIGHEST]]
    found = found[found > 0]
    if not len(found):
        return finest
    return max(finest, sphere.pitch / float(np.sqrt(max(np.median(found), 1))))


@compiled
def cell_of(x: float, y: float, z: float, width: LongArray, row_shift: int, column_shift: int) -> tuple[int, int]:
    """Row and column of the cell that lies this many rows and columns from a direction's; row -1 outside the sphere."""
    rows = len(width)
    row = int((np.arctan2(z, np.sqrt(x * x + y * y)) / np.pi + 0.5) * rows)
    row = min(row, rows - 1) + row_shift
    if row < 0 or row >= rows:
        return -1, 0
    column = int((np.arctan2(y, x) / (2 * np.pi) + 0.5) * width[row]) + column_shift
    return row, column % width[row]


@compiled
def _count(points: Float32Array, width: LongArray, start: LongArray, count: LongArray) -> None:
    for i in range(len(points)):
        row, column = cell_of(points[i, 0], points[i, 1], points[i, 2], width, 0, 0)
        count[start[row] + column] += 1


@compiled
def add_points(points: Float32Array, width: LongArray, start: LongArray, seen: Float32Array) -> None:
    """Keep the first point in each cell of `seen` (cells, 3), which is infinite where there is none."""
    for i in range(len(points)):
        row, column = cell_of(points[i, 0], points[i, 1], points[i, 2], width, 0, 0)
        cell = start[row] + column
        if seen[cell, 0] == _EMPTY:
            seen[cell] = points[i]


@compiled
def add_ranges(points: Float32Array, width: LongArray, start: LongArray, nearest: Float32Array) -> None:
    """Keep the least range in each cell of `nearest` (cells,), which is infinite where there is none."""
    for i in range(len(points)):
        x, y, z = points[i]
        row, column = cell_of(x, y, z, width, 0, 0)
        cell = start[row] + column
        nearest[cell] = min(nearest[cell], np.float32(np.sqrt(x * x + y * y + z * z)))


def empty_points(sphere: Sphere) -> Float32Array:
    return np.full((sphere.count, 3), _EMPTY, np.float32)


def empty_ranges(sphere: Sphere) -> Float32Array:
    return np.full(sphere.count, _EMPTY, np.float32)


@compiled_parallel
def looked_through(
    points: Float32Array,
    asked: NDArray[np.bool_],
    scanner_from_world: FloatArray,
    width: LongArray,
    start: LongArray,
    nearest: Float32Array,
    margin: float,
    farthest: float,
) -> NDArray[np.bool_]:
    """(N,) whether the scanner saw something at least `margin` behind a point, and nothing in front of that, all round
    the point's direction.

    Points (N, 3) world; only those that are `asked` (N,) of and no farther than `farthest` are judged: beyond that the
    rays are too far apart to meet a thin thing. nearest (cells,): see add_ranges.
    """
    found = np.zeros(len(points), np.bool_)
    for i in numba.prange(len(points)):
        if not asked[i]:
            continue
        x, y, z = scanner_from_world[0, 3], scanner_from_world[1, 3], scanner_from_world[2, 3]
        for a in range(3):
            x += scanner_from_world[0, a] * points[i, a]
            y += scanner_from_world[1, a] * points[i, a]
            z += scanner_from_world[2, a] * points[i, a]
        range_m = np.sqrt(x * x + y * y + z * z)
        if range_m > farthest:
            continue
        limit, measured, free = range_m + margin, 0, True
        row, column = cell_of(x, y, z, width, 0, 0)
        if nearest[start[row] + column] < limit:  # most end here
            continue
        for dr in range(-1, 2):
            for dc in range(-1, 2):
                row, column = cell_of(x, y, z, width, dr, dc)
                if row >= 0:
                    depth = nearest[start[row] + column]
                    if depth < limit:
                        free = False
                    elif depth < _EMPTY:
                        measured += 1
        found[i] = free and measured >= 7
    return found
