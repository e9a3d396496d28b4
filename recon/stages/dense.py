"""Dense: fuse the depth maps into one cloud of points that several photos agree on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.errors import NoReconstruction
from recon.formats.ply import Ply, write_ply
from recon.geometry import fusion, ground, neighbours, patchmatch
from recon.geometry.pad import padded
from recon.nouns import ByteArray, DepthMap, DepthMaps, Float32Array, FloatArray, PointCloud, View
from recon.progress import Progress

VERSION = 3

MIN_POINTS = 500


@dataclass(frozen=True, kw_only=True)
class DenseOptions:
    min_views: int = 2  # photos that must agree on a point, its own included; of only two twice as closely
    max_error_px: float = 1.0  # forward-backward reprojection error; looser fills gaps and adds noise
    max_relative_error: float = 0.01  # of depth
    max_angle_deg: float = 60.0  # between the normals that two photos give
    neighbours: int = 12  # maps that each is compared with


def build(depths: DepthMaps, options: DenseOptions, *, scratch: Path, progress: Progress) -> PointCloud:
    """Fuse view by view; also written as scratch/cloud.ply. Memory: one view and its neighbours, and a mask per view
    on disk.
    """
    sparse = depths.sparse
    index_of = {v.name: i for i, v in enumerate(sparse.views)}
    kept = [index_of[m.view] for m in depths.maps]
    table = sparse.neighbour_scores()[np.ix_(kept, kept)]

    @lru_cache(maxsize=options.neighbours + 2)
    def maps(index: int) -> _Map:
        depth, normal, confidence = depths.maps[index].load()
        view = sparse.views[kept[index]]
        inferred = confidence < DepthMap.LEAST_MEASURED
        return _Map(depth, normal, inferred, view.scaled(depth.shape[1], depth.shape[0]), view)

    masks = [np.memmap(scratch / f"used-{i:05d}.mask", bool, "w+", shape=maps(i).depth.shape) for i in range(len(kept))]
    parts = []
    progress.start(len(kept), "view")
    for index in range(len(kept)):
        parts.append(_fuse_view(maps, masks, index, neighbours.choose(table[index], options.neighbours), options))
        progress.advance()
    masks.clear()
    for mask in scratch.glob("used-*.mask"):
        mask.unlink()
    points, normals, colors, num_views, sigma = (np.concatenate(column) for column in zip(*parts, strict=True))
    if sparse.frame.cut_height is not None:
        thing = ground.standing(points, sparse.frame.cut_height)
        points, normals, colors, num_views, sigma = (c[thing] for c in (points, normals, colors, num_views, sigma))
    if len(points) < MIN_POINTS:
        raise NoReconstruction(
            f"The photos agree on only {len(points)} points of a surface.",
            hint="Shiny, glassy or plain surfaces need more photos, softer light, or a patterned background.",
        )
    write_ply(scratch / "cloud.ply", Ply(points, normals=normals, colors=colors, num_views=num_views, sigma=sigma))
    return PointCloud(points, normals, colors, num_views, sigma)


@dataclass(slots=True)
class _Map:
    """A depth map in memory with its pinhole camera."""

    depth: Float32Array
    normal: Float32Array
    inferred: NDArray[np.bool_]
    k: FloatArray
    view: View


def _fuse_view(
    maps: Callable[[int], _Map], masks: Sequence[np.ndarray], index: int, others: list[int], options: DenseOptions
) -> tuple[np.ndarray, ...]:
    """points, normals, colors, num_views, sigma of the reference map `index`; uses up the pixels it was made of."""
    here, there = maps(index), [maps(j) for j in others]
    if not there:
        return _points(here, np.zeros_like(here.depth), here.normal, np.zeros(here.depth.shape, np.uint8), here.depth)
    forward = [patchmatch.relative(here.k, here.view.cam_from_world, m.k, m.view.cam_from_world) for m in there]
    back = [patchmatch.relative(m.k, m.view.cam_from_world, here.k, here.view.cam_from_world) for m in there]
    compared = fusion.Others(
        padded([m.depth for m in there]),
        padded([m.normal for m in there]),
        padded([m.inferred for m in there]),
        padded([np.asarray(masks[j]) for j in others]),
        np.array([m.depth.shape for m in there], np.int32),
        np.array([a for a, _ in forward]),
        np.array([b for _, b in forward]),
        np.array([a for a, _ in back]),
        np.array([b for _, b in back]),
        np.array([here.view.cam_from_world[:, :3] @ m.view.cam_from_world[:, :3].T for m in there]),
    )
    fused = fusion.fuse(
        here.depth,
        here.normal,
        here.inferred,
        np.asarray(masks[index]),
        compared,
        max_error_px=options.max_error_px,
        max_relative_error=options.max_relative_error,
        max_angle_deg=options.max_angle_deg,
        min_views=options.min_views,
    )
    for j, used, other in zip(others, compared.used, there, strict=True):
        masks[j][:] = used[: other.depth.shape[0], : other.depth.shape[1]]
    return _points(here, *fused)


def _points(
    here: _Map, depth: Float32Array, normal: Float32Array, num_views: ByteArray, sigma: Float32Array
) -> tuple[np.ndarray, ...]:
    """The kept pixels as points in the world."""
    row, column = np.nonzero(depth)
    z = depth[row, column].astype(np.float64)
    pixel = np.stack([column + 0.5, row + 0.5, np.ones(len(row))], axis=1)
    in_cam = pixel @ np.linalg.inv(here.k).T * z[:, None]
    rotation, translation = here.view.cam_from_world[:, :3], here.view.cam_from_world[:, 3]
    picture = cv2.imread(str(here.view.path), cv2.IMREAD_COLOR)
    picture = cv2.resize(picture, depth.shape[::-1], interpolation=cv2.INTER_AREA)
    return (
        ((in_cam - translation) @ rotation).astype(np.float32),
        (normal[row, column] @ rotation).astype(np.float32),
        picture[row, column, ::-1].copy(),
        num_views[row, column],
        sigma[row, column],
    )
