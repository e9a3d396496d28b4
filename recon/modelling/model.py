"""A model: one textured triangle mesh, made of patches that are painted and packed into an atlas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from recon.modelling.grids import cells
from recon.modelling.motion import Motion
from recon.modelling.packing import on_shelves
from recon.modelling.surfaces import Patch, Window, moved
from recon.modelling.textures import Paint, Texels

Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]
SMALLEST = 4  # px, of a chart's sides
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
    tangents: Float32Array  # (V, 4) unit, along the charts' s; glTF's fourth value is 1
    uv: Float32Array  # (V, 2)
    faces: IntArray  # (F, 3)
    charts: tuple[Chart, ...]
    grids: tuple[tuple[int, int, int], ...]  # per chart: first vertex, rows, columns
    atlas_size: tuple[int, int]  # width, height
    nodes: tuple[str, ...]  # per chart: the glTF node that it belongs to
    windows: tuple[tuple[Window, ...], ...]  # per chart: openings in its grid
    motion: Motion | None = None  # how the nodes move

    def thinned(self, stride: int, *, least: int = 9, smallest: float = 0.0) -> tuple[IntArray, IntArray]:
        """Faces over fewer of the same vertices (every `stride`th row and column, but `least` of them), and the
        vertices' indices; one atlas fits all. Patches below the share `smallest` of the model's extent are left out.
        """
        faces, kept, first = [], [], 0
        extent = smallest * float(np.ptp(self.vertices, axis=0).max())
        for (start, rows, columns), windows in zip(self.grids, self.windows, strict=True):
            if np.ptp(self.vertices[start : start + rows * columns], axis=0).max() < extent:
                continue
            r, c = (
                np.unique(
                    np.round(np.linspace(0, n - 1, max(min(n, least), -(-(n - 1) // stride) + 1))).astype(np.int32)
                )
                for n in (rows, columns)
            )
            r = np.union1d(r, [row for window in windows for row in window[:2]]).astype(np.int32)
            c = np.union1d(c, [column for window in windows for column in window[2:]]).astype(np.int32)
            kept.append((start + r[:, None] * columns + c).ravel())
            faces.append(_grid_faces(r, c, windows) + first)
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


def fitted(
    patches: Sequence[Patch],
    *,
    seed: int,
    side: int = 1024,
    motion: Motion | None = None,
    offset: ArrayLike | None = None,
) -> Model:
    """Paint, displace and pack the patches as finely as an atlas of `side` x `side` px allows (a multiple of 256).

    They are moved by `offset`, by default so that the model stands on y = 0 with its centre over the origin.
    """
    if side % 256:
        raise ValueError(f"fitted: an atlas is a multiple of 256 px a side, not {side}")
    shift = to_stand(patches) if offset is None else np.asarray(offset, float)
    made = build(moved(patches, offset=shift), texel=_texel(patches, side), seed=seed, atlas_width=side)
    return made if motion is None else replace(made, motion=motion.moved(shift))


def to_stand(patches: Sequence[Patch]) -> NDArray[np.float64]:
    """The offset that puts the patches on y = 0, their bounds' centre over the origin."""
    low, high = np.min([p.grid.min((0, 1)) for p in patches], 0), np.max([p.grid.max((0, 1)) for p in patches], 0)
    return np.array([-(low[0] + high[0]) / 2, -low[1], -(low[2] + high[2]) / 2])


def _texel(patches: Sequence[Patch], side: int) -> float:
    """The finest texel, in metres, with which all charts fit `side` x `side` px."""
    lengths = [(p.size, p.density) for p in patches]
    area = sum(s * t * density**2 for (s, t), density in lengths)
    texel = float(np.sqrt(area)) / side
    while True:
        sizes = _chart_sizes(lengths, texel)
        if max(w for w, _ in sizes) + 2 * GUTTER <= side and _packed(sizes, side)[1] <= side:
            return texel
        if max(max(size) for size in sizes) <= SMALLEST:
            raise ValueError(f"{len(sizes)} charts do not fit an atlas of {side} px")
        texel *= 1.02


def _chart_sizes(lengths: Sequence[tuple[tuple[float, float], float]], texel: float) -> list[tuple[int, int]]:
    return [
        (max(SMALLEST, round(s * density / texel)), max(SMALLEST, round(t * density / texel)))
        for (s, t), density in lengths
    ]


