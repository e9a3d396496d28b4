"""Flat pieces of a cloud, by region growing: a plane grows from the flattest point over its neighbours, and is fitted
again as it grows. Strips of something round are left to recon.geometry.cylinders.

Source: Rabbani, van den Heuvel and Vosselman, Segmentation of point clouds using smoothness constraint, 2006.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, cKDTree

from recon.geometry.compiled import compiled
from recon.geometry.local_planes import smallest_axis

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]

_TURN = np.cos(np.radians(20.0))  # a point's normal may lean this much from the plane's
_RISE = 0.6  # tolerances that a region may rise between its middle and its ends
_TURNED = 0.25, 0.15  # radians from end to end that a strip of something round turns; tolerances that it rises at least
_ONE = 0.35  # tolerances between two pieces of one plane, on average
_SPREADS = 3.7  # times the median distance, beyond which a point does not count in the fit: 2.5 standard deviations
_GAP = 1.0  # metres between two pieces of one plane
_BEYOND = 3, 5000  # points that may lie beyond each side of the rectangle, and one more in so many
UP = np.array([0.0, 1.0, 0.0])
_UPRIGHT = np.sin(np.radians(10.0))  # of a normal's vertical part


@dataclass(frozen=True, slots=True)
class FlatPiece:
    """A plane and the points that lie on it."""

    normal: FloatArray  # (3,) unit, to the side of the points' normals
    centre: FloatArray  # (3,) mean of the points
    residual: float  # root mean square distance of the points
    members: LongArray  # (M,) indices of the points

    def distance(self, points: NDArray[np.floating]) -> FloatArray:
        """Signed, (N,)."""
        return np.asarray((points - self.centre) @ self.normal)


@dataclass(frozen=True, slots=True)
class Rectangle:
    centre: FloatArray  # (3,) on the plane
    along: FloatArray  # (3,) unit
    length: float
    width: float
    area: float  # that points cover


def find(
    points: Float32Array,
    normals: Float32Array,
    sigma: Float32Array,
    index: IntArray,
    *,
    spacing: float,
    tolerance: float,
    least_area: float,
) -> list[FlatPiece]:
    """The planes among points (N, 3) with normals (N, 3) and residuals (N,), the one with the most points first.

    index (N, K): each point's neighbours; spacing: metres between them; tolerance: metres from a plane; least_area:
    square metres.
    """
    fewest = max(12, int(0.5 * least_area / spacing**2))
    order = np.argsort(sigma, kind="stable").astype(np.int32)
    label = _grown(points, normals, index, order, float(_TURN), tolerance, fewest)
    pieces = []
    for members in _groups(label):
        piece = fitted(points, normals, members, tolerance)
        if len(piece.members) >= fewest and not _curved(points[piece.members], piece, tolerance):
            pieces.append(piece)
    pieces = _joined(sorted(pieces, key=lambda piece: -len(piece.members)), points, normals, tolerance)
    return sorted(pieces, key=lambda piece: -len(piece.members))


def fitted(points: Float32Array, normals: Float32Array, members: LongArray, tolerance: float) -> FlatPiece:
    """The least-squares plane through the members (M,) that lie within `tolerance` of it."""
    chosen = members
    for _ in range(3):
        some = points[chosen].astype(np.float64)
        centre = some.mean(axis=0)
        normal = np.linalg.eigh((some - centre).T @ (some - centre))[1][:, 0]
        off = np.abs((points[members] - centre) @ normal)
        inside = off <= min(tolerance, _SPREADS * float(np.median(off)) + 1e-6)
        if inside.sum() < 3:
            break
        chosen = members[inside]
    chosen = members[np.abs((points[members] - centre) @ normal) <= tolerance]
    off = (points[chosen] - centre) @ normal
    facing = float(normals[chosen].astype(np.float64).sum(axis=0) @ normal)
    return FlatPiece(normal if facing >= 0 else -normal, centre, float(np.sqrt(np.mean(off**2))), chosen)


def rectangle(points: Float32Array, piece: FlatPiece, spacing: float) -> Rectangle:
    """The rectangle around a piece: level where the plane is upright, else as small as can be."""
    some = points[piece.members].astype(np.float64) - piece.centre
    if abs(piece.normal[1]) < _UPRIGHT:
        along = np.cross(UP, piece.normal)
        along /= np.linalg.norm(along)
    else:
        along = _narrowest(some, piece.normal)
    across = np.cross(piece.normal, along)
    flat = np.stack([some @ along, some @ across], -1)
    beyond = _BEYOND[0] + len(flat) // _BEYOND[1]
    low, high = np.sort(flat, axis=0)[[beyond, -1 - beyond]]
    middle = (low + high) / 2
    cell = 2 * spacing
    covered = len(np.unique(np.floor(flat / cell).astype(np.int64), axis=0)) * cell**2
    length, width = (float(v) for v in high - low)
    centre = piece.centre + middle[0] * along + middle[1] * across
    if width > length and abs(piece.normal[1]) >= _UPRIGHT:
        along, length, width = across, width, length
    return Rectangle(centre, along, length, width, float(min(covered, length * width)))


@compiled
def _grown(
    points: Float32Array,
    normals: Float32Array,
    index: IntArray,
    order: IntArray,
    turn: float,
    tolerance: float,
    fewest: int,
) -> IntArray:
    """(N,) number of each point's region; -1 where it is in none."""
    n, k = index.shape
    label, tried = np.full(n, -1, np.int32), np.zeros(n, np.bool_)
    queue = np.empty(n, np.int32)
    region = 0
    for seed in order:
        if label[seed] >= 0 or tried[seed]:
            continue
        normal, centre = normals[seed].astype(np.float64), points[seed].astype(np.float64)
        origin = centre.copy()
        total, outer = np.zeros(3), np.zeros((3, 3))
        queue[0], label[seed] = seed, region
        head, tail, next_fit = 0, 1, 12
        while head < tail:
            i = queue[head]
            head += 1
            for j in range(k):
                m = index[i, j]
                if label[m] >= 0:
                    continue
                facing = normal[0] * normals[m, 0] + normal[1] * normals[m, 1] + normal[2] * normals[m, 2]
                if facing < turn:
                    continue
                off = (
                    normal[0] * (points[m, 0] - centre[0])
                    + normal[1] * (points[m, 1] - centre[1])
                    + normal[2] * (points[m, 2] - centre[2])
                )
                if np.abs(off) > tolerance:
                    continue
                label[m] = region
                queue[tail] = m
                tail += 1
                for a in range(3):
                    da = points[m, a] - origin[a]
                    total[a] += da
                    for b in range(3):
                        outer[a, b] += da * (points[m, b] - origin[b])
            if tail >= next_fit:
                count = tail
                cov = outer / count
                for a in range(3):
                    for b in range(3):
                        cov[a, b] -= total[a] * total[b] / count**2
                _, x, y, z, _ = smallest_axis(cov)
                if x * normal[0] + y * normal[1] + z * normal[2] < 0:
                    x, y, z = -x, -y, -z
                normal[0], normal[1], normal[2] = x, y, z
                centre = origin + total / count
                next_fit = tail + tail // 2
        if tail < fewest:
            for i in range(tail):
                label[queue[i]] = -1
            for i in range(tail):
                tried[queue[i]] = True
        else:
            region += 1
    return label


