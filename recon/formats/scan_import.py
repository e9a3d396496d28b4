"""A foreign scan file, read into files of ours. Runs in a child process (recon.foreign): it yields JSON.

FOLDER holds, for each scan of the file, NUMBER.ply (recon.formats.ply) and NUMBER.json, how far it is. Both survive a
kill: the next run goes on behind the last block.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recon.formats.errors import BadFile
from recon.formats.ply import Ply, PlyWriter
from recon.formats.scan_file import AT_ONCE, START, ScanBlock, ScanFile, ScanHeader, open_scan
from recon.formats.voxels import Voxels

FAR = 1000.0  # metres from 0; farther out, an offset is taken out, so that 32 bits hold a tenth of a millimetre

# Larger scans than these are no metres, unless the file says so.
_WIDE = 2_000.0  # near 0: no scanner on the ground sees farther
_WIDE_SURVEY = 50_000.0  # in the coordinates of a country: flights
_LOCAL = 100_000.0  # nearer to 0 than this, coordinates are no country's
_EARTH = 2e7  # metres; farther from 0, no country's coordinates go
_STRAYS = 0.01  # share of points, at either end of an axis, that may lie anywhere

_TOPS = (1.0, 255.0, 4095.0, 65535.0)  # what programs take for full intensity


def take(
    path: str, name: str, folder: str, unit_m: float | None, least_spacing_m: float, size: int = AT_ONCE
) -> Iterator[dict[str, Any]]:
    """Write each scan of the file `path` to `folder`, in metres.

    unit_m: metres per unit; None: as the file says, else metres. least_spacing_m: keep one point of each cube of this
    side; 0 keeps all. Yields {"records": in all} where they are known, and {"read": records} for each block. Raises
    BadFile, with "scan_unit" where the file's numbers are no metres.
    """
    file = open_scan(Path(path), name)
    headers = file.headers
    if not headers:
        raise BadFile("scan_no_points", name=name)
    yield {"records": None if any(h.records is None for h in headers) else sum(h.records or 0 for h in headers)}
    for number, header in enumerate(headers):
        work = _Import(file, number, header, name, Path(folder), unit_m, least_spacing_m)
        yield from work.run(size)


def look(path: str, name: str, size: int = AT_ONCE) -> Iterator[dict[str, Any]]:
    """All that a file says, and what its points say, in the file's own coordinates and unit; the last value is it."""
    file = open_scan(Path(path), name)
    found = []
    for number, header in enumerate(file.headers):
        seen = _Seen()
        for block in file.blocks(number, START, size):
            seen.add(block, header)
            yield {"read": len(block.points)}
        found.append({**_described(header), **seen.described(header)})
    yield {"format": file.format, "scans": found}


