"""Small geometry with exact answers."""

from __future__ import annotations

import numpy as np
import pytest
from blocks import InBlocks

from recon.geometry import neighbours, patchmatch
from recon.geometry.ground import find_ground, standing


def test_ground_is_found_among_clutter() -> None:
    rng = np.random.default_rng(0)
    normal = np.array([0.1, 1, -0.05]) / np.linalg.norm([0.1, 1, -0.05])
    basis = np.linalg.svd(normal[None])[2][1:]
    table = rng.uniform(-1, 1, (600, 2)) @ basis + 0.3 * normal + rng.normal(0, 0.001, (600, 1)) * normal
    thing = rng.uniform((-0.3, 0.35, -0.3), (0.3, 0.95, 0.3), (1500, 3))
    found = find_ground(np.concatenate([table, thing]), np.array([0.0, 1, 0]))
    assert found is not None
    assert np.degrees(np.arccos(found[0] @ normal)) < 0.2
    assert found[1] == pytest.approx(0.3, abs=0.002)
    assert 0.0005 < found[2] < 0.01


@pytest.mark.parametrize("seed", range(12))
def test_a_small_table_under_a_large_thing_is_always_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.uniform((-1, 0, -1), (1, 0, 1), (1200, 3)) + rng.normal(0, 0.001, (1200, 3))
    thing = rng.uniform((-0.5, 0.05, -0.5), (0.5, 0.95, 0.5), (8800, 3))
    found = find_ground(np.concatenate([table, thing]), np.array([0.0, 1, 0]))
    assert found is not None
    assert np.degrees(np.arccos(found[0][1])) < 0.2
    assert found[1] == pytest.approx(0, abs=0.002)


def test_no_ground_under_a_ball_or_on_a_wall() -> None:
    rng = np.random.default_rng(1)
    ball = rng.normal(size=(2000, 3))
    ball /= np.linalg.norm(ball, axis=1, keepdims=True)
    assert find_ground(ball, np.array([0.0, 1, 0])) is None
    wall = np.concatenate([rng.uniform(-1, 1, (2000, 2)), np.zeros((2000, 1))], axis=1)
    assert find_ground(wall, np.array([0.0, 1, 0])) is None
    assert find_ground(np.zeros((3, 3)), np.array([0.0, 1, 0])) is None


def test_relative_maps_a_pixel_as_two_projections_do() -> None:
    rng = np.random.default_rng(2)
    k = np.array([[700.0, 0, 320], [0, 710, 240], [0, 0, 1]])
    turn = np.linalg.qr(np.eye(3) + 0.1 * rng.normal(size=(3, 3)))[0]
    turn *= np.sign(np.linalg.det(turn))
    turn *= np.sign(turn[2, 2])
    first, second = np.eye(4)[:3], np.concatenate([turn, [[0.2], [-0.1], [0.05]]], axis=1)
    point = np.array([0.3, -0.2, 3.0])
    a, b = patchmatch.relative(k, first, k, second)
    p = k @ point / point[2]
    q = a @ p + b / point[2]
    expected = k @ (second[:, :3] @ point + second[:, 3])
    assert q[:2] / q[2] == pytest.approx(expected[:2] / expected[2], abs=1e-9)


def test_a_plane_stays_the_same_plane_when_upsampled() -> None:
    """Inverse depth is linear in the picture, so carrying it to a finer grid is exact."""
    y, x = np.mgrid[0:30, 0:40] + 0.5
    w = (0.2 + 0.001 * x - 0.002 * y).astype(np.float32)
    gradient = np.broadcast_to(np.array([0.001, -0.002], np.float32), (30, 40, 2))
    fine, slope = patchmatch.upsample(w, gradient, 60, 80)
    fy, fx = (np.mgrid[0:60, 0:80] + 0.5) / 2
    assert np.abs(fine - (0.2 + 0.001 * fx - 0.002 * fy)).max() < 1e-6
    assert slope[5, 5] == pytest.approx([0.0005, -0.001])


def test_neighbours_prefer_a_dozen_degrees() -> None:
    """Of cameras on an arc, the one about 12 degrees away helps most; one that shares nothing does not help at all."""
    rng = np.random.default_rng(4)
    points = rng.uniform(-0.2, 0.2, (300, 3))
    angles = np.radians([0, 2, 12, 45])
    centres = np.stack([2 * np.sin(angles), 0 * angles, 2 * np.cos(angles)], axis=1)
    centres = np.concatenate([centres, [[0, 0, -2.0]]])
    everything = np.arange(300, dtype=np.int32)
    observations = (everything, everything, everything, everything, np.array([], np.int32))
    pixels = tuple(rng.uniform(0, 1, (len(o), 2)) for o in observations)
    table = neighbours.scores(centres, points, observations, pixels)
    assert neighbours.choose(table[0], 3)[0] == 2
    assert 4 not in neighbours.choose(table[0], 4)
    assert not table[4].any()


def test_the_thing_is_told_from_its_table() -> None:
    rng = np.random.default_rng(5)
    table = rng.uniform((-1, 0, -1), (1, 0, 1), (20000, 3)) + rng.normal([0, 0.003, 0], [0, 0.002, 0], (20000, 3))
    flakes = rng.uniform((-0.4, 0.012, -0.2), (-0.3, 0.03, 0.2), (500, 3))  # badly measured, right at its foot
    thing = rng.uniform((-0.3, 0, -0.2), (0.3, 0.4, 0.2), (60000, 3))
    crumbs = rng.uniform((-0.9, 0.02, 0.7), (-0.8, 0.03, 0.8), (50, 3))
    points = np.concatenate([table, flakes, thing, crumbs]).astype(np.float32)
    normals = np.zeros_like(points)
    normals[:20500, 1] = 1
    normals[20500:, 0] = 1
    cloud = InBlocks.of(points, normals=normals, at_once=7000)
    mask = standing(cloud, 0.002).holds(cloud.whole)
    assert not mask[:20500].any()
    assert not mask[-50:].any()
    assert mask[20500:-50][thing[:, 1] > 0.02].mean() > 0.999
