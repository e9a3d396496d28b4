"""An open hillside of tea terraces: a stone path climbs between hedges to a pavilion that looks over the valley.

Hall frame: +Y up, metres; visitors enter at the foot, at +z, and climb towards -z.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from exhibit.documents.types import Text
from exhibit.space.furniture import bench, lantern, platform, plinth, standing_panel
from exhibit.space.greenery import GRASS, dome, hedge, leaf
from exhibit.space.hall import Hall
from exhibit.space.landscape import Garden, hills
from exhibit.space.light_sources import Sky, Sun
from exhibit.space.masonry import GRANITE, floor
from exhibit.space.roofs import GREY_TILE, Roof, purlins, show_purlins, swallowtail, tiled, under
from exhibit.space.shapes import bar, box, quad, ruled
from exhibit.space.sheets import Finish, Sheet
from exhibit.space.site import Site
from exhibit.space.sizes import Size, doors_size
from exhibit.space.timberwork import DARK, OLD_PINE, frame, leaves, post

FloatArray = NDArray[np.float64]
STONE = Finish("cobble", (2.4, 2.4))
SLAB = Finish("granite", (1.2, 1.2), tint=(0.92, 0.90, 0.86))
SOIL = Finish("rammed_earth", (3.2, 3.2), tint=(0.62, 0.52, 0.46))
RISE, RISERS, TREAD, DEEP, WAY = 0.90, 6, 0.42, 5.6, 1.25
DOORS: tuple[tuple[str, Text], ...] = (
    ("valley", {"zh": "山脚小门", "en": "The valley gate"}),
    ("ridge", {"zh": "山上小门", "en": "The ridge gate"}),
)
SIZES = (
    Size("terraces", {"zh": "台地层数", "en": "Terraces"}, 3, 8, 1, 5, unit=""),
    Size("width", {"zh": "山坡宽度", "en": "Width of the hill"}, 24.0, 40.0, 1.0, 30.0),
    doors_size(2),
)


def hall(*, terraces: int = 5, width: float = 30.0, doors: Sequence[tuple[str, Text]] = DOORS) -> Hall:
    """`terraces` above the lowest (3 to 8), `width` across; the first door is at the foot, the second at the top."""
    if not 3 <= terraces <= 8:
        raise ValueError(f"{terraces} terraces: 3 to 8 are built")
    site = Site()
    half = width / 2
    dome(site)
    _around(site, half, terraces)
    for k in range(terraces + 1):
        _terrace(site, k, terraces, half)
    for k in range(terraces):
        _flight(site, k)
    _pavilion(site, terraces)
    _gates(site, terraces, doors)
    _furnish(site, terraces)
    return Hall(
        title={"zh": "茶山", "en": "The tea hillside"},
        summary={
            "zh": "石阶穿过一层层茶垄，通向山上的凉亭；回头便是山谷。",
            "en": "Stone steps climb through the rows of tea to a pavilion; behind you lies the valley.",
        },
        statement={
            "zh": "这是用程序代码建成的虚拟山坡，参照安溪一带的梯级茶园，光照预先计算，并非实有的地点。",
            "en": "A virtual hillside made in code after the terraced tea gardens of Anxi, its light computed "
            "beforehand. It is not an existing place.",
        },
        site=site,
        start=((0.2, 1.6, 9.3), (-0.2, 2.3, -8.0), 64.0),
        poster=((-3.6, 1.65 + RISE, 0.2), (1.6, 3.9, -14.0), 66.0),
        sky=Sky(),
        sun=Sun((-0.62, 0.78, 0.40)),
        background="#dfe6e8",
        exposure=0.50,
        adaptation=0.30,
        ambient=1.6,
    )  # fmt: skip


def edge(k: int, x: FloatArray) -> FloatArray:
    """z of the retaining wall below terrace k: it follows the hill's shape, straight where the path crosses."""
    bend = 2.4 * np.sin(np.asarray(x) / 8.5 + 0.35 * k) - 2.4 * np.sin(0.35 * k)
    calm = 1 - np.exp(-((np.asarray(x) / 4.5) ** 4))
    return np.asarray(9.2 - DEEP * k + bend * calm)


