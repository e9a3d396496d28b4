"""The kiln gallery: a white room in a Minnan red-brick house, lit from its ridge.

Hall frame: +Y up, metres, origin on the floor's middle; visitors enter at -x and look towards +x, north is -z.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from exhibit.documents.types import Text
from exhibit.space.light_sources import Skylight, Spot
from exhibit.space.pictures import (
    FRIEZE,
    GRANITE,
    LACQUER,
    PLASTER,
    TIMBER,
    TRIM_METRES,
    brick_and_stone,
    terracotta,
    trim,
)
from exhibit.space.room import Block, Room
from exhibit.space.shapes import bar
from exhibit.space.sheets import Finish, Sheet, block, lines, planks, pole, rectangle
from exhibit.space.site import Anchor, Door
from exhibit.space.sizes import Size, doors_size

BAYS = 6  # between trusses, and between those and the gables
HALF_LENGTH, HALF_WIDTH, EAVES, RIDGE = 7.0, 4.5, 3.8, 6.2  # half the length of the hall of six bays
DOOR_HALF, DOOR_HEIGHT, NICHE = 1.2, 2.7, 1.5
COLUMN_Z = 4.3
TIE = 3.70  # height of the lowest beams' axis
SKY = (3.90, 4.80)  # along the slope from the eaves

FLOOR = Finish("floor", (2.4, 2.4))
RUBBLE = Finish("wall", (4.5, 4.5))


def _trim(band: tuple[float, float], tall: float, tint: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Finish:
    return Finish("trim", (TRIM_METRES, tall), band, tint)


PLASTERED = _trim(PLASTER, 0.4)
WHITE = _trim(PLASTER, 0.4, (0.98, 0.97, 0.95))
BOARD = _trim(PLASTER, 0.4, (0.93, 0.90, 0.85))
WOOD = _trim(TIMBER, 0.4)
LIMED = _trim(PLASTER, 0.4, (0.96, 0.94, 0.90))
STONE = _trim(GRANITE, 0.4)
SHADOW = _trim(GRANITE, 0.4, (0.12, 0.11, 0.11))
PATTERN = _trim(FRIEZE, 0.4)
DOOR = _trim(LACQUER, 0.4)
GLASS = Finish("trim", (TRIM_METRES, 0.4), PLASTER, (1.0, 1.0, 1.0), glows=True)


@dataclass(frozen=True, slots=True)
class Plinth:
    """A stand whose top carries one exhibit."""

    x: float
    z: float
    wide: float  # along x
    deep: float  # along z
    tall: float
    lit_from: tuple[float, float]  # x, z of its spotlight below the eaves
    half_angle_deg: float = 17.0
    intensity: float = 11.0


PLINTHS = {
    "dragon-kiln": Plinth(0.9, 0.0, 2.2, 1.0, 0.55, (-0.6, 2.0), 25, 26),
    "meiping": Plinth(4.9, -2.3, 0.5, 0.5, 1.05, (3.4, -1.2), 13, 20),
    "censer": Plinth(4.9, 2.3, 0.5, 0.5, 1.10, (3.4, 1.2), 13, 20),
    "saggar": Plinth(-2.9, -2.6, 0.8, 0.8, 0.80, (-4.0, -1.3), 17, 18),
    "kick-wheel": Plinth(-2.7, 2.7, 1.7, 1.5, 0.12, (-3.9, 1.2), 24, 22),
    "fluted-bowl": Plinth(3.5, -3.3, 0.5, 0.5, 1.10, (2.4, -2.0), 14, 18),
    "covered-box": Plinth(3.5, 3.3, 0.5, 0.5, 1.10, (2.4, 2.0), 14, 18),
    "kendi": Plinth(5.5, 0.0, 0.5, 0.5, 1.05, (4.2, 0.9), 14, 18),
}
FACING = {
    "fluted-bowl": 0.0,
    "meiping": -90.0,
    "kendi": -90.0,
    "censer": -90.0,
    "covered-box": 180.0,
    "kick-wheel": 180.0,
}
BENCHES = ((0.9, 2.75), (0.9, -2.75))
BOARDS = {
    "welcome": (-5.85, -1),
    "how-it-works": (1.2, -1),
    "how-made": (1.2, 1),
    "years": (-5.85, 1),
    "picture": (-1.16, -1),
    "film": (-1.16, 1),
}  # x on the wall, which side (sign of z)
BOARD_SIZE, BOARD_LOW, BOARD_THICK = (1.9, 1.9), 0.75, 0.04
DOORS: tuple[tuple[str, Text], ...] = (
    ("west", {"zh": "西门", "en": "West door"}),
    ("east", {"zh": "东门", "en": "East door"}),
)
EAST_DOOR = (-4.1, -2.7, 2.45)  # z0, z1, height of a shut door in the wall of brick and stone
SIZES = (Size("bays", {"zh": "开间数", "en": "Bays"}, 6, 12, 2, BAYS, unit=""), doors_size(2))


@dataclass(frozen=True, slots=True)
class Gallery:
    """The hall of so many bays. What is east and west of the middle stays by its end; what is more has more places."""

    bays: int  # even: a truss stands in the middle
    has_east_door: bool

    @property
    def half_length(self) -> float:
        return round(HALF_LENGTH * self.bays / BAYS, 2)

    @property
    def longer(self) -> float:
        """At either end than the hall of six bays, m."""
        return round(self.half_length - HALF_LENGTH, 2)

    @property
    def half_skylight(self) -> float:
        return self.half_length - 0.7

    @property
    def trusses(self) -> Sequence[float]:
        """x of each."""
        bay = 2 * self.half_length / self.bays
        return [round(i * bay, 2) for i in range(1 - self.bays // 2, self.bays // 2)]

    @property
    def more(self) -> Sequence[tuple[str, float]]:
        """The name and x of the bays that the hall of six has not."""
        bay = 2 * HALF_LENGTH / BAYS
        return [
            (f"{side}-{i + 1}", sign * round(1.5 * bay + i * bay, 2))
            for i in range((self.bays - BAYS) // 2)
            for side, sign in (("west", -1), ("east", 1))
        ]

    @property
    def plinths(self) -> Mapping[str, Plinth]:
        by_its_end = {name: p if name == "dragon-kiln" else self._by_its_end(p) for name, p in PLINTHS.items()}
        others = {
            f"stand-{name}-{letter}": Plinth(x, side * 2.4, 0.6, 0.6, 1.0, (x - 1.1, side * 1.1), 15, 18)
            for name, x in self.more
            for letter, side in (("north", -1), ("south", 1))
        }
        return {**by_its_end, **others}

    def _by_its_end(self, plinth: Plinth) -> Plinth:
        out = math.copysign(self.longer, plinth.x)
        lamp_x, lamp_z = plinth.lit_from
        return replace(plinth, x=round(plinth.x + out, 2), lit_from=(round(lamp_x + out, 2), lamp_z))

    @property
    def boards(self) -> Mapping[str, tuple[float, int]]:
        """x on the wall, which side (sign of z)."""
        by_the_end = {name: (round(x - self.longer, 2) if x < -5 else x, side) for name, (x, side) in BOARDS.items()}
        others = {
            f"panel-{name}-{letter}": (x, side)
            for name, x in self.more
            for letter, side in (("north", -1), ("south", 1))
        }
        return {**by_the_end, **others}


def roof(z: float) -> float:
    """Height of the roof's underside."""
    return RIDGE - (RIDGE - EAVES) * abs(z) / HALF_WIDTH


