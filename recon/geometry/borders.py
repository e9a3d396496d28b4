"""Blending the photos' fine detail where two of them meet.

Levelling makes both sides of a seam alike in tone. The step that remains fades out over some texels: this is the low
band. The high band is the difference between a photo and its own blur. It is mixed within a few texels of the seam,
half and half on the seam, so that an outline that two photos show a pixel apart does not break there. Where the other
photo shows something else, the photo's own detail stays.
Source: Burt and Adelson, A Multiresolution Spline with Application to Image Mosaics, 1983 (two bands).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.geometry import raster
from recon.geometry.compiled import compiled
from recon.geometry.exposure import Exposure, radius_squared
from recon.geometry.visibility import Pinhole, project

Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]
ByteArray = NDArray[np.uint8]

REACH = 5.0  # texels from the seam to where the other photo's detail has faded out
SPLIT = 2.0  # texels; sigma of the blur that parts the bands
ALIKE = 12.0  # grey levels between the low bands, minus the seam's own step, at which the other photo weighs a third


@compiled
def _near(face: IntArray, at: Float32Array, reach: float) -> tuple[IntArray, Float32Array]:
    """Index of the nearest place (S, 2) to each covered texel within `reach`, (H, W), -1 for none; and its distance."""
    height, width = face.shape
    place = np.full((height, width), -1, np.int32)
    squared = np.full((height, width), reach * reach, np.float32)
    for s in range(len(at)):
        for y in range(max(0, int(at[s, 1] - reach)), min(height - 1, int(at[s, 1] + reach)) + 1):
            for x in range(max(0, int(at[s, 0] - reach)), min(width - 1, int(at[s, 0] + reach)) + 1):
                d = (x + 0.5 - at[s, 0]) ** 2 + (y + 0.5 - at[s, 1]) ** 2
                if face[y, x] >= 0 and d < squared[y, x]:
                    place[y, x], squared[y, x] = s, d
    return place, np.sqrt(squared)


class Texels(NamedTuple):
    """T texels beside seams."""

    chart: IntArray  # (T,)
    texel: IntArray  # (T, 2) column, row on the chart's scaled plane: the own photo's pixel
    point: Float32Array  # (T, 3) of the surface
    side: IntArray  # (T,) the nearest place of a seam: 2 * seam + side, of the chart's own side
    label: IntArray  # (T, 2) own photo, other photo
    weight: Float32Array  # (T,) of the other photo's detail


class Borders:
    """What the two photos beside a seam show at its texels, taken photo by photo."""

    def __init__(self, charts: Sequence[Texels]):
        self.at = Texels(*(np.concatenate(column) for column in zip(*charts, strict=True)))
        self.low, self.high = np.zeros((2, len(self.at.chart), 2, 3), np.float32)  # (T, own and other, 3) grey levels

    def look(self, number: int, view: Pinhole, photo: ByteArray, scale: float, exposure: Exposure) -> None:
        """Take what photo `number` shows; photo (H, W, 3) sRGB at the texture's scale."""
        blurred: ByteArray | None = None
        for which in (0, 1):
            mine = np.flatnonzero(self.at.label[:, which] == number)
            if not len(mine):
                continue
            if blurred is None:
                blurred = np.asarray(cv2.GaussianBlur(photo, (0, 0), SPLIT), np.uint8)
            if which == 0:
                px = self.at.texel[mine].astype(np.float32) + np.float32(0.5)
            else:
                px = project(view, self.at.point[mine])[0].astype(np.float32) * np.float32(scale)
            radius2 = radius_squared(px, photo.shape[1], photo.shape[0])[:, None]
            fine, coarse = (
                exposure.corrected_part(number, np.rint(raster.bilinear(p, px)).astype(np.uint8)[:, None], radius2)[
                    :, 0
                ]
                for p in (photo, blurred)
            )
            self.low[mine, which], self.high[mine, which] = coarse, fine - coarse

    def changes(self, step: Float32Array) -> Float32Array:
        """(T, 3) grey levels to add. step (2 * S, 3): the other side's colour less one's own, at the seams' places."""
        apart = self.low[:, 1] - self.low[:, 0] - step[self.at.side]
        unlike = np.sqrt(np.mean(apart**2, axis=1)) / ALIKE
        share = self.at.weight * np.exp(-(unlike**2))
        return np.asarray(share[:, None] * (self.high[:, 1] - self.high[:, 0]), np.float32)


def texels_of(
    chart: int,
    face: IntArray,
    local: Float32Array,
    corners: Float32Array,
    at: Float32Array,
    sides: IntArray,
    labels: IntArray,
    origin: IntArray,
) -> Texels:
    """A chart's texels beside seams.

    face (H, W): from raster.cover. local (N, 3, 2), corners (N, 3, 3): the chart's triangles in texels and in the
    world. at (S, 2), sides (S,): the places of its seams and their indices. labels (S, 2): own and other photo. origin
    (2,): texels.
    """
    place, distance = _near(face, at, REACH)
    row, column = np.nonzero(place >= 0)
    found = place[row, column]
    fade = 1 - distance[row, column] / np.float32(REACH)
    return Texels(
        np.full(len(row), chart, np.int32),
        np.stack([column, row], -1).astype(np.int32) + origin,
        raster.interpolated(face, local, corners)[row, column],
        sides[found],
        labels[found],
        np.float32(0.5) * fade * fade * (3 - 2 * fade),
    )