def build(patches: Sequence[Patch], *, texel: float, seed: int, atlas_width: int = 4096) -> Model:
    """Paint, displace and pack the patches; `texel` is the edge of a texel in metres where density is 1."""
    sizes = _chart_sizes([(p.size, p.density) for p in patches], texel)
    places, height = _packed(sizes, atlas_width)
    children = np.random.SeedSequence(seed).spawn(len(patches))
    vertices, normals, tangents, uvs, faces, charts, grids = [], [], [], [], [], [], []
    first = 0
    for patch, (w, h), (x, y), child in zip(patches, sizes, places, children, strict=True):
        chart, grid, grid_normal = _painted(patch, w, h, x, y, np.random.default_rng(child))
        rows, columns = grid.shape[:2]
        share_s, share_t = np.meshgrid(*_shares(patch))
        uvs.append(
            np.stack(
                [(x + 0.5 + share_s * (w - 1)) / atlas_width, (y + 0.5 + (1 - share_t) * (h - 1)) / height], -1
            ).reshape(-1, 2)
        )
        vertices.append(grid.reshape(-1, 3))
        normals.append(grid_normal.reshape(-1, 3))
        tangents.append(_tangents(grid, grid_normal).reshape(-1, 4))
        faces.append(_grid_faces(np.arange(rows), np.arange(columns), patch.windows) + first)
        charts.append(chart)
        grids.append((first, rows, columns))
        first += rows * columns
    points = np.concatenate(vertices).astype(np.float32)
    return Model(
        points,
        np.concatenate(normals).astype(np.float32),
        np.concatenate(tangents).astype(np.float32),
        np.concatenate(uvs).astype(np.float32),
        _solid(points, np.concatenate(faces).astype(np.int32)),
        tuple(charts),
        tuple(grids),
        (atlas_width, height),
        tuple(p.node for p in patches),
        tuple(p.windows for p in patches),
    )


def _shares(patch: Patch) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far along the chart, 0..1, each column and each row of the grid lies."""
    rows, columns = patch.grid.shape[:2]
    if not patch.even:
        return np.linspace(0, 1, columns), np.linspace(0, 1, rows)
    steps = (
        np.linalg.norm(np.diff(patch.grid, axis=1), axis=2).mean(0),
        np.linalg.norm(np.diff(patch.grid, axis=0), axis=2).mean(1),
    )
    walked = [np.concatenate([[0], np.cumsum(np.maximum(s, 1e-3 * s.mean() + 1e-9))]) for s in steps]
    return walked[0] / walked[0][-1], walked[1] / walked[1][-1]


def _grid_faces(rows: NDArray[np.integer], columns: NDArray[np.integer], windows: Sequence[Window]) -> IntArray:
    """Two triangles for each cell of a grid that has these rows and columns of a patch, none within a window."""
    shut = np.ones((len(rows) - 1, len(columns) - 1), bool)
    for top, bottom, left, right in windows:
        within_rows = (rows[:-1] >= top) & (rows[1:] <= bottom)
        shut &= ~(within_rows[:, None] & ((columns[:-1] >= left) & (columns[1:] <= right)))
    quads = cells(len(rows), len(columns))[shut.ravel()]
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
    knots_s, knots_t = _shares(patch)
    rows, columns = patch.grid.shape[:2]
    at = (  # where each row and column of texels lies between the grid's points
        np.interp(np.linspace(0, 1, h), knots_t, np.arange(rows)),
        np.interp(np.linspace(0, 1, w), knots_s, np.arange(columns)),
    )
    share_s, share_t = np.meshgrid(np.linspace(0, 1, w, dtype=np.float32), np.linspace(0, 1, h, dtype=np.float32))
    position = _stretched(patch.grid, *at)
    normal = _unit(_stretched(base_normal, *at))
    paint = patch.painter(
        Texels(share_s * np.float32(size_s), share_t * np.float32(size_t), position, normal, rng, _closed(patch.grid))
    )
    grid = patch.grid
    if patch.relief:
        blurred = cv2.GaussianBlur(paint.height, (0, 0), max(0.3, 0.25 * w / columns))
        s, t = np.meshgrid((knots_s * (w - 1)).astype(np.float32), (knots_t * (h - 1)).astype(np.float32))
        raised = cv2.remap(blurred, s, t, cv2.INTER_LINEAR)
        raised[[0, -1]] = 0  # borders stay where the neighbouring patch meets them
        if _closed(grid):
            raised[:, 0] = raised[:, -1] = (raised[:, 0] + raised[:, -1]) / 2
        else:
            raised[:, [0, -1]] = 0
        grid = grid + base_normal * raised[..., None]
    grid_normal = _normals(grid)
    fine = (_bent if patch.even else _displaced)(position, normal, paint.height)
    mesh_normal = _unit(_stretched(grid_normal, *at))
    surface = _stretched(grid, *at)
    return Chart(x, y, paint, surface, fine, mesh_normal, _unit(np.gradient(surface, axis=1))), grid, grid_normal


def _displaced(position: Float32Array, normal: Float32Array, height: Float32Array) -> Float32Array:
    """Normals (H, W, 3) of the surface `height` above `position`: right where the grid is as fine as its curves."""
    displaced = position + normal * height[..., None]
    fine = _unit(np.cross(np.gradient(displaced, axis=1), np.gradient(displaced, axis=0)))
    return np.where(np.isfinite(fine), fine, normal).astype(np.float32)


def _bent(position: Float32Array, normal: Float32Array, height: Float32Array) -> Float32Array:
    """The smooth `normal` leant by the slope of `height`: a coarse grid's facets do not show."""
    fine = normal.astype(np.float64)
    for axis in (0, 1):
        along = np.gradient(position.astype(np.float64), axis=axis)
        length = np.linalg.norm(along, axis=-1, keepdims=True)
        slope = np.gradient(height.astype(np.float64), axis=axis)[..., None] / np.maximum(length, 0.3 * length.mean())
        fine -= np.clip(slope, -2, 2) * along / np.maximum(length, 1e-12)
    return np.asarray(_unit(fine), np.float32)


