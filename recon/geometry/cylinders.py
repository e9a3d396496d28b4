"""Round things in a cloud: pipes, shafts, columns, chimneys.

A patch of a cylinder has normals that lie in a plane; its axis stands on that plane, or runs along the patch where the
thing is so thin that normals are poor. A circle across the axis gives the radius; the whole cloud then says how far
the cylinder goes, and least squares where it is.
Source: Rabbani and van den Heuvel, Efficient Hough transform for automatic detection of cylinders in point clouds, 2005
(axis first, then circle); Luebke and others, Least-squares fitting of cylinders, Geometric Tools, 2020.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recon.geometry.compiled import compiled
from recon.geometry.local_planes import neighbours

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_REACHES = (0.08, 0.2, 0.5, 1.2)  # metres around a seed
_PATCH = 400  # points of a patch
_FEWEST = 12  # points of a patch
_SMOOTH = np.cos(np.radians(35.0))  # between the normals of neighbours on one surface
_AGREES = np.cos(np.radians(40.0))  # between a point's normal and the cylinder's
_FITS = 0.7  # share of a patch that must lie on its cylinder
_SEEDS = 3000
_NEIGHBOURS = 12
_FITTED = 4000  # points that a fit rests on
_ROUNDS = 4
_BINS = 72  # of the circumference
_GAP = 0.6  # metres along the axis without points, in front of a bracket or a machine
_HOPELESS = 1.2  # times that residual, at which a piece is not followed farther
_ROUND = 0.93  # mean agreement with the normals; on a square bar they would lean by up to 45 degrees
_SMALLEST = 0.008  # metres, radius
_LONG = 5.0  # an elongated patch's spread along over its spread across, squared
_BEYOND = 3, 2000  # points that may lie beyond each end, and one more in so many
_ANGULAR = 1.25  # times the mean square distance from the cylinder, below which flat sides may be what is there
_NOISY = 1.3  # times the cloud's own noise that a cylinder's residual may be; that of a square bar is more


@dataclass(frozen=True, slots=True)
class RoundPiece:
    """A cylinder and the points that lie on it."""

    centre: FloatArray  # (3,) on the axis
    axis: FloatArray  # (3,) unit
    radius: float
    hollow: bool  # the points' normals point to the axis
    low: float  # its ends along the axis, from the centre
    high: float
    coverage: float  # share of the circumference that has points
    residual: float  # root mean square distance of the points
    agreement: float  # mean cosine between the points' normals and the surface's
    members: LongArray  # (M,) indices of the points

    @property
    def length(self) -> float:
        return self.high - self.low

    def distance(self, points: NDArray[np.floating]) -> FloatArray:
        """Signed, of points (N, 3) from the surface, positive outside; the ends do not count."""
        return _radial(points, self.centre, self.axis)[1] - self.radius


def find(
    points: Float32Array,
    normals: Float32Array,
    *,
    spacing: float,
    noise: float,
    tolerance: float,
    least_length: float,
    least_coverage: float,
    largest_radius: float,
) -> list[RoundPiece]:
    """The cylinders among points (N, 3) with normals (N, 3), the longest first.

    spacing: metres between the points; noise: metres, of most points across their surface; tolerance: metres from a
    surface.
    """
    if len(points) <= _NEIGHBOURS:
        return []
    index, _ = neighbours(points, _NEIGHBOURS)
    free = np.ones(len(points), bool)
    rng = np.random.default_rng(0)
    seeds = rng.permutation(np.flatnonzero(free))[:_SEEDS]
    found: list[RoundPiece] = []
    for seed in seeds:
        if not free[seed]:
            continue
        for patch in _patches(int(seed), points, normals, index, free):
            guess = _guess(points[patch], normals[patch], patch, tolerance, largest_radius)
            if guess is None:
                continue
            piece = _followed(guess, points, normals, free, spacing, noise, tolerance)
            if (
                piece is not None
                and _is_round(piece, spacing, noise, least_length, least_coverage, largest_radius)
                and not _is_angular(piece, points, normals, tolerance)
            ):
                found.append(piece)
                free[piece.members] = False
                free[_on(piece, points, normals, 2 * tolerance, facing=False)] = False
                break
    return sorted(found, key=lambda piece: -piece.length)


def _is_round(piece: RoundPiece, spacing: float, noise: float, length: float, coverage: float, radius: float) -> bool:
    rise = piece.radius * (1 - np.cos(np.pi * min(piece.coverage, 0.5)))  # of the arc above its chord
    area = 2 * np.pi * piece.radius * piece.coverage * piece.length
    return bool(
        _SMALLEST <= piece.radius <= radius
        and piece.length >= max(length, 0.5 * piece.radius)
        and piece.coverage >= coverage
        and rise > 2 * piece.residual
        and piece.residual < _NOISY * noise
        and piece.agreement > _ROUND
        and len(piece.members) > max(30, 0.25 * area / spacing**2)
    )


def _is_angular(piece: RoundPiece, points: Float32Array, normals: Float32Array, tolerance: float) -> bool:
    """Whether two pairs of flat sides, at right angles to each other, fit the points around about as well or better.

    Few points of a square bar fit a circle within the noise; all that lie near, with their normals, tell.
    """
    along, across = _radial(points, piece.centre, piece.axis)
    near = np.flatnonzero((np.abs(across - piece.radius) < 4 * tolerance) & (along > piece.low) & (along < piece.high))
    near = near[:: max(1, len(near) // _FITTED)]
    sides = np.stack(_basis(piece.axis))
    flat, facing = (points[near] - piece.centre) @ sides.T, normals[near] @ sides.T
    most = (2 * tolerance) ** 2
    as_circle = np.minimum((np.linalg.norm(flat, axis=1) - piece.radius) ** 2, most).mean()
    for angle in np.radians(np.arange(0.0, 90.0, 3.0)):
        turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        place, way = flat @ turned, facing @ turned
        axis = np.abs(way).argmax(axis=1)
        rows = np.arange(len(near))
        side, height = 2 * axis + (way[rows, axis] > 0), place[rows, axis]
        off = np.array([np.median(height[side == k]) if np.any(side == k) else 0.0 for k in range(4)])
        if np.minimum((height - off[side]) ** 2, most).mean() < _ANGULAR * as_circle:
            return True
    return False


def _patches(
    seed: int, points: Float32Array, normals: Float32Array, index: IntArray, free: BoolArray
) -> Iterator[LongArray]:
    """The smooth surroundings of a point, ever larger."""
    before = 0
    for reach in _REACHES:
        patch = _smooth_patch(seed, points, normals, index, free, reach, _SMOOTH)
        if len(patch) >= max(_FEWEST, before + before // 2):
            before = len(patch)
            yield patch[:: max(1, len(patch) // _PATCH)]


@compiled
def _smooth_patch(
    seed: int,
    points: Float32Array,
    normals: Float32Array,
    index: IntArray,
    free: BoolArray,
    reach: float,
    smooth: float,
) -> LongArray:
    most = 20_000
    queue = np.empty(most, np.int64)
    queue[0] = seed
    seen = {np.int64(seed)}
    head, tail = 0, 1
    while head < tail:
        i = queue[head]
        head += 1
        for j in range(index.shape[1]):
            m = np.int64(index[i, j])
            if not free[m] or m in seen or tail == most:
                continue
            off, facing = 0.0, 0.0
            for a in range(3):
                off += (points[m, a] - points[seed, a]) ** 2
                facing += normals[m, a] * normals[i, a]
            if off > reach * reach or facing < smooth:
                continue
            seen.add(m)
            queue[tail] = m
            tail += 1
    return queue[:tail]


def _guess(
    points: Float32Array, normals: Float32Array, members: LongArray, tolerance: float, largest_radius: float
) -> RoundPiece | None:
    """The better of the cylinders through a patch whose axis its normals, or its own direction, give."""
    some, facing = points.astype(np.float64), normals.astype(np.float64)
    centre = some.mean(axis=0)
    best, share = None, _FITS
    spread, directions = np.linalg.eigh((some - centre).T @ (some - centre))
    turning, across = np.linalg.eigh(facing.T @ facing / len(facing))
    axes = [across[:, 0]] if turning[1] > 0.01 else []
    if spread[2] > _LONG * spread[1]:
        axes.append(directions[:, 2])
    for axis in axes:
        first, second = _basis(axis)
        flat = np.stack([(some - centre) @ first, (some - centre) @ second], -1)
        tangent = np.stack([-(facing @ second), facing @ first], -1)
        for at in (_by_normals(flat, tangent), _by_circle(flat)):
            if at is None:
                continue
            off = np.linalg.norm(flat - at, axis=1)
            radius = float(off.mean())
            if not _SMALLEST <= radius <= 1.5 * largest_radius or np.mean(np.abs(off - radius) < 3 * tolerance) < 0.5:
                continue
            outwards = float(np.mean(((flat - at) * np.stack([facing @ first, facing @ second], -1)).sum(axis=1)))
            piece = RoundPiece(
                centre + at[0] * first + at[1] * second, axis, radius, outwards < 0, 0, 0, 0, 0, 0, members
            )
            piece = _fitted(piece, some, tolerance)
            on = float(np.mean(np.abs(piece.distance(some)) < tolerance))
            if on > share:
                best, share = piece, on
    return best


def _by_normals(flat: FloatArray, tangent: FloatArray) -> FloatArray | None:
    """The point (2,) that lies on most lines through flat (M, 2) across tangent (M, 2)."""
    square = tangent.T @ tangent
    if np.linalg.cond(square) > 1e4:
        return None
    return np.asarray(np.linalg.solve(square, tangent.T @ (tangent * flat).sum(axis=1)))


def _by_circle(flat: FloatArray) -> FloatArray | None:
    """The centre (2,) of a circle through flat (M, 2). Source: Kasa, A circle fitting procedure, 1976."""
    terms = np.column_stack([2 * flat, np.ones(len(flat))])
    solved, _, rank, _ = np.linalg.lstsq(terms, (flat**2).sum(axis=1), rcond=None)
    return np.asarray(solved[:2]) if rank == 3 else None


def _followed(
    piece: RoundPiece,
    points: Float32Array,
    normals: Float32Array,
    free: BoolArray,
    spacing: float,
    noise: float,
    tolerance: float,
) -> RoundPiece | None:
    """The cylinder with all the points that continue it along its axis, fitted to them; None if they do not."""
    seed_at = points[piece.members].astype(np.float64).mean(axis=0)
    reach = max(1.0, 4 * piece.radius)  # the first guess of the axis is good for this far
    for _ in range(_ROUNDS):
        near = _within(points, free, seed_at, piece.axis, reach, piece.radius + 2 * tolerance)
        on = near[_on(piece, points[near], normals[near], 1.5 * tolerance)]
        if len(on) < _FEWEST:
            return None
        along = (points[on] - piece.centre) @ piece.axis
        start = float((seed_at - piece.centre) @ piece.axis)
        on = on[_connected(along, start, max(_GAP, 4 * spacing))]
        if len(on) < _FEWEST:
            return None
        piece = _fitted(replace(piece, members=on), points[on].astype(np.float64), tolerance)
        off = np.abs(piece.distance(points[on]))
        near_off = off[off < tolerance]
        if len(near_off) < _FEWEST or np.sqrt(np.mean(near_off**2)) > _HOPELESS * _NOISY * noise:
            return None
        reach *= 4
    off = piece.distance(points[piece.members])
    members = piece.members[np.abs(off) < tolerance]
    if len(members) < _FEWEST:
        return None
    some = points[members].astype(np.float64)
    along, _ = _radial(some, piece.centre, piece.axis)
    turned = np.abs(((some - piece.centre) * normals[members]).sum(axis=1) - along * (normals[members] @ piece.axis))
    ends, beyond = np.sort(along), _BEYOND[0] + len(along) // _BEYOND[1]
    first, second = _basis(piece.axis)
    angle = np.arctan2((some - piece.centre) @ second, (some - piece.centre) @ first)
    return replace(
        piece,
        members=members,
        low=float(ends[beyond]),
        high=float(ends[-1 - beyond]),
        coverage=_covered(angle, len(members)),
        agreement=float(np.mean(turned / np.maximum(_radial(some, piece.centre, piece.axis)[1], 1e-9))),
        residual=float(np.sqrt(np.mean(piece.distance(some) ** 2))),
    )


def _covered(angle: FloatArray, count: int) -> float:
    """Share of the circumference, in as many bins as the points allow, that is not nearly empty."""
    bins = int(np.clip(count // 12, 8, _BINS))
    filled = np.bincount(np.floor((angle / (2 * np.pi) + 0.5) * bins).astype(np.int64) % bins, minlength=bins)
    return float(np.mean(filled > 0.1 * count / bins))


@compiled
def _within(
    points: Float32Array, free: BoolArray, at: FloatArray, axis: FloatArray, reach: float, radius: float
) -> LongArray:
    """Indices of the free points no farther than `reach` along an axis from `at`, and 3 radii from it."""
    found, count = np.empty(len(points), np.int64), 0
    most = (3 * radius) ** 2
    for i in range(len(points)):
        if not free[i]:
            continue
        x, y, z = points[i, 0] - at[0], points[i, 1] - at[1], points[i, 2] - at[2]
        along = x * axis[0] + y * axis[1] + z * axis[2]
        if np.abs(along) <= reach and x * x + y * y + z * z - along * along <= most:
            found[count] = i
            count += 1
    return found[:count]


def _on(
    piece: RoundPiece, points: Float32Array, normals: Float32Array, tolerance: float, *, facing: bool = True
) -> BoolArray:
    """(N,) points on the surface, with normals that fit if `facing`; else within its ends."""
    along, across = _radial(points, piece.centre, piece.axis)
    near = np.abs(across - piece.radius) < tolerance
    if not facing:
        return np.asarray(near & (along > piece.low - tolerance) & (along < piece.high + tolerance))
    radial = points - piece.centre - along[:, None] * piece.axis
    turned = (radial * normals).sum(axis=1) / np.maximum(across, 1e-9)
    return np.asarray(near & ((-turned if piece.hollow else turned) > _AGREES))


def _connected(along: FloatArray, start: float, gap: float) -> BoolArray:
    """(M,) points that no gap separates from `start`."""
    order = np.argsort(along)
    sorted_along = along[order]
    breaks = np.flatnonzero(np.diff(sorted_along) > gap)
    at = int(np.searchsorted(sorted_along, start))
    before, after = breaks[breaks < at], breaks[breaks >= at]
    low = before[-1] + 1 if len(before) else 0
    high = after[0] + 1 if len(after) else len(along)
    found = np.zeros(len(along), bool)
    found[order[low:high]] = True
    return found


def _fitted(piece: RoundPiece, points: FloatArray, tolerance: float) -> RoundPiece:
    """The cylinder through points (M, 3) by least squares."""
    some = np.ascontiguousarray(points[:: max(1, len(points) // _FITTED)])
    centre, axis, radius = _least_squares(some, piece.centre, piece.axis, piece.radius, 3 * tolerance)
    return replace(piece, centre=centre, axis=axis, radius=float(radius))


@compiled
def _least_squares(
    points: FloatArray, centre: FloatArray, axis: FloatArray, radius: float, reach: float
) -> tuple[FloatArray, FloatArray, float]:
    """Gauss-Newton on the distances of points (M, 3), with Tukey's weights, 0 from `reach` on. 5 unknowns: the axis'
    place and direction, and the radius.
    """
    centre, axis = centre.copy(), axis / np.linalg.norm(axis)
    for _ in range(12):
        middle = 0.0
        for i in range(len(points)):
            for a in range(3):
                middle += (points[i, a] - centre[a]) * axis[a]
        centre += middle / len(points) * axis
        helper = np.zeros(3)
        helper[np.argmin(np.abs(axis))] = 1.0
        first = np.cross(axis, helper)
        first /= np.linalg.norm(first)
        second = np.cross(axis, first)
        square, right = np.zeros((5, 5)), np.zeros(5)
        term = np.empty(5)
        term[4] = -1.0
        for i in range(len(points)):
            along, u, v = 0.0, 0.0, 0.0
            for a in range(3):
                off = points[i, a] - centre[a]
                along += off * axis[a]
                u += off * first[a]
                v += off * second[a]
            across = np.sqrt(u * u + v * v)
            rest = across - radius
            if np.abs(rest) >= reach or across < 1e-9:
                continue
            weight = (1 - (rest / reach) ** 2) ** 2
            term[0], term[1] = -u / across, -v / across
            term[2], term[3] = along * term[0], along * term[1]
            for a in range(5):
                right[a] -= weight * term[a] * rest
                for b in range(5):
                    square[a, b] += weight * term[a] * term[b]
        trace = 0.0
        for a in range(5):
            trace += square[a, a]
        if trace < 1e-9:
            break
        for a in range(5):
            square[a, a] += 1e-9 * trace
        step = np.linalg.solve(square, right)
        centre += step[0] * first + step[1] * second
        axis = axis + step[2] * first + step[3] * second
        axis /= np.linalg.norm(axis)
        radius += step[4]
        if np.abs(step).max() < 1e-5:
            break
    return centre, axis, radius


def _radial(points: NDArray[np.floating], centre: FloatArray, axis: FloatArray) -> tuple[FloatArray, FloatArray]:
    """How far points (N, 3) lie along an axis from `centre`, and how far from the axis."""
    off = points - centre
    along = off @ axis
    return along, np.sqrt(np.maximum((off**2).sum(axis=1) - along**2, 0))


def _basis(axis: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Two unit vectors across an axis."""
    x, y, z = (float(v) for v in axis)
    u, v, w = (0.0, z, -y) if abs(x) <= min(abs(y), abs(z)) else (-z, 0.0, x) if abs(y) <= abs(z) else (y, -x, 0.0)
    length = (u * u + v * v + w * w) ** 0.5
    u, v, w = u / length, v / length, w / length
    return np.array([u, v, w]), np.array([y * w - z * v, z * u - x * w, x * v - y * u])
