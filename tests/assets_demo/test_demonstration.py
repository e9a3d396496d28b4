"""The demonstration's halls with their exhibits in them: all stands, nothing meets what it should not, all can be
walked to, every note is on what it tells of and is seen in its view, and both languages fit."""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
import open3d as o3d
import pytest
from coarse import coarse_model
from numpy.typing import NDArray

from assets.demo import scanned_bay
from assets.demo.arrange import arrange
from assets.demo.seed import PLANS as PLANS_FOLDER
from assets.demo.seed import room_document
from exhibit.documents import contract
from exhibit.documents.types import Anchor, HallDocument, Placement
from exhibit.space.build import built
from exhibit.space.collision import STRIDE, Ground, on_foot
from recon.modelling import workshop

FloatArray = NDArray[np.float64]
PLANS = sorted(PLANS_FOLDER.glob("*.json"))
ON_SURFACE = {"dragon-kiln": 0.02}  # m, of a note's anchor, since its reconstruction is shown; elsewhere 5 mm
PLACES = {"scanned-bay"}  # what visitors walk into: points bar nobody's way
WALKERS, STEPS = 200, 100


class Exhibit:
    """A model in its place."""

    def __init__(self, key: str, placement: Placement) -> None:
        self.key, self.asset, self.kind = key, placement["asset"], placement["kind"]
        vertices, self.faces = _mesh(self.asset)
        _, y, _, w = placement["rotation"]
        self.angle, self.at = 2 * math.atan2(y, w), np.array(placement["translation"])
        self.low, self.high = vertices.min(0), vertices.max(0)
        self.points = _turned(vertices, self.angle) + self.at
        self.scene = _scene(self.points, self.faces)

    def holds(self, points: FloatArray, margin: float = -0.001) -> NDArray[np.bool_]:
        """Which of the points (N, 3) lie in its box, as it is turned."""
        local = _turned(points - self.at, -self.angle)
        return np.asarray(((local > self.low - margin) & (local < self.high + margin)).all(1))


class Furnished:
    """A hall of the demonstration: its document, what stands in it, and the ground for whoever walks there."""

    def __init__(self, path: Path) -> None:
        plan = json.loads(path.read_text("utf-8"))
        made = built({"template": plan["template"], "sizes": plan.get("sizes", {})}, plan.get("furniture"))
        self.document = arrange(plan, room_document(plan))
        placements = self.document["placements"]
        self.exhibits = {k: Exhibit(k, p) for k, p in placements.items() if p["kind"] == "object"}
        self.room = Ground(*made.collider())
        self.boxes = [_planes(p, f) for p, f in made.site.solids if len(p) == 8]
        boxes = [_box(e) for e in self.exhibits.values() if e.asset not in PLACES]
        everything = np.concatenate([self.room.vertices, *(b for b, _ in boxes)])
        first, faces = len(self.room.vertices), [self.room.faces]
        for b, f in boxes:
            faces.append(f + first)
            first += len(b)
        self.ground = Ground(everything, np.concatenate(faces))

    @functools.cached_property
    def reached(self) -> FloatArray:
        return self.ground.reachable(on_foot(self.document))

    def inside_something(self, points: FloatArray) -> NDArray[np.bool_]:
        """Which of the points (N, 3) are inside a wall, a stand or the like."""
        found = np.zeros(len(points), bool)
        for normals, offsets in self.boxes:
            found |= (points @ normals.T < offsets - 0.002).all(1)
        return found


@pytest.fixture(scope="module", params=PLANS, ids=lambda path: str(path.stem))
def hall(request: pytest.FixtureRequest) -> Furnished:
    return Furnished(request.param)


def test_the_document_keeps_the_contract(hall: Furnished) -> None:
    assert contract.problems("hall", hall.document) == []


def test_every_exhibit_stands_on_something(hall: Furnished) -> None:
    for exhibit in hall.exhibits.values():
        base = exhibit.points[exhibit.points[:, 1] < exhibit.at[1] + 0.01]
        assert len(base) > 2, exhibit.key
        down = np.broadcast_to((0.0, -1.0, 0.0), base.shape)
        fall = _cast(hall.room.scene, base + np.array([0.0, 0.05, 0.0]), down) - 0.05
        assert (np.abs(fall) < 0.03).mean() > 0.98, (exhibit.key, float(np.median(fall)))


