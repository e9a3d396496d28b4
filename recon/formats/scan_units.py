"""What the numbers of a scan file can mean: metres or not, the range of colours and of intensity."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from recon.formats.scan_file import COLOR_TOPS, FloatArray, top_of

# Larger scans than these are no metres, unless the file says so.
_WIDE = 2_000.0  # near 0: no scanner on the ground sees farther
_WIDE_SURVEY = 50_000.0  # in the coordinates of a country: flights
_LOCAL = 100_000.0  # nearer to 0 than this, coordinates are no country's
_EARTH = 2e7  # metres; farther from 0, no country's coordinates go

_STRAYS = 0.01  # share of points, at either end of an axis, that may lie anywhere
_SAMPLE = 10_000
_INTENSITY_TOPS = (1.0, 255.0, 4095.0, 65535.0)  # what programs take for full intensity


def core(points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The box of points (N, 3), strays left aside: lowest and highest corner."""
    some = points[:: max(1, len(points) // _SAMPLE)]
    low, high = np.quantile(some, [_STRAYS, 1 - _STRAYS], axis=0)
    return low, high


def is_doubtful(low: FloatArray, high: FloatArray) -> bool:
    """Whether a box of coordinates (3,) can hardly be metres: wider than what is scanned, or beyond the Earth."""
    if float(np.abs([low, high]).max()) > _EARTH:
        return True
    far = float(np.abs((low + high) / 2).max())
    return float((high - low).max()) > (_WIDE_SURVEY if far > _LOCAL else _WIDE)


def size_in_doubt(low: FloatArray, high: FloatArray) -> str:
    """The number that `is_doubtful` finds too large, for people."""
    far = float(np.abs([low, high]).max())
    return f"{far if far > _EARTH else float((high - low).max()):,.0f}"


def _most(values: NDArray[Any]) -> float:
    return float(np.nanmax(values, initial=0)) if values.size else 0.0


def color_top(colors: NDArray[Any]) -> float:
    """What stands for 255 among colours of unknown range; whole numbers never count to 1."""
    return top_of(_most(colors), COLOR_TOPS if colors.dtype.kind == "f" else COLOR_TOPS[1:])


def intensity_range(values: NDArray[Any]) -> tuple[float, float]:
    """What stands for 0 and 1 among intensities of unknown range: Leica's count from -2048 to 2047."""
    finite = values[np.isfinite(values)]
    if finite.size and finite.min() < 0:
        low, high = float(finite.min()), float(finite.max())
        return (-2048.0, 2047.0) if low >= -2048 and high <= 2047 else (low, high)
    return (0.0, top_of(_most(finite), _INTENSITY_TOPS if finite.dtype.kind == "f" else _INTENSITY_TOPS[1:]))


def as_bytes(colors: NDArray[Any], top: float) -> NDArray[np.uint8]:
    if colors.dtype == np.uint8 and top == 255:
        return np.ascontiguousarray(colors)
    shares = np.nan_to_num(colors.astype(np.float64)) * (255 / top)
    return np.clip(np.round(shares), 0, 255).astype(np.uint8)


def as_share(values: NDArray[Any], low: float, high: float) -> NDArray[np.float32]:
    """0..1; what lies beyond the range is cut, what is no number is 0."""
    share = (values.astype(np.float64) - low) / ((high - low) or 1.0)
    return np.clip(np.nan_to_num(share, nan=0, posinf=1, neginf=0), 0, 1).astype(np.float32)
