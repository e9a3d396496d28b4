"""Which other views help to measure a view's depth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

BEST_ANGLE_DEG = 12.0  # wide enough to measure depth, narrow enough to look alike
NARROW_DEG, WIDE_DEG = 5.0, 15.0  # fall-off below and above it
FEWEST_SHARED = 8  # points; views that share fewer do not help
GRID = 8  # cells along each side of the view, to reward neighbours that cover all of it


def scores(
    centres: NDArray[np.float64],
    points: NDArray[np.float64],
    observations: tuple[NDArray[np.int32], ...],
    pixels: tuple[NDArray[np.float64], ...],
) -> NDArray[np.float64]:
    """How well view j helps to measure view i, (V, V); 0 where it does not help.

    centres (V, 3) and points (N, 3) are in the world. For each view, observations (M,) are indices into points, and
    pixels (M, 2) are the points' places in the view, 0..1 of width and height. A score is the sum, over the points that
    both views see, of a weight of the viewing angle, times the share of the view that these points cover.
    """
    num = len(centres)
    result = np.zeros((num, num))
    seen_by = _incidence(observations, len(points)).T.tocsr()  # a row per point: the views that see it
    for i in range(num):
        rays = points[observations[i]] - centres[i]
        rays /= np.linalg.norm(rays, axis=1, keepdims=True)
        distance_i = np.linalg.norm(points[observations[i]] - centres[i], axis=1)
        cell = np.minimum((pixels[i] * GRID).astype(np.int64), GRID - 1) @ np.array([1, GRID])
        by_view = seen_by[observations[i]].tocsc()
        for j in np.flatnonzero(np.diff(by_view.indptr) >= FEWEST_SHARED):
            if i == j:
                continue
            shared = by_view.indices[by_view.indptr[j] : by_view.indptr[j + 1]]
            other = points[observations[i][shared]] - centres[j]
            distance_j = np.linalg.norm(other, axis=1)
            angle = np.degrees(np.arccos(np.clip(np.sum(rays[shared] * other, axis=1) / distance_j, -1, 1)))
            spread = np.where(angle < BEST_ANGLE_DEG, NARROW_DEG, WIDE_DEG)
            ratio = distance_i[shared] / distance_j
            weight = np.exp(-0.5 * ((angle - BEST_ANGLE_DEG) / spread) ** 2) * np.minimum(ratio, 1 / ratio) ** 2
            area = len(np.unique(cell[shared])) / max(1, len(np.unique(cell)))
            result[i, j] = weight.sum() * area
    return result


def _incidence(observations: tuple[NDArray[np.int32], ...], num_points: int) -> csr_matrix:
    """(V, N) 1 where a view sees a point."""
    first = np.concatenate([[0], np.cumsum([len(o) for o in observations])])
    points = np.concatenate([np.zeros(0, np.int32), *observations])
    seen = csr_matrix((np.ones(len(points), bool), points, first), shape=(len(observations), num_points))
    seen.sum_duplicates()  # two features of a photo may show one point
    return seen


def choose(row: NDArray[np.float64], count: int) -> list[int]:
    """The `count` best views of one row of `scores`, best first; fewer where fewer help."""
    order = np.argsort(-row, kind="stable")[:count]
    return [int(j) for j in order if row[j] > 0]
