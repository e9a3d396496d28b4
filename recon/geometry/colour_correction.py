"""From colours that a camera saw to true ones: a matrix in linear light, by a chart of known colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from recon.formats.colour_chart import COLUMNS, ROWS
from recon.formats.lab import delta_e_2000, lab_of_linear, linear_of_lab

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_FEWEST = 12  # patches that a matrix is fitted to
_TOLERANCE = 2.0  # L*a*b*, about; patches farther off weigh less
_OUTLIER, _LEAST_OUTLIER = 4.0, 8.0  # times the median, and CIEDE2000, at which a patch does not count
_EVEN = 4.0  # how strongly even light is preferred
_PLACE = np.stack(np.meshgrid(np.linspace(-1, 1, COLUMNS), np.linspace(-1, 1, ROWS)), -1).reshape(-1, 2)


@dataclass(frozen=True, slots=True)
class Fit:
    matrix: FloatArray  # (3, 3) linear sRGB from linear light
    slope: FloatArray  # (2,) of the logarithm of the light from the chart's middle to its right and lower edge
    off: FloatArray  # (24,) CIEDE2000 after it
    used: BoolArray  # (24,) patches that it rests on

    def even(self, colours: FloatArray) -> FloatArray:
        """Patches (24, 3) as if the light had been the same on all of them."""
        return colours * np.exp(-_PLACE @ self.slope)[:, None]


def fitted(
    colours: FloatArray, reference: NDArray[np.floating], *, usable: BoolArray, shaded: bool = False
) -> Fit | None:
    """The matrix that makes linear colours (24, 3) most like the chart's L*a*b* (24, 3); None with too few patches.

    shaded: the light may fall off across the chart. Differences are weighed as eyes see them (CIE94's weights of
    chroma), robustly; patches that then are far off, which something covers or shades, are left out.
    """
    used = usable.copy()
    start = None
    for _ in range(4):
        if used.sum() < _FEWEST:
            return None
        matrix, slope = _solved(colours, reference, used, shaded, start)
        lit = colours * np.exp(-_PLACE @ slope)[:, None]
        off = delta_e_2000(lab_of_linear(lit @ matrix.T), reference)
        again = usable & (off <= max(_OUTLIER * float(np.median(off[used])), _LEAST_OUTLIER))
        if (again == used).all():
            break
        used, start = again, (matrix, slope)
    return Fit(matrix, slope, off, used)


def without_each(fit: Fit, colours: FloatArray, reference: NDArray[np.floating]) -> FloatArray:
    """(24, 3, 3) for each patch the matrix that all others give which the fit rests on."""
    found = np.tile(fit.matrix, (len(colours), 1, 1))
    for patch in np.flatnonzero(fit.used):
        others = fit.used.copy()
        others[patch] = False
        found[patch], _ = _solved(colours, reference, others, False, (fit.matrix, np.zeros(2)))
    return found


def _solved(
    colours: FloatArray,
    reference: NDArray[np.floating],
    used: BoolArray,
    shaded: bool,
    start: tuple[FloatArray, FloatArray] | None,
) -> tuple[FloatArray, FloatArray]:
    true, seen, place = reference[used], colours[used], _PLACE[used]
    weight = 1 / np.array([np.ones(len(true)), *[1 + 0.045 * np.hypot(true[:, 1], true[:, 2])] * 2]).T
    if start is None:
        light = linear_of_lab(true)
        heavy = 1 / (0.02 + light.mean(axis=1, keepdims=True))
        start = np.linalg.lstsq(heavy * seen, heavy * light, rcond=None)[0].T, np.zeros(2)

    def differences(unknown: FloatArray) -> FloatArray:
        slope = unknown[9:] if shaded else np.zeros(2)
        lit = seen * np.exp(-place @ slope)[:, None]
        off = weight * (lab_of_linear(lit @ unknown[:9].reshape(3, 3).T) - true)
        return np.concatenate([off.ravel(), _EVEN * slope]) if shaded else off.ravel()

    first = np.concatenate([start[0].ravel(), start[1]]) if shaded else start[0].ravel()
    found = least_squares(differences, first, loss="soft_l1", f_scale=_TOLERANCE, x_scale="jac", max_nfev=60).x
    return found[:9].reshape(3, 3), found[9:] if shaded else np.zeros(2)
