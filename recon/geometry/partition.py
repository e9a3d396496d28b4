"""Space cut into boxes that hold about as many points each: a k-d tree over counted cells.

Source: Bentley, Multidimensional binary search trees used for associative searching, 1975.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recon.geometry.compiled import compiled

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
LongArray = NDArray[np.int64]
IntArray = NDArray[np.int32]

_BITS = 20  # of a key, for each axis
_SIDE = 1 << _BITS


class Census:
    """How many points lie in each cell of a grid; a cell is `cell` wide."""

    def __init__(self, cell: float):
        self.cell = cell
        self._keys: LongArray = np.zeros(0, np.int64)
        self._counts: LongArray = np.zeros(0, np.int64)

    def add(self, points: FloatArray | Float32Array) -> None:
        """Points (N, 3), no farther than half a million cells from 0."""
        grid = np.floor(points / self.cell).astype(np.int64) + _SIDE // 2
        if len(grid) and (grid.min() < 0 or grid.max() >= _SIDE):
            raise ValueError(f"points lie too far from 0 for cells of {self.cell}")
        keys, counts = np.unique((grid[:, 0] << 2 * _BITS) | (grid[:, 1] << _BITS) | grid[:, 2], return_counts=True)
        self.merge(keys, counts)

    def merge(self, keys: LongArray, counts: LongArray) -> None:
        """Add another census' table; its cells must be as wide."""
        self._keys, where = np.unique(np.concatenate([self._keys, keys]), return_inverse=True)
        self._counts = np.bincount(where, np.concatenate([self._counts, counts])).astype(np.int64)

    @property
    def table(self) -> tuple[LongArray, LongArray]:
        """Keys and counts of the cells, (M,) each."""
        return self._keys, self._counts

    @property
    def cells(self) -> LongArray:
        """(M, 3) indices of the cells that hold points."""
        parts = [(self._keys >> shift) & (_SIDE - 1) for shift in (2 * _BITS, _BITS, 0)]
        return np.asarray(np.stack(parts, -1) - _SIDE // 2)


@dataclass(frozen=True, slots=True)
class Partition:
    """Boxes, numbered from 0. The outermost have no outer walls, so that every point lies in one."""

    axis: IntArray  # (T,) of each node's cut; -1 for a box
    cut: FloatArray  # (T,) where it is
    child: IntArray  # (T, 2) nodes below and above the cut; a box's number in [:, 0]
    counts: LongArray  # (B,) points in each box

    @classmethod
    def of(cls, census: Census, most: int) -> Self:
        """Boxes of at most `most` points; more only where a single cell has more."""
        cells, (_, counts) = census.cells, census.table
        axis: list[int] = []
        cut: list[float] = []
        child: list[list[int]] = []
        boxes: list[int] = []

        def grow(chosen: NDArray[np.intp]) -> int:
            node = len(axis)
            axis.append(-1)
            cut.append(0.0)
            child.append([len(boxes), -1])
            total = int(counts[chosen].sum())
            where = _cut(cells[chosen], counts[chosen]) if total > most else None
            if where is None:
                boxes.append(total)
            else:
                axis[node], at = where
                cut[node] = at * census.cell
                below = cells[chosen, axis[node]] < at
                child[node] = [grow(chosen[below]), grow(chosen[~below])]
            return node

        grow(np.arange(len(cells)))
        return cls(np.array(axis, np.int32), np.array(cut), np.array(child, np.int32), np.array(boxes, np.int64))

    def __len__(self) -> int:
        return len(self.counts)

    def holders(self, points: Float32Array, margin: float) -> tuple[LongArray, IntArray, NDArray[np.bool_]]:
        """Every pair of a point (N, 3) and a box that holds it or lies within `margin` of it.

        Index of the point (M,), of the box (M,), and whether the box holds it (M,); by point.
        """
        return _holders(points, self.axis, self.cut, self.child, margin)


def _cut(cells: LongArray, counts: LongArray) -> tuple[int, int] | None:
    """Axis and index of the cell where half the points lie below; None if all lie in one cell."""
    low, high = cells.min(axis=0), cells.max(axis=0)
    axis = int(np.argmax(high - low))
    if low[axis] == high[axis]:
        return None
    along = np.bincount(cells[:, axis] - low[axis], counts)
    at = int(np.searchsorted(np.cumsum(along), along.sum() / 2)) + 1
    return axis, int(low[axis]) + min(at, int(high[axis] - low[axis]))


@compiled
def _holders(
    points: Float32Array, axis: IntArray, cut: FloatArray, child: IntArray, margin: float
) -> tuple[LongArray, IntArray, NDArray[np.bool_]]:
    room = len(points) + len(points) // 2 + 64
    index, box, home = np.empty(room, np.int64), np.empty(room, np.int32), np.empty(room, np.bool_)
    count = 0
    nodes, own = np.zeros(128, np.int32), np.zeros(128, np.bool_)
    for i in range(len(points)):
        top = 1
        nodes[0], own[0] = 0, True
        while top:
            top -= 1
            node, mine = nodes[top], own[top]
            if axis[node] < 0:
                if count == room:
                    room *= 2
                    index, box, home = _longer(index, room), _longer(box, room), _longer(home, room)
                index[count], box[count], home[count] = i, child[node, 0], mine
                count += 1
                continue
            off = points[i, axis[node]] - cut[node]
            if off < margin:
                nodes[top], own[top] = child[node, 0], mine and off < 0
                top += 1
            if off >= -margin:
                nodes[top], own[top] = child[node, 1], mine and off >= 0
                top += 1
    return index[:count], box[:count], home[:count]


@compiled
def _longer(column: NDArray[Any], room: int) -> NDArray[Any]:
    longer = np.empty(room, column.dtype)
    longer[: len(column)] = column
    return longer
