"""Rigid motions on which many correspondences agree, although most are wrong.

Two right correspondences keep their distance; wrong ones rarely do so with many others at once. After SC2-PCR (Chen,
Sun, Yang, Tao: SC2-PCR, CVPR 2022): a correspondence counts by how many others are compatible with both of a pair.
Several motions come back, since in a room with a door at either end the best one is not always the right one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
LongArray = NDArray[np.int64]

SEEDS = 160  # correspondences from which a motion grows
GROUP = 24  # correspondences that a motion is first fitted to
NORMAL_TOLERANCE = 0.35  # by which the cosine between two points' normals may differ


@dataclass(frozen=True, slots=True)
class Motion:
    target_from_source: FloatArray  # (4, 4)
    support: float  # sum over the correspondences that agree, each 0..1


def motions(
    source: FloatArray, target: FloatArray, source_normals: FloatArray, target_normals: FloatArray, tolerance: float,
    *, most: int
) -> list[Motion]:  # fmt: skip
    """Up to `most` different motions, the best supported first; source and target (K, 3) correspond row by row."""
    if len(source) < 8:
        return []
    compatible = _compatible(source, target, source_normals, target_normals, tolerance)
    second = compatible * (compatible @ compatible)
    strength = second.sum(1)
    seeds = np.argsort(-strength)[: 4 * SEEDS]
    seeds = seeds[_spread(source[seeds], 2 * tolerance)][:SEEDS]
    group = min(GROUP, len(source))
    members = np.argpartition(-second[seeds], group - 1, axis=1)[:, :group]  # (S, G)
    members[:, 0] = seeds
    weight = np.take_along_axis(second[seeds], members, 1).astype(np.float64)
    weight[:, 0] = weight.max(1)
    found = fitted(source[members], target[members], weight + 1e-9)
    scores = _support(found, source, target, tolerance)
    for _ in range(2):  # grow onto all correspondences that agree
        better = np.argsort(-scores)[: 4 * most]
        found, scores = found[better], scores[better]
        moved = np.einsum("sij,kj->ski", found[:, :3, :3], source) + found[:, None, :3, 3]
        off = np.linalg.norm(moved - target, axis=2)
        weight = np.clip(1 - (off / (1.5 * tolerance)) ** 2, 0, 1)
        enough = (weight > 0).sum(1) >= 4
        grown = fitted(np.broadcast_to(source, moved.shape), np.broadcast_to(target, moved.shape), weight + 1e-12)
        grown_scores = _support(grown, source, target, tolerance)
        use = enough & (grown_scores >= scores)
        found[use], scores[use] = grown[use], grown_scores[use]
    order = np.argsort(-scores)
    made: list[Motion] = []
    centre, reach = source.mean(0), float(np.linalg.norm(source.std(0)))
    for i in order:
        if all(parted(found[i], m.target_from_source, centre, reach) > 2 * tolerance for m in made):
            made.append(Motion(found[i], float(scores[i])))
        if len(made) == most:
            break
    return made


def parted(a: FloatArray, b: FloatArray, centre: FloatArray, reach: float) -> float:
    """How far two motions (4, 4) carry a point from one another that lies `reach` from `centre` (3,): a length."""
    turn = a[:3, :3].T @ b[:3, :3]
    angle = float(np.arccos(np.clip((np.trace(turn) - 1) / 2, -1, 1)))
    shift = float(np.linalg.norm((a[:3, :3] - b[:3, :3]) @ centre + a[:3, 3] - b[:3, 3]))
    return float(shift + 2 * np.sin(angle / 2) * reach)


def fitted(source: FloatArray, target: FloatArray, weight: FloatArray) -> FloatArray:
    """target_from_source (S, 4, 4) of least squares for S groups (S, G, 3), weight (S, G) (Kabsch 1976)."""
    w = weight / weight.sum(1, keepdims=True)
    a, b = (np.einsum("sg,sgi->si", w, x) for x in (source, target))
    spread = np.einsum("sg,sgi,sgj->sij", w, source - a[:, None], target - b[:, None])
    u, _, vt = np.linalg.svd(spread)
    sign = np.ones((len(w), 3))
    sign[:, 2] = np.sign(np.linalg.det(np.einsum("sji,skj->sik", vt, u)))
    rotation = np.einsum("sji,sj,skj->sik", vt, sign, u)
    pose = np.tile(np.eye(4), (len(w), 1, 1))
    pose[:, :3, :3] = rotation
    pose[:, :3, 3] = b - np.einsum("sij,sj->si", rotation, a)
    return pose


def _compatible(
    source: FloatArray, target: FloatArray, source_normals: FloatArray, target_normals: FloatArray, tolerance: float
) -> Float32Array:
    """(K, K) 0 or 1: whether two correspondences keep their distance and the angle of their normals."""
    a, b = (_distances(x.astype(np.float32)) for x in (source, target))
    keep = np.abs(a - b) < tolerance
    keep &= np.minimum(a, b) > tolerance
    turn = np.abs((source_normals @ source_normals.T).astype(np.float32))
    turn -= np.abs((target_normals @ target_normals.T).astype(np.float32))
    keep &= np.abs(turn) < NORMAL_TOLERANCE
    return np.asarray(keep, np.float32)


def _distances(points: Float32Array) -> Float32Array:
    centred = points - points.mean(0)
    square = (centred**2).sum(1)
    return np.asarray(np.sqrt(np.maximum(square[:, None] + square - 2 * centred @ centred.T, 0)), np.float32)


def _spread(points: FloatArray, gap: float) -> LongArray:
    """Indices of points in their order, none within `gap` of one before."""
    kept: list[int] = []
    for i, point in enumerate(points):
        if not kept or np.min(np.linalg.norm(points[kept] - point, axis=1)) > gap:
            kept.append(i)
    return np.array(kept, np.int64)


def _support(poses: FloatArray, source: FloatArray, target: FloatArray, tolerance: float) -> FloatArray:
    moved = np.einsum("sij,kj->ski", poses[:, :3, :3], source) + poses[:, None, :3, 3]
    off = np.linalg.norm(moved - target, axis=2)
    return np.asarray(np.clip(1 - (off / tolerance) ** 2, 0, 1).sum(1))
