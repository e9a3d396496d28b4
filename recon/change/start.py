"""Where the alignment of two surveys may begin: as their frames are, and as features of their shapes say."""

from __future__ import annotations

from collections.abc import Iterator

import kiss_matcher
import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]

_VOXELS = (1 / 60, 1 / 100, 1 / 35)  # of the extent


def starts(first: Float32Array, second: Float32Array, extent: float) -> Iterator[FloatArray]:
    """first_from_second (4, 4), one after the other, until the caller is content."""
    yield np.eye(4)
    for share in _VOXELS:
        matcher = kiss_matcher.KISSMatcher(kiss_matcher.KISSMatcherConfig(extent * share))
        found = matcher.estimate(np.ascontiguousarray(second), np.ascontiguousarray(first))
        pose = np.eye(4)
        pose[:3, :3], pose[:3, 3] = found.rotation, np.ravel(found.translation)
        yield pose
