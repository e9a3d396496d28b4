"""Lighter versions of a textured surface: fewer triangles, and a smaller texture baked from the full one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np
import open3d as o3d
from numpy.typing import NDArray

from recon.geometry import atlas, labels, raster, relief, surface
from recon.geometry.tangents import tangents
from recon.geometry.visibility import Occluders, Pinhole, faces_in_view, project

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]
ByteArray = NDArray[np.uint8]

_REACH = 0.1  # of the extent; what lies farther away darkens nothing
_SPECK = 12  # faces; smaller charts are mostly margin
_FEWEST_TEXELS = 160  # a chart and its margins: a texture smaller than this allows would hold nothing else


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

    def texels(self) -> FloatArray:
        """(F,) that each face has of its page."""
        edge = (self.uv[:, 1:] - self.uv[:, :1]).astype(np.float64)
        size = np.array([p.shape[0] * p.shape[1] for p in self.pictures], np.float64)[self.page]
        return np.asarray(0.5 * np.abs(edge[:, 0, 0] * edge[:, 1, 1] - edge[:, 0, 1] * edge[:, 1, 0]) * size)

    def halved(self) -> Textured:
        """The same with pages of half the side: what to sample for something half as fine."""
        small = tuple(
            np.asarray(cv2.resize(p, (max(1, w // 2), max(1, h // 2)), interpolation=cv2.INTER_AREA), np.uint8)
            for p in self.pictures
            for h, w in [p.shape[:2]]
        )
        return Textured(self.vertices, self.faces, self.uv, self.page, small)

    def sheets(self, measured_by: ByteArray) -> list[Sheet]:
        """What each page paints; pages without faces are left out.

        measured_by (F, 2): photos and scans that measured each face.
        """
        return [self.sheet(number, measured_by) for number in range(len(self.pictures)) if (self.page == number).any()]

    def sheet(self, number: int, measured_by: ByteArray) -> Sheet:
        mine = np.flatnonzero(self.page == number).astype(np.int32)
        vertex, uv = self.faces[mine].ravel(), np.ascontiguousarray(self.uv[mine].reshape(-1, 2)) + np.float32(0)
        filled = np.repeat(~measured_by[mine].any(axis=1), 3)
        first, row = unique_rows(2 * vertex.astype(np.int64) + filled, uv.view(np.int64).ravel())
        seen = np.repeat(measured_by[mine], 3, axis=0).astype(np.float64)
        mean = np.stack([np.bincount(row, seen[:, source]) for source in range(2)], axis=1) / np.bincount(row)[:, None]
        faces = row.reshape(-1, 3).astype(np.int32)
        return Sheet(number, vertex[first], faces, uv[first], mine, np.rint(mean).astype(np.uint8))


class Sheet(NamedTuple):
    """The faces of one page with vertices of their own.

    A vertex is there twice only where the texture is cut, and between measured and filled faces: a face was filled
    where its corners say that nothing measured it, and measured where they say more.
    """

    page: int
    vertex: IntArray  # (N,) which vertex of the whole each one is
    faces: IntArray  # (M, 3) into the N
    uv: Float32Array  # (N, 2)
    face: IntArray  # (M,) which face of the whole each one is
    measured_by: ByteArray  # (N, 2) photos and scans that measured the faces around the vertex, their mean

    @property
    def num_views(self) -> ByteArray:
        """(N,)"""
        return self.measured_by[:, 0]

    @property
    def num_scans(self) -> ByteArray | None:
        """(N,) None where no scan measured anything."""
        return self.measured_by[:, 1] if self.measured_by[:, 1].any() else None


@dataclass(frozen=True, slots=True)
class Fine:
    """A full surface, prepared for looking up its colour, normal and openness near any place."""

    surface: Textured
    measured_by: ByteArray  # (F, 2) photos and scans that measured each face; both 0 = filled
    normals: Float32Array  # (V, 3) unit
    openness: Float32Array  # (V,) 0..1 (recon.geometry.relief)
    occluders: Occluders

    @classmethod
    def of(cls, surface: Textured, measured_by: ByteArray) -> Fine:
        occluders = Occluders(surface.vertices, surface.faces)
        normals = relief.vertex_normals(surface.vertices, surface.faces)
        used = surface.vertices[np.unique(surface.faces)]
        reach = _REACH * float(np.linalg.norm(np.ptp(used, axis=0)))
        openness = relief.openness(occluders, surface.vertices, surface.faces, normals, reach=reach)
        return cls(surface, measured_by, normals, openness, occluders)

    def halved(self) -> Fine:
        return replace(self, surface=self.surface.halved())

    def near(self, places: Float32Array) -> Float32Array:
        """(N, 7) colour, normal and openness of the places on the surface that are nearest to these (N, 3)."""
        face, weights = self.occluders.closest(places)
        found = np.empty((len(places), 7), np.float32)
        found[:, :3] = self.surface.colors(face, weights)
        corner = self.surface.faces[face]
        share = (1 - weights.sum(axis=1), weights[:, 0], weights[:, 1])
        found[:, 3:] = 0
        for c in range(3):
            found[:, 3:6] += self.normals[corner[:, c]] * share[c][:, None]
            found[:, 6] += self.openness[corner[:, c]] * share[c]
        return found


@dataclass(frozen=True, slots=True)
class Level:
    """A lighter version of a surface, with the full surface's look baked into its textures."""

    surface: Textured
    measured_by: ByteArray  # (F, 2) of the full surface's faces there
    sheet: Sheet
    normals: Float32Array  # (N, 3) of the sheet's vertices, smooth
    tangents: Float32Array  # (N, 4)
    normal_map: ByteArray  # (h, w, 3) tangent space, +Y up, half the picture's side
    occlusion_map: ByteArray  # (h, w) 255 in the open
    departure: float  # world units; 99 of 100 places of the full surface are nearer than this
    texel: float  # world units, the median texel's side
    used_share: float  # of the texture, 0..1