def _terrace(site: Site, k: int, terraces: int, half: float) -> None:
    y = k * RISE
    x = np.linspace(-half, half, 41)
    near = edge(k, x) if k else np.full(41, 10.4)
    far = edge(k + 1, x) if k < terraces else np.full(41, edge(k, np.zeros(1))[0] - DEEP - 2.0)
    grid = np.stack([np.stack([x, np.full(41, y), near], -1), np.stack([x, np.full(41, y), far], -1)])
    spread = np.stack([grid[..., 0], -grid[..., 2]], -1)
    site.show(Sheet(grid, GRASS, spread=spread, detail=0.8))
    rows = np.stack([grid[0] + (0, 0, 0.0), grid[0] * 0.5 + grid[1] * 0.5, grid[1] - (0, 0, 0.4)])
    site.ground(rows)
    # the path
    z0, z1 = (10.4 if k == 0 else float(edge(k, np.zeros(1))[0])), float(far[20])
    site.show(quad((-WAY, y + 0.004, z0), (2 * WAY, 0, 0), (0, 0, z1 - z0), STONE, shift=(0, -z0)))
    # the retaining wall above, seen from here
    if k < terraces:
        foot = np.stack([x, np.full(41, y), far], -1)
        site.show(ruled(foot, foot + np.array([0, RISE, 0]), STONE, detail=0.9))
        cap = np.stack([x, np.full(41, y + RISE), far + 0.06], -1)
        site.show(
            ruled(cap - (0, 0.10, 0), cap, SLAB, detail=0.6), ruled(cap, cap - (0, -0.004, 0.42), SLAB, detail=0.6)
        )
    # hedges: one along the edge, which nobody steps over, and rows behind it
    for side in (-1, 1):
        first = WAY + 0.75 if k else WAY + 1.2
        xs = np.linspace(first, half - 0.3, 16) * side
        rows_here = ((0.55, 0.95, 0.9), (2.35, 1.0, 0.8)) if k else ((1.2, 1.0, 0.9), (3.9, 1.0, 0.8))
        start = edge(k, xs) if k else np.full(16, 10.2)
        for number, (back, wide, tall) in enumerate(rows_here):
            shade = 0.85 + 0.12 * ((k * 2 + number) % 3) / 2
            if number == 1:
                mine = np.linspace(first + 1.5, half - 3.5, 14) * side
                z = (edge(k, mine) if k else np.full(14, 10.2)) - back
            else:
                mine, z = xs, start - back
            path = np.stack([mine, np.full(len(mine), y), z], -1)
            if number == 1 and _cleared(k, side):
                continue
            hedge(site, path if side > 0 else path[::-1], wide, tall, leaf((0.62 * shade, 0.80 * shade, 0.46 * shade)))
            for a, b in pairwise(path):
                _hedge_solid(site, a, b, wide, 1.3)
    for side in (-1, 1):
        a = side * half
        low, high = sorted((a, a + side * 0.5))
        site.block((low, y - 1, float(far.min()) - 1), (high, y + 3, float(near.max()) + 1))


def _cleared(k: int, side: int) -> bool:
    """Whether a terrace's row of tea makes room for exhibits, on the right and the left by turns."""
    return k > 0 and side == (1 if k % 2 else -1)


def _hedge_solid(site: Site, a: FloatArray, b: FloatArray, wide: float, tall: float) -> None:
    middle, along = (a + b) / 2, b - a
    length = float(np.hypot(along[0], along[2]))
    here = site.at(float(middle[0]), float(a[1]), float(middle[2]), float(np.degrees(np.arctan2(-along[2], along[0]))))
    here.block((-length / 2 - 0.06, -0.3, -wide / 2), (length / 2 + 0.06, tall, wide / 2))


