"""The hills around a garden on a slope: rows of tea along their contours, woods, and mountains in the haze.

Nobody walks there. Frame: the hall's. The garden is a rectangle; the hills know only its edge, and join it there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from exhibit.space.greenery import GRASS, crown, leaf, tree
from exhibit.space.masonry import RUBBLE
from exhibit.space.shapes import ruled
from exhibit.space.sheets import Finish, Sheet
from exhibit.space.site import Site
from exhibit.space.tea_rows import far_row, resampled
from recon.modelling.textures import ramp

FloatArray = NDArray[np.float64]
SLOPE = Finish("grass", (3.0, 3.0), tint=(0.96, 0.90, 0.76))
ROW = 1.75  # m from one row of tea to the next above it, on the map
MARGIN = 4.0  # m of grass between the garden and the tea
BANK = 2.0  # m that the land's edge goes down beside the garden, whose terraces lie lower
FAR = 62.0  # m, where the land ends
# x, z, height and radius of hills, metres
HILLS = ((40, -18, 8, 12), (-38, -24, 10, 13), (23, -58, 9, 13), (-20, -62, 12, 14), (52, 24, 7, 12),
         (-48, 12, 7, 12), (-58, -52, 12, 13), (58, -52, 11, 13))  # fmt: skip
# distance, height and roughness of mountain ridges, metres; the tint of each
RIDGES = ((70, 1, 4.0, (0.40, 0.53, 0.48)), (76, 7, 5.0, (0.55, 0.68, 0.69)), (82, 13, 6.0, (0.72, 0.82, 0.88)),
          (88, 20, 7.0, (0.86, 0.93, 1.0)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Garden:
    """Level along x, from -half to half; along z as high as `slope` says, from its foot `low` to its top `high`."""

    half: float
    low: float  # z at its foot
    high: float  # z at its top, less than `low`
    slope: Callable[[FloatArray], FloatArray]  # y of z, beyond its ends too


def height(garden: Garden, x: ArrayLike, z: ArrayLike) -> FloatArray:
    """y of the land at (x, z), any shape: the garden's own height at its edge."""
    x, z = np.broadcast_arrays(np.asarray(x, float), np.asarray(z, float))
    beside = np.maximum(np.abs(x) - garden.half, 0)
    out = np.maximum(np.maximum(beside, garden.high - z), np.maximum(z - garden.low, 0))
    rises = 1 - 2 * ramp(z, garden.low, garden.low + 20)  # beside the garden, and falls away below it
    y = garden.slope(z) + rises * (1.6 * ramp(beside, 0, 10) + 5 * ramp(beside, 4, 46))
    for hx, hz, tall, wide in HILLS:
        y = y + ramp(out, 2, 18) * tall * np.exp(-((x - hx) ** 2 + (z - hz) ** 2) / (2 * wide**2))
    return np.asarray(y)


def hills(site: Site, garden: Garden, front: float, back: float) -> None:
    """The land from z = `front`, below the garden, to `back`, above it, with tea on it and trees."""
    out = np.array([0, 2, MARGIN, 7, 10, 14, 18, 23, 28, 34, FAR - garden.half])
    along = np.concatenate(
        [np.linspace(front, garden.low, 10), np.linspace(garden.low, garden.high, 12)[1:],
         garden.high - np.array([2, MARGIN, 7, 10, 14, 18, 23, 28, 34, garden.high - back])]
    )  # fmt: skip
    across = np.linspace(-garden.half, garden.half, 11)
    grass, tea = out[out <= MARGIN], out[out >= MARGIN]
    edge = garden.high - MARGIN
    beside, above, below = along[along >= edge], along[along <= edge], along[along >= garden.low]
    for near, far in ((-garden.half - grass[::-1], -garden.half - tea[::-1]), (garden.half + grass, garden.half + tea)):
        site.show(_land(garden, near, beside, GRASS))
        site.show(_land(garden, near, above, SLOPE), _land(garden, far, along, SLOPE))
    for x, zs in ((-garden.half, along), (garden.half, along[::-1])):
        zs = zs[(zs <= garden.low) & (zs >= garden.high)]
        bank = np.stack([np.full(len(zs), x), garden.slope(zs), zs], -1)
        site.show(ruled(bank - (0, BANK, 0), bank, RUBBLE))
    between = beside[beside <= garden.high]
    site.show(_land(garden, across, between, GRASS), _land(garden, across, above, SLOPE))
    site.show(_land(garden, across, below, GRASS))
    _tea(site, garden, front, back)
    _woods(site, garden, np.random.default_rng(5))
    _mountains(site)


def _land(garden: Garden, xs: FloatArray, zs: FloatArray, finish: Finish) -> Sheet:
    x, z = np.meshgrid(xs, zs)
    grid = np.stack([x, height(garden, x, z), z], -1)
    return Sheet(grid, finish, spread=np.stack([x, -z], -1), detail=0.16)


