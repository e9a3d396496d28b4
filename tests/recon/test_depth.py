"""Depth and cloud against the rendered truth."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numba
import numpy as np
import open3d as o3d
import pytest
from truth import Solved

from recon.errors import NoReconstruction
from recon.formats.ply import Ply, PlyWriter
from recon.messages import Message
from recon.progress import Silent
from recon.stages import dense, depth
from recon.types import DepthMaps, PointCloud


def pixel_rays(solved: Solved, name: str, shape: tuple[int, ...]) -> np.ndarray:
    """(H, W, 3) the way each pixel looks, in the camera, one unit deep."""
    view = next(v for v in solved.sparse.views if v.name == name)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]] + 0.5
    rays = np.stack([x, y, np.ones_like(x)], -1) @ np.linalg.inv(view.scaled(shape[1], shape[0])).T
    return np.asarray(rays)


def true_depth(solved: Solved, name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Exact depth (H, W) of our own undistorted camera, by ray casting the true scene from it."""
    view = next(v for v in solved.sparse.views if v.name == name)
    truth = solved.photographed.truth
    scene = o3d.t.geometry.RaycastingScene()
    moved = truth.scene_vertices @ solved.world_from_truth[:3, :3].T + solved.world_from_truth[:3, 3]
    scene.add_triangles(o3d.core.Tensor(moved.astype(np.float32)), o3d.core.Tensor(truth.scene_faces.astype(np.uint32)))
    towards = pixel_rays(solved, name, shape) @ view.cam_from_world[:, :3]
    origin = np.broadcast_to(view.centre, towards.shape)
    cast = scene.cast_rays(o3d.core.Tensor(np.concatenate([origin, towards], -1).astype(np.float32)))
    return np.asarray(cast["t_hit"].numpy())


def test_depth_is_true_to_a_pixel(solved: Solved) -> None:
    """A pixel's footprint is 1 mm, a pixel of disparity to the next camera 6 mm of depth: the median error is under
    0.8 mm (an eighth of a pixel of disparity), and more than three in four pixels within 2 mm, of nearly as many.
    """
    for stored in solved.depths.maps[2:8]:
        found, normal, confidence = stored.load()
        truth = true_depth(solved, stored.view, found.shape)
        known = (found > 0) & np.isfinite(truth)
        error = np.abs(found - truth)[known]
        assert known.mean() > 0.68
        assert np.median(error) < 0.0008
        assert np.mean(error < 0.002) > 0.77
        assert np.allclose(np.linalg.norm(normal[known], axis=-1), 1, atol=0.02)
        rays = pixel_rays(solved, stored.view, found.shape)
        assert np.mean(np.einsum("nc,nc->n", normal[known], rays[known]) < 0) > 0.999  # towards the camera
        assert confidence[~(found > 0)].max(initial=0) == 0


def test_cloud_lies_on_the_surface_and_covers_it(solved: Solved) -> None:
    truth = solved.photographed.truth
    moved = truth.vertices @ solved.world_from_truth[:3, :3].T + solved.world_from_truth[:3, 3]
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(o3d.core.Tensor(moved.astype(np.float32)), o3d.core.Tensor(truth.faces.astype(np.uint32)))
    cloud = solved.cloud.load()
    points = cloud.points
    distance = scene.compute_distance(o3d.core.Tensor(points)).numpy()
    assert points[:, 1].min() > 0  # the table is cut away
    views = cloud.num_views
    assert set(np.unique(views)) <= {0, *range(2, 256)}  # inferred, or measured by two or more
    sure = distance[views >= 3]
    assert np.median(sure) < 0.0007
    assert np.mean(sure < 0.002) > 0.88
    assert np.mean(distance < 0.002) > 0.8
    assert np.mean(views >= 3) > 0.6
    # True vertices that at least half the cameras see have a point within 2 mm.
    seen = np.zeros(len(moved), int)
    for view in solved.sparse.views:
        towards = moved - view.centre
        reach = np.linalg.norm(towards, axis=1)
        rays = np.concatenate([np.broadcast_to(view.centre, moved.shape), towards / reach[:, None]], 1).astype(
            np.float32
        )
        seen += np.abs(scene.cast_rays(o3d.core.Tensor(rays))["t_hit"].numpy() - reach) < 5e-4
    found = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(points.astype(float)))
    wanted = o3d.geometry.PointCloud(
        o3d.utility.Vector3dVector(moved[(seen >= 5) & (moved[:, 1] > 0.01)].astype(float))
    )
    assert np.mean(np.asarray(wanted.compute_point_cloud_distance(found)) < 0.002) > 0.95


