"""The colours of a change map: differences that the colour-blind see too, in hue and in lightness.

Source: Okabe and Ito, Color Universal Design, 2008 (blue, vermilion, yellow, black).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from recon.change.detect import Changes
from recon.types import ByteArray, Float32Array

STEADY = (214, 214, 210)  # sRGB: no change that could be told from noise
LOSS, GAIN = (0, 90, 170), (213, 94, 0)
GONE, NEW = (20, 20, 30), (240, 228, 66)
UNSEEN = (150, 145, 150)


def span(changes: Changes) -> float:
    """The distance of full colour: the mean of the place with the largest volume, a round number."""
    moved = [(abs(region.volume), abs(region.mean)) for region in changes.regions if region.volume and region.mean]
    largest = max(moved)[1] if moved else 0.0
    largest = max(largest, 4 * changes.registration, 2 * max(changes.scales.noise), 1e-6)
    step = 10 ** np.floor(np.log10(largest))
    return float(next(f for f in (1, 2, 5, 10) if f * step >= 0.95 * largest) * step)


def of_distance(distance: NDArray[np.floating], full: float) -> ByteArray:
    """(N, 3) sRGB of signed distances: blue is loss, vermilion gain."""
    share = np.clip(np.abs(distance) / full, 0, 1)[..., None] ** 0.7  # small changes are seen, too
    side = np.where(np.asarray(distance)[..., None] < 0, LOSS, GAIN)
    return np.asarray(np.round(np.array(STEADY) * (1 - share) + side * share), np.uint8)


def of_first(changes: Changes, points: Float32Array, full: float) -> ByteArray:
    """(N, 3) sRGB of points of the first survey, by the nearest core point."""
    cores = changes.first
    colour = np.tile(np.array(STEADY, np.uint8), (len(cores.points), 1))
    colour[cores.unseen] = UNSEEN
    kinds = np.array([region.kind for region in changes.regions] + ["none"])[cores.region]
    moved = np.isin(kinds, ("gain", "loss"))
    colour[moved] = of_distance(cores.found.distance[moved], full)
    colour[kinds == "gone"] = GONE
    _, nearest = cKDTree(cores.points).query(points, workers=-1)
    return np.asarray(colour[nearest])


def new_of_second(changes: Changes, points: Float32Array) -> NDArray[np.bool_]:
    """(N,) which points of the second survey belong to what is new."""
    cores = changes.second
    if not (cores.region >= 0).any():
        return np.zeros(len(points), bool)
    _, nearest = cKDTree(cores.points).query(points, workers=-1)
    return np.asarray(cores.region[nearest] >= 0)
