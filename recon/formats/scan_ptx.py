"""PTX, Leica's text of gridded scans: columns, rows, the scanner's place and axes, a matrix, then a point a line.

The matrix is written for row vectors: its last line is the translation. A direction without an echo is 0 0 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from recon.formats.errors import BadFile
from recon.formats.scan_file import FloatArray, Place, ScanBlock, ScanFile, ScanHeader
from recon.formats.scan_text import rows_of, skip_lines

_HEADER_LINES = 10
_MOST = 1 << 40  # points of a scan


class PtxFile(ScanFile):
    def __init__(self, path: Path, name: str):
        self.path, self.name = path, name
        self._headers: list[ScanHeader] = []
        self.starts: list[int] = []  # offset of each scan's first point
        self.stretches: list[FloatArray] = []  # (3, 3) of each scan, before its rotation
        with path.open("rb") as file:
            while lines := _header_lines(file.readline, name):
                self._add(lines, file.tell())
                first = file.readline(1 << 14)
                width = len(first.split())
                if width not in (3, 4, 7):
                    if first:
                        raise BadFile("scan_broken", name=name, format="PTX")
                    raise BadFile("cut_short", name=name)
                header = self._headers[-1]
                self._headers[-1] = ScanHeader(
                    records=header.records,
                    colors=width == 7,
                    intensity=width >= 4,
                    color_top=255.0,
                    intensity_range=(0.0, 1.0),
                    file_from_scan=header.file_from_scan,
                    has_pose=True,
                    scanner=header.scanner,
                    grid=header.grid,
                )
                file.seek(self.starts[-1])
                skip_lines(file, header.records or 0, name)
        if not self._headers:
            raise BadFile("scan_no_points", name=name)

    def _add(self, lines: list[bytes], start: int) -> None:
        try:
            columns, rows = int(lines[0]), int(lines[1])
            scanner = np.array([float(word) for word in lines[2].split()])
            matrix = np.array([[float(word) for word in line.split()] for line in lines[6:]]).T
            if not (0 < columns * rows < _MOST) or columns < 0 or scanner.shape != (3,) or matrix.shape != (4, 4):
                raise ValueError("no such grid")
            pose, stretch = _split(matrix)
        except ValueError as error:
            raise BadFile("scan_broken", name=self.name, format="PTX") from error
        self.starts.append(start)
        self.stretches.append(stretch)
        x, y, z = np.linalg.inv(pose)[:3] @ [*scanner, 1.0]
        header = ScanHeader(
            records=columns * rows, file_from_scan=pose, scanner=(float(x), float(y), float(z)), grid=(rows, columns)
        )
        self._headers.append(header)

    @property
    def format(self) -> str:
        return "PTX"

    @property
    def headers(self) -> tuple[ScanHeader, ...]:
        return tuple(self._headers)

    def blocks(self, scan: int, place: Place, size: int, /) -> Iterator[ScanBlock]:
        header = self._headers[scan]
        total, width = header.records or 0, 7 if header.colors else 4 if header.intensity else 3
        done = place[0]
        with self.path.open("rb") as file:
            file.seek(place[1] or self.starts[scan])
            while done < total:
                lines = list(islice(iter(lambda: file.readline(1 << 14), b""), min(size, total - done)))
                if not lines:
                    raise BadFile("cut_short", name=self.name)
                done += len(lines)
                rows, unread = rows_of(lines, None, range(width))
                echo = rows[:, :3].any(1)
                kept = rows[echo]
                yield ScanBlock(
                    points=kept[:, :3] @ self.stretches[scan].T,
                    place=(done, file.tell()),
                    colors=kept[:, 4:7] if header.colors else None,
                    intensity=kept[:, 3] if header.intensity else None,
                    dropped={"no_range": int((~echo).sum()), "unreadable": unread},
                )


def _header_lines(readline: object, name: str) -> list[bytes]:
    """The ten lines before a scan's points; none at the end of the file."""
    assert callable(readline)
    line = readline(1 << 14)
    while line and not line.strip():
        line = readline(1 << 14)
    if not line:
        return []
    lines = [line, *(readline(1 << 14) for _ in range(_HEADER_LINES - 1))]
    if not lines[-1]:
        raise BadFile("cut_short", name=name)
    return lines


def _split(matrix: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A rotation with a translation (4, 4), and what stretches before (3, 3): together they are `matrix`."""
    if not np.isfinite(matrix).all() or abs(np.linalg.det(matrix[:3, :3])) < 1e-12:
        raise ValueError("this matrix turns space into a plane")
    u, _, v = np.linalg.svd(matrix[:3, :3])
    turned = u @ np.diag([1, 1, np.sign(np.linalg.det(u @ v))]) @ v
    stretch = turned.T @ matrix[:3, :3]
    if np.allclose(stretch, np.eye(3), atol=1e-4):  # digits that were not written
        stretch = np.eye(3)
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = turned, matrix[:3, 3]
    return pose, stretch
