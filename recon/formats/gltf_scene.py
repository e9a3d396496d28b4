"""What the scene of a glTF document shows, laid out in the scene's frame: triangles with their materials, and points.

Nodes stand where they rest; skins and morph targets are applied. glTF 2.0, sections 3.5, 3.7 and 3.9;
KHR_texture_transform.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.transform import Rotation

from recon.formats.errors import BadFile, TooLarge
from recon.formats.glb import NUM_SCANS, NUM_VIEWS, PICTURE_EXTENSIONS, Material, Part, Picture
from recon.formats.gltf import BROKEN, Gltf, Json
from recon.formats.gltf_arrays import (
    DRAWN_AS_TRIANGLES,
    POINTS,
    TRIANGLES,
    Array,
    Floats,
    attributes,
    fractions,
    num_corners,
    num_vertices,
    values,
)

_KINDS = {b"\x89PNG": "image/png", b"\xff\xd8": "image/jpeg", b"RIFF": "image/webp", b"\xabKTX 20": "image/ktx2"}
CLAMP_TO_EDGE = 33071


@dataclass(frozen=True, slots=True)
class Points:
    """One primitive of points."""

    positions: Floats  # (N, 3) in the scene's frame
    attributes: dict[str, Array]  # the others, (N, width), normalised integers as fractions
    scene_from_mesh: Floats  # (4, 4)


class Scene:
    """The document's default scene; where it has none, all nodes that nobody has as a child."""

    def __init__(self, gltf: Gltf):
        self.gltf, self.document = gltf, gltf.document
        self._pictures: dict[int, Picture] = {}

    def num_triangles(self) -> int:
        """Triangles of all meshes, each counted once."""
        return sum(num_corners(self.gltf, p) // 3 for p in self._primitives(*DRAWN_AS_TRIANGLES))

    def num_points(self) -> int:
        """Points of all meshes, each counted once."""
        return sum(num_vertices(self.gltf, p) for p in self._primitives(POINTS))

    def parts(self, *, max_triangles: int | None = None, origin: ArrayLike = (0, 0, 0)) -> list[Part]:
        """Its triangles, less `origin` in the scene's frame. Where none is drawn, an empty list.

        Texture coordinates are the base colour texture's own, its transform applied. Raises BadFile where unreadable,
        TooLarge past `max_triangles`.
        """
        found: list[Part] = []
        try:
            for index, primitive in self._within(max_triangles):
                part = self._part(index, primitive, np.asarray(origin, np.float64))
                if part is not None:
                    found.append(part)
        except BROKEN as error:
            raise BadFile("model_broken", name=self.gltf.name) from error
        return found

    def points(self, *, limit: int) -> list[Points]:
        """Its points. Raises BadFile where unreadable, TooLarge past `limit`."""
        found: list[Points] = []
        left = limit
        try:
            for index, primitive in self._drawn(POINTS):
                left -= num_vertices(self.gltf, primitive)
                if left < 0:
                    raise TooLarge("points", name=self.gltf.name, most=limit)
                read, _ = attributes(self.gltf, primitive)
                scene_from_mesh = self.scene_from_node[index]
                placed = read.pop("POSITION") @ scene_from_mesh[:3, :3].T + scene_from_mesh[:3, 3]
                found.append(Points(placed, read, scene_from_mesh))
        except BROKEN as error:
            raise BadFile("model_broken", name=self.gltf.name) from error
        return found

    def bounds(self, *, max_triangles: int | None = None) -> tuple[Floats, Floats]:
        """Lowest and highest corner of what the triangles use, in float64. Raises BadFile where there is none."""
        lows, highs = [], []
        try:
            for index, primitive in self._within(max_triangles):
                read, faces = attributes(self.gltf, primitive)
                used = self._placed(index, primitive, read)[np.unique(faces)]
                if len(used):
                    lows.append(used.min(0))
                    highs.append(used.max(0))
        except BROKEN as error:
            raise BadFile("model_broken", name=self.gltf.name) from error
        low, high = (np.min(lows, axis=0), np.max(highs, axis=0)) if lows else (np.zeros(3), np.zeros(3))
        if not (high - low).any():
            raise BadFile("model_empty", name=self.gltf.name)
        return low, high

    @cached_property
    def roots(self) -> list[int]:
        nodes, scenes = self.document.get("nodes", []), self.document.get("scenes", [])
        if scenes:
            return list(scenes[self.document.get("scene", 0)].get("nodes", []))
        children = {child for node in nodes for child in node.get("children", [])}
        return [index for index in range(len(nodes)) if index not in children]

    @cached_property
    def scene_from_node(self) -> dict[int, Floats]:
        """(4, 4) of every node of the scene."""
        placed: dict[int, Floats] = {}
        waiting = [(np.eye(4), root) for root in reversed(self.roots)]
        while waiting:
            scene_from_parent, index = waiting.pop()
            node = self.document["nodes"][index]
            placed[index] = scene_from_parent @ parent_from_node(node)
            waiting += [(placed[index], child) for child in reversed(node.get("children", []))]
        return placed

    def _primitives(self, *modes: int) -> Iterator[Json]:
        for mesh in self.document.get("meshes", []):
            yield from (p for p in mesh["primitives"] if p.get("mode", TRIANGLES) in modes)

    def _drawn(self, *modes: int) -> Iterator[tuple[int, Json]]:
        """(node, primitive) of all that the scene draws in these modes."""
        for index in self.scene_from_node:
            node = self.document["nodes"][index]
            if "mesh" in node:
                primitives = self.document["meshes"][node["mesh"]]["primitives"]
                yield from ((index, p) for p in primitives if p.get("mode", TRIANGLES) in modes)

    def _within(self, max_triangles: int | None) -> Iterator[tuple[int, Json]]:
        """(node, primitive) of all triangles. Raises TooLarge where more are drawn, each as often as it is."""
        left = math.inf if max_triangles is None else max_triangles
        for index, primitive in self._drawn(*DRAWN_AS_TRIANGLES):
            left -= max(num_corners(self.gltf, primitive), num_vertices(self.gltf, primitive)) // 3
            if left < 0:
                raise TooLarge("triangles", name=self.gltf.name, most=max_triangles)
            yield index, primitive

    def _placed(self, index: int, primitive: Json, read: dict[str, Array]) -> Floats:
        """Positions (V, 3) in the scene's frame, at rest."""
        node = self.document["nodes"][index]
        points = read["POSITION"].astype(np.float64)
        weights = node.get("weights", self.document["meshes"][node["mesh"]].get("weights", []))
        for weight, target in zip(weights, primitive.get("targets", []), strict=False):
            if weight and "POSITION" in target:
                points += float(weight) * values(self.gltf, target["POSITION"]).astype(np.float64)
        if "skin" in node and "JOINTS_0" in read and "WEIGHTS_0" in read:
            points = self._skinned(self.document["skins"][node["skin"]], read, points)
        else:
            scene_from_mesh = self.scene_from_node[index]
            points = points @ scene_from_mesh[:3, :3].T + scene_from_mesh[:3, 3]
        if not np.isfinite(points).all():
            raise ValueError("positions are not finite")
        return points

    def _skinned(self, skin: Json, read: dict[str, Array], points: Floats) -> Floats:
        """glTF 3.7.3: a skin's joints place its vertices; where the node stands does not matter."""
        joints = skin["joints"]
        inverse = [np.eye(4)] * len(joints)
        if "inverseBindMatrices" in skin:
            inverse = list(values(self.gltf, skin["inverseBindMatrices"]).reshape(-1, 4, 4).transpose(0, 2, 1))
        moved = np.stack([self.scene_from_node.get(j, np.eye(4)) @ inverse[i] for i, j in enumerate(joints)])
        weights, places = read["WEIGHTS_0"].astype(np.float64), read["JOINTS_0"].astype(np.int64)
        placed = np.zeros_like(points)
        for slot in range(4):
            matrix = moved[places[:, slot]]
            at = np.einsum("nij,nj->ni", matrix[:, :3, :3], points) + matrix[:, :3, 3]
            placed += weights[:, slot, None] * at
        return np.asarray(placed / np.maximum(weights.sum(1, keepdims=True), 1e-9))

    def _part(self, index: int, primitive: Json, origin: Floats) -> Part | None:
        read, faces = attributes(self.gltf, primitive)
        if not len(faces):
            return None
        positions = self._placed(index, primitive, read) - origin
        linear = self.scene_from_node[index][:3, :3]
        if np.linalg.det(linear) < 0:
            faces = faces[:, ::-1]
        normals, tangents = read.get("NORMAL"), read.get("TANGENT")
        if normals is not None:
            normals = _unit(normals.astype(np.float64) @ np.linalg.pinv(linear))
        if tangents is not None:
            along = _unit(tangents[:, :3].astype(np.float64) @ linear.T)
            tangents = np.column_stack([along, tangents[:, 3]]).astype(np.float32)
        material = self.document["materials"][primitive["material"]] if "material" in primitive else None
        num_views, num_scans = read.get(NUM_VIEWS), read.get(NUM_SCANS)
        node = self.document["nodes"][index]
        name = node.get("name") or self.document["meshes"][node["mesh"]].get("name") or "model"
        return Part(
            positions=positions.astype(np.float32),
            faces=faces.astype(np.int32),
            normals=normals,
            uv=_base_uv(read, material),
            tangents=tangents,
            colors=_opaque(read["COLOR_0"]) if "COLOR_0" in read else None,
            num_views=None if num_views is None else num_views.astype(np.uint8).ravel(),
            num_scans=None if num_scans is None else num_scans.astype(np.uint8).ravel(),
            material=None if material is None else self.material(material),
            node=str(name),
        )

    def material(self, material: Json) -> Material:
        """As written, but for what Material does not know."""
        pbr = material.get("pbrMetallicRoughness", {})
        r, g, b, a = (float(v) for v in pbr.get("baseColorFactor", (1.0, 1.0, 1.0, 1.0)))
        er, eg, eb = (float(v) for v in material.get("emissiveFactor", (0.0, 0.0, 0.0)))
        return Material(
            name=str(material.get("name", "surface")),
            base_color=(r, g, b, a),
            base_color_texture=self._texture(pbr.get("baseColorTexture")),
            metallic=float(pbr.get("metallicFactor", 1.0)),
            roughness=float(pbr.get("roughnessFactor", 1.0)),
            metallic_roughness_texture=self._texture(pbr.get("metallicRoughnessTexture")),
            normal_texture=self._texture(material.get("normalTexture")),
            occlusion_texture=self._texture(material.get("occlusionTexture")),
            emissive=(er, eg, eb),
            emissive_texture=self._texture(material.get("emissiveTexture")),
            unlit="KHR_materials_unlit" in material.get("extensions", {}),
            double_sided=bool(material.get("doubleSided", False)),
            blend=material.get("alphaMode") == "BLEND",
            wrap="clamp" if self._clamped(pbr.get("baseColorTexture")) else "repeat",
        )

    def _clamped(self, info: Json | None) -> bool:
        sampler = None if info is None else self.document["textures"][info["index"]].get("sampler")
        return sampler is not None and self.document["samplers"][sampler].get("wrapS") == CLAMP_TO_EDGE

    def _texture(self, info: Json | None) -> Picture | None:
        if info is None:
            return None
        texture = self.document["textures"][info["index"]]
        named = [texture, *(texture.get("extensions", {}).get(name, {}) for name in PICTURE_EXTENSIONS.values())]
        source = next((place["source"] for place in reversed(named) if "source" in place), None)
        return None if source is None else self.picture(source)

    def picture(self, index: int) -> Picture:
        """Raises BadFile for an image of a kind that glTF does not have."""
        if index not in self._pictures:
            data = self.gltf.picture(index)
            mime = next((kind for head, kind in _KINDS.items() if data.startswith(head)), None)
            if mime is None:
                raise BadFile("texture_kind", name=self.gltf.name)
            self._pictures[index] = Picture(data, mime)  # type: ignore[arg-type]
        return self._pictures[index]


def _unit(rows: Floats) -> NDArray[np.float32]:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), np.float32)