class _Import:
    """One scan on its way into the workspace."""

    def __init__(
        self,
        file: ScanFile,
        number: int,
        header: ScanHeader,
        name: str,
        folder: Path,
        unit_m: float | None,
        least_spacing_m: float,
    ):
        self.file, self.number, self.header, self.name = file, number, header, name
        self.ply, self.journal = folder / f"{number}.ply", folder / f"{number}.json"
        self.sure = unit_m is not None or header.metres_per_unit is not None
        self.metres = unit_m or header.metres_per_unit or 1.0
        self.spacing = least_spacing_m
        self.state: dict[str, Any] = {
            **_described(header),
            "place": list(START),
            "count": 0,
            "offset": None,
            "low": None,
            "high": None,
            "color_top": header.color_top,
            "intensity_range": header.intensity_range,
            "metres_per_unit": self.metres,
            "dropped": {},
            "done": False,
        }
        if self.journal.exists():
            self.state = json.loads(self.journal.read_text(encoding="utf-8"))

    def run(self, size: int) -> Iterator[dict[str, Any]]:
        if self.state["place"][0]:
            yield {"read": self.state["place"][0]}
        if self.state["done"]:
            return
        voxels = self._voxels()
        with PlyWriter(self.ply, kept=self.state["count"], keeps=True) as out:
            start = tuple(self.state["place"])
            for block in self.file.blocks(self.number, (start[0], start[1]), size):
                before = self.state["place"][0]
                self._append(block, out, voxels)
                out.flush()
                self.state |= {"place": list(block.place), "count": out.count}
                self._keep()
                yield {"read": block.place[0] - before}
        self.state["done"] = True
        self._keep()

    def _keep(self) -> None:
        draft = self.journal.with_suffix(".draft")
        draft.write_text(json.dumps(self.state), encoding="utf-8")
        draft.replace(self.journal)

    def _voxels(self) -> Voxels | None:
        """The cubes that hold a point already."""
        if not self.spacing:
            return None
        voxels = Voxels()
        if self.state["count"]:
            partial = self.ply.with_name(self.ply.name + ".partial")
            for points in _written(partial, self.state["count"]):
                voxels.fresh(self._cubes(points))
        return voxels

    def _cubes(self, points: NDArray[np.float32]) -> NDArray[np.int64]:
        cubes: NDArray[np.int64] = np.floor(points / self.spacing).astype(np.int64)
        return cubes

    def _append(self, block: ScanBlock, out: PlyWriter, voxels: Voxels | None) -> None:
        finite = np.isfinite(block.points).all(1)
        for reason, count in {**block.dropped, "not_finite": int((~finite).sum())}.items():
            if count:
                self.state["dropped"][reason] = self.state["dropped"].get(reason, 0) + count
        points = block.points[finite] * self.metres
        self._judge(points)
        if len(points) and self.state["offset"] is None:
            middle = np.median(points, axis=0)
            self.state["offset"] = (np.round(middle) if np.abs(middle).max() > FAR else np.zeros(3)).tolist()
        placed = (points - np.array(self.state["offset"] or (0.0, 0.0, 0.0))).astype(np.float32)
        rows = np.flatnonzero(finite)
        if voxels is not None and len(placed):
            chosen = voxels.fresh(self._cubes(placed))
            self.state["dropped"]["thinned"] = self.state["dropped"].get("thinned", 0) + len(placed) - len(chosen)
            placed, rows = placed[chosen], rows[chosen]
        if len(placed):
            self._widen(placed)
        out.append(
            Ply(
                points=placed,
                colors=self._colors(block.colors, rows),
                intensity=self._intensity(block.intensity, rows),
                classes=None if block.classes is None else block.classes[rows],
            )
        )

    def _judge(self, points: NDArray[np.float64]) -> None:
        """Raise BadFile where these are no metres, and nobody says what they are."""
        if self.sure or not len(points):
            return
        low, high = _core(points)
        box = self.state.get("core")
        if box is not None:
            low, high = np.minimum(low, box[0]), np.maximum(high, box[1])
        self.state["core"] = [low.tolist(), high.tolist()]
        if is_doubtful(low, high):
            size = max(float((high - low).max()), float(np.abs([low, high]).max()) - _EARTH)
            raise BadFile("scan_unit", name=self.name, size=f"{size:,.0f}")

    def _widen(self, points: NDArray[np.float32]) -> None:
        low, high = points.min(0).astype(np.float64), points.max(0).astype(np.float64)
        if self.state["low"] is not None:
            low, high = np.minimum(low, self.state["low"]), np.maximum(high, self.state["high"])
        self.state |= {"low": low.tolist(), "high": high.tolist()}

    def _colors(self, colors: NDArray[Any] | None, rows: NDArray[np.intp]) -> NDArray[np.uint8] | None:
        if colors is None:
            return None
        if self.state["color_top"] is None:
            self.state["color_top"] = _top_of(colors, (1.0, 255.0, 65535.0))
        return as_bytes(colors[rows], self.state["color_top"])

    def _intensity(self, values: NDArray[Any] | None, rows: NDArray[np.intp]) -> NDArray[np.float32] | None:
        if values is None:
            return None
        if self.state["intensity_range"] is None:
            self.state["intensity_range"] = range_of(values)
        low, high = self.state["intensity_range"]
        share = (values[rows].astype(np.float64) - low) / ((high - low) or 1.0)
        clipped: NDArray[np.float32] = np.clip(np.nan_to_num(share, nan=0, posinf=1, neginf=0), 0, 1).astype(np.float32)
        return clipped


