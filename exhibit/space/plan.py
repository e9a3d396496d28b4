"""A plan as a hall: its walls, floors, ceilings, openings, platforms and stairs, with light and colliders.

Hall frame: +Y up, metres; the plan's (x, z) are the hall's x and z. A room is seen from inside; the outsides of outer
walls are not shown, so that whoever looks from above sees into the rooms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from exhibit.documents.types import Furnishing, Id, Plan, Stair, Text
from exhibit.space.furnishing import furnish
from exhibit.space.furniture import CHARCOAL, GLASS
from exhibit.space.greenery import dome
from exhibit.space.hall import Hall, View
from exhibit.space.light_sources import Sky, Sun
from exhibit.space.masonry import GRANITE, TALLEST_STEP
from exhibit.space.plan_ceilings import DAYLIGHT, ceil, light_walls
from exhibit.space.plan_room import (
    SKIRTING_HIGH,
    WALLS,
    BuiltRoom,
    built_rooms,
    flat,
    spatial,
)
from exhibit.space.plan_rooms import (
    OpeningPlace,
    PlanFace,
    looks_of,
    opening_places,
    plan_faces,
    wall_graph,
)
from exhibit.space.plan_walls import LEFT, RIGHT, Closing, Hole, Piece, WallFace, face_loops, wall_faces, wall_pieces
from exhibit.space.shapes import bar, box, quad, ruled
from exhibit.space.sheets import Finish, Sheet
from exhibit.space.site import Site

FloatArray = NDArray[np.float64]
EYE = 1.6
DOOR = Finish("oak", (2.4, 2.4), tint=(0.80, 0.76, 0.70))
FRAME = Finish("steel", (1.0, 1.0), tint=(0.82, 0.82, 0.80))
STEP_UP = Finish("granite", (1.2, 1.2), tint=(1.12, 1.10, 1.06))
DOOR_TITLE: Text = {"zh": "门", "en": "Door"}
AMBIENT = {"even": 1.7, "spots": 1.2, "dim": 0.7}  # of the viewer's light on exhibits


def hall(plan: Plan, furniture: Mapping[Id, Furnishing] | None = None) -> Hall:
    """The plan's rooms with the furniture in them. Visitors begin at the first door, by its id."""
    graph = wall_graph(plan)
    faces = plan_faces(graph)
    places = opening_places(plan, graph, faces)
    rooms = built_rooms(plan, faces, looks_of(faces, plan))
    pieces, closings = wall_pieces(plan, graph, faces, places)
    site = Site()
    for i, room in enumerate(rooms):
        _floor(site, room)
        thick = max(p.wall["thickness_m"] for p in pieces if i in p.rooms.values())
        ceil(site, room, thick)
    for face in wall_faces(pieces):
        _face(site, face, rooms)
    for piece in pieces:
        _top(site, piece, rooms)
        _solid(site, piece)
    for closing in closings:
        _close(site, closing, rooms)
    for piece in pieces:
        for hole in piece.holes:
            _fill(site, piece, hole, places[hole.key], rooms)
    _platforms(site, plan, faces, rooms)
    for _, stair in sorted(plan.get("stairs", {}).items()):
        _stair(site, stair)
    pieces_of_furniture = furniture or {}
    furnish(site, pieces_of_furniture)
    light_walls(site, rooms, pieces, pieces_of_furniture)
    start = _start(rooms, places, plan)
    outside = any(room.ceiling_kind == "open" for room in rooms)
    if outside:
        dome(site)
    first = next((room for room in rooms if room.face.holds((start[0][0], start[0][2]))), None)
    return Hall(
        title={"zh": "自绘展厅", "en": "A hall as drawn"},
        summary={"zh": "按平面图建成的展厅。", "en": "A hall built from a plan."},
        statement={
            "zh": "这是按馆方绘制的平面图用程序建成的虚拟展厅，光照预先计算，并非实有的建筑。",
            "en": "A virtual hall, built from a plan that the museum drew, its light computed beforehand. It is not an "
            "existing building.",
        },
        site=site,
        start=start,
        poster=start,
        sky=Sky() if outside else Sky((0.2, 0.2, 0.2), (0.2, 0.2, 0.2), (0.1, 0.1, 0.1)),
        sun=Sun((0.45, 1.0, 0.35)) if outside else None,
        background="#cfe0ee" if outside else "#f4f3ef",
        exposure=1.1,
        adaptation=0.30,
        ambient=AMBIENT["even" if first is None else first.light],
    )


