"""LAS, LAZ and COPC. Source: ASPRS LAS specification 1.4-R15; COPC 1.0 is LAZ in another order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import laspy
import numpy as np

from recon.formats import crs
from recon.formats.errors import BadFile
from recon.formats.scan_file import Place, ScanBlock, ScanHeader

_GEO_KEYS, _WKT = 34735, 2112


class LasFile:
    def __init__(self, path: Path, name: str):
        self.path, self.name = path, name
        with path.open("rb") as file:
            head = file.read(4)
        if head != b"LASF":
            raise BadFile("scan_not", name=name, format="LAS")
        try:
            self.reader = laspy.open(path, laz_backend=laspy.LazBackend.Lazrs)
        except laspy.errors.LaspyException as error:
            raise BadFile("scan_broken", name=name, format="LAS") from error
        self.las = self.reader.header
        self.packed = bool(self.las.are_points_compressed)
        self.count = int(self.las.point_count)
        if not self.packed:
            needed = int(self.las.offset_to_point_data) + self.count * int(self.las.point_format.size)
            if needed > path.stat().st_size:
                raise BadFile("cut_short", name=name)
        if not (np.isfinite(self.las.scales).all() and np.isfinite(self.las.offsets).all() and self.las.scales.all()):
            raise BadFile("scan_broken", name=name, format="LAS")

    @property
    def format(self) -> str:
        copc = any(vlr.user_id == "copc" for vlr in self.las.vlrs)
        kind = "COPC" if copc else "LAZ" if self.packed else "LAS"
        return f"{kind} {self.las.version}, point format {self.las.point_format.id}"

    @property
    def headers(self) -> tuple[ScanHeader, ...]:
        reference = self._reference()
        names = set(self.las.point_format.dimension_names)
        header = ScanHeader(
            records=self.count,
            colors={"red", "green", "blue"} <= names,
            intensity=True,
            classes=True,
            crs=reference.name,
            geographic=reference.geographic,
            metres_per_unit=reference.metres_per_unit,
        )
        return (header,)

    def _reference(self) -> crs.Reference:
        """What the file says of its coordinates: as WKT or, in older files, as GeoTIFF keys."""
        records = [*self.las.vlrs, *(self.las.evlrs or [])]
        found = {vlr.record_id: vlr for vlr in records if vlr.user_id.strip("\0 ") == "LASF_Projection"}
        if _WKT in found:
            return crs.from_wkt(found[_WKT].record_data_bytes().decode("utf-8", "replace").rstrip("\0"))
        if _GEO_KEYS in found:
            data = found[_GEO_KEYS].record_data_bytes()
            return crs.from_geo_keys(np.frombuffer(data[: len(data) // 2 * 2], "<u2").tolist())
        return crs.Reference()

    def blocks(self, _scan: int, place: Place, size: int, /) -> Iterator[ScanBlock]:
        if place[0] >= self.count:
            return
        if place[0]:
            self.reader.seek(place[0])
        done = place[0]
        names = set(self.las.point_format.dimension_names)
        colors = {"red", "green", "blue"} <= names
        while done < self.count:
            wanted = min(size, self.count - done)
            rows: Any = self.reader.read_points(wanted)
            if len(rows) < wanted:
                raise BadFile("cut_short", name=self.name)
            done += wanted
            yield ScanBlock(
                points=np.stack([np.asarray(rows.x), np.asarray(rows.y), np.asarray(rows.z)], -1).astype(np.float64),
                place=(done, 0),
                colors=np.stack([np.asarray(rows[c]) for c in ("red", "green", "blue")], -1) if colors else None,
                intensity=np.asarray(rows.intensity),
                classes=np.asarray(rows.classification).astype(np.uint8),
            )
