"""Lines where a plane cuts a cloud without a surface: through the points of a thin slab.

The slab's points are thinned and laid onto the line through their neighbours, so that a wall's noise becomes one line;
the shortest edges that join them (a minimum spanning tree, Kruskal 1956) are the line. Short twigs are noise.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import cKDTree

from recon.drawing.cut_lines import simplified
from recon.drawing.projection import Projection

FloatArray = NDArray[np.float64]
LongArray = NDArray[np.int64]

_REACH = 3.0  # cells: farther points are not joined
_TWIG = 4  # edges: a shorter branch is noise
_STRAIGHT = 0.15  # of the spread along: the most across where points are of one line
_NEAREST = 4  # neighbours in the slab that tell how close its points are
_FEWEST = 2  # points of the slab in a cell's surroundings


def cloud_lines(
    points: NDArray[np.floating], drawing: Projection, half: float, cell: float, tolerance: float
) -> list[FloatArray]:
    """Polylines (N, 2) in the drawing's plane; a closed one ends where it begins.

    points (N, 3); half: metres from the plane within which they count; cell: metres between the line's points at
    least; tolerance: how far a simplified line may lie from them, metres.
    """
    assert drawing.cut is not None
    flat = drawing.flat(points[np.abs(points @ drawing.ahead - drawing.cut) < half])
    if len(flat) <= _NEAREST:
        return []
    asked = flat[:: max(1, len(flat) // 20_000)]
    far = np.asarray(cKDTree(flat).query(asked, _NEAREST + 1)[0])[:, -1]
    cell = max(cell, float(np.percentile(far, 90)))  # far from the scanner, points lie wider apart
    nodes = _thinned(flat, cell)
    nodes = nodes[cKDTree(flat).query_ball_point(nodes, cell, return_length=True) >= _FEWEST]
    for _ in range(2):
        nodes = _thinned(_onto_lines(nodes, cell), cell)
    return [simplified(line, tolerance) for line in _chains(nodes, _REACH * cell)]


def _thinned(flat: FloatArray, cell: float) -> FloatArray:
    """The mean of the points of each square."""
    if not len(flat):
        return flat
    _, which = np.unique(np.floor(flat / cell).astype(np.int64), axis=0, return_inverse=True)
    which = which.ravel()
    count = np.bincount(which)
    return np.column_stack([np.bincount(which, flat[:, k]) / count for k in (0, 1)])


def _onto_lines(nodes: FloatArray, cell: float) -> FloatArray:
    """Each node moved onto the line through the points about it, where these are of one line."""
    near = cKDTree(nodes).query_ball_tree(cKDTree(nodes), 2 * cell)
    moved = nodes.copy()
    for i, members in enumerate(near):
        some = nodes[members]
        if len(some) < 3:
            continue
        centre = some.mean(axis=0)
        spread, ways = np.linalg.eigh((some - centre).T @ (some - centre))
        if spread[0] < _STRAIGHT * spread[1]:
            along = ways[:, 1]
            moved[i] = centre + ((nodes[i] - centre) @ along) * along
    return moved


def _chains(nodes: FloatArray, reach: float) -> list[FloatArray]:
    """The spanning tree's lines between its ends and branches, without twigs; rings are closed again."""
    pairs = cKDTree(nodes).query_pairs(reach, output_type="ndarray")
    if not len(pairs):
        return []
    length = np.linalg.norm(nodes[pairs[:, 0]] - nodes[pairs[:, 1]], axis=1) + 1e-9
    graph = coo_array((length, (pairs[:, 0], pairs[:, 1])), shape=(len(nodes),) * 2).tocsr()
    tree = minimum_spanning_tree(graph).tocoo()
    links: list[set[int]] = [set() for _ in nodes]
    for a, b in zip(tree.row.tolist(), tree.col.tolist(), strict=True):
        links[a].add(b)
        links[b].add(a)
    _without_twigs(links)
    ends = np.array([i for i, others in enumerate(links) if len(others) == 1], np.int64)
    if len(ends):
        for i, j in cKDTree(nodes[ends]).query_pairs(reach):  # where the tree had to open a ring, or a point was missed
            a, b = int(ends[i]), int(ends[j])
            if len(links[a]) == len(links[b]) == 1 and b not in links[a] and not links[a] & links[b]:
                links[a].add(b)
                links[b].add(a)
    return [nodes[chain] for chain in _walked(links)]


def _without_twigs(links: list[set[int]]) -> None:
    """Remove the branches of a few edges that leave a longer line."""
    for end in [i for i, others in enumerate(links) if len(others) == 1]:
        twig = [end]
        while len(twig) <= _TWIG:
            onward = links[twig[-1]] - set(twig)
            if len(onward) != 1:
                break
            twig.append(next(iter(onward)))
        if len(links[twig[-1]]) > 2 and len(twig) - 1 <= _TWIG:
            for a, b in pairwise(twig):
                links[a].discard(b)
                links[b].discard(a)


def _walked(links: list[set[int]]) -> list[LongArray]:
    """Chains of nodes: from ends and branches on, then rings."""
    left = [set(others) for others in links]
    starts = [i for i, others in enumerate(links) if len(others) not in (0, 2)]
    chains = []
    for start in [*starts, *range(len(links))]:
        while left[start]:
            chain = [start]
            while left[chain[-1]]:
                onward = left[chain[-1]].pop()
                left[onward].discard(chain[-1])
                chain.append(onward)
                if len(links[onward]) != 2 or onward == start:
                    break
            chains.append(np.array(chain, np.int64))
    return chains
