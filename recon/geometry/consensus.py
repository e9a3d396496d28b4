"""What the photos of a face agree on, and which of them show something else, such as people walking by or reflections.

A face has up to K candidates (recon.geometry.labels): views (F, K), -1 where there is none, and their colours at S
places of the face, samples (F, K, S, 3) sRGB.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from recon.geometry.compiled import compiled_parallel

Float32Array = NDArray[np.float32]
ByteArray = NDArray[np.uint8]
IntArray = NDArray[np.int32]
ShortArray = NDArray[np.int16]
BoolArray = NDArray[np.bool_]

WEIGHTS: Float32Array = np.array([[1 / 3, 1 / 3], [1 / 6, 1 / 6], [2 / 3, 1 / 6], [1 / 6, 2 / 3]], np.float32)
"""Of a face's corners 1 and 2 at the places where it is looked at: its centre, and halfway to each corner."""

ALIKE = 12.0  # grey levels from the reference, at which a photo's colour counts half


@compiled_parallel
def distances(views: ShortArray, samples: ByteArray) -> tuple[Float32Array, IntArray]:
    """(F, K) grey levels (root mean square over the places and channels) between each candidate and the face's
    reference; (F,) the reference's slot, -1 where there are no candidates.

    The reference is the candidate nearest to the majority of the others. Infinite where there is no candidate.
    """
    num_faces, num_slots, num_places = samples.shape[:3]
    found = np.full((num_faces, num_slots), np.inf, np.float32)
    reference = np.full(num_faces, -1, np.int32)
    for f in numba.prange(num_faces):
        between = np.full((num_slots, num_slots), np.inf, np.float32)
        count = 0
        for a in range(num_slots):
            if views[f, a] < 0:
                continue
            count += 1
            between[a, a] = 0
            for b in range(a):
                if views[f, b] >= 0:
                    total = np.float32(0)
                    for s in range(num_places):
                        for c in range(3):
                            d = np.float32(samples[f, a, s, c]) - np.float32(samples[f, b, s, c])
                            total += d * d
                    between[a, b] = between[b, a] = np.sqrt(total / (3 * num_places))
        best, best_sum = -1, np.inf
        for a in range(num_slots):
            if views[f, a] >= 0:
                near = np.sort(between[a])[: count // 2 + 1].sum()
                if near < best_sum:
                    best, best_sum = a, near
        if best >= 0:
            reference[f] = best
            found[f] = between[best]
    return found, reference


@compiled_parallel
def outliers(views: ShortArray, distance: Float32Array, tolerance: float) -> BoolArray:
    """(F, K) True for candidates that disagree with the face's other photos by more than `tolerance` grey levels.

    Where the majority itself differs, up to three times its spread is allowed. With fewer than three candidates it is
    undecided, and none is doubtful.
    """
    num_faces, num_slots = views.shape
    found = np.zeros((num_faces, num_slots), np.bool_)
    for f in numba.prange(num_faces):
        count = np.sum(views[f] >= 0)
        if count < 3:
            continue
        limit = max(tolerance, 3 * np.sort(distance[f])[count // 2])
        for k in range(num_slots):
            found[f, k] = views[f, k] >= 0 and distance[f, k] > limit
    return found


@compiled_parallel
def grown(
    doubtful: BoolArray, views: ShortArray, distance: Float32Array, neighbour: IntArray, tolerance: float
) -> BoolArray:
    """One step of growth: a candidate beside a doubtful one of the same view is doubtful too if it disagrees with the
    face's reference by more than `tolerance`. At 0, whatever is beside it: outlines are uncertain.

    With two candidates neither is the reference: the one beside the doubtful one is the wrong one.
    """
    num_faces, num_slots = views.shape
    found = doubtful.copy()
    for f in numba.prange(num_faces):
        count = np.sum(views[f] >= 0)
        worst = np.float32(0)
        for k in range(num_slots):
            if views[f, k] >= 0:
                worst = max(worst, distance[f, k])
        for e in range(3):
            g = neighbour[f, e]
            if g < 0:
                continue
            for j in range(num_slots):
                if not doubtful[g, j]:
                    continue
                for k in range(num_slots):
                    if views[f, k] != views[g, j]:
                        continue
                    differs = worst if count == 2 else distance[f, k]
                    if tolerance <= 0 or differs > tolerance:
                        found[f, k] = True
    return found


def doubtful_regions(
    views: ShortArray, distance: Float32Array, neighbour: IntArray, *, tolerance: float, rings: int, most: int = 60
) -> BoolArray:
    """(F, K) True where a candidate shows something else: seeds beyond `tolerance`, the connected region around each
    that differs by half as much, and `rings` of faces around that.

    Source: Canny, A computational approach to edge detection, 1986 (hysteresis).
    """
    doubtful = outliers(views, distance, tolerance)
    for _ in range(most):
        more = grown(doubtful, views, distance, neighbour, tolerance / 2)
        if np.array_equal(more, doubtful):
            break
        doubtful = more
    for _ in range(rings):
        doubtful = grown(doubtful, views, distance, neighbour, 0.0)
    return doubtful


@compiled_parallel
def agreed(
    views: ShortArray, samples: ByteArray, quality: Float32Array, doubtful: BoolArray, distance: Float32Array
) -> tuple[Float32Array, Float32Array]:  # fmt: skip
    """(F, 3) the mean colour of the photos that are trusted, weighted by quality and by how near they are to the
    reference; (F,) how many photos' worth of evidence that is (1: a single photo).
    """
    num_faces, num_slots, num_places = samples.shape[:3]
    mean, evidence = np.zeros((num_faces, 3), np.float32), np.zeros(num_faces, np.float32)
    for f in numba.prange(num_faces):
        total, total_squared = np.float32(0), np.float32(0)
        colour = np.zeros(3, np.float32)
        for k in range(num_slots):
            if views[f, k] < 0 or doubtful[f, k]:
                continue
            w = quality[f, k] / (1 + (distance[f, k] / np.float32(ALIKE)) ** 2)
            total += w
            total_squared += w * w
            for c in range(3):
                level = np.float32(0)
                for s in range(num_places):
                    level += samples[f, k, s, c]
                colour[c] += w * level / num_places
        if total > 0:
            for c in range(3):
                mean[f, c] = colour[c] / total
            evidence[f] = total * total / total_squared
    return mean, evidence
