"""The delivery: a compressed model, lighter versions, a collider, a picture, and asset.json that describes them.

The bundle keeps to assets/schema/asset.schema.json.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
from PIL import Image

from recon.errors import BadModel, BadOptions, check_range
from recon.formats import ktx2, xmp
from recon.formats.asset_document import (
    AssetDocument,
    File,
    Files,
    Georeference,
    Method,
    Mime,
    Origin,
    Quality,
    Text,
    Tiles,
)
from recon.formats.asset_document import Check as CheckEntry
from recon.formats.bundle import asset_document, file_entry, georeference, write_asset
from recon.formats.glb import Draco, Grid, Material, Part, Picture, write_glb
from recon.formats.picture import webp_below
from recon.formats.tile_archive import MIME, ROOT, TileArchiveWriter
from recon.formats.tiles import TileNode, tileset
from recon.geometry.bake import Fine, Level, Textured, rebaked
from recon.geometry.portrait import portrait
from recon.geometry.surface import decimated, manifold
from recon.geometry.tiling import Tile, cut_out, tree
from recon.messages import Message
from recon.progress import Progress
from recon.types import ByteArray, Check, GltfBundle, SparseModel, TexturedMesh

VERSION = 11

_THUMB_BYTES = 200_000  # of the schema
_COLLIDER_TRIANGLES = 200_000  # of the schema
_TILED_TRIANGLES, _TILED_TEXELS = 1_500_000, 8192**2  # above either, the model is delivered in tiles too
_TILE_TEXELS = 1536**2  # inside charts; with the space between charts, a tile's texture has a side of about 2048


@dataclass(frozen=True, kw_only=True)
class GltfOptions:
    title_zh: str = "未命名"  # what visitors read
    title_en: str = "Untitled"  # the same in English
    statement_zh: str = ""  # one or two sentences on how this came to be; empty: written from the figures
    statement_en: str = ""  # the same in English
    method: Literal["auto", "rendered-photographs", "simulated-scan"] = (
        "auto"  # photographs, scans or both, as they were given; the others come from a modelled scene, not a real one
    )
    credit_zh: str = ""  # whom to name; empty: nobody
    credit_en: str = ""  # the same in English
    licence: str = ""  # SPDX identifier or a rights statement's address
    texture_quality: int = 85  # of WebP, 1 to 100
    position_bits: int = 14  # positions are kept to the extent divided by 2 to this power
    last_level_triangles: int = 10_000  # lighter versions are made until one has fewer
    last_level_bytes: int = 300_000  # and is smaller than this
    ktx2: bool = False  # the full model once more, its texture in a form that takes an eighth of the graphics memory
    tiles: Literal["auto", "always", "never"] = "auto"  # 3D Tiles beside the model; auto: where it is large
    tile_triangles: int = 60_000  # a tile with more is cut, where there is a finer level
    collider_triangles: int = 20_000  # what visitors bump into; at most 200 000
    thumb_px: int = 640  # side of the square picture

    def __post_init__(self) -> None:
        check_range("gltf.texture_quality", self.texture_quality, 1, 100)
        check_range("gltf.position_bits", self.position_bits, 8, 20)
        check_range("gltf.last_level_triangles", self.last_level_triangles, 500)
        check_range("gltf.last_level_bytes", self.last_level_bytes, 50_000)
        check_range("gltf.tile_triangles", self.tile_triangles, 500)
        check_range("gltf.collider_triangles", self.collider_triangles, 100, _COLLIDER_TRIANGLES)
        check_range("gltf.thumb_px", self.thumb_px, 64, 2048)
        if self.ktx2 and not ktx2.is_available():
            raise BadOptions("no_ktx2_encoder")


@dataclass(frozen=True, slots=True)
class _About:
    """What every file says of itself."""

    extras: dict[str, Any]
    xmp: xmp.Packet


def build(
    textured: TexturedMesh, sparse: SparseModel, options: GltfOptions, *, scratch: Path, progress: Progress
) -> GltfBundle:
    """Writes scratch/{asset.json, model.glb, lods/, tiles.3tz, collider.glb, thumb.webp}; master.glb is texture's."""
    pictures = tuple(_read(atlas) for atlas in textured.atlases)
    levels = scratch / "lods"
    levels.mkdir(parents=True, exist_ok=True)
    for stale in levels.iterdir():
        stale.unlink()
    progress.start(5, "file")
    full = Textured(textured.mesh.vertices, textured.mesh.faces, textured.uv, textured.page, pictures)
    about = _About(_extras(textured, sparse, options), _xmp(textured, sparse, options))
    files = Files()  # type: ignore[typeddict-item]  # filled below

    model = scratch / "model.glb"
    _write(model, full, textured.mesh.measured_by, options, about)
    files["model"] = _file(scratch, model, "model/gltf-binary", triangles=len(full.faces))
    if options.ktx2:
        compact = scratch / "model-ktx2.glb"
        _write(compact, full, textured.mesh.measured_by, options, about, compact=True)
        files["ktx2"] = _file(scratch, compact, "model/gltf-binary", triangles=len(full.faces))
    progress.advance()

    fine = Fine.of(full, textured.mesh.measured_by)
    files["lods"], made = _write_levels(levels, fine, sparse, options, about, progress)
    progress.advance()

    if _tiled(full, options):
        files["tiles"] = _write_tiles(scratch, full, textured.mesh.measured_by, made, options, about)
    progress.advance()

    collider = scratch / "collider.glb"
    whole = next((level.surface for level in made if len(level.surface.faces) >= options.collider_triangles), full)
    vertices, faces = manifold(*decimated(whole.vertices, whole.faces, options.collider_triangles))
    used = np.unique(faces)
    write_glb(
        collider,
        [Part(positions=vertices[used], faces=np.searchsorted(used, faces), node="collider")],
        extras={"unit": sparse.frame.unit},
    )
    files["collider"] = _file(scratch, collider, "model/gltf-binary", triangles=len(faces))
    progress.advance()

    thumb = scratch / "thumb.webp"
    _write_thumb(thumb, full, sparse, options.thumb_px)
    files["thumb"] = _file(scratch, thumb, "image/webp", width=options.thumb_px, height=options.thumb_px)
    progress.advance()

    warnings = _warnings(textured, sparse)
    write_asset(scratch, _asset(textured, sparse, options, files, warnings))
    return GltfBundle(scratch, textured.atlases[0].with_name("master.glb"), warnings)


