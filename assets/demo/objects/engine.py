"""A horizontal steam engine of a small mill, about 1890: one cylinder of 0.22 m bore and 0.44 m stroke. Metres.

x runs along the cylinder towards the shaft, the motion work looks to +z, the flywheel turns behind it. Six nodes move
by exact kinematics; at rest the crank stands where the cycle begins, at its rear dead centre.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assets.demo.objects.engine_frame import (
    BED,
    BRASS,
    DARK,
    ECCENTRIC_Z,
    GREEN,
    RED,
    SHAFT,
    STEEL,
    bed,
    cylinder,
    foundation,
    steam,
)
from recon.modelling.machine_elements import (
    TO_X,
    TO_Z,
    at,
    belt,
    bolt,
    disc,
    oil_cup,
    spoked,
)
from recon.modelling.materials import leather
from recon.modelling.model import Model, fitted
from recon.modelling.motion import Motion, Movement, cycle, slider_crank
from recon.modelling.solids import bar, block, circle, mm, plate, rectangle, rod, stadium, turned
from recon.modelling.surfaces import Patch, moved, part_of, turn_about

FloatArray = NDArray[np.float64]

THROW, ROD = 0.22, 1.02  # crank radius, connecting rod between its centres
FLYWHEEL_Z = -0.40
ECCENTRIC, ADVANCE = 0.035, np.radians(118)  # its throw, and how far it runs before the crank
ECCENTRIC_ROD = 1.30
SECONDS, SAMPLES = 4.0, 96
GOVERNOR = (0.02, -0.30)  # x, z
GOVERNOR_TURNS = 3


def crank_angles() -> FloatArray:
    """(SAMPLES + 1,) over one turn from the rear dead centre, the crank rising first, as seen from +z clockwise."""
    return np.pi - cycle(SAMPLES)


def motion() -> Motion:
    """One turn of the shaft: the crosshead, the rod, the valve gear and the governor follow it."""
    x, y = SHAFT
    crank = crank_angles()
    distance, lean = slider_crank(crank, THROW, ROD)
    flat = np.zeros_like(crank)
    sheave = crank - ADVANCE
    valve, valve_lean = slider_crank(sheave, ECCENTRIC, ECCENTRIC_ROD)
    turning = crank - crank[0]
    return Motion(
        "running",
        SECONDS,
        (
            Movement("crankshaft", (x, y, 0.0), "z", turning),
            Movement("crosshead", (x - distance[0], y, 0.0), "z", None, _along_x(distance[0] - distance)),
            Movement(
                "connecting-rod", (x - distance[0], y, 0.0), "z", lean - lean[0], _along_x(distance[0] - distance)
            ),
            Movement("valve", (x - valve[0], y, ECCENTRIC_Z), "z", None, _along_x(valve[0] - valve)),
            Movement(
                "eccentric-rod",
                (x - valve[0], y, ECCENTRIC_Z),
                "z",
                valve_lean - valve_lean[0],
                _along_x(valve[0] - valve),
            ),
            Movement("governor", (GOVERNOR[0], BED, GOVERNOR[1]), "y", cycle(SAMPLES, GOVERNOR_TURNS) + flat),
        ),
    )


def _along_x(shift: FloatArray) -> FloatArray:
    return np.stack([shift, np.zeros_like(shift), np.zeros_like(shift)], -1)


def steam_engine(seed: int = 31) -> Model:
    moving = motion()
    crank0 = float(crank_angles()[0])
    crosshead_x = moving.movements[1].origin[0]
    patches = [
        *foundation(),
        *bed(),
        *cylinder(),
        *steam(),
        *part_of("crankshaft", _crankshaft(crank0)),
        *part_of("crosshead", at(crosshead_x, SHAFT[1], 0, _crosshead())),
        *part_of("connecting-rod", at(crosshead_x, SHAFT[1], 0, _connecting_rod(), turn_about("z", 0))),
        *_valve_gear(moving, crank0),
        *_governor(),
    ]
    return fitted(patches, seed=seed, motion=moving)


def _crankshaft(angle: float) -> list[Patch]:
    """Shaft, crank with its counterweight, pin, flywheel, eccentric sheave and the governor's pulley."""
    x, y = SHAFT
    made = [rod((0, 0, 0.045), (0, 0, -0.82), [0.05] * 6, STEEL, sides=32)]
    web = stadium((0, 0), (THROW, 0), 0.105, 0.068, 14)
    made += at(0, 0, 0.0, [plate(web, 0.07, DARK, bevel=0.006)])
    turn = np.radians(np.linspace(118, 242, 21))
    weight = np.concatenate(
        [np.stack([0.255 * np.cos(turn), 0.255 * np.sin(turn)], -1), [(-0.02, -0.10), (-0.02, 0.10)]]
    )
    made += at(0, 0, -0.008, [plate(weight, 0.05, DARK, bevel=0.006)])
    made += at(0, 0, 0.035, [disc(0.072, 0.012, STEEL, columns=40)], TO_Z)
    made.append(rod((THROW, 0, 0.03), (THROW, 0, 0.145), [0.036, 0.036], STEEL, sides=28))
    made += at(THROW, 0, 0.140, [disc(0.046, 0.014, STEEL, columns=32)], TO_Z)
    made += at(THROW, 0, -0.045, bolt(0.055, STEEL), turn_about("x", -90))
    made += at(
        0,
        0,
        FLYWHEEL_Z,
        spoked(0.86, 0.13, 0.155, 0.05, RED, spokes=6, thick=0.052, boss=0.135, face=STEEL, curved=0.05),
        TO_Z,
    )
    made += at(0, 0, FLYWHEEL_Z, [block((0.028, 0.022, 0.21), STEEL, at=(0, 0.042, 0))])
    lead = -ADVANCE
    sheave = np.array([ECCENTRIC * np.cos(lead), ECCENTRIC * np.sin(lead)])
    made += at(
        float(sheave[0]), float(sheave[1]), ECCENTRIC_Z, moved([disc(0.093, 0.03, STEEL)], offset=(0, -0.015, 0)), TO_Z
    )
    made += at(
        0,
        0,
        -0.60,
        spoked(0.10, 0.03, 0.05, 0.046, DARK, spokes=4, thick=0.02, boss=0.07, crown=0.002, columns=48),
        TO_Z,
    )
    return at(x, y, 0, made, turn_about("z", float(np.degrees(angle))))


