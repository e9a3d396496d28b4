"""A cloud as an E57 file: one scan with a pose, points in single precision around 0, colours.

Source: ASTM E2807-11, by libE57Format.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pye57 import libe57
from scipy.spatial.transform import Rotation

_PLACE = ("cartesianX", "cartesianY", "cartesianZ")
_COLOUR = ("colorRed", "colorGreen", "colorBlue")
_AT_ONCE = 1 << 16  # points

Block = tuple[NDArray[np.float32], NDArray[np.uint8]]
"""Points (N, 3) in metres and their colours (N, 3)."""


def write_e57(path: Path, blocks: Iterable[Block], file_from_cloud: NDArray[np.float64], *, name: str, wkt: str) -> int:
    """Write the cloud and its pose, block by block; returns how many points it has.

    file_from_cloud (4, 4): a similarity. A pose has no scale, so points are scaled and then placed by it. wkt: the
    reference system, empty for none. The same cloud gives the same file.
    """
    scale = float(np.cbrt(np.linalg.det(file_from_cloud[:3, :3])))
    path.unlink(missing_ok=True)
    with TemporaryDirectory() as folder:  # the library takes names in UTF-8 only
        link = Path(folder) / "cloud.e57"
        link.symlink_to(path.absolute())
        image = libe57.ImageFile(str(link), "w")
        try:
            scan = _begun(image, name, wkt)
            scan.set("pose", _pose(image, file_from_cloud[:3, :3] / scale, file_from_cloud[:3, 3]))
            points = libe57.CompressedVectorNode(image, _record(image), libe57.VectorNode(image, True))
            scan.set("points", points)
            low, high, count = _written(image, points, blocks, scale)
            bounds = dict(zip(("xMinimum", "yMinimum", "zMinimum"), low, strict=True))
            bounds |= dict(zip(("xMaximum", "yMaximum", "zMaximum"), high, strict=True))
            scan.set("cartesianBounds", _floats(image, bounds))
        finally:
            image.close()
    return count


def _begun(image: Any, name: str, wkt: str) -> Any:
    """The file's header, and the structure of its scan."""
    image.extensionsAdd("", libe57.E57_V1_0_URI)
    root = image.root()
    root.set("formatName", libe57.StringNode(image, "ASTM E57 3D Imaging Data File"))
    root.set("guid", libe57.StringNode(image, f"{{{uuid.uuid5(uuid.NAMESPACE_URL, f'longyao:e57:{name}')}}}"))
    root.set("versionMajor", libe57.IntegerNode(image, libe57.E57_FORMAT_MAJOR))
    root.set("versionMinor", libe57.IntegerNode(image, libe57.E57_FORMAT_MINOR))
    root.set("coordinateMetadata", libe57.StringNode(image, wkt))
    data, pictures = libe57.VectorNode(image, True), libe57.VectorNode(image, True)
    root.set("data3D", data)
    root.set("images2D", pictures)
    scan = libe57.StructureNode(image)
    scan.set("guid", libe57.StringNode(image, f"{{{uuid.uuid5(uuid.NAMESPACE_URL, f'longyao:scan:{name}')}}}"))
    scan.set("name", libe57.StringNode(image, name))
    limits = libe57.StructureNode(image)
    for channel in _COLOUR:
        limits.set(f"{channel}Minimum", libe57.IntegerNode(image, 0))
        limits.set(f"{channel}Maximum", libe57.IntegerNode(image, 255))
    scan.set("colorLimits", limits)
    data.append(scan)
    return scan


def _pose(image: Any, rotation: NDArray[np.float64], translation: NDArray[np.float64]) -> Any:
    x, y, z, w = Rotation.from_matrix(rotation).as_quat()
    pose = libe57.StructureNode(image)
    pose.set("rotation", _floats(image, {"w": w, "x": x, "y": y, "z": z}))
    pose.set("translation", _floats(image, dict(zip("xyz", translation, strict=True))))
    return pose


def _floats(image: Any, values: dict[str, float]) -> Any:
    node = libe57.StructureNode(image)
    for name, value in values.items():
        node.set(name, libe57.FloatNode(image, float(value)))
    return node


def _record(image: Any) -> Any:
    """What each point has."""
    record = libe57.StructureNode(image)
    for axis in _PLACE:
        record.set(axis, libe57.FloatNode(image, 0.0, libe57.E57_SINGLE))
    for channel in _COLOUR:
        record.set(channel, libe57.IntegerNode(image, 0, 0, 255))
    return record


def _written(
    image: Any, points: Any, blocks: Iterable[Block], scale: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """The least and the largest coordinates (3,) of the points that were written, and their number."""
    arrays: dict[str, NDArray[Any]] = {name: np.zeros(_AT_ONCE, np.float32) for name in _PLACE}
    arrays |= {name: np.zeros(_AT_ONCE, np.uint8) for name in _COLOUR}
    buffers = libe57.VectorSourceDestBuffer()
    for name, array in arrays.items():
        buffers.append(libe57.SourceDestBuffer(image, name, array, _AT_ONCE, True, True))
    writer = points.writer(buffers)
    low, high, total = np.full(3, np.inf), np.full(3, -np.inf), 0
    for places, colours in blocks:
        for start in range(0, len(places), _AT_ONCE):
            part = (scale * places[start : start + _AT_ONCE].astype(np.float64)).astype(np.float32)
            for axis in range(3):
                arrays[_PLACE[axis]][: len(part)] = part[:, axis]
                arrays[_COLOUR[axis]][: len(part)] = colours[start : start + _AT_ONCE, axis]
            writer.write(len(part))
            low, high, total = np.minimum(low, part.min(axis=0)), np.maximum(high, part.max(axis=0)), total + len(part)
    writer.close()
    return low, high, total
