"""An open hillside of tea terraces: a stone path climbs between rows of tea, past sheds with the tools of tea making,
to a pavilion that looks over the valley.

Hall frame: +Y up, metres; visitors enter at the foot, at +z, and climb towards -z.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from exhibit.documents.types import Text
from exhibit.space.furniture import bench, lantern, platform, plinth, standing_panel
from exhibit.space.greenery import GRASS, dome, tree
from exhibit.space.hall import Hall
from exhibit.space.landscape import Garden, hills
from exhibit.space.light_sources import Sky, Sun
from exhibit.space.masonry import GRANITE, PAVING, RUBBLE, floor
from exhibit.space.roofs import GREY_TILE, Roof, purlins, show_purlins, swallowtail, tiled, under
from exhibit.space.shapes import bar, box, quad, ruled
from exhibit.space.sheets import Finish, Sheet
from exhibit.space.site import Site
from exhibit.space.sizes import Size, doors_size
from exhibit.space.tea_rows import row
from exhibit.space.timberwork import DARK, OLD_PINE, frame, leaves, post
from recon.modelling.textures import ramp

FloatArray = NDArray[np.float64]
SLAB = Finish("granite", (1.2, 1.2), tint=(0.92, 0.90, 0.86))
RISER = Finish("granite", (1.2, 1.2), tint=(0.74, 0.70, 0.64))
SOIL = Finish("soil", (3.0, 3.0))
YARD = Finish("floor_brick", (2.4, 2.4), tint=(0.70, 0.84, 0.82))
WEATHERED = Finish("timber", (1.6, 1.6), tint=(0.36, 0.38, 0.44))
RISE, RISERS, TREAD, DEEP, WAY = 0.90, 6, 0.42, 5.6, 1.25
FIRST, FOOT = 3.6, 14.0  # z of the lowest terrace's wall, and of the wall around the yard at the foot
ROWS = (0.15, 0.46, 0.77)  # where a terrace's rows of tea stand, from its edge (0) to the wall above it (1)
SHED = 1.9  # m from the path's middle to a shed
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
    for k in range(terraces + 1):
        _terrace(site, k, terraces, half)
    for k in range(terraces):
        _flight(site, k)
    _pavilion(site, terraces)
    _gates(site, half, terraces, doors)
    _exhibits(site, terraces)
    _around(site, half, terraces)
    dome(site)
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
        start=((-1.7, 1.6, 12.7), (-3.2, 2.1, 0.0), 58.0),
        poster=((0.6, 3.1, 8.6), (-1.4, 2.9, -6.0), 52.0),
        sky=Sky(),
        sun=Sun((-0.76, 0.56, 0.33), (3.7, 3.05, 2.3)),
        background="#dfe6e8",
        exposure=0.52,
        adaptation=0.30,
        ambient=1.6,
    )  # fmt: skip


def edge(k: int, x: FloatArray) -> FloatArray:
    """z of the retaining wall below terrace k: straight at the path and the sheds, then around the hill's hollow."""
    beside = np.asarray(np.abs(x), float)
    hollow = np.where(np.asarray(x) < 0, 2.6, 1.5) * (np.hypot(1, np.maximum(beside - 6, 0) / 7) - 1)
    wave = 0.45 * np.sin(np.asarray(x) / 2.7 + 1.3 * k) * ramp(beside, 7, 12)
    return np.asarray(FIRST - DEEP * (k - 1) + hollow + wave)


def _middle(k: int) -> float:
    """z of the retaining wall below terrace k on the path."""
    return float(edge(k, np.zeros(1))[0])


def _exhibit_side(k: int) -> int:
    """On which side of the path terrace k shows something: two on the left, two on the right by turns."""
    return -1 if k % 4 < 2 else 1


def _shed_length(k: int, terraces: int) -> float:
    """Of what terrace k shows: the upper ones carry two things."""
    return 8.6 if 2 * (k + 1) > terraces else 4.0


