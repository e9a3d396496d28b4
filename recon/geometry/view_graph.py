"""Which photos hold a model together: the graph whose edges are the points that two photos share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WeakLink:
    """Where a part of a model hangs on the rest."""

    photos: tuple[int, int]  # the two that share most across it
    shared: int  # points that these two share
    part: tuple[int, ...]  # the photos on the smaller side


def shared_points(seen: Sequence[IntArray]) -> IntArray:
    """(N, N) points that two photos share; `seen` holds the numbers of the points that each sees."""
    rows = np.repeat(np.arange(len(seen)), [len(each) for each in seen])
    columns = np.concatenate([*seen, np.zeros(0, np.int64)])
    _, columns = np.unique(columns, return_inverse=True)
    sees = csr_array(
        (np.ones(len(rows), np.int64), (rows, columns)), shape=(len(seen), int(columns.max(initial=0)) + 1)
    )
    together = np.asarray((sees @ sees.T).toarray(), np.int64)
    np.fill_diagonal(together, 0)
    return together


def weak_links(shared: IntArray, least: int) -> list[WeakLink]:
    """The edges of the strongest tree over all photos that hold by fewer than `least` points, the weakest first."""
    strength = csr_array(np.where(shared > 0, 1.0 / np.maximum(shared, 1), 0.0))
    tree = minimum_spanning_tree(strength).tocoo()
    links = []
    for number, (i, j) in enumerate(zip(tree.row.tolist(), tree.col.tolist(), strict=True)):
        if shared[i, j] < least:
            without = np.arange(tree.nnz) != number
            rest = csr_array((tree.data[without], (tree.row[without], tree.col[without])), shape=shared.shape)
            _, parts = connected_components(rest, directed=False)
            sides = [np.flatnonzero(parts == parts[end]) for end in (i, j)]
            links.append(WeakLink((i, j), int(shared[i, j]), tuple(min(sides, key=len).tolist())))
    return sorted(links, key=lambda link: link.shared)