def _floor(site: Site, room: BuiltRoom) -> None:
    sheet = flat(room.loops, 0.0, room.along, room.floor, up=True)
    site.show(sheet)
    mesh = sheet.mesh
    site.surface(mesh.points, mesh.triangles)


def _top(site: Site, piece: Piece, rooms: Sequence[BuiltRoom]) -> None:
    tall = piece.wall["height_m"]
    if piece.free or any(_over(rooms[i], tall) for i in piece.rooms.values() if i is not None):
        site.show(flat([piece.top()], tall, piece.along, GRANITE, up=True))


def _over(room: BuiltRoom, tall: float) -> bool:
    """Whether one sees the top of a wall so tall from the room."""
    return room.ceiling_kind == "open" or tall < room.ceiling - 1e-6


def _face(site: Site, face: WallFace, rooms: Sequence[BuiltRoom]) -> None:
    room = None if face.room is None else rooms[face.room]
    height, finish, skirting = _dressed(room, face.height)
    bands = [(0.0, height, finish)]
    if skirting is not None and height > 1:
        bands = [(0.0, SKIRTING_HIGH, skirting), (SKIRTING_HIGH, height, finish)]
    for low, high, look in bands:
        for loops in face_loops(face.length, low, high, face.holes):
            corner = spatial(face.start, low)
            s, t = spatial(face.along * face.length, 0), np.array([0, high - low, 0])
            grid = np.array([[corner, corner + s], [corner + t, corner + s + t]])
            site.show(Sheet(grid, look, (float(face.start @ face.along), low), cut=loops))


def _dressed(room: BuiltRoom | None, tall: float) -> tuple[float, Finish, Finish | None]:
    """How high a wall shows in the room, its finish and its skirting's."""
    if room is None:
        return tall, WALLS["white"], None
    return tall if room.ceiling_kind == "open" else min(tall, room.ceiling), room.wall, room.skirting


def _close(site: Site, closing: Closing, rooms: Sequence[BuiltRoom]) -> None:
    """The face that closes a corner which is not mitred, and its top."""
    room = None if closing.room is None else rooms[closing.room]
    height, finish, skirting = _dressed(room, closing.high)
    low = SKIRTING_HIGH if skirting is not None and closing.low == 0.0 and height > 1 else closing.low
    if height > low:
        site.show(_upright(closing.start, closing.end, low, height, finish))
    if skirting is not None and low > closing.low:
        site.show(_upright(closing.start, closing.end, closing.low, low, skirting))
    if closing.low == 0.0 and (room is None or _over(room, closing.high)):
        corners = np.array([closing.node, closing.start, closing.end])
        x, z = (corners[1:] - corners[0]).T
        if abs(x[0] * z[1] - x[1] * z[0]) > 1e-6:
            site.show(flat([corners], closing.high, np.array([1.0, 0.0]), GRANITE, up=True))


def _upright(start: FloatArray, end: FloatArray, low: float, high: float, finish: Finish) -> Sheet:
    """An upright face, from the left to the right of whoever looks at it."""
    return quad(spatial(start, low), spatial(end - start, 0), (0, high - low, 0), finish, shift=(0.0, low))


def _solid(site: Site, piece: Piece) -> None:
    """What nobody walks through: the wall beside and above its doors and passages."""
    tall = piece.wall["height_m"]
    ways = [hole for hole in piece.holes if hole.opening["kind"] != "window" and _leads_on(piece, hole)]
    reached: tuple[FloatArray, FloatArray] = (
        piece.corners[RIGHT, piece.edge.start],
        piece.corners[LEFT, piece.edge.start],
    )
    for hole in ways:
        before = piece.at(hole.start, RIGHT), piece.at(hole.start, LEFT)
        after = piece.at(hole.end, RIGHT), piece.at(hole.end, LEFT)
        site.prism([reached[0], before[0], before[1], reached[1]], -0.2, tall)
        if hole.high < tall:
            site.prism([before[0], after[0], after[1], before[1]], hole.high, tall)
        reached = after
    last = piece.corners[RIGHT, piece.edge.end], piece.corners[LEFT, piece.edge.end]
    site.prism([reached[0], last[0], last[1], reached[1]], -0.2, tall)


def _leads_on(piece: Piece, hole: Hole) -> bool:
    """Whether one comes through: doors have leaves, and what leads out of all rooms is glazed."""
    return hole.opening["kind"] == "door" or all(index is not None for index in piece.rooms.values())


