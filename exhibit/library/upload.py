"""From an uploaded file to an asset: a zipped bundle, a GLB, splats, points, a picture, a video or a sound."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from exhibit.config import Config
from exhibit.db import Database
from exhibit.errors import BadBundle, BadInput, bad_files
from exhibit.library import services
from exhibit.library.archive import unpack
from exhibit.library.bundle import (
    Bundle,
    Told,
    bundle_from_glb,
    bundle_from_picture,
    bundle_from_points,
    bundle_from_recording,
    read_bundle,
)
from exhibit.library.origin import can_be_room, use_of
from exhibit.library.services import Outcome
from exhibit.storage import Storage
from recon.formats.points import read_cloud
from recon.formats.splat_files import is_splats, read_splats

_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
_RECORDINGS = frozenset({".webm", ".mp4", ".m4a", ".mp3", ".wav"})


@contextmanager
def opened(source: Path, told: Told, config: Config, *, name: str | None = None) -> Iterator[Bundle]:
    """A checked bundle of what lies at `source`: a bundle's folder, the same zipped, or a bare file that Longyao shows.

    What has to be unpacked or made lies in a folder that is gone afterwards. Raises BadBundle, TooLarge.
    """
    name = name or source.name
    with workplace(config) as folder, bad_files():
        if source.is_dir():
            yield read_bundle(source, config)
            return
        with source.open("rb") as start:
            magic = start.read(4)
        if magic == b"PK\x03\x04":
            unpack(source, folder / "unpacked", max_bytes=config.max_unpacked_mb << 20)
            yield read_bundle(_bundle_folder(folder / "unpacked"), config)
        elif magic == b"glTF" or name.lower().endswith(".glb"):
            yield read_bundle(bundle_from_glb(source, folder / "bundle", told, config, name=name), config)
        elif is_splats(source, name):
            splats = read_splats(source, name=name, max_bytes=config.max_model_mb << 20)
            yield read_bundle(bundle_from_points(splats, folder / "bundle", told), config)
        elif magic[:3] == b"ply":
            cloud = read_cloud(source, name=name, max_bytes=config.max_model_mb << 20)
            yield read_bundle(bundle_from_points(cloud, folder / "bundle", told), config)
        elif Path(name).suffix.lower() in _PICTURES:
            yield read_bundle(bundle_from_picture(source, folder / "bundle", told, name=name), config)
        elif Path(name).suffix.lower() in _RECORDINGS:
            yield read_bundle(bundle_from_recording(source, folder / "bundle", told, name=name), config)
        else:
            raise BadBundle("unknown_upload", name=name)


@contextmanager
def workplace(config: Config) -> Iterator[Path]:
    """A folder beside the files for one upload, gone afterwards."""
    config.incoming_folder.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=config.incoming_folder))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
        services.check_id(asset_id)
    with opened(source, told, config, name=name or None) as bundle:
        if told.use != "exhibit":
            bundle.document.setdefault("use", told.use)
        if use_of(bundle.document) == "room" and not can_be_room(bundle.document):
            raise BadInput("not_a_room")
        if asset_id is None:
            with database.reading() as session:
                title = bundle.document["title"]
                asset_id = services.free_id(session, title["en"], title["zh"], Path(name or source.name).stem)
        return asset_id, services.ingest(database, storage, bundle, asset_id)


def _bundle_folder(unpacked: Path) -> Path:
    """Where asset.json is: at the top, or in the one folder that was zipped."""
    if (unpacked / "asset.json").is_file():
        return unpacked
    folders = [path for path in unpacked.iterdir() if path.is_dir()]
    return folders[0] if len(folders) == 1 and (folders[0] / "asset.json").is_file() else unpacked
