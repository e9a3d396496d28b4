"""Clouds that are too large for memory: these functions read them block by block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recon.geometry.compiled import compiled

Float32Array = NDArray[np.float32]
ByteArray = NDArray[np.uint8]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Points(Protocol):
    """A block in memory; recon.types.Points is one."""

    @property
    def points(self) -> Float32Array: ...  # (N, 3)

    @property
    def normals(self) -> Float32Array: ...  # (N, 3) unit

    @property
    def measured_by(self) -> ByteArray: ...  # (N, 2) photos and scans

    @property
    def sigma(self) -> Float32Array: ...  # (N,) a length


class Cloud(Protocol):
    """recon.types.PointCloud is one."""

    def __len__(self) -> int: ...

    def blocks(self) -> Iterator[Points]: ...

    def sample(self, most: int) -> Points:
        """All points if they are no more than `most`; otherwise at most `most`, evenly chosen."""


def bounds(cloud: Cloud) -> tuple[Float32Array, Float32Array]:
    """Lowest and highest coordinates, (3,) each."""
    ends = [(block.points.min(axis=0), block.points.max(axis=0)) for block in cloud.blocks()]
    return np.min([low for low, _ in ends], axis=0), np.max([high for _, high in ends], axis=0)


class Cells:
    """Numbers keys in the order of their first appearance: a hash table that grows with the keys."""

    def __init__(self) -> None:
        self.count = 0
        self._keys: LongArray = np.zeros(0, np.int64)
        self._slots: IntArray = np.zeros(0, np.int32)

    @property
    def keys(self) -> LongArray:
        """(count,) by their numbers."""
        return self._keys[: self.count]

    def number(self, keys: LongArray) -> tuple[IntArray, BoolArray]:
        """The keys' numbers (N,), and whether each key is new (N,)."""
        most = self.count + len(keys)
        if most > len(self._keys):
            self._keys = np.concatenate([self.keys, np.zeros(most - self.count + self.count // 2, np.int64)])
        if 2 * most > len(self._slots):  # at most half full, so that a free slot is near
            self._slots = np.full(1 << (2 * most - 1).bit_length(), -1, np.int32)
            _number(self.keys.copy(), self._keys, self._slots, 0)
        numbers, first = _number(keys, self._keys, self._slots, self.count)
        self.count += int(first.sum())
        return numbers, first


@compiled
def _number(keys: LongArray, known: LongArray, slots: IntArray, count: int) -> tuple[IntArray, BoolArray]:
    numbers, first = np.empty(len(keys), np.int32), np.zeros(len(keys), np.bool_)
    last = np.uint64(len(slots) - 1)
    for i in range(len(keys)):
        mixed = np.uint64(keys[i]) * np.uint64(0x9E3779B97F4A7C15)  # Knuth 1998, 6.4: Fibonacci hashing
        slot = (mixed ^ (mixed >> np.uint64(32))) & last
        while slots[slot] >= 0 and known[slots[slot]] != keys[i]:
            slot = (slot + np.uint64(1)) & last
        if slots[slot] < 0:
            slots[slot], known[count], first[i] = count, keys[i], True
            count += 1
        numbers[i] = slots[slot]
    return numbers, first
