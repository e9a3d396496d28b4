"""A sawtooth-roofed factory nave: steel trusses, north lights, brick piers, a travelling crane, a concrete floor.

Hall frame: +Y up, metres; visitors enter at +z and look along the nave towards -z. The glazed slopes face north (-z).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from exhibit.documents.types import Text
from exhibit.space.furniture import panel, pendant, screen, standing_panel, vitrine
from exhibit.space.greenery import dome, meadow, tree
from exhibit.space.hall import Hall
from exhibit.space.light_sources import Sky, Sun
from exhibit.space.machine_shop import (
    BOARDS,
    BRICK,
    DARK,
    STEEL,
    deck,
    engine_bed,
    oil_stain,
    tool_board,
    workbench,
    worn_lane,
)
from exhibit.space.masonry import Opening, floor, wall
from exhibit.space.shapes import bar, box, quad, tube
from exhibit.space.sheets import Finish, Sheet
from exhibit.space.site import Site
from exhibit.space.sizes import Size, doors_size

FLOOR = Finish("concrete", (4.0, 4.0), tint=(0.83, 0.82, 0.79))
WORN = Finish("concrete", (4.0, 4.0), tint=(1.0, 0.99, 0.96))
LIMEWASH = Finish("plaster", (2.4, 2.4), tint=(0.86, 0.84, 0.78))
DADO = Finish("plaster", (2.4, 2.4), tint=(0.24, 0.36, 0.32))
YELLOW = Finish("steel", (1.0, 1.0), tint=(0.85, 0.52, 0.06))
PANE = Finish("glass", (1.0, 1.0), clear=True)
DOOR = Finish("steel", (1.0, 1.0), tint=(0.10, 0.22, 0.22))
LINE = Finish("steel", (1.0, 1.0), tint=(0.80, 0.66, 0.18))
EAVES, APEX = 6.2, 9.0
LANE = 3.2  # from the middle to the painted line beside the gangway
DOORS: tuple[tuple[str, Text], ...] = (
    ("west", {"zh": "西门", "en": "West gate"}),
    ("east", {"zh": "东门", "en": "East gate"}),
)
SIZES = (
    Size("bays", {"zh": "锯齿屋面跨数", "en": "Saw teeth"}, 3, 8, 1, 5, unit=""),
    Size("bay", {"zh": "每跨进深", "en": "Depth of a bay"}, 5.0, 8.0, 0.5, 6.0),
    Size("width", {"zh": "厂房宽度", "en": "Width of the nave"}, 12.0, 22.0, 1.0, 16.0),
    doors_size(2),
)


def hall(*, bays: int = 5, bay: float = 6.0, width: float = 16.0, doors: Sequence[tuple[str, Text]] = DOORS) -> Hall:
    """`bays` saw teeth (3 to 8), each `bay` long, over a nave `width` wide; at most two doors, across the middle."""
    if not 3 <= bays <= 8:
        raise ValueError(f"{bays} bays: 3 to 8 are built")
    site = Site()
    length, half = bays * bay, width / 2
    near = length / 2
    dome(site)
    meadow(site, 70, -0.1)
    floor(site, (-half, -near), (half, near), 0.0, FLOOR)
    for k in range(bays):
        z = near - k * bay
        _tooth(site.at(0, 0, z), bay, half)
        for side in (-1, 1):
            _side_bay(site, side, z, bay, half, k, bays, doors)
    for k in range(bays + 1):
        _truss(site.at(0, 0, near - k * bay), half)
    _end_wall(site.at(0, 0, -near), width, "north")
    _end_wall(site.at(0, 0, near, 180), width, "south")
    _crane(site, half, near, bay)
    for x in (-LANE, LANE):
        site.show(box((x - 0.05, 0, -near + 1.5), (x + 0.05, 0.003, near - 1.5), LINE, sides="^"))
    worn_lane(site, WORN, LANE - 0.5, near - 0.4, -near + 0.4)
    middle = 0.4 * bay
    _furnish(site, half, near, bay, bays, middle)
    for x, z, h, s in ((-16, -8, 9, 21), (-17, 9, 8, 22), (17, 0, 10, 23), (16, -15, 9, 24)):
        tree(site, x, z, -0.1, h, s)
    return Hall(
        title={"zh": "锯齿屋顶厂房", "en": "The sawtooth nave"},
        summary={
            "zh": "朝北的天窗一跨接一跨，均匀的光落在钢桁架、砖墙和磨亮的水泥地上。",
            "en": "Tooth after tooth of north lights: an even light on steel, brick and worn concrete.",
        },
        statement={
            "zh": "这是用程序代码建成的虚拟厂房，形制参照二十世纪的锯齿形厂房，光照预先计算，并非实有的建筑。",
            "en": "A virtual works hall made in code after sawtooth-roofed factories of the twentieth century, its "
            "light computed beforehand. It is not an existing building.",
        },
        site=site,
        start=((2.7, 1.6, min(middle + 7.2, near - 1.0)), (-0.1, 1.9, middle), 62.0),
        poster=((3.6, 1.8, near - 2.6), (-1.0, 2.7, 0.0), 60.0),
        sky=Sky((0.75, 0.92, 1.15), (1.1, 1.12, 1.12), (0.22, 0.22, 0.20)),
        sun=Sun((0.0, 0.75, 0.66), (3.0, 2.6, 2.1)),  # from the south: it meets the boarded slopes alone
        background="#dfe5e6",
        exposure=2.3,
        adaptation=0.40,
        ambient=1.4,
    )  # fmt: skip


def _tooth(site: Site, bay: float, half: float) -> None:
    """One saw tooth from z = 0 to -bay: boarded slope rising to the north, then a steep wall of glass facing north."""
    run = bay * 0.80
    low, high = EAVES + 0.55, APEX
    top = -run
    site.show(quad((half, low, 0), (-2 * half, 0, 0), (0, high - low, top), BOARDS))
    site.show(quad((-half, low + 0.14, 0), (2 * half, 0, 0), (0, high - low, top), DARK, detail=0.3))
    for x in np.arange(-half + 0.8, half, 1.6):
        site.show(bar((x, low - 0.06, 0), (x, high - 0.06, top), 0.09, 0.14, STEEL, detail=0.7))
    # the glazing leans from the apex to the next tooth's foot
    foot = -bay
    site.show(quad((half, low + 0.15, foot), (-2 * half, 0, 0), (0, high - low - 0.2, top - foot), PANE))
    for x in np.linspace(-half, half, 21):
        site.show(bar((x, low + 0.1, foot), (x, high - 0.05, top), 0.045, 0.06, STEEL, detail=0.6))
    for share in (0.02, 0.34, 0.67, 0.98):
        y, z = low + 0.1 + share * (high - low - 0.15), foot + share * (top - foot)
        site.show(bar((-half, y, z), (half, y, z), 0.05, 0.07, STEEL, detail=0.6))
    site.show(box((-half, EAVES + 0.10, foot - 0.14), (half, low + 0.16, foot + 0.14), STEEL, sides="ns_^", detail=0.8))
    # cheeks at the side walls
    for side in (-1, 1):
        x = side * (half - 0.001)
        grid = np.array(
            [[(x, EAVES, 0.0), (x, EAVES, top), (x, EAVES, foot)], [(x, low, 0.0), (x, high, top), (x, low, foot)]]
        )
        if side > 0:
            grid = grid[:, ::-1]
        spread = np.stack([grid[..., 2] * -side, grid[..., 1]], -1)
        site.show(Sheet(grid, LIMEWASH, spread=spread))


def _truss(site: Site, half: float) -> None:
    """A trussed girder across the nave below each valley."""
    low, high = EAVES - 1.0, EAVES + 0.15
    for y in (low, high):
        for z in (-0.06, 0.06):
            site.show(bar((-half, y, z), (half, y, z), 0.05, 0.14, STEEL, detail=0.8))
    count = 12
    xs = np.linspace(-half, half, count + 1)
    for k, x in enumerate(xs):
        site.show(bar((x, low, 0), (x, high, 0), 0.07, 0.07, STEEL, detail=0.7))
        if k < count:
            a, b = ((x, low, 0), (xs[k + 1], high, 0)) if k < count / 2 else ((x, high, 0), (xs[k + 1], low, 0))
            site.show(bar(a, b, 0.06, 0.06, STEEL, detail=0.7))


def _side_bay(
    site: Site, side: int, z: float, bay: float, half: float, k: int, bays: int, doors: Sequence[tuple[str, Text]]
) -> None:
    """A bay of a long wall: pier, tall steel window or a gate, painted dado. Local x runs along the wall."""
    face = site.at(side * half, 0, z - bay if side > 0 else z, -90 if side > 0 else 90)
    face = site.at(side * half, 0, z - bay, -90) if side > 0 else site.at(-half, 0, z, 90)
    middle = k == bays // 2
    gate = [d for d, s in zip(doors, (-1, 1), strict=False) if s == side] if middle else []
    hole = Opening(bay / 2 - 1.5, bay / 2 + 1.5, 0.0, 3.4) if gate else Opening(bay / 2 - 1.4, bay / 2 + 1.4, 1.7, 5.2)
    lined = Opening(hole.start, hole.end, hole.low, hole.high, LIMEWASH)
    inside = [(1.35, DADO), (1.41, DARK), (EAVES, LIMEWASH)]
    wall(face, bay, 0.36, inside, [(0.05, BRICK)], [lined], solid=False)
    face.block((0, -0.2, -0.8), (bay, EAVES, -0.3 if gate else 0.0))
    for a in (0.0, bay - 0.40):
        face.show(box((a, 0, 0), (a + 0.40, EAVES, 0.32), BRICK, sides="esw"))
        face.block((a, 0, 0), (a + 0.40, EAVES, 0.32))
    if gate:
        for a, b in ((0, hole.start), (hole.end, bay)):
            face.block((a, 0, -0.4), (b, EAVES, 0))
        floor(face, (hole.start, -0.4), (hole.end, 0), 0.0, FLOOR)
        name, title = gate[0]
        for a, b in ((hole.start, bay / 2 - 0.01), (bay / 2 + 0.01, hole.end)):
            face.show(box((a, 0.02, -0.30), (b, 3.4, -0.24), DOOR, sides="sew"))
            for y in (0.15, 1.2, 2.3, 3.2):
                face.show(box((a + 0.05, y, -0.24), (b - 0.05, y + 0.09, -0.21), DOOR, sides="s^_"))
            face.show(bar((a + 0.1, 0.2, -0.225), (b - 0.1, 3.2, -0.225), 0.07, 0.03, DOOR))
        face.door(name, title, (bay / 2, 0, -0.18), 0.0, 3.0, 3.4)
    else:
        width, tall = hole.end - hole.start, hole.high - hole.low
        for x in np.linspace(hole.start, hole.end, 6):
            face.show(bar((x, hole.low, -0.2), (x, hole.high, -0.2), 0.035, 0.05, STEEL, detail=0.7))
        for y in np.linspace(hole.low, hole.high, 7):
            face.show(bar((hole.start, y, -0.2), (hole.end, y, -0.2), 0.05, 0.035, STEEL, detail=0.7))
        face.show(quad((hole.start, hole.low, -0.2), (width, 0, 0), (0, tall, 0), PANE))
        face.show(
            box((hole.start - 0.1, hole.low - 0.08, 0), (hole.end + 0.1, hole.low, 0.08), LIMEWASH, sides="esw^_")
        )


def _end_wall(site: Site, width: float, name: str) -> None:
    """Its face towards +z at z = 0; the tooth's profile closes it above."""
    half, top = width / 2, APEX if name == "south" else EAVES + 0.6
    wall(site.at(-half, 0, 0), width, 0.36, [(1.35, DADO), (1.41, DARK), (top, BRICK)], [(0.05, BRICK)], solid=False)
    site.block((-half, -0.2, -0.8), (half, APEX, 0))


