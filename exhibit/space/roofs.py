"""Tiled roofs: corrugated slopes with a sag, and the swallowtail ridges of Minnan houses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exhibit.space.shapes import bar, quad, ruled, swept, turned
from exhibit.space.sheets import Finish, Sheet
from exhibit.space.site import Site
from exhibit.space.timberwork import DARK, rafters

FloatArray = NDArray[np.float64]
RED_TILE = Finish("roof_tile", (1.2, 1.2), tint=(0.66, 0.25, 0.15))
GREY_TILE = Finish("roof_tile", (1.2, 1.2), tint=(0.22, 0.22, 0.22))
RIDGE_RED = Finish("plaster", (2.4, 2.4), tint=(0.52, 0.17, 0.10))
RIDGE_WHITE = Finish("plaster", (2.4, 2.4), tint=(0.86, 0.82, 0.74))
PITCH, ROLL = 0.24, 0.058  # between the rolls of half-round tiles, and their radius


@dataclass(frozen=True, slots=True)
class Roof:
    """A gable roof along x over (x0..x1); eaves and ridge as (z, y), the ridge between the eaves."""

    x0: float
    x1: float
    front: tuple[float, float]
    ridge: tuple[float, float]
    back: tuple[float, float]
    sag: float = 0.22  # of a slope's middle below its chord
    lift: float = 0.35  # of the ridge's ends, and a third of it of the eaves'
    rows: int = 7  # of points up a slope: two where it is straight

    def slope(self, front: bool, count: int | None = None) -> list[tuple[float, float]]:
        """(z, y) from the eaves up."""
        z0, y0 = self.front if front else self.back
        z1, y1 = self.ridge
        t = np.linspace(0, 1, count or self.rows)
        return [(float(z0 + (z1 - z0) * v), float(y0 + (y1 - y0) * v - 4 * self.sag * v * (1 - v))) for v in t]

    def raised(self, x: FloatArray) -> FloatArray:
        u = np.abs(x - (self.x0 + self.x1) / 2) / ((self.x1 - self.x0) / 2)
        return np.asarray(self.lift * np.clip(u, 0, 1.3) ** 3)


def tiled(
    site: Site, roof: Roof, tile: Finish, under: Finish = DARK, *, ceiling: bool = True, verge: Finish = RIDGE_RED
) -> None:
    """Both slopes with their eaves' ends, undersides, rafters and purlins; `verge` is the board along the gables."""
    for front in (True, False):
        curve = np.array(roof.slope(front))
        grid = _corrugated(roof, curve, front)
        site.show(Sheet(grid, tile, detail=0.45))
        eave = grid[0]
        site.show(ruled(eave - (0, 0.09, 0), eave, tile, detail=0.4))
        if ceiling:
            under_curve = [(z, y - 0.12) for z, y in roof.slope(front, 5)]
            xs = np.linspace(roof.x0, roof.x1, 9)
            rise = np.linspace(0.33, 1, 5)[:, None] * roof.raised(xs)
            low = np.array([[(x, y, z) for x in xs] for z, y in under_curve])
            low[..., 1] += rise
            site.show(Sheet(low if not front else low[:, ::-1], under, detail=0.7))
            rafters(site, roof.x0, roof.x1, [(z, y - 0.15) for z, y in roof.slope(front, 4)], under)
    _verges(site, roof, tile, verge)


def purlins(roof: Roof, count: int) -> list[tuple[float, float]]:
    """(z, y) below the slopes: `count` on each side and one under the ridge."""
    found = [(roof.ridge[0], roof.ridge[1] - 0.30)]
    for front in (True, False):
        found += [(z, y - 0.30) for z, y in roof.slope(front, count + 1)[:-1]]
    return sorted(found)


def under(roof: Roof, z: float, count: int) -> float:
    """Height of the purlins' line above z, to which posts rise."""
    at, heights = zip(*purlins(roof, count), strict=True)
    return float(np.interp(z, np.array(at), np.array(heights)))


def show_purlins(site: Site, roof: Roof, count: int, finish: Finish) -> None:
    for z, y in purlins(roof, count):
        site.show(bar((roof.x0, y + 0.02, z), (roof.x1, y + 0.02, z), 0.16, 0.18, finish, detail=0.7))


def _corrugated(roof: Roof, curve: FloatArray, front: bool) -> FloatArray:
    x = [roof.x0]
    h = [0.0]
    for k in range(int((roof.x1 - roof.x0) / PITCH)):
        middle = roof.x0 + (k + 0.5) * PITCH
        for dx, dy in ((-ROLL, 0.0), (-0.7 * ROLL, 0.7 * ROLL), (0, ROLL), (0.7 * ROLL, 0.7 * ROLL), (ROLL, 0.0)):
            x.append(middle + dx)
            h.append(dy)
    x.append(roof.x1)
    h.append(0.0)
    xs, hs = np.array(x), np.array(h)
    share = np.linspace(0.33, 1, len(curve))[:, None]
    grid = np.empty((len(curve), len(xs), 3))
    grid[..., 0] = xs
    grid[..., 1] = curve[:, 1:] + hs + roof.raised(xs) * share
    grid[..., 2] = curve[:, :1]
    return grid if front else grid[:, ::-1]


