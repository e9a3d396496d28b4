"""The studio is only as good as its truth: depth, EXIF and surfaces against what is known exactly."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import synthetic
import trimesh
from jsonschema import Draft202012Validator
from PIL import Image

from recon.errors import BadOptions
from recon.progress import Silent
from recon.synthetic import MODELLED, raster, write_models, write_photos
from recon.synthetic.kiln import dragon_kiln
from recon.synthetic.model import Model, build
from recon.synthetic.studio import FOCAL_35MM, Camera, intrinsics, looking, orbit
from recon.synthetic.surfaces import lathe, quad, tube
from recon.synthetic.textures import plain
from recon.synthetic.tools import kick_wheel
from recon.synthetic.ware import censer, meiping, saggar

SCHEMA = Path(__file__).parents[2] / "assets" / "schema" / "asset.schema.json"
THING_MODELS = {"dragon-kiln": lambda: dragon_kiln(texel=0.003), "meiping": meiping, "censer": censer, "saggar": saggar,
                "kick-wheel": kick_wheel}  # fmt: skip


def _camera(eye: tuple[float, float, float], target: tuple[float, float, float]) -> Camera:
    return Camera(intrinsics(320, 240), looking(eye, target), 320, 240)


def _pixel_rays(camera: Camera) -> np.ndarray:
    """Directions (H, W, 3) in the camera's frame, z = 1."""
    x, y = np.meshgrid(np.arange(camera.width) + 0.5, np.arange(camera.height) + 0.5)
    return np.stack([(x - camera.k[0, 2]) / camera.k[0, 0], (y - camera.k[1, 2]) / camera.k[1, 1], np.ones_like(x)], -1)


def test_depth_of_a_plane_is_exact() -> None:
    floor = build([quad((-2, 0, 2), (4, 0, 0), (0, 0, -4), plain("#808080"), step=0.1)], texel=0.05, seed=0)
    camera = _camera((0.3, 0.9, 1.4), (0.1, 0.0, -0.2))
    _, depth = raster.visible(floor.vertices, floor.faces, camera.k, camera.cam_from_world, 320, 240)
    normal, origin = camera.cam_from_world[:, :3] @ (0, 1, 0), camera.cam_from_world[:, 3]
    expected = (normal @ origin) / (_pixel_rays(camera) @ normal)
    seen = depth > 0
    assert seen.mean() > 0.85
    np.testing.assert_allclose(depth[seen], expected[seen], rtol=1e-6)


def test_depth_of_a_sphere_is_exact_to_a_ten_thousandth() -> None:
    angle = np.linspace(0, np.pi, 721)
    circle = np.stack([0.5 * np.sin(angle), 0.5 - 0.5 * np.cos(angle)], -1)
    circle[[0, -1], 0] = 0
    ball = build([lathe(circle, plain("#808080"), columns=1440)], texel=0.05, seed=0)
    camera = _camera((0.7, 1.1, 1.9), (0, 0.5, 0))
    _, depth = raster.visible(ball.vertices, ball.faces, camera.k, camera.cam_from_world, 320, 240)
    ray = _pixel_rays(camera)
    centre = camera.cam_from_world @ (0, 0.5, 0, 1)
    a, b, c = (ray**2).sum(-1), ray @ centre, centre @ centre - 0.25
    inside = b**2 - a * c > 0.02 * a  # well within the outline, where the facets do not show
    expected = (b - np.sqrt(np.maximum(b**2 - a * c, 0))) / a
    assert inside.sum() > 10_000
    assert np.abs(depth - expected)[inside].max() < 1e-4


def test_depth_agrees_with_the_photographs_truth(tmp_path: Path) -> None:
    truth = synthetic.photograph(synthetic.hard_things(), tmp_path, num_photos=3, width=240, arc_deg=40)
    one, two = (truth.cameras[n] for n in sorted(truth.cameras)[:2])
    depth = truth.depth(sorted(truth.cameras)[0])
    world = (_pixel_rays(one) * depth[..., None] - one.cam_from_world[:, 3]) @ one.cam_from_world[:, :3]
    other = world @ two.cam_from_world[:, :3].T + two.cam_from_world[:, 3]
    u, v = (other[..., i] / other[..., 2] * two.k[i, i] + two.k[i, 2] for i in (0, 1))
    inside = (depth > 0) & (u > 1) & (u < two.width - 1) & (v > 1) & (v < two.height - 1)
    seen = truth.depth(sorted(truth.cameras)[1])[v[inside].astype(int), u[inside].astype(int)]
    same = np.abs(seen - other[..., 2][inside]) < 0.01 * seen
    assert same.mean() > 0.9  # the rest is hidden from the other camera


