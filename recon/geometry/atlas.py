"""Texture charts and their places in one square picture.

A chart is a connected patch of faces laid flat by one projection; its box is a whole number of texels with a margin
around the faces. Charts are only ever moved by whole texels, so that a photo's pixels can be copied without resampling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recon.geometry.compiled import compiled
from recon.geometry.labels import label_components
from recon.geometry.surface import face_areas, face_normals
from recon.geometry.visibility import Pinhole, project

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Charts:
    """Which chart each face is in, and where its corners lie on that chart's plane, px (texels at scale 1)."""

    of_face: IntArray  # (F,)
    plane: Float32Array  # (F, 3, 2)
    label: IntArray  # (C,) the label of the chart's faces

    def __len__(self) -> int:
        return len(self.label)


@dataclass(frozen=True, slots=True)
class Layout:
    """The atlas: plane px * scale - origin + place = texels."""

    side: int  # texels
    scale: float
    origin: IntArray  # (C, 2) x, y of the box on the scaled plane
    size: IntArray  # (C, 2) width, height
    place: IntArray  # (C, 2) x, y of the box in the atlas

    def uv(self, charts: Charts) -> Float32Array:
        """(F, 3, 2); (0, 0) is the top left corner."""
        shift = (self.place - self.origin)[charts.of_face].astype(np.float64)
        return ((charts.plane * self.scale + shift[:, None]) / self.side).astype(np.float32)


def charts_of(labels: IntArray, plane: Float32Array, neighbour: IntArray, *, sparse_below: float = 0.3) -> Charts:
    """Connected faces of one label are one chart. Charts that fill little of their box are cut along a grid."""
    part = label_components(labels, neighbour)
    for cell in (384.0, 96.0):
        sparse = _fill_share(part, plane)[part] < sparse_below
        centre = np.floor(plane.mean(axis=1) / cell).astype(np.int64)
        # a face outside of the sparse charts keeps its chart: its cell is (0, 0)
        x, y = np.where(sparse[:, None], centre - centre.min(axis=0), 0).T
        _, cut = np.unique((part.astype(np.int64) * (x.max() + 1) + x) * (y.max() + 1) + y, return_inverse=True)
        part = label_components(cut.astype(np.int32), neighbour)
    label = np.zeros(part.max() + 1, np.int32)
    label[part] = labels
    return Charts(part, plane, label)


def _fill_share(part: IntArray, plane: Float32Array) -> FloatArray:
    """(C,) the faces' area over the box's; 1 for small boxes, which are not worth cutting."""
    low, high = _bounds(part, plane)
    box = np.prod(high - low, axis=1)
    edge = plane[:, 1:] - plane[:, :1]
    area = 0.5 * np.abs(edge[:, 0, 0] * edge[:, 1, 1] - edge[:, 0, 1] * edge[:, 1, 0])
    return np.where(box < 96 * 96, 1.0, np.bincount(part, area) / np.maximum(box, 1e-9))


def _bounds(part: IntArray, plane: Float32Array) -> tuple[FloatArray, FloatArray]:
    low = np.full((part.max() + 1, 2), np.inf)
    high = np.full((part.max() + 1, 2), -np.inf)
    np.minimum.at(low, part, plane.min(axis=1))
    np.maximum.at(high, part, plane.max(axis=1))
    return low, high


def laid_out(charts: Charts, *, max_side: int, margin: int, step: int = 256) -> Layout:
    """The smallest square, in steps of `step`, that holds all charts at scale 1; else max_side and smaller charts."""
    low, high = _bounds(charts.of_face, charts.plane)
    scale = 1.0
    while True:
        origin = (np.floor(low * scale) - margin).astype(np.int32)
        size = (np.ceil(high * scale) + margin).astype(np.int32) - origin
        area = float(np.prod(size.astype(np.int64), axis=1).sum())
        smallest = int(np.ceil(np.sqrt(area) / step)) * step
        order = np.lexsort((-size[:, 0], -size[:, 1])).astype(np.int32)
        for side in range(max(step, smallest), max_side + 1, step):
            place = np.zeros_like(size)
            if size.max() <= side and _packed(size, order, side, place):
                return Layout(side, scale, origin, size, place)
        # the margins do not shrink: approach in small steps once it nearly fits
        scale *= float(np.clip(max_side / np.sqrt(area), 0.5, 0.97))