def _terrace(site: Site, k: int, terraces: int, half: float) -> None:
    y = k * RISE
    x = np.linspace(-half, half, 45)
    near = edge(k, x) if k else np.full(45, FOOT)
    far = edge(k + 1, x) if k < terraces else np.full(45, _back(terraces))
    grid = np.stack([np.stack([x, np.full(45, y), near], -1), np.stack([x, np.full(45, y), far], -1)])
    ground = GRASS if k in (0, terraces) else SOIL
    site.show(Sheet(grid, ground, spread=np.stack([grid[..., 0], -grid[..., 2]], -1), detail=0.9))
    site.ground(np.stack([grid[0], grid[0] * 0.5 + grid[1] * 0.5, grid[1] - (0, 0, 0.4)]))
    z0, z1 = (FOOT if k == 0 else _middle(k)), float(far[22])
    site.show(box((-WAY, y - 0.05, z1), (WAY, y + 0.03, z0), PAVING, sides="ew^"))
    if k < terraces:
        foot = np.stack([x, np.full(45, y), far], -1)
        cap = foot + np.array([0, RISE, 0.05])
        site.show(ruled(foot, foot + np.array([0, RISE, 0]), RUBBLE, detail=0.9))
        site.show(
            ruled(cap - (0, 0.09, 0), cap, SLAB, detail=0.5), ruled(cap, cap - (0, -0.012, 0.34), SLAB, detail=0.5)
        )
    for side in (-1, 1):
        first = WAY + 0.75
        if k == 0:
            first = 7.6 if side < 0 else 4.6
        elif k < terraces - 1 and side == _exhibit_side(k):
            first = SHED + _shed_length(k, terraces) + 1.9
        elif k == terraces:
            first = 5.4
        _planted(site, k, side, first, half - 0.5, near, far, x)
    for side in (-1, 1):
        low, high = sorted((side * half, side * (half - 0.4)))
        site.block((low, y - 1, float(far.min()) - 1), (high, y + 3, float(near.max()) + 1))


def _planted(
    site: Site, k: int, side: int, first: float, last: float, near: FloatArray, far: FloatArray, x: FloatArray
) -> None:
    """Rows of tea from `first` to `last` metres beside the path, and one along the edge where nobody steps over."""
    y = k * RISE
    beside = np.linspace(first, last, 24) * side
    low, high = np.interp(beside, x, near), np.interp(beside, x, far)
    for number, share in enumerate(ROWS):
        if number and k and last - first < 1.5:
            continue
        inset = 0.25 * number * side
        path = np.stack([beside + inset * (1 - np.linspace(0, 1, 24)), np.full(24, y), low + share * (high - low)], -1)
        row(site, path, 1.25, 0.80, 100 * k + 10 * number + (side > 0))
    for a in range(0, 23, 3):
        b = min(a + 3, 23)
        inside = 0.05 if k else 0.3
        corners = [
            (beside[i], edge_z[i] - s)
            for i, edge_z, s in ((a, low, inside), (b, low, inside), (b, high, 0), (a, high, 0))
        ]
        site.prism(np.array(corners), y - 0.3, y + 1.3)


def _flight(site: Site, k: int) -> None:
    """Steps from terrace k to the next, standing on the lower one, between parapets of stone."""
    y, z = k * RISE, _middle(k + 1)
    here = site.at(0, y, z + RISERS * TREAD)
    for i in range(RISERS):
        low, high = RISE * i / RISERS, RISE * (i + 1) / RISERS
        z0 = -i * TREAD
        here.show(
            box(
                (-WAY, low, z0 - TREAD - (0.10 if i + 1 == RISERS else 0)), (WAY, high, z0), RISER, top=SLAB, sides="s^"
            )
        )
        here.block((-WAY, -0.3, -RISERS * TREAD - 0.05), (WAY, high, z0))
    for side in (-1, 1):
        x0, x1 = sorted((side * WAY, side * (WAY + 0.34)))
        reach = -RISERS * TREAD - 0.5
        line = np.array([(0.34, 0.12), (0.42, 0.0), (RISE + 0.34, -RISERS * TREAD), (RISE + 0.34, reach)])
        outer = np.array([(x1 if side > 0 else x0, h, zz) for h, zz in line])
        inner = np.array([(x0 if side > 0 else x1, h, zz) for h, zz in line])
        for top, facing in ((outer, side), (inner, -side)):
            base = top * (1, 0, 1)
            order = slice(None) if facing > 0 else slice(None, None, -1)
            here.show(ruled(base[order], top[order], RUBBLE, flat=True))
        left, right = (inner, outer) if side > 0 else (outer, inner)
        here.show(ruled(right, left, SLAB))
        here.show(quad((x0, 0, 0.12), (x1 - x0, 0, 0), (0, 0.34, 0), RUBBLE))
        here.show(quad((x1, RISE, reach), (x0 - x1, 0, 0), (0, 0.34, 0), RUBBLE))
        here.block((x0, -0.3, reach), (x1, RISE + 0.75, 0.12))
        # what is left between the parapet and the tea, at the edge
        x2, x3 = sorted((side * (WAY + 0.3), side * (WAY + 1.0)))
        here.block((x2, RISE - 0.5, reach), (x3, RISE + 0.9, -RISERS * TREAD + 0.05))


