"""The ColorChecker Classic as a board in a scene, and in a picture: its colours are the maker's, its place is known."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.formats.colour_chart import COLUMNS, ROWS, edition
from recon.formats.lab import linear_of_lab

FloatArray = NDArray[np.float64]

CHART = edition("classic-2014")
_RIM, _GAP = 0.35, 0.14  # of a patch's pitch: the frame around all, and between two patches
_FRAME = np.full(3, 0.015)


def light_of(place: FloatArray, patches: FloatArray | None = None) -> FloatArray:
    """Linear light (..., 3) at places (..., 2): (column, row) in 0..6, 0..4, and the frame around. patches (24, 3)."""
    patches = linear_of_lab(CHART.lab) if patches is None else patches
    column, row = np.floor(np.moveaxis(place, -1, 0)).astype(int)
    within = np.abs(place - np.stack([column, row], -1) - 0.5).max(axis=-1) < 0.5 - _GAP / 2
    on = within & (column >= 0) & (column < COLUMNS) & (row >= 0) & (row < ROWS)
    number = np.clip(row, 0, ROWS - 1) * COLUMNS + np.clip(column, 0, COLUMNS - 1)
    return np.where(on[..., None], patches[number], _FRAME)


@dataclass(frozen=True)
class Board:
    """In a scene: place (column, row) is at origin + column * along + row * down."""

    origin: FloatArray  # (3,)
    along: FloatArray  # (3,)
    down: FloatArray  # (3,)

    def hit(self, eye: FloatArray, rays: FloatArray) -> tuple[FloatArray, FloatArray]:
        """How many rays' lengths the board is away (...), inf where it is missed, and the place there (..., 2)."""
        normal = np.cross(self.along, self.down)
        towards = rays @ normal
        distance = ((self.origin - eye) @ normal) / np.where(np.abs(towards) < 1e-12, np.inf, towards)
        at = eye + rays * distance[..., None] - self.origin
        place = np.stack([at @ self.along / (self.along @ self.along), at @ self.down / (self.down @ self.down)], -1)
        on = (place > -_RIM).all(-1) & (place < np.array([COLUMNS, ROWS]) + _RIM).all(-1)
        return np.where(on & (distance > 0), distance, np.inf), place


def pasted(
    picture: FloatArray, grid: FloatArray, seen: FloatArray | None = None, *, fall_off: float = 0.0, fine: int = 3
) -> FloatArray:
    """A picture (H, W, 3) of linear light with the chart in it. grid (3, 3): px from (column, row). seen (24, 3): the
    patches' light. fall_off: share of its light that the right edge lacks.
    """
    frame = np.array([[[-1, -1], [COLUMNS + 1, -1], [COLUMNS + 1, ROWS + 1], [-1, ROWS + 1]]], np.float64)
    corners = cv2.perspectiveTransform(frame, grid)[0]
    left, top = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    right, bottom = np.minimum(np.ceil(corners.max(axis=0)).astype(int), picture.shape[1::-1])
    v, u = (np.mgrid[top * fine : bottom * fine, left * fine : right * fine] + 0.5) / fine
    px = np.stack([u, v], -1).reshape(1, -1, 2)
    place = cv2.perspectiveTransform(px, np.linalg.inv(grid))[0].reshape(*u.shape, 2)
    on = (place > -_RIM).all(-1) & (place < np.array([COLUMNS, ROWS]) + _RIM).all(-1)
    light = light_of(place, seen) * (1 - fall_off * np.clip(place[..., :1] / COLUMNS, 0, 1))
    behind = picture[top:bottom, left:right]
    shown = np.where(on[..., None], light, np.repeat(np.repeat(behind, fine, 0), fine, 1))
    result = picture.copy()
    result[top:bottom, left:right] = shown.reshape(bottom - top, fine, right - left, fine, 3).mean((1, 3))
    return result