@compiled
def _packed(size: IntArray, order: IntArray, side: int, place: IntArray) -> bool:
    """Skyline, bottom left: fills `place`; False if a box does not fit.

    Source: Jylaenki, A Thousand Ways to Pack the Bin, 2010.
    """
    x = np.zeros(side + 1, np.int32)  # the skyline's steps: from x[i] on it is y[i] high
    y = np.zeros(side + 1, np.int32)
    count = 1
    x[1] = side
    for box in order:
        w, h = size[box, 0], size[box, 1]
        best, best_y, best_last = -1, side + 1, 0
        for first in range(count):
            if x[first] + w > side:
                break
            top, last = 0, first
            while x[last] < x[first] + w:
                top = max(top, y[last])
                last += 1
                if last == count:
                    break
            if top + h <= side and top < best_y:
                best, best_y, best_last = first, top, last
        if best < 0:
            return False
        left, right = x[best], x[best] + w
        place[box, 0], place[box, 1] = left, best_y
        # steps best .. best_last - 1 are covered; the last one may stick out on the right
        sticks_out = x[best_last] > right
        tail_y = y[best_last - 1]
        new = 2 if sticks_out else 1
        shift = new - (best_last - best)
        if shift > 0:
            for i in range(count, best_last - 1, -1):
                x[i + shift], y[i + shift] = x[i], y[i]
        elif shift < 0:
            for i in range(best_last, count + 1):
                x[i + shift], y[i + shift] = x[i], y[i]
        count += shift
        x[best], y[best] = left, best_y + h
        if sticks_out:
            x[best + 1], y[best + 1] = right, tail_y
        x[count] = side
    return True


def unwrapped(
    vertices: Float32Array, faces: IntArray, labels: IntArray, views: Sequence[Pinhole], *, coarser: float = 4.0
) -> tuple[IntArray, Float32Array]:
    """Faces laid flat as the photo of their label shows them: kinds (F,) for charts_of, and plane (F, 3, 2) px.

    Faces that no photo shows (label -1) are laid flat along the axis they face most, with `coarser` times fewer pixels
    to a length; their kinds are -1 .. -6.
    """
    plane = np.zeros((len(faces), 3, 2), np.float32)
    for number, view in enumerate(views):
        mine = np.flatnonzero(labels == number)
        plane[mine] = project(view, vertices[faces[mine]].reshape(-1, 3))[0].reshape(-1, 3, 2)
    unseen = labels < 0
    kinds = labels.astype(np.int32)
    if not unseen.any():
        return kinds, plane
    edge = plane[~unseen, 1:] - plane[~unseen, :1]
    in_px = 0.5 * np.abs(edge[:, 0, 0] * edge[:, 1, 1] - edge[:, 0, 1] * edge[:, 1, 0]).sum()
    area = float(face_areas(vertices, faces[~unseen]).sum())
    density = np.sqrt(in_px / area) / coarser if in_px > 0 and area > 0 else 256 / np.ptp(vertices, axis=0).max()

    normals = face_normals(vertices, faces[unseen])
    axis = np.argmax(np.abs(normals), axis=1)
    backwards = normals[np.arange(len(axis)), axis] < 0
    others = np.array([[2, 1], [0, 2], [0, 1]])[axis]
    flat = np.take_along_axis(vertices[faces[unseen]].astype(np.float64), others[:, None, :], axis=2)
    plane[unseen] = flat * density
    kinds[unseen] = -1 - (2 * axis + backwards)
    return kinds, plane