def _groups(label: IntArray) -> list[LongArray]:
    """Indices of each label from 0 on."""
    order = np.argsort(label, kind="stable")
    ends = np.searchsorted(label[order], np.arange(label.max(initial=-1) + 2))
    return [order[a:b].astype(np.int64) for a, b in pairwise(ends)]


def _curved(points: Float32Array, piece: FlatPiece, tolerance: float) -> bool:
    """Whether a paraboloid through the points (M, 3) rises from its middle to its ends."""
    some = points.astype(np.float64) - piece.centre
    first, second = np.linalg.svd(some[:: max(1, len(some) // 5000)], full_matrices=False)[2][:2]
    x, y = some @ first, some @ second
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], -1)
    height = np.linalg.lstsq(terms, some @ piece.normal, rcond=None)[0]
    bend, axes = np.linalg.eigh(np.array([[2 * height[3], height[4]], [height[4], 2 * height[5]]]))
    for curvature, axis in zip(bend, axes.T, strict=True):
        low, high = np.percentile(x * axis[0] + y * axis[1], [2, 98])
        rise = abs(curvature) * (high - low) ** 2 / 8
        turned = abs(curvature) * (high - low)
        if rise > _RISE * tolerance or (turned > _TURNED[0] and rise > _TURNED[1] * tolerance):
            return True
    return False


def _joined(pieces: list[FlatPiece], points: Float32Array, normals: Float32Array, tolerance: float) -> list[FlatPiece]:
    """Pieces of one plane with something between them, such as a wall behind a column, are one."""
    made: list[FlatPiece] = []
    for piece in pieces:
        for number, other in enumerate(made):
            if (
                other.normal @ piece.normal > _TURN
                and float(np.mean(np.abs(other.distance(points[piece.members])))) < _ONE * tolerance
                and _apart(points[other.members], points[piece.members]) < _GAP
            ):
                made[number] = fitted(points, normals, np.concatenate([other.members, piece.members]), tolerance)
                break
        else:
            made.append(piece)
    return made if len(made) == len(pieces) else _joined(made, points, normals, tolerance)


def _apart(first: Float32Array, second: Float32Array) -> float:
    """The least distance between some of the points of both."""
    low = np.maximum(first.min(axis=0), second.min(axis=0))
    if np.any(low - np.minimum(first.max(axis=0), second.max(axis=0)) > _GAP):
        return np.inf
    tree = cKDTree(first[:: max(1, len(first) // 20_000)])
    return float(np.min(tree.query(second[:: max(1, len(second) // 2_000)])[0]))


def _narrowest(points: FloatArray, normal: FloatArray) -> FloatArray:
    """The direction on a plane along which the rectangle around points (M, 3) is smallest."""
    first = np.cross(normal, np.eye(3)[np.argmin(np.abs(normal))])
    first /= np.linalg.norm(first)
    second = np.cross(normal, first)
    flat = np.stack([points @ first, points @ second], -1)
    hull = flat[ConvexHull(flat).vertices]
    angle = np.radians(np.arange(0, 90, 0.5))
    x = hull @ np.stack([np.cos(angle), np.sin(angle)])
    y = hull @ np.stack([-np.sin(angle), np.cos(angle)])
    best = angle[np.argmin(np.ptp(x, axis=0) * np.ptp(y, axis=0))]
    return np.asarray(np.cos(best) * first + np.sin(best) * second)
