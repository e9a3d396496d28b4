"""A thing as one textured triangle mesh: patches packed into an atlas and painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.synthetic.surfaces import Patch
from recon.synthetic.textures import Paint, Texels

Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]
GUTTER = 4  # px of repeated border round a chart, so that filtering never reads a neighbour


@dataclass(frozen=True, slots=True)
class Chart:
    """Where one patch lies in the atlas, and its surface at texel resolution (row 0 is t = 0; flipped in the atlas)."""

    x: int
    y: int
    paint: Paint
    position: Float32Array  # (H, W, 3) displaced
    normal: Float32Array  # (H, W, 3) of the displaced surface
    mesh_normal: Float32Array  # (H, W, 3) of the triangles, smoothed
    tangent: Float32Array  # (H, W, 3) unit, along s

    @property
    def shape(self) -> tuple[int, int]:
        return self.position.shape[0], self.position.shape[1]


@dataclass(frozen=True, slots=True)
class Model:
    """Triangles in metres, counter-clockwise from outside, with one atlas; uv (0, 0) is the atlas's top left corner."""

    vertices: Float32Array  # (V, 3)
    normals: Float32Array  # (V, 3) unit
    uv: Float32Array  # (V, 2)
    faces: IntArray  # (F, 3)
    charts: tuple[Chart, ...]
    grids: tuple[tuple[int, int, int], ...]  # per chart: first vertex, rows, columns
    atlas_size: tuple[int, int]  # width, height

    def thinned(self, stride: int) -> tuple[IntArray, IntArray]:
        """Faces over fewer of the same vertices (every `stride`th row and column), and the vertices' indices; one
        atlas fits all.
        """
        faces, kept, first = [], [], 0
        for start, rows, columns in self.grids:
            r, c = (
                np.unique(np.round(np.linspace(0, n - 1, max(min(n, 9), -(-(n - 1) // stride) + 1))).astype(np.int32))
                for n in (rows, columns)
            )
            kept.append((start + r[:, None] * columns + c).ravel())
            faces.append(_grid_faces(len(r), len(c)) + first)
            first += len(r) * len(c)
        index = np.concatenate(kept).astype(np.int32)
        return _solid(self.vertices[index], np.concatenate(faces).astype(np.int32)), index

    def atlas(self, charts: Sequence[NDArray[np.float32]]) -> Float32Array:
        """One array (H, W, ...) per chart, laid into the atlas with gutters."""
        width, height = self.atlas_size
        out = np.zeros((height, width, *charts[0].shape[2:]), np.float32)
        for place, values in zip(self.charts, charts, strict=True):
            padded = cv2.copyMakeBorder(values[::-1], GUTTER, GUTTER, GUTTER, GUTTER, cv2.BORDER_REPLICATE)
            h, w = padded.shape[:2]
            out[place.y - GUTTER : place.y - GUTTER + h, place.x - GUTTER : place.x - GUTTER + w] = padded
        return out


def build(patches: Sequence[Patch], *, texel: float, seed: int, atlas_width: int = 4096) -> Model:
    """Paint, displace and pack the patches; `texel` is the edge of a texel in metres where density is 1."""
    sizes = []
    for patch in patches:
        s, t = patch.size
        sizes.append((max(4, round(s * patch.density / texel)), max(4, round(t * patch.density / texel))))
    places, height = _packed(sizes, atlas_width)
    children = np.random.SeedSequence(seed).spawn(len(patches))
    vertices, normals, uvs, faces, charts, grids = [], [], [], [], [], []
    first = 0
    for patch, (w, h), (x, y), child in zip(patches, sizes, places, children, strict=True):
        chart, grid, grid_normal = _painted(patch, w, h, x, y, np.random.default_rng(child))
        rows, columns = grid.shape[:2]
        share_s, share_t = np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, 1, rows))
        uvs.append(
            np.stack(
                [(x + 0.5 + share_s * (w - 1)) / atlas_width, (y + 0.5 + (1 - share_t) * (h - 1)) / height], -1
            ).reshape(-1, 2)
        )
        vertices.append(grid.reshape(-1, 3))
        normals.append(grid_normal.reshape(-1, 3))
        faces.append(_grid_faces(rows, columns) + first)
        charts.append(chart)
        grids.append((first, rows, columns))
        first += rows * columns
    points = np.concatenate(vertices).astype(np.float32)
    return Model(
        points,
        np.concatenate(normals).astype(np.float32),
        np.concatenate(uvs).astype(np.float32),
        _solid(points, np.concatenate(faces).astype(np.int32)),
        tuple(charts),
        tuple(grids),
        (atlas_width, height),
    )


def _grid_faces(rows: int, columns: int) -> IntArray:
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    quads = np.stack([corner, corner + 1, corner + columns + 1, corner + columns], -1)
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]).astype(np.int32)


def _solid(points: Float32Array, faces: IntArray) -> IntArray:
    """The faces that have an area: at a pole one of each quad's two triangles has none."""
    corner = points[faces].astype(np.float64)
    area = np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1)
    return np.asarray(faces[area > 1e-12], np.int32)


