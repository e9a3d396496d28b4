"""Makes of a foreign glTF document one that shows in the viewer as its maker saw it.

What the viewer's reader does not know is converted, what would disturb a hall is taken out, and each is remarked on.
Sources: Khronos, glTF 2.0; KHR_materials_pbrSpecularGlossiness (archived); KHR_materials_specular, KHR_materials_ior.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.spatial.transform import Rotation

from recon.formats.errors import BadFile
from recon.formats.glb import Picture
from recon.formats.gltf import BROKEN, Gltf, Json
from recon.formats.gltf_arrays import accessor
from recon.formats.gltf_scene import Scene
from recon.formats.ply import offset_of
from recon.formats.remarks import Remark

CONVERTED = frozenset({"KHR_materials_pbrSpecularGlossiness"})  # extensions that a document may require all the same
_GLOSSINESS = "KHR_materials_pbrSpecularGlossiness"
_FLOOR = "on the floor"  # the name of the node that moved() puts above all others
_NO_TURN = 1e-9  # radians
_LIGHTS = "KHR_lights_punctual"
_MIRROR = 1000.0  # an index of refraction with which the specular colour is what is mirrored head on


def mended(gltf: Gltf) -> Gltf:
    """The same with all that was found; `gltf` itself stays as it is. Raises BadFile for what cannot be read."""
    mending = _Mending(gltf)
    try:
        for mend in (mending.scene, mending.glossiness, mending.lights, mending.far):
            mend()
    except (*BROKEN, OSError, SyntaxError) as error:  # the latter two of a picture
        raise BadFile("model_broken", name=gltf.name) from error
    return Gltf(mending.document, bytes(mending.binary), gltf.name, True, (*gltf.remarks, *mending.remarks))


def moved(
    gltf: Gltf, translation: NDArray[np.float64], scale: float = 1.0, rotation: Sequence[float] = (0, 0, 0, 1)
) -> Gltf:
    """All that the scene shows, scaled, then turned by the quaternion (x, y, z, w), then moved, by one node above it.

    Where this function has put a node there before, that node is moved on: there is never more than one.
    """
    document = dict(gltf.document, nodes=list(gltf.document.get("nodes", [])), scenes=[])
    for scene in gltf.document["scenes"]:
        turn, place, size = Rotation.from_quat(rotation), np.asarray(translation, np.float64), scale
        roots, index = scene.get("nodes", []), len(document["nodes"])
        if len(roots) == 1 and _is_free(document, roots[0]):
            below, index = document["nodes"][roots[0]], roots[0]
            roots = below.get("children", [])
            place = scale * turn.apply(below.get("translation", (0, 0, 0))) + place
            turn = turn * Rotation.from_quat(below.get("rotation", (0, 0, 0, 1)))
            size = scale * float(below.get("scale", (1,))[0])
        node: Json = {"name": _FLOOR, "children": roots}
        node |= {"translation": place.tolist()} if place.any() else {}
        node |= {"rotation": turn.as_quat().tolist()} if turn.magnitude() > _NO_TURN else {}
        node |= {"scale": [size] * 3} if size != 1 else {}
        document["scenes"].append(dict(scene, nodes=[index]))
        document["nodes"][index : index + 1] = [{key: value for key, value in node.items() if value}]
    return Gltf(document, gltf.binary, gltf.name, True, gltf.remarks)


def _is_free(document: Json, index: int) -> bool:
    """Whether this node does nothing but stand its children on the floor, and nothing else names it."""
    node = document["nodes"][index]
    plain = node.get("name") == _FLOOR and node.keys() <= {"name", "children", "translation", "rotation", "scale"}
    channels = (c for animation in document.get("animations", []) for c in animation["channels"])
    moving = {channel["target"].get("node") for channel in channels}
    joints = {joint for skin in document.get("skins", []) for joint in (*skin["joints"], skin.get("skeleton"))}
    return plain and index not in moving | joints and len(set(node.get("scale", (1,)))) == 1


class _Mending:
    def __init__(self, gltf: Gltf):
        self.gltf = gltf
        self.document: Json = copy.deepcopy(gltf.document)
        self.binary = bytearray(gltf.binary)
        self.remarks: list[Remark] = []

    def scene(self) -> None:
        if self.document.get("scenes"):
            return
        self.document["scenes"], self.document["scene"] = [{"nodes": Scene(self.gltf).roots}], 0
        self.remarks.append(Remark("no_scene"))

    def lights(self) -> None:
        """Lights and cameras of the author's scene are no part of the exhibit: a hall has its own."""
        nodes = self.document.get("nodes", [])
        lamps = sum(_LIGHTS in node.get("extensions", {}) for node in nodes)
        cameras = sum("camera" in node for node in nodes)
        for node in nodes:
            node.pop("camera", None)
            _drop_extension(node, _LIGHTS)
        self.document.pop("cameras", None)
        _drop_extension(self.document, _LIGHTS)
        self._no_longer(_LIGHTS)
        if lamps or cameras:
            self.remarks.append(Remark("lights", {"lamps": lamps, "cameras": cameras}))

    def glossiness(self) -> None:
        """Specular and glossiness as metallic and roughness, the way glTF-Transform has it: nothing is lost."""
        found = [m for m in self.document.get("materials", []) if _GLOSSINESS in m.get("extensions", {})]
        for material in found:
            self._convert(material, material["extensions"].pop(_GLOSSINESS))
        self._no_longer(_GLOSSINESS)
        if found:
            self._uses("KHR_materials_specular", "KHR_materials_ior")
            self.remarks.append(Remark("glossiness", {"materials": len(found)}))

    def _convert(self, material: Json, old: Json) -> None:
        glossiness = float(old.get("glossinessFactor", 1))
        pbr: Json = {"baseColorFactor": old.get("diffuseFactor", [1, 1, 1, 1]), "metallicFactor": 0}
        if "diffuseTexture" in old:
            pbr["baseColorTexture"] = old["diffuseTexture"]
        specular: Json = {"specularColorFactor": old.get("specularFactor", [1, 1, 1])}
        if "specularGlossinessTexture" in old:
            info = old["specularGlossinessTexture"]
            colour, rough = self._split(info["index"], glossiness)
            specular["specularColorTexture"] = {**info, "index": colour}
            pbr["metallicRoughnessTexture"] = {**info, "index": rough}
            pbr["roughnessFactor"] = 1
        else:
            pbr["roughnessFactor"] = 1 - glossiness
        material["pbrMetallicRoughness"] = pbr
        material["extensions"] |= {"KHR_materials_specular": specular, "KHR_materials_ior": {"ior": _MIRROR}}

    def _split(self, texture: int, glossiness: float) -> tuple[int, int]:
        """Textures of the specular colour (RGB) and of roughness (G) from one with glossiness in its alpha."""
        declared = self.document["textures"][texture]
        source = declared.get("extensions", {}).get("EXT_texture_webp", declared)["source"]
        with Image.open(io.BytesIO(self.gltf.picture(source)), formats=["PNG", "JPEG", "WEBP"]) as picture:
            pixels = np.asarray(picture.convert("RGBA"))
        rough = np.round(255 - pixels[..., 3] * glossiness).astype(np.uint8)
        none = np.zeros_like(rough)
        made = []
        for part in (pixels[..., :3], np.stack([none, rough, none], -1)):
            view = self._append(Picture.jpeg(part, quality=92).data)
            self.document["images"].append({"bufferView": view, "mimeType": "image/jpeg"})
            sampler = {key: declared[key] for key in ("sampler",) if key in declared}
            self.document["textures"].append({"source": len(self.document["images"]) - 1, **sampler})
            made.append(len(self.document["textures"]) - 1)
        return made[0], made[1]

    def far(self) -> None:
        """Positions that lie far from their mesh's own origin are brought to it, and the mesh put where they were.

        A graphics card adds in 32 bits: 500 km from the origin its steps are 3 cm, and the model shakes.
        """
        for index, mesh in enumerate(self.document.get("meshes", [])):
            places = {p["attributes"]["POSITION"] for p in mesh["primitives"] if "POSITION" in p["attributes"]}
            declared = [self.document["accessors"][place] for place in places]
            users = [n for n in self.document.get("nodes", []) if n.get("mesh") == index]
            plain = all(t["componentType"] == 5126 and "bufferView" in t for t in declared)
            if not declared or not plain or any("skin" in node for node in users):
                continue
            points = np.concatenate([accessor(self.gltf, place) for place in sorted(places)]).astype(np.float64)
            middle = np.array(offset_of(points))
            if not np.isfinite(points).all() or not middle.any():
                continue
            for place in sorted(places):
                self._rewrite(place, middle)
            for node in users:
                node.pop("mesh")
                child = {"mesh": index, "translation": middle.tolist()}
                node.setdefault("children", []).append(len(self.document["nodes"]))
                self.document["nodes"].append(child)

    def _rewrite(self, place: int, middle: NDArray[np.float64]) -> None:
        declared = self.document["accessors"][place]
        near = (accessor(self.gltf, place).astype(np.float64) - middle).astype("<f4")
        declared |= {"bufferView": self._append(near.tobytes()), "byteOffset": 0}
        declared |= {"min": near.min(0).tolist(), "max": near.max(0).tolist()}
        declared.pop("sparse", None)

    def _append(self, data: bytes) -> int:
        self.binary += b"\0" * (-len(self.binary) % 4)
        view = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)}
        self.binary += data
        self.document["buffers"] = [{"byteLength": len(self.binary)}]
        self.document.setdefault("bufferViews", []).append(view)
        return len(self.document["bufferViews"]) - 1

    def _uses(self, *names: str) -> None:
        self.document["extensionsUsed"] = sorted({*self.document.get("extensionsUsed", []), *names})

    def _no_longer(self, name: str) -> None:
        for key in ("extensionsUsed", "extensionsRequired"):
            if name in self.document.get(key, []):
                self.document[key] = [each for each in self.document[key] if each != name]
                if not self.document[key]:
                    del self.document[key]


def _drop_extension(owner: Json, name: str) -> None:
    extensions: dict[str, Any] = owner.get("extensions", {})
    extensions.pop(name, None)
    if "extensions" in owner and not extensions:
        del owner["extensions"]
