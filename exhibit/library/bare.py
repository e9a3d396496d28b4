"""A file that comes without asset.json, made into what the library stores: a model, points, a picture, a recording."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from exhibit.config import Config
from exhibit.documents.texts import bilingual
from exhibit.errors import BadBundle, TooLarge, bad_files
from exhibit.i18n import LANGUAGES
from exhibit.library import georeference
from exhibit.library.bundle import MAX_COLLIDER_TRIANGLES, Bundle, Told, as_bundle
from exhibit.library.origin import default_statement
from exhibit.library.still import draw_still
from recon.formats.asset_document import AssetKind, File, Files, Georeference, Origin
from recon.formats.bundle import asset_document, file_entry
from recon.formats.glb import Material, Part, write_glb
from recon.formats.gltf import pack_glb, read_gltf
from recon.formats.gltf_mend import CONVERTED, mended, moved
from recon.formats.gltf_scene import Scene
from recon.formats.media import media_type, unplayed_codec
from recon.formats.picture import fitted, read_picture, thumb_of, webp_below
from recon.formats.ply import Ply
from recon.formats.point_levels import MOST, write_levels
from recon.formats.points import Cloud, cloud_of, strays
from recon.formats.remarks import Remark
from recon.formats.splats import Splats, has_splats, splats_of
from recon.formats.srgb import decoded
from recon.formats.thumbnail import MAX_BYTES, render_thumb
from recon.formats.tile_archive import MIME
from recon.formats.tile_points import coarse_points
from recon.formats.webvtt import read_webvtt, text_of

_RECORDINGS: dict[str, Literal["video", "audio"]] = {"video": "video", "audio": "audio"}  # by a media type's first word
_SUFFIXES = {"video/webm": "webm", "video/mp4": "mp4", "audio/webm": "webm", "audio/mp4": "m4a"} | {
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
}
_PERHAPS_MILLIMETRES = 100.0  # units: few things in a library are as large in metres


@dataclass(frozen=True, slots=True)
class TiledPoints:
    """A cloud that was made into 3D Tiles, in metres."""

    archive: Path  # .3tz
    count: int
    low: NDArray[np.float64]  # (3,)
    high: NDArray[np.float64]  # (3,)
    there: Georeference | None  # None where it had no coordinates but its own


@bad_files()
def from_model(
    model: Path,
    folder: Path,
    told: Told,
    config: Config,
    *,
    name: str | None = None,
    offset: Sequence[float] = (0, 0, 0),
) -> Bundle:
    """A .glb, or a .gltf with its files beside it: on the floor over the origin, with bounds, collider and thumb.

    One of points alone becomes a cloud or splats. `offset` was taken out of its coordinates before. What is made lies
    in `folder`. Raises BadBundle or TooLarge for a model that is broken, empty or too large.
    """
    read = mended(read_gltf(model, max_bytes=config.max_model_mb << 20, name=name, also=CONVERTED))
    scene = Scene(read)
    if scene.num_points() and not scene.num_triangles():
        return from_points(splats_of(read) if has_splats(read) else cloud_of(read), folder, told, read.remarks)
    low, high = scene.bounds(max_triangles=config.max_triangles)
    floor = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    parts = scene.parts(max_triangles=config.max_triangles, origin=floor)
    if told.unit_m != 1:
        parts = [replace(part, positions=part.positions * np.float32(told.unit_m)) for part in parts]
    folder.mkdir(parents=True, exist_ok=True)
    placed = moved(read, -floor * told.unit_m, told.unit_m)
    (folder / "model.glb").write_bytes(pack_glb(placed.document, placed.binary))
    num_collider = _write_collider(parts, folder / "collider.glb")
    width, height = render_thumb(parts, folder / "thumb.webp")
    files: Files = {
        "thumb": file_entry(folder, "thumb.webp", width=width, height=height),
        "model": file_entry(folder, "model.glb", triangles=scene.num_triangles()),
        "collider": file_entry(folder, "collider.glb", triangles=num_collider),
    }
    bounds = ((low - floor) * told.unit_m, (high - floor) * told.unit_m)
    remarks = (*read.remarks, *_asked(told, low, high))
    return _bundle(folder, "model", told, files, bounds, np.asarray(offset) + floor, remarks)


@bad_files()
def from_mesh(mesh: Ply, folder: Path, told: Told, config: Config, *, name: str) -> Bundle:
    """A PLY with faces, coloured by its points."""
    assert mesh.faces is not None
    folder.mkdir(parents=True, exist_ok=True)
    colors = None
    if mesh.colors is not None:
        colors = np.ones((len(mesh.points), 4), np.float32)
        colors[:, :3] = decoded(mesh.colors / 255)
    matt = Material(double_sided=True)  # scans rarely say which side is out
    part = Part(positions=mesh.points, faces=mesh.faces, normals=mesh.normals, colors=colors, material=matt)
    write_glb(folder / "mesh.glb", [part])
    return from_model(folder / "mesh.glb", folder, told, config, name=name, offset=mesh.offset)


@bad_files()
def from_tiles(tiled: TiledPoints, folder: Path, told: Told) -> Bundle:
    """A cloud in 3D Tiles, in metres: its coarse tiles are what is shown first."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        (folder / "tiles.3tz").hardlink_to(tiled.archive)  # which stays: a job that is killed now takes it up again
    except OSError:  # another file system, or one without links
        shutil.copyfile(tiled.archive, folder / "tiles.3tz")
    entry = file_entry(folder, "tiles.3tz", mime=MIME, points=tiled.count)
    return from_points(coarse_points(folder / "tiles.3tz", MOST["cloud"]), folder, told, tiled=(entry, tiled))


