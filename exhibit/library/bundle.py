"""Asset bundles: a folder with asset.json and the files it names, checked before anything is stored."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from PIL import Image, ImageOps

from exhibit.config import Config
from exhibit.documents import contract
from exhibit.errors import BadBundle, TooLarge, bad_files
from exhibit.i18n import LANGUAGES
from exhibit.library.origin import AskedOrigin, default_statement
from exhibit.library.still import draw_still
from recon.formats.asset_document import AssetDocument, AssetKind, Method, Original, Text, Use
from recon.formats.glb import Part, write_glb
from recon.formats.gltf import Gltf, pack_glb, read_gltf
from recon.formats.gltf_mend import CONVERTED, mended, moved
from recon.formats.gltf_scene import Scene
from recon.formats.media import media_type
from recon.formats.points import Cloud, cloud_of, thinned, write_cloud
from recon.formats.splats import Splats, has_splats, most_visible, splats_of, write_splats
from recon.formats.thumbnail import MAX_BYTES as MAX_THUMB_BYTES
from recon.formats.thumbnail import render_points_thumb, render_thumb
from recon.formats.webvtt import read_webvtt

MAX_COLLIDER_TRIANGLES = 200_000
_MAX_DOCUMENT = 1 << 20
_MAX_PICTURE_PIXELS = 100_000_000
_MAX_PICTURE_SIDE = 4096  # px, of a picture that we re-encode
_PICTURE_FORMATS = {"image/webp": "WEBP", "image/png": "PNG", "image/jpeg": "JPEG"}
_MODELS = frozenset({"model", "lods", "collider", "ktx2"})
_RECORDINGS: dict[str, Literal["video", "audio"]] = {"video": "video", "audio": "audio"}  # by a media type's first word
_SUFFIXES = {"video/webm": "webm", "video/mp4": "mp4", "audio/webm": "webm", "audio/mp4": "m4a"} | {
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
}
_NEEDED = {
    "model": {"model", "collider"},
    "cloud": {"model"},
    "splat": {"model"},
    "picture": {"picture"},
    "video": {"video", "captions"},
    "audio": {"audio"},
}
OBJECTS = frozenset({"model", "cloud", "splat"})  # kinds of what stands in a room
_MOST_POINTS = {"cloud": 4_000_000, "splat": 500_000}  # that are shown at once
_FEWEST_POINTS = 20_000  # of the level that comes first
_LEVEL = 4  # times as many as in the level before
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A checked bundle: what it says, without paths, and where its files are."""

    document: AssetDocument
    files: tuple[tuple[Path, Document], ...]  # (file, {"sha256", "bytes", "mime"})


@dataclass(frozen=True, slots=True)
class Told:
    """What the uploader says about a file that comes without asset.json."""

    title: Text
    method: Method = "not-stated"
    in_metres: bool = False
    use: Use = "exhibit"
    statement: Text | None = None  # None: the method's own
    origin: AskedOrigin = field(default_factory=AskedOrigin)
    original: Original = field(default_factory=Original)
    still: Path | None = None  # of a recording: a picture to show before it plays
    captions: Mapping[str, Path] = field(default_factory=dict)  # of a recording: WebVTT by language


