"""A scanned room: points on walls, floor, machines and pipes of a room in code, and the same in tiles."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import meshopt
import numpy as np
from numpy.typing import NDArray

from recon.formats.srgb import decoded

SIZE = (8.0, 3.2, 6.0)  # m: width, height, depth; the room stands on the floor around the origin
_GRID = 64  # cells a side from which a tile that has children takes one point each

Floats = NDArray[np.float32]


def scanned_room(num: int, seed: int = 0) -> tuple[Floats, NDArray[np.uint8]]:
    """(positions (N, 3), sRGB colours (N, 3)) of about `num` points, evenly on all surfaces, with 2 mm of noise."""
    rng = np.random.default_rng(seed)
    width, height, depth = SIZE
    whole = np.array([[-width / 2, 0, -depth / 2], [width / 2, height, depth / 2]])
    boxes = [
        (whole, (205, 198, 184)),
        (np.array([[-3.2, 0, -2.2], [-1.6, 1.1, -0.9]]), (54, 96, 120)),
        (np.array([[1.4, 0, -2.4], [2.9, 1.9, -1.4]]), (150, 62, 40)),
        (np.array([[-0.6, 0, 0.9], [0.9, 0.8, 2.1]]), (92, 104, 70)),
    ]
    faces = [(box[0], box[1], axis, side, colour) for box, colour in boxes for axis in range(3) for side in range(2)]
    pipe = 2 * np.pi * 0.12 * width
    areas = np.array([np.prod(np.delete(high - low, axis)) for low, high, axis, _, _ in faces] + [pipe])
    counts = rng.multinomial(num, areas / areas.sum())
    positions, colours = [], []
    for (low, high, axis, side, colour), count in zip(faces, counts, strict=False):
        points = rng.uniform(low, high, (count, 3))
        points[:, axis] = (low, high)[side][axis]
        board = (np.floor(points * 2).astype(int).sum(axis=1) % 2 == 0)[:, None]  # squares of half a metre
        positions.append(points)
        colours.append(np.where(board, colour, np.array(colour) * 0.8))
    turn = rng.uniform(0, 2 * np.pi, counts[-1])
    along = rng.uniform(-width / 2, width / 2, counts[-1])
    ring = 0.12 * np.column_stack([np.cos(turn), np.sin(turn)])
    positions.append(np.column_stack([along, 2.6 + ring[:, 0], -1.0 + ring[:, 1]]))
    colours.append(np.tile([196.0, 170.0, 60.0], (counts[-1], 1)))
    placed = np.concatenate(positions) + rng.normal(0, 0.002, (num, 3))
    placed = np.clip(placed, whole[0], whole[1])
    shade = rng.normal(0, 4, (num, 1))
    return placed.astype(np.float32), (np.concatenate(colours) + shade).clip(0, 255).astype(np.uint8)


@dataclass
class Tiles:
    """What was written."""

    folder: Path
    num_tiles: int = 0
    points: dict[str, int] = field(default_factory=dict)  # by the name of the content


def write_tiles(folder: Path, positions: Floats, colours: NDArray[np.uint8], *, most: int = 50_000) -> Tiles:
    """An octree of tiles with `most` points or fewer: tileset.json and its contents, which add to one another."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Tiles(folder)
    linear = np.round(decoded(np.arange(256) / 255) * 255).astype(np.uint8)[colours]
    rng = np.random.default_rng(1)

    def tile(rows: NDArray[np.int64], corner: NDArray[np.float64], side: float) -> dict[str, Any]:
        children: list[dict[str, Any]] = []
        own, spacing = rows, side / _GRID
        if len(rows) > most:
            cells = np.floor((positions[rows] - corner) / side * _GRID).astype(np.int64).clip(0, _GRID - 1)
            _, first = np.unique(cells @ [_GRID**2, _GRID, 1], return_index=True)
            first = rng.permutation(first)[:most]
            own = rows[first]
            rest = np.delete(rows, first)
            octant = (positions[rest] >= corner + side / 2) @ np.array([4, 2, 1])
            for each in range(8):
                inside = rest[octant == each]
                if len(inside):
                    at = corner + side / 2 * np.array([each >> 2 & 1, each >> 1 & 1, each & 1])
                    children.append(tile(inside, at, side / 2))
        else:
            occupied = np.unique(np.floor((positions[rows] - corner) / side * 32).astype(np.int64), axis=0)
            spacing = min(spacing, side / 32 * (len(occupied) / max(len(rows), 1)) ** 0.5)
        low, high = positions[rows].min(0).astype(float), positions[rows].max(0).astype(float)
        name = f"{made.num_tiles}.glb"
        made.num_tiles += 1
        made.points[name] = len(own)
        (folder / name).write_bytes(_glb(positions[own], linear[own]))
        x, y, z = ((low + high) / 2).tolist()
        half = ((high - low) / 2 + 1e-4).tolist()
        box = [x, -z, y, half[0], 0, 0, 0, half[2], 0, 0, 0, half[1]]  # +Z up
        entry = {"boundingVolume": {"box": box}, "geometricError": spacing, "content": {"uri": name}}
        return entry | ({"children": children} if children else {})

    corner = positions.min(0).astype(float)
    side = float((positions.max(0) - corner).max()) * 1.0001
    root = {"refine": "ADD"} | tile(np.arange(len(positions)), corner, side)
    tileset = {"asset": {"version": "1.1"}, "geometricError": side, "root": root}
    (folder / "tileset.json").write_text(json.dumps(tileset), encoding="utf-8")
    return made