def _crane(site: Site, half: float, near: float, bay: float) -> None:
    """A travelling crane on rails along both walls."""
    y = EAVES - 1.35
    for side in (-1, 1):
        x = side * (half - 0.55)
        site.show(box((x - 0.12, y - 0.42, -near), (x + 0.12, y, near), STEEL, sides="ew_^"))
        site.show(box((x - 0.03, y, -near), (x + 0.03, y + 0.07, near), DARK, sides="ew^"))
        for z in np.arange(-near, near + 0.1, bay):
            site.show(bar((side * half, y - 0.75, z), (x, y - 0.42, z), 0.12, 0.14, STEEL))
    z = -near * 0.62
    for dz in (-0.6, 0.6):
        site.show(
            box((-half + 0.45, y + 0.12, z + dz - 0.11), (half - 0.45, y + 0.62, z + dz + 0.11), YELLOW, sides="ns_^ew")
        )
    site.show(box((1.2, y + 0.30, z - 0.5), (2.5, y + 0.85, z + 0.5), DARK, sides="nesw_^"))
    for dx in (1.7, 1.9):
        site.show(tube([(dx, y + 0.3, z), (dx, 3.75, z)], 0.012, DARK, sides=6))
    site.show(box((1.62, 3.35, z - 0.09), (1.98, 3.78, z + 0.09), YELLOW))
    hook = [(1.8 + 0.10 * np.sin(a), 3.12 + 0.10 * np.cos(a), z) for a in np.linspace(0.0, 4.2, 12)]
    site.show(tube([(1.8, 3.36, z), *hook], 0.025, DARK, sides=8))


