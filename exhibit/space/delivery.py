"""A baked hall as an asset bundle: PBR surfaces in plain glTF, its light in one more texture.

The lightmap is each lit material's occlusionTexture on TEXCOORD_1, so every glTF viewer shows its shadows. Its colours
are more: sRGB-coded irradiance / pi, 1.0 standing for `extras.lightmap.scale`. A viewer that knows this shows
base colour x texel x scale and needs no lamps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pygltflib as gltf
from numpy.typing import NDArray

from exhibit.space.bundle import RoomDocument, describe, poster_picture, write_triangles
from exhibit.space.hall import Hall
from exhibit.space.light_sources import Colour
from exhibit.space.lightmap import FULL, Lightmap, Quality, bake
from exhibit.space.materials import material
from exhibit.space.parts import Part
from exhibit.space.pictures import ByteArray, linear
from exhibit.space.poster import ALPHA_CUTOFF, Standing, poster
from exhibit.space.progress import Report, portion, unheard
from exhibit.space.sheets import Mesh, Sheet, grid_faces
from recon.formats.srgb import encoded

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
# Drawn last, in this order, as what they show is far: the viewer draws a room in the order of its file.
FAR = ("leaves", "foliage", "soil", "grass", "ridge", "sky")
RANGE_PERCENTILE = 99.7  # brighter texels are clipped
SMALLEST = 0.02  # m2, of a sheet in the version that is shown first
MANY = 5  # lines of a grid, from which every other one is left out there


@dataclass(frozen=True, slots=True)
class Look:
    """What one glTF material needs to be told apart by."""

    picture: str
    glows: bool
    clear: bool


def write_hall(
    folder: Path,
    hall: Hall,
    standing: Sequence[Standing] = (),
    *,
    quality: Quality = FULL,
    report: Report = unheard,
) -> Path:
    """Bake `hall` and write model.glb, collider.glb, thumb.webp and asset.json into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    baked = bake_hall(hall, quality, portion(report, 0.05, 0.6))
    parts = hall_parts(hall.site.sheets, baked, quality.side)
    _write_model(folder / "model.glb", parts, baked.light)
    report(0.75)
    rough = hall_parts(hall.site.sheets, baked, quality.side, coarse=True)
    _write_model(folder / "first.glb", rough, baked.light, coarse=True)
    report(0.8)
    triangles = write_triangles(folder / "collider.glb", *hall.collider())
    width, height, samples = quality.poster
    picture = hall_poster(
        hall,
        parts,
        baked.light,
        standing,
        width=width,
        height=height,
        samples=samples,
        report=portion(report, 0.8, 1),
    )
    poster_picture(folder, picture)
    lit = np.concatenate([p.vertices for look, p in parts if not (look.glows and look.clear)])
    shown, first = (sum(len(p.faces) for _, p in of) for of in (parts, rough))
    describe(folder, hall.title, hall.statement, lit, shown, first, triangles)
    return folder


def bake_hall(hall: Hall, quality: Quality, report: Report = unheard) -> Lightmap:
    """Charts of all lit sheets, in the order of the site's."""
    lit = [s for s in hall.site.sheets if not s.finish.clear]
    albedo = np.array([np.clip(mean_colour(s.finish.picture) * s.finish.tint, 0, 0.9) for s in lit])
    albedo[[s.finish.glows for s in lit]] = 0
    baked = bake(lit, albedo, hall.sky, hall.sun, hall.site.lamps, quality, hall.shade, hall.site.skylights, report)
    light = baked.light * np.float32(hall.exposure)
    brightness = np.maximum(light @ np.array([0.2126, 0.7152, 0.0722], np.float32), 1e-4)[..., None]
    return Lightmap(light * brightness ** np.float32(-hall.adaptation), baked.charts)


def hall_poster(
    hall: Hall,
    parts: Sequence[tuple[Look, Part]],
    light: Float32Array,
    standing: Sequence[Standing] = (),
    *,
    width: int = 1280,
    height: int = 720,
    samples: int = 2,
    report: Report = unheard,
) -> ByteArray:
    seen = [p for look, p in parts if look.glows or not look.clear]
    pictures = {p.picture: material(p.picture).base for p in seen}
    return poster(
        seen,
        pictures,
        *hall.poster,
        width=width,
        height=height,
        samples=samples,
        standing=standing,
        lightmap=light,
        report=report,
    )


def hall_parts(sheets: Sequence[Sheet], baked: Lightmap, side: int, *, coarse: bool = False) -> list[tuple[Look, Part]]:
    """The triangles of each look; what takes light has its place in the lightmap.

    coarse: every other line of grids that have many, no sheet of less than SMALLEST, and no cards of leaves.
    """
    groups: dict[Look, list[tuple[Mesh, FloatArray | None, Colour]]] = {}
    charted = iter(baked.charts)
    for sheet in sheets:
        f = sheet.finish
        chart = None if f.clear else next(charted)
        look, mesh = Look(f.picture, f.glows, f.clear), sheet.mesh
        if coarse and _area(mesh).sum() < SMALLEST:
            continue
        light_uv = None if chart is None else chart.uv_of(mesh, side)
        if coarse and not sheet.cut and not f.clear:
            mesh, light_uv = _thinned(sheet, mesh, light_uv)
        groups.setdefault(look, []).append((mesh, light_uv, f.tint))
        if chart is not None and sheet.leaves is not None and not coarse:
            cards = (sheet.leaves, chart.uv_of(sheet.leaves, side), sheet.leaf_tint)
            groups.setdefault(Look("leaves", False, False), []).append(cards)
    parts = []
    for look, members in sorted(groups.items(), key=lambda group: _far(group[0])):
        vertices, uvs, normals, lights, colors, faces, first = [], [], [], [], [], [], 0
        for mesh, light_uv, tint in members:
            vertices.append(mesh.points)
            faces.append(mesh.triangles[_area(mesh) > 5e-10] + first)
            uvs.append(mesh.uv)
            normals.append(mesh.normals)
            colors.append(np.broadcast_to(np.clip(tint, 0, 1), (len(mesh.points), 3)))
            if light_uv is not None:
                lights.append(light_uv)
            first += len(mesh.points)
        parts.append(
            (
                look,
                Part(
                    look.picture,
                    np.concatenate(vertices),
                    np.concatenate(uvs),
                    np.concatenate(colors),
                    np.concatenate(faces).astype(np.int32),
                    np.concatenate(lights) if lights and not look.glows else None,
                    np.concatenate(normals),
                ),
            )
        )
    return parts


