"""The walls of a plan as solids: pieces between the nodes of the wall graph, mitred where they meet.

Points are (x, z) in metres; left is as seen from above, along a piece. A piece is looked at from either side: its sides
are LEFT and RIGHT.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from exhibit.documents.types import Id, Opening, Plan, Wall
from exhibit.space.plan_rooms import JOIN, Edge, OpeningPlace, PlanFace, WallGraph, face_at

FloatArray = NDArray[np.float64]
LEFT, RIGHT = 1, -1
LONGEST_MITRE = 2.0  # times the thickness; a sharper corner is cut off
LINTEL = 0.02  # m: an opening that comes nearer to the top of its wall has none
NARROWEST = 0.2  # m: what two openings that overlap leave of one, at least


@dataclass(frozen=True, slots=True)
class Hole:
    """An opening in a piece of wall: metres along the piece, from its first node, and above the floor."""

    key: Id
    opening: Opening
    start: float
    end: float
    low: float
    high: float


@dataclass(slots=True)
class Line:
    """From a point of the plan to another."""

    start: FloatArray  # (2,)
    end: FloatArray

    @property
    def length(self) -> float:
        return float(np.linalg.norm(self.end - self.start))

    @property
    def along(self) -> FloatArray:
        return np.asarray((self.end - self.start) / self.length)


@dataclass(slots=True)
class WallFace(Line):
    """What one sees of a wall from one side, from the left to the right of whoever looks at it."""

    height: float
    room: int | None
    holes: list[tuple[float, float, float, float]] = field(default_factory=list)  # start, end, low, high


@dataclass(slots=True)
class Piece(Line):
    """Of a wall, between two nodes."""

    edge: Edge
    wall: Wall
    rooms: dict[int, int | None]  # by side, the index of the room there
    corners: dict[tuple[int, int], FloatArray] = field(default_factory=dict)  # by (side, node)
    holes: list[Hole] = field(default_factory=list)

    @property
    def left(self) -> FloatArray:
        x, z = self.along
        return np.array([z, -x])

    @property
    def half(self) -> float:
        return self.wall["thickness_m"] / 2

    @property
    def free(self) -> bool:
        """Whether there is no room on either side."""
        return all(index is None for index in self.rooms.values())

    def face(self, side: int) -> WallFace:
        first, last = self.corners[side, self.edge.start], self.corners[side, self.edge.end]
        start, end = (last, first) if side == LEFT else (first, last)
        face = WallFace(start, end, self.wall["height_m"], self.rooms[side])
        for hole in self.holes:
            a, b = sorted(float((self.at(d, side) - start) @ face.along) for d in (hole.start, hole.end))
            face.holes.append((max(a, 0.0), min(b, face.length), hole.low, hole.high))
        return face

    def at(self, distance: float, side: float = 0.0) -> FloatArray:
        """The point so far along the piece; on its middle, or on the face of a side (shares of half its thickness)."""
        return np.asarray(self.start + distance * self.along + side * self.half * self.left)

    def top(self) -> FloatArray:
        """Its outline (6, 2), counterclockwise seen from above; neighbours' outlines join it."""
        a, b = self.edge.start, self.edge.end
        c = self.corners
        return np.array([self.start, c[RIGHT, a], c[RIGHT, b], self.end, c[LEFT, b], c[LEFT, a]])


@dataclass(frozen=True, slots=True)
class Closing:
    """What closes a corner that is not mitred: a face from `start` to `end`, for whoever looks at it from its room."""

    node: FloatArray
    start: FloatArray
    end: FloatArray
    low: float
    high: float
    room: int | None


def wall_pieces(
    plan: Plan, graph: WallGraph, faces: Sequence[PlanFace], places: Mapping[Id, OpeningPlace]
) -> tuple[list[Piece], list[Closing]]:
    pieces = [_piece(plan, graph, faces, edge) for edge in graph.edges]
    closings = list(_joined(pieces))
    for key, place in places.items():
        _pierce(pieces, key, plan["openings"][key], place)
    for piece in pieces:
        piece.holes = list(_apart(piece))
    return pieces, closings