def _furnish(site: Site, half: float, near: float, bay: float, bays: int, middle: float) -> None:
    """The engine at z = `middle` with the machines behind it; along the walls decks, cases, panels and benches."""
    for k in range(bays):
        z = near - (k + 0.5) * bay
        for x in (-LANE, LANE):
            pendant(site, (x, 4.3, z), EAVES - 4.9, power=6.0)
    engine_bed(site.at(0, 0, middle), "main", 3.8, 2.2, 0.30, room=3.0)
    deck(site.at(0, 0, middle - 4.6), "machines", 5.0, 2.0, 0.12, room=3.8)
    for side, word in ((-1, "west"), (1, "east")):
        yaw = -90 * side
        for k in range(bays):
            z = near - (k + 0.5) * bay
            if k == bays // 2:
                continue
            x = side * (half - 2.1)
            if k % 2 == 0:
                deck(site.at(side * (half - 1.5), 0, z, yaw), f"{word}-{k + 1}", 2.9, 1.9, 0.12, room=2.6)
                continue
            workbench(site.at(side * half, 0, z, yaw))
            if side < 0 and k == 1:
                vitrine(site.at(x, 0, z, yaw), f"{word}-case-{k + 1}", 1.9, 0.7)
            else:
                standing_panel(site.at(x, 0, z, yaw), f"{word}-panel-{k + 1}", 1.8, 1.5)
    panel(site.at(-4.6, 0, -near), "north-panel-1", 2.0, 1.6, low=1.55)
    panel(site.at(4.6, 0, -near), "north-panel-2", 2.0, 1.6, low=1.55)
    screen(site.at(0, 0, -near), "film", 3.2, low=1.6)
    standing_panel(site.at(-3.4, 0, middle + 1.8, 45), "welcome", 1.3, 1.3)
    south = site.at(0, 0, near, 180)
    for x in (-3.4, 0.0, 3.4):
        workbench(south.at(x, 0, 0), 3.0)
        tool_board(south.at(x, 0, 0), 2.8, height=1.05)
    for k, (x, z, radius) in enumerate(
        ((-1.5, middle - 1.5, 0.45), (2.5, middle + 0.4, 0.6), (-3.2, middle - 4.2, 0.5), (1.1, middle - 3.2, 0.35),
         (3.4, middle - 5.4, 0.55), (-2.5, near - 1.3, 0.5), (3.1, near - 1.2, 0.4), (-4.6, -near + 5.0, 0.7))
    ):  # fmt: skip
        oil_stain(site, FLOOR if abs(x) > LANE - 0.5 else WORN, x, z, radius, 40 + k)