def room(*, bays: int = BAYS, doors: Sequence[tuple[str, Text]] = DOORS) -> Room:
    """`bays` in a row, an even number; the first door is behind the visitor, the second far."""
    gallery = Gallery(bays, has_east_door=len(doors) > 1)
    ends, longer = gallery.half_length, gallery.longer
    places = {
        "west": Door(DOORS[0][1], (-ends - NICHE + 0.05, 0.0, 0.0), 90.0, 2 * DOOR_HALF, DOOR_HEIGHT),
        "east": Door(
            DOORS[1][1], (ends - 0.07, 0.0, sum(EAST_DOOR[:2]) / 2), -90.0, EAST_DOOR[1] - EAST_DOOR[0], EAST_DOOR[2]
        ),
    }
    return Room(
        title={"zh": "龙窑展厅", "en": "The kiln gallery"},
        summary={
            "zh": "闽南红砖厝里的白色展厅，天光从屋脊落下。",
            "en": "A white room in a red-brick house of southern Fujian, lit from its ridge.",
        },
        statement={
            "zh": "这间展厅是用程序代码建成的虚拟建筑：闽南红砖厝的砖石、木构与白灰墙，"
            "天光与射灯预先计算后写入模型，并非实有的房屋。",
            "en": "A virtual room built in code: the brick, stone, timber and white plaster of a Minnan red-brick "
            "house, its daylight and spotlights computed beforehand. It is not an existing building.",
        },
        sheets=[
            *_floor(gallery),
            *_long_walls(gallery),
            *_east(gallery),
            *_west(gallery),
            *_roof(gallery),
            *_frame(gallery),
            *_stands(gallery),
            *_boards(gallery),
        ],
        paint=lambda: {"floor": terracotta(), "wall": brick_and_stone(), "trim": trim()},
        skylights=_skylights(gallery),
        spots=_spots(gallery),
        solid=_solid(gallery),
        poster=((round(-5.1 - longer, 2), 1.62, 1.15), (1.20, 1.22, -0.32), 44.0),
        start=((round(-6.2 - longer, 2), 1.62, 0.7), (1.2, 1.25, -0.2), 52.0),
        background="#efece6",
        light={
            "ambient": 1.5,
            "sky": "#f7f8fb",
            "ground": "#c79a83",
            "key": {"direction": [0.45, -0.8, -0.35], "intensity": 2.2, "colour": "#fff1dc"},
        },
        anchors=_anchors(gallery),
        doors={name: places[name] for name, _ in doors},
    )


