"""Machine elements: bolts, wheels, pulleys, bearings, oil cups, pipes. Metres."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recon.modelling.materials import brass, glass, steel
from recon.modelling.solids import (
    bar,
    block,
    circle,
    curve,
    mm,
    plate,
    polygon,
    rectangle,
    rod,
    round_about,
    turned,
    wire,
)
from recon.modelling.surfaces import Patch, moved, turn_about
from recon.modelling.textures import Painter

FloatArray = NDArray[np.float64]
TO_X, TO_Z = turn_about("z", -90), turn_about("x", 90)  # from the axis +Y to +X, to +Z


def disc(radius: float, thick: float, painter: Painter, *, columns: int = 48, bevel: float = 0.002) -> Patch:
    """A round plate about +Y from y = 0 to `thick`."""
    return turned([(0, 0), (radius, 0), (radius, thick), (0, thick)], painter, columns=columns, bevel=bevel)


def tyre(inner: float, outer: float, wide: float, painter: Painter, *, columns: int = 96, crown: float = 0.0) -> Patch:
    """A ring about +Y, `wide` about y = 0; `crown` lifts the middle of its face, as on pulleys."""
    h = wide / 2
    face = [(outer, -h), (outer + crown, 0), (outer, h)] if crown else [(outer, -h), (outer, h)]
    line = [(inner, 0), (inner, -h), *face, (inner, h)]
    return turned(line, painter, columns=columns, bevel=0.003, ring=True)


def hub(bore: float, radius: float, wide: float, painter: Painter) -> Patch:
    """A boss about +Y, `wide` about y = 0, round a shaft of radius `bore`."""
    h = wide / 2
    return turned(
        [
            (bore, 0),
            (bore, -h),
            (radius * 0.86, -h),
            (radius, -h * 0.6),
            (radius, h * 0.6),
            (radius * 0.86, h),
            (bore, h),
        ],
        painter,
        columns=40,
        ring=True,
    )


def spoked(
    outer: float, rim: float, wide: float, bore: float, painter: Painter, *, spokes: int = 6, thick: float = 0.03,
    boss: float | None = None, curved: float = 0.0, crown: float = 0.0, face: Painter | None = None, columns: int = 96
) -> list[Patch]:  # fmt: skip
    """A wheel about +Y: tyre, hub and tapered elliptic spokes, `curved` sideways as castings were, against cracks."""
    boss = boss or bore * 2.0
    inner = outer - rim
    share = np.linspace(0, 1, 9)
    r = boss * 0.8 + (inner + rim * 0.25 - boss * 0.8) * share
    sway = curved * np.sin(share * np.pi)
    path = np.stack([r, np.zeros_like(r), sway], -1)
    flare = 1.0 - 0.28 * share + 0.35 * np.exp(-share * 14) + 0.35 * np.exp(-(1 - share) * 12)
    spoke = bar(path, circle(1.0, 12), painter, scale=np.stack([flare * thick, flare * thick * 0.55], -1))
    made = [tyre(inner, outer, wide, face or painter, crown=crown, columns=columns)]
    made += [hub(bore, boss, wide * 0.9 if wide > 0.08 else wide * 1.15, painter)]
    return made + round_about("y", spokes, [spoke])


def bolt(size: float, painter: Painter, *, stud: bool = True) -> list[Patch]:
    """A hexagon nut about +Y on y = 0, `size` across its corners, with the stud's end or a plain head."""
    nut = moved([plate(polygon(6, size / 2), size * 0.42, painter, bevel=size * 0.05)], turn=turn_about("x", -90))
    made = moved(nut, offset=(0, size * 0.21, 0))
    if stud:
        end = [(0, size * 0.3), (size * 0.26, size * 0.3), (size * 0.26, size * 0.68), (0, size * 0.72)]
        made.append(turned(end, painter, columns=12, bevel=size * 0.05))
    return made


def bolt_circle(count: int, radius: float, size: float, painter: Painter, *, first_deg: float = 0.0) -> list[Patch]:
    """Nuts about +Y on y = 0, on a circle."""
    return round_about("y", count, moved(bolt(size, painter), offset=(radius, 0, 0)), first_deg=first_deg)


def oil_cup(height: float = 0.05) -> list[Patch]:
    """A brass lubricator with its glass, on y = 0."""
    h = height
    foot = [(0, 0), (0.16 * h, 0), (0.16 * h, 0.12 * h), (0.09 * h, 0.16 * h), (0.09 * h, 0.3 * h), (0.3 * h, 0.36 * h)]
    foot += [(0.3 * h, 0.42 * h), (0, 0.42 * h)]
    bowl = [(0, 0.42 * h), (0.25 * h, 0.42 * h), (0.27 * h, 0.78 * h), (0, 0.78 * h)]
    lid = [
        (0, 0.78 * h),
        (0.3 * h, 0.78 * h),
        (0.3 * h, 0.85 * h),
        (0.12 * h, 0.95 * h),
        (0.06 * h, 1.02 * h),
        (0, 1.04 * h),
    ]
    metal = brass()
    return [
        turned(foot, metal, columns=20, bevel=0.0008),
        turned(bowl, glass(), columns=20, bevel=0.0008),
        turned(lid, metal, columns=20, bevel=0.0008),
    ]


