"""M3C2: signed distances between two clouds along the normals of the first, each with its uncertainty.

Around a core point, the points of either cloud within a cylinder along the normal are projected onto its axis; the
distance is the difference of their means, and their spread and number tell how sure it is.
Source: Lague, Brodu and Leroux, Accurate 3D comparison of complex topography with terrestrial laser scanner, ISPRS
Journal 82, 2013. Ours differs in one point: where the cylinder meets several layers of points (both faces of a plate,
the two levels of a step), the mean is that of one layer, not of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from recon.geometry.cell_list import Arrays, CellList, find_cells
from recon.geometry.compiled import compiled, compiled_parallel

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]

_LEAST_POINTS = 8  # that a normal is fitted to
_STEEP = 0.5  # of the radius: a layer with a larger spread crosses the cylinder at more than 45 degrees


@dataclass(frozen=True, slots=True)
class Normals:
    normals: Float32Array  # (M, 3) unit; 0 where there are too few points
    roughness: Float32Array  # (M,) standard deviation from the plane at the smallest scale that has enough points
    scale: IntArray  # (M,) index of the chosen radius; -1 where there are too few points


@dataclass(frozen=True, slots=True)
class Distances:
    """Of each core point. NaN where a cylinder holds no point of the cloud."""

    distance: FloatArray  # (M,) of the second cloud from the first, along the normal
    spread: FloatArray  # (M, 2) standard deviation of each cloud's points around their mean
    count: IntArray  # (M, 2) of points

    @property
    def measured(self) -> BoolArray:
        """(M,) whether both clouds have three points or more, from which a spread can be told."""
        return np.asarray((self.count >= 3).all(axis=1))


def plane_normals(cores: Float32Array, cloud: CellList, radii: Sequence[float], towards: Float32Array) -> Normals:
    """Normals of the cloud at core points (M, 3), each at that of the radii at which the cloud is most like a plane.

    Whole cells are taken whose middle lies within the radius, so the cells must be no larger than the smallest radius.

    towards (M, 3): each normal is turned to the side of this vector.
    """
    moments = _moments(cloud.points, cloud.starts)
    scales = np.sort(np.asarray(radii, np.float64))
    return Normals(*_normals(cores, cloud.arrays(), moments, scales, towards))


def distances(
    cores: Float32Array,
    normals: Float32Array,
    first: CellList,
    second: CellList,
    *,
    radius: float,
    reach: float,
    gap: float,
) -> Distances:
    """Distances at core points (M, 3) with unit normals (M, 3).

    radius: of the cylinder. reach: how far it extends to either side of the core point. gap: points farther apart than
    this along the axis belong to different layers. Of the first cloud, the layer at the core point counts. Of the
    second, the layer nearest to that; it must not have significantly fewer of its cylinder's points than the first's
    layer has. A surface that crosses the cylinder steeply is no counterpart.
    """
    return Distances(*_distances(cores, normals, first.arrays(), second.arrays(), radius, reach, gap))


@compiled_parallel
def _distances(
    cores: Float32Array, normals: Float32Array, first: Arrays, second: Arrays, radius: float, reach: float, gap: float
) -> tuple[FloatArray, FloatArray, IntArray]:
    num = len(cores)
    distance, spread, count = np.full(num, np.nan), np.full((num, 2), np.nan), np.zeros((num, 2), np.int32)
    for block in numba.prange((num + 1023) // 1024):
        room = np.empty(256, np.float64)
        for i in range(block * 1024, min(num, block * 1024 + 1024)):
            mean = np.zeros(2)
            least, share = 1.0, 0.0
            for epoch in range(2):
                if epoch == 0:
                    room, found = points_along(cores[i], normals[i], first, radius, reach, room)
                else:
                    room, found = points_along(cores[i], normals[i], second, radius, reach, room)
                    expected = share * found
                    least = max(1.0, min(0.5 * expected, expected - 3 * np.sqrt(expected)))
                if not found:
                    break
                begin, end = _layer(room, found, gap, mean[0], least)
                if max(room[end - 1], -room[begin]) > reach - gap:
                    break  # cut off by the cylinder's end: nobody knows its mean
                number = end - begin
                total, squares = 0.0, 0.0
                for k in range(begin, end):
                    total += room[k]
                average = total / number
                for k in range(begin, end):
                    squares += (room[k] - average) ** 2
                deviation = np.sqrt(squares / max(number - 1, 1))
                if number > 1 and deviation > _STEEP * radius:
                    break  # no surface that the normal stands on
                mean[epoch], count[i, epoch], share = average, number, number / found
                if number > 1:
                    spread[i, epoch] = deviation
            if count[i, 0] and count[i, 1]:
                distance[i] = mean[1] - mean[0]
    return distance, spread, count


@compiled
def points_along(
    core: Float32Array, normal: Float32Array, cloud: Arrays, radius: float, reach: float, room: FloatArray
) -> tuple[FloatArray, int]:
    """Positions along the axis of the points in the cylinder, in room[:found]; room grows where it must.

    The cylinder is cut by the cells' walls across x, then across y; of a column only the cells beside the axis count.
    """
    points, low, cell, columns, slots, begins, levels, starts = cloud
    cx, cy, cz = float(core[0]), float(core[1]), float(core[2])
    nx, ny, nz = float(normal[0]), float(normal[1]), float(normal[2])
    found = 0
    if nx * nx + ny * ny + nz * nz < 0.5:  # no normal
        return room, 0
    side = reach * abs(nx) + radius
    for x in range(int(np.floor((cx - side - low[0]) / cell)), int(np.floor((cx + side - low[0]) / cell)) + 1):
        x_begin, x_end = _within(low[0] + x * cell - radius - cx, cell + 2 * radius, nx, -reach, reach)
        if x_begin > x_end:
            continue
        a, b = cy + x_begin * ny, cy + x_end * ny
        y_first = int(np.floor((min(a, b) - radius - low[1]) / cell))
        y_last = int(np.floor((max(a, b) + radius - low[1]) / cell))
        for y in range(y_first, y_last + 1):
            begin, end = _within(low[1] + y * cell - radius - cy, cell + 2 * radius, ny, x_begin, x_end)
            if begin > end:
                continue
            a, b = cz + begin * nz, cz + end * nz
            z_first = int(np.floor((min(a, b) - radius - low[2]) / cell))
            z_last = int(np.floor((max(a, b) + radius - low[2]) / cell))
            c_begin, c_end = find_cells(x, y, z_first, z_last, columns, slots, begins, levels)
            if c_begin == c_end:
                continue
            for j in range(starts[c_begin], starts[c_end]):
                dx, dy, dz = points[j, 0] - cx, points[j, 1] - cy, points[j, 2] - cz
                t = dx * nx + dy * ny + dz * nz
                if abs(t) <= reach and dx * dx + dy * dy + dz * dz - t * t <= radius * radius:
                    if found == len(room):
                        larger = np.empty(2 * found, np.float64)
                        larger[:found] = room
                        room = larger
                    room[found] = t
                    found += 1
    return room, found


@compiled
def _within(start: float, width: float, slope: float, low: float, high: float) -> tuple[float, float]:
    """The part of low..high for which t * slope lies in start..start + width."""
    if abs(slope) < 1e-9:
        return (low, high) if start <= 0 <= start + width else (1.0, 0.0)
    a, b = start / slope, (start + width) / slope
    return max(low, min(a, b)), min(high, max(a, b))


@compiled
def _layer(positions: FloatArray, count: int, gap: float, aim: float, least: float) -> tuple[int, int]:
    """Sorts positions[:count]; returns where the layer begins and ends that is nearest to `aim`.

    It has `least` points or more; where none has as many, all points are one layer.
    """
    if count < 64:
        for i in range(1, count):  # insertion: the quickest for so few
            value, j = positions[i], i - 1
            while j >= 0 and positions[j] > value:
                positions[j + 1] = positions[j]
                j -= 1
            positions[j + 1] = value
    else:
        positions[:count].sort()
    nearest, best_begin, best_end, start = np.inf, 0, count, 0
    for i in range(1, count + 1):
        if i == count or positions[i] - positions[i - 1] > gap:
            away = max(positions[start] - aim, aim - positions[i - 1], 0.0)
            if i - start >= least and away < nearest:
                nearest, best_begin, best_end = away, start, i
            start = i
    return best_begin, best_end


@compiled
def _moments(points: Float32Array, starts: NDArray[np.int64]) -> FloatArray:
    """(C, 10) of each cell: number, mean x y z, and sums of xx xy xz yy yz zz around the mean."""
    moments = np.zeros((len(starts) - 1, 10))
    for c in range(len(starts) - 1):
        row = moments[c]
        row[0] = starts[c + 1] - starts[c]
        for j in range(starts[c], starts[c + 1]):
            for k in range(3):
                row[1 + k] += points[j, k] / row[0]
        for j in range(starts[c], starts[c + 1]):
            dx, dy, dz = points[j, 0] - row[1], points[j, 1] - row[2], points[j, 2] - row[3]
            row[4] += dx * dx
            row[5] += dx * dy
            row[6] += dx * dz
            row[7] += dy * dy
            row[8] += dy * dz
            row[9] += dz * dz
    return moments


@compiled_parallel
def _normals(
    cores: Float32Array, cloud: Arrays, moments: FloatArray, radii: FloatArray, towards: Float32Array
) -> tuple[Float32Array, Float32Array, IntArray]:  # fmt: skip
    _, low, cell, columns, slots, begins, levels, _ = cloud
    num, scales = len(cores), len(radii)
    normals, roughness = np.zeros((num, 3), np.float32), np.full(num, np.nan, np.float32)
    chosen = np.full(num, -1, np.int32)
    largest = radii[scales - 1]
    for i in numba.prange(num):
        # of the cells that are new at each scale: number, sums of x y z, of xx xy xz yy yz zz around the core
        sums = np.zeros((scales, 10))
        cx, cy, cz = float(cores[i, 0]), float(cores[i, 1]), float(cores[i, 2])
        x0, x1 = int(np.floor((cx - largest - low[0]) / cell)), int(np.floor((cx + largest - low[0]) / cell))
        y0, y1 = int(np.floor((cy - largest - low[1]) / cell)), int(np.floor((cy + largest - low[1]) / cell))
        z0, z1 = int(np.floor((cz - largest - low[2]) / cell)), int(np.floor((cz + largest - low[2]) / cell))
        for x in range(x0, x1 + 1):
            for y in range(y0, y1 + 1):
                c_begin, c_end = find_cells(x, y, z0, z1, columns, slots, begins, levels)
                for c in range(c_begin, c_end):
                    of_cell = moments[c]
                    n, dx, dy, dz = of_cell[0], of_cell[1] - cx, of_cell[2] - cy, of_cell[3] - cz
                    away = dx * dx + dy * dy + dz * dz
                    for s in range(scales):
                        if away <= radii[s] * radii[s]:
                            row = sums[s]
                            row[0] += n
                            row[1] += n * dx
                            row[2] += n * dy
                            row[3] += n * dz
                            row[4] += of_cell[4] + n * dx * dx
                            row[5] += of_cell[5] + n * dx * dy
                            row[6] += of_cell[6] + n * dx * dz
                            row[7] += of_cell[7] + n * dy * dy
                            row[8] += of_cell[8] + n * dy * dz
                            row[9] += of_cell[9] + n * dz * dz
                            break
        best = np.inf
        for s in range(scales):
            if s:
                sums[s] += sums[s - 1]
            n = sums[s, 0]
            if n < _LEAST_POINTS:
                continue
            mx, my, mz = sums[s, 1] / n, sums[s, 2] / n, sums[s, 3] / n
            xx, xy, xz = sums[s, 4] / n - mx * mx, sums[s, 5] / n - mx * my, sums[s, 6] / n - mx * mz
            yy, yz, zz = sums[s, 7] / n - my * my, sums[s, 8] / n - my * mz, sums[s, 9] / n - mz * mz
            smallest = _smallest_eigenvalue(xx, xy, xz, yy, yz, zz)
            if np.isnan(roughness[i]):
                roughness[i] = np.sqrt(max(smallest, 0.0) * n / (n - 3))
            share = smallest / max(xx + yy + zz, 1e-30)
            if share < best:
                nx, ny, nz = _eigenvector(xx, xy, xz, yy, yz, zz, smallest)
                if nx == 0 and ny == 0 and nz == 0:
                    continue
                best = share
                side = nx * towards[i, 0] + ny * towards[i, 1] + nz * towards[i, 2]
                turn = -1.0 if side < 0 else 1.0
                normals[i, 0], normals[i, 1], normals[i, 2] = turn * nx, turn * ny, turn * nz
                chosen[i] = s
    return normals, roughness, chosen


@compiled
def _smallest_eigenvalue(xx: float, xy: float, xz: float, yy: float, yz: float, zz: float) -> float:
    """Of a symmetric matrix, in closed form. Source: Smith, CACM 4(4), 1961."""
    q = (xx + yy + zz) / 3
    off = xy * xy + xz * xz + yz * yz
    p = np.sqrt(((xx - q) ** 2 + (yy - q) ** 2 + (zz - q) ** 2 + 2 * off) / 6)
    if p < 1e-30:
        return q
    a, b, c = (xx - q) / p, (yy - q) / p, (zz - q) / p
    d, e, f = xy / p, xz / p, yz / p
    half = (a * (b * c - f * f) - d * (d * c - f * e) + e * (d * f - b * e)) / 2
    angle = np.arccos(min(1.0, max(-1.0, half))) / 3
    return float(q + 2 * p * np.cos(angle + 2 * np.pi / 3))


@compiled
def _eigenvector(
    xx: float, xy: float, xz: float, yy: float, yz: float, zz: float, value: float
) -> tuple[float, float, float]:
    """The unit eigenvector: the longest cross product of two rows of the matrix less the eigenvalue; or 0."""
    a, b, c = xx - value, yy - value, zz - value
    best, bx, by, bz = 0.0, 0.0, 0.0, 0.0
    for k in range(3):
        if k == 0:
            x, y, z = xy * yz - xz * b, xz * xy - a * yz, a * b - xy * xy
        elif k == 1:
            x, y, z = xy * c - xz * yz, xz * xz - a * c, a * yz - xy * xz
        else:
            x, y, z = b * c - yz * yz, yz * xz - xy * c, xy * yz - b * xz
        size = x * x + y * y + z * z
        if size > best:
            best, bx, by, bz = size, x, y, z
    if best < 1e-60:
        return 0.0, 0.0, 0.0
    size = np.sqrt(best)
    return bx / size, by / size, bz / size
