"""The first hall: its room holds visitors, keeps the contract, and its content fits the room."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import open3d as o3d
import pygltflib
import pytest
import trimesh
from jsonschema import Draft202012Validator
from PIL import Image
from referencing import Registry, Resource

from exhibit.halls.arrange import arrange
from exhibit.space import begin_document, build_template
from exhibit.space.kiln_gallery import BENCHES, EAVES, HALF_LENGTH, HALF_WIDTH, PLINTHS, room
from exhibit.space.room import Block
from recon.synthetic.kiln import dragon_kiln
from recon.synthetic.model import Model
from recon.synthetic.tools import kick_wheel
from recon.synthetic.ware import censer, meiping, saggar

ASSETS = Path(__file__).parents[2] / "assets"
PLAN = json.loads((ASSETS / "demo" / "1-dehua-dragon-kiln.json").read_text("utf-8"))
DOCUMENT = arrange(PLAN, begin_document("kiln-gallery"))
MODELS: dict[str, Callable[[], Model]] = {
    "dragon-kiln": lambda: dragon_kiln(texel=0.003),
    "meiping": meiping,
    "censer": censer,
    "saggar": saggar,
    "kick-wheel": kick_wheel,
}


def _validator(name: str) -> Draft202012Validator:
    schemas = {p.name: json.loads(p.read_text("utf-8")) for p in (ASSETS / "schema").glob("*.schema.json")}
    registry: Registry[Any] = Registry().with_resources((s["$id"], Resource.from_contents(s)) for s in schemas.values())
    return Draft202012Validator(schemas[name], registry=registry)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_template("kiln-gallery", tmp_path_factory.mktemp("room"))


@pytest.fixture(scope="module")
def collider(bundle: Path) -> o3d.t.geometry.RaycastingScene:
    mesh = trimesh.load(bundle / "collider.glb", force="mesh")
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(
        o3d.core.Tensor(mesh.vertices.astype(np.float32)), o3d.core.Tensor(mesh.faces.astype(np.uint32))
    )
    return scene


def _distance(scene: o3d.t.geometry.RaycastingScene, start: np.ndarray, direction: np.ndarray) -> np.ndarray:
    rays = np.concatenate(np.broadcast_arrays(start, direction), -1).astype(np.float32)
    return np.asarray(scene.cast_rays(o3d.core.Tensor(rays))["t_hit"].numpy())


def test_the_bundle_keeps_the_contract_and_is_light_enough_for_a_phone(bundle: Path) -> None:
    described = json.loads((bundle / "asset.json").read_text("utf-8"))
    _validator("asset.schema.json").validate(described)
    files = described["files"]
    assert files["model"]["triangles"] <= 60_000
    assert sum(file["bytes"] for file in files.values()) <= 3_000_000
    with Image.open(bundle / "thumb.webp") as poster:
        assert poster.size == (1600, 900)
        pixels = np.asarray(poster.convert("RGB")).astype(float)
    assert files["thumb"]["bytes"] < 200_000
    assert 90 < pixels.mean() < 200
    assert (pixels.max(-1) < 4).mean() < 0.01  # no face shows its unlit back


def test_the_model_is_unlit_compressed_and_few_draw_calls(bundle: Path) -> None:
    model = pygltflib.GLTF2().load_binary(str(bundle / "model.glb"))
    assert set(model.extensionsRequired) == {"KHR_draco_mesh_compression", "EXT_texture_webp"}
    primitives = [p for mesh in model.meshes for p in mesh.primitives]
    assert len(primitives) <= 3
    for primitive in primitives:
        assert primitive.attributes.COLOR_0 is not None
        assert "KHR_materials_unlit" in model.materials[primitive.material].extensions


def test_there_is_floor_under_every_place(collider: o3d.t.geometry.RaycastingScene) -> None:
    x, z = np.meshgrid(np.linspace(-HALF_LENGTH, HALF_LENGTH, 141), np.linspace(-HALF_WIDTH, HALF_WIDTH, 91))
    start = np.stack([x.ravel(), np.full(x.size, EAVES - 0.1), z.ravel()], -1)
    down = _distance(collider, start, np.array([0, -1, 0]))
    assert (down <= EAVES - 0.1 + 1e-4).all()


@pytest.mark.parametrize("height", [0.05, 0.5, 1.0, 1.62, 2.5])
def test_nobody_falls_out(collider: o3d.t.geometry.RaycastingScene, height: float) -> None:
    angle = np.linspace(0, 2 * np.pi, 1440, endpoint=False)
    outward = np.stack([np.cos(angle), np.zeros(1440), np.sin(angle)], -1)
    start = np.array([DOCUMENT["start"]["position"][0], height, DOCUMENT["start"]["position"][2]])
    hit = _distance(collider, start, outward)
    assert np.isfinite(hit).all()
    reached = start + hit[:, None] * outward
    assert np.abs(reached[:, 2]).max() <= HALF_WIDTH + 0.01
    assert reached[:, 0].max() <= HALF_LENGTH + 0.01


def test_the_hall_document_keeps_the_contract() -> None:
    _validator("hall.schema.json").validate(DOCUMENT)
    assert DOCUMENT["assets"] == {}
    assert set(DOCUMENT["placement_order"]) == set(DOCUMENT["placements"])
    assert set(DOCUMENT["note_order"]) == set(DOCUMENT["notes"])
    assert len(DOCUMENT["notes"]) >= 10


def test_both_languages_say_something_everywhere() -> None:
    def texts(value: Any) -> list[dict[str, str]]:
        if isinstance(value, dict):
            if set(value) == {"zh", "en"}:
                return [value]
            return [text for part in value.values() for text in texts(part)]
        return [text for part in value for text in texts(part)] if isinstance(value, list) else []

    found = texts(DOCUMENT)
    assert len(found) >= 45
    for text in found:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text["zh"])
        assert text["en"].strip()
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in text["en"])


def test_every_exhibit_stands_on_its_plinth() -> None:
    for name in MODELS:
        plinth, placement = PLINTHS[name], DOCUMENT["placements"][name]
        np.testing.assert_allclose(placement["translation"], (plinth.x, plinth.tall, plinth.z), atol=1e-6)
        turned = _hall_points(placement, MODELS[name]().vertices)
        assert np.abs(turned[:, 0] - plinth.x).max() <= plinth.wide / 2
        assert np.abs(turned[:, 2] - plinth.z).max() <= plinth.deep / 2


def test_anchors_lie_on_what_they_tell_of() -> None:
    scenes = {}
    for name, model in MODELS.items():
        made = model()
        scenes[name] = o3d.t.geometry.RaycastingScene()
        points = _hall_points(DOCUMENT["placements"][name], made.vertices)
        scenes[name].add_triangles(
            o3d.core.Tensor(points.astype(np.float32)), o3d.core.Tensor(made.faces.astype(np.uint32))
        )
    for note in DOCUMENT["notes"].values():
        anchor = np.asarray(note["anchor"], np.float32)
        if "placement" in note:
            away = scenes[note["placement"]].compute_distance(o3d.core.Tensor(anchor[None])).numpy()[0]
            assert away < 0.02, note["title"]["en"]
        else:
            assert (np.abs(anchor[[0, 2]]) <= (HALF_LENGTH, HALF_WIDTH)).all()


def test_views_are_where_a_visitor_can_stand() -> None:
    solid = [b for b in room().solid if b.low[1] == 0 < b.high[1]]
    views = [DOCUMENT["start"], *(note["view"] for note in DOCUMENT["notes"].values())]
    for view in views:
        x, y, z = view["position"]
        assert -HALF_LENGTH + 0.3 < x < HALF_LENGTH - 0.3
        assert abs(z) < HALF_WIDTH - 0.3
        assert 0.9 < y < 1.9
        assert not any(_within(block, x, z, 0.2) for block in solid), view
        assert np.linalg.norm(np.subtract(view["position"], view["target"])) > 0.4


def test_every_view_shows_its_anchor(collider: o3d.t.geometry.RaycastingScene) -> None:
    for note in DOCUMENT["notes"].values():
        eye, anchor = np.array(note["view"]["position"]), np.array(note["anchor"])
        towards = (anchor - eye) / np.linalg.norm(anchor - eye)
        looking = np.subtract(note["view"]["target"], eye)
        angle = np.degrees(np.arccos(towards @ looking / np.linalg.norm(looking)))
        assert angle < note["view"]["fov_deg"] / 2, note["title"]["en"]
        assert _distance(collider, eye[None], towards[None])[0] > np.linalg.norm(anchor - eye) - 0.15


def test_benches_leave_room_to_pass() -> None:
    for x, z in BENCHES:
        for plinth in PLINTHS.values():
            apart = max(abs(x - plinth.x) - 0.9 - plinth.wide / 2, abs(z - plinth.z) - 0.225 - plinth.deep / 2)
            assert apart > 0.9


def _hall_points(placement: dict[str, Any], points: np.ndarray) -> np.ndarray:
    _, y, _, w = placement["rotation"]
    turn = trimesh.transformations.quaternion_matrix((w, 0, y, 0))[:3, :3]
    return np.asarray(points * placement["scale"] @ turn.T + placement["translation"])


def _within(block: Block, x: float, z: float, margin: float) -> bool:
    return bool(
        block.low[0] - margin < x < block.high[0] + margin and block.low[2] - margin < z < block.high[2] + margin
    )
