"""Repeating pictures of Minnan building materials, painted in code: sRGB uint8 arrays that tile without a seam."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recon.formats.srgb import decoded

Float32Array = NDArray[np.float32]
ByteArray = NDArray[np.uint8]


def rgb(code: str) -> Float32Array:
    """sRGB "#rrggbb" as 0..1."""
    return np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)


def linear(value: NDArray[np.floating]) -> Float32Array:
    """Linear light of sRGB 0..1."""
    return decoded(value).astype(np.float32)


def cloud(
    shape: tuple[int, int], cell: float | tuple[float, float], rng: np.random.Generator, slope: float = 1.0
) -> Float32Array:
    """Noise that tiles, mean 0, deviation 1: white noise shaped in frequency. `cell` is the coarsest feature in px
    (x, y).
    """
    cx, cy = cell if isinstance(cell, tuple) else (cell, cell)
    h, w = shape
    fy, fx = np.fft.fftfreq(h)[:, None] * cy, np.fft.rfftfreq(w)[None] * cx
    f = np.hypot(fx, fy)
    weight = np.where(f > 0, 1 / (1 + f**2) ** ((1 + slope) / 2), 0)
    out = np.fft.irfft2(np.fft.rfft2(rng.standard_normal(shape)) * weight, shape)
    return np.asarray(out / out.std(), np.float32)


def finished(color: NDArray[np.floating], height: NDArray[np.floating], depth: float) -> ByteArray:
    """Bytes, with light from above upon the relief `height`."""
    slope = np.roll(height, 1, 0) - np.roll(height, -1, 0)
    sideways = np.roll(height, 1, 1) - np.roll(height, -1, 1)
    lit = color * np.exp(np.clip(-(slope + 0.35 * sideways) * depth, -0.5, 0.4))[..., None]
    return np.asarray(np.clip(np.round(lit * 255), 0, 255), np.uint8)