def _anchors(gallery: Gallery) -> dict[str, Anchor]:
    """A stand on every plinth, a panel on every board, named as they are."""
    stands = {
        name: Anchor("plinth", (p.x, p.tall, p.z), FACING.get(name, 0.0), min(p.wide, p.deep), 1.6)
        for name, p in gallery.plinths.items()
    }
    middle, face = BOARD_LOW + BOARD_SIZE[1] / 2, HALF_WIDTH - BOARD_THICK
    boards = {
        name: Anchor("panel", (x, middle, side * face), 0.0 if side < 0 else 180.0, *BOARD_SIZE)
        for name, (x, side) in gallery.boards.items()
    }
    return {**stands, **boards}


def _obstacles(gallery: Gallery) -> list[tuple[float, float, float, float]]:
    """(x, z, wide, deep) of what throws a shadow on the floor that is worth points of its own."""
    stands = [
        (p.x, p.z, p.wide, p.deep)
        for name, p in gallery.plinths.items()
        if p.wide > 0.6 or name in ("meiping", "censer")
    ]
    return [*stands, *((x, z, 1.8, 0.45) for x, z in BENCHES)]


def _floor(gallery: Gallery) -> list[Sheet]:
    edges_x = [x + side * wide / 2 + gallery.half_length for x, _, wide, _ in _obstacles(gallery) for side in (-1, 1)]
    edges_z = [HALF_WIDTH - (z + side * deep / 2) for _, z, _, deep in _obstacles(gallery) for side in (-1, 1)]
    hall = rectangle(
        (-gallery.half_length, 0, HALF_WIDTH),
        (2 * gallery.half_length, 0, 0),
        (0, 0, -2 * HALF_WIDTH),
        FLOOR,
        step=0.3,
        marks_s=[0, *edges_x, 2 * gallery.half_length],
        marks_t=[0, *edges_z, 2 * HALF_WIDTH],
        shift=(0.2, 0.3),
    )
    niche = rectangle(
        (-gallery.half_length - NICHE, 0, DOOR_HALF), (NICHE, 0, 0), (0, 0, -2 * DOOR_HALF), STONE, step=0.25
    )
    return [hall, niche]