def _fill(site: Site, piece: Piece, hole: Hole, place: OpeningPlace, rooms: Sequence[BuiltRoom]) -> None:
    """The opening's lining, and what is in it: a door's leaves, a window."""
    beside = [rooms[index] for index in piece.rooms.values() if index is not None]
    ceilings = [room.ceiling for room in beside if room.ceiling_kind != "open"]
    high = min([hole.high, *ceilings])
    if high <= hole.low:
        return
    kind = hole.opening["kind"]
    linings = [room.lining for room in beside] or [WALLS["white"]]
    lining = CHARCOAL if kind == "door" else max(linings, key=lambda finish: finish.tint)
    deep = piece.wall["thickness_m"]
    middle = piece.at((hole.start + hole.end) / 2)
    here = site.at(float(middle[0]), 0.0, float(middle[1]), place.facing_deg)
    half, near, far = (hole.end - hole.start) / 2, deep / 2, -deep / 2
    up = (0.0, high - hole.low, 0.0)
    outer = len(beside) < 2
    back = 0.0 if outer and kind == "door" else far
    inwards = near - back
    here.show(quad((-half, hole.low, near), (0, 0, -inwards), up, lining))
    here.show(quad((half, hole.low, back), (0, 0, inwards), up, lining))
    if high < piece.wall["height_m"] - 1e-6 or beside:
        here.show(quad((-half, high, back), (2 * half, 0, 0), (0, 0, inwards), lining))
    if hole.low > 0:
        here.show(quad((-half, hole.low, near), (2 * half, 0, 0), (0, 0, -inwards), lining))
    if kind == "door":
        _leaves(here, half, high, outer)
        here.door(hole.key, DOOR_TITLE, (0.0, 0.0, 0.0), 0.0, 2 * half, high)
    elif kind == "window" or outer:
        _window(here, half, hole.low, high, far + 0.03 if outer else 0.0, outer)


def _leaves(here: Site, half: float, high: float, outer: bool) -> None:
    """One leaf, or two where the door is wide, closed in the middle of the wall; a visitor walks up to them."""
    sides = "s^" if outer else "sn^"
    leaves = [(-half, half)] if half < 0.6 else [(-half, -0.004), (0.004, half)]
    for a, b in leaves:
        here.show(box((a, 0.005, -0.025), (b, high, 0.025), DOOR, sides=f"{sides}ew"))
        for face in (0.025,) if outer else (0.025, -0.025):
            handle = b - 0.09 if (a, b) == leaves[0] else a + 0.07
            out = 0.04 if face > 0 else -0.04
            low, top = min(0.9, high / 2), min(1.5, high * 0.7)
            z = sorted((face, face + out))
            here.show(box((handle, low, z[0]), (handle + 0.02, top, z[1]), CHARCOAL))
    here.block((-half, 0, -0.2 if outer else -0.04), (half, high, 0.04))


def _window(here: Site, half: float, low: float, high: float, z: float, outer: bool) -> None:
    """Glass in a frame with bars; behind an outer one is the daylight."""
    wide, tall = 2 * half, high - low
    for x in np.linspace(-half + 0.03, half - 0.03, max(2, round(wide / 1.1) + 1)):
        here.show(bar((x, low, z), (x, high, z), 0.06, 0.06, FRAME))
    for y in (low + 0.03, high - 0.03):
        here.show(bar((-half, y, z), (half, y, z), 0.06, 0.06, FRAME))
    if outer:
        here.show(quad((-half, low, z - 0.02), (wide, 0, 0), (0, tall, 0), DAYLIGHT))
    else:
        here.show(quad((-half, low, z), (wide, 0, 0), (0, tall, 0), GLASS))


def _platforms(site: Site, plan: Plan, faces: Sequence[PlanFace], rooms: Sequence[BuiltRoom]) -> None:
    for _, platform in sorted(plan.get("platforms", {}).items()):
        low, high = np.minimum(platform["min"], platform["max"]), np.maximum(platform["min"], platform["max"])
        middle = (low + high) / 2
        room = next((room for face, room in zip(faces, rooms, strict=True) if face.holds((middle[0], middle[1]))), None)
        finish = STEP_UP if room is None else room.floor
        a, b = spatial(low, 0.0), spatial(high, platform["height_m"])
        site.show(box(a, b, STEP_UP, top=finish, sides="nesw^"))
        site.block(spatial(low, -0.2), b)