def _stretched(grid: NDArray[np.float64], rows: NDArray[np.float64], columns: NDArray[np.float64]) -> Float32Array:
    """The grid's values (H, W, 3) at `rows` (H,) and `columns` (W,), which may lie between points: on the very
    triangles that `_grid_faces` makes, so that a texture lies right even where a cell is a sliver or ends in a pole.
    """
    row = np.minimum(rows.astype(int), grid.shape[0] - 2)
    column = np.minimum(columns.astype(int), grid.shape[1] - 2)
    out = np.empty((len(rows), len(columns), 3), np.float32)
    _interpolate(np.ascontiguousarray(grid, np.float64), row, column, rows - row, columns - column, out)
    return out


@numba.njit(cache=True)  # type: ignore[untyped-decorator]
def _interpolate(
    grid: NDArray[np.float64],
    row: NDArray[np.int64],
    column: NDArray[np.int64],
    t: NDArray[np.float64],
    s: NDArray[np.float64],
    out: Float32Array,
) -> None:
    for y in range(len(row)):
        j = row[y]
        for x in range(len(column)):
            i = column[x]
            lower = s[x] >= t[y]  # the triangle of the first row's two points
            for c in range(3):
                here, right = grid[j, i, c], grid[j, i + 1, c]
                up, far = grid[j + 1, i, c], grid[j + 1, i + 1, c]
                if lower:
                    out[y, x, c] = here + s[x] * (right - here) + t[y] * (far - right)
                else:
                    out[y, x, c] = here + s[x] * (far - up) + t[y] * (up - here)


def _unit(vectors: NDArray[Any]) -> NDArray[Any]:
    x, y, z = np.moveaxis(vectors * vectors, -1, 0)
    length = np.sqrt(x + y + z)  # as np.linalg.norm has it, in a fraction of the time
    return np.asarray(vectors / np.maximum(length, 1e-12)[..., None])


def _normals(grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit normals (R, C, 3); a patch that closes on itself, along s or along t, has no seam."""
    padded_s = np.gradient(grid, axis=1)
    if _closed(grid):
        padded_s[:, 0] = padded_s[:, -1] = (grid[:, 1] - grid[:, -2]) / 2
    padded_t = np.gradient(grid, axis=0)
    if grid.shape[0] > 3 and np.abs(grid[0] - grid[-1]).max() < 1e-9:
        padded_t[0] = padded_t[-1] = (grid[1] - grid[-2]) / 2
    normal = np.cross(padded_s, padded_t)
    length = np.linalg.norm(normal, axis=-1)
    weak = length < 1e-14  # at a pole: take the normal of the ring beside it
    if weak.any():
        for r in (0, grid.shape[0] - 1):
            if weak[r].all():
                inner = 1 if r == 0 else grid.shape[0] - 2
                normal[r] = normal[inner].sum(0)
    return _unit(normal)


def _tangents(grid: NDArray[np.float64], normal: NDArray[np.float64]) -> NDArray[np.float64]:
    """(R, C, 4): along s, square to the normal; at a pole the direction of the ring beside it."""
    along = np.gradient(grid, axis=1)
    for row, beside in ((0, 1), (-1, -2)):
        if np.abs(along[row]).max() < 1e-12:
            along[row] = along[beside]
    along -= normal * (along * normal).sum(-1, keepdims=True)
    lost = np.linalg.norm(along, axis=-1) < 1e-12
    along[lost] = np.cross(normal[lost], np.eye(3)[np.argmin(np.abs(normal[lost]), axis=-1)])
    return np.concatenate([_unit(along), np.ones((*grid.shape[:2], 1))], -1)


def _closed(grid: NDArray[np.float64]) -> bool:
    return grid.shape[1] > 3 and bool(np.abs(grid[:, 0] - grid[:, -1]).max() < 1e-9)


def _packed(sizes: Sequence[tuple[int, int]], width: int) -> tuple[list[tuple[int, int]], int]:
    """The top left texel of each chart, with gutters between them, and the atlas's height (a multiple of 256)."""
    order = sorted(range(len(sizes)), key=lambda k: (-sizes[k][1], k))
    placed, height = on_shelves(np.array(sizes) + 2 * GUTTER, width, order)
    return [(int(x), int(y)) for x, y in placed + GUTTER], -(-height // 256) * 256
