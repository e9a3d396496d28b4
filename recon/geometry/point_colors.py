"""Colours of a surface from the points of scans beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Float32Array = NDArray[np.float32]
ByteArray = NDArray[np.uint8]

_MOST = 12_000_000  # points in memory: 100 bytes each with the search tree
_SPACING_SAMPLE = 20_000
_NEIGHBOURS = 4
_AT_ONCE = 1 << 18  # places that are looked up at once


class Block(Protocol):
    @property
    def points(self) -> Float32Array: ...  # (N, 3)

    @property
    def colors(self) -> ByteArray: ...  # (N, 3)


class Cloud(Protocol):
    """recon.types.PointCloud is one."""

    def __len__(self) -> int: ...

    def blocks(self) -> Iterator[Block]: ...


@dataclass(frozen=True, slots=True, eq=False)
class PointColors:
    tree: cKDTree
    colors: ByteArray  # (N, 3) sRGB
    spacing: float  # median distance to the nearest neighbour
    left_out: float  # share of the cloud's points that do not fit into memory, 0..1

    @classmethod
    def of(cls, cloud: Cloud, most: int = _MOST) -> PointColors:
        """Every n-th point, if the cloud has more than `most`."""
        step, start = max(1, -(-len(cloud) // most)), 0
        points, colors = [], []
        for block in cloud.blocks():
            chosen = slice(-start % step, None, step)
            points.append(block.points[chosen])
            colors.append(block.colors[chosen])
            start += len(block.points)
        kept = np.concatenate(points)
        tree = cKDTree(kept)
        some = kept[:: max(1, len(kept) // _SPACING_SAMPLE)]
        nearest = np.asarray(tree.query(some, k=[2], workers=-1)[0])
        spacing = float(np.median(nearest)) if len(kept) > 1 else 1.0
        return cls(tree, np.concatenate(colors), max(spacing, 1e-9), 1 - len(kept) / max(1, len(cloud)))

    def at(self, places: Float32Array) -> Float32Array:
        """(M, 3) sRGB of the places (M, 3): the points around them, which weigh less the farther they are."""
        found = np.empty((len(places), 3), np.float32)
        count = min(_NEIGHBOURS, len(self.colors))
        for start in range(0, len(places), _AT_ONCE):
            rows = slice(start, start + _AT_ONCE)
            distance, index = map(np.asarray, self.tree.query(places[rows], k=range(1, count + 1), workers=-1))
            width = np.maximum(distance[:, :1], 0.5 * self.spacing)  # far from all points, all of them count
            weight = np.exp(-0.5 * (distance / width) ** 2).astype(np.float32)
            weight /= weight.sum(axis=1, keepdims=True)
            found[rows] = np.einsum("mk,mkc->mc", weight, self.colors[index].astype(np.float32))
        return found