@bad_files()
def read_bundle(folder: Path, config: Config) -> Bundle:
    """Check a bundle whole. Raises BadBundle with the first thing that is wrong, TooLarge past the limits."""
    file = folder / "asset.json"
    if not file.is_file():
        raise BadBundle("no_asset_json", folder=folder.name)
    if file.stat().st_size > _MAX_DOCUMENT:
        raise TooLarge("model_size", name="asset.json", most_mb=1)
    try:
        read = json.loads(file.read_text(encoding="utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadBundle("asset_not_json") from None
    document: Document = {**contract.asset_document(read)}
    if missing := _NEEDED[document["kind"]] - document["files"].keys():
        raise BadBundle("asset_files", missing=", ".join(sorted(missing)))
    document["files"].pop("tiles", None)  # for map viewers, found by name beside it; visitors are shown model and lods
    model = document["files"].get("model", {}).get("path")
    files = tuple(_check_file(folder, role, entry, config) for role, entry in file_entries(document))
    if document["kind"] in OBJECTS and "bounds" not in document:
        gltf = read_gltf(folder / model, max_bytes=config.max_model_mb << 20)
        document["bounds"] = _bounds_of(gltf, document["kind"], config)
    return Bundle(cast(AssetDocument, document), files)


def file_entries(document: Document) -> Iterator[tuple[str, Document]]:
    """(role, entry) of every file of an asset document."""
    for role, entry in document["files"].items():
        if role == "lods":
            yield from ((role, lod) for lod in entry)
        elif role == "captions":
            yield from ((role, words) for words in entry.values())
        else:
            yield role, entry


@bad_files()
def bundle_from_glb(glb: Path, folder: Path, told: Told, config: Config, *, name: str | None = None) -> Path:
    """Make a bundle of a bare GLB in `folder`: stood on the floor over the origin, with bounds, collider and thumb.

    One of points alone becomes a cloud or splats.

    Raises BadBundle or TooLarge for a model that is broken, empty, not self-contained or too large.
    """
    read = mended(read_gltf(glb, max_bytes=config.max_model_mb << 20, name=name, also=CONVERTED))
    scene = Scene(read)
    if scene.num_points() and not scene.num_triangles():
        return bundle_from_points(splats_of(read) if has_splats(read) else cloud_of(read), folder, told)
    low, high = scene.bounds(max_triangles=config.max_triangles)
    floor = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    parts = scene.parts(max_triangles=config.max_triangles, origin=floor)
    folder.mkdir(parents=True, exist_ok=True)
    model, collider, thumb = folder / "model.glb", folder / "collider.glb", folder / "thumb.webp"
    placed = moved(read, -floor)
    model.write_bytes(pack_glb(placed.document, placed.binary))
    num_collider = _write_collider(parts, collider)
    width, height = render_thumb(parts, thumb)
    document = _document("model", told) | {
        "bounds": {"min": (low - floor).tolist(), "max": (high - floor).tolist()},
        "files": {
            "thumb": _entry(thumb, "image/webp", width=width, height=height),
            "model": _entry(model, "model/gltf-binary", triangles=scene.num_triangles()),
            "collider": _entry(collider, "model/gltf-binary", triangles=num_collider),
        },
    }
    _write_document(folder, document)
    return folder


@bad_files()
def bundle_from_points(points: Cloud | Splats, folder: Path, told: Told) -> Path:
    """Make a bundle of points in `folder`: on the floor over the origin, in levels, with bounds and thumb."""
    folder.mkdir(parents=True, exist_ok=True)
    low, high = points.bounds()
    points = points.moved(-np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2]))
    low, high = points.bounds()
    kind: AssetKind = "splat" if isinstance(points, Splats) else "cloud"
    levels: list[Document] = []
    most = _MOST_POINTS[kind]
    while not levels or levels[-1]["points"] > most >= _FEWEST_POINTS:
        path = folder / ("model.glb" if not levels else f"level{len(levels)}.glb")
        if isinstance(points, Splats):
            points = most_visible(points, most)
            write_splats(path, points)
        else:
            points = thinned(points, most)
            write_cloud(path, points)
        if not levels:
            width, height = render_points_thumb(points, folder / "thumb.webp")
        levels.append(_entry(path, "model/gltf-binary", points=len(points)))
        most = min(most, len(points)) // _LEVEL
    files: Document = {
        "thumb": _entry(folder / "thumb.webp", "image/webp", width=width, height=height),
        "model": levels[0],
    }
    if len(levels) > 1:
        files["lods"] = levels[1:]
    bounds = {"min": low.tolist(), "max": high.tolist()}
    _write_document(folder, _document(kind, told) | {"bounds": bounds, "files": files})
    return folder