def pedestal(
    height: float, wide: float, deep: float, bore: float, painter: Painter, *, cap: Painter | None = None
) -> list[Patch]:
    """A plummer block on y = 0 for a shaft along z at `height`: sole, column, brasses, cap with bolts and oil cup."""
    r = bore * 1.75
    made = [block((wide, height * 0.16 + 0.012, deep * 1.05), painter)]
    body = [(-wide * 0.42, 0.0), (wide * 0.42, 0.0), (wide * 0.36, height * 0.3), (r * 1.15, height - bore * 0.6)]
    body += [(r * 1.15, height), (-r * 1.15, height), (-r * 1.15, height - bore * 0.6), (-wide * 0.36, height * 0.3)]
    made.append(plate(body, deep * 0.8, painter, bevel=0.004))
    angle = np.linspace(0, np.pi, 17)
    arch = np.concatenate([np.stack([r * np.cos(angle), r * np.sin(angle)], -1), [(-r * 1.3, 0.0), (r * 1.3, 0.0)]])
    arch[:17] += (0, 0.012)
    made += moved([plate(arch, deep * 0.74, cap or painter, bevel=0.004)], offset=(0, height + 0.001, 0))
    brasses = moved([turned([(bore, 0), (bore, -deep * 0.47), (bore * 1.32, -deep * 0.47), (bore * 1.32, deep * 0.47),
                             (bore, deep * 0.47)], brass(), columns=32, ring=True)], turn=TO_Z)  # fmt: skip
    made += moved(brasses, offset=(0, height, 0))
    for x in (-r * 1.22, r * 1.22):
        made += moved(bolt(bore * 0.62, steel()), offset=(x, height + 0.002, 0))
    made += moved(oil_cup(bore * 1.2), offset=(0, height + r + 0.010, 0))
    for x in (-wide * 0.42, wide * 0.42):
        made += moved(bolt(bore * 0.6, steel()), offset=(x, height * 0.16 + 0.011, 0))
    return made


def pipe(points: ArrayLike, radius: float, painter: Painter, *, count: int = 40, up: ArrayLike = (0, 0, 1)) -> Patch:
    """A bent pipe along a curve through `points`, which never runs along `up`."""
    return wire(curve(points, count), radius, painter, sides=20, up=up)


def flange(radius: float, thick: float, painter: Painter, *, bolts: int = 6, size: float = 0.014) -> list[Patch]:
    """A bolted joint about +Y, centred on y = 0: two discs with a line between, nuts on both sides."""
    lower = moved([disc(radius, thick * 0.48, painter, columns=40)], offset=(0, -thick * 0.5, 0))
    upper = moved([disc(radius, thick * 0.48, painter, columns=40)], offset=(0, thick * 0.02, 0))
    nuts = moved(bolt_circle(bolts, radius * 0.8, size, steel()), offset=(0, thick / 2, 0))
    return [*lower, *upper, *nuts, *moved(nuts, turn=turn_about("x", 180))]


def belt(
    a: ArrayLike,
    b: ArrayLike,
    radius_a: float,
    radius_b: float,
    wide: float,
    painter: Painter,
    *,
    thick: float = 0.006,
    crossed: bool = False,
) -> Patch:
    """A flat belt round two pulleys about +Z whose middles, (2,) in x and y, are given; open or crossed."""
    p, q = np.asarray(a, float), np.asarray(b, float)
    gap = float(np.linalg.norm(q - p))
    along = float(np.arctan2(*(q - p)[::-1]))
    lean = np.arccos((radius_a + radius_b if crossed else radius_a - radius_b) / gap)
    turn_a = np.linspace(along + lean, along - lean + 2 * np.pi, 25)
    span = np.pi - lean if crossed else lean
    turn_b = along + np.pi * crossed + (np.linspace(span, -span, 25) if crossed else np.linspace(-span, span, 25))
    ra, rb = radius_a + thick / 2, radius_b + thick / 2
    on_a = p + ra * np.stack([np.cos(turn_a), np.sin(turn_a)], -1)
    on_b = q + rb * np.stack([np.cos(turn_b), np.sin(turn_b)], -1)
    straight = np.linspace(0, 1, 22)[1:-1, None]
    line = np.concatenate([on_a, on_a[-1] * (1 - straight) + on_b[0] * straight, on_b,
                           on_b[-1] * (1 - straight) + on_a[0] * straight])  # fmt: skip
    z = np.zeros(len(line))
    if crossed:  # the two runs pass each other flat against flat
        z[25:45] = -wide * 0.0 + thick * 0.8 * np.sin(np.linspace(0, np.pi, 22)[1:-1])
        z[70:] = -thick * 0.8 * np.sin(np.linspace(0, np.pi, 22)[1:-1])
    path = np.concatenate([line, z[:, None]], 1)
    return bar(path, rectangle(thick, wide, thick * 0.2), painter, up=(0, 0, 1), closed=True)


def handwheel(radius: float, painter: Painter, *, spokes: int = 5, handle: bool = False) -> list[Patch]:
    """A hand wheel about +Y at y = 0."""
    rim = turned(circle(radius * 0.09, 14, middle=(radius, 0)), painter, columns=48, ring=True, bevel=0.0)
    arm = rod((radius * 0.1, 0, 0), (radius, 0, 0), [radius * 0.075, radius * 0.055], painter, sides=10)
    boss = moved([disc(radius * 0.2, radius * 0.3, painter, columns=24)], offset=(0, -radius * 0.15, 0))
    made = [rim, *boss, *round_about("y", spokes, [arm])]
    if handle:
        grip = mm("0,0 50,0 75,200 110,450 100,700 70,800 0,820")
        made += moved([turned(np.array(grip) * radius, painter, columns=16)], offset=(radius * 0.98, 0, 0))
    return made


def at(x: float, y: float, z: float, patches: Sequence[Patch], turn: FloatArray | None = None) -> list[Patch]:
    """The patches turned, then moved to (x, y, z)."""
    return moved(patches, offset=(x, y, z), turn=turn)
