"""The sRGB transfer function (IEC 61966-2-1), both ways."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def decoded(coded: NDArray[Any]) -> NDArray[Any]:
    """Linear light of sRGB 0..1, of any shape."""
    return np.asarray(np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4))


_OF_BYTE = decoded(np.arange(256) / 255).astype(np.float32)


def decoded_bytes(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Linear light 0..1 of sRGB 0..255, of any shape, by a table."""
    return np.asarray(_OF_BYTE[pixels])


def encoded(linear: NDArray[Any]) -> NDArray[Any]:
    """sRGB of linear light, of any shape; above 1 the curve is continued."""
    curved = 1.055 * np.maximum(linear, 1e-8) ** (1 / 2.4) - 0.055
    return np.asarray(np.where(linear <= 0.0031308, linear * 12.92, curved))
