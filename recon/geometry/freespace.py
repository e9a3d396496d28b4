"""What the photos say of places where nothing was measured: whether they look through them.

Each view keeps a coarse picture of the nearest measured depth. A place in front of all depths around it is free space:
the camera looked through it, so there is no surface.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.geometry.visibility import Pinhole, project

Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the photos say of M places."""

    seen_through: IntArray  # (M,) photos that measured something behind the place and nothing in front of it
    in_sight: IntArray  # (M,) photos from which nothing measured hides the place


def evidence(
    places: Float32Array,
    points: Float32Array,
    normals: Float32Array,
    views: Iterable[Pinhole],
    *,
    spacing: float,
    margin: float,
) -> Evidence:
    """What all views say of places (M, 3), given the measured points (N, 3) and their normals.

    spacing: the distance between the points; the pixels of the coarse pictures are twice as wide. margin: a place this
    much nearer or farther than the measured depth still counts as lying on it. Both are lengths.
    """
    seen_through, in_sight = np.zeros(len(places), np.int32), np.zeros(len(places), np.int32)
    for view in views:
        px, depth = project(view, points)
        before = depth > 0
        if not before.any():
            continue
        wide = max(1.0, 2 * spacing * float(view.k[0, 0]) / float(np.median(depth[before])))
        nearest = np.full((int(view.height / wide) + 1, int(view.width / wide) + 1), np.inf, np.float32)
        column, row, inside = _cell(px, before, view, wide)
        np.minimum.at(nearest, (row, column), depth[inside])
        sight = points[inside] - (-view.cam_from_world[:, :3].T @ view.cam_from_world[:, 3]).astype(np.float32)
        faces_us = np.einsum("ni,ni->n", sight, normals[inside]) < 0  # else it is a back, seen through a gap
        measured = np.zeros(nearest.shape, bool)
        shown = faces_us & (depth[inside] <= nearest[row, column])
        measured[row[shown], column[shown]] = True
        around = cv2.erode(nearest, np.ones((3, 3), np.uint8))  # a gap of one pixel in a surface is not a hole

        px, depth = project(view, places)
        column, row, inside = _cell(px, depth > 0, view, wide)
        limit = around[row, column]
        seen_through[inside] += measured[row, column] & (depth[inside] < limit - margin)
        in_sight[inside] += depth[inside] < limit + margin
    return Evidence(seen_through, in_sight)


def _cell(
    px: Float32Array, before: NDArray[np.bool_], view: Pinhole, wide: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Column and row in the coarse picture of the pixels (N, 2) that lie on it, and the indices of these pixels."""
    inside = np.flatnonzero(before & (px > 0).all(axis=1) & (px < (view.width, view.height)).all(axis=1))
    cell = (px[inside] / wide).astype(np.int64)
    return cell[:, 0], cell[:, 1], inside
