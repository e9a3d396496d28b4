"""Pictures of the model from its sides, all at one scale: as it looks, and coloured by how often it was measured."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recon.geometry.portrait import is_room
from recon.geometry.surface import face_normals
from recon.record.figures import Measured, coverage_class
from recon.types import ByteArray, FloatArray

PAPER = (255, 255, 255)
COVERAGE_COLOURS = ("#d7301f", "#fff1a8", "#b8e0a2", "#66c2c4", "#2b8cbe", "#0c2c84")  # of coverage_class
SIDES = {  # where the viewer stands
    "front": (0.0, 0.0, 1.0),
    "right": (1.0, 0.0, 0.0),
    "back": (0.0, 0.0, -1.0),
    "left": (-1.0, 0.0, 0.0),
    "top": (0.0, 1.0, 0.0),
}
_FAR = 200.0  # extents; from there the lines of sight are parallel to a fraction of a pixel
_FINE = 2  # rays a pixel, each way
_INSIDE = np.array([178.0, 172.0, 163.0], np.float32)  # the back of a surface, which no photo shows
_BESIDE = 0.002  # share of the surface on either side that may fall outside the picture: strays


@dataclass(frozen=True, slots=True)
class Frame:
    """What all pictures show: a cube around the model."""

    middle: FloatArray  # (3,)
    side: float  # of a picture, world units


@dataclass(frozen=True, slots=True)
class SidePicture:
    side: str  # of SIDES
    look: ByteArray  # (H, W, 3) RGB
    coverage: ByteArray  # (H, W, 3) RGB


def frame_of(measured: Measured, margin: float = 1.06) -> Frame:
    middle = measured.model.vertices[measured.model.faces].mean(axis=1)
    order = np.argsort(middle, axis=0)
    total = np.cumsum(measured.areas[order], axis=0)
    ends = [
        [
            float(middle[order[np.searchsorted(total[:, a], share * total[-1, a]), a], a])
            for share in (_BESIDE, 1 - _BESIDE)
        ]
        for a in range(3)
    ]
    low, high = np.array(ends).T
    return Frame((low + high) / 2, max(float((high - low).max()), 1e-9) * margin)


def side_pictures(measured: Measured, frame: Frame, pixels: int) -> Iterator[SidePicture]:
    """From each of SIDES, `pixels` wide; what is empty above and below is cut off."""
    room = is_room(measured.model, measured.occluders)
    classes = coverage_class(measured.measured_by)
    for side in SIDES:
        face, weights, normal_towards = _hits(measured, frame, side, pixels * _FINE, room)
        hit = face >= 0
        if not hit.any():
            continue
        front = normal_towards > 0
        shade = (0.62 + 0.38 * np.abs(normal_towards))[..., None]
        look, coverage = (np.full((*face.shape, 3), 255, np.float32) for _ in range(2))
        look[hit] = np.where(front[hit][:, None], measured.model.colors(face[hit], weights[hit]), _INSIDE * shade[hit])
        coverage[hit] = np.where(front[hit][:, None], _palette()[classes[face[hit]]] * shade[hit], _INSIDE * shade[hit])
        rows = np.flatnonzero(hit.any(axis=1)) // _FINE
        part = np.s_[rows[0] : rows[-1] + 1]
        yield SidePicture(side, _small(look, pixels)[part], _small(coverage, pixels)[part])


def picture_from(measured: Measured, frame: Frame, side: str, pixels: int) -> ByteArray:
    """(pixels, pixels, 3) as it looks, pale, for drawing on."""
    face, weights, _ = _hits(measured, frame, side, pixels, is_room(measured.model, measured.occluders))
    picture = np.full((pixels, pixels, 3), 255, np.float32)
    hit = face >= 0
    picture[hit] = 255 - 0.6 * (255 - measured.model.colors(face[hit], weights[hit]))
    return np.asarray(np.clip(np.rint(picture), 0, 255), np.uint8)


def webp(pixels: ByteArray, quality: int = 82) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "WEBP", quality=quality, method=4)
    return buffer.getvalue()


def axes(side: str) -> tuple[FloatArray, FloatArray]:
    """(3,) right and (3,) up of a picture, in the world."""
    towards = np.array(SIDES[side])
    up = np.array([0.0, 0.0, -1.0]) if side == "top" else np.array([0.0, 1.0, 0.0])
    return np.cross(up, towards), up


def _hits(
    measured: Measured, frame: Frame, side: str, pixels: int, room: bool
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float64]]:
    """Face (H, W), -1 for none, corner weights (H, W, 2), and the cosine between its normal and the viewer (H, W)."""
    towards = np.array(SIDES[side])
    right, up = axes(side)
    rotation = np.stack([right, -up, -towards])
    eye = frame.middle + towards * frame.side * _FAR
    focal = pixels * _FAR
    k = np.array([[focal, 0, pixels / 2], [0, focal, pixels / 2], [0, 0, 1.0]])
    pose = np.column_stack([rotation, -rotation @ eye])
    if room:  # its near walls are looked through
        face, weights = measured.occluders.picture_of_fronts(k, pose, pixels, pixels)
    else:
        _, face, weights = measured.occluders.picture(k, pose, pixels, pixels)
    normals = face_normals(measured.model.vertices, measured.model.faces) @ towards
    return face, weights, np.where(face >= 0, normals[face], 0.0)


def _palette() -> NDArray[np.float32]:
    return np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in COVERAGE_COLOURS], np.float32)


def _small(picture: NDArray[np.float32], pixels: int) -> ByteArray:
    small = cv2.resize(picture, (pixels, pixels), interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip(np.rint(small), 0, 255), np.uint8)
