"""Rows of tea: bushes clipped to one rounded back, closed all around, with young shoots on top."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from exhibit.space.foliage import leafy
from exhibit.space.sheets import Finish, Sheet
from exhibit.space.site import Site

FloatArray = NDArray[np.float64]
BUSH = 0.95  # m from one bush to the next
STEP = 0.55  # m between the cross sections of a near row
# (outwards, up) of a row's half, shares of its half width and its height: a skirt, a round shoulder, a flat back
HALF = ((0.86, -0.06), (1.02, 0.34), (0.90, 0.72), (0.52, 0.96), (0.0, 1.0))
PLAIN = ((0.95, -0.25), (0.72, 0.78), (0.0, 1.0))


def row(site: Site, path: FloatArray, width: float, height: float, seed: int, *, shoots: float = 2.2) -> None:
    """A row of bushes along a polyline (N, 3) on the ground, with `shoots` cards of leaves a metre."""
    rng = np.random.default_rng(seed)
    p = resampled(path, STEP)
    along = np.arange(len(p)) * STEP
    bulge = 1 + 0.055 * np.cos(2 * np.pi * (along / BUSH + rng.random())) + rng.normal(0, 0.012, len(p))
    grid = _body(p, HALF, width, height, bulge)
    grid += rng.normal(0, 0.012, grid.shape)
    shade = rng.uniform(0.9, 1.05)
    body = Sheet(grid, Finish("foliage", (1.0, 1.0), tint=(0.70 * shade, 0.86 * shade, 0.50 * shade)), detail=0.35)
    count = int(shoots * along[-1])
    site.show(leafy(body, count, 0.27, (0.86 * shade, 1.0, 0.58), rng, lift=0.035, lean=0.45, least_up=0.1))


def far_row(site: Site, path: FloatArray, width: float, height: float, tint: tuple[float, float, float]) -> None:
    """A row as it is seen from afar, along a polyline (N, 3)."""
    grid = _body(path, PLAIN, width, height, np.ones(len(path)), closed=False)
    site.show(Sheet(grid, Finish("foliage", (1.4, 1.4), tint=tint), detail=0.12))


def resampled(path: FloatArray, step: float) -> FloatArray:
    """Points (M, 3) about `step` apart along a polyline (N, 3)."""
    walked = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    even = np.linspace(0, walked[-1], max(3, round(walked[-1] / step) + 1))
    return np.stack([np.interp(even, walked, path[:, k]) for k in range(3)], -1)


def _body(
    path: FloatArray,
    half: tuple[tuple[float, float], ...],
    width: float,
    height: float,
    bulge: FloatArray,
    *,
    closed: bool = True,
) -> FloatArray:
    """The grid of a body with these cross sections; a closed one's shrink to a point at both ends."""
    section = np.array([*half, *((-x, y) for x, y in half[-2::-1])])
    way = np.gradient(path, axis=0)
    way[:, 1] = 0
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    out = np.cross(way, (0.0, 1.0, 0.0))
    walked = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    near_end = np.ones(len(path)) if not closed else np.minimum(walked, walked[-1] - walked) / (0.55 * width)
    share = np.sqrt(np.clip(1 - (1 - np.clip(near_end, 0, 1)) ** 2, 0, 1)) * bulge
    wide = section[:, 0, None, None] * out[None] * (width / 2 * share)[None, :, None]
    tall = section[:, 1, None] * (height * (0.25 + 0.75 * np.minimum(share, 1)))[None]
    grid = path[None] + wide
    grid[..., 1] += tall
    if closed:
        ends = np.array([0, -1])
        grid[:, ends] = path[ends] - (0, 0.05, 0)
    return np.asarray(grid)
