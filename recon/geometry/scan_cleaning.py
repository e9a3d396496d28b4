"""One box of a world of scans: thinned, freed from what does not belong to the place, with normals and noise.

The box comes with a margin of its neighbours' points, so that places at its border are judged as those inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from recon.geometry import local_planes, panorama, scan_voxels
from recon.geometry.compiled import compiled_parallel

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]

_NEAREST = 6  # neighbours whose mean distance says how lonely a point is
_LEAST_THICKNESS = 1e-4  # metres; no plane's residual is taken to be less


@dataclass(frozen=True, slots=True)
class Station:
    """What one scan knows of itself."""

    scan_from_world: FloatArray  # (4, 4), to the frame whose origin is the scanner, +Z up as panoramas have it
    spacing: float  # radians between its rays; metres between its points where nobody knows the scanner's place
    noise: float  # metres, across its surfaces
    sphere: panorama.Sphere | None = None
    nearest: Float32Array | None = None  # recon.geometry.panorama.add_ranges; None where the scanner's place is unknown

    @property
    def centre(self) -> FloatArray:
        """Where the scanner stood, world (3,)."""
        return -self.scan_from_world[:3, :3].T @ self.scan_from_world[:3, 3]


@dataclass(frozen=True, slots=True)
class Limits:
    """What is dropped."""

    cell: float  # metres between the points that are kept
    neighbours: int  # of a point's plane
    moved: bool
    moved_margin: float  # metres that a scanner must have seen beyond a place, to know that it was empty
    thinnest: float  # metres; where a scanner's rays are farther apart, it is not asked what moved
    stray: bool
    stray_times: float  # residuals of the planes around a point
    lonely: bool
    lonely_times: float  # spacings between a point and its neighbours


@dataclass(frozen=True, slots=True)
class Cleaned:
    chosen: NDArray[np.int64]  # (M,) indices of the points that are kept
    normals: Float32Array  # (M, 3)
    sigma: Float32Array  # (M,) metres
    num_scans: NDArray[np.uint8]  # (M,)
    dropped: dict[str, int]  # points by reason: "moved", "stray", "lonely"


def clean(
    points: Float32Array,
    scan: NDArray[np.uint16],
    range_m: Float32Array,
    home: BoolArray,
    stations: Sequence[Station],
    limits: Limits,
    middle: FloatArray,
) -> Cleaned:
    """points (N, 3) world, scan (N,) that measured each, range_m (N,) from its scanner, infinite where that is unknown;
    home (N,): the point belongs to this box, not to its margin. Only such points are kept and counted.

    Normals point to the scanner; where it is unknown, up and away from `middle` (3,).
    """
    chosen, bits, held = scan_voxels.best_points(points, scan, range_m, limits.cell)
    count = len(chosen)
    if count <= 3:
        return _nothing(int(held[home[chosen]].sum()))
    places, scan, range_m, home = points[chosen], scan[chosen], range_m[chosen], home[chosen]
    index, distance = local_planes.neighbours(places, min(limits.neighbours, count - 1))
    seen_by = scan_voxels.num_scans(index, distance, bits, 2 * limits.cell)
    none = np.zeros(count, bool)
    lonely = _lonely(distance, scan, range_m, stations, limits) if limits.lonely else none
    moved = _moved(places, scan, seen_by, index, stations, limits) & ~lonely if limits.moved else none
    normals, sigma, centres = local_planes.planes(places, index, lonely | moved)
    stray = none
    if limits.stray:
        floor = 3 * float(np.median([station.noise for station in stations]))
        sigma = np.maximum(sigma, np.float32(_LEAST_THICKNESS))
        stray = local_planes.strays(places, index, normals, sigma, centres, limits.stray_times, floor)
        stray &= ~(lonely | moved)
        normals, sigma, _ = local_planes.planes(places, index, lonely | moved | stray)
    kept = home & ~(lonely | moved | stray)
    return Cleaned(
        chosen[kept],
        _oriented(normals[kept], places[kept], scan[kept], stations, middle),
        np.maximum(sigma[kept], np.float32(_LEAST_THICKNESS)),
        seen_by[kept],
        {
            name: int(held[flagged & home].sum())
            for name, flagged in (("moved", moved), ("stray", stray), ("lonely", lonely))
        },
    )


def _nothing(lost: int) -> Cleaned:
    """Of a box with too few points for a plane."""
    empty = np.zeros((0, 3), np.float32)
    dropped = {"moved": 0, "stray": 0, "lonely": lost}
    return Cleaned(np.zeros(0, np.int64), empty, empty[:, 0], np.zeros(0, np.uint8), dropped)


def _lonely(
    distance: Float32Array, scan: NDArray[np.uint16], range_m: Float32Array, stations: Sequence[Station], limits: Limits
) -> BoolArray:
    """(N,) points whose neighbours are much farther away than their scanner's rays were apart there."""
    spacing = np.array([station.spacing for station in stations], np.float32)[scan]
    known = np.isfinite(range_m)
    spacing[known] *= range_m[known]
    apart = distance[:, :_NEAREST].mean(axis=1)
    return np.asarray(apart > limits.lonely_times * np.maximum(spacing, limits.cell))


def _moved(
    points: Float32Array,
    scan: NDArray[np.uint16],
    seen_by: NDArray[np.uint8],
    index: IntArray,
    stations: Sequence[Station],
    limits: Limits,
) -> BoolArray:
    """(N,) points at places that more of the other scanners looked through than measured; most neighbours agree."""
    against = np.zeros(len(points), np.int32)
    low, high = points.min(axis=0), points.max(axis=0)
    for number, station in enumerate(stations):
        if station.sphere is None or station.nearest is None:
            continue
        farthest = limits.thinnest / station.spacing
        gap = np.maximum(np.maximum(low - station.centre, station.centre - high), 0)
        if np.linalg.norm(gap) > farthest:
            continue
        against += panorama.looked_through(
            points,
            scan != number,
            station.scan_from_world,
            station.sphere.width,
            station.sphere.start,
            station.nearest,
            limits.moved_margin,
            farthest,
        )
    return _agreed(against > seen_by.astype(np.int32) - 1, index)


@compiled_parallel
def _agreed(flagged: BoolArray, index: IntArray) -> BoolArray:
    """(N,) a flag that half the neighbours have too; and points without it that three quarters of them have."""
    n, k = index.shape
    found = np.zeros(n, np.bool_)
    for i in numba.prange(n):
        share = 0
        for j in range(k):
            share += flagged[index[i, j]]
        found[i] = 2 * share >= k if flagged[i] else 4 * share >= 3 * k
    return found


def _oriented(
    normals: Float32Array,
    points: Float32Array,
    scan: NDArray[np.uint16],
    stations: Sequence[Station],
    middle: FloatArray,
) -> Float32Array:
    centres = np.array([station.centre for station in stations])
    known = np.array([station.nearest is not None for station in stations])[scan]
    towards = (centres[scan] - points).astype(np.float32)
    outwards = (points[~known] - middle).astype(np.float32)
    outwards[:, 1] = 0
    outwards /= np.maximum(np.linalg.norm(outwards, axis=1, keepdims=True), 1e-6)
    outwards[:, 1] = 2  # up counts more: a roof's normals point up wherever it leans
    towards[~known] = outwards
    away = np.einsum("ni,ni->n", normals, towards) < 0
    normals[away] *= -1
    return normals
