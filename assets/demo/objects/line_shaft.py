"""A length of line shafting in its frame: from here belts drove every machine of the shop. Life size, metres.

The shaft runs along x; a belt leads down to a countershaft that turns twice as fast.
"""

from __future__ import annotations

import numpy as np

from recon.modelling.gears import cone_pulley
from recon.modelling.machine_elements import TO_X, at, belt, bolt, oil_cup, pedestal, spoked
from recon.modelling.materials import brass, cast, leather, steel, timber
from recon.modelling.model import Model, fitted
from recon.modelling.motion import Motion, Movement, cycle
from recon.modelling.solids import bar, block, curve, mm, plate, rectangle, rod, turned
from recon.modelling.surfaces import Patch, moved, part_of, turn_about

SHAFT_Y, COUNTER_Y, BEAM_Y = 1.86, 0.46, 2.26
DRIVING, DRIVEN = 0.24, 0.12  # radii of the two pulleys that the belt joins: one turn above, two below
BELT_X = -0.42
GREEN, DARK = cast("#3f5348", roughness=0.42, seed=151), cast("#34383a", roughness=0.45, seed=153)
STEEL, BRASS, HIDE = steel(), brass(), leather()


def shafting_motion() -> Motion:
    turn = cycle(60)
    return Motion(
        "turning",
        3.0,
        (
            Movement("shaft", (0.0, SHAFT_Y, 0.0), "x", turn),
            Movement("countershaft", (0.0, COUNTER_Y, 0.0), "x", DRIVING / DRIVEN * turn),
        ),
    )


def line_shaft(seed: int = 157) -> Model:
    """Two hangers, a shaft with its pulleys and coupling, a belt, a countershaft with fast and loose pulleys."""
    patches = _frame()
    for x in (-0.80, 0.62):
        patches += at(x, 0, 0, _hanger())
    patches += part_of("shaft", at(0, SHAFT_Y, 0, _shaft()))
    patches += part_of("countershaft", at(0, COUNTER_Y, 0, _countershaft()))
    for x in (-0.72, 0.10):
        patches += at(x, 0.13, 0, pedestal(COUNTER_Y - 0.13, 0.30, 0.09, 0.025, GREEN), turn_about("y", 90))
    loop = [belt((0, SHAFT_Y), (0, COUNTER_Y), DRIVING + 0.002, DRIVEN + 0.002, 0.085, HIDE, thick=0.006)]
    patches += at(BELT_X, 0, 0, loop, turn_about("y", -90))
    patches += _shifter()
    return fitted(patches, seed=seed, motion=shafting_motion())


def _frame() -> list[Patch]:
    upright = timber("#8c6745", "#563925", along=(0, 1, 0), ring=0.009, roughness=0.65, seed=161)
    level = timber("#8c6745", "#563925", along=(1, 0, 0), ring=0.009, roughness=0.65, seed=163)
    across = timber("#8c6745", "#563925", along=(0, 0, 1), ring=0.009, roughness=0.65, seed=165)
    made = [
        block((2.50, 0.18, 0.16), level, at=(0, BEAM_Y, 0), bevel=0.008),
        block((2.50, 0.13, 0.20), level, at=(0, 0, 0), bevel=0.008),
    ]
    for x in (-1.13, 1.13):
        made.append(block((0.15, BEAM_Y - 0.12, 0.15), upright, at=(x, 0.125, 0), bevel=0.007))
        made.append(block((0.17, 0.13, 0.92), across, at=(x, 0, 0), bevel=0.008))
        for way in (-1, 1):
            foot = np.array([(x, 0.12, way * 0.41), (x, 0.75, way * 0.055)])
            made.append(bar(foot, rectangle(0.09, 0.09, 0.006), upright, up=(1, 0, 0)))
        knee = np.array([(x - np.sign(x) * 0.05, BEAM_Y - 0.40, 0), (x - np.sign(x) * 0.42, BEAM_Y + 0.03, 0)])
        made.append(bar(knee, rectangle(0.09, 0.09, 0.006), upright, up=(0, 0, 1)))
        made.append(block((0.012, 0.34, 0.06), DARK, at=(x + np.sign(x) * 0.078, BEAM_Y - 0.15, 0), bevel=0.002))
        for y in (BEAM_Y - 0.10, BEAM_Y + 0.09):
            made += at(x + np.sign(x) * 0.084, y, 0, bolt(0.034, STEEL), turn_about("z", -90 * float(np.sign(x))))
    return made


