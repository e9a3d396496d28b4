"""A panorama cut into the six faces of a cube: pinhole pictures of 90 degrees, which mesh and texture understand.

Camera frame +X right, +Y down, +Z forward. A panorama's middle column looks along +Z, its columns run to the right
round the horizon, its middle row is the horizon; a pixel is as wide as it is high.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]


def _turned(forward: tuple[int, int, int], down: tuple[int, int, int]) -> FloatArray:
    return np.array([np.cross(down, forward), down, forward], np.float64)


FACE_FROM_CAMERA = (
    *(_turned(forward, (0, 1, 0)) for forward in ((0, 0, 1), (1, 0, 0), (0, 0, -1), (-1, 0, 0))),
    _turned((0, -1, 0), (0, 0, 1)),
    _turned((0, 1, 0), (0, 0, -1)),
)
"""Rotations (3, 3): ahead, right, behind, left, above, below."""


def face_side(width: int) -> int:
    """Side of a face, px, that is in its middle as fine as a panorama of this width."""
    return max(64, round(width / np.pi))


def face_k(side: int) -> FloatArray:
    """Intrinsics (3, 3) of a face."""
    return np.array([[side / 2, 0, side / 2], [0, side / 2, side / 2], [0, 0, 1.0]])


def face(panorama: ByteArray, face_from_camera: FloatArray, side: int) -> ByteArray:
    """One face (side, side, 3) of a panorama (H, W, 3); what the panorama does not show is black."""
    height, width = panorama.shape[:2]
    v, u = np.mgrid[:side, :side] + 0.5
    in_face = np.stack([2 * u / side - 1, 2 * v / side - 1, np.ones((side, side))], axis=-1)
    x, y, z = np.moveaxis(in_face @ face_from_camera, -1, 0)
    azimuth, below = np.arctan2(x, z), np.arctan2(y, np.hypot(x, z))
    column = ((azimuth / (2 * np.pi) + 0.5) * width).astype(np.float32) - np.float32(0.5)
    row = (below * width / (2 * np.pi) + height / 2).astype(np.float32) - np.float32(0.5)
    wide = cv2.copyMakeBorder(panorama, 0, 0, 1, 1, cv2.BORDER_WRAP)
    return np.asarray(cv2.remap(wide, column + 1, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT), np.uint8)
