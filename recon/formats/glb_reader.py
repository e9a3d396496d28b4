"""Read binary or JSON glTF 2.0 into the parts of recon.formats.glb; everything foreign is distrusted."""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import DracoPy
import numpy as np
import pygltflib as gltf
from numpy.typing import NDArray

from recon.errors import BadModel
from recon.formats.glb import NUM_VIEWS, PICTURE_EXTENSIONS, Material, Part, Picture

_HINT = "Open it in a glTF validator, or export it again."
_TYPES = {
    gltf.BYTE: np.int8,
    gltf.UNSIGNED_BYTE: np.uint8,
    gltf.SHORT: np.int16,
    gltf.UNSIGNED_SHORT: np.uint16,
    gltf.UNSIGNED_INT: np.uint32,
    gltf.FLOAT: np.float32,
}
_KINDS = {b"\x89PNG": "image/png", b"\xff\xd8": "image/jpeg", b"RIFF": "image/webp", b"\xabKTX 20": "image/ktx2"}
_WIDTH = {gltf.SCALAR: 1, gltf.VEC2: 2, gltf.VEC3: 3, gltf.VEC4: 4, gltf.MAT2: 4, gltf.MAT3: 9, gltf.MAT4: 16}


@dataclass(frozen=True, slots=True)
class Glb:
    """What a glTF file holds. Parts are in the scene's frame: the nodes' transforms are applied."""

    parts: tuple[Part, ...]
    extras: dict[str, Any]  # asset.extras
    generator: str
    copyright: str | None
    extensions: tuple[str, ...]  # extensionsUsed
    pictures: tuple[Picture, ...]
    materials: int
    nodes: int
    animations: int

    @property
    def triangles(self) -> int:
        return sum(len(part.faces) for part in self.parts)

    @property
    def bounds(self) -> tuple[list[float], list[float]]:
        """(min, max) corner, each of three numbers; of what the faces use."""
        corners = [part.positions[np.unique(part.faces)] for part in self.parts]
        return (
            np.min([c.min(0) for c in corners], axis=0).tolist(),
            np.max([c.max(0) for c in corners], axis=0).tolist(),
        )


def read_glb(path: Path) -> Glb:
    """Read a .glb, or a .gltf with its buffers beside it. Lines and points are left out. Raises BadModel."""
    try:
        return _Reader(path).read()
    except BadModel:
        raise
    except FileNotFoundError as error:
        raise BadModel(f"{path.name} refers to a file that is not there: {error.filename}.", hint=_HINT) from error
    except Exception as error:  # a foreign file can break in any way
        raise BadModel(f"{path.name} is not a sound glTF file ({type(error).__name__}).", hint=_HINT) from error


