"""Packing the rectangles of charts into a texture."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


def on_shelves(sizes: NDArray[np.integer], width: int, order: Iterable[int]) -> tuple[NDArray[np.int64], int]:
    """The top left corner (N, 2) of each rectangle of `sizes` (N, 2: width, height), and the height of the whole.

    Rows of rectangles, filled from the left in `order`, which should begin with the tallest. Raises ValueError for a
    rectangle that is wider than `width`.
    """
    placed = np.empty((len(sizes), 2), np.int64)
    x = y = shelf = 0
    for i in order:
        w, h = int(sizes[i][0]), int(sizes[i][1])
        if w > width:
            raise ValueError(f"a chart of {w} px does not fit a texture of {width} px")
        if x + w > width:
            x, y, shelf = 0, y + shelf, 0
        placed[i] = x, y
        x, shelf = x + w, max(shelf, h)
    return placed, y + shelf
