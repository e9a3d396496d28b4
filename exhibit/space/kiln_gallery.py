"""The kiln gallery: a white room in a Minnan red-brick house, lit from its ridge.

Hall frame: +Y up, metres, origin on the floor's middle; visitors enter at -x and look towards +x, north is -z.
"""

from __future__ import annotations

from dataclasses import dataclass
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

HALF_LENGTH, HALF_WIDTH, EAVES, RIDGE = 7.0, 4.5, 3.8, 6.2
DOOR_HALF, DOOR_HEIGHT, NICHE = 1.2, 2.7, 1.5
TRUSSES = (-4.67, -2.33, 0.0, 2.33, 4.67)
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


def roof(z: float) -> float:
    """Height of the roof's underside."""
    return RIDGE - (RIDGE - EAVES) * abs(z) / HALF_WIDTH


def room() -> Room:
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
        sheets=[*_floor(), *_long_walls(), *_east(), *_west(), *_roof(), *_frame(), *_stands(), *_boards()],
        paint=lambda: {"floor": terracotta(), "wall": brick_and_stone(), "trim": trim()},
        skylights=_skylights(),
        spots=_spots(),
        solid=_solid(),
        poster=((-5.1, 1.62, 1.15), (1.20, 1.22, -0.32), 44.0),
        start=((-6.2, 1.62, 0.7), (1.2, 1.25, -0.2), 52.0),
        background="#efece6",
        light={
            "ambient": 1.5,
            "sky": "#f7f8fb",
            "ground": "#c79a83",
            "key": {"direction": [0.45, -0.8, -0.35], "intensity": 2.2, "colour": "#fff1dc"},
        },
        anchors=_anchors(),
        doors={
            "west": Door(DOORS[0][1], (-HALF_LENGTH - NICHE + 0.05, 0.0, 0.0), 90.0, 2 * DOOR_HALF, DOOR_HEIGHT),
            "east": Door(
                DOORS[1][1],
                (HALF_LENGTH - 0.07, 0.0, sum(EAST_DOOR[:2]) / 2),
                -90.0,
                EAST_DOOR[1] - EAST_DOOR[0],
                EAST_DOOR[2],
            ),
        },
    )


def _anchors() -> dict[str, Anchor]:
    """A stand on every plinth, a panel on every board, named as they are."""
    stands = {
        name: Anchor("plinth", (p.x, p.tall, p.z), FACING.get(name, 0.0), min(p.wide, p.deep), 1.6)
        for name, p in PLINTHS.items()
    }
    middle, face = BOARD_LOW + BOARD_SIZE[1] / 2, HALF_WIDTH - BOARD_THICK
    boards = {
        name: Anchor("panel", (x, middle, side * face), 0.0 if side < 0 else 180.0, *BOARD_SIZE)
        for name, (x, side) in BOARDS.items()
    }
    return {**stands, **boards}


def _obstacles() -> list[tuple[float, float, float, float]]:
    """(x, z, wide, deep) of what throws a shadow on the floor that is worth points of its own."""
    stands = [(p.x, p.z, p.wide, p.deep) for p in PLINTHS.values() if p.wide > 0.5 or p.x == 4.9]
    return [*stands, *((x, z, 1.8, 0.45) for x, z in BENCHES)]


def _floor() -> list[Sheet]:
    edges_x = [x + side * wide / 2 + HALF_LENGTH for x, _, wide, _ in _obstacles() for side in (-1, 1)]
    edges_z = [HALF_WIDTH - (z + side * deep / 2) for _, z, _, deep in _obstacles() for side in (-1, 1)]
    hall = rectangle(
        (-HALF_LENGTH, 0, HALF_WIDTH),
        (2 * HALF_LENGTH, 0, 0),
        (0, 0, -2 * HALF_WIDTH),
        FLOOR,
        step=0.3,
        marks_s=[0, *edges_x, 2 * HALF_LENGTH],
        marks_t=[0, *edges_z, 2 * HALF_WIDTH],
        shift=(0.2, 0.3),
    )
    niche = rectangle((-HALF_LENGTH - NICHE, 0, DOOR_HALF), (NICHE, 0, 0), (0, 0, -2 * DOOR_HALF), STONE, step=0.25)
    return [hall, niche]


def _long_walls() -> list[Sheet]:
    sheets = []
    marks = [x + HALF_LENGTH for x in TRUSSES]
    for side in (-1, 1):
        at, along = np.array([side * HALF_LENGTH, 0, side * HALF_WIDTH]), np.array([-side * 2 * HALF_LENGTH, 0, 0])
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


def _east() -> list[Sheet]:
    wall = rectangle(
        (HALF_LENGTH, 0.18, -HALF_WIDTH),
        (0, 0, 2 * HALF_WIDTH),
        (0, EAVES - 0.18, 0),
        RUBBLE,
        step=0.25,
        marks_s=(0, 2 * HALF_WIDTH),
        shift=(0, 0.18),
    )
    foot = rectangle((HALF_LENGTH, 0, -HALF_WIDTH), (0, 0, 2 * HALF_WIDTH), (0, 0.18, 0), STONE, step=0.25)
    return [foot, wall, _gable(HALF_LENGTH, 1, RUBBLE), *_east_door()]


