"""glTF 2.0 files of any maker: read, checked, and brought into one shape; and packed as GLB.

Whatever way a file keeps its data (a GLB's chunk, files beside a .gltf, data: addresses, EXT_meshopt_compression), what
is handed on has one buffer and every picture in it. Sources: Khronos, glTF 2.0, sections 3.5 (nodes), 3.6 (buffers,
views, accessors) and 4 (GLB); EXT_meshopt_compression.
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import meshopt
import numpy as np

from recon.formats.errors import BadFile, TooLarge
from recon.formats.remarks import Remark

# what the viewer shows when a model insists on it
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
MESHOPT = ("EXT_meshopt_compression", "KHR_meshopt_compression")
# what reading a broken file may raise
BROKEN = (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError, OverflowError)

_JSON_CHUNK, _BIN_CHUNK = 0x4E4F534A, 0x004E4942
_MAX_JSON = 64 << 20
_MAX_NODES = 100_000
COMPONENTS: dict[int, np.dtype[Any]] = {
    5120: np.dtype("<i1"),
    5121: np.dtype("<u1"),
    5122: np.dtype("<i2"),
    5123: np.dtype("<u2"),
    5125: np.dtype("<u4"),
    5126: np.dtype("<f4"),
}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gltf:
    """A checked document: one buffer, nothing outside it, every reference in range, nodes in trees."""

    document: Json
    binary: bytes
    name: str
    rewritten: bool = False  # the file itself is not what plain readers could read; packed again it is
    remarks: tuple[Remark, ...] = ()
    packed: bool = False  # the one reason for that is meshopt compression, which the viewer reads

    @property
    def compressed(self) -> bool:
        return "KHR_draco_mesh_compression" in self.document.get("extensionsRequired", [])

    def view(self, index: int) -> memoryview:
        """The bytes of a buffer view."""
        view = self.document["bufferViews"][index]
        start = view.get("byteOffset", 0)
        return memoryview(self.binary)[start : start + view["byteLength"]]

    def picture(self, index: int) -> bytes:
        """The encoded bytes of an image."""
        return bytes(self.view(self.document["images"][index]["bufferView"]))


def read_gltf(
    path: Path, *, max_bytes: int | None = None, name: str | None = None, also: AbstractSet[str] = frozenset()
) -> Gltf:
    """Read and check a .glb, or a .gltf with its files in the same folder or below.

    `name` is for the errors; `also` are extensions that may be required beyond READABLE_EXTENSIONS. Raises BadFile
    where the file is broken or names what is not there, TooLarge where all of it is over `max_bytes`.
    """
    name = name or path.name
    if max_bytes is not None and path.stat().st_size > max_bytes:
        raise TooLarge("model_size", name=name, most_mb=max_bytes >> 20)
    content = path.read_bytes()
    text, binary = _chunks(content, name) if content[:4] == b"glTF" else (content.removeprefix(b"\xef\xbb\xbf"), b"")
    remarks: list[Remark] = []
    if text.endswith(b"\0"):  # glTF 4.4.3.2 asks for spaces
        text = text.rstrip(b"\0")
        remarks.append(Remark("nul_padding"))
    if content[:4] != b"glTF" and not text.lstrip().startswith(b"{"):
        raise BadFile("not_a_glb", name=name)
    try:
        if len(text) > _MAX_JSON:
            raise ValueError("JSON too large")
        document = json.loads(text)
        if not str(document["asset"]["version"]).startswith("2."):
            raise BadFile("glb_version", name=name, version=document["asset"]["version"])
        readable = READABLE_EXTENSIONS | set(MESHOPT) | also
        if unknown := sorted(set(document.get("extensionsRequired", [])) - readable):
            raise BadFile("model_extension", name=name, extension=", ".join(map(str, unknown))[:120])
        gathered = _Gathering(document, binary, path.parent, name, max_bytes)
        gathered.run()
        _check(document)
    except BROKEN as error:
        raise BadFile("model_broken", name=name) from error
    rewritten, packed = gathered.changed or bool(remarks), gathered.packed and not remarks
    return Gltf(document, gathered.binary, name, rewritten, tuple(remarks), packed)


def _chunks(content: bytes, name: str) -> tuple[bytes, bytes]:
    """The JSON and the binary chunk of a GLB."""
    if len(content) < 20:
        raise BadFile("not_a_glb", name=name)
    version, length, json_length, json_kind = struct.unpack_from("<IIII", content, 4)
    if version != 2:
        raise BadFile("glb_version", name=name, version=version)
    if length != len(content) or 20 + json_length > length or json_kind != _JSON_CHUNK:
        raise BadFile("glb_truncated", name=name)
    binary = b""
    if (start := 20 + json_length) < length:
        if start + 8 > length:
            raise BadFile("glb_truncated", name=name)
        binary_length, binary_kind = struct.unpack_from("<II", content, start)
        if start + 8 + binary_length > length:
            raise BadFile("glb_truncated", name=name)
        if binary_kind == _BIN_CHUNK:
            binary = content[start + 8 : start + 8 + binary_length]
    return content[20 : 20 + json_length], binary


class _Gathering:
    """Brings all data of a document into one buffer; `document` is changed in place."""

    def __init__(self, document: Json, binary: bytes, folder: Path, name: str, max_bytes: int | None):
        self.document, self.binary = document, binary
        self.changed = False
        self.packed = False  # by meshopt, and all of it is in the file
        self._folder, self._name, self._max_bytes = folder, name, max_bytes

    def run(self) -> None:
        sources = [self._source(i, buffer) for i, buffer in enumerate(self.document.get("buffers", []))]
        views = self.document.get("bufferViews", [])
        for view in views:
            if meshopt_view(view) is None:
                check_range(view, self.document["buffers"], sources)
        buffers = self.document.get("buffers", [])
        inside = not any("uri" in part for part in (*buffers, *self.document.get("images", [])))
        plain = len(sources) <= 1 and not any("uri" in b for b in buffers)
        packed = any(meshopt_view(view) for view in views)
        self.packed = packed and inside and sum(not _is_fallback(b) for b in buffers) <= 1
        if plain and not packed:
            self._pictures(bytearray(self.binary))
            return
        self.changed = True
        gathered = bytearray()
        for view in views:
            data = self._decoded(view, sources)
            _append(gathered, view, data)
        self.document["buffers"] = [{}]
        for key in ("extensionsUsed", "extensionsRequired"):
            if key in self.document:
                self.document[key] = [name for name in self.document[key] if name not in MESHOPT]
        self._pictures(gathered)
        self._close(gathered)

    def _close(self, gathered: bytearray) -> None:
        self.binary = bytes(gathered)
        self.document["buffers"] = [{"byteLength": len(self.binary)}]

    def _pictures(self, gathered: bytearray) -> None:
        """Append pictures that lie elsewhere."""
        outside = [image for image in self.document.get("images", []) if "uri" in image]
        for image in outside:
            data = self._resolved(image.pop("uri"))
            view: Json = {}
            _append(gathered, view, data)
            image["bufferView"] = len(self.document.setdefault("bufferViews", []))
            image.setdefault("mimeType", "image/png" if data.startswith(b"\x89PNG") else "image/jpeg")
            self.document["bufferViews"].append(view)
        if outside:
            self.changed = True
            self._close(gathered)

    def _source(self, index: int, buffer: Json) -> bytes:
        """What a buffer holds; of a fallback for readers without meshopt, which may be left out, nothing."""
        if "uri" in buffer:
            data = self._resolved(buffer["uri"])
        elif _is_fallback(buffer):
            return b""
        else:
            data = self.binary if index == 0 else b""
        if count(buffer["byteLength"]) > len(data):
            raise BadFile("glb_truncated", name=self._name)
        return data

    def _resolved(self, uri: object) -> bytes:
        address = str(uri)
        if address.startswith("data:"):
            try:
                return base64.b64decode(address.partition("base64,")[2], validate=True)
            except binascii.Error as error:
                raise ValueError("a data: address is broken") from error
        path = (self._folder / unquote(address)).resolve()
        if ":" in address or not path.is_relative_to(self._folder.resolve()) or not path.is_file():
            raise BadFile("model_external", name=self._name, file=address[:120])
        if self._max_bytes is not None and path.stat().st_size > self._max_bytes:
            raise TooLarge("model_size", name=path.name, most_mb=self._max_bytes >> 20)
        return path.read_bytes()

    def _decoded(self, view: Json, sources: list[bytes]) -> bytes:
        packed = meshopt_view(view)
        if packed is None:
            start = view.get("byteOffset", 0)
            return sources[view["buffer"]][start : start + view["byteLength"]]
        check_range(packed, self.document["buffers"], sources)
        start, size, stride = packed.get("byteOffset", 0), count(packed["count"]), count(packed["byteStride"])
        if size * stride > (self._max_bytes or 1 << 31):
            raise ValueError("a view unpacks to too much")
        source = sources[packed["buffer"]][start : start + packed["byteLength"]]
        how = packed.get("filter", "NONE")
        data = bytes(meshopt.decode_gltf_buffer(source, size, stride, packed["mode"], how))
        for name in MESHOPT:
            view.get("extensions", {}).pop(name, None)
        if not view.get("extensions"):
            view.pop("extensions", None)
        if len(data) != count(view["byteLength"]):
            raise ValueError("a view unpacks to another length than it says")
        return data


def _is_fallback(buffer: Json) -> bool:
    """Whether a buffer is there for readers without meshopt alone."""
    return any(buffer.get("extensions", {}).get(name, {}).get("fallback") for name in MESHOPT)


def meshopt_view(view: Json) -> Json | None:
    """What a buffer view says of its packed data."""
    return next((view["extensions"][name] for name in MESHOPT if name in view.get("extensions", {})), None)


def check_range(view: Json, buffers: list[Json], sources: list[bytes]) -> None:
    reference(view["buffer"], buffers)
    end = count(view.get("byteOffset", 0)) + count(view["byteLength"])
    if end > min(buffers[view["buffer"]]["byteLength"], len(sources[view["buffer"]])):
        raise ValueError("a buffer view leaves its buffer")


def _append(gathered: bytearray, view: Json, data: bytes) -> None:
    gathered += b"\0" * (-len(gathered) % 4)
    view |= {"buffer": 0, "byteOffset": len(gathered), "byteLength": len(data)}
    gathered += data


def _check(document: Json) -> None:
    """Raise one of BROKEN where a reference leads nowhere or a range leaves what it is a part of."""
    views, accessors = document.get("bufferViews", []), document.get("accessors", [])
    for view in views:
        if not 4 <= view.get("byteStride", 4) <= 252:
            raise ValueError("byteStride out of range")
    for accessor in accessors:
        _check_accessor(accessor, views)
    for image in document.get("images", []):
        reference(image["bufferView"], views)
    for mesh in document.get("meshes", []):
        for primitive in mesh["primitives"]:
            for index in primitive["attributes"].values():
                reference(index, accessors)
            for target in primitive.get("targets", []):
                for index in target.values():
                    reference(index, accessors)
            if "indices" in primitive:
                reference(primitive["indices"], accessors)
            if "material" in primitive:
                reference(primitive["material"], document.get("materials", []))
            draco = primitive.get("extensions", {}).get("KHR_draco_mesh_compression")
            if draco:
                reference(draco["bufferView"], views)
    for skin in document.get("skins", []):
        for joint in skin["joints"]:
            reference(joint, document.get("nodes", []))
        if "inverseBindMatrices" in skin:
            reference(skin["inverseBindMatrices"], accessors)
    _check_nodes(document)


def _check_accessor(accessor: Json, views: list[Json]) -> None:
    item = COMPONENTS[accessor["componentType"]].itemsize * WIDTHS[accessor["type"]]
    number = count(accessor["count"])
    if number > 1 << 28:
        raise ValueError("an accessor counts too many")
    if "bufferView" in accessor:
        _check_rows(accessor, views, number, item)
    if "sparse" in accessor:
        sparse = accessor["sparse"]
        changed = count(sparse["count"])
        if not 0 < changed <= number:
            raise ValueError("a sparse accessor changes more than it has")
        _check_rows(sparse["indices"], views, changed, COMPONENTS[sparse["indices"]["componentType"]].itemsize)
        _check_rows(sparse["values"], views, changed, item)


def _check_rows(place: Json, views: list[Json], number: int, item: int) -> None:
    reference(place["bufferView"], views)
    view = views[place["bufferView"]]
    offset, stride = count(place.get("byteOffset", 0)), view.get("byteStride", item)
    if number and offset + stride * (number - 1) + item > view["byteLength"]:
        raise ValueError("an accessor leaves its buffer view")


def _check_nodes(document: Json) -> None:
    """Every node has at most one parent and no node is its own ancestor: the scene is a set of trees."""
    nodes = document.get("nodes", [])
    if len(nodes) > _MAX_NODES:
        raise ValueError("too many nodes")
    parent: dict[int, int] = {}
    for index, node in enumerate(nodes):
        if "mesh" in node:
            reference(node["mesh"], document.get("meshes", []))
        if "skin" in node:
            reference(node["skin"], document.get("skins", []))
        for child in node.get("children", []):
            reference(child, nodes)
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
            reference(root, nodes)
            if root in parent:
                raise ValueError("a scene's root has a parent")
    if document.get("scenes"):
        reference(document.get("scene", 0), document["scenes"])


def count(number: object) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise ValueError(f"not a count: {number!r}")
    return number


def reference(index: object, things: list[Any]) -> None:
    if count(index) >= len(things):
        raise ValueError("a reference leads nowhere")


def pack_glb(document: Json, binary: bytes) -> bytes:
    """A GLB file's bytes."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    chunks = struct.pack("<II", len(text), _JSON_CHUNK) + text
    if binary:
        chunks += struct.pack("<II", len(binary), _BIN_CHUNK) + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks
