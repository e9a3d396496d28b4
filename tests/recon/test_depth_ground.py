"""Depth of ground that is seen at a grazing angle, down to the picture's lower edge, before a wall under the sky."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from recon.progress import Silent
from recon.stages import depth
from recon.types import Frame, SparseModel, View

FloatArray = NDArray[np.float64]
WIDTH, HEIGHT, FOCAL = 256, 192, 280.0
EYE, WALL_Z, WALL_TOP = 1.6, -11.0, 2.0  # m: the cameras' height, the wall's place and height
NEAREST = 6.5  # m, of the sparse points: asphalt has no corners
FINE = 4  # samples a pixel, along each side


@dataclass(frozen=True)
class Courtyard:
    sparse: SparseModel
    depths: tuple[FloatArray, ...]  # (H, W) per view, infinite where it is sky
    grazing_deg: tuple[FloatArray, ...]  # (H, W) between the view and the ground; nan where it is none


@pytest.fixture(scope="module")
def courtyard(tmp_path_factory: pytest.TempPathFactory) -> Courtyard:
    """Four photos from a line of 3.6 m."""
    folder, rng = tmp_path_factory.mktemp("courtyard"), np.random.default_rng(1)
    asphalt, bricks = (
        np.exp(sum(0.25 * cv2.resize(rng.normal(size=(n, n)), (2048, 2048)) for n in (64, 256, 1024))) * tone
        for tone in (0.3, 0.25)
    )
    views, depths, grazing = [], [], []
    for number, x in enumerate((-1.8, -0.6, 0.6, 1.8)):
        view = _camera(folder / f"{number}.png", np.array([x, EYE, 0.0]), np.radians(9))
        rays = _rays(view, FINE)
        ground, wall = -EYE / np.minimum(rays[..., 1], -1e-9), WALL_Z / rays[..., 2]
        height = EYE + wall * rays[..., 1]
        z = np.where(height < 0, ground, np.where(height < WALL_TOP, wall, np.inf))
        at = view.centre + np.where(np.isfinite(z), z, 0)[..., None] * rays
        sky = 0.75 - 0.3 * rays[..., 1]
        tone = np.where(height < 0, _at(asphalt, at[..., 0], at[..., 2]), _at(bricks, at[..., 0], at[..., 1]))
        tone = np.where(np.isfinite(z), tone, sky)
        grey = 255 * cv2.resize(tone, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA) + rng.normal(0, 1, (HEIGHT, WIDTH))
        cv2.imwrite(str(view.path), np.clip(grey, 0, 255).astype(np.uint8))
        views.append(view)
        middle = slice(FINE // 2, None, FINE)
        depths.append(z[middle, middle])
        tilt = np.degrees(np.arcsin(-rays[..., 1] / np.linalg.norm(rays, axis=-1)))
        grazing.append(np.where(height < 0, tilt, np.nan)[middle, middle])
    points = np.concatenate(
        [
            rng.uniform((-4, 0, WALL_Z), (4, 0, -NEAREST), (150, 3)),
            rng.uniform((-4, 0, WALL_Z), (4, 3, WALL_Z), (150, 3)),
        ]
    )
    sparse = SparseModel(
        folder=folder,
        views=tuple(views),
        points=points,
        point_colors=np.zeros((300, 3), np.uint8),
        point_errors_px=np.full(300, 0.3),
        observations=tuple(np.flatnonzero(_inside(v, points)).astype(np.int32) for v in views),
        frame=Frame("metre", scale_source="synthetic", up_source="photos"),
        reprojection_px=0.3,
        registered=tuple(v.name for v in views),
    )
    return Courtyard(sparse, tuple(depths), tuple(grazing))


def _camera(path: Path, centre: FloatArray, down: float) -> View:
    k = np.array([[FOCAL, 0, WIDTH / 2], [0, FOCAL, HEIGHT / 2], [0, 0, 1.0]])
    c, s = np.cos(down), np.sin(down)
    rotation = np.array([[1, 0, 0], [0, -c, s], [0, -s, -c]])
    return View(path.name, path, WIDTH, HEIGHT, k, np.column_stack([rotation, -rotation @ centre]))


def _rays(view: View, fine: int) -> FloatArray:
    """(H * fine, W * fine, 3) in the world, a unit deep."""
    y, x = (np.mgrid[0 : HEIGHT * fine, 0 : WIDTH * fine] + 0.5) / fine
    pixel = np.stack([x, y, np.ones_like(x)], -1)
    return np.asarray(pixel @ np.linalg.inv(view.k).T @ view.cam_from_world[:, :3])


def _at(texture: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    """A texture of 1.5 cm a texel at places (H, W)."""
    u, v = (np.asarray(np.abs(c) / 0.015 % 2040, np.float32) for c in (a + 15, b))
    return np.asarray(cv2.remap(texture, u, v, cv2.INTER_LINEAR), float)


def _inside(view: View, points: FloatArray) -> NDArray[np.bool_]:
    px = (points @ view.cam_from_world[:, :3].T + view.cam_from_world[:, 3]) @ view.k.T
    px = px[:, :2] / px[:, 2:]
    return np.asarray((px > 0).all(axis=1) & (px < (WIDTH, HEIGHT)).all(axis=1))


def test_the_ground_is_measured_and_the_sky_is_not(
    courtyard: Courtyard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depth, "COARSE_SIDE", 100)
    options, told = depth.DepthOptions(neighbours=3), Silent()
    found = depth.build(courtyard.sparse, options, scratch=tmp_path, progress=told)
    inner = np.s_[:-6, 8:-8]  # a patch needs room in the photos beside it
    for number in (1, 2):  # between two others
        measured, true, grazing = (
            part[inner]
            for part in (found.maps[number].load()[0], courtyard.depths[number], courtyard.grazing_deg[number])
        )
        right = np.abs(measured / true - 1) < 0.02
        for low, high, least in ((8.5, 12, 0.98), (12, 16, 0.98), (16, 28, 0.7)):  # near by, two photos may not meet
            assert right[(grazing > low) & (grazing < high)].mean() > least
        sky = ~np.isfinite(true)
        assert right[~sky & np.isnan(grazing)].mean() > 0.95  # the wall
        assert not measured[sky].any()
        assert measured[measured > 0].min() < 0.75 * NEAREST
    (said,) = told.warnings
    assert said.startswith("4 of 4 photos show sky, which becomes no surface, 2")


def test_sky_may_be_kept(courtyard: Courtyard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth, "COARSE_SIDE", 100)
    told = Silent()
    depth.build(courtyard.sparse, depth.DepthOptions(neighbours=1, sky=False), scratch=tmp_path, progress=told)
    assert not told.warnings