def _east_door() -> list[Sheet]:
    """Two leaves in a frame of stone, set on the wall."""
    z0, z1, tall = EAST_DOOR
    middle, wide, x = (z0 + z1) / 2, z1 - z0, HALF_LENGTH
    sheets = block((x - 0.03, 0, middle), (0.06, tall, wide), DOOR)
    for z in (z0 - 0.1, z1 + 0.1):
        sheets += block((x - 0.06, 0, z), (0.12, tall + 0.2, 0.2), STONE)
    sheets += block((x - 0.06, tall, middle), (0.12, 0.2, wide), STONE, bottom=True)
    for z in (-wide / 4, 0.0, wide / 4):
        sheets += block((x - 0.075, 0, middle + z), (0.03, tall, 0.08 if z else 0.03), DOOR)
    return sheets


def _west() -> list[Sheet]:
    x, sheets = -HALF_LENGTH, []
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


def _roof() -> list[Sheet]:
    length, sheets = float(np.hypot(HALF_WIDTH, RIDGE - EAVES)), []
    for side in (-1, 1):
        rows = np.linspace(0, SKY[0], 8)
        for s0, s1 in pairwise(rows):
            sheets.append(_slope(side, -HALF_LENGTH, HALF_LENGTH, float(s0), float(s1), LIMED, step=0.4))
        sheets.append(_slope(side, -HALF_LENGTH, HALF_LENGTH, SKY[1], length, LIMED, step=0.4))
        for x0, x1 in ((-HALF_LENGTH, -6.3), (6.3, HALF_LENGTH)):
            sheets.append(_slope(side, x0, x1, *SKY, LIMED))
        sheets.append(_slope(side, -6.3, 6.3, *SKY, GLASS, lift=0.12, step=0.9))
        up = np.array([0, RIDGE - EAVES, -side * HALF_WIDTH]) / length
        for x in np.linspace(-6.3, 6.3, 15):
            foot = np.array([x, EAVES, side * HALF_WIDTH])
            sheets += bar(foot + up * SKY[0], foot + up * SKY[1], 0.05, 0.13, WOOD, step=0.5)
    return sheets


def _frame() -> list[Sheet]:
    """Columns, beams in tiers with short posts between them (tailiang), and round purlins."""
    sheets: list[Sheet] = []
    for z in (-3.42, -2.28, -1.14, 0.0, 1.14, 2.28, 3.42):
        sheets.append(pole((-HALF_LENGTH, roof(z) - 0.10, z), (HALF_LENGTH, roof(z) - 0.10, z), 0.085, WOOD))
    for i, x in enumerate(TRUSSES):
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


def _stands() -> list[Sheet]:
    sheets: list[Sheet] = []
    for name, p in PLINTHS.items():
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


def _boards() -> list[Sheet]:
    sheets: list[Sheet] = []
    for x, side in BOARDS.values():
        sheets += block(
            (x, BOARD_LOW, side * (HALF_WIDTH - BOARD_THICK / 2)),
            (BOARD_SIZE[0], BOARD_SIZE[1], BOARD_THICK),
            BOARD,
            BOARD,
            step=0.2,
            bottom=True,
        )
    return sheets


def _skylights() -> list[Skylight]:
    length = float(np.hypot(HALF_WIDTH, RIDGE - EAVES))
    lights = []
    for side in (-1, 1):
        up = np.array([0, RIDGE - EAVES, -side * HALF_WIDTH]) / length
        foot = np.array([6.3 if side > 0 else -6.3, EAVES, side * HALF_WIDTH]) + up * SKY[0]
        lights.append(
            Skylight(tuple(foot), (-side * 12.6, 0.0, 0.0), tuple(up * (SKY[1] - SKY[0])), radiance=(6.9, 7.1, 7.5))
        )
    return lights


def _spots() -> list[Spot]:
    spots = [
        Spot((p.lit_from[0], 3.45, p.lit_from[1]), (p.x, p.tall + 0.12, p.z), p.half_angle_deg, p.intensity)
        for p in PLINTHS.values()
    ]
    spots += [
        Spot((x, 3.45, side * 2.2), (x, BOARD_LOW + 0.9, side * HALF_WIDTH), 26, 9.0) for x, side in BOARDS.values()
    ]
    spots += [Spot((4.7, 3.45, z), (HALF_LENGTH, 1.5, z * 1.15), 30, 15.0) for z in (-2.9, 0.0, 2.9)]
    return spots


def _solid() -> list[Block]:
    """What nobody walks through: a thick floor, thick walls, and everything that stands."""
    x, z, t = HALF_LENGTH, HALF_WIDTH, 0.5
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
        for p in PLINTHS.values()
    ]
    blocks.append(Block((x - 0.12, 0, EAST_DOOR[0] - 0.2), (x, EAST_DOOR[2] + 0.2, EAST_DOOR[1] + 0.2)))
    blocks += [Block((a - 0.9, 0, b - 0.225), (a + 0.9, 0.44, b + 0.225)) for a, b in BENCHES]
    blocks += [
        Block((a - 0.16, 0, side * COLUMN_Z - 0.2), (a + 0.16, EAVES, side * COLUMN_Z + 0.2))
        for a in TRUSSES
        for side in (-1, 1)
    ]
    return blocks
