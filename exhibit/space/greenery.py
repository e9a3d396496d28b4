"""Surroundings: the sky's dome, trees, potted plants."""

from __future__ import annotations

import numpy as np

from exhibit.space.foliage import leafy
from exhibit.space.masonry import GRANITE
from exhibit.space.shapes import quad, tube, turned
from exhibit.space.sheets import Finish, Sheet
from exhibit.space.site import Site

SKY = Finish("sky", (1.0, 1.0), glows=True, clear=True)
GRASS = Finish("grass", (3.0, 3.0))
BARK = Finish("timber", (1.6, 1.6), tint=(0.24, 0.27, 0.36))
CORE = 0.72  # of a clump's size: what is solid below its leaves
FRESH = (1.25, 1.25, 1.05)  # the outer leaves to those inside


def leaf(tint: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Finish:
    return Finish("foliage", (1.0, 1.0), tint=tint)


def dome(site: Site, radius: float = 90.0) -> None:
    """The sky around and above, seen from inside: its picture once around."""
    rise = np.radians([-30.0, 0.0, 2.0, 5.0, 9.0, 14.0, 20.0, 28.0, 38.0, 50.0, 65.0, 89.9])
    turn = np.linspace(0, 2 * np.pi, 49)
    grid = np.empty((len(rise), len(turn), 3))
    grid[..., 0] = radius * np.cos(rise)[:, None] * np.cos(turn)
    grid[..., 1] = radius * np.sin(rise)[:, None] + 1.6
    grid[..., 2] = radius * np.cos(rise)[:, None] * np.sin(turn)
    up = np.clip(np.degrees(rise) / 72.0, 0.004, 0.996)
    spread = np.stack(np.broadcast_arrays(2 * turn[None] / (2 * np.pi), up[:, None]), -1)
    site.show(Sheet(grid, SKY, spread=np.ascontiguousarray(spread)))


def meadow(site: Site, reach: float, y: float, finish: Finish = GRASS) -> None:
    site.show(quad((-reach, y, reach), (2 * reach, 0, 0), (0, 0, -2 * reach), finish, detail=0.04))


def crown(
    site: Site, at: tuple[float, float, float], size: tuple[float, float, float], seed: int, finish: Finish,
    *, cards: int, detail: float = 0.25, far: bool = False,
) -> None:  # fmt: skip
    """A clump of leaves: a lumpy ball, of fewer corners where it is `far`, with `cards` of leaves around it."""
    rng = np.random.default_rng(seed)
    rows, columns = (4, 7) if far else (5, 9)
    rise, turn = np.linspace(-np.pi / 2, np.pi / 2, rows)[:, None], np.linspace(0, 2 * np.pi, columns)[None]
    lump = np.ones((rows, columns))
    for _ in range(5):
        a, b, p, q = rng.integers(1, 4), rng.integers(1, 5), *rng.uniform(0, 6.28, 2)
        lump = lump + 0.075 * np.sin(a * 2 * rise + p) * np.cos(b * turn + q)
    ball = np.stack(
        np.broadcast_arrays(np.cos(rise) * np.sin(turn), np.sin(rise) + 0 * turn, np.cos(rise) * np.cos(turn)), -1
    )
    core = Sheet(np.asarray(at) + CORE * ball * lump[..., None] * np.asarray(size), finish, detail=detail)
    wide = float(np.mean(size))
    tint = (finish.tint[0] * FRESH[0], finish.tint[1] * FRESH[1], finish.tint[2] * FRESH[2])
    site.show(leafy(core, cards, 0.95 * wide, tint, rng, lift=(1 - CORE) * 0.75 * wide))


def tree(
    site: Site, x: float, z: float, y: float, height: float, seed: int, finish: Finish | None = None,
    *, far: bool = False,
) -> None:  # fmt: skip
    """A broad-leaved tree: a leaning trunk, boughs, and a crown of clumps; of fewer leaves where it is `far`."""
    rng = np.random.default_rng(seed)
    girth, lean = 0.032 * height, rng.uniform(-0.06, 0.06, 2) * height
    fork = np.array([x + lean[0], y + 0.46 * height, z + lean[1]])
    share = np.linspace(0, 1, 5)
    trunk = np.array([x, y - 0.2, z]) + share[:, None] * (fork - (x, y - 0.2, z))
    trunk[:, [0, 2]] -= np.outer(np.sin(np.pi * share), lean) * 0.5
    thick = girth * np.array([1.7, 1.05, 0.9, 0.82, 0.75])
    site.show(_tapered(trunk, thick, 5 if far else 9))
    for k in range(7 if far else 11):
        turn = 2.4 * k + rng.uniform(0, 0.6)
        out = height * 0.30 * np.sqrt(k / 10)
        size = height * rng.uniform(0.15, 0.20)
        rise = height * (0.34 - 0.021 * k + rng.uniform(-0.03, 0.03))
        at = fork + np.array([out * np.cos(turn), rise, out * np.sin(turn)])
        if k and not far:
            bough = np.stack([fork - (0, 0.06 * height * (k % 3), 0), (fork + at) / 2 - (0, 0.03 * height, 0), at])
            site.show(_tapered(bough, girth * np.array([0.5, 0.36, 0.2]), 5))
        shade = rng.uniform(0.78, 1.0)
        chosen = finish or leaf((0.72 * shade, 0.80 * shade, 0.56 * shade))
        place = (float(at[0]), float(at[1]), float(at[2]))
        crown(site, place, (size, size * 0.78, size), seed * 100 + k, chosen, cards=8 if far else 20, far=far)


def _tapered(path: np.ndarray, radius: np.ndarray, sides: int) -> Sheet:
    """Bark around a path (N, 3) of these radii (N,)."""
    middle = tube(path, 1.0, BARK, sides=sides, detail=0.3)
    return Sheet(path + (middle.grid - path) * radius[:, None], BARK, detail=0.3)


def potted(site: Site, x: float, z: float, y: float, seed: int, *, glaze: Finish = GRANITE, size: float = 1.0) -> None:
    """A shrub in a turned pot."""
    pot = [(0.14, 0), (0.20, 0.10), (0.24, 0.28), (0.23, 0.36), (0.26, 0.40), (0.22, 0.40), (0.0, 0.36)]
    site.show(turned((x, y, z), [(r * size, h * size) for r, h in pot], glaze, sides=14))
    rng = np.random.default_rng(seed)
    for k in range(11):
        angle, out = 2.4 * k + seed, 0.20 * size * np.sqrt(k % 5 / 4)
        at = (x + out * np.cos(angle), y + (0.50 + 0.055 * k) * size, z + out * np.sin(angle))
        r = rng.uniform(0.10, 0.17) * size
        crown(site, at, (r, r * 0.8, r), seed * 20 + k, leaf((0.6, 0.72, 0.55)), cards=7, detail=0.8)
    site.block((x - 0.26 * size, y, z - 0.26 * size), (x + 0.26 * size, y + 1.2 * size, z + 0.26 * size))
