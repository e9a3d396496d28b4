"""One tile of a point cloud as glTF: quantised points, packed by EXT_meshopt_compression.

Written as bytes, without pygltflib: a cloud has thousands of tiles, and each is the same few lines of JSON.
Source: glTF 2.0, 3.6 and 4.4; KHR_mesh_quantization; EXT_meshopt_compression, with its appendix A on filters.
"""

from __future__ import annotations

import json
import struct
from typing import Any

import meshopt
import numpy as np
from numpy.typing import NDArray

from recon.formats.srgb import decoded

FINE = 0.0005  # units: positions are moved by no more than half of this
_SLOPE_ONE = 0.21  # linear light; below, 8 bits are coarser than sRGB's

Bytes = NDArray[np.uint8]


def _shades() -> tuple[Bytes, NDArray[np.float32]]:
    """(256,) the linear value 0..255 of each sRGB byte, rounded down, and the share of it that is missing."""
    linear = decoded(np.arange(256) / 255) * 255
    whole = np.where(linear < _SLOPE_ONE * 255, np.floor(linear), np.round(linear))
    return whole.astype(np.uint8), np.clip(linear - whole, 0, 1).astype(np.float32)


_WHOLE, _REST = _shades()


def point_tile(
    cells: NDArray[np.uint32],
    low: tuple[float, float, float],
    step: float,
    colors: Bytes | None,
    classes: Bytes | None,
) -> tuple[bytes, list[float], list[float]]:
    """(GLB, lowest corner, highest corner) of the points at `low` + cells (N, 3) x `step`.

    They compress well where neighbours in space are neighbours in the list.

    colors (N, 3) sRGB become linear COLOR_0; classes (N,) become _CLASSIFICATION. Positions are 16 bits where that
    moves none by more than FINE / 2, else whole numbers in 32-bit floats, which are exact.
    """
    corner = cells.min(axis=0)
    inside = cells - corner
    shift = max(0, int(inside.max()).bit_length() - 16)
    origin = [float(low[axis] + int(corner[axis]) * step) for axis in range(3)]
    glb = _Glb(len(cells))
    if shift and step * 2**shift > FINE:
        scale, most = step, inside.max(axis=0)
        whole = inside.astype(np.float32)
        glb.add("POSITION", meshopt.encode_filter_exp(whole, 24, "Clamped"), 5126, "VEC3", whole, how="EXPONENTIAL")
    else:
        scale = step * 2**shift
        grid = ((inside.astype(np.int64) + (1 << shift >> 1)) >> shift).clip(0, 65535).astype(np.uint16)
        most = grid.max(axis=0)
        glb.add("POSITION", np.pad(grid, ((0, 0), (0, 1))), 5123, "VEC3", grid)
    if colors is not None:
        shades = np.full((len(cells), 4), 255, np.uint8)
        # where 8 bits of linear light are too coarse, the points round up and down in turn, so that their mean is right
        threshold = ((np.arange(len(cells), dtype=np.uint32) * 2654435769 >> 8 & 0xFFFF) + 0.5) / 65536
        shades[:, :3] = _WHOLE[colors] + (_REST[colors] > threshold[:, None])
        glb.add("COLOR_0", shades, 5121, "VEC4", normalized=True)
    if classes is not None:
        glb.add("_CLASSIFICATION", np.pad(classes[:, None], ((0, 0), (0, 3))), 5121, "SCALAR")
    return glb.bytes(origin, scale), origin, [origin[axis] + int(most[axis]) * scale for axis in range(3)]


class _Glb:
    def __init__(self, count: int):
        self.count = count
        self.attributes: dict[str, int] = {}
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []
        self.blob = bytearray()
        self.unpacked = 0

    def add(
        self,
        name: str,
        rows: NDArray[Any],
        component: int,
        kind: str,
        bounds: NDArray[Any] | None = None,
        *,
        how: str = "NONE",
        normalized: bool = False,
    ) -> None:
        packed = meshopt.encode_gltf_buffer(rows, "ATTRIBUTES")
        stride = rows.nbytes // self.count
        self.blob += b"\0" * (-len(self.blob) % 4)
        extension: dict[str, Any] = {"buffer": 0, "byteOffset": len(self.blob), "byteLength": len(packed)}
        extension |= {"byteStride": stride, "count": self.count, "mode": "ATTRIBUTES"}
        extension |= {"filter": how} if how != "NONE" else {}
        self.views.append(
            {
                "buffer": 1,
                "byteOffset": self.unpacked,
                "byteLength": rows.nbytes,
                "byteStride": stride,
                "target": 34962,
                "extensions": {"EXT_meshopt_compression": extension},
            }
        )
        accessor: dict[str, Any] = {"bufferView": len(self.accessors), "componentType": component}
        accessor |= {"count": self.count, "type": kind} | ({"normalized": True} if normalized else {})
        if bounds is not None:
            accessor |= {"min": bounds.min(axis=0).tolist(), "max": bounds.max(axis=0).tolist()}
        self.attributes[name] = len(self.accessors)
        self.accessors.append(accessor)
        self.blob += packed
        self.unpacked += rows.nbytes

    def bytes(self, translation: list[float], scale: float) -> bytes:
        extensions = ["EXT_meshopt_compression", "KHR_mesh_quantization"]
        fallback = {"byteLength": self.unpacked, "extensions": {"EXT_meshopt_compression": {"fallback": True}}}
        document = {
            "asset": {"version": "2.0", "generator": "Longyao"},
            "extensionsUsed": extensions,
            "extensionsRequired": extensions,
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            "nodes": [{"mesh": 0, "translation": translation, "scale": [scale] * 3}],
            "meshes": [{"primitives": [{"attributes": self.attributes, "mode": 0}]}],
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": len(self.blob)}, fallback],
        }
        text = json.dumps(document, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        self.blob += b"\0" * (-len(self.blob) % 4)
        length = 12 + 8 + len(text) + 8 + len(self.blob)
        head = struct.pack("<4sII", b"glTF", 2, length) + struct.pack("<I4s", len(text), b"JSON")
        return head + text + struct.pack("<I4s", len(self.blob), b"BIN\0") + self.blob
