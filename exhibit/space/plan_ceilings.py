"""The ceilings of a plan's rooms and their light: luminous strips, skylights, beams, spotlights on tracks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from exhibit.documents.types import Furnishing, Id
from exhibit.space.furniture import track_light
from exhibit.space.light_sources import Spot
from exhibit.space.plan_room import BuiltRoom, flat, spatial
from exhibit.space.plan_walls import Piece
from exhibit.space.shapes import bar, quad
from exhibit.space.sheets import Finish
from exhibit.space.site import Site, Vec

FloatArray = NDArray[np.float64]
CEILING = Finish("plaster", (2.4, 2.4), tint=(0.96, 0.955, 0.94))
DARK_CEILING = Finish("plaster", (2.4, 2.4), tint=(0.10, 0.105, 0.11))
BOARDS = Finish("timber", (1.6, 1.6), tint=(0.80, 0.70, 0.58))
BEAM = Finish("timber", (1.6, 1.6), tint=(0.52, 0.40, 0.29))
LUMINOUS = Finish("light", (1.0, 1.0), tint=(1.0, 0.99, 0.97), glows=True, radiance=4.2)
DAYLIGHT = Finish("light", (1.0, 1.0), tint=(0.97, 0.985, 1.0), glows=True, radiance=4.6)
SHADED = Finish(
    "light", (1.0, 1.0), tint=(0.50, 0.52, 0.55), glows=True, radiance=1.6
)  # a skylight with its blinds down
FURNITURE_LIT = ("plinth", "platform", "vitrine", "standing_panel", "panel")
MOST_WALL_SPOTS = 60


@dataclass(frozen=True, slots=True)
class Strip:
    """A rectangle below a ceiling: metres along the room's way (or across it) and to its left."""

    along: FloatArray
    first: tuple[float, float]
    last: tuple[float, float]

    def point(self, s: float, t: float) -> FloatArray:
        x, z = self.along
        return np.asarray(s * self.along + t * np.array([z, -x]))

    def corners(self) -> FloatArray:
        """(4, 2), x and z, clockwise seen from above."""
        (s0, t0), (s1, t1) = self.first, self.last
        return np.array([self.point(*at) for at in ((s0, t0), (s0, t1), (s1, t1), (s1, t0))])


def ceil(site: Site, room: BuiltRoom, thick: float) -> None:
    """The room's ceiling with the light that it gives; `thick` is that of the room's thickest wall."""
    kind, light = room.ceiling_kind, room.light
    if kind == "open":
        return
    across = np.array([room.along[1], -room.along[0]])
    openings: list[Strip] = []
    finish = {"timber": BOARDS}.get(kind, DARK_CEILING if light == "dim" else CEILING)
    if kind == "skylight":
        openings = _strips(room, room.along, 4.2, 2.0, 0.9 + thick / 2)
    elif light == "even":
        axis, width = (across, 0.55) if kind == "timber" else (room.along, 0.9)
        openings = _strips(room, axis, 2.4 if kind == "timber" else 3.0, width, 0.5 + thick / 2)
    glow = LUMINOUS if kind != "skylight" else DAYLIGHT if light == "even" else SHADED
    deep = 0.7 if kind == "skylight" else 0.12
    for strip in openings:
        _recess(site, strip, room.ceiling, deep, CEILING, glow, barred=kind == "skylight")
    site.show(flat([*room.loops, *(strip.corners() for strip in openings)], room.ceiling, room.along, finish, up=False))
    if kind == "timber":
        for beam in _between(_strips(room, across, 2.4, 0.2, 0.0), openings):
            a, b = (
                beam.point(beam.first[0], sum(t for _, t in (beam.first, beam.last)) / 2),
                beam.point(beam.last[0], sum(t for _, t in (beam.first, beam.last)) / 2),
            )
            y = room.ceiling - 0.13
            site.show(bar(spatial(a, y), spatial(b, y), 0.2, 0.26, BEAM, ends=True))
    if light != "even" or not openings:
        _fill(site, room, {"even": 14.0, "spots": 5.0, "dim": 2.2}[light])


