"""Fusion: what several depth maps agree on, as points.

Each pixel of a reference map is a candidate. It is kept if enough neighbouring maps reproject onto it within a strict
pixel gate, and dropped if as many neighbours see clean through it (free-space contradiction). Pixels that a point was
made of are used up, so that a surface is not sampled once per photo.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray


def fuse(
    depth: NDArray[np.float32],
    normal: NDArray[np.float32],
    used: NDArray[np.bool_],
    other_depths: NDArray[np.float32],
    other_normals: NDArray[np.float32],
    sizes: NDArray[np.int32],
    others_used: NDArray[np.bool_],
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    back_a: NDArray[np.float64],
    back_b: NDArray[np.float64],
    rotations: NDArray[np.float64],
    *,
    max_error_px: float,
    max_relative_error: float,
    max_angle_deg: float,
    min_views: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.uint8], NDArray[np.float32]]:
    """Candidates of one reference map.

    depth (H, W), normal (H, W, 3) in the reference camera, used (H, W). Of K neighbours, padded: other_depths (K, h,
    w), other_normals (K, h, w, 3) in their cameras, sizes (K, 2), others_used (K, h, w), changed in place. (a, b) and
    (back_a, back_b) as in patchmatch.relative; rotations (K, 3, 3) reference_from_other.
    Returns per pixel: fused depth (H, W) 0 where dropped, fused normal (H, W, 3), number of agreeing maps with the
    reference (H, W), standard deviation of depth (H, W).
    """
    height, width = depth.shape
    fused = np.zeros((height, width), np.float32)
    fused_normal = np.zeros((height, width, 3), np.float32)
    views = np.zeros((height, width), np.uint8)
    sigma = np.zeros((height, width), np.float32)
    _fuse(
        depth,
        normal,
        used,
        other_depths,
        other_normals,
        sizes,
        a,
        b,
        back_a,
        back_b,
        rotations,
        max_error_px,
        max_relative_error,
        np.cos(np.radians(max_angle_deg)),
        min_views,
        fused,
        fused_normal,
        views,
        sigma,
    )
    _use_up(fused, other_depths, sizes, others_used, a, b, max_relative_error)
    return fused, fused_normal, views, sigma


@njit(parallel=True, cache=True)
def _fuse(
    depth,
    normal,
    used,
    other_depths,
    other_normals,
    sizes,
    a,
    b,
    back_a,
    back_b,
    rotations,
    max_error,
    max_relative,
    min_cos,
    min_views,
    fused,
    fused_normal,
    views,
    sigma,
):
    height, width = depth.shape
    for index in prange(height):
        y = np.int64(index)
        n = np.empty(3)
        for x in range(width):
            z = depth[y, x]
            if z <= 0 or used[y, x]:
                continue
            w = 1.0 / z
            px, py = x + 0.5, y + 0.5
            agree, contradict = 1, 0
            total, square = np.float64(z), np.float64(z) * z
            n[0], n[1], n[2] = normal[y, x, 0], normal[y, x, 1], normal[y, x, 2]
            for k in range(len(a)):
                q2 = a[k, 2, 0] * px + a[k, 2, 1] * py + a[k, 2, 2] + w * b[k, 2]
                if q2 <= 1e-6:
                    continue
                u = (a[k, 0, 0] * px + a[k, 0, 1] * py + a[k, 0, 2] + w * b[k, 0]) / q2
                v = (a[k, 1, 0] * px + a[k, 1, 1] * py + a[k, 1, 2] + w * b[k, 1]) / q2
                column, row = int(np.floor(u)), int(np.floor(v))
                if column < 0 or row < 0 or row >= sizes[k, 0] or column >= sizes[k, 1]:
                    continue
                theirs = other_depths[k, row, column]
                if theirs <= 0:
                    continue
                expected = q2 * z  # depth of our point in their camera
                r2 = back_a[k, 2, 0] * u + back_a[k, 2, 1] * v + back_a[k, 2, 2] + back_b[k, 2] / theirs
                if r2 <= 1e-6:
                    continue
                du = (back_a[k, 0, 0] * u + back_a[k, 0, 1] * v + back_a[k, 0, 2] + back_b[k, 0] / theirs) / r2 - px
                dv = (back_a[k, 1, 0] * u + back_a[k, 1, 1] * v + back_a[k, 1, 2] + back_b[k, 1] / theirs) / r2 - py
                mine = r2 * theirs  # depth of their point in our camera
                close = du * du + dv * dv < max_error * max_error and abs(mine - z) < max_relative * z
                if close:
                    m0 = (
                        rotations[k, 0, 0] * other_normals[k, row, column, 0]
                        + rotations[k, 0, 1] * other_normals[k, row, column, 1]
                        + rotations[k, 0, 2] * other_normals[k, row, column, 2]
                    )
                    m1 = (
                        rotations[k, 1, 0] * other_normals[k, row, column, 0]
                        + rotations[k, 1, 1] * other_normals[k, row, column, 1]
                        + rotations[k, 1, 2] * other_normals[k, row, column, 2]
                    )
                    m2 = (
                        rotations[k, 2, 0] * other_normals[k, row, column, 0]
                        + rotations[k, 2, 1] * other_normals[k, row, column, 1]
                        + rotations[k, 2, 2] * other_normals[k, row, column, 2]
                    )
                    if m0 * normal[y, x, 0] + m1 * normal[y, x, 1] + m2 * normal[y, x, 2] > min_cos:
                        agree += 1
                        total += mine
                        square += mine * mine
                        n[0] += m0
                        n[1] += m1
                        n[2] += m2
                elif theirs > expected * (1 + 3 * max_relative):
                    contradict += 1
            if agree >= min_views and contradict < agree:
                mean = total / agree
                length = np.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2])
                fused[y, x] = mean
                for c in range(3):
                    fused_normal[y, x, c] = n[c] / max(length, 1e-9)
                views[y, x] = min(agree, 255)
                sigma[y, x] = np.sqrt(max(square / agree - mean * mean, 0.0))


@njit(cache=True)
def _use_up(fused, other_depths, sizes, others_used, a, b, max_relative):
    """Mark the neighbours' pixels that lie on the fused points; one thread, since two points may share a pixel."""
    height, width = fused.shape
    for y in range(height):
        for x in range(width):
            if fused[y, x] <= 0:
                continue
            w = 1.0 / fused[y, x]
            px, py = x + 0.5, y + 0.5
            for k in range(len(a)):
                q2 = a[k, 2, 0] * px + a[k, 2, 1] * py + a[k, 2, 2] + w * b[k, 2]
                if q2 <= 1e-6:
                    continue
                column = int(np.floor((a[k, 0, 0] * px + a[k, 0, 1] * py + a[k, 0, 2] + w * b[k, 0]) / q2))
                row = int(np.floor((a[k, 1, 0] * px + a[k, 1, 1] * py + a[k, 1, 2] + w * b[k, 1]) / q2))
                if 0 <= row < sizes[k, 0] and 0 <= column < sizes[k, 1]:
                    theirs = other_depths[k, row, column]
                    if theirs > 0 and abs(theirs - q2 / w) < max_relative * theirs:
                        others_used[k, row, column] = True
