"""A room of a plan while it is built: its shape, how it looks, and what is measured in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from exhibit.documents.types import Plan, PlanRoom
from exhibit.space.masonry import ASHLAR, FLOOR_BRICK, GRANITE, PAVING
from exhibit.space.plan_rooms import PlanFace, Point
from exhibit.space.sheets import Finish, Sheet

FloatArray = NDArray[np.float64]
LOW_WALL = 2.2  # m: a lower wall between two rooms does not carry their ceilings
FLOORS = {
    "oak": Finish("oak", (2.4, 2.4)),
    "granite": GRANITE,
    "brick": FLOOR_BRICK,
    "paving": PAVING,
    "concrete": Finish("concrete", (4.0, 4.0)),
}
WALLS = {
    "white": Finish("plaster", (2.4, 2.4), tint=(0.93, 0.93, 0.91)),
    "grey": Finish("plaster", (2.4, 2.4), tint=(0.42, 0.43, 0.43)),
    "dark": Finish("plaster", (2.4, 2.4), tint=(0.13, 0.14, 0.155)),
    "brick": Finish("red_brick", (2.16, 2.16)),
    "stone": ASHLAR,
    "earth": Finish("rammed_earth", (3.2, 3.2)),
}
SKIRTING = {
    "white": Finish("granite", (1.2, 1.2), tint=(1.12, 1.10, 1.06)),
    "grey": Finish("granite", (1.2, 1.2), tint=(0.5, 0.5, 0.5)),
    "dark": Finish("granite", (1.2, 1.2), tint=(0.16, 0.16, 0.16)),
}
SKIRTING_HIGH = 0.12


@dataclass(frozen=True, slots=True)
class BuiltRoom:
    face: PlanFace
    looks: PlanRoom
    ceiling: float  # m above the floor
    along: FloatArray  # (2,) the way of its longest wall, in which its floor is laid

    @property
    def loops(self) -> list[FloatArray]:
        """Its outline (N, 2) and its holes, to the middles of its walls; x and z."""
        return [np.array(loop.points) for loop in (self.face.outline, *self.face.holes)]

    @property
    def ceiling_kind(self) -> str:
        return self.looks.get("ceiling", "white")

    @property
    def light(self) -> str:
        return self.looks.get("light", "even")

    @property
    def floor(self) -> Finish:
        return FLOORS[self.looks.get("floor", "oak")]

    @property
    def wall(self) -> Finish:
        return WALLS[self.looks.get("walls", "white")]

    @property
    def skirting(self) -> Finish | None:
        return SKIRTING.get(self.looks.get("walls", "white"))

    @property
    def lining(self) -> Finish:
        """Of openings: the wall's finish where it is painted, else stone."""
        return self.wall if self.skirting is not None else GRANITE


def built_rooms(plan: Plan, faces: Sequence[PlanFace], looks: Sequence[str | None]) -> list[BuiltRoom]:
    walls = plan["walls"]
    entries = plan.get("rooms", {})
    beside: dict[str, int] = {}
    for face in faces:
        for wall in {wall for loop in (face.outline, *face.holes) for wall in loop.walls}:
            beside[wall] = beside.get(wall, 0) + 1
    found = []
    for face, key in zip(faces, looks, strict=True):
        own = {wall for loop in (face.outline, *face.holes) for wall in loop.walls}
        tall = [walls[w]["height_m"] for w in own if beside[w] == 1 or walls[w]["height_m"] >= LOW_WALL]
        ceiling = min(tall or [max(walls[w]["height_m"] for w in own)])
        default: PlanRoom = {"at": list(face.outline.points[0])}
        found.append(BuiltRoom(face, entries[key] if key else default, ceiling, _longest(face.outline.points)))
    return found


def flat(loops: Sequence[FloatArray], y: float, along: FloatArray, finish: Finish, *, up: bool) -> Sheet:
    """A level sheet in the shape of a polygon (loops of x and z), its finish laid along `along`."""
    across = np.array([along[1], -along[0]]) * (1 if up else -1)
    points = np.concatenate(loops)
    low = np.array([(points @ along).min(), (points @ across).min()])
    high = np.array([(points @ along).max(), (points @ across).max()])
    corner = low[0] * along + low[1] * across
    s, t = (high[0] - low[0]) * along, (high[1] - low[1]) * across
    grid = np.array([[spatial(p, y) for p in row] for row in ((corner, corner + s), (corner + t, corner + s + t))])
    cut = [np.stack([loop @ along - low[0], loop @ across - low[1]], -1) for loop in loops]
    return Sheet(grid, finish, (float(low[0]), float(low[1])), cut=cut)


def spatial(point: ArrayLike, y: float) -> FloatArray:
    """A point of the plan, x and z, at a height."""
    x, z = np.asarray(point, float)
    return np.array([x, y, z])


def _longest(points: Sequence[Point]) -> FloatArray:
    """The way of the longest side, turned so that x does not fall."""
    sides = [np.subtract(b, a) for a, b in _sides(points)]
    longest = max(sides, key=lambda side: round(float(np.linalg.norm(side)), 3))
    unit = longest / np.linalg.norm(longest)
    return np.asarray(-unit if (unit[0], unit[1]) < (0, 0) else unit)


def _sides(points: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    return pairwise([*points, points[0]])
