"""The plane that a thing stands on: a table, a floor, a turntable's mat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TRIALS = 800
MAX_LEAN_DEG = 25.0  # from the photographers' up
THICKNESS = 0.004  # of the points' extent: inliers lie this close
MIN_SHARE = 0.10  # of the points must lie on it
MAX_BELOW = 0.03  # of the points may lie under it


def find_ground(
    points: NDArray[np.float64], up: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float, float] | None:
    """(unit normal (3,), offset, thickness) of the plane normal . x = offset that most of the scene stands on, or None.

    points (N, 3), up unit (3,). RANSAC with a fixed seed (Fischler & Bolles 1981) over planes that are nearly level and
    have almost nothing under them, then a least-squares fit to the inliers; thickness is how far its own points stray.
    """
    if len(points) < 100:
        return None
    low, high = np.percentile(points, [2, 98], axis=0)
    inside = points[np.all((points >= low) & (points <= high), axis=1)]
    if len(inside) < 100:
        return None
    tolerance = THICKNESS * float(np.linalg.norm(high - low))
    rng = np.random.default_rng(0)
    a, b, c = (inside[rng.integers(0, len(inside), TRIALS)] for _ in range(3))
    normals = np.cross(b - a, c - a)
    length = np.linalg.norm(normals, axis=1)
    normals = normals[length > 1e-12] / length[length > 1e-12, None]
    anchors = a[length > 1e-12]
    normals *= np.sign(normals @ up)[:, None]
    level = normals @ up > np.cos(np.radians(MAX_LEAN_DEG))
    best: tuple[int, NDArray[np.bool_]] | None = None
    for normal, anchor in zip(normals[level], anchors[level], strict=True):
        height = (inside - anchor) @ normal
        on = np.abs(height) < tolerance
        if np.mean(height < -3 * tolerance) < MAX_BELOW and (best is None or on.sum() > best[0]):
            best = int(on.sum()), on
    if best is None or best[0] < MIN_SHARE * len(inside):
        return None
    on = best[1]
    for _ in range(3):
        centre = inside[on].mean(axis=0)
        normal = np.linalg.svd(inside[on] - centre, full_matrices=False)[2][2]
        normal = normal * np.sign(normal @ up)
        height = (inside - centre) @ normal
        on = np.abs(height) < tolerance
    spread = 1.4826 * float(np.median(np.abs(height[on])))
    return normal, float(centre @ normal), 3 * spread