def _back(terraces: int) -> float:
    """z where the topmost terrace ends."""
    return _middle(terraces) - DEEP - 2.0


def _around(site: Site, half: float, terraces: int) -> None:
    """The hills beyond, and the slope down to the valley."""
    top, back = terraces * RISE, _back(terraces)
    ahead = float(edge(1, np.array([-half, half])).max()) + DEEP  # where the land beside reaches the yard's height

    def slope(z: FloatArray) -> FloatArray:
        garden = np.clip(RISE / DEEP * (ahead - z), 0.0, top)  # never below the terrace beside it
        above, below = top + 6.0 * (1 - np.exp((z - back) / 18)), -9.0 * (z - FOOT) / 36
        return np.where(z <= back, above, np.where(z <= FOOT, garden, below))

    hills(site, Garden(half, FOOT, back, slope), FOOT + 36, back - 45)


def _pavilion(site: Site, terraces: int) -> None:
    """Four posts, a tiled roof, benches along two sides: on the topmost terrace, over the path."""
    y, z = terraces * RISE, _middle(terraces) - 4.4
    here = site.at(0, y, z)
    half = 1.9
    floor(here, (-half - 0.5, -half - 0.5), (half + 0.5, half + 0.5), 0.15, YARD)
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
    for x in (-1.35, 1.35):
        lantern(here, (x, 2.05, half), 0.3)


def _gates(site: Site, half: float, terraces: int, doors: Sequence[tuple[str, Text]]) -> None:
    """The ends of the path: a wall across the garden with a roofed gate in it."""
    places = (site.at(0, 0, FOOT - 0.5, 180), site.at(3.4, terraces * RISE, _back(terraces) + 0.6))
    for place, middle in zip(places, (0.0, 3.4), strict=True):
        for a, b in ((-half - middle, -1.35), (1.35, half - middle)):
            place.show(box((a, -0.2, -0.42), (b, 1.5, -0.06), RUBBLE, sides="s"))
            eaves, top = np.array([(a, 1.48, 0.08), (b, 1.48, 0.08)]), np.array([(a, 1.68, -0.24), (b, 1.68, -0.24)])
            back = np.array([(b, 1.48, -0.56), (a, 1.48, -0.56)])
            place.show(ruled(eaves, top, GREY_TILE), ruled(back, top[::-1], GREY_TILE))
            place.show(
                ruled(eaves - (0, 0.07, 0), eaves, GREY_TILE),
                box((a, 1.6, -0.34), (b, 1.76, -0.14), GREY_TILE, sides="ns^"),
            )
            place.block((a, -1, -0.5), (b, 4, 0))
    for place, (name, title) in zip(places, doors, strict=False):
        _gate(place, name, title)
    for place in places[len(doors) :]:
        place.show(box((-1.35, -0.2, -0.42), (1.35, 1.5, -0.06), RUBBLE, sides="s"))
        place.block((-1.35, -1, -0.5), (1.35, 4, 0))


def _gate(place: Site, name: str, title: Text) -> None:
    """A gateway in a wall whose face is at z = 0: two piers, a lintel, two leaves, a swallowtail roof, two lanterns."""
    for side in (-1, 1):
        x = sorted((side * 0.75, side * 1.35))
        place.show(box((x[0], -0.2, -0.6), (x[1], 2.5, 0.08), GRANITE, sides="esw"))
        place.block((x[0], 0, -0.6), (x[1], 2.6, 0.08))
        lantern(place, (side * 1.05, 1.95, 0.36), 0.35)
    place.show(box((-0.75, 2.2, -0.6), (0.75, 2.5, 0.06), GRANITE, sides="s_"))
    leaves(place.at(0, 0, -0.2), 1.5, 2.2, DARK, title, name)
    place.show(quad((-0.75, 0.004, 0.08), (1.5, 0, 0), (0, 0, -0.3), SLAB))
    roof = Roof(-1.8, 1.8, (0.75, 2.52), (-0.26, 3.15), (-1.27, 2.52), 0.06, 0.20)
    tiled(place, roof, GREY_TILE, DARK)
    swallowtail(place, roof, tall=0.24, beyond=0.1, tail=0.45)


