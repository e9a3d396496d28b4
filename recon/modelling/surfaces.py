"""Parametric surfaces: a model is a list of patches, and each patch is a grid of points with a painter.

Patch frame: the column index runs along s, the row index along t, and ds x dt points outside. A patch is one
rectangular chart of the texture atlas, so that unwrapping is exact by construction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recon.modelling.grids import length_along, parallelogram
from recon.modelling.textures import Painter

FloatArray = NDArray[np.float64]
Window = tuple[int, int, int, int]  # first and last row, first and last column of points: no cell between them


@dataclass(frozen=True, slots=True)
class Patch:
    """A grid of points (R, C, 3) in metres, painted by `painter`; `density` scales its share of texels."""

    grid: FloatArray
    painter: Painter
    density: float = 1.0
    relief: bool = False  # the painter's height moves the grid's points, not only the shading normals
    even: bool = False  # texels are distributed by length, not by the grid's points
    node: str = "model"  # the glTF node that it belongs to; patches of a node move together
    windows: tuple[Window, ...] = ()  # openings in the grid

    @property
    def size(self) -> tuple[float, float]:
        """Mean lengths along s and t in metres."""
        along_s = np.linalg.norm(np.diff(self.grid, axis=1), axis=2).sum(1).mean()
        along_t = np.linalg.norm(np.diff(self.grid, axis=0), axis=2).sum(0).mean()
        return float(max(along_s, 1e-6)), float(max(along_t, 1e-6))


def moved(patches: Sequence[Patch], *, offset: ArrayLike = (0, 0, 0), turn: ArrayLike | None = None) -> list[Patch]:
    """The patches rotated by `turn` (3, 3) about the origin, then moved by `offset`."""
    rotation = np.eye(3) if turn is None else np.asarray(turn, float)
    shift = np.asarray(offset, float)
    return [replace(p, grid=p.grid @ rotation.T + shift) for p in patches]


def part_of(node: str, patches: Sequence[Patch]) -> list[Patch]:
    """The patches as parts of the glTF node `node`."""
    return [replace(p, node=node) for p in patches]


def turn_about(axis: str, degrees: float) -> FloatArray:
    """Rotation matrix (3, 3) about "x", "y" or "z"."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(3)
    matrix[i, i] = matrix[j, j] = c
    matrix[i, j], matrix[j, i] = -s, s
    return matrix


def quad(
    origin: ArrayLike,
    along_s: ArrayLike,
    along_t: ArrayLike,
    painter: Painter,
    *,
    step: float = 0.02,
    density: float = 1.0,
    relief: bool = False,
) -> Patch:
    """A parallelogram from `origin`, spanned by two edge vectors, cut into cells of about `step` metres."""
    columns, rows = (max(2, round(float(np.linalg.norm(edge)) / step) + 1) for edge in (along_s, along_t))
    grid = parallelogram(origin, along_s, along_t, np.linspace(0, 1, columns), np.linspace(0, 1, rows))
    return Patch(grid, painter, density, relief)


def box(
    size: ArrayLike,
    painter: Painter,
    *,
    centre: ArrayLike = (0, 0, 0),
    step: float = 0.02,
    density: float = 1.0,
    relief: bool = False,
    bottom: bool = True,
) -> list[Patch]:
    """Six quads of a box of `size` (x, y, z), standing with its base's middle on `centre`."""
    x, y, z = np.asarray(size, float)
    c = np.asarray(centre, float)
    a, b = c + np.array([-x / 2, 0, -z / 2]), c + np.array([x / 2, y, z / 2])
    ex, ey, ez = np.array([x, 0, 0]), np.array([0, y, 0]), np.array([0, 0, z])
    sides = [
        ((a[0], a[1], b[2]), ex, ey),
        ((b[0], a[1], a[2]), -ex, ey),
        ((b[0], a[1], b[2]), -ez, ey),
        ((a[0], a[1], a[2]), ez, ey),
        ((a[0], b[1], b[2]), ex, -ez),
        ((a[0], a[1], a[2]), ex, ez),
    ]
    return [
        quad(o, s, t, painter, step=step, density=density, relief=relief) for o, s, t in sides[: 6 if bottom else 5]
    ]


def lathe(
    profile: ArrayLike,
    painter: Painter,
    *,
    columns: int = 128,
    density: float = 1.0,
    relief: bool = False,
    radius: Callable[[FloatArray, FloatArray], FloatArray] | None = None,
) -> Patch:
    """A profile (N, 2) of (radius, height) turned about +Y; outside lies right of the profile's direction of travel.

    `radius(angle, height)` scales the radius (lobes, flutes).
    """
    line = np.asarray(profile, float)
    angle = np.linspace(0, -2 * np.pi, columns + 1)
    r = np.repeat(line[:, :1], columns + 1, 1)
    y = np.repeat(line[:, 1:], columns + 1, 1)
    if radius is not None:
        r = r * radius(np.broadcast_to(angle, r.shape), y)
    return Patch(np.stack([r * np.cos(angle), y, r * np.sin(angle)], -1), painter, density, relief)


def tube(
    path: ArrayLike,
    radius: float | ArrayLike,
    painter: Painter,
    *,
    sides: int = 12,
    density: float = 1.0,
    capped: bool = True,
) -> list[Patch]:
    """A round tube along `path` (N, 3), with flat caps."""
    line = np.asarray(path, float)
    r = np.broadcast_to(np.asarray(radius, float), (len(line),))
    tangent = np.gradient(line, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    normal = np.zeros_like(line)
    seed = np.eye(3)[np.argmin(np.abs(tangent[0]))]
    for i, direction in enumerate(tangent):  # parallel transport keeps the tube from twisting
        seed = seed - direction * (seed @ direction)
        seed = seed / np.linalg.norm(seed)
        normal[i] = seed
    binormal = np.cross(tangent, normal)
    angle = np.linspace(0, 2 * np.pi, sides + 1)
    ring = np.cos(angle)[:, None] * normal[:, None] + np.sin(angle)[:, None] * binormal[:, None]
    grid = line[:, None] + r[:, None, None] * ring
    patches = [Patch(grid, painter, density)]
    if capped:
        for end, order in ((0, -1), (-1, 1)):
            rim = grid[end][::order]
            centre = np.repeat(line[end][None], sides + 1, 0)
            patches.append(Patch(np.stack([rim, centre]), painter, density))
    return patches


def smooth_profile(points: ArrayLike, count: int) -> FloatArray:
    """A Catmull-Rom curve through `points` (N, 2), resampled at `count` equal steps of length: (count, 2)."""
    p = np.asarray(points, float)
    p = np.concatenate([[2 * p[0] - p[1]], p, [2 * p[-1] - p[-2]]])
    u = np.linspace(0, 1, 24, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False):
        pieces.append(0.5 * (2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u**2 + (3 * b - a - 3 * c + d) * u**3))
    return resampled(np.concatenate([*pieces, p[-2:-1]]), count)


def resampled(line: FloatArray, count: int) -> FloatArray:
    """`line` (N, D) at `count` points of equal distance along it."""
    walked = length_along(line)
    at = np.linspace(0, walked[-1], count)
    return np.stack([np.interp(at, walked, line[:, i]) for i in range(line.shape[1])], -1)