@bad_files()
def from_points(
    points: Cloud | Splats,
    folder: Path,
    told: Told,
    remarks: Sequence[Remark] = (),
    *,
    tiled: tuple[File, TiledPoints] | None = None,
) -> Bundle:
    """Points on the floor over the origin, in levels, with bounds and thumb; what is made lies in `folder`.

    tiled: the archive of tiles in `folder` that has all of them, and what it holds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    away = np.asarray(points.offset if isinstance(points, Cloud) else (0.0, 0.0, 0.0))
    if tiled:  # whose strays recon has left out, and whose unit it has asked for
        low, high = tiled[1].low - away, tiled[1].high - away
    else:
        far = strays(points.centres if isinstance(points, Splats) else points.positions)
        if far.any():
            remarks = (*remarks, Remark("strays", {"count": int(far.sum()), "total": len(points)}))
            points = points.take(np.flatnonzero(~far))
        low, high = points.bounds()
        remarks = (*remarks, *_asked(told, low, high))
    floor = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    offset = floor + away
    points = points.moved(-floor).scaled(told.unit_m)
    bounds = (low - floor, high - floor) if tiled else points.bounds()
    kind: AssetKind = "splat" if isinstance(points, Splats) else "cloud"
    files = write_levels(folder, points)
    if tiled:
        files["tiles"] = {"archive": tiled[0]}
        there = tiled[1].there
        if there is not None:
            asset_from_world = np.eye(4)
            asset_from_world[:3, 3] = -offset
            there = georeference.moved(there, asset_from_world)
        return _bundle(folder, kind, told, files, bounds, None, remarks, there, moved_by=-offset)
    return _bundle(folder, kind, told, files, bounds, offset, remarks)


@bad_files()
def from_picture(picture: Path, folder: Path, told: Told, *, name: str | None = None) -> Bundle:
    """A photograph or drawing: upright, in sRGB, on paper, without the camera's metadata, with a thumb."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = fitted(read_picture(picture, name=name))
    shown.save(folder / "picture.webp", "WEBP", quality=88)
    thumb = thumb_of(shown)
    (folder / "thumb.webp").write_bytes(webp_below(thumb, MAX_BYTES))
    files: Files = {
        "thumb": file_entry(folder, "thumb.webp", width=thumb.width, height=thumb.height),
        "picture": file_entry(folder, "picture.webp", width=shown.width, height=shown.height),
    }
    return _bundle(folder, "picture", told, files)


