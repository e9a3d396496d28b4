"""Points that were never there: where a scanner's beam meets an edge, it returns a range between the two surfaces.

Such a point lies between a nearer and a farther neighbour, seen from the scanner, and on no surface of its own. A floor
at a glancing angle looks alike, but there nearly all neighbours lie on one plane.
Source of the name: Hebert and Krotkov, 3D measurements from imaging laser radars, 1992.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from recon.geometry.compiled import compiled_parallel
from recon.geometry.local_planes import smallest_axis
from recon.geometry.panorama import cell_of

Float32Array = NDArray[np.float32]
LongArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_REACH = 2  # cells around a point
_MOST = (2 * _REACH + 1) ** 2
_SAMPLE = 20_000  # cells that the noise is measured at

# How many neighbours must lie on a plane through the point, for it to be on a surface
_FEWEST = 6  # a column of mixed pixels along an upright edge has 4
_GLANCING, _GLANCING_SHARE = 0.17, 0.6  # sine of the angle between ray and plane (10 degrees)
_ALONG, _ALONG_SHARE = 0.05, 0.75  # 3 degrees


def noise(seen: Float32Array, width: LongArray, start: LongArray) -> float:
    """A scan's noise across its surfaces, metres: the median residual of the planes around some of its points.

    seen: recon.geometry.panorama.add_points.
    """
    cells = np.flatnonzero(np.isfinite(seen[:, 0]))
    if not len(cells):
        return 0.0
    chosen = cells[:: max(1, len(cells) // _SAMPLE)]
    residual = _residuals(seen[chosen], seen, width, start)
    residual = residual[residual >= 0]
    return float(np.median(residual)) if len(residual) else 0.0


@compiled_parallel
def _residuals(points: Float32Array, seen: Float32Array, width: LongArray, start: LongArray) -> Float32Array:
    found = np.full(len(points), -1, np.float32)
    for i in numba.prange(len(points)):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        near, count = np.zeros((_MOST, 3)), 0
        for dr in range(-_REACH, _REACH + 1):
            for dc in range(-_REACH, _REACH + 1):
                row, column = cell_of(x, y, z, width, dr, dc)
                if row >= 0 and np.isfinite(seen[start[row] + column, 0]):
                    for a in range(3):
                        near[count, a] = seen[start[row] + column, a] - points[i, a]
                    count += 1
        if count < 12:
            continue
        cov, mean = np.zeros((3, 3)), np.zeros(3)
        for k in range(count):
            mean += near[k] / count
        for k in range(count):
            for a in range(3):
                for b in range(3):
                    cov[a, b] += (near[k, a] - mean[a]) * (near[k, b] - mean[b])
        found[i] = np.sqrt(max(smallest_axis(cov)[0], 0.0) / (count - 3))
    return found


@compiled_parallel
def mixed(
    points: Float32Array, seen: Float32Array, width: LongArray, start: LongArray, pitch: float, sigma: float
) -> BoolArray:
    """(N,) which of a scanner's points are mixed.

    points (N, 3) relative to the scanner; seen (cells, 3): recon.geometry.panorama.add_points of the whole scan;
    pitch: radians between its cells; sigma: its noise, metres.
    """
    found = np.zeros(len(points), np.bool_)
    for i in numba.prange(len(points)):
        x, y, z = np.float64(points[i, 0]), np.float64(points[i, 1]), np.float64(points[i, 2])
        range_m = np.sqrt(x * x + y * y + z * z)
        gap = max(4 * sigma, 2 * pitch * range_m)
        tolerance = 6 * sigma + 0.25 * pitch * range_m
        near = np.empty((_MOST, 3))
        count, nearer, farther = 0, 0, 0
        for dr in range(-_REACH, _REACH + 1):
            for dc in range(-_REACH, _REACH + 1):
                row, column = cell_of(x, y, z, width, dr, dc)
                if row < 0:
                    continue
                cell = start[row] + column
                if not np.isfinite(seen[cell, 0]):
                    continue
                u, v, w = np.float64(seen[cell, 0]), np.float64(seen[cell, 1]), np.float64(seen[cell, 2])
                if u == x and v == y and w == z:
                    continue
                off = np.sqrt(u * u + v * v + w * w) - range_m
                nearer += off < -gap
                farther += off > gap
                near[count, 0], near[count, 1], near[count, 2] = u, v, w
                count += 1
        if nearer == 0 or farther == 0:
            continue
        supported = False
        for a in range(count):
            ax, ay, az = near[a, 0] - x, near[a, 1] - y, near[a, 2] - z
            for step in range(1, 4):
                b = (a + step * (1 + count // 7)) % count
                bx, by, bz = near[b, 0] - x, near[b, 1] - y, near[b, 2] - z
                nx, ny, nz = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
                length = np.sqrt(nx * nx + ny * ny + nz * nz)
                if length <= 1e-12:
                    continue
                nx, ny, nz = nx / length, ny / length, nz / length
                sine = np.abs(nx * x + ny * y + nz * z) / range_m
                spread = length * sine / (range_m * pitch) ** 2  # of the triangle, seen from the scanner, in cells
                if spread < 0.7 or sine < 0.01:
                    continue
                inliers = 0
                for k in range(count):
                    across = nx * (near[k, 0] - x) + ny * (near[k, 1] - y) + nz * (near[k, 2] - z)
                    inliers += np.abs(across) < tolerance * sine
                needed = max(np.float64(_FEWEST), 0.25 * count)
                if sine < _ALONG:
                    needed = _ALONG_SHARE * count
                elif sine < _GLANCING:
                    needed = _GLANCING_SHARE * count
                if inliers >= needed:
                    supported = True
                    break
            if supported:
                break
        found[i] = not supported
    return found
