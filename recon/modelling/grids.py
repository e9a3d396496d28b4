"""Grids of points (R, C, 3): columns run along s, rows along t, and ds x dt points outside. Metres.

The arrays behind the patches of objects (surfaces.py) and the sheets of halls (exhibit/space/sheets.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def parallelogram(
    origin: ArrayLike, along_s: ArrayLike, along_t: ArrayLike, s: FloatArray, t: FloatArray
) -> FloatArray:
    """Points at the shares `s` (C,) and `t` (R,), 0..1, of two edge vectors from `origin`: (R, C, 3)."""
    o, a, b = (np.asarray(v, float) for v in (origin, along_s, along_t))
    share_s, share_t = np.meshgrid(s, t)
    return np.asarray(o + share_s[..., None] * a + share_t[..., None] * b)


def cells(rows: int, columns: int) -> NDArray[np.int64]:
    """The corners (N, 4) of each cell, counter-clockwise seen from outside, as indices into the flattened grid."""
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    return np.stack([corner, corner + 1, corner + columns + 1, corner + columns], -1)


def length_along(line: FloatArray) -> FloatArray:
    """The distance of each point of a polyline (N, D) from its start, measured along it: (N,)."""
    return np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
