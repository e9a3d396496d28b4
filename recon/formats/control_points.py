"""Files of ground control points: measured places, and the pixels where photos show them.

    gcp_list.txt                  OpenDroneMap: the reference system, then "x y z pixel_x pixel_y photo [name]" a line
    ground_control_points.json    OpenSfM: degrees, and pixels as shares of the longer side around the middle
    gcp.csv                       a header, then a row per mark: name, x, y, z, pixel_x, pixel_y, photo; lines before
                                  the header may say the reference system

Places are east, north and up. Pixels are of the upright photo, from its top left corner. A row of a CSV file without
a pixel gives a place alone: that of the coded target whose number is its name.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recon.errors import BadControl
from recon.formats import crs, geodesy
from recon.formats.crs import Reference
from recon.messages import Message

NAMES = (
    "gcp_list.txt",
    "ground_control_points.json",
    "gcp.csv",
    "gcp_list.csv",
    "control_points.csv",
    "ground_control_points.csv",
    "控制点.csv",
)
"""Files of these names are found by themselves."""

_COLUMNS = {
    "name": ("name", "id", "point", "label", "gcp", "gcp_name", "number", "点号", "点名", "名称", "编号"),
    "x": ("x", "east", "easting", "e", "geo_x", "longitude", "lon", "lng", "东", "东坐标", "经度"),
    "y": ("y", "north", "northing", "n", "geo_y", "latitude", "lat", "北", "北坐标", "纬度"),
    "z": ("z", "up", "height", "h", "elevation", "altitude", "alt", "geo_z", "高", "高程"),
    "pixel_x": ("pixel_x", "px", "im_x", "image_x", "u", "col", "column", "像素x", "列"),
    "pixel_y": ("pixel_y", "py", "im_y", "image_y", "v", "row", "像素y", "行"),
    "photo": ("photo", "image", "image_name", "filename", "file", "img", "照片", "影像", "文件"),
}
_HEADER = 3  # known columns that make a line the header
_LARGEST = 20_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a photo shows a point."""

    photo: str  # as the file names it
    x: float  # px from the left edge; or from the middle, in the longer side, where `of_side`
    y: float
    of_side: bool = False

    def pixel(self, width: int, height: int) -> tuple[float, float]:
        if self.of_side:
            return self.x * max(width, height) + width / 2, self.y * max(width, height) + height / 2
        return self.x, self.y


@dataclass(frozen=True, slots=True)
class ControlPoint:
    name: str
    place: tuple[float, float, float] | None  # in the file's system and unit; None where nobody measured it
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class ControlFile:
    name: str
    reference: Reference
    points: tuple[ControlPoint, ...]

    def located(self) -> Located:
        """The places of the points that have one, around their middle."""
        places = {point.name: np.array(point.place) for point in self.points if point.place is not None}
        middle = np.median(list(places.values()), axis=0)
        if self.reference.geographic:
            from_earth = np.linalg.inv(geodesy.geocentric_from_local(*middle))
            at = {name: geodesy.geocentric(place[None])[0] for name, place in places.items()}
            local = {name: from_earth[:3, :3] @ place + from_earth[:3, 3] for name, place in at.items()}
            zone = geodesy.utm_zone(middle[0], middle[1])
            return Located(local, geodesy.utm_from_local(*middle), zone)
        level = self.reference.metres_per_unit or 1.0
        unit = np.array([level, level, self.reference.metres_per_unit_up or level])
        grid = geodesy.utm_scale(self.reference.name, middle * unit)
        survey_from_local = np.diag([grid, grid, 1.0, 1.0])
        survey_from_local[:3, 3] = middle * unit
        local = {name: (place - middle) * unit / [grid, grid, 1.0] for name, place in places.items()}
        return Located(local, survey_from_local, self.reference.name)


@dataclass(frozen=True, slots=True)
class Located:
    local: Mapping[str, NDArray[np.float64]]  # (3,) metres, +X east, +Y north, +Z up
    survey_from_local: NDArray[np.float64]  # (4, 4)
    crs: str | None  # None for a system of the survey's own


def is_control(path: Path) -> bool:
    return path.name.lower() in NAMES


def read(path: Path) -> ControlFile:
    """Raises BadControl with the line that cannot be read."""
    if not path.is_file():
        raise BadControl("control_missing", file=path)
    if path.stat().st_size > _LARGEST:
        raise BadControl("control_large", file=path.name)
    data = path.read_bytes()
    if path.suffix.lower() == ".json":
        return _opensfm(data, path.name)
    text = _text(data, path.name)
    return _csv(text, path.name) if path.suffix.lower() == ".csv" else _gcp_list(text, path.name)


def _text(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):  # the second is what spreadsheets write in China
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _bad(name, 1, Message("reason.control_text"))


def _bad(name: str, line: int, reason: Message) -> BadControl:
    return BadControl("control_line", file=name, line=line, reason=reason)


