"""Sheets: a room is made of grids of points, each with one finish.

Frame: right-handed, +Y up, metres. Columns run along s, rows along t, and ds x dt points into the room.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

import mapbox_earcut
import numpy as np
from numpy.typing import ArrayLike, NDArray

from recon.modelling.grids import cells, parallelogram

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Finish:
    """A place in a texture: `picture` names it, `size` is what it covers in metres (s, t) before it repeats.

    A band (v0, v1) confines the finish to a strip of a sheet that repeats along s only.
    """

    picture: str
    size: tuple[float, float]
    band: tuple[float, float] | None = None
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)  # linear, multiplies the picture
    glows: bool = False  # a light of its own: shown as it is, lit by nothing
    clear: bool = False  # light passes: glass, or with `glows` the sky
    radiance: float = 4.0  # what a glowing finish sends into a lightmap, times its tint


@dataclass(frozen=True)
class Sheet:
    grid: FloatArray  # (R, C, 3)
    finish: Finish
    origin: tuple[float, float] = (0.0, 0.0)  # of the finish, metres along s and t
    spread: FloatArray | None = None  # (R, C, 2) metres along s and t where rows are not equally long
    detail: float = 1.0  # lightmap texels per metre, relative to the hall's other sheets
    # of a rectangle of 2 x 2 points: what is there of it, loops (N, 2) in metres along s and t; the first is the
    # outline, the others are holes
    cut: Sequence[FloatArray] = ()
    # cards of leaves in front of the sheet: their `shares` say where on the sheet they take their light
    leaves: Mesh | None = None
    leaf_tint: tuple[float, float, float] = (1.0, 1.0, 1.0)

    def shape(self) -> tuple[FloatArray, NDArray[np.int64]]:
        """Its points (V, 3) and triangles (F, 3), counter-clockwise seen from where s runs right and t up."""
        if not self.cut:
            return self.grid.reshape(-1, 3), grid_faces(*self.grid.shape[:2])
        shares = self._shares()
        s, t = self.grid[0, 1] - self.grid[0, 0], self.grid[1, 0] - self.grid[0, 0]
        return self.grid[0, 0] + shares[:, :1] * s + shares[:, 1:] * t, triangles(self.cut)

    @cached_property
    def mesh(self) -> Mesh:
        """Its triangles, with what bakes and draws them."""
        points, faces = self.shape()
        if not self.cut:
            normals = sheet_normals(self.grid).reshape(-1, 3)
            return Mesh(points, None, self.uv().reshape(-1, 2), normals, faces)
        at = np.concatenate(self.cut)
        normal = np.cross(self.grid[0, 1] - self.grid[0, 0], self.grid[1, 0] - self.grid[0, 0])
        normals = np.broadcast_to(normal / np.linalg.norm(normal), points.shape)
        uv = np.stack([(at[:, 0] + self.origin[0]) / self.finish.size[0], self._v(at[:, 1] + self.origin[1])], -1)
        return Mesh(points, self._shares(), uv, normals, faces)

    def _shares(self) -> FloatArray:
        wide, tall = (np.linalg.norm(end - self.grid[0, 0]) for end in (self.grid[0, 1], self.grid[1, 0]))
        return np.asarray(np.concatenate(self.cut) / (wide, tall))

    def uv(self) -> FloatArray:
        """(R, C, 2), (0, 0) is the picture's top left corner and t runs up."""
        if self.spread is not None:
            return np.stack([self.spread[..., 0] / self.finish.size[0], self._v(self.spread[..., 1])], -1)
        s = (
            np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(self.grid, axis=1), axis=2).mean(0))])
            + self.origin[0]
        )
        t = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(self.grid, axis=0), axis=2).mean(1))])
        return np.stack(np.meshgrid(s / self.finish.size[0], self._v(t + self.origin[1])), -1)

    def _v(self, t: FloatArray) -> FloatArray:
        if self.finish.band is None:
            return 1 - t / self.finish.size[1]
        v0, v1 = self.finish.band
        return v1 - (v1 - v0) * np.clip(t / max(self.finish.size[1], float(t.max())), 0, 1)


def sheet_normals(grid: FloatArray) -> FloatArray:
    """Unit normals (R, C, 3); where a row has shrunk to a point, its neighbours'."""
    normal = np.cross(np.gradient(grid, axis=1), np.gradient(grid, axis=0))
    length = np.linalg.norm(normal, axis=-1, keepdims=True)
    mean = normal.reshape(-1, 3).sum(0)
    size = float(np.linalg.norm(mean))
    mean = mean / size if size > 1e-9 else np.array([0.0, 1.0, 0.0])
    return np.asarray(np.where(length > 1e-10, normal / np.maximum(length, 1e-10), mean))


@cache
def grid_faces(rows: int, columns: int) -> NDArray[np.int64]:
    """Two triangles for each cell of a grid, counter-clockwise seen from where s runs right and t up."""
    return cells(rows, columns)[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)


@dataclass(frozen=True, slots=True)
class Mesh:
    """A sheet's triangles."""

    points: FloatArray  # (V, 3)
    shares: FloatArray | None  # (V, 2) of its width and height, of a sheet that is cut; else the points are its grid's
    uv: FloatArray  # (V, 2)
    normals: FloatArray  # (V, 3)
    triangles: NDArray[np.int64]  # (F, 3) counter-clockwise, seen from where s runs right and t up


