"""A workshop made in code: a bay of 16 x 10 x 5 m with machines below an overhead shaft, and the truth about it.

What a laser scanner of a real one meets: large planes, round things of 4 cm to 1.4 m, thin things, windows that give no
return, corners that look alike. World: metres, +Y up, the floor at y = 0, x along the bay.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recon.modelling.machine_elements import TO_X, at, belt, disc, flange, handwheel, pedestal, pipe, spoked
from recon.modelling.machine_tools import (
    DARK_WOOD,
    IRON,
    RED,
    STEEL,
    YELLOW,
    Cylinder,
    Piece,
    barrel,
    bench,
    boiler,
    drill_press,
    lathe,
    milling_machine,
    rack,
    round_bar,
)
from recon.modelling.materials import cast, leather, solid, timber
from recon.modelling.scanner import ScanScene, station
from recon.modelling.solids import bar, block, turned
from recon.modelling.surfaces import Patch, moved, quad, turn_about
from recon.modelling.textures import Paint, Painter, Texels, grain, mix, ramp, rgb, shaded

FloatArray = NDArray[np.float64]
LENGTH, WIDTH, HEIGHT = 16.0, 10.0, 5.0
REVEAL = 0.24  # how deep windows and doors sit in the wall
DADO = 1.35  # the height of the oil paint on the walls
SHAFT_Y, SHAFT_Z, SHAFT_R = 3.75, -1.7, 0.04
NORTH_WINDOWS = (-6.2, -3.4, -0.4, 2.4, 5.6)  # their middles along x
SOUTH_WINDOWS = (-4.6, 3.1)


@dataclass(frozen=True, slots=True)
class Plane:
    """The truth about a flat surface: normal . x = offset."""

    name: str
    normal: FloatArray  # (3,) unit, into the room
    offset: float


@dataclass(slots=True)
class Workshop:
    """The patches of the whole bay, with the truth about its largest planes and its round bars."""

    patches: list[Patch] = field(default_factory=list)
    planes: list[Plane] = field(default_factory=list)
    cylinders: list[Cylinder] = field(default_factory=list)

    def add(self, piece: Piece) -> None:
        self.patches += piece.patches
        self.cylinders += piece.cylinders

    def round(self, name: str, start: ArrayLike, end: ArrayLike, radius: float, painter: Painter) -> None:
        made, truth = round_bar(name, start, end, radius, painter)
        self.patches.append(made)
        self.cylinders.append(truth)

    def scene(self, *pieces: Piece) -> ScanScene:
        """For the scanner; `pieces` stand in it for this scan only, such as people."""
        return ScanScene([*self.patches, *(p for piece in pieces for p in piece.patches)])


def build() -> Workshop:
    shop = Workshop()
    _room(shop)
    _structure(shop)
    _transmission(shop)
    _pipes(shop)
    _machines(shop)
    return shop


def stations(count: int = 8, *, seed: int = 0) -> list[FloatArray]:
    """world_from_scanner (4, 4) of levelled scanners where a surveyor would stand, turned at random."""
    rng = np.random.default_rng([seed, 8])
    places = [(-5.6, 1.9), (4.1, 0.9), (-1.6, -0.3), (2.0, 3.9), (5.9, -3.3), (-6.6, -3.6), (-2.2, 3.6), (1.9, -3.6)]
    return [
        station(x + rng.uniform(-0.2, 0.2), z + rng.uniform(-0.2, 0.2), height=rng.uniform(1.5, 1.8),
                heading_deg=rng.uniform(0, 360)) for x, z in places[:count]
    ]  # fmt: skip


def _room(shop: Workshop) -> None:
    x, z = LENGTH / 2, WIDTH / 2
    shop.patches.append(quad((-x, 0, z), (LENGTH, 0, 0), (0, 0, -WIDTH), concrete(), step=0.5))
    shop.patches.append(quad((-x, HEIGHT, -z), (LENGTH, 0, 0), (0, 0, WIDTH), planks(), step=0.5))
    wall = plaster()
    north = [(m - 0.85, m + 0.85, 1.5, 4.1) for m in NORTH_WINDOWS]
    south = [(m - 0.7, m + 0.7, 1.7, 3.7) for m in SOUTH_WINDOWS] + [(5.4, 6.5, 0.0, 2.2)]
    _wall(shop, "north wall", (-x, 0, -z), (1, 0, 0), LENGTH, north, wall)
    _wall(shop, "south wall", (x, 0, z), (-1, 0, 0), LENGTH, [(-b, -a, c, d) for a, b, c, d in south], wall)
    _wall(shop, "west wall", (-x, 0, z), (0, 0, -1), WIDTH, [(-1.9, -0.8, 0.0, 2.15)], wall)
    _wall(shop, "east wall", (x, 0, -z), (0, 0, 1), WIDTH, [(-0.6, 2.8, 0.0, 3.4)], wall)
    # Doors close three of the openings; the windows' glass gives no return
    gate, door = cast("#3d5a49", seed=51), cast("#5a4636", seed=53)
    leaf = x + REVEAL - 0.06
    for middle in (0.25, 1.95):
        shop.patches.append(block((0.06, 3.38, 1.66), gate, at=(leaf, 0.01, middle)))
        for y in (0.35, 1.7, 3.0):
            shop.patches.append(block((0.05, 0.12, 1.5), IRON, at=(leaf - 0.05, y, middle)))
        shop.patches.append(bar([(leaf - 0.05, 0.4, middle - 0.66), (leaf - 0.05, 3.05, middle + 0.66)],
                                [(0.02, 0.05), (-0.02, 0.05), (-0.02, -0.05), (0.02, -0.05)], IRON))  # fmt: skip
    shop.patches.append(block((0.06, 2.14, 1.08), door, at=(-x - REVEAL + 0.08, 0.005, 1.35)))
    shop.patches.append(block((1.08, 2.19, 0.06), door, at=(5.95, 0.005, z + REVEAL - 0.08)))
    shop.planes += [
        Plane("floor", np.array([0.0, 1, 0]), 0.0),
        Plane("ceiling", np.array([0.0, -1, 0]), -HEIGHT),
    ]


def _wall(
    shop: Workshop, name: str, corner: ArrayLike, along: ArrayLike, length: float,
    openings: list[tuple[float, float, float, float]], painter: Painter
) -> None:  # fmt: skip
    """A wall from `corner` with openings (from, to, sill, head), measured along it from its middle; windows, which
    have a sill, get frames of steel.
    """
    o, e = np.asarray(corner, float), np.asarray(along, float)
    up = np.array([0.0, 1, 0])
    inwards = np.cross(e, up)
    middle = o + e * length / 2
    shop.planes.append(Plane(name, inwards, float(inwards @ o)))
    cuts_s = sorted({-length / 2, length / 2, *(v for a, b, _, _ in openings for v in (a, b))})
    cuts_t = sorted({0.0, HEIGHT, *(v for _, _, a, b in openings for v in (a, b))})
    for a, b in pairwise(cuts_s):
        for c, d in pairwise(cuts_t):
            inside = any(a >= p - 1e-9 and b <= q + 1e-9 and c >= r - 1e-9 and d <= s + 1e-9 for p, q, r, s in openings)
            if not inside:
                shop.patches.append(quad(middle + a * e + c * up, (b - a) * e, (d - c) * up, painter, step=0.5))
    back = -REVEAL * inwards
    frame = cast("#4b5a5e", seed=57)
    for a, b, c, d in openings:
        low, high = middle + a * e + c * up, middle + b * e + d * up
        shop.patches += [
            quad(low, back, (d - c) * up, painter, step=0.5),
            quad(high - (d - c) * up + back, -back, (d - c) * up, painter, step=0.5),
            quad(low + (d - c) * up, (b - a) * e, back, painter, step=0.5),
            quad(low + back, (b - a) * e, -back, painter, step=0.5),
        ]
        if c == 0:
            continue
        glazing = low + 0.7 * back
        for share in np.linspace(0, 1, 5):
            p = glazing + e * (b - a) * share
            shop.patches.append(bar([p, p + up * (d - c)], _square(0.045), frame, up=e))
        for share in np.linspace(0, 1, 6):
            p = glazing + up * (d - c) * share
            shop.patches.append(bar([p, p + e * (b - a)], _square(0.045), frame))


def _square(side: float) -> list[tuple[float, float]]:
    h = side / 2
    return [(h, h), (-h, h), (-h, -h), (h, -h)]


def _structure(shop: Workshop) -> None:
    """Steel beams across the bay, cast-iron columns under them, a guard rail."""
    painted = cast("#56695d", seed=61)
    flanges = [(0.11, 0.2), (-0.11, 0.2), (-0.11, 0.18), (-0.012, 0.18), (-0.012, -0.18), (-0.11, -0.18)]
    girder = [*flanges, (-0.11, -0.2), (0.11, -0.2), (0.11, -0.18), (0.012, -0.18), (0.012, 0.18), (0.11, 0.18)]
    for x in (-6.0, -2.0, 2.0, 6.0):
        shop.patches.append(bar([(x, HEIGHT - 0.2, -WIDTH / 2), (x, HEIGHT - 0.2, WIDTH / 2)], girder, painted))
    for i, x in enumerate((-6.0, -2.0, 2.0, 6.0)):
        z = 1.15
        shop.round(f"column {i + 1}", (x, 0.3, z), (x, HEIGHT - 0.66, z), 0.11, painted)
        base = turned([(0, 0), (0.24, 0), (0.24, 0.06), (0.16, 0.12), (0.14, 0.3), (0, 0.3)], painted)
        crown = turned([(0, -0.26), (0.12, -0.26), (0.14, -0.12), (0.22, -0.04), (0.22, 0), (0, 0)], painted)
        shop.patches += [*moved([base], offset=(x, 0, z)), *moved([crown], offset=(x, HEIGHT - 0.4, z))]
    for x in (-7.2, -6.1, -5.0):
        shop.patches.append(block((0.06, 1.05, 0.06), YELLOW, at=(x, 0, 4.15)))
    for y in (0.55, 1.02):
        shop.round(f"rail at {y:.2f} m", (-7.2, y, 4.15), (-5.0, y, 4.15), 0.024, YELLOW)


def _transmission(shop: Workshop) -> None:
    """The overhead shaft in its hangers, its pulleys, the motor that drives it."""
    shop.round("overhead shaft", (-7.4, SHAFT_Y, SHAFT_Z), (6.9, SHAFT_Y, SHAFT_Z), SHAFT_R, STEEL)
    hanger = cast("#4a4f4d", seed=63)
    for x in (-6.0, -2.0, 2.0, 6.0):
        drop = HEIGHT - 0.4 - SHAFT_Y
        arm = moved(pedestal(drop, 0.5, 0.18, 0.045, hanger), turn=turn_about("x", 180) @ turn_about("y", 90))
        shop.patches += moved(arm, offset=(x, HEIGHT - 0.4, SHAFT_Z))
    pulleys = [(-4.7, 0.42), (-3.0, 0.28), (-0.6, 0.36), (1.2, 0.22), (3.6, 0.45), (5.0, 0.30)]
    for x, radius in pulleys:
        wheel = spoked(radius, 0.03, 0.16, SHAFT_R, IRON, spokes=6, thick=0.026, boss=0.08)
        shop.patches += at(x, SHAFT_Y, SHAFT_Z, moved(wheel, turn=TO_X))
    cross = turn_about("y", 90)  # belts are drawn about +Z; the shaft runs along x
    belts = [(-4.7, 0.42, 1.42, -2.55, 0.17), (-0.6, 0.36, 1.42, -2.85, 0.14), (3.6, 0.45, 0.62, -4.1, 0.20)]
    for x, radius, y, z, small in belts:
        band = belt((-SHAFT_Z, SHAFT_Y), (-z, y), radius, small, 0.11, leather())
        shop.patches += moved([band], offset=(x, 0, 0), turn=cross)
    shop.round("shaft motor", (3.25, 0.62, -4.1), (2.5, 0.62, -4.1), 0.27, RED)
    shop.patches += [block((1.3, 0.34, 0.7), cast("#6d6d68"), at=(3.0, 0, -4.1))]
    shop.patches += at(3.6, 0.62, -4.1, moved([*spoked(0.20, 0.03, 0.14, 0.03, IRON, spokes=5)], turn=TO_X))
    shop.patches += [block((0.5, 1.5, 0.3), cast("#7d8a86", seed=65), at=(7.6, 0.9, -3.6))]  # the switch cabinet


def _pipes(shop: Workshop) -> None:
    """Water, steam and air along the south and west walls; a steam pipe from the boiler."""
    green, grey, silver = cast("#2f6b4f", seed=71), cast("#7c8287", seed=73), cast("#b5b3ab", seed=75)
    z = WIDTH / 2 - 0.16
    shop.round("water pipe", (-7.3, 3.05, z), (7.5, 3.05, z), 0.06, green)
    shop.round("air pipe", (-7.5, 3.28, z + 0.02), (7.5, 3.28, z + 0.02), 0.035, cast("#3f6fa3", seed=77))
    shop.round("steam pipe", (-6.2, 4.12, z - 0.06), (7.3, 4.12, z - 0.06), 0.105, silver)
    for x in (-5.2, -1.0, 3.4):
        shop.patches += at(x, 4.12, z - 0.06, moved(flange(0.17, 0.05, grey, size=0.03), turn=TO_X))
    for x in (-3.2, 0.4, 4.4):
        shop.patches.append(block((0.05, 1.3, 0.05), IRON, at=(x, 2.95, z + 0.12)))
    for i, x in enumerate((-2.4, 1.6)):
        shop.round(f"branch {i + 1}", (x, 0.95, z), (x, 3.05, z), 0.045, green)
        shop.patches += at(x, 1.1, z - 0.14, moved(handwheel(0.11, RED), turn=turn_about("x", 90)))
        shop.patches += at(x, 1.1, z, [turned([(0, -0.1), (0.07, -0.1), (0.09, 0), (0.07, 0.1), (0, 0.1)], green)])
    x = -LENGTH / 2 + 0.14
    shop.round("riser", (x, 0.0, -3.9), (x, HEIGHT, -3.9), 0.08, grey)
    shop.round("riser 2", (x, 0.0, -4.25), (x, HEIGHT, -4.25), 0.05, grey)
    elbow = [(4.69, 2.2, 3.2), (4.69, 3.3, 3.2), (4.69, 3.95, 3.45), (4.69, 4.12, 4.1), (4.69, 4.12, z - 0.06)]
    shop.patches.append(pipe(elbow, 0.07, silver, up=(1, 0, 0)))


def _machines(shop: Workshop) -> None:
    green, grey, blue = cast("#55725c", seed=81), cast("#7b8585", seed=83), cast("#3f5f7f", seed=85)
    shop.add(lathe(green).placed(-3.86, -2.55, name="lathe 1"))
    shop.add(lathe(grey, length=3.2, centre=1.08).placed(0.64, -2.85, name="lathe 2"))
    shop.add(lathe(blue, length=1.9).placed(-4.4, 0.1, turn_deg=186, name="lathe 3"))
    shop.add(drill_press(grey).placed(6.6, -1.6, turn_deg=-62, name="drill 1"))
    shop.add(drill_press(green, height=1.8).placed(-0.2, 2.0, turn_deg=25, name="drill 2"))
    shop.add(milling_machine(cast("#5d7d80", seed=87)).placed(3.9, -1.0, turn_deg=140, name="mill 1"))
    shop.add(milling_machine(green).placed(-7.0, -1.3, turn_deg=90, name="mill 2"))
    shop.add(boiler(cast("#44423f", rust=0.3, seed=89), ceiling=HEIGHT).placed(5.0, 3.2, turn_deg=180, name="boiler"))
    shop.add(bench().placed(-1.4, 4.4, turn_deg=180, name="bench 1"))
    shop.add(bench(1.7, vise=-0.3).placed(-7.4, 2.9, turn_deg=90, name="bench 2"))
    shop.add(bench(2.0, vise=0.5).placed(-1.9, -4.5, name="bench 3"))
    shop.add(rack(cast("#6a6f73", seed=91)).placed(0.6, 4.55, turn_deg=180, name="rack 1"))
    shop.add(rack(cast("#8a6d3b", seed=93), width=1.5, seed=8).placed(-4.7, -4.6, name="rack 2"))
    for i, (x, z, paint) in enumerate([(7.2, -4.3, "#2f5d8a"), (6.5, -4.45, "#8a3b2a"), (6.9, -3.65, "#2f5d8a")]):
        shop.add(barrel(cast(paint, rust=0.4, seed=95 + i)).placed(x, z, name=f"{i + 1}"))
    crates = timber("#b08a5c", "#7c5a38", seed=101)
    for x, y, z, size, turn in ((2.5, 0, 2.2, 0.8, 12), (2.45, 0.8, 2.25, 0.55, 35), (1.6, 0, 2.5, 0.6, -20)):
        shop.patches += moved([block((size, size, size), crates)], offset=(x, y, z), turn=turn_about("y", turn))
    for i in range(7):
        x, y = -7.6 + 0.09 * (i % 4), 0.06 + 0.1 * (i // 4)
        shop.patches.append(bar([(x, y, 3.9), (x + 0.04, y, 4.8)], _square(0.08), DARK_WOOD))
    shop.round("flywheel shaft", (-6.9, 0.75, -4.2), (-5.9, 0.75, -4.2), 0.045, STEEL)
    shop.patches += at(-6.4, 0.75, -4.2, moved(spoked(0.7, 0.07, 0.16, 0.05, RED, spokes=6, thick=0.04), turn=TO_X))
    for x in (-6.85, -5.95):
        shop.patches += at(x, 0, -4.2, moved(pedestal(0.75, 0.5, 0.16, 0.05, green), turn=turn_about("y", 90)))
    shop.patches += at(6.3, 0, 1.0, moved([disc(0.5, 0.05, IRON, columns=96)]))


def plaster() -> Painter:
    """Lime-washed plaster over green oil paint, with a line between, damp at the foot and soot at the top."""
    white, green = rgb("#cfcabb"), rgb("#5f8271")

    def paint(x: Texels) -> Paint:
        y = x.position[..., 1]
        cloud = solid(x, 0.8, 5, 0.6, seed=201)
        fine = solid(x, 0.05, 3, 0.7, seed=203)
        above = ramp(y, DADO - 0.004, DADO + 0.004)
        tone = mix(np.broadcast_to(green, (*x.shape, 3)), np.broadcast_to(white, (*x.shape, 3)), above)
        line = np.exp(-(((y - DADO) / 0.02) ** 4)).astype(np.float32)
        tone = mix(tone, rgb("#7d2f25"), line)
        worn = ramp(solid(x, 0.25, 4, 0.65, seed=205), 1.5, 1.9) * ramp(-y, -2.2, -0.2)
        tone = mix(tone, rgb("#8d8577"), worn * np.float32(0.8))
        soot = ramp(y + 0.5 * cloud, 3.4, 5.6) * np.float32(0.45)
        tone = shaded(tone, (cloud, 0.07), (fine, 0.035), (soot, -1.0), (grain(x), 0.015))
        return Paint(tone, np.full(x.shape, 0.9, np.float32), np.zeros(x.shape, np.float32))

    return paint


def concrete() -> Painter:
    """A cast floor in bays of 2 m with joints, oil stains where machines stand, paths worn light."""
    base, oil = rgb("#8d887e"), rgb("#3b352e")

    def paint(x: Texels) -> Paint:
        p = x.position
        cloud, fine = solid(x, 0.9, 5, 0.6, seed=211), solid(x, 0.03, 3, 0.7, seed=213)
        stain = ramp(solid(x, (0.7, 5.0, 0.7), 4, 0.6, seed=215), 0.9, 2.2) * np.float32(0.75)
        joint = np.minimum(np.abs((p[..., 0] + 1) % 2 - 1), np.abs((p[..., 2] + 1) % 2 - 1))
        tone = mix(np.broadcast_to(base, (*x.shape, 3)), oil, stain)
        tone = mix(tone, rgb("#4c473f"), (1 - ramp(joint, 0.006, 0.014)) * np.float32(0.8))
        edge = np.abs(np.abs(p[..., 2] - 0.62) - 0.62)  # the lines of the gangway
        yellow = (1 - ramp(edge, 0.035, 0.045)) * ramp(solid(x, 0.12, 3, seed=217), -1.2, -0.2)
        tone = mix(tone, rgb("#c9a23a"), yellow * np.float32(0.85))
        return Paint(
            shaded(tone, (cloud, 0.10), (fine, 0.05), (grain(x), 0.02)),
            np.full(x.shape, 0.85, np.float32),
            np.zeros(x.shape, np.float32),
        )

    return paint


def planks() -> Painter:
    """Boards of 18 cm across the bay, dark with age."""
    light, dark = rgb("#8a6a4a"), rgb("#4b3524")

    def paint(x: Texels) -> Paint:
        board = x.position[..., 0] / 0.18
        number = np.floor(board)
        tone_of = (np.sin(number * 127.1) * 43758.5453) % 1.0
        grains = solid(x, (0.012, 0.012, 0.6), 3, 0.7, seed=221)
        gap = np.minimum(board - number, 1 - board + number) * 0.18
        tone = mix(np.broadcast_to(light, (*x.shape, 3)), dark, np.clip(0.25 + 0.5 * tone_of + 0.1 * grains, 0, 1))
        tone = mix(tone, rgb("#1d1612"), 1 - ramp(gap, 0.003, 0.009))
        return Paint(
            shaded(tone, (grains, 0.05), (grain(x), 0.02)),
            np.full(x.shape, 0.8, np.float32),
            np.zeros(x.shape, np.float32),
        )

    return paint
