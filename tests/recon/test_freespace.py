"""Free space and thinning against scenes that a person can picture."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from blocks import InBlocks
from numpy.typing import NDArray

from recon.geometry import clouds, freespace, surface, thinning
from recon.types import Points

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
    cloud = InBlocks.of(points, normals=normals, num_views=views, sigma=sigma)
    mean, normal, most = thinning.thinned(cloud, points.min(axis=0), 1.0)
    assert mean[:, 2] == pytest.approx([(0.2 / 4 + 0.6) / (1 / 4 + 1), 0.1])
    assert normal == pytest.approx(np.tile(TOWARDS, (2, 1)))
    assert most.tolist() == [[5, 0], [3, 0]]


def test_both_sides_of_a_board_stay_apart() -> None:
    points = np.array([[0, 0, 0.1], [0, 0, 0.2]], np.float32)
    cloud = InBlocks.of(points, normals=np.array([TOWARDS, -TOWARDS]))
    mean, normal, _ = thinning.thinned(cloud, points[0], 1.0)
    assert sorted(mean[:, 2].tolist()) == pytest.approx([0.1, 0.2])
    assert sorted(normal[:, 2].tolist()) == [-1, 1]


def square(count: int, seed: int = 0) -> Float32Array:
    return (np.random.default_rng(seed).random((count, 3)) * (1, 1, 0)).astype(np.float32)


def test_the_cell_gives_as_many_points_as_asked_for() -> None:
    low = np.zeros(3, np.float32)
    cell = thinning.cell_for(InBlocks.of(square(200_000), at_once=30_000), low, 1.0, 10_000, finest=1e-5)
    assert 1 / cell**2 == pytest.approx(10_000, rel=0.1)
    assert thinning.cell_for(InBlocks.of(square(100)), low, 1.0, 10_000, finest=1e-5) == 1e-5


def test_blocks_change_nothing() -> None:
    random = np.random.default_rng(3)
    points = square(50_000) + random.normal(0, 1e-3, (50_000, 3)).astype(np.float32)
    normals = random.normal(size=(50_000, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    told: dict[str, Any] = {
        "normals": normals.astype(np.float32),
        "num_views": random.integers(0, 20, 50_000).astype(np.uint8),
        "sigma": random.uniform(0.1, 0.3, 50_000).astype(np.float32),
    }
    whole, parts = (InBlocks.of(points, **told, at_once=n) for n in (50_000, 700))
    low, high = clouds.bounds(parts)
    assert (low.tolist(), high.tolist()) == (points.min(axis=0).tolist(), points.max(axis=0).tolist())
    cells = [thinning.cell_for(cloud, low, 1.0, 5000, finest=1e-5) for cloud in (whole, parts)]
    assert cells[0] == cells[1]
    for ours, theirs in zip(*(thinning.thinned(cloud, low, cells[0]) for cloud in (whole, parts)), strict=True):
        assert ours.tobytes() == theirs.tobytes()


def test_memory_grows_with_what_is_kept_not_with_the_cloud() -> None:
    @dataclass(frozen=True)
    class Endless:
        """So many blocks of one square, each made when it is asked for."""

        num_blocks: int

        def __len__(self) -> int:
            return 20_000 * self.num_blocks

        def blocks(self) -> Iterator[Points]:
            for number in range(self.num_blocks):
                yield InBlocks.of(square(20_000, seed=number)).whole

        def sample(self, most: int) -> Points:
            return next(self.blocks())

    def peak(cloud: Endless) -> int:
        tracemalloc.start()
        low = np.zeros(3, np.float32)
        cell = thinning.cell_for(cloud, low, 1.0, 5000, finest=1e-5)
        assert len(thinning.thinned(cloud, low, cell)[0]) == pytest.approx(5000, rel=0.06)
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(Endless(10))  # compiles what is not yet compiled
    assert peak(Endless(160)) < 1.02 * peak(Endless(40))


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
