"""Sections through models, and how thick the walls are that they show."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.modelling.model import Model

PIXEL = 0.00025  # m, of a section


def section(model: Model, above: float = 0.0) -> NDArray[np.bool_]:
    """The material in the plane z = 0, from the height `above` in metres: rows run up, columns along x.

    A point is inside where front and back faces before it are not equally many, as the viewer's section counts.
    """
    points = model.vertices.astype(float)
    depth = points[:, 2] - 1.7e-5  # clear of the points that lie in the plane
    flat = (points[:, :2] - points[:, :2].min(0)) / PIXEL
    side = depth[model.faces] > 0
    cut = model.faces[side.any(1) & ~side.all(1)]
    ends = []
    for i, j in ((0, 1), (1, 2), (2, 0)):
        a, b = cut[:, i], cut[:, j]
        share = (depth[a] / np.where(depth[a] == depth[b], 1, depth[a] - depth[b]))[:, None]
        met = (depth[a] > 0) != (depth[b] > 0)
        ends.append((met, depth[a] > 0, flat[a] + share * (flat[b] - flat[a])))
    start, end = (
        sum(np.where((met & (down == wanted))[:, None], at, 0) for met, down, at in ends) for wanted in (True, False)
    )
    rows, columns = (int(flat[:, k].max()) + 3 for k in (1, 0))
    turns = np.zeros((rows, columns), np.int32)
    for (x0, y0), (x1, y1) in zip(np.asarray(start), np.asarray(end), strict=True):
        first, last = sorted((y0, y1))
        row = np.arange(int(np.ceil(first)), int(np.ceil(last)))
        at = x0 + (row - y0) / (y1 - y0) * (x1 - x0) if len(row) else row
        np.add.at(turns, (row, np.ceil(at).astype(int)), 1 if y1 > y0 else -1)
    return np.asarray(np.cumsum(turns, 1) != 0)[round(above / PIXEL) :]


def thickness(material: NDArray[np.bool_]) -> tuple[float, float]:
    """Of the section's walls: the middle value along their middle lines, and the widest circle that fits; metres."""
    far = cv2.distanceTransform(np.pad(material, 1).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    ridge = (far >= cv2.dilate(far, np.ones((3, 3)))) & (far > 2)
    return float(np.median(far[ridge])) * 2 * PIXEL, float(far.max()) * 2 * PIXEL
