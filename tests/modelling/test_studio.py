"""The studio is only as good as its truth: depth, EXIF and surfaces against what is known exactly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import synthetic
import trimesh
from PIL import Image

from recon.modelling import raster
from recon.modelling.model import Model, build
from recon.modelling.studio import FOCAL_35MM, Camera, intrinsics, look_at, orbit
from recon.modelling.surfaces import lathe, quad, smooth_profile, tube
from recon.modelling.textures import plain


def _camera(eye: tuple[float, float, float], target: tuple[float, float, float]) -> Camera:
    return Camera(intrinsics(320, 240), look_at(eye, target), 320, 240)


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


def test_orbit_goes_all_round_in_small_steps_and_fills_the_frame() -> None:
    points = np.random.default_rng(0).uniform((-0.81, 0, -0.41), (0.81, 0.66, 0.41), (4000, 3))
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


@pytest.mark.parametrize("thing", [lambda: _vase(), lambda: _rod()], ids=["vase", "tube"])
def test_turned_and_drawn_surfaces_close(thing: object) -> None:
    model: Model = thing()  # type: ignore[operator]
    closed = trimesh.Trimesh(model.vertices, model.faces, process=True, merge_tex=True, merge_norm=True)
    assert closed.is_watertight
    assert closed.is_winding_consistent
    assert closed.volume > 0


def _vase() -> Model:
    """Turned, 0.3 m high: a foot, a belly, a narrow neck and an inside."""
    profile = smooth_profile([(0.05, 0.0), (0.09, 0.12), (0.07, 0.22), (0.03, 0.27), (0.035, 0.3)], 120)
    inside = (profile[::-1] - (0.004, 0)) * (1, 0.99) + (0, 0.003)
    whole = np.concatenate([[(0, 0)], profile, inside, [(0, inside[-1, 1])]])
    return build([lathe(whole, plain("#808080"), columns=96)], texel=0.005, seed=0)


def _rod() -> Model:
    bend = np.linspace(0, 2, 30)
    return build(tube(np.stack([np.cos(bend), bend, np.sin(bend)], -1), 0.1, plain("#808080")), texel=0.02, seed=0)


def test_thinned_keeps_the_shape() -> None:
    model = _vase()
    faces, kept = model.thinned(4)
    assert len(faces) < len(model.faces) / 12
    thin = model.vertices[kept]
    assert np.abs(thin.min(0) - model.vertices.min(0)).max() < 0.004
    assert np.abs(thin.max(0) - model.vertices.max(0)).max() < 0.004
