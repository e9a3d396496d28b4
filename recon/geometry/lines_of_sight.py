"""What lies along lines through a cloud: whether somebody looked through a place, and saw what is behind it."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from recon.geometry.cell_list import Arrays, CellList
from recon.geometry.compiled import compiled_parallel
from recon.geometry.m3c2 import points_along

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def first_along(
    places: Float32Array, directions: Float32Array, cloud: CellList, *, near: float, far: FloatArray, radius: float
) -> FloatArray:
    """(M,) distance from each place (M, 3) to the first point along the unit direction (M, 3), from `near` to far (M,).

    A point counts within `radius` of the line. Infinite where there is none.
    """
    return np.asarray(_first(places, directions, cloud.arrays(), near, far, radius))


def looked_through(
    places: Float32Array, station: FloatArray, cloud: CellList, *, near: float, far: float, radius: float
) -> BoolArray:
    """(M,) whether a scanner or camera at station (3,), which measured the cloud, looked through each place (M, 3).

    It did if nothing of the cloud lies between them, and something lies behind the place. What is nearer to the place
    than `near` does not count.
    """
    ray = places - station
    length = np.linalg.norm(ray, axis=1)
    forward = (ray / np.maximum(length, 1e-9)[:, None]).astype(np.float32)
    behind = first_along(places, forward, cloud, near=near, far=np.full(len(places), far), radius=2 * radius)
    seen = np.isfinite(behind) & (length > near)
    before = first_along(places[seen], -forward[seen], cloud, near=near, far=length[seen], radius=radius)
    seen[seen] = np.isinf(before)
    return np.asarray(seen)


@compiled_parallel
def _first(
    places: Float32Array, directions: Float32Array, cloud: Arrays, near: float, far: FloatArray, radius: float
) -> FloatArray:
    found = np.full(len(places), np.inf)
    for i in numba.prange(len(places)):
        half = (far[i] - near) / 2
        if half > 0:
            middle = places[i] + directions[i] * np.float32(near + half)
            room, count = points_along(middle, directions[i], cloud, radius, half, np.empty(64, np.float64))
            for k in range(count):
                found[i] = min(found[i], near + half + room[k])
    return found
