"""What a plan means: the rooms that its walls enclose, and where its openings lie. The viewer: src/document/plan.ts.

The cases in assets/schema/cases/plan.json hold both. Points are (x, z) in metres. "Left" and "counterclockwise" are as
seen from above, where x runs right and z runs down the page.

The walls become a graph. Ends within 5 cm of each other are one node. A node within 5 cm of another wall splits that
wall, and so does a crossing. Rooms are the graph's bounded faces (de Berg et al., Computational Geometry, 2008, ch. 2);
walls with the same face on both sides bound no room.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from exhibit.documents.order import by_id
from exhibit.documents.types import Id, Opening, Plan

Point = tuple[float, float]
JOIN = 0.05  # m: ends of walls this near each other meet
SMALLEST_ROOM = 0.1  # m2


@dataclass(frozen=True, slots=True)
class Edge:
    """A piece of a wall between two nodes, in the wall's direction."""

    start: int
    end: int
    wall: Id


@dataclass(frozen=True, slots=True)
class WallGraph:
    nodes: list[Point]
    edges: list[Edge]
    ends: dict[Id, tuple[int, int]]  # of each wall that is not shorter than a joint: nodes of `from` and `to`

    def line(self, wall: Id) -> tuple[Point, Point]:
        """From where to where the wall runs."""
        start, end = self.ends[wall]
        return self.nodes[start], self.nodes[end]


@dataclass(frozen=True, slots=True)
class Loop:
    """A closed line along the middles of walls: the wall `walls[i]` runs from `points[i]` to the next point.

    It begins at the point with the smallest x, of those the smallest z.
    """

    points: list[Point]
    walls: list[Id]


@dataclass(frozen=True, slots=True)
class PlanFace:
    """A room: what lies inside its outline, which runs counterclockwise, and outside its holes, which run clockwise."""

    outline: Loop
    holes: list[Loop]
    area_m2: float  # up to the middles of the walls

    def holds(self, point: Point) -> bool:
        return inside(self.outline.points, point) and not any(inside(hole.points, point) for hole in self.holes)


@dataclass(frozen=True, slots=True)
class OpeningPlace:
    """An opening where it is built: within its wall, whatever the plan says."""

    position: Point  # its middle, in the middle of the wall
    facing_deg: float  # the yaw about +Y that turns +Z into the room; between two rooms: into the one left of the wall
    width: float  # m
    height: float  # m
    sill: float  # m


def wall_graph(plan: Plan) -> WallGraph:
    """The walls in the order of their ids."""
    nodes: list[Point] = []
    ends: dict[Id, tuple[int, int]] = {}
    for key, wall in by_id(plan["walls"]):
        start, end = (_joined(nodes, (x, z)) for x, z in (wall["from"], wall["to"]))
        if start != end:
            ends[key] = start, end
    for index in range(len(nodes)):
        for a, b in ends.values():
            foot = None if index in (a, b) else _foot(nodes[index], nodes[a], nodes[b])
            if foot is not None:
                nodes[index] = foot
                break
    nodes, ends = _merged(nodes, ends)  # two ends that met a wall from both sides
    for (a, b), (c, d) in combinations(list(ends.values()), 2):
        crossing = _crossing(nodes[a], nodes[b], nodes[c], nodes[d])
        if crossing is not None:
            _joined(nodes, crossing)
    edges: dict[tuple[int, int], Edge] = {}
    for key, (a, b) in ends.items():
        between = [i for i in range(len(nodes)) if i not in (a, b) and _foot(nodes[i], nodes[a], nodes[b]) is not None]
        between.sort(key=lambda i: _along(nodes[i], nodes[a], nodes[b]))
        for start, end in pairwise([a, *between, b]):
            edges.setdefault((min(start, end), max(start, end)), Edge(start, end, key))
    return WallGraph(nodes, list(edges.values()), ends)


