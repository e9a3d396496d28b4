"""Surroundings: the sky's dome, trees, hedges, potted plants."""

from __future__ import annotations

import numpy as np

from exhibit.space.masonry import GRANITE
from exhibit.space.shapes import quad, swept, turned
from exhibit.space.sheets import Finish, Sheet
from exhibit.space.site import Site

SKY = Finish("sky", (1.0, 1.0), glows=True, clear=True)
GRASS = Finish("grass", (3.0, 3.0))
BARK = Finish("timber", (1.6, 1.6), tint=(0.25, 0.20, 0.16))


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
    *, detail: float = 0.25, far: bool = False,
) -> None:  # fmt: skip
    """A clump of leaves: a lumpy ball; of fewer corners where it is `far`."""
    rng = np.random.default_rng(seed)
    rows, columns = (5, 9) if far else (7, 11)
    rise, turn = np.linspace(-np.pi / 2, np.pi / 2, rows)[:, None], np.linspace(0, 2 * np.pi, columns)[None]
    lump = np.ones((rows, columns))
    for _ in range(5):
        a, b, p, q = rng.integers(1, 4), rng.integers(1, 5), *rng.uniform(0, 6.28, 2)
        lump = lump + 0.075 * np.sin(a * 2 * rise + p) * np.cos(b * turn + q)
    ball = np.stack(
        np.broadcast_arrays(np.cos(rise) * np.sin(turn), np.sin(rise) + 0 * turn, np.cos(rise) * np.cos(turn)), -1
    )
    site.show(Sheet(np.asarray(at) + ball * lump[..., None] * np.asarray(size), finish, detail=detail))


def tree(
    site: Site, x: float, z: float, y: float, height: float, seed: int, finish: Finish | None = None,
    *, far: bool = False,
) -> None:  # fmt: skip
    """A broad-leaved tree: a trunk and a crown of clumps, plainer where it is `far`."""
    rng = np.random.default_rng(seed)
    girth = 0.045 * height
    site.show(
        turned(
            (x, y - 0.2, z), [(girth * 1.5, 0), (girth, 0.3), (girth * 0.7, height * 0.55)], BARK, sides=9, detail=0.3
        )
    )
    for k in range(16):
        angle = 2.4 * k + rng.uniform(0, 0.6)
        out = height * 0.27 * np.sqrt(k / 15)
        size = height * rng.uniform(0.10, 0.16)
        at = (
            x + out * np.cos(angle),
            y + height * (0.84 - 0.016 * k + rng.uniform(-0.04, 0.05)),
            z + out * np.sin(angle),
        )
        shade = rng.uniform(0.75, 1.1)
        chosen = finish or leaf((0.62 * shade, 0.72 * shade, 0.60 * shade))
        crown(site, at, (size, size * 0.78, size), seed * 100 + k, chosen, far=far)


def hedge(site: Site, path: np.ndarray, width: float, height: float, finish: Finish) -> None:
    """A clipped row along a polyline (N, 3): a tea hedge's rounded back."""
    w = width / 2
    profile = [(w, -0.1), (w * 1.06, height * 0.45), (w * 0.8, height * 0.86), (w * 0.3, height), (-w * 0.3, height),
               (-w * 0.8, height * 0.86), (-w * 1.06, height * 0.45), (-w, -0.1)]  # fmt: skip
    sheet = swept(profile, path, finish, detail=0.3)
    rng = np.random.default_rng(len(path))
    grid = sheet.grid + rng.normal(0, 0.035, sheet.grid.shape) * np.array([1, 1, 1])
    site.show(Sheet(grid, finish, detail=0.3))
    for end, step in ((0, 1), (-1, -2)):
        cap = grid[:, end]
        middle = cap.mean(0) + (cap.mean(0) - grid[:, step].mean(0)) * 0.12
        rows = np.stack([cap, np.broadcast_to(middle, cap.shape)])
        site.show(Sheet(rows[:, ::-1] if end == 0 else rows, finish, detail=0.3))


def potted(site: Site, x: float, z: float, y: float, seed: int, *, glaze: Finish = GRANITE, size: float = 1.0) -> None:
    """A shrub in a turned pot."""
    pot = [(0.14, 0), (0.20, 0.10), (0.24, 0.28), (0.23, 0.36), (0.26, 0.40), (0.22, 0.40), (0.0, 0.36)]
    site.show(turned((x, y, z), [(r * size, h * size) for r, h in pot], glaze, sides=14))
    rng = np.random.default_rng(seed)
    for k in range(11):
        angle, out = 2.4 * k + seed, 0.20 * size * np.sqrt(k % 5 / 4)
        at = (x + out * np.cos(angle), y + (0.50 + 0.055 * k) * size, z + out * np.sin(angle))
        r = rng.uniform(0.10, 0.17) * size
        crown(site, at, (r, r * 0.8, r), seed * 20 + k, leaf((0.6, 0.72, 0.55)), detail=0.8)
    site.block((x - 0.26 * size, y, z - 0.26 * size), (x + 0.26 * size, y + 1.2 * size, z + 0.26 * size))
