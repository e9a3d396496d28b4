"""The fixed parts of the steam engine: foundation, bed, cylinder, valve chest and pipes. Frame as in engine.py."""

from __future__ import annotations

import numpy as np

from recon.modelling.machine_elements import (
    TO_X,
    TO_Z,
    at,
    bolt,
    bolt_circle,
    disc,
    flange,
    handwheel,
    oil_cup,
    pedestal,
    pipe,
)
from recon.modelling.materials import brass, cast, steel, timber
from recon.modelling.solids import block, mm, plate, rod, turned
from recon.modelling.surfaces import Patch, box, turn_about
from recon.modelling.textures import bricks

SHAFT = (0.95, 0.98)  # x, y of the crankshaft
BED = 0.66  # top of the bed
ECCENTRIC_Z = -0.235

GREEN = cast("#24503c", roughness=0.38, seed=21)
DARK = cast("#2c2f31", roughness=0.42, seed=23)
RED = cast("#8e2b22", roughness=0.38, seed=25)
STEEL, BRASS = steel(), brass()


def foundation() -> list[Patch]:
    """Granite ashlar; the flywheel hangs in the gap before the outer bearing's pier."""
    courses = bricks(
        ("#93908a", "#85827d", "#9d9890", "#8b857c"),
        "#6b665e",
        length=0.44,
        course=0.20,
        joint=0.010,
        depth=0.003,
        wear=0.3,
    )
    granite = cast("#8d8a84", roughness=0.85, rust=0.0, seed=41)
    made: list[Patch] = []
    for size, centre in (((2.72, 0.40, 0.50), (0.0, 0.06, 0.0)), ((0.46, 0.40, 0.30), (SHAFT[0], 0.06, -0.72))):
        made += box(size, courses, centre=centre, step=0.3)
        x, _, z = size
        made.append(block((x + 0.06, 0.06, z + 0.06), granite, at=(centre[0], 0.0, centre[2]), bevel=0.008))
        made.append(
            block((x + 0.05, 0.05, z + 0.05), granite, at=(centre[0], 0.46, centre[2]), bevel=0.008, density=1.2)
        )
    return made


def bed() -> list[Patch]:
    """The cast bed: a box girder with a foot flange, guides for the crosshead, the main bearing on its end."""
    made = [
        block((2.56, 0.03, 0.42), GREEN, at=(0, 0.51, 0), bevel=0.006),
        block((2.48, BED - 0.54, 0.33), GREEN, at=(0, 0.535, 0), bevel=0.012),
        block((2.54, 0.028, 0.38), GREEN, at=(0, BED - 0.026, 0), bevel=0.006),
    ]
    for x in np.linspace(-1.18, 1.18, 6):
        for z in (-0.19, 0.19):
            made += at(float(x), 0.54, z, bolt(0.032, STEEL))
    for x in np.linspace(-0.98, 0.98, 5):  # panels, as pattern makers raised them
        for z in (-0.166, 0.166):
            made.append(block((0.34, 0.062, 0.012), GREEN, at=(float(x), 0.565, z), bevel=0.005))
    y = SHAFT[1]
    for lower, x in ((True, -0.43), (True, 0.36), (False, -0.43), (False, 0.36)):  # slide bars and their pillars
        for z in (-0.055, 0.055):
            if lower:
                made.append(block((0.05, y - 0.102 - BED, 0.044), GREEN, at=(x, BED, z), bevel=0.004))
            else:
                made.append(rod((x, y - 0.075, z * 1.0), (x, y + 0.135, z * 1.0), 0.0125, STEEL))
                made += at(x, y + 0.108, z, bolt(0.034, STEEL))
    for level in (y - 0.102, y + 0.068):
        made.append(block((0.88, 0.034, 0.15), STEEL, at=(-0.035, level, 0), bevel=0.004))
    made += at(SHAFT[0], BED, -0.125, pedestal(y - BED, 0.34, 0.13, 0.052, GREEN, cap=GREEN))
    made += at(SHAFT[0], 0.51, -0.72, pedestal(y - 0.51, 0.32, 0.14, 0.046, GREEN, cap=GREEN))
    made += at(-0.035, y + 0.102, 0, oil_cup(0.06))
    return made


