"""Planes, cylinders and ground are recovered from points with the noise of a scanner, against exact truth."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from recon.geometry.structure import TERRAIN, Labels, Structure, Wanted, terrain, understand

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
NOISE, SPACING = 0.003, 0.025
WANTED = Wanted(least_area=0.1, least_length=0.3, least_coverage=0.3, largest_radius=5.0, ground="auto")
PIPES = (  # start, end, radius, share of the circumference, seen from within
    ((1.0, 0.1, 1.0), (1.0, 2.9, 1.0), 0.05, 0.5, False),
    ((0.3, 2.5, 0.5), (5.7, 2.5, 0.5), 0.11, 0.45, False),
    ((4.0, 0.0, 2.5), (4.0, 3.0, 2.5), 0.7, 0.6, True),
    ((2.0, 0.4, 3.5), (3.2, 1.3, 3.5), 0.16, 0.4, False),  # leaning
)


def sheet(rng: np.random.Generator, low: FloatArray, first: FloatArray, second: FloatArray) -> FloatArray:
    """Points and normals (N, 6) of a rectangle; the normal is first x second."""
    count = int(np.linalg.norm(first) * np.linalg.norm(second) / SPACING**2)
    at = low + rng.random((count, 1)) * first + rng.random((count, 1)) * second
    normal = np.cross(first, second)
    return np.hstack([at, np.broadcast_to(normal / np.linalg.norm(normal), at.shape)])


def bar(
    rng: np.random.Generator, start: FloatArray, end: FloatArray, radius: float, share: float, sign: float
) -> FloatArray:
    """Points and normals (N, 6) of a part of a cylinder."""
    axis = (end - start) / np.linalg.norm(end - start)
    first = np.cross(axis, [0.3, 0.5, 0.8])
    first /= np.linalg.norm(first)
    count = int(2 * np.pi * radius * share * np.linalg.norm(end - start) / SPACING**2)
    angle = 2 * np.pi * share * rng.random((count, 1))
    out = np.cos(angle) * first + np.sin(angle) * np.cross(axis, first)
    return np.hstack([start + rng.random((count, 1)) * (end - start) + radius * out, sign * out])


@pytest.fixture(scope="module")
def room() -> tuple[Float32Array, Structure]:
    """6 x 3 x 4 m with four round things in it."""
    rng = np.random.default_rng(0)
    o, x, y, z = np.zeros(3), np.array([6.0, 0, 0]), np.array([0, 3.0, 0]), np.array([0, 0, 4.0])
    parts = [sheet(rng, o, z, x), sheet(rng, y, x, z), sheet(rng, o, x, y), sheet(rng, z, y, x)]
    parts += [sheet(rng, o, y, z), sheet(rng, x, z, y)]
    parts += [bar(rng, np.array(a), np.array(b), r, share, -1 if within else 1) for a, b, r, share, within in PIPES]
    every = np.concatenate(parts)
    normals = every[:, 3:] + rng.normal(0, 0.07, (len(every), 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    points = (every[:, :3] + rng.normal(0, NOISE, (len(every), 1)) * every[:, 3:]).astype(np.float32)
    sigma = np.full(len(points), NOISE, np.float32)
    return points, understand(points, normals.astype(np.float32), sigma, SPACING, WANTED)


def test_planes_are_recovered_within_5_mm(room: tuple[Float32Array, Structure]) -> None:
    found = room[1].flat
    assert sorted(kind for kind, _, _ in found) == ["ceiling", "floor", "wall", "wall", "wall", "wall"]
    for kind, piece, around in found:
        axis = int(np.argmax(np.abs(piece.normal)))
        true = (6.0, 3.0, 4.0)[axis] if piece.normal[axis] < 0 else 0.0
        assert abs(piece.centre[axis] - true) < 0.001, kind
        assert abs(piece.normal[axis]) > np.cos(np.radians(0.1))
        sides = sorted(np.delete([6.0, 3.0, 4.0], axis))
        assert np.allclose(sorted((around.length, around.width)), sides, atol=0.02)
        assert 0.9 * np.prod(sides) < around.area <= np.prod(sides)
        assert 0.8 * NOISE < piece.residual < 1.2 * NOISE


def test_cylinders_are_recovered_within_5_mm(room: tuple[Float32Array, Structure]) -> None:
    found = list(room[1].round)
    assert len(found) == len(PIPES)
    for start, end, radius, share, within in PIPES:
        piece = min(found, key=lambda p: abs(p.radius - radius))
        axis = (np.array(end) - start) / np.linalg.norm(np.array(end) - start)
        assert abs(piece.radius - radius) < 0.005
        for place in (piece.centre + piece.low * piece.axis, piece.centre + piece.high * piece.axis):
            off = place - start
            assert np.linalg.norm(off - (off @ axis) * axis) < 0.005
        assert abs(piece.length - np.linalg.norm(np.array(end) - start)) < 0.06
        assert abs(piece.coverage - share) < 0.12
        assert piece.hollow == within


def test_points_know_what_they_are_of(room: tuple[Float32Array, Structure]) -> None:
    points, found = room
    labels = Labels(found, points, SPACING)
    floor = [kind for kind, _, _ in found.flat].index("floor")
    places = np.array([[3, 0.002, 2], [3, 0.05, 2], [3, 1.5, 2]], np.float32)
    assert labels.of(places).tolist() == [floor, -1, -1]


def test_ground_outdoors_is_told_from_what_stands_on_it() -> None:
    rng = np.random.default_rng(0)
    x, z = rng.random((2, 20_000)) * 60
    hill = 2 * np.sin(x / 12) + 0.03 * z
    house = (x > 20) & (x < 30) & (z > 20) & (z < 32)
    points = np.stack([x, hill + np.where(house, 5.0, 0.0), z], -1).astype(np.float32)
    ground = terrain(points)
    assert np.mean(ground[~house]) > 0.97
    assert np.mean(ground[house]) < 0.02
    flat = np.tile(np.array([0, 1, 0], np.float32), (len(points), 1))
    found = understand(points, flat, np.full(len(points), 0.02, np.float32), 0.4, WANTED)
    assert np.mean(found.label[~house] == TERRAIN) > 0.97
