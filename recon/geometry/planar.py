"""Planes for plain walls, plates and panels, which cannot be matched; they are continued from the surroundings.

Xu and Tao, "Planar prior assisted PatchMatch multi-view stereo", AAAI 2020: credible pixels are triangulated, and each
triangle is a hypothesis for the pixels in it. Here a triangle counts only if the planes of its three corners agree with
one another. So the sky between two roofs and the dark around an object get no prior.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay

CELL = 6  # px; one corner at most in each cell
LARGEST = 0.5  # of the picture's longer side; triangles with longer edges are not used
TOLERANCE = 1.5  # steps of inverse depth by which a corner may lie off another corner's plane
SLOPE_TOLERANCE = 0.02  # additional steps per px between the two corners, since slopes are uncertain


def planar_prior(
    w: NDArray[np.float32],
    gradient: NDArray[np.float32],
    cost: NDArray[np.float32],
    credible: NDArray[np.bool_],
    w_step: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Inverse depth (H, W), 0 where nothing is expected, and its gradient (H, W, 2).

    w, gradient, cost: planes as in patchmatch.Planes. credible (H, W): the pixels that may be corners; they need no
    prior and get none. w_step: the inverse depth that moves a pixel by one in the other views.
    """
    height, width = w.shape
    prior, slope = np.zeros((height, width), np.float32), np.zeros((height, width, 2), np.float32)
    y, x = _corners(np.where(credible, cost, np.inf))
    if len(x) < 4:
        return prior, slope
    mesh = Delaunay(np.stack([x, y], -1))
    corner = mesh.simplices
    at = mesh.points[corner]  # (T, 3, 2)
    value = w[y, x].astype(np.float64)[corner]
    lean = gradient[y, x].astype(np.float64)[corner]
    apart = at[:, None, :, :] - at[:, :, None, :]  # (T, from, to, 2)
    reach = np.linalg.norm(apart, axis=-1)
    off = np.abs(value[:, :, None] + np.einsum("tijc,tic->tij", apart, lean) - value[:, None, :])
    flat = (off <= w_step * (TOLERANCE + SLOPE_TOLERANCE * reach)).all(axis=(1, 2))
    flat &= reach.max(axis=(1, 2)) < LARGEST * max(height, width)

    edges = at[:, 1:] - at[:, :1]
    area = edges[:, 0, 0] * edges[:, 1, 1] - edges[:, 0, 1] * edges[:, 1, 0]
    flat &= np.abs(area) > 1e-9
    rise = value[:, 1:] - value[:, :1]
    safe = np.where(np.abs(area) > 1e-9, area, 1.0)
    gx = (rise[:, 0] * edges[:, 1, 1] - rise[:, 1] * edges[:, 0, 1]) / safe
    gy = (rise[:, 1] * edges[:, 0, 0] - rise[:, 0] * edges[:, 1, 0]) / safe

    py, px = np.nonzero(~credible & _hull(mesh, credible.shape))
    inside = mesh.find_simplex(np.stack([px, py], -1))
    expected = inside >= 0
    expected[expected] = flat[inside[expected]]
    py, px, inside = py[expected], px[expected], inside[expected]
    first = at[inside, 0]
    slope[py, px, 0], slope[py, px, 1] = gx[inside], gy[inside]
    prior[py, px] = value[inside, 0] + gx[inside] * (px - first[:, 0]) + gy[inside] * (py - first[:, 1])
    prior[prior < 0] = 0
    return prior, slope


def _hull(mesh: Delaunay, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """(H, W) the pixels within the triangulation's outline, or less than one beyond it; for what lies outside
    `find_simplex` would try every triangle.
    """
    hull = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(mesh.points.astype(np.int32)), 1)
    return np.asarray(cv2.dilate(hull, np.ones((3, 3), np.uint8)), bool)


def _corners(cost: NDArray[np.floating]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and column of the cheapest pixel in each cell that has a pixel of finite cost."""
    height, width = cost.shape
    rows, columns = -(-height // CELL), -(-width // CELL)
    cells = np.full((rows * CELL, columns * CELL), np.inf)
    cells[:height, :width] = cost
    cells = cells.reshape(rows, CELL, columns, CELL).transpose(0, 2, 1, 3).reshape(rows, columns, -1)
    best = cells.argmin(axis=2)
    row, column = np.nonzero(np.isfinite(cells.min(axis=2)))
    inner = best[row, column]
    return row * CELL + inner // CELL, column * CELL + inner % CELL
