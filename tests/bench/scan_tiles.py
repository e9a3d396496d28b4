"""How many points a second become tiles, and in how much memory: a generated hall of any number of points."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recon.progress import Silent
from recon.stages import tiles
from recon.types import ScanPoints

_BLOCK = 1 << 18
_SIZE = np.array([120.0, 14.0, 40.0])  # of the hall, metres


class Hall:
    """A factory hall with columns and machines, seen by scanners: dense near them, 3 mm noise. Made as it is read."""

    def __init__(self, count: int):
        self.count = count
        self.wall_s = self.cpu_s = 0.0  # that making the points took

    @property
    def low(self) -> NDArray[np.float64]:
        return np.full(3, -0.1)

    @property
    def high(self) -> NDArray[np.float64]:
        return np.asarray(_SIZE + 0.1)

    def __len__(self) -> int:
        return self.count

    def blocks(self) -> Iterator[ScanPoints]:
        for start in range(0, self.count, _BLOCK):
            began, cpu = time.monotonic(), time.process_time()
            block = self._block(start // _BLOCK, min(_BLOCK, self.count - start))
            self.wall_s, self.cpu_s = self.wall_s + time.monotonic() - began, self.cpu_s + time.process_time() - cpu
            yield block

    def _block(self, number: int, count: int) -> ScanPoints:
        """What a scanner sees while it turns: rays from its place to the hall's six sides."""
        rng = np.random.default_rng(number)
        place = np.array([6.0 + 12 * (number // 16 % 10), 1.8, 8.0 + 24 * (number // 160 % 2)])
        rays = rng.standard_normal((count, 3), np.float32) + np.float32(1e-7)  # none is 0
        reach = np.where(rays > 0, (_SIZE - place) / rays, -place / rays)
        points = place + rays * reach.min(axis=1)[:, None] * rng.choice([1, 1, 1, 0.6], count)[:, None]
        points = (points + 0.003 * rng.standard_normal((count, 3), np.float32)).clip(-0.1, _SIZE + 0.1)
        colors = (128 + 60 * np.sin(points * 1.7) + 8 * rng.standard_normal((count, 3), np.float32)).clip(0, 255)
        return ScanPoints(points.astype(np.float32), colors.astype(np.uint8))


def tiled(scratch: Path, millions: float) -> list[dict[str, Any]]:
    """Tile that many millions of points; a second run over the same --keep folder goes on where the first ended."""
    hall = Hall(int(millions * 1e6))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began, cpu = time.monotonic(), time.process_time()
    made = tiles.build(hall, tiles.TilesOptions(), scratch=scratch, progress=Silent())
    wall, spent = time.monotonic() - began - hall.wall_s, time.process_time() - cpu - hall.cpu_s
    row = {
        "run": "scans tile",
        "points": made.num_points,
        "tiles": made.num_tiles,
        "bytes_a_point": round(made.path.stat().st_size / made.num_points, 2),
        "points_a_second": round(made.num_points / wall),
        "points_a_cpu_second": round(made.num_points / spent),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "before_mb": round(before),
    }
    print(
        f"{made}: {row['points_a_second']:,} points a second ({row['points_a_cpu_second']:,} a CPU second), "
        f"{row['bytes_a_point']} bytes a point, {row['peak_mb']} MB at most ({row['before_mb']} MB before)"
    )
    return [row]