def _opaque(colors: Array) -> NDArray[np.float32]:
    """(V, 4) linear RGBA 0..1."""
    made = np.ones((len(colors), 4), np.float32)
    made[:, : colors.shape[1]] = fractions(colors)
    return made


def _base_uv(read: dict[str, Array], material: Json | None) -> NDArray[np.float32] | None:
    """Where the base colour texture is read: of its own set, its transform applied."""
    info = (material or {}).get("pbrMetallicRoughness", {}).get("baseColorTexture", {})
    moved = info.get("extensions", {}).get("KHR_texture_transform", {})
    uv = read.get(f"TEXCOORD_{moved.get('texCoord', info.get('texCoord', 0))}")
    if uv is None:
        return None
    u, v = (uv[:, :2] * np.asarray(moved.get("scale", (1, 1)), np.float64)).T
    turn = float(moved.get("rotation", 0))
    x, y = moved.get("offset", (0, 0))
    cos, sin = math.cos(turn), math.sin(turn)
    return np.column_stack([cos * u + sin * v + x, cos * v - sin * u + y]).astype(np.float32)


def parent_from_node(node: Json) -> Floats:
    """(4, 4) of a node's matrix or translation, rotation and scale. Raises ValueError where it is not finite."""
    if "matrix" in node:
        matrix = np.asarray(node["matrix"], dtype=np.float64).reshape(4, 4).T
    else:
        matrix = np.eye(4)
        turn = Rotation.from_quat(np.asarray(node.get("rotation", (0, 0, 0, 1)), dtype=np.float64)).as_matrix()
        matrix[:3, :3] = turn * np.asarray(node.get("scale", (1, 1, 1)), dtype=np.float64)
        matrix[:3, 3] = node.get("translation", (0, 0, 0))
    if not np.isfinite(matrix).all():
        raise ValueError("a node's transform is not finite")
    return matrix
