"""A box of space that a model is limited to: other programs' reconstruction region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Region:
    low: tuple[float, float, float]  # corners, world
    high: tuple[float, float, float]

    @staticmethod
    def of(text: str) -> Region:
        """From two opposite corners, "x y z, x y z". Raises ValueError where they do not span a box."""
        first, second = (tuple(float(part) for part in corner.split()) for corner in text.split(","))
        if len(first) != 3 or len(second) != 3:
            raise ValueError(text)
        ends = np.sort([first, second], axis=0)
        if not (np.isfinite(ends).all() and (ends[1] > ends[0]).all()):
            raise ValueError(text)
        low, high = ends.tolist()
        return Region(tuple(low), tuple(high))

    def __str__(self) -> str:
        return ", ".join(" ".join(f"{value:.6g}" for value in corner) for corner in (self.low, self.high))

    def holds(self, points: NDArray[np.floating]) -> NDArray[np.bool_]:
        """(N,) for points (N, 3)."""
        return np.asarray(((points >= self.low) & (points <= self.high)).all(axis=1))
