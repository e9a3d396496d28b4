"""Outlines of a ball bound it, and one wrong outline does not cut it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from recon.geometry.outline_hull import hull
from recon.geometry.visibility import Pinhole
from recon.modelling.studio import Camera, intrinsics, look_at

WIDTH, HEIGHT, RADIUS = 200, 150, 0.1
LOW, HIGH = np.full(3, -0.14, np.float32), np.full(3, 0.14, np.float32)


def outlines(count: int) -> list[tuple[Pinhole, NDArray[np.bool_]]]:
    """A ball around 0, seen from points that are spread over a sphere."""
    found: list[tuple[Pinhole, NDArray[np.bool_]]] = []
    v, u = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    for number in range(count):
        height = 1 - (2 * number + 1) / count
        angle = number * np.pi * (3 - 5**0.5)
        eye = 0.7 * np.array([np.cos(angle) * (1 - height**2) ** 0.5, height, np.sin(angle) * (1 - height**2) ** 0.5])
        k = intrinsics(WIDTH, HEIGHT)
        view = Camera(k, look_at(tuple(eye), (0, 0, 0)), WIDTH, HEIGHT)
        rays = np.stack([(u - k[0, 2]) / k[0, 0], (v - k[1, 2]) / k[1, 1], np.ones_like(u)], -1)
        off = np.linalg.norm(np.cross(rays, [0, 0, 0.7]), axis=-1) / np.linalg.norm(rays, axis=-1)
        found.append((view, off < RADIUS))
    return found


def test_the_hull_of_a_ball_is_the_ball() -> None:
    points, normals = hull(outlines(40), LOW, HIGH, 0.005)
    radius = np.linalg.norm(points, axis=1)
    assert radius.min() > 0.985 * RADIUS
    assert np.median(radius) == pytest.approx(RADIUS, rel=0.02)
    assert radius.max() < 1.15 * RADIUS
    assert np.median(np.einsum("ni,ni->n", points / radius[:, None], normals)) > 0.98
    area = 4 * np.pi * RADIUS**2
    assert 0.6 < len(points) * 0.005**2 / area < 1.8  # all of it, about a point to a cell


def test_one_wrong_outline_cuts_nothing_and_two_do() -> None:
    views = outlines(40)
    none = np.zeros((HEIGHT, WIDTH), bool)
    wrong = [(views[0][0], none), *views[1:]]
    assert np.linalg.norm(hull(wrong, LOW, HIGH, 0.005)[0], axis=1).min() > 0.985 * RADIUS
    assert not len(hull([(views[0][0], none), (views[1][0], none), *views[2:]], LOW, HIGH, 0.005)[0])
