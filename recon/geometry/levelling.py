"""Making the photos agree along the seams between them.

A node is one vertex as one label paints it; a vertex on a seam has several nodes. Global levelling finds a smooth
offset for every node, such that the labels agree at the seams.
Source: Waechter, Moehrle, Goesele, Let There Be Color!, 2014, section 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from scipy.sparse.linalg import cg

from recon.geometry.surface import shared_edges

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Nodes:
    vertex: IntArray  # (N,)
    label: IntArray  # (N,)
    of_corner: IntArray  # (F, 3); -1 for faces that no photo paints


def nodes_of(faces: IntArray, labels: IntArray) -> Nodes:
    painted = labels >= 0
    base = np.int64(max(int(labels.max(initial=0)) + 1, 1))
    key = faces[painted].astype(np.int64) * base + labels[painted, None]
    found, number = np.unique(key, return_inverse=True)
    of_corner = np.full(faces.shape, -1, np.int32)
    of_corner[painted] = number.reshape(-1, 3)
    return Nodes((found // base).astype(np.int32), (found % base).astype(np.int32), of_corner)


@dataclass(frozen=True, slots=True)
class Seams:
    """Places along the edges between faces of different labels: side 0 is the first face's, side 1 the second's."""

    face: IntArray  # (S, 2) the faces on both sides
    node: IntArray  # (S, 2, 2) [side, end] nodes of the edge's ends
    t: Float32Array  # (S,) 0 at the first end .. 1 at the second
    point: Float32Array  # (S, 3) world

    def __len__(self) -> int:
        return len(self.t)


def seams_of(
    vertices: Float32Array, faces: IntArray, labels: IntArray, nodes: Nodes, plane: Float32Array, scale: float
) -> Seams:
    """A place for about every texel along the seams; plane (F, 3, 2) px, scaled to texels by `scale`."""
    first, second, ends = shared_edges(faces, len(vertices))
    seam = (labels[first] != labels[second]) & (labels[first] >= 0) & (labels[second] >= 0)
    first, second, ends = first[seam], second[seam], ends[seam]

    def corner(face: IntArray, end: int) -> NDArray[np.intp]:
        return np.asarray(np.argmax(faces[face] == ends[:, end, None], axis=1))

    corners = np.array([[corner(face, end) for end in (0, 1)] for face in (first, second)])  # (2 sides, 2 ends, E)
    length = np.linalg.norm(plane[first, corners[0, 0]] - plane[first, corners[0, 1]], axis=1) * scale
    count = np.clip(np.ceil(length), 1, 64).astype(np.int64)
    edge = np.repeat(np.arange(len(first)), count)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    t = ((step + 0.5) / count[edge]).astype(np.float32)
    a, b = vertices[ends[edge, 0]], vertices[ends[edge, 1]]
    node = np.stack(
        [np.stack([nodes.of_corner[face, corners[side, end]] for end in (0, 1)], -1) for side, face in
         enumerate((first, second))], 1
    )  # fmt: skip
    return Seams(
        face=np.stack([first, second], -1)[edge],
        node=node[edge],
        t=t,
        point=(a + (b - a) * t[:, None]).astype(np.float32),
    )


def levelled(
    nodes: Nodes,
    seams: Seams,
    colors: Float32Array,
    wanted: Float32Array,
    trust: Float32Array,
    *,
    smoothness: float = 0.1,
    pull: float = 1e-2,
    outlier: float = 40.0,
) -> Float32Array:
    """(N, 3) what to add to each node's colour, smooth but for what the labels need to agree at the seams.

    colors (S, 2, 3) are those that both sides show along the seams. Where they differ by more than `outlier` grey
    levels something else is in one photo, and the place counts for less.
    wanted (N, 3), trust (N,) 0..1: towards what the offsets are drawn, softly: fine detail stays the photo's own, and
    what is broader than some sqrt(smoothness / pull) edges becomes what all photos show there.
    """
    count = len(nodes.vertex)
    # the mean difference at each pair of nodes of one vertex, weighted by how near the samples are
    sound = 1 / (1 + (np.abs(colors[:, 0] - colors[:, 1]).max(axis=1) / outlier) ** 2)
    weight = np.stack([1 - seams.t, seams.t], -1).astype(np.float64) * sound[:, None]
    pair = np.stack([seams.node[:, 0], seams.node[:, 1]], -1).reshape(-1, 2).astype(np.int64)  # (S * 2 ends, 2 sides)
    difference = np.repeat(colors[:, 0] - colors[:, 1], 2, axis=0).astype(np.float64)
    swap = pair[:, 0] > pair[:, 1]
    pair[swap], difference[swap] = pair[swap][:, ::-1], -difference[swap]
    key, inverse = np.unique(pair[:, 0] * count + pair[:, 1], return_inverse=True)
    share = np.bincount(inverse, weight.ravel())
    mean = np.stack([np.bincount(inverse, weight.ravel() * difference[:, c]) for c in range(3)], -1) / share[:, None]
    i, j = key // count, key % count

    corner = nodes.of_corner[nodes.of_corner[:, 0] >= 0]
    edges = np.concatenate([corner[:, [0, 1]], corner[:, [1, 2]], corner[:, [2, 0]]])
    edges = np.unique(np.sort(edges, axis=1), axis=0)
    strength = np.concatenate([np.ones(len(i)), np.full(len(edges), smoothness)])
    rows, columns = np.concatenate([i, edges[:, 0]]), np.concatenate([j, edges[:, 1]])
    off = csr_matrix(
        (np.concatenate([-strength, -strength]), (np.concatenate([rows, columns]), np.concatenate([columns, rows]))),
        shape=(count, count),
    )
    diagonal = -np.asarray(off.sum(axis=1)).ravel() + pull * trust + 1e-4  # and a weak pull to "no offset"
    system = csr_matrix(off + diags(diagonal))
    target = (pull * trust[:, None] * wanted).astype(np.float64)
    np.add.at(target, i, -mean)
    np.add.at(target, j, mean)
    precondition = diags(1 / diagonal)
    found = [cg(system, target[:, c], rtol=1e-4, maxiter=600, M=precondition)[0] for c in range(3)]
    return np.stack(found, -1).astype(np.float32)


def residuals(seams: Seams, colors: Float32Array, offsets: Float32Array) -> Float32Array:
    """(S, 2, 3) what each side still has to change to meet the other halfway."""
    t = seams.t[:, None, None]
    level = colors + offsets[seams.node[:, :, 0]] * (1 - t) + offsets[seams.node[:, :, 1]] * t
    half = (level[:, 1] - level[:, 0]) / 2
    return np.stack([half, -half], 1).astype(np.float32)


def diffused(
    values: Float32Array, known: NDArray[np.bool_], neighbours: csr_matrix, points: Float32Array
) -> Float32Array:
    """(V, 3) values where known, elsewhere smooth between them; pieces without any take the nearest's."""
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    values = values.copy()
    piece = connected_components(neighbours, directed=False)[1]
    reached = np.bincount(piece[known], minlength=piece.max() + 1)[piece] > 0
    lost = ~known & ~reached
    if lost.any() and known.any():
        values[lost] = values[known][cKDTree(points[known]).query(points[lost])[1]]
    asked = np.flatnonzero(~known & reached)
    if len(asked):
        inner = neighbours[asked][:, asked]
        degree = np.asarray(neighbours[asked].sum(axis=1)).ravel()
        boundary = np.asarray(neighbours[asked][:, np.flatnonzero(known)] @ values[known])
        system, precondition = csr_matrix(diags(degree) - inner), diags(1 / degree)
        for c in range(values.shape[1]):
            values[asked, c] = cg(system, boundary[:, c], rtol=1e-4, maxiter=1000, M=precondition)[0]
    return values