def _long_walls(gallery: Gallery) -> list[Sheet]:
    sheets = []
    marks = [x + gallery.half_length for x in gallery.trusses]
    for side in (-1, 1):
        at, along = (
            np.array([side * gallery.half_length, 0, side * HALF_WIDTH]),
            np.array([-side * 2 * gallery.half_length, 0, 0]),
        )
        for low, high, finish in ((0.0, 0.18, STONE), (0.18, 0.58, PATTERN), (0.58, EAVES, PLASTERED)):
            sheets.append(
                rectangle(
                    at + np.array([0, low, 0]),
                    along,
                    (0, high - low, 0),
                    finish,
                    step=0.28,
                    marks_s=marks,
                    marks_t=(0,) if low == 0 else (),
                )
            )
    return sheets


def _gable(x: float, side: int, finish: Finish) -> Sheet:
    """The triangle above the eaves, seen from inside; `side` is the sign of x."""
    z = lines(-HALF_WIDTH, HALF_WIDTH, 0.3) * side
    share = np.linspace(0, 1, 9)[:, None]
    y = EAVES + share * (np.array([roof(v) for v in z]) - EAVES)
    grid = np.stack([np.full_like(y, x), y, np.broadcast_to(z, y.shape)], -1)
    return Sheet(grid, finish, spread=np.stack([grid[..., 2] * side + HALF_WIDTH, y], -1))


def _east(gallery: Gallery) -> list[Sheet]:
    wall = rectangle(
        (gallery.half_length, 0.18, -HALF_WIDTH),
        (0, 0, 2 * HALF_WIDTH),
        (0, EAVES - 0.18, 0),
        RUBBLE,
        step=0.25,
        marks_s=(0, 2 * HALF_WIDTH),
        shift=(0, 0.18),
    )
    foot = rectangle((gallery.half_length, 0, -HALF_WIDTH), (0, 0, 2 * HALF_WIDTH), (0, 0.18, 0), STONE, step=0.25)
    return [foot, wall, _gable(gallery.half_length, 1, RUBBLE), *(_east_door(gallery) if gallery.has_east_door else [])]


def _east_door(gallery: Gallery) -> list[Sheet]:
    """Two leaves in a frame of stone, set on the wall."""
    z0, z1, tall = EAST_DOOR
    middle, wide, x = (z0 + z1) / 2, z1 - z0, gallery.half_length
    sheets = block((x - 0.03, 0, middle), (0.06, tall, wide), DOOR)
    for z in (z0 - 0.1, z1 + 0.1):
        sheets += block((x - 0.06, 0, z), (0.12, tall + 0.2, 0.2), STONE)
    sheets += block((x - 0.06, tall, middle), (0.12, 0.2, wide), STONE, bottom=True)
    for z in (-wide / 4, 0.0, wide / 4):
        sheets += block((x - 0.075, 0, middle + z), (0.03, tall, 0.08 if z else 0.03), DOOR)
    return sheets


