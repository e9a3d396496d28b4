"""A Minnan red-brick courtyard house: forecourt, front hall, courtyard with its wings, main hall.

Hall frame: +Y up, metres, the origin in the courtyard; visitors enter from the forecourt at +z and look towards -z.
Its measures follow three-bay houses around Quanzhou: halls 14.4 m wide, red brick on white granite, swallowtail ridges.
"""

from __future__ import annotations

from collections.abc import Sequence

from exhibit.documents.types import Text
from exhibit.space.furniture import lantern, panel, rack, standing_panel, track_light, vitrine
from exhibit.space.greenery import dome, meadow, potted, tree
from exhibit.space.hall import Hall
from exhibit.space.light_sources import Sky, Sun
from exhibit.space.masonry import (
    ASHLAR,
    BRICK,
    FLOOR_BRICK,
    GRANITE,
    PAVING,
    Opening,
    floor,
    framed_panel,
    kerb,
    lattice,
    parapet,
    steps,
    wall,
)
from exhibit.space.roofs import RED_TILE, RIDGE_RED, Roof, gable, purlins, show_purlins, swallowtail, tiled, under
from exhibit.space.shapes import box, quad
from exhibit.space.sheets import Finish
from exhibit.space.site import Site
from exhibit.space.sizes import Size, doors_size
from exhibit.space.timberwork import BLACK, DARK, GOLD, RED, frame, leaves, post, timber

HALF = 7.2  # of the house's width, to its outer face
BAY = 2.4  # half the middle bay
THICK = 0.34
FRONT, RECESS, INNER = 9.0, 7.5, 5.0  # the front hall: its face, its gate, its edge on the courtyard
COURT = 4.4  # half the courtyard's width
GROUND, COURT_LEVEL, FLOOR, HIGH_FLOOR = 0.0, 0.15, 0.30, 0.45
UNDER_TILES = Finish("floor_brick", (2.4, 2.4), tint=(0.62, 0.55, 0.50))
FRIEZE = Finish("plaster", (2.4, 2.4), tint=(0.88, 0.84, 0.76))
WHITE = Finish("plaster", (2.4, 2.4), tint=(0.95, 0.93, 0.89))
LACQUER = timber((0.17, 0.075, 0.055))  # of the cases
SOIL = Finish("floor_brick", (2.4, 2.4), tint=(0.9, 0.85, 0.8))

DOORS: tuple[tuple[str, Text], ...] = (
    ("east", {"zh": "东门", "en": "East door"}),
    ("west", {"zh": "西门", "en": "West door"}),
)
SIZES = (
    Size("court", {"zh": "天井进深", "en": "Depth of the courtyard"}, 6.0, 12.0, 0.5, 8.0),
    doors_size(2),
)


def hall(*, court: float = 8.0, doors: Sequence[tuple[str, Text]] = DOORS) -> Hall:
    """`court` is the courtyard's depth, 6 to 12 m; at most two doors, in the main hall's back wall."""
    if not 6.0 <= court <= 12.0:
        raise ValueError(f"a courtyard {court} m deep: 6 to 12 m are built")
    site = Site()
    eaves = INNER - court  # z where the main hall begins
    back = eaves - 8.2
    dome(site)
    meadow(site, 60.0, -0.06)
    _forecourt(site)
    _front_hall(site)
    _courtyard(site, eaves)
    for side in (-1, 1):
        _wing(site, side, eaves)
    _main_hall(site, eaves, back, doors)
    _furnish(site, eaves, back)
    for x, z, h, seed in (
        (-15, 4, 9, 3),
        (14, -4, 10, 4),
        (-13, -14, 11, 5),
        (16, 13, 8, 6),
        (4, -24, 12, 7),
        (-20, 17, 9, 8),
    ):
        tree(site, x, z, 0.0, h, seed)
    return Hall(
        title={"zh": "闽南红砖大厝", "en": "A red-brick house of southern Fujian"},
        summary={
            "zh": "石埕、门厅、天井、榉头与顶厅：燕尾脊下，烟炙红砖砌在白石之上。",
            "en": "Forecourt, front hall, courtyard, wings, main hall: red brick on granite below swallowtail ridges.",
        },
        statement={
            "zh": "这是用程序代码建成的虚拟建筑，形制与尺度参照泉州一带红砖大厝，光照预先计算，并非实有的房屋。",
            "en": "A virtual building made in code after the red-brick houses around Quanzhou, its light computed "
            "beforehand. It is not an existing house.",
        },
        site=site,
        start=((0.0, 1.6, 16.2), (0.0, 2.2, 9.0), 60.0),
        poster=((-5.4, 1.7, 17.4), (-0.1, 2.75, 8.0), 47.0),
        sky=Sky(),
        sun=Sun((0.55, 0.95, 0.62)),
        background="#dfe6e8",
        exposure=0.60,
        adaptation=0.50,
    )  # fmt: skip


