"""The bench measures what it says: a plane moved by a known distance, a hole of a known size."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import open3d as o3d
import pytest
from scipy.spatial.transform import Rotation

sys.path.insert(0, str(Path(__file__).parent))

import fscore
import ledger

from recon.modelling.studio import look_at
from recon.types import DepthMap, DepthMaps, Frame, Mesh, SparseModel, View

FOCAL, DISTANCE = 200.0, 2.0
FOOTPRINT = DISTANCE / FOCAL  # of the middle; towards the corners it grows by a seventh
VERTICES = np.array([[-0.5, -0.5, 0], [0.5, -0.5, 0], [0.5, 0.5, 0], [-0.5, 0.5, 0]], np.float32)
FACES = np.array([[0, 1, 2], [0, 2, 3]], np.int32)
K = np.array([[FOCAL, 0, 80], [0, FOCAL, 60], [0, 0, 1.0]])


@pytest.fixture
def views(tmp_path: Path) -> tuple[View, ...]:
    """Two photos of a square of one metre, straight ahead of both."""
    return tuple(View(f"{x}.jpg", tmp_path, 160, 120, K, look_at((x, 0, DISTANCE), (x, 0, 0))) for x in (-0.001, 0.001))


@pytest.fixture
def square(views: tuple[View, ...]) -> fscore.TrueSurface:
    return fscore.TrueSurface(VERTICES, FACES, np.array(["lower", "upper"]), views)


def points(*, z: float, x_max: float = 0.5) -> np.ndarray:
    x, y = np.meshgrid(np.linspace(-0.5, 0.5, 401), np.linspace(-0.5, 0.5, 401))
    return np.stack([x[x <= x_max], y[x <= x_max], np.full((x <= x_max).sum(), z)], -1)


@pytest.mark.parametrize(("off", "expected"), [(0.0, (1, 1)), (1.5, (0, 1)), (3.0, (0, 0))])
def test_a_moved_plane(square: fscore.TrueSurface, off: float, expected: tuple[float, float]) -> None:
    scores = square.cloud(points(z=off * FOOTPRINT))
    for px, share in zip((1, 2), expected, strict=True):
        for part in ("all", "lower", "upper"):
            score = scores[part, px]
            assert (score.accuracy, score.completeness, score.f) == (share, share, share)


def test_half_a_plane_is_accurate_and_half_complete(square: fscore.TrueSurface) -> None:
    score = square.cloud(points(z=0, x_max=0))["all", 1]
    assert score.accuracy == 1
    assert score.completeness == pytest.approx(0.51, abs=0.005)  # a hundredth more by the threshold itself
    assert score.f == pytest.approx(2 * score.completeness / (1 + score.completeness))


def test_half_of_the_points_are_off(square: fscore.TrueSurface) -> None:
    score = square.cloud(np.concatenate([points(z=0), points(z=5 * FOOTPRINT)]))["all", 2]
    assert (score.accuracy, score.completeness) == (0.5, 1)


def test_a_mesh_is_judged_by_what_photos_see(square: fscore.TrueSurface) -> None:
    behind = VERTICES - np.array([0, 0, 0.3], np.float32)
    both = Mesh(
        np.concatenate([VERTICES, behind]),
        np.concatenate([FACES, FACES + 4]),
        np.ones(4, np.uint8),
        np.zeros(4, np.uint8),
    )
    assert square.mesh(both)["all", 1] == fscore.Score(1, 1)
    before = Mesh(VERTICES + np.array([0, 0, 0.3], np.float32), FACES, np.ones(2, np.uint8), np.zeros(2, np.uint8))
    assert square.mesh(before)["all", 2] == fscore.Score(0, 0)


def test_depth_counts_the_pixels_that_show_the_thing(
    square: fscore.TrueSurface, views: tuple[View, ...], tmp_path: Path
) -> None:
    """The left half is right, a quarter is a footprint and a half too far, a quarter is empty."""
    depth = np.zeros((120, 160), np.float32)
    depth[:, :80], depth[:60, 80:] = DISTANCE, DISTANCE + 1.5 * FOOTPRINT
    np.savez(tmp_path / "map.npz", depth=depth, normal=np.zeros((120, 160, 3), np.int8), confidence=depth)
    none = np.zeros((0, 3))
    sparse = SparseModel(
        tmp_path, views, none, none.astype(np.uint8), none[:, 0], (np.zeros(0, np.int32),) * 2,
        Frame("metre", "exact"), 0.0, tuple(v.name for v in views),
    )  # fmt: skip
    maps = DepthMaps(sparse, tuple(DepthMap(v.name, tmp_path / "map.npz") for v in views))
    scores = square.depth(maps)
    assert scores["all", 1].accuracy == pytest.approx(2 / 3, abs=0.01)
    assert scores["all", 1].completeness == pytest.approx(1 / 2, abs=0.01)
    assert scores["all", 2].accuracy == 1
    assert scores["all", 2].completeness == pytest.approx(3 / 4, abs=0.01)


def test_points_are_laid_upon_the_surface_they_were_taken_from() -> None:
    """A box's points, turned by two degrees, grown by a hundredth and moved, a fifth of them far off."""
    box = o3d.geometry.TriangleMesh.create_box(1.0, 0.7, 0.4)
    vertices, faces = np.asarray(box.vertices), np.asarray(box.triangles, np.int32)
    exact = fscore.sampled(vertices, faces, 2000)[0]
    turn = Rotation.from_rotvec([0.02, -0.03, 0.01]).as_matrix() * 1.01
    moved = exact @ turn.T + [0.01, 0.02, -0.01]
    moved[::5] += [0.4, 0.3, 0.5]
    back = fscore.fitted(moved, vertices, faces, np.eye(4))
    np.testing.assert_allclose(back[:3, :3] @ turn, np.eye(3), atol=1e-4)
    np.testing.assert_allclose(back[:3, :3] @ [0.01, 0.02, -0.01] + back[:3, 3], 0, atol=1e-4)


def test_the_ledger_keeps_old_rows_when_a_column_is_new(tmp_path: Path) -> None:
    ledger.write(tmp_path / "bench.csv", {"run": "a", "f": 1})
    ledger.write(tmp_path / "bench.csv", {"run": "b", "g": 2})
    assert (tmp_path / "bench.csv").read_text().splitlines()[0] == "when,run,f,g"
    assert [line.split(",")[1:] for line in (tmp_path / "bench.csv").read_text().splitlines()[1:]] == [
        ["a", "1", ""],
        ["b", "", "2"],
    ]