def _west(gallery: Gallery) -> list[Sheet]:
    x, sheets = -gallery.half_length, []
    for z0, z1 in ((HALF_WIDTH, DOOR_HALF), (-DOOR_HALF, -HALF_WIDTH)):
        for low, high, finish in ((0.0, 0.18, STONE), (0.18, 0.58, PATTERN), (0.58, EAVES, PLASTERED)):
            sheets.append(rectangle((x, low, z0), (0, 0, z1 - z0), (0, high - low, 0), finish, step=0.25))
    sheets.append(
        rectangle(
            (x, DOOR_HEIGHT, DOOR_HALF), (0, 0, -2 * DOOR_HALF), (0, EAVES - DOOR_HEIGHT, 0), PLASTERED, step=0.25
        )
    )
    sheets.append(_gable(x, -1, PLASTERED))
    back = x - NICHE
    sheets += [
        rectangle((back, 0, DOOR_HALF), (0, 0, -2 * DOOR_HALF), (0, DOOR_HEIGHT, 0), DOOR, step=0.25),
        rectangle((back, 0, -DOOR_HALF), (NICHE, 0, 0), (0, DOOR_HEIGHT, 0), STONE, step=0.25),
        rectangle((x, 0, DOOR_HALF), (-NICHE, 0, 0), (0, DOOR_HEIGHT, 0), STONE, step=0.25),
        rectangle((back, DOOR_HEIGHT, -DOOR_HALF), (NICHE, 0, 0), (0, 0, 2 * DOOR_HALF), WOOD, step=0.25),
    ]
    for z in (-DOOR_HALF - 0.14, DOOR_HALF + 0.14):
        sheets += block((x + 0.03, 0, z), (0.14, DOOR_HEIGHT + 0.24, 0.28), STONE)
    sheets += block((x + 0.03, DOOR_HEIGHT, 0), (0.14, 0.24, 2 * DOOR_HALF), STONE, bottom=True)
    for z in (-0.6, 0.0, 0.6):  # stiles of the two leaves
        sheets += block((back + 0.02, 0, z), (0.04, DOOR_HEIGHT, 0.10 if z else 0.03), DOOR)
    return sheets


def _slope(
    side: int, x0: float, x1: float, s0: float, s1: float, finish: Finish, lift: float = 0.0, step: float = 0.3
) -> Sheet:
    """A piece of the roof's underside between two distances from the eaves; side is the sign of z."""
    length = float(np.hypot(HALF_WIDTH, RIDGE - EAVES))
    up = np.array([0, RIDGE - EAVES, -side * HALF_WIDTH]) / length
    out = np.array([0, HALF_WIDTH, side * (RIDGE - EAVES)]) / length
    foot = np.array([x1 if side > 0 else x0, EAVES, side * HALF_WIDTH]) + up * s0 + out * lift
    return rectangle(
        foot, ((x0 - x1) if side > 0 else (x1 - x0), 0, 0), up * (s1 - s0), finish, step=step, shift=(0.77 * s0, 0)
    )


def _roof(gallery: Gallery) -> list[Sheet]:
    length, sheets, glass = float(np.hypot(HALF_WIDTH, RIDGE - EAVES)), [], gallery.half_skylight
    for side in (-1, 1):
        rows = np.linspace(0, SKY[0], 8)
        for s0, s1 in pairwise(rows):
            sheets.append(
                _slope(side, -gallery.half_length, gallery.half_length, float(s0), float(s1), LIMED, step=0.4)
            )
        sheets.append(_slope(side, -gallery.half_length, gallery.half_length, SKY[1], length, LIMED, step=0.4))
        for x0, x1 in ((-gallery.half_length, -glass), (glass, gallery.half_length)):
            sheets.append(_slope(side, x0, x1, *SKY, LIMED))
        sheets.append(_slope(side, -glass, glass, *SKY, GLASS, lift=0.12, step=0.9))
        up = np.array([0, RIDGE - EAVES, -side * HALF_WIDTH]) / length
        for x in np.linspace(-glass, glass, round(2 * glass / 0.9) + 1):
            foot = np.array([x, EAVES, side * HALF_WIDTH])
            sheets += bar(foot + up * SKY[0], foot + up * SKY[1], 0.05, 0.13, WOOD, step=0.5)
    return sheets