def _forecourt(site: Site) -> None:
    floor(site, (-9.2, FRONT - 0.4), (9.2, 18.4), GROUND, PAVING)
    for x0, x1 in ((-9.2, -HALF), (HALF, 9.2)):
        parapet(site.at(x0, 0, FRONT), x1 - x0, 1.5, 0.3, BRICK)
    parapet(site.at(-9.2, 0, 18.4), 18.4, 1.15, 0.3, BRICK)
    parapet(site.at(-9.2, 0, 18.4, 90), 9.4, 1.15, 0.3, BRICK)
    parapet(site.at(9.2, 0, 9.0, -90), 9.4, 1.15, 0.3, BRICK)


def _facade(site: Site, side: int) -> None:
    """Half the front, beside the gate: granite, brick in a frame around a window with stone bars, a white frieze."""
    here = site if side > 0 else site.mirrored()
    length = HALF - BAY
    start = here.at(BAY, 0, FRONT)
    window = Opening(length / 2 - 0.62, length / 2 + 0.62, 1.62, 2.78, bars=5)
    bands = [(0.34, GRANITE), (1.16, ASHLAR), (3.28, BRICK), (3.9, FRIEZE)]
    wall(start, length, THICK, bands, [(3.9, WHITE)], [window], solid=False)
    start.block((0, -0.3, -THICK), (length, 3.9, 0))
    start.show(quad((window.start, window.low, -THICK), (window.end - window.start, 0, 0), (0, 1.2, 0), DARK))
    start.show(box((0, 0, 0), (length, 0.30, 0.07), GRANITE, sides="esw^"))
    start.show(box((0, 1.10, 0), (length, 1.18, 0.05), GRANITE, sides="esw^_"))
    start.show(box((0, 3.24, 0), (length, 3.34, 0.07), RIDGE_RED, sides="esw^_"))
    for a, b in ((0.30, 1.42), (length - 1.42, length - 0.30)):
        framed_panel(start, a, 1.42, b - a, 1.60, GRANITE, BRICK)
    framed_panel(start, length / 2 - 0.80, 1.42, 1.60, 0.0, GRANITE, GRANITE)
    for x in (length / 2 - 0.72, length / 2 + 0.62):
        start.show(box((x, 1.52, 0), (x + 0.10, 2.88, 0.06), GRANITE, sides="esw^_"))
    for y in (1.52, 2.78):
        start.show(box((length / 2 - 0.72, y, 0), (length / 2 + 0.72, y + 0.10, 0.06), GRANITE, sides="esw^_"))
    for k in range(8):
        x = 0.24 + k * (length - 0.3) / 8
        framed_panel(start, x, 3.46, (length - 0.3) / 8 - 0.16, 0.26, RIDGE_RED, FRIEZE, 0.03)
    # the corner pier, and the return into the recess
    start.show(box((-0.0, 0.30, 0), (0.26, 3.9, 0.05), BRICK, sides="esw"))
    start.show(box((length - 0.26, 0.30, 0), (length, 3.9, 0.05), BRICK, sides="esw"))
    corner = here.at(BAY, 0, RECESS, 0)
    corner.show(quad((0, 0, 0), (0, 0, FRONT - RECESS), (0, 1.16, 0), ASHLAR))
    corner.show(quad((0, 1.16, 0), (0, 0, FRONT - RECESS), (0, 2.84, 0), BRICK))
    corner.block((0, 0, 0), (THICK, 3.9, FRONT - RECESS))
    face = here.at(BAY, 0, FRONT, -90)
    framed_panel(face, -1.25, 1.40, 1.0, 1.75, GRANITE, BRICK)


