"""Cards of leaves on a crown or a hedge: a small picture of a twig each, cut out by its alpha.

The surface below them takes the light and casts the shadow; they show its light, so that the sun's side is bright.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from exhibit.space.charts import measured
from exhibit.space.light_sources import Colour
from exhibit.space.sheets import Mesh, Sheet, sheet_normals

FloatArray = NDArray[np.float64]
TWIGS = 2  # in the picture, along each side
QUAD = np.array([0, 1, 2, 0, 2, 3])


def leafy(
    sheet: Sheet, count: int, size: float, tint: Colour, rng: np.random.Generator,
    *, lift: float = 0.0, lean: float = 0.7, least_up: float = -1.0,
) -> Sheet:  # fmt: skip
    """The sheet with `count` cards, `size` metres wide, their middles `lift` metres above it.

    `lean` 0..1 turns them at random away from lying flat on it. None is where the normal's y is below `least_up`.
    """
    grid, normals = sheet.grid, sheet_normals(sheet.grid)
    a, b, c, d = grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]
    area = np.linalg.norm(np.cross(c - a, d - b), axis=-1)
    area = np.where(normals[:-1, :-1, 1] < least_up, 0, area).ravel()
    cell = rng.choice(len(area), count, p=area / area.sum())
    row, column = np.divmod(cell, grid.shape[1] - 1)
    s, t = rng.random((2, count, 1))

    def at(value: FloatArray) -> FloatArray:
        low = (1 - s) * value[row, column] + s * value[row, column + 1]
        high = (1 - s) * value[row + 1, column] + s * value[row + 1, column + 1]
        return np.asarray((1 - t) * low + t * high)

    middle, normal = at(grid), at(normals)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    facing = normal + lean * rng.normal(0, 0.8, (count, 3))
    facing /= np.linalg.norm(facing, axis=1, keepdims=True)
    right = np.cross(rng.normal(0, 1, (count, 3)), facing)
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    up = np.cross(facing, right)
    half = size / 2 * rng.uniform(0.75, 1.25, (count, 1))
    corner = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], float)
    points = (middle + lift * normal)[:, None] + half[:, None] * (
        corner[None, :, :1] * right[:, None] + corner[None, :, 1:] * up[:, None]
    )
    twig = rng.integers(0, TWIGS, (count, 1, 2))
    uv = (twig + (corner * (1, -1) + 1) / 2) / TWIGS
    _, _, along, across = measured(grid)
    share = np.stack([(1 - s) * along[column, None] + s * along[column + 1, None],
                      (1 - t) * across[row, None] + t * across[row + 1, None]], 1)[..., 0]  # fmt: skip
    leaves = Mesh(
        points.reshape(-1, 3),
        np.repeat(share, 4, 0),
        uv.reshape(-1, 2),
        np.repeat(normal, 4, 0),
        (4 * np.arange(count)[:, None] + QUAD).reshape(-1, 3),
    )
    return replace(sheet, leaves=leaves, leaf_tint=tint)
