"""Reads a delivery GLB for a picture of it: its meshes where their nodes rest, and their colours."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import DracoPy
import numpy as np
import pygltflib
from numpy.typing import NDArray
from PIL import Image

from exhibit.space.pictures import linear

FloatArray = NDArray[np.float64]
LARGEST = {pygltflib.UNSIGNED_BYTE: 255.0, pygltflib.UNSIGNED_SHORT: 65535.0}  # of what stands for 0..1


class Glb:
    def __init__(self, path: Path) -> None:
        self.document = pygltflib.GLTF2().load_binary(str(path))
        self._blob: bytes = self.document.binary_blob()

    def placed(self, world: FloatArray) -> Iterator[tuple[FloatArray, pygltflib.Primitive]]:
        """world_from_mesh (4, 4) and primitive, for every primitive of every node of the scene."""
        scene = self.document.scenes[self.document.scene or 0]
        waiting = [(world, node) for node in reversed(scene.nodes)]
        while waiting:
            above, index = waiting.pop()
            node = self.document.nodes[index]
            here = above @ _local(node)
            if node.mesh is not None:
                yield from ((here, primitive) for primitive in self.document.meshes[node.mesh].primitives)
            waiting += [(here, child) for child in reversed(node.children or [])]

    def triangles(self, primitive: pygltflib.Primitive) -> tuple[FloatArray, FloatArray, NDArray[np.int32]]:
        """(V, 3) points, (V, 2) uv of TEXCOORD_0 (zeros where it has none), (F, 3)."""
        draco = primitive.extensions["KHR_draco_mesh_compression"]
        mesh = DracoPy.decode(self._view(draco["bufferView"]))
        data = {int(a["unique_id"]): np.asarray(a["data"]) for a in mesh.attributes}

        def read(name: str) -> FloatArray:
            values = data[draco["attributes"][name]]
            accessor = self.document.accessors[getattr(primitive.attributes, name)]
            return values / LARGEST[accessor.componentType] if accessor.normalized else values.astype(float)

        points = read("POSITION")
        uv = read("TEXCOORD_0") if "TEXCOORD_0" in draco["attributes"] else np.zeros((len(points), 2))
        return points, uv, np.asarray(mesh.faces, np.int32).reshape(-1, 3)

    def base_colour(self, material: pygltflib.Material) -> NDArray[np.float32]:
        """Linear (H, W, 3): texture times factor."""
        look = material.pbrMetallicRoughness
        factor = np.asarray((look.baseColorFactor if look else None) or (1, 1, 1, 1), np.float32)[:3]
        if look is None or look.baseColorTexture is None:
            return np.broadcast_to(factor, (8, 8, 3)).copy()
        texture = self.document.textures[look.baseColorTexture.index]
        source = (texture.extensions or {}).get("EXT_texture_webp", {}).get("source", texture.source)
        with Image.open(io.BytesIO(self._view(self.document.images[source].bufferView))) as picture:
            return np.asarray(linear(np.asarray(picture.convert("RGB")) / np.float32(255)) * factor, np.float32)

    def _view(self, index: int) -> bytes:
        view = self.document.bufferViews[index]
        return bytes(self._blob[view.byteOffset or 0 : (view.byteOffset or 0) + view.byteLength])


def _local(node: pygltflib.Node) -> FloatArray:
    if node.matrix:
        return np.asarray(node.matrix, float).reshape(4, 4).T
    x, y, z, w = node.rotation or (0.0, 0.0, 0.0, 1.0)
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    matrix = np.eye(4)
    matrix[:3, :3] = turn * np.asarray(node.scale or (1.0, 1.0, 1.0))
    matrix[:3, 3] = node.translation or (0.0, 0.0, 0.0)
    return matrix
