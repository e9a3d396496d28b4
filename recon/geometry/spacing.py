"""How far the points of a cloud lie from one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Float32Array = NDArray[np.float32]

_QUERIES = 500  # points whose neighbours are looked for
_BLOCKS = 16  # that these points are taken from


def median_spacing(blocks: Callable[[], Iterator[Float32Array]], count: int) -> float:
    """The median distance of a point from its nearest neighbour that lies elsewhere; 0 where there is none.

    blocks: called twice, gives the points (N, 3) of the cloud in the same order. The first guess is taken within the
    blocks, which is too far where neighbours lie in other blocks; then the neighbours of some points are sought in all
    of the cloud.
    """
    queries, guesses, single, every = [], [], True, 1
    for number, block in enumerate(blocks()):
        if not number:
            single = len(block) == count
            every = max(1, -(-count // (_BLOCKS * max(len(block), 1))))
        if number % every or not len(block):
            continue
        chosen = block[:: max(1, count // every // _QUERIES)]
        queries.append(chosen)
        guesses.append(_nearest(chosen, block))
    if not queries:
        return 0.0
    points, guess = np.concatenate(queries), np.concatenate(guesses)
    if single:
        return _median(guess)
    reach = _median(guess)  # no neighbour is farther than the guess, which suffices for a median
    if not reach:
        return 0.0
    near = [block[_around(block, points, reach)] for block in blocks()]
    found = _nearest(points, np.concatenate(near))
    return _median(np.where(np.isfinite(found), np.minimum(found, guess), guess))


def _median(distances: NDArray[np.float64]) -> float:
    finite = distances[np.isfinite(distances)]
    return float(np.median(finite)) if len(finite) else 0.0


def _nearest(points: Float32Array, among: Float32Array) -> NDArray[np.float64]:
    """(N,) distance from each point to the nearest other place; infinite where there is none."""
    if len(among) < 2:
        return np.full(len(points), np.inf)
    distances, _ = cKDTree(among).query(points, k=min(8, len(among)))
    distances = np.where(distances > 0, distances, np.inf)
    return np.asarray(distances.min(1), np.float64)


def _around(block: Float32Array, points: Float32Array, reach: float) -> NDArray[np.bool_]:
    """Which points of the block lie in the cubes of side `reach` around `points`, or next to these."""
    corners = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3), -1).reshape(-1, 3)
    wanted = np.unique(_key(np.floor(points / reach).astype(np.int64)[:, None] + corners).ravel())
    keys = _key(np.floor(block / reach).astype(np.int64))
    at = np.minimum(np.searchsorted(wanted, keys), len(wanted) - 1)
    return np.asarray(wanted[at] == keys)


def _key(cubes: NDArray[np.int64]) -> NDArray[np.int64]:
    wrapped = cubes & ((1 << 21) - 1)
    return (wrapped[..., 0] << 42) | (wrapped[..., 1] << 21) | wrapped[..., 2]