def _fill(site: Site, room: BuiltRoom, power: float) -> None:
    """A little light everywhere, from lamps that are not seen: what spotlights leave dark is never black."""
    left = np.array([room.along[1], -room.along[0]])
    points = np.concatenate(room.loops)
    s, t = points @ room.along, points @ left
    columns, rows = (max(1, round(float(np.ptp(v)) / 4.0)) for v in (s, t))
    places = [
        (s.min() + (i + 0.5) / columns * np.ptp(s)) * room.along + (t.min() + (k + 0.5) / rows * np.ptp(t)) * left
        for i in range(columns)
        for k in range(rows)
    ]
    inside = [place for place in places if room.face.holds(_pair(place))] or [_middle(room)]
    for place in inside:
        lamp, foot = _vec(place, room.ceiling - 0.05), _vec(place, 0.0)
        site.lamp(Spot(lamp, foot, 89.0, power * (room.ceiling / 4.0) ** 2, (1.0, 0.95, 0.88)))


def light_walls(site: Site, rooms: Sequence[BuiltRoom], pieces: Sequence[Piece], lit: Mapping[Id, Furnishing]) -> None:
    """Track lights: on the furniture of rooms that are lit by spots, and on their walls."""
    furnished = set()
    for _, thing in sorted(lit.items()):
        x, y, z = thing["position"]
        index = next((i for i, room in enumerate(rooms) if room.face.holds((x, z))), None)
        if index is None or thing["kind"] not in FURNITURE_LIT:
            continue
        if rooms[index].light == "even" or rooms[index].ceiling_kind == "open":
            continue
        furnished.add(index)
        yaw = np.radians(thing["facing_deg"])
        front = np.array([np.sin(yaw), np.cos(yaw)])
        at = np.array([x, z]) + 1.5 * front
        if not rooms[index].face.holds((float(at[0]), float(at[1]))):
            at = np.array([x, z]) + 0.3 * front
        middle = {"panel": thing["height_m"] / 2, "standing_panel": 0.6 + thing["height_m"] / 2}
        _spot(site, rooms[index], at, (x, y + middle.get(thing["kind"], thing["height_m"] + 0.2), z))
    washed = [
        (piece, side, rooms[index])
        for piece in pieces
        for side, index in piece.rooms.items()
        if index is not None
        and rooms[index].ceiling_kind != "open"
        and (rooms[index].light == "spots" or (rooms[index].light == "dim" and index not in furnished))
    ]
    total = sum(piece.length for piece, _, _ in washed)
    for piece, side, room in washed:
        _wash(site, room, piece, side, max(1.9, total / MOST_WALL_SPOTS))


def _wash(site: Site, room: BuiltRoom, piece: Piece, side: int, spacing: float) -> None:
    if piece.wall["height_m"] < 1.6 or piece.length < 1.0:
        return
    count = max(1, round(piece.length / spacing))
    normal = side * piece.left
    for k in range(count):
        s = piece.length * (k + 0.5) / count
        if any(hole.start - 0.3 < s < hole.end + 0.3 for hole in piece.holes):
            continue
        face = piece.at(s, side)
        reach = next((d for d in (1.4, 1.0, 0.6) if room.face.holds(_pair(face + (d + 0.3) * normal))), None)
        if reach is not None:
            height = min(1.6, 0.45 * room.ceiling)
            _spot(site, room, face + reach * normal, (float(face[0]), height, float(face[1])))


def _spot(site: Site, room: BuiltRoom, at: FloatArray, target: Vec) -> None:
    place = _vec(at, room.ceiling - 0.2)
    far = float(np.linalg.norm(np.subtract(place, target)))
    power = (6.0 if room.light == "dim" else 11.0) * (far / 2.6) ** 2
    track_light(site, place, target, power)


