"""Which drawing: where it is cut, which way it looks, and what of the world is right and up on it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recon.errors import BadOptions
from recon.messages import Message
from recon.survey import Survey

FloatArray = NDArray[np.float64]

_X, _Y, _Z = np.eye(3)
_SIDES = {"front": _Z, "back": -_Z, "right": _X, "left": -_X}  # the side that is seen
_COMPASS = {"north": 0, "east": 90, "south": 180, "west": 270}  # degrees clockwise from north
_FLOOR_CELL = 0.02  # m


@dataclass(frozen=True, slots=True)
class Projection:
    """A point p of the world lies at (p . right, p . up) on the drawing, p . ahead behind its plane; metres."""

    name: str  # of the file
    title: Message
    right: FloatArray  # (3,) unit
    up: FloatArray  # (3,)
    ahead: FloatArray  # (3,) the way it looks
    cut: float | None = None  # what has a smaller p . ahead is cut away; None: all is seen
    level: bool = False  # a plan, on which north has a direction

    def flat(self, points: NDArray[np.floating]) -> FloatArray:
        """(N, 2) of points (N, 3)."""
        return np.asarray(points @ np.stack([self.right, self.up], axis=1), np.float64)


def plan(survey: Survey, height: float, floor: float | None) -> Projection:
    """Cut `height` above the floor, seen from above; the model's -Z is up on the sheet."""
    ground = floor_of(survey) if floor is None else floor
    title = Message("draw.plan", height=f"{height:.2f}", level=f"{ground + height:+.2f}")
    return Projection("plan", title, _X, -_Z, -_Y, cut=-(ground + height), level=True)


def top() -> Projection:
    return Projection("top", Message("draw.top"), _X, -_Z, -_Y, level=True)


def elevation(side: str, north: FloatArray | None) -> Projection:
    """front, back, right or left; or, where north is known, the side that faces north, east, south or west."""
    if side in _SIDES:
        seen = _SIDES[side]
    elif side in _COMPASS:
        if north is None:
            raise BadOptions("draw_no_north", side=side)
        angle = np.radians(_COMPASS[side])
        east = np.cross(north, _Y)
        seen = np.cos(angle) * north + np.sin(angle) * east
    else:
        raise BadOptions("draw_side", side=side, sides=", ".join([*_SIDES, *_COMPASS]))
    title = Message("draw.elevation", side=Message(f"draw.{side}"))
    return Projection(f"elevation-{side}", title, np.cross(_Y, seen), _Y, -seen)


def section(where: str) -> Projection:
    """Such as x=3: upright through x = 3, looking to smaller x; with + behind it, to larger x."""
    found = re.fullmatch(r"([xz])=(-?\d+(?:\.\d+)?)([+-]?)", where.strip())
    if not found:
        raise BadOptions("draw_section", where=where)
    axis, at = (_X if found[1] == "x" else _Z), float(found[2])
    ahead = axis if found[3] == "+" else -axis
    title = Message("draw.section", axis=found[1], at=f"{at:.2f}")
    name = f"section-{found[1]}{found[2]}{'-plus' if found[3] == '+' else ''}"
    return Projection(name, title, np.cross(_Y, -ahead), _Y, ahead, cut=float(at * axis @ ahead))


def floor_of(survey: Survey) -> float:
    """The height of the lowest large level surface: the floor."""
    if survey.normals is None:
        heights, weight = survey.points[:, 1], np.ones(len(survey.points))
    else:
        flat = survey.normals[:, 1] > 0.9
        heights, weight = survey.points[flat, 1], np.ones(int(flat.sum()))
    if not len(heights):
        return float(survey.low[1])
    low = float(heights.min())
    filled = np.bincount(((heights - low) / _FLOOR_CELL).astype(int), weights=weight)
    level = int(np.flatnonzero(filled >= 0.3 * filled.max())[0])
    near = np.abs(heights - low - (level + 0.5) * _FLOOR_CELL) < 1.5 * _FLOOR_CELL
    return float(np.median(heights[near]))
