"""A belt-driven screw-cutting lathe of a dockyard's machine shop, about 1900. Life size, metres.

Its frame: +Y up, the spindle along x at y = AXIS with its cone pulley on the left, the turner in front, at +z.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recon.modelling.gears import cone_pulley, gear, screw
from recon.modelling.machine_elements import TO_X, TO_Z, at, bolt, disc, handwheel, oil_cup
from recon.modelling.materials import brass, cast, metal, steel, timber
from recon.modelling.solids import bar, block, circle, curve, holed, mm, plate, rod, stadium, turned, wire
from recon.modelling.surfaces import Patch, moved, turn_about

FloatArray = NDArray[np.float64]

GREY = cast("#55605f", roughness=0.42, seed=121)
DARK = cast("#3a3f40", roughness=0.45, seed=123)
STEEL, BRASS = steel(), brass()
BRIGHT = metal("#c3c6c6", roughness=0.22, dirty=0.1, wear=0.05, seed=125)
GRIP = timber("#7c5232", "#4d311d", along=(0, 1, 0), ring=0.004, roughness=0.35, seed=127)

WAY, AXIS = 0.86, 1.06  # top of the ways, height of the spindle
CONE = (0.06, 0.08, 0.10, 0.12)  # radii of the cone pulley's steps, from the left
CONE_X, CONE_STEP = -0.63, 0.065  # its middle, and how wide a step is


def lathe_at_rest() -> list[Patch]:
    """All but what turns with the spindle: 0.2 m over the bed, 0.75 m between centres; the back gear is out."""
    return [*_bed(WAY), *_headstock(WAY, AXIS), *_tailstock(WAY, AXIS), *_carriage(WAY), *_chips()]


def spindle() -> list[Patch]:
    """What turns about x through (0, AXIS, 0): cone pulley, gears, chuck, and the bar that is turned."""
    made = [rod((-0.96, AXIS, 0), (-0.22, AXIS, 0), 0.030, BRIGHT, sides=28)]
    made += at(CONE_X, AXIS, 0, cone_pulley(CONE, CONE_STEP, STEEL, columns=40), TO_X)
    made += at(-0.780, AXIS, 0, [gear(15, 0.045, 0.030, 0.029, DARK)], TO_X)  # drives the back gear
    made += at(-0.473, AXIS, 0, [gear(40, 0.120, 0.034, 0.029, DARK)], TO_X)  # and is driven by it
    made += at(-0.918, AXIS, 0, [gear(15, 0.048, 0.022, 0.014, DARK)], TO_X)  # first of the change wheels
    made += at(-0.940, AXIS, 0, bolt(0.026, STEEL, stud=False), turn_about("z", 90))
    made += at(-0.255, AXIS, 0, [disc(0.052, 0.03, BRIGHT, columns=40)], TO_X)
    made += at(-0.225, AXIS, 0, _chuck(), TO_X)
    turning = [0.026, 0.026, 0.026, 0.020, 0.020, 0.014, 0.014]
    return [*made, rod((-0.27, AXIS, 0), (0.40, AXIS, 0), turning, BRIGHT, sides=28)]


def _chuck() -> list[Patch]:
    made = [turned(mm("0,0 95,0 100,6 100,44 92,52 30,52 0,52"), STEEL, columns=56, bevel=0.002)]
    for k in range(4):
        jaw = [
            block((0.062, 0.034, 0.026), BRIGHT, at=(0.058, 0.05, 0), bevel=0.002),
            block((0.024, 0.024, 0.026), BRIGHT, at=(0.040, 0.082, 0), bevel=0.002),
        ]
        made += moved(jaw, turn=turn_about("y", 90 * k))
        made += moved(
            at(0.101, 0.026, 0, [disc(0.008, 0.004, DARK, columns=12, bevel=0.001)], TO_X.T @ turn_about("z", 180)),
            turn=turn_about("y", 90 * k),
        )
    return made


def _chips() -> list[Patch]:
    """Curls of iron in the tray below the work."""
    rng = np.random.default_rng(129)
    made = []
    for x in rng.uniform(-0.30, 0.48, 9):
        turns = np.linspace(0, 2 * np.pi * rng.uniform(2, 3.5), 22)
        wide, long = rng.uniform(0.007, 0.012), rng.uniform(0.04, 0.08)
        curl = np.stack([long * turns / turns[-1], wide * np.cos(turns), wide * np.sin(turns)], -1)
        place = (float(x), 0.216 + wide, rng.uniform(-0.11, 0.11))
        made += at(*place, [wire(curl, 0.0012, BRIGHT, sides=5, up=(1, 0.1, 0))], turn_about("y", rng.uniform(0, 360)))
    return made


def _bed(way: float) -> list[Patch]:
    long = 1.72
    made = [
        block((long, 0.035, 0.075), BRIGHT, at=(0, way - 0.035, 0.095), bevel=0.004),
        block((long, 0.035, 0.075), BRIGHT, at=(0, way - 0.035, -0.095), bevel=0.004),
        bar(np.array([(-long / 2, way + 0.006, 0.10), (long / 2, way + 0.006, 0.10)]), mm("-16,-8 16,-8 0,9"), BRIGHT),
        block((long, 0.18, 0.038), GREY, at=(0, way - 0.21, 0.105), bevel=0.004),
        block((long, 0.18, 0.038), GREY, at=(0, way - 0.21, -0.105), bevel=0.004),
        block((long + 0.01, 0.028, 0.06), GREY, at=(0, way - 0.222, 0.105), bevel=0.005),
        block((long + 0.01, 0.028, 0.06), GREY, at=(0, way - 0.222, -0.105), bevel=0.005),
    ]
    made += [
        block((0.05, 0.15, 0.18), GREY, at=(float(x), way - 0.20, 0), bevel=0.006) for x in np.linspace(-0.8, 0.8, 6)
    ]
    for x in (-0.66, 0.66):  # legs, cast with an opening
        outline = np.array(
            [(-0.27, 0.0), (0.27, 0.0), (0.255, 0.05), (0.165, way - 0.222), (-0.165, way - 0.222), (-0.255, 0.05)]
        )
        hole = np.array([(-0.165, 0.11), (0.165, 0.11), (0.10, way - 0.32), (-0.10, way - 0.32)])
        leg = holed(outline, _rounded(hole, 0.05), 0.055, GREY, bevel=0.008)
        made += at(x, 0, 0, [leg], turn_about("y", 90))
        made.append(block((0.16, 0.026, 0.58), GREY, at=(x, 0, 0), bevel=0.008))
        made.append(block((0.14, 0.03, 0.33), GREY, at=(x, way - 0.248, 0), bevel=0.006))
        for z in (-0.25, 0.25):
            made += at(x + 0.05, 0.026, z, bolt(0.03, STEEL, stud=False))
    made += at(0.09, way - 0.135, 0.152, [rod((-0.86, 0, 0), (0.74, 0, 0), 0.0135, STEEL)])
    made += at(-0.70, way - 0.135, 0.152, moved([screw(0.016, 1.44, 0.016, BRIGHT, columns=10)], turn=TO_X))
    made += at(-0.70, way - 0.185, 0.150, [rod((0, 0, 0), (1.44, 0, 0), 0.009, STEEL)])
    for x in (-0.72, 0.75):
        made.append(block((0.06, 0.12, 0.06), GREY, at=(x, way - 0.215, 0.15), bevel=0.006))
    made += [block((1.29, 0.014, 0.34), DARK, at=(0, 0.20, 0), bevel=0.003)]
    return made


def _rounded(outline: FloatArray, cut: float) -> FloatArray:
    """The outline with its corners rounded by short chords."""
    out = []
    for i, p in enumerate(outline):
        a, b = outline[i - 1] - p, outline[(i + 1) % len(outline)] - p
        a, b = p + a / np.linalg.norm(a) * cut, p + b / np.linalg.norm(b) * cut
        for t in np.linspace(0, 1, 5):
            out.append((1 - t) ** 2 * a + 2 * t * (1 - t) * p + t**2 * b)
    return np.array(out)


def _headstock(way: float, axis: float) -> list[Patch]:
    high = axis - way
    made = [block((0.58, 0.05, 0.27), GREY, at=(-0.57, way, 0), bevel=0.006)]
    for x, thick in ((-0.828, 0.055), (-0.325, 0.085)):
        half = np.array([(0.13, 0.0), (0.115, 0.06), (0.065, high), (0.056, high + 0.04), (0.02, high + 0.062)])
        body = np.concatenate([half, half[::-1] * (-1, 1)])
        made += at(x, way, 0, [plate(body, thick, GREY, bevel=0.006)], turn_about("y", 90))
        h = 1000 * thick / 2 + 5
        made += at(x, axis, 0, [turned(mm(f"30,{-h} 44,{-h} 44,{h} 30,{h}"), BRASS, columns=24, ring=True)], TO_X)
        made += at(x, axis + 0.058, 0, oil_cup(0.055))
        for z in (-0.062, 0.062):
            made += at(x, axis + 0.018, z * 0.9, bolt(0.02, STEEL, stud=False))
    back = (axis + 0.03, -0.215)  # swung out on its eccentric: its wheels clear those of the spindle
    made += [rod((-0.86, *back), (-0.29, *back), 0.017, STEEL)]
    made += at(-0.780, *back, [gear(40, 0.120, 0.030, 0.016, DARK)], TO_X)
    made += at(-0.473, *back, [gear(15, 0.045, 0.038, 0.016, DARK)], TO_X)
    for x in (-0.828, -0.325):
        made += at(
            x, back[0], -0.105,
            [plate(stadium((0, 0), (0.110, 0), 0.032, 0.032, 8), 0.03, GREY, bevel=0.003)],
            turn_about("y", 90),
        )  # fmt: skip
    # change wheels: the middle one is swung clear of the spindle's on its quadrant, so the lead screw rests
    screw_y, screw_z, lean = way - 0.135, 0.152, np.radians(80)
    middle = (screw_y + 0.208 * np.sin(lean), screw_z + 0.208 * np.cos(lean))
    for teeth, radius, y, z in ((35, 0.112, *middle), (30, 0.096, screw_y, screw_z)):
        made += at(-0.918, y, z, [gear(teeth, radius, 0.022, 0.014, DARK)], TO_X)
        made += at(-0.940, y, z, bolt(0.026, STEEL, stud=False), turn_about("z", 90))
    quadrant = stadium((0, 0), (0.24, 0), 0.045, 0.04, 10)
    turn = turn_about("y", -90) @ turn_about("z", 80)
    made += at(-0.890, screw_y, screw_z, [plate(quadrant, 0.022, GREY, bevel=0.003)], turn)
    return made


def _tailstock(way: float, axis: float) -> list[Patch]:
    x = 0.62
    high = axis - way
    right = [(0.13, 0), (0.12, 0.06), (0.085, high - 0.03), (0.085, high + 0.045)]
    body = np.array([*right, (-0.085, high + 0.045), (-0.085, high - 0.03), (-0.075, 0.06), (-0.11, 0)])
    made = [block((0.26, 0.034, 0.24), GREY, at=(x, way, 0), bevel=0.005)]
    made += at(x, way + 0.03, 0, [plate(body * (1, 0.92), 0.10, GREY, bevel=0.010)])
    made += at(x, axis, 0, [rod((-0.115, 0, 0), (0.12, 0, 0), 0.052, GREY, sides=36, bevel=0.004)])
    made += at(x, axis, 0, [rod((-0.21, 0, 0), (-0.10, 0, 0), 0.026, BRIGHT, sides=28)])
    made += at(
        x, axis, 0, [rod((-0.255, 0, 0), (-0.205, 0, 0), [0.0015, 0.014, 0.016], BRIGHT, sides=24, bevel=0.0004)]
    )
    made += at(x, axis, 0, [rod((0.11, 0, 0), (0.19, 0, 0), 0.016, STEEL, sides=20)])
    made += at(x + 0.175, axis, 0, handwheel(0.092, STEEL, spokes=4, handle=True), TO_X)
    made += at(x - 0.03, axis + 0.05, 0, [rod((0, 0, 0), (0, 0.045, 0), 0.010, STEEL)])
    made += at(x - 0.03, axis + 0.088, 0, [rod((-0.01, 0, 0), (0.075, 0.02, 0.02), [0.006, 0.008, 0.011], STEEL)])
    return made


def _carriage(way: float) -> list[Patch]:
    x = 0.16
    made = [
        block((0.30, 0.032, 0.30), GREY, at=(x, way + 0.014, 0), bevel=0.005),
        block((0.42, 0.026, 0.075), GREY, at=(x, way + 0.014, 0.11), bevel=0.005),
        block((0.42, 0.026, 0.075), GREY, at=(x, way + 0.014, -0.11), bevel=0.005),
        block((0.34, 0.215, 0.032), GREY, at=(x, way - 0.215, 0.185), bevel=0.008),  # apron
        block((0.13, 0.034, 0.30), STEEL, at=(x, way + 0.045, 0.02), bevel=0.003),
        block((0.105, 0.026, 0.30), BRIGHT, at=(x, way + 0.074, 0.035), bevel=0.003),
    ]
    top = way + 0.10
    made += at(x, top, 0.02, [disc(0.066, 0.018, BRIGHT, columns=48)])
    compound = [
        block((0.085, 0.030, 0.22), STEEL, at=(0, 0.018, 0.02), bevel=0.003),
        block((0.075, 0.028, 0.17), BRIGHT, at=(0, 0.046, 0.0), bevel=0.003),
    ]
    post = [
        block((0.052, 0.058, 0.062), STEEL, at=(0, 0.074, -0.035), bevel=0.004),
        block((0.024, 0.019, 0.17), BRIGHT, at=(0, 0.060, -0.085), bevel=0.002),
    ]
    post += [p for z in (-0.052, -0.018) for p in at(0, 0.130, z, bolt(0.018, STEEL, stud=False))]
    compound += [
        *post,
        *at(0, 0.045, 0.135, [rod((0, 0, 0), (0, 0, 0.055), 0.008, STEEL)]),
        *at(0, 0.045, 0.185, _ball_handle(0.055), TO_Z),
    ]
    made += at(x, top, 0.02, compound, turn_about("y", 28))
    made += at(x, way + 0.062, 0.17, [rod((0, 0, 0), (0, 0, 0.085), 0.010, STEEL)])
    made += at(x, way + 0.062, 0.245, _ball_handle(0.068), TO_Z)
    made += at(x - 0.09, way - 0.09, 0.20, handwheel(0.085, STEEL, spokes=4, handle=True), TO_Z)
    made += at(x - 0.09, way - 0.09, 0.195, [disc(0.03, 0.02, GREY, columns=28)], TO_Z)
    made += at(x + 0.06, way - 0.11, 0.20, [disc(0.024, 0.022, GREY, columns=28)], TO_Z)
    made += [rod((x + 0.06, way - 0.11, 0.222), (x + 0.10, way - 0.20, 0.232), [0.009, 0.007, 0.007, 0.012], STEEL)]
    made += at(x + 0.12, way - 0.06, 0.20, [disc(0.016, 0.012, BRASS, columns=24)], TO_Z)
    made.append(
        bar(
            curve([(x - 0.06, top + 0.06, 0.02), (x - 0.09, top + 0.09, -0.02), (x - 0.08, top + 0.10, -0.07)], 9),
            circle(0.005, 10),
            BRASS,
            up=(0, 0.3, 1),
        )
    )
    return made


def _ball_handle(reach: float) -> list[Patch]:
    """A balanced handle about +Y: a bar with a grip at one end and a ball at the other."""
    made = [*moved([disc(reach * 0.26, reach * 0.3, STEEL, columns=24)], offset=(0, -reach * 0.1, 0))]
    made.append(
        rod((-reach * 0.8, 0.004, 0), (reach, 0.004, 0), [reach * 0.1, reach * 0.13, reach * 0.1], STEEL, sides=12)
    )
    ball = reach * 0.24 * np.stack([np.sin(np.linspace(0, np.pi, 13)), -np.cos(np.linspace(0, np.pi, 13))], -1)
    ball[[0, -1], 0] = 0
    made += at(-reach * 0.85, 0.004, 0, [turned(ball, STEEL, columns=18)])
    grip = mm("0,0 60,0 110,250 150,600 120,850 60,950 0,960") * reach
    return [*made, *at(reach * 0.95, 0.004, 0, [turned(grip, GRIP, columns=18)])]
