"""Every hall's architecture: keeps the contract, is light enough for a phone, holds whoever walks in it, bakes again
to the same bytes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pygltflib
import pytest
from jsonschema import Draft202012Validator
from khronos import khronos_problems
from PIL import Image
from referencing import Registry, Resource

from exhibit.space import courtyard_house, hillside, tulou
from exhibit.space.build import ROUGH, build_template
from exhibit.space.collision import STRIDE, Ground, on_foot
from exhibit.space.hall import Hall
from exhibit.space.light_sources import Sky, Sun
from exhibit.space.lightmap import Quality, bake
from exhibit.space.masonry import TALLEST_STEP
from exhibit.space.shapes import box, quad
from exhibit.space.sheets import Finish
from exhibit.space.templates import TEMPLATES, begin_document

ASSETS = Path(__file__).parents[2] / "assets"
HALLS = list(TEMPLATES)
WALKERS, STEPS = 200, 500


def _validator(name: str) -> Draft202012Validator:
    schemas = {p.name: json.loads(p.read_text("utf-8")) for p in (ASSETS / "schema").glob("*.schema.json")}
    registry: Registry[Any] = Registry().with_resources((s["$id"], Resource.from_contents(s)) for s in schemas.values())
    return Draft202012Validator(schemas[name], registry=registry)


@pytest.fixture(scope="module", params=HALLS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def bundle(name: str, rough_hall: Callable[[str], Path]) -> Path:
    return rough_hall(name)


@pytest.fixture(scope="module")
def ground(bundle: Path) -> Ground:
    return Ground.read(bundle / "collider.glb")


@pytest.fixture(scope="module")
def reached(name: str, ground: Ground) -> np.ndarray:
    return ground.reachable(on_foot(begin_document(name)))


def test_the_bundle_keeps_the_contract_and_the_budget(bundle: Path) -> None:
    described = json.loads((bundle / "asset.json").read_text("utf-8"))
    _validator("asset.schema.json").validate(described)
    files = described["files"]
    assert files["model"]["triangles"] <= 120_000
    assert files["model"]["bytes"] <= 2_500_000
    assert files["collider"]["triangles"] <= 20_000
    assert files["thumb"]["bytes"] < 200_000


def test_khronos_finds_nothing_wrong(bundle: Path) -> None:
    # tangents are left to the viewer, which makes them as it draws: they would be two thirds of the triangles' bytes
    derived = "MESH_PRIMITIVE_GENERATED_TANGENT_SPACE"
    assert [p for p in khronos_problems(bundle / "model.glb") if not p.startswith(derived)] == []
    assert khronos_problems(bundle / "first.glb") == []
    assert khronos_problems(bundle / "collider.glb") == []


def test_what_is_shown_first_arrives_in_a_second_and_a_half_of_a_slow_phone(bundle: Path) -> None:
    assert (bundle / "first.glb").stat().st_size < 1.5 * 1.6e6 / 8


def test_what_is_shown_first_fills_the_same_space(bundle: Path) -> None:
    low, high = [], []
    for name in ("model.glb", "first.glb"):
        model = pygltflib.GLTF2().load_binary(str(bundle / name))
        of = [model.accessors[primitive.attributes.POSITION] for primitive in model.meshes[0].primitives]
        low.append(np.min([a.min for a in of], axis=0))
        high.append(np.max([a.max for a in of], axis=0))
    assert np.abs(np.subtract(*low)).max() < 0.05
    assert np.abs(np.subtract(*high)).max() < 0.05


def test_every_lit_surface_has_its_light_and_few_draws(bundle: Path) -> None:
    model = pygltflib.GLTF2().load_binary(str(bundle / "model.glb"))
    assert len(model.meshes[0].primitives) <= 20
    lit = 0
    for primitive in model.meshes[0].primitives:
        material = model.materials[primitive.material]
        if material.occlusionTexture is None:
            assert "KHR_materials_unlit" in material.extensions or material.alphaMode == pygltflib.BLEND
            continue
        lit += 1
        assert material.occlusionTexture.texCoord == 1
        at = model.accessors[primitive.attributes.TEXCOORD_1]
        assert (at.componentType, at.normalized) == (pygltflib.UNSIGNED_SHORT, True)
        assert material.extras["lightmap"]["scale"] > 0.5
        cut_out = material.name == "leaves"
        assert (material.alphaMode == pygltflib.MASK, bool(material.doubleSided)) == (cut_out, cut_out)
    assert lit >= 4
    order = [model.materials[primitive.material].name for primitive in model.meshes[0].primitives]
    assert "sky glowing" not in order[:-1]  # the viewer draws in this order, what is near first
    (light,) = [i for i in model.images if i.name == "lightmap"]
    view = model.bufferViews[light.bufferView]
    blob = model.binary_blob()[view.byteOffset : view.byteOffset + view.byteLength]
    with Image.open(io.BytesIO(blob)) as picture:
        assert picture.size == (ROUGH.side, ROUGH.side)
        pixels = np.asarray(picture.convert("RGB")).astype(float)
    assert np.percentile(pixels.max(-1), 95) > 90  # it is light
    for image in model.images:
        view = model.bufferViews[image.bufferView]
        with Image.open(
            io.BytesIO(model.binary_blob()[view.byteOffset : view.byteOffset + view.byteLength])
        ) as picture:
            assert max(picture.size) <= 1024


def test_the_document_keeps_the_contract_and_speaks_both_languages(name: str) -> None:
    document = begin_document(name)
    _validator("hall.schema.json").validate(document)
    assert document["architecture"]["asset"] == name
    texts = [document["title"], document["summary"], *(d["title"] for d in document["doors"].values())]
    for text in texts:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text["zh"])
        assert text["en"].strip()
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in text["en"])
    kinds = [a["kind"] for a in document["anchors"].values()]
    assert kinds.count("plinth") >= 2
    assert kinds.count("panel") >= 1
    assert len(document["doors"]) >= 2


def test_nobody_leaves_falls_or_gets_stuck(name: str, ground: Ground, reached: np.ndarray) -> None:
    """100,000 random strides: 200 visitors set down all over the hall, 500 strides each."""
    rng = np.random.default_rng(7)
    feet = reached[rng.integers(0, len(reached), WALKERS)]
    feet[: WALKERS // 4] = reached[0]
    low, high = ground.vertices.min(0), ground.vertices.max(0)
    facing = rng.uniform(0, 2 * np.pi, WALKERS)
    went_far = np.zeros(WALKERS)
    for _ in range(STEPS):
        before = feet
        feet, went = ground.moved(feet, STRIDE * np.stack([np.cos(facing), np.sin(facing)], -1))
        facing = np.where(went, facing + rng.normal(0, 0.25, WALKERS), rng.uniform(0, 2 * np.pi, WALKERS))
        assert np.abs(feet[:, 1] - before[:, 1]).max() <= 0.31  # a step, never a fall
        assert (feet[:, [0, 2]] > low[[0, 2]]).all()
        assert (feet[:, [0, 2]] < high[[0, 2]]).all()
        went_far += went
    floor = reached[:, 1]
    assert feet[:, 1].min() >= floor.min() - 0.01
    assert feet[:, 1].max() <= floor.max() + 0.31
    assert went_far.min() > 0.15 * STEPS  # a random walker meets walls; a stuck one meets nothing else
    open_ways = np.zeros(WALKERS, int)
    for angle in np.arange(16) * np.pi / 8:
        open_ways += ground.moved(feet, np.tile(STRIDE * np.array([np.cos(angle), np.sin(angle)]), (WALKERS, 1)))[1]
    assert open_ways.min() >= 1


def test_doors_and_exhibits_are_within_reach(name: str, reached: np.ndarray) -> None:
    document = begin_document(name)
    assert len(reached) > 500
    for key, door in document["doors"].items():
        assert _nearest(reached, door["position"]) < 0.9, key
    for key, anchor in document["anchors"].items():
        facing = np.radians(anchor["facing_deg"])
        before = np.array(anchor["position"]) + 1.2 * np.array([np.sin(facing), 0, np.cos(facing)])
        assert _nearest(reached, before) < 1.3, key


def test_steps_are_a_stair_s(name: str, reached: np.ndarray) -> None:
    """Where two reached places lie side by side, one is at most a stair's riser higher."""
    near: dict[tuple[int, int], list[float]] = {}
    for x, y, z in np.round(reached / (0.15, 1e-4, 0.15)).astype(int):
        near.setdefault((x, z), []).append(y * 1e-4)
    rises = [min(abs(a - b) for b in near[x + 1, z]) for (x, z), ys in near.items() if (x + 1, z) in near for a in ys]
    rises = [r for r in rises if r < 0.5]
    assert max(rises) <= 2 * TALLEST_STEP + 0.01  # a cell may span two risers of a stair
    assert np.mean(np.array(rises) > TALLEST_STEP + 0.01) < 0.01


