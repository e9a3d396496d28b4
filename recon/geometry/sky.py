"""Sky in a photo: bright, blue to grey, without detail, above the horizon, up to the picture's upper edge, and without
any depth that photos agree on. White walls and ceilings have most of these marks, so all of them are asked for.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

ByteArray = NDArray[np.uint8]
BoolArray = NDArray[np.bool_]

_DARKEST = 100  # of 255, the brightest channel
_WARMEST = 8  # grey levels by which red or green may exceed blue
_SMOOTH = 4.0  # grey levels, standard deviation in a window without detail
_WINDOW = 7  # px
_ALIKE = 32  # grey levels of a channel by which the sky's rim may differ from the sky beside it
_LEAST = 0.003  # share of the picture; smaller regions may be lamps and windows
_MOST_MEASURED = 0.05  # share of a region with a depth; a wall without detail is measured at its spots and joints
_LEAST_CLOUD = 0.9  # share of what the sky encloses that has the colours of clouds


def sky(picture: ByteArray, above: BoolArray, measured: BoolArray) -> BoolArray:
    """(H, W) where a picture (H, W, 3) RGB shows sky.

    above (H, W): pixels that look above the horizon; measured (H, W): pixels with a depth that several photos agree on.
    """
    coloured = above & _of_sky_colour(picture)
    smooth = np.asarray(coloured & (_deviation(picture) < _SMOOTH), np.uint8)
    count, region, stats, _ = cv2.connectedComponentsWithStats(cv2.erode(smooth, np.ones((3, 3), np.uint8)))
    share = np.bincount(region.ravel(), measured.ravel(), count) / stats[:, cv2.CC_STAT_AREA]
    is_sky = np.isin(np.arange(count), region[0]) & (stats[:, cv2.CC_STAT_AREA] >= _LEAST * region.size)
    is_sky &= share <= _MOST_MEASURED
    is_sky[0] = False
    if not is_sky.any():
        return np.zeros(region.shape, bool)
    return _with_clouds(_to_its_rim(is_sky[region], picture, above), coloured)


def _of_sky_colour(picture: ByteArray) -> BoolArray:
    red, green, blue = (picture[..., c].astype(np.int16) for c in range(3))
    return np.asarray((picture.max(axis=2) >= _DARKEST) & (blue + _WARMEST >= np.maximum(red, green)))


def _deviation(picture: ByteArray) -> NDArray[np.float32]:
    """(H, W) standard deviation of the channel that varies most around each pixel."""
    values = picture.astype(np.float32)
    mean = cv2.blur(values, (_WINDOW, _WINDOW))
    variance = cv2.blur(values * values, (_WINDOW, _WINDOW)) - mean * mean
    return np.asarray(np.sqrt(np.maximum(variance, 0).max(axis=2)))


def _to_its_rim(core: BoolArray, picture: ByteArray, above: BoolArray) -> BoolArray:
    """The sky and what is like it within a window's width."""
    distance, nearest = cv2.distanceTransformWithLabels(
        np.where(core, 0, 1).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    beside = np.zeros((int(nearest.max()) + 1, 3), np.int16)
    beside[nearest[core]] = picture[core]
    off = np.abs(picture - beside[nearest]).max(axis=2)
    return np.asarray(core | (above & (distance <= _WINDOW) & (off <= _ALIKE)))


def _with_clouds(found: BoolArray, coloured: BoolArray) -> BoolArray:
    """The sky and what it encloses, where that has the colours of clouds."""
    count, hole, stats, _ = cv2.connectedComponentsWithStats(np.where(found, 0, 1).astype(np.uint8))
    height, width = found.shape
    left, top, wide, high, area = stats.T
    inside = (left > 0) & (top > 0) & (left + wide < width) & (top + high < height)
    inside &= np.bincount(hole.ravel(), coloured.ravel(), count) >= _LEAST_CLOUD * area
    inside[0] = False
    return np.asarray(found | inside[hole])