def is_doubtful(low: NDArray[np.float64], high: NDArray[np.float64]) -> bool:
    """Whether a box of coordinates (3,) can hardly be metres: wider than what is scanned, or beyond the Earth."""
    wide = float((high - low).max())
    far = float(np.abs([low, high]).max())
    if far > _EARTH:
        return True
    return wide > (_WIDE_SURVEY if float(np.abs((low + high) / 2).max()) > _LOCAL else _WIDE)


def _core(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The box of these points, strays left aside."""
    some = points[:: max(1, len(points) // 10_000)]
    low, high = np.quantile(some, [_STRAYS, 1 - _STRAYS], axis=0)
    return low, high


def _top_of(values: NDArray[Any], tops: tuple[float, ...]) -> float:
    """The least of these that is no less than any value."""
    most = float(np.nanmax(values, initial=0)) if values.size else 0.0
    return next((top for top in tops if most <= top), most)


def range_of(values: NDArray[Any]) -> tuple[float, float]:
    """What stands for 0 and 1 among intensities of unknown range: Leica's count from -2048 to 2047."""
    finite = values[np.isfinite(values)]
    if finite.size and finite.min() < 0:
        return (-2048.0, 2047.0) if finite.min() >= -2048 and finite.max() <= 2047 else (
            float(finite.min()), float(finite.max()),
        )  # fmt: skip
    return (0.0, _top_of(finite, _TOPS[:2] if finite.dtype.itemsize == 1 else _TOPS))


def as_bytes(colors: NDArray[Any], top: float) -> NDArray[np.uint8]:
    if colors.dtype == np.uint8 and top == 255:
        return np.ascontiguousarray(colors)
    shares = np.nan_to_num(colors.astype(np.float64)) * (255 / top)
    return np.clip(np.round(shares), 0, 255).astype(np.uint8)


def _described(header: ScanHeader) -> dict[str, Any]:
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


class _Seen:
    """What the points of a scan say, in the scan's frame and the file's unit."""

    def __init__(self) -> None:
        self.count = 0
        self.low, self.high = np.full(3, np.inf), np.full(3, -np.inf)
        self.core_low, self.core_high = self.low.copy(), self.high.copy()
        self.dropped: dict[str, int] = {}

    def add(self, block: ScanBlock, header: ScanHeader) -> None:
        finite = np.isfinite(block.points).all(1)
        for reason, count in {**block.dropped, "not_finite": int((~finite).sum())}.items():
            if count:
                self.dropped[reason] = self.dropped.get(reason, 0) + count
        points = block.points[finite]
        self.count += len(points)
        if len(points):
            placed = points @ header.file_from_scan[:3, :3].T + header.file_from_scan[:3, 3]
            self.low, self.high = np.minimum(self.low, placed.min(0)), np.maximum(self.high, placed.max(0))
            low, high = _core(points)
            self.core_low, self.core_high = np.minimum(self.core_low, low), np.maximum(self.core_high, high)

    def described(self, header: ScanHeader) -> dict[str, Any]:
        if not self.count:
            return {"points": 0, "dropped": self.dropped, "doubtful": False}
        return {
            "points": self.count,
            "bounds": {"min": self.low.tolist(), "max": self.high.tolist()},
            "dropped": self.dropped,
            "doubtful": header.metres_per_unit is None
            and not header.geographic
            and is_doubtful(self.core_low, self.core_high),
        }


def _written(partial: Path, count: int) -> Iterator[NDArray[np.float32]]:
    """The points that an earlier, killed run wrote."""
    from recon.formats.ply_elements import header, row_type

    kind, (vertices, *_), offset = header(partial, partial.name)
    dtype = row_type(vertices, kind)
    with partial.open("rb") as file:
        file.seek(offset)
        for start in range(0, count, AT_ONCE):
            table = np.frombuffer(file.read(min(AT_ONCE, count - start) * dtype.itemsize), dtype)
            yield np.stack([table[axis] for axis in "xyz"], -1)
