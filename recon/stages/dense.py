"""Dense: fuse the depth maps into one cloud of points that several photos agree on."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.errors import NoReconstruction
from recon.formats.ply import Ply, PlyWriter
from recon.geometry import fusion, ground, neighbours, patchmatch
from recon.geometry.pad import padded
from recon.messages import Message
from recon.progress import Progress
from recon.types import ByteArray, DepthMap, DepthMaps, Float32Array, FloatArray, PointCloud, Points, View

VERSION = 5

MIN_POINTS = 500


@dataclass(frozen=True, kw_only=True)
class DenseOptions:
    min_views: int = 2  # photos that must agree on a point; if only two agree, max_error_px is halved
    max_error_px: float = 1.0  # forward-backward reprojection error; a larger limit fills gaps and adds noise
    max_relative_error: float = 0.01  # of depth
    max_angle_deg: float = 60.0  # between the normals that two photos give
    neighbours: int = 12  # maps that each map is compared with


def build(depths: DepthMaps, options: DenseOptions, *, scratch: Path, progress: Progress) -> PointCloud:
    """Fuse view by view into scratch/cloud.ply. Memory: one view and its neighbours; all else is on disk."""
    sparse = depths.sparse
    index_of = {v.name: i for i, v in enumerate(sparse.views)}
    kept = [index_of[m.view] for m in depths.maps]
    table = sparse.neighbour_scores()[np.ix_(kept, kept)]
    used = scratch / "used"
    shutil.rmtree(used, ignore_errors=True)
    used.mkdir()

    @lru_cache(maxsize=options.neighbours + 2)
    def maps(index: int) -> _Map:
        return _Map.loaded(depths.maps[index], sparse.views[kept[index]], used / f"{index:05d}.npy")

    progress.start(len(kept), "view")
    with PlyWriter(scratch / "fused.ply") as out:
        for index in range(len(kept)):
            others = [maps(j) for j in neighbours.choose(table[index], options.neighbours)]
            out.append(_fuse_view(maps(index), others, options))
            progress.advance()
    shutil.rmtree(used)
    cloud = _cut(PointCloud(out.path, out.count), scratch / "cloud.ply", sparse.frame.cut_height, progress)
    if len(cloud) < MIN_POINTS:
        raise NoReconstruction("few_points_agree", points=len(cloud))
    return cloud


def _cut(fused: PointCloud, path: Path, cut_height: float | None, progress: Progress) -> PointCloud:
    """The cloud moved to `path`, without the ground if the options cut it off."""
    if cut_height is None or not len(fused):
        return PointCloud(fused.path.replace(path), len(fused))
    standing = ground.standing(fused, cut_height)
    with PlyWriter(path) as out:
        for block in fused.blocks():
            out.append(_ply(block.only(standing.holds(block))))
    fused.path.unlink()
    if out.count < len(fused):
        progress.warn(Message("warning.ground_cut", share=1 - out.count / len(fused)))
    return PointCloud(path, out.count)


def _ply(points: Points) -> Ply:
    return Ply(points.points, points.normals, points.colors, points.num_views, points.sigma)


@dataclass(slots=True)
class _Map:
    """A depth map in memory with its pinhole camera, and which of its pixels points were made of."""

    depth: Float32Array
    normal: Float32Array
    inferred: NDArray[np.bool_]
    used: NDArray[np.bool_]
    kept: Path  # where `used` lies while the map is not in memory
    k: FloatArray
    view: View

    @classmethod
    def loaded(cls, stored: DepthMap, view: View, kept: Path) -> _Map:
        depth, normal, confidence = stored.load()
        used = np.load(kept) if kept.exists() else np.zeros(depth.shape, bool)
        k = view.scaled(depth.shape[1], depth.shape[0])
        return cls(depth, normal, confidence < DepthMap.LEAST_MEASURED, used, kept, k, view)

    def use(self, used: NDArray[np.bool_]) -> None:
        self.used = used[: self.depth.shape[0], : self.depth.shape[1]].copy()
        np.save(self.kept, self.used)


def _fuse_view(here: _Map, there: Sequence[_Map], options: DenseOptions) -> Ply:
    """The points of the reference map `here`; uses up the pixels of other maps that they were made of."""
    if not there:
        return _points(here, np.zeros_like(here.depth), here.normal, np.zeros(here.depth.shape, np.uint8), here.depth)
    forward = [patchmatch.relative(here.k, here.view.cam_from_world, m.k, m.view.cam_from_world) for m in there]
    back = [patchmatch.relative(m.k, m.view.cam_from_world, here.k, here.view.cam_from_world) for m in there]
    compared = fusion.Others(
        padded([m.depth for m in there]),
        padded([m.normal for m in there]),
        padded([m.inferred for m in there]),
        padded([m.used for m in there]),
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
        here.used,
        compared,
        max_error_px=options.max_error_px,
        max_relative_error=options.max_relative_error,
        max_angle_deg=options.max_angle_deg,
        min_views=options.min_views,
    )
    for other, used in zip(there, compared.used, strict=True):
        other.use(used)
    return _points(here, *fused)


def _points(here: _Map, depth: Float32Array, normal: Float32Array, num_views: ByteArray, sigma: Float32Array) -> Ply:
    """The kept pixels as points in the world."""
    row, column = np.nonzero(depth)
    z = depth[row, column].astype(np.float64)
    pixel = np.stack([column + 0.5, row + 0.5, np.ones(len(row))], axis=1)
    in_cam = pixel @ np.linalg.inv(here.k).T * z[:, None]
    rotation, translation = here.view.cam_from_world[:, :3], here.view.cam_from_world[:, 3]
    picture = cv2.imread(str(here.view.path), cv2.IMREAD_COLOR)
    picture = cv2.resize(picture, depth.shape[::-1], interpolation=cv2.INTER_AREA)
    return Ply(
        ((in_cam - translation) @ rotation).astype(np.float32),
        (normal[row, column] @ rotation).astype(np.float32),
        picture[row, column, ::-1].copy(),
        num_views[row, column],
        sigma[row, column],
    )
