"""E57: scans with poses, on Cartesian or spherical grids, and the pictures among them.

Source: ASTM E2807-11, by libE57Format. Its reader cannot jump: what is to be left out is decoded all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pye57 import libe57

from recon.formats import crs
from recon.formats.errors import BadFile
from recon.formats.scan_file import (
    COLOR_TOPS,
    FloatArray,
    PictureHeader,
    Place,
    ScanBlock,
    ScanFile,
    ScanHeader,
    pose_matrix,
    top_of,
)

_CARTESIAN = ("cartesianX", "cartesianY", "cartesianZ")
_SPHERICAL = ("sphericalRange", "sphericalAzimuth", "sphericalElevation")
_COLORS = ("colorRed", "colorGreen", "colorBlue")
_INVALID = ("cartesianInvalidState", "sphericalInvalidState")
_CLASSES = ("classification", "las:classification", "ext:classification")
_UNLIMITED = 1e30  # libE57Format's limits of a number that has none
_PICTURES = {
    "pinholeRepresentation": "pinhole",
    "sphericalRepresentation": "spherical",
    "cylindricalRepresentation": "cylindrical",
}
_MOST_PICTURE_BYTES = 200_000_000

# E57's camera looks along -Z with +Y up; ours along +Z with +Y down. Its panoramas have +X in the middle and +Z up.
_E57_FROM_PINHOLE = np.diag([1.0, -1.0, -1.0, 1.0])
_E57_FROM_PANORAMA = np.array([[0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1]], np.float64)


class E57File(ScanFile):
    def __init__(self, path: Path, name: str):
        self.path, self.name = path, name
        with path.open("rb") as file:
            if file.read(8) != b"ASTM-E57":
                raise BadFile("scan_not", name=name, format="E57")
        try:
            with TemporaryDirectory() as folder:  # the library takes names in UTF-8 only
                link = Path(folder) / "scan.e57"
                link.symlink_to(path.absolute())
                self.image_file = libe57.ImageFile(str(link), "r")
            self.root = self.image_file.root()
            data = self.root["data3D"] if self.root.isDefined("data3D") else []
            self.nodes = [data[i] for i in range(len(data))]
            self._headers = tuple(self._header(node) for node in self.nodes)
            self._pictures = tuple(self._all_pictures())
        except libe57.E57Exception as error:
            raise _bad(error, name) from error

    @property
    def format(self) -> str:
        return f"E57 {_number(self.root, 'versionMajor', 1):.0f}.{_number(self.root, 'versionMinor', 0):.0f}"

    @property
    def headers(self) -> tuple[ScanHeader, ...]:
        return self._headers

    @property
    def pictures(self) -> tuple[PictureHeader, ...]:
        return tuple(picture for picture, _ in self._pictures)

    def picture(self, number: int) -> bytes:
        try:
            content: NDArray[np.uint8] = self._pictures[number][1].read_buffer()
        except libe57.E57Exception as error:
            raise _bad(error, self.name) from error
        return content.tobytes()

    def _header(self, node: Any) -> ScanHeader:
        points = node["points"]
        prototype = libe57.StructureNode(points.prototype())
        names = _names(prototype)
        if not (names.issuperset(_CARTESIAN) or names.issuperset(_SPHERICAL)):
            raise BadFile("scan_no_xyz", name=self.name)
        return ScanHeader(
            name=_text(node, "name"),
            records=int(points.childCount()),
            colors=names.issuperset(_COLORS),
            intensity="intensity" in names,
            classes=bool(names.intersection(_CLASSES)),
            color_top=_color_top(node, prototype) if names.issuperset(_COLORS) else None,
            intensity_range=_intensity_range(node, prototype) if "intensity" in names else None,
            file_from_scan=_pose(node, self.name),
            has_pose=node.isDefined("pose"),
            scanner=(0.0, 0.0, 0.0) if node.isDefined("pose") or not names.issuperset(_CARTESIAN) else None,
            grid=_grid(node) if {"rowIndex", "columnIndex"} <= names else None,
            crs=crs.from_wkt(_text(self.root, "coordinateMetadata")).name,
        )

    def blocks(self, scan: int, place: Place, size: int, /) -> Iterator[ScanBlock]:
        header, points = self._headers[scan], self.nodes[scan]["points"]
        names = _names(libe57.StructureNode(points.prototype()))
        cartesian = names.issuperset(_CARTESIAN)
        wanted = [*(_CARTESIAN if cartesian else _SPHERICAL), *(name for name in _INVALID if name in names)]
        wanted += _COLORS if header.colors else ()
        wanted += ["intensity"] if header.intensity else []
        wanted += [name for name in _CLASSES if name in names][:1]
        arrays, buffers = {}, libe57.VectorSourceDestBuffer()
        total, done = header.records or 0, 0
        if not total:
            return
        size = min(size, total)
        for name in wanted:
            arrays[name] = np.zeros(size, np.float64)
            buffers.append(libe57.SourceDestBuffer(self.image_file, name, arrays[name], size, True, True))
        try:
            reader = points.reader(buffers)
            while count := int(reader.read()):
                before, done = done, done + count
                if done > place[0]:
                    rows = {name: array[max(0, place[0] - before) : count].copy() for name, array in arrays.items()}
                    yield self._block(rows, header, cartesian, done)
            reader.close()
        except libe57.E57Exception as error:
            raise _bad(error, self.name) from error
        if done < total:
            raise BadFile("cut_short", name=self.name)

    def _block(self, rows: dict[str, FloatArray], header: ScanHeader, cartesian: bool, done: int) -> ScanBlock:
        if cartesian:
            points = np.stack([rows[name] for name in _CARTESIAN], -1)
            measured = points.any(1) if header.grid is not None else np.ones(len(points), bool)
        else:
            reach, azimuth, elevation = (rows[name] for name in _SPHERICAL)
            level = reach * np.cos(elevation)
            points = np.stack([level * np.cos(azimuth), level * np.sin(azimuth), reach * np.sin(elevation)], -1)
            measured = ~(reach <= 0)
        valid = np.ones(len(points), bool)
        for name in _INVALID:
            if name in rows:
                valid &= rows[name] == 0
        kept = valid & measured
        colors = np.stack([rows[name] for name in _COLORS], -1)[kept] if header.colors else None
        classes = next((rows[name] for name in _CLASSES if name in rows), None)
        return ScanBlock(
            points=points[kept],
            place=(done, 0),
            colors=colors,
            intensity=rows["intensity"][kept] if header.intensity else None,
            classes=None if classes is None else np.clip(np.nan_to_num(classes[kept]), 0, 255).astype(np.uint8),
            dropped={"invalid": int((~valid).sum()), "no_range": int((valid & ~measured).sum())},
        )

    def _all_pictures(self) -> Iterator[tuple[PictureHeader, Any]]:
        """Every picture with a camera, and where its bytes are."""
        guids = {_text(node, "guid"): number for number, node in enumerate(self.nodes)}
        images = self.root["images2D"] if self.root.isDefined("images2D") else []
        for number in range(len(images)):
            node = images[number]
            found = next((word for word in _PICTURES if node.isDefined(word)), None)
            if found is None:  # a picture for people, which no camera is known of
                continue
            inside = node[found]
            suffix = next((s for s in ("jpeg", "png") if inside.isDefined(f"{s}Image")), None)
            if suffix is None:
                continue
            blob = inside[f"{suffix}Image"]
            if blob.byteCount() > min(_MOST_PICTURE_BYTES, self.path.stat().st_size):
                raise BadFile("cut_short", name=self.name)
            pixel = (_number(inside, "pixelWidth", 0), _number(inside, "pixelHeight", 0))
            header = PictureHeader(
                name=_text(node, "name") or f"{number + 1}",
                suffix={"jpeg": ".jpg", "png": ".png"}[suffix],
                width=int(_number(inside, "imageWidth", 0)),
                height=int(_number(inside, "imageHeight", 0)),
                projection=_PICTURES[found],
                scan=guids.get(_text(node, "associatedData3DGuid")),
                pixel=pixel,
            )
            e57_from_ours = _E57_FROM_PANORAMA
            if found == "pinholeRepresentation":
                e57_from_ours = _E57_FROM_PINHOLE
                k = _pinhole(inside, pixel)
                if k is None:  # its lens is not said
                    continue
                header = replace(header, k=k, pixel=None)
            yield replace(header, file_from_camera=_pose(node, self.name) @ e57_from_ours), blob


def _pinhole(node: Any, pixel: tuple[float, float]) -> FloatArray | None:
    focal = _number(node, "focalLength", 0)
    if not (focal > 0 and min(pixel) > 0):
        return None
    x, y = _number(node, "principalPointX", 0), _number(node, "principalPointY", 0)
    return np.array([[focal / pixel[0], 0, x], [0, focal / pixel[1], y], [0, 0, 1]], np.float64)


def _bad(error: Exception, name: str) -> BadFile:
    text = str(error)
    damaged = ("ErrorBadChecksum", "ErrorReadFailed", "ErrorBadFileLength", "ErrorLSeekFailed")
    if any(word in text for word in damaged):
        return BadFile("scan_damaged", name=name)
    return BadFile("scan_broken", name=name, format="E57")


def _names(node: Any) -> set[str]:
    return {node.get(number).elementName() for number in range(node.childCount())}


def _number(node: Any, path: str, otherwise: float) -> float:
    if not node.isDefined(path):
        return otherwise
    found = node[path]
    for read in ("scaledValue", "value"):
        if hasattr(found, read):
            with suppress(TypeError, ValueError):
                return float(getattr(found, read)())
    return otherwise


def _text(node: Any, path: str) -> str:
    found = node[path].value() if node.isDefined(path) and hasattr(node[path], "value") else ""
    return "".join(letter for letter in str(found) if letter.isprintable())[:10_000]


def _pose(node: Any, name: str) -> FloatArray:
    """(4, 4) file from scan or camera; the identity where the file says nothing."""
    w, x, y, z = (_number(node, f"pose/rotation/{key}", float(key == "w")) for key in "wxyz")
    moved = [_number(node, f"pose/translation/{key}", 0) for key in "xyz"]
    pose = pose_matrix((w, x, y, z), moved)
    if pose is None:
        raise BadFile("scan_pose", name=name)
    return pose


def _grid(node: Any) -> tuple[int, int] | None:
    low = [_number(node, f"indexBounds/{key}Minimum", 0) for key in ("row", "column")]
    high = [_number(node, f"indexBounds/{key}Maximum", -1) for key in ("row", "column")]
    rows, columns = (int(b - a) + 1 for a, b in zip(low, high, strict=True))
    return (rows, columns) if rows > 1 and columns > 1 else None


def _color_top(node: Any, prototype: Any) -> float | None:
    """Some write the brightest colour that there is for the brightest that there can be: the next usual limit."""
    limits = [_number(node, f"colorLimits/{name}Maximum", 0) for name in _COLORS]
    limits = limits if any(limits) else [_limits(prototype[name])[1] for name in _COLORS]
    return top_of(max(limits), COLOR_TOPS) if 0 < max(limits) < _UNLIMITED else None


def _intensity_range(node: Any, prototype: Any) -> tuple[float, float] | None:
    low = _number(node, "intensityLimits/intensityMinimum", 0)
    high = _number(node, "intensityLimits/intensityMaximum", 0)
    if not high > low:
        low, high = _limits(prototype["intensity"])
    return (low, high) if -_UNLIMITED < low < high < _UNLIMITED else None


def _limits(node: Any) -> tuple[float, float]:
    scaled = hasattr(node, "scaledMinimum")
    return (
        (float(node.scaledMinimum()), float(node.scaledMaximum()))
        if scaled
        else (float(node.minimum()), float(node.maximum()))
    )
