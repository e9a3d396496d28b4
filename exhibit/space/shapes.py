"""Shapes of buildings: quads, boxes, prisms, tubes, turned and swept forms, each a sheet or a few.

Frame: right-handed, +Y up, metres. A sheet shows the side from which s (its columns) runs right and t (its rows) up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from exhibit.space.sheets import Finish, Sheet, rectangle

FloatArray = NDArray[np.float64]


def quad(
    origin: ArrayLike,
    along_s: ArrayLike,
    along_t: ArrayLike,
    finish: Finish,
    *,
    shift: tuple[float, float] = (0.0, 0.0),
    detail: float = 1.0,
) -> Sheet:
    """A parallelogram; `shift` moves the finish, metres along s and t."""
    o, a, b = (np.asarray(v, float) for v in (origin, along_s, along_t))
    return Sheet(np.array([[o, o + a], [o + b, o + a + b]]), finish, shift, detail=detail)


def ruled(
    lower: ArrayLike,
    upper: ArrayLike,
    finish: Finish,
    *,
    rows: int = 2,
    shift: tuple[float, float] = (0.0, 0.0),
    flat: bool = False,
    detail: float = 1.0,
) -> Sheet:
    """The surface between two polylines (N, 3); `flat` lays the finish by projection, without following its curves."""
    a, b = np.asarray(lower, float), np.asarray(upper, float)
    share = np.linspace(0, 1, rows)[:, None, None]
    grid = a + share * (b - a)
    spread = None
    if flat:
        s = a[-1] - a[0]
        s = s / np.linalg.norm(s)
        normal = np.cross(s, (b - a).sum(0))
        t = np.cross(normal, s)
        t = t / np.linalg.norm(t)
        spread = np.stack([(grid - a[0]) @ s + shift[0], (grid - a[0]) @ t + shift[1]], -1)
    return Sheet(grid, finish, shift, spread, detail)


def box(
    low: ArrayLike,
    high: ArrayLike,
    finish: Finish,
    *,
    top: Finish | None = None,
    sides: str = "nesw^",
    detail: float = 1.0,
) -> list[Sheet]:
    """An upright box's sides: n(-z) e(+x) s(+z) w(-x) ^(top) _(underside)."""
    (x0, y0, z0), (x1, y1, z1) = np.asarray(low, float), np.asarray(high, float)
    x, y, z = np.array([x1 - x0, 0, 0]), np.array([0, y1 - y0, 0]), np.array([0, 0, z1 - z0])
    made = {
        "s": lambda: quad((x0, y0, z1), x, y, finish, shift=(x0, y0), detail=detail),
        "n": lambda: quad((x1, y0, z0), -x, y, finish, shift=(-x1, y0), detail=detail),
        "e": lambda: quad((x1, y0, z1), -z, y, finish, shift=(-z1, y0), detail=detail),
        "w": lambda: quad((x0, y0, z0), z, y, finish, shift=(z0, y0), detail=detail),
        "^": lambda: quad((x0, y1, z1), x, -z, top or finish, shift=(x0, -z1), detail=detail),
        "_": lambda: quad((x0, y0, z0), x, z, finish, shift=(x0, z0), detail=detail),
    }
    return [made[side]() for side in sides]


def bar(
    start: ArrayLike,
    end: ArrayLike,
    width: float,
    height: float,
    finish: Finish,
    *,
    ends: bool = False,
    shift: float = 0.0,
    detail: float = 1.0,
    step: float = np.inf,
) -> list[Sheet]:
    """A squared member whose axis runs from start to end; `height` lies in the vertical plane through the axis, and
    `step` is between the points that take light where light is kept at points.
    """
    a, b = np.asarray(start, float), np.asarray(end, float)
    along = (b - a) / np.linalg.norm(b - a)
    across = np.cross(along, (0.0, 1.0, 0.0) if abs(along[1]) < 0.99 else (0.0, 0.0, 1.0))
    across /= np.linalg.norm(across)
    up = np.cross(across, along)
    offset = [across * (i * width / 2) + up * (j * height / 2) for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))]

    def side(origin: FloatArray, s: FloatArray, t: FloatArray, moved: tuple[float, float] = (0.0, 0.0)) -> Sheet:
        return rectangle(origin, s, t, finish, step=step, shift=moved, detail=detail)

    found = [side(a + offset[i - 1], b - a, offset[i] - offset[i - 1], (shift + 0.37 * i, 0.05 * i)) for i in range(4)]
    if ends:
        found.append(side(b + offset[0], offset[1] - offset[0], offset[3] - offset[0]))
        found.append(side(a + offset[1], offset[0] - offset[1], offset[2] - offset[1]))
    return found


