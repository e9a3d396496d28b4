"""The kiln gallery: a white room in a Minnan red-brick house, lit from its ridge, that ends in a fired dragon kiln.

Hall frame: +Y up, metres, origin on the floor's middle; visitors enter at -x and look towards +x, north is -z. The kiln
lies behind the east wall and climbs towards +x (fired_kiln.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from exhibit.documents.types import Text
from exhibit.space.fired_kiln import PORTAL_HALF, fired_kiln, portal
from exhibit.space.furniture import bench, plinth, wall_case
from exhibit.space.hall import Hall
from exhibit.space.light_sources import Sky, Skylight, Spot
from exhibit.space.shapes import bar, box, quad, tube, turned
from exhibit.space.sheets import Finish, Sheet
from exhibit.space.site import Site
from exhibit.space.sizes import Size, doors_size
from exhibit.space.timberwork import leaves, timber

BAYS = 6  # between trusses, and between those and the gables
HALF_LENGTH, HALF_WIDTH, EAVES, RIDGE = 7.0, 4.5, 3.8, 6.2  # half the length of the hall of six bays
DOOR_HALF, DOOR_HEIGHT, NICHE = 1.2, 2.7, 1.5
LEAVES = 0.1  # thickness of a door in its frame
WALL = 0.7  # thickness of the outer walls; the cases are built into them
COLUMN_Z = 4.3
TIE = 3.70  # height of the lowest beams' axis
SKY = (3.90, 4.80)  # of the skylight, along the slope from the eaves
CALM = 0.6  # lightmap texels a metre, relative, where light changes slowly
SLOPE = math.hypot(HALF_WIDTH, RIDGE - EAVES)

FLOOR = Finish("floor_brick", (2.4, 2.4))
RUBBLE = Finish("brick_and_stone", (4.5, 4.5))
PLASTERED = Finish("plaster", (2.4, 2.4), tint=(0.95, 0.945, 0.93))
LIMED = Finish("plaster", (2.4, 2.4), tint=(0.93, 0.915, 0.885))
WHITE = Finish("plaster", (2.4, 2.4), tint=(0.92, 0.91, 0.89))
STONE = Finish("granite", (1.2, 1.2))
BRICK = Finish("red_brick", (2.16, 2.16))
WOOD = timber((0.40, 0.31, 0.25))
LACQUER = timber((0.36, 0.075, 0.055))
DAYLIGHT = Finish("light", (1.0, 1.0), tint=(0.96, 0.98, 1.0), glows=True, radiance=0.0)  # its light is the skylight's
SKY_RADIANCE = (6.9, 7.1, 7.5)


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
    "dragon-kiln": Plinth(0.9, 0.0, 2.2, 1.0, 0.55, (-0.6, 2.0), 25, 22),
    "saggar": Plinth(-2.9, -2.1, 0.8, 0.8, 0.80, (-4.0, -0.8), 17, 16),
    "kick-wheel": Plinth(-2.7, 2.2, 1.7, 1.5, 0.12, (-3.9, 0.7), 24, 20),
}
CASES = {  # x on the long wall, which side (sign of z)
    "case-north": (-3.5, -1),
    "fluted-bowl": (3.5, -1),
    "covered-box": (3.5, 1),
    "meiping": (5.83, -1),
    "censer": (5.83, 1),
}
GROUPS = ("case-north",)  # wide, for several pieces side by side: without a stand in the middle
CASE_WIDE, GROUP_WIDE, CASE_TALL, CASE_LOW, CASE_DEEP = 1.0, 1.7, 1.1, 1.0, 0.55
EAST_CASE = 3.1  # z of the case on the east wall
FACING = {"kick-wheel": 180.0}
BENCHES = ((0.9, 2.75), (0.9, -2.75))
BOARDS = {
    "welcome": (-5.85, -1),
    "how-it-works": (1.2, -1),
    "how-made": (1.2, 1),
    "years": (-5.85, 1),
    "picture": (-1.16, -1),
    "film": (-1.16, 1),
}  # x on the wall, which side (sign of z)
BOARD_SIZE, BOARD_LOW = (1.9, 1.9), 0.75
DOORS: tuple[tuple[str, Text], ...] = (
    ("west", {"zh": "西门", "en": "West door"}),
    ("east", {"zh": "东门", "en": "East door"}),
)
EAST_DOOR = (-3.35, 1.4, 2.45)  # z of its middle, width, height
SIZES = (Size("bays", {"zh": "开间数", "en": "Bays"}, 6, 12, 2, BAYS, unit=""), doors_size(2))


@dataclass(frozen=True, slots=True)
class Gallery:
    """The hall of so many bays. What is east and west of the middle stays by its end; what is more has more places."""

    bays: int  # even: a truss stands in the middle

    @property
    def half_length(self) -> float:
        return round(HALF_LENGTH * self.bays / BAYS, 2)

    @property
    def longer(self) -> float:
        """At either end than the hall of six bays, m."""
        return round(self.half_length - HALF_LENGTH, 2)

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
            f"stand-{name}-{letter}": Plinth(x, side * 2.4, 0.6, 0.6, 1.0, (x - 1.1, side * 1.1), 15, 16)
            for name, x in self.more
            for letter, side in (("north", -1), ("south", 1))
        }
        return {**by_its_end, **others}

    def _by_its_end(self, plinth: Plinth) -> Plinth:
        out = math.copysign(self.longer, plinth.x)
        lamp_x, lamp_z = plinth.lit_from
        return replace(plinth, x=round(plinth.x + out, 2), lit_from=(round(lamp_x + out, 2), lamp_z))

    @property
    def cases(self) -> Mapping[str, tuple[float, int]]:
        """x on the long wall, which side (sign of z)."""
        return {name: (round(x + math.copysign(self.longer, x), 2), side) for name, (x, side) in CASES.items()}

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


def hall(*, bays: int = BAYS, doors: Sequence[tuple[str, Text]] = DOORS) -> Hall:
    """`bays` in a row, an even number; the first door is behind the visitor, the second beside the kiln."""
    gallery, site = Gallery(bays), Site()
    ends, longer = gallery.half_length, gallery.longer
    _floor(site, gallery)
    _long_walls(site, gallery)
    _west(site, gallery, doors[:1])
    _east(site, gallery, doors[1:2])
    _roof(site, gallery)
    _frame(site, gallery)
    _stands(site, gallery)
    for x, side in gallery.boards.values():
        site.lamp(Spot((x, 3.45, side * 2.2), (x, BOARD_LOW + 0.9, side * HALF_WIDTH), 26, 7.0))
    fired_kiln(site.at(ends, 0, 0, -90))
    return Hall(
        title={"zh": "龙窑展厅", "en": "The kiln gallery"},
        summary={
            "zh": "闽南红砖厝里的白色展厅，天光从屋脊落下，壁龛为白瓷而设；尽头可以走进一座正在烧的龙窑。",
            "en": "A white room in a red-brick house of southern Fujian, lit from its ridge, with lit wall cases for "
            "white ware; at its end visitors walk into a dragon kiln in fire.",
        },
        statement={
            "zh": "这间展厅是用程序代码建成的虚拟建筑：闽南红砖厝的砖石、木构与白灰墙，"
            "尽头的龙窑参照德化的考古报告，为参观略加放大；天光、射灯与窑火预先计算后写入模型，并非实有的房屋与窑。",
            "en": "A virtual room built in code: the brick, stone, timber and white plaster of a Minnan red-brick "
            "house, and a dragon kiln after excavated kilns in Dehua, a little enlarged for visitors. Daylight, "
            "spotlights and fire were computed beforehand. Neither house nor kiln exists.",
        },
        site=site,
        start=((round(-6.2 - longer, 2), 1.62, 0.7), (1.2, 1.25, -0.2), 52.0),
        poster=((round(-5.1 - longer, 2), 1.62, 1.15), (1.20, 1.22, -0.32), 44.0),
        sky=Sky((0.2, 0.2, 0.2), (0.2, 0.2, 0.2), (0.1, 0.1, 0.1)),
        background="#efece6",
        exposure=1.25,
        adaptation=0.28,
        ambient=1.5,
    )  # fmt: skip


def _floor(site: Site, gallery: Gallery) -> None:
    x, deep = gallery.half_length, NICHE + LEAVES
    site.show(quad((-x, 0, HALF_WIDTH), (2 * x, 0, 0), (0, 0, -2 * HALF_WIDTH), FLOOR, shift=(0.2, 0.3)))
    site.show(quad((-x - deep, 0, DOOR_HALF), (deep, 0, 0), (0, 0, -2 * DOOR_HALF), STONE))
    site.block((-x - NICHE, -0.5, -HALF_WIDTH - WALL), (x + WALL, 0.0, HALF_WIDTH + WALL))


def _holed(site: Site, length: float, low: float, high: float, finish: Finish, holes: Sequence[np.ndarray]) -> None:
    """A wall's face from (0, low) to (length, high) at z = 0; holes are loops (N, 2) of x and height."""
    outline = np.array([(0, 0), (length, 0), (length, high - low), (0, high - low)])
    grid = np.array([[(0, low, 0), (length, low, 0)], [(0, high, 0), (length, high, 0)]], float)
    site.show(Sheet(grid, finish, (0.0, low), cut=[outline, *(hole - (0, low) for hole in holes)]))


