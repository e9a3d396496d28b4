"""Texture charts and their places in one or several square pictures, the pages of the atlas.

A chart is a connected patch of faces laid flat by one projection. Charts are only ever moved by whole texels and never
turned, so that a photo's pixels can be copied without resampling; they are packed by their shape, not by their box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recon.geometry.compiled import compiled
from recon.geometry.labels import Candidates, label_components, labelled, without_specks
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
    """The atlas: plane px * scale - origin + place = texels of the chart's page."""

    side: int  # texels, of every page
    scale: float
    num_pages: int
    page: IntArray  # (C,)
    origin: IntArray  # (C, 2) x, y of the box on the scaled plane
    size: IntArray  # (C, 2) width, height; boxes may overlap, the charts in them do not
    place: IntArray  # (C, 2) x, y of the box in its page
    used_share: float  # of all texels, 0..1: charts and their margins

    def uv(self, charts: Charts) -> Float32Array:
        """(F, 3, 2); (0, 0) is the top left corner."""
        shift = (self.place - self.origin)[charts.of_face].astype(np.float64)
        return ((charts.plane * self.scale + shift[:, None]) / self.side).astype(np.float32)


def charts_of(labels: IntArray, plane: Float32Array, neighbour: IntArray, *, largest: float = 512.0) -> Charts:
    """Connected faces of one label become one chart. A chart wider or higher than `largest` px is cut along a grid,
    since many small shapes pack more tightly than few large ones.
    """
    part = label_components(labels, neighbour)
    low, high = _bounds(part, plane)
    cuts = np.where((high - low).max(axis=1) > largest, np.ceil((high - low).max(axis=1) / largest), 1)
    cell = (high - low).max(axis=1) / cuts
    if (cuts > 1).any():
        x, y = np.floor((plane.mean(axis=1) - low[part]) / np.maximum(cell, 1e-9)[part, None]).astype(np.int64).T
        x, y = (np.where(cuts[part] > 1, c, 0) for c in (x, y))
        _, cut = np.unique((part.astype(np.int64) * (x.max() + 1) + x) * (y.max() + 1) + y, return_inverse=True)
        part = label_components(cut.astype(np.int32), neighbour)
    label = np.zeros(part.max() + 1, np.int32)
    label[part] = labels
    return Charts(part, plane, label)


def _bounds(part: IntArray, plane: Float32Array) -> tuple[FloatArray, FloatArray]:
    low = np.full((part.max() + 1, 2), np.inf)
    high = np.full((part.max() + 1, 2), -np.inf)
    np.minimum.at(low, part, plane.min(axis=1))
    np.maximum.at(high, part, plane.max(axis=1))
    return low, high


_CELL = 4  # texels: shapes are packed on a grid this coarse
_LEAST_FACING = 0.3  # cosine between a face's normal and the axis that it is projected along
_FEWEST_FACES = 24  # of a side; smaller patches join a neighbour's side
_SIDE_SEAM = 0.5  # cost of an edge between two sides, in units of "a right angle instead of straight on"


