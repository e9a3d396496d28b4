"""Directions for ray casting, spread about an axis by the golden angle."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

GOLDEN_ANGLE = 2.399963229  # radians
Array = NDArray[Any]


def frames(axis: Array) -> tuple[Array, Array]:
    """Two unit vectors perpendicular to each unit vector of `axis` (N, 3).

    Source: Duff et al., Building an orthonormal basis, revisited, JCGT 2017, listing 3.
    """
    sign = np.where(axis[:, 2] >= 0, 1.0, -1.0).astype(axis.dtype)
    a = -1.0 / (sign + axis[:, 2])
    b = axis[:, 0] * axis[:, 1] * a
    first = np.stack([1 + sign * axis[:, 0] ** 2 * a, sign * b, -sign * axis[:, 0]], -1)
    second = np.stack([b, sign + axis[:, 1] ** 2 * a, -axis[:, 1]], -1)
    return first, second


def about(axis: Array, radius: Array, angle: Array) -> Array:
    """Unit directions (N, count, 3): points of the unit disc across each axis (N, 3), lifted to the sphere.

    `radius` and `angle` are (N, count), or shapes that broadcast to it. A radius sqrt(u) of uniform u gives directions
    that are distributed as the cosine to the axis.
    """
    first, second = frames(axis)
    x, y, z = radius * np.cos(angle), radius * np.sin(angle), np.sqrt(np.maximum(0, 1 - radius**2))
    x, y, z = np.broadcast_arrays(x, y, z)
    return np.asarray(x[..., None] * first[:, None] + y[..., None] * second[:, None] + z[..., None] * axis[:, None])
