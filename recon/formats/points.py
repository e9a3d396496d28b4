"""Point clouds: a scan's points as they were measured, and the same as glTF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recon.formats.errors import BadFile, TooLarge
from recon.formats.gltf import Gltf, pack_glb
from recon.formats.gltf_arrays import fractions
from recon.formats.gltf_scene import Scene
from recon.formats.ply import Ply, offset_of
from recon.formats.srgb import decoded, encoded

MAX_POINTS = 40_000_000  # in a file that we are given
_GRID = 65535
_COMPONENTS = {"b": 5120, "B": 5121, "h": 5122, "H": 5123, "f": 5126}
_TYPES = {1: "SCALAR", 3: "VEC3", 4: "VEC4"}

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Cloud:
    """Points in a right-handed frame, +Y up."""

    positions: Floats  # (N, 3)
    colours: NDArray[np.uint8] | None  # (N, 3) sRGB; None where none were recorded
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)  # was taken out of the positions, which were too far from 0

    def __len__(self) -> int:
        return len(self.positions)

    def take(self, chosen: NDArray[Any]) -> Cloud:
        """Those at these indices, in this order."""
        return Cloud(self.positions[chosen], None if self.colours is None else self.colours[chosen], self.offset)

    def moved(self, translation: NDArray[Any]) -> Cloud:
        return Cloud((self.positions + np.asarray(translation)).astype(np.float32), self.colours, self.offset)

    def scaled(self, factor: float) -> Cloud:
        return Cloud(self.positions * np.float32(factor), self.colours, self.offset)

    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return self.positions.min(0).astype(np.float64), self.positions.max(0).astype(np.float64)


def cloud_of_ply(read: Ply, name: str) -> Cloud:
    """The points of a PLY that can be placed. Raises BadFile where there are none, TooLarge past MAX_POINTS."""
    placed = np.isfinite(read.points).all(axis=1)
    if not placed.any():
        raise BadFile("model_empty", name=name)
    if len(read.points) > MAX_POINTS:
        raise TooLarge("points", name=name, most=MAX_POINTS)
    return Cloud(read.points, read.colors, read.offset).take(np.flatnonzero(placed))


def cloud_of(gltf: Gltf) -> Cloud:
    """The points of a GLB's scene, in its frame. Raises BadFile where there are none or they are broken."""
    try:
        parts = Scene(gltf).points(limit=MAX_POINTS)
        if not sum(len(part.positions) for part in parts):
            raise BadFile("model_empty", name=gltf.name)
        shades = [part.attributes.get("COLOR_0") for part in parts]
        colours = None
        if any(shade is not None for shade in shades):
            linear = [
                np.ones((len(part.positions), 3)) if shade is None else fractions(shade[:, :3])
                for part, shade in zip(parts, shades, strict=True)
            ]
            colours = np.round(encoded(np.clip(np.concatenate(linear), 0, 1)) * 255).astype(np.uint8)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise BadFile("model_broken", name=gltf.name) from error
    positions = np.concatenate([part.positions for part in parts])
    if not np.isfinite(positions).all():
        raise BadFile("model_broken", name=gltf.name)
    offset = offset_of(positions)
    return Cloud((positions - offset).astype(np.float32), colours, offset)


def thinned(cloud: Cloud, most: int) -> Cloud:
    """At most `most` of the points, evenly: the first in every cell of a grid that is just coarse enough."""
    if len(cloud) <= most:
        return cloud
    low, high = cloud.bounds()
    fine, coarse = float((high - low).max()) / 2**20, float((high - low).max())
    chosen = np.arange(1)
    for _ in range(24):  # halving the ratio of the two each time
        cell = np.sqrt(fine * coarse)
        keys = ((cloud.positions - low) / cell).astype(np.int64)
        _, first = np.unique(keys @ np.array([1, 1 << 21, 1 << 42]), return_index=True)
        if len(first) > most:
            fine = cell
        else:
            coarse, chosen = cell, first
            if len(first) > 0.9 * most:
                break
    return cloud.take(chosen)


def write_cloud(path: Path, cloud: Cloud) -> None:
    """Write the points as glTF: positions to 1/65535 of the extent, colours as they are."""
    writer = PointsWriter()
    grid = writer.positions(cloud.positions)
    attributes = {"POSITION": grid}
    if cloud.colours is not None:
        linear = np.round(decoded(cloud.colours / 255) * 65535).astype("<u2")
        padded = np.column_stack([linear, np.full(len(cloud), 65535, "<u2")])  # four-byte strides
        attributes["COLOR_0"] = writer.add(padded, normalized=True)
    writer.write(path, attributes)


class PointsWriter:
    """A GLB with one primitive of points, its positions quantised (KHR_mesh_quantization)."""

    def __init__(self) -> None:
        self._binary = bytearray()
        self._views: list[dict[str, Any]] = []
        self._accessors: list[dict[str, Any]] = []
        self.extent = 1.0  # of the unit that the quantised positions are in
        self._corner = np.zeros(3)

    def add(self, rows: NDArray[Any], *, normalized: bool = False) -> int:
        """An accessor of rows (N, width), each padded to four bytes."""
        rows = np.ascontiguousarray(rows)
        width = rows.itemsize * rows.shape[1]
        stride = -(-width // 4) * 4
        raw = np.zeros((len(rows), stride), np.uint8)
        raw[:, :width] = rows.view(np.uint8).reshape(len(rows), width)
        self._views.append(
            {
                "buffer": 0,
                "byteOffset": len(self._binary),
                "byteLength": raw.size,
                "byteStride": stride,
                "target": 34962,
            }
        )
        self._binary += raw.tobytes()
        accessor = {
            "bufferView": len(self._views) - 1,
            "componentType": _COMPONENTS[rows.dtype.char],
            "count": len(rows),
            "type": _TYPES[rows.shape[1]],
        }
        self._accessors.append(accessor | ({"normalized": True} if normalized else {}))
        return len(self._accessors) - 1

    def positions(self, points: NDArray[Any]) -> int:
        low, high = points.min(0).astype(np.float64), points.max(0).astype(np.float64)
        self._corner, self.extent = low, float((high - low).max()) or 1.0
        grid = np.round((points - low) / self.extent * _GRID).astype("<u2")
        index = self.add(grid, normalized=True)
        self._accessors[index] |= {"min": grid.min(0).tolist(), "max": grid.max(0).tolist()}
        return index

    def write(self, path: Path, attributes: Mapping[str, int], extensions: Mapping[str, Any] | None = None) -> None:
        primitive: dict[str, Any] = {"attributes": dict(attributes), "mode": 0}
        if extensions:
            primitive["extensions"] = dict(extensions)
        document = {
            "asset": {"version": "2.0", "generator": "Longyao"},
            "extensionsUsed": ["KHR_mesh_quantization", *(extensions or ())],
            "extensionsRequired": ["KHR_mesh_quantization"],
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            "nodes": [{"mesh": 0, "translation": self._corner.tolist(), "scale": [self.extent] * 3}],
            "meshes": [{"primitives": [primitive]}],
            "accessors": self._accessors,
            "bufferViews": self._views,
            "buffers": [{"byteLength": len(self._binary)}],
        }
        path.write_bytes(pack_glb(document, bytes(self._binary)))
