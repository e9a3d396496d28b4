"""Reads a GLB that a stranger made: its structure is checked, its triangles and points are laid out in one frame.

glTF 2.0 (Khronos), sections 3.6 (buffers, views, accessors), 3.5 (nodes), 4 (GLB); KHR_draco_mesh_compression.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import struct
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import DracoPy
import numpy as np
from numpy.typing import NDArray

from exhibit.errors import BadBundle, TooLarge

# what the viewer can show when a model insists on it
READABLE_EXTENSIONS = frozenset(
    {
        "KHR_draco_mesh_compression",
        "KHR_mesh_quantization",
        "KHR_texture_transform",
        "KHR_lights_punctual",
        "EXT_texture_webp",
        "KHR_texture_basisu",
        "KHR_materials_unlit",
        "KHR_materials_clearcoat",
        "KHR_materials_emissive_strength",
        "KHR_materials_ior",
        "KHR_materials_iridescence",
        "KHR_materials_sheen",
        "KHR_materials_specular",
        "KHR_materials_transmission",
        "KHR_materials_volume",
    }
)

_JSON_CHUNK, _BIN_CHUNK = 0x4E4F534A, 0x004E4942
_MAX_JSON = 64 << 20
_MAX_NODES = 100_000
_COMPONENTS: dict[int, np.dtype[Any]] = {
    5120: np.dtype("<i1"),
    5121: np.dtype("<u1"),
    5122: np.dtype("<i2"),
    5123: np.dtype("<u2"),
    5125: np.dtype("<u4"),
    5126: np.dtype("<f4"),
}
_WIDTH = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_POINTS, _TRIANGLES = 0, 4

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """One drawn primitive in the scene's frame."""

    positions: Floats  # (V, 3)
    faces: NDArray[np.int64]  # (F, 3), counter-clockwise from outside
    uv: Floats | None  # (V, 2), (0, 0) the picture's top left corner
    vertex_colours: Floats | None  # (V, 3) linear, 0..1
    colour: tuple[float, float, float]  # base colour factor, linear
    picture: bytes | None  # base colour texture, encoded
    lit: bool  # False where the light is in the picture (KHR_materials_unlit)


@dataclass(frozen=True, slots=True)
class Points:
    """One primitive of points."""

    positions: Floats  # (N, 3) in the scene's frame
    attributes: dict[str, Floats]  # the others, (N, width), as the file has them
    scene_from_mesh: Floats  # (4, 4)


