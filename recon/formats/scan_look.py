"""What a foreign scan file says of itself, and what its points say. Runs in a child process (recon.foreign)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from recon.formats.scan_file import AT_ONCE, START, PictureHeader, ScanBlock, ScanHeader, open_scan, refusing
from recon.formats.scan_units import core, is_doubtful


def look(path: str, name: str, size: int = AT_ONCE) -> Iterator[dict[str, Any]]:
    """Yields {"read": points} for each block, and last all that is known, in the file's own coordinates and unit."""
    with refusing(Path(path), name):
        file = open_scan(Path(path), name)
        found = []
        for number, header in enumerate(file.headers):
            seen = _Seen(header)
            for block in file.blocks(number, START, size):
                seen.add(block)
                yield {"read": len(block.points)}
            found.append({**described(header), **seen.described()})
        yield {"format": file.format, "scans": found, "pictures": [described_picture(p) for p in file.pictures]}


def records(path: str, name: str) -> Iterator[list[int | None]]:
    """Yields how many points each scan of the file has by its header; None where only reading tells."""
    with refusing(Path(path), name):
        yield [header.records for header in open_scan(Path(path), name).headers]


class _Seen:
    """What the points of a scan say."""

    def __init__(self, header: ScanHeader) -> None:
        self.header = header
        self.count = 0
        self.low, self.high = np.full(3, np.inf), np.full(3, -np.inf)
        self.core_low, self.core_high = self.low.copy(), self.high.copy()
        self.dropped: dict[str, int] = {}

    def add(self, block: ScanBlock) -> None:
        finite = np.isfinite(block.points).all(1)
        add_counts(self.dropped, {**block.dropped, "not_finite": int((~finite).sum())})
        points = block.points[finite]
        self.count += len(points)
        if len(points):
            pose = self.header.file_from_scan
            placed = points @ pose[:3, :3].T + pose[:3, 3]
            self.low, self.high = np.minimum(self.low, placed.min(0)), np.maximum(self.high, placed.max(0))
            low, high = core(points)
            self.core_low, self.core_high = np.minimum(self.core_low, low), np.maximum(self.core_high, high)

    def described(self) -> dict[str, Any]:
        stated = self.header.metres_per_unit is not None or self.header.geographic
        return {
            "points": self.count,
            "bounds": {"min": self.low.tolist(), "max": self.high.tolist()} if self.count else None,
            "dropped": self.dropped,
            "doubtful": bool(self.count) and not stated and is_doubtful(self.core_low, self.core_high),
            "size": float((self.core_high - self.core_low).max()) if self.count else 0.0,
        }


def add_counts(counts: dict[str, int], more: dict[str, int]) -> None:
    for reason, count in more.items():
        if count:
            counts[reason] = counts.get(reason, 0) + count


def described(header: ScanHeader) -> dict[str, Any]:
    """A header as JSON."""
    return {
        "name": header.name,
        "records": header.records,
        "colors": header.colors,
        "intensity": header.intensity,
        "classes": header.classes,
        "file_from_scan": header.file_from_scan.tolist(),
        "has_pose": header.has_pose,
        "scanner": header.scanner,
        "grid": header.grid,
        "crs": header.crs,
        "geographic": header.geographic,
        "metres_per_unit": header.metres_per_unit,
    }


def described_picture(header: PictureHeader) -> dict[str, Any]:
    """The same of a picture."""
    return {
        "name": header.name,
        "width": header.width,
        "height": header.height,
        "projection": header.projection,
        "scan": header.scan,
        "pixel": header.pixel,
        "k": None if header.k is None else header.k.tolist(),
        "file_from_camera": header.file_from_camera.tolist(),
    }