def _hanger() -> list[Patch]:
    """A cast drop hanger: two curved legs from the beam to the bearing's bowl, open to the front for the shaft."""
    made = [block((0.13, 0.028, 0.38), GREEN, at=(0, BEAM_Y - 0.028, 0), bevel=0.005)]
    for way, points in (
        (1, mm("0,-20,150 0,-130,165 0,-260,150 0,-375,95 0,-425,30")),
        (-1, mm("0,-20,-150 0,-140,-140 0,-270,-115 0,-370,-85 0,-425,-20")),
    ):
        del way
        made.append(bar(np.add(curve(points, 18), (0, BEAM_Y, 0)), rectangle(0.060, 0.050, 0.010), GREEN, up=(1, 0, 0),
                        scale=np.linspace(1.25, 0.9, 18)))  # fmt: skip
    made.append(block((0.085, 0.05, 0.17), GREEN, at=(0, SHAFT_Y - 0.085, 0), bevel=0.010))
    made += at(
        0,
        SHAFT_Y,
        0,
        [turned(mm("26,-75 40,-75 46,-55 52,-30 52,30 46,55 40,75 26,75"), GREEN, columns=48, ring=True, bevel=0.003)],
        TO_X,
    )
    made += at(0, SHAFT_Y, 0, [turned(mm("25.2,-82 33,-82 33,82 25.2,82"), BRASS, columns=36, ring=True)], TO_X)
    made += at(0, SHAFT_Y + 0.050, 0, oil_cup(0.07))
    for z in (-0.14, 0.14):
        made += at(0, BEAM_Y - 0.028, z, bolt(0.036, STEEL), turn_about("x", 180))
    made += at(0, SHAFT_Y - 0.085, 0, [rod((0, -0.035, 0), (0, 0, 0), 0.014, STEEL)])
    return made


def _shaft() -> list[Patch]:
    made = [rod((-1.02, 0, 0), (1.02, 0, 0), [0.025] * 8, STEEL, sides=32)]
    made += at(
        BELT_X,
        0,
        0,
        spoked(DRIVING, 0.022, 0.10, 0.025, DARK, spokes=6, thick=0.020, boss=0.055, crown=0.002, curved=0.02),
        TO_X,
    )
    made += at(0.30, 0, 0, spoked(0.17, 0.020, 0.12, 0.025, DARK, spokes=5, thick=0.018, boss=0.052, crown=0.002), TO_X)
    made += at(0.855, 0, 0, cone_pulley([0.065, 0.085, 0.105, 0.125], 0.05, STEEL), TO_X)
    made += at(
        -0.10,
        0,
        0,
        [turned(mm("25,-60 60,-60 60,-52 92,-50 92,50 60,52 60,60 25,60"), DARK, columns=56, ring=True, bevel=0.003)],
        TO_X,
    )
    for k in range(6):
        place = moved(at(0.072, 0.05, 0, bolt(0.020, STEEL)), turn=turn_about("y", 60 * k))
        made += at(-0.10, 0, 0, place, TO_X)
    for x in (-0.68, 0.50):  # collars against the bearings
        made += at(x, 0, 0, [turned(mm("25,-17 44,-17 44,17 25,17"), STEEL, columns=36, ring=True)], TO_X)
        made += at(x, 0.044, 0, bolt(0.016, STEEL, stud=False))
    return made


def _countershaft() -> list[Patch]:
    made = [rod((-0.84, 0, 0), (0.34, 0, 0), [0.0245] * 5, STEEL, sides=28)]
    for x, wide in ((BELT_X, 0.092), (BELT_X + 0.098, 0.092)):  # fast, and loose beside it
        made += at(
            x,
            0,
            0,
            spoked(DRIVEN, 0.018, wide, 0.0245, DARK, spokes=5, thick=0.014, boss=0.048, crown=0.0015, columns=64),
            TO_X,
        )
    made += at(-0.10, 0, 0, cone_pulley([0.12, 0.10, 0.08, 0.06], 0.05, STEEL), TO_X)
    made += at(0.26, 0, 0, spoked(0.15, 0.02, 0.06, 0.0245, DARK, spokes=5, thick=0.016, boss=0.05, columns=64), TO_X)
    return made


def _shifter() -> list[Patch]:
    """The fork that slides the belt from the fast pulley to the loose one, so that a machine can rest."""
    y, z = 0.80, 0.22
    made = [rod((-0.95, y, z), (0.30, y, z), 0.013, STEEL), rod((-0.95, y, z), (-0.95, y, 0), 0.013, STEEL)]
    made += [block((0.05, 0.05, 0.05), GREEN, at=(x, y - 0.025, z), bevel=0.006) for x in (-0.62, 0.16)]
    for x in (-0.62, 0.16):
        made.append(
            bar(
                np.array([(x, y - 0.02, z), (x, 0.45, 0.19), (x, 0.12, 0.13)]),
                rectangle(0.045, 0.022, 0.004),
                GREEN,
                up=(1, 0, 0),
            )
        )
    for x in (BELT_X - 0.055, BELT_X + 0.055):
        made.append(rod((x, y, z), (x, y, 0.115), 0.009, STEEL, sides=12))
    made.append(rod((BELT_X - 0.055, y, z), (BELT_X + 0.055, y, z), 0.020, GREEN, sides=18))
    made += [
        rod(
            (0.29, y, z),
            (0.29, y - 0.30, z + 0.10),
            [0.011, 0.010, 0.016],
            timber("#7c5232", "#4d311d", along=(0, 1, 0), ring=0.004),
        )
    ]
    made += at(-0.95, y, 0, [plate(rectangle(0.03, 0.03, 0.004), 0.10, STEEL, bevel=0.003)])
    return made
