"""Which photos are alike enough to be worth matching: preemptive matching (Wu 2013, "Towards linear-time incremental
structure from motion", 4.1). A photo's largest features, a few hundred, tell in a millisecond what all of them would
tell in a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]


def largest(keypoints: Float32Array, descriptors: NDArray[np.uint8], count: int) -> Float32Array:
    """Unit descriptors (<= count, D) of the largest keypoints (N, 6): x, y and the affine shape, row by row."""
    area = np.abs(keypoints[:, 2] * keypoints[:, 5] - keypoints[:, 3] * keypoints[:, 4])
    chosen = descriptors[np.argsort(-area, kind="stable")[:count]].astype(np.float32)
    return np.asarray(chosen / np.maximum(np.linalg.norm(chosen, axis=1, keepdims=True), 1e-9), np.float32)


def likeness(descriptors: Sequence[Float32Array], *, max_ratio: float) -> IntArray:
    """How many unit descriptors of photos i and j are each other's nearest, and clearly so, (P, P)."""
    count = np.zeros((len(descriptors),) * 2, np.int32)
    for i, mine in enumerate(descriptors):
        for j in range(i):
            if min(len(mine), len(descriptors[j])) < 2:
                continue
            cosine = mine @ descriptors[j].T
            second, first = np.clip(np.partition(cosine, -2, axis=1)[:, -2:].T, -1, 1)
            nearest = cosine.argmax(axis=1)
            mutual = cosine.argmax(axis=0)[nearest] == np.arange(len(mine))
            clear = np.arccos(first) < max_ratio * np.arccos(second)
            count[i, j] = count[j, i] = np.count_nonzero(mutual & clear)
    return count


def pairs(count: IntArray, *, each: int, in_sequence: int) -> list[tuple[int, int]]:
    """Pairs i < j: every photo with the `each` photos most like it, and with the next few in the sequence."""
    best = np.argsort(-count, axis=1, kind="stable")[:, :each]
    wanted = {(min(i, j), max(i, j)) for i, row in enumerate(best.tolist()) for j in row if count[i, j] > 0}
    total = len(count)
    wanted |= {(i, j) for i in range(total) for j in range(i + 1, min(i + 1 + in_sequence, total))}
    return sorted(wanted)
