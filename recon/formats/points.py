"""Point clouds: a scan's points as they were measured, and the same as glTF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pygltflib as gltf
from numpy.typing import NDArray

from recon.formats.errors import BadFile, TooLarge
from recon.formats.glb_document import GlbDocument
from recon.formats.gltf import Gltf
from recon.formats.gltf_arrays import fractions
from recon.formats.gltf_scene import Scene
from recon.formats.ply import Ply, offset_of
from recon.formats.point_tile import point_tile
from recon.formats.srgb import decoded, encoded

MAX_POINTS = 40_000_000  # in a file that we are given
_GRID = 65535
_SAMPLE = 100_000  # points that the core of a cloud is measured on
_STRAY = 10.0  # times the core's longest side

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


def strays(positions: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Which of the points (N, 3) lie so far from nearly all others that the cloud would shrink to a dot beside them.

    The core is the box that leaves out the outermost hundredth on each side; a stray lies beyond ten times its size.
    """
    low, high = reach(positions)
    return np.asarray(((positions < low) | (positions > high)).any(axis=1))


def reach(positions: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(lowest, highest corner) beyond which points are strays; infinite where all lie in one place."""
    some = positions[:: max(1, len(positions) // _SAMPLE)]
    low, high = np.quantile(some, [0.01, 0.99], axis=0)
    away = _STRAY * float((high - low).max()) or np.inf
    return low - away, high + away


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
    document = PointsDocument()
    attributes = {"POSITION": document.positions(cloud.positions)}
    if cloud.colours is not None:
        linear = np.round(decoded(cloud.colours / 255) * 65535).astype(np.uint16)
        opaque = np.full(len(cloud), 65535, np.uint16)  # four values, so that every vertex begins at four bytes
        attributes["COLOR_0"] = document.vertices(np.column_stack([linear, opaque]), normalized=True)
    document.show(attributes)
    document.write(path)


def write_packed_cloud(path: Path, cloud: Cloud) -> None:
    """The same in less than half of the bytes, for what comes over a slow line: colours are 8 bits of linear light, and
    readers need EXT_meshopt_compression."""
    low, high = cloud.bounds()
    step = (float((high - low).max()) or 1.0) / _GRID
    cells = np.round((cloud.positions - low) / step).astype(np.uint32)
    order = np.argsort(_morton(cells))  # neighbours in space are neighbours in the file: they pack well
    colours = None if cloud.colours is None else cloud.colours[order]
    x, y, z = low.tolist()
    path.write_bytes(point_tile(cells[order], (x, y, z), step, colours, None)[0])


def _morton(cells: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """The Morton numbers (N,) of cells (N, 3) below 2^16: their bits in turn."""
    bits = cells.astype(np.uint64)
    for shift, mask in ((16, 0xFF0000FF), (8, 0xF00F00F00F), (4, 0xC30C30C30C3), (2, 0x249249249249)):
        bits = (bits | bits << np.uint64(shift)) & np.uint64(mask)
    return np.asarray(bits[:, 0] | bits[:, 1] << np.uint64(1) | bits[:, 2] << np.uint64(2))


class PointsDocument(GlbDocument):
    """A GLB with one primitive of points, its positions quantised (KHR_mesh_quantization)."""

    extent = 1.0  # of the unit that the quantised positions are in

    def positions(self, points: NDArray[Any]) -> int:
        """The accessor of the quantised positions (N, 3)."""
        low, high = points.min(0).astype(np.float64), points.max(0).astype(np.float64)
        self.extent = float((high - low).max()) or 1.0
        self.model.nodes = [gltf.Node(mesh=0, translation=low.tolist(), scale=[self.extent] * 3)]
        self.required.add("KHR_mesh_quantization")
        grid = np.round((points - low) / self.extent * _GRID).astype(np.uint16)
        return self.vertices(grid, bounds=True, normalized=True)

    def show(self, attributes: Mapping[str, int], extensions: Mapping[str, Any] | None = None) -> None:
        """Draw the points with these accessors as their attributes."""
        self.used.update(extensions or ())
        primitive = gltf.Primitive(
            attributes=gltf.Attributes(**attributes), mode=gltf.POINTS, extensions=dict(extensions or {})
        )
        self.model.meshes = [gltf.Mesh(primitives=[primitive])]
