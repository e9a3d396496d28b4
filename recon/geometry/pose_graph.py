"""Poses of many scans from pairs that fit, some of which are wrong.

Which pairs to believe: of many spanning trees, drawn at random by the pairs' confidence, the one with which the most
other pairs agree. Then least squares over all pairs that agree (Grisetti et al. 2010), and those that stand out are
removed until none does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from recon.geometry.icp import exponential
from recon.geometry.rigid_consensus import parted

FloatArray = NDArray[np.float64]

TREES = 300
WEAK = 0.15  # confidence that counts where another pair says the same


@dataclass(frozen=True, slots=True)
class Edge:
    """One way in which two scans fit; a pair may have several."""

    source: int
    target: int
    target_from_source: FloatArray  # (4, 4)
    information: FloatArray  # (6, 6) of turn and shift in the target's frame
    confidence: float  # 0..1


@dataclass(frozen=True, slots=True)
class Graph:
    poses: FloatArray  # (S, 4, 4) world_from_scan; the identity where not placed
    placed: NDArray[np.bool_]  # (S,) the largest part that hangs together
    used: tuple[int, ...]  # indices of the edges that the poses rest on


def solved(
    count: int, edges: Sequence[Edge], *, centres: FloatArray, reach: FloatArray, tolerance: float,
    sure: float = 0.5, fixed: dict[int, FloatArray] | None = None, seed: int = 0
) -> Graph:  # fmt: skip
    """Poses of `count` scans. centres (S, 3) and reach (S,) of the scans' points; two motions agree if they carry the
    points within `tolerance` of one another. A pair of confidence `sure` places a scan alone, weaker ones only if two
    say the same. `fixed` scans keep the poses that they have.
    """
    held = dict(fixed or {})
    rng = np.random.default_rng(seed)
    best: tuple[float, dict[int, FloatArray], list[int]] = (-1.0, {}, [])
    confidence = np.array([max(min(e.confidence, 1 - 1e-6), 1e-6) for e in edges])
    odds = np.log(confidence) - np.log1p(-confidence)
    for trial in range(TREES if len(edges) >= count else 1):
        order = np.argsort(-(odds + (rng.gumbel(0, 1.5, len(edges)) if trial else 0.0)))
        poses = _tree(count, edges, order, held)
        agree = _agreeing(edges, poses, centres, reach, tolerance)
        placed = _believed(edges, agree, count, held, sure)
        score = float(sum(confidence[i] for i in agree if edges[i].source in placed)) + 0.5 * len(placed)
        if score > best[0] + 1e-9:
            best = (score, {k: poses[k] for k in placed}, [i for i in agree if edges[i].source in placed])
    _, poses, agree = best
    if not poses:
        first = next(iter(held), 0)
        poses = {first: held.get(first, np.eye(4))}
    for _ in range(4):
        poses = optimised(edges, agree, poses, held)
        kept = _agreeing([edges[i] for i in agree], poses, centres, reach, tolerance / 2)
        if len(kept) == len(agree):
            break
        fewer = [agree[i] for i in kept]
        if len(_believed(edges, fewer, count, held, sure)) < len(poses):
            break
        agree = fewer
    made = np.tile(np.eye(4), (count, 1, 1))
    for k, pose in poses.items():
        made[k] = pose
    return Graph(made, np.array([k in poses for k in range(count)]), tuple(agree))


def _tree(
    count: int, edges: Sequence[Edge], order: NDArray[np.int64], held: dict[int, FloatArray]
) -> dict[int, FloatArray]:
    """Poses by the first edges in `order` that join two parts (Kruskal); the largest part, or that of `held`."""
    part = list(range(count))
    poses = {k: held.get(k, np.eye(4)) for k in range(count)}
    first = next(iter(held), None)
    if first is not None:
        for k in held:
            part[k] = first
    for i in order:
        e = edges[i]
        a, b = part[e.source], part[e.target]
        if a == b or e.confidence < WEAK:
            continue
        if a == first:  # move the other part
            shift = poses[e.source] @ np.linalg.inv(e.target_from_source) @ np.linalg.inv(poses[e.target])
            moved, to = b, a
        else:
            shift = poses[e.target] @ e.target_from_source @ np.linalg.inv(poses[e.source])
            moved, to = a, b
        for k in range(count):
            if part[k] == moved:
                poses[k], part[k] = shift @ poses[k], to
    sizes = {p: part.count(p) for p in set(part)}
    chosen = first if first is not None else max(sizes, key=lambda p: sizes[p])
    return {k: poses[k] for k in range(count) if part[k] == chosen}


def _agreeing(
    edges: Sequence[Edge], poses: dict[int, FloatArray], centres: FloatArray, reach: FloatArray, tolerance: float
) -> list[int]:
    """Edges between placed scans that say what the poses say; of a pair's, the nearest alone."""
    best: dict[tuple[int, int], tuple[float, int]] = {}
    for i, e in enumerate(edges):
        if e.source not in poses or e.target not in poses:
            continue
        said = np.linalg.inv(poses[e.target]) @ poses[e.source]
        off = parted(said, e.target_from_source, centres[e.source], reach[e.source])
        key = (min(e.source, e.target), max(e.source, e.target))
        if off < tolerance and off < best.get(key, (np.inf, 0))[0]:
            best[key] = (off, i)
    return sorted(i for _, i in best.values())


