"""From an uploaded file to an asset: a bundle, a model, splats, points, a picture or a recording, zipped or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from exhibit import ids
from exhibit.config import Config
from exhibit.db import Database
from exhibit.errors import BadBundle, BadInput, TooLarge, bad_files, full_disk
from exhibit.incoming import own_folder
from exhibit.library import services
from exhibit.library.archive import unpack
from exhibit.library.bare import from_mesh, from_model, from_picture, from_points, from_recording
from exhibit.library.bundle import Bundle, Told, read_bundle
from exhibit.library.origin import can_be_room, use_of
from exhibit.library.services import Outcome
from exhibit.storage import Storage
from recon.formats.file_names import is_service_file
from recon.formats.ply import read_ply
from recon.formats.points import cloud_of_ply
from recon.formats.splat_files import is_splats, read_splats

_MODELS = frozenset({".glb", ".gltf"})
_POINTS = frozenset({".ply", ".spz", ".splat"})
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
_RECORDINGS = frozenset({".webm", ".mp4", ".m4a", ".mp3", ".wav"})


@contextmanager
def opened(source: Path, told: Told, config: Config, *, name: str | None = None) -> Iterator[Bundle]:
    """A checked bundle of what lies at `source`: a bundle's folder or a bare file, or a zip of either.

    What has to be unpacked or made lies in a folder that is gone afterwards. Raises BadBundle, TooLarge.
    """
    name = name or source.name
    with workplace(config) as folder, bad_files():
        if source.is_dir():
            yield _of_folder(source, folder / "made", told, config)
        elif _begins(source, b"PK\x03\x04"):
            unpack(source, folder / "unpacked", max_bytes=config.max_unpacked_mb << 20)
            yield _of_folder(folder / "unpacked", folder / "made", told, config)
        else:
            yield _of_file(source, folder / "made", told, config, name)


def _of_folder(given: Path, made: Path, told: Told, config: Config) -> Bundle:
    """A bundle as it is; else the one file in it that Longyao shows, a model with its files before all others."""
    inside = [path for path in given.iterdir() if path.is_dir() and (path / "asset.json").is_file()]
    if (given / "asset.json").is_file() or len(inside) == 1:
        return read_bundle(given if (given / "asset.json").is_file() else inside[0], config)
    files = [path for path in sorted(given.rglob("*")) if path.is_file()]
    files = [path for path in files if not is_service_file(path.relative_to(given))]
    for suffixes in (_MODELS, _POINTS, _PICTURES | _RECORDINGS):
        found = [path for path in files if path.suffix.lower() in suffixes]
        if len(found) > 1:
            names = ", ".join(path.relative_to(given).as_posix() for path in found[:5])
            raise BadBundle("archive_several", names=names)
        if found:
            return _of_file(found[0], made, told, config, found[0].name)
    raise BadBundle("archive_empty")


def _of_file(file: Path, made: Path, told: Told, config: Config, name: str) -> Bundle:
    most, suffix = config.max_model_mb << 20, Path(name).suffix.lower()
    if _begins(file, b"glTF") or suffix in _MODELS:
        return from_model(file, made, told, config, name=name)
    if is_splats(file, name):
        return from_points(read_splats(file, name=name, max_bytes=most), made, told)
    if _begins(file, b"ply"):
        return _of_ply(file, made, told, config, name)
    if suffix in _PICTURES:
        return from_picture(file, made, told, name=name)
    if suffix in _RECORDINGS:
        return from_recording(file, made, told, config, name=name)
    raise BadBundle("unknown_upload", name=name)


def _of_ply(file: Path, made: Path, told: Told, config: Config, name: str) -> Bundle:
    """A mesh where it has faces, else a cloud."""
    if file.stat().st_size > config.max_model_mb << 20:
        raise TooLarge("model_size", name=name, most_mb=config.max_model_mb)
    read = read_ply(file, name=name)
    if read.faces is not None and len(read.faces):
        return from_mesh(read, made, told, config, name=name)
    return from_points(cloud_of_ply(read, name), made, told)


def _begins(file: Path, magic: bytes) -> bool:
    with file.open("rb") as source:
        return source.read(len(magic)) == magic


@contextmanager
def workplace(config: Config) -> Iterator[Path]:
    """A folder beside the files for one upload, gone afterwards. Raises NoRoom where the disk is full."""
    with full_disk(), own_folder(config.incoming_folder) as folder:
        yield folder


def add(
    source: Path,
    told: Told,
    config: Config,
    database: Database,
    storage: Storage,
    *,
    asset_id: str | None = None,
    name: str = "",
) -> tuple[str, Outcome]:
    """Take `source` into the library. Without `asset_id` it gets a free one from its title. Returns (id, outcome)."""
    if asset_id is not None:
        ids.check_id(asset_id)
    with opened(source, told, config, name=name or None) as bundle:
        return take_in(bundle, told, database, storage, asset_id=asset_id, fallback=Path(name or source.name).stem)


def take_in(
    bundle: Bundle, told: Told, database: Database, storage: Storage, *, asset_id: str | None, fallback: str
) -> tuple[str, Outcome]:
    """The same with what is a bundle already; `fallback` names it where its title does not."""
    if told.use != "exhibit":
        bundle.document.setdefault("use", told.use)
    if use_of(bundle.document) == "room" and not can_be_room(bundle.document):
        raise BadInput("not_a_room")
    if asset_id is None:
        with database.reading() as session:
            title = bundle.document["title"]
            asset_id = services.free_id(session, title["en"], title["zh"], fallback)
    return asset_id, services.ingest(database, storage, bundle, asset_id)
