"""A lathe and a drilling machine under the line shaft that drives both with belts, in its frame. Life size, metres.

The shaft runs along x. Every speed follows from the diameters of the pulleys that a belt joins: `SPEEDS` has them.
"""

from __future__ import annotations

import numpy as np

from assets.demo.objects import drill_press, lathe
from recon.modelling.gears import cone_pulley
from recon.modelling.machine_elements import TO_X, at, belt, bolt, oil_cup, spoked
from recon.modelling.materials import brass, cast, leather, steel, timber
from recon.modelling.model import Model, fitted
from recon.modelling.motion import Motion, Movement, cycle
from recon.modelling.solids import bar, block, curve, mm, plate, rectangle, rod, turned
from recon.modelling.surfaces import Patch, part_of, turn_about

SHAFT_Y, SHAFT_Z, BEAM_Y = 2.95, -0.22, 3.35
LATHE_X, LATHE_Z = -0.75, 0.12  # where the middle of the lathe stands
DRILL_X, DRILL_Z = 1.30, 0.05  # and the middle of the drilling machine, which looks along +x
DRIVEN, DRIVEN_X = 0.30, -2.00  # radius and place of the pulley that the engine turns
DRIVING = 0.20  # radius of the pulley that drives the drilling machine
CONE = lathe.CONE[::-1]  # over the lathe's cone, the other way round: any step takes the same belt
LATHE_STEP, DRILL_STEP = 3, 2  # the steps on which the belts run: slow for iron, quick for a thin drill
SPEEDS = {  # turns to one turn of the shaft
    "lathe": CONE[LATHE_STEP] / lathe.CONE[LATHE_STEP],
    "countershaft": DRIVING / drill_press.FAST,
    "drill": DRIVING / drill_press.FAST * drill_press.CONE[DRILL_STEP] / drill_press.CONE[::-1][DRILL_STEP],
}
TURNS, SECONDS, SAMPLES = 4, 8.0, 120  # of the shaft in one cycle, after which all is as it was
THICK = 0.006  # of a belt
TO_DRILL = turn_about("y", 90)
GREEN, DARK = cast("#3f5348", roughness=0.42, seed=151), cast("#34383a", roughness=0.45, seed=153)
STEEL, BRASS, HIDE = steel(), brass(), leather()


def shafting_motion() -> Motion:
    """Open belts: all shafts turn the same way, the top of the work towards the turner."""
    drill = (DRILL_X, 0.0, DRILL_Z)
    x, y, z = DRILL_X + drill_press.SPINDLE_Z, drill_press.TOP_Y, DRILL_Z

    def turning(speed: float) -> np.ndarray:
        return cycle(SAMPLES, TURNS * speed)

    return Motion(
        "turning",
        SECONDS,
        (
            Movement("shaft", (0.0, SHAFT_Y, SHAFT_Z), "x", turning(1.0)),
            Movement("lathe", (0.0, lathe.AXIS, LATHE_Z), "x", turning(SPEEDS["lathe"])),
            Movement("countershaft", (drill[0], drill_press.FOOT_Y, z), "x", turning(SPEEDS["countershaft"])),
            Movement("top-shaft", (drill[0], y, z), "x", turning(SPEEDS["drill"])),
            Movement("drill", (x, 0.0, z), "y", turning(-SPEEDS["drill"])),  # bevel gears of equal size
        ),
    )


def line_shaft(seed: int = 157) -> Model:
    """The engine's belt comes up on the left; from the shaft belts go down to the lathe and to the drilling machine."""
    patches = [*_frame(), *_guard(), *_shifter(), *_belts()]
    for x in (-1.76, -0.92, 0.28, 0.98):
        patches += at(x, 0, SHAFT_Z, _hanger())
    patches += part_of("shaft", at(0, SHAFT_Y, SHAFT_Z, _shaft()))
    patches += at(LATHE_X, 0, LATHE_Z, lathe.lathe_at_rest())
    patches += part_of("lathe", at(LATHE_X, 0, LATHE_Z, lathe.spindle()))
    drill = {
        "model": drill_press.drill_at_rest(),
        "countershaft": drill_press.countershaft(),
        "top-shaft": drill_press.top_shaft(),
        "drill": drill_press.drill_spindle(),
    }
    for node, parts in drill.items():
        patches += part_of(node, at(DRILL_X, 0, DRILL_Z, parts, TO_DRILL))
    return fitted(patches, seed=seed, side=1536, motion=shafting_motion())


