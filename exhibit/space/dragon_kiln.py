"""A dragon kiln's tunnel: a brick barrel vault that steps up its hill, chamber after chamber, lit by its stoke holes.

Hall frame: +Y up, metres; visitors enter at the firebox at +z and climb towards -z. Inside it is 3.2 m wide and 2.7 m
high, and climbs 12 degrees, which is the gentle end of Dehua's kilns (12 to 22 degrees at Qudougong).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from exhibit.documents.types import Text
from exhibit.space.furniture import panel, plinth
from exhibit.space.greenery import GRASS, dome, tree
from exhibit.space.hall import Hall
from exhibit.space.light_sources import Sky, Spot, Sun
from exhibit.space.masonry import floor
from exhibit.space.shapes import box, quad, ruled
from exhibit.space.sheets import Finish, Sheet
from exhibit.space.site import Site
from exhibit.space.sizes import Size, doors_size
from exhibit.space.timberwork import DARK, leaves

FloatArray = NDArray[np.float64]
BRICK = Finish("kiln_brick", (2.0, 2.0))
TREAD = Finish("kiln_brick", (2.0, 2.0), tint=(1.25, 1.2, 1.15))
SAND = Finish("rammed_earth", (3.2, 3.2), tint=(1.05, 1.0, 0.95))
EMBER = Finish("light", (1.0, 1.0), tint=(1.0, 0.30, 0.05), glows=True, radiance=5.0)
HALF, WALL, CROWN = 1.6, 1.25, 2.7
RISE, TREADS, TREAD_DEEP, LANDING, MOUTH = 0.155, 8, 0.42, 2.3, 4.2
CLIMB, RUN = RISE * TREADS, TREAD_DEEP * TREADS + LANDING
WAY = 1.05  # width of a side door
DOORS: tuple[tuple[str, Text], ...] = (
    ("fire-mouth", {"zh": "窑头", "en": "The fire mouth"}),
    ("smoke-end", {"zh": "窑尾", "en": "The upper end"}),
)
SIZES = (
    Size("chambers", {"zh": "窑室间数", "en": "Chambers"}, 2, 9, 1, 5, unit=""),
    doors_size(2),
)


def hall(*, chambers: int = 5, doors: Sequence[tuple[str, Text]] = DOORS) -> Hall:
    """`chambers` 2 to 9; the first door is behind the visitor, the second at the top."""
    if not 2 <= chambers <= 9:
        raise ValueError(f"{chambers} chambers: 2 to 9 are built")
    site = Site()
    top = -chambers * RUN
    dome(site)
    slope = CLIMB / RUN
    hill = np.array([[(x, -0.25 + slope * -z, z) for x in (-60, -2.8)] for z in (40.0, 0.0, top / 2, top, top - 40)])
    site.show(Sheet(hill, GRASS, detail=0.05))
    site.show(Sheet((hill * (-1, 1, 1))[:, ::-1], GRASS, detail=0.05))
    _mouth(site, doors[:1])
    for k in range(chambers):
        _chamber(site, k)
    _upper_end(site.at(0, chambers * CLIMB, top), doors[1:2])
    for x, z, h, s in ((9, -6, 8, 31), (-10, -14, 9, 32), (11, -22, 9, 33), (-9, 2, 7, 34), (8, 8, 7, 35)):
        tree(site, x, z, slope * -z - 0.3, h, s)
    return Hall(
        title={"zh": "龙窑窑室", "en": "Inside the dragon kiln"},
        summary={
            "zh": "沿着窑室拾级而上：砖券一间高过一间，光从投柴孔和窑门照进来。",
            "en": "Up through the kiln, step by step: vault above vault, lit by stoke holes and side doors.",
        },
        statement={
            "zh": "这是用程序代码建成的虚拟龙窑，形制与坡度参照德化的考古报告，为参观而略加放大，并非实有的窑。",
            "en": "A virtual kiln made in code, its form and slope after excavated kilns in Dehua, a little "
            "enlarged for visitors. It is not an existing kiln.",
        },
        site=site,
        start=((0.0, 1.6, 3.3), (0.0, 2.5, -6.0), 64.0),
        poster=((-0.75, 1.55, 2.6), (0.18, 2.15, -4.0), 64.0),
        sky=Sky(),
        sun=Sun((0.72, 1.0, -0.12), (5.0, 4.4, 3.6), 0.6),
        background="#dfe6e8",
        exposure=1.5,
        adaptation=0.42,
        ambient=0.9,
    )  # fmt: skip


def profile(count: int = 15) -> FloatArray:
    """(count, 2) of the vault's inner line from the right springing over the crown to the left, (x, y)."""
    angle = np.radians(np.linspace(0, 180, count))
    return np.stack([HALF * np.cos(angle), WALL + (CROWN - WALL) * np.sin(angle)], -1)


