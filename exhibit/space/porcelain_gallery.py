"""A porcelain-white gallery: three rooms in a row under luminous vaults, oak floors, niches for white ware.

Hall frame: +Y up, metres; visitors enter at +z and look towards -z. White walls 5.2 m high, rooms 9 x 9 m by default.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from exhibit.documents.types import Text
from exhibit.space.furniture import CHARCOAL, bench, panel, plinth, screen, track_light, vitrine
from exhibit.space.hall import Hall
from exhibit.space.light_sources import Sky
from exhibit.space.masonry import Opening, floor, wall
from exhibit.space.shapes import arc, box, quad, ruled
from exhibit.space.sheets import Finish
from exhibit.space.site import Site
from exhibit.space.sizes import Size, doors_size

WHITE = Finish("plaster", (2.4, 2.4), tint=(0.93, 0.93, 0.91))
VAULT = Finish("plaster", (2.4, 2.4), tint=(0.96, 0.955, 0.94))
OAK = Finish("oak", (2.4, 2.4))
STONE = Finish("granite", (1.2, 1.2), tint=(1.12, 1.10, 1.06))
NICHE = Finish("plaster", (2.4, 2.4), tint=(0.80, 0.80, 0.775))
DAYLIGHT = Finish("light", (1.0, 1.0), tint=(0.97, 0.985, 1.0), glows=True, radiance=5.0)
DOOR = Finish("oak", (2.4, 2.4), tint=(0.80, 0.76, 0.70))
WALL_HIGH, SPRING, THICK = 4.2, 4.2, 0.5
DOORS: tuple[tuple[str, Text], ...] = (
    ("south", {"zh": "南门", "en": "South door"}),
    ("north", {"zh": "北门", "en": "North door"}),
)
SIZES = (
    Size("rooms", {"zh": "展厅间数", "en": "Rooms"}, 1, 5, 1, 3, unit=""),
    Size("width", {"zh": "每间宽度", "en": "Width of a room"}, 8.0, 14.0, 0.5, 9.0),
    Size("depth", {"zh": "每间进深", "en": "Depth of a room"}, 7.2, 12.0, 0.4, 8.4),
    doors_size(2),
)


def hall(*, rooms: int = 3, width: float = 9.0, depth: float = 8.4, doors: Sequence[tuple[str, Text]] = DOORS) -> Hall:
    """`rooms` in a row (1 to 5), each `width` x `depth`; the first door is behind the visitor, the second far."""
    if not 1 <= rooms <= 5:
        raise ValueError(f"{rooms} rooms: 1 to 5 are built")
    site = Site()
    total = rooms * depth + (rooms - 1) * THICK
    first = total / 2
    for k in range(rooms):
        z = first - k * (depth + THICK)
        _room(site, k, z, width, depth)
        if k + 1 < rooms:
            _between(site.at(0, 0, z - depth), width)
    _end(site.at(0, 0, first, 180), width, doors[:1])
    _end(site.at(0, 0, -first), width, doors[1:2])
    for side in (-1, 1):
        site.block((side * (width / 2 + 0.45), 0, -first), (side * (width / 2 + 1.2), 8, first))
    site.block((-width / 2 - 1.2, -0.4, -first - 1.0), (width / 2 + 1.2, 0, first + 1.0))
    return Hall(
        title={"zh": "白瓷馆", "en": "The white porcelain gallery"},
        summary={
            "zh": "一连数间的白色展厅：天光从拱顶正中落下，橡木地板，墙上的壁龛为白瓷而设。",
            "en": "White rooms in a row: daylight falls from the vaults upon oak floors and niches for white ware.",
        },
        statement={
            "zh": "这是用程序代码建成的虚拟展厅，光照预先计算，并非实有的建筑。",
            "en": "A virtual gallery made in code, its light computed beforehand. It is not an existing building.",
        },
        site=site,
        start=((0.0, 1.6, first - 1.3), (0.0, 1.75, 0.0), 62.0),
        poster=((-2.2, 1.65, first - 0.7), (0.35, 2.0, 0.0), 66.0),
        sky=Sky((0.2, 0.2, 0.2), (0.2, 0.2, 0.2), (0.1, 0.1, 0.1)),
        background="#f4f3ef",
        exposure=1.15,
        adaptation=0.30,
        ambient=1.7,
    )


def _room(site: Site, k: int, z: float, width: float, depth: float) -> None:
    """From z towards -z."""
    half = width / 2
    floor(site, (-half, z - depth), (half, z), 0.0, OAK)
    here = site.at(0, 0, z - depth / 2)
    for side, yaw in ((1, -90), (-1, 90)):
        face = here.at(side * half, 0, -side * depth / 2, yaw)
        _niche_wall(face, depth, f"room-{k + 1}-{'east' if side > 0 else 'west'}")
    _vault(here, half, depth)
    if k == 0:
        plinth(here.at(0, 0, 0), "centre-1", 1.5, 1.5, 0.75, STONE)
        for a in (45, 135, 225, 315):
            x, zz = 2.6 * np.cos(np.radians(a)), 2.6 * np.sin(np.radians(a))
            track_light(here, (x, 4.2, zz), (0, 1.2, 0), 9.0)
    elif k % 2 == 1:
        for i, x in enumerate((-2.0, 2.0)):
            vitrine(here.at(x, 0, 0), f"case-{k + 1}-{i + 1}", 1.6, 0.75)
        bench(here.at(0, 0, -depth / 2 + 1.6))
    else:
        for i, (x, zz) in enumerate(((-1.9, 0.8), (0.0, -0.9), (1.9, 0.8))):
            plinth(here.at(x, 0, zz), f"stand-{k + 1}-{i + 1}", 0.6, 0.6, 1.0, STONE)
            track_light(here, (x * 0.5, 4.3, zz + 2.3), (x, 1.3, zz), 10.0)


def _niche_wall(face: Site, depth: float, name: str) -> None:
    """A white wall with three deep niches; its face towards local +z."""
    wide, tall, low, deep = 1.15, 1.6, 0.95, 0.40
    step = depth / 3
    niches = [
        Opening(step * (i + 0.5) - wide / 2, step * (i + 0.5) + wide / 2, low, low + tall, NICHE) for i in range(3)
    ]
    panels = name.endswith("west")
    used = [niches[0], niches[2]] if panels else niches
    wall(face, depth, deep, [(0.12, STONE), (WALL_HIGH, WHITE)], [(0.05, WHITE)], used, solid=False)
    for i, o in enumerate(used):
        face.show(quad((o.start, o.low, -deep), (wide, 0, 0), (0, tall, 0), NICHE))
        glow = quad((o.start + 0.06, o.high - 0.004, -deep + 0.05), (wide - 0.12, 0, 0), (0, 0, 0.07), DAYLIGHT)
        face.show(glow)
        face.anchor(
            f"{name}-niche-{i + 1}", "vitrine", ((o.start + o.end) / 2, o.low, -deep / 2), 0.0, wide - 0.1, tall - 0.1
        )
        face.anchor(f"{name}-niche-{i + 1}-label", "label", (o.end + 0.2, 1.35, 0.002), 0.0, 0.22, 0.16)
    if panels:
        panel(face.at(depth / 2, 0, 0), f"{name}-panel", 1.8, 1.5, low=0.95)


def _vault(here: Site, half: float, depth: float) -> None:
    """A segmental barrel along z with a slot of daylight in its crown."""
    rise = 1.35
    radius = (half * half + rise * rise) / (2 * rise)
    top = SPRING + rise
    limit = float(np.degrees(np.arcsin(half / radius)))
    slot = float(np.degrees(np.arcsin(0.8 / radius)))
    for side in (-1, 1):
        curve = arc(radius, 90 - side * limit, 90 - side * slot, 12) + np.array([0, top - radius])
        near = [(x, y, depth / 2) for x, y in curve]
        far = [(x, y, -depth / 2) for x, y in curve]
        here.show(ruled(near, far, VAULT) if side > 0 else ruled(far, near, VAULT))
        x, y = curve[-1]
        up = 0.35
        if side > 0:
            here.show(quad((x, y, -depth / 2), (0, 0, depth), (0, up, 0), VAULT))
        else:
            here.show(quad((x, y, depth / 2), (0, 0, -depth), (0, up, 0), VAULT))
    y = top - radius + radius * np.cos(np.radians(slot)) + 0.35
    here.show(quad((-0.8, y, -depth / 2), (1.6, 0, 0), (0, 0, depth), DAYLIGHT))
    for zz in np.arange(-depth / 2 + 0.7, depth / 2, 1.4):
        here.show(box((-0.8, y - 0.30, zz - 0.012), (0.8, y - 0.18, zz + 0.012), WHITE, sides="ns_"))


def _gable(site: Site, half: float, finish: Finish) -> None:
    """The wall above WALL_HIGH below the vault, its face towards +z at z = 0."""
    rise = 1.35
    radius = (half * half + rise * rise) / (2 * rise)
    limit = float(np.degrees(np.arcsin(half / radius)))
    curve = arc(radius, 90 + limit, 90 - limit, 25) + np.array([0, SPRING + rise - radius])
    top = np.array([(x, max(y, WALL_HIGH + 0.001) + (0.45 if abs(x) < 0.9 else 0.0), 0) for x, y in curve])
    low = top.copy()
    low[:, 1] = WALL_HIGH
    site.show(ruled(low, top, finish, flat=True))


def _between(site: Site, width: float) -> None:
    """The wall between two rooms, with a tall opening; its near face at z = 0."""
    half, way = width / 2, 1.5
    hole = Opening(half - way, half + way, 0.0, 3.3, WHITE)
    bands = [(0.12, STONE), (WALL_HIGH, WHITE)]
    wall(site.at(-half, 0, 0), width, THICK, bands, bands, [hole])
    floor(site, (-way, -THICK), (way, 0), 0.0, STONE)
    _gable(site, half, WHITE)
    _gable(site.at(0, 0, -THICK, 180), half, WHITE)


def _end(site: Site, width: float, doors: Sequence[tuple[str, Text]]) -> None:
    """A closing wall with a door; its face towards +z at z = 0."""
    half, way = width / 2, 0.95
    holes = [Opening(half - way, half + way, 0.0, 2.7, CHARCOAL) for _ in doors]
    bands = [(0.12, STONE), (WALL_HIGH, WHITE)]
    wall(site.at(-half, 0, 0), width, 0.25, bands, [(0.05, WHITE)], holes, solid=False)
    site.block((-half, 0, -0.6), (half, WALL_HIGH, -0.16 if doors else 0.0))
    for a, b in ((-half, -way), (way, half)):
        site.block((a, 0, -0.6), (b, WALL_HIGH, 0))
    _gable(site, half, WHITE)
    for name, title in doors:
        site.show(box((-way, 0, -0.2), (-0.004, 2.7, -0.16), DOOR, sides="se"))
        site.show(box((0.004, 0, -0.2), (way, 2.7, -0.16), DOOR, sides="sw"))
        floor(site, (-way, -0.2), (way, 0), 0.0, STONE)
        for x in (-0.07, 0.05):
            site.show(box((x, 0.7, -0.16), (x + 0.02, 1.7, -0.12), CHARCOAL))
        site.door(name, title, (0, 0, -0.1), 0.0, 2 * way, 2.7)
        if name == "north":
            panel(site.at(2.7, 0, 0), "closing", 1.4, 1.4)
            screen(site.at(-2.75, 0, 0), "film", 2.0)
        else:
            panel(site.at(-2.7, 0, 0), "welcome", 1.6, 1.4)