def wall_faces(pieces: Sequence[Piece]) -> list[WallFace]:
    """What is seen of the walls: in rooms, and of walls that stand free. Pieces of a straight wall make one face."""
    found: list[WallFace] = []
    for side in (LEFT, RIGHT):
        run: WallFace | None = None
        last: Piece | None = None
        for piece in pieces:
            if piece.rooms[side] is None and not piece.free:
                continue
            start, end = piece.corners[side, piece.edge.start], piece.corners[side, piece.edge.end]
            if float((end - start) @ piece.along) < 1e-3:
                continue
            face = piece.face(side)
            goes_on = (
                run is not None
                and last is not None
                and last.edge.wall == piece.edge.wall
                and last.edge.end == piece.edge.start
                and run.room == face.room
                and float(np.linalg.norm(last.corners[side, last.edge.end] - start)) < 1e-6
                and abs(float(np.cross(np.append(last.along, 0), np.append(piece.along, 0))[2])) < 1e-6
            )
            if goes_on and run is not None:
                _lengthen(run, face, at_start=side == LEFT)
            else:
                run = face
                found.append(face)
            last = piece
    return found


def _lengthen(run: WallFace, face: WallFace, *, at_start: bool) -> None:
    if at_start:
        moved = [(a + face.length, b + face.length, low, high) for a, b, low, high in run.holes]
        run.holes = [*face.holes, *moved]
        run.start = face.start
    else:
        run.holes += [(a + run.length, b + run.length, low, high) for a, b, low, high in face.holes]
        run.end = face.end


def _piece(plan: Plan, graph: WallGraph, faces: Sequence[PlanFace], edge: Edge) -> Piece:
    start, end = (np.array(graph.nodes[node]) for node in (edge.start, edge.end))
    piece = Piece(start, end, edge, plan["walls"][edge.wall], {})
    for side in (LEFT, RIGHT):
        x, z = (start + end) / 2 + side * JOIN / 2 * piece.left
        face = face_at(faces, (float(x), float(z)))
        piece.rooms[side] = None if face is None else faces.index(face)
    return piece


@dataclass(frozen=True, slots=True)
class _End:
    """A piece as it leaves one of its nodes."""

    piece: Piece
    node: int
    away: FloatArray
    left_side: int  # the piece's side that lies to the left of the way off

    def corner(self, side: int, point: FloatArray) -> None:
        self.piece.corners[side * self.left_side, self.node] = point

    def offset(self, side: int) -> FloatArray:
        x, z = self.away
        return side * self.piece.half * np.array([z, -x])


def _joined(pieces: Sequence[Piece]) -> Iterator[Closing]:
    """Set the corners of all pieces."""
    leaving: dict[int, list[_End]] = defaultdict(list)
    for piece in pieces:
        leaving[piece.edge.start].append(_End(piece, piece.edge.start, piece.along, LEFT))
        leaving[piece.edge.end].append(_End(piece, piece.edge.end, -piece.along, RIGHT))
    for ends in leaving.values():
        ends.sort(key=lambda end: float(np.arctan2(-end.away[1], end.away[0])))
        node = ends[0].piece.start if ends[0].left_side == LEFT else ends[0].piece.end
        for k, first in enumerate(ends):
            second = ends[(k + 1) % len(ends)]
            p, q = _corner(node, first, second)
            first.corner(LEFT, p)
            second.corner(RIGHT, q)
            if np.linalg.norm(q - p) > 1e-3:
                height = min(first.piece.wall["height_m"], second.piece.wall["height_m"])
                yield Closing(node, p, q, 0.0, height, first.piece.rooms[first.left_side])
        for end in ends:  # above a lower wall, the others show where it joins them
            tall = max((other.piece.wall["height_m"] for other in ends if other is not end), default=0.0)
            own = end.piece.wall["height_m"]
            if tall > own:
                right, left = (end.piece.corners[side * end.left_side, end.node] for side in (RIGHT, LEFT))
                yield Closing(node, right, left, own, tall, end.piece.rooms[end.left_side])


