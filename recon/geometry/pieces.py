"""Which pieces of a cloud or surface the photographers looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recon.geometry.visibility import Pinhole, project

_CELLS = 48  # along the longer side of a picture, in which pieces are told apart
_MOST_PLACES = 200_000  # that are looked for in each picture


def looked_at(
    places: NDArray[np.float32], piece: NDArray[np.integer], views: Sequence[Pinhole], share: float
) -> NDArray[np.bool_]:
    """(P,) whether at least half of the views look at a piece: nothing of another piece hides it in `share` of the
    picture, and its middle lies in the inner half of the width and height.

    places (N, 3): points close to one another, all over the pieces; piece (N,) the number of the piece of each.
    """
    num_pieces = int(piece.max(initial=-1)) + 1
    step = max(1, len(places) // _MOST_PLACES)
    places, piece = places[::step], piece[::step]
    num_views = np.zeros(num_pieces, np.int32)
    for view in views:
        px, depth = project(view, places)
        size = np.array([view.width, view.height])
        inside = np.flatnonzero((depth > 0) & (px > 0).all(axis=1) & (px < size).all(axis=1))
        inside = inside[np.argsort(depth[inside], kind="stable")]
        cell = (px[inside] * (_CELLS / size.max())).astype(np.int64)
        taken, nearest = np.unique(cell @ (1, _CELLS), return_index=True)
        shown = piece[inside[nearest]]
        count = np.bincount(shown, minlength=num_pieces)
        middle = [np.bincount(shown, part + 0.5, num_pieces) for part in (taken % _CELLS, taken // _CELLS)]
        off_middle = np.stack(middle, axis=1) / np.maximum(count, 1)[:, None] / (_CELLS * size / size.max()) - 0.5
        large = count >= share * _CELLS**2 * size.min() / size.max()
        num_views += large & (count > 0) & (np.abs(off_middle) < 0.25).all(axis=1)
    return np.asarray(2 * num_views >= max(1, len(views)))
