"""An asset's thumbnail, the first picture that anyone sees of it, from the side that its curator has chosen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from flask import request
from flask.typing import ResponseReturnValue

from exhibit import web
from exhibit.access import Verb
from exhibit.config import Config
from exhibit.db import Database
from exhibit.documents.assets import file_entries
from exhibit.documents.types import AssetDocument
from exhibit.errors import BadInput, StaleVersion, bad_files
from exhibit.library import services
from exhibit.library.bundle import OBJECTS, Bundle, stored
from exhibit.library.deletion import find_asset
from exhibit.library.models import Asset
from exhibit.library.upload import workplace
from exhibit.storage import Storage
from exhibit.web import Route
from recon.formats.asset_document import AssetKind, File
from recon.formats.bundle import file_entry
from recon.formats.gltf import Gltf, read_gltf
from recon.formats.gltf_scene import Scene
from recon.formats.points import cloud_of
from recon.formats.splats import splats_of
from recon.formats.thumbnail import AZIMUTH_DEG, ELEVATION_DEG, render_points_thumb, render_thumb

THUMB = "thumb.webp"
_STEEPEST_DEG = 89.0  # straight from above there is no up


def draw_thumb(
    gltf: Gltf,
    kind: AssetKind,
    folder: Path,
    config: Config,
    azimuth_deg: float = AZIMUTH_DEG,
    elevation_deg: float = ELEVATION_DEG,
) -> File:
    """Draw folder/THUMB from this side; its entry, without a path."""
    if kind == "model":
        parts = Scene(gltf).parts(max_triangles=config.max_triangles)
        width, height = render_thumb(parts, folder / THUMB, azimuth_deg=azimuth_deg, elevation_deg=elevation_deg)
    else:
        width, height = render_points_thumb(
            splats_of(gltf) if kind == "splat" else cloud_of(gltf),
            folder / THUMB,
            azimuth_deg=azimuth_deg,
            elevation_deg=elevation_deg,
        )
    return pathless(file_entry(folder, THUMB, width=width, height=height))


def pathless(entry: File) -> File:
    entry.pop("path")
    return entry


def read(form: Mapping[str, str]) -> tuple[float, float]:
    """(azimuth, elevation) in degrees, as render_thumb takes them. Raises BadInput."""
    angles = []
    for field in ("azimuth_deg", "elevation_deg"):
        try:
            angle = float(form.get(field, ""))
        except ValueError:
            angle = math.nan
        if not math.isfinite(angle):
            raise BadInput("bad_form", field=field)
        angles.append(angle)
    return angles[0] % 360, min(max(angles[1], -_STEEPEST_DEG), _STEEPEST_DEG)


def replace_thumb(
    database: Database,
    storage: Storage,
    config: Config,
    asset_id: str,
    document: AssetDocument,
    azimuth_deg: float,
    elevation_deg: float,
    *,
    author_id: int | None = None,
) -> None:
    """Let the asset have a thumbnail from this side. Raises StaleVersion if it no longer is `document`."""
    with workplace(config) as folder, bad_files():
        try:
            gltf = read_gltf(storage.path(document["files"]["model"]["sha256"]), max_bytes=config.max_model_mb << 20)
        except FileNotFoundError:  # it has other files by now, and this one is gone
            raise StaleVersion("asset_changed") from None
        thumb = draw_thumb(gltf, document["kind"], folder, config, azimuth_deg, elevation_deg)
        changed: AssetDocument = {**document, "files": {**document["files"], "thumb": thumb}}
        entries = [entry for _, entry in file_entries(changed)]
        files = tuple(
            (folder / THUMB if entry["sha256"] == thumb["sha256"] else storage.path(entry["sha256"]), stored(entry))
            for entry in entries
        )
        bundle = Bundle(changed, files)
        services.replace(database, storage, bundle, asset_id, document, what="thumb", details={}, author_id=author_id)


def use_view(asset: Asset) -> ResponseReturnValue:
    if asset.document["kind"] not in OBJECTS:
        raise BadInput("not_transformable")
    site, person = web.site(), web.person()
    azimuth_deg, elevation_deg = read(request.form)
    replace_thumb(
        site.database,
        site.storage,
        site.config,
        asset.id,
        asset.document,
        azimuth_deg,
        elevation_deg,
        author_id=person.account_id if person else None,
    )
    return web.go("library.asset", asset=asset.id, viewed="1")


ROUTES = (
    Route(
        rule="/desk/assets/<asset>/thumb",
        handler=use_view,
        methods=["POST"],
        verb=Verb.EDIT,
        find=find_asset,
        own_session=True,
    ),
)