def triangles(loops: Sequence[FloatArray]) -> NDArray[np.int64]:
    """Triangles (F, 3) of the polygon whose first loop (N, 2) is its outline; the others are its holes.

    They are counter-clockwise where x runs right and y up. Their corners are the loops' points, one after the other.
    """
    points = np.concatenate(loops)
    ends = np.cumsum([len(loop) for loop in loops]).astype(np.uint32)
    found = mapbox_earcut.triangulate_float64(points, ends).reshape(-1, 3).astype(np.int64)
    a, b, c = (points[found[:, k]] for k in range(3))
    twice = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    found = np.where((twice < 0)[:, None], found[:, ::-1], found)
    return np.asarray(found[np.abs(twice) > 1e-9])


def lines(low: float, high: float, step: float, marks: Iterable[float] = ()) -> FloatArray:
    """Grid lines from low to high about `step` apart, closer on both sides of each mark, where light changes
    quickly.
    """
    even = np.linspace(low, high, max(2, round((high - low) / step) + 1))
    extra = np.array([m + d for m in marks for d in (-0.30, -0.14, -0.05, -0.012, 0.012, 0.05, 0.14, 0.30)])
    chosen = [low]
    for value in np.sort(np.concatenate([even[1:-1], extra])):
        if low < value < high and value - chosen[-1] > 0.02:
            chosen.append(float(value))
    if high - chosen[-1] < 0.02 and len(chosen) > 1:
        chosen.pop()
    return np.array([*chosen, high])


def rectangle(
    origin: ArrayLike,
    along_s: ArrayLike,
    along_t: ArrayLike,
    finish: Finish,
    *,
    step: float = 0.25,
    marks_s: Sequence[float] = (),
    marks_t: Sequence[float] = (),
    shift: tuple[float, float] = (0.0, 0.0),
    detail: float = 1.0,
) -> Sheet:
    """A parallelogram; marks are distances from `origin` along its edges."""
    wide, tall = float(np.linalg.norm(along_s)), float(np.linalg.norm(along_t))
    grid = parallelogram(
        origin, along_s, along_t, lines(0, wide, step, marks_s) / wide, lines(0, tall, step, marks_t) / tall
    )
    return Sheet(grid, finish, shift, detail=detail)


def block(
    centre: ArrayLike,
    size: ArrayLike,
    side: Finish,
    top: Finish | None = None,
    *,
    step: float = 0.2,
    bottom: bool = False,
) -> list[Sheet]:
    """A box that stands with its base's middle on `centre`; its edges are graded so that they catch light."""
    x, y, z = np.asarray(size, float)
    c = np.asarray(centre, float)
    a, b = c - np.array([x / 2, 0, z / 2]), c + np.array([x / 2, y, z / 2])
    ex, ey, ez = np.array([x, 0, 0]), np.array([0, y, 0]), np.array([0, 0, z])
    marks = (0.0, y)
    sheets = [
        rectangle((a[0], a[1], b[2]), ex, ey, side, step=step, marks_t=marks),
        rectangle((b[0], a[1], a[2]), -ex, ey, side, step=step, marks_t=marks),
        rectangle((b[0], a[1], b[2]), -ez, ey, side, step=step, marks_t=marks),
        rectangle((a[0], a[1], a[2]), ez, ey, side, step=step, marks_t=marks),
        rectangle((a[0], b[1], b[2]), ex, -ez, top or side, step=step),
    ]
    return [*sheets, rectangle((a[0], a[1], a[2]), ex, ez, side, step=step)] if bottom else sheets


def pole(
    start: ArrayLike,
    end: ArrayLike,
    radius: float,
    finish: Finish,
    *,
    sides: int = 10,
    step: float = 0.5,
    swell: float = 0.0,
) -> Sheet:
    """A round timber or drum whose axis runs from start to end; `swell` thickens its start."""
    a, b = np.asarray(start, float), np.asarray(end, float)
    along = (b - a) / np.linalg.norm(b - a)
    first = np.cross(along, (0.0, 1.0, 0.0) if abs(along[1]) < 0.9 else (1.0, 0.0, 0.0))
    first /= np.linalg.norm(first)
    second = np.cross(along, first)
    angle = np.linspace(0, 2 * np.pi, sides + 1)[:, None, None]
    walked = lines(0, float(np.linalg.norm(b - a)), step)[:, None]
    axis, r = a + walked * along, radius * (1 + swell * np.exp(-walked / 0.06))
    return Sheet(axis[None] - r * (np.cos(angle) * first - np.sin(angle) * second), finish)


def planks(x: tuple[float, float], z: tuple[float, float], y: float, width: float, finish: Finish) -> list[Sheet]:
    """A deck of boards that run along x, seen from above."""
    edges = np.linspace(z[0], z[1], max(2, round((z[1] - z[0]) / width) + 1))
    return [
        rectangle(
            (x[0], y, far), (x[1] - x[0], 0, 0), (0, 0, near - far), finish, step=0.16, shift=(0.53 * i, 0.03 * (i % 5))
        )
        for i, (near, far) in enumerate(pairwise(edges))
    ]