def _crosshead() -> list[Patch]:
    """About its pin: body, brass slippers on the slide bars, the piston rod."""
    body = mm("-85,-40 20,-64 50,-50 50,50 20,64 -85,40")
    made = at(0, 0, 0, [plate(body, 0.062, DARK, bevel=0.004)])
    for z in (-0.052, 0.052):
        made += at(-0.012, 0, z, [plate(rectangle(0.13, 0.125, 0.02), 0.022, DARK, bevel=0.004)])
    for way in (-1, 1):
        made.append(block((0.17, 0.026, 0.132), BRASS, at=(-0.01, 0.0415 * way - 0.013 + way * 0.0125, 0), bevel=0.003))
    made.append(rod((0, 0, -0.075), (0, 0, 0.085), 0.023, STEEL, sides=24))
    made += at(0, 0, 0.082, [disc(0.032, 0.012, STEEL, columns=28)], TO_Z)
    made.append(rod((-0.07, 0, 0), (-0.93, 0, 0), 0.0225, STEEL, sides=24))
    made += at(-0.125, 0, 0, [disc(0.036, 0.05, STEEL, columns=28)], TO_X)
    return made


def _connecting_rod() -> list[Patch]:
    """From the crosshead's pin at the origin to the crank's pin at (ROD, 0): fish-bellied, big end strapped in steel.

    Its plane is the crank pin's; it is forked at the crosshead.
    """
    z = 0.092
    share = np.linspace(0, 1, 13)
    path = np.stack([0.11 + (ROD - 0.24) * share, np.zeros(13), np.full(13, z)], -1)
    belly = 0.021 + 0.012 * np.sin(np.pi * share)
    made = [bar(path, circle(1.0, 20), STEEL, scale=np.stack([belly * 0.86, belly], -1))]
    for end, x, r in ((0, 0.0, 0.044), (1, ROD, 0.0)):
        if end == 0:
            made += at(0, 0, z, [plate(stadium((0, 0), (0.115, 0), r, 0.024, 10), 0.03, STEEL, bevel=0.003)])
            made += at(0, 0, z, [_eye(0.024, 0.031, 0.036)])
            continue
        for way in (-1, 1):
            made.append(block((0.20, 0.022, 0.046), STEEL, at=(x - 0.035, 0.05 * way - 0.011, z), bevel=0.003))
        made.append(block((0.022, 0.122, 0.046), STEEL, at=(x + 0.064, -0.061, z), bevel=0.003))
        made.append(block((0.048, 0.078, 0.046), STEEL, at=(x - 0.112, -0.039, z), bevel=0.003))
        for half in (-0.029, 0.029):
            made.append(block((0.052, 0.076, 0.052), BRASS, at=(x + half, -0.038, z), bevel=0.003))
        made += at(x, 0, z, [_eye(0.0365, 0.050, 0.060)])
        made.append(block((0.018, 0.16, 0.012), STEEL, at=(x - 0.078, -0.08, z), bevel=0.002))
        made += at(x, 0.061, z, oil_cup(0.06))
    return made


