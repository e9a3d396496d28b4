"""Fusion: the points that several depth maps agree on.

Each pixel of a reference map is a candidate. It is kept if enough neighbouring maps reproject onto it within a strict
limit in pixels. It is dropped if as many neighbours see through it (free-space contradiction). Once a point is made,
the pixels of other maps that show it are marked as used, so that a surface is not sampled once for each photo.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

PAIR_STRICTNESS = 0.5  # of max_error_px, where only two maps agree; then no map may contradict them


class Others(NamedTuple):
    """The K maps that a reference is compared with, padded to one size. It is a tuple because kernels accept tuples."""

    depths: NDArray[np.float32]  # (K, h, w), 0 unknown
    normals: NDArray[np.float32]  # (K, h, w, 3) in their cameras
    inferred: NDArray[np.bool_]  # (K, h, w) depth that was extended from the surroundings, not measured
    used: NDArray[np.bool_]  # (K, h, w) pixels that points were made of; changed in place
    sizes: NDArray[np.int32]  # (K, 2) rows, columns really used
    a: NDArray[np.float64]  # (K, 3, 3) and b (K, 3): other_from_reference as in patchmatch.relative
    b: NDArray[np.float64]
    back_a: NDArray[np.float64]  # (K, 3, 3) and back_b (K, 3): reference_from_other
    back_b: NDArray[np.float64]
    rotations: NDArray[np.float64]  # (K, 3, 3) reference_from_other


def fuse(
    depth: NDArray[np.float32],
    normal: NDArray[np.float32],
    inferred: NDArray[np.bool_],
    used: NDArray[np.bool_],
    others: Others,
    *,
    max_error_px: float,
    max_relative_error: float,
    max_angle_deg: float,
    min_views: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.uint8], NDArray[np.float32]]:
    """Candidates of one reference map: depth (H, W), normal (H, W, 3) in its camera, inferred and used (H, W).

    Returns per pixel: fused depth (H, W) 0 where dropped, fused normal (H, W, 3), number of maps that measured it (H,
    W), 0 for what three maps at least agree on but too few measured, standard deviation of depth (H, W).
    """
    height, width = depth.shape
    fused = np.zeros((height, width), np.float32)
    fused_normal = np.zeros((height, width, 3), np.float32)
    views = np.zeros((height, width), np.uint8)
    sigma = np.zeros((height, width), np.float32)
    gates = (max_error_px**2, max_relative_error, float(np.cos(np.radians(max_angle_deg))), min_views)
    _fuse(depth, normal, inferred, used, others, gates, fused, fused_normal, views, sigma)
    _use_up(fused, others, max_relative_error)
    return fused, fused_normal, views, sigma


@njit(cache=True, inline="always")
def _carried(a, b, px, py, w):
    """Homogeneous pixel in the other camera of pixel (px, py) at inverse depth w."""
    return (
        a[0, 0] * px + a[0, 1] * py + a[0, 2] + w * b[0],
        a[1, 0] * px + a[1, 1] * py + a[1, 2] + w * b[1],
        a[2, 0] * px + a[2, 1] * py + a[2, 2] + w * b[2],
    )


@njit(parallel=True, cache=True)
def _fuse(depth, normal, inferred, used, others, gates, fused, fused_normal, views, sigma):
    max_square, max_relative, min_cos, min_views = gates
    height, width = depth.shape
    for index in prange(height):
        y = np.int64(index)
        n = np.empty(3)
        m = np.empty(3)
        for x in range(width):
            z = depth[y, x]
            if z <= 0 or used[y, x]:
                continue
            px, py = x + 0.5, y + 0.5
            agree, contradict = 1, 0
            measured = 0 if inferred[y, x] else 1
            tight = True
            total, square = np.float64(z), np.float64(z) * z
            for c in range(3):
                n[c] = normal[y, x, c]
            for k in range(len(others.a)):
                q0, q1, q2 = _carried(others.a[k], others.b[k], px, py, 1.0 / z)
                if q2 <= 1e-6:
                    continue
                u, v = q0 / q2, q1 / q2
                column, row = int(np.floor(u)), int(np.floor(v))
                if column < 0 or row < 0 or row >= others.sizes[k, 0] or column >= others.sizes[k, 1]:
                    continue
                theirs = others.depths[k, row, column]
                if theirs <= 0:
                    continue
                r0, r1, r2 = _carried(others.back_a[k], others.back_b[k], u, v, 1.0 / theirs)
                if r2 <= 1e-6:
                    continue
                off = (r0 / r2 - px) ** 2 + (r1 / r2 - py) ** 2
                mine = r2 * theirs  # depth of their point in our camera
                if off < max_square and abs(mine - z) < max_relative * z:
                    cos = 0.0
                    for r in range(3):
                        m[r] = 0.0
                        for c in range(3):
                            m[r] += others.rotations[k, r, c] * others.normals[k, row, column, c]
                        cos += m[r] * normal[y, x, r]
                    if cos > min_cos:
                        agree += 1
                        measured += not others.inferred[k, row, column]
                        tight = tight and off < PAIR_STRICTNESS**2 * max_square
                        total += mine
                        square += mine * mine
                        for c in range(3):
                            n[c] += m[c]
                elif theirs > q2 * z * (1 + 3 * max_relative):  # the other map sees through our point
                    contradict += 1
            # Two maps may agree by chance; three seldom do.
            pair = agree == 2 and measured == 2 and min_views <= 2 and contradict == 0 and tight
            if pair or (agree >= max(min_views, 3) and contradict < agree):
                mean = total / agree
                length = np.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2])
                fused[y, x] = mean
                for c in range(3):
                    fused_normal[y, x, c] = n[c] / max(length, 1e-9)
                views[y, x] = min(measured, 255) if measured >= min_views else 0
                sigma[y, x] = np.sqrt(max(square / agree - mean * mean, 0.0))


@njit(cache=True)
def _use_up(fused, others, max_relative):
    """Mark the pixels of the other maps that show the fused points. One thread, since two points may share a pixel."""
    height, width = fused.shape
    for y in range(height):
        for x in range(width):
            if fused[y, x] <= 0:
                continue
            for k in range(len(others.a)):
                q0, q1, q2 = _carried(others.a[k], others.b[k], x + 0.5, y + 0.5, 1.0 / fused[y, x])
                if q2 <= 1e-6:
                    continue
                column, row = int(np.floor(q0 / q2)), int(np.floor(q1 / q2))
                if 0 <= row < others.sizes[k, 0] and 0 <= column < others.sizes[k, 1]:
                    theirs = others.depths[k, row, column]
                    if theirs > 0 and abs(theirs - q2 * fused[y, x]) < max_relative * theirs:
                        others.used[k, row, column] = True
