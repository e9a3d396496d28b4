"""The hills around a garden on a slope: tea in rows along them, woods on their tops. Nobody walks there.

Frame: the hall's; the garden is a rectangle of which the hills know only the edge, and join it there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from exhibit.space.greenery import GRASS, crown, leaf, tree
from exhibit.space.shapes import ruled
from exhibit.space.sheets import Finish, Sheet
from exhibit.space.site import Site
from recon.modelling.textures import ramp

FloatArray = NDArray[np.float64]
TEA = Finish("tea_rows", (8.0, 8.0))
ROW = 0.55  # m from one row of tea to the next above it
ROWS = 6  # in the picture
MARGIN = 6.0  # m of grass between the garden and the tea
BANK = 2.0  # m that the land's edge goes down beside the garden, whose terraces lie lower
FAR = 85.0  # m, where the sky begins
# x, z, height and radius of hills, metres
HILLS = ((44, -14, 10, 13), (-40, -24, 13, 15), (66, -46, 18, 17), (-68, 4, 10, 15), (27, -56, 11, 13),
         (-20, -60, 9, 11), (60, 26, 9, 13), (-44, 42, 8, 14), (4, -66, 7, 16), (-74, -52, 17, 17),
         (17, 51, 13, 11), (-17, 57, 13, 12))  # fmt: skip


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
    y = garden.slope(z) + rises * (2 * ramp(beside, 0, 9) + 4 * ramp(beside, 0, 60))
    for hx, hz, tall, wide in HILLS:
        y = y + ramp(out, 2, 16) * tall * np.exp(-((x - hx) ** 2 + (z - hz) ** 2) / (2 * wide**2))
    return np.asarray(y)


def hills(site: Site, garden: Garden, front: float, back: float) -> None:
    """The land from z = `front`, below the garden, to `back`, above it, with tea on it and trees."""
    out = np.array([0, 3, MARGIN, 9, 12, 16, 20, 25, 30, 36, 43, 51, 60, FAR - garden.half])
    along = np.concatenate(
        [np.linspace(front, garden.low, 12), np.linspace(garden.low, garden.high, 10)[1:],
         garden.high - np.array([3, MARGIN, 9, 13, 17, 21, 26, 31, 37, garden.high - back])]
    )  # fmt: skip
    across = np.linspace(-garden.half, garden.half, 9)
    grass, tea = out[out <= MARGIN], out[out >= MARGIN]
    edge = garden.high - MARGIN
    beside, above, below = along[along >= edge], along[along <= edge], along[along >= garden.low]
    for near, far in ((-garden.half - grass[::-1], -garden.half - tea[::-1]), (garden.half + grass, garden.half + tea)):
        site.show(_land(garden, near, beside, GRASS), _land(garden, near, above, TEA), _land(garden, far, along, TEA))
    for x, zs in ((-garden.half, along), (garden.half, along[::-1])):
        zs = zs[(zs <= garden.low) & (zs >= garden.high)]
        bank = np.stack([np.full(len(zs), x), garden.slope(zs), zs], -1)
        site.show(ruled(bank - (0, BANK, 0), bank, GRASS))
    between = beside[beside <= garden.high]
    site.show(_land(garden, across, between, GRASS), _land(garden, across, above, TEA))
    site.show(_land(garden, across, below, TEA))
    _woods(site, garden, np.random.default_rng(5))


def _land(garden: Garden, xs: FloatArray, zs: FloatArray, finish: Finish) -> Sheet:
    x, z = np.meshgrid(xs, zs)
    y = height(garden, x, z)
    climb = y * finish.size[1] / (ROWS * ROW) if finish is TEA else -z  # rows of tea run level
    return Sheet(np.stack([x, y, z], -1), finish, spread=np.stack([x + 0.6 * z, climb], -1), detail=0.16)


def _woods(site: Site, garden: Garden, rng: np.random.Generator) -> None:
    """Woods on the hills' tops, as tea hills have them, and single trees around the garden."""
    for number, (hx, hz, tall, wide) in enumerate(HILLS):
        many = round(1.5 * tall)
        for k in range(many):
            turn, out = 2.4 * k + number, wide * 0.45 * np.sqrt((k + 0.5) / many)
            x, z, size = hx + out * np.cos(turn), hz + out * np.sin(turn), rng.uniform(1.6, 3.0)
            middle = (x, float(height(garden, x, z)) + 0.45 * size, z)
            shade = rng.uniform(0.7, 1.0)
            leaves = leaf((0.60 * shade, 0.72 * shade, 0.58 * shade))
            crown(site, middle, (size, 0.85 * size, size), 100 * number + k, leaves, detail=0.15, far=True)
    for k in range(14):
        side = -1 if k % 2 else 1
        x, z = side * (garden.half + float(rng.uniform(2.5, 11))), float(rng.uniform(garden.high - 14, garden.low + 4))
        tree(site, x, z, float(height(garden, x, z)), float(rng.uniform(5.5, 9.5)), 60 + k, far=True)
    for k in range(6):
        x, z = float(rng.uniform(-garden.half, garden.half)), garden.high - float(rng.uniform(3, 9))
        tree(site, x, z, float(height(garden, x, z)), float(rng.uniform(6, 9)), 90 + k, far=True)