def _face(site: Site, length: float, holes: Sequence[np.ndarray], top: float = EAVES) -> None:
    """A white wall on a foot of granite and red brick."""
    _holed(site, length, 0.0, 0.14, STONE, ())
    _holed(site, length, 0.14, 0.62, BRICK, ())
    site.show(box((0, 0.62, 0), (length, 0.66, 0.03), STONE, sides="s^_"))
    _holed(site, length, 0.66, top, PLASTERED, holes)


def _rectangle(x: float, low: float, wide: float, tall: float) -> np.ndarray:
    """A loop (4, 2) about the upright line at x."""
    a, b = x - wide / 2, x + wide / 2
    return np.array([(a, low), (b, low), (b, low + tall), (a, low + tall)])


def _long_walls(site: Site, gallery: Gallery) -> None:
    ends = gallery.half_length
    for side in (-1, 1):
        face = site.at(side * ends, 0, side * HALF_WIDTH, 0 if side < 0 else 180)
        cases = {name: ends + (x if side < 0 else -x) for name, (x, at) in gallery.cases.items() if at == side}
        boards = {name: ends + (x if side < 0 else -x) for name, (x, at) in gallery.boards.items() if at == side}
        _face(face, 2 * ends, [_rectangle(x, CASE_LOW, _wide(name), CASE_TALL) for name, x in cases.items()])
        for name, x in cases.items():
            riser = 0.0 if name in GROUPS else 0.12
            wall_case(face.at(x, CASE_LOW, 0), name, _wide(name), CASE_TALL, CASE_DEEP, PLASTERED, riser=riser)
        for name, x in boards.items():
            face.anchor(name, "panel", (x, BOARD_LOW + BOARD_SIZE[1] / 2, 0.0), 0.0, *BOARD_SIZE)
        _solid(face, 0.0, 2 * ends, {x: _wide(name) for name, x in cases.items()})