def _eye(bore: float, radius: float, wide: float) -> Patch:
    ring = turned(
        [(bore, -wide / 2), (radius, -wide / 2), (radius, wide / 2), (bore, wide / 2)], BRASS, columns=32, ring=True
    )
    return moved([ring], turn=TO_Z)[0]


def _valve_gear(moving: Motion, crank0: float) -> list[Patch]:
    """The eccentric's strap and rod, and the valve spindle that it pushes."""
    rod_move = moving.movements[4]
    pin_x = rod_move.origin[0]
    lean = slider_crank(np.array([crank0 - ADVANCE]), ECCENTRIC, ECCENTRIC_ROD)[1][0]
    strap = [turned([(0.093, -0.019), (0.118, -0.019), (0.118, 0.019), (0.093, 0.019)], BRASS, columns=48, ring=True)]
    made = at(ECCENTRIC_ROD, 0, 0, strap, TO_Z)
    for way in (-1, 1):
        made.append(block((0.05, 0.042, 0.034), BRASS, at=(ECCENTRIC_ROD, way * 0.131 - 0.021, 0), bevel=0.003))
    made.append(block((0.05, 0.06, 0.03), BRASS, at=(ECCENTRIC_ROD - 0.135, -0.03, 0), bevel=0.003))
    made += [rod((0.02, 0, 0), (ECCENTRIC_ROD - 0.13, 0, 0), [0.011, 0.014, 0.016], STEEL, sides=14)]
    made += [plate(circle(0.026, 24), 0.03, STEEL, bevel=0.003)]
    eccentric = at(pin_x, SHAFT[1], ECCENTRIC_Z, made, turn_about("z", float(np.degrees(lean))))
    spindle = [
        rod((0.0, 0, 0), (-0.62, 0, 0), 0.0115, STEEL, sides=14),
        block((0.06, 0.05, 0.014), DARK, at=(0.0, -0.025, 0.024), bevel=0.003),
        block((0.06, 0.05, 0.014), DARK, at=(0.0, -0.025, -0.024), bevel=0.003),
        block((0.03, 0.05, 0.062), DARK, at=(-0.04, -0.025, 0), bevel=0.003),
        rod((0, 0, -0.036), (0, 0, 0.036), 0.009, STEEL, sides=14),
    ]
    guide = at(-0.44, SHAFT[1], ECCENTRIC_Z, [
        block((0.04, SHAFT[1] - BED - 0.02, 0.05), GREEN, at=(0, BED - SHAFT[1], 0.0), bevel=0.004),
        *moved([turned(mm("12,-30 32,-30 32,30 12,30"), BRASS, columns=28, ring=True)], turn=TO_X),
        block((0.10, 0.026, 0.16), GREEN, at=(0, BED - SHAFT[1], 0.07), bevel=0.004),
    ])  # fmt: skip
    return [*part_of("eccentric-rod", eccentric), *part_of("valve", at(pin_x, SHAFT[1], ECCENTRIC_Z, spindle)), *guide]


