"""Belt-driven tools of a dockyard's machine shop, about 1900: a lathe and a drilling machine. Life size, metres."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recon.modelling.gears import bevel_gear, cone_pulley, gear, screw
from recon.modelling.machine_elements import TO_X, TO_Z, at, bolt, disc, handwheel, oil_cup, pedestal
from recon.modelling.materials import brass, cast, metal, steel, timber
from recon.modelling.model import Model, fitted
from recon.modelling.solids import (
    bar,
    block,
    circle,
    curve,
    holed,
    mm,
    plate,
    rectangle,
    rod,
    stadium,
    turned,
)
from recon.modelling.surfaces import Patch, moved, turn_about

FloatArray = NDArray[np.float64]

GREY = cast("#55605f", roughness=0.42, seed=121)
DARK = cast("#3a3f40", roughness=0.45, seed=123)
STEEL, BRASS = steel(), brass()
BRIGHT = metal("#c3c6c6", roughness=0.22, dirty=0.1, wear=0.05, seed=125)
GRIP = timber("#7c5232", "#4d311d", along=(0, 1, 0), ring=0.004, roughness=0.35, seed=127)


def lathe_machine(seed: int = 131) -> Model:
    """A screw-cutting lathe: 0.2 m over the bed, 0.75 m between centres, cone pulley and back gear, change wheels."""
    way, axis = 0.86, 1.06  # top of the ways, height of the spindle
    patches = _bed(way)
    patches += _headstock(way, axis)
    patches += _tailstock(way, axis)
    patches += _carriage(way)
    patches += at(
        0.10,
        axis,
        0,
        [rod((-0.37, 0, 0), (0.30, 0, 0), [0.026, 0.026, 0.026, 0.020, 0.020, 0.014, 0.014], BRIGHT, sides=28)],
        None,
    )
    return fitted(patches, seed=seed)


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
            made += at(x + 0.05, 0.026, z, bolt(0.03, STEEL))
    made += at(0.09, way - 0.135, 0.152, [rod((-0.86, 0, 0), (0.74, 0, 0), 0.0135, STEEL)])
    made += at(-0.70, way - 0.135, 0.152, moved([screw(0.016, 1.44, 0.006, BRIGHT)], turn=TO_X))
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
    made = [block((0.50, 0.05, 0.27), GREY, at=(-0.54, way, 0), bevel=0.006)]
    for x in (-0.745, -0.325):
        half = np.array([(0.13, 0.0), (0.115, 0.06), (0.065, high), (0.056, high + 0.04), (0.02, high + 0.062)])
        body = np.concatenate([half, half[::-1] * (-1, 1)])
        made += at(x, way, 0, [plate(body, 0.085, GREY, bevel=0.006)], turn_about("y", 90))
        made += at(x, axis, 0, [turned(mm("30,-48 44,-48 44,48 30,48"), BRASS, columns=40, ring=True)], TO_X)
        made += at(x, axis + 0.058, 0, oil_cup(0.055))
        for z in (-0.062, 0.062):
            made += at(x, axis + 0.018, z * 0.9, bolt(0.02, STEEL))
    made += at(-0.90, axis, 0, [rod((0, 0, 0), (0.68, 0, 0), 0.030, BRIGHT, sides=32)])
    made += at(-0.655, axis, 0, cone_pulley([0.125, 0.105, 0.085, 0.065], 0.062, STEEL), TO_X)
    made += at(-0.385, axis, 0, [gear(60, 0.120, 0.034, 0.030, DARK)], TO_X)
    back = (axis + 0.01, -0.165)
    made += at(-0.90, back[0], back[1], [rod((0.12, 0, 0), (0.60, 0, 0), 0.017, STEEL)])
    made += at(-0.688, back[0], back[1], [gear(48, 0.096, 0.034, 0.017, DARK)], TO_X)
    made += at(-0.385, back[0], back[1], [gear(22, 0.044, 0.038, 0.017, DARK)], TO_X)
    for x in (-0.76, -0.31):
        made += at(
            x,
            back[0],
            -0.115,
            [plate(stadium((0, 0), (0.055, 0), 0.032, 0.032, 8), 0.03, GREY, bevel=0.003)],
            turn_about("y", 90),
        )
    made += at(-0.255, axis, 0, [disc(0.052, 0.03, BRIGHT, columns=40)], TO_X)
    chuck = [turned(mm("0,0 95,0 100,6 100,44 92,52 30,52 0,52"), STEEL, columns=72, bevel=0.002)]
    for k in range(4):
        jaw = [
            block((0.062, 0.034, 0.026), BRIGHT, at=(0.058, 0.05, 0), bevel=0.002),
            block((0.024, 0.024, 0.026), BRIGHT, at=(0.040, 0.082, 0), bevel=0.002),
        ]
        chuck += moved(jaw, turn=turn_about("y", 90 * k))
        chuck += moved(
            at(0.101, 0.026, 0, [disc(0.008, 0.004, DARK, columns=16, bevel=0.001)], TO_X.T @ turn_about("z", 180)),
            turn=turn_about("y", 90 * k),
        )
    made += at(-0.225, axis, 0, chuck, TO_X)
    for radius, teeth, y, z in (
        (0.050, 25, axis, 0.0),
        (0.070, 35, axis - 0.118, 0.015),
        (0.092, 46, way - 0.135 + 0.02, 0.135),
    ):  # change wheels
        made += at(-0.918, y, z, [gear(teeth, radius, 0.022, 0.014, DARK)], TO_X)
        made += at(-0.935, y, z, bolt(0.026, STEEL), turn_about("z", 90))
    banjo = stadium((0, 0), (0.235, 0), 0.045, 0.04, 10)
    turn = turn_about("y", -90) @ turn_about("z", -66)
    made += at(-0.885, axis - 0.06, 0.0, [plate(banjo, 0.022, GREY, bevel=0.003)], turn)
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


def drill_press(seed: int = 137) -> Model:
    """A pillar drilling machine driven from the line shaft: cone pulley, bevel gears, hand and self-acting feed."""
    made: list[Patch] = [block((0.46, 0.05, 0.80), GREY, at=(0, 0, 0.10), bevel=0.010)]
    for z in (0.20, 0.34):
        made.append(block((0.34, 0.014, 0.035), DARK, at=(0, 0.046, z), bevel=0.003))
    for x in (-0.19, 0.19):
        for z in (-0.24, 0.44):
            made += at(x, 0.05, z, bolt(0.036, STEEL))
    column = mm("0,50 125,50 125,75 95,95 78,130 74,200 74,1640 0,1640")
    made += at(0, 0, -0.10, [turned(column, GREY, columns=48, bevel=0.004)])
    made += at(
        0, 0.80, -0.10, [turned(mm("74.5,-60 100,-60 104,-40 104,40 100,60 74.5,60"), GREY, columns=48, ring=True)]
    )
    arm = bar(
        np.array([(0, 0.80, -0.02), (0, 0.815, 0.10), (0, 0.82, 0.16)]),
        rectangle(0.085, 0.10, 0.012),
        GREY,
        up=(0, 1, 0),
        scale=np.array([[1.2, 1.1], [0.95, 0.8], [0.9, 0.6]]),
    )
    made.append(arm)
    table = mm("0,835 60,835 75,855 190,862 205,866 205,884 198,890 0,890")
    made += at(0, 0, 0.24, [turned(table, GREY, columns=72, bevel=0.003)])
    for k in range(4):
        slot = block((0.115, 0.003, 0.014), DARK, at=(0.115, 0.8885, 0), bevel=0.001)
        made += at(0, 0, 0.24, moved([slot], turn=turn_about("y", 45 + 90 * k)))
    made += at(0.115, 0.80, -0.10, handwheel(0.07, STEEL, spokes=3), TO_X)
    made += at(0, 1.05, 0.24, _spindle())
    head = np.array(mm("-190,1500 -20,1560 200,1600 340,1600 420,1570 420,1470 330,1440 160,1400 -50,1300 -190,1280"))
    made += at(0, 0, 0, [plate(head, 0.10, GREY, bevel=0.014)], turn_about("y", -90))
    made += at(
        0, 1.42, -0.10, [turned(mm("74.5,-120 102,-120 106,-95 106,110 100,130 74.5,130"), GREY, columns=48, ring=True)]
    )
    made += at(0, 1.16, 0.24, [turned(mm("27,-55 55,-55 60,-40 60,40 55,55 27,55"), GREY, columns=40, ring=True)])
    lower = np.array(mm("-50,1100 240,1115 300,1120 300,1200 240,1205 -50,1260"))
    made += at(0, 0, 0, [plate(lower, 0.07, GREY, bevel=0.010)], turn_about("y", -90))
    # the drive: shaft along z on top, bevel gears to the spindle, cone pulley behind
    y = 1.68
    for z in (-0.20, 0.13):
        made += at(
            0, 1.56 if z > 0 else 1.53, z, pedestal(y - (1.56 if z > 0 else 1.53), 0.15, 0.07, 0.02, GREY, cap=GREY)
        )
    made += [rod((0, y, -0.52), (0, y, 0.20), 0.0195, BRIGHT, sides=24)]
    made += [block((0.12, 0.05, 0.16), GREY, at=(0, 1.50, -0.22), bevel=0.008)]
    made += at(0, y, -0.38, cone_pulley([0.125, 0.105, 0.085, 0.065], 0.055, STEEL), TO_Z)
    made += at(0, y, 0.172, [bevel_gear(24, 0.062, 0.035, 0.0195, DARK)], TO_Z)
    made += at(0, 1.612, 0.24, [bevel_gear(24, 0.062, 0.035, 0.021, DARK)])
    made += at(0, 1.592, 0.24, [turned(mm("21,-18 40,-18 40,18 21,18"), BRASS, columns=36, ring=True)])
    made += at(0, 0.16, -0.33, cone_pulley([0.065, 0.085, 0.105, 0.125], 0.055, STEEL), TO_Z)
    made += [rod((0, 0.16, -0.47), (0, 0.16, -0.07), 0.018, STEEL)]
    for z in (-0.22, -0.45):
        made += at(0, 0.05, z, pedestal(0.11, 0.15, 0.05, 0.018, GREY))
    made.append(block((0.30, 0.05, 0.34), GREY, at=(0, 0, -0.36), bevel=0.008))
    return fitted(made, seed=seed)


def _spindle() -> list[Patch]:
    """Spindle with its rack sleeve, chuck and drill, the capstan that feeds it; the sleeve's foot is at y = 0."""
    made = [
        rod((0, -0.02, 0), (0, 0.70, 0), 0.0205, BRIGHT, sides=28),
        rod((0, -0.03, 0), (0, 0.30, 0), 0.0265, STEEL, sides=28),
    ]
    made += [block((0.010, 0.006, 0.012), STEEL, at=(0, 0.02 + 0.012 * k, 0.028), bevel=0.001) for k in range(20)]
    made += [turned(mm("0,-100 16,-100 24,-84 28,-60 28,-36 22,-28 0,-28"), STEEL, columns=36, bevel=0.002)]
    angle = np.linspace(0, 9 * np.pi, 70)
    flute = np.stack([0.0042 * np.cos(angle), -0.10 - 0.10 * np.linspace(0, 1, 70), 0.0042 * np.sin(angle)], -1)
    for way in (1, -1):
        made.append(bar(flute * (way, 1, way), circle(0.0034, 8), BRIGHT, up=(0.02, 0.05, 1.0), bevel=0.0005))
    made += [
        rod((0, -0.205, 0), (0, -0.10, 0), [0.0008, 0.005, 0.0052, 0.0052, 0.0052], BRIGHT, sides=14, bevel=0.0002)
    ]
    made += [rod((-0.02, 0.125, 0.055), (0.12, 0.125, 0.055), 0.013, STEEL)]
    arms = []
    for k in range(4):
        lever = [rod((0.01, 0, 0), (0.155, 0, 0), [0.008, 0.007, 0.007], STEEL, sides=12)]
        knob = 0.017 * np.stack([np.sin(np.linspace(0, np.pi, 13)), -np.cos(np.linspace(0, np.pi, 13))], -1)
        knob[[0, -1], 0] = 0
        lever += at(0.160, 0, 0, [turned(knob, GRIP, columns=18)])
        arms += moved(lever, turn=turn_about("y", 90 * k + 20))
    made += at(
        0.115, 0.125, 0.055, [*arms, *moved([disc(0.028, 0.034, STEEL, columns=28)], offset=(0, -0.017, 0))], TO_X
    )
    made += at(0, 0.415, 0, [turned(mm("21,0 34,0 34,22 21,22"), BRASS, columns=32, ring=True)])
    return made