def _wide(case: str) -> float:
    return GROUP_WIDE if case in GROUPS else CASE_WIDE


def _solid(face: Site, start: float, end: float, cases: Mapping[float, float]) -> None:
    """A wall that nobody walks through, from `start` to `end`, hollow where there are cases: their middle, and how
    wide they are.
    """
    below, above = CASE_LOW, CASE_LOW + CASE_TALL
    face.block((start, 0, -WALL), (end, RIDGE, -CASE_DEEP))
    for x, wide in sorted(cases.items()):
        half = wide / 2
        face.block((start, 0, -CASE_DEEP), (x - half, RIDGE, 0))
        face.block((x - half, 0, -CASE_DEEP), (x + half, below, 0))
        face.block((x - half, above, -CASE_DEEP), (x + half, RIDGE, 0))
        start = x + half
    face.block((start, 0, -CASE_DEEP), (end, RIDGE, 0))


def _gable(site: Site, finish: Finish) -> None:
    """The triangle above the eaves; the site's origin is below its middle, on the floor."""
    corner = np.array([(0.0, 0.0), (2 * HALF_WIDTH, 0.0), (HALF_WIDTH, RIDGE - EAVES)])
    low, high = (-HALF_WIDTH, EAVES, 0), (HALF_WIDTH, EAVES, 0)
    grid = np.array([[low, high], [(low[0], RIDGE, 0), (high[0], RIDGE, 0)]], float)
    site.show(Sheet(grid, finish, (0.0, EAVES), detail=CALM, cut=[corner]))


