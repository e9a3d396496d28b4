"""What stands in a machine shop: lathe, drill press, milling machine, boiler, bench, rack, barrel. Metres, +Y up.

Each stands on y = 0 about the origin, and tells the true cylinders that it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recon.modelling.gears import cone_pulley, gear
from recon.modelling.machine_elements import TO_X, TO_Z, at, bolt_circle, disc, handwheel
from recon.modelling.materials import cast, iron, steel, timber
from recon.modelling.solids import block, mm, plate, rod, turned
from recon.modelling.surfaces import Patch, moved, turn_about
from recon.modelling.textures import Painter

FloatArray = NDArray[np.float64]
STEEL, IRON = steel(), iron()
RED, YELLOW = cast("#8c2f26", seed=31), cast("#d6a21f", rust=0.08, seed=33)
WOOD, DARK_WOOD = timber(), timber("#7d5a3c", "#4a3020", seed=41)
UPRIGHT_WOOD = timber(along=(0, 1, 0), seed=43)


@dataclass(frozen=True, slots=True)
class Cylinder:
    """The truth about a round surface."""

    name: str
    start: FloatArray  # (3,) on the axis
    end: FloatArray  # (3,)
    radius: float


@dataclass(frozen=True, slots=True)
class Piece:
    """Patches with the cylinders among them."""

    patches: tuple[Patch, ...]
    cylinders: tuple[Cylinder, ...] = ()

    def placed(self, x: float, z: float, *, y: float = 0.0, turn_deg: float = 0.0, name: str = "") -> Piece:
        turn, shift = turn_about("y", turn_deg), np.array([x, y, z])
        round_ones = tuple(
            Cylinder(f"{name} {c.name}".strip(), turn @ c.start + shift, turn @ c.end + shift, c.radius)
            for c in self.cylinders
        )
        return Piece(tuple(moved(self.patches, offset=shift, turn=turn)), round_ones)


def round_bar(
    name: str, start: ArrayLike, end: ArrayLike, radius: float, painter: Painter, *, sides: int = 72
) -> tuple[Patch, Cylinder]:
    """A straight round bar and the truth about it."""
    a, b = np.asarray(start, float), np.asarray(end, float)
    return rod(a, b, radius, painter, sides=sides), Cylinder(name, a, b, radius)


def lathe(painter: Painter, *, length: float = 2.4, centre: float = 1.08) -> Piece:
    """An engine lathe, its bed along x, its operator at +z."""
    half = length / 2
    made: list[Patch] = []
    for x in (-half + 0.28, half - 0.24):
        outline = mm("-260,0 260,0 200,90 170,600 -170,600 -200,90")
        made += at(x, 0, 0, moved([plate(outline, 0.42, painter, bevel=0.008)], turn=turn_about("y", 90)))
    made += [block((length, 0.26, 0.36), painter, at=(0, 0.58, 0), bevel=0.012)]
    for z in (-0.13, 0.13):
        made += [block((length - 0.7, 0.035, 0.05), STEEL, at=(0.32, 0.84, z))]
    head = -half + 0.36
    case = mm("-300,0 300,0 300,300 220,420 -220,420 -300,300")
    made += at(head, 0.84, 0, moved([plate(case, 0.34, painter, bevel=0.012)], turn=turn_about("y", 0)))
    made += at(head, centre + 0.34, 0, moved(cone_pulley([0.17, 0.14, 0.11], 0.09, IRON), turn=TO_X))
    made += at(-half - 0.03, centre - 0.05, 0, moved([gear(48, 0.17, 0.045, 0.02, IRON)], turn=TO_X))
    made += at(-half - 0.03, centre - 0.33, 0.06, moved([gear(30, 0.106, 0.045, 0.02, IRON)], turn=TO_X))
    chuck, chuck_truth = round_bar("chuck", (head + 0.3, centre, 0), (head + 0.42, centre, 0), 0.15, STEEL)
    work, work_truth = round_bar("workpiece", (head + 0.42, centre, 0), (half - 0.66, centre, 0), 0.055, STEEL)
    made += [chuck, work]
    carriage = 0.1 * length
    made += [block((0.42, 0.07, 0.52), painter, at=(carriage, 0.86, 0.05), bevel=0.008)]
    made += [block((0.40, 0.30, 0.10), painter, at=(carriage, 0.58, 0.26), bevel=0.012)]
    made += [block((0.16, 0.11, 0.16), STEEL, at=(carriage, 0.93, 0.14))]
    made += at(carriage - 0.1, 0.72, 0.34, moved(handwheel(0.09, STEEL, handle=True), turn=TO_Z))
    made += at(carriage + 0.1, 0.95, 0.36, moved(handwheel(0.06, STEEL, handle=True), turn=TO_Z))
    screw, screw_truth = round_bar("lead screw", (-half + 0.5, 0.66, 0.235), (half - 0.1, 0.66, 0.235), 0.02, STEEL)
    made += [screw]
    tail = half - 0.42
    shape = mm("-150,0 150,0 120,120 110,300 -110,300 -120,120")
    made += at(tail, 0.86, 0, moved([plate(shape, 0.24, painter, bevel=0.01)]))
    made += [rod((tail - 0.28, centre, 0), (tail - 0.1, centre, 0), [0.004, 0.03, 0.03, 0.03], STEEL, sides=24)]
    made += at(tail + 0.2, centre, 0, moved(handwheel(0.1, IRON, handle=True), turn=TO_X))
    made += [block((length - 0.5, 0.04, 0.62), IRON, at=(0.1, 0.42, 0.0))]  # the tray for chips
    return Piece(tuple(made), (chuck_truth, work_truth, screw_truth))


def drill_press(painter: Painter, *, height: float = 2.05) -> Piece:
    """A pillar drill, its operator at +z."""
    made = [block((0.62, 0.09, 0.78), painter, at=(0, 0, 0.1), bevel=0.015)]
    pillar, pillar_truth = round_bar("pillar", (0, 0.09, -0.12), (0, height - 0.18, -0.12), 0.075, STEEL)
    made += [pillar, turned([(0, 0.09), (0.14, 0.09), (0.1, 0.2), (0, 0.2)], painter)]
    made[-1] = moved([made[-1]], offset=(0, 0, -0.12))[0]
    profile = mm("-330,0 120,0 210,80 330,140 330,420 220,480 -330,480")
    made += at(0, height - 0.5, 0, moved([plate(profile, 0.26, painter, bevel=0.014)], turn=turn_about("y", -90)))
    spindle, spindle_truth = round_bar("quill", (0, height - 0.78, 0.2), (0, height - 0.48, 0.2), 0.045, STEEL)
    made += [spindle, rod((0, height - 0.9, 0.2), (0, height - 0.78, 0.2), [0.009, 0.03], STEEL, sides=24)]
    made += at(0, 0.96, 0.18, [disc(0.24, 0.05, STEEL, columns=72)])
    made += [block((0.12, 0.1, 0.24), painter, at=(0, 0.86, -0.02))]
    made += at(0.16, height - 0.36, 0.1, moved(handwheel(0.17, IRON, spokes=4), turn=TO_X))
    made += at(0, height + 0.02, 0.16, cone_pulley([0.16, 0.13, 0.1, 0.07], 0.035, IRON))
    motor, motor_truth = round_bar("motor", (0, height - 0.28, -0.30), (0, height + 0.08, -0.30), 0.13, RED)
    made += [motor]
    return Piece(tuple(made), (pillar_truth, spindle_truth, motor_truth))


def milling_machine(painter: Painter) -> Piece:
    """A knee mill: column, knee, long table, round overarm; its operator at +z."""
    profile = mm("-420,0 420,0 420,120 200,170 160,1500 110,1620 -330,1620 -380,1500 -420,170")
    made = moved([plate(profile, 0.56, painter, bevel=0.02)], turn=turn_about("y", -90))
    made += [block((0.34, 0.36, 0.56), painter, at=(0, 0.55, 0.42), bevel=0.014)]
    made += [block((0.42, 0.1, 0.40), painter, at=(0, 0.91, 0.42))]
    made += [block((1.42, 0.09, 0.28), STEEL, at=(0.12, 1.01, 0.42))]
    for x in (-0.62, 0.86):
        made += at(x, 1.05, 0.42, moved(handwheel(0.1, IRON, handle=True), turn=TO_X))
    made += at(0, 0.74, 0.74, moved(handwheel(0.14, IRON, handle=True), turn=TO_Z))
    arm, arm_truth = round_bar("overarm", (0, 1.44, 0.1), (0, 1.44, 0.86), 0.06, STEEL)
    arbor, arbor_truth = round_bar("arbor", (0, 1.24, 0.1), (0, 1.24, 0.84), 0.028, STEEL)
    made += [arm, arbor, block((0.2, 0.36, 0.06), painter, at=(0, 1.14, 0.8))]
    made += at(0, 1.24, 0.42, moved([gear(24, 0.075, 0.05, 0.02, STEEL)], turn=TO_Z))
    motor, motor_truth = round_bar("motor", (-0.32, 0.6, -0.5), (0.2, 0.6, -0.5), 0.16, RED)
    return Piece((*made, motor), (arm_truth, arbor_truth, motor_truth))


def boiler(painter: Painter, *, ceiling: float, radius: float = 0.72, length: float = 2.5) -> Piece:
    """A lying boiler along x on two saddles of iron, its fire door at +x, its flue through the ceiling."""
    middle, half = radius + 0.42, length / 2
    shell, shell_truth = round_bar("boiler", (-half, middle, 0), (half, middle, 0), radius, painter, sides=144)
    made: list[Patch] = [shell]
    for x in (-half * 0.62, half * 0.62):
        outline = [(-0.62, 0), (0.62, 0), (0.5, 0.55), (-0.5, 0.55)]
        made += at(x, 0, 0, moved([plate(outline, 0.2, IRON, bevel=0.01)], turn=turn_about("y", 90)))
    for x in (-half * 0.62, 0.0, half * 0.62):
        strap = turned([(radius, -0.03), (radius + 0.012, -0.03), (radius + 0.012, 0.03), (radius, 0.03)], IRON,
                       columns=144, ring=True, bevel=0.002)  # fmt: skip
        made += at(x, middle, 0, moved([strap], turn=TO_X))
    front = half + 0.004
    made += at(front, middle, 0, moved([disc(radius + 0.03, 0.04, IRON, columns=96)], turn=TO_X))
    made += at(front + 0.04, middle, 0, moved(bolt_circle(20, radius - 0.04, 0.04, STEEL), turn=TO_X))
    made += at(front + 0.04, middle - 0.2, 0, moved([disc(0.24, 0.03, RED, columns=64)], turn=TO_X))
    made += at(front + 0.12, middle - 0.2, 0.1, moved(handwheel(0.07, STEEL), turn=TO_X))
    flue, flue_truth = round_bar(
        "flue", (-half * 0.7, middle + radius - 0.06, 0), (-half * 0.7, ceiling, 0), 0.17, IRON, sides=96
    )
    dome, dome_truth = round_bar(
        "steam dome", (half * 0.25, middle + radius - 0.06, 0), (half * 0.25, middle + radius + 0.34, 0), 0.26, painter,
        sides=96,
    )  # fmt: skip
    made += [flue, dome]
    made += at(half * 0.25, middle + radius + 0.34, 0, [disc(0.29, 0.04, IRON, columns=64)])
    return Piece(tuple(made), (shell_truth, flue_truth, dome_truth))


def bench(length: float = 2.2, *, vise: float = 0.6) -> Piece:
    """A workbench along x with a vise at `vise`, a drawer and a shelf below; its worker at +z."""
    made = [block((length, 0.07, 0.72), WOOD, at=(0, 0.8, 0), bevel=0.004)]
    for x in (-length / 2 + 0.12, length / 2 - 0.12):
        for z in (-0.27, 0.27):
            made.append(block((0.1, 0.8, 0.1), UPRIGHT_WOOD, at=(x, 0, z)))
    made += [block((length - 0.2, 0.03, 0.5), DARK_WOOD, at=(0, 0.22, 0))]
    made += [block((0.55, 0.16, 0.5), DARK_WOOD, at=(-length / 4, 0.63, 0.08))]
    jaw = moved([block((0.18, 0.12, 0.08), cast("#35506b"), at=(0, 0.87 + 0.04, 0))])
    made += at(vise, 0, 0.26, jaw) + at(vise, 0, 0.38, jaw)
    made += [rod((vise, 0.95, 0.2), (vise, 0.95, 0.56), 0.022, STEEL), rod((vise - 0.12, 0.95, 0.55),
             (vise + 0.12, 0.95, 0.55), 0.008, STEEL)]  # fmt: skip
    return Piece(tuple(made))


def rack(painter: Painter, *, width: float = 1.8, height: float = 2.1, seed: int = 3) -> Piece:
    """A steel rack of four shelves with boxes and castings on them."""
    rng = np.random.default_rng(seed)
    made: list[Patch] = []
    for x in (-width / 2, width / 2):
        for z in (-0.25, 0.25):
            made.append(block((0.05, height, 0.05), painter, at=(x, 0, z)))
    boxes: Sequence[Painter] = (WOOD, DARK_WOOD, cast("#38618c"), cast("#7a7f43"), RED, IRON)
    for level in np.linspace(0.12, height - 0.06, 4):
        made.append(block((width, 0.03, 0.55), painter, at=(0, float(level), 0)))
        x = -width / 2 + 0.08
        while x < width / 2 - 0.3:
            size = rng.uniform((0.16, 0.1, 0.2), (0.36, 0.34, 0.46))
            if level < height - 0.1 and rng.random() < 0.8:
                centre = (x + size[0] / 2, float(level) + 0.03, float(rng.uniform(-0.04, 0.04)))
                made.append(block(size, boxes[int(rng.integers(len(boxes)))], at=centre))
            x += float(size[0]) + 0.04
    return Piece(tuple(made))


def barrel(painter: Painter, *, radius: float = 0.29, height: float = 0.88) -> Piece:
    """A steel drum with its two rolling hoops."""
    shell, truth = round_bar("drum", (0, 0.01, 0), (0, height, 0), radius, painter, sides=96)
    hoops = [
        moved([turned([(radius, -0.012), (radius + 0.014, 0), (radius, 0.012)], painter, columns=96, bevel=0)],
              offset=(0, y, 0))[0] for y in (height * 0.34, height * 0.67)
    ]  # fmt: skip
    rim = turned([(radius - 0.02, 0), (radius + 0.006, 0), (radius + 0.006, 0.02), (radius - 0.02, 0.02)], painter,
                 columns=96, ring=True, bevel=0.002)  # fmt: skip
    return Piece((shell, *hoops, *moved([rim], offset=(0, height, 0))), (truth,))


def person(coat: str = "#2f4a6e") -> Piece:
    """Someone who stands about while the scanner turns: trousers, coat, head and hat; faces +z."""
    cloth, dark, skin = cast(coat, rust=0), cast("#33312e", rust=0), cast("#c79a7b", rust=0)
    made: list[Patch] = []
    for x in (-0.1, 0.1):
        made.append(rod((x, 0.05, 0), (x, 0.86, 0), [0.065, 0.08, 0.095], dark))
        made.append(block((0.1, 0.08, 0.27), IRON, at=(x, 0, 0.05)))
        made.append(rod((2.4 * x, 1.4, 0), (2.7 * x, 0.84, 0.12), [0.062, 0.052, 0.042], cloth))
    made.append(turned(mm("0,800 190,800 185,1000 200,1250 215,1400 150,1490 60,1510 0,1510"), cloth, bevel=0.0))
    made[-1] = Patch(made[-1].grid * (1.0, 1.0, 0.66), cloth, even=True)
    made.append(turned(mm("0,1500 55,1505 60,1560 85,1600 95,1670 80,1740 45,1775 0,1780"), skin, bevel=0.0))
    made.append(turned(mm("0,1700 150,1705 105,1715 100,1800 60,1825 0,1830"), dark, bevel=0.0))
    return Piece(tuple(made))
