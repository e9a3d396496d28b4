"""LAS, LAZ and COPC. Source: ASPRS LAS specification 1.4-R15; COPC 1.0 is LAZ in another order."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Any

import laspy
import numpy as np
from typing_extensions import Buffer

from recon.formats import crs
from recon.formats.errors import BadFile
from recon.formats.scan_file import Place, ScanBlock, ScanFile, ScanHeader

_GEO_KEYS, _GEO_TEXT, _WKT = 34735, 34737, 2112
_HEADER = 375  # bytes of the longest header, that of LAS 1.4
_LEAST = {0: 227, 1: 227, 2: 227, 3: 235, 4: 375}  # bytes of a header by minor version
_RECORD_HEADER = 54  # bytes before each variable length record


class _Mended(FileIO):
    """A LAS file that never says to have more variable length records than there is room for.

    Some programs write rubbish there, which others never read, and laspy would read for hours. Raises BadFile for what
    is no LAS file.
    """

    def __init__(self, path: Path, name: str):
        super().__init__(path)
        self.size = path.stat().st_size
        head = super().read(_HEADER) or b""
        if not head.startswith(b"LASF"):
            raise BadFile("scan_not", name=name, format="LAS")
        if len(head) < min(_LEAST.values()):
            raise BadFile("cut_short", name=name)
        size, start, records = struct.unpack_from("<HII", head, 94)
        if head[24] != 1 or size < _LEAST.get(head[25], 1 << 16) or start < size:
            raise BadFile("scan_broken", name=name, format="LAS")
        if size > len(head) or start > path.stat().st_size:
            raise BadFile("cut_short", name=name)
        self.head = head[:100] + struct.pack("<I", min(records, (start - size) // _RECORD_HEADER)) + head[104:]
        if head[25] == 4:
            at, extended = struct.unpack_from("<QI", head, 235)
            room = max(0, path.stat().st_size - at) // (_RECORD_HEADER + 6)
            self.head = self.head[:243] + struct.pack("<I", min(extended, room)) + self.head[247:]
        self.seek(0)

    def read(self, size: int | None = -1, /) -> bytes:
        at = self.tell()
        left = max(0, self.size - at)  # a length that the file claims is no reason to set so much memory aside
        data = super().read(left if size is None or size < 0 else min(size, left)) or b""
        if at >= len(self.head):
            return data
        return (self.head[at : at + len(data)] + data[max(0, len(self.head) - at) :])[: len(data)]

    def readinto(self, buffer: Buffer, /) -> int:
        into = memoryview(buffer).cast("B")
        data = self.read(len(into))
        into[: len(data)] = data
        return len(data)


def _check_chunks(path: Path, start: int, name: str) -> None:
    """Raise BadFile where a LAZ file's table of chunks lies outside the file, or has more entries than it has bytes.

    lazrs would ask for memory for all of them.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(start)
        (table,) = struct.unpack("<q", file.read(8).ljust(8, b"\0"))
        if table == -1:  # written as a stream: the place of the table is at the end
            file.seek(max(0, size - 8))
            (table,) = struct.unpack("<q", file.read(8).ljust(8, b"\0"))
        if not start < table <= size - 8:
            raise BadFile("cut_short", name=name)
        file.seek(table)
        _, chunks = struct.unpack("<II", file.read(8))
    if chunks > size:
        raise BadFile("scan_broken", name=name, format="LAZ")


class LasFile(ScanFile):
    def __init__(self, path: Path, name: str):
        self.path, self.name = path, name
        try:
            source = _Mended(path, name)
            self.reader = laspy.LasReader(source, laz_backend=laspy.LazBackend.Lazrs)
        except laspy.errors.LaspyException as error:
            raise BadFile("scan_broken", name=name, format="LAS") from error
        self.las = self.reader.header
        self.packed = bool(self.las.are_points_compressed)
        self.count = int(self.las.point_count)
        if self.packed:
            _check_chunks(path, int(self.las.offset_to_point_data), name)
        else:
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
            metres_per_unit_up=reference.metres_per_unit_up,
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
            text = found[_GEO_TEXT].record_data_bytes().decode("latin-1") if _GEO_TEXT in found else ""
            return crs.from_geo_keys(np.frombuffer(data[: len(data) // 2 * 2], "<u2").tolist(), text)
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
                points=np.stack([np.asarray(axis, np.float64) for axis in (rows.x, rows.y, rows.z)], -1),
                place=(done, 0),
                colors=np.stack([np.asarray(rows[c]) for c in ("red", "green", "blue")], -1) if colors else None,
                intensity=np.asarray(rows.intensity),
                classes=np.asarray(rows.classification).astype(np.uint8),
            )