def plan_faces(graph: WallGraph) -> list[PlanFace]:
    """The rooms, in the order of their outlines' points."""
    edges = list(graph.edges)
    face_of = {half: i for i, walk in enumerate(_walks(graph.nodes, edges)) for half in walk}
    bounding = [e for i, e in enumerate(edges) if face_of[(i, False)] != face_of[(i, True)]]
    loops = [_loop(graph.nodes, bounding, walk) for walk in _walks(graph.nodes, bounding)]
    part = _parts(bounding)
    part_at = {graph.nodes[node]: name for node, name in part.items()}
    outlines = [loop for loop in loops if signed_area(loop.points) >= SMALLEST_ROOM]
    holes: dict[int, list[Loop]] = defaultdict(list)
    for loop in loops:
        if signed_area(loop.points) <= -SMALLEST_ROOM:
            first = loop.points[0]
            around = [
                (signed_area(outline.points), i)
                for i, outline in enumerate(outlines)
                if part_at[outline.points[0]] != part_at[first] and inside(outline.points, first)
            ]
            if around:
                holes[min(around)[1]].append(loop)
    found = [
        PlanFace(
            outline,
            sorted(holes[i], key=lambda hole: hole.points),
            signed_area(outline.points) + sum(signed_area(hole.points) for hole in holes[i]),
        )
        for i, outline in enumerate(outlines)
    ]
    return sorted(found, key=lambda room: room.outline.points)


def face_at(faces: Sequence[PlanFace], point: Point) -> PlanFace | None:
    """The room that the point lies in."""
    return next((face for face in faces if face.holds(point)), None)


def looks_of(faces: Sequence[PlanFace], plan: Plan) -> list[Id | None]:
    """Of each room, the id of the entry in `rooms` that says how it looks: the first that lies in it."""
    entries = by_id(plan.get("rooms"))
    return [next((key for key, room in entries if face.holds((room["at"][0], room["at"][1]))), None) for face in faces]


def opening_places(plan: Plan, graph: WallGraph, faces: Sequence[PlanFace]) -> dict[Id, OpeningPlace]:
    """Where the openings are built; one without a wall is not built.

    An opening that does not fit into its wall is moved into it, and made as small as the wall where it must be.
    """
    return {
        key: _place(opening, plan, graph, faces)
        for key, opening in by_id(plan.get("openings"))
        if opening["wall"] in graph.ends
    }