def _tea(site: Site, garden: Garden, front: float, back: float) -> None:
    """Rows along the contours, from places one ROW apart: up both sides of the garden, and up the hill above it."""
    side = garden.half + MARGIN + 0.8
    up = np.arange(garden.low - 4, garden.high - MARGIN, -ROW)
    above = np.arange(garden.high - MARGIN - 1.2, back + 8, -ROW)
    contours = [_contour(garden, way * side, z, way, front, back) for way in (-1, 1) for z in up]
    for z in above:
        left, right = (_contour(garden, 0.0, z, way, front, back) for way in (-1, 1))
        contours.append(np.concatenate([left[:0:-1], right]))
    for number, contour in enumerate(contours):
        if len(contour) < 5:
            continue
        rng = np.random.default_rng(number)
        ends = [0, *range(int(rng.integers(6, 16)), len(contour) - 4, 15), len(contour) - 1]
        for first, last in pairwise(ends):  # pieces, each with its own place in the lightmap
            piece = contour[first : last + 1]
            if len(piece) > 3:
                shade = float(rng.uniform(0.85, 1.0))
                distance = float(np.clip(np.abs(piece[:, [0, 2]]).max() / 70, 0, 1))
                tint = (
                    shade * (0.66 + 0.25 * distance),
                    shade * (0.84 + 0.12 * distance),
                    shade * (0.48 + 0.4 * distance),
                )
                far_row(site, resampled(piece, 1.7 + 1.5 * distance), 1.3, 0.75, tint)


def _contour(garden: Garden, x: float, z: float, way: int, front: float, back: float) -> FloatArray:
    """Points (N, 3) along the land's contour from (x, z), away from the garden's middle, until it leaves the hills."""
    points, step = [], 1.5
    at, heading = np.array([x, z]), np.array([float(way), 0.0])
    for _ in range(60):
        beside = max(abs(at[0]) - garden.half, 0.0)
        inside = beside < MARGIN and garden.high - MARGIN < at[1] < garden.low + MARGIN
        if inside or abs(at[0]) > FAR - 4 or not back + 4 < at[1] < front - 4:
            break
        points.append((at[0], float(height(garden, at[0], at[1])), at[1]))
        here = _level(garden, at, heading)
        along = None if here is None else _level(garden, at + 0.5 * step * here, here)  # midpoint rule
        if along is None:
            break
        at, heading = at + step * along, along
    return np.array(points).reshape(-1, 3)


def _level(garden: Garden, at: FloatArray, heading: FloatArray) -> FloatArray | None:
    """The unit vector (x, z) along the land's contour at a point, the one nearer to `heading`; none on level land."""
    ahead, behind = at + 0.2 * np.eye(2), at - 0.2 * np.eye(2)
    dx, dz = (height(garden, ahead[:, 0], ahead[:, 1]) - height(garden, behind[:, 0], behind[:, 1])) / 0.4
    steep = float(np.hypot(dx, dz))
    if steep < 0.08:
        return None
    along = np.array([-dz, dx]) / steep
    return along if along @ heading > 0 else -along


def _woods(site: Site, garden: Garden, rng: np.random.Generator) -> None:
    """Woods on the hills' tops, as tea hills have them, and single trees around the garden."""
    for number, (hx, hz, tall, wide) in enumerate(HILLS):
        many = round(1.1 * tall)
        for k in range(many):
            turn, out = 2.4 * k + number, wide * 0.42 * np.sqrt((k + 0.5) / many)
            x, z, size = hx + out * np.cos(turn), hz + out * np.sin(turn), rng.uniform(1.8, 3.2)
            middle = (x, float(height(garden, x, z)) + 0.55 * size, z)
            shade = rng.uniform(0.75, 1.0)
            leaves = leaf((0.66 * shade, 0.76 * shade, 0.66 * shade))
            crown(site, middle, (size, 0.9 * size, size), 100 * number + k, leaves, cards=9, detail=0.15, far=True)
    for k in range(10):
        side = -1 if k % 2 else 1
        x, z = side * (garden.half + float(rng.uniform(2.5, 9))), float(rng.uniform(garden.high - 12, garden.low + 2))
        tree(site, x, z, float(height(garden, x, z)), float(rng.uniform(5.0, 8.0)), 60 + k, far=True)


def _mountains(site: Site) -> None:
    """Ridges one behind the other, paler the farther: they glow with the light of the air before them."""
    rng = np.random.default_rng(88)
    turn = np.linspace(0, 2 * np.pi, 121)
    foot = np.full(len(turn), -16.0)
    for distance, tall, rough, tint in RIDGES:
        crest = tall * (1 + 0.5 * np.exp(-(((turn - 1.5 * np.pi) / 0.6) ** 2)))  # higher behind the garden
        for k in range(2, 26):
            crest += rough * rng.normal() / k**0.9 * np.cos(k * turn + rng.uniform(0, 6.28))
        crest = np.maximum(crest, foot + 1)
        grid = np.empty((2, len(turn), 3))
        grid[..., 0], grid[..., 2] = distance * np.cos(turn), distance * np.sin(turn)
        grid[:, :, 1] = foot, crest
        haze = np.clip((grid[..., 1] + 16) / (crest.max() + 16), 0.02, 0.98)
        spread = np.stack([np.broadcast_to(turn, haze.shape), haze], -1)
        site.show(Sheet(grid, Finish("ridge", (1.0, 1.0), tint=tint, glows=True, clear=True), spread=spread))
        foot = crest - 5  # what the nearer ones hide is left out
