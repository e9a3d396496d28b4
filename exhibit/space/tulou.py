"""A round tulou: a ring of rammed earth with three storeys of timber galleries about a cobbled court and its shrine.

Hall frame: +Y up, metres; the gate is at +z, visitors look through it towards -z. The ring is 36 m across, a small one
among Fujian's, whose rings measure 30 to 70 m.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from exhibit.documents.types import Text
from exhibit.space.furniture import bench, lantern, panel, plinth, standing_panel, track_light, vitrine
from exhibit.space.greenery import dome, meadow
from exhibit.space.hall import Hall
from exhibit.space.light_sources import Sky, Sun
from exhibit.space.masonry import GRANITE, floor, lattice, steps
from exhibit.space.roofs import GREY_TILE, ROLL, Roof, purlins, show_purlins, swallowtail, tiled, under
from exhibit.space.shapes import bar, box, quad, ruled
from exhibit.space.sheets import Finish, Sheet
from exhibit.space.site import Site
from exhibit.space.sizes import Size, doors_size
from exhibit.space.timberwork import RED, frame, leaves, post, timber

FloatArray = NDArray[np.float64]
EARTH = Finish("rammed_earth", (3.2, 3.2))
COBBLE = Finish("cobble", (2.4, 2.4))
PLANK = timber((0.46, 0.37, 0.30))
OLD = timber((0.30, 0.24, 0.20))
WARM = timber((0.62, 0.49, 0.38))
COURT, FRONT, BACK, OUTER = 10.8, 12.3, 16.0, 18.0  # radii: gallery edge, rooms' fronts, rooms' backs, outer face
STOREY, STEP = 2.9, 0.15
DOORS: tuple[tuple[str, Text], ...] = (
    ("east", {"zh": "东厢", "en": "East rooms"}),
    ("west", {"zh": "西厢", "en": "West rooms"}),
    ("gate", {"zh": "大门", "en": "The gate"}),
)
SIZES = (
    Size("storeys", {"zh": "层数", "en": "Storeys"}, 2, 4, 1, 3, unit=""),
    Size("sectors", {"zh": "环周开间", "en": "Bays around"}, 24, 48, 8, 32, unit=""),
    doors_size(3),
)


def hall(*, storeys: int = 3, sectors: int = 32, doors: Sequence[tuple[str, Text]] = DOORS) -> Hall:
    """`storeys` 2 to 4, `sectors` rooms around (a multiple of 8); doors stand at the east, the west and the gate."""
    if not 2 <= storeys <= 4 or sectors % 8 or not 24 <= sectors <= 48:
        raise ValueError("a tulou here has 2 to 4 storeys and 24, 32, 40 or 48 rooms around")
    site = Site()
    dome(site)
    meadow(site, 80, -0.2)
    step = 2 * np.pi / sectors
    eaves = STEP + storeys * STOREY
    _ground(site, sectors, step)
    named = {name: (name, title) for name, title in doors}
    quarter = sectors // 4
    for k in range(sectors):
        middle = k * step
        open_room = k % (sectors // 8) == 0 and k not in (0,)
        for level in range(storeys):
            _cell(site, middle, step, level, gate=k == 0, open_room=open_room and level == 0)
        if open_room:
            word = {quarter: "east", 3 * quarter: "west"}.get(k)
            _room(site, middle, step, k * 8 // sectors, named.get(word) if word else None)
    _ring_roof(site, sectors, step, eaves)
    _gate(site, step, named.get("gate"))
    _shrine(site)
    return Hall(
        title={"zh": "圆土楼", "en": "The round tulou"},
        summary={
            "zh": "夯土围成一环，三层木廊朝向卵石铺的院子，中央是祖堂。",
            "en": "A ring of rammed earth: timber galleries face a cobbled court and its ancestral hall.",
        },
        statement={
            "zh": "这是用程序代码建成的虚拟土楼，形制参照福建圆楼，光照预先计算，并非实有的建筑。",
            "en": "A virtual tulou made in code after the round houses of Fujian, its light computed beforehand. "
            "It is not an existing building.",
        },
        site=site,
        start=((0.0, STEP + 1.6, 13.4), (0.0, 2.6, 0.0), 64.0),
        poster=((-3.9, 1.75, 9.6), (1.4, 3.9, -4.0), 68.0),
        sky=Sky(),
        sun=Sun((-0.55, 1.0, 0.50)),
        background="#dfe6e8",
        exposure=0.50,
        adaptation=0.40,
    )  # fmt: skip


def _at(radius: float, angle: float, y: float = 0.0) -> tuple[float, float, float]:
    """A point of the ring; angle 0 is the gate at +z, growing towards +x."""
    return radius * float(np.sin(angle)), y, radius * float(np.cos(angle))


def _ring(radius: float, first: float, last: float, y: float, count: int = 3) -> FloatArray:
    return np.array([_at(radius, a, y) for a in np.linspace(first, last, count)])


def _ground(site: Site, sectors: int, step: float) -> None:
    around = np.linspace(0, 2 * np.pi, sectors + 1)
    rows = [np.array([_at(r, a) for a in around]) for r in (COURT + 0.4, 7.0, 3.6, 0.01)]
    grid = np.stack(rows)
    spread = np.stack([grid[..., 0], -grid[..., 2]], -1)
    site.show(Sheet(grid, COBBLE, spread=spread))
    site.block((-COURT - 1, -0.5, -COURT - 1), (COURT + 1, 0, COURT + 1))
    # the gallery's floor, one step up, and everything under the rooms
    for k in range(sectors):
        a, b = (k - 0.5) * step, (k + 0.5) * step
        inner, outer = _ring(COURT, a, b, STEP), _ring(FRONT, a, b, STEP)
        top = np.stack([inner, outer])
        flat = np.stack([top[..., 0], -top[..., 2]], -1)
        site.show(Sheet(top, Finish("granite", (1.2, 1.2)), spread=flat))
        site.show(ruled(_ring(COURT, a, b, 0.0)[::-1], inner[::-1], GRANITE))
        turned = site.at(0, 0, 0, float(np.degrees(k * step)))
        half = OUTER * np.tan(step / 2) + 0.05
        turned.block((-half, -0.5, COURT * np.cos(step / 2)), (half, STEP, OUTER))


def _cell(site: Site, middle: float, step: float, level: int, *, gate: bool, open_room: bool) -> None:
    """One room's front and gallery on one storey; local +z points outwards, the front faces -z."""
    here = site.at(0, STEP + level * STOREY, 0, float(np.degrees(middle)))
    half = FRONT * np.tan(step / 2)
    edge = COURT * np.tan(step / 2)
    top = STOREY - 0.20
    facing = here.at(
        half, 0, FRONT * np.cos(step / 2) / np.cos(step / 2), 180
    )  # x runs along the front, its face to the court
    width = 2 * half
    if not ((gate and level == 0) or open_room):
        door = 0.45
        finish = PLANK if level else WARM
        mid = width / 2 - (0.35 if level % 2 else -0.35)
        window = mid + (0.75 if level % 2 else -0.75)
        for a, b in ((0.0, min(mid - door, window - 0.40)), (max(mid + door, window + 0.40), width)):
            facing.show(quad((a, 0, 0), (b - a, 0, 0), (0, top, 0), finish, shift=(a, level)))
        low, high = sorted((mid, window))
        gap0, gap1 = low + (door if low == mid else 0.40), high - (door if high == mid else 0.40)
        if gap1 > gap0:
            facing.show(quad((gap0, 0, 0), (gap1 - gap0, 0, 0), (0, top, 0), finish, shift=(gap0, level)))
        facing.show(quad((mid - door, 2.0, 0), (2 * door, 0, 0), (0, top - 2.0, 0), finish))
        facing.show(quad((mid - door, 0, -0.10), (2 * door, 0, 0), (0, 2.0, 0), OLD))
        facing.show(quad((window - 0.40, 0, 0), (0.80, 0, 0), (0, 0.95, 0), finish))
        facing.show(quad((window - 0.40, 1.85, 0), (0.80, 0, 0), (0, top - 1.85, 0), finish))
        facing.show(
            quad(
                (window - 0.40, 0.95, -0.06),
                (0.80, 0, 0),
                (0, 0.90, 0),
                Finish("timber", (1.6, 1.6), tint=(0.05, 0.04, 0.035)),
            )
        )
        for x in np.linspace(window - 0.34, window + 0.34, 6):
            facing.show(quad((x - 0.018, 0.95, -0.015), (0.036, 0, 0), (0, 0.90, 0), OLD))
        for a, b, y0, y1 in (
            (mid - door, mid - door + 0.07, 0, 2.0),
            (mid + door - 0.07, mid + door, 0, 2.0),
            (mid - door, mid + door, 1.93, 2.0),
        ):
            facing.show(box((a, y0, 0), (b, y1, 0.03), OLD, sides="esw_"))
        facing.block((0, 0, -0.4), (width, top, 0)) if level == 0 else None
    # beam ends and the floor above
    facing.show(box((0, top, -0.1), (width, top + 0.2, 0.06), OLD, sides="s_"))
    left, right = (-edge, COURT), (edge, COURT)
    if level > 0:
        rail = here.at(0, 0, 0)
        for y0, y1 in ((0.08, 0.16), (0.86, 0.95)):
            rail.show(box((left[0], y0, COURT - 0.03), (right[0], y1, COURT + 0.03), OLD, sides="ns^"))
        for x in np.linspace(left[0] + 0.1, right[0] - 0.1, 14):
            rail.show(quad((x + 0.016, 0.16, COURT - 0.012), (-0.032, 0, 0), (0, 0.70, 0), OLD, detail=0.6))
            rail.show(quad((x - 0.016, 0.16, COURT + 0.012), (0.032, 0, 0), (0, 0.70, 0), OLD, detail=0.3))
        wide = FRONT * np.tan(step / 2)
        grid = np.array([[(edge, 0.0, COURT), (-edge, 0.0, COURT)], [(wide, 0.0, FRONT), (-wide, 0.0, FRONT)]])
        rail.show(Sheet(grid, PLANK))
        under = grid.copy() - (0, 0.12, 0)
        rail.show(Sheet(under[:, ::-1], PLANK))
        rail.show(box((-edge, -0.2, COURT - 0.05), (edge, 0.07, COURT + 0.03), OLD, sides="ns_"))
    corner = site.at(0, STEP + level * STOREY, 0, float(np.degrees(middle + step / 2)))
    radius = COURT / np.cos(step / 2)
    if level == 0:
        post(corner, 0, radius + 0.15, 0, STOREY, OLD, radius=0.11)
    else:
        corner.show(bar((0, -0.1, radius + 0.02), (0, STOREY, radius + 0.02), 0.13, 0.13, OLD))
    corner.show(
        bar((0, STOREY - 0.28, radius - 0.25), (0, STOREY - 0.28, FRONT / np.cos(step / 2)), 0.12, 0.20, OLD, ends=True)
    )


