"""Where an object ends at most, as its outlines in photos say: the visual hull.

Source: Laurentini, The visual hull concept for silhouette-based image understanding, 1994.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from recon.geometry.visibility import Pinhole, project

Float32Array = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

_AT_ONCE = 1 << 20  # places that are projected at a time


def hull(
    outlines: Iterable[tuple[Pinhole, BoolArray]], low: Float32Array, high: Float32Array, spacing: float
) -> tuple[Float32Array, Float32Array]:
    """Points (N, 3) of the hull's surface, about `spacing` apart, and their normals (N, 3), outwards.

    outlines: views, and where each shows the object, (h, w), of any size. low and high (3,): a box around the object; a
    hull that leaves it is open there. A place is outside if two views show background there: one outline may be wrong.
    """
    axes = [np.arange(low[a], high[a] + spacing, spacing, dtype=np.float32) for a in range(3)]
    shape = tuple(map(len, axes))
    least, second = np.full((2, *shape), np.inf, np.float32).reshape(2, -1)
    places = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    for view, shown in outlines:
        height, width = shown.shape
        inside_px = _signed_distance(shown)
        scale = width / view.width
        for start in range(0, len(places), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            px, depth = project(view, places[part])
            u, v = px[:, 0] * scale, px[:, 1] * height / view.height
            seen = np.flatnonzero((depth > 0) & (u >= 0) & (u < width) & (v >= 0) & (v < height))
            inside = np.full(len(px), np.inf, np.float32)
            at = map_coordinates(inside_px, [v[seen] - 0.5, u[seen] - 0.5], order=1, mode="nearest")
            inside[seen] = at * depth[seen] / np.float32(scale * view.k[0, 0])
            second[part] = np.minimum(second[part], np.maximum(least[part], inside))
            least[part] = np.minimum(least[part], inside)
    inside = np.clip(second, -8 * spacing, 8 * spacing).reshape(shape)
    slope = np.stack([np.gradient(inside, spacing, axis=a) for a in range(3)], axis=-1).reshape(-1, 3)
    steep = np.linalg.norm(slope, axis=1)
    near = np.flatnonzero((np.abs(inside.ravel()) < spacing / 2) & (steep > 0.2))
    normals = -slope[near] / steep[near, None]
    points = places[near] + normals * (inside.ravel()[near] / steep[near])[:, None]
    return points.astype(np.float32), normals.astype(np.float32)


def _signed_distance(shown: BoolArray) -> Float32Array:
    """Pixels to the outline, (h, w); negative outside it."""
    within, without = (cv2.distanceTransform(side.astype(np.uint8), cv2.DIST_L2, 5) for side in (shown, ~shown))
    return np.asarray(within - without - np.where(shown, 0.5, -0.5), np.float32)
