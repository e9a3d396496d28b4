"""CIE L*a*b* of the illuminant D50 and the 2 degree observer, to and from linear sRGB, and the colour difference
CIEDE2000.

Sources: CIE 15:2018; IEC 61966-2-1; Lindbloom, Chromatic adaptation (the matrix by Bradford); CIE 142-2001; Sharma, Wu
and Dalal, The CIEDE2000 color-difference formula, 2005.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_WHITE = np.array([0.96422, 1.0, 0.82521])  # D50
_XYZ_FROM_SRGB = np.array(  # D65, adapted to D50
    [
        [0.4360747, 0.3850649, 0.1430804],
        [0.2225045, 0.7168786, 0.0606169],
        [0.0139322, 0.0971045, 0.7141733],
    ]
)
_EDGE = 6 / 29  # below its cube the curve is a line


def lab_of_linear(linear: NDArray[np.floating]) -> FloatArray:
    """L*a*b* (..., 3) of linear sRGB (..., 3), 1 for the white; values outside of 0..1 are continued."""
    share = linear @ _XYZ_FROM_SRGB.T / _WHITE
    root = np.where(share > _EDGE**3, np.cbrt(share), share / (3 * _EDGE**2) + 4 / 29)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def linear_of_lab(lab: NDArray[np.floating]) -> FloatArray:
    """Linear sRGB (..., 3) of L*a*b* (..., 3); outside of 0..1 for what sRGB cannot show."""
    lightness, a, b = np.moveaxis(np.asarray(lab, np.float64), -1, 0)
    y = (lightness + 16) / 116
    root = np.stack([y + a / 500, y, y - b / 200], axis=-1)
    share = np.where(root > _EDGE, root**3, 3 * _EDGE**2 * (root - 4 / 29))
    return np.asarray(share * _WHITE @ np.linalg.inv(_XYZ_FROM_SRGB).T)


def delta_e_2000(one: NDArray[np.floating], other: NDArray[np.floating]) -> FloatArray:
    """The difference (...) of L*a*b* (..., 3), for eyes; 1 is about the least that is seen side by side."""
    (l1, a1, b1), (l2, a2, b2) = np.moveaxis(one, -1, 0), np.moveaxis(other, -1, 0)
    chroma7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(chroma7 / (chroma7 + 25.0**7))
    a1, a2 = stretch * a1, stretch * a2
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    grey = c1 * c2 == 0
    turn = np.where(grey, 0, (h2 - h1 + 180) % 360 - 180)
    turn = np.where(~grey & (h2 - h1 == 180), 180, turn)
    step_l, step_c, step_h = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    mean_h = np.where(np.abs(h1 - h2) <= 180, h1 + h2, np.where(h1 + h2 < 360, h1 + h2 + 360, h1 + h2 - 360)) / 2
    mean_h = np.where(grey, h1 + h2, mean_h)
    t = 1 - 0.17 * _cos(mean_h - 30) + 0.24 * _cos(2 * mean_h)
    t += 0.32 * _cos(3 * mean_h + 6) - 0.2 * _cos(4 * mean_h - 63)
    off = (mean_l - 50) ** 2
    lightness = step_l / (1 + 0.015 * off / np.sqrt(20 + off))
    chroma = step_c / (1 + 0.045 * mean_c)
    hue = step_h / (1 + 0.015 * mean_c * t)
    mean7 = mean_c**7
    turned = -2 * np.sqrt(mean7 / (mean7 + 25.0**7)) * np.sin(np.radians(60 * np.exp(-(((mean_h - 275) / 25) ** 2))))
    return np.asarray(np.sqrt(lightness**2 + chroma**2 + hue**2 + turned * chroma * hue))


def _cos(degrees: NDArray[np.floating]) -> FloatArray:
    return np.asarray(np.cos(np.radians(degrees)))