def _verges(site: Site, roof: Roof, tile: Finish, board: Finish) -> None:
    """Rolls of tile and a board along the gables."""
    for x, side in ((roof.x0, -1.0), (roof.x1, 1.0)):
        line = []
        for front in (True, False):
            points = [
                (x, y + float(roof.raised(np.array([x]))[0]) * (0.33 + 0.67 * k / (roof.rows - 1)), z)
                for k, (z, y) in enumerate(roof.slope(front))
            ]
            line.append(np.array(points))
        for edge in line:
            low = edge - (0, 0.20, 0)
            if (edge[-1, 2] - edge[0, 2]) * side < 0:
                site.show(ruled(low, edge + np.array([0, 0.05, 0]), board, detail=0.6))
            else:
                site.show(ruled(low[::-1], (edge + np.array([0, 0.05, 0]))[::-1], board, detail=0.6))
            site.show(_tapered(edge + np.array([-side * 0.05, 0.05, 0]), np.full(len(edge), 0.085), tile, 8))


def gable(
    site: Site, roof: Roof, x: float, side: int, base: float, finish: Finish, *, thick: float = 0.0, detail: float = 0.8
) -> None:
    """The wall below a roof's gable at `x` from `base` up, seen from `side` (the sign of x)."""
    points = [*roof.slope(True), *roof.slope(False)[::-1][1:]]
    top = np.array([(x, y - 0.1 + float(roof.raised(np.array([x]))[0]) * 0.5, z) for z, y in points])
    low = top.copy()
    low[:, 1] = base
    if (top[-1, 2] - top[0, 2]) * side > 0:
        top, low = top[::-1], low[::-1]
    site.show(ruled(low, top, finish, flat=True, detail=detail))
    del thick


def swallowtail(site: Site, roof: Roof, *, tall: float = 0.42, beyond: float = 0.55, tail: float = 1.1) -> None:
    """The main ridge: a plastered wall that curves up to both ends, where it parts in two slender tails."""
    z, y = roof.ridge
    half = (roof.x1 - roof.x0) / 2
    middle = (roof.x0 + roof.x1) / 2
    x = np.linspace(-half - beyond, half + beyond, 33)
    u = np.abs(x) / half
    rise = roof.lift * np.clip(u, 0, 1) ** 3 + np.clip(u - 1, 0, None) * half * 0.55
    path = np.stack([middle + x, y - 0.05 + rise, np.full(33, z)], -1)
    h = tall
    for profile, finish in (
        ([(-0.13, 0), (-0.13, 0.13 * h)], RIDGE_WHITE),
        ([(-0.13, 0.13 * h), (-0.10, 0.16 * h), (-0.10, 0.72 * h), (-0.14, 0.76 * h)], RIDGE_RED),
        (
            [(-0.14, 0.76 * h), (-0.15, 0.90 * h), (-0.09, h), (0.09, h), (0.15, 0.90 * h), (0.14, 0.76 * h)],
            RIDGE_WHITE,
        ),
        ([(0.14, 0.76 * h), (0.10, 0.72 * h), (0.10, 0.16 * h), (0.13, 0.13 * h)], RIDGE_RED),
        ([(0.13, 0.13 * h), (0.13, 0)], RIDGE_WHITE),
    ):
        section = np.array(profile)
        site.show(Sheet(swept(section, path, finish).grid[::-1], finish, detail=0.8))
    for side in (-1, 1):
        end = path[-1 if side > 0 else 0] + (0, h * 0.82, 0)
        for part in (-1, 1):
            t = np.linspace(0, 1, 9)
            prong = np.stack(
                [
                    end[0] + side * tail * (0.9 * t - 0.16 * t**3),
                    end[1] - 0.06 + tail * (0.30 * t + 0.52 * t**2.4),
                    end[2] + part * (0.05 + 0.13 * t**1.2),
                ],
                -1,
            )
            prong = np.concatenate([prong[:1] - (side * 0.5, 0.10, part * 0.01), prong])
            site.show(_tapered(prong, np.concatenate([[0.09], 0.085 * (1 - 0.88 * t)]), RIDGE_RED, 7))
        site.show(
            quad(
                end + np.array([0, -h * 0.82, 0.10 * side]),
                (0, 0, -0.20 * side),
                (side * 0.05, h * 0.8, 0),
                RIDGE_WHITE,
            )
        )


def ball(site: Site, at: tuple[float, float, float], radius: float, finish: Finish) -> None:
    site.show(turned(at, [(radius * np.sin(a), radius * (1 - np.cos(a))) for a in np.linspace(0, np.pi, 7)], finish))


def _tapered(path: FloatArray, radius: FloatArray, finish: Finish, sides: int) -> Sheet:
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    first = np.cross(along, (0.0, 0.05, 1.0))
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    second = np.cross(along, first)
    angle = np.linspace(0, 2 * np.pi, sides + 1)[:, None, None]
    return Sheet(path - radius[:, None] * (np.cos(angle) * first - np.sin(angle) * second), finish, detail=0.6)
