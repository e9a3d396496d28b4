"""A cell list: points sorted by the cells of a grid, so that those near a place or a line are found quickly.

Only occupied cells are kept: columns along z in a hash table, and each column's cells in their order. Compiled code
takes the arrays one by one: `CellList.arrays()`.
Source: Hockney and Eastwood, Computer Simulation Using Particles, 1988, section 8-4; Knuth 1998, 6.4 for the hashing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from recon.geometry.compiled import compiled

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
LongArray = NDArray[np.int64]
IntArray = NDArray[np.int32]
Arrays: TypeAlias = tuple[Float32Array, FloatArray, float, LongArray, IntArray, LongArray, IntArray, LongArray]

_BITS = 21  # of a 64-bit key, for each axis


@dataclass(frozen=True, slots=True)
class CellList:
    points: Float32Array  # (N, 3) in the order of the cells
    order: LongArray  # (N,) where they stood before
    low: FloatArray  # (3,) lowest corner of cell 0 0 0
    cell: float  # side of a cell
    columns: LongArray  # (K,) keys of the occupied columns, rising
    slots: IntArray  # hash table of indices into columns; -1 is free
    begins: LongArray  # (K + 1,) where each column's cells begin
    levels: IntArray  # (C,) whole z coordinate of each cell
    starts: LongArray  # (C + 1,) where each cell's points begin

    @classmethod
    def of(cls, points: Float32Array, cell: float) -> CellList:
        """Raises ValueError where the cell is too small for the extent of the points (N, 3)."""
        low = points.min(axis=0, initial=np.inf).astype(np.float64) - 0.5 * cell
        if len(points) and (points.max(axis=0) - low).max() / cell >= (1 << _BITS) - 1:
            raise ValueError(f"a cell of {cell} is too small for these points")
        of_point = _keys(points, low, cell)
        order = np.argsort(of_point, kind="stable")
        keys, starts = np.unique(of_point[order], return_index=True)
        columns, begins = np.unique(keys >> _BITS, return_index=True)
        slots = np.full(1 << max(1, int(2 * len(columns)).bit_length()), -1, np.int32)
        _fill(columns, slots)
        return cls(
            points=points[order],
            order=order,
            low=low,
            cell=cell,
            columns=columns,
            slots=slots,
            begins=np.append(begins, len(keys)),
            levels=(keys & ((1 << _BITS) - 1)).astype(np.int32),
            starts=np.append(starts, len(points)),
        )

    def arrays(self) -> Arrays:
        """For compiled code: points, low, cell, columns, slots, begins, levels, starts."""
        return self.points, self.low, self.cell, self.columns, self.slots, self.begins, self.levels, self.starts


@compiled
def _keys(points: Float32Array, low: FloatArray, cell: float) -> LongArray:
    keys = np.empty(len(points), np.int64)
    for i in range(len(points)):
        x = np.int64((points[i, 0] - low[0]) / cell)
        y = np.int64((points[i, 1] - low[1]) / cell)
        keys[i] = (x << 2 * _BITS) | (y << _BITS) | np.int64((points[i, 2] - low[2]) / cell)
    return keys


@compiled
def _slot(key: np.int64, last: np.uint64) -> np.uint64:
    mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed ^ (mixed >> np.uint64(32))) & last


@compiled
def _fill(columns: LongArray, slots: IntArray) -> None:
    last = np.uint64(len(slots) - 1)
    for i in range(len(columns)):
        slot = _slot(np.int64(columns[i]), last)
        while slots[slot] >= 0:
            slot = (slot + np.uint64(1)) & last
        slots[slot] = i


@compiled
def find_cells(
    x: int, y: int, first: int, last: int, columns: LongArray, slots: IntArray, begins: LongArray, levels: IntArray
) -> tuple[int, int]:
    """Where the cells of column x y with z from `first` to `last` begin and end; they lie one behind the other."""
    limit = np.int64(1 << _BITS)
    if x < 0 or y < 0 or x >= limit or y >= limit:
        return 0, 0
    key = (np.int64(x) << _BITS) | np.int64(y)
    mask = np.uint64(len(slots) - 1)
    slot = _slot(np.int64(key), mask)
    while slots[slot] >= 0:
        column = slots[slot]
        if columns[column] == key:
            low, high = begins[column], begins[column + 1]
            while low < high:  # the first cell that is not below
                middle = (low + high) // 2
                if levels[middle] < first:
                    low = middle + 1
                else:
                    high = middle
            high = low
            while high < begins[column + 1] and levels[high] <= last:
                high += 1
            return low, high
        slot = (slot + np.uint64(1)) & mask
    return 0, 0