def _corner(node: FloatArray, first: _End, second: _End) -> tuple[FloatArray, FloatArray]:
    """The corners of `first` on its left and of `second`, the next one counterclockwise, on its right."""
    p, q = node + first.offset(LEFT), node + second.offset(RIGHT)
    across = float(first.away[0] * second.away[1] - first.away[1] * second.away[0])
    if first is second or abs(across) < 0.02:
        return p, q
    gap = q - p
    along_first = float(gap[0] * second.away[1] - gap[1] * second.away[0]) / across
    along_second = float(gap[0] * first.away[1] - gap[1] * first.away[0]) / across
    longest = LONGEST_MITRE * max(first.piece.wall["thickness_m"], second.piece.wall["thickness_m"])
    fits = along_first < first.piece.length and along_second < second.piece.length
    if not fits or min(along_first, along_second) < -longest:
        return p, q
    meeting = p + along_first * first.away
    return meeting, meeting


def _pierce(pieces: Sequence[Piece], key: Id, opening: Opening, place: OpeningPlace) -> None:
    """Put the opening into the piece of its wall that its middle lies in."""
    middle = np.array(place.position)
    own = [piece for piece in pieces if piece.edge.wall == opening["wall"]]
    if not own:  # another wall lies on it
        return
    piece = min(
        own, key=lambda piece: abs(float((middle - piece.start) @ piece.along) - piece.length / 2) - piece.length / 2
    )
    at = float((middle - piece.start) @ piece.along)
    ends = [
        sorted(float((piece.corners[side, node] - piece.start) @ piece.along) for side in (LEFT, RIGHT))
        for node in (piece.edge.start, piece.edge.end)
    ]
    start, end = max(at - place.width / 2, ends[0][1]), min(at + place.width / 2, ends[1][0])
    high = place.sill + place.height
    tall = piece.wall["height_m"]
    if end - start >= NARROWEST:
        piece.holes.append(Hole(key, opening, start, end, place.sill, tall if high > tall - LINTEL else high))


def _apart(piece: Piece) -> Iterator[Hole]:
    """The piece's holes along it; of two that overlap, the later one gives way."""
    reached = 0.0
    for hole in sorted(piece.holes, key=lambda hole: (hole.start, hole.key)):
        start = max(hole.start, reached)
        if hole.end - start >= NARROWEST:
            reached = hole.end
            yield Hole(hole.key, hole.opening, start, hole.end, hole.low, hole.high)


def face_loops(
    length: float, low: float, high: float, holes: Sequence[tuple[float, float, float, float]]
) -> list[list[FloatArray]]:
    """A wall's face between two heights without its holes (start, end, low, high): polygons, each an outline and holes.

    Metres along the face and above `low`.
    """
    notches, inner, cuts = [], [], []
    for start, end, bottom, top in sorted(holes):
        bottom, top = max(bottom, low), min(top, high)
        if top <= bottom:
            continue
        if bottom <= low and top >= high:
            cuts.append((start, end))
        elif bottom <= low or top >= high:
            notches.append((start, end, bottom, top))
        else:
            inner.append((start, end, bottom, top))
    found = []
    ends = [0.0, *(v for cut in cuts for v in cut), length]
    for first, last in zip(ends[::2], ends[1::2], strict=True):
        if last - first < 1e-4:
            continue
        below = [(first, low)]
        above = [(first, high)]
        for start, end, bottom, top in notches:
            if first - 1e-9 <= start and end <= last + 1e-9:
                if bottom <= low:
                    below += [(start, low), (start, top), (end, top), (end, low)]
                else:
                    above += [(start, high), (start, bottom), (end, bottom), (end, high)]
        outline = [*below, (last, low), (last, high), *reversed(above)]
        loops = [_loop(outline, low)]
        for start, end, bottom, top in inner:
            if first <= start and end <= last:
                loops.append(_loop([(start, bottom), (start, top), (end, top), (end, bottom)], low))
        found.append(loops)
    return found


def _loop(points: Sequence[tuple[float, float]], low: float) -> FloatArray:
    """Without points that come twice."""
    kept = [
        p for p, q in zip(points, [*points[1:], points[0]], strict=True) if abs(p[0] - q[0]) + abs(p[1] - q[1]) > 1e-9
    ]
    return np.array(kept) - (0.0, low)