def belts() -> dict[str, tuple[float, tuple[float, float, float], tuple[float, float, float], float]]:
    """Each belt's x, its two pulleys as (height, z, radius), and its width; metres."""
    shaft, foot = (SHAFT_Y, SHAFT_Z), (drill_press.FOOT_Y, DRILL_Z)
    lathe_x = lathe.CONE_X + (LATHE_STEP - 1.5) * lathe.CONE_STEP
    drill_x = drill_press.CONE_Z + (DRILL_STEP - 1.5) * drill_press.CONE_STEP
    return {
        "engine": (DRIVEN_X, (*shaft, DRIVEN), (0.24, SHAFT_Z, 0.15), 0.110),
        "lathe": (LATHE_X + lathe_x, (*shaft, CONE[LATHE_STEP]), (lathe.AXIS, LATHE_Z, lathe.CONE[LATHE_STEP]), 0.050),
        "countershaft": (DRILL_X + drill_press.FAST_Z, (*shaft, DRIVING), (*foot, drill_press.FAST), 0.062),
        "drill": (
            DRILL_X + drill_x,
            (drill_press.TOP_Y, DRILL_Z, drill_press.CONE[::-1][DRILL_STEP]),
            (*foot, drill_press.CONE[DRILL_STEP]),
            0.040,
        ),
    }


def _belts() -> list[Patch]:
    made = []
    for x, (y, z, radius), (low_y, low_z, low_radius), wide in belts().values():
        loop = [belt((z, y), (low_z, low_y), radius, low_radius, wide, HIDE, thick=THICK)]
        made += at(x, 0, 0, loop, turn_about("y", -90))
    return made


def _frame() -> list[Patch]:
    upright = timber("#8c6745", "#563925", along=(0, 1, 0), ring=0.009, roughness=0.65, seed=161)
    level = timber("#8c6745", "#563925", along=(1, 0, 0), ring=0.009, roughness=0.65, seed=163)
    across = timber("#8c6745", "#563925", along=(0, 0, 1), ring=0.009, roughness=0.65, seed=165)
    left, right, z = -2.30, 2.10, SHAFT_Z
    made = [block((right - left + 0.36, 0.18, 0.17), level, at=((left + right) / 2, BEAM_Y, z), bevel=0.008)]
    for x, inward in ((left, 1.0), (right, -1.0)):
        made.append(block((0.16, BEAM_Y - 0.12, 0.16), upright, at=(x, 0.125, z), bevel=0.007))
        made.append(block((0.18, 0.13, 1.24), across, at=(x, 0, z), bevel=0.008))
        for way in (-1, 1):
            foot = np.array([(x, 0.12, z + way * 0.56), (x, 1.05, z + way * 0.055)])
            made.append(bar(foot, rectangle(0.09, 0.09, 0.006), upright, up=(1, 0, 0)))
        knee = np.array([(x + inward * 0.05, BEAM_Y - 0.42, z), (x + inward * 0.44, BEAM_Y + 0.03, z)])
        made.append(bar(knee, rectangle(0.09, 0.09, 0.006), upright, up=(0, 0, 1)))
        made.append(block((0.012, 0.34, 0.06), DARK, at=(x - inward * 0.083, BEAM_Y - 0.15, z), bevel=0.002))
        for y in (BEAM_Y - 0.10, BEAM_Y + 0.09):
            made += at(x - inward * 0.089, y, z, bolt(0.034, STEEL), turn_about("z", 90 * inward))
    return made


def _guard() -> list[Patch]:
    """The iron box through which the engine's belt comes up from under the floor."""
    made = [block((0.20, 0.52, 0.66), GREEN, at=(DRIVEN_X, 0, SHAFT_Z), bevel=0.010)]
    for y in (0.06, 0.46):
        made.append(block((0.216, 0.035, 0.676), DARK, at=(DRIVEN_X, y, SHAFT_Z), bevel=0.004))
    for z in (-0.171, 0.171):  # the slots
        made.append(block((0.135, 0.012, 0.050), DARK, at=(DRIVEN_X, 0.515, SHAFT_Z + z), bevel=0.002))
    return made


