"""The plane around each point of a cloud: normal, residual, and whether the point strays from its neighbours'."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from recon.geometry.compiled import compiled, compiled_parallel

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]

_AT_ONCE = 1 << 18  # points asked of the tree at a time


def neighbours(points: Float32Array, count: int) -> tuple[IntArray, Float32Array]:
    """The `count` nearest points of each, nearest first, without itself: index (N, count), distance (N, count).

    There must be more points than `count`.
    """
    tree = cKDTree(points)
    index, distance = np.empty((len(points), count), np.int32), np.empty((len(points), count), np.float32)
    for start in range(0, len(points), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        found = tree.query(points[part], k=range(2, count + 2), workers=-1)  # the first is the point itself
        distance[part], index[part] = found
    return index, distance


@compiled
def smallest_axis(cov: FloatArray) -> tuple[float, float, float, float, float]:
    """The least eigenvalue of a symmetric matrix (3, 3), its unit eigenvector, and the middle eigenvalue.

    Source: Smith, Eigenvalues of a symmetric 3 x 3 matrix, 1961; Eberly, A robust eigensolver for 3 x 3 symmetric
    matrices, 2014.
    """
    a00, a11, a22 = cov[0, 0], cov[1, 1], cov[2, 2]
    a01, a02, a12 = cov[0, 1], cov[0, 2], cov[1, 2]
    mean = (a00 + a11 + a22) / 3
    b00, b11, b22 = a00 - mean, a11 - mean, a22 - mean
    p = np.sqrt((b00 * b00 + b11 * b11 + b22 * b22 + 2 * (a01 * a01 + a02 * a02 + a12 * a12)) / 6)
    if p <= 1e-30:
        return mean, 0.0, 0.0, 1.0, mean
    half = (
        b00 * (b11 * b22 - a12 * a12) - a01 * (a01 * b22 - a12 * a02) + a02 * (a01 * a12 - b11 * a02)
    ) / (2 * p * p * p)  # fmt: skip
    angle = np.arccos(min(1.0, max(-1.0, half))) / 3
    low = mean + 2 * p * np.cos(angle + 2 * np.pi / 3)
    high = mean + 2 * p * np.cos(angle)
    r0, r1, r2 = (a00 - low, a01, a02), (a01, a11 - low, a12), (a02, a12, a22 - low)
    best, x, y, z = -1.0, 0.0, 0.0, 1.0
    for u, v in ((r0, r1), (r0, r2), (r1, r2)):
        cx, cy, cz = u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]
        size = cx * cx + cy * cy + cz * cz
        if size > best:
            best, x, y, z = size, cx, cy, cz
    length = np.sqrt(best)
    if length <= 1e-30:  # two equal least eigenvalues: points on a line; any axis across it
        return low, 0.0, 0.0, 1.0, 3 * mean - low - high
    return low, x / length, y / length, z / length, 3 * mean - low - high


@compiled_parallel
def planes(
    points: Float32Array, index: IntArray, left_out: BoolArray
) -> tuple[Float32Array, Float32Array, Float32Array]:
    """Normals (N, 3) of either sign, residuals (N,) across the plane, and centres (N, 3), of each point and its
    neighbours index (N, K); a neighbour that is `left_out` (N,) does not count.
    """
    n, k = index.shape
    normals, sigma = np.zeros((n, 3), np.float32), np.zeros(n, np.float32)
    centres = np.zeros((n, 3), np.float32)
    for i in numba.prange(n):
        cov, total = np.zeros((3, 3)), np.zeros(3)
        count = 1
        for j in range(k):
            m = index[i, j]
            if left_out[m]:
                continue
            count += 1
            for a in range(3):
                d = np.float64(points[m, a]) - np.float64(points[i, a])
                total[a] += d
                for b in range(a + 1):
                    cov[a, b] += d * (np.float64(points[m, b]) - np.float64(points[i, b]))
        for a in range(3):
            centres[i, a] = points[i, a] + total[a] / count
            for b in range(a + 1):
                cov[a, b] -= total[a] * total[b] / count
                cov[b, a] = cov[a, b]
        low, x, y, z, _ = smallest_axis(cov)
        normals[i, 0], normals[i, 1], normals[i, 2] = x, y, z
        sigma[i] = np.sqrt(max(low, 0.0) / max(count - 3, 1))
    return normals, sigma, centres


@compiled_parallel
def strays(
    points: Float32Array,
    index: IntArray,
    normals: Float32Array,
    sigma: Float32Array,
    centres: Float32Array,
    times: float,
    floor: float,
) -> BoolArray:
    """(N,) points that lie off most of their neighbours' planes by more than `times` those planes' residuals, and more
    than `floor`, a length.
    """
    n, k = index.shape
    found = np.zeros(n, np.bool_)
    for i in numba.prange(n):
        off = 0
        for j in range(k):
            m = index[i, j]
            distance = np.float32(0)
            for a in range(3):
                distance += normals[m, a] * (points[i, a] - centres[m, a])
            if np.abs(distance) > max(times * sigma[m], floor):
                off += 1
        found[i] = 4 * off > 3 * k
    return found