def _painted(
    patch: Patch, w: int, h: int, x: int, y: int, rng: np.random.Generator
) -> tuple[Chart, NDArray[np.float64], NDArray[np.float64]]:
    size_s, size_t = patch.size
    base_normal = _normals(patch.grid)
    column = np.linspace(0, 1, w, dtype=np.float32)
    row = np.linspace(0, 1, h, dtype=np.float32)
    share_s, share_t = np.meshgrid(column, row)
    position = _stretched(patch.grid, share_s, share_t)
    normal = _unit(_stretched(base_normal, share_s, share_t))
    paint = patch.painter(
        Texels(share_s * np.float32(size_s), share_t * np.float32(size_t), position, normal, rng, _closed(patch.grid))
    )
    grid = patch.grid
    if patch.relief:
        rows, columns = grid.shape[:2]
        blurred = cv2.GaussianBlur(paint.height, (0, 0), max(0.3, 0.25 * w / columns))
        s, t = np.meshgrid(
            np.linspace(0, w - 1, columns, dtype=np.float32), np.linspace(0, h - 1, rows, dtype=np.float32)
        )
        raised = cv2.remap(blurred, s, t, cv2.INTER_LINEAR)
        raised[[0, -1]] = 0  # borders stay where the neighbouring patch meets them
        if _closed(grid):
            raised[:, 0] = raised[:, -1] = (raised[:, 0] + raised[:, -1]) / 2
        else:
            raised[:, [0, -1]] = 0
        grid = grid + base_normal * raised[..., None]
    grid_normal = _normals(grid)
    displaced = position + normal * paint.height[..., None]
    fine = _unit(np.cross(np.gradient(displaced, axis=1), np.gradient(displaced, axis=0)))
    fine = np.where(np.isfinite(fine), fine, normal).astype(np.float32)
    mesh_normal = _unit(_stretched(grid_normal, share_s, share_t))
    surface = _stretched(grid, share_s, share_t)
    return Chart(x, y, paint, surface, fine, mesh_normal, _unit(np.gradient(surface, axis=1))), grid, grid_normal


def _stretched(grid: NDArray[np.float64], s: Float32Array, t: Float32Array) -> Float32Array:
    rows, columns = grid.shape[:2]
    return np.asarray(
        cv2.remap(
            grid.astype(np.float32),
            s * np.float32(columns - 1),
            t * np.float32(rows - 1),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.float32,
    )


def _unit(vectors: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))


def _normals(grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit normals (R, C, 3); a patch that closes on itself along s has no seam."""
    padded_s = np.gradient(grid, axis=1)
    if _closed(grid):
        padded_s[:, 0] = padded_s[:, -1] = (grid[:, 1] - grid[:, -2]) / 2
    normal = np.cross(padded_s, np.gradient(grid, axis=0))
    length = np.linalg.norm(normal, axis=-1)
    weak = length < 1e-14  # at a pole: the ring beside it knows
    if weak.any():
        for r in (0, grid.shape[0] - 1):
            if weak[r].all():
                inner = 1 if r == 0 else grid.shape[0] - 2
                normal[r] = normal[inner].sum(0)
    return _unit(normal)


def _closed(grid: NDArray[np.float64]) -> bool:
    return grid.shape[1] > 3 and bool(np.abs(grid[:, 0] - grid[:, -1]).max() < 1e-9)


def _packed(sizes: Sequence[tuple[int, int]], width: int) -> tuple[list[tuple[int, int]], int]:
    """Shelf packing, tallest first: the top left texel of each chart, and the atlas's height (a multiple of 256)."""
    places: list[tuple[int, int]] = [(0, 0)] * len(sizes)
    x = y = shelf = 0
    for i in sorted(range(len(sizes)), key=lambda k: (-sizes[k][1], k)):
        w, h = sizes[i][0] + 2 * GUTTER, sizes[i][1] + 2 * GUTTER
        if w > width:
            raise ValueError(f"a chart of {w} px does not fit an atlas of {width} px")
        if x + w > width:
            x, y, shelf = 0, y + shelf, 0
        places[i] = (x + GUTTER, y + GUTTER)
        x, shelf = x + w, max(shelf, h)
    return places, -(-(y + shelf) // 256) * 256