def _glb(positions: Floats, linear: NDArray[np.uint8]) -> bytes:
    low = positions.min(0).astype(float)
    extent = float((positions.max(0) - low).max()) or 1.0
    grid = np.round((positions - low) / extent * 65535).astype(np.uint16)
    order = np.lexsort((grid[:, 2] >> 10, grid[:, 1] >> 10, grid[:, 0] >> 10))  # neighbours pack well
    columns = [
        ("POSITION", np.pad(grid, ((0, 0), (0, 1)))[order], 5123, "VEC3", True),
        ("COLOR_0", np.pad(linear, ((0, 0), (0, 1)), constant_values=255)[order], 5121, "VEC4", True),
    ]
    blob, unpacked = b"", 0
    views, accessors = [], []
    for name, rows, component, kind, normalized in columns:
        packed = meshopt.encode_gltf_buffer(np.ascontiguousarray(rows), "ATTRIBUTES")
        stride = rows.nbytes // len(rows)
        extension = {"buffer": 0, "byteOffset": len(blob), "byteLength": len(packed), "byteStride": stride}
        extension |= {"count": len(rows), "mode": "ATTRIBUTES"}
        views.append(
            {"buffer": 1, "byteOffset": unpacked, "byteLength": rows.nbytes, "byteStride": stride}
            | {"extensions": {"EXT_meshopt_compression": extension}}
        )
        accessor: dict[str, Any] = {"bufferView": len(accessors), "componentType": component, "count": len(rows)}
        accessor |= {"type": kind, "normalized": normalized}
        if name == "POSITION":
            accessor |= {"min": grid.min(0).tolist(), "max": grid.max(0).tolist()}
        accessors.append(accessor)
        blob += packed + b"\0" * (-len(packed) % 4)
        unpacked += rows.nbytes
    extensions = ["EXT_meshopt_compression", "KHR_mesh_quantization"]
    document = {
        "asset": {"version": "2.0"},
        "extensionsUsed": extensions,
        "extensionsRequired": extensions,
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "translation": low.tolist(), "scale": [extent] * 3}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "COLOR_0": 1}, "mode": 0}]}],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [
            {"byteLength": len(blob)},
            {"byteLength": unpacked, "extensions": {"EXT_meshopt_compression": {"fallback": True}}},
        ],
    }
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(blob), 0x004E4942) + blob
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def tile_entry(folder: Path) -> dict[str, Any]:
    """How an asset document names the tileset in this folder."""
    content = (folder / "tileset.json").read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    entry = {"sha256": sha256, "bytes": len(content), "mime": "application/json"}
    return {"tileset": entry, "contents": [entry]}