def _front_hall(site: Site) -> None:
    _facade(site, 1)
    _facade(site, -1)
    # the gate in its recess, granite all around
    gate = site.at(-BAY, 0, RECESS)
    half = 0.95
    door = Opening(BAY - half, BAY + half, FLOOR, 3.05, GRANITE)
    wall(gate, 2 * BAY, THICK, [(1.16, ASHLAR), (4.2, GRANITE)], [(4.2, WHITE)], [door], solid=False)
    for a, b in ((0, BAY - half), (BAY + half, 2 * BAY)):
        gate.block((a, 0, -THICK), (b, 3.9, 0))
    gate.block((0, 3.05, -THICK), (2 * BAY, 3.9, 0))
    for x in (0.14, 2 * BAY - 1.16):
        framed_panel(gate, x + 0.05, 1.36, 0.92, 1.5, GRANITE, BRICK)
    site.show(box((-1.25, 3.18, RECESS), (1.25, 3.72, RECESS + 0.06), BLACK, sides="esw^_"))
    site.show(box((-1.15, 3.26, RECESS + 0.06), (1.15, 3.64, RECESS + 0.065), GOLD, sides="s"))
    site.show(box((-1.12, 3.29, RECESS + 0.065), (1.12, 3.61, RECESS + 0.07), BLACK, sides="s"))
    site.anchor("gate-plaque", "label", (0, 3.45, RECESS + 0.072), 0.0, 2.1, 0.30)
    for side in (-1, 1):  # the leaves stand open
        leaf = site.at(side * half, 0, RECESS - THICK, 0)
        x0, x1 = sorted((0.0, side * 0.06))
        leaf.show(box((x0, FLOOR + 0.02, -0.92), (x1, 3.0, 0.0), RED, sides="new"))
        leaf.block((x0, FLOOR, -0.92), (x1, 3.0, 0))
    floor(site, (-BAY, RECESS - THICK), (BAY, FRONT + 0.02), FLOOR, GRANITE)
    steps(site.at(0, 0, FRONT + 0.02 + 0.68), 3.4, FLOOR, cheeks=True)
    for x0, x1 in ((-BAY, -1.7), (1.7, BAY)):
        kerb(site, (x1, FRONT + 0.02), (x0, FRONT + 0.02), 0, FLOOR)
    # the passage
    floor(site, (-BAY, INNER), (BAY, RECESS - THICK), FLOOR, FLOOR_BRICK)
    for side in (-1, 1):
        here = site if side > 0 else site.mirrored()
        along = here.at(BAY, 0, INNER + 0.0, -90)
        length = RECESS - THICK - INNER
        wall(along, length, THICK, [(0.9, ASHLAR), (4.2, WHITE)], [(0.1, WHITE)], [], solid=False)
        along.block((0, 0, -THICK), (length, 4.2, 0))
        back = here.at(HALF, 0, INNER, 180)
        wall(back, HALF - BAY, THICK, [(0.34, GRANITE), (1.16, ASHLAR), (3.3, BRICK), (4.1, FRIEZE)], [(0.1, WHITE)],
             [], solid=False)  # fmt: skip
        back.block((0, 0, -THICK), (HALF - BAY, 4.1, 0))
    # three roofs: the middle one stands above its neighbours
    for x0, x1, up in ((-HALF - 0.35, -BAY + 0.1, 0.0), (BAY - 0.1, HALF + 0.35, 0.0), (-BAY - 0.25, BAY + 0.25, 0.38)):
        roof = Roof(
            x0,
            x1,
            (FRONT + 0.85, 3.72 + up),
            (7.0, 5.15 + up),
            (INNER - 0.75, 3.80 + up),
            0.16,
            0.20 if up == 0 else 0.26,
        )
        tiled(site, roof, RED_TILE, UNDER_TILES)
        show_purlins(site, roof, 3, DARK)
        swallowtail(site, roof, tall=0.36, beyond=0.25, tail=0.75 if up == 0 else 0.95)
        for x, side in ((x0 + 0.3, -1), (x1 - 0.3, 1)):
            gable(site, roof, x, side, 3.4, BRICK)
            gable(site, roof, x, -side, 3.4, WHITE)
        if up:
            for x in (-BAY + 0.05, BAY - 0.05):
                frame(site, x, [INNER + 0.3, RECESS], purlins(roof, 3), DARK, RED)
                post(site, x, INNER + 0.28, FLOOR, 3.9, DARK)


