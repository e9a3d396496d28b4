"""Masonry: walls with openings, floors, steps, kerbs.

Elements are built in the site's own frame: walls run along +x with their face towards +z.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from exhibit.space.shapes import bar, box, quad, turned, wall_with_openings
from exhibit.space.sheets import Finish
from exhibit.space.site import Site

GRANITE = Finish("granite", (1.2, 1.2))
ASHLAR = Finish("ashlar", (2.4, 2.4))
BRICK = Finish("red_brick", (2.16, 2.16))
PAVING = Finish("paving", (3.6, 3.6))
FLOOR_BRICK = Finish("floor_brick", (2.4, 2.4))
RUBBLE = Finish("cobble", (2.4, 2.4))
TALLEST_STEP = 0.18


@dataclass(frozen=True, slots=True)
class Opening:
    """A hole in a wall, metres along it and above its foot."""

    start: float
    end: float
    low: float
    high: float
    lining: Finish = GRANITE
    bars: int = 0  # upright stone bars, of a window
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)


Bands = Sequence[tuple[float, Finish]]  # (upper edge, finish), from the foot up


def wall(
    site: Site,
    length: float,
    thick: float,
    front: Bands,
    back: Bands,
    openings: Sequence[Opening] = (),
    *,
    top: Finish | None = None,
    ends: bool = False,
    solid: bool = True,
    detail: float = 1.0,
) -> None:
    """From (0, 0, 0) to (length, h, 0): its front lies at z = 0, its back at z = -thick."""
    holes = [(o.start, o.end, o.low, o.high) for o in openings]
    for bands, origin, along, mirrored in (
        (front, (0.0, 0.0, 0.0), (length, 0.0, 0.0), False),
        (back, (length, 0.0, -thick), (-length, 0.0, 0.0), True),
    ):
        low = 0.0
        for high, finish in bands:
            cut = [(length - b, length - a, c, d) if mirrored else (a, b, c, d) for a, b, c, d in holes]
            inside = [(a, b, max(c, low), min(d, high)) for a, b, c, d in cut if c < high and d > low]
            site.show(wall_with_openings(origin, along, high, inside, finish, low=low, detail=detail))
            low = high
    tall = front[-1][0]
    if top is not None:
        site.show(quad((0, tall, 0), (length, 0, 0), (0, 0, -thick), top))
    if ends:
        site.show(quad((length, 0, 0), (0, 0, -thick), (0, tall, 0), front[-1][1]))
        site.show(quad((0, 0, -thick), (0, 0, thick), (0, tall, 0), front[-1][1]))
    for o in openings:
        _lining(site, o, thick)
    if solid:
        _solid_wall(site, length, thick, tall, openings)


def _lining(site: Site, o: Opening, thick: float) -> None:
    x, y, z = np.array([o.end - o.start, 0, 0]), np.array([0, o.high - o.low, 0]), np.array([0, 0, thick])
    site.show(quad((o.start, o.low, 0), -z, y, o.lining))
    site.show(quad((o.end, o.low, -thick), z, y, o.lining))
    site.show(quad((o.start, o.high, -thick), x, z, o.lining))
    if o.low > 0.0:
        site.show(quad((o.start, o.low, 0), x, -z, o.lining))
    for k in range(o.bars):
        at = o.start + (k + 1) / (o.bars + 1) * (o.end - o.start)
        site.show(turned((at, o.low, -thick / 2), [(0.03, 0), (0.03, o.high - o.low)], o.lining, sides=6))


def _solid_wall(site: Site, length: float, thick: float, tall: float, openings: Sequence[Opening]) -> None:
    cuts = sorted({0.0, length, *(v for o in openings for v in (o.start, o.end))})
    for a, b in pairwise(cuts):
        hole = next((o for o in openings if o.start <= (a + b) / 2 <= o.end), None)
        if hole is None or hole.low > 0.4:
            site.block((a, 0, -thick), (b, tall, 0))
        elif hole.high < tall:
            site.block((a, hole.high, -thick), (b, tall, 0))


def floor(
    site: Site, low: tuple[float, float], high: tuple[float, float], y: float, finish: Finish, *, detail: float = 1.0
) -> None:
    """A floor between (x, z) corners, solid for half a metre below."""
    site.show(
        quad(
            (low[0], y, high[1]), (high[0] - low[0], 0, 0), (0, 0, low[1] - high[1]), finish,
            shift=(low[0], -high[1]), detail=detail,
        )
    )  # fmt: skip
    site.block((low[0], y - 0.5, low[1]), (high[0], y, high[1]))


def steps(
    site: Site, width: float, rise: float, finish: Finish = GRANITE, *, tread: float = 0.34, cheeks: bool = True
) -> float:
    """A flight up from (0, 0, 0) towards -z, `width` wide; ends at y = rise. Returns how far it reaches."""
    count = max(1, int(np.ceil(rise / (TALLEST_STEP - 0.01) - 1e-9)))
    for k in range(count):
        y0, y1 = rise * k / count, rise * (k + 1) / count
        low, high = (-width / 2, y0, -count * tread), (width / 2, y1, -k * tread)
        site.show(box((low[0], low[1], -(k + 1) * tread if k + 1 < count else low[2]), high, finish, sides="s^ew"))
        site.block((low[0], -0.2, low[2]), high)
    if cheeks:
        for side in (-1, 1):
            x = sorted((side * width / 2, side * (width / 2 + 0.28)))
            site.show(box((x[0], 0, -count * tread), (x[1], rise, 0.04), finish))
            site.block((x[0], 0, -count * tread), (x[1], rise, 0.04))
    return count * tread


def kerb(
    site: Site, start: tuple[float, float], end: tuple[float, float], y0: float, y1: float, finish: Finish = GRANITE
) -> None:
    """The upright stone edge of a raised floor, seen from the left of the way from start to end, which is (x, z)."""
    a, b = np.array([start[0], y0, start[1]]), np.array([end[0], y0, end[1]])
    site.show(quad(b, a - b, (0, y1 - y0, 0), finish))


def parapet(site: Site, length: float, height: float, thick: float, finish: Finish, cap: Finish = GRANITE) -> None:
    """A low wall along +x that nobody climbs: what is solid goes on above it."""
    site.show(box((0, 0, -thick), (length, height - 0.08, 0), finish, sides="nesw"))
    site.show(box((-0.04, height - 0.08, -thick - 0.04), (length + 0.04, height, 0.04), cap, sides="nesw^_"))
    site.block((0, -0.5, -thick), (length, height + 2.0, 0))


def framed_panel(
    site: Site, x: float, y: float, width: float, height: float, frame: Finish, infill: Finish, deep: float = 0.05
) -> None:
    """A panel with a raised border on a wall's face (z = 0)."""
    w = 0.07
    site.show(quad((x, y, 0.012), (width, 0, 0), (0, height, 0), infill))
    for a, b in (
        ((x - w, y - w), (x + width + w, y)),
        ((x - w, y + height), (x + width + w, y + height + w)),
        ((x - w, y), (x, y + height)),
        ((x + width, y), (x + width + w, y + height)),
    ):
        site.show(box((*a, 0.0), (*b, deep), frame, sides="esw^_"))


def lattice(site: Site, x: float, y: float, width: float, height: float, finish: Finish, z: float = 0.0) -> None:
    """Crossed bars in a frame, in the manner of old window lattices: upright bars and pairs of cross bars."""
    for at in np.linspace(x, x + width, max(3, round(width / 0.13) + 1)):
        thick = 0.05 if at in (x, x + width) else 0.022
        site.show(bar((at, y, z), (at, y + height, z), thick, thick, finish))
    for share in (0.0, 0.14, 0.20, 0.48, 0.54, 0.80, 0.86, 1.0):
        thick = 0.05 if share in (0.0, 1.0) else 0.022
        site.show(bar((x, y + share * height, z), (x + width, y + share * height, z), thick, thick, finish))
