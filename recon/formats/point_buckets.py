"""Records sorted into buckets on disk, for data that do not fit into memory: written chunk by chunk in any order, read
bucket by bucket.

A folder with two files a chunk: NNNNN.records, sorted by bucket, and NNNNN.npz, where each bucket begins. The second is
written last: a chunk that has it is whole, whenever the program was killed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PointBuckets:
    folder: Path
    dtype: np.dtype[Any]  # of a record

    def has(self, chunk: int) -> bool:
        return self._index(chunk).exists()

    def write(self, chunk: int, records: NDArray[Any], bucket: NDArray[np.int32], count: int, **facts: int) -> None:
        """records (N,), bucket (N,) of each, `count` buckets in all; facts are kept beside them."""
        order = np.argsort(bucket, kind="stable")
        records[order].tofile(self.folder / f"{chunk:05d}.records")
        starts = np.searchsorted(bucket[order], np.arange(count + 1))
        partial = self.folder / f"{chunk:05d}.partial.npz"
        columns: dict[str, Any] = {name: np.int64(value) for name, value in facts.items()}
        np.savez(partial, starts=starts, **columns)
        partial.replace(self._index(chunk))

    def facts(self, chunk: int) -> dict[str, int]:
        with np.load(self._index(chunk)) as index:
            return {name: int(index[name]) for name in index.files if name != "starts"}

    def read(self, bucket: int) -> NDArray[Any]:
        """All records of a bucket, by chunk."""
        parts = []
        for file in sorted(self.folder.glob("[0-9]*[0-9].npz")):
            with np.load(file) as index:
                start, end = (int(v) for v in index["starts"][bucket : bucket + 2])
            parts.append(
                np.fromfile(file.with_suffix(".records"), self.dtype, end - start, offset=start * self.dtype.itemsize)
            )
        return np.concatenate(parts) if parts else np.zeros(0, self.dtype)

    def _index(self, chunk: int) -> Path:
        return self.folder / f"{chunk:05d}.npz"
