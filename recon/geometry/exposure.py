"""How much brighter one photo is than another, and how dark its corners are, from points that several photos see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix, diags, vstack
from scipy.sparse.linalg import lsmr

from recon.formats.srgb import decoded_bytes, encoded

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]
IntArray = NDArray[np.integer]

DARK, BRIGHT = 0.01, 0.9  # linear light outside of this is noise or clipped


@dataclass(frozen=True, slots=True)
class Exposure:
    """Multiply a photo's linear light by gain * exp(vignette * r^2) to make it like the others, then by the matrix to
    make its colours true.

    r is the distance from the picture's centre, 1 in its corners.
    """

    gain: FloatArray  # (views, 3)
    vignette: FloatArray  # (3,)
    matrix: FloatArray | None = None  # (views, 3, 3) linear sRGB; None: colours stay as cameras recorded them

    @classmethod
    def none(cls, num_views: int) -> Exposure:
        return cls(np.ones((num_views, 3)), np.zeros(3))

    def corrected(self, view: int, photo: ByteArray) -> Float32Array:
        """The photo (H, W, 3), sRGB 0..255, as float32 and as if all photos had one exposure; values may exceed 255."""
        return self.corrected_part(view, photo, radius_squared_grid(photo.shape[1], photo.shape[0]))

    def corrected_part(self, view: int, pixels: ByteArray, radius2: FloatArray) -> Float32Array:
        """The same for pixels (h, w, 3) at squared radii (h, w)."""
        linear, radius2 = decoded_bytes(pixels), radius2.astype(np.float32)
        for channel in range(3):
            linear[..., channel] *= np.float32(self.gain[view, channel])
            linear[..., channel] *= np.exp(np.float32(self.vignette[channel]) * radius2)
        if self.matrix is not None:
            linear = linear @ self.matrix[view].T.astype(np.float32)
        for channel in range(3):  # which takes less memory than all at once
            linear[..., channel] = encoded(linear[..., channel]) * np.float32(255)
        return linear


def radius_squared(px: NDArray[np.floating], width: int, height: int) -> FloatArray:
    """(N,) squared distance of pixels (N, 2) from the picture's centre, 1 in its corners."""
    offset = px - np.array([width / 2, height / 2])
    return np.asarray((offset**2).sum(axis=1) / ((width / 2) ** 2 + (height / 2) ** 2))


def radius_squared_grid(
    width: int, height: int, columns: IntArray | None = None, rows: IntArray | None = None
) -> FloatArray:
    """(H, W) the same for every pixel's centre, or for the pixels in these columns and rows."""
    x = (np.arange(width) if columns is None else columns) + 0.5 - width / 2
    y = (np.arange(height) if rows is None else rows) + 0.5 - height / 2
    return np.asarray((x[None] ** 2 + y[:, None] ** 2) / ((width / 2) ** 2 + (height / 2) ** 2))


def solved_exposure(
    view: IntArray, point: IntArray, linear: NDArray[np.floating], radius2: NDArray[np.floating], num_views: int
) -> Exposure:
    """Robust least squares of log light = point's radiance + photo's gain + vignette * r^2, per channel.

    Observation k: photo view[k] shows point[k] with linear light linear[k] (K, 3) at squared radius radius2[k]. Gains
    have the geometric mean 1. With too few shared points the photos are taken as they are.
    Source: Kim and Pollefeys, Robust radiometric calibration and vignetting correction, 2008 (log form).
    """
    usable = np.all((linear > DARK) & (linear < BRIGHT), axis=1)
    view, point, radius2, logs = view[usable], point[usable], radius2[usable], np.log(linear[usable].astype(np.float64))
    _, point, count = np.unique(point, return_inverse=True, return_counts=True)
    shared = count[point] >= 2
    view, point, radius2, logs = view[shared], point[shared], radius2[shared], logs[shared]
    if len(view) < 10 * num_views:
        return Exposure.none(num_views)
    _, point = np.unique(point, return_inverse=True)
    num_points, rows = int(point.max()) + 1, np.arange(len(view))
    unknowns = num_points + num_views + 1
    ones = np.ones(len(view))
    model = coo_matrix(
        (
            np.concatenate([ones, ones, radius2]),
            (
                np.tile(rows, 3),
                np.concatenate([point, num_points + view, np.full(len(view), unknowns - 1)]),
            ),
        ),
        shape=(len(view), unknowns),
    ).tocsr()
    # a weak pull to "no correction" fixes the common brightness and whatever the points do not determine
    held = np.concatenate([np.full(num_views, 0.3), [0.05 * np.sqrt(len(view))]])
    pull = coo_matrix(
        (held, (np.arange(num_views + 1), num_points + np.arange(num_views + 1))), (num_views + 1, unknowns)
    )
    gain, vignette = np.empty((num_views, 3)), np.empty(3)
    for channel in range(3):
        weight, found = np.ones(len(view)), np.zeros(unknowns)
        for _ in range(6):
            system: csr_matrix = csr_matrix(vstack([diags(weight) @ model, pull]))
            target = np.concatenate([weight * logs[:, channel], np.zeros(num_views + 1)])
            found = lsmr(system, target, atol=1e-8, btol=1e-8, maxiter=400, x0=found)[0]
            residual = np.abs(model @ found - logs[:, channel])
            scale = max(1.5 * float(np.median(residual)), 1e-3)
            weight = np.sqrt(np.minimum(1.0, scale / np.maximum(residual, 1e-12)))  # Huber
        gains = found[num_points:-1]
        gain[:, channel] = np.exp(-(gains - gains.mean()))
        vignette[channel] = -found[-1]
    return Exposure(np.clip(gain, 0.25, 4.0), np.clip(vignette, -1.0, 1.0))
