"""The first hall's room: it holds visitors and keeps the contract."""

from __future__ import annotations

import json
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

from exhibit.space.build import build_template
from exhibit.space.kiln_gallery import BENCHES, EAVES, HALF_LENGTH, HALF_WIDTH, PLINTHS
from exhibit.space.templates import begin_document

ASSETS = Path(__file__).parents[2] / "assets"
DOCUMENT = begin_document("kiln-gallery")


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
    assert files["model"]["bytes"] + files["collider"]["bytes"] + files["thumb"]["bytes"] <= 3_000_000
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


def test_benches_leave_room_to_pass() -> None:
    for x, z in BENCHES:
        for plinth in PLINTHS.values():
            apart = max(abs(x - plinth.x) - 0.9 - plinth.wide / 2, abs(z - plinth.z) - 0.225 - plinth.deep / 2)
            assert apart > 0.9