@bad_files()
def from_recording(recording: Path, folder: Path, told: Told, config: Config, *, name: str | None = None) -> Bundle:
    """A bare video or sound, with what was given of a still picture and captions.

    Raises BadBundle for what browsers do not play, for a video without captions in both languages, and for a still
    that is no picture.
    """
    name = name or recording.name
    mime = media_type(recording)
    if mime is None:
        raise BadBundle("unknown_upload", name=name)
    if recording.stat().st_size > config.max_recording_mb << 20:
        raise TooLarge("model_size", name=name, most_mb=config.max_recording_mb)
    kind = _RECORDINGS[mime.partition("/")[0]]
    if told.captions.keys() != set(LANGUAGES) and (kind == "video" or told.captions):
        raise BadBundle("captions_missing", name=name)
    folder.mkdir(parents=True, exist_ok=True)
    thumb = thumb_of(read_picture(told.still) if told.still else draw_still("video" if kind == "video" else "audio"))
    (folder / "thumb.webp").write_bytes(webp_below(thumb, MAX_BYTES))
    kept = f"{kind}.{_SUFFIXES[mime]}"
    shutil.copyfile(recording, folder / kept)
    files: Files = {"thumb": file_entry(folder, "thumb.webp", width=thumb.width, height=thumb.height)}
    files[kind] = file_entry(folder, kept, mime=mime)
    remarks = []
    if codec := unplayed_codec(recording):
        remarks.append(Remark("film_codec", {"codec": codec}))
    if told.captions:
        for language in LANGUAGES:
            read_webvtt(told.captions[language])
            text, browsers_read_it = text_of(told.captions[language])
            if not browsers_read_it:
                remarks.append(Remark("captions_encoding", {"name": told.captions[language].name}))
            (folder / f"captions.{language}.vtt").write_text(text, encoding="utf-8", newline="")
        files["captions"] = {
            "zh": file_entry(folder, "captions.zh.vtt"),
            "en": file_entry(folder, "captions.en.vtt"),
        }
    return _bundle(folder, kind, told, files, remarks=remarks)


def _bundle(
    folder: Path,
    kind: AssetKind,
    told: Told,
    files: Files,
    bounds: tuple[Any, Any] | None = None,
    offset: Any = None,
    remarks: Sequence[Remark] = (),
    there: Georeference | None = None,
    moved_by: NDArray[np.float64] | None = None,
) -> Bundle:
    """moved_by: of the tiles, (3,). What software made the files and when is left out: only the uploader knows."""
    statement = told.statement or default_statement(kind, told.method)
    origin = cast(Origin, {"method": told.method, "statement": statement, **told.origin})
    document = asset_document(
        kind,
        told.title,
        files,
        origin,
        unit="metre" if told.in_metres else "arbitrary",
        bounds=bounds,
        offset=None if offset is None or not np.any(offset) else offset,
        georeference=there,
        use=None if told.use == "exhibit" else told.use,
        original=told.original,
        tags=told.tags,
        warnings=[bilingual(remark.text) for remark in remarks],
    )
    return as_bundle(document, folder, moved_by)


def _asked(told: Told, low: Any, high: Any) -> list[Remark]:
    """Whether a large thing is told in millimetres, which many programs write though glTF is in metres."""
    size = float(np.max(np.asarray(high) - low))
    if told.unit_m != 1 or size < _PERHAPS_MILLIMETRES:
        return []
    return [Remark("perhaps_millimetres", {"size": f"{size:,.0f}"})]


def _write_collider(parts: Sequence[Part], path: Path) -> int:
    """Write all triangles as one plain mesh of at most a tenth of what a collider may have; returns how many."""
    import open3d as o3d  # takes seconds to load, and a server mostly serves

    mesh = o3d.geometry.TriangleMesh()
    for part in parts:
        mesh += o3d.geometry.TriangleMesh(
            o3d.utility.Vector3dVector(part.positions.astype(np.float64)), o3d.utility.Vector3iVector(part.faces)
        )
    mesh.remove_duplicated_vertices()
    mesh.remove_degenerate_triangles()
    if len(mesh.triangles) > MAX_COLLIDER_TRIANGLES // 10:
        mesh = mesh.simplify_quadric_decimation(MAX_COLLIDER_TRIANGLES // 10)
    mesh.remove_unreferenced_vertices()
    faces = np.asarray(mesh.triangles)
    if not len(faces):
        raise BadBundle("model_empty", name="model.glb")
    write_glb(path, [Part(positions=np.asarray(mesh.vertices, dtype=np.float32), faces=faces, node="collider")])
    return len(faces)
