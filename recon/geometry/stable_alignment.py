"""Lays one survey onto an earlier one by what did not move between them.

Plane-to-point ICP whose weights fall to nothing where the two differ, so that what changed does not pull.
Sources: Chen and Medioni 1992 (distance to the plane); Bergström and Edlund, Robust registration of point sets, 2014
(Tukey's weights); Gelfand and others, Geometrically stable sampling, 2003 (what nothing holds stays as it is).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int64]

_SAMPLE = 20_000  # points that are compared in a step
_TUKEY = 4.685  # 95 % efficient for normal errors
_LEAST_SUPPORT = 1e-3  # of the best held direction: what is held less does not move
_MOST_STEPS = 60


@dataclass(frozen=True, slots=True)
class Alignment:
    first_from_second: FloatArray  # (4, 4)
    stable_share: float  # of the second's points: those that lie on the first within four times the spread
    spread: float  # robust standard deviation of those, along the normals


def aligned(
    first: Float32Array, normals: Float32Array, second: Float32Array, *, start: FloatArray, reach: float, least: float
) -> Alignment:
    """Aligns the points `second` (M, 3) with `first` (N, 3) and its unit normals (N, 3).

    start (4, 4): where to begin. reach: how far apart the two may lie then. least: a length below which differences are
    noise.
    """
    rng = np.random.default_rng(0)
    tree = cKDTree(first)
    middle = first.mean(axis=0, dtype=np.float64)
    extent = float(np.linalg.norm(first.std(axis=0))) or 1.0
    pose, limit = start.copy(), reach
    everything = np.arange(len(second))
    for step in range(_MOST_STEPS):
        chosen = rng.choice(everything, min(_SAMPLE, len(second)), replace=False)
        moved = second[chosen] @ pose[:3, :3].T + pose[:3, 3]
        away, index = map(np.asarray, tree.query(moved, distance_upper_bound=limit))
        near = np.isfinite(away)
        if near.sum() < 20:
            break
        moved, normal = moved[near], normals[index[near]].astype(np.float64)
        residual = np.einsum("nk,nk->n", first[index[near]] - moved, normal)
        scale = max(1.4826 * float(np.median(np.abs(residual))), 0.2 * least)
        weight = np.clip(1 - (residual / (_TUKEY * scale)) ** 2, 0, None) ** 2 * _balance(normal)
        change = _solve(moved - middle, normal, residual, weight, extent)
        turn = Rotation.from_rotvec(change[:3]).as_matrix()
        update = np.eye(4)
        update[:3, :3], update[:3, 3] = turn, middle + change[3:] - turn @ middle
        pose = update @ pose
        size = float(np.linalg.norm(change[:3]) * extent + np.linalg.norm(change[3:]))
        if size < 0.02 * least and limit <= 4 * least:
            break
        if size < 0.1 * limit or step % 8 == 7:
            limit = max(limit / 2, 4 * least)
    return Alignment(pose, *_quality(tree, first, normals, second, pose, 4 * least))


def _balance(normals: FloatArray) -> FloatArray:
    """(N,) weights by which each of 26 directions counts alike, so that a large floor does not outvote a small wall."""
    direction = np.round(normals * 1.2).astype(int) @ [9, 3, 1] + 13
    count = np.bincount(direction, minlength=27)
    return np.asarray(1 / np.maximum(count[direction], 0.02 * len(normals)), np.float64)


def _solve(
    places: FloatArray, normals: FloatArray, residual: FloatArray, weight: FloatArray, extent: float
) -> FloatArray:
    """(6,) rotation vector and translation that take the residuals away."""
    rows = np.concatenate([np.cross(places, normals) / extent, normals], axis=1)
    values, vectors = np.linalg.eigh(rows.T @ (weight[:, None] * rows))
    held = values > _LEAST_SUPPORT * values[-1]
    into = vectors[:, held]
    change = into @ ((into.T @ (rows.T @ (weight * residual))) / values[held])
    change[:3] /= extent
    return np.asarray(change)


def _quality(
    tree: cKDTree, first: Float32Array, normals: Float32Array, second: Float32Array, pose: FloatArray, limit: float
) -> tuple[float, float]:
    some = second[:: max(1, len(second) // (2 * _SAMPLE))]
    moved = some @ pose[:3, :3].T + pose[:3, 3]
    away, index = map(np.asarray, tree.query(moved, distance_upper_bound=max(limit, 1e-9) * 8))
    near = np.isfinite(away)
    if not near.any():
        return 0.0, float("nan")
    residual = np.einsum("nk,nk->n", first[index[near]] - moved[near], normals[index[near]])
    spread = 1.4826 * float(np.median(np.abs(residual)))
    return float((np.abs(residual) < 4 * max(spread, 1e-12)).sum() / len(some)), spread