def rebaked(
    fine: Fine,
    vertices: Float32Array,
    faces: IntArray,
    *,
    side: int,
    views: Sequence[Pinhole],
    oversampling: int = 1,
    unseen_detail: bool = False,
) -> Level:
    """A coarser mesh of `fine`, with a texture of at most `side` px laid out as the views show it.

    unseen_detail: what no view shows is as finely coloured as the rest, by scans; else it has no detail.
    oversampling: samples of the full surface along a texel's side; choose it so that fine's own texels are no finer.
    """
    vertices, faces = surface.manifold(vertices, faces)
    neighbour, back = labels.face_graph(faces, len(vertices))
    occluders, normals = Occluders(vertices, faces), surface.face_normals(vertices, faces)
    found = labels.Candidates(len(faces), max(1, min(8, len(views))))
    for number, view in enumerate(views):
        found.add(number, faces_in_view(occluders, vertices, faces, normals, view).quality)
    costs = found.costs()
    seam = np.full(faces.shape, 1.5, np.float32)  # few charts: in a small texture, margins take much space
    slot = labels.labelled(found.views, costs, neighbour, back, seam)
    chosen = np.where(slot >= 0, found.views[np.arange(len(faces)), slot], -1).astype(np.int32)
    chosen = labels.without_specks(chosen, found.views, costs, neighbour, fewest=40)
    sides, density = None, None
    if unseen_detail:
        own = chosen >= 0
        full = surface.face_areas(fine.surface.vertices, fine.surface.faces).sum()
        density = float(np.sqrt(fine.surface.texels().sum() / full))
        sides = atlas.box_sides(faces, normals, neighbour, back)
    else:
        chosen, own = _joined(chosen, vertices, faces, normals, neighbour, views)

    kinds, plane = atlas.unwrapped(vertices, faces, chosen, views, coarser=6.0, density=density, sides=sides)
    charts = atlas.charts_of(kinds, plane, neighbour, largest=np.inf)
    side = max(side, 64 * int(np.ceil(np.sqrt(_FEWEST_TEXELS * len(charts)) / 64)))
    layout = atlas.laid_out(charts, max_side=side, margin=2, step=64)
    seen = _seen(fine, vertices, faces)
    smooth = relief.vertex_normals(vertices, faces)
    blank = Textured(vertices, faces, layout.uv(charts), np.zeros(len(faces), np.uint8), ())
    sheet = blank.sheet(0, seen)
    along = tangents(vertices[sheet.vertex], sheet.faces, smooth[sheet.vertex], sheet.uv)

    # where a chart folds over itself, faces that a photo shows are drawn last
    order = np.argsort(own, kind="stable").astype(np.int32)
    picture, normal_map, occlusion_map = _baked(
        fine, vertices, faces, charts, layout, smooth, along[sheet.faces], oversampling, order
    )
    made = replace(blank, pictures=(picture,))
    area = surface.face_areas(vertices, faces)
    texel = float(np.sqrt(area.sum() / max(made.texels().sum(), 1e-30)))
    asked = fine.surface.vertices[:: max(1, len(fine.surface.vertices) // 100_000)]
    departure = occluders.scene.compute_distance(o3d.core.Tensor.from_numpy(np.ascontiguousarray(asked))).numpy()
    return Level(
        made, seen, sheet, smooth[sheet.vertex], along, normal_map, occlusion_map,
        float(np.quantile(departure, 0.99)), texel, layout.used_share,
    )  # fmt: skip


def _joined(
    labels_of: IntArray,
    vertices: Float32Array,
    faces: IntArray,
    normals: FloatArray,
    neighbour: IntArray,
    views: Sequence[Pinhole],
) -> tuple[IntArray, BoolArray]:
    """Faces that no view shows whole, and those of tiny patches, join a neighbour's chart if its view looks at their
    front: few charts, though a coarse mesh hides many of its own corners. Also which faces (F,) had their label before.
    """
    patch = labels.label_components(labels_of, neighbour)
    joined = np.where(np.bincount(patch)[patch] < _SPECK, -1, labels_of).astype(np.int32)
    own = joined >= 0
    middle = vertices[faces].astype(np.float64).mean(axis=1)
    front = np.zeros((len(views), len(faces)), bool)
    for number, view in enumerate(views):
        sight = -view.cam_from_world[:, :3].T @ view.cam_from_world[:, 3] - middle
        cosine = np.einsum("fi,fi->f", normals, sight) / np.maximum(np.linalg.norm(sight, axis=1), 1e-12)
        _, depth = project(view, vertices)
        front[number] = (cosine > 0.05) & (depth[faces] > 0).all(axis=1)
    for _ in range(60):
        lost = np.flatnonzero(joined < 0)
        new = np.full(len(lost), -1, np.int32)
        for edge in range(3):
            other = neighbour[lost, edge]
            offered = np.where(other >= 0, joined[other], -1)
            fits = (new < 0) & (offered >= 0) & front[offered, lost]
            new[fits] = offered[fits]
        if not (new >= 0).any():
            break
        joined[lost] = new
    return joined, own


def _seen(fine: Fine, vertices: Float32Array, faces: IntArray) -> ByteArray:
    """(F, 2) photos and scans that measured the full surface at four places of each face: at the place with the second
    fewest of the four, so that a half filled face counts as filled."""
    corner = vertices[faces]
    weights = np.array([[1, 1, 1], [4, 1, 1], [1, 4, 1], [1, 1, 4]], np.float32)
    places = np.einsum("pc,fci->fpi", weights / weights.sum(axis=1, keepdims=True), corner)
    face, _ = fine.occluders.closest(places.reshape(-1, 3))
    found = fine.measured_by[face].reshape(-1, 4, 2)
    second = np.argsort(found.sum(axis=2, dtype=np.int32), axis=1, kind="stable")[:, 1]
    return found[np.arange(len(found)), second]


def _baked(
    fine: Fine,
    vertices: Float32Array,
    faces: IntArray,
    charts: atlas.Charts,
    layout: atlas.Layout,
    normals: Float32Array,
    along: Float32Array,
    oversampling: int,
    order: IntArray,
) -> tuple[ByteArray, ByteArray, ByteArray]:
    """Colour (S, S, 3), normals (S/2, S/2, 3) and occlusion (S/2, S/2): each texel is the mean of the nearest places on
    the full surface. normals (V, 3) and along (F, 3, 4): the frames of the normals."""
    side = layout.side
    places: list[Float32Array] = []
    samples: list[NDArray[np.int64]] = []
    frames: list[Float32Array] = []
    texels: list[NDArray[np.int64]] = []
    for chart, which in enumerate(groups(charts.of_face[order], len(charts))):
        mine = order[which]
        (x, y), (width, height) = layout.place[chart], layout.size[chart]
        local = np.ascontiguousarray(charts.plane[mine] * layout.scale - layout.origin[chart], np.float32)
        face = raster.cover(local, width, height, 1)
        frame = np.concatenate([normals[faces[mine]], along[mine]], axis=2)
        frames.append(raster.interpolated(face, local, frame)[face >= 0])
        row, column = np.nonzero(face >= 0)
        texels.append((row + y) * side + column + x)
        local *= oversampling
        face = raster.cover(local, width * oversampling, height * oversampling, oversampling)
        places.append(raster.interpolated(face, local, vertices[faces[mine]])[face >= 0])
        row, column = np.nonzero(face >= 0)
        samples.append((row // oversampling + y) * side + column // oversampling + x)
    place, sample = np.concatenate(places), np.concatenate(samples)
    total, count = np.zeros((side * side, 7), np.float32), np.bincount(sample, minlength=side * side)
    for start in range(0, len(place), 1_000_000):
        rows = slice(start, start + 1_000_000)
        found = fine.near(place[rows])
        for channel in range(7):
            total[:, channel] += np.bincount(sample[rows], found[:, channel], side * side)
    total /= np.maximum(count, 1)[:, None]

    known = (count > 0).reshape(side, side)
    picture = np.clip(np.rint(total[:, :3]), 0, 255).astype(np.uint8).reshape(side, side, 3)
    raster.fill_outside(picture, known)
    texel, frame = np.concatenate(texels), np.concatenate(frames)
    lit = np.zeros((side * side, 3), np.uint8)
    lit[texel] = relief.encoded(relief.in_tangent_space(total[texel, 3:6], frame[:, :3], frame[:, 3:]))
    framed = np.zeros(side * side, bool)
    framed[texel] = True
    framed &= known.ravel()
    normal_map = relief.half(lit.reshape(side, side, 3), framed.reshape(side, side))
    dark = np.repeat(np.clip(np.rint(255 * total[:, 6:]), 0, 255).astype(np.uint8), 3, axis=1)
    occlusion_map = relief.half(dark.reshape(side, side, 3), known)
    return picture, normal_map, occlusion_map[..., 0]


def unique_rows(*columns: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows that are alike are one: where each one first stands, sorted; and which one each row is."""
    order = np.lexsort(columns[::-1])
    new = np.ones(len(order), bool)
    new[1:] = np.any([column[order[1:]] != column[order[:-1]] for column in columns], axis=0)
    row = np.empty(len(order), np.intp)
    row[order] = np.cumsum(new) - 1
    return order[new], row


def groups(number: IntArray, count: int) -> list[IntArray]:
    """For each of `count` numbers, where it stands."""
    order = np.argsort(number, kind="stable").astype(np.int32)
    return np.split(order, np.searchsorted(number[order], np.arange(1, count)))
