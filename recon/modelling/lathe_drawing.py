"""Drawing on a turned surface, in metres right and up along it; the scale holds at every radius."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from recon.modelling.textures import Texels

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
FINE = 4  # bits of a pixel's fraction


class LatheDrawing:
    """An ink layer on a lathe's chart. Places are (turn 0..1 about the axis, height in metres) on the outside."""

    def __init__(self, x: Texels):
        self.shape = x.shape
        self.texel = float(x.s[0, 1] - x.s[0, 0])
        column = x.position[:, 0]
        rising = np.gradient(column[:, 1]) > 1e-7
        radius = np.linalg.norm(column[:, [0, 2]], axis=1)
        self._rows = np.flatnonzero(rising & (radius > 0.25 * radius.max()))
        self._heights = column[self._rows, 1]
        self._girth = 2 * np.pi * radius
        self._outside = np.zeros((x.shape[0], 1), np.float32)
        self._outside[self._rows] = 1
        self.ink = np.zeros(x.shape, np.uint8)

    def row(self, height: float) -> float:
        return float(self._rows[np.argmin(np.abs(self._heights - height))])

    def at(self, turn: float, height: float, points: ArrayLike) -> FloatArray:
        """(N, 2) px of points in metres right of and above a place."""
        line = np.asarray(points, float)
        row = self.row(height)
        rows = np.clip(row + line[:, 1] / self.texel, 0, self.shape[0] - 1)
        stretch = self.shape[1] / self._girth[np.round(rows).astype(int)]
        return np.stack([turn * self.shape[1] - line[:, 0] * stretch, rows], -1)  # s runs leftwards seen from outside

    def fill(self, turn: float, height: float, outline: ArrayLike, ink: int = 255) -> None:
        for shifted in self._thrice(self.at(turn, height, outline)):
            cv2.fillPoly(self.ink, [shifted], ink, cv2.LINE_AA, FINE)

    def line(self, turn: float, height: float, points: ArrayLike, thick: float, ink: int = 255) -> None:
        for shifted in self._thrice(self.at(turn, height, points)):
            cv2.polylines(self.ink, [shifted], False, ink, max(1, round(thick / self.texel)), cv2.LINE_AA, FINE)

    def band(self, height: float, wide: float, ink: int = 255) -> None:
        row, half = self.row(height), wide / 2 / self.texel
        self.ink[max(0, round(row - half)) : max(1, round(row + half + 0.5))] = ink

    def spiral(self, turn: float, height: float, radius: float, *, turns: float, flip: int, thick: float) -> None:
        angle = np.linspace(0, 2 * np.pi * turns, 60)
        r = radius * (0.12 + 0.88 * angle / angle[-1])
        self.line(turn, height, np.stack([flip * r * np.cos(angle), r * np.sin(angle)], -1), thick)

    def flower(self, turn: float, height: float, radius: float, *, petals: int = 5, spin: float = 0.0) -> None:
        """Petals with a gap between, and a heart."""
        for k in range(petals):
            self.fill(turn, height, _petal(radius, np.pi / petals * 0.86, spin + 2 * np.pi * k / petals))
        self.fill(turn, height, _round(radius * 0.24))
        self.line(turn, height, _round(radius * 0.30), radius * 0.10, ink=60)

    def leaf(self, turn: float, height: float, length: float, wide: float) -> None:
        """A stiff upright leaf with its middle rib left out."""
        share = np.linspace(0, 1, 20)
        half = wide * np.sin(np.pi * share**0.6) ** 0.9
        side = np.stack([half, share * length], -1)
        self.fill(turn, height, np.concatenate([side, side[::-1] * (-1, 1)]))
        self.line(turn, height, np.array([(0, 0.1 * length), (0, 0.85 * length)]), wide * 0.14, ink=70)

    def relief(self, soft: float) -> Float32Array:
        """(H, W) 0..1: the ink rounded over `soft` metres, on the outside only."""
        blurred = cv2.GaussianBlur(self.ink.astype(np.float32) / 255, (0, 0), max(0.6, soft / self.texel))
        return np.asarray(blurred * self._outside, np.float32)

    def _thrice(self, points: FloatArray) -> list[NDArray[np.int32]]:
        """The points here and once round either way, where they may meet the chart's seam."""
        return [
            np.round(np.add(points, (shift, 0)) * 2**FINE).astype(np.int32)
            for shift in (-self.shape[1], 0, self.shape[1])
        ]


def _round(radius: float, count: int = 28) -> FloatArray:
    angle = np.linspace(0, 2 * np.pi, count)
    return radius * np.stack([np.cos(angle), np.sin(angle)], -1)


def _petal(length: float, half_angle: float, spin: float, start: float = 0.3) -> FloatArray:
    share = np.linspace(0, 1, 18)
    r = length * (start + (1 - start) * share)
    half = half_angle * np.sin(np.pi * np.clip(0.12 + 0.88 * share, 0, 1)) ** 0.6
    left, right = spin + half, spin - half
    return np.concatenate([
        np.stack([r * np.cos(left), r * np.sin(left)], -1),
        np.stack([r * np.cos(right), r * np.sin(right)], -1)[::-1],
    ])  # fmt: skip
