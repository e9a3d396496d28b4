"""What colours a cloud has: its own, or the strength of the laser's echo as grey, or none."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

_BINS = 256  # of intensity, 0..1
_CLIPPED = (
    0.01  # share of the points that may be black, and white: echoes are seldom spread over all that a file allows
)
PLAIN = 200  # grey of a point of which nothing is known


class Shades:
    """Counts points by what is known of their colour, block by block; then turns intensity into grey."""

    def __init__(self, counts: NDArray[np.int64] | None = None):
        """counts (258,): of points with colours, of points of which nothing is known, and by intensity."""
        self.counts = np.zeros(2 + _BINS, np.int64) if counts is None else counts

    def add(self, count: int, colors: NDArray[np.uint8] | None, intensity: NDArray[np.float32] | None) -> None:
        """A block of `count` points, colors (N, 3), intensity (N,) 0..1."""
        if colors is not None:
            self.counts[0] += count
        elif intensity is None:
            self.counts[1] += count
        else:
            level = np.clip(np.nan_to_num(intensity), 0, 1) * (_BINS - 1)
            self.counts[2:] += np.bincount(np.round(level).astype(np.int64), minlength=_BINS)

    def merge(self, other: Shades) -> None:
        self.counts += other.counts

    @property
    def colored_by(self) -> Literal["color", "intensity", "none"]:
        """What most points have."""
        kinds: tuple[Literal["color", "intensity", "none"], ...] = ("color", "intensity", "none")
        colored, plain, by_intensity = self.counts[0], self.counts[1], self.counts[2:].sum()
        return kinds[int(np.argmax([colored, by_intensity, plain]))]

    def grey(self, intensity: NDArray[np.float32]) -> NDArray[np.uint8]:
        """(N,) 0..255 of intensity (N,): black and white are where nearly all counted points lie between."""
        below = np.cumsum(self.counts[2:]) / max(int(self.counts[2:].sum()), 1)
        low, high = (int(np.searchsorted(below, share)) for share in (_CLIPPED, 1 - _CLIPPED))
        level = np.clip(np.nan_to_num(intensity), 0, 1) * (_BINS - 1)
        return np.round(255 * np.clip((level - low) / max(high - low, 1), 0, 1)).astype(np.uint8)