def _frame(gallery: Gallery) -> list[Sheet]:
    """Columns, beams in tiers with short posts between them (tailiang), and round purlins."""
    sheets: list[Sheet] = []
    for z in (-3.42, -2.28, -1.14, 0.0, 1.14, 2.28, 3.42):
        sheets.append(
            pole((-gallery.half_length, roof(z) - 0.10, z), (gallery.half_length, roof(z) - 0.10, z), 0.085, WOOD)
        )
    for i, x in enumerate(gallery.trusses):
        for side in (-1, 1):
            sheets.append(
                pole(
                    (x, 0.16, side * COLUMN_Z), (x, EAVES, side * COLUMN_Z), 0.125, WOOD, sides=14, step=0.3, swell=0.05
                )
            )
            sheets.append(
                pole(
                    (x, 0.0, side * COLUMN_Z), (x, 0.17, side * COLUMN_Z), 0.185, STONE, sides=18, step=0.08, swell=0.12
                )
            )
            sheets.append(_lid((x, 0.17, side * COLUMN_Z), 0.187))
            sheets += bar(
                (x, 3.20, side * (COLUMN_Z - 0.1)),
                (x, 3.58, side * (COLUMN_Z - 0.62)),
                0.07,
                0.11,
                WOOD,
                shift=i * 0.31,
            )
            for z, low in ((2.28, TIE), (1.14, TIE + 1.02)):
                sheets.append(pole((x, low, side * z), (x, roof(z) - 0.1, side * z), 0.09, WOOD, sides=12))
        sheets += bar((x, TIE, -HALF_WIDTH), (x, TIE, HALF_WIDTH), 0.16, 0.24, WOOD, step=0.35, shift=i * 0.43)
        sheets += bar(
            (x, TIE + 1.02, -2.52), (x, TIE + 1.02, 2.52), 0.13, 0.20, WOOD, step=0.35, shift=i * 0.29, ends=True
        )
        sheets += bar(
            (x, TIE + 1.62, -1.36), (x, TIE + 1.62, 1.36), 0.11, 0.17, WOOD, step=0.35, shift=i * 0.17, ends=True
        )
        sheets.append(pole((x, TIE + 1.66, 0.0), (x, RIDGE - 0.1, 0.0), 0.08, WOOD, sides=12))
    return sheets


def _lid(centre: tuple[float, float, float], radius: float) -> Sheet:
    angle = np.linspace(0, -2 * np.pi, 19)
    rim = np.array(centre) + radius * np.stack([np.cos(angle), np.zeros(19), np.sin(angle)], -1)
    return Sheet(np.stack([rim, np.broadcast_to(np.array(centre), rim.shape)]), STONE)


def _stands(gallery: Gallery) -> list[Sheet]:
    sheets: list[Sheet] = []
    for name, p in gallery.plinths.items():
        if name == "kick-wheel":
            sheets += block((p.x, 0, p.z), (p.wide, p.tall, p.deep), WOOD, step=0.16)[:4]
            sheets += planks(
                (p.x - p.wide / 2, p.x + p.wide / 2), (p.z - p.deep / 2, p.z + p.deep / 2), p.tall, 0.188, WOOD
            )
            continue
        sheets += block((p.x, 0, p.z), (p.wide - 0.10, 0.07, p.deep - 0.10), SHADOW)
        sheets += block((p.x, 0.06, p.z), (p.wide, p.tall - 0.06, p.deep), WHITE, WHITE, step=0.14, bottom=True)
    for x, z in BENCHES:
        for side in (-1, 1):
            sheets += block((x + side * 0.62, 0, z), (0.24, 0.37, 0.36), STONE)
        sheets += block((x, 0.37, z), (1.8, 0.07, 0.45), WOOD, WOOD, bottom=True)
    return sheets


def _boards(gallery: Gallery) -> list[Sheet]:
    sheets: list[Sheet] = []
    for x, side in gallery.boards.values():
        sheets += block(
            (x, BOARD_LOW, side * (HALF_WIDTH - BOARD_THICK / 2)),
            (BOARD_SIZE[0], BOARD_SIZE[1], BOARD_THICK),
            BOARD,
            BOARD,
            step=0.2,
            bottom=True,
        )
    return sheets


