"""The points of a legacy VTK file of polygons, as text or binary. Source: The VTK User's Guide, file formats."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from recon.formats.errors import BadFile
from recon.formats.scan_file import Place, ScanBlock, ScanFile, ScanHeader

_TYPES = {b"float": ">f4", b"double": ">f8"}


class VtkFile(ScanFile):
    def __init__(self, path: Path, name: str):
        self.path, self.name = path, name
        with path.open("rb") as file:
            if not file.readline(256).startswith(b"# vtk DataFile"):
                raise BadFile("scan_not", name=name, format="VTK")
            file.readline(256)
            self.text = file.readline(64).strip().upper() == b"ASCII"
            for _ in range(100):
                words = file.readline(1 << 12).split()
                if words and words[0].upper() == b"POINTS":
                    break
            else:
                raise BadFile("scan_no_points", name=name)
            self.start = file.tell()
        if len(words) != 3 or not words[1].isdigit() or words[2].lower() not in _TYPES:
            raise BadFile("scan_broken", name=name, format="VTK")
        self.count, self.dtype = int(words[1]), np.dtype(_TYPES[words[2].lower()])
        if self.start + self.count * (6 if self.text else 3 * self.dtype.itemsize) > path.stat().st_size + 1:
            raise BadFile("cut_short", name=name)

    @property
    def format(self) -> str:
        return f"VTK {'ascii' if self.text else 'binary'}"

    @property
    def headers(self) -> tuple[ScanHeader, ...]:
        return (ScanHeader(records=self.count),)

    def blocks(self, _scan: int, place: Place, size: int, /) -> Iterator[ScanBlock]:
        with self.path.open("rb") as file:
            file.seek(place[1] or self.start)
            for done in range(place[0], self.count, size):
                count = min(size, self.count - done)
                points = (
                    np.fromfile(file, np.float64, 3 * count, sep=" ")
                    if self.text
                    else np.frombuffer(file.read(3 * count * self.dtype.itemsize), self.dtype)
                )
                if len(points) < 3 * count:
                    raise BadFile("cut_short", name=self.name)
                yield ScanBlock(points.reshape(-1, 3).astype(np.float64), (done + count, file.tell()))