def _flight(site: Site, k: int) -> None:
    """Steps from terrace k to the next, standing on the lower one, between parapets of stone."""
    y, z = k * RISE, float(edge(k + 1, np.zeros(1))[0])
    here = site.at(0, y, z + RISERS * TREAD)
    for i in range(RISERS):
        low, high = RISE * i / RISERS, RISE * (i + 1) / RISERS
        z0 = -i * TREAD
        here.show(box((-WAY, low, z0 - TREAD - (0.10 if i + 1 == RISERS else 0)), (WAY, high, z0), SLAB, sides="s^"))
        here.block((-WAY, -0.3, -RISERS * TREAD - 0.05), (WAY, high, z0))
    for side in (-1, 1):
        x0, x1 = sorted((side * WAY, side * (WAY + 0.34)))
        reach = -RISERS * TREAD - 1.1
        line = np.array([(0.45, 0.12), (0.75, 0.0), (RISE + 0.65, -RISERS * TREAD), (RISE + 0.65, reach)])
        outer = np.array([(x1 if side > 0 else x0, h, zz) for h, zz in line])
        inner = np.array([(x0 if side > 0 else x1, h, zz) for h, zz in line])
        ground = np.array([(0.0, 0.0, zz) for _, zz in line])
        for top, facing in ((outer, side), (inner, -side)):
            base = ground.copy()
            base[:, 0] = top[:, 0]
            if facing > 0:
                here.show(ruled(base, top, STONE, flat=True))
            else:
                here.show(ruled(base[::-1], top[::-1], STONE, flat=True))
        left, right = (inner, outer) if side > 0 else (outer, inner)
        here.show(ruled(right[::1], left[::1], SLAB))
        here.show(quad((x0, 0, 0.12), (x1 - x0, 0, 0), (0, 0.45, 0), STONE))
        here.show(quad((x1, RISE, reach), (x0 - x1, 0, 0), (0, 0.65, 0), STONE))
        here.block((x0, -0.3, reach), (x1, RISE + 0.75, 0.12))
        # what is left between the parapet and the hedge
        x2, x3 = sorted((side * (WAY + 0.3), side * (WAY + 1.0)))
        here.block((x2, RISE - 0.5, -RISERS * TREAD - 1.1), (x3, RISE + 0.9, -RISERS * TREAD + 0.05))


def _around(site: Site, half: float, terraces: int) -> None:
    """The hills beyond, and the slope down to the valley."""
    top, back = terraces * RISE, float(edge(terraces, np.zeros(1))[0]) - DEEP - 2.0

    def slope(z: FloatArray) -> FloatArray:
        garden = np.clip(RISE / DEEP * (10.4 - z), 0.0, top)  # never below the terrace beside it
        above, below = top + 14.8 * (back - z) / 45, -15.5 * (z - 10.4) / 49.6
        return np.where(z <= back, above, np.where(z <= 10.4, garden, below))

    hills(site, Garden(half, 10.4, back, slope), 60.0, back - 45)


def _pavilion(site: Site, terraces: int) -> None:
    """Four posts, a tiled roof, benches along three sides: on the topmost terrace, over the path."""
    y, z = terraces * RISE, float(edge(terraces, np.zeros(1))[0]) - 4.4
    here = site.at(0, y, z)
    half = 1.9
    floor(here, (-half - 0.5, -half - 0.5), (half + 0.5, half + 0.5), 0.15, Finish("floor_brick", (2.4, 2.4)))
    here.show(box((-half - 0.501, 0, -half - 0.501), (half + 0.501, 0.151, half + 0.501), GRANITE, sides="nesw"))
    roof = Roof(-half - 0.9, half + 0.9, (half + 0.9, 2.75), (0.0, 4.35), (-half - 0.9, 2.75), 0.20, 0.42)
    tiled(here, roof, GREY_TILE, OLD_PINE)
    show_purlins(here, roof, 2, OLD_PINE)
    swallowtail(here, roof, tall=0.32, beyond=0.3, tail=0.8)
    for x in (-half, half):
        frame(here, x, [-half, half], purlins(roof, 2), OLD_PINE, OLD_PINE)
        for zz in (-half, half):
            post(here, x, zz, 0.15, under(roof, zz, 2), OLD_PINE, radius=0.13)
    for zz in (-half, half):
        here.show(bar((-half, 2.45, zz), (half, 2.45, zz), 0.12, 0.2, OLD_PINE))
    for x, yaw in ((-half + 0.35, 90), (half - 0.35, -90)):
        bench(here.at(x, 0.15, 0, yaw), 2.6)
    standing_panel(here.at(0, 0.15, -half + 0.25), "pavilion", 1.5, 1.1)
    plinth(here.at(-0.62, 0.15, -0.35), "table-1", 0.6, 0.6, 0.72, SLAB, room=1.2)
    plinth(here.at(0.62, 0.15, -0.35), "table-2", 0.9, 0.6, 0.72, SLAB, room=1.2)
    lantern(here, (0.0, 2.25, -0.1), 0.35)


