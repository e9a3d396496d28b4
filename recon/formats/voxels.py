"""Which cubes of a grid hold a point already, for clouds that stream by.

The keys lie in sorted runs, each at least twice as long as the next: adding a block merges as many runs as a binary
counter carries, so that n points cost n log n.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BITS = 21  # of a key, for each axis
_HALF = 1 << (_BITS - 1)


class Voxels:
    def __init__(self) -> None:
        self.runs: list[NDArray[np.int64]] = []

    def __len__(self) -> int:
        return sum(map(len, self.runs))

    def fresh(self, cubes: NDArray[np.int64]) -> NDArray[np.intp]:
        """The rows of cubes (N, 3) that are the first in theirs, in order; their cubes are remembered.

        Cubes farther than a million from 0 fold onto nearer ones.
        """
        wrapped = (cubes + _HALF) & ((1 << _BITS) - 1)
        keys = (wrapped[:, 0] << 2 * _BITS) | (wrapped[:, 1] << _BITS) | wrapped[:, 2]
        keys, rows = np.unique(keys, return_index=True)
        for run in self.runs:
            at = np.minimum(np.searchsorted(run, keys), len(run) - 1)
            new = run[at] != keys
            keys, rows = keys[new], rows[new]
        if len(keys):
            while self.runs and len(self.runs[-1]) < 2 * len(keys):
                keys = np.sort(np.concatenate([self.runs.pop(), keys]), kind="stable")
            self.runs.append(keys)
        return np.sort(rows)
