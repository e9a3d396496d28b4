"""A baked room as an asset bundle: model.glb, collider.glb, thumb.webp and asset.json (assets/schema)."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import DracoPy
import numpy as np
import pygltflib as gltf
import trimesh
from PIL import Image

from exhibit.space.poster import Standing, poster
from exhibit.space.room import Block, ByteArray, Part, Room, baked

MIME = {".glb": "model/gltf-binary", ".webp": "image/webp"}
POSTER_BYTES = 200_000


def write_bundle(folder: Path, room: Room, standing: Sequence[Standing] = ()) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    parts = baked(room)
    write_model(folder / "model.glb", parts, room.pictures)
    triangles = write_collider(folder / "collider.glb", room.solid)
    picture = Image.fromarray(poster(parts, room.pictures, *room.poster, standing=standing))
    (folder / "thumb.webp").write_bytes(_below(picture, POSTER_BYTES))
    points = np.concatenate([p.vertices for p in parts])
    described = {
        "schema": "longyao:asset/1",
        "kind": "model",
        "title": dict(room.title),
        "unit": "metre",
        "bounds": {
            "min": [round(float(v), 4) for v in points.min(0)],
            "max": [round(float(v), 4) for v in points.max(0)],
        },
        "files": {
            "thumb": {**_file(folder, "thumb.webp"), "width": picture.width, "height": picture.height},
            "model": {**_file(folder, "model.glb"), "triangles": sum(len(p.faces) for p in parts)},
            "collider": {**_file(folder, "collider.glb"), "triangles": triangles},
        },
        "origin": {
            "method": "modelled",
            "statement": dict(room.statement),
            "software": "Longyao",
            "credit": {"zh": "龙窑项目", "en": "The Longyao project"},
            "licence": "CC0-1.0",
        },
    }
    (folder / "asset.json").write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return folder


def write_model(path: Path, parts: Sequence[Part], pictures: Mapping[str, ByteArray]) -> None:
    """Draco-compressed triangles, WebP pictures, unlit materials: one primitive per picture."""
    model = gltf.GLTF2(asset=gltf.Asset(generator="Longyao", version="2.0"))
    blob = bytearray()

    def view(data: bytes) -> int:
        blob.extend(b"\0" * (-len(blob) % 4))
        model.bufferViews.append(gltf.BufferView(buffer=0, byteOffset=len(blob), byteLength=len(data)))
        blob.extend(data)
        return len(model.bufferViews) - 1

    model.samplers = [
        gltf.Sampler(magFilter=gltf.LINEAR, minFilter=gltf.LINEAR_MIPMAP_LINEAR, wrapS=gltf.REPEAT, wrapT=gltf.REPEAT)
    ]
    model.meshes = [gltf.Mesh(name="room")]
    for i, part in enumerate(parts):
        model.images.append(
            gltf.Image(
                bufferView=view(_webp(Image.fromarray(pictures[part.picture]), 84)),
                mimeType="image/webp",
                name=part.picture,
            )
        )
        model.textures.append(gltf.Texture(sampler=0, extensions={"EXT_texture_webp": {"source": i}}))
        model.materials.append(
            gltf.Material(
                name=part.picture,
                pbrMetallicRoughness=gltf.PbrMetallicRoughness(
                    baseColorTexture=gltf.TextureInfo(index=i), metallicFactor=0.0, roughnessFactor=1.0
                ),
                alphaMode=gltf.OPAQUE,
                extensions={"KHR_materials_unlit": {}},
            )
        )
        model.meshes[0].primitives.append(_primitive(model, part, i, view))
    model.nodes, model.scenes, model.scene = [gltf.Node(mesh=0, name="room")], [gltf.Scene(nodes=[0])], 0
    model.extensionsRequired = ["EXT_texture_webp", "KHR_draco_mesh_compression"]
    model.extensionsUsed = [*model.extensionsRequired, "KHR_materials_unlit"]
    model.buffers = [gltf.Buffer(byteLength=len(blob))]
    model.set_binary_blob(bytes(blob))
    path.write_bytes(b"".join(model.save_to_bytes()))


def _primitive(model: gltf.GLTF2, part: Part, material: int, view: Any) -> gltf.Primitive:
    """Draco may weld and reorder, so counts and bounds are read back from what it wrote."""
    encoded = DracoPy.encode(
        part.vertices.astype(np.float32),
        part.faces.astype(np.uint32),
        quantization_bits=15,
        compression_level=7,
        tex_coord=part.uv.astype(np.float64),
        tex_coord_quantization_bits=15,
        colors=np.round(part.colors * 255).astype(np.uint8),
    )
    decoded = DracoPy.decode(encoded)
    named = {0: gltf.POSITION, 2: gltf.COLOR_0, 3: gltf.TEXCOORD_0}
    attributes, ids = gltf.Attributes(), {}
    for attribute in sorted(decoded.attributes, key=lambda a: int(a["attribute_type"])):
        data = np.asarray(attribute["data"])
        name = named[int(attribute["attribute_type"])]
        ids[name] = int(attribute["unique_id"])
        model.accessors.append(
            gltf.Accessor(
                componentType=gltf.UNSIGNED_BYTE if data.dtype == np.uint8 else gltf.FLOAT,
                normalized=data.dtype == np.uint8,
                count=len(data),
                type=f"VEC{data.shape[1]}",
                min=data.min(0).tolist() if name == gltf.POSITION else [],
                max=data.max(0).tolist() if name == gltf.POSITION else [],
            )
        )
        setattr(attributes, name, len(model.accessors) - 1)
    model.accessors.append(
        gltf.Accessor(componentType=gltf.UNSIGNED_INT, count=3 * len(decoded.faces), type=gltf.SCALAR)
    )
    extension = {"KHR_draco_mesh_compression": {"bufferView": view(encoded), "attributes": ids}}
    return gltf.Primitive(
        attributes=attributes, indices=len(model.accessors) - 1, material=material, extensions=extension
    )


def write_collider(path: Path, solid: Sequence[Block]) -> int:
    """Plain triangles of the boxes; returns how many."""
    boxes = [trimesh.creation.box(bounds=np.array([b.low, b.high])) for b in solid]
    vertices = np.concatenate([b.vertices for b in boxes]).astype(np.float32)
    faces = np.concatenate([b.faces + 8 * i for i, b in enumerate(boxes)]).astype(np.uint16)
    points, corners = vertices.tobytes(), faces.tobytes()
    model = gltf.GLTF2(
        asset=gltf.Asset(generator="Longyao", version="2.0"),
        scene=0,
        scenes=[gltf.Scene(nodes=[0])],
        nodes=[gltf.Node(mesh=0, name="collider")],
        meshes=[gltf.Mesh(primitives=[gltf.Primitive(attributes=gltf.Attributes(POSITION=0), indices=1)])],
        accessors=[
            gltf.Accessor(
                bufferView=0,
                componentType=gltf.FLOAT,
                count=len(vertices),
                type=gltf.VEC3,
                min=vertices.min(0).tolist(),
                max=vertices.max(0).tolist(),
            ),
            gltf.Accessor(bufferView=1, componentType=gltf.UNSIGNED_SHORT, count=faces.size, type=gltf.SCALAR),
        ],
        bufferViews=[
            gltf.BufferView(buffer=0, byteOffset=0, byteLength=len(points), target=gltf.ARRAY_BUFFER),
            gltf.BufferView(
                buffer=0, byteOffset=len(points), byteLength=len(corners), target=gltf.ELEMENT_ARRAY_BUFFER
            ),
        ],
        buffers=[gltf.Buffer(byteLength=len(points) + len(corners))],
    )
    model.set_binary_blob(points + corners)
    path.write_bytes(b"".join(model.save_to_bytes()))
    return len(faces)


def _webp(picture: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=quality, method=6)
    return buffer.getvalue()


def _below(picture: Image.Image, limit: int) -> bytes:
    for quality in (88, 84, 80, 75, 70, 62, 54, 45, 35):
        data = _webp(picture, quality)
        if len(data) < limit:
            return data
    raise ValueError(f"the poster does not fit {limit} bytes")


def _file(folder: Path, name: str) -> dict[str, Any]:
    data = (folder / name).read_bytes()
    return {
        "path": name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "mime": MIME[Path(name).suffix],
    }