def _read(atlas: Path) -> ByteArray:
    picture = cv2.imread(str(atlas), cv2.IMREAD_COLOR_RGB)
    if picture is None:
        raise BadModel("texture_unreadable")
    return np.asarray(picture, np.uint8)


def _write(
    path: Path,
    model: Textured,
    measured_by: ByteArray,
    options: GltfOptions,
    about: _About,
    *,
    compact: bool = False,
) -> None:
    draco = Draco(position_bits=options.position_bits, uv_bits=_uv_bits(model.side))
    write_glb(path, _parts(model, measured_by, options, compact), draco=draco, extras=about.extras, xmp=about.xmp)


def _parts(model: Textured, measured_by: ByteArray, options: GltfOptions, compact: bool = False) -> list[Part]:
    """One for each page; compact: with KTX2 pictures."""
    return [
        Part(
            positions=model.vertices[sheet.vertex],
            faces=sheet.faces,
            uv=sheet.uv,
            num_views=sheet.num_views,
            num_scans=sheet.num_scans,
            material=Material(
                name=f"surface {sheet.page + 1}",
                base_color_texture=_compact(model.pictures[sheet.page])
                if compact
                else Picture.webp(model.pictures[sheet.page], quality=options.texture_quality),
                unlit=True,
                wrap="clamp",
            ),
        )
        for sheet in model.sheets(measured_by)
    ]