CELLS = 14  # of the vault's line
STOKE = (2, 11)  # cells that a stoke hole takes


def _slab(
    site: Site, a: FloatArray, b: FloatArray, *, holes: Sequence[int] = (), door: int = 0, scale: float = 1.0
) -> None:
    """A length of vault and walls between two points of the floor's chord (y, z); `door` opens its +1 or -1 side."""
    line = profile() * (scale, scale)
    near = np.stack([line[:, 0], line[:, 1] + a[0], np.full(15, a[1])], -1)
    far = np.stack([line[:, 0], line[:, 1] + b[0], np.full(15, b[1])], -1)
    shut = set(range(CELLS)) - set(holes)
    if door > 0:
        shut -= {0, 1, 2}
    if door < 0:
        shut -= {CELLS - 1, CELLS - 2, CELLS - 3}
    start = None
    for cell in range(CELLS + 1):
        if cell in shut and start is None:
            start = cell
        if (cell not in shut) and start is not None:
            piece = slice(start, cell + 1)
            shift = (float(np.pi * 1.5 * start / CELLS), -float(a[1]))
            site.show(ruled(near[piece], far[piece], BRICK, shift=shift, detail=1.3))
            start = None
    for cell in holes:
        _stoke_hole(site, near[cell : cell + 2], far[cell : cell + 2])
    for side in (1, -1):
        if door == side:
            continue
        low = min(a[0], b[0]) - CLIMB
        x = side * HALF * scale
        ends = (b, a) if side > 0 else (a, b)
        foot = [(x, low, z) for _, z in ends]
        head = [(x, WALL * scale + y, z) for y, z in ends]
        site.show(ruled(foot, head, BRICK, flat=True, shift=(side * foot[0][2], low), detail=1.3))


def _stoke_hole(site: Site, near: FloatArray, far: FloatArray) -> None:
    """The four sides of a hole through 0.3 m of brick."""
    ring = np.array([near[0], near[1], far[1], far[0], near[0]])
    middle = ring[:4].mean(0)
    out = np.cross(near[1] - near[0], far[0] - near[0])
    out = out / np.linalg.norm(out) * (0.3 if np.dot(out, middle - (0, middle[1] - 1, middle[2])) > 0 else -0.3)
    site.show(ruled(ring, ring + out, BRICK))