def _believed(
    edges: Sequence[Edge], agree: Sequence[int], count: int, held: dict[int, FloatArray], sure: float
) -> set[int]:
    """The largest part that hangs together by sure edges, and scans that two weak edges tie to it."""
    part = list(range(count))
    for i in (i for i in agree if edges[i].confidence >= sure):
        a, b = part[edges[i].source], part[edges[i].target]
        part = [b if p == a else p for p in part]
    if held:
        first = part[next(iter(held))]
        part = [first if k in held else p for k, p in enumerate(part)]
        chosen = first
    else:
        chosen = max(set(part), key=part.count)
    placed = {k for k in range(count) if part[k] == chosen}
    for _ in range(count):
        ties: dict[int, int] = {}
        for i in agree:
            e = edges[i]
            for inside, outside in ((e.source, e.target), (e.target, e.source)):
                if inside in placed and outside not in placed and e.confidence >= WEAK:
                    ties[outside] = ties.get(outside, 0) + 1
        more = {k for k, n in ties.items() if n >= 2}
        if not more:
            break
        placed |= more
    return placed if len(placed) > 1 or held else set()


def optimised(
    edges: Sequence[Edge], chosen: Sequence[int], poses: dict[int, FloatArray], held: dict[int, FloatArray],
    *, iterations: int = 10
) -> dict[int, FloatArray]:  # fmt: skip
    """Least squares over the chosen edges; the held scans, or the first one, stay."""
    made = dict(poses)
    names = sorted(made)
    free = [k for k in names if k not in held] if held else names[1:]
    at = {k: slice(6 * i, 6 * i + 6) for i, k in enumerate(free)}
    if not free:
        return made
    for _ in range(iterations):
        matrix, pull = np.zeros((6 * len(free),) * 2), np.zeros(6 * len(free))
        for i in chosen:
            e = edges[i]
            world = made[e.target]
            said, found = np.linalg.inv(world) @ made[e.source], e.target_from_source
            off = _logarithm(said @ np.linalg.inv(found))  # in the target's frame
            lift = _adjoint(np.asarray(np.linalg.inv(world), np.float64))
            weight = e.information / max(np.trace(e.information), 1e-12) * 6 * e.confidence
            block, force = lift.T @ weight @ lift, lift.T @ weight @ off
            for k, sign in ((e.source, 1.0), (e.target, -1.0)):
                if k in at:
                    matrix[at[k], at[k]] += block
                    pull[at[k]] -= sign * force
            if e.source in at and e.target in at:
                matrix[at[e.source], at[e.target]] -= block
                matrix[at[e.target], at[e.source]] -= block
        change = np.linalg.solve(matrix + 1e-9 * np.trace(matrix) / len(matrix) * np.eye(len(matrix)), pull)
        for k in free:
            made[k] = exponential(change[at[k]]) @ made[k]
        if np.abs(change).max() < 1e-9:
            break
    return made


def _logarithm(pose: FloatArray) -> FloatArray:
    """(6,) the turn as a rotation vector, and the shift, of a small motion."""
    return np.concatenate([Rotation.from_matrix(pose[:3, :3]).as_rotvec(), pose[:3, 3]])


def _adjoint(pose: FloatArray) -> FloatArray:
    """(6, 6): a small turn and shift of the world as they look in the frame that `pose` leads to."""
    turn, (x, y, z) = pose[:3, :3], pose[:3, 3]
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    made = np.zeros((6, 6))
    made[:3, :3] = made[3:, 3:] = turn
    made[3:, :3] = cross @ turn
    return made
