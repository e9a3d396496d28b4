"""Where a scanner stood, told by the points that it measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FEWEST_POINTS = 5_000
BINS_DEG = (0.01, 0.002)  # for coarse and for fine scanners
LARGEST_STEP_DEG = 4.0  # between two rays
REGULAR = 0.65  # correlation of the angles with themselves, a step on; half a metre beside the scanner, 0.5 at most


def measured_from_origin(points: NDArray[np.floating]) -> bool:
    """Whether a scanner at the frame's origin, turning about +Z, measured these points (N, 3) or every n-th of them.

    Its rays leave at regular steps of elevation and azimuth. Seen from any other place, the steps are blurred.
    """
    some = points[np.isfinite(points).all(axis=1)].astype(np.float64)
    some = some[np.linalg.norm(some, axis=1) > 0]
    if len(some) < FEWEST_POINTS:
        return False
    elevation = np.degrees(np.arctan2(some[:, 2], np.hypot(some[:, 0], some[:, 1])))
    azimuth = np.degrees(np.arctan2(some[:, 1], some[:, 0]))
    return any(_regularity(angles, width) > REGULAR for angles in (elevation, azimuth) for width in BINS_DEG)


def _regularity(angles_deg: NDArray[np.float64], width_deg: float) -> float:
    """The highest autocorrelation of the angles' histogram beyond its first fall, 1 for a perfect comb."""
    count = round(360 / width_deg)
    histogram = np.bincount(np.minimum(((angles_deg / 360 + 0.5) * count).astype(np.int64), count - 1), minlength=count)
    around = round(1 / width_deg)  # bins in a degree: slow changes of density say nothing
    total = np.cumsum(np.pad(histogram.astype(np.float64), (around // 2 + 1, around - around // 2 - 1), mode="edge"))
    flat = histogram[: len(total) - around] - (total[around:] - total[:-around]) / around
    spectrum = np.fft.rfft(flat, 2 * count)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)[: round(LARGEST_STEP_DEG / width_deg)]
    if correlation[0] <= 0:
        return 0.0
    correlation /= correlation[0]
    first_fall = int(np.argmax(correlation < 0.2))
    return float(correlation[first_fall:].max()) if first_fall else 0.0
