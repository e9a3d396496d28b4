"""How visible a texture's seams are, as a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recon.geometry import raster
from recon.geometry.surface import shared_edges

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
ByteArray = NDArray[np.uint8]

_RINGS = 6  # of vertices around the borders, from where the steps inside charts are taken
_UNLIKE = 4.0  # edges whose texels are this many times larger or smaller than the median are left out


class SeamSteps(NamedTuple):
    """Mean absolute differences in sRGB grey levels, 0..255; nan where there is no such edge."""

    across: float  # between two places on both sides of a chart's border
    inside: float  # between two places inside a chart, equally far apart, near such borders

    @property
    def ratio(self) -> float:
        """1 where seams differ as little as the texture itself does."""
        return self.across / self.inside if self.inside > 0 else float("nan")


def seam_steps(
    vertices: Float32Array, faces: IntArray, uv: Float32Array, page: ByteArray, pages: Sequence[ByteArray]
) -> SeamSteps:
    """The colour step across chart borders, and the step between equally distant places inside charts.

    vertices (V, 3), faces (F, 3), uv (F, 3, 2) with (0, 0) the picture's top left corner, page (F,) the picture of each
    face, pages (H, W, 3) sRGB each. Every edge that two faces share is looked at in its middle, square to it on either
    side, at one and the same distance everywhere: the median texel's at chart borders. Inside charts, only edges
    within a few rings of a border count, so that both numbers are of the same surroundings.
    """
    first, second, ends = shared_edges(faces, len(vertices))
    size = np.array([[p.shape[1], p.shape[0]] for p in pages], np.float64)[page]  # (F, 2)
    sides = [_side(vertices, faces, uv, size, face, ends) for face in (first, second)]
    apart = np.abs(sides[0].ends - sides[1].ends).max(axis=(1, 2))
    border = (apart > 0.05) | (page[first] != page[second])
    near = np.zeros(len(vertices), bool)
    near[ends[border]] = True
    at_border = near.copy()
    for _ in range(_RINGS):
        near[faces[near[faces].any(axis=1)]] = True
    inside = ~border & near[ends].all(axis=1) & ~at_border[faces[first]].any(axis=1)
    inside &= ~at_border[faces[second]].any(axis=1)

    per_texel = np.array([np.linalg.norm(side.inwards, axis=1) for side in sides])  # texels to a unit of length
    coarser = per_texel.min(axis=0)
    reach = 1 / max(float(np.median(coarser[border])), 1e-12) if border.any() else 0.0
    fair = (coarser * reach > 1 / _UNLIKE) & (per_texel.max(axis=0) * reach < _UNLIKE)
    grey = np.zeros((2, len(ends)))
    for number, picture in enumerate(pages):
        for which, (side, face) in enumerate(zip(sides, (first, second), strict=True)):
            asked = np.flatnonzero((page[face] == number) & fair & (border | inside))
            px = side.ends[asked].mean(axis=1) + side.inwards[asked] * reach
            grey[which, asked] = raster.bilinear(picture, px.astype(np.float32)) @ (0.2126, 0.7152, 0.0722)
    step = np.abs(grey[0] - grey[1])

    def mean(asked: NDArray[np.bool_]) -> float:
        return float(step[asked].mean()) if asked.any() else float("nan")

    return SeamSteps(mean(border & fair), mean(inside & fair))


class _Side(NamedTuple):
    """One face's view of the edges that it shares."""

    ends: FloatArray  # (E, 2, 2) texels
    inwards: FloatArray  # (E, 2) texels from the edge into the face, for a unit of length square to the edge


def _side(
    vertices: Float32Array, faces: IntArray, uv: Float32Array, size: FloatArray, face: IntArray, ends: IntArray
) -> _Side:
    row = np.arange(len(face))
    corners = faces[face]
    at = np.stack([np.argmax(corners == ends[:, end, None], axis=1) for end in (0, 1)], -1)
    third = 3 - at.sum(axis=1)
    texel = uv[face].astype(np.float64) * size[face][:, None]
    a, b = vertices[ends[:, 0]].astype(np.float64), vertices[ends[:, 1]].astype(np.float64)
    top = vertices[corners[row, third]] - a
    along = b - a
    t = np.einsum("ei,ei->e", top, along) / np.maximum(np.einsum("ei,ei->e", along, along), 1e-30)
    height = np.linalg.norm(top - t[:, None] * along, axis=1)
    on_edge = np.stack([texel[row, at[:, 0]], texel[row, at[:, 1]]], 1)
    foot = on_edge[:, 0] + t[:, None] * (on_edge[:, 1] - on_edge[:, 0])
    inwards = (texel[row, third] - foot) / np.maximum(height, 1e-12)[:, None]
    return _Side(on_edge, inwards)
