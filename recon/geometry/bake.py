"""Lighter versions of a textured surface: fewer triangles, and a new, smaller texture baked from the finer one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.geometry import atlas, labels, raster, surface
from recon.geometry.visibility import Occluders, Pinhole, faces_in_view

Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]
ByteArray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Textured:
    """Triangles with a texture of one or several pages."""

    vertices: Float32Array  # (V, 3)
    faces: IntArray  # (F, 3)
    uv: Float32Array  # (F, 3, 2), (0, 0) is the page's top left corner
    page: ByteArray  # (F,) index into pictures
    pictures: tuple[ByteArray, ...]  # (H, W, 3) each

    @property
    def side(self) -> int:
        """Of the largest page, texels."""
        return int(max(max(picture.shape[:2]) for picture in self.pictures))

    def colors(self, face: IntArray, weights: Float32Array) -> Float32Array:
        """(N, 3) at places given by face (N,) and the weights of its corners 1 and 2 (N, 2)."""
        corner = self.uv[face]
        uv = corner[:, 0] + np.einsum("nc,ncd->nd", weights, corner[:, 1:] - corner[:, :1])
        found = np.empty((len(face), 3), np.float32)
        for number, picture in enumerate(self.pictures):
            height, width = picture.shape[:2]
            mine = self.page[face] == number
            found[mine] = raster.bilinear(picture, uv[mine] * np.array([width, height], np.float32))
        return found

    def halved(self) -> Textured:
        """The same with pages of half the side: what to sample for something half as fine."""
        small = tuple(
            np.asarray(cv2.resize(p, (max(1, w // 2), max(1, h // 2)), interpolation=cv2.INTER_AREA), np.uint8)
            for p in self.pictures
            for h, w in [p.shape[:2]]
        )
        return Textured(self.vertices, self.faces, self.uv, self.page, small)

    def sheets(self) -> list[Sheet]:
        """What each page paints; pages without faces are left out."""
        return [self._sheet(number) for number in range(len(self.pictures)) if (self.page == number).any()]

    def _sheet(self, number: int) -> Sheet:
        mine = np.flatnonzero(self.page == number).astype(np.int32)
        corner = np.empty(3 * len(mine), [("vertex", "i4"), ("u", "f4"), ("v", "f4")])
        corner["vertex"] = self.faces[mine].ravel()
        corner["u"], corner["v"] = self.uv[mine].reshape(-1, 2).T
        once, row = np.unique(corner, return_inverse=True)
        uv = np.stack([once["u"], once["v"]], -1)
        return Sheet(number, once["vertex"], row.reshape(-1, 3).astype(np.int32), uv, mine)


class Sheet(NamedTuple):
    """The faces of one page with vertices of their own; a vertex is there twice only where the texture is cut."""

    page: int
    vertex: IntArray  # (N,) which vertex of the whole each one is
    faces: IntArray  # (M, 3) into the N
    uv: Float32Array  # (N, 2)
    face: IntArray  # (M,) which face of the whole each one is


def simplified(fine: Textured, triangles: int, side: int, views: Sequence[Pinhole]) -> Textured:
    """`fine` with at most `triangles` faces and a texture of at most `side` px, laid out as the views show it."""
    vertices, faces = surface.decimated(fine.vertices, fine.faces, triangles)
    vertices, faces = surface.manifold(vertices, faces)
    neighbour, back = labels.face_graph(faces, len(vertices))
    occluders, normals = Occluders(vertices, faces), surface.face_normals(vertices, faces)
    found = labels.Candidates(len(faces), min(8, len(views)))
    for number, view in enumerate(views):
        found.add(number, faces_in_view(occluders, vertices, faces, normals, view).quality)
    costs = found.costs()
    seam = np.full(faces.shape, 1.5, np.float32)  # few charts: small textures are spent on their margins
    slot = labels.labelled(found.views, costs, neighbour, back, seam)
    chosen = np.where(slot >= 0, found.views[np.arange(len(faces)), slot], -1).astype(np.int32)
    chosen = labels.without_specks(chosen, found.views, costs, neighbour, fewest=40)

    kinds, plane = atlas.unwrapped(vertices, faces, chosen, views, coarser=2.0)
    charts = atlas.charts_of(kinds, plane, neighbour)
    layout = atlas.laid_out(charts, max_side=side, margin=2, step=min(64, side))
    picture = _baked(fine, vertices, faces, charts, layout)
    return Textured(vertices, faces, layout.uv(charts), np.zeros(len(faces), np.uint8), (picture,))


def _baked(
    fine: Textured, vertices: Float32Array, faces: IntArray, charts: atlas.Charts, layout: atlas.Layout
) -> ByteArray:
    """The new texture: each texel takes the colour of the nearest place on the fine surface."""
    picture = np.zeros((layout.side, layout.side, 3), np.uint8)
    covered = np.zeros((layout.side, layout.side), bool)
    places: list[Float32Array] = []
    texel_of: list[NDArray[np.int64]] = []
    for chart, mine in enumerate(groups(charts.of_face, len(charts))):
        local = np.ascontiguousarray(charts.plane[mine] * layout.scale - layout.origin[chart], np.float32)
        width, height = layout.size[chart]
        face = raster.cover(local, width, height, 1)
        places.append(raster.interpolated(face, local, vertices[faces[mine]])[face >= 0])
        texel_of.append(np.argwhere(face >= 0) + layout.place[chart][::-1])
    points, texels = np.concatenate(places), np.concatenate(texel_of)
    covered[texels[:, 0], texels[:, 1]] = True
    occluders = Occluders(fine.vertices, fine.faces)
    for start in range(0, len(points), 1_000_000):
        rows = slice(start, start + 1_000_000)
        colors = fine.colors(*occluders.closest(points[rows]))
        picture[texels[rows, 0], texels[rows, 1]] = np.clip(np.rint(colors), 0, 255)
    raster.fill_outside(picture, covered)
    return picture


def groups(number: IntArray, count: int) -> list[IntArray]:
    """For each of `count` numbers, where it stands."""
    order = np.argsort(number, kind="stable").astype(np.int32)
    return np.split(order, np.searchsorted(number[order], np.arange(1, count)))
