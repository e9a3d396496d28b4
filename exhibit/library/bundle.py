"""Asset bundles: a folder with asset.json and the files it names, checked before anything is stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from exhibit.config import Config
from exhibit.documents import contract
from exhibit.documents.assets import file_entries
from exhibit.errors import BadBundle, TooLarge, bad_files
from exhibit.library.origin import AskedOrigin
from exhibit.library.tiles import checked_tileset, moved_tileset
from recon.formats.asset_document import AssetDocument, AssetKind, Bounds, File, Method, Mime, Original, Text, Use
from recon.formats.bundle import sha256_of
from recon.formats.gltf import Gltf, read_gltf
from recon.formats.gltf_scene import Scene
from recon.formats.media import media_type
from recon.formats.picture import FORMATS, MAX_PIXELS
from recon.formats.point_levels import MOST
from recon.formats.points import cloud_of
from recon.formats.splats import splats_of
from recon.formats.thumbnail import MAX_BYTES as MAX_THUMB_BYTES
from recon.formats.tile_archive import MIME as TILES
from recon.formats.webvtt import read_webvtt, text_of

MAX_COLLIDER_TRIANGLES = 200_000
UNITS_M = {"m": 1.0, "cm": 0.01, "mm": 0.001}  # that a bare file may be in
_MAX_DOCUMENT = 1 << 20
MODELS = frozenset({"model", "lods", "collider", "ktx2"})
_RECORDINGS = frozenset({"video", "audio"})
_NEEDED = {
    "model": {"model", "collider"},
    "cloud": {"model"},
    "splat": {"model"},
    "picture": {"picture"},
    "video": {"video", "captions"},
    "audio": {"audio"},
}
OBJECTS = frozenset({"model", "cloud", "splat"})  # kinds of what stands in a room


class StoredFile(TypedDict):
    """A row of the files that the storage has."""

    sha256: str
    bytes: int
    mime: Mime


@dataclass(frozen=True, slots=True)
class Bundle:
    """A checked bundle: what it says, without paths, and where its files are."""

    document: AssetDocument
    files: tuple[tuple[Path, StoredFile], ...]
    made: tuple[tuple[bytes, StoredFile], ...] = ()  # files that are not on disk


@dataclass(frozen=True, slots=True)
class Told:
    """What the uploader says about a file that comes without asset.json."""

    title: Text
    method: Method = "not-stated"
    in_metres: bool = False
    unit_m: float = 1.0  # metres of one unit of the file, where it is in metres
    use: Use = "exhibit"
    statement: Text | None = None  # None: the method's own
    origin: AskedOrigin = field(default_factory=AskedOrigin)
    original: Original = field(default_factory=Original)
    tags: list[str] = field(default_factory=list)
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
    _without_loose_tiles(read)
    document = contract.asset_document(read)
    if missing := _NEEDED[document["kind"]] - document["files"].keys():
        raise BadBundle("asset_files", missing=", ".join(sorted(missing)))
    if "tiles" in document["files"]:
        document["files"]["tiles"].pop("tileset", None)  # is made here
    files = [(role, *_check_file(folder, role, entry, config)) for role, entry in file_entries(document)]
    if document["kind"] in OBJECTS and "bounds" not in document:
        model = next(path for role, path, _ in files if role == "model")
        gltf = read_gltf(model, max_bytes=config.max_model_mb << 20)
        document["bounds"] = bounds_of(gltf, document["kind"], config)
    return Bundle(document, tuple((path, stored) for _, path, stored in files), _tileset(document, files, None))


def _without_loose_tiles(document: Any) -> None:
    """Before tiles came in one file, a bundle had them in a folder, for map viewers alone."""
    files = document.get("files") if isinstance(document, dict) else None
    if isinstance(files, dict) and isinstance(files.get("tiles"), dict) and "contents" in files["tiles"]:
        del files["tiles"]


def _tileset(
    document: AssetDocument, files: Sequence[tuple[str, Path, StoredFile]], moved_by: NDArray[np.float64] | None
) -> tuple[tuple[bytes, StoredFile], ...]:
    """The library's own tileset.json where the asset has tiles, and its entry in the document."""
    archive = next(((path, stored) for role, path, stored in files if role == "tiles"), None)
    if archive is None:
        return ()
    data = checked_tileset(archive[0], archive[1]["sha256"], archive[0].name)
    if moved_by is not None:
        data = moved_tileset(data, moved_by)
    entry: File = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "mime": "application/json"}
    document["files"]["tiles"]["tileset"] = entry
    return ((data, stored(entry)),)


