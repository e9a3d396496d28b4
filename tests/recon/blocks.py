"""A cloud in memory that is handed out in blocks, as one on disk is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recon.types import Points


@dataclass(frozen=True)
class InBlocks:
    whole: Points
    at_once: int

    @classmethod
    def of(
        cls,
        points: NDArray[np.float32],
        *,
        normals: NDArray[np.float32] | None = None,
        num_views: NDArray[np.uint8] | None = None,
        sigma: NDArray[np.float32] | None = None,
        at_once: int = 1,
    ) -> InBlocks:
        """Points (N, 3); what is not said of them is all alike."""
        count = len(points)
        normals = np.tile(np.array([0, 0, 1], np.float32), (count, 1)) if normals is None else normals
        num_views = np.full(count, 3, np.uint8) if num_views is None else num_views
        sigma = np.full(count, 0.1, np.float32) if sigma is None else sigma
        colors, num_scans = np.zeros((count, 3), np.uint8), np.zeros(count, np.uint8)
        return cls(Points(points, normals, colors, num_views, sigma, num_scans), at_once)

    def __len__(self) -> int:
        return len(self.whole)

    def blocks(self) -> Iterator[Points]:
        for start in range(0, len(self), self.at_once):
            yield self.whole.only(slice(start, start + self.at_once))

    def sample(self, most: int) -> Points:
        return self.whole.only(slice(None, None, max(1, -(-len(self) // most))))