@dataclass(frozen=True, slots=True)
class Glb:
    """A GLB whose structure has been checked."""

    document: dict[str, Any]
    binary: bytes
    name: str

    @property
    def compressed(self) -> bool:
        return "KHR_draco_mesh_compression" in self.document.get("extensionsRequired", [])

    def num_triangles(self) -> int:
        """Triangles of all meshes, each counted once."""
        meshes = self.document.get("meshes", [])
        return sum(self._num_corners(p) // 3 for mesh in meshes for p in _primitives(mesh, _TRIANGLES))

    def num_points(self) -> int:
        """Points of all meshes, each counted once."""
        meshes = self.document.get("meshes", [])
        return sum(self._num_vertices(p) for mesh in meshes for p in _primitives(mesh, _POINTS))

    def points(self, *, limit: int) -> list[Points]:
        """The points of the default scene. Raises an error of a wrong shape where unreadable, TooLarge past `limit`."""
        found: list[Points] = []
        left = limit
        for scene_from_mesh, primitive in self._drawn(_POINTS):
            left -= self._num_vertices(primitive)
            if left < 0:
                raise TooLarge("points", name=self.name, most=limit)
            read = {name: self._accessor(index) for name, index in primitive["attributes"].items()}
            placed = read.pop("POSITION") @ scene_from_mesh[:3, :3].T + scene_from_mesh[:3, 3]
            if any(len(rows) != len(placed) for rows in read.values()):
                raise ValueError("attributes of different lengths")
            found.append(Points(placed, read, scene_from_mesh))
        return found

    def parts(self, *, max_triangles: int) -> list[Part]:
        """The triangles of the default scene. Raises BadBundle where unreadable, TooLarge past `max_triangles`."""
        found: list[Part] = []
        left = max_triangles
        try:
            for scene_from_mesh, primitive in self._drawn(_TRIANGLES):
                left -= max(self._num_corners(primitive), self._num_vertices(primitive)) // 3
                if left < 0:
                    raise TooLarge("triangles", name=self.name, most=max_triangles)
                found.append(self._part(primitive, scene_from_mesh))
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise BadBundle("model_broken", name=self.name) from error
        if not any(len(part.faces) for part in found):
            raise BadBundle("model_empty", name=self.name)
        return found

    def _num_corners(self, primitive: dict[str, Any]) -> int:
        corners = primitive.get("indices", primitive["attributes"]["POSITION"])
        return int(self.document["accessors"][corners]["count"])

    def _num_vertices(self, primitive: dict[str, Any]) -> int:
        return int(self.document["accessors"][primitive["attributes"]["POSITION"]]["count"])

    def _drawn(self, mode: int) -> Iterator[tuple[Floats, dict[str, Any]]]:
        """(scene_from_mesh (4, 4), primitive) of all the scene draws in this mode. Its nodes were checked: trees."""
        nodes, scenes = self.document.get("nodes", []), self.document.get("scenes", [])
        roots = scenes[self.document.get("scene", 0)].get("nodes", []) if scenes else []
        waiting = [(np.eye(4), root) for root in roots]
        while waiting:
            scene_from_parent, index = waiting.pop()
            node = nodes[index]
            scene_from_node = scene_from_parent @ _parent_from_node(node)
            if "mesh" in node:
                yield from ((scene_from_node, p) for p in _primitives(self.document["meshes"][node["mesh"]], mode))
            waiting += [(scene_from_node, child) for child in node.get("children", [])]

    def _part(self, primitive: dict[str, Any], scene_from_mesh: Floats) -> Part:
        attributes: dict[str, Any] = primitive["attributes"]
        draco = primitive.get("extensions", {}).get("KHR_draco_mesh_compression")
        if draco:
            read, faces = self._draco(draco)
        else:
            read = {
                name: self._accessor(attributes[name])
                for name in ("POSITION", "TEXCOORD_0", "COLOR_0")
                if name in attributes
            }
            corners = (
                self._accessor(primitive["indices"])[:, 0]
                if "indices" in primitive
                else np.arange(len(read["POSITION"]))
            )
            faces = corners[: len(corners) // 3 * 3].astype(np.int64).reshape(-1, 3)
        positions = read["POSITION"]
        if not np.isfinite(positions).all() or (len(faces) and not 0 <= faces.min() <= faces.max() < len(positions)):
            raise ValueError("indices or positions out of range")
        placed = positions @ scene_from_mesh[:3, :3].T + scene_from_mesh[:3, 3]
        if np.linalg.det(scene_from_mesh[:3, :3]) < 0:
            faces = faces[:, ::-1]
        material = self.document["materials"][primitive["material"]] if "material" in primitive else {}
        surface = material.get("pbrMetallicRoughness", {})
        red, green, blue = surface.get("baseColorFactor", [1, 1, 1, 1])[:3]
        uv = read.get("TEXCOORD_0")
        picture = (
            self._picture(surface["baseColorTexture"]) if uv is not None and "baseColorTexture" in surface else None
        )
        colours = read["COLOR_0"][:, :3] if "COLOR_0" in read else None
        lit = "KHR_materials_unlit" not in material.get("extensions", {})
        return Part(placed, faces, uv, colours, (float(red), float(green), float(blue)), picture, lit)

    def _draco(self, extension: dict[str, Any]) -> tuple[dict[str, Floats], NDArray[np.int64]]:
        try:
            mesh = DracoPy.decode(bytes(self._view(extension["bufferView"])))
        except Exception as error:  # the decoder raises bare exceptions of several kinds
            raise ValueError("Draco data cannot be decoded") from error
        stored = {attribute["unique_id"]: attribute["data"] for attribute in mesh.attributes}
        read = {
            name: _normalised(np.asarray(stored[unique]))
            for name, unique in extension["attributes"].items()
            if name in ("POSITION", "TEXCOORD_0", "COLOR_0")
        }
        return read, np.asarray(mesh.faces, dtype=np.int64).reshape(-1, 3)

    def _view(self, index: int) -> memoryview:
        view = self.document["bufferViews"][index]
        start = view.get("byteOffset", 0)
        return memoryview(self.binary)[start : start + view["byteLength"]]

    def _accessor(self, index: int) -> Floats:
        """(count, width); normalised integers become -1..1 or 0..1."""
        accessor = self.document["accessors"][index]
        if "sparse" in accessor:
            raise ValueError("sparse accessors are not read")
        kind, width, count = _COMPONENTS[accessor["componentType"]], _WIDTH[accessor["type"]], accessor["count"]
        if "bufferView" not in accessor:
            return np.zeros((count, width))
        stride = self.document["bufferViews"][accessor["bufferView"]].get("byteStride", kind.itemsize * width)
        rows = np.ndarray(
            (count, width),
            kind,
            self._view(accessor["bufferView"]),
            accessor.get("byteOffset", 0),
            (stride, kind.itemsize),
        )
        return _normalised(rows) if accessor.get("normalized") else rows.astype(np.float64)

    def _picture(self, reference: dict[str, Any]) -> bytes | None:
        """None for KTX2, which is not unpacked here: the surface shows its plain colour then."""
        texture = self.document["textures"][reference["index"]]
        source = texture.get("extensions", {}).get("EXT_texture_webp", texture).get("source")
        if source is None:
            return None
        image = self.document["images"][source]
        if "bufferView" in image:
            return bytes(self._view(image["bufferView"]))
        try:
            return base64.b64decode(image["uri"].partition("base64,")[2], validate=True)
        except binascii.Error as error:
            raise ValueError("a picture's data: address is broken") from error


def _primitives(mesh: dict[str, Any], mode: int) -> Iterator[dict[str, Any]]:
    return (primitive for primitive in mesh["primitives"] if primitive.get("mode", _TRIANGLES) == mode)


def read_glb(path: Path, *, max_bytes: int, name: str | None = None, also: AbstractSet[str] = frozenset()) -> Glb:
    """Read and check a GLB: complete, self-contained, and every reference in range.

    Raises BadBundle where it is not, TooLarge where it is over `max_bytes`. `name` is for the errors;
    `also` are extensions that may be required beyond READABLE_EXTENSIONS.
    """
    name = name or path.name
    size = path.stat().st_size
    if size > max_bytes:
        raise TooLarge("model_size", name=name, most_mb=max_bytes >> 20)
    content = path.read_bytes()
    if len(content) < 20 or content[:4] != b"glTF":
        raise BadBundle("not_a_glb", name=name)
    version, length, json_length, json_kind = struct.unpack_from("<IIII", content, 4)
    if version != 2:
        raise BadBundle("glb_version", name=name, version=version)
    if length != len(content) or 20 + json_length > length or json_kind != _JSON_CHUNK:
        raise BadBundle("glb_truncated", name=name)
    binary = b""
    if (start := 20 + json_length) < length:
        if start + 8 > length:
            raise BadBundle("glb_truncated", name=name)
        binary_length, binary_kind = struct.unpack_from("<II", content, start)
        if start + 8 + binary_length > length:
            raise BadBundle("glb_truncated", name=name)
        if binary_kind == _BIN_CHUNK:
            binary = content[start + 8 : start + 8 + binary_length]
    try:
        if json_length > _MAX_JSON:
            raise ValueError("JSON chunk too large")
        document = json.loads(content[20 : 20 + json_length])
        _check(document, len(binary), name, READABLE_EXTENSIONS | also)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError, OverflowError) as error:
        raise BadBundle("model_broken", name=name) from error
    return Glb(document, binary, name)


def _check(document: dict[str, Any], num_bytes: int, name: str, readable: AbstractSet[str]) -> None:
    """Raise BadBundle or one of the errors of a wrong shape; `num_bytes` is the length of the binary chunk."""
    if not str(document["asset"]["version"]).startswith("2."):
        raise BadBundle("glb_version", name=name, version=document["asset"]["version"])
    if unknown := sorted(set(document.get("extensionsRequired", [])) - readable):
        raise BadBundle("model_extension", name=name, extension=", ".join(map(str, unknown))[:120])
    for thing in [*document.get("buffers", []), *document.get("images", [])]:
        if "uri" in thing and not (thing in document.get("images", []) and str(thing["uri"]).startswith("data:image/")):
            raise BadBundle("model_external", name=name)
    buffers = document.get("buffers", [])
    if len(buffers) > 1 or any(_count(buffer["byteLength"]) > num_bytes for buffer in buffers):
        raise BadBundle("glb_truncated", name=name)
    views = document.get("bufferViews", [])
    for view in views:
        _reference(view["buffer"], buffers)
        if _count(view.get("byteOffset", 0)) + _count(view["byteLength"]) > buffers[0]["byteLength"]:
            raise ValueError("a buffer view leaves its buffer")
        if not 4 <= view.get("byteStride", 4) <= 252:
            raise ValueError("byteStride out of range")
    accessors = document.get("accessors", [])
    for accessor in accessors:
        _check_accessor(accessor, views)
    for image in document.get("images", []):
        if "bufferView" in image:
            _reference(image["bufferView"], views)
    for mesh in document.get("meshes", []):
        for primitive in mesh["primitives"]:
            for index in primitive["attributes"].values():
                _reference(index, accessors)
            if "indices" in primitive:
                _reference(primitive["indices"], accessors)
            if "material" in primitive:
                _reference(primitive["material"], document.get("materials", []))
            draco = primitive.get("extensions", {}).get("KHR_draco_mesh_compression")
            if draco:
                _reference(draco["bufferView"], views)
    _check_nodes(document)


def _check_accessor(accessor: dict[str, Any], views: list[dict[str, Any]]) -> None:
    item = _COMPONENTS[accessor["componentType"]].itemsize * _WIDTH[accessor["type"]]
    count, offset = _count(accessor["count"]), _count(accessor.get("byteOffset", 0))
    if count > 1 << 28:
        raise ValueError("an accessor counts too many")
    if "bufferView" in accessor:
        _reference(accessor["bufferView"], views)
        view = views[accessor["bufferView"]]
        stride = view.get("byteStride", item)
        if count and offset + stride * (count - 1) + item > view["byteLength"]:
            raise ValueError("an accessor leaves its buffer view")


def _check_nodes(document: dict[str, Any]) -> None:
    """Every node has at most one parent and no node is its own ancestor: the scene is a set of trees."""
    nodes = document.get("nodes", [])
    if len(nodes) > _MAX_NODES:
        raise ValueError("too many nodes")
    parent: dict[int, int] = {}
    for index, node in enumerate(nodes):
        if "mesh" in node:
            _reference(node["mesh"], document.get("meshes", []))
        for child in node.get("children", []):
            _reference(child, nodes)
            if child in parent:
                raise ValueError("a node has two parents")
            parent[child] = index
    settled: set[int] = set()
    for index in range(len(nodes)):
        trail, at = set[int](), index
        while at in parent and at not in settled:
            if at in trail:
                raise ValueError("nodes form a cycle")
            trail.add(at)
            at = parent[at]
        settled |= trail
    for scene in document.get("scenes", []):
        for root in scene.get("nodes", []):
            _reference(root, nodes)
            if root in parent:
                raise ValueError("a scene's root has a parent")
    if document.get("scenes"):
        _reference(document.get("scene", 0), document["scenes"])


def _count(number: object) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise ValueError(f"not a count: {number!r}")
    return number


def _reference(index: object, things: list[Any]) -> None:
    if _count(index) >= len(things):
        raise ValueError("a reference leads nowhere")


def _parent_from_node(node: dict[str, Any]) -> Floats:
    if "matrix" in node:
        matrix = np.asarray(node["matrix"], dtype=np.float64).reshape(4, 4).T
    else:
        x, y, z, w = (float(value) for value in node.get("rotation", (0, 0, 0, 1)))
        norm = math.sqrt(x * x + y * y + z * z + w * w) or 1.0
        x, y, z, w = x / norm, y / norm, z / norm, w / norm
        turn = np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
            ]
        )
        matrix = np.eye(4)
        matrix[:3, :3] = turn * np.asarray(node.get("scale", (1, 1, 1)), dtype=np.float64)
        matrix[:3, 3] = node.get("translation", (0, 0, 0))
    if not np.isfinite(matrix).all():
        raise ValueError("a node's transform is not finite")
    return matrix


