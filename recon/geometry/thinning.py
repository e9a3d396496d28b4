"""Fewer points where a cloud is denser than its use asks for: one per cell of a grid, the mean of those in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]
ByteArray = NDArray[np.uint8]

_BITS = 21  # of a 64-bit key, for each axis
_NEVER_SURER = 0.25  # of the median sigma: a few points that agree by chance do not outvote the rest


def thinned(
    points: Float32Array, normals: Float32Array, num_views: ByteArray, sigma: Float32Array, cell: float
) -> tuple[Float32Array, Float32Array, ByteArray]:
    """Points (M, 3), unit normals (M, 3) and most views (M,) of the occupied cells, in the order of the grid.

    cell is a length. Points count by 1 / sigma^2; those whose normals turn against the surest point's are another side
    of a thin thing, and stay a point of their own.
    """
    grid = np.floor((points - points.min(axis=0)) / cell).astype(np.int64)
    if grid.max(initial=0) >= 1 << _BITS:
        raise ValueError(f"a cell of {cell} is too small for these points")
    # opposite sides of a board thinner than a cell must not meet in its middle
    facing = np.argmax(np.abs(normals), axis=1)
    side = 2 * facing + (normals[np.arange(len(normals)), facing] < 0)
    key = ((grid[:, 0] << 2 * _BITS) | (grid[:, 1] << _BITS) | grid[:, 2]) * 6 + side
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    floor = _NEVER_SURER * float(np.median(sigma)) + 1e-12
    weight = (1 / np.maximum(sigma[order], floor) ** 2).astype(np.float64)
    weight /= np.repeat(np.add.reduceat(weight, first), np.diff(first, append=len(order)))
    mean = np.add.reduceat(points[order] * weight[:, None], first)
    normal = np.add.reduceat(normals[order] * weight[:, None], first)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    return mean.astype(np.float32), normal.astype(np.float32), np.maximum.reduceat(num_views[order], first)


def cell_for(points: Float32Array, count: int, finest: float) -> float:
    """The cell, a length, of which about `count` hold the points (N, 3) of a surface; `finest` if fewer points do."""
    if len(points) <= count:
        return finest
    origin = points.min(axis=0)
    cell = max(finest, float(np.ptp(points, axis=0).max()) / (4 * count**0.5))
    left = points
    for _ in range(8):
        grid = ((left - origin) / cell).astype(np.int64)
        _, first = np.unique(grid @ (1, 1 << _BITS, 1 << 2 * _BITS), return_index=True)
        settled = 0.95 * count <= len(first) <= 1.05 * count
        if settled or (cell == finest and len(first) < count):
            break
        left = left[first] if len(first) > count else points  # one a cell says as much of larger cells to come
        cell = max(finest, cell * (len(first) / count) ** 0.5)  # a surface's cells grow with its square
    return float(cell)
