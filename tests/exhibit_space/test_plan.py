"""Plans: what walls enclose, by the cases that the viewer keeps too, and what holds for any walls."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any, Literal

import numpy as np
import open3d as o3d
import pytest
import trimesh
from khronos import khronos_problems

from exhibit.documents.types import Opening, Plan, Wall
from exhibit.space.collision import Ground, on_foot
from exhibit.space.delivery import write_hall
from exhibit.space.hall import Hall
from exhibit.space.lightmap import Quality
from exhibit.space.plan import hall
from exhibit.space.plan_rooms import PlanFace, Point, face_at, looks_of, opening_places, plan_faces, wall_graph

ROOT = Path(__file__).parents[2]


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((ROOT / f"assets/schema/cases/{name}.json").read_text("utf-8"))["cases"]
    return found


CASES, FURNITURE = cases("plan"), cases("furniture")


def wall(start: Point, end: Point) -> Wall:
    return {"from": list(start), "to": list(end), "height_m": 4.0, "thickness_m": 0.3}


def faces(walls: dict[str, Wall]) -> list[PlanFace]:
    return plan_faces(wall_graph({"walls": walls}))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_cases(case: dict[str, Any]) -> None:
    plan: Plan = case["plan"]
    graph = wall_graph(plan)
    found = plan_faces(graph)
    assert [
        {
            "outline": [list(point) for point in face.outline.points],
            "walls": face.outline.walls,
            "holes": [[list(point) for point in hole.points] for hole in face.holes],
            "area_m2": pytest.approx(face.area_m2, abs=1e-4),
            "looks": looks,
        }
        for face, looks in zip(found, looks_of(found, plan), strict=True)
    ] == case["rooms"]
    assert {
        key: {
            "position": [place.position[0], 0, place.position[1]],
            "facing_deg": place.facing_deg,
            "width_m": place.width,
            "height_m": place.height,
            "sill_m": place.sill,
        }
        for key, place in opening_places(plan, graph, found).items()
    } == case["openings"]


@pytest.mark.parametrize("seed", range(20))
def test_rooms_fill_what_walls_divide_and_do_not_depend_on_how_they_are_drawn(seed: int) -> None:
    """A turned box, divided by walls from side to side whose ends miss the sides by up to 3 cm."""
    rng = random.Random(seed)
    width, deep, turn = rng.uniform(8, 20), rng.uniform(8, 20), rng.uniform(0, math.tau)
    c, s = math.cos(turn), math.sin(turn)

    def turned(x: float, z: float) -> Point:
        return c * x + s * z, c * z - s * x

    columns, rows = rng.randint(0, 3), rng.randint(0, 3)
    lines = [((0, 0), (width, 0)), ((width, 0), (width, deep)), ((width, deep), (0, deep)), ((0, deep), (0, 0))]
    for k in range(columns):
        x = width * (k + 1) / (columns + 1)
        lines.append(((x, rng.uniform(-0.03, 0.03)), (x, deep + rng.uniform(-0.03, 0.03))))
    for k in range(rows):
        z = deep * (k + 1) / (rows + 1)
        lines.append(((rng.uniform(-0.03, 0.03), z), (width + rng.uniform(-0.03, 0.03), z)))
    drawn = {f"w{i:02}": wall(turned(*a), turned(*b)) for i, (a, b) in enumerate(lines)}
    found = faces(drawn)
    assert len(found) == (columns + 1) * (rows + 1)
    assert sum(face.area_m2 for face in found) == pytest.approx(width * deep, abs=0.01)
    for _ in range(50):
        at = turned(rng.uniform(0.05, width - 0.05), rng.uniform(0.05, deep - 0.05))
        assert sum(face.holds(at) for face in found) <= 1

    reversed_walls = {key: wall((w["to"][0], w["to"][1]), (w["from"][0], w["from"][1])) for key, w in drawn.items()}
    again = faces(reversed_walls)
    assert [face.area_m2 for face in again] == pytest.approx([face.area_m2 for face in found], abs=0.01)
    for face, same in zip(found, again, strict=True):
        assert len(face.outline.points) == len(same.outline.points)
        assert all(math.dist(a, b) < 0.002 for a, b in zip(face.outline.points, same.outline.points, strict=True))


def test_a_point_outside_is_in_no_room() -> None:
    corners: list[Point] = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]
    room = faces({f"w{i}": wall(corners[i], corners[(i + 1) % 4]) for i in range(4)})
    assert face_at(room, (2.0, 2.0)) is room[0]
    assert face_at(room, (5.0, 2.0)) is None


def room_of(*corners: Point, height: float = 4.0, prefix: str = "w") -> dict[str, Wall]:
    return {
        f"{prefix}{i}": {**wall(corners[i], corners[(i + 1) % len(corners)]), "height_m": height}
        for i in range(len(corners))
    }


def opening(wall_id: str, kind: Literal["door", "passage", "window"], at: float, width: float = 1.6) -> Opening:
    made: Opening = {"wall": wall_id, "kind": kind, "at_m": at, "width_m": width, "height_m": 2.2}
    return {**made, "sill_m": 0.9} if kind == "window" else made


def three_rooms(turn_deg: float = 0.0) -> Plan:
    """A large room, two smaller ones with a slanting corner, an apse, an island, a platform with steps and a ramp."""
    c, s = math.cos(math.radians(turn_deg)), math.sin(math.radians(turn_deg))

    def turned(x: float, z: float) -> Point:
        return c * x + s * z, c * z - s * x

    lines: dict[str, tuple[Point, Point]] = {
        "a": ((-8, 6), (8, 6)), "b": ((8, 6), (8, -4)), "c": ((8, -4), (4, -8)), "d": ((4, -8), (-8, -8)),
        "e": ((-8, -8), (-8, 6)), "p": ((-8, 0), (8, 0)), "q": ((0, 0), (0, -8)), "stub": ((3, 6), (3, 4.5)),
        "i0": ((-6, 3.5), (-5, 3.5)), "i1": ((-5, 3.5), (-5.5, 2.8)), "i2": ((-5.5, 2.8), (-6, 3.5)),
    }  # fmt: skip
    return {
        "walls": {key: wall(turned(*a), turned(*b)) for key, (a, b) in lines.items()},
        "openings": {
            "entrance": opening("a", "door", 8),
            "exit": opening("e", "door", 10, 1.0),
            "way-1": opening("p", "passage", 4),
            "way-2": opening("q", "passage", 4),
            "way-3": opening("p", "passage", 12),
            "out": opening("b", "passage", 2),
            "sun": opening("c", "window", 3),
            "look": opening("p", "window", 14.5),
        },
        "rooms": {
            "dim": {"at": list(turned(-4, -4)), "walls": "dark", "light": "dim", "floor": "granite"},
            "spots": {"at": list(turned(4, -4)), "walls": "brick", "light": "spots", "ceiling": "timber"},
        },
        "platforms": {"stage": {"min": [5, -3.8], "max": [7.85, -0.12], "height_m": 0.5}} if turn_deg == 0 else {},
        "stairs": {
            "steps": {
                "kind": "steps", "position": [4.1, -2], "facing_deg": -90, "width_m": 1.6, "rise_m": 0.5, "run_m": 0.9,
            },
            "ramp": {
                "kind": "ramp", "position": [6.4, -5.9], "facing_deg": 180, "width_m": 1.2, "rise_m": 0.5, "run_m": 2.1,
            },
        } if turn_deg == 0 else {},
    }  # fmt: skip


def shown(made: Hall) -> trimesh.Trimesh:
    """Every triangle that is neither sky nor glass."""
    meshes = [sheet.mesh for sheet in made.site.sheets if not sheet.finish.clear]
    return trimesh.util.concatenate([trimesh.Trimesh(m.points, m.triangles, process=False) for m in meshes])


@pytest.mark.parametrize("turn", [0.0, 30.0])
def test_a_ray_from_inside_a_room_hits_the_front_of_something(turn: float) -> None:
    made = hall(three_rooms(turn))
    seen = Ground(np.asarray((mesh := shown(made)).vertices), np.asarray(mesh.faces)).scene
    floor = Ground(*made.collider()).reachable(on_foot(made.document("room")), 0.45)
    rng = np.random.default_rng(1)
    eyes = floor[rng.integers(len(floor), size=4000)] + [0.0, 1.6, 0.0]
    ways = rng.normal(size=(4000, 3)) * [1.0, 0.6, 1.0]
    ways[:1500, 1] = 0.0
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    hit = seen.cast_rays(o3d.core.Tensor(np.concatenate([eyes, ways], 1).astype(np.float32)))
    assert np.isfinite(hit["t_hit"].numpy()).all()
    facing = (hit["primitive_normals"].numpy() * ways).sum(1)
    assert (facing < 0).all()


def test_a_visitor_passes_what_is_open_and_cannot_leave() -> None:
    made = hall(three_rooms())
    ground = Ground(*made.collider())
    floor = ground.reachable(on_foot(made.document("room")))
    plan = three_rooms()
    faces_found = plan_faces(wall_graph(plan))
    inside_rooms = np.array([face_at(faces_found, (x, z)) is not None for x, _, z in floor])
    assert inside_rooms.all()
    for room in (face for face in faces_found if face.area_m2 > 5):
        assert any(room.holds((x, z)) for x, _, z in floor)
    on_stage = floor[(floor[:, 1] > 0.45) & (floor[:, 2] > -3.7)]
    assert len(on_stage) > 50
    assert np.abs(on_stage[:, 1] - 0.5).max() < 0.001
    ramp = floor[(floor[:, 1] > 0.1) & (floor[:, 2] < -4.0)]
    assert len(ramp) > 10  # on the ramp alone are such heights so far off


def test_visitors_begin_at_the_first_door_and_look_into_the_room() -> None:
    made = hall(three_rooms())
    eye, target, _ = made.start
    assert eye == (0.0, 1.6, 4.95)
    assert target[2] < eye[2]
    assert target[0] == eye[0]
    assert {name: door.facing_deg for name, door in made.site.doors.items()} == {"entrance": 180.0, "exit": 90.0}


def test_walls_of_different_heights_leave_no_gap() -> None:
    """In a court divided by a low wall one sees no sky at the height of the eye."""
    walls = room_of((-5, -4), (-5, 4), (5, 4), (5, -4))
    walls["low"] = {**wall((0, -4), (0, 4)), "height_m": 1.1}
    court: Plan = {"walls": walls, "rooms": {r: {"at": [x, 0], "ceiling": "open"} for r, x in (("l", -2), ("r", 2))}}
    mesh = shown(hall(court))
    angles = np.radians(np.arange(0, 360, 0.05))
    ways = np.stack([np.cos(angles), np.zeros_like(angles), np.sin(angles)], -1)
    for eye in ((-3.0, 1.6, 1.0), (2.0, 1.6, -2.0)):
        rays = np.concatenate([np.broadcast_to(eye, ways.shape), ways], 1).astype(np.float32)
        scene = Ground(np.asarray(mesh.vertices), np.asarray(mesh.faces)).scene
        assert np.isfinite(scene.cast_rays(o3d.core.Tensor(rays))["t_hit"].numpy()).all()


@pytest.mark.parametrize("seed", range(30))
def test_any_walls_can_be_built(seed: int) -> None:
    rng = random.Random(seed)
    nodes = [(rng.uniform(-10, 10), rng.uniform(-10, 10)) for _ in range(8)]
    walls = {f"w{i}": wall(*rng.sample(nodes, 2)) for i in range(rng.randint(1, 14))}
    for each in walls.values():
        each["thickness_m"], each["height_m"] = rng.choice([0.1, 0.3, 0.6]), rng.choice([1.0, 3.0, 4.0])
    openings = {
        f"o{i}": opening(rng.choice(list(walls)), rng.choice(["door", "passage", "window"]), rng.uniform(0, 8))
        for i in range(6)
    }
    made = hall({"walls": walls, "openings": openings})
    for sheet in made.site.sheets:
        mesh = sheet.mesh
        assert np.isfinite(mesh.points).all()
        assert np.isfinite(mesh.uv).all()
        assert mesh.triangles.size == 0 or mesh.triangles.max() < len(mesh.points)


def test_a_built_plan_is_a_valid_bundle_and_bakes_again_to_the_same_bytes(tmp_path: Path) -> None:
    furniture = {piece: thing for case in FURNITURE for piece, thing in case["furniture"].items()}
    one, again = (
        write_hall(tmp_path / name, hall(three_rooms(), furniture), quality=Quality(256, 2, 1, 1, (64, 36, 1)))
        for name in ("one", "again")
    )
    for name in ("model.glb", "first.glb", "collider.glb"):
        assert [line for line in khronos_problems(one / name) if "TANGENT_SPACE" not in line] == []
        assert (one / name).read_bytes() == (again / name).read_bytes()