def _hanger() -> list[Patch]:
    """A cast drop hanger: two curved legs from the beam to the bearing's bowl, open to the front for the shaft."""
    made = [block((0.13, 0.028, 0.38), GREEN, at=(0, BEAM_Y - 0.028, 0), bevel=0.005)]
    for points in (
        mm("0,-20,150 0,-130,165 0,-260,150 0,-375,95 0,-425,30"),
        mm("0,-20,-150 0,-140,-140 0,-270,-115 0,-370,-85 0,-425,-20"),
    ):
        made.append(bar(np.add(curve(points, 18), (0, BEAM_Y, 0)), rectangle(0.060, 0.050, 0.010), GREEN, up=(1, 0, 0),
                        scale=np.linspace(1.25, 0.9, 18)))  # fmt: skip
    made.append(block((0.085, 0.05, 0.17), GREEN, at=(0, SHAFT_Y - 0.085, 0), bevel=0.010))
    made += at(
        0,
        SHAFT_Y,
        0,
        [turned(mm("26,-75 40,-75 46,-55 52,-30 52,30 46,55 40,75 26,75"), GREEN, columns=28, ring=True, bevel=0.003)],
        TO_X,
    )
    made += at(0, SHAFT_Y, 0, [turned(mm("25.2,-82 33,-82 33,82 25.2,82"), BRASS, columns=24, ring=True)], TO_X)
    made += at(0, SHAFT_Y + 0.050, 0, oil_cup(0.07))
    for z in (-0.14, 0.14):
        made += at(0, BEAM_Y - 0.028, z, bolt(0.036, STEEL), turn_about("x", 180))
    made += at(0, SHAFT_Y - 0.085, 0, [rod((0, -0.035, 0), (0, 0, 0), 0.014, STEEL)])
    return made


def _shaft() -> list[Patch]:
    """About x through the origin."""
    made = [rod((-2.14, 0, 0), (1.12, 0, 0), [0.025] * 8, STEEL, sides=28)]
    wheels = (  # the second is flat: its belt is shifted along it
        (DRIVEN_X, spoked(DRIVEN - 0.002, 0.022, 0.125, 0.025, DARK, thick=0.020, boss=0.055, crown=0.002, curved=0.02,
                          columns=56)),
        (DRILL_X - 0.645, spoked(DRIVING, 0.022, 0.160, 0.025, DARK, spokes=5, thick=0.020, boss=0.055, columns=56)),
    )  # fmt: skip
    for x, wheel in wheels:
        made += at(x, 0, 0, wheel, TO_X)
    made += at(LATHE_X + lathe.CONE_X, 0, 0, cone_pulley(CONE, lathe.CONE_STEP, STEEL, columns=40), TO_X)
    spare = spoked(0.15, 0.020, 0.09, 0.025, DARK, spokes=5, thick=0.018, boss=0.052, crown=0.002, columns=48)
    made += at(-0.02, 0, 0, spare, TO_X)
    coupling = mm("25,-60 60,-60 60,-52 92,-50 92,50 60,52 60,60 25,60")
    made += at(-0.42, 0, 0, [turned(coupling, DARK, columns=32, ring=True, bevel=0.003)], TO_X)
    for k in range(6):
        made += at(-0.42, 0, 0, at(0, 0.092, 0, bolt(0.020, STEEL, stud=False)), turn_about("x", 60 * k))
    for x in (-1.64, 0.86):  # collars against the bearings
        made += at(x, 0, 0, [turned(mm("25,-17 44,-17 44,17 25,17"), STEEL, columns=32, ring=True)], TO_X)
        made += at(x, 0.044, 0, bolt(0.016, STEEL, stud=False))
    return made


def _shifter() -> list[Patch]:
    """The fork that slides the drilling machine's belt to the loose pulley, so that the machine can rest."""
    x, y, z = DRILL_X + drill_press.FAST_Z, 0.62, DRILL_Z + 0.30
    grip = timber("#7c5232", "#4d311d", along=(0, 1, 0), ring=0.004)
    made = [rod((x - 0.20, y, z), (x + 0.36, y, z), 0.013, STEEL)]
    for at_x in (x - 0.14, x + 0.20):
        made.append(block((0.05, 0.05, 0.05), GREEN, at=(at_x, y - 0.025, z), bevel=0.006))
        leg = np.array([(at_x, y - 0.02, z), (at_x, 0.30, z - 0.10), (at_x, 0.03, z - 0.19)])
        made.append(bar(leg, rectangle(0.045, 0.022, 0.004), GREEN, up=(1, 0, 0)))
    for side in (-0.042, 0.042):
        made.append(rod((x + side, y, z), (x + side, y, z - 0.23), 0.009, STEEL, sides=12))
    made.append(rod((x - 0.042, y, z), (x + 0.042, y, z), 0.020, GREEN, sides=18))
    made.append(rod((x + 0.35, y, z), (x + 0.35, y - 0.26, z + 0.08), [0.011, 0.010, 0.016], grip))
    return [*made, *at(x - 0.20, y, z, [plate(rectangle(0.04, 0.04, 0.004), 0.02, STEEL, bevel=0.003)])]
