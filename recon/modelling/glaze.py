"""Porcelain glaze: painters for white ware, plain or over carved relief."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.modelling.textures import Paint, Painter, Texels, grain, mix, noise, ramp, rgb, shaded

Float32Array = NDArray[np.float32]


def porcelain(color: str = "#f1ebde", *, warm: str = "#e6d9bf") -> Painter:
    """Ivory white glaze: all but even, a little warmer where it gathers."""
    base, pooled = rgb(color), rgb(warm)

    def paint(x: Texels) -> Paint:
        tone = mix(np.broadcast_to(base, (*x.shape, 3)), pooled, ramp(noise(x, 0.06, 3), 0.2, 2.4) * np.float32(0.35))
        specks = ramp(noise(x, 0.0016, 1), 2.6, 3.0) * np.float32(0.25)
        tone = mix(tone, np.broadcast_to(rgb("#8a7a60"), tone.shape), specks)
        return Paint(
            shaded(tone, (grain(x), 0.006)), np.full(x.shape, 0.16, np.float32), noise(x, 0.02, 2) * np.float32(0.00004)
        )

    return paint


def glazed_over(relief: float, under: Paint, raised: Float32Array, texel: float) -> Paint:
    """Carving of `relief` metres beneath the glaze; the glaze thins on edges and gathers, warmer, in the hollows."""
    soft = cv2.GaussianBlur(raised, (0, 0), max(0.8, 0.0006 / texel))
    hollow = np.clip(cv2.GaussianBlur(raised, (0, 0), 0.004 / texel) - soft, 0, 1)
    color = under.color * (1 - hollow[..., None] * (1 - rgb("#cfae7c") / rgb("#f1ebde")) * np.float32(0.9))
    return Paint(
        color.astype(np.float32), under.roughness, (under.height + soft * np.float32(relief)).astype(np.float32)
    )
