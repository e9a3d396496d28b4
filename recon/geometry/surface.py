"""Triangle surfaces from oriented points: spacing, trimming to what was measured, repair, decimation.

Arrays in, arrays out. Faces (F, 3) int32 index vertices (V, 3); both keep their dtype.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import open3d as o3d
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
ByteArray = NDArray[np.uint8]
BoolArray = NDArray[np.bool_]


def poisson(
    points: Float32Array, normals: Float32Array, *, depth: int, room: float, threads: int
) -> tuple[Float32Array, IntArray]:
    """Screened Poisson surface: vertices (V, 3), faces (F, 3), counter-clockwise from the normals' side.

    It is solved in a cube of `room` times the points' extent with 2^depth cells a side, and ends at the cube's walls.
    Several threads are known to crash or hang now and then (Open3D#6828): call it where that may happen.
    Source: Kazhdan and Hoppe, Screened Poisson Surface Reconstruction, 2013.
    """
    cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(points.astype(np.float64)))
    cloud.normals = o3d.utility.Vector3dVector(normals.astype(np.float64))
    mesh, _ = o3d.geometry.TriangleMesh.create_from_point_cloud_poisson(
        cloud, depth=depth, scale=room, linear_fit=False, n_threads=threads
    )
    return np.asarray(mesh.vertices).astype(np.float32), np.asarray(mesh.triangles).astype(np.int32)


@dataclass(frozen=True, slots=True)
class Support:
    """The measured points, with a search tree: how near they are to a place, and what measured them."""

    tree: cKDTree
    points: Float32Array  # (N, 3)
    spacing: Float32Array  # (N,) distance to the neighbours around each point
    measured_by: ByteArray  # (N, 2) photos and scans; both 0 = inferred, not measured
    normals: Float32Array  # (N, 3)

    @property
    def median_spacing(self) -> float:
        return float(np.median(self.spacing))

    @property
    def sparse_spacing(self) -> float:
        """Where points are sparse; the median, where all are alike."""
        return max(self.median_spacing, widest(self.spacing))

    def near(self, places: Float32Array, neighbours: int = 5) -> tuple[Float32Array, ByteArray, Float32Array]:
        """For places (M, 3): distance to the nearest point in local spacings, median of the photos and scans around (M,
        2), nearest normal.
        """
        distance, index = _nearest(self.tree, places, neighbours)
        local = np.clip(np.median(self.spacing[index], axis=1), 0.25 * self.median_spacing, 8 * self.sparse_spacing)
        measured_by = np.median(self.measured_by[index], axis=1)
        return (
            (distance[:, 0] / local).astype(np.float32),
            measured_by.astype(np.uint8),
            self.normals[index[:, 0]],
        )


def _nearest(tree: cKDTree, places: Float32Array, count: int) -> tuple[FloatArray, NDArray[np.intp]]:
    """Distances and numbers of the `count` nearest points, both (M, count)."""
    distance, index = tree.query(places, k=range(1, count + 1), workers=-1)
    return np.asarray(distance), np.asarray(index)


def spacings(points: Float32Array, neighbours: int = 6) -> FloatArray:
    """(N,) the mean distance of each point (N, 3) to its nearest neighbours."""
    return np.asarray(_nearest(cKDTree(points), points, neighbours + 1)[0][:, 1:].mean(axis=1))


def widest(spacing: NDArray[np.floating]) -> float:
    """The cell that sparse points fill evenly, as scans' are beside photos', by `spacings` (N,)."""
    return 0.75 * float(np.percentile(spacing, 90))


def support(
    points: Float32Array, normals: Float32Array, measured_by: ByteArray, neighbours: int = 6, loneliest: float = 6.0
) -> Support:
    """Of the points (N, 3) but those whose neighbours are `loneliest` times farther than is usual here."""
    distance = spacings(points, neighbours)
    kept = distance <= loneliest * max(float(np.median(distance)), widest(distance))
    points, normals, measured_by, distance = points[kept], normals[kept], measured_by[kept], distance[kept]
    return Support(cKDTree(points), points, distance.astype(np.float32), measured_by, normals)


def octree(extent: float, cell: float, *, room: float, finest: int) -> tuple[int, float]:
    """Depth of an octree with cells of width `cell`, and the side of its cube in extents, between `room` and twice as
    much.
    """
    depth = int(np.clip(np.ceil(np.log2(max(room * extent / max(cell, 1e-12), 1.0))), 5, finest))
    return depth, max(room, cell * 2**depth / extent)


def clusters(points: Float32Array, gap: float) -> IntArray:
    """(N,) number of the cluster of each point (N, 3); wider gaps than `gap` part two."""
    cells, cell = np.unique(np.floor(points / gap).astype(np.int64), axis=0, return_inverse=True)
    first, second = cKDTree(cells).query_pairs(1.8, output_type="ndarray").T  # a cell's 26 neighbours
    graph = coo_matrix((np.ones(len(first), bool), (first, second)), shape=(len(cells), len(cells)))
    return np.asarray(connected_components(graph, directed=False)[1][cell.ravel()], np.int32)


def face_components(faces: IntArray, num_vertices: int, among: BoolArray | None = None) -> IntArray:
    """(F,) number of the edge-connected component of each face; -1 where not `among`."""
    chosen = np.arange(len(faces)) if among is None else np.flatnonzero(among)
    first, second = shared_edges(faces[chosen], num_vertices)[:2]
    graph = coo_matrix((np.ones(len(first), bool), (first, second)), shape=(len(chosen), len(chosen)))
    found = np.full(len(faces), -1, np.int32)
    found[chosen] = connected_components(graph, directed=False)[1]
    return found


def shared_edges(faces: IntArray, num_vertices: int) -> tuple[IntArray, IntArray, IntArray]:
    """Pairs of faces across each edge that exactly two faces share: (first (E,), second (E,), corners (E, 2))."""
    half = np.stack([faces, np.roll(faces, -1, axis=1)], axis=-1).reshape(-1, 2)
    low, high = half.min(axis=1).astype(np.int64), half.max(axis=1).astype(np.int64)
    key = low * num_vertices + high
    order = np.argsort(key, kind="stable")
    start = np.flatnonzero(_is_new(key[order, None]))
    pair = start[np.diff(start, append=len(key)) == 2]
    first, second = order[pair], order[pair + 1]
    return (first // 3).astype(np.int32), (second // 3).astype(np.int32), half[first].astype(np.int32)


def face_areas(vertices: Float32Array, faces: IntArray) -> FloatArray:
    corner = vertices[faces].astype(np.float64)
    return np.asarray(0.5 * np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1))


def face_normals(vertices: Float32Array, faces: IntArray) -> FloatArray:
    """(F, 3) unit; zero for faces without area."""
    corner = vertices[faces].astype(np.float64)
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    return np.asarray(normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-30))


def keep_faces(vertices: Float32Array, faces: IntArray, kept: BoolArray) -> tuple[Float32Array, IntArray]:
    """The kept faces and the vertices that they use."""
    used, renumbered = np.unique(faces[kept], return_inverse=True)
    return vertices[used], renumbered.reshape(-1, 3).astype(np.int32)


def trimmed(
    faces: IntArray,
    num_vertices: int,
    distance: Float32Array,
    free: BoolArray,
    open_ended: BoolArray,
    *,
    reach: float,
    margin: float,
    max_hole: float,
) -> BoolArray:
    """(F,) which faces to keep of a surface that was closed beyond what was measured.

    distance (F,): to the nearest measured point, in point spacings. free (F,): photos look through the face; it is
    removed.
    Of the others those within `reach` stay, and so do those within `margin` that may be `open_ended` (F,). What is left
    forms patches: a patch stays, as the filling of a hole, if no part of it is farther than `max_hole` and it does not
    run out to the surface's own edge or to free space.
    """
    beyond = (distance > reach) & ~free
    if not beyond.any():
        return np.asarray(~free)
    patch = face_components(faces, num_vertices, beyond)
    farthest = np.zeros(patch.max() + 1, np.float32)
    np.maximum.at(farthest, patch[beyond], distance[beyond])
    first, second, _ = shared_edges(faces, num_vertices)
    solid = ~free[first] & ~free[second]
    num_neighbours = np.bincount(np.concatenate([first[solid], second[solid]]), minlength=len(faces))
    at_edge = np.zeros(len(farthest), bool)
    at_edge[patch[beyond & (num_neighbours < 3)]] = True
    hole = (farthest <= max_hole) & ~at_edge
    return np.asarray(~free & (~beyond | hole[patch] | (open_ended & (distance <= margin))))


def capped(vertices: Float32Array, faces: IntArray) -> tuple[Float32Array, IntArray, IntArray]:
    """The surface with every hole closed by a fan around the centre of its rim; also the indices of the new faces.

    The surface must come from `manifold`: each vertex lies on one rim at most.
    """
    half = np.stack([faces, np.roll(faces, -1, axis=1)], axis=-1).reshape(-1, 2).astype(np.int64)
    there, back = half @ (len(vertices), 1), half @ (1, len(vertices))
    rim = half[~np.isin(there, back)]
    if not len(rim):
        return vertices, faces, np.zeros(0, np.int32)
    graph = coo_matrix((np.ones(len(rim), bool), tuple(rim.T)), shape=(len(vertices),) * 2)
    loop = connected_components(graph, directed=False)[1][rim[:, 0]]
    _, rim_of = np.unique(loop, return_inverse=True)
    count = np.bincount(rim_of)
    centre = np.stack([np.bincount(rim_of, vertices[rim[:, 0], axis]) / count for axis in range(3)], axis=1)
    fan = np.column_stack([rim[:, ::-1], len(vertices) + rim_of]).astype(np.int32)
    return (
        np.concatenate([vertices, centre.astype(np.float32)]),
        np.concatenate([faces, fan]),
        np.arange(len(faces), len(faces) + len(fan), dtype=np.int32),
    )


def smoothed(values: Float32Array, faces: IntArray, rounds: int) -> Float32Array:
    """Values (V,) of vertices, each replaced by the mean of its neighbours and itself, `rounds` times."""
    neighbours = vertex_neighbours(faces, len(values))
    count = np.asarray(neighbours.sum(axis=1)).ravel() + 1
    for _ in range(rounds):
        values = ((neighbours @ values + values) / count).astype(np.float32)
    return values


def manifold(vertices: Float32Array, faces: IntArray) -> tuple[Float32Array, IntArray]:
    """Coincident vertices merged, collapsed and double faces dropped, sheets that merely touch split apart.

    Corners of faces are joined only across edges that exactly two faces share, in opposite directions. What is then
    joined is one vertex: every vertex has one fan of faces.
    """
    used, merged = _unique_rows(vertices)
    vertices, faces = vertices[used], merged[faces].astype(np.int32)
    a, b, c = faces.T
    faces = faces[(a != b) & (b != c) & (c != a)]
    faces = faces[np.sort(_unique_rows(np.sort(faces, axis=1))[0])]

    first, second, ends = shared_edges(faces, len(vertices))
    corner_of = np.arange(3 * len(faces)).reshape(-1, 3)

    def corner(face: IntArray, vertex: IntArray) -> NDArray[np.int64]:
        return np.asarray(corner_of[face, np.argmax(faces[face] == vertex[:, None], axis=1)])

    # the first face runs along the edge from ends[0] to ends[1]; a face of the same sheet runs back
    turned_back = (
        np.argmax(faces[second] == ends[:, :1], axis=1) - np.argmax(faces[second] == ends[:, 1:], axis=1)
    ) % 3
    first, second, ends = (x[turned_back == 1] for x in (first, second, ends))
    rows = np.concatenate([corner(first, ends[:, 0]), corner(first, ends[:, 1])])
    columns = np.concatenate([corner(second, ends[:, 0]), corner(second, ends[:, 1])])
    graph = coo_matrix((np.ones(len(rows), bool), (rows, columns)), shape=(3 * len(faces),) * 2)
    count, vertex = connected_components(graph, directed=False)
    source = np.zeros(count, np.int64)
    source[vertex] = faces.ravel()
    return vertices[source], vertex.reshape(-1, 3).astype(np.int32)


def _unique_rows(rows: NDArray[np.generic]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each different row (N, 3) is found first, in the order of their values, and the number of each row's value
    in that order. In a third of the time of np.unique.
    """
    order = np.lexsort(rows.T[::-1])
    new = _is_new(rows[order])
    number = np.empty(len(rows), np.int64)
    number[order] = np.cumsum(new) - 1
    return order[new], number


def _is_new(rows: NDArray[np.generic]) -> BoolArray:
    """(N,) whether a row (N, K) differs from the one before it."""
    new = np.ones(len(rows), bool)
    new[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    return new


def decimated(vertices: Float32Array, faces: IntArray, target: int) -> tuple[Float32Array, IntArray]:
    """At most `target` faces by quadric error. Source: Garland and Heckbert, 1997."""
    if len(faces) <= target:
        return vertices, faces
    tensor = o3d.core.Tensor.from_numpy
    mesh = o3d.t.geometry.TriangleMesh(tensor(np.ascontiguousarray(vertices)), tensor(np.ascontiguousarray(faces)))
    mesh = mesh.simplify_quadric_decimation(1.0 - target / len(faces))
    return mesh.vertex.positions.numpy().astype(np.float32), mesh.triangle.indices.numpy().astype(np.int32)


def vertex_neighbours(faces: IntArray, num_vertices: int) -> csr_matrix:
    """Symmetric (V, V) matrix with 1 where two vertices share an edge."""
    half = np.stack([faces, np.roll(faces, -1, axis=1)], axis=-1).reshape(-1, 2)
    rows, columns = np.concatenate([half, half[:, ::-1]]).T
    graph = csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(num_vertices, num_vertices))
    graph.data[:] = 1.0
    return graph