def as_bundle(document: AssetDocument, folder: Path, tiles_moved_by: NDArray[np.float64] | None = None) -> Bundle:
    """What was made in `folder` and is known to be right: its entries' paths are taken away."""
    files = []
    for role, entry in file_entries(document):
        path = folder / entry.pop("path")
        files.append((role, path, stored(entry)))
    found = tuple((path, stored) for _, path, stored in files)
    return Bundle(document, found, _tileset(document, files, tiles_moved_by))


def _refuse(token: str) -> Any:
    raise ValueError(token)


def _inside(folder: Path, entry: File) -> Path:
    """The file that an entry names. Raises BadBundle where it is missing or a link leads out of the bundle."""
    path = folder / str(entry.get("path", ""))
    if "path" not in entry or not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
        raise BadBundle("file_missing", name=entry.get("path", "?"))
    return path


def _check_file(folder: Path, role: str, entry: File, config: Config) -> tuple[Path, StoredFile]:
    """Check one file against its entry, whose path is taken away."""
    path = _inside(folder, entry)
    name = entry.pop("path")
    if path.stat().st_size != entry["bytes"] or sha256_of(path) != entry["sha256"]:
        raise BadBundle("file_hash", name=name)
    if not _fits(role, entry["mime"]):
        raise BadBundle("file_kind", name=name, mime=entry["mime"])
    if role in ("thumb", "picture"):
        _check_picture(path, entry, name)
        if role == "thumb" and entry["bytes"] > MAX_THUMB_BYTES:
            raise TooLarge("thumb_large", name=name)
    elif role == "captions":
        read_webvtt(path, name=name)
        if not text_of(path, name=name)[1]:  # it is served as it is
            raise BadBundle("captions_broken", name=name)
    elif role == "tiles":
        pass  # once the whole is read, by _tileset
    elif role in _RECORDINGS:
        if entry["bytes"] > config.max_recording_mb << 20:
            raise TooLarge("model_size", name=name, most_mb=config.max_recording_mb)
        if media_type(path) not in _playable_as(entry["mime"]):
            raise BadBundle("recording_kind", name=name, mime=entry["mime"])
    else:
        also = {"KHR_texture_basisu"} if role == "ktx2" else set()
        gltf = read_gltf(path, max_bytes=config.max_model_mb << 20, name=name, also=also)
        if gltf.rewritten and not (role == "lods" and gltf.packed):  # it is served as it is
            raise BadBundle("model_unpacked", name=name)
        triangles, points = Scene(gltf).num_triangles(), Scene(gltf).num_points()
        if points and not triangles:
            entry.setdefault("points", points)
        else:
            entry.setdefault("triangles", triangles)
        if triangles > config.max_triangles:
            raise TooLarge("triangles", name=name, most=config.max_triangles)
        if points > (most := max(MOST.values())):
            raise TooLarge("points", name=name, most=most)
        if role == "collider" and (gltf.compressed or triangles > MAX_COLLIDER_TRIANGLES):
            raise BadBundle("collider", name=name, most=MAX_COLLIDER_TRIANGLES)
    return path, stored(entry)


def stored(entry: File) -> StoredFile:
    """The row of a file that an entry names."""
    return {"sha256": entry["sha256"], "bytes": entry["bytes"], "mime": entry["mime"]}


def _fits(role: str, mime: str) -> bool:
    if role in ("thumb", "picture"):
        return mime in FORMATS
    if role in MODELS:
        return mime == "model/gltf-binary"
    if role == "tiles":
        return mime == TILES
    return mime == "text/vtt" if role == "captions" else mime.startswith(f"{role}/")


def _playable_as(mime: str) -> set[str]:
    """What a file's first bytes may be for it to be served as `mime`: a container of video may hold sound alone."""
    return {mime, mime.replace("audio/", "video/")} if mime in ("audio/webm", "audio/mp4") else {mime}


def _check_picture(path: Path, entry: File, name: str) -> None:
    try:
        with Image.open(path, formats=[FORMATS[entry["mime"]]]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise TooLarge("picture_large", name=name)
            picture.load()
            width, height = picture.width, picture.height
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadBundle("picture_broken", name=name) from None
    if entry.setdefault("width", width) != width or entry.setdefault("height", height) != height:
        raise BadBundle("picture_size", name=name)


def bounds_of(gltf: Gltf, kind: AssetKind, config: Config) -> Bounds:
    """Of what a glTF file of this kind shows. Raises BadFile."""
    if kind == "model":
        low, high = Scene(gltf).bounds(max_triangles=config.max_triangles)
    else:
        low, high = (splats_of(gltf) if kind == "splat" else cloud_of(gltf)).bounds()
    return {"min": low.tolist(), "max": high.tolist()}