class _Gathered:
    """Points as their marks come line by line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.places: dict[str, tuple[float, float, float] | None] = {}
        self.marks: dict[str, list[Mark]] = {}

    def add(self, line: int, point: str, place: tuple[float, float, float] | None, mark: Mark | None) -> None:
        known = self.places.setdefault(point, place)
        if known != place:
            raise _bad(self.name, line, Message("reason.control_twice", point=point))
        marks = self.marks.setdefault(point, [])
        if mark is not None:
            if any(other.photo == mark.photo for other in marks):
                raise _bad(self.name, line, Message("reason.control_marked_twice", point=point, photo=mark.photo))
            marks.append(mark)

    def file(self, reference: Reference) -> ControlFile:
        if not self.places:
            raise _bad(self.name, 1, Message("reason.control_empty"))
        points = (ControlPoint(n, place, tuple(self.marks[n])) for n, place in self.places.items())
        return ControlFile(self.name, reference, tuple(points))


def _gcp_list(text: str, name: str) -> ControlFile:
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    lines = [(n, line) for n, line in lines if not line.startswith("#")]
    if not lines:
        raise _bad(name, 1, Message("reason.control_empty"))
    reference = _reference(lines[0][1], name, lines[0][0])
    gathered = _Gathered(name)
    unnamed: dict[tuple[float, float, float], str] = {}
    for number, line in lines[1:]:
        parts = [part.strip() for part in (line.split("\t") if line.count("\t") >= 5 else line.split())]
        if len(parts) < 6:
            raise _bad(name, number, Message("reason.control_columns", count=len(parts)))
        x, y, z, pixel_x, pixel_y = (_number(part, name, number) for part in parts[:5])
        place = _checked((x, y, z), reference, name, number)
        point = parts[6] if len(parts) > 6 else unnamed.setdefault(place, str(len(unnamed) + 1))
        gathered.add(number, point, place, Mark(parts[5], pixel_x, pixel_y))
    return gathered.file(reference)


def _csv(text: str, name: str) -> ControlFile:
    reference = Reference()
    lines = text.splitlines()
    start = 0
    columns: dict[str, int] = {}
    separator = ","
    for start, line in enumerate(lines):
        if not line.strip():
            continue
        separator = max(",;\t", key=line.count)
        columns = _columns(next(csv.reader([line], delimiter=separator)))
        if len(columns) >= _HEADER:
            break
        said = line.strip().lstrip("#").strip().strip(",;\t")
        reference = _reference(said.partition("=")[2] or said, name, start + 1)
    missing = {"name", "x", "y", "z"} - columns.keys()
    if missing:
        raise _bad(name, start + 1, Message("reason.control_header", columns=sorted(missing)))
    gathered = _Gathered(name)
    for number, row in enumerate(csv.reader(lines[start + 1 :], delimiter=separator), start + 2):
        cells = {column: row[at].strip() if at < len(row) else "" for column, at in columns.items()}
        if not any(cells.values()):
            continue
        place = tuple(_number(cells[axis], name, number) for axis in "xyz")
        where = _checked((place[0], place[1], place[2]), reference, name, number)
        mark = None
        if photo := cells.get("photo", ""):
            pixel_x, pixel_y = (_number(cells.get(axis, ""), name, number) for axis in ("pixel_x", "pixel_y"))
            mark = Mark(photo, pixel_x, pixel_y)
        gathered.add(number, cells["name"] or str(number), where, mark)
    return gathered.file(reference)


def _columns(header: Sequence[str]) -> dict[str, int]:
    cells = [cell.strip().lower().replace(" ", "_") for cell in header]
    return {column: cells.index(n) for column, names in _COLUMNS.items() for n in names[::-1] if n in cells}


def _opensfm(data: bytes, name: str) -> ControlFile:
    try:
        points = json.loads(data)["points"]
    except (ValueError, KeyError, TypeError) as problem:
        raise _bad(name, getattr(problem, "lineno", 1), Message("reason.control_json")) from problem
    gathered = _Gathered(name)
    for number, point in enumerate(points, 1):
        try:
            at = point.get("position")
            place = None if at is None else (float(at["longitude"]), float(at["latitude"]), float(at["altitude"]))
            marks = [
                Mark(str(seen["shot_id"]), float(seen["projection"][0]), float(seen["projection"][1]), of_side=True)
                for seen in point["observations"]
            ]
            point_name = str(point["id"])
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as problem:
            raise BadControl("control_point", file=name, number=number) from problem
        gathered.add(number, point_name, place, None)
        for mark in marks:
            gathered.add(number, point_name, place, mark)
    return gathered.file(Reference("EPSG:4326", geographic=True))


def _reference(said: str, name: str, line: int) -> Reference:
    reference = crs.from_text(said)
    if reference is None:
        raise _bad(name, line, Message("reason.control_crs", text=said[:80]))
    return reference


def _number(text: str, name: str, line: int) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _bad(name, line, Message("reason.control_number", text=text[:40]))
    return number


def _checked(
    place: tuple[float, float, float], reference: Reference, name: str, line: int
) -> tuple[float, float, float]:
    if reference.geographic and not (abs(place[0]) <= 180 and abs(place[1]) <= 90):
        raise _bad(name, line, Message("reason.control_degrees", x=place[0], y=place[1]))
    return place
