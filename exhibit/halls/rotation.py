"""Turns about the vertical: as quaternions in a hall document, as degrees in a form."""

from __future__ import annotations

import math

from exhibit.documents.types import Placement, Quaternion


def quaternion(turn_deg: float) -> Quaternion:
    """Rotation x y z w about +Y; positive turns the front (+Z) towards +X."""
    half = math.radians(turn_deg) / 2
    return [0.0, math.sin(half), 0.0, math.cos(half)]


def turn(rotation: Quaternion) -> float:
    """Degrees about +Y, -180..180, of the direction that the front (+Z) is turned to."""
    x, y, z, w = rotation
    return math.degrees(math.atan2(2 * (x * z + w * y), 1 - 2 * (x * x + y * y)))


def shown_turn(placement: Placement) -> float:
    """The turn as a form shows it."""
    return round(turn(placement["rotation"]), 3) + 0.0