def _west(site: Site, gallery: Gallery, doors: Sequence[tuple[str, Text]]) -> None:
    """The wall behind the visitor: a deep doorway in a frame of stone."""
    face = site.at(-gallery.half_length, 0, 0, 90)
    here = face.at(-HALF_WIDTH, 0, 0)
    side, deep = HALF_WIDTH - DOOR_HALF, NICHE + LEAVES
    for x in (0.0, HALF_WIDTH + DOOR_HALF):
        _face(here.at(x, 0, 0), side, (), DOOR_HEIGHT)
    _holed(here, 2 * HALF_WIDTH, DOOR_HEIGHT, EAVES, PLASTERED, ())
    _gable(face, PLASTERED)
    for x in (-DOOR_HALF - 0.28, DOOR_HALF):
        face.show(box((x, 0, 0), (x + 0.28, DOOR_HEIGHT, 0.08), STONE, sides="esw"))
    face.show(box((-DOOR_HALF - 0.28, DOOR_HEIGHT, 0), (DOOR_HALF + 0.28, DOOR_HEIGHT + 0.28, 0.08), STONE,
                  sides="esw^_"))  # fmt: skip
    face.show(
        quad((-DOOR_HALF, 0, 0), (0, 0, -deep), (0, DOOR_HEIGHT, 0), STONE),
        quad((DOOR_HALF, 0, -deep), (0, 0, deep), (0, DOOR_HEIGHT, 0), STONE),
        quad((-DOOR_HALF, DOOR_HEIGHT, -deep), (2 * DOOR_HALF, 0, 0), (0, 0, deep), WOOD),
        quad((-DOOR_HALF, 0, -deep), (2 * DOOR_HALF, 0, 0), (0, DOOR_HEIGHT, 0), LACQUER if doors else STONE),
    )
    for x in (-HALF_WIDTH, DOOR_HALF):
        face.block((x, 0, -WALL), (x + side, RIDGE, 0))
        face.block((math.copysign(DOOR_HALF, x), 0, -NICHE), (math.copysign(DOOR_HALF + WALL, x), RIDGE, 0))
    face.block((-DOOR_HALF, DOOR_HEIGHT, -NICHE), (DOOR_HALF, RIDGE, 0))
    face.block((-DOOR_HALF, 0, -NICHE - WALL), (DOOR_HALF, RIDGE, -NICHE))
    for name, title in doors:
        leaves(face.at(0, 0, -NICHE - LEAVES / 2), 2 * DOOR_HALF, DOOR_HEIGHT, LACQUER, title, name)


def _east(site: Site, gallery: Gallery, doors: Sequence[tuple[str, Text]]) -> None:
    """The wall of brick and stone: the kiln's mouth in its middle, a door to the north, a case to the south."""
    face = site.at(gallery.half_length, 0, 0, -90)  # local x runs towards +z
    arch = portal()
    case = _rectangle(EAST_CASE, CASE_LOW, CASE_WIDE, CASE_TALL)
    middle, wide, tall = EAST_DOOR
    holes = [_rectangle(middle, 0.14, wide, tall - 0.14)] if doors else []
    here = face.at(-HALF_WIDTH, 0, 0)
    inner = arch[arch[:, 1] >= 0.14]
    mouth = np.concatenate([[(inner[0, 0], 0.14)], inner, [(inner[-1, 0], 0.14)]])[::-1]
    _holed(here, 2 * HALF_WIDTH, 0.14, EAVES, RUBBLE, [np.add(hole, (HALF_WIDTH, 0)) for hole in (mouth, case, *holes)])
    gaps = [(-PORTAL_HALF, PORTAL_HALF), *((middle - wide / 2, middle + wide / 2) for _ in doors)]
    edges = sorted({-HALF_WIDTH, HALF_WIDTH, *(x for gap in gaps for x in gap)})
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        _holed(face.at(a, 0, 0), b - a, 0.0, 0.14, STONE, ())
        _solid(face, a, b, {EAST_CASE: CASE_WIDE} if a < EAST_CASE < b else {})
    face.block((-PORTAL_HALF, arch[:, 1].max(), -WALL), (PORTAL_HALF, RIDGE, 0))
    _gable(face, RUBBLE)
    wall_case(face.at(EAST_CASE, CASE_LOW, 0), "kendi", CASE_WIDE, CASE_TALL, CASE_DEEP, PLASTERED, riser=0.12)
    for name, title in doors:
        leaves(face.at(middle, 0, 0.01), wide, tall, LACQUER, title, name)
        for x in (middle - wide / 2 - 0.2, middle + wide / 2):
            face.show(box((x, 0, 0), (x + 0.2, tall, 0.10), STONE, sides="esw"))
        lintel = (middle - wide / 2 - 0.2, tall, 0), (middle + wide / 2 + 0.2, tall + 0.36, 0.10)
        face.show(box(*lintel, STONE, sides="esw^_"))
        face.block(*lintel)  # the door's sign hangs on it
        face.block((middle - wide / 2, tall, -WALL), (middle + wide / 2, RIDGE, 0))
    for z in (-2.9, 2.9):
        site.lamp(Spot((4.7 + gallery.longer, 3.45, z), (gallery.half_length, 1.7, z * 1.05), 30, 11.0))


