"""The delivery bundle: valid by Khronos and by our schema, light, honest and the same every time."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from bumpy import Bumpy, colour, encoded
from khronos import khronos_problems
from PIL import Image

from recon.errors import BadModel, BadOptions
from recon.formats import ktx2
from recon.formats.glb_reader import read_glb
from recon.geometry.bake import Textured
from recon.geometry.relief import vertex_normals
from recon.geometry.surface import face_areas
from recon.geometry.visibility import Occluders
from recon.progress import Silent
from recon.stages.gltf import GltfOptions, build
from recon.types import ColourCheck, GltfBundle, TexturedMesh, View

SCHEMA = Path(__file__).parents[2] / "assets" / "schema" / "asset.schema.json"
OPTIONS = GltfOptions(title_zh="凸球", title_en="Bumpy ball", method="rendered-photographs", last_level_triangles=2000)


@pytest.fixture(scope="module")
def bundle(ball: Bumpy, textured: TexturedMesh, tmp_path_factory: pytest.TempPathFactory) -> GltfBundle:
    return build(textured, ball.sparse, OPTIONS, scratch=tmp_path_factory.mktemp("bundle"), progress=Silent())


def asset(bundle: GltfBundle) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((bundle.folder / "asset.json").read_text(encoding="utf-8"))
    return document


def loaded(path: Path) -> Textured:
    """A .glb with a picture per part, as one surface."""
    parts = read_glb(path).parts
    first = np.cumsum([0, *(len(part.positions) for part in parts)])
    return Textured(
        np.concatenate([part.positions for part in parts]),
        np.concatenate([part.faces + n for part, n in zip(parts, first[:-1], strict=True)]).astype(np.int32),
        np.concatenate([part.uv[part.faces] for part in parts]),  # type: ignore[index]
        np.repeat(np.arange(len(parts), dtype=np.uint8), [len(part.faces) for part in parts]),
        tuple(part.material.base_color_texture.pixels() for part in parts),  # type: ignore[union-attr]
    )


def shown(path: Path, points: np.ndarray) -> np.ndarray:
    """(N, 3) grey levels of the model at its places nearest to the points."""
    model = loaded(path)
    return model.colors(*Occluders(model.vertices, model.faces).closest(points))


def drawn(model: Textured, view: View) -> tuple[np.ndarray, np.ndarray]:
    """(H, W, 3) grey levels and (H, W) where the model is, as the view's camera sees it."""
    occluders = Occluders(model.vertices, model.faces)
    _, face, weights = occluders.picture(view.k, view.cam_from_world, view.width, view.height)
    picture = np.zeros((view.height, view.width, 3))
    picture[face >= 0] = model.colors(face[face >= 0], weights[face >= 0])
    return picture, face >= 0


