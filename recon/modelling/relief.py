"""A height field for carved relief, drawn from curves and their distances. Metres over a rectangle of (x, y), y up."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from recon.modelling.solids import curve

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]


class Relief:
    """A height field (H, W) over `wide` x `tall` metres about the origin; shapes are laid before one another."""

    def __init__(self, wide: float, tall: float, px: float = 0.001):
        self.px = px
        self.x, self.y = np.meshgrid(
            np.arange(round(wide / px)) * px - wide / 2 + px / 2, tall / 2 - px / 2 - np.arange(round(tall / px)) * px
        )
        self.height = np.zeros(self.x.shape, np.float32)

    def mask(self, outline: ArrayLike) -> NDArray[np.bool_]:
        """The inside of a closed outline (N, 2)."""
        out = np.zeros(self.x.shape, np.uint8)
        line = np.asarray(outline, float)
        px = np.stack([(line[:, 0] - self.x[0, 0]) / self.px, (self.y[0, 0] - line[:, 1]) / self.px], -1)
        cv2.fillPoly(out, [np.round(px * 16).astype(np.int32)], 255, cv2.LINE_8, 4)
        return out > 127

    def along(self, line: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Each place's distance from a polyline (N, 2), left positive, and how far along it (0..1) its foot lies."""
        best = np.full(self.x.shape, np.inf)
        share, signed = np.zeros_like(best), np.zeros_like(best)
        steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
        walked = np.concatenate([[0], np.cumsum(steps)])
        for i, (a, b) in enumerate(pairwise(line)):
            edge = b - a
            dx, dy = self.x - a[0], self.y - a[1]
            u = np.clip((dx * edge[0] + dy * edge[1]) / max(float(edge @ edge), 1e-12), 0, 1)
            away = np.hypot(dx - u * edge[0], dy - u * edge[1])
            near = away < best
            best = np.where(near, away, best)
            share = np.where(near, (walked[i] + u * steps[i]) / walked[-1], share)
            signed = np.where(near, np.sign(edge[0] * dy - edge[1] * dx) * away, signed)
        return signed, share

    def lay(self, where: NDArray[np.bool_], height: NDArray[np.floating] | float) -> None:
        """Put a shape in front of what is there."""
        self.height = np.where(where, np.asarray(height, np.float32), self.height).astype(np.float32)

    def raise_(self, height: NDArray[np.floating]) -> None:
        """Let a shape rise through what is there: the higher one shows."""
        self.height = np.maximum(self.height, height).astype(np.float32)

    def stroke(self, points: ArrayLike, wide: float, high: float, *, taper: bool = True, base: float = 0.0) -> None:
        """A rounded ridge along a curve."""
        signed, share = self.along(curve(points, 40))
        reach = wide * (np.sin(np.pi * np.clip(0.08 + 0.9 * share, 0, 1)) ** 0.6 if taper else 1.0)
        inside = np.clip(1 - (signed / np.maximum(reach, 1e-6)) ** 2, 0, 1)
        self.raise_(np.where(inside > 0, base + high * np.sqrt(inside), 0))

    def spiral(self, middle: ArrayLike, radius: float, wide: float, high: float, *, turns: float, start: float,
               flip: int = 1, base: float = 0.0) -> None:  # fmt: skip
        """A curl, as clouds and waves have."""
        cx, cy = np.asarray(middle, float)
        r, a = np.hypot(self.x - cx, self.y - cy), flip * np.arctan2(self.y - cy, self.x - cx) - start
        pitch = radius / turns
        phase = (r / pitch - a / (2 * np.pi)) % 1.0 - 0.5
        ridge = np.clip(1 - (phase * pitch / wide) ** 2, 0, 1) ** 0.5
        self.raise_(np.where(r < radius, base + high * ridge * np.clip((radius - r) / (0.3 * radius) + 0.3, 0, 1), 0))

    def at(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> Float32Array:
        """Heights at places (H, W)."""
        u = ((x - self.x[0, 0]) / self.px).astype(np.float32)
        v = ((self.y[0, 0] - y) / self.px).astype(np.float32)
        return np.asarray(cv2.remap(self.height, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)