def _gates(site: Site, terraces: int, doors: Sequence[tuple[str, Text]]) -> None:
    """The ends of the path: walls of stone with a small roofed gate in each."""
    back = float(edge(terraces, np.zeros(1))[0]) - DEEP - 1.6
    for (name, title), where in zip(
        doors, (site.at(0, 0, 10.1, 180), site.at(3.4, terraces * RISE, back)), strict=False
    ):
        for side in (-1, 1):
            x = sorted((side * 0.75, side * 1.25))
            where.show(box((x[0], 0, -0.5), (x[1], 2.45, 0), STONE))
            where.block((x[0], 0, -0.5), (x[1], 2.6, 0))
        where.show(box((-0.75, 2.2, -0.5), (0.75, 2.45, 0), SLAB, sides="s_n"))
        leaves(where.at(0, 0, -0.25), 1.5, 2.2, DARK, title, name)
        where.show(quad((-0.75, 0.0, -0.3), (1.5, 0, 0), (0, 0, -0.2), SLAB))
        roof = Roof(-1.55, 1.55, (0.55, 2.48), (-0.25, 2.95), (-1.05, 2.48), 0.05, 0.16)
        tiled(where, roof, GREY_TILE, DARK)
        swallowtail(where, roof, tall=0.22, beyond=0.1, tail=0.4)
    half = 15.5
    site.block((-half - 5, -1, 10.1), (half + 5, 4, 11.0))
    site.block((-half - 5, terraces * RISE - 1, back - 1.5), (half + 5, terraces * RISE + 4, back - 0.3))
    wall_x = np.linspace(-half, half, 3)
    for x0, x1 in ((wall_x[0], -1.2), (1.2, wall_x[-1])):
        site.show(box((x0, -0.2, 10.1), (x1, 0.9, 10.5), STONE, top=SLAB, sides="n^"))
    y = terraces * RISE
    for x0, x1 in ((wall_x[0], 2.2), (4.6, wall_x[-1])):
        site.show(box((x0, y, back - 0.5), (x1, y + 1.0, back - 0.1), STONE, top=SLAB, sides="s^"))
        site.block((x0, y, back - 0.6), (x1, y + 3, back - 0.1))


def _furnish(site: Site, terraces: int) -> None:
    stone = Finish("granite", (1.2, 1.2))
    for k in range(1, terraces):
        side, y = (1 if k % 2 else -1), k * RISE

        def clearing(x: float, back: float, side: int = side, y: float = y, k: int = k) -> Site:
            return site.at(side * x, y, float(edge(k, np.array([side * x]))[0]) - back, -side * (8 + 2 * x))

        platform(clearing(3.9, 3.1), f"terrace-{k + 1}", 2.3, 1.5, 0.22, stone)
        standing_panel(clearing(6.1, 4.1), f"terrace-{k + 1}-panel", 1.2, 1.1)
        if 2 * k > terraces:  # the upper ones carry two
            platform(clearing(8.2, 3.1), f"terrace-{k + 1}-far", 2.3, 1.5, 0.22, stone)
        bench(clearing(11.0, 3.2))
    standing_panel(site.at(-2.0, 0, 6.5, 24), "welcome", 1.2, 1.1)