def _exhibits(site: Site, terraces: int) -> None:
    """The drying yard at the foot, where leaves lie in the sun, and a shed with a tool or two on each terrace above."""
    for k in range(terraces - 1):
        side, y, name = _exhibit_side(k), k * RISE, f"terrace-{k + 2}"
        length = _shed_length(k, terraces)
        here = site.at(side * ((SHED if k else 1.2) + length / 2), y, _middle(k) - 2.35 if k else 7.6)
        if k:
            _shed(here, length)
            _edge_seat(site, k, side, SHED + length + 1.2)
        start = -length / 2 * side
        wide, deep, tall = (2.3, 1.5, 0.30) if k else (1.7, 1.3, 0.45)
        platform(here.at(start + side * 2.0, 0, 0), name, wide, deep, tall, SLAB)
        if length > 5:
            platform(here.at(start + side * 6.6, 0, 0), f"{name}-far", 2.3, 1.5, 0.30, SLAB)
        panel_at = start + side * (4.3 if length > 5 else 4.9)
        standing_panel(
            here.at(panel_at, 0, -0.9 if k else -0.2, 0 if length > 5 else -side * 18), f"{name}-panel", 1.2, 1.1
        )
        if k == 0:
            bench(here.at(start + side * 4.4, 0, 4.0, -side * 90))
    floor_z = 13.2
    site.show(quad((-7.0, 0.03, floor_z), (5.75, 0, 0), (0, 0, _middle(1) + 0.5 - floor_z), YARD, shift=(0.3, 0.2)))
    standing_panel(site.at(2.6, 0, 6.6, -24), "welcome", 1.2, 1.1)
    top = terraces * RISE
    for x, y, z, tall, seed in (
        (-9.8, 0.0, 8.4, 6.2, 71), (9.4, 0.0, 10.8, 5.4, 74), (-4.9, top, _back(terraces) + 2.2, 7.2, 77),
        (8.6, top, _back(terraces) + 3.0, 6.2, 79),
    ):  # fmt: skip
        tree(site, x, z, y, tall, seed)
        site.block((x - 0.4, y - 1, z - 0.4), (x + 0.4, y + 3, z + 0.4))


def _shed(here: Site, length: float) -> None:
    """An open shed `length` along x, its middle at the origin: posts of fir, a roof of grey tiles, a brick floor."""
    half, deep = length / 2, 1.25
    here.show(quad((-half, 0.02, deep + 0.2), (length, 0, 0), (0, 0, -2 * deep - 0.4), YARD))
    roof = Roof(-half - 0.3, half + 0.3, (deep + 0.55, 2.35), (0.0, 3.15), (-deep - 0.45, 2.42), 0.0, 0.10, rows=2)
    tiled(here, roof, GREY_TILE, WEATHERED, ceiling=False, verge=WEATHERED)
    for front in (True, False):
        under_tiles = np.array([[(x, y - 0.07, z) for x in (-half - 0.28, half + 0.28)] for z, y in roof.slope(front)])
        here.show(Sheet(under_tiles if not front else under_tiles[:, ::-1], WEATHERED, detail=0.7))
    here.show(bar((-half - 0.25, 3.17, 0), (half + 0.25, 3.17, 0), 0.2, 0.14, GREY_TILE, ends=True))
    xs = np.linspace(-half + 0.15, half - 0.15, 2 if length < 5 else 3)
    for z in (-deep, deep):
        here.show(bar((-half - 0.2, 2.36, z), (half + 0.2, 2.36, z), 0.12, 0.16, WEATHERED, ends=True))
        for x in xs:
            post(here, float(x), z, 0.0, 2.3, WEATHERED, radius=0.085)
    for x in xs:
        here.show(bar((x, 2.36, -deep), (x, 2.36, deep), 0.11, 0.16, WEATHERED))
        here.show(bar((x, 2.4, 0), (x, 3.05, 0), 0.1, 0.1, WEATHERED))


def _edge_seat(site: Site, k: int, side: int, last: float) -> None:
    """A low wall of stone along the terrace's edge before a shed: to sit on, and nobody steps over."""
    y, z = k * RISE, _middle(k)
    x0, x1 = sorted((side * (WAY + 0.34), side * last))
    site.show(box((x0, y, z - 0.36), (x1, y + 0.36, z + 0.0), RUBBLE, top=SLAB, sides="nesw^"))
    site.block((x0, y - 0.5, z - 0.36), (x1, y + 1.3, z + 0.05))