def _normalised(rows: NDArray[Any]) -> Floats:
    """Integers as the fractions that they stand for (glTF 3.6.2.2); floats as they are."""
    if rows.dtype.kind == "f":
        return rows.astype(np.float64)
    most = float(np.iinfo(rows.dtype).max)
    return np.asarray(np.maximum(rows.astype(np.float64) / most, -1.0 if rows.dtype.kind == "i" else 0.0))


def write_plain_glb(path: Path, positions: NDArray[np.float32], faces: NDArray[np.uint32]) -> None:
    """Write a GLB with one uncompressed mesh: POSITION (V, 3) and indices (F, 3) only."""
    corners, points = np.ascontiguousarray(faces, "<u4").tobytes(), np.ascontiguousarray(positions, "<f4").tobytes()
    document = {
        "asset": {"version": "2.0", "generator": "Longyao"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 1}, "indices": 0}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5125, "count": faces.size, "type": "SCALAR"},
            {
                "bufferView": 1,
                "componentType": 5126,
                "count": len(positions),
                "type": "VEC3",
                "min": positions.min(0).tolist(),
                "max": positions.max(0).tolist(),
            },
        ],
        "bufferViews": [
            {"buffer": 0, "byteLength": len(corners), "target": 34963},
            {"buffer": 0, "byteOffset": len(corners), "byteLength": len(points), "target": 34962},
        ],
        "buffers": [{"byteLength": len(corners) + len(points)}],
    }
    path.write_bytes(pack_glb(document, corners + points))


def pack_glb(document: dict[str, Any], binary: bytes) -> bytes:
    """A GLB file's bytes."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    chunks = struct.pack("<II", len(text), _JSON_CHUNK) + text
    if binary:
        chunks += struct.pack("<II", len(binary), _BIN_CHUNK) + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks
