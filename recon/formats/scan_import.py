"""A foreign scan file, read into files of ours. Runs in a child process (recon.foreign): it yields JSON.

The folder holds, for each scan of the file, NUMBER.ply (recon.formats.ply) and NUMBER.json, how far it is. Both survive
a kill: the next run goes on behind the last block. Pictures are picture-NUMBER.jpg or .png, and pictures.json.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recon.formats import geodesy
from recon.formats.errors import BadFile
from recon.formats.ply import Ply, PlyWriter, ply_blocks
from recon.formats.scan_file import (
    AT_ONCE,
    START,
    FloatArray,
    Place,
    ScanBlock,
    ScanFile,
    open_scan,
    refusing,
)
from recon.formats.scan_look import add_counts, described, described_picture
from recon.formats.scan_units import as_bytes, as_share, color_top, core, intensity_range, is_doubtful, size_in_doubt
from recon.formats.voxels import Voxels

FAR = 1000.0  # metres from 0; farther out, an offset is taken out, so that 32 bits hold a tenth of a millimetre


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How a file is to be read."""

    file: ScanFile
    name: str
    folder: Path
    unit_m: float | None
    least_spacing_m: float
    num_bytes: int


def take(
    path: str, name: str, folder: str, unit_m: float | None, least_spacing_m: float, size: int = AT_ONCE
) -> Iterator[float]:
    """Write each scan of the file `path` to `folder`, in metres. Yields after each block which share of it is read.

    unit_m: metres per unit; None: as the file says, else metres. least_spacing_m: keep one point of each cube of this
    side; 0 keeps all. Raises BadFile, with "scan_unit" where the file's numbers are no metres.
    """
    with refusing(Path(path), name):
        file = open_scan(Path(path), name)
        num_bytes = max(1, Path(path).stat().st_size)
        yield from _take(_Wanted(file, name, Path(folder), unit_m, least_spacing_m, num_bytes), size)


def _take(wanted: _Wanted, size: int) -> Iterator[float]:
    records = [header.records for header in wanted.file.headers]
    if not records:
        raise BadFile("scan_no_points", name=wanted.name)
    total = max(1, sum(count or 0 for count in records))
    before = 0
    for number, count in enumerate(records):
        for done, at in _Import(wanted, number).run(size):
            yield at / wanted.num_bytes if count is None else (before + done) / total
        before += count or 0
    _take_pictures(wanted)
    yield 1.0


class _Import:
    """One scan on its way into the workspace."""

    def __init__(self, wanted: _Wanted, number: int):
        header = wanted.file.headers[number]
        self.wanted, self.number, self.header = wanted, number, header
        self.ply, self.journal = wanted.folder / f"{number}.ply", wanted.folder / f"{number}.json"
        self.partial = self.ply.with_name(self.ply.name + ".partial")
        self.sure = wanted.unit_m is not None or header.metres_per_unit is not None or header.geographic
        self.metres = 1.0 if header.geographic else wanted.unit_m or header.metres_per_unit or 1.0
        stated = None if wanted.unit_m else header.metres_per_unit_up
        self.metres_up = stated or self.metres
        self.state: dict[str, Any] = {
            **described(header),
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
            earlier = json.loads(self.journal.read_text(encoding="utf-8"))
            if (self.ply if earlier["done"] else self.partial).exists():
                self.state = earlier
            elif self.ply.exists():  # killed between the last two steps
                self.state = earlier | {"done": True}

    def run(self, size: int) -> Iterator[Place]:
        """Yields where each block ends."""
        place: Place = (self.state["place"][0], self.state["place"][1])
        if place[0]:
            yield place
        if self.state["done"]:
            return
        voxels = self._voxels()
        with PlyWriter(self.ply, kept=self.state["count"], keeps=True) as out:
            for block in self.wanted.file.blocks(self.number, place, size):
                out.append(self._taken(block, voxels))
                out.flush()
                self.state |= {"place": list(block.place), "count": out.count}
                self._keep()
                yield block.place
        self.state["done"] = True
        self._keep()

    def _keep(self) -> None:
        draft = self.journal.with_suffix(".draft")
        draft.write_text(json.dumps(self.state), encoding="utf-8")
        draft.replace(self.journal)

    def _voxels(self) -> Voxels | None:
        """The cubes that hold a point already."""
        if not self.wanted.least_spacing_m:
            return None
        voxels, left = Voxels(), self.state["count"]
        if left:
            for ply in ply_blocks(self.partial, AT_ONCE):
                voxels.fresh(self._cubes(ply.points[:left]))
                left -= len(ply.points[:left])
                if not left:
                    break
        return voxels

    def _cubes(self, points: NDArray[np.float32]) -> NDArray[np.int64]:
        cubes: NDArray[np.int64] = np.floor(points / self.wanted.least_spacing_m).astype(np.int64)
        return cubes

    def _taken(self, block: ScanBlock, voxels: Voxels | None) -> Ply:
        """The valid points of a block, in metres around the scan's own 0."""
        finite = np.isfinite(block.points).all(1)
        dropped = {**block.dropped, "not_finite": int((~finite).sum())}
        points, rows = self._metric(block.points[finite]), np.flatnonzero(finite)
        self._judge(points)
        if len(points) and self.state["offset"] is None:
            middle = np.median(points, axis=0)
            self.state["offset"] = (np.round(middle) if np.abs(middle).max() > FAR else np.zeros(3)).tolist()
        placed = (points - np.array(self.state["offset"] or (0.0, 0.0, 0.0))).astype(np.float32)
        if voxels is not None and len(placed):
            chosen = voxels.fresh(self._cubes(placed))
            dropped["thinned"] = len(placed) - len(chosen)
            placed, rows = placed[chosen], rows[chosen]
        add_counts(self.state["dropped"], dropped)
        if len(placed):
            self._widen(placed)
        return Ply(
            points=placed,
            colors=self._colors(block.colors, rows),
            intensity=self._intensity(block.intensity, rows),
            classes=None if block.classes is None else block.classes[rows],
        )

    def _metric(self, points: FloatArray) -> FloatArray:
        """In metres; degrees become metres east, north and up of the first block's middle."""
        points = points * [self.metres, self.metres, self.metres_up]
        if not self.header.geographic:
            return points
        if "geographic_from" not in self.state and len(points):
            middle = np.median(points, axis=0).tolist()
            self.state |= {
                "geographic_from": middle,
                "file_from_scan": geodesy.geocentric_from_local(*middle).tolist(),
                "crs": geodesy.GEOCENTRIC,
            }
        pose = np.array(self.state["file_from_scan"])
        local: FloatArray = (geodesy.geocentric(points) - pose[:3, 3]) @ pose[:3, :3]
        return local

    def _judge(self, points: FloatArray) -> None:
        """Raise BadFile where these are no metres, and nobody says what they are."""
        if self.sure or not len(points):
            return
        low, high = core(points)
        box = self.state.get("core")
        if box is not None:
            low, high = np.minimum(low, box[0]), np.maximum(high, box[1])
        self.state["core"] = [low.tolist(), high.tolist()]
        if is_doubtful(low, high):
            raise BadFile("scan_unit", name=self.wanted.name, size=size_in_doubt(low, high))

    def _widen(self, points: NDArray[np.float32]) -> None:
        low, high = points.min(0).astype(np.float64), points.max(0).astype(np.float64)
        if self.state["low"] is not None:
            low, high = np.minimum(low, self.state["low"]), np.maximum(high, self.state["high"])
        self.state |= {"low": low.tolist(), "high": high.tolist()}

    def _colors(self, colors: NDArray[Any] | None, rows: NDArray[np.intp]) -> NDArray[np.uint8] | None:
        if colors is None:
            return None
        if self.header.color_top is None:
            self.state["color_top"] = max(color_top(colors), self.state["color_top"] or 0.0)
        return as_bytes(colors[rows], self.state["color_top"])

    def _intensity(self, values: NDArray[Any] | None, rows: NDArray[np.intp]) -> NDArray[np.float32] | None:
        if values is None:
            return None
        if self.header.intensity_range is None:
            low, high = intensity_range(values)
            earlier = self.state["intensity_range"] or (low, high)
            self.state["intensity_range"] = [min(low, earlier[0]), max(high, earlier[1])]
        return as_share(values[rows], *self.state["intensity_range"])


def _take_pictures(wanted: _Wanted) -> None:
    """Write the file's pictures, as they are, and what is known of them; "problem" where one cannot be decoded."""
    listed = wanted.folder / "pictures.json"
    if listed.exists() or not wanted.file.pictures:
        return
    rows = []
    for number, header in enumerate(wanted.file.pictures):
        content = wanted.file.picture(number)
        row = {"file": None}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                with Image.open(BytesIO(content), formats=["JPEG", "PNG"]) as picture:
                    picture.load()
                    width, height = picture.size
        except Exception:  # a decoder met with foreign bytes may raise anything
            rows.append(described_picture(header) | row)
            continue
        k = header.k
        if k is not None and header.width and header.height:  # some write the size of another copy
            k = np.diag([width / header.width, height / header.height, 1.0]) @ k
        file = wanted.folder / f"picture-{number:04d}{header.suffix}"
        file.write_bytes(content)
        sized = replace(header, width=width, height=height, k=k)
        rows.append(described_picture(sized) | {"file": file.name})
    draft = listed.with_suffix(".draft")
    draft.write_text(json.dumps(rows), encoding="utf-8")
    draft.replace(listed)