def unit_rows(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def test_every_glb_is_valid_by_khronos(bundle: GltfBundle) -> None:
    files = [bundle.master, *sorted(bundle.folder.rglob("*.glb"))]
    assert len(files) == 5
    assert {path.name: khronos_problems(path) for path in files} == {path.name: [] for path in files}


def test_asset_keeps_to_the_schema(bundle: GltfBundle) -> None:
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(asset(bundle))


def test_files_are_what_asset_says(bundle: GltfBundle) -> None:
    files = asset(bundle)["files"]
    for entry in [files["model"], *files["lods"], files["collider"], files["thumb"]]:
        data = (bundle.folder / entry["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["bytes"], entry["sha256"])
        if "triangles" in entry:
            assert read_glb(bundle.folder / entry["path"]).triangles == entry["triangles"]


def test_model_is_the_surface(bundle: GltfBundle, textured: TexturedMesh) -> None:
    model = read_glb(bundle.model)
    assert model.extensions == (
        "EXT_texture_webp", "KHR_draco_mesh_compression", "KHR_materials_unlit", "KHR_xmp_json_ld",
    )  # fmt: skip
    assert model.triangles == len(textured.mesh.faces)
    extent = np.ptp(textured.mesh.vertices, axis=0).max()
    bounds = asset(bundle)["bounds"]
    assert np.allclose(model.bounds, [bounds["min"], bounds["max"]], atol=extent / 2**13)
    assert model.extras["unit"] == "metre"
    assert model.extras["title"] == {"zh": "凸球", "en": "Bumpy ball"}


def test_lighter_versions_still_look_like_it(bundle: GltfBundle, ball: Bumpy) -> None:
    full = read_glb(bundle.model).triangles
    levels = [bundle.folder / entry["path"] for entry in asset(bundle)["files"]["lods"]]
    triangles = [read_glb(level).triangles for level in levels]
    assert [count <= full / 4 ** (n + 1) for n, count in enumerate(triangles)] == [True] * len(levels)
    assert triangles[-1] < 2000
    points = ball.cloud.points[::5]
    truth = encoded(colour(points))
    for level, tolerance in zip(levels, (8, 14), strict=True):
        assert np.median(np.abs(shown(level, points) - truth).mean(axis=1)) < tolerance


def test_levels_look_alike(bundle: GltfBundle, ball: Bumpy) -> None:
    """Drawn from where the photographers stood, a level differs little from the full model."""
    full = loaded(bundle.model)
    for number, (least_db, levels_db) in enumerate(((30, []), (25, [])), start=1):
        light = loaded(bundle.folder / "lods" / f"{number}.glb")
        for view in ball.sparse.views[::4]:
            (a, seen_a), (b, seen_b) = (drawn(model, view) for model in (full, light))
            both = seen_a & seen_b
            assert both.sum() > 0.97 * (seen_a | seen_b).sum()
            levels_db.append(10 * np.log10(255**2 / np.mean((a[both] - b[both]) ** 2)))
        assert min(levels_db) > least_db


def test_levels_keep_the_relief(bundle: GltfBundle, textured: TexturedMesh) -> None:
    """The normal map gives back the shape that thinning out took; a nearly convex ball hardly darkens itself."""
    mesh = textured.mesh
    truth = vertex_normals(mesh.vertices, mesh.faces)
    upper = mesh.vertices[:, 1] > 0.2  # what was photographed
    for entry, gain in zip(asset(bundle)["files"]["lods"], (1.5, 2.5), strict=True):
        (part,) = read_glb(bundle.folder / entry["path"]).parts
        model = loaded(bundle.folder / entry["path"])
        face, weights = Occluders(model.vertices, model.faces).closest(mesh.vertices[upper])
        share = np.column_stack([1 - weights.sum(1), weights])

        def at(values: np.ndarray) -> np.ndarray:
            return np.asarray(np.einsum("nc,ncd->nd", share, values[model.faces[face]]))  # noqa: B023

        frame, along = unit_rows(at(part.normals)), at(part.tangents)  # type: ignore[arg-type]
        tangent = unit_rows(along[:, :3] - frame * (along[:, :3] * frame).sum(1, keepdims=True))
        bitangent = np.cross(frame, tangent) * np.sign(along[:, 3:])
        material = part.material
        assert material is not None
        relief = replace(model, pictures=(material.normal_texture.pixels(),))  # type: ignore[union-attr]
        x, y, z = (relief.colors(face, weights) / 127.5 - 1).T
        mapped = unit_rows(x[:, None] * tangent + y[:, None] * bitangent + z[:, None] * frame)

        def off(normals: np.ndarray) -> float:
            return float(np.degrees(np.arccos(np.clip((normals * truth[upper]).sum(1), -1, 1))).mean())

        corner = model.vertices[model.faces]
        flat = unit_rows(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]))[face]
        assert off(mapped) * gain < off(flat)
        assert off(mapped) < off(frame)
        occlusion = replace(model, pictures=(material.occlusion_texture.pixels(),))  # type: ignore[union-attr]
        assert np.median(occlusion.colors(face, weights)) > 230
        print(entry["path"], off(mapped), off(frame), off(flat))


def test_every_file_tells_measured_from_filled(bundle: GltfBundle, textured: TexturedMesh) -> None:
    def filled_share(path: Path) -> float:
        (part,) = read_glb(path).parts
        assert part.num_views is not None
        area = face_areas(part.positions, part.faces.astype(np.int32))
        return float(area[(part.num_views[part.faces] == 0).all(axis=1)].sum() / area.sum())

    assert filled_share(bundle.master) == pytest.approx(textured.mesh.filled_share, abs=1e-4)
    assert filled_share(bundle.model) == pytest.approx(textured.mesh.filled_share, abs=1e-3)
    for level in sorted((bundle.folder / "lods").iterdir()):
        assert filled_share(level) == pytest.approx(textured.mesh.filled_share, abs=0.02)


def test_collider_is_plain(bundle: GltfBundle) -> None:
    collider = read_glb(bundle.folder / "collider.glb")
    (part,) = collider.parts
    assert collider.extensions == ()
    assert (part.uv, part.normals, part.material, part.colors) == (None, None, None, None)
    assert collider.triangles <= OPTIONS.collider_triangles


def test_thumb_shows_the_thing(bundle: GltfBundle) -> None:
    path = bundle.folder / "thumb.webp"
    with Image.open(path) as thumb:
        pixels = np.asarray(thumb.convert("RGB")).astype(int)
    assert pixels.shape == (640, 640, 3)
    assert path.stat().st_size < 200_000
    assert pixels[:20].min() > 200  # light ground around
    assert (pixels.min(axis=2) < 150).mean() > 0.3
    assert pixels[220:420, 220:420].std() > 20


def test_honesty(bundle: GltfBundle, textured: TexturedMesh, ball: Bumpy) -> None:
    told = asset(bundle)
    assert told["quality"] == {
        "reprojection_px": 0.3,
        "measured_share": pytest.approx(1 - textured.mesh.filled_share, abs=1e-4),
        "filled_share": pytest.approx(textured.mesh.filled_share, abs=1e-4),
        "unseen_share": pytest.approx(textured.unseen_share, abs=1e-4),
    }
    assert told["quality"]["filled_share"] > 0
    assert told["origin"]["photos"] == len(ball.sparse.views)
    assert told["origin"]["method"] == "rendered-photographs"
    assert "rendered" in told["origin"]["statement"]["en"]
    assert "渲染" in told["origin"]["statement"]["zh"]


def test_same_input_same_bytes(bundle: GltfBundle, ball: Bumpy, textured: TexturedMesh, tmp_path: Path) -> None:
    again = build(textured, ball.sparse, OPTIONS, scratch=tmp_path, progress=Silent())
    first = {p.relative_to(bundle.folder): p.read_bytes() for p in bundle.folder.rglob("*") if p.is_file()}
    second = {p.relative_to(again.folder): p.read_bytes() for p in again.folder.rglob("*") if p.is_file()}
    assert first == second


def test_every_page_paints_its_own_faces(textured: TexturedMesh, ball: Bumpy, tmp_path: Path) -> None:
    """The upper half is moved to a second page that is the first one's negative: so must every file show it.

    How true its colours are is said.
    """
    upper = textured.mesh.vertices[textured.mesh.faces][..., 1].mean(axis=1) > 0.5
    negative = tmp_path / "atlas-2.png"
    Image.fromarray(255 - np.asarray(Image.open(textured.atlases[0]))).save(negative)
    paged = replace(textured, page=upper.astype(np.uint8), atlases=(*textured.atlases, negative))
    paged = replace(paged, colours=ColourCheck("classic-2014", 2, 9.166, 0.781, 0.95))
    bundle = build(paged, ball.sparse, OPTIONS, scratch=tmp_path / "bundle", progress=Silent())
    assert asset(bundle)["quality"]["colour"] == {
        "chart": "classic-2014",
        "photos": 2,
        "delta_e_before": 9.17,
        "delta_e_after": 0.78,
        "delta_e_left_out": 0.95,
    }
    jsonschema.validate(asset(bundle), json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [part.faces.shape[0] for part in read_glb(bundle.model).parts] == [(~upper).sum(), upper.sum()]
    assert khronos_problems(bundle.model) == []
    points = ball.cloud.points[np.abs(ball.cloud.points[:, 1] - 0.5) > 0.06][::5]
    truth = encoded(colour(points))
    truth[points[:, 1] > 0.5] = 255 - truth[points[:, 1] > 0.5]
    for path, tolerance in ((bundle.model, 6), (bundle.folder / "lods" / "1.glb", 8)):
        assert np.median(np.abs(shown(path, points) - truth).mean(axis=1)) < tolerance


def test_pages_must_exist(textured: TexturedMesh) -> None:
    with pytest.raises(ValueError, match="1 pages"):
        replace(textured, page=textured.page + np.uint8(1))


def test_a_lost_texture_is_told(textured: TexturedMesh, ball: Bumpy, tmp_path: Path) -> None:
    gone = replace(textured, atlases=(tmp_path / "gone.png",))
    with pytest.raises(BadModel, match="texture cannot be read") as refusal:
        build(gone, ball.sparse, OPTIONS, scratch=tmp_path, progress=Silent())
    assert refusal.value.hint()


def test_bad_options_are_refused() -> None:
    with pytest.raises(BadOptions):
        GltfOptions(collider_triangles=300_000)
    with pytest.raises(BadOptions):
        GltfOptions(texture_quality=0)


def test_a_compact_model_is_the_same_with_another_picture(
    ball: Bumpy, textured: TexturedMesh, bundle: GltfBundle, tmp_path: Path
) -> None:
    if not ktx2.is_available():
        pytest.skip("ktx2-encoder is not installed: run npm ci in viewer/")
    made = build(textured, ball.sparse, replace(OPTIONS, ktx2=True), scratch=tmp_path, progress=Silent())
    compact = made.folder / "model-ktx2.glb"
    # the validator knows no KHR_texture_basisu: that is all it says
    assert {problem.split()[0] for problem in khronos_problems(compact)} == {
        "VALUE_NOT_IN_LIST",
        "IMAGE_UNRECOGNIZED_FORMAT",
    }
    jsonschema.validate(asset(made), json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert asset(made)["files"]["ktx2"]["sha256"] == hashlib.sha256(compact.read_bytes()).hexdigest()
    assert (made.folder / "model.glb").read_bytes() == (bundle.folder / "model.glb").read_bytes()
    (part,), (plain,) = read_glb(compact).parts, read_glb(made.folder / "model.glb").parts
    assert part.material is not None
    assert part.material.base_color_texture is not None
    assert part.material.base_color_texture.mime == "image/ktx2"
    assert np.array_equal(part.positions, plain.positions)
    assert part.uv is not None
    assert plain.uv is not None
    assert np.array_equal(part.uv, plain.uv)