def test_nothing_meets_what_it_should_not(hall: Furnished) -> None:
    exhibits = list(hall.exhibits.values())
    for exhibit in exhibits:
        some = exhibit.points[:: max(1, len(exhibit.points) // 4000)]
        assert not hall.inside_something(some[some[:, 1] > exhibit.at[1] + 0.005]).any(), exhibit.key
        for other in exhibits:
            if other is not exhibit:
                assert not other.holds(some).any(), (exhibit.key, other.key)


def test_all_can_be_walked_to(hall: Furnished) -> None:
    for key, placement in hall.document["placements"].items():
        away = np.abs(hall.reached - np.array(placement["translation"]))
        near = np.hypot(away[:, 0], away[:, 2]) < 2.4
        assert (near & (away[:, 1] < 2.6)).any(), key
    for key, door in hall.document["doors"].items():
        assert np.linalg.norm(hall.reached - np.array(door["position"]), axis=1).min() < 1.0, key


def test_nobody_gets_stuck_among_the_exhibits(hall: Furnished) -> None:
    """20,000 random strides from places all over the hall."""
    rng = np.random.default_rng(3)
    feet = hall.reached[rng.integers(0, len(hall.reached), WALKERS)]
    facing = rng.uniform(0, 2 * np.pi, WALKERS)
    for _ in range(STEPS):
        before = feet
        feet, went = hall.ground.moved(feet, STRIDE * np.stack([np.cos(facing), np.sin(facing)], -1))
        facing = np.where(went, facing + rng.normal(0, 0.25, WALKERS), rng.uniform(0, 2 * np.pi, WALKERS))
        assert np.abs(feet[:, 1] - before[:, 1]).max() <= 0.31
    for exhibit in hall.exhibits.values():
        assert exhibit.asset in PLACES or not exhibit.holds(feet + np.array([0.0, 0.8, 0.0])).any(), exhibit.key
    open_ways = np.zeros(WALKERS, int)
    for angle in np.arange(16) * np.pi / 8:
        open_ways += hall.ground.moved(feet, np.tile(STRIDE * np.array([np.cos(angle), np.sin(angle)]), (WALKERS, 1)))[
            1
        ]
    assert open_ways.min() >= 1


def test_notes_are_on_what_they_tell_of_and_seen_in_their_views(hall: Furnished) -> None:
    for key, note in hall.document["notes"].items():
        eye, anchor = np.array(note["view"]["position"]), np.array(note["anchor"])
        target = np.array(note["view"]["target"])
        distance = float(np.linalg.norm(anchor - eye))
        towards = (anchor - eye) / distance
        aside = float(towards @ (target - eye) / np.linalg.norm(target - eye))
        angle = math.degrees(math.acos(min(1.0, aside)))
        assert angle < note["view"]["fov_deg"] / 2, key
        assert not hall.inside_something(eye[None]).any(), key
        free = _cast(hall.room.scene, eye[None], towards[None])[0]
        assert free > distance - 0.06, (key, free, distance)
        owner = note.get("placement")
        if owner not in hall.exhibits:
            continue
        exhibit = hall.exhibits[owner]
        query = o3d.core.Tensor(anchor[None].astype(np.float32))
        near = float(exhibit.scene.compute_distance(query).numpy()[0])
        allowed = ON_SURFACE.get(exhibit.asset, 0.005)
        assert near < allowed, (key, near)
        for other in hall.exhibits.values():
            met = _cast(other.scene, eye[None], towards[None])[0]
            assert met > distance - 4 * allowed, (key, other.key)


def test_both_languages_say_something_everywhere(hall: Furnished) -> None:
    found = list(_texts(hall.document))
    assert len(found) > 60
    for text in found:
        assert re.search(r"[\u4e00-\u9fff]", text["zh"]), text
        assert re.search(r"[a-z]", text["en"]), text
        assert not re.search(r"[\u4e00-\u9fff]", text["en"]), text


def test_notes_can_be_read_standing(hall: Furnished) -> None:
    for key, note in hall.document["notes"].items():
        zh, en = (re.sub(r"<[^>]+>", "", text) for text in (note["body"]["zh"], note["body"]["en"]))
        assert 50 <= len(zh) <= 140, (key, len(zh))
        assert 35 <= len(en.split()) <= 95, (key, len(en.split()))


def test_what_panels_say_fits_them(hall: Furnished) -> None:
    """By the measures of viewer/src/core/boards.ts, a Latin letter taken for half as wide as it is high."""
    measures: list[tuple[Literal["zh", "en"], float, float, float, float]] = [
        ("zh", 1.0, 0.036, 0.072, 1.75),
        ("en", 0.5, 0.034, 0.062, 1.55),
    ]
    for key, placement in hall.document["placements"].items():
        if placement["kind"] != "panel":
            continue
        anchor = _anchor_at(hall.document, placement)
        assert placement["width_m"] <= anchor["width_m"], key
        for language, letter, body, title, lead in measures:
            room = 1 - 2 * 0.085
            lines = sum(
                math.ceil(len(part) * body * letter / room) for part in placement["label"][language].split("\n")
            )
            titles = math.ceil(len(placement["title"][language]) * title * letter / room)
            tall = 2 * 0.085 + titles * title * 1.3 + 1.6 * body + lines * body * lead
            assert tall * placement["width_m"] <= anchor["height_m"] * 1.02, (key, language, tall)


def test_whatever_is_shown_and_told_has_its_place() -> None:
    """The demonstration in numbers."""
    plans = [json.loads(path.read_text("utf-8")) for path in PLANS]
    slugs = {plan["slug"] for plan in plans}
    for plan in plans:
        assert {door.get("hall") for door in plan["doors"].values()} <= slugs | {None}
        assert all(len(json.dumps(part)) < 1_000_000 for part in plan.values())
        named = {
            source
            for part in ("notes", "placements")
            for thing in plan[part].values()
            for source in thing.get("sources", ())
        }
        named |= {s for m in plan.get("timeline", {}).get("milestones", {}).values() for s in m.get("sources", ())}
        assert named == plan.get("sources", {}).keys(), plan["slug"]


def _texts(value: Any) -> Iterator[dict[str, str]]:
    if isinstance(value, dict):
        if value.keys() == {"zh", "en"}:
            yield value
        else:
            for part in value.values():
                yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _anchor_at(document: HallDocument, placement: Placement) -> Anchor:
    place = np.array(placement["translation"])
    anchors = document["anchors"].values()
    return min(anchors, key=lambda a: float(np.linalg.norm(np.array(a["position"]) - place)))


@functools.cache
def _mesh(asset: str) -> tuple[FloatArray, NDArray[np.int32]]:
    if asset == "scanned-bay":
        return _what_was_scanned()
    model = coarse_model(asset)
    return model.vertices.astype(float), model.faces


def _what_was_scanned() -> tuple[FloatArray, NDArray[np.int32]]:
    """The surfaces of the workshop that lie in the bay, in its frame."""
    scene = workshop.build().scene()
    vertices = scene.vertices - np.array([scanned_bay.MIDDLE, 0.0, 0.0])
    width, height, depth = scanned_bay.SIZE
    inside = (np.abs(vertices) < (width / 2, height, depth / 2)).all(1)
    faces = scene.faces[inside[scene.faces].all(1)]
    kept, numbered = np.unique(faces, return_inverse=True)
    return vertices[kept], numbered.reshape(-1, 3).astype(np.int32)


def _turned(points: FloatArray, angle: float) -> FloatArray:
    c, s = math.cos(angle), math.sin(angle)
    return np.asarray(points @ np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]]))


