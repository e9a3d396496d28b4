"""Overlapping scans thinned to one point a voxel: the best-measured one, not a mean; each was measured as it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recon.geometry.compiled import compiled

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
LongArray = NDArray[np.int64]
IntArray = NDArray[np.int32]

_BITS = 21  # of a key, for each axis


def keys(points: Float32Array, cell: float) -> LongArray:
    """(N,) the voxels of width `cell` that points (N, 3) lie in, as numbers; raises ValueError if these do not do."""
    grid = np.floor(points.astype(np.float64) / cell).astype(np.int64) + (1 << (_BITS - 1))
    if len(grid) and (grid.min() < 0 or grid.max() >= 1 << _BITS):
        raise ValueError(f"a voxel of {cell} is too small for these points")
    return np.asarray((grid[:, 0] << 2 * _BITS) | (grid[:, 1] << _BITS) | grid[:, 2])


def best_points(
    points: Float32Array, scan: NDArray[np.uint16], range_m: Float32Array, cell: float
) -> tuple[LongArray, NDArray[np.uint64], LongArray]:
    """The index of one point (M,) for each voxel of width `cell`, in the order of the grid; the voxel's scans as bits
    (M,), of which scan s is bit s % 64; and how many points it has (M,).

    points (N, 3), scan (N,) that measured each, range_m (N,) from its scanner. Of a voxel's scans the one that stood
    nearest is best; of its points the one nearest to their mean: the nearest to the scanner would be the noisiest.
    The grid is the world's own, so that neighbouring boxes agree on it.
    """
    key = keys(points, cell)
    order = np.argsort(key, kind="stable")
    return _best(points, scan, range_m, key[order], order)


@compiled
def _best(
    points: Float32Array, scan: NDArray[np.uint16], range_m: Float32Array, key: LongArray, order: LongArray
) -> tuple[LongArray, NDArray[np.uint64], LongArray]:
    chosen, scans, held = np.empty(len(key), np.int64), np.empty(len(key), np.uint64), np.empty(len(key), np.int64)
    count, start = 0, 0
    while start < len(key):
        end = start
        nearest = order[start]
        bits = np.uint64(0)
        while end < len(key) and key[end] == key[start]:
            i = order[end]
            bits |= np.uint64(1) << np.uint64(scan[i] % 64)
            if range_m[i] < range_m[nearest]:
                nearest = i
            end += 1
        best = scan[nearest]
        mean, num = np.zeros(3), 0
        for k in range(start, end):
            if scan[order[k]] == best:
                mean += points[order[k]]
                num += 1
        mean /= num
        least, winner = np.inf, nearest
        for k in range(start, end):
            i = order[k]
            if scan[i] == best:
                off = 0.0
                for a in range(3):
                    off += (points[i, a] - mean[a]) ** 2
                if off < least:
                    least, winner = off, i
        chosen[count], scans[count], held[count] = winner, bits, end - start
        count += 1
        start = end
    return chosen[:count], scans[:count], held[:count]


@compiled
def num_scans(index: IntArray, distance: Float32Array, scans: NDArray[np.uint64], reach: float) -> NDArray[np.uint8]:
    """(N,) scans that measured the place of each point: its voxel and its neighbours index (N, K) within `reach`."""
    found = np.zeros(len(scans), np.uint8)
    for i in range(len(scans)):
        bits = scans[i]
        for j in range(index.shape[1]):
            if distance[i, j] > reach:
                break
            bits |= scans[index[i, j]]
        while bits:
            bits &= bits - np.uint64(1)
            found[i] += 1
    return found
