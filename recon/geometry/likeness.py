"""Which photos are alike enough to be worth matching. It is decided in two steps; the second is dearer, for fewer
photos.

A photo's signature shows within a microsecond which photos look like it as a whole (VLAD: Jégou et al. 2010,
"Aggregating local descriptors into a compact image representation"). Then a few hundred of its largest features show
within a millisecond what all features would show in a tenth of a second (preemptive matching: Wu 2013, "Towards
linear-time incremental structure from motion", 4.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from recon.geometry.compiled import compiled

Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]

WORDS = 64  # of the vocabulary
TAUGHT_BY = 20_000  # descriptors, evenly chosen
ROUNDS = 10  # of k-means


def largest(keypoints: Float32Array, descriptors: NDArray[np.uint8], count: int) -> Float32Array:
    """Unit descriptors (<= count, D) of the largest keypoints (N, 6): x, y and the affine shape, row by row."""
    area = np.abs(keypoints[:, 2] * keypoints[:, 5] - keypoints[:, 3] * keypoints[:, 4])
    chosen = descriptors[np.argsort(-area, kind="stable")[:count]].astype(np.float32)
    return _unit(chosen)


def similarity(descriptors: Sequence[Float32Array]) -> Float32Array:
    """How alike photos are as a whole, (P, P), 0..1 and 0 on the diagonal, from their unit descriptors (<= n, D)."""
    words = _vocabulary(np.concatenate(descriptors))
    signatures = np.zeros((len(descriptors), words.size), np.float32)
    for photo, mine in enumerate(descriptors):
        word = (mine @ words.T).argmax(axis=1)
        off = np.zeros_like(words)
        np.add.at(off, word, mine - words[word])
        # A frequent word does not count more than others (Arandjelović, Zisserman 2013).
        signatures[photo] = _unit(off).ravel()
    signatures = _unit(signatures)
    alike = np.clip(signatures @ signatures.T, 0, 1)
    np.fill_diagonal(alike, 0)
    return np.asarray(alike, np.float32)


def _vocabulary(descriptors: Float32Array) -> Float32Array:
    """(W, D) unit centres of clusters of the unit descriptors (N, D): spherical k-means from an even start."""
    taught = descriptors[:: max(1, -(-len(descriptors) // TAUGHT_BY))]
    words = taught[:: max(1, -(-len(taught) // WORDS))].copy()
    for _ in range(ROUNDS):
        word = (taught @ words.T).argmax(axis=1)
        total = np.zeros_like(words)
        np.add.at(total, word, taught)
        words = np.where(np.bincount(word, minlength=len(words))[:, None] > 0, _unit(total), words)
    return words


def _unit(rows: Float32Array) -> Float32Array:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9), np.float32)


def likeness(descriptors: Sequence[Float32Array], asked: Iterable[tuple[int, int]], *, max_ratio: float) -> IntArray:
    """How many unit descriptors of photos i and j are clearly each other's nearest, (P, P); 0 for pairs that are not
    asked for.
    """
    count = np.zeros((len(descriptors),) * 2, np.int32)
    for i, pairs_of_i in groupby(sorted(asked), key=lambda pair: pair[0]):
        others = [j for _, j in pairs_of_i]
        ends = np.cumsum([0, *(len(descriptors[j]) for j in others)])
        # All at once: BLAS is slow in starting.
        cosine = descriptors[i] @ np.concatenate([descriptors[j] for j in others]).T
        for j, start, end in zip(others, ends, ends[1:], strict=False):
            count[i, j] = count[j, i] = _shared(cosine[:, start:end], max_ratio)
    return count


@compiled
def _shared(cosine: Float32Array, max_ratio: float) -> int:
    num_rows, num_columns = cosine.shape
    if min(num_rows, num_columns) < 2:
        return 0
    nearest_row, highest = np.zeros(num_columns, np.int64), np.full(num_columns, -np.inf)
    nearest, first, second = np.zeros(num_rows, np.int64), np.full(num_rows, -1.0), np.full(num_rows, -1.0)
    for r in range(num_rows):
        for c in range(num_columns):
            value = cosine[r, c]
            if value > first[r]:
                first[r], second[r], nearest[r] = value, first[r], c
            elif value > second[r]:
                second[r] = value
            if value > highest[c]:
                highest[c], nearest_row[c] = value, r
    count = 0
    for r in range(num_rows):
        clear = np.arccos(min(first[r], 1.0)) < max_ratio * np.arccos(min(second[r], 1.0))
        count += nearest_row[nearest[r]] == r and clear
    return count


def pairs(alike: NDArray[np.number], *, each: int, in_sequence: int) -> list[tuple[int, int]]:
    """Pairs i < j: every photo with the `each` photos that are most like it, and with the next few in the sequence."""
    best = np.argsort(-alike, axis=1, kind="stable")[:, :each]
    wanted = {(min(i, j), max(i, j)) for i, row in enumerate(best.tolist()) for j in row if alike[i, j] > 0}
    total = len(alike)
    wanted |= {(i, j) for i in range(total) for j in range(i + 1, min(i + 1 + in_sequence, total))}
    return sorted(wanted)