def _slope(
    site: Site, side: int, x0: float, x1: float, s0: float, s1: float, finish: Finish, lift: float = 0.0
) -> None:
    """A piece of the roof's underside between two distances from the eaves; side is the sign of z."""
    up = np.array([0, RIDGE - EAVES, -side * HALF_WIDTH]) / SLOPE
    out = np.array([0, HALF_WIDTH, side * (RIDGE - EAVES)]) / SLOPE
    foot = np.array([x1 if side > 0 else x0, EAVES, side * HALF_WIDTH]) + up * s0 + out * lift
    site.show(
        quad(foot, ((x0 - x1) if side > 0 else (x1 - x0), 0, 0), up * (s1 - s0), finish, shift=(0, s0), detail=CALM)
    )


def _roof(site: Site, gallery: Gallery) -> None:
    ends, glass = gallery.half_length, gallery.half_length - 0.7
    for side in (-1, 1):
        _slope(site, side, -ends, ends, 0.0, SKY[0], LIMED)
        _slope(site, side, -ends, ends, SKY[1], SLOPE, LIMED)
        for x0, x1 in ((-ends, -glass), (glass, ends)):
            _slope(site, side, x0, x1, *SKY, LIMED)
        _slope(site, side, -glass, glass, *SKY, DAYLIGHT, lift=0.12)
        up = np.array([0, RIDGE - EAVES, -side * HALF_WIDTH]) / SLOPE
        corner = np.array([side * glass, EAVES, side * HALF_WIDTH]) + up * SKY[0]
        site.skylight(
            Skylight(tuple(corner), (-side * 2 * glass, 0.0, 0.0), tuple(up * (SKY[1] - SKY[0])), SKY_RADIANCE)
        )
        for x in np.linspace(-glass, glass, round(2 * glass / 0.9) + 1):
            foot = np.array([x, EAVES, side * HALF_WIDTH])
            site.show(bar(foot + up * SKY[0], foot + up * SKY[1], 0.05, 0.13, WOOD, detail=CALM))
        for s in SKY:
            a, b = (np.array([x, EAVES, side * HALF_WIDTH]) + up * s for x in (-glass, glass))
            site.show(bar(a, b, 0.06, 0.16, WOOD, detail=CALM))


def _frame(site: Site, gallery: Gallery) -> None:
    """Columns, beams in tiers with short posts between them (tailiang), and round purlins."""
    ends = gallery.half_length
    for z in (-3.42, -2.28, -1.14, 0.0, 1.14, 2.28, 3.42):
        y = roof(z) - 0.10
        site.show(tube([(-ends, y, z), (ends, y, z)], 0.085, WOOD, detail=CALM))
    for i, x in enumerate(gallery.trusses):
        for side in (-1, 1):
            z = side * COLUMN_Z
            drum = [(0.20, 0.0), (0.21, 0.05), (0.19, 0.16), (0.14, 0.18)]
            site.show(turned((x, 0, z), drum, STONE, sides=14))
            site.show(tube([(x, 0.17, z), (x, EAVES, z)], 0.125, WOOD, sides=12, detail=CALM))
            low, high = (x, 3.20, z - side * 0.1), (x, 3.58, z - side * 0.62)
            site.show(bar(low, high, 0.07, 0.11, WOOD, shift=i * 0.31, detail=CALM))
            for at, y in ((2.28, TIE), (1.14, TIE + 1.02)):
                site.show(tube([(x, y, side * at), (x, roof(at) - 0.1, side * at)], 0.09, WOOD, detail=CALM))
            site.block((x - 0.16, 0, z - 0.2), (x + 0.16, EAVES, z + 0.2))
        tiers = ((0.0, HALF_WIDTH, 0.16, 0.24), (1.02, 2.52, 0.13, 0.20), (1.62, 1.36, 0.11, 0.17))
        for above, half, thick, tall in tiers:
            a, b = (x, TIE + above, -half), (x, TIE + above, half)
            site.show(bar(a, b, thick, tall, WOOD, shift=i * 0.4, ends=above > 0, detail=CALM))
        site.show(tube([(x, TIE + 1.66, 0.0), (x, RIDGE - 0.1, 0.0)], 0.08, WOOD, detail=CALM))


def _stands(site: Site, gallery: Gallery) -> None:
    for name, p in gallery.plinths.items():
        here = site.at(p.x, 0, p.z, FACING.get(name, 0.0))
        plinth(here, name, p.wide, p.deep, p.tall, WOOD if name == "kick-wheel" else WHITE)
        site.lamp(Spot((p.lit_from[0], 3.45, p.lit_from[1]), (p.x, p.tall + 0.12, p.z), p.half_angle_deg, p.intensity))
    for x, z in BENCHES:
        bench(site.at(x, 0, z), 1.8, WOOD)
