"""What every reader of scan files hands on: scans by their headers, and their points block by block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from recon.formats.control_points import is_control
from recon.formats.errors import BadFile

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]

AT_ONCE = 1 << 18  # records in memory

Place = tuple[int, int]
"""Where a block ends: records read so far, and the file's offset in bytes or 0, as the reader needs it to go on."""

START: Place = (0, 0)


@dataclass(frozen=True, slots=True)
class ScanHeader:
    """A scan as its file announces it, before its points are read. Lengths are in the file's unit."""

    name: str = ""  # as the file calls it
    records: int | None = None  # points, invalid ones too; None where only reading tells
    colors: bool = False  # whether the points have them
    intensity: bool = False
    classes: bool = False
    color_top: float | None = None  # what 255 is; None where the numbers must tell
    intensity_range: tuple[float, float] | None = None  # what 0 and 1 are; None where the numbers must tell
    file_from_scan: FloatArray = field(default_factory=lambda: np.eye(4))  # (4, 4) rotation and translation
    has_pose: bool = False  # whether the file says file_from_scan, be it the identity
    scanner: tuple[float, float, float] | None = None  # where it stood, scan frame
    grid: tuple[int, int] | None = None  # rows and columns of the scanner's directions
    crs: str | None = None  # "EPSG:32650", or what the file calls it
    geographic: bool = False  # x and y are degrees of longitude and latitude
    metres_per_unit: float | None = None  # None where the file says nothing
    metres_per_unit_up: float | None = None  # of heights that have a unit of their own


@dataclass(frozen=True, slots=True)
class ScanBlock:
    """Consecutive points in the scan's frame and the file's unit. Rows may hold NaN: whoever reads leaves them out."""

    points: FloatArray  # (N, 3)
    place: Place  # where the next block begins
    colors: NDArray[Any] | None = None  # (N, 3) RGB, 0..ScanHeader.color_top
    intensity: NDArray[Any] | None = None  # (N,) in ScanHeader.intensity_range
    classes: ByteArray | None = None  # (N,) ASPRS LAS 1.4, table 17
    dropped: Mapping[str, int] = field(default_factory=dict)  # records that are no points, by reason


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """A picture in a scan file, with its camera. Lengths are in the file's unit."""

    name: str
    suffix: str  # ".jpg" or ".png"
    width: int
    height: int
    projection: str  # "pinhole", "spherical", "cylindrical"
    scan: int | None  # which of the file's scans it belongs to
    pixel: tuple[float, float] | None = None  # radians across and down; a cylinder's down: length
    k: FloatArray | None = None  # (3, 3) px of a pinhole
    file_from_camera: FloatArray = field(default_factory=lambda: np.eye(4))  # camera +X right, +Y down, +Z forward


class ScanFile(Protocol):
    """An open file. All of its methods raise BadFile, or what the library behind them does, for a broken file."""

    @property
    def format(self) -> str:
        """What it is: "LAS 1.4"."""

    @property
    def headers(self) -> tuple[ScanHeader, ...]: ...

    def blocks(self, scan: int, place: Place, size: int, /) -> Iterator[ScanBlock]:
        """The points of a scan from `place` on, some `size` records at a time."""

    @property
    def pictures(self) -> tuple[PictureHeader, ...]:
        return ()

    def picture(self, number: int, /) -> bytes:
        """The file of a picture."""
        raise IndexError(number)


@contextmanager
def refusing(path: Path, name: str) -> Iterator[None]:
    """Raise whatever a library raises, met with foreign bytes, as a BadFile; a Rust panic is no Exception."""
    try:
        yield
    except (BadFile, MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise BadFile("scan_broken", name=name, format=path.suffix.lstrip(".").upper()) from error


def open_scan(path: Path, name: str) -> ScanFile:
    """Open a scan file of any format that is read, by its name's ending. Raises BadFile."""
    file = _open(path, name)
    if any((header.records or 0) > _MOST_PER_BYTE * path.stat().st_size for header in file.headers):
        raise BadFile("scan_claims", name=name)
    return file


def _open(path: Path, name: str) -> ScanFile:
    match path.suffix.lower():  # the libraries behind them take their time
        case ".e57":
            from recon.formats.scan_e57 import E57File

            return E57File(path, name)
        case ".las" | ".laz":
            from recon.formats.scan_las import LasFile

            return LasFile(path, name)
        case ".pcd":
            from recon.formats.scan_pcd import PcdFile

            return PcdFile(path, name)
        case ".ply":
            from recon.formats.scan_ply import PlyFile

            return PlyFile(path, name)
        case ".ptx":
            from recon.formats.scan_ptx import PtxFile

            return PtxFile(path, name)
        case ".pts":
            from recon.formats.scan_text import PtsFile

            return PtsFile(path, name)
        case ".vtk":
            from recon.formats.scan_vtk import VtkFile

            return VtkFile(path, name)
        case ".xyz" | ".txt" | ".csv" | ".asc":
            from recon.formats.scan_text import TextFile

            return TextFile(path, name)
    raise BadFile("scan_format", name=name, formats=", ".join(s.lstrip(".").upper() for s in SUFFIXES))


_MOST_PER_BYTE = 64  # points; the best packing of a plane on a grid takes more, what claims more would fill the disk
SUFFIXES = (".e57", ".las", ".laz", ".ptx", ".pts", ".ply", ".pcd", ".xyz", ".asc", ".txt", ".csv", ".vtk")


def is_scan(path: Path) -> bool:
    """Whether a file is a scan by its name; text of any kind only where it holds rows of coordinates."""
    from recon.formats.scan_text import OF_ANY_KIND, has_rows

    if is_control(path):
        return False
    suffix = path.suffix.lower()
    return has_rows(path) if suffix in OF_ANY_KIND else suffix in SUFFIXES


COLOR_TOPS = (1.0, 255.0, 65535.0)


def top_of(most: float, tops: tuple[float, ...]) -> float:
    """The least of these limits that `most` does not pass."""
    return next((top for top in tops if most <= top), most)


def pose_matrix(wxyz: Sequence[float], translation: Sequence[float]) -> FloatArray | None:
    """(4, 4) of a quaternion of any length; None where there is no such turn."""
    turned = np.array(wxyz, np.float64)
    length = float(np.linalg.norm(turned))
    pose = np.eye(4)
    pose[:3, 3] = translation
    if not (np.isfinite(pose).all() and np.isfinite(length) and length > 1e-9):
        return None
    w, x, y, z = turned / length
    pose[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return pose


def columns_of(names: list[str]) -> dict[str, str]:
    """Which of a file's columns, as it calls them, are x y z red green blue intensity classification."""
    found: dict[str, str] = {}
    for name in names:
        plain = name.strip().strip('"').lower().removeprefix("//").removeprefix("scalar_").strip()
        meaning = _MEANINGS.get(plain)
        if meaning is not None:
            found.setdefault(meaning, name)
    return found


_MEANINGS = {
    **{axis: axis for axis in "xyz"},
    "easting": "x",
    "northing": "y",
    "elevation": "z",
    "height": "z",
    **{color: color for color in ("red", "green", "blue")},
    **{color[0]: color for color in ("red", "green", "blue")},
    **{f"diffuse_{color}": color for color in ("red", "green", "blue")},
    **dict.fromkeys(("intensity", "i", "reflectance", "reflectivity", "scan_intensity"), "intensity"),
    **dict.fromkeys(("classification", "class"), "classification"),
}