def _chamber(site: Site, k: int) -> None:
    """Steps, then a landing with a side door; the vault rises evenly over both."""
    z, y = -k * RUN, k * CLIMB
    for i in range(TREADS):
        z0, y1 = z - i * TREAD_DEEP, y + (i + 1) * RISE
        site.show(box((-HALF, y1 - RISE, z0 - TREAD_DEEP), (HALF, y1, z0), TREAD, top=SAND, sides="s^"))
        site.block((-HALF - 0.3, y - 0.5, z0 - TREAD_DEEP), (HALF + 0.3, y1, z0))
    z1, z2, y2 = z - TREADS * TREAD_DEEP, z - RUN, y + CLIMB
    floor(site, (-HALF, z2), (HALF, z1), y2, SAND)
    side = 1 if k % 2 == 0 else -1

    def chord(at: float) -> FloatArray:
        return np.array([y + CLIMB * (z - at) / RUN, at])

    door0, door1 = z1 - 0.55, z1 - 0.55 - WAY
    stations: list[tuple[float, float, bool]] = []
    at = z
    for middle in (z - 0.75, z - 1.85, z - 2.95, z2 + 0.32):
        stations += [(at, middle + 0.13, False), (middle + 0.13, middle - 0.13, True)]
        at = middle - 0.13
        if middle == z - 2.95:
            stations.append((at, door0, False))
            at = door1
    stations.append((at, z2, False))
    for a, b, hole in stations:
        _slab(site, chord(a), chord(b), holes=STOKE if hole else ())
    _slab(site, chord(door0), chord(door1), door=side)
    _side_door(site, side, chord(door0), chord(door1), y2)
    # a rib of brick marks each chamber's end
    rib = profile(29)
    for zz, facing in ((z2 + 0.14, 1), (z2 - 0.14, -1)):
        outer = np.stack([rib[:, 0], rib[:, 1] + chord(z2)[0] + 0.05, np.full(29, zz)], -1)
        inner = np.stack([rib[:, 0] * 0.93, (rib[:, 1] - WALL) * 0.90 + WALL + chord(z2)[0], np.full(29, zz)], -1)
        site.show(ruled(outer, inner, BRICK) if facing > 0 else ruled(outer[::-1], inner[::-1], BRICK))
    near = np.stack([rib[:, 0] * 0.93, (rib[:, 1] - WALL) * 0.90 + WALL + chord(z2)[0], np.full(29, z2 + 0.14)], -1)
    site.show(ruled(near, near - (0, 0, 0.28), BRICK))
    for s in (-1, 1):
        x = sorted((s * HALF, s * HALF * 0.93))
        site.show(box((x[0], y2 - 0.2, z2 - 0.14), (x[1], y2 + WALL, z2 + 0.14), BRICK, sides="nesw"))
        site.block(
            (min(s * HALF * 0.97, s * (HALF + 0.5)), y - 0.5, z2), (max(s * HALF * 0.97, s * (HALF + 0.5)), y2 + 3, z)
        )
    shelf = site.at(-side * (HALF - 0.45), y2, (door0 + door1) / 2, 90 * side)
    plinth(shelf, f"chamber-{k + 1}", 0.55, 0.55, 0.85, Finish("kiln_brick", (2.0, 2.0)), room=0.8)
    # small lamps at the foot of the walls graze the brick
    for s in (-1, 1):
        for dz in (0.9, 3.3):
            foot = chord(z - dz)[0]
            site.lamp(
                Spot(
                    (s * (HALF - 0.25), foot + 0.3, z - dz),
                    (-s * 0.5, foot + 2.7, z - dz),
                    85.0,
                    2.6,
                    (1.0, 0.68, 0.38),
                )
            )


def _side_door(site: Site, side: int, a: FloatArray, b: FloatArray, y: float) -> None:
    """An opening to the hillside through the thick flank, with a brick lining."""
    here = site if side > 0 else site.mirrored()
    deep, tall = HALF + 1.0, 1.86
    ys = np.array([-0.1, WALL * 0.6, *np.linspace(WALL, tall, 5)])
    xs = [HALF if v <= WALL else HALF * np.sqrt(max(0.0, 1 - ((v - WALL) / (CROWN - WALL)) ** 2)) for v in ys]
    for z, facing in ((a[1], -1), (b[1], 1)):
        inner = np.array([(x - 0.02, y + v, z) for x, v in zip(xs, ys, strict=True)])
        outer = np.array([(deep, y + v, z) for v in ys])
        here.show(ruled(inner, outer, BRICK) if facing < 0 else ruled(inner[::-1], outer[::-1], BRICK))
    here.show(quad((xs[-1] - 0.02, y + tall, b[1]), (deep - xs[-1] + 0.02, 0, 0), (0, 0, a[1] - b[1]), BRICK))
    top = np.array([(xs[-1], y + tall, a[1]), (xs[-1], y + tall, b[1])])
    over = np.array([(profile(15)[3][0], profile(15)[3][1] + c[0], c[1]) for c in (a, b)])
    here.show(ruled(top[::-1], over[::-1], BRICK))
    floor(here, (HALF, b[1]), (deep, a[1]), y, SAND)
    for z0, z1 in ((a[1], a[1] + 0.6), (b[1] - 0.6, b[1])):
        here.block((HALF * 0.97, y - 0.5, z0), (deep + 0.2, y + 3, z1))
    here.block((deep - 0.25, y - 0.5, b[1]), (deep + 0.4, y + 3, a[1]))
    # a half-height wall of loose bricks closes it to walkers
    here.show(box((deep - 0.25, y, b[1]), (deep, y + 0.55, a[1]), BRICK, sides="we^"))


