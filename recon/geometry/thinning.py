"""Thinning of dense clouds: one point for each cell of a grid, the mean of the points in it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from recon.geometry import clouds
from recon.geometry.compiled import compiled

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]
IntArray = NDArray[np.int32]

_BITS = 21  # of a 64-bit key, for each axis
_NEVER_SURER = 0.25  # of the median sigma: a few points that agree by chance do not outvote the rest
_SAMPLE = 4_000_000  # points that the median is taken of


def thinned(cloud: clouds.Cloud, low: Float32Array, cell: float) -> tuple[Float32Array, Float32Array, ByteArray]:
    """Points (M, 3), unit normals (M, 3) and the most photos and scans of a point (M, 2), in the order of the grid.

    low (3,) is the cloud's lowest corner, cell a length. Points weigh 1 / sigma^2. Points whose normals point away from
    the surest point's normal belong to the other side of something thin; they become a point of their own.
    """
    floor = _NEVER_SURER * float(np.median(cloud.sample(_SAMPLE).sigma)) + 1e-12
    cells, total, most = clouds.Cells(), np.zeros((0, 7)), np.zeros((0, 2), np.uint8)
    for block in cloud.blocks():
        grid = np.floor((block.points - low) / cell).astype(np.int64)
        if grid.max(initial=0) >= 1 << _BITS:
            raise ValueError(f"a cell of {cell} is too small for these points")
        # the two sides of a board that is thinner than a cell must not be averaged
        facing = np.argmax(np.abs(block.normals), axis=1)
        side = 2 * facing + (block.normals[np.arange(len(grid)), facing] < 0)
        number, _ = cells.number(((grid[:, 0] << 2 * _BITS) | (grid[:, 1] << _BITS) | grid[:, 2]) * 6 + side)
        if cells.count > len(total):
            room = cells.count + cells.count // 2
            total = np.concatenate([total, np.zeros((room - len(total), 7))])
            most = np.concatenate([most, np.zeros((room - len(most), 2), np.uint8)])
        weight = (1 / np.maximum(block.sigma, floor) ** 2).astype(np.float64)
        _add(number, weight, block.points, block.normals, block.measured_by, total, most)
    order = np.argsort(cells.keys)
    weight, mean, normal = total[order, :1], total[order, 1:4], total[order, 4:]
    normal = normal / weight
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    return (mean / weight).astype(np.float32), normal.astype(np.float32), most[order]


@compiled
def _add(
    number: IntArray, weight: FloatArray, points: Float32Array, normals: Float32Array, measured_by: ByteArray,
    total: FloatArray, most: ByteArray,
) -> None:  # fmt: skip
    for i in range(len(number)):
        n = number[i]
        total[n, 0] += weight[i]
        for axis in range(3):
            total[n, 1 + axis] += weight[i] * points[i, axis]
            total[n, 4 + axis] += weight[i] * normals[i, axis]
        for source in range(2):
            most[n, source] = max(most[n, source], measured_by[i, source])


def cell_for(cloud: clouds.Cloud, low: Float32Array, extent: float, count: int, finest: float) -> float:
    """The cell size, a length, at which the points of a surface fill about `count` cells; `finest` if there are fewer
    points.

    low (3,) is the cloud's lowest corner, extent the longest side of its box.
    """
    if len(cloud) <= count:
        return finest
    cell = max(finest, extent / (4 * count**0.5))
    left: Float32Array | None = None  # all of them
    for _ in range(8):
        first = _one_a_cell((block.points for block in cloud.blocks()) if left is None else [left], low, cell)
        settled = 0.95 * count <= len(first) <= 1.05 * count
        if settled or (cell == finest and len(first) < count):
            break
        left = first if len(first) > count else None  # one point a cell is enough for larger cells
        cell = max(finest, cell * (len(first) / count) ** 0.5)  # a surface fills area / cell^2 cells
    return float(cell)


def _one_a_cell(blocks: Iterable[Float32Array], low: Float32Array, cell: float) -> Float32Array:
    """The first point in each occupied cell, (M, 3), in the order of the grid."""
    cells, found = clouds.Cells(), []
    for points in blocks:
        _, first = cells.number(((points - low) / cell).astype(np.int64) @ (1, 1 << _BITS, 1 << 2 * _BITS))
        found.append(points[first])
    return np.concatenate(found)[np.argsort(cells.keys)]
