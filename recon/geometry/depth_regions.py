"""Connected regions of a depth map: a surface goes on from pixel to pixel, a mismatch stands alone.

Seen at a grazing angle, the ground changes its depth from row to row by as much as an edge does. So two neighbouring
pixels are joined if their depths are alike, or if the planes through both lead from one to the other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recon.geometry.compiled import compiled

Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]


def in_large_regions(
    w: Float32Array, gradient: Float32Array, known: BoolArray, *, jump: float, fewest: int
) -> BoolArray:
    """(H, W) the known pixels that lie in a region of at least `fewest` pixels.

    w (H, W) inverse depth and its gradient (H, W, 2) per px along x and y; jump: the inverse depth by which neighbours
    in a region differ at most, from one another or from each other's planes.
    """
    parent = np.where(known.ravel(), np.arange(known.size, dtype=np.int32), -1).astype(np.int32)
    _join(w, gradient, jump, parent)
    size = np.bincount(parent[parent >= 0], minlength=1)
    large = np.zeros(known.size, bool)
    large[parent >= 0] = size[parent[parent >= 0]] >= fewest
    return large.reshape(known.shape)


@compiled
def _root(parent: IntArray, pixel: int) -> int:
    while parent[pixel] != pixel:
        parent[pixel] = parent[parent[pixel]]
        pixel = parent[pixel]
    return pixel


@compiled
def _join(w: Float32Array, gradient: Float32Array, jump: float, parent: IntArray) -> None:
    """Make the first pixel of each region the parent of all; -1 stays where nothing is known."""
    height, width = w.shape
    for y in range(height):
        for x in range(width):
            here = y * width + x
            if parent[here] < 0:
                continue
            for axis in range(2):
                row, column = y - axis, x - 1 + axis  # to the left, then above
                there = row * width + column
                if row < 0 or column < 0 or parent[there] < 0:
                    continue
                step = w[y, x] - w[row, column]
                lean = (gradient[y, x, axis] + gradient[row, column, axis]) / 2
                if min(abs(step), abs(step - lean)) <= jump:
                    a, b = _root(parent, here), _root(parent, there)
                    parent[max(a, b)] = min(a, b)
    for pixel in range(len(parent)):
        if parent[pixel] >= 0:
            parent[pixel] = _root(parent, pixel)
