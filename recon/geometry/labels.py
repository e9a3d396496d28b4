"""Which photo paints which face: a labelling of the face graph that prefers good views and few seams.

A face f has up to K candidates: views (F, K) int16, -1 where there is none, with costs (F, K). An edge between faces
of different labels costs its weight, and more where the two photos show what others do not: a seam there would be seen.
Everything is deterministic.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from recon.geometry.compiled import compiled, compiled_parallel
from recon.geometry.surface import shared_edges

Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]
ShortArray = NDArray[np.int16]
BoolArray = NDArray[np.bool_]
ByteArray = NDArray[np.uint8]


class Candidates:
    """The K best views of every face, gathered one view at a time, and the colours that they show at some of its
    places.
    """

    def __init__(self, num_faces: int, k: int, num_places: int = 0):
        self.views: ShortArray = np.full((num_faces, k), -1, np.int16)
        self.quality: Float32Array = np.zeros((num_faces, k), np.float32)
        self.samples: ByteArray = np.zeros((num_faces, k, num_places, 3), np.uint8)

    def add(self, view: int, quality: Float32Array, samples: ByteArray | None = None) -> None:
        """quality (F,), 0 where the view does not show the face; samples (F, S, 3) sRGB of the faces in it."""
        slot = np.argmin(self.quality, axis=1)
        better = np.flatnonzero(quality > self.quality[np.arange(len(slot)), slot])
        place = (better, slot[better])
        self.views[place], self.quality[place] = view, quality[better]
        if samples is not None:
            self.samples[place] = samples[better]

    @property
    def seen(self) -> BoolArray:
        return np.asarray(self.views.max(axis=1) >= 0)

    def costs(self, doubtful: BoolArray | None = None) -> Float32Array:
        """(F, K): 0 for a face's best view .. 1 for a useless one, 4 where doubtful, infinite where there is none."""
        cost = 1 - self.quality / np.maximum(self.quality.max(axis=1, keepdims=True), 1e-20)
        if doubtful is not None:
            trusted = np.where(doubtful, 0, self.quality).max(axis=1, keepdims=True)
            cost = np.where(doubtful, 4, 1 - self.quality / np.maximum(trusted, 1e-20))
        return np.where(self.views < 0, np.inf, cost).astype(np.float32)


def face_graph(faces: IntArray, num_vertices: int) -> tuple[IntArray, IntArray]:
    """Neighbour (F, 3) across each edge, -1 where there is none, and the edge's slot seen from there (F, 3)."""
    first, second, ends = shared_edges(faces, num_vertices)

    def slot(face: IntArray) -> NDArray[np.intp]:
        """The edge's slot in this face: edge e runs from corner e to e + 1."""
        is_end = (faces[face] == ends[:, :1]) | (faces[face] == ends[:, 1:])
        third = np.argmin(is_end, axis=1)
        return np.asarray((third + 1) % 3)

    a, b = slot(first), slot(second)
    neighbour = np.full((len(faces), 3), -1, np.int32)
    back = np.zeros((len(faces), 3), np.int32)
    neighbour[first, a], neighbour[second, b] = second, first
    back[first, a], back[second, b] = b, a
    return neighbour, back


def labelled(
    views: ShortArray,
    costs: Float32Array,
    neighbour: IntArray,
    back: IntArray,
    weight: Float32Array,
    surprise: Float32Array | None = None,
    *,
    rounds: int = 40,
) -> IntArray:
    """(F,) slot of the chosen candidate, -1 for faces without any.

    A seam across an edge costs weight (F, 3) * (1 + both sides' surprise (F, K)). Min-sum belief propagation, then
    single faces are moved while that lowers the energy.
    Source: Felzenszwalb and Huttenlocher, Efficient Belief Propagation for Early Vision, 2006 (Potts messages; a cost
    that is a sum over the two sides keeps them linear in K).
    """
    surprise = np.zeros_like(costs) if surprise is None else surprise
    messages = np.zeros((*views.shape[:1], 3, views.shape[1]), np.float32)
    spare = np.zeros_like(messages)
    for _ in range(rounds):
        _send(views, costs, neighbour, back, weight, surprise, messages, spare)
        messages, spare = spare, messages
    belief = costs + messages.sum(axis=1)
    chosen = np.where(views.max(axis=1) >= 0, np.argmin(belief, axis=1), -1).astype(np.int32)
    _settle(views, costs, neighbour, weight, surprise, chosen, 30)
    return chosen