def _place(opening: Opening, plan: Plan, graph: WallGraph, faces: Sequence[PlanFace]) -> OpeningPlace:
    start, end = graph.line(opening["wall"])
    length = math.sqrt((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2)
    x, z = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    width = min(opening["width_m"], length)
    at = min(max(opening["at_m"], width / 2), length - width / 2)
    tall = plan["walls"][opening["wall"]]["height_m"]
    sill = min(opening.get("sill_m", 0.0), tall) if opening["kind"] == "window" else 0.0
    middle = start[0] + at * x, start[1] + at * z
    left = z, -x
    beside = [
        face_at(faces, (middle[0] + side * JOIN * left[0], middle[1] + side * JOIN * left[1])) for side in (1, -1)
    ]
    side = -1 if beside[0] is None and beside[1] is not None else 1
    return OpeningPlace(
        (_rounded(middle[0]), _rounded(middle[1])),
        facing(side * left[0], side * left[1]),
        _rounded(width),
        _rounded(min(opening["height_m"], tall - sill)),
        _rounded(sill),
    )


def facing(x: float, z: float) -> float:
    """The yaw about +Y that turns local +Z towards (x, z), in degrees: above -180, at most 180."""
    degrees = math.floor(math.degrees(math.atan2(x, z)) * 1e3 + 0.5) / 1e3 + 0.0
    return 180.0 if degrees == -180.0 else degrees


def signed_area(points: Sequence[Point]) -> float:
    """In square metres; more than 0 where the points run counterclockwise."""
    return sum(b[0] * a[1] - a[0] * b[1] for a, b in pairwise([*points, points[0]])) / 2


def inside(points: Sequence[Point], point: Point) -> bool:
    """Whether the point lies inside the closed line (even-odd rule)."""
    x, z = point
    found = False
    for (ax, az), (bx, bz) in pairwise([*points, points[0]]):
        if (az > z) != (bz > z) and x < ax + (z - az) / (bz - az) * (bx - ax):
            found = not found
    return found


def _rounded(value: float) -> float:
    """To a tenth of a millimetre, in both languages alike."""
    return math.floor(value * 1e4 + 0.5) / 1e4 + 0.0


def _distance(a: Point, b: Point) -> float:
    return math.sqrt((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2)


def _joined(nodes: list[Point], point: Point) -> int:
    """The index of the nearest node within JOIN; else the point becomes a node."""
    near = [(_distance(node, point), i) for i, node in enumerate(nodes) if _distance(node, point) <= JOIN]
    if near:
        return min(near)[1]
    nodes.append((_rounded(point[0]), _rounded(point[1])))
    return len(nodes) - 1


def _merged(nodes: list[Point], ends: dict[Id, tuple[int, int]]) -> tuple[list[Point], dict[Id, tuple[int, int]]]:
    kept: list[Point] = []
    new = [_joined(kept, node) for node in nodes]
    return kept, {key: (new[a], new[b]) for key, (a, b) in ends.items() if new[a] != new[b]}


def _along(point: Point, start: Point, end: Point) -> float:
    """The share of the way from start to end at which the point lies beside it."""
    x, z = end[0] - start[0], end[1] - start[1]
    return ((point[0] - start[0]) * x + (point[1] - start[1]) * z) / (x * x + z * z)


def _foot(point: Point, start: Point, end: Point) -> Point | None:
    """The nearest point between start and end, if it lies within JOIN."""
    share = _along(point, start, end)
    if not 0 < share < 1:
        return None
    foot = _rounded(start[0] + share * (end[0] - start[0])), _rounded(start[1] + share * (end[1] - start[1]))
    return foot if _distance(foot, point) <= JOIN else None


def _crossing(a: Point, b: Point, c: Point, d: Point) -> Point | None:
    """Where the lines a-b and c-d cross between their ends."""
    rx, rz, sx, sz = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
    across = rx * sz - rz * sx
    if across == 0:
        return None
    t = ((c[0] - a[0]) * sz - (c[1] - a[1]) * sx) / across
    u = ((c[0] - a[0]) * rz - (c[1] - a[1]) * rx) / across
    return (a[0] + t * rx, a[1] + t * rz) if 0 < t < 1 and 0 < u < 1 else None


Half = tuple[int, bool]  # an edge, and whether it is walked backwards


def _walks(nodes: Sequence[Point], edges: Sequence[Edge]) -> list[list[Half]]:
    """Each face's boundary with the face on its left; each half of an edge is in one."""
    leaving: dict[int, list[tuple[float, Half]]] = defaultdict(list)
    for i, edge in enumerate(edges):
        for back in (False, True):
            a, b = (edge.end, edge.start) if back else (edge.start, edge.end)
            angle = math.atan2(nodes[a][1] - nodes[b][1], nodes[b][0] - nodes[a][0])
            leaving[a].append((angle, (i, back)))
    following: dict[Half, Half] = {}
    for around in leaving.values():
        ordered = [half for _, half in sorted(around)]
        for k, (i, back) in enumerate(ordered):
            following[i, not back] = ordered[k - 1]
    walks, walked = [], set[Half]()
    for half in following:
        walk = []
        while half not in walked:
            walked.add(half)
            walk.append(half)
            half = following[half]
        if walk:
            walks.append(walk)
    return walks


def _loop(nodes: Sequence[Point], edges: Sequence[Edge], walk: Sequence[Half]) -> Loop:
    points = [nodes[edges[i].end if back else edges[i].start] for i, back in walk]
    walls = [edges[i].wall for i, _ in walk]
    first = points.index(min(points))
    return Loop(points[first:] + points[:first], walls[first:] + walls[:first])


def _parts(edges: Sequence[Edge]) -> dict[int, int]:
    """A number for each node, the same where edges connect them."""
    part: dict[int, int] = {}
    for edge in edges:
        for node in (edge.start, edge.end):
            part.setdefault(node, node)
        keep, gone = part[edge.start], part[edge.end]
        if keep != gone:
            part = {node: keep if name == gone else name for node, name in part.items()}
    return part