def _room(site: Site, middle: float, step: float, number: int, door: tuple[str, Text] | None) -> None:
    """An open room on the ground floor for exhibits, or the way to another hall."""
    here = site.at(0, STEP, 0, float(np.degrees(middle)))
    half = FRONT * np.tan(step / 2) - 0.05
    deep = BACK - FRONT
    back = here.at(half, 0, BACK, 180)
    here.show(quad((-half, 0, BACK), (2 * half, 0, 0), (0, 0, -deep), Finish("floor_brick", (2.4, 2.4))))
    back.show(
        quad((0, 0, 0), (2 * half, 0, 0), (0, STOREY - 0.1, 0), Finish("plaster", (2.4, 2.4), tint=(0.88, 0.83, 0.74)))
    )
    here.show(quad((-half, 0, BACK), (0, 0, -deep), (0, STOREY - 0.1, 0), EARTH))
    here.show(quad((half, 0, FRONT), (0, 0, deep), (0, STOREY - 0.1, 0), EARTH))
    here.show(quad((-half, STOREY - 0.1, FRONT), (2 * half, 0, 0), (0, 0, deep), PLANK))
    back.block((-0.5, 0, -1), (2 * half + 0.5, STOREY, 0))
    for side in (-1, 1):
        x = sorted((side * half, side * (half + 0.3)))
        here.block((x[0], 0, FRONT - 0.05), (x[1], STOREY, BACK))
        edge = FRONT * np.tan(step / 2)
        x = sorted((side * (half - 0.02), side * edge))
        here.show(box((x[0], 0, FRONT - 0.06), (x[1], STOREY - 0.1, FRONT + 0.06), OLD, sides="nsew"))
    track_light(here, (0.0, STOREY - 0.3, FRONT + 0.5), (0, 0.9, BACK - 0.5), 16.0)
    inside = here.at(0, 0, BACK, 180)
    if door is not None:
        leaves(inside.at(0, 0, 0.02), 1.5, 2.3, RED, door[1], door[0])
    elif number % 2:
        vitrine(inside.at(0, 0, 1.0), f"room-{number}", 1.3, 0.6)
        panel(inside, f"room-{number}-panel", 1.3, 0.5, low=1.75)
    else:
        plinth(inside.at(0, 0, 1.0), f"room-{number}", 0.8, 0.8, 0.7)