@compiled_parallel
def _send(
    views: ShortArray, costs: Float32Array, neighbour: IntArray, back: IntArray, weight: Float32Array,
    surprise: Float32Array, messages: Float32Array, new: Float32Array,
) -> None:  # fmt: skip
    num_faces, num_slots = views.shape
    for g in numba.prange(num_faces):
        held = np.empty(num_slots, np.float32)
        for e in range(3):  # the message from the neighbour f across edge e to g
            f = neighbour[g, e]
            if f < 0 or views[f, 0] < 0:
                continue
            own = back[g, e]
            lowest, lowest_cut = np.float32(np.inf), np.float32(np.inf)
            for k in range(num_slots):
                held[k] = costs[f, k]
                for other in range(3):
                    if other != own:
                        held[k] += messages[f, other, k]
                lowest = min(lowest, held[k])
                lowest_cut = min(lowest_cut, held[k] + weight[g, e] * surprise[f, k])
            for j in range(num_slots):
                if views[g, j] < 0:
                    continue
                message = lowest_cut - lowest + weight[g, e] * (1 + surprise[g, j])
                for k in range(num_slots):
                    if views[f, k] == views[g, j]:
                        message = min(message, held[k] - lowest)
                new[g, e, j] = 0.5 * messages[g, e, j] + 0.5 * message


@compiled
def _settle(
    views: ShortArray, costs: Float32Array, neighbour: IntArray, weight: Float32Array, surprise: Float32Array,
    chosen: IntArray, sweeps: int,
) -> None:  # fmt: skip
    """Iterated conditional modes: each face in turn takes what is best beside its neighbours."""
    num_faces, num_slots = views.shape
    for _ in range(sweeps):
        moved = 0
        for f in range(num_faces):
            if chosen[f] < 0:
                continue
            best, best_cost = chosen[f], np.inf
            for k in range(num_slots):
                if views[f, k] < 0:
                    continue
                cost = costs[f, k] - (1e-6 if k == chosen[f] else 0.0)
                for e in range(3):
                    g = neighbour[f, e]
                    if g >= 0 and chosen[g] >= 0 and views[g, chosen[g]] != views[f, k]:
                        cost += weight[f, e] * (1 + surprise[f, k] + surprise[g, chosen[g]])
                if cost < best_cost:
                    best, best_cost = k, cost
            if best != chosen[f]:
                chosen[f] = best
                moved += 1
        if moved == 0:
            return


def label_components(labels: IntArray, neighbour: IntArray) -> IntArray:
    """(F,) number of the connected patch of equal label."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    face, edge = np.nonzero(neighbour >= 0)
    other = neighbour[face, edge]
    same = labels[face] == labels[other]
    graph = coo_matrix((np.ones(same.sum(), bool), (face[same], other[same])), shape=(len(labels),) * 2)
    return np.asarray(connected_components(graph, directed=False)[1], np.int32)


def without_specks(
    labels: IntArray, views: ShortArray, costs: Float32Array, neighbour: IntArray, *, fewest: int, rounds: int = 6
) -> IntArray:
    """Patches of fewer than `fewest` faces take a neighbouring patch's label where every face can be painted by it."""
    labels = labels.copy()
    for _ in range(rounds):
        patch = label_components(labels, neighbour)
        size = np.bincount(patch)
        small = (size[patch] < fewest) & (labels >= 0)
        if not small.any():
            break
        base = np.int64(views.max()) + 2
        face, slot = np.nonzero((views >= 0) & small[:, None] & (costs < 3))
        key, inverse, count = np.unique(patch[face] * base + views[face, slot], return_inverse=True, return_counts=True)
        total = np.bincount(inverse, costs[face, slot])
        able = count == size[key // base]
        face, edge = np.nonzero(small[:, None] & (neighbour >= 0))
        other = neighbour[face, edge]
        border = (labels[other] >= 0) & (labels[other] != labels[face]) & (size[patch[other]] >= size[patch[face]])
        wanted = np.isin(key, patch[face[border]] * base + labels[other[border]])
        key, mean = key[able & wanted], (total / count)[able & wanted]
        if not len(key):
            break
        order = np.lexsort((key % base, mean, key // base))
        key = key[order]
        first = np.concatenate([[True], key[1:] // base != key[:-1] // base])
        new = np.full(len(size), -2, np.int64)
        new[key[first] // base] = key[first] % base
        moved = new[patch] >= 0
        labels[moved] = new[patch][moved]
    return labels
