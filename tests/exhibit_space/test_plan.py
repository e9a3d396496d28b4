"""Plans: what walls enclose, by the cases that the viewer keeps too, and what holds for any walls."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import pytest

from exhibit.documents.types import Plan, Wall
from exhibit.space.plan_rooms import PlanFace, Point, face_at, looks_of, opening_places, plan_faces, wall_graph

ROOT = Path(__file__).parents[2]
CASES: list[dict[str, Any]] = json.loads((ROOT / "assets/schema/cases/plan.json").read_text("utf-8"))["cases"]


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
