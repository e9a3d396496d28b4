"""What is background in photos: what stands still while the object turns, or is plain all round it.

A camera on a tripod and an object on a turntable: what does not move between photos is background. It is told by
features that recur at one place of the picture, and then pixel by pixel: the value that a pixel has most often is the
background's, if it is seen there at all (a mode over time; Stauffer and Grimson, "Adaptive background mixture models
for real-time tracking", CVPR 1999, keep several).
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numba
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from recon.geometry.compiled import compiled_parallel

BoolArray = NDArray[np.bool_]
ByteArray = NDArray[np.uint8]
Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]

_LEAST_COSINE = 0.85  # between descriptors of one thing
_TOLERANCE = 12  # grey levels of one channel within which a pixel shows the same thing
_ALWAYS = 0.9  # share of photos; a pixel that shows one thing in so many is never covered by what moves
_EXACT = 4  # grey levels within which what stands still repeats itself
_LEAST_EXACT = 0.5  # of the photos that show one thing at a pixel: with fewer exact ones, it is no background
_SELDOM = 0.15  # share of photos, and
_FEWEST = 3  # photos; what is seen more seldom at a pixel may not be the background
_LEAST_CORRELATION = 0.8  # of a window with the background: it is that, in a shadow
_LEAST_TEXTURE = 4.0  # grey levels (standard deviation) of a window that can be correlated
_WINDOW = 7  # px
_LEAST_PIECE = 0.05  # of the largest moving piece; smaller ones are noise
_CLOSED = 0.02  # of the longer side: gaps in what moves that are closed
_PLAIN = 0.75  # share of a picture's rim that a plain background holds: a stand may cross it
_RIM = 0.03  # of the shorter side


def recurring(
    keypoints: Float32Array,
    descriptors: ByteArray,
    others: Sequence[tuple[Float32Array, ByteArray]],
    *,
    reach_px: float,
) -> IntArray:
    """(N,) in how many of the other photos each feature is found at the same place of the picture.

    keypoints (N, 2 or more) x, y in px; descriptors (N, 128); others: the same of each other photo.
    """
    count = np.zeros(len(keypoints), np.int32)
    if not len(keypoints):
        return count
    unit = _unit(descriptors)
    for places, looks in others:
        if not len(places):
            continue
        distance, nearest = cKDTree(places[:, :2]).query(keypoints[:, :2], distance_upper_bound=reach_px)
        here = np.flatnonzero(np.isfinite(distance))
        alike = (unit[here] * _unit(looks[np.asarray(nearest)[here]])).sum(axis=1)
        count[here] += alike > _LEAST_COSINE
    return count


def _unit(descriptors: ByteArray) -> Float32Array:
    values = descriptors.astype(np.float32)
    return np.asarray(values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-6))


def moving(pictures: ByteArray) -> BoolArray | None:
    """(N, H, W) what moved of N pictures (N, H, W, 3) of a camera that stood still; None where nothing did.

    What is enclosed by what moved belongs to it: the middle of a thing that looks the same from all sides.
    """
    coarse = pictures[:, ::4, ::4].astype(np.float32) + 1
    gain = np.median(
        (np.median(coarse, axis=0) / coarse).reshape(len(coarse), -1), axis=1
    )  # exposure follows the object
    even = np.stack([cv2.blur(cv2.convertScaleAbs(p, alpha=g), (3, 3)) for p, g in zip(pictures, gain, strict=True)])
    background, support, exact = mode(even)
    known = (exact >= max(_SELDOM, _FEWEST / len(even))) & (exact >= _LEAST_EXACT * support)
    swept = _cleaned(support < _ALWAYS)
    if swept is None:
        return None
    masks = np.zeros(even.shape[:3], bool)
    for mask, picture in zip(masks, even, strict=True):
        shows = known & _shows(picture, background)
        found = _cleaned(swept & ~shows)
        mask[:] = False if found is None else found & cv2.dilate(swept.view(np.uint8), _disc(3)).astype(bool)
    return masks


@compiled_parallel
def _most_frequent(pictures: ByteArray, best: NDArray[np.int64], support: Float32Array, exact: Float32Array) -> None:
    count, height, width, _ = pictures.shape
    for index in numba.prange(height):
        y = np.int64(index)
        for x in range(width):
            most = 0
            for i in range(count):
                near, exactly, weight = 0, 0, 0
                for j in range(count):
                    off = 0
                    for c in range(3):
                        step = abs(int(pictures[i, y, x, c]) - int(pictures[j, y, x, c]))
                        off = step if step > off else off
                    if off <= _TOLERANCE:
                        near += 1
                        weight += _TOLERANCE + 1 - off
                    if off <= _EXACT:
                        exactly += 1
                if weight > most:
                    most = weight
                    best[y, x] = i
                    support[y, x] = near / count
                    exact[y, x] = exactly / count


def mode(pictures: ByteArray) -> tuple[ByteArray, Float32Array, Float32Array]:
    """(H, W, 3) the value that a pixel of N pictures (N, H, W, 3) has most often, (H, W) in what share of them it has
    nearly that value, and (H, W) in what share exactly that.

    A value counts the less the more it differs: what stands still repeats itself more exactly than what moves.
    """
    best = np.zeros(pictures.shape[1:3], np.int64)
    support, exact = np.zeros((2, *pictures.shape[1:3]), np.float32)
    _most_frequent(np.ascontiguousarray(pictures), best, support, exact)
    return np.take_along_axis(pictures, best[None, :, :, None], axis=0)[0], support, exact


def _shows(picture: ByteArray, background: ByteArray) -> BoolArray:
    """(H, W) where a picture shows the background: in its colour, or in its pattern if a shadow lies on it."""
    same = np.abs(picture.astype(np.int16) - background).max(axis=2) <= _TOLERANCE
    a, b = (cv2.cvtColor(p, cv2.COLOR_RGB2GRAY).astype(np.float32) for p in (picture, background))
    window = (_WINDOW, _WINDOW)
    mean_a, mean_b = cv2.blur(a, window), cv2.blur(b, window)
    spread_a = np.sqrt(np.maximum(cv2.blur(a * a, window) - mean_a**2, 0))
    spread_b = np.sqrt(np.maximum(cv2.blur(b * b, window) - mean_b**2, 0))
    correlation = (cv2.blur(a * b, window) - mean_a * mean_b) / np.maximum(spread_a * spread_b, 1e-3)
    textured = np.minimum(spread_a, spread_b) > _LEAST_TEXTURE
    return np.asarray(same | (textured & (correlation > _LEAST_CORRELATION)))


def plain(picture: ByteArray) -> BoolArray | None:
    """(H, W) what stands out from the plain background of a picture (H, W, 3); None where its rim is not plain.

    Plain is what changes as evenly as the light on a backdrop does: a plane through the rim's values, per channel.
    """
    height, width = picture.shape[:2]
    rim = max(2, round(_RIM * min(height, width)))
    v, u = np.mgrid[0:height, 0:width].astype(np.float32)
    along = np.stack([np.ones_like(u), u / width, v / height, (u / width) ** 2, (v / height) ** 2], axis=-1)
    edge = np.ones((height, width), bool)
    edge[rim:-rim, rim:-rim] = False
    smooth = cv2.blur(picture, (3, 3)).astype(np.float32)
    held = edge.copy()
    for _ in range(4):  # what is not plain at the rim does not bend the fit
        fitted = along @ np.linalg.lstsq(along[held], smooth[held], rcond=None)[0]
        off = np.abs(smooth - fitted).max(axis=2)
        held = edge & (off <= max(_TOLERANCE, float(np.median(off[edge]))))
    if held.sum() < _PLAIN * edge.sum():
        return None
    reached = (off <= _TOLERANCE).astype(np.uint8)
    _, pieces = cv2.connectedComponents(reached, connectivity=4)
    outside = np.isin(pieces, np.unique(pieces[edge & (reached > 0)]))
    return _cleaned(~outside)


def _cleaned(found: BoolArray) -> BoolArray | None:
    """Without noise, gaps closed, holes filled; None where nothing is left."""
    height, width = found.shape
    once = cv2.morphologyEx(found.view(np.uint8), cv2.MORPH_OPEN, _disc(1))
    reach = max(1, round(_CLOSED * max(height, width) / 2))
    padded = cv2.copyMakeBorder(once, reach, reach, reach, reach, cv2.BORDER_REPLICATE)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, _disc(reach))[reach:-reach, reach:-reach]
    count, pieces, sizes, _ = cv2.connectedComponentsWithStats(closed)
    if count < 2:
        return None
    area = sizes[1:, cv2.CC_STAT_AREA]
    large = np.flatnonzero(area >= _LEAST_PIECE * area.max()) + 1
    kept = np.isin(pieces, large).astype(np.uint8)
    outlines, _ = cv2.findContours(kept, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(kept, outlines, -1, 1, cv2.FILLED)
    return np.asarray(kept, bool)


def _disc(radius: int) -> ByteArray:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)), np.uint8)
