"""A canvas for diagrams: flat tints and ink lines on porcelain white, drawn at twice the size for smooth edges."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

ByteArray = NDArray[np.uint8]
FloatArray = NDArray[np.float64]
FINE = 4  # bits of a pixel's fraction
LARGER = 2
PAPER, INK = "#f6f4ef", "#3b332c"
EARTH, BRICK, CLAY, FIRE, SMOKE, STEAM, IRON, GOLD = (
    "#b98f66", "#a8573c", "#d9c3a0", "#e8892b", "#9a948b", "#c9503a", "#5d6a6b", "#c9973c",
)  # fmt: skip


class Sheet:
    """Coordinates are pixels of the finished picture, y down."""

    def __init__(self, width: int = 1600, height: int = 900, paper: str = PAPER):
        self.pixels = np.empty((height * LARGER, width * LARGER, 3), np.uint8)
        self.pixels[:] = _rgb(paper)

    def area(self, outline: ArrayLike, color: str, *, ink: str | None = INK, line: float = 2.5) -> None:
        cv2.fillPoly(self.pixels, [_fixed(outline)], _rgb(color), cv2.LINE_AA, FINE)
        if ink:
            self.line(np.concatenate([np.asarray(outline, float), np.asarray(outline, float)[:1]]), ink, line)

    def line(self, points: ArrayLike, color: str = INK, wide: float = 2.5) -> None:
        cv2.polylines(self.pixels, [_fixed(points)], False, _rgb(color), round(wide * LARGER), cv2.LINE_AA, FINE)

    def circle(self, middle: ArrayLike, radius: float, color: str, *, ink: str | None = INK, line: float = 2.5) -> None:
        angle = np.linspace(0, 2 * np.pi, 97)[:-1]
        self.area(
            np.asarray(middle, float) + radius * np.stack([np.cos(angle), np.sin(angle)], -1), color, ink=ink, line=line
        )

    def box(
        self, x: float, y: float, width: float, height: float, color: str, *, ink: str | None = INK, line: float = 2.5
    ) -> None:
        self.area([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], color, ink=ink, line=line)

    def hatched(self, x: float, y: float, width: float, height: float, color: str = IRON, *, step: float = 11) -> None:
        """A wall that is cut by the section: a tint with slanting lines."""
        self.box(x, y, width, height, color)
        for c in np.arange(step, width + height, step):
            a, b = (x + min(c, width), y + max(0.0, c - width)), (x + max(0.0, c - height), y + min(c, height))
            self.line([a, b], "#e9e4da", 1.2)
        self.line([(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)], INK, 2.5)

    def arrow(self, points: ArrayLike, color: str, wide: float = 5, head: float = 16) -> None:
        line = np.asarray(points, float)
        ahead = line[-1] - line[-2]
        ahead /= np.linalg.norm(ahead)
        side = np.array([-ahead[1], ahead[0]])
        self.line(np.concatenate([line[:-1], [line[-1] - ahead * head * 0.7]]), color, wide)
        base = line[-1] - ahead * head
        self.area([line[-1], base + side * head * 0.5, base - side * head * 0.5], color, ink=None)

    def paste(self, picture: ByteArray, x: float, y: float, *, disc: bool = False, faded: float = 0) -> None:
        """A picture (H, W, 3) with its top left corner at (x, y); `disc` cuts it round,
        `faded` px run out into the paper on its right and below."""
        height, width = picture.shape[:2]
        big = cv2.resize(picture, (width * LARGER, height * LARGER), interpolation=cv2.INTER_CUBIC)
        top, left = round(y * LARGER), round(x * LARGER)
        where = np.full(big.shape[:2], 1.0, np.float32)
        if disc:
            yy, xx = np.mgrid[: big.shape[0], : big.shape[1]]
            reach = min(big.shape[:2]) / 2
            away = np.hypot(yy - big.shape[0] / 2 + 0.5, xx - big.shape[1] / 2 + 0.5)
            where = np.clip(reach - away, 0, 1).astype(np.float32)
        if faded:
            down, right = (np.arange(n, 0, -1) / (faded * LARGER) for n in big.shape[:2])
            where *= np.clip(down, 0, 1)[:, None].astype(np.float32) * np.clip(right, 0, 1).astype(np.float32)
        part = self.pixels[top : top + big.shape[0], left : left + big.shape[1]]
        part[:] = np.round(part * (1 - where[..., None]) + big * where[..., None]).astype(np.uint8)

    def finished(self) -> ByteArray:
        height, width = self.pixels.shape[:2]
        return np.asarray(
            cv2.resize(self.pixels, (width // LARGER, height // LARGER), interpolation=cv2.INTER_AREA), np.uint8
        )


def _rgb(code: str) -> tuple[int, int, int]:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def _fixed(points: ArrayLike) -> NDArray[np.int32]:
    return np.asarray(np.round(np.asarray(points, float) * LARGER * 2**FINE), np.int32)