def _stair(site: Site, stair: Stair) -> None:
    """Steps or a ramp, solid down to the floor, up towards local -Z."""
    x, z = stair["position"]
    here = site.at(x, 0.0, z, stair["facing_deg"])
    half, rise, run = stair["width_m"] / 2, stair["rise_m"], stair["run_m"]
    if stair["kind"] == "ramp":
        foot, top = [(-half, 0.0, 0.0), (half, 0.0, 0.0)], [(-half, rise, -run), (half, rise, -run)]
        here.show(ruled(foot, top, STEP_UP))
        here.show(ruled([(half, 0, 0), (half, 0, -run)], [(half, 0, 0), (half, rise, -run)], STEP_UP, flat=True))
        here.show(ruled([(-half, 0, -run), (-half, 0, 0)], [(-half, rise, -run), (-half, 0, 0)], STEP_UP, flat=True))
        here.show(quad((half, 0, -run), (-2 * half, 0, 0), (0, rise, 0), STEP_UP))
        here.ramp(foot, top, deep=rise + 0.2)
        return
    count = max(1, int(np.ceil(rise / (TALLEST_STEP - 0.01) - 1e-9)))
    tread = run / count
    for k in range(count):
        y0, y1 = rise * k / count, rise * (k + 1) / count
        here.show(box((-half, y0, -run), (half, y1, -k * tread), STEP_UP, sides="sew"))
        flat_to = -(k + 1) * tread
        here.show(box((-half, y0, flat_to), (half, y1, -k * tread), STEP_UP, sides="^"))
        here.block((-half, -0.2, -run), (half, y1, -k * tread))
    here.show(quad((half, 0, -run), (-2 * half, 0, 0), (0, rise, 0), STEP_UP))


def _start(rooms: Sequence[BuiltRoom], places: Mapping[Id, OpeningPlace], plan: Plan) -> View:
    """Inside the first door, by its id, looking into the room; without one, across the largest room."""
    for key, opening in sorted(plan.get("openings", {}).items()):
        if opening["kind"] == "door" and key in places:
            place = places[key]
            yaw = np.radians(place.facing_deg)
            into = np.array([np.sin(yaw), np.cos(yaw)])
            middle = np.array(place.position)
            thick = plan["walls"][opening["wall"]]["thickness_m"] / 2
            room = next((r for r in rooms if r.face.holds(_pair(middle + 0.05 * into))), None)
            if room is not None:
                away = _ahead(room, middle + 0.02 * into, into)
                eye = middle + min(thick + 0.9, away / 2) * into
                return _view(eye, middle + max(away - 0.2, 0.5) * into)
    if not rooms:
        return _view(np.zeros(2), np.array([0.0, -4.0]))
    room = max(rooms, key=lambda r: r.face.area_m2)
    eyes = [p for p in _grid(room) if room.face.holds(_pair(p))]
    outline = np.array(room.face.outline.points)
    eye = max(eyes or [outline.mean(0)], key=lambda p: float(np.linalg.norm(outline - p, axis=1).max()))
    return _view(eye, outline.mean(0) if np.linalg.norm(outline.mean(0) - eye) > 0.3 else eye - np.array([0.0, 1.0]))


def _grid(room: BuiltRoom) -> list[FloatArray]:
    """Points that lie at least 0.8 m inside the box around the room's outline, or in its middle."""
    outline = np.array(room.face.outline.points)
    low, high = outline.min(0), outline.max(0)
    inset = np.minimum(0.8, (high - low) / 2 - 1e-3)
    xs, zs = (np.linspace(low[k] + inset[k], high[k] - inset[k], 5) for k in (0, 1))
    return [np.array([x, z]) for x in xs for z in zs]


def _ahead(room: BuiltRoom, point: FloatArray, way: FloatArray) -> float:
    """How far it is from the point to the room's next wall."""
    found = [30.0]
    for loop in room.loops:
        for a, b in zip(loop, np.roll(loop, -1, 0), strict=True):
            side = b - a
            across = way[0] * side[1] - way[1] * side[0]
            if abs(across) > 1e-9:
                t = ((a - point)[0] * side[1] - (a - point)[1] * side[0]) / across
                u = ((a - point)[0] * way[1] - (a - point)[1] * way[0]) / across
                if t > 0 and 0 <= u <= 1:
                    found.append(float(t))
    return min(found)


def _view(eye: FloatArray, target: FloatArray) -> View:
    return (_three(eye), _three(target), 62.0)


def _three(point: FloatArray) -> tuple[float, float, float]:
    return round(float(point[0]), 3) + 0.0, EYE, round(float(point[1]), 3) + 0.0


def _pair(point: FloatArray) -> tuple[float, float]:
    return float(point[0]), float(point[1])