def _skylights(gallery: Gallery) -> list[Skylight]:
    length = float(np.hypot(HALF_WIDTH, RIDGE - EAVES))
    lights, half = [], gallery.half_skylight
    for side in (-1, 1):
        up = np.array([0, RIDGE - EAVES, -side * HALF_WIDTH]) / length
        foot = np.array([side * half, EAVES, side * HALF_WIDTH]) + up * SKY[0]
        lights.append(
            Skylight(tuple(foot), (-side * 2 * half, 0.0, 0.0), tuple(up * (SKY[1] - SKY[0])), radiance=(6.9, 7.1, 7.5))
        )
    return lights


def _spots(gallery: Gallery) -> list[Spot]:
    spots = [
        Spot((p.lit_from[0], 3.45, p.lit_from[1]), (p.x, p.tall + 0.12, p.z), p.half_angle_deg, p.intensity)
        for p in gallery.plinths.values()
    ]
    spots += [
        Spot((x, 3.45, side * 2.2), (x, BOARD_LOW + 0.9, side * HALF_WIDTH), 26, 9.0)
        for x, side in gallery.boards.values()
    ]
    spots += [
        Spot((4.7 + gallery.longer, 3.45, z), (gallery.half_length, 1.5, z * 1.15), 30, 15.0) for z in (-2.9, 0.0, 2.9)
    ]
    return spots


def _solid(gallery: Gallery) -> list[Block]:
    """What nobody walks through: a thick floor, thick walls, and everything that stands."""
    x, z, t = gallery.half_length, HALF_WIDTH, 0.5
    back = x + NICHE
    blocks = [
        Block((-back - t, -0.5, -z - t), (x + t, 0.0, z + t)),
        Block((-x - t, 0, -z - t), (x + t, RIDGE, -z)),
        Block((-x - t, 0, z), (x + t, RIDGE, z + t)),
        Block((x, 0, -z), (x + t, RIDGE, z)),
        Block((-x - t, 0, -z), (-x, RIDGE, -DOOR_HALF)),
        Block((-x - t, 0, DOOR_HALF), (-x, RIDGE, z)),
        Block((-x - t, DOOR_HEIGHT, -DOOR_HALF), (-x, RIDGE, DOOR_HALF)),
        Block((-back - t, 0, -DOOR_HALF - t), (-back, DOOR_HEIGHT, DOOR_HALF + t)),
        Block((-back, 0, -DOOR_HALF - t), (-x - t, DOOR_HEIGHT, -DOOR_HALF)),
        Block((-back, 0, DOOR_HALF), (-x - t, DOOR_HEIGHT, DOOR_HALF + t)),
        Block((-back - t, DOOR_HEIGHT, -DOOR_HALF - t), (-x - t, DOOR_HEIGHT + t, DOOR_HALF + t)),
        Block((-x - t, RIDGE, -z - t), (x + t, RIDGE + t, z + t)),
    ]
    blocks += [
        Block((p.x - p.wide / 2, 0, p.z - p.deep / 2), (p.x + p.wide / 2, p.tall, p.z + p.deep / 2))
        for p in gallery.plinths.values()
    ]
    if gallery.has_east_door:
        blocks.append(Block((x - 0.12, 0, EAST_DOOR[0] - 0.2), (x, EAST_DOOR[2] + 0.2, EAST_DOOR[1] + 0.2)))
    blocks += [Block((a - 0.9, 0, b - 0.225), (a + 0.9, 0.44, b + 0.225)) for a, b in BENCHES]
    blocks += [
        Block((a - 0.16, 0, side * COLUMN_Z - 0.2), (a + 0.16, EAVES, side * COLUMN_Z + 0.2))
        for a in gallery.trusses
        for side in (-1, 1)
    ]
    return blocks
