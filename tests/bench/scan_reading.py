"""How fast scans are read, in how much memory, format by format: a generated hall of so many million points."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from pathlib import Path

import laspy
import numpy as np
import psutil
from numpy.typing import NDArray
from pye57 import E57

from recon.formats.ply import Ply, PlyWriter
from recon.progress import Silent
from recon.stages import scans

AT_ONCE = 1 << 20
SIZE = (40.0, 25.0, 8.0)  # m
SMALLER = {".xyz": 10, ".e57": 5}  # formats of which a part is enough; E57 is written from memory


FORMATS = (".ply", ".las", ".laz", ".xyz", ".e57")


def read(scratch: Path, millions: float, formats: tuple[str, ...] = FORMATS) -> Iterator[dict[str, object]]:
    """A row per format: points, points a second, CPU seconds, the reader's peak memory."""
    for suffix in formats:
        count = int(millions * 1_000_000) // SMALLER.get(suffix, 1)
        file = scratch / f"hall{suffix}"
        write(file, count)
        work = scratch / f"work{suffix}"
        work.mkdir()
        wall, cpu = time.monotonic(), _cpu_seconds()
        reader = _Peak()
        (scan,) = scans.build(file, scans.ScansOptions(), scratch=work, progress=reader)
        wall, cpu = time.monotonic() - wall, _cpu_seconds() - cpu
        row: dict[str, object] = {
            "run": "scans read",
            "format": suffix.lstrip("."),
            "points": len(scan),
            "points_per_s": round(len(scan) / wall),
            "cpu_s": round(cpu, 1),
            "reader_peak_mb": round(reader.peak / 1e6),
            "spacing_mm": round(scan.spacing_m * 1000, 2),
        }
        print(row, flush=True)
        file.unlink()
        (work / "points" / "00000" / "0.ply").unlink()
        yield row


class _Peak(Silent):
    """The most memory that the reader held after any of its blocks."""

    peak = 0

    def advance(self, done: int = 1) -> None:
        readers = psutil.Process().children()
        self.peak = max([self.peak, *(reader.memory_info().rss for reader in readers)])


def _cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _hall(count: int) -> Iterator[NDArray[np.float64]]:
    """Points on the walls, floor and ceiling of a hall, in blocks."""
    chance = np.random.default_rng(7)
    for start in range(0, count, AT_ONCE):
        points = chance.random((min(AT_ONCE, count - start), 3)) * SIZE
        axis = chance.integers(0, 3, len(points))
        side = chance.integers(0, 2, len(points))
        rows = np.arange(len(points))
        points[rows, axis] = side * np.array(SIZE)[axis]
        yield points + chance.normal(0, 0.002, points.shape)


def write(file: Path, count: int) -> None:
    """A generated hall of `count` points, in the format that the file's name says."""
    match file.suffix:
        case ".ply":
            with PlyWriter(file) as out:
                for points in _hall(count):
                    out.append(Ply(points.astype(np.float32), colors=np.full((len(points), 3), 128, np.uint8)))
        case ".las" | ".laz":
            header = laspy.LasHeader(point_format=3, version="1.4")
            header.scales = np.full(3, 0.001)
            with laspy.open(file, "w", header=header) as writer:
                for points in _hall(count):
                    record = laspy.ScaleAwarePointRecord.zeros(len(points), header=header)
                    record.x, record.y, record.z = points.T
                    writer.write_points(record)
        case ".xyz":
            with file.open("w") as text:
                for points in _hall(count):
                    np.savetxt(text, points, "%.3f")
        case ".e57":
            points = np.concatenate(list(_hall(count)))
            with E57(str(file), mode="w") as writer:
                writer.write_scan_raw({f"cartesian{axis}": points[:, i] for i, axis in enumerate("XYZ")})
