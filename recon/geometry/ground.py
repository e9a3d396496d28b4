"""The plane that an object stands on: a table, a floor, a turntable's mat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from recon.geometry.clouds import Cloud, Points

TRIALS = 9000  # a plane of the least share is missed once in ten thousand times: (1 - 0.1**3) ** 9000
SCORED = 20_000  # points that judge a trial
MAX_LEAN_DEG = 25.0  # between the plane's normal and the photographers' up
THICKNESS = 0.004  # of the points' extent; inliers are at most this far from the plane
MIN_SHARE = 0.10  # of the points must lie on it
MAX_BELOW = 0.05  # of the points may lie under it
CELLS = 64  # along the longest side; cells that touch belong to one piece
GRID = CELLS + CELLS // 2  # with a margin for stray points
LOW = 3.0  # times the ground's top; lower points that face up are badly measured ground
FACES_UP = 0.9  # cosine to up
SAMPLE = 4_000_000  # points that the ground's height and the object's size are measured on


def find_ground(
    points: NDArray[np.float64], up: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float, float] | None:
    """(unit normal (3,), offset, thickness) of the plane normal . x = offset that most of the scene stands on, or None.

    points (N, 3), up unit (3,). RANSAC with a fixed seed (Fischler & Bolles 1981) over planes that are nearly level and
    have almost nothing below them, then a least-squares fit to the inliers. thickness: how far the plane's own points
    stray from it.
    """
    if len(points) < 100:
        return None
    low, high = np.percentile(points, [2, 98], axis=0)
    margin = (high - low) / 2  # a table is larger than what stands on it
    inside = points[np.all((points >= low - margin) & (points <= high + margin), axis=1)]
    if len(inside) < 100:
        return None
    tolerance = THICKNESS * float(np.linalg.norm(high - low))
    rng = np.random.default_rng(0)
    a, b, c = (inside[rng.integers(0, len(inside), TRIALS)] for _ in range(3))
    normals = np.cross(b - a, c - a)
    length = np.linalg.norm(normals, axis=1)
    normals = normals[length > 1e-12] / length[length > 1e-12, None]
    anchors = a[length > 1e-12]
    normals *= np.sign(normals @ up)[:, None]
    level = normals @ up > np.cos(np.radians(MAX_LEAN_DEG))
    judges = inside if len(inside) <= SCORED else rng.choice(inside, SCORED, replace=False)
    best, share = None, MIN_SHARE
    for normal, anchor in zip(normals[level], anchors[level], strict=True):
        height = (judges - anchor) @ normal
        on = np.mean(np.abs(height) < tolerance)
        if on > share and np.mean(height < -3 * tolerance) < MAX_BELOW:
            best, share = (normal, anchor), on
    if best is None:
        return None
    on = np.abs((inside - best[1]) @ best[0]) < tolerance
    for _ in range(3):
        centre = inside[on].mean(axis=0)
        normal = np.linalg.svd(inside[on] - centre, full_matrices=False)[2][2]
        normal = normal * np.sign(normal @ up)
        height = (inside - centre) @ normal
        on = np.abs(height) < tolerance
    spread = 1.4826 * float(np.median(np.abs(height[on])))
    return normal, float(centre @ normal), 3 * spread


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on the ground y = 0: the occupied cells of a coarse grid, as far as they are above the ground."""

    top: float  # of the ground
    low: NDArray[np.float32]  # (3,) the grid's corner
    cell: float  # a length
    pieces: NDArray[np.bool_]  # (G, G, G)

    def holds(self, block: Points) -> NDArray[np.bool_]:
        """Which points belong to it, (N,)."""
        result = _above(block, self.top)
        cell, inside = _cells(block.points[result], self.low, self.cell)
        held = np.zeros(len(inside), bool)
        held[inside] = self.pieces[tuple(cell.T)]
        result[result] = held
        return result


def standing(cloud: Cloud, thickness: float) -> Standing:
    """The object that stands on the ground y = 0.

    thickness: how far the ground's sparse points strayed from it. Its dense points stray further, so their own median
    and spread are measured first. Points just above them that face up are still ground: plain ground is measured badly
    and leaves flakes around the object's foot, while the object's own sides do not face up. Of the rest, the largest
    connected piece is the object, together with every other piece at least a tenth as large. Smaller pieces, such as
    crumbs on the table, are left out.
    """
    sample = cloud.sample(SAMPLE)
    height = sample.points[:, 1]
    top = thickness
    for _ in range(4):
        near = height[np.abs(height) < 4 * top]
        if len(near) < 100:
            break
        middle = float(np.median(near))
        wider = middle + 4 * 1.4826 * float(np.median(np.abs(near - middle)))
        if wider <= top:
            break
        top = min(wider, 2 * top)
    count = np.zeros((GRID,) * 3, np.int64)
    above = sample.points[_above(sample, top)]
    if not len(above):
        return Standing(top, np.zeros(3, np.float32), 1.0, count > 0)
    low, high = np.percentile(above, [1, 99], axis=0)
    width = float(np.max(high - low)) / CELLS
    for block in cloud.blocks():
        cell, _ = _cells(block.points[_above(block, top)], low, width)
        np.add.at(count, tuple(cell.T), 1)
    pieces, _ = ndimage.label(count > 0, np.ones((3, 3, 3)))
    size = np.bincount(pieces.ravel(), count.ravel())
    return Standing(top, low, width, (pieces > 0) & (size[pieces] >= 0.1 * size.max()))


def _above(block: Points, top: float) -> NDArray[np.bool_]:
    """Which points are not ground, (N,)."""
    height = block.points[:, 1]
    return (height > top) & ((height > LOW * top) | (block.normals[:, 1] < FACES_UP))


def _cells(
    points: NDArray[np.float32], low: NDArray[np.float32], width: float
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The grid's cells (M, 3) of the points (N, 3) that are in the grid, and which points these are, (N,)."""
    cell = np.floor((points - low) / width).astype(np.int64) + CELLS // 4
    inside = np.all((cell >= 0) & (cell < GRID), axis=1)
    return cell[inside], inside
