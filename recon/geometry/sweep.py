"""A plane sweep with semi-global aggregation: dense, robust, coarse depth to start from.

Hirschmüller, "Stereo processing by semiglobal matching and mutual information", PAMI 2008, on a volume of
fronto-parallel planes uniform in inverse depth (Collins 1996), with NCC averaged over the better half of the
neighbours. What a single neighbour sees, behind an edge or at the rim, is found too: those that do not see it cost
little more than it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

WINDOW = 7  # px of the coarse picture
SMALL_STEP, LARGE_STEP = 0.12, 0.6  # SGM penalties in units of 1 - NCC
UNSEEN = 0.2  # cost, above the best neighbour's, at which another one is taken to show something else there
MIN_VARIANCE = 4.0  # grey levels squared, a window with less variance is not matched


def sweep(
    reference: NDArray[np.float32],
    sources: list[NDArray[np.float32]],
    homographies: list[tuple[NDArray[np.float64], NDArray[np.float64]]],
    inverse_depths: NDArray[np.float64],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Inverse depth (H, W) and its matching cost 1 - NCC (H, W) of the grey picture `reference`.

    For each source the pair (a, b) maps a reference pixel p at inverse depth w to the source pixel a p + w b,
    homogeneous, with pixel (0.5, 0.5) the centre of the first. inverse_depths (D,) ascending and evenly spaced.
    """
    height, width = reference.shape
    volume = np.empty((height, width, len(inverse_depths)), np.float32)  # depth last: SGM reads it along a pixel
    mean, variance = _moments(reference)
    keep = max(1, (len(sources) + 1) // 2)
    # pixel centres at +0.5 for us, at 0 for OpenCV
    shift = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    for index, w in enumerate(inverse_depths):
        costs = np.empty((len(sources), height, width), np.float32)
        for k, (source, (a, b)) in enumerate(zip(sources, homographies, strict=True)):
            plane = a.copy()
            plane[:, 2] += w * b
            warp = np.linalg.inv(shift) @ plane @ shift
            seen = cv2.warpPerspective(
                source,
                warp,
                (width, height),
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_CONSTANT,
                borderValue=-1e4,
            )
            costs[k] = _one_minus_ncc(reference, mean, variance, seen)
        lowest = _lowest(costs, keep)
        volume[..., index] = np.minimum(lowest, lowest[0] + UNSEEN).mean(axis=0)
    total = _aggregate(volume)
    best = np.argmin(total, axis=2)
    cost = np.take_along_axis(volume, best[..., None], 2)[..., 0]
    return _between_planes(total, best, inverse_depths).astype(np.float32), cost


def _lowest(costs: NDArray[np.float32], keep: int) -> NDArray[np.float32]:
    """The `keep` lowest costs (keep, H, W) of each pixel, in place of (K, H, W): ten times as fast as np.partition."""
    for i in range(keep):
        for k in range(i + 1, len(costs)):
            lower = np.minimum(costs[i], costs[k])
            np.maximum(costs[i], costs[k], out=costs[k])
            costs[i] = lower
    return costs[:keep]


def _moments(picture: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    mean = cv2.blur(picture, (WINDOW, WINDOW))
    return mean, np.maximum(cv2.blur(picture * picture, (WINDOW, WINDOW)) - mean * mean, 0)


def _one_minus_ncc(
    reference: NDArray[np.float32], mean: NDArray[np.float32], variance: NDArray[np.float32], seen: NDArray[np.float32]
) -> NDArray[np.float32]:
    outside = seen < -1
    seen = np.where(outside, 0, seen)
    seen_mean, seen_variance = _moments(seen)
    covariance = cv2.blur(reference * seen, (WINDOW, WINDOW)) - mean * seen_mean
    flat = (variance < MIN_VARIANCE) | (seen_variance < MIN_VARIANCE)
    cost = 1 - covariance / np.sqrt(np.maximum(variance * seen_variance, MIN_VARIANCE**2))
    cost = np.clip(np.where(flat, 1, cost), 0, 1)
    return np.where(outside, 1, cost).astype(np.float32)


def _between_planes(
    total: NDArray[np.float32], best: NDArray[np.intp], inverse_depths: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Parabola through the best plane and its neighbours."""
    inner = np.clip(best, 1, len(inverse_depths) - 2)
    low, mid, high = (np.take_along_axis(total, inner[..., None] + d, 2)[..., 0] for d in (-1, 0, 1))
    curvature = low - 2 * mid + high
    offset = np.where(curvature > 1e-6, 0.5 * (low - high) / np.maximum(curvature, 1e-6), 0)
    step = inverse_depths[1] - inverse_depths[0]
    fitted = inverse_depths[inner] + np.clip(offset, -1, 1) * step
    return np.where(best == inner, fitted, inverse_depths[best])


def _aggregate(volume: NDArray[np.float32]) -> NDArray[np.float32]:
    total = np.zeros_like(volume)
    for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1), (1, -1), (-1, 1)):
        _add_paths(volume, total, dy, dx, SMALL_STEP, LARGE_STEP)
    return total


@njit(parallel=True, cache=True, fastmath=True)
def _add_paths(volume, total, dy, dx, small, large):
    """Add to `total` the path costs along one direction. Each start pixel's path is one thread's work."""
    height, width, depth = volume.shape
    num_starts = width if dx == 0 else height if dy == 0 else width + height - 1
    for index in prange(num_starts):
        start = np.int64(index)  # numba's loop index is unsigned, and unsigned minus signed is float
        if dx == 0:
            x, y = start, np.int64(0 if dy > 0 else height - 1)
        elif dy == 0:
            y, x = start, np.int64(0 if dx > 0 else width - 1)
        elif start < width:
            x, y = start, np.int64(0 if dy > 0 else height - 1)
        else:
            x = np.int64(0 if dx > 0 else width - 1)
            y = start - width + 1 if dy > 0 else height - 2 - (start - width)
        before = np.empty(depth, np.float32)
        now = np.empty(depth, np.float32)
        for d in range(depth):
            before[d] = volume[y, x, d]
            total[y, x, d] += before[d]
        y += dy
        x += dx
        while 0 <= y < height and 0 <= x < width:
            least = before[0]
            for d in range(1, depth):
                least = min(least, before[d])
            for d in range(depth):
                value = min(before[d], least + large)
                if d > 0:
                    value = min(value, before[d - 1] + small)
                if d < depth - 1:
                    value = min(value, before[d + 1] + small)
                now[d] = volume[y, x, d] + value - least
                total[y, x, d] += now[d]
            before, now = now, before
            y += dy
            x += dx
