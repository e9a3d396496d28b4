"""Free space and thinning against scenes that a person can picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from recon.geometry import freespace, surface, thinning

Float32Array = NDArray[np.float32]
TOWARDS = np.array([0, 0, -1], np.float32)  # the camera, from the walls before it


@dataclass(frozen=True)
class Camera:
    """At the origin, looking along +Z."""

    k: NDArray[np.float64]
    cam_from_world: NDArray[np.float64]
    width: int = 200
    height: int = 200


CAMERA = Camera(np.array([[200.0, 0, 100], [0, 200, 100], [0, 0, 1]]), np.eye(3, 4))


def wall(z: float, half: float = 0.4, step: float = 0.01) -> Float32Array:
    x, y = np.mgrid[-half : half + step / 2 : step, -half : half + step / 2 : step]
    return np.stack([x.ravel(), y.ravel(), np.full(x.size, z)], -1).astype(np.float32)


def asked(points: Float32Array, places: list[list[float]], towards: Float32Array = TOWARDS) -> freespace.Evidence:
    normals = np.broadcast_to(towards, points.shape).astype(np.float32)
    places_ = np.array(places, np.float32)
    return freespace.evidence(places_, points, normals, [CAMERA, CAMERA], spacing=0.01, margin=0.04)


BEFORE, ON, BEHIND, BESIDE = [0.0, 0, 1], [0.0, 0, 1.97], [0.0, 0, 3], [0.9, 0, 2]


def test_what_stands_before_a_measured_wall_is_seen_through() -> None:
    found = asked(wall(2), [BEFORE, ON, BEHIND, BESIDE])
    assert found.seen_through.tolist() == [2, 0, 0, 0]
    assert found.in_sight.tolist() == [2, 2, 0, 2]


def test_a_wall_seen_from_behind_through_a_gap_is_no_evidence() -> None:
    assert asked(wall(2), [BEFORE], towards=-TOWARDS).seen_through.tolist() == [0]


def test_nobody_looks_through_between_the_points_of_a_nearer_wall() -> None:
    sparse_front = np.concatenate([wall(1, half=0.2, step=0.02), wall(2)])
    assert asked(sparse_front, [[0.005, 0.005, 0.9], [0.005, 0.005, 1.5]]).seen_through.tolist() == [2, 0]


def test_nothing_in_the_picture_is_nothing_said() -> None:
    found = asked(wall(-2), [BEFORE])
    assert (found.seen_through.tolist(), found.in_sight.tolist()) == ([0], [0])


def test_thinned_to_a_point_a_cell_weighed_by_its_sureness() -> None:
    points = np.array([[0.1, 0.1, 0.2], [0.1, 0.1, 0.6], [1.5, 0.1, 0.1]], np.float32)
    normals = np.tile(TOWARDS, (3, 1))
    views, sigma = np.array([2, 5, 3], np.uint8), np.array([0.2, 0.1, 0.1], np.float32)
    mean, normal, most = thinning.thinned(points, normals, views, sigma, 1.0)
    assert mean[:, 2] == pytest.approx([(0.2 / 4 + 0.6) / (1 / 4 + 1), 0.1])
    assert normal == pytest.approx(np.tile(TOWARDS, (2, 1)))
    assert most.tolist() == [5, 3]


def test_both_sides_of_a_board_stay_apart() -> None:
    points = np.array([[0, 0, 0.1], [0, 0, 0.2]], np.float32)
    normals = np.array([TOWARDS, -TOWARDS])
    mean, normal, _ = thinning.thinned(points, normals, np.full(2, 3, np.uint8), np.full(2, 0.1, np.float32), 1.0)
    assert sorted(mean[:, 2].tolist()) == pytest.approx([0.1, 0.2])
    assert sorted(normal[:, 2].tolist()) == [-1, 1]


def test_the_cell_gives_as_many_points_as_asked_for() -> None:
    points = np.random.default_rng(0).random((200_000, 3)).astype(np.float32) * (1, 1, 0)
    cell = thinning.cell_for(points.astype(np.float32), 10_000, finest=1e-5)
    assert 1 / cell**2 == pytest.approx(10_000, rel=0.1)
    assert thinning.cell_for(points[:100].astype(np.float32), 10_000, finest=1e-5) == 1e-5


def test_holes_are_capped() -> None:
    tetrahedron = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]], np.int32)
    vertices = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    closed, faces, caps = surface.capped(vertices, tetrahedron[:3])
    assert len(caps) == 3
    assert closed[4] == pytest.approx([0, 1 / 3, 1 / 3])
    half = {(int(a), int(b)) for f in faces for a, b in zip(f, np.roll(f, -1), strict=True)}
    assert len(half) == 3 * len(faces) == 18
    assert half == {(b, a) for a, b in half}
    assert len(surface.capped(vertices, tetrahedron)[2]) == 0
