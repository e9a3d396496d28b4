"""Which distances between two surveys are changes: level of detection, false discoveries, connected regions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from scipy.stats import norm, t

from recon.geometry.compiled import compiled
from recon.geometry.m3c2 import Distances

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]

LEVEL = 0.05  # of wrong claims that is put up with
_SAMPLED_ALIKE = 0.1  # share of the relief within a cylinder by which two samplings of it may differ
_NEIGHBOURS = 16


def sampling_error(found: Distances, noise: tuple[float, float]) -> FloatArray:
    """(M,) standard error of each distance from its points alone.

    noise: of either cloud's points. A spread well above it is the relief within the cylinder, of which two scanners
    need not sample the same parts.
    """
    count = np.maximum(found.count, 1)
    relief = np.clip(found.spread**2 - 4 * np.asarray(noise) ** 2, 0, None)
    return np.asarray(np.sqrt((found.spread**2 / count + _SAMPLED_ALIKE**2 * relief).sum(axis=1)))


def registration_error(distance: FloatArray, error: FloatArray, among: BoolArray) -> float:
    """What the sampling errors leave unexplained of the distances where nothing changed, as a standard deviation.

    It holds the misalignment of the surveys and what warps either of them. among (M,): where to look; more than half of
    it must not have changed. Source: Efron, Large-scale simultaneous hypothesis testing, 2004 (the empirical null).
    """
    size, own = np.abs(distance[among]), error[among]
    if len(size) < 20:
        return float("nan")
    low, high = 0.0, float(np.median(size)) * 2 + 1e-12
    for _ in range(40):
        middle = (low + high) / 2
        if np.median(size / np.hypot(own, middle)) > norm.ppf(0.75):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def detection(found: Distances, error: FloatArray, registration: float) -> tuple[FloatArray, FloatArray]:
    """(M,) level of detection at 95 %, and the probability that noise alone makes as large a distance.

    Source: Lague and others 2013, equation 1, with Student's t for few points (Welch's degrees of freedom).
    """
    variance = found.spread**2 / np.maximum(found.count, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        free = variance.sum(axis=1) ** 2 / (variance**2 / np.maximum(found.count - 1, 1)).sum(axis=1)
        free = np.where(np.isfinite(free), np.maximum(free, 1), 1e6)
        limit = t.ppf(1 - LEVEL / 2, free) * (error + registration)
        chance = 2 * t.sf(np.abs(found.distance) / np.maximum(np.hypot(error, registration), 1e-15), free)
    return np.asarray(limit), np.where(found.measured, chance, 1.0)


def discoveries(chance: FloatArray) -> tuple[BoolArray, BoolArray]:
    """(M,) which tests reject, so that at most a share LEVEL of them is wrong; and which of those are beyond doubt.

    With a chance of 1 - LEVEL none that is beyond doubt is wrong.

    Sources: Benjamini and Hochberg 1995; Bonferroni.
    """
    order = np.sort(chance)
    passed = np.flatnonzero(order <= LEVEL * np.arange(1, len(order) + 1) / max(len(order), 1))
    limit = order[passed[-1]] if len(passed) else -1.0
    return chance <= limit, chance <= LEVEL / max(len(chance), 1)


def regions(places: Float32Array, among: BoolArray, link: float) -> IntArray:
    """(M,) number of the connected region that each place (M, 3) belongs to; -1 for those that are not `among`.

    Places nearer than `link` are connected.
    """
    number = np.full(len(places), -1, np.int32)
    chosen = np.flatnonzero(among)
    if len(chosen):
        pairs = cKDTree(places[chosen]).query_pairs(link, output_type="ndarray")
        graph = coo_matrix((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(len(chosen),) * 2)
        number[chosen] = connected_components(graph, directed=False)[1]
    return number


def areas(cores: Float32Array, normals: Float32Array, spacing: float) -> FloatArray:
    """(M,) area of surface that each core point stands for: its Voronoi cell in its tangent plane.

    The cell ends at 1.2 times the spacing where there is no neighbour.
    """
    if len(cores) < 2:
        return np.full(len(cores), spacing**2)
    _, index = cKDTree(cores).query(cores, min(_NEIGHBOURS, len(cores)), workers=-1)
    return np.asarray(_voronoi(cores, normals, np.asarray(index, np.int64), 1.2 * spacing))


@compiled
def _voronoi(cores: Float32Array, normals: Float32Array, near: NDArray[np.int64], limit: float) -> FloatArray:
    area = np.zeros(len(cores))
    polygon, clipped = np.empty((64, 2)), np.empty((64, 2))
    for i in range(len(cores)):
        n = normals[i]
        k = 0
        for axis in range(1, 3):
            if abs(n[axis]) < abs(n[k]):
                k = axis
        u = np.zeros(3)
        u[k] = 1.0
        u -= n * n[k]
        u /= np.sqrt((u**2).sum())
        v = np.array([n[1] * u[2] - n[2] * u[1], n[2] * u[0] - n[0] * u[2], n[0] * u[1] - n[1] * u[0]])
        size = 16
        for corner in range(size):
            angle = 2 * np.pi * corner / size
            polygon[corner, 0], polygon[corner, 1] = limit * np.cos(angle), limit * np.sin(angle)
        for j in near[i]:
            if j == i:
                continue
            dx, dy, dz = cores[j, 0] - cores[i, 0], cores[j, 1] - cores[i, 1], cores[j, 2] - cores[i, 2]
            a, b = dx * u[0] + dy * u[1] + dz * u[2], dx * v[0] + dy * v[1] + dz * v[2]
            half = (a * a + b * b) / 2
            if half < 1e-20:
                continue
            kept = 0
            for corner in range(size):
                following = (corner + 1) % size
                here = polygon[corner, 0] * a + polygon[corner, 1] * b - half
                there = polygon[following, 0] * a + polygon[following, 1] * b - half
                if here <= 0:
                    clipped[kept] = polygon[corner]
                    kept += 1
                if (here < 0 < there) or (there < 0 < here):
                    share = here / (here - there)
                    clipped[kept] = polygon[corner] + share * (polygon[following] - polygon[corner])
                    kept += 1
            size = kept
            polygon[:size] = clipped[:size]
        for corner in range(size):
            following = (corner + 1) % size
            area[i] += polygon[corner, 0] * polygon[following, 1] - polygon[following, 0] * polygon[corner, 1]
        area[i] /= 2
    return area