def laid_out(charts: Charts, *, max_side: int, margin: int, max_pages: int = 1, step: int = 256) -> Layout:
    """As few pages as hold all charts at scale 1, then the smallest side, in steps of `step`; else smaller charts.

    margin: texels around every chart that are its own.
    """
    low, high = _bounds(charts.of_face, charts.plane)
    face_order = np.argsort(charts.of_face, kind="stable").astype(np.int32)
    first = np.searchsorted(charts.of_face[face_order], np.arange(len(charts) + 1)).astype(np.int32)
    scale = 1.0
    while True:
        origin = (np.floor(low * scale) - margin).astype(np.int32)
        size = (np.ceil(high * scale) + margin).astype(np.int32) - origin
        cells = -(-size // _CELL)
        local = (charts.plane * scale - origin[charts.of_face][:, None]).astype(np.float32)
        start, spans = _spans(local, face_order, first, cells, margin, _CELL)
        area = int((spans[:, 2] - spans[:, 1]).sum()) * _CELL**2
        order = np.lexsort((-cells[:, 0], -cells[:, 1], -np.prod(cells, axis=1))).astype(np.int32)
        page, place = np.zeros(len(charts), np.int32), np.zeros_like(size)
        for num_pages in range(max(1, -(-area // max_side**2)), max_pages + 1):
            if not _packed(cells, order, start, spans, max_side // _CELL, num_pages, page, place):
                continue
            smallest = int(np.ceil(np.sqrt(area / num_pages) / step)) * step
            for side in range(max(step, smallest), max_side + 1, step):
                if _packed(cells, order, start, spans, side // _CELL, num_pages, page, place):
                    used = area / (num_pages * side**2)
                    return Layout(side, scale, num_pages, page, origin, size, place * _CELL, used)
        # the margins do not shrink: approach in small steps once it nearly fits
        scale *= float(np.clip(np.sqrt(0.95 * max_pages * max_side**2 / area), 0.5, 0.97))


@compiled
def _spans(
    plane: Float32Array, face_order: IntArray, first: IntArray, cells: IntArray, margin: int, cell: int
) -> tuple[IntArray, IntArray]:
    """The cells that each chart's faces touch or come within `margin` of: runs (row, from, to), and where each chart's
    begin.

    plane (F, 3, 2) in texels of the chart's box; the faces of chart c are face_order[first[c] : first[c + 1]].
    """
    start = np.zeros(len(cells) + 1, np.int32)
    spans = np.empty((1024, 3), np.int32)
    count = 0
    for chart in range(len(cells)):
        width, height = cells[chart, 0], cells[chart, 1]
        touched = np.zeros((height, width), np.bool_)
        for n in face_order[first[chart] : first[chart + 1]]:
            low_x, high_x = plane[n, :, 0].min() - margin, plane[n, :, 0].max() + margin
            low_y, high_y = plane[n, :, 1].min() - margin, plane[n, :, 1].max() + margin
            for y in range(max(0, int(low_y / cell)), min(height, int(high_y / cell) + 1)):
                for x in range(max(0, int(low_x / cell)), min(width, int(high_x / cell) + 1)):
                    if not touched[y, x]:
                        touched[y, x] = _meets(plane[n], (x + 0.5) * cell, (y + 0.5) * cell, cell / 2 + margin)
        for y in range(height):
            x = 0
            while x < width:
                if not touched[y, x]:
                    x += 1
                    continue
                begin = x
                while x < width and touched[y, x]:
                    x += 1
                if count == len(spans):
                    grown = np.empty((2 * count, 3), np.int32)
                    grown[:count] = spans
                    spans = grown
                spans[count, 0], spans[count, 1], spans[count, 2] = y, begin, x
                count += 1
        start[chart + 1] = count
    return start, spans[:count].copy()


@compiled
def _meets(corner: Float32Array, x: float, y: float, half: float) -> bool:
    """Whether a triangle (3, 2), whose bounds do, meets the square around (x, y): separating axes of its edges."""
    for a in range(3):
        b, c = (a + 1) % 3, (a + 2) % 3
        nx, ny = corner[a, 1] - corner[b, 1], corner[b, 0] - corner[a, 0]
        third = nx * (corner[c, 0] - corner[a, 0]) + ny * (corner[c, 1] - corner[a, 1])
        centre = nx * (x - corner[a, 0]) + ny * (y - corner[a, 1])
        reach = half * (abs(nx) + abs(ny))
        if third >= 0 and centre + reach < 0:
            return False
        if third <= 0 and centre - reach > 0:
            return False
    return True


@compiled
def _packed(
    cells: IntArray, order: IntArray, start: IntArray, spans: IntArray, side: int, num_pages: int,
    page: IntArray, place: IntArray,
) -> bool:  # fmt: skip
    """Each chart in turn at the first place, row by row, where all its cells are free; False if one does not fit.

    Fills page and place. For each cell is known where in its row the next taken and the next free one are: a clash
    jumps past whatever stands there.
    """
    taken = np.full((num_pages, side, side + 1), side, np.int16)
    free = np.empty((num_pages, side, side + 1), np.int16)
    free[:] = np.arange(side + 1)
    for chart in order:
        width, height = cells[chart, 0], cells[chart, 1]
        found = False
        for p in range(num_pages):
            for y in range(side - height + 1):
                x = 0
                while x + width <= side:
                    clash = -1
                    for s in range(start[chart], start[chart + 1]):
                        row, begin = y + spans[s, 0], x + spans[s, 1]
                        if taken[p, row, begin] < x + spans[s, 2]:
                            clash = free[p, row, taken[p, row, begin]] - spans[s, 1]
                            break
                    if clash < 0:
                        found = True
                        break
                    x = clash
                if found:
                    break
            if found:
                page[chart], place[chart, 0], place[chart, 1] = p, x, y
                for s in range(start[chart], start[chart + 1]):
                    row, begin, end = y + spans[s, 0], x + spans[s, 1], x + spans[s, 2]
                    for i in range(end - 1, begin - 1, -1):
                        taken[p, row, i], free[p, row, i] = i, free[p, row, end]
                    for i in range(begin - 1, -1, -1):
                        if taken[p, row, i] <= begin:
                            break
                        taken[p, row, i] = begin
                    for i in range(begin - 1, -1, -1):  # a run that ends at `begin` now ends farther right
                        if taken[p, row, i] != i:
                            break
                        free[p, row, i] = free[p, row, begin]
                break
        if not found:
            return False
    return True


def box_sides(faces: IntArray, normals: FloatArray, neighbour: IntArray, back: IntArray) -> IntArray:
    """(F,) along which axis each face is projected, 2 * axis + (1 if it faces the axis backwards): one that it faces,
    chosen so that few edges lie between two sides. normals (F, 3) unit.
    """
    found = Candidates(len(faces), 6)
    for side in range(6):
        axis, backwards = divmod(side, 2)
        facing = normals[:, axis] * (1 - 2 * backwards)
        found.add(side, np.where(facing > _LEAST_FACING, facing, 0).astype(np.float32))
    costs = found.costs()
    slot = labelled(found.views, costs, neighbour, back, np.full(faces.shape, _SIDE_SEAM, np.float32))
    chosen = np.where(slot < 0, 0, found.views[np.arange(len(faces)), slot]).astype(np.int32)  # 0: has no area
    return without_specks(chosen, found.views, costs, neighbour, fewest=_FEWEST_FACES)


def unwrapped(
    vertices: Float32Array,
    faces: IntArray,
    labels: IntArray,
    views: Sequence[Pinhole],
    *,
    coarser: float = 4.0,
    density: float | None = None,
    sides: IntArray | None = None,
) -> tuple[IntArray, Float32Array]:
    """Faces laid flat as the photo of their label shows them: kinds (F,) for charts_of, and plane (F, 3, 2) px.

    Faces that no photo shows (label -1) are projected along an axis: that of their side (F,) (box_sides), else the one
    that they face most. Their kinds are -1 .. -6. They get `density` pixels to a length, else `coarser` times fewer
    than the photos have.
    """
    plane = np.zeros((len(faces), 3, 2), np.float32)
    for number, view in enumerate(views):
        mine = np.flatnonzero(labels == number)
        plane[mine] = project(view, vertices[faces[mine]].reshape(-1, 3))[0].reshape(-1, 3, 2)
    unseen = labels < 0
    kinds = labels.astype(np.int32)
    if not unseen.any():
        return kinds, plane
    if density is None:
        edge = plane[~unseen, 1:] - plane[~unseen, :1]
        in_px = 0.5 * np.abs(edge[:, 0, 0] * edge[:, 1, 1] - edge[:, 0, 1] * edge[:, 1, 0]).sum()
        area = float(face_areas(vertices, faces[~unseen]).sum())
        seen = in_px > 0 and area > 0
        density = float(np.sqrt(in_px / area) / coarser if seen else 256 / np.ptp(vertices, axis=0).max())

    if sides is None:
        normals = face_normals(vertices, faces[unseen])
        axis = np.argmax(np.abs(normals), axis=1)
        backwards = normals[np.arange(len(axis)), axis] < 0
    else:
        axis, backwards = np.divmod(sides[unseen], 2)
    others = np.array([[2, 1], [0, 2], [0, 1]])[axis]
    flat = np.take_along_axis(vertices[faces[unseen]].astype(np.float64), others[:, None, :], axis=2)
    plane[unseen] = flat * density
    kinds[unseen] = -1 - (2 * axis + backwards)
    return kinds, plane