def cylinder() -> list[Patch]:
    """Lagged in mahogany staves under brass bands, with bolted covers and a stuffing box."""
    y, front, back = SHAFT[1], -0.47, -1.17
    lagging = timber("#8a4f2d", "#5a2e1a", roughness=0.32, ring=0.012, seed=61)
    made: list[Patch] = []
    staves = 20
    for i in range(staves):
        half = np.pi / staves * 0.97
        turn = np.linspace(-half, half, 5)
        outer = np.stack([0.168 * np.cos(turn), 0.168 * np.sin(turn)], -1)
        inner = np.stack([0.150 * np.cos(turn[::-1]), 0.150 * np.sin(turn[::-1])], -1)
        stave = plate(np.concatenate([outer, inner]), 0.56, lagging, bevel=0.0016)
        made += at((front + back) / 2, y, 0, [stave], turn_about("x", 360 / staves * i) @ turn_about("y", 90))
    for x in (-1.04, -0.82, -0.60):
        band = turned(
            [(0.166, -0.016), (0.1715, -0.016), (0.1715, 0.016), (0.166, 0.016)],
            BRASS,
            columns=64,
            ring=True,
            bevel=0.001,
        )
        made += at(x, y, 0, [band], TO_X)
    for x, way in ((front, 1), (back, -1)):
        turn = TO_X if way > 0 else turn_about("z", 90)
        cover = mm("0,30 0,30 60,30 75,22 130,22 140,12 190,12")
        line = [
            (0, -0.06),
            (0.182, -0.06),
            (0.182, -0.016),
            (0.19, -0.016),
            (0.19, 0.012),
            *cover[::-1][1:-1],
            (0, 0.03),
        ]
        made += at(x, y, 0, [turned(line, GREEN, columns=72, bevel=0.0025)], turn)
        made += at(x + way * 0.012, y, 0, bolt_circle(12, 0.165, 0.03, STEEL, first_deg=15), turn)
    gland = mm("24,0 58,0 58,30 36,38 36,62 50,64 50,78 24,80")
    made += at(front + 0.02, y, 0, [turned([(0, 0), *gland[1:-1], (0, 0.08)], BRASS, columns=40)], TO_X)
    for z in (-0.042, 0.042):
        made.append(rod((front + 0.02, y, z), (front + 0.115, y, z), 0.006, STEEL, sides=10))
        made += at(front + 0.1, y, z, bolt(0.02, STEEL, stud=False), TO_X)
    for x in (-1.0, -0.64):  # feet
        made.append(block((0.16, y - 0.15 - BED, 0.22), GREEN, at=(x, BED, 0), bevel=0.008))
        made.append(block((0.2, 0.03, 0.34), GREEN, at=(x, BED, 0), bevel=0.005))
        for z in (-0.145, 0.145):
            made += at(x, BED + 0.03, z, bolt(0.03, STEEL))
    for x in (-1.10, -0.55):  # drain cocks
        made.append(rod((x, y - 0.18, 0.06), (x, y - 0.235, 0.06), 0.009, BRASS, sides=12))
        made += at(x, y - 0.225, 0.06, [rod((0, 0, -0.008), (0, 0, 0.03), 0.008, BRASS, sides=10)])
        made.append(block((0.008, 0.045, 0.006), BRASS, at=(x, y - 0.26, 0.09), bevel=0.002))
    made += at(-0.82, y + 0.168, 0.0, oil_cup(0.11))
    return made


def steam() -> list[Patch]:
    """The valve chest behind the cylinder, the steam pipe with its stop valve, the exhaust."""
    y = SHAFT[1]
    made = [
        block((0.46, 0.20, 0.13), GREEN, at=(-0.82, y - 0.10, ECCENTRIC_Z + 0.005), bevel=0.008),
        block((0.50, 0.235, 0.022), GREEN, at=(-0.82, y - 0.1175, ECCENTRIC_Z - 0.066), bevel=0.004),
    ]
    for x in np.linspace(-1.035, -0.605, 6):
        for level in (y - 0.1, y + 0.1):
            made += at(float(x), level, ECCENTRIC_Z - 0.077, bolt(0.022, STEEL), turn_about("x", -90))
    for x in (-1.05, -0.59):
        made += at(x, y, ECCENTRIC_Z, [disc(0.03, 0.05, BRASS, columns=28)], TO_X if x > -0.8 else turn_about("z", 90))
    pipe_x = -0.82
    top = [(pipe_x, y + 0.09, ECCENTRIC_Z), (pipe_x, y + 0.2, ECCENTRIC_Z), (pipe_x, y + 0.34, ECCENTRIC_Z - 0.0)]
    made.append(rod(top[0], top[2], 0.036, DARK, sides=24))
    made += at(pipe_x, y + 0.12, ECCENTRIC_Z, flange(0.064, 0.03, DARK, bolts=6, size=0.018))
    body = mm("0,0 45,0 62,30 66,60 62,90 45,120 0,120")
    made += at(pipe_x, y + 0.30, ECCENTRIC_Z, [turned(body, DARK, columns=40)])
    made += at(pipe_x, y + 0.36, ECCENTRIC_Z + 0.05, [rod((0, 0, 0), (0, 0, 0.12), 0.012, STEEL, sides=14)])
    made += at(pipe_x, y + 0.36, ECCENTRIC_Z + 0.05, [disc(0.036, 0.035, DARK, columns=28)], TO_Z)
    made += at(pipe_x, y + 0.36, ECCENTRIC_Z + 0.165, handwheel(0.085, RED), TO_Z)
    up = [(pipe_x, y + 0.41, ECCENTRIC_Z), (pipe_x, y + 0.5, ECCENTRIC_Z), (pipe_x - 0.06, y + 0.565, ECCENTRIC_Z)]
    made.append(
        pipe([*up, (pipe_x - 0.16, y + 0.58, ECCENTRIC_Z), (pipe_x - 0.34, y + 0.58, ECCENTRIC_Z)], 0.036, DARK)
    )
    made += at(pipe_x, y + 0.445, ECCENTRIC_Z, flange(0.064, 0.03, DARK, bolts=6, size=0.018))
    made += at(pipe_x - 0.34, y + 0.58, ECCENTRIC_Z, flange(0.064, 0.03, DARK, bolts=6, size=0.018), TO_X)
    down = [(pipe_x, y - 0.09, ECCENTRIC_Z), (pipe_x, y - 0.25, ECCENTRIC_Z), (pipe_x, y - 0.5, ECCENTRIC_Z - 0.04)]
    made.append(pipe([*down, (pipe_x, 0.3, ECCENTRIC_Z - 0.10), (pipe_x, 0.02, ECCENTRIC_Z - 0.11)], 0.045, DARK))
    made += at(pipe_x, y - 0.13, ECCENTRIC_Z, flange(0.074, 0.03, DARK, bolts=6, size=0.018))
    return made
