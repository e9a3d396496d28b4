"""What two clouds look like alike: normals, FPFH descriptors, and which points of either may be the same place.

Descriptors do not depend on which side of a surface a normal points to, where nobody knows where the scanner stood:
turning all normals round reverses two of the three histograms of FPFH (Rusu, Blodow, Beetz 2009), so that a point of
one cloud is compared with both versions of the other's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import open3d
from numpy.typing import NDArray
from scipy.spatial import cKDTree

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
LongArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

BINS = 11  # of each of FPFH's three histograms
NORMAL_RADIUS, FEATURE_RADIUS = 2.5, 5.0  # in voxels
SPANNED = 0.06  # of the largest spread: the least second one of points that span a surface
MOST = 0.7
NEIGHBOURS = 12  # through which normals are made to agree on a side


@dataclass(frozen=True, slots=True)
class Surface:
    """A thinned cloud with normals and, if asked for, descriptors."""

    points: FloatArray  # (N, 3)
    normals: FloatArray  # (N, 3) unit
    features: Float32Array | None  # (N, 33), each histogram's sum is 1
    oriented: bool  # normals point to the scanner; else all of a piece point to the same side of it, either
    tree: Any  # scipy's cKDTree of points

    def __len__(self) -> int:
        return len(self.points)


def thinned(points: FloatArray, voxel: float) -> FloatArray:
    """The mean of the points of each voxel, (M, 3)."""
    cloud = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(points))
    return np.asarray(cloud.voxel_down_sample(voxel).points)


def voxel_for(points: FloatArray, count: int, *, at_least: float) -> float:
    """The edge of the voxels that thin the points to about `count`, but not below `at_least`."""
    voxel = at_least
    for _ in range(6):
        now = len(thinned(points, voxel))
        if now <= count * 1.1:
            break
        voxel *= max(1.03, (now / count) ** 0.5)
    return voxel


def reach_of_neighbours(points: FloatArray) -> float:
    """How far the sixth neighbour is, of 80 of 100 points: within that, a normal can be measured."""
    tree = cKDTree(points[:: max(1, len(points) // 400_000)])
    asked = tree.data[:: max(1, tree.n // 2000)]
    far = np.asarray(tree.query(asked, min(7, tree.n), workers=-1)[0])
    return float(np.percentile(far[:, -1], 80))


def voxel_for_normals(points: FloatArray, least: float, most: float) -> float:
    """The smallest voxel from `least` to `most` at which the points about most places span a surface.

    A scanner of a few spinning beams measures closely along lines that lie far apart: a normal from points of one line
    means nothing.
    """
    voxel = least
    while voxel < most:
        place = thinned(points, voxel)
        near, index = cKDTree(place).query(
            place[:: max(1, len(place) // 2000)], min(24, len(place)), distance_upper_bound=NORMAL_RADIUS * voxel
        )
        inside = np.isfinite(np.asarray(near))
        around = np.concatenate([place, np.zeros((1, 3))])[index]
        count = inside.sum(1)
        mean = (around * inside[..., None]).sum(1) / count[:, None]
        off = (around - mean[:, None]) * inside[..., None]
        spread = np.linalg.eigvalsh(np.einsum("nki,nkj->nij", off, off))
        flat = (count >= 5) & (spread[:, 1] > SPANNED * spread[:, 2])
        if flat.mean() > MOST:
            break
        voxel *= 1.3
    return min(voxel, most)


def surface(points: FloatArray, voxel: float, *, scanner: FloatArray | None, features: bool) -> Surface:
    """Points thinned to `voxel`, without strays, with normals from the points within 2.5 voxels, and FPFH."""
    cloud = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(points)).voxel_down_sample(voxel)
    cloud.estimate_normals(open3d.geometry.KDTreeSearchParamHybrid(radius=NORMAL_RADIUS * voxel, max_nn=40))
    place = np.asarray(cloud.points)
    tree = cKDTree(place)
    near = tree.query_ball_point(place, NORMAL_RADIUS * voxel, return_length=True, workers=-1)
    kept = np.flatnonzero(near >= 5)
    if len(kept) < len(place):
        cloud = cloud.select_by_index(kept)
        tree = cKDTree(np.asarray(cloud.points))
    if scanner is not None:
        cloud.orient_normals_towards_camera_location(np.asarray(scanner, float))
    elif features and len(kept) > NEIGHBOURS:
        cloud.orient_normals_consistent_tangent_plane(NEIGHBOURS)
    found: Float32Array | None = None
    if features and len(kept) > NEIGHBOURS:
        search = open3d.geometry.KDTreeSearchParamHybrid(radius=FEATURE_RADIUS * voxel, max_nn=120)
        found = np.asarray(open3d.pipelines.registration.compute_fpfh_feature(cloud, search).data).T.astype(np.float32)
        found = found / 200.0
    return Surface(np.asarray(cloud.points), np.asarray(cloud.normals), found, scanner is not None, tree)


def turned_round(features: Float32Array) -> Float32Array:
    """Descriptors (N, 33) as they were if all normals pointed to the other side."""
    a, b, c = features[:, :BINS], features[:, BINS : 2 * BINS], features[:, 2 * BINS :]  # Open3D's order
    return np.concatenate([a[:, ::-1], b, c[:, ::-1]], 1)


def correspondences(source: Surface, target: Surface, most: int) -> LongArray:
    """(K, 2) indices of source and target points that may be the same place, the most distinct first, K <= most.

    Nearest in descriptor space, from either side; pairs that are each other's nearest come first.
    """
    assert source.features is not None
    assert target.features is not None
    there, cost_there = _nearest(source.features, target.features, source.oriented and target.oriented)
    back, cost_back = _nearest(target.features, source.features, source.oriented and target.oriented)
    s, t = np.arange(len(source)), np.arange(len(target))
    pairs = np.concatenate([np.stack([s, there], 1), np.stack([back, t], 1)])
    cost = np.concatenate([cost_there, cost_back])
    mutual = np.concatenate([back[there] == s, there[back] == t])
    order = np.lexsort((cost, ~mutual))
    pairs = pairs[order]
    _, first = np.unique(pairs[:, 0] * len(target) + pairs[:, 1], return_index=True)
    return pairs[np.sort(first)][:most]


def _nearest(query: Float32Array, known: Float32Array, oriented: bool) -> tuple[LongArray, FloatArray]:
    """For each query (N, 33) its nearest known descriptor (N,), and how much nearer it is than the one after (N,)."""
    others = known if oriented else np.concatenate([known, turned_round(known)])
    square = (others**2).sum(1)
    best, ratio = np.zeros(len(query), np.int64), np.zeros(len(query))
    for start in range(0, len(query), 1024):
        rows = query[start : start + 1024]
        distance = (rows**2).sum(1)[:, None] + square - 2 * rows @ others.T
        if not oriented:
            n = len(known)
            distance = np.minimum(distance[:, :n], distance[:, n:])
        near = np.argpartition(distance, min(2, distance.shape[1] - 1), axis=1)[:, :2]
        values = np.take_along_axis(distance, near, 1)
        order = np.argsort(values, axis=1)
        best[start : start + len(rows)] = np.take_along_axis(near, order, 1)[:, 0]
        values = np.sqrt(np.maximum(np.take_along_axis(values, order, 1), 1e-12))
        ratio[start : start + len(rows)] = values[:, 0] / np.maximum(values[:, 1], 1e-9)
    return best, ratio
