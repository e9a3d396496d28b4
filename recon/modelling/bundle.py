"""Asset bundles of models: model.glb, lods, collider.glb, thumb.webp and asset.json (assets/schema)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recon.formats.asset_document import File, Files, Method, Origin, Text
from recon.formats.bundle import asset_document, file_entry, write_asset
from recon.formats.glb import Draco, Material, Part, Picture, write_glb
from recon.formats.srgb import encoded
from recon.modelling.light_baking import ambient_occlusion
from recon.modelling.model import Model
from recon.modelling.portrait import portrait

LODS = (2, 4)  # each level keeps every 2nd, every 4th row and column of points
COLLIDER = 6


@dataclass(frozen=True, slots=True)
class Title:
    zh: str
    en: str


KILN_STATEMENT = Title(
    "这件展品是用程序代码建模的，并非对实物的扫描；形制参照德化窑的一般样式，不对应某一件馆藏。",
    "A model made in code, not a scan of an object; its form follows the general type of Dehua ware and tools, "
    "not one piece in a collection.",
)


def write_bundle(
    folder: Path,
    model: Model,
    title: Title,
    statement: Title = KILN_STATEMENT,
    seen_from: tuple[float, float] = (32, 17),
) -> Path:
    """Write `model` as a bundle into `folder` and return the folder.

    `statement` tells visitors which real objects its form follows. `seen_from` is the azimuth and elevation (degrees)
    of its portrait.
    """
    (folder / "lods").mkdir(parents=True, exist_ok=True)
    material = _material(model)
    low, high = model.vertices.min(0), model.vertices.max(0)
    counts = {"model.glb": _write(folder / "model.glb", model, material, 1)}
    for i, stride in enumerate(LODS):
        counts[f"lods/{i + 1}.glb"] = _write(
            folder / "lods" / f"{i + 1}.glb", model, _smaller(material, 2 ** (i + 1)), stride
        )
    faces, kept = model.thinned(COLLIDER, least=5, smallest=0.06)
    write_glb(folder / "collider.glb", [Part(positions=model.vertices[kept], faces=faces, node="collider")])
    counts["collider.glb"] = len(faces)
    azimuth, elevation = seen_from
    picture = portrait(model, 640, azimuth_deg=azimuth, elevation_deg=elevation)
    Image.fromarray(picture).save(folder / "thumb.webp", quality=88, method=6)
    files: Files = {
        "thumb": file_entry(folder, "thumb.webp", width=640, height=640),
        "model": _model_file(folder, "model.glb", counts),
        "lods": [_model_file(folder, f"lods/{i + 1}.glb", counts) for i in range(len(LODS))],
        "collider": _model_file(folder, "collider.glb", counts),
    }
    bounds = (np.round(low.astype(float), 5), np.round(high.astype(float), 5))
    texts: Text = {"zh": title.zh, "en": title.en}
    described = asset_document("model", texts, files, origin("modelled", statement), unit="metre", bounds=bounds)
    return write_asset(folder, described)


def origin(method: Method, statement: Title) -> Origin:
    """Where what is modelled here comes from."""
    return {
        "method": method,
        "statement": {"zh": statement.zh, "en": statement.en},
        "software": "Longyao",
        "credit": {"zh": "龙窑项目", "en": "The Longyao project"},
        "licence": "CC0-1.0",
    }


def _write(path: Path, model: Model, material: Material, stride: int) -> int:
    faces, kept = model.thinned(stride)
    origins = model.motion.origins() if model.motion else {}
    node_of_vertex = np.repeat(np.arange(len(model.nodes)), [r * c for _, r, c in model.grids])[kept]
    names = list(dict.fromkeys(model.nodes))
    number = np.array([names.index(n) for n in model.nodes])[node_of_vertex]
    parts = []
    for i, name in enumerate(names):
        index, corners = np.unique(faces[number[faces[:, 0]] == i], return_inverse=True)
        at = kept[index]
        parts.append(
            Part(
                positions=(model.vertices[at] - origins.get(name, np.zeros(3))).astype(np.float32),
                normals=model.normals[at],
                tangents=model.tangents[at],
                uv=model.uv[at],
                faces=corners.reshape(-1, 3).astype(np.int32),
                material=material,
                node=name,
            )
        )
    animation = model.motion.animation() if model.motion else None
    write_glb(path, parts, draco=Draco(), extras={"unit": "metre"}, origins=origins, animation=animation)
    return len(faces)


def _model_file(folder: Path, name: str, counts: dict[str, int]) -> File:
    return file_entry(folder, name, triangles=counts[name])


def _material(model: Model) -> Material:
    color = model.atlas([c.paint.color for c in model.charts])
    rough = model.atlas([c.paint.roughness for c in model.charts])
    bare = model.atlas([np.broadcast_to(np.float32(c.paint.metallic), c.shape) for c in model.charts])
    occlusion_roughness = np.stack([ambient_occlusion([model], 0), rough, bare], -1)
    bent = model.atlas([_in_tangent_frame(c.normal, c.mesh_normal, c.tangent) for c in model.charts])
    bent[np.abs(bent).sum(-1) == 0] = (0, 0, 1)
    packed = Picture.webp(_bytes(occlusion_roughness), 88)
    return Material(
        base_color_texture=Picture.webp(_bytes(encoded(color)), 88),
        metallic_roughness_texture=packed,
        metallic=1.0 if bare.any() else 0.0,
        occlusion_texture=packed,
        normal_texture=Picture.webp(_bytes(bent * 0.5 + 0.5), 92),
        wrap="clamp",
    )


def _smaller(material: Material, factor: int) -> Material:
    def shrunk(picture: Picture | None) -> Picture | None:
        if picture is None:
            return None
        pixels = picture.pixels()
        h, w = pixels.shape[:2]
        return Picture.webp(
            np.asarray(cv2.resize(pixels, (w // factor, h // factor), interpolation=cv2.INTER_AREA), np.uint8), 85
        )

    packed = shrunk(material.metallic_roughness_texture)
    return Material(
        base_color_texture=shrunk(material.base_color_texture),
        metallic_roughness_texture=packed,
        metallic=material.metallic,
        occlusion_texture=packed,
        normal_texture=shrunk(material.normal_texture),
        wrap="clamp",
    )


def _in_tangent_frame(
    fine: NDArray[np.float32], mesh: NDArray[np.float32], tangent: NDArray[np.float32]
) -> NDArray[np.float32]:
    """World normals (H, W, 3) against the mesh's own: x along s, y along t (up in the atlas), z out."""
    across = tangent - mesh * (tangent * mesh).sum(-1, keepdims=True)
    across /= np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-9)
    up = np.cross(mesh, across)
    local = np.stack([(fine * across).sum(-1), (fine * up).sum(-1), np.maximum((fine * mesh).sum(-1), 0.05)], -1)
    return np.asarray(local / np.linalg.norm(local, axis=-1, keepdims=True), np.float32)


def _bytes(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    return np.asarray(np.clip(np.round(values * 255), 0, 255), np.uint8)