@pytest.mark.parametrize("thing", THING_MODELS)
def test_a_thing_is_sound(thing: str) -> None:
    model = THING_MODELS[thing]()
    assert np.isfinite(model.vertices).all()
    assert np.isfinite(model.normals).all()
    corner = model.vertices[model.faces].astype(float)
    turned = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    assert (np.linalg.norm(turned, axis=1) > 0).all()
    agree = (turned * model.normals[model.faces].astype(float).sum(1)).sum(1) > 0
    assert agree.mean() > 0.995  # creases of displaced brick may differ from their smoothed normals
    assert model.uv.min() > 0
    assert model.uv.max() < 1
    low, high = model.vertices.min(0), model.vertices.max(0)
    assert abs(low[1]) < 0.008
    assert np.abs((low + high)[[0, 2]] / 2).max() < 0.08 * (high - low).max()


@pytest.mark.parametrize("thing", [meiping, lambda: _rod()], ids=["meiping", "tube"])
def test_turned_and_drawn_surfaces_close(thing: object) -> None:
    model: Model = thing()  # type: ignore[operator]
    closed = trimesh.Trimesh(model.vertices, model.faces, process=True, merge_tex=True, merge_norm=True)
    assert closed.is_watertight
    assert closed.is_winding_consistent
    assert closed.volume > 0


def _rod() -> Model:
    bend = np.linspace(0, 2, 30)
    return build(tube(np.stack([np.cos(bend), bend, np.sin(bend)], -1), 0.1, plain("#808080")), texel=0.02, seed=0)


def test_the_kiln_is_as_long_as_it_says() -> None:
    size = np.ptp(dragon_kiln(texel=0.003).vertices, axis=0)
    np.testing.assert_allclose(size, (1.62, 0.66, 0.82), atol=0.03)


def test_thinned_keeps_the_shape() -> None:
    model = meiping()
    faces, kept = model.thinned(4)
    assert len(faces) < len(model.faces) / 12
    thin = model.vertices[kept]
    assert np.abs(thin.min(0) - model.vertices.min(0)).max() < 0.004
    assert np.abs(thin.max(0) - model.vertices.max(0)).max() < 0.004


def test_orbit_goes_all_round_in_small_steps_and_fills_the_frame() -> None:
    points = dragon_kiln(texel=0.003).vertices
    cameras = orbit(points, 28, 1280, 960)
    centre = (points.min(0) + points.max(0)) / 2
    towards = np.array([(c.centre - centre) / np.linalg.norm(c.centre - centre) for c in cameras])
    step = np.degrees(np.arccos((towards * np.roll(towards, 1, 0)).sum(1)))
    assert step.max() <= 18
    for camera in cameras:
        seen = points @ camera.cam_from_world[:, :3].T + camera.cam_from_world[:, 3]
        u, v = (seen[:, i] / seen[:, 2] * camera.k[i, i] + camera.k[i, 2] for i in (0, 1))
        assert u.min() > 0
        assert u.max() < 1280
        assert v.min() > 0
        assert v.max() < 960
        assert max(np.ptp(u) / 1280, np.ptp(v) / 960) > 0.5


def test_photos_carry_the_cameras_focal_length_and_are_the_same_again(tmp_path: Path) -> None:
    model = synthetic.brick_relief()
    truth = synthetic.photograph(model, tmp_path / "a", num_photos=2, width=240, arc_deg=12)
    synthetic.photograph(model, tmp_path / "b", num_photos=2, width=240, arc_deg=12)
    for name, camera in truth.cameras.items():
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
        with Image.open(tmp_path / "a" / name) as photo:
            assert photo.size == (240, 180)
            exif = photo.getexif()
            detail = exif.get_ifd(0x8769)
        assert (exif[0x010F], exif[0x0110]) == ("Longyao", "rendered")
        assert detail[0xA405] == FOCAL_35MM
        per_mm = float(detail[0xA20E]) / 10  # px on the sensor
        assert float(detail[0x920A]) * per_mm == pytest.approx(camera.k[0, 0], rel=1e-4)
        assert FOCAL_35MM / np.hypot(36, 24) * np.hypot(240, 180) == pytest.approx(camera.k[0, 0])


def test_a_bundle_keeps_the_contract(tmp_path: Path) -> None:
    (folder,) = write_models(tmp_path, ["censer"])
    described = json.loads((folder / "asset.json").read_text("utf-8"))
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(described)
    assert described["origin"]["method"] == "modelled"
    files = described["files"]
    assert files["thumb"]["bytes"] < 200_000
    triangles = [
        files["model"]["triangles"],
        *(lod["triangles"] for lod in files["lods"]),
        files["collider"]["triangles"],
    ]
    assert triangles == sorted(triangles, reverse=True)
    for file in (files["thumb"], files["model"], files["collider"], *files["lods"]):
        assert (folder / file["path"]).stat().st_size == file["bytes"]


def test_an_unknown_thing_is_refused_with_the_choices(tmp_path: Path) -> None:
    with pytest.raises(BadOptions, match="teapot") as refused:
        write_photos("teapot", tmp_path, num_photos=2, width=64, progress=Silent())
    assert all(thing in refused.value.hint for thing in MODELLED)
