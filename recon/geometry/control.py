"""A model laid on measured points, of which some may be wrong.

A point is wrong if the rest fit so much better without it that noise would hardly ever do that: an F test of the sums
of squares, with Bonferroni's share for all the points that might have been it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f as f_distribution

from recon.geometry.positioning import similarity

FloatArray = NDArray[np.float64]

FEWEST = 3  # points that place a model
_FREE = 7  # of a similarity
_MOST_WRONG = 3
_MOST_TRIED = 5000  # sets of wrong points
_SURE = 0.01  # chance of calling good points wrong
_LEAST_SPREAD = 0.02  # across a line, of along it: points nearer to a line leave the model free to turn about it


@dataclass(frozen=True, slots=True)
class Laid:
    target_from_source: FloatArray  # (4, 4) similarity
    good: NDArray[np.bool_]  # (N,) the points that it rests on
    off: FloatArray  # (N,) how far each lies from its measured place


def laid(source: FloatArray, target: FloatArray, noise: float) -> Laid | None:
    """Points (N, 3) of a model on their measured places; None where they are too few or lie on a line.

    noise: in the target's unit, by which points differ at least.
    """
    if len(source) < FEWEST or on_a_line(target) or on_a_line(source):
        return None
    good = np.ones(len(source), bool)
    everything = _squares(source, target, good)
    best = _SURE
    for count in range(1, _MOST_WRONG + 1):
        rest = len(source) - count
        free = 3 * rest - _FREE
        if free <= 0 or 2 * count >= len(source) or comb(len(source), count) > _MOST_TRIED:
            break
        for wrong in combinations(range(len(source)), count):
            kept = np.ones(len(source), bool)
            kept[list(wrong)] = False
            if on_a_line(target[kept]):
                continue
            left = _squares(source, target, kept)
            ratio = max(everything - left, 0.0) / (3 * count) / max(left / free, noise**2)
            chance = comb(len(source), count) * float(f_distribution.sf(ratio, 3 * count, free))
            if chance < best:
                best, good = chance, kept
    pose = similarity(source[good], target[good], np.ones(good.sum()))
    return Laid(pose, good, np.linalg.norm(source @ pose[:3, :3].T + pose[:3, 3] - target, axis=1))


def on_a_line(points: FloatArray) -> bool:
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    return bool(len(points) < FEWEST or spread[1] < _LEAST_SPREAD * spread[0])


def _squares(source: FloatArray, target: FloatArray, kept: NDArray[np.bool_]) -> float:
    pose = similarity(source[kept], target[kept], np.ones(kept.sum()))
    return float(np.sum((source[kept] @ pose[:3, :3].T + pose[:3, 3] - target[kept]) ** 2))