class _Reader:
    def __init__(self, path: Path):
        self.path = path
        data = path.read_bytes()
        binary = b""
        if data[:4] == b"glTF":
            if len(data) < 20 or struct.unpack_from("<I", data, 8)[0] > len(data):
                raise BadModel(f"{path.name} is cut short.", hint="Copy or download the file again.")
            length = struct.unpack_from("<I", data, 12)[0]
            text, rest = data[20 : 20 + length], data[20 + length :]
            if len(rest) >= 8:
                binary = rest[8 : 8 + struct.unpack_from("<I", rest)[0]]
        else:
            text = data
        tree = json.loads(text)
        if not isinstance(tree, dict) or not str(tree.get("asset", {}).get("version", "")).startswith("2."):
            raise BadModel(f"{path.name} is not glTF 2.0.", hint="Export it again as glTF 2.0.")
        self.tree: dict[str, Any] = tree
        self.buffers = [self._buffer(b, binary) for b in tree.get("buffers", [])]
        self.pictures: dict[int, Picture] = {}

    def read(self) -> Glb:
        tree, asset = self.tree, self.tree["asset"]
        parts: list[Part] = []
        scenes = tree.get("scenes", [])
        roots = scenes[tree.get("scene", 0)].get("nodes", []) if scenes else range(len(tree.get("nodes", [])))
        for root in roots:
            self._walk(root, np.eye(4), parts, depth=0)
        if not parts:
            raise BadModel(f"{self.path.name} has no triangles.", hint="Choose a file with a mesh.")
        return Glb(
            parts=tuple(parts),
            extras=asset.get("extras") or {},
            generator=str(asset.get("generator", "")),
            copyright=asset.get("copyright"),
            extensions=tuple(tree.get("extensionsUsed", [])),
            pictures=tuple(self._picture(i) for i in range(len(tree.get("images", [])))),
            materials=len(tree.get("materials", [])),
            nodes=len(tree.get("nodes", [])),
            animations=len(tree.get("animations", [])),
        )

    def _buffer(self, buffer: dict[str, Any], binary: bytes) -> bytes:
        uri = buffer.get("uri")
        return binary if uri is None else self._external(uri)

    def _external(self, uri: str) -> bytes:
        if uri.startswith("data:"):
            return base64.b64decode(uri.split(",", 1)[1])
        folder = self.path.parent.resolve()
        target = (folder / unquote(uri)).resolve()
        if not target.is_relative_to(folder):
            raise BadModel(f"{self.path.name} refers to a file outside its folder.", hint="Keep its files beside it.")
        return target.read_bytes()

    def _view(self, index: int) -> bytes:
        view = self.tree["bufferViews"][index]
        start = view.get("byteOffset", 0)
        data: bytes = self.buffers[view["buffer"]][start : start + view["byteLength"]]
        if len(data) != view["byteLength"]:
            raise BadModel(f"{self.path.name} is cut short.", hint="Copy or download the file again.")
        return data

    def _array(self, index: int) -> NDArray[Any]:
        """Accessor as (count, width), normalised integers as float32 0..1."""
        accessor = self.tree["accessors"][index]
        if "sparse" in accessor or "bufferView" not in accessor:
            raise BadModel(f"{self.path.name} uses sparse accessors.", hint="Export it again without morph targets.")
        dtype: np.dtype[Any] = np.dtype(_TYPES[accessor["componentType"]])
        width = _WIDTH[accessor["type"]]
        stride = self.tree["bufferViews"][accessor["bufferView"]].get("byteStride") or dtype.itemsize * width
        raw = self._view(accessor["bufferView"])
        array: NDArray[Any] = np.ndarray(
            (accessor["count"], width), dtype, raw, accessor.get("byteOffset", 0), (stride, dtype.itemsize)
        )
        return self._normalised(array, accessor)

    def _normalised(self, array: NDArray[Any], accessor: dict[str, Any]) -> NDArray[Any]:
        dtype: np.dtype[Any] = np.dtype(_TYPES[accessor["componentType"]])
        if accessor.get("normalized") and array.dtype.kind in "iu":
            return np.asarray(array / np.float32(np.iinfo(dtype).max), np.float32)
        return array

    def _walk(self, index: int, above: NDArray[np.float64], parts: list[Part], *, depth: int) -> None:
        if depth > 64:
            raise BadModel(f"{self.path.name} nests its nodes without end.", hint=_HINT)
        node = self.tree["nodes"][index]
        scene_from_node = above @ _matrix(node)
        if "mesh" in node:
            mesh = self.tree["meshes"][node["mesh"]]
            name = str(node.get("name") or mesh.get("name") or "model")
            for primitive in mesh["primitives"]:
                if primitive.get("mode", gltf.TRIANGLES) == gltf.TRIANGLES:
                    parts.append(self._part(primitive, scene_from_node, name))
        for child in node.get("children", []):
            self._walk(child, scene_from_node, parts, depth=depth + 1)

    def _part(self, primitive: dict[str, Any], scene_from_node: NDArray[np.float64], name: str) -> Part:
        found, faces = self._primitive(primitive)
        positions = found["POSITION"].astype(np.float64) @ scene_from_node[:3, :3].T + scene_from_node[:3, 3]
        if np.linalg.det(scene_from_node[:3, :3]) < 0:
            faces = faces[:, ::-1]
        normals = found.get("NORMAL")
        if normals is not None:
            turned = normals.astype(np.float64) @ np.linalg.inv(scene_from_node[:3, :3])
            normals = (turned / np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-12)).astype(np.float32)
        uv, colors, num_views = found.get("TEXCOORD_0"), found.get("COLOR_0"), found.get(NUM_VIEWS)
        tangents = found.get("TANGENT")
        if tangents is not None:
            along = tangents[:, :3].astype(np.float64) @ scene_from_node[:3, :3].T
            along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-12)
            tangents = np.column_stack([along, tangents[:, 3]]).astype(np.float32)
        if colors is not None:
            opaque = np.ones((len(colors), 4), np.float32)
            opaque[:, : colors.shape[1]] = colors if colors.dtype.kind == "f" else colors / np.iinfo(colors.dtype).max
            colors = np.rint(opaque * 255).astype(np.uint8)
        material = primitive.get("material")
        return Part(
            positions=positions.astype(np.float32),
            faces=faces.astype(np.int32),
            normals=normals,
            uv=None if uv is None else uv.astype(np.float32),
            tangents=tangents,
            colors=colors,
            num_views=None if num_views is None else num_views.astype(np.uint8).ravel(),
            material=None if material is None else self._material(self.tree["materials"][material]),
            node=name,
        )

    def _primitive(self, primitive: dict[str, Any]) -> tuple[dict[str, NDArray[Any]], NDArray[np.uint32]]:
        compressed = primitive.get("extensions", {}).get("KHR_draco_mesh_compression")
        if compressed is not None:
            decoded = DracoPy.decode(self._view(compressed["bufferView"]))
            by_id = {int(a["unique_id"]): np.asarray(a["data"]) for a in decoded.attributes}
            found = {
                name: self._normalised(by_id[unique_id], self.tree["accessors"][primitive["attributes"][name]])
                for name, unique_id in compressed["attributes"].items()
            }
            return found, np.asarray(decoded.faces, np.uint32).reshape(-1, 3)
        found = {name: self._array(index) for name, index in primitive["attributes"].items()}
        if "indices" in primitive:
            return found, self._array(primitive["indices"]).astype(np.uint32).reshape(-1, 3)
        return found, np.arange(len(found["POSITION"]), dtype=np.uint32).reshape(-1, 3)

    def _material(self, material: dict[str, Any]) -> Material:
        pbr = material.get("pbrMetallicRoughness", {})
        r, g, b, a = pbr.get("baseColorFactor", (1.0, 1.0, 1.0, 1.0))
        er, eg, eb = material.get("emissiveFactor", (0.0, 0.0, 0.0))
        return Material(
            name=str(material.get("name", "surface")),
            base_color=(r, g, b, a),
            base_color_texture=self._texture(pbr.get("baseColorTexture")),
            metallic=pbr.get("metallicFactor", 1.0),
            roughness=pbr.get("roughnessFactor", 1.0),
            metallic_roughness_texture=self._texture(pbr.get("metallicRoughnessTexture")),
            normal_texture=self._texture(material.get("normalTexture")),
            occlusion_texture=self._texture(material.get("occlusionTexture")),
            emissive=(er, eg, eb),
            emissive_texture=self._texture(material.get("emissiveTexture")),
            unlit="KHR_materials_unlit" in material.get("extensions", {}),
            double_sided=material.get("doubleSided", False),
            blend=material.get("alphaMode") == gltf.BLEND,
            wrap="clamp" if self._clamped(pbr.get("baseColorTexture")) else "repeat",
        )

    def _clamped(self, info: dict[str, Any] | None) -> bool:
        sampler = None if info is None else self.tree["textures"][info["index"]].get("sampler")
        return sampler is not None and self.tree["samplers"][sampler].get("wrapS") == gltf.CLAMP_TO_EDGE

    def _texture(self, info: dict[str, Any] | None) -> Picture | None:
        if info is None:
            return None
        texture = self.tree["textures"][info["index"]]
        named = [texture, *(texture.get("extensions", {}).get(name, {}) for name in PICTURE_EXTENSIONS.values())]
        source = next((place["source"] for place in reversed(named) if "source" in place), None)
        return None if source is None else self._picture(source)

    def _picture(self, index: int) -> Picture:
        if index not in self.pictures:
            image = self.tree["images"][index]
            data = self._view(image["bufferView"]) if "bufferView" in image else self._external(image["uri"])
            mime = next((kind for head, kind in _KINDS.items() if data.startswith(head)), None)
            if mime is None:
                raise BadModel(
                    f"{self.path.name} has a texture that is neither PNG, JPEG, WebP nor KTX2.",
                    hint="Convert its textures to one of these.",
                )
            self.pictures[index] = Picture(data, mime)  # type: ignore[arg-type]
        return self.pictures[index]


def _matrix(node: dict[str, Any]) -> NDArray[np.float64]:
    """parent_from_node (4, 4)."""
    if "matrix" in node:
        return np.array(node["matrix"], np.float64).reshape(4, 4).T
    x, y, z, w = node.get("rotation", (0.0, 0.0, 0.0, 1.0))
    made = np.eye(4)
    made[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    made[:3, :3] *= np.array(node.get("scale", (1.0, 1.0, 1.0)))
    made[:3, 3] = node.get("translation", (0.0, 0.0, 0.0))
    return made
