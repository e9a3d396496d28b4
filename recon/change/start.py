"""Where the alignment of two surveys may begin: as their frames are, and as features of their shapes say."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from recon.geometry.registration import Cloud, fits

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]


def starts(first: Float32Array, second: Float32Array) -> Iterator[FloatArray]:
    """first_from_second (4, 4), one after the other, until the caller is content."""
    yield np.eye(4)
    clouds = [Cloud.of(points.astype(np.float64)) for points in (second, first)]
    for fit in fits(*clouds):
        yield fit.target_from_source