def _courtyard(site: Site, eaves: float) -> None:
    floor(site, (-COURT, eaves), (COURT, INNER), COURT_LEVEL, PAVING)
    for a, b in (
        ((-COURT, INNER), (COURT, INNER)),
        ((COURT, INNER), (COURT, eaves)),
        ((-COURT, eaves), (-COURT, INNER)),
    ):
        kerb(site, a, b, COURT_LEVEL, FLOOR)


def _wing(site: Site, side: int, eaves: float) -> None:
    """A gallery open to the courtyard: posts on its edge, a brick wall behind."""
    here = site if side > 0 else site.mirrored()
    inner = HALF - THICK
    floor(here, (COURT, eaves), (inner, INNER), FLOOR, FLOOR_BRICK)
    outer = here.at(inner, 0, eaves, -90)
    length = INNER - eaves
    wall(outer, length, THICK, [(0.34, GRANITE), (0.9, ASHLAR), (4.1, WHITE)], [(1.16, ASHLAR), (4.4, BRICK)], [],
         solid=False)  # fmt: skip
    outer.block((0, 0, -THICK), (length, 4.2, 0))
    depth = INNER - eaves
    count = len(_wing_bays(eaves))
    for k in range(count + 1):
        z = eaves + 0.25 + (depth - 0.5) * k / count
        post(here, COURT + 0.25, z, FLOOR, 3.25, DARK, radius=0.125)
    here.show(box((COURT + 0.16, 3.05, eaves), (COURT + 0.34, 3.33, INNER), DARK, sides="nesw_"))
    turned = here.at(0, 0, (INNER + eaves) / 2, -90)
    half = depth / 2 + 0.05
    roof = Roof(-half, half, (-(COURT - 0.62), 3.32), (-(COURT + 1.55), 4.30), (-(HALF + 0.45), 3.45), 0.10, 0.0)
    tiled(turned, roof, RED_TILE, UNDER_TILES)
    show_purlins(turned, roof, 2, DARK)
    ridge = box((-half, 4.26, -(COURT + 1.55) - 0.10), (half, 4.50, -(COURT + 1.55) + 0.10), RIDGE_RED, sides="nesw^")
    turned.show(ridge)
    for k in range(count):
        z0 = eaves + 0.25 + (depth - 0.5) * k / count
        z1 = eaves + 0.25 + (depth - 0.5) * (k + 1) / count
        # a fretted board hangs below the beam
        rail = here.at(COURT + 0.25, 0, z1, 90)
        lattice(rail, 0.18, 2.72, z1 - z0 - 0.36, 0.32, RED)