def test_it_is_the_same_again(tmp_path: Path) -> None:
    files = [
        build_template("dragon-kiln", tmp_path / k, quality=Quality(256, 4, 1, 1, (320, 180, 1))) for k in ("a", "b")
    ]
    for name in ("model.glb", "collider.glb", "thumb.webp", "asset.json"):
        assert (files[0] / name).read_bytes() == (files[1] / name).read_bytes()


def test_parameters_build_other_halls() -> None:
    for made in (courtyard_house.hall(court=10.0), tulou.hall(storeys=4, sectors=40), hillside.hall(terraces=3)):
        assert isinstance(made, Hall)
        assert made.site.solids
    with pytest.raises(ValueError, match="6 to 12"):
        courtyard_house.hall(court=20.0)


def test_a_closed_white_box_shows_what_radiosity_says() -> None:
    """In a closed room of albedo a whose walls all glow with E, everything settles at E / (1 - a): two bounces give
    E (1 + a + a^2)."""
    glow = Finish("light", (1.0, 1.0), glows=True, radiance=1.0)
    room = [type(s)(s.grid[:, ::-1], glow) for s in box((-1, -1, -1), (1, 1, 1), glow, sides="nesw^_")]
    sky = Sky((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
    quality = Quality(64, 256, 1, 2)
    albedo = np.full((6, 3), 0.5)
    light = bake(room, albedo, sky, None, (), quality).light
    lit = light[light.max(-1) > 0.01]
    np.testing.assert_allclose(lit, 1 + 0.5 + 0.25, rtol=0.02)


def test_the_sun_is_as_bright_as_it_should_be_and_casts_a_shadow() -> None:
    ground = quad((-4, 0, 4), (8, 0, 0), (0, 0, -8), Finish("plaster", (1.0, 1.0)))
    lid = quad((-1, 2, 1), (2, 0, 0), (0, 0, -2), Finish("plaster", (1.0, 1.0)))
    sun = Sun((0.0, 1.0, 0.0), (2.0, 2.0, 2.0))
    dark = Sky((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
    baked = bake([ground], np.zeros((1, 3)), dark, sun, (), Quality(128, 4, 8, 1), shade=[lid])
    chart = baked.charts[0]
    light = baked.light[chart.y : chart.y + chart.rows, chart.x : chart.x + chart.columns, 0]
    x = np.linspace(-4, 4, chart.columns)
    under = np.abs(x) < 0.8
    away = np.abs(x) > 1.3
    middle = light[chart.rows // 2]
    np.testing.assert_allclose(middle[under], 0.0, atol=1e-3)
    np.testing.assert_allclose(middle[away], 2.0, rtol=1e-3)


def _nearest(reached: np.ndarray, place: Any) -> float:
    gap = reached - np.asarray(place)
    gap[:, 1] *= 0.3
    return float(np.linalg.norm(gap, axis=1).min())
