"""A belt-driven pillar drilling machine, about 1900. Life size, metres.

Its frame: +Y up, the pillar at z = -0.10 and the table in front of it, at +z. Both its shafts lie along z: the
countershaft at the foot, with fast and loose pulleys, and the top shaft, whose bevel gear turns the spindle.
"""

from __future__ import annotations

import numpy as np

from assets.demo.objects.lathe import BRASS, BRIGHT, DARK, GREY, GRIP, STEEL
from recon.modelling.gears import bevel_gear, cone_pulley
from recon.modelling.machine_elements import TO_X, TO_Z, at, bolt, disc, handwheel, spoked
from recon.modelling.solids import bar, block, circle, mm, plate, rectangle, rod, turned
from recon.modelling.surfaces import Patch, moved, turn_about

FOOT_Y, TOP_Y = 0.18, 1.68  # heights of the countershaft and of the top shaft
SPINDLE_Z = 0.24
CONE = (0.06, 0.08, 0.10, 0.12)  # radii of the steps at the foot, from the back; the upper cone is its reverse
CONE_Z, CONE_STEP = -0.38, 0.05
FAST, FAST_Z, LOOSE_Z = 0.10, -0.605, -0.685  # radius of both pulleys, and where they are on the countershaft
TEETH = 24  # of either bevel gear


def drill_at_rest() -> list[Patch]:
    """All that does not turn, and the loose pulley, which turns only when the machine rests."""
    made: list[Patch] = [block((0.46, 0.05, 0.80), GREY, at=(0, 0, 0.10), bevel=0.010)]
    for z in (0.20, 0.34):
        made.append(block((0.34, 0.014, 0.035), DARK, at=(0, 0.046, z), bevel=0.003))
    for x in (-0.19, 0.19):
        for z in (-0.24, 0.44):
            made += at(x, 0.05, z, bolt(0.036, STEEL, stud=False))
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
    made += at(0, 0, 0.24, [turned(table, GREY, columns=56, bevel=0.003)])
    for k in range(4):
        slot = block((0.115, 0.003, 0.014), DARK, at=(0.115, 0.8885, 0), bevel=0.001)
        made += at(0, 0, 0.24, moved([slot], turn=turn_about("y", 45 + 90 * k)))
    made += at(0.115, 0.80, -0.10, handwheel(0.07, STEEL, spokes=3), TO_X)
    head = np.array(mm("-190,1500 -20,1560 200,1600 340,1600 420,1570 420,1470 330,1440 160,1400 -50,1300 -190,1280"))
    made += at(0, 0, 0, [plate(head, 0.10, GREY, bevel=0.014)], turn_about("y", -90))
    made += at(
        0, 1.42, -0.10, [turned(mm("74.5,-120 102,-120 106,-95 106,110 100,130 74.5,130"), GREY, columns=48, ring=True)]
    )
    made += at(0, 1.16, 0.24, [turned(mm("27,-55 55,-55 60,-40 60,40 55,55 27,55"), GREY, columns=40, ring=True)])
    lower = np.array(mm("-50,1100 240,1115 300,1120 300,1200 240,1205 -50,1260"))
    made += at(0, 0, 0, [plate(lower, 0.07, GREY, bevel=0.010)], turn_about("y", -90))
    for z, foot in ((-0.20, 1.53), (0.13, 1.56), (-0.23, 0.05), (-0.52, 0.05), (-0.76, 0.05)):
        made += _bearing(z, foot, TOP_Y if foot > 1.0 else FOOT_Y)
    made += [block((0.12, 0.05, 0.16), GREY, at=(0, 1.50, -0.22), bevel=0.008)]
    made += at(0, 1.592, SPINDLE_Z, [turned(mm("21,-18 40,-18 40,18 21,18"), BRASS, columns=32, ring=True)])
    made += at(0, 1.05, SPINDLE_Z, _sleeve())
    made.append(block((0.30, 0.05, 0.62), GREY, at=(0, 0, -0.50), bevel=0.008))
    return [*made, *at(0, FOOT_Y, LOOSE_Z, _pulley(), TO_Z)]