def _main_hall(site: Site, eaves: float, back: float, doors: Sequence[tuple[str, Text]]) -> None:
    inner = HALF - THICK
    kerb_z = eaves
    floor(site, (-inner, back + THICK), (inner, kerb_z), HIGH_FLOOR, FLOOR_BRICK)
    site.show(
        box((-COURT, COURT_LEVEL, kerb_z - 0.4), (COURT, HIGH_FLOOR + 0.002, kerb_z + 0.001), GRANITE, sides="s^")
    )
    for side in (-1, 1):
        here = site if side > 0 else site.mirrored()
        kerb(here, (inner, kerb_z), (COURT, kerb_z), FLOOR, HIGH_FLOOR)
        face = here.at(inner, 0, back + THICK, -90)
        length = kerb_z - back - THICK
        wall(face, length, THICK, [(1.0, ASHLAR), (4.4, WHITE)], [(1.16, ASHLAR), (4.4, BRICK)], [], solid=False)
        face.block((0, 0, -THICK), (length, 5.0, 0))
    steps(site.at(0, COURT_LEVEL, kerb_z + 0.34 * 2), 5.0, HIGH_FLOOR - COURT_LEVEL)
    # the back wall with its doors
    openings, places = [], {"east": inner - 2.2, "west": -inner + 2.2}
    for (name, _), x in zip(doors, (places["east"], places["west"]), strict=False):
        del name
        openings.append(Opening(x + inner - 0.85, x + inner + 0.85, HIGH_FLOOR, HIGH_FLOOR + 2.7, GRANITE))
    rear = site.at(-inner, 0, back + THICK)
    wall(rear, 2 * inner, THICK, [(1.0 + HIGH_FLOOR, ASHLAR), (4.9, WHITE)], [(4.9, BRICK)], openings, solid=False)
    rear.block((0, 0, -THICK - 0.3), (2 * inner, 5.0, -0.02))
    for (name, title), x in zip(doors, (places["east"], places["west"]), strict=False):
        leaves(site.at(x, HIGH_FLOOR, back + THICK - 0.04), 1.7, 2.7, RED, title, name)
    roof = Roof(
        -HALF - 0.45, HALF + 0.45, (eaves + 0.95, 4.05), ((eaves + back) / 2 + 0.5, 6.95), (back - 0.7, 4.2), 0.34, 0.50
    )
    tiled(site, roof, RED_TILE, UNDER_TILES)
    show_purlins(site, roof, 5, DARK)
    swallowtail(site, roof, tall=0.50, beyond=0.45, tail=1.25)
    for x, side in ((HALF, 1), (-HALF, -1)):
        gable(site, roof, x, side, 4.3, BRICK)
        gable(site, roof, side * inner, -side, 4.3, WHITE)
    # a low ridge over each end bay's verge makes the silhouette
    feet = [eaves - 0.35, eaves - 2.3, back + 2.2]
    for x in (-BAY, BAY):
        frame(site, x, feet, purlins(roof, 5), BLACK, RED)
        for z in feet:
            tall = under(roof, z, 5) - 0.1
            post(site, x, z, HIGH_FLOOR, tall, BLACK, radius=0.17)
    for x in (-inner + 0.22, inner - 0.22):
        frame(site, x, feet, purlins(roof, 5), BLACK, RED)
    site.show(box((-inner, 3.55, eaves - 0.45), (inner, 3.85, eaves - 0.25), BLACK, sides="sn_^"))
    for x0, x1 in ((-inner, -BAY - 0.2), (-BAY + 0.2, BAY - 0.2), (BAY + 0.2, inner)):
        lattice(site.at(0, 0, eaves - 0.35), x0, 3.12, x1 - x0, 0.40, RED)
    # the lacquered screen at the back of the middle bay
    z = back + 2.2
    site.show(box((-BAY + 0.2, HIGH_FLOOR, z - 0.06), (BAY - 0.2, 4.1, z + 0.06), RED, sides="nsew^"))
    for k in range(4):
        a = -BAY + 0.32 + k * (2 * BAY - 0.64) / 4
        w = (2 * BAY - 0.64) / 4
        site.show(box((a + 0.05, 0.75, z + 0.06), (a + w - 0.05, 1.45, z + 0.085), RED, sides="esw^_"))
        site.show(box((a + 0.05, 1.56, z + 0.06), (a + w - 0.05, 3.0, z + 0.085), RED, sides="esw^_"))
    site.show(box((-1.5, 3.25, z + 0.06), (1.5, 3.92, z + 0.13), BLACK, sides="esw^_"))
    for y0, y1, x0, x1 in (
        (3.27, 3.31, -1.47, 1.47),
        (3.86, 3.90, -1.47, 1.47),
        (3.27, 3.90, -1.47, -1.43),
        (3.27, 3.90, 1.43, 1.47),
    ):
        site.show(box((x0, y0, z + 0.13), (x1, y1, z + 0.14), GOLD, sides="s"))
    site.block((-BAY + 0.2, 0, z - 0.06), (BAY - 0.2, 4.1, z + 0.06))
    site.anchor("main-plaque", "label", (0, 3.58, z + 0.142), 0.0, 2.6, 0.44)


