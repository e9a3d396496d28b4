"""A surface in levels of detail, cut into a tree of tiles. Near tiles are shown at a fine level, far ones at a coarse
one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recon.geometry import atlas, labels, raster
from recon.geometry.bake import Textured, groups, unique_rows

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
ByteArray = NDArray[np.uint8]

_LARGEST_PAGE = 8192
_FLAT = 0.5  # an axis shorter than this share of the longest is not cut


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """A piece of one level's surface, and the pieces of the next finer level that replace it."""

    level: int  # index into the levels, the finest is 0
    faces: IntArray  # (M,) of that level's surface
    low: FloatArray  # (3,) lowest corner of the box around it and its children
    high: FloatArray  # (3,)
    children: tuple[Tile, ...] = field(default=())

    def __iter__(self) -> Iterator[Tile]:
        """This tile and all its descendants."""
        yield self
        for child in self.children:
            yield from child


def tree(levels: Sequence[Textured], *, most_faces: int, most_texels: int) -> Tile:
    """The root tile, which shows the last, coarsest of `levels`. A tile's children together show the same place one
    level finer.

    A place is cut in two along each of its long axes where the finer level has more than `most_faces` faces or
    `most_texels` texels in it. A face belongs to the tile that holds its middle, so every face of a level is in exactly
    one tile.
    """
    middles = [level.vertices[level.faces].astype(np.float64).mean(axis=1) for level in levels]
    texels = [level.texels() for level in levels]
    corners = np.concatenate([middle[[*middle.argmin(axis=0), *middle.argmax(axis=0)]] for middle in middles])
    low, high = corners.min(axis=0), corners.max(axis=0)

    def planted(number: int, faces: IntArray, low: FloatArray, high: FloatArray) -> Tile:
        corner = levels[number].vertices[levels[number].faces[faces]].reshape(-1, 3).astype(np.float64)
        children = [] if number == 0 else [planted(number - 1, *piece) for piece in pieces(number - 1, low, high)]
        boxes = [(corner.min(axis=0), corner.max(axis=0)), *((child.low, child.high) for child in children)]
        around = np.min([b[0] for b in boxes], axis=0), np.max([b[1] for b in boxes], axis=0)
        return Tile(number, faces, *around, tuple(children))

    def pieces(number: int, low: FloatArray, high: FloatArray) -> list[tuple[IntArray, FloatArray, FloatArray]]:
        inside = np.all((middles[number] >= low) & (middles[number] <= high), axis=1)
        found = [(np.flatnonzero(inside).astype(np.int32), low, high)]
        if len(found[0][0]) <= most_faces and texels[number][found[0][0]].sum() <= most_texels:
            return [piece for piece in found if len(piece[0])]
        for axis in np.flatnonzero(high - low > _FLAT * (high - low).max()):
            found = [half for piece in found for half in _halves(*piece, middles[number], int(axis))]
        return [piece for piece in found if len(piece[0])]

    last = len(levels) - 1
    return planted(last, np.arange(len(levels[last].faces), dtype=np.int32), low, high)


def _halves(
    faces: IntArray, low: FloatArray, high: FloatArray, middles: FloatArray, axis: int
) -> list[tuple[IntArray, FloatArray, FloatArray]]:
    """Cut at the middle of the box; a face with its middle on the cut belongs to the upper part."""
    cut = (low[axis] + high[axis]) / 2
    below, above = high.copy(), low.copy()
    below[axis], above[axis] = np.nextafter(cut, -np.inf), cut
    upper = middles[faces, axis] >= cut
    return [(faces[~upper], low, below), (faces[upper], above, high)]


def cut_out(whole: Textured, faces: IntArray) -> Textured:
    """These faces (M,) with one page of their own, copied from the whole's texel by texel."""
    piece = Textured(whole.vertices, whole.faces[faces], whole.uv[faces], whole.page[faces], whole.pictures)
    size = np.array([[p.shape[1], p.shape[0]] for p in whole.pictures], np.float32)[piece.page]
    plane = np.ascontiguousarray(piece.uv * size[:, None])
    place = (np.repeat(piece.page, 3).astype(np.int64) << 32) + piece.faces.ravel()
    first, welded = unique_rows(place, (piece.uv.reshape(-1, 2) + np.float32(0)).view(np.int64).ravel())
    neighbour, _ = labels.face_graph(welded.reshape(-1, 3).astype(np.int32), len(first))
    charts = atlas.charts_of(piece.page.astype(np.int32), plane, neighbour)
    layout = atlas.laid_out(charts, max_side=_LARGEST_PAGE, margin=2, step=64)
    if layout.scale != 1:
        raise ValueError("cut_out: the faces' texels do not fit one page; cut the surface smaller")
    page = np.zeros((layout.side, layout.side, 3), np.uint8)
    covered = np.zeros((layout.side, layout.side), bool)
    for chart, mine in enumerate(groups(charts.of_face, len(charts))):
        (left, top), (x, y), (width, height) = layout.origin[chart], layout.place[chart], layout.size[chart]
        local = np.ascontiguousarray(plane[mine] - layout.origin[chart], np.float32)
        inside = raster.cover(local, width, height, 2) >= 0
        picture = whole.pictures[charts.label[chart]]
        rows = np.clip(np.arange(top, top + height), 0, picture.shape[0] - 1)
        columns = np.clip(np.arange(left, left + width), 0, picture.shape[1] - 1)
        box = slice(y, y + height), slice(x, x + width)
        page[box][inside] = picture[rows[:, None], columns[None]][inside]
        covered[box] |= inside
    raster.fill_outside(page, covered)
    return Textured(whole.vertices, piece.faces, layout.uv(charts), np.zeros(len(faces), np.uint8), (page,))
