"""How well a rendered picture shows what a photo shows."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

_WINDOW = 7  # px


@dataclass(frozen=True, slots=True)
class PictureFit:
    psnr_db: float  # over the masked pixels
    ssim: float  # the same, of grey values in windows of 7 px
    fitted: Float32Array  # (H, W, 3) the rendered picture, its exposure fitted to the photo's


def picture_fit(rendered: Float32Array, photo: Float32Array, mask: BoolArray, *, mixed: bool = False) -> PictureFit:
    """rendered and photo (H, W, 3) RGB 0..255; mask (H, W): where the model is seen, at least a few pixels.

    One gain and offset for each channel is fitted first: exposure is not the model's fault. mixed: of all channels for
    each, where the model's colours were corrected and the photo's were not.
    """
    fitted = rendered.copy()
    for channel in range(3):
        part = rendered if mixed else rendered[..., channel : channel + 1]
        shown = part[mask].astype(np.float64)
        columns = np.column_stack([shown, np.ones(len(shown))])
        solved = np.linalg.lstsq(columns, photo[..., channel][mask], rcond=None)[0].astype(np.float32)
        fitted[..., channel] = np.clip(part @ solved[:-1] + solved[-1], 0, 255)
    error = float(np.mean((fitted[mask].astype(np.float64) - photo[mask]) ** 2))
    psnr = 10 * np.log10(255**2 / max(error, 1e-12))
    beside = np.where(mask[..., None], fitted, photo)
    grey = [cv2.cvtColor(np.asarray(p, np.float32), cv2.COLOR_RGB2GRAY) for p in (beside, photo)]
    return PictureFit(float(psnr), float(ssim_map(grey[0], grey[1])[mask].mean()), fitted)


def ssim_map(a: Float32Array, b: Float32Array) -> NDArray[np.float64]:
    """Structural similarity (H, W) of grey pictures 0..255 in windows of 7 px, with sample covariances.

    Source: Wang et al., Image quality assessment, 2004; as scikit-image computes it by default.
    """
    a, b = a.astype(np.float64), b.astype(np.float64)

    def mean(values: NDArray[np.floating]) -> NDArray[np.float64]:
        return np.asarray(cv2.boxFilter(values, cv2.CV_64F, (_WINDOW, _WINDOW), borderType=cv2.BORDER_REFLECT))

    count = _WINDOW**2
    sample = count / (count - 1)
    mean_a, mean_b = mean(a), mean(b)
    var_a, var_b = sample * (mean(a * a) - mean_a**2), sample * (mean(b * b) - mean_b**2)
    both = sample * (mean(a * b) - mean_a * mean_b)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return np.asarray(
        (2 * mean_a * mean_b + c1) * (2 * both + c2) / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))
    )