def _wing_bays(eaves: float) -> list[float]:
    """The middles, along z, between the posts of a wing; the first is the farthest."""
    depth = INNER - eaves - 0.5
    count = max(2, round((depth + 0.5) / 2.7))
    return [eaves + 0.25 + depth * (k + 0.5) / count for k in range(count)]


def _furnish(site: Site, eaves: float, back: float) -> None:
    """Whatever is shown stands between posts, in a case or on a mount, under a light of its own."""
    middle = (eaves - 2.3 + back + 2.2) / 2
    inner = HALF - THICK
    vitrine(site.at(0, HIGH_FLOOR, middle + 0.3), "main", 2.3, 0.8, base=0.90, glass=0.75, finish=LACQUER, power=2.6,
            riser=(2.0, 0.06, 0.5))  # fmt: skip
    for name, x, riser in (("east-vitrine", 4.7, (0.62, 0.06, 0.42)), ("west-vitrine", -4.7, (0.34, 0.10, 0.34))):
        vitrine(site.at(x, HIGH_FLOOR, middle, -90 if x > 0 else 90), name, 1.4, 0.7, finish=LACQUER, riser=riser,
                power=2.0)  # fmt: skip
        track_light(site, (x * 0.72, 4.1, middle + 1.0), (x, HIGH_FLOOR + 1.1, middle), 30.0)
    for x, z in ((-0.9, middle + 2.0), (0.9, middle + 2.0)):
        track_light(site, (x, 4.3, z), (0, HIGH_FLOOR + 0.9, middle + 0.3), 36.0)
    far, *between, near = _wing_bays(eaves)
    for side, word in ((1, "east"), (-1, "west")):
        yaw = -90 * side
        panel_z = between[len(between) // 2] if between else (INNER + eaves) / 2
        rack(site.at(side * (inner - 0.75), FLOOR, near, yaw), f"{word}-wing-1", 1.1, 0.45, 0.85)
        flat = word == "west"  # a case for what lies, and one for what stands
        vitrine(site.at(side * (inner - 0.75), FLOOR, far, yaw), f"{word}-wing-2", 0.85, 0.6, base=0.85, glass=0.6,
                finish=LACQUER, riser=(0.50, 0.05, 0.34) if flat else (0.56, 0.08, 0.16),
                uprights=0.0 if flat else 0.30, power=2.0)  # fmt: skip
        panel(site.at(side * inner, FLOOR, panel_z, yaw), f"{word}-wing-panel", 1.6, 1.2)
        for z, height, power in ((near, 1.5, 12.0), (far, 1.15, 8.0), (panel_z, 1.7, 9.0)):
            track_light(site, (side * (COURT + 0.55), 3.08, z + 0.5), (side * (inner - 0.5), height, z), power)
        track_light(site, (side * 5.2, 4.5, middle - 1.2), (side * inner, 1.9, middle + 0.4), 30.0)
        track_light(site, (side * 3.6, 4.5, middle - 0.6), (side * 4.8, 1.8, back), 36.0)
        track_light(site, (side * 1.2, 4.6, middle + 1.6), (side * 0.9, 2.0, back + 2.2), 44.0)
        panel(site.at(side * inner, HIGH_FLOOR, middle + 0.4, yaw), f"{word}-hall-panel", 1.8, 1.4)
        panel(site.at(side * BAY, FLOOR, INNER + 1.1, yaw), f"{word}-gate-panel", 1.2, 1.3)
        for z in (INNER - 0.9, eaves + 0.9):
            potted(site, side * (COURT - 0.55), z, COURT_LEVEL, int(10 + z), glaze=RIDGE_RED)
        lantern(site, (side * 1.5, 3.15, FRONT - 0.6), 0.75)
        lantern(site, (side * 1.1, 3.55, eaves - 0.35), 0.12)
        potted(site, side * 2.9, FRONT + 0.75, GROUND, 5 + side, glaze=RIDGE_RED, size=1.2)
    standing_panel(site.at(-7.4, GROUND, 13.6, 50), "welcome", 1.3, 1.2)