def _recess(
    site: Site, strip: Strip, ceiling: float, deep: float, finish: Finish, glow: Finish, *, barred: bool
) -> None:
    corners = strip.corners()
    for p, q in pairwise([*corners, corners[0]]):
        site.show(quad(spatial(p, ceiling), spatial(q - p, 0), (0, deep, 0), finish))
    site.show(flat([corners], ceiling + deep, strip.along, glow, up=False))
    if barred:
        (s0, t0), (s1, t1) = strip.first, strip.last
        for s in np.linspace(s0, s1, max(2, round((s1 - s0) / 1.1) + 1))[1:-1]:
            a, b = strip.point(float(s), t0), strip.point(float(s), t1)
            site.show(bar(spatial(a, ceiling + deep - 0.12), spatial(b, ceiling + deep - 0.12), 0.05, 0.2, finish))


def _strips(room: BuiltRoom, along: FloatArray, spacing: float, width: float, margin: float) -> list[Strip]:
    """Rectangles along `along`, `margin` inside the room; narrower ones where it is too narrow for these."""
    for scale in (1.0, 0.6, 0.35):
        found = list(_strips_of(room, along, spacing, width * scale, margin * max(scale, 0.5)))
        if found:
            return found
    return []


def _strips_of(room: BuiltRoom, along: FloatArray, spacing: float, width: float, margin: float) -> Iterator[Strip]:
    left = np.array([along[1], -along[0]])
    loops = [np.stack([loop @ along, loop @ left], -1) for loop in room.loops]
    across = np.concatenate(loops)[:, 1]
    low, high = float(across.min()), float(across.max())
    count = max(1, round((high - low) / spacing))
    for k in range(count):
        t = low + (k + 0.5) / count * (high - low)
        first, last = t - width / 2 - margin, t + width / 2 + margin
        levels = [first, t, last, *(v + d for v in across if first < v < last for d in (-1e-4, 1e-4))]
        spans = _spans(loops, levels[0])
        for level in levels[1:]:
            spans = _common(spans, _spans(loops, level))
        for a, b in spans:
            if b - a > 2 * margin + 0.6:
                yield Strip(along, (a + margin, t - width / 2), (b - margin, t + width / 2))


def _spans(loops: Sequence[FloatArray], t: float) -> list[tuple[float, float]]:
    """Where the line at `t` runs inside the polygon."""
    crossings = []
    for loop in loops:
        for (s0, t0), (s1, t1) in pairwise([*loop, loop[0]]):
            if (t0 > t) != (t1 > t):
                crossings.append(float(s0 + (t - t0) / (t1 - t0) * (s1 - s0)))
    crossings.sort()
    return list(zip(crossings[::2], crossings[1::2], strict=False))


def _common(one: Sequence[tuple[float, float]], other: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    both = [(max(a, c), min(b, d)) for a, b in one for c, d in other]
    return [(a, b) for a, b in both if b > a]


def _between(beams: Sequence[Strip], strips: Sequence[Strip]) -> list[Strip]:
    """Beams moved by half of their distance, where strips of light would lie under them."""
    if not strips or len(beams) < 2:
        return [] if strips else list(beams)
    shift = (beams[1].first[1] - beams[0].first[1]) / 2
    return [
        Strip(beam.along, (beam.first[0], beam.first[1] + shift), (beam.last[0], beam.last[1] + shift))
        for beam in beams[:-1]
    ]


def _middle(room: BuiltRoom) -> FloatArray:
    """A point well inside the room: the middle of its widest span."""
    left = np.array([room.along[1], -room.along[0]])
    loops = [np.stack([loop @ room.along, loop @ left], -1) for loop in room.loops]
    across = np.concatenate(loops)[:, 1]
    best = max(
        ((b - a, (a + b) / 2, t) for t in np.linspace(across.min(), across.max(), 9)[1:-1] for a, b in _spans(loops, t))
    )
    return np.asarray(best[1] * room.along + best[2] * left)


def _pair(point: FloatArray) -> tuple[float, float]:
    return float(point[0]), float(point[1])


def _vec(point: FloatArray, y: float) -> Vec:
    return float(point[0]), y, float(point[1])
