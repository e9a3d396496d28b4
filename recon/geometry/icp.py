"""Iterative closest points, point to plane, of two surfaces or of many at once.

Chen and Medioni 1992; all scans together as in Pulli 1999, each iteration one sparse system over all poses. A point
counts by how near it is (Tukey's weights) and only if its normal agrees with the surface's that it lies on.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from recon.geometry.point_features import Surface

FloatArray = NDArray[np.float64]
LongArray = NDArray[np.int64]

NORMALS_AGREE = 0.7  # cosine
FEW = 20_000  # points that one thread looks up sooner than several start
STILL = 0.003  # of the distance: a smaller change is none


def matched(
    source: Surface,
    target: Surface,
    target_from_source: FloatArray,
    distance: float,
    chosen: LongArray | slice = slice(None),
) -> tuple[LongArray, LongArray, FloatArray, FloatArray]:
    """Points of the source that lie on the target: their indices, those of the target's nearest points (M,), the
    moved points (M, 3) and their distances along the target's normals (M,).
    """
    turn, shift = target_from_source[:3, :3], target_from_source[:3, 3]
    moved = source.points[chosen] @ turn.T + shift
    near, which = target.tree.query(moved, distance_upper_bound=distance, workers=-1 if len(moved) > FEW else 1)
    index = np.arange(len(source))[chosen]
    hit = np.isfinite(near)
    alike = np.abs(((source.normals[index[hit]] @ turn.T) * target.normals[which[hit]]).sum(1)) > NORMALS_AGREE
    hit[hit] = alike
    which = which[hit]
    off = ((moved[hit] - target.points[which]) * target.normals[which]).sum(1)
    return index[hit], which, moved[hit], off


def aligned(
    source: Surface, target: Surface, start: FloatArray, distances: Sequence[float], *, iterations: int = 8,
    most: int = 60_000
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """target_from_source (4, 4) near `start`, and its information matrix (6, 6) in units of the residuals' variance.

    distances: how far two points may lie apart to count, one stage each, coarse to fine.
    """
    pose = start.copy()
    step = max(1, len(source) // most)
    information = np.zeros((6, 6))
    for distance in distances:
        for _ in range(iterations):
            _, which, moved, off = matched(source, target, pose, distance, slice(None, None, step))
            if len(off) < 12:
                return pose, np.zeros((6, 6))
            weight = (1 - np.clip(off / distance, -1, 1) ** 2) ** 2
            normal = target.normals[which]
            rows = np.concatenate([np.cross(moved, normal), normal], 1)  # turn about the target's origin, then shift
            information = (rows * weight[:, None]).T @ rows
            pull = -(rows * (weight * off)[:, None]).sum(0)
            change = np.linalg.solve(information + 1e-9 * np.trace(information) / 6 * np.eye(6), pull)
            pose = exponential(change) @ pose
            turned = float(np.linalg.norm(change[:3])) * float(np.abs(moved).max())
            if turned + float(np.linalg.norm(change[3:])) < STILL * distance:
                break
    return pose, information


def exponential(change: FloatArray) -> FloatArray:
    """(4, 4) of a small turn (rotation vector, 3) and a shift (3)."""
    pose = np.eye(4)
    pose[:3, :3] = Rotation.from_rotvec(change[:3]).as_matrix()
    pose[:3, 3] = change[3:]
    return pose


def aligned_together(
    surfaces: Sequence[Surface], poses: FloatArray, pairs: Sequence[tuple[int, int]], distances: Sequence[float],
    *, fixed: frozenset[int] = frozenset(), iterations: int = 6, most: int = 8_000
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """world_from_scan (S, 4, 4) of all scans at once, and each pose's standard deviation as a shift (S,) in units of
    the points. pairs: which scans see the same surfaces. The `fixed` scans stay where they are, or the first one.
    """
    made = poses.copy()
    count = len(surfaces)
    deviation = np.zeros(count)
    free = np.zeros(0, np.int64)
    for distance in distances:
        for _ in range(iterations):
            matrix, pull = np.zeros((6 * count, 6 * count)), np.zeros(6 * count)
            square, used = 0.0, 0.0
            for a, b in [*pairs, *((j, i) for i, j in pairs)]:
                b_from_a = np.linalg.inv(made[b]) @ made[a]
                step = max(1, len(surfaces[a]) // most)
                _, which, moved, off = matched(surfaces[a], surfaces[b], b_from_a, distance, slice(None, None, step))
                if len(off) < 12:
                    continue
                weight = (1 - np.clip(off / distance, -1, 1) ** 2) ** 2
                turn, shift = made[b][:3, :3], made[b][:3, 3]
                normal = surfaces[b].normals[which] @ turn.T
                place = moved @ turn.T + shift
                rows = np.concatenate([np.cross(place, normal), normal], 1)
                block = (rows * weight[:, None]).T @ rows
                force = (rows * (weight * off)[:, None]).sum(0)
                i, j = slice(6 * a, 6 * a + 6), slice(6 * b, 6 * b + 6)
                matrix[i, i] += block
                matrix[j, j] += block
                matrix[i, j] -= block
                matrix[j, i] -= block
                pull[i] -= force
                pull[j] += force
                square, used = square + float((weight * off**2).sum()), used + float(weight.sum())
            stays = np.isin(np.repeat(np.arange(count), 6), list(fixed) or [0])
            free = np.flatnonzero(~stays)
            system = matrix[np.ix_(free, free)] + 1e-9 * np.trace(matrix) / len(matrix) * np.eye(len(free))
            change = np.zeros(6 * count)
            change[free] = np.linalg.solve(system, pull[free])
            for k in range(count):
                made[k] = exponential(change[6 * k : 6 * k + 6]) @ made[k]
            if np.abs(change.reshape(-1, 6)[:, 3:]).max() < STILL * distance:
                break
        if used:
            variance = np.zeros(6 * count)
            variance[free] = np.diag(np.linalg.inv(system)) * square / used
            deviation = np.sqrt(np.maximum(variance.reshape(-1, 6)[:, 3:].sum(1), 0))
    return made, deviation