@bad_files()
def bundle_from_picture(picture: Path, folder: Path, told: Told, *, name: str | None = None) -> Path:
    """Make a bundle of a photograph or drawing in `folder`: upright, with a thumb, without the camera's metadata."""
    name = name or picture.name
    folder.mkdir(parents=True, exist_ok=True)
    full, thumb = folder / "picture.webp", folder / "thumb.webp"
    upright = _upright(picture, name)
    upright.thumbnail((_MAX_PICTURE_SIDE, _MAX_PICTURE_SIDE))
    upright.save(full, "WEBP", quality=88)
    entry = _entry(full, "image/webp", width=upright.width, height=upright.height)
    _write_document(
        folder, _document("picture", told) | {"files": {"thumb": _write_thumb(upright, thumb), "picture": entry}}
    )
    return folder


@bad_files()
def bundle_from_recording(recording: Path, folder: Path, told: Told, *, name: str | None = None) -> Path:
    """Make a bundle of a bare video or sound in `folder`, with what was given of a still picture and captions.

    Raises BadBundle for what browsers do not play, for a video without captions in both languages, and for a still
    that is no picture.
    """
    name = name or recording.name
    mime = media_type(recording)
    if mime is None:
        raise BadBundle("unknown_upload", name=name)
    kind = _RECORDINGS[mime.partition("/")[0]]
    if told.captions.keys() != set(LANGUAGES) and (kind == "video" or told.captions):
        raise BadBundle("captions_missing", name=name)
    folder.mkdir(parents=True, exist_ok=True)
    still = _upright(told.still, told.still.name) if told.still else draw_still(kind)
    kept = folder / f"{kind}.{_SUFFIXES[mime]}"
    shutil.copyfile(recording, kept)
    files: Document = {"thumb": _write_thumb(still, folder / "thumb.webp"), kind: _entry(kept, mime)}
    if told.captions:
        files["captions"] = {}
        for language in LANGUAGES:
            words = folder / f"captions.{language}.vtt"
            shutil.copyfile(told.captions[language], words)
            files["captions"][language] = _entry(words, "text/vtt")
    _write_document(folder, _document(kind, told) | {"files": files})
    return folder


def _upright(picture: Path, name: str) -> Image.Image:
    """A photograph or drawing in RGB, turned as its camera says. Raises BadBundle, TooLarge."""
    try:
        with Image.open(picture, formats=list(_PICTURE_FORMATS.values())) as opened:
            if opened.width * opened.height > _MAX_PICTURE_PIXELS:
                raise TooLarge("picture_large", name=name)
            return ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadBundle("picture_broken", name=name) from None


def _write_thumb(picture: Image.Image, path: Path) -> Document:
    """Write `picture`, which is made smaller, below what a thumb may weigh; its entry."""
    picture.thumbnail((960, 960))
    for quality in (82, 60, 35):
        picture.save(path, "WEBP", quality=quality)
        if path.stat().st_size < MAX_THUMB_BYTES:
            break
    return _entry(path, "image/webp", width=picture.width, height=picture.height)


def _refuse(token: str) -> Any:
    raise ValueError(token)


def _inside(folder: Path, entry: Document) -> Path:
    """The file that an entry names. Raises BadBundle where it is missing or a link leads out of the bundle."""
    path = folder / str(entry.get("path", ""))
    if "path" not in entry or not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
        raise BadBundle("file_missing", name=entry.get("path", "?"))
    return path