def _compact(pixels: ByteArray) -> Picture:
    """KTX2 of a page. A page that is too large for the encoder is shrunk. Sides are multiples of four texels."""
    height, width = pixels.shape[:2]
    shrunk = min(1.0, (ktx2.MOST_PIXELS / (height * width)) ** 0.5)
    size = (max(4, int(width * shrunk) // 4 * 4), max(4, int(height * shrunk) // 4 * 4))
    if size != (width, height):
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    return Picture(ktx2.encoded(pixels, "colour"), "image/ktx2")


def _uv_bits(side: int) -> int:
    return int(np.ceil(np.log2(side))) + 3  # an eighth of a texel


def _write_level(path: Path, level: Level, options: GltfOptions, about: _About) -> None:
    """Unlit, as the full model is. Its normal and occlusion maps serve viewers that light it, as ours does under a
    raking light.
    """
    sheet, model = level.sheet, level.surface
    material = Material(
        name="surface 1",
        base_color_texture=Picture.webp(model.pictures[0], quality=options.texture_quality),
        normal_texture=Picture.webp(level.normal_map, quality=95),
        occlusion_texture=Picture.webp(np.repeat(level.occlusion_map[..., None], 3, axis=2), quality=70),
        unlit=True,
        wrap="clamp",
    )
    part = Part(
        positions=model.vertices[sheet.vertex],
        faces=sheet.faces,
        normals=level.normals,
        uv=sheet.uv,
        tangents=level.tangents,
        num_views=sheet.num_views,
        num_scans=sheet.num_scans,
        material=material,
    )
    draco = Draco(position_bits=max(10, options.position_bits - 2), normal_bits=8, tangent_bits=6)
    more = {"level": {"departure": float(f"{level.departure:.4g}"), "texel": float(f"{level.texel:.4g}")}}
    write_glb(path, [part], draco=draco, extras={**about.extras, **more}, xmp=about.xmp)


def _write_levels(
    folder: Path, fine: Fine, sparse: SparseModel, options: GltfOptions, about: _About, progress: Progress
) -> tuple[list[File], list[Level]]:
    """Each level has a quarter of the triangles and half the texture's side of the level before.

    Its triangles are decimated from the level before; its textures are baked from the full surface.
    """
    files: list[File] = []
    made: list[Level] = []
    vertices, faces = fine.surface.vertices, fine.surface.faces
    texels = sum(picture.shape[0] * picture.shape[1] for picture in fine.surface.pictures)
    size = 0
    while len(faces) >= options.last_level_triangles or size > options.last_level_bytes:
        target = len(faces) // 4
        if target < 400:
            progress.warn(Message("warning.lightest_level", kilobytes=size / 1000))
            break
        number = len(made) + 1
        side = max(256, min(4096, int(np.sqrt(texels) / 2**number) // 64 * 64))
        if number in (1, 3):  # more halvings would mix a chart with what is beside it
            fine = fine.halved()
        oversampling = 2 ** (number - (1 if number < 3 else 2))
        vertices, faces = decimated(vertices, faces, target)
        made.append(
            rebaked(
                fine,
                vertices,
                faces,
                side=side,
                views=sparse.views,
                oversampling=oversampling,
                unseen_detail=sparse.surveyed is not None,
            )
        )
        path = folder / f"{number}.glb"
        _write_level(path, made[-1], options, about)
        size = path.stat().st_size
        files.append(_file(folder.parent, path, "model/gltf-binary", triangles=len(made[-1].surface.faces)))
    return files, made


def _tiled(full: Textured, options: GltfOptions) -> bool:
    texels = sum(picture.shape[0] * picture.shape[1] for picture in full.pictures)
    large = len(full.faces) > _TILED_TRIANGLES or texels > _TILED_TEXELS
    return options.tiles == "always" or (options.tiles == "auto" and large)


def _write_tiles(
    folder: Path,
    full: Textured,
    measured_by: ByteArray,
    made: Sequence[Level],
    options: GltfOptions,
    about: _About,
) -> Tiles:
    """3D Tiles 1.1, cut from the full model and its levels; their textures are copied, not baked again."""
    surfaces = [full, *(level.surface for level in made)]
    seen = [measured_by, *(level.measured_by for level in made)]
    errors = [0.0]
    for level in made:  # a level's error: its shape, and details smaller than a texel
        errors.append(max(level.departure, level.texel, 1.01 * errors[-1]))
    root = tree(surfaces, most_faces=options.tile_triangles, most_texels=_TILE_TEXELS)
    low, high = np.array(root.low), np.array(root.high)
    grid = Grid(tuple(low.tolist()), float((high - low).max()))
    step = grid.extent / 2**options.position_bits
    numbers = count()

    def written(tile: Tile, out: TileArchiveWriter) -> TileNode:
        piece = cut_out(surfaces[tile.level], tile.faces)
        name = f"{next(numbers)}.glb"
        draco = Draco(position_bits=options.position_bits, uv_bits=_uv_bits(piece.side), grid=grid)
        passing = folder / "tile.glb"
        write_glb(passing, _parts(piece, seen[tile.level][tile.faces], options), draco=draco, extras=about.extras)
        out.add(name, passing.read_bytes())
        passing.unlink()
        children = tuple(written(child, out) for child in tile.children)
        around = (tile.low - step).tolist(), (tile.high + step).tolist()  # positions are rounded to the grid
        return TileNode(name, *around, errors[tile.level], children)

    with TileArchiveWriter(folder / "tiles.3tz") as archive:
        archive.add(ROOT, tileset(written(root, archive), refine="REPLACE", extras=about.extras))
    return {"archive": _file(folder, archive.path, MIME, triangles=len(full.faces))}


def _write_thumb(path: Path, full: Textured, sparse: SparseModel, side: int) -> None:
    while full.side > 3 * side:  # the texels become about as fine as the rays
        full = full.halved()
    centres = [view.centre for view in sparse.views]
    if not centres and sparse.surveyed is not None:
        centres = [*sparse.surveyed.scanners]
    pixels = portrait(full, centres, side=side)
    path.write_bytes(webp_below(Image.fromarray(pixels), _THUMB_BYTES))


def _file(root: Path, path: Path, mime: Mime, **more: int) -> File:
    return file_entry(root, path.relative_to(root).as_posix(), mime=mime, **more)


def _extras(textured: TexturedMesh, sparse: SparseModel, options: GltfOptions) -> dict[str, Any]:
    """The content of asset.extras in every file."""
    return {
        "title": {"zh": options.title_zh, "en": options.title_en},
        "unit": sparse.frame.unit,
        "frame": "right-handed, +Y up",
        "scale_source": sparse.frame.scale_source,
        **_counts(sparse),
        "quality": _quality(textured, sparse),
    }


def _counts(sparse: SparseModel) -> dict[str, int]:
    """How many photos and scans it was made from."""
    if sparse.surveyed is None:
        return {"photos": len(sparse.registered)}
    scans = {"scans": len(sparse.surveyed.scans)}
    return {"photos": len(sparse.registered), **scans} if sparse.registered else scans


def _method(sparse: SparseModel, options: GltfOptions) -> Method:
    if options.method != "auto":
        return options.method
    if sparse.surveyed is None:
        return "photographs"
    return "photographs-and-scan" if sparse.registered else "scan"


def _xmp(textured: TexturedMesh, sparse: SparseModel, options: GltfOptions) -> dict[str, Any]:
    """Dublin Core, rights and provenance of the asset."""
    counts = _counts(sparse)
    inputs = [f"{count} {name if name == 'photos' else 'laser scans'}" for name, count in counts.items()]
    return xmp.packet(
        {"zh": options.title_zh, "en": options.title_en},
        _statement(textured, sparse, options),
        tool=f"Longyao {version('longyao')}",
        inputs=inputs,
        credit=_credit(options),
        rights=options.licence,
    )


def _credit(options: GltfOptions) -> Text | None:
    """Whom to name; None: nobody."""
    if not (options.credit_zh or options.credit_en):
        return None
    return {"zh": options.credit_zh or options.credit_en, "en": options.credit_en or options.credit_zh}


def _quality(textured: TexturedMesh, sparse: SparseModel) -> Quality:
    filled = textured.mesh.filled_share
    quality: Quality = {
        "measured_share": round(1 - filled, 4),
        "filled_share": round(filled, 4),
        "unseen_share": round(textured.unseen_share, 4),
    }
    if sparse.registered:
        quality["reprojection_px"] = round(float(sparse.reprojection_px), 3)
    if sparse.surveyed is not None and sparse.surveyed.rmse_m is not None:
        quality["registration_m"] = round(sparse.surveyed.rmse_m, 5)
    if (colours := textured.colours) is not None:
        quality["colour"] = {
            "chart": colours.chart,
            "photos": colours.photos,
            "delta_e_before": round(colours.before, 2),
            "delta_e_after": round(colours.after, 2),
            "delta_e_left_out": round(colours.left_out, 2),
        }
    if sparse.frame.checks:
        quality["checks"] = [_check(check) for check in sparse.frame.checks]
    return quality


def _check(check: Check) -> CheckEntry:
    said: CheckEntry = {"kind": check.kind, "name": check.name, "error_m": round(check.error_m, 5)}
    return said if check.used else {**said, "used": False}


def _warnings(textured: TexturedMesh, sparse: SparseModel) -> tuple[Message, ...]:
    """Warnings for those who use the model."""
    found: list[Message] = []
    if sparse.frame.unit == "arbitrary":
        found.append(Message("warning.model_unscaled"))
    if sparse.missing:
        missing, total = len(sparse.missing), len(sparse.missing) + len(sparse.registered)
        found.append(Message("warning.photos_not_placed", missing=missing, total=total))
    if sparse.surveyed is not None and sparse.surveyed.left_out:
        left_out = len(sparse.surveyed.left_out)
        total = left_out + len(sparse.surveyed.scans)
        found.append(Message("warning.scans_not_placed", missing=left_out, total=total))
    if textured.mesh.filled_share > 0.1:
        found.append(Message("warning.model_filled", share=textured.mesh.filled_share))
    if textured.unseen_share > 0.1 and sparse.registered:
        found.append(Message("warning.model_unseen", share=textured.unseen_share))
    return tuple(found)


def _asset(
    textured: TexturedMesh,
    sparse: SparseModel,
    options: GltfOptions,
    files: Files,
    warnings: tuple[Message, ...],
) -> AssetDocument:
    used = textured.mesh.vertices[np.unique(textured.mesh.faces)].astype(np.float64)
    origin: Origin = {
        "method": _method(sparse, options),
        "statement": _statement(textured, sparse, options),
        "software": "Longyao",
    }
    counts = _counts(sparse)
    if "photos" in counts:
        origin["photos"] = counts["photos"]
    if "scans" in counts:
        origin["scans"] = counts["scans"]
    if (credit := _credit(options)) is not None:
        origin["credit"] = credit
    if options.licence:
        origin["licence"] = options.licence
    return asset_document(
        "model",
        {"zh": options.title_zh, "en": options.title_en},
        files,
        origin,
        unit=sparse.frame.unit,
        bounds=(used.min(axis=0).round(6), used.max(axis=0).round(6)),
        georeference=_georeference(sparse),
        quality=_quality(textured, sparse),
        warnings=[{"zh": warning.text("zh"), "en": warning.text("en")} for warning in warnings],
    )


def _georeference(sparse: SparseModel) -> Georeference | None:
    there = sparse.frame.georeference
    return None if there is None else georeference(there.survey_from_world, there.crs)


def _statement(textured: TexturedMesh, sparse: SparseModel, options: GltfOptions) -> Text:
    """For visitors: how the model was made, and how much of it was not measured or not seen."""
    filled, unseen = textured.mesh.filled_share, textured.unseen_share
    said = [Message(f"statement.{_method(sparse, options)}", **_counts(sparse))]
    if filled >= 0.005:
        said.append(Message("statement.filled", share=filled))
    if unseen >= 0.005 and sparse.registered:  # what no scan measured is said already
        said.append(Message("statement.unseen", share=unseen))
    zh = options.statement_zh or "".join(message.text("zh") for message in said)
    en = options.statement_en or " ".join(message.text("en") for message in said)
    return {"zh": zh, "en": en}