def _scene(points: FloatArray, faces: NDArray[np.int32]) -> o3d.t.geometry.RaycastingScene:
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(o3d.core.Tensor(points.astype(np.float32)), o3d.core.Tensor(faces.astype(np.uint32)))
    return scene


def _cast(scene: o3d.t.geometry.RaycastingScene, start: FloatArray, way: FloatArray) -> FloatArray:
    rays = np.concatenate([start, way], 1).astype(np.float32)
    return np.asarray(scene.cast_rays(o3d.core.Tensor(rays))["t_hit"].numpy(), float)


def _box(exhibit: Exhibit) -> tuple[FloatArray, NDArray[np.int64]]:
    low, high = exhibit.low, exhibit.high
    corner = np.array([[(low, high)[(i >> k) & 1][k] for k in range(3)] for i in range(8)])
    faces = [(0, 3, 1), (0, 2, 3), (4, 7, 6), (4, 5, 7), (0, 5, 4), (0, 1, 5),
             (2, 7, 3), (2, 6, 7), (0, 6, 2), (0, 4, 6), (1, 7, 5), (1, 3, 7)]  # fmt: skip
    return _turned(corner, exhibit.angle) + exhibit.at, np.array(faces)


def _planes(points: FloatArray, faces: NDArray[np.int64]) -> tuple[FloatArray, FloatArray]:
    """Outward normals (F, 3) and offsets (F,) of a convex solid."""
    a, b, c = (points[faces[:, i]] for i in range(3))
    normals = np.cross(b - a, c - a)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    inwards = ((points.mean(0) - a) * normals).sum(1) > 0
    normals[inwards] *= -1
    return normals, (normals * a).sum(1)