def _bearing(z: float, foot: float, axis: float) -> list[Patch]:
    """A plummer block for a shaft along z, from its foot's height to the axis."""
    high = axis - foot
    half = np.array([(0.062, 0.0), (0.050, 0.022), (0.034, high - 0.02), (0.034, high + 0.022), (0.018, high + 0.036)])
    body = np.concatenate([half, half[::-1] * (-1, 1)])
    made = at(0, foot, z, [plate(body, 0.046, GREY, bevel=0.004)])
    made += at(0, axis, z, [turned(mm("20,-30 27,-30 27,30 20,30"), BRASS, columns=24, ring=True)], TO_Z)
    return [*made, *at(0, axis + 0.034, z, [disc(0.007, 0.022, BRASS, columns=12)])]


def countershaft() -> list[Patch]:
    """What turns about z at the foot: the fast pulley and the lower cone."""
    made = [rod((0, FOOT_Y, -0.80), (0, FOOT_Y, -0.19), 0.018, STEEL)]
    made += at(0, FOOT_Y, FAST_Z, _pulley(), TO_Z)
    return [*made, *at(0, FOOT_Y, CONE_Z, cone_pulley(CONE, CONE_STEP, STEEL, columns=40), TO_Z)]


def top_shaft() -> list[Patch]:
    """What turns about z on top: the upper cone and a bevel gear."""
    made = [rod((0, TOP_Y, -0.52), (0, TOP_Y, 0.20), 0.0195, BRIGHT, sides=24)]
    made += at(0, TOP_Y, CONE_Z, cone_pulley(CONE[::-1], CONE_STEP, STEEL, columns=40), TO_Z)
    return [*made, *at(0, TOP_Y, 0.172, [bevel_gear(TEETH, 0.062, 0.035, 0.0195, DARK)], TO_Z)]


def drill_spindle() -> list[Patch]:
    """What turns about y at z = SPINDLE_Z: the other bevel gear, the spindle, chuck and drill."""
    half_tooth = turn_about("y", 180 / TEETH)
    made = at(0, 1.612, 0, [bevel_gear(TEETH, 0.062, 0.035, 0.021, DARK)], half_tooth)
    return at(0, 0, SPINDLE_Z, [*made, *at(0, 1.05, 0, _bit())])


def _pulley() -> list[Patch]:
    return spoked(FAST - 0.0015, 0.016, 0.072, 0.018, DARK, spokes=5, thick=0.013, boss=0.042, crown=0.0015, columns=44)


def _bit() -> list[Patch]:
    """Spindle, chuck and drill; the sleeve's foot is at y = 0."""
    made = [rod((0, -0.02, 0), (0, 0.70, 0), 0.0205, BRIGHT, sides=28)]
    made += [turned(mm("0,-100 16,-100 24,-84 28,-60 28,-36 22,-28 0,-28"), STEEL, columns=36, bevel=0.002)]
    angle = np.linspace(0, 9 * np.pi, 70)
    flute = np.stack([0.0042 * np.cos(angle), -0.10 - 0.10 * np.linspace(0, 1, 70), 0.0042 * np.sin(angle)], -1)
    for way in (1, -1):
        made.append(bar(flute * (way, 1, way), circle(0.0034, 8), BRIGHT, up=(0.02, 0.05, 1.0), bevel=0.0005))
    made += [
        rod((0, -0.205, 0), (0, -0.10, 0), [0.0008, 0.005, 0.0052, 0.0052, 0.0052], BRIGHT, sides=14, bevel=0.0002)
    ]
    return made


def _sleeve() -> list[Patch]:
    """The sleeve that carries the spindle down with its rack, and the capstan that feeds it; its foot is at y = 0."""
    made = [rod((0, -0.03, 0), (0, 0.30, 0), 0.0265, STEEL, sides=28)]
    made += [block((0.010, 0.006, 0.012), STEEL, at=(0, 0.02 + 0.012 * k, 0.028), bevel=0.001) for k in range(20)]
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