def _check_file(folder: Path, role: str, entry: Document, config: Config) -> tuple[Path, Document]:
    """Check one file against its entry, whose path is taken away."""
    path = _inside(folder, entry)
    name = entry.pop("path")
    if path.stat().st_size != entry["bytes"] or _sha256(path) != entry["sha256"]:
        raise BadBundle("file_hash", name=name)
    if not _fits(role, entry["mime"]):
        raise BadBundle("file_kind", name=name, mime=entry["mime"])
    if role in ("thumb", "picture"):
        _check_picture(path, entry, name)
        if role == "thumb" and entry["bytes"] > MAX_THUMB_BYTES:
            raise TooLarge("thumb_large", name=name)
    elif role == "captions":
        read_webvtt(path, name=name)
    elif role in _RECORDINGS:
        if entry["bytes"] > config.max_recording_mb << 20:
            raise TooLarge("model_size", name=name, most_mb=config.max_recording_mb)
        if media_type(path) not in _playable_as(entry["mime"]):
            raise BadBundle("recording_kind", name=name, mime=entry["mime"])
    else:
        also = {"KHR_texture_basisu"} if role == "ktx2" else set()
        gltf = read_gltf(path, max_bytes=config.max_model_mb << 20, name=name, also=also)
        if gltf.rewritten:  # it is served as it is
            raise BadBundle("model_unpacked", name=name)
        triangles, points = Scene(gltf).num_triangles(), Scene(gltf).num_points()
        entry.setdefault("points" if points and not triangles else "triangles", points or triangles)
        if triangles > config.max_triangles:
            raise TooLarge("triangles", name=name, most=config.max_triangles)
        if points > (most := max(_MOST_POINTS.values())):
            raise TooLarge("points", name=name, most=most)
        if role == "collider" and (gltf.compressed or triangles > MAX_COLLIDER_TRIANGLES):
            raise BadBundle("collider", name=name, most=MAX_COLLIDER_TRIANGLES)
    return path, {key: entry[key] for key in ("sha256", "bytes", "mime")}


def _fits(role: str, mime: str) -> bool:
    if role in ("thumb", "picture"):
        return mime in _PICTURE_FORMATS
    if role in _MODELS:
        return mime == "model/gltf-binary"
    return mime == "text/vtt" if role == "captions" else mime.startswith(f"{role}/")


def _playable_as(mime: str) -> set[str]:
    """What a file's first bytes may be for it to be served as `mime`: a container of video may hold sound alone."""
    return {mime, mime.replace("audio/", "video/")} if mime in ("audio/webm", "audio/mp4") else {mime}


def _check_picture(path: Path, entry: Document, name: str) -> None:
    try:
        with Image.open(path, formats=[_PICTURE_FORMATS[entry["mime"]]]) as picture:
            if picture.width * picture.height > _MAX_PICTURE_PIXELS:
                raise TooLarge("picture_large", name=name)
            picture.load()
            size = {"width": picture.width, "height": picture.height}
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadBundle("picture_broken", name=name) from None
    if any(entry.setdefault(side, found) != found for side, found in size.items()):
        raise BadBundle("picture_size", name=name)


def _bounds_of(gltf: Gltf, kind: str, config: Config) -> Document:
    if kind == "model":
        low, high = Scene(gltf).bounds(max_triangles=config.max_triangles)
    else:
        low, high = (splats_of(gltf) if kind == "splat" else cloud_of(gltf)).bounds()
    return {"min": low.tolist(), "max": high.tolist()}


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


def _document(kind: AssetKind, told: Told) -> Document:
    """asset.json but for its files. What software made them and when is left out: only the uploader knows."""
    document: Document = {
        "schema": "longyao:asset/1",
        "kind": kind,
        "title": told.title,
        "unit": "metre" if told.in_metres else "arbitrary",
        "origin": {
            "method": told.method,
            "statement": dict(told.statement or default_statement(kind, told.method)),
            **told.origin,
        },
    }
    if told.use != "exhibit":
        document["use"] = told.use
    if told.original:
        document["original"] = dict(told.original)
    return document


def _entry(path: Path, mime: str, **figures: int) -> Document:
    return {"path": path.name, "sha256": _sha256(path), "bytes": path.stat().st_size, "mime": mime} | figures


def _write_document(folder: Path, document: Document) -> None:
    (folder / "asset.json").write_text(json.dumps(document, ensure_ascii=False, indent=2), encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