def _area(mesh: Mesh) -> FloatArray:
    """(F,) of its triangles, m2."""
    corner = mesh.points[mesh.triangles]
    return np.asarray(np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1) / 2)


def _far(look: Look) -> int:
    return FAR.index(look.picture) + 1 if look.picture in FAR else 0


def _thinned(sheet: Sheet, mesh: Mesh, light_uv: FloatArray | None) -> tuple[Mesh, FloatArray | None]:
    """The mesh of every other line of the sheet's grid, and of the last; of a side with fewer than MANY, of all."""
    rows, columns = sheet.grid.shape[:2]
    down, across = (np.unique([*range(0, n, 2 if n >= MANY else 1), n - 1]) for n in (rows, columns))
    kept = (down[:, None] * columns + across).ravel()
    thin = Mesh(mesh.points[kept], None, mesh.uv[kept], mesh.normals[kept], grid_faces(len(down), len(across)))
    return thin, None if light_uv is None else light_uv[kept]


def _write_model(path: Path, parts: Sequence[tuple[Look, Part]], light: Float32Array, *, coarse: bool = False) -> None:
    document = RoomDocument("hall", coarse=coarse)
    scale = float(np.ceil(np.percentile(light.max(-1)[light.max(-1) > 0], RANGE_PERCENTILE) * 8) / 8)
    lightmap = document.texture(_coded(light / scale), "lightmap", 92, repeat=False, coarse_side=512)
    textures: dict[str, tuple[int, int | None, int | None]] = {}
    for look, part in parts:
        if look.picture not in textures:
            textures[look.picture] = _textures(document, look.picture)
        base, normal, rough = textures[look.picture]
        made = material(look.picture)
        pbr = gltf.PbrMetallicRoughness(
            baseColorTexture=gltf.TextureInfo(index=base), metallicFactor=made.metallic, roughnessFactor=1.0
        )
        if rough is None:
            even = isinstance(made.roughness, float)
            pbr.roughnessFactor = made.roughness if even else round(float(np.mean(made.roughness)) / 255, 3)
        else:
            pbr.metallicRoughnessTexture = gltf.TextureInfo(index=rough)
        described = gltf.Material(name=_name(look), pbrMetallicRoughness=pbr, alphaMode=gltf.OPAQUE)
        if look.glows:
            described.extensions = {"KHR_materials_unlit": {}}
            pbr.roughnessFactor, pbr.metallicRoughnessTexture = 1.0, None
        elif look.clear:
            pbr.baseColorFactor = [1.0, 1.0, 1.0, 0.14]
            described.alphaMode, described.doubleSided = gltf.BLEND, True
        else:
            if normal is not None:
                described.normalTexture = gltf.NormalMaterialTexture(index=normal)
            described.occlusionTexture = gltf.OcclusionTextureInfo(index=lightmap, texCoord=1)
            described.extras = {"lightmap": {"scale": scale}}
        if made.base.shape[-1] == 4:
            described.alphaMode, described.alphaCutoff, described.doubleSided = gltf.MASK, ALPHA_CUTOFF, True
        document.primitive(part, described)
    document.write(path)


def _textures(document: RoomDocument, name: str) -> tuple[int, int | None, int | None]:
    made = material(name)
    base = document.texture(made.base, name, 62)
    if document.coarse:
        return base, None, None
    normal = None if made.normal is None else document.texture(made.normal, f"{name} normal", 74)
    if isinstance(made.roughness, float):
        return base, normal, None
    zero = np.zeros_like(made.roughness)
    packed = np.stack([zero, made.roughness, zero], -1)
    return base, normal, document.texture(packed, f"{name} roughness", 70)


def _name(look: Look) -> str:
    return " ".join([look.picture.replace("_", " "), *(["glowing"] if look.glows else [])])


def _coded(share: Float32Array) -> ByteArray:
    return np.asarray(np.round(encoded(np.clip(share, 0, 1)) * 255), np.uint8)


@cache  # a hall has thousands of sheets, and a dozen materials
def mean_colour(picture: str) -> FloatArray:
    """Linear, of the material's base colour."""
    base = material(picture).base
    pixels = base[::4, ::4].reshape(-1, base.shape[-1]) / np.float32(255)
    weights = pixels[:, 3] if pixels.shape[1] == 4 else None
    return np.asarray(np.average(linear(pixels[:, :3]), 0, weights), float)
