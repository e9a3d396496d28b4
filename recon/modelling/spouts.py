"""Spouts: hollow tubes that stand on a vessel, and the hole through its wall behind them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recon.modelling.surfaces import Patch, Window
from recon.modelling.textures import Painter

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def bored(vessel: Patch, height: float, radius: float, painter: Painter) -> list[Patch]:
    """The vessel with a round hole through its wall towards +X, and the hole's lining.

    `vessel` is a lathe about +Y with its seam towards -X; its rows climb outside to the lip and descend inside, about
    as far apart. `height` is of the hole's middle.
    """
    grid, middle = vessel.grid.copy(), vessel.grid.shape[1] // 2
    lip = int(np.argmax(grid[:, middle, 1]))
    outside, inside = np.arange(lip), np.arange(len(grid) - 1, lip, -1)
    half_rows = half_columns = 0
    for rows in (outside, inside):
        near = _nearest(grid, rows, middle, height)
        half_rows = max(half_rows, int(radius / abs(grid[near + 1, middle, 1] - grid[near - 1, middle, 1]) * 2) + 2)
        half_columns = max(half_columns, int(radius / abs(grid[near, middle + 1, 2])) + 2)
    windows, loops = [], []
    for rows in (outside, inside):
        near = _nearest(grid, rows, middle, height)
        windows.append((near - half_rows, near + half_rows, middle - half_columns, middle + half_columns))
        loops.append(_rounded(grid, rows, windows[-1], height, radius))
    bore = np.stack(loops)
    return [replace(vessel, grid=grid, windows=tuple(windows)), Patch(bore, painter, even=True)]


def _nearest(grid: FloatArray, rows: IntArray, column: int, height: float) -> int:
    return int(rows[np.argmin(np.abs(grid[rows, column, 1] - height))])


def _rounded(grid: FloatArray, rows: IntArray, window: Window, height: float, radius: float) -> FloatArray:
    """Moves the window's border in `grid` onto a circle on the wall that `rows` make from the foot up; returns it as a
    loop (N, 3), clockwise seen from +X, whose last point is its first.
    """
    top, bottom, left, right = window
    middle, near = (left + right) // 2, (top + bottom) // 2
    profile = grid[rows, middle]
    around = [(top, c) for c in range(left, right)] + [(r, right) for r in range(top, bottom)]
    around += [(bottom, c) for c in range(right, left, -1)] + [(r, left) for r in range(bottom, top, -1)]
    border = np.array([*around, around[0]])
    place = (border - (near, middle)) / ((bottom - top) / 2, (right - left) / 2)
    place /= np.linalg.norm(place, axis=1, keepdims=True)
    upwards = np.sign(grid[bottom, middle, 1] - grid[top, middle, 1])
    sideways = np.sign(grid[near, right, 2] - grid[near, left, 2])
    y, z = height + radius * upwards * place[:, 0], radius * sideways * place[:, 1]
    far = np.interp(y, profile[:, 1], np.hypot(profile[:, 0], profile[:, 2]))
    loop = np.stack([np.sqrt(far**2 - z**2), y, z], -1)
    grid[border[:, 0], border[:, 1]] = loop
    turns_clockwise = (loop[:-1, 1] * loop[1:, 2] - loop[1:, 1] * loop[:-1, 2]).sum() > 0
    return loop if turns_clockwise else loop[::-1]


def spout(
    vessel: Patch, path: ArrayLike, outer: ArrayLike, wall: float, painter: Painter, *, sides: int = 32,
    density: float = 1.0,
) -> Patch:  # fmt: skip
    """A hollow tube along `path` (N, 3) in the plane z = 0, from the wall of `vessel` to its own lip.

    `outer` (N,) are its radii outside, `wall` is its thickness; its root follows the middle of the vessel's wall.
    """
    line, radii = np.asarray(path, float), np.asarray(outer, float)
    ahead = np.gradient(line, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    above = np.cross(ahead, (0.0, 0.0, -1.0))
    angle = np.linspace(0, 2 * np.pi, sides + 1)

    def ring(i: int, radius: float, further: float = 0.0) -> FloatArray:
        middle = line[i] + further * ahead[i]
        around = np.cos(angle)[:, None] * above[i] + np.sin(angle)[:, None] * (0.0, 0.0, 1.0)
        return np.asarray(middle + radius * around)

    outside = [ring(i, r) for i, r in enumerate(radii)]
    inside = [ring(i, r - wall) for i, r in enumerate(radii)]
    for rings in (outside, inside):
        rings[0] = _onto(vessel, rings[0], ahead[0])
    lip = ring(len(line) - 1, float(radii[-1]) - wall / 2, 0.4 * wall)
    grid = np.stack([*outside, lip, *inside[::-1], outside[0]])
    return Patch(grid, painter, density, even=True)


def _onto(vessel: Patch, points: FloatArray, way: FloatArray) -> FloatArray:
    """The points (N, 3) moved along `way` to the middle of the vessel's wall."""
    middle = vessel.grid.shape[1] // 2
    profile = vessel.grid[:, middle]
    lip = int(np.argmax(profile[:, 1]))
    far = np.hypot(profile[:, 0], profile[:, 2])
    back = lip + 1
    moved = points.copy()
    for _ in range(40):  # the walls are not steep against the way: each step halves the error at least
        y = moved[:, 1]
        radius = 0.5 * (np.interp(y, profile[:lip, 1], far[:lip]) + np.interp(y, profile[:back:-1, 1], far[:back:-1]))
        moved += (radius - np.hypot(moved[:, 0], moved[:, 2]))[:, None] * way * 0.6
    return moved