def _mouth(site: Site, doors: Sequence[tuple[str, Text]]) -> None:
    """The firebox: level ground, a glowing grate on either hand, the door behind."""
    floor(site, (-HALF, 0), (HALF, MOUTH), 0.0, SAND)
    a, b = np.array([0.0, MOUTH]), np.array([0.0, 0.0])
    _slab(site, a, np.array([0.0, 2.2]))
    _slab(site, np.array([0.0, 2.2]), np.array([0.0, 1.94]), holes=STOKE)
    _slab(site, np.array([0.0, 1.94]), b)
    back = site.at(0, 0, MOUTH, 180)
    line = profile(29)
    low = np.stack([line[::-1, 0], np.zeros(29), np.zeros(29)], -1)
    high = np.stack([line[::-1, 0], line[::-1, 1], np.zeros(29)], -1)
    back.show(ruled(low, high, BRICK, flat=True))
    back.block((-HALF, -0.5, -0.4), (HALF, 3, 0))
    for side in (-1, 1):
        x = sorted((side * HALF, side * (HALF + 0.5)))
        site.block((x[0], -0.5, 0), (x[1], 3, MOUTH))
        for k in range(2):
            z = 1.0 + 1.3 * k
            x0 = sorted((side * HALF, side * (HALF - 0.16)))
            site.show(box((x0[0], 0.12, z - 0.02), (x0[1], 0.72, z + 0.62), BRICK, sides="nesw^"))
            face = side * (HALF - 0.162)
            if side > 0:
                site.show(quad((face, 0.22, z + 0.08), (0, 0, 0.44), (0, 0.36, 0), EMBER))
            else:
                site.show(quad((face, 0.22, z + 0.52), (0, 0, -0.44), (0, 0.36, 0), EMBER))
            site.lamp(Spot((face - side * 0.05, 0.4, z + 0.3), (0, 0.5, z + 0.3), 85.0, 1.8, (1.0, 0.50, 0.20)))
            site.block((x0[0], 0, z - 0.02), (x0[1], 0.72, z + 0.62))
    for name, title in doors:
        leaves(back.at(0, 0, 0.11), 1.3, 1.95, DARK, title, name)
        back.block((-0.65, 0, 0), (0.65, 2, 0.11))
    panel(site.at(-HALF, 0, 3.45, 90), "welcome", 1.1, 0.7, low=0.9)


def _upper_end(site: Site, doors: Sequence[tuple[str, Text]]) -> None:
    """The last wall, with its row of flues, and the way out; its face towards +z."""
    line = profile(29)
    deep = 2.4
    floor(site, (-HALF, -deep), (HALF, 0), 0.0, SAND)
    _slab(site, np.array([0.0, 0.0]), np.array([0.0, -1.3]))
    _slab(site, np.array([0.0, -1.3]), np.array([0.0, -1.56]), holes=STOKE)
    _slab(site, np.array([0.0, -1.56]), np.array([0.0, -deep]))
    end = site.at(0, 0, -deep)
    low = np.stack([line[::-1, 0], np.zeros(29), np.zeros(29)], -1)
    high = np.stack([line[::-1, 0], line[::-1, 1], np.zeros(29)], -1)
    end.show(ruled(low, high, BRICK, flat=True))
    end.block((-HALF, -0.5, -0.4), (HALF, 3, 0))
    for x in (-1.2, -0.95, 0.95, 1.2):
        end.show(
            box(
                (x - 0.07, 0.15, 0.0),
                (x + 0.07, 0.55, 0.004),
                Finish("steel", (1, 1), tint=(0.01, 0.01, 0.01)),
                sides="s",
            )
        )
    for side in (-1, 1):
        near, far = sorted((side * HALF, side * (HALF + 0.5)))
        site.block((near, -0.5, -deep), (far, 3, 0))
    for name, title in doors:
        leaves(end.at(0, 0, 0.11), 1.3, 1.95, DARK, title, name)
        end.block((-0.65, 0, 0), (0.65, 2, 0.11))