def turned(
    foot: ArrayLike, profile: Sequence[tuple[float, float]], finish: Finish, *, sides: int = 12, detail: float = 1.0
) -> Sheet:
    """A turned form standing on `foot`: profile of (radius, height), from the foot up."""
    p = np.asarray(profile, float)
    angle = np.linspace(0, 2 * np.pi, sides + 1)
    grid = np.empty((len(p), sides + 1, 3))
    grid[..., 0] = p[:, :1] * np.sin(angle)
    grid[..., 1] = p[:, 1:]
    grid[..., 2] = p[:, :1] * np.cos(angle)
    return Sheet(grid + np.asarray(foot, float), finish, detail=detail)


def column(
    foot: ArrayLike, radius: float, height: float, finish: Finish, *, sides: int = 14, detail: float = 1.0
) -> Sheet:
    return turned(foot, [(radius, 0), (radius, height)], finish, sides=sides, detail=detail)


def tube(path: ArrayLike, radius: float, finish: Finish, *, sides: int = 8, detail: float = 1.0) -> Sheet:
    """A round member along a polyline (N, 3)."""
    p = np.asarray(path, float)
    along = np.gradient(p, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    guide = np.array([0.0, 1.0, 0.0]) if np.abs(along[:, 1]).max() < 0.9 else np.array([0.31, 0.0, 0.95])
    first = np.cross(along, guide)
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    second = np.cross(along, first)
    angle = np.linspace(0, 2 * np.pi, sides + 1)[:, None, None]
    return Sheet(p - radius * (np.cos(angle) * first - np.sin(angle) * second), finish, detail=detail)


def swept(profile: ArrayLike, path: ArrayLike, finish: Finish, *, detail: float = 1.0) -> Sheet:
    """A profile (N, 2) of (outwards, up) carried along a polyline (M, 3); outwards is to the right of the way."""
    section, p = np.asarray(profile, float), np.asarray(path, float)
    along = np.gradient(p, axis=0)
    along[:, 1] = 0
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    out = np.cross(along, (0, 1, 0))
    grid = p[None] + section[:, 0, None, None] * out[None] + section[:, 1, None, None] * np.array([0, 1.0, 0])
    return Sheet(grid, finish, detail=detail)


def wall_with_openings(
    start: ArrayLike,
    along: ArrayLike,
    height: float,
    openings: Iterable[tuple[float, float, float, float]],
    finish: Finish,
    *,
    low: float = 0.0,
    detail: float = 1.0,
) -> list[Sheet]:
    """One face of a wall from `low` to `height` with rectangular holes (s0, s1, y0, y1), seen from the side where
    `along` runs right. Cut so that no corner ends in the middle of an edge.
    """
    o, a = np.asarray(start, float), np.asarray(along, float)
    length = float(np.linalg.norm(a))
    unit = a / length
    holes = list(openings)
    xs = sorted({0.0, length, *(s for h in holes for s in h[:2])})
    found = []
    for s0, s1 in pairwise(xs):
        if s1 - s0 < 1e-6:
            continue
        middle = (s0 + s1) / 2
        y = low
        for hole in sorted((h for h in holes if h[0] <= middle <= h[1]), key=lambda h: h[2]):
            if hole[2] > y + 1e-6:
                found.append((s0, s1, y, hole[2]))
            y = max(y, hole[3])
        if y < height - 1e-6:
            found.append((s0, s1, y, height))
    return [
        quad(
            o + s0 * unit + (0, y0, 0),
            unit * (s1 - s0),
            (0, y1 - y0, 0),
            finish,
            shift=(s0, y0),
            detail=detail,
        )
        for s0, s1, y0, y1 in found
    ]


def arc(radius: float, first_deg: float, last_deg: float, count: int) -> FloatArray:
    """(count, 2) points on a circle, degrees from +x towards +y."""
    angle = np.radians(np.linspace(first_deg, last_deg, count))
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], -1)