@contextmanager
def threads(number: int) -> Iterator[None]:
    before = numba.get_num_threads()
    numba.set_num_threads(number)
    try:
        yield
    finally:
        numba.set_num_threads(before)


def test_same_bytes_whatever_the_threads_and_after_a_kill(
    solved: Solved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One thread, and a run that finds some of the work done, end in the same maps. Half the size has both levels."""
    monkeypatch.setattr(depth, "COARSE_SIDE", depth.COARSE_SIDE // 2)
    monkeypatch.setitem(depth.LARGEST_SIDE, "preview", 320)
    options = depth.DepthOptions(quality="preview", neighbours=2)
    some = slice(3, 6)
    views, observations = solved.sparse.views[some], solved.sparse.observations[some]
    sparse = dataclasses.replace(solved.sparse, views=views, observations=observations)
    two, one = tmp_path / "two", tmp_path / "one"
    two.mkdir()
    one.mkdir()
    with threads(numba.config.NUMBA_NUM_THREADS):
        first = depth.build(sparse, options, scratch=two, progress=Silent())
    for stored in first.maps[:1]:  # as a killed run would leave them
        (one / "maps").mkdir(exist_ok=True)
        shutil.copy(stored.path, one / "maps")
    with threads(1):
        second = depth.build(sparse, options, scratch=one, progress=Silent())
    for a, b in zip(first.maps, second.maps, strict=True):
        assert all(np.array_equal(x, y) for x, y in zip(a.load(), b.load(), strict=True))


def test_maps_that_agree_on_nothing_are_refused(solved: Solved, tmp_path: Path) -> None:
    empty = []
    for stored in solved.depths.maps:
        found, normal, confidence = stored.load()
        path = tmp_path / stored.path.name
        np.savez(
            path, depth=0 * found, normal=(normal * 127).astype(np.int8), confidence=(0 * confidence).astype(np.uint8)
        )
        empty.append(type(stored)(stored.view, path))
    with pytest.raises(NoReconstruction, match="agree on only 0 points"):
        dense.build(DepthMaps(solved.sparse, tuple(empty)), dense.DenseOptions(), scratch=tmp_path, progress=Silent())


def test_what_is_cut_off_with_the_table_is_counted(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    table = rng.uniform((-1, 0, -1), (1, 0, 1), (20_000, 3)) + rng.normal(0, (0, 0.001, 0), (20_000, 3))
    thing = rng.uniform((-0.3, 0.05, -0.2), (0.3, 0.4, 0.2), (60_000, 3))
    points = np.concatenate([table, thing]).astype(np.float32)
    normals = np.zeros_like(points)
    normals[:20_000, 1] = normals[20_000:, 0] = 1
    colors, num_views = np.zeros((80_000, 3), np.uint8), np.full(80_000, 3, np.uint8)
    with PlyWriter(tmp_path / "fused.ply") as out:
        out.append(Ply(points, normals, colors, num_views, np.ones(80_000, np.float32)))
    progress = Silent()
    cloud = dense._cut(PointCloud(tmp_path / "fused.ply", 80_000), tmp_path / "cloud.ply", 0.002, progress)
    assert 59_900 < len(cloud) <= 60_000  # a few points have no neighbour in the grid
    assert progress.warnings == [Message("warning.ground_cut", share=1 - len(cloud) / 80_000).text()]
    whole = dense._cut(cloud, tmp_path / "whole.ply", None, progress)
    assert (len(whole), len(progress.warnings)) == (len(cloud), 1)