def _corrugated_ring(inner: tuple[float, float], outer: tuple[float, float], sectors: int, sag: float) -> FloatArray:
    """Rows from the eaves `outer` (radius, y) to the ridge `inner`; columns once around."""
    per = 12
    angle, h = [], []
    for k in range(sectors * per):
        a = 2 * np.pi * k / (sectors * per)
        for share, lift in ((0.0, 0.0), (0.30, 0.0), (0.42, 0.8 * ROLL), (0.58, 0.8 * ROLL), (0.70, 0.0)):
            angle.append(a + share * 2 * np.pi / (sectors * per))
            h.append(lift)
    angle.append(2 * np.pi)
    h.append(0.0)
    t = np.linspace(0, 1, 4)
    radius = outer[0] + (inner[0] - outer[0]) * t
    y = outer[1] + (inner[1] - outer[1]) * t - 4 * sag * t * (1 - t)
    turn, raised = np.array(angle), np.array(h)
    grid = np.empty((4, len(turn), 3))
    grid[..., 0] = radius[:, None] * np.sin(turn)
    grid[..., 1] = y[:, None] + raised
    grid[..., 2] = radius[:, None] * np.cos(turn)
    return grid


def _ring_roof(site: Site, sectors: int, step: float, eaves: float) -> None:
    ridge = (14.4, eaves + 2.1)
    low = (COURT - 1.35, eaves - 0.15)
    inner = _corrugated_ring(ridge, low, sectors, 0.16)[:, ::-1]
    parts = 4
    count = inner.shape[1] - 1
    for k in range(parts):  # in quarters, so that their charts are not too long
        piece = inner[:, k * count // parts : (k + 1) * count // parts + 1]
        site.show(Sheet(piece, GREY_TILE, detail=0.5))
        site.show(ruled(piece[0] - (0, 0.10, 0), piece[0], GREY_TILE, detail=0.4))
    around = np.linspace(0, 2 * np.pi, sectors + 1)
    under = np.stack([[_at(r, a, y - 0.12) for a in around] for r, y in (low, (12.6, eaves + 0.90), ridge)])
    site.show(Sheet(under, OLD, detail=0.7))
    top = np.stack([[_at(FRONT, a, y) for a in around[::-1]] for y in (eaves - 0.2, eaves + 0.85)])
    site.show(Sheet(top, PLANK, detail=0.6))
    for k in range(sectors * 4):
        a = (k + 0.5) * step / 4
        site.show(bar(_at(low[0] + 0.05, a, low[1] - 0.17), _at(13.0, a, eaves + 0.92), 0.07, 0.10, OLD, detail=0.5))
    ring = np.array([_at(ridge[0], a, ridge[1]) for a in around])
    site.show(
        ruled(
            (ring - (0, 0.1, 0))[::-1],
            (ring + np.array([0, 0.22, 0]))[::-1],
            Finish("plaster", (2.4, 2.4), tint=(0.30, 0.29, 0.28)),
            detail=0.4,
        )
    )
    # the outer slope throws its shadow; nobody sees it from inside
    outside = np.stack([[_at(r, a, y) for a in around] for r, y in ((OUTER + 1.5, eaves - 0.1), ridge)])
    site.show(Sheet(outside, GREY_TILE, detail=0.2))
    wall = np.stack([[_at(OUTER, a, y) for a in around] for y in (-0.2, eaves)])
    site.show(Sheet(wall, EARTH, detail=0.2))


def _gate(site: Site, step: float, door: tuple[str, Text] | None) -> None:
    """The passage through the ring, earth on either hand, its door behind whoever enters."""
    here = site.at(0, STEP, 0)
    half = FRONT * np.tan(step / 2) - 0.06
    deep = OUTER - 2.2 - FRONT
    far = FRONT + deep
    here.show(quad((-half, 0, far), (2 * half, 0, 0), (0, 0, -deep), GRANITE))
    for side in (-1, 1):
        if side > 0:
            here.show(quad((half, 0, FRONT), (0, 0, deep), (0, STOREY, 0), EARTH))
        else:
            here.show(quad((-half, 0, far), (0, 0, -deep), (0, STOREY, 0), EARTH))
        x = sorted((side * half, side * (half + 0.3)))
        here.block((x[0], 0, FRONT - 0.05), (x[1], STOREY, far))
    here.show(quad((-half, STOREY - 0.1, FRONT), (2 * half, 0, 0), (0, 0, deep), PLANK))
    end = here.at(0, 0, far, 180)
    end.show(quad((-half, 0, 0), (2 * half, 0, 0), (0, STOREY, 0), EARTH))
    end.block((-half, 0, -0.5), (half, STOREY, 0))
    if door is not None:
        leaves(end.at(0, 0, 0.08), 1.9, 2.5, OLD, door[1], door[0])
    lantern(here, (0, 2.25, FRONT + 0.6), 0.35)
    panel(here.at(-half, 0, FRONT + 1.4, 90), "welcome", 1.3, 1.0, low=1.0)


def _shrine(site: Site) -> None:
    """The ancestral hall in the middle of the court: open to the front, tiled, on a granite terrace."""
    half, front, back, y = 3.3, 2.6, -3.0, 0.30
    floor(site, (-half - 0.5, back - 0.3), (half + 0.5, front + 0.7), y, Finish("floor_brick", (2.4, 2.4)))
    for sides, low, high in (
        ("s", (-half - 0.5, 0, back), (half + 0.5, y + 0.001, front + 0.701)),
        ("ewn", (-half - 0.501, 0, back - 0.301), (half + 0.501, y + 0.001, front + 0.7)),
    ):
        site.show(box(low, high, GRANITE, sides=sides))
    steps(site.at(0, 0, front + 0.7 + 0.68), 2.6, y)
    roof = Roof(-half - 0.9, half + 0.9, (front + 1.0, 3.35), (-0.2, 5.1), (back - 0.9, 3.45), 0.22, 0.34)
    tiled(site, roof, GREY_TILE, WARM)
    show_purlins(site, roof, 3, OLD)
    swallowtail(site, roof, tall=0.38, beyond=0.3, tail=0.9)
    feet = [front, -0.2 - 1.6, back]
    for x in (-half, -1.35, 1.35, half):
        frame(site, x, feet, purlins(roof, 3), OLD, RED)
        for z in (front, back):
            tall = under(roof, z, 3)
            post(site, x, z, y, tall, OLD, radius=0.14)
    for a, b in ((-half, -1.35), (-1.35, 1.35), (1.35, half)):
        lattice(site.at(0, 0, front), a + 0.12, 2.62, b - a - 0.24, 0.34, RED)
    white = Finish("plaster", (2.4, 2.4), tint=(0.90, 0.86, 0.78))
    site.show(quad((-half, y, back + 0.08), (2 * half, 0, 0), (0, 3.1, 0), white))
    site.show(quad((half, y, back - 0.08), (-2 * half, 0, 0), (0, 3.1, 0), white))
    site.block((-half, 0, back - 0.1), (half, 3.3, back + 0.1))
    site.show(box((-1.6, y, back + 0.08), (1.6, 3.1, back + 0.16), RED, sides="esw^"))
    site.anchor("shrine-plaque", "label", (0, 2.85, back + 0.165), 0.0, 1.8, 0.3)
    plinth(site.at(0, y, -0.6), "main", 1.5, 1.0, 0.7)
    track_light(site, (0, 3.5, 1.9), (0, 1.1, -0.6), 22.0)
    track_light(site, (-1.5, 3.5, 0.4), (-0.8, 1.8, back), 16.0)
    track_light(site, (1.5, 3.5, 0.4), (0.8, 1.8, back), 16.0)
    for x in (-2.35, 2.35):
        panel(site.at(x, y, back + 0.08), f"shrine-panel-{'west' if x < 0 else 'east'}", 1.2, 1.4)
        lantern(site, (x, 2.45, front), 0.75)
    for angle in (55, 125, 235, 305):
        a = np.radians(angle)
        bench(site.at(8.2 * np.sin(a), 0, 8.2 * np.cos(a), angle + 180))
    for angle, name in ((140, "court-east"), (220, "court-west")):
        a = np.radians(angle)
        standing_panel(site.at(8.6 * np.sin(a), 0, 8.6 * np.cos(a), angle + 180), name, 1.2, 1.1)