def _governor() -> list[Patch]:
    """After Watt: two balls that rise as the engine quickens, on a spindle turned by a belt from the shaft."""
    x, z = GOVERNOR
    foot = mm("0,0 75,0 75,20 50,35 36,80 30,260 36,400 52,420 52,440 0,440")
    made = at(x, BED, z, [turned(foot, GREEN, columns=40)])
    made.append(block((0.2, 0.026, 0.22), GREEN, at=(x, BED - 0.026, z + 0.06), bevel=0.005))
    pulley_y = BED + 0.20
    made.append(rod((x, pulley_y, z + 0.02), (x, pulley_y, -0.64), 0.012, STEEL, sides=14))
    drive = spoked(0.075, 0.022, 0.05, 0.012, DARK, spokes=4, thick=0.014, boss=0.03, crown=0.002, columns=48)
    made += at(x, pulley_y, -0.60, drive, TO_Z)
    made += at(0, 0, -0.60, [belt((x, pulley_y), SHAFT, 0.076, 0.101, 0.038, leather(), thick=0.005)])
    spin: list[Patch] = [rod((0, 0.44, 0), (0, 0.84, 0), 0.010, STEEL, sides=14)]
    spin += at(0, 0.78, 0, [disc(0.024, 0.03, BRASS, columns=24)])
    spin += at(
        0,
        0.81,
        0,
        [turned(mm("0,0 20,0 28,14 20,34 8,46 0,50"), BRASS, columns=24)],
    )
    spin += at(
        0,
        0.50,
        0,
        [
            turned(
                mm("0,0 32,0 32,12 20,14 20,34 32,36 32,50 0,50"),
                BRASS,
                columns=28,
            )
        ],
    )
    for side in (-1, 1):
        ball = (0.17 * side, 0.59, 0.0)
        shell = 0.055 * np.stack([np.sin(np.linspace(0, np.pi, 25)), -np.cos(np.linspace(0, np.pi, 25))], -1)
        shell[[0, -1], 0] = 0
        spin += at(*ball, [turned(shell, BRASS, columns=36)])
        spin.append(rod((0.016 * side, 0.795, 0), (ball[0], ball[1], 0), [0.009, 0.007], STEEL, sides=12))
        spin.append(rod((0.03 * side, 0.53, 0.0), (0.093 * side, 0.693, 0.0), 0.006, STEEL, sides=12))
        for px, py in ((0.022 * side, 0.79), (0.093 * side, 0.693), (0.034 * side, 0.53)):
            spin.append(rod((px, py, -0.014), (px, py, 0.014), 0.009, BRASS, sides=14))
    made += part_of("governor", at(x, BED, z, spin))
    lever = [
        (x, BED + 0.515, z),
        (x - 0.2, BED + 0.53, z),
        (x - 0.5, BED + 0.545, z + 0.02),
        (-0.80, SHAFT[1] + 0.24, ECCENTRIC_Z + 0.03),
    ]
    made.append(bar(np.array(lever), rectangle(0.012, 0.022, 0.003), STEEL))
    return made
