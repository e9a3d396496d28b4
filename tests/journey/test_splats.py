"""Splats and point clouds in a hall, as a browser draws them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import samples
from PIL import Image
from playwright.sync_api import expect
from walkthrough import SHARP, Hung, OpenPage, hang, pose

from exhibit.library.bare import from_points
from exhibit.library.bundle import Told
from recon.formats.gltf import read_gltf
from recon.formats.points import Cloud
from recon.formats.splat_drawing import draw_splats
from recon.formats.splats import Splats, splats_of

TOLD = Told({"zh": "球", "en": "A ball"}, "scan", in_metres=True)


def ball(num: int = 6000, radius: float = 0.4) -> Splats:
    """A ball of flat Gaussians that lie on its surface, in patches of two colours, one half of it glassy."""
    rng = np.random.default_rng(0)
    normals = rng.normal(size=(num, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    half = np.column_stack([normals[:, 1], -normals[:, 0], np.zeros(num), 1 + normals[:, 2]])  # turns Z to the normal
    half[:, :2] *= -1
    rotations = half / np.linalg.norm(half, axis=1, keepdims=True)
    patch = np.floor(np.arctan2(normals[:, 0], normals[:, 2]) / (np.pi / 6)) + np.floor(normals[:, 1] * 3)
    colours = np.where((patch % 2 == 0)[:, None], [0.75, 0.2, 0.12], [0.93, 0.9, 0.8])
    scales = np.tile([0.02, 0.012, 0.001], (num, 1))
    columns = (normals * radius, scales, rotations, np.where(normals[:, 1] > 0.3, 0.25, 0.95), colours)
    return Splats(*(np.asarray(column, np.float32) for column in columns))


def test_splats_look_as_their_equation_says(open_page: OpenPage, tmp_path: Path) -> None:
    """The shader against exhibit's own drawing of the same file from the same eye."""
    visitor = open_page(device_scale_factor=SHARP)
    page = visitor.page
    folder = samples.on_disk(from_points(ball(), tmp_path / "ball", TOLD), tmp_path / "ball")
    start = visitor.exhibition.hall["start"]
    eye, target = np.array(start["position"]), np.array(start["target"])
    back = (eye - target) / np.linalg.norm(eye - target)
    spot = eye - 2 * back - [0, 0.4, 0]
    hang(visitor, saggar=Hung(folder, spot))
    visitor.walk_in("en")
    canvas = Image.open(io.BytesIO(page.locator(".ly-canvas").screenshot())).convert("RGB")
    splats = splats_of(read_gltf(folder / "model.glb", max_bytes=1 << 30)).moved(spot)
    seen_from = np.linalg.inv(pose(np.array(visitor.position), back))
    drawn = draw_splats(splats, seen_from, start.get("fov_deg", 60), canvas.width, canvas.height)
    solid = drawn[..., 3] > 0.98
    apart = np.abs(np.asarray(canvas, float)[solid] - 255 * drawn[solid][:, :3])
    assert solid.sum() > 20_000
    assert apart.mean() < 3
    assert np.quantile(apart, 0.99) < 16
    page.evaluate("location.hash = '#exhibit=saggar'")
    visitor.await_mode("orbit")
    visitor.await_still()
    expect(page.locator(".ly-strip button")).to_have_count(0)  # nothing can be measured on it
    expect(page.locator(".ly-panel")).to_contain_text("they are no measured surface")


def test_a_cloud_comes_in_levels(open_page: OpenPage, tmp_path: Path) -> None:
    visitor = open_page(device_scale_factor=SHARP)
    steps = np.linspace(-0.4, 0.4, 190)
    sheet = np.stack(np.meshgrid(steps, steps, [-0.4, 0.4]), -1).reshape(-1, 3)
    sides = np.concatenate([np.roll(sheet, axis, 1) for axis in range(3)])
    cloud = Cloud(sides.astype(np.float32), np.full((len(sides), 3), [40, 120, 200], np.uint8))
    folder = samples.on_disk(from_points(cloud, tmp_path / "cube", TOLD), tmp_path / "cube")
    document = json.loads((folder / "asset.json").read_text("utf-8"))
    finest, coarse = document["files"]["model"], document["files"]["lods"][-1]
    assert finest["points"] == len(cloud)
    assert coarse["points"] < len(cloud) / 3
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    start = visitor.exhibition.hall["start"]
    eye, target = np.array(start["position"]), np.array(start["target"])
    hang(visitor, saggar=Hung(folder, eye + 6 * (target - eye) / np.linalg.norm(target - eye)))
    visitor.walk_in("en")
    assert coarse["sha256"] in asked
    assert finest["sha256"] not in asked
    visitor.page.evaluate("location.hash = '#exhibit=saggar'")
    visitor.await_mode("orbit")
    with visitor.page.expect_response(f"**/media/{finest['sha256']}"):
        pass
    visitor.await_still()
    canvas = Image.open(io.BytesIO(visitor.page.locator(".ly-canvas").screenshot())).convert("RGB")
    blue = np.abs(np.asarray(canvas, float) - [40, 120, 200]).max(2) < 6  # in its own colour
    within = np.logical_or.accumulate(blue, 1) & np.logical_or.accumulate(blue[:, ::-1], 1)[:, ::-1]
    assert blue.sum() > 20_000
    assert blue.sum() > 0.99 * within.sum()  # closed
    for tool in ("measure", "section"):
        expect(visitor.page.locator(f".ly-strip [data-key={tool}]")).to_be_visible()
