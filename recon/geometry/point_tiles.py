"""An octree of points in which every point lies in one tile: a coarse tile shows some, its children add the rest.

A point's key is its cell in a grid of 2^21 cells a side over the root's cube, as a Morton number: sorted keys are
points in the order of the octree, and each node is one run of them. Which points a node shows is decided from the
leaves up: of the points that its children show, those nearest to the middles of the cells of a grid over the node.
Source: Schütz, Ohrhallinger, Wimmer, Fast Out-of-Core Octree Generation for Massive Point Clouds, 2020, section 3;
Morton numbers after Stocco, Schrack, Integer dilation and contraction for quadtrees and octrees, 1995.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recon.geometry.compiled import compiled

BITS = 21  # of a key, for each axis
MOST = 50_000  # points that one tile shows
FINEST = 7  # a node's grid has 2^7 cells a side, or fewer where that shows too many points
COARSEST = 5
DEEPEST = BITS - FINEST  # a node below has cells smaller than the keys tell apart

Keys = NDArray[np.uint64]
Rows = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cube:
    """The root's: its lowest corner, and the side of a key's cell."""

    low: tuple[float, float, float]
    step: float

    @classmethod
    def around(cls, low: Floats, high: Floats) -> Cube:
        """The smallest over a box (3,), (3,)."""
        side = float(np.max(np.asarray(high) - low)) or 1.0
        x, y, z = (float(value) for value in low)
        return cls((x, y, z), side * (1 + 1e-6) / (2**BITS - 1))

    def keys(self, points: NDArray[np.floating]) -> Keys:
        """Of points (N, 3). Raises ValueError where one lies outside."""
        cells = np.rint((points - np.array(self.low)) / self.step)
        if len(cells) and not (cells.min() >= 0 and cells.max() < 2**BITS):
            raise ValueError("a point lies outside of the box, or nowhere")
        return _keys(cells.astype(np.uint32))


@dataclass(slots=True)
class Node:
    """One tile. `rows` are the points that it adds to its parent's."""

    path: str  # a digit 0..7 for each level: which octant
    rows: Rows
    cells: int  # a side, of the grid from which its points are taken
    children: list[Node] = field(default_factory=list)

    def all(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.all()


def cells_of(keys: Keys) -> NDArray[np.uint32]:
    """(N, 3) cells of keys."""
    return _cells(keys)


def first_key(path: str) -> int:
    """The lowest key in a node."""
    key = 0
    for octant in path:
        key = key << 3 | int(octant)
    return key << 3 * (BITS - len(path))


def end_key(path: str) -> int:
    """One more than the highest."""
    return first_key(path) + (1 << 3 * (BITS - len(path)))


def grow(keys: Keys, path: str = "") -> Node:
    """The tree of the node at `path`, which has the points of these keys, sorted, each once."""
    return _grow(keys, 0, len(keys), path)


def _grow(keys: Keys, start: int, stop: int, path: str) -> Node:
    if stop - start <= MOST or len(path) >= DEEPEST:
        return Node(path, np.arange(start, stop), 1 << FINEST)
    paths = [f"{path}{octant}" for octant in range(8)]
    ends = start + np.searchsorted(keys[start:stop], np.array([end_key(each) for each in paths], np.uint64))
    starts = [start, *ends[:-1].tolist()]
    children = [_grow(keys, a, b, each) for each, a, b in zip(paths, starts, ends.tolist(), strict=True) if a < b]
    taken, cells = taken_by_parent([keys[child.rows] for child in children], len(path))
    rows = np.concatenate([child.rows[mask] for child, mask in zip(children, taken, strict=True)])
    for child, mask in zip(children, taken, strict=True):
        child.rows = child.rows[~mask]
    return Node(path, rows, cells, [child for child in children if len(child.rows) or child.children])


def taken_by_parent(children: Sequence[Keys], depth: int) -> tuple[list[NDArray[np.bool_]], int]:
    """Which of the points that its children show a node at this depth shows instead, and the cells a side of its grid.

    The children's keys are sorted, and the children in their order.
    """
    keys = np.concatenate(children)
    for fineness in range(FINEST, COARSEST - 1, -1):
        taken = _nearest_to_middles(keys, BITS - depth - fineness)
        if int(taken.sum()) <= MOST:
            break
    return np.split(taken, np.cumsum([len(child) for child in children])[:-1]), 1 << fineness


@compiled
def _keys(cells: NDArray[np.uint32]) -> Keys:
    keys = np.empty(len(cells), np.uint64)
    for i in range(len(cells)):
        key = np.uint64(0)
        for axis in range(3):
            v = np.uint64(cells[i, axis])
            v = (v | v << np.uint64(32)) & np.uint64(0x1F00000000FFFF)
            v = (v | v << np.uint64(16)) & np.uint64(0x1F0000FF0000FF)
            v = (v | v << np.uint64(8)) & np.uint64(0x100F00F00F00F00F)
            v = (v | v << np.uint64(4)) & np.uint64(0x10C30C30C30C30C3)
            v = (v | v << np.uint64(2)) & np.uint64(0x1249249249249249)
            key |= v << np.uint64(axis)
        keys[i] = key
    return keys


@compiled
def _gathered(key: np.uint64) -> np.uint64:
    """Every third bit of it, the lowest and on, side by side."""
    v = key & np.uint64(0x1249249249249249)
    v = (v | v >> np.uint64(2)) & np.uint64(0x10C30C30C30C30C3)
    v = (v | v >> np.uint64(4)) & np.uint64(0x100F00F00F00F00F)
    v = (v | v >> np.uint64(8)) & np.uint64(0x1F0000FF0000FF)
    v = (v | v >> np.uint64(16)) & np.uint64(0x1F00000000FFFF)
    return (v | v >> np.uint64(32)) & np.uint64(0x1FFFFF)


@compiled
def _cells(keys: Keys) -> NDArray[np.uint32]:
    cells = np.empty((len(keys), 3), np.uint32)
    for i in range(len(keys)):
        for axis in range(3):
            cells[i, axis] = _gathered(keys[i] >> np.uint64(axis))
    return cells


@compiled
def _nearest_to_middles(keys: Keys, bits: int) -> NDArray[np.bool_]:
    """Of sorted keys, in each cell of 2^bits key cells a side, the one nearest to its middle; the first of several."""
    chosen = np.zeros(len(keys), np.bool_)
    mask = np.int64((1 << bits) - 1)
    best, nearest, cell = 0, np.int64(-1), np.uint64(0)
    for i in range(len(keys)):
        if i == 0 or keys[i] >> np.uint64(3 * bits) != cell:
            if i > 0:
                chosen[best] = True
            cell = keys[i] >> np.uint64(3 * bits)
            nearest = np.int64(-1)
        distance = np.int64(0)
        for axis in range(3):
            away = 2 * (np.int64(_gathered(keys[i] >> np.uint64(axis))) & mask) - mask  # twice it, so that it is whole
            distance += away * away
        if nearest < 0 or distance < nearest:
            best, nearest = i, distance
    if len(keys):
        chosen[best] = True
    return chosen
