"""A baked hall as an asset bundle: model.glb, collider.glb, thumb.webp and asset.json (assets/schema)."""

from __future__ import annotations

import io
from pathlib import Path

import DracoPy
import numpy as np
import pygltflib as gltf
from numpy.typing import NDArray
from PIL import Image

from exhibit.documents.types import Text
from exhibit.space.parts import Part
from exhibit.space.pictures import ByteArray
from recon.formats import glb
from recon.formats.asset_document import Files, Origin
from recon.formats.bundle import asset_document, file_entry, write_asset
from recon.formats.glb import write_glb
from recon.formats.glb_document import GlbDocument
from recon.formats.picture import webp_below

POSTER_BYTES = 120_000  # a second of slow 4G is 200_000
LIGHT_ID = 16  # Draco's id of TEXCOORD_1, clear of those that it numbers itself
COARSE_SIDE, COARSE_QUALITY = 160, 45  # of the pictures in the version that is shown first
COARSE_LIGHT_STEP = 32  # of 65535: a quarter of a texel of its lightmap

FloatArray = NDArray[np.float64]


def poster_picture(folder: Path, pixels: ByteArray) -> None:
    (folder / "thumb.webp").write_bytes(webp_below(Image.fromarray(pixels), POSTER_BYTES, smaller=True))


def describe(
    folder: Path,
    title: Text,
    statement: Text,
    points: FloatArray,
    model_triangles: int,
    coarse_triangles: int,
    collider_triangles: int,
) -> None:
    """Write asset.json for the files that lie in `folder`; `points` (N, 3) are what its bounds hold."""
    with Image.open(folder / "thumb.webp") as picture:
        width, height = picture.size
    files: Files = {
        "thumb": file_entry(folder, "thumb.webp", width=width, height=height),
        "model": file_entry(folder, "model.glb", triangles=model_triangles),
        "lods": [file_entry(folder, "first.glb", triangles=coarse_triangles)],
        "collider": file_entry(folder, "collider.glb", triangles=collider_triangles),
    }
    origin: Origin = {
        "method": "modelled",
        "statement": statement,
        "software": "Longyao",
        "credit": {"zh": "龙窑项目", "en": "The Longyao project"},
        "licence": "CC0-1.0",
    }
    bounds = (points.min(0).round(4), points.max(0).round(4))
    write_asset(folder, asset_document("model", title, files, origin, unit="metre", bounds=bounds, use="room"))


class RoomDocument(GlbDocument):
    """One mesh of Draco-compressed primitives with WebP textures.

    coarse: the version that is shown while the other is on its way. The same triangles, rounded more, with small
    pictures and without what only lamps need.
    """

    def __init__(self, name: str, *, coarse: bool = False) -> None:
        super().__init__()
        self.coarse = coarse
        self.model.samplers = [
            gltf.Sampler(
                magFilter=gltf.LINEAR, minFilter=gltf.LINEAR_MIPMAP_LINEAR, wrapS=gltf.REPEAT, wrapT=gltf.REPEAT
            ),
            gltf.Sampler(
                magFilter=gltf.LINEAR, minFilter=gltf.LINEAR, wrapS=gltf.CLAMP_TO_EDGE, wrapT=gltf.CLAMP_TO_EDGE
            ),
        ]
        self.model.meshes = [gltf.Mesh(name=name)]
        self.model.nodes = [gltf.Node(mesh=0, name=name)]

    def texture(
        self, pixels: ByteArray, name: str, quality: int, *, repeat: bool = True, coarse_side: int = COARSE_SIDE
    ) -> int:
        picture = Image.fromarray(pixels)
        if self.coarse:
            picture.thumbnail((coarse_side, coarse_side))
            quality = min(quality, COARSE_QUALITY)
        self.required.add("EXT_texture_webp")
        view = self.view(_webp(picture, quality))
        self.model.images.append(gltf.Image(bufferView=view, mimeType="image/webp", name=name))
        source = len(self.model.images) - 1
        self.model.textures.append(
            gltf.Texture(sampler=0 if repeat else 1, extensions={"EXT_texture_webp": {"source": source}})
        )
        return len(self.model.textures) - 1

    def primitive(self, part: Part, material: gltf.Material) -> None:
        step = COARSE_LIGHT_STEP if self.coarse else 1
        light = None if part.light_uv is None else _whole(part.light_uv, step)
        normals = None if part.normals is None or self.coarse else part.normals.astype(np.float64)
        encoded = DracoPy.encode(
            part.vertices.astype(np.float32),
            part.faces.astype(np.uint32),
            quantization_bits=12 if self.coarse else 15,
            compression_level=10,
            tex_coord=part.uv.astype(np.float64),
            tex_coord_quantization_bits=11 if self.coarse else 15,
            colors=np.round(part.colors * 255).astype(np.uint8),
            normals=normals,
            normal_quantization_bits=9,
            generic_attributes=None if light is None else {LIGHT_ID: light},
        )
        made = self.draco_primitive(encoded, {LIGHT_ID: gltf.TEXCOORD_1})
        self.used.update(material.extensions or {})
        self.model.materials.append(material)
        made.material = len(self.model.materials) - 1
        self.model.meshes[0].primitives.append(made)


def write_triangles(path: Path, points: FloatArray, triangles: NDArray[np.integer]) -> int:
    """Uncompressed glTF of positions and indices; returns how many triangles."""
    write_glb(path, [glb.Part(positions=points.astype(np.float32), faces=triangles, node="collider")])
    return len(triangles)


def _whole(share: FloatArray, step: int) -> NDArray[np.uint16]:
    """Shares of 1 as whole numbers up to 65535, those a multiple of `step`."""
    most = 65535 // step * step
    return np.asarray(np.clip(np.rint(np.clip(share, 0, 1) * 65535 / step) * step, 0, most), np.uint16)


def _webp(picture: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=quality, method=6, exact=True)
    return buffer.getvalue()
