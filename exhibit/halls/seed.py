"""Composes the demonstration hall from assets/demo/hall.json and the asset bundles that are given for it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from exhibit.config import Config, assets_folder
from exhibit.db import Database
from exhibit.errors import BadConfig, BadInput
from exhibit.halls import services
from exhibit.halls.document import Document, used_assets
from exhibit.halls.models import Hall
from exhibit.library import upload
from exhibit.library.bundle import Told, read_bundle
from exhibit.library.glb import read_glb
from exhibit.library.models import Asset
from exhibit.library.services import ingest
from exhibit.storage import Storage

Outcome = Literal["published", "unchanged"]
_NO_TITLE = Told({"zh": "", "en": ""})


def seed(
    bundles: Mapping[str, Path],
    config: Config,
    database: Database,
    storage: Storage,
    *,
    plan: Path | None = None,
    replace: bool = False,
) -> tuple[str, Outcome]:
    """Take in `bundles` by id, build the hall's architecture, and publish the hall; returns (slug, outcome).

    Again with the same bundles changes nothing. What a curator has changed since is only overwritten with `replace`.
    Raises BadInput for an asset that the hall needs and nobody gave, and for one that it does not need.
    """
    plan = plan or assets_folder() / "demo" / "hall.json"
    slug, template, document = _read_plan(plan)
    needed, architecture = used_assets(document), document["architecture"]["asset"]
    if extra := sorted(bundles.keys() - needed):
        raise BadInput("seed_extra", asset=extra[0], needed=", ".join(sorted(needed)))
    with database.reading() as session:
        there = set(session.scalars(select(Asset.id).where(Asset.id.in_(needed))))
    if missing := sorted(needed - there - bundles.keys() - {architecture}):
        raise BadInput("seed_missing", asset=missing[0])
    for asset_id, bundle in bundles.items():
        upload.add(bundle, _NO_TITLE, config, database, storage, asset_id=asset_id)
    if architecture not in bundles:
        _build_architecture(template, document, config, database, storage)
    with database.writing() as session:
        return slug, _compose(session, slug, document, replace)


def _compose(session: Session, slug: str, document: Document, replace: bool) -> Outcome:
    rows = session.execute(select(Asset.id, Asset.document).where(Asset.id.in_(used_assets(document))))
    document = {**document, "assets": dict(sorted((key, asset) for key, asset in rows))}
    hall = session.scalar(select(Hall).where(Hall.slug == slug))
    if hall is None:
        hall = services.create_hall(session, document, slug=slug)
    else:
        accepted = services.accept(session, document)
        if hall.draft == hall.published == accepted:
            return "unchanged"
        if not replace:
            raise BadInput("seed_changed", hall=slug)
        services.save_draft(session, hall, document, hall.draft_version)
    services.publish(session, hall, hall.draft_version)
    return "published"


def _read_plan(plan: Path) -> tuple[str, str, Document]:
    """(slug, the architecture's template, hall document without assets)."""
    try:
        document: dict[str, Any] = json.loads(plan.read_text(encoding="utf-8"))
        slug, template = str(document.pop("slug")), str(document.pop("template"))
        used_assets(document)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BadConfig("seed_plan", file=plan) from None
    return slug, template, document


def _build_architecture(
    template: str, document: Document, config: Config, database: Database, storage: Storage
) -> None:
    """Build the hall's room and take it in; its poster shows the room with the exhibits in their places."""
    from exhibit.space import TEMPLATES, build_template  # builds and bakes meshes: only this command pays for it
    from exhibit.space.poster import exhibits

    if template not in TEMPLATES:
        raise BadInput("seed_template", template=template)
    asset_id = document["architecture"]["asset"]
    with database.reading() as session, upload.workplace(config) as folder:
        models = {}
        for asset in session.scalars(select(Asset).where(Asset.id.in_(used_assets(document) - {asset_id}))):
            if (model := asset.document["files"].get("model")) and _is_delivery(storage.path(model["sha256"]), config):
                models[asset.id] = folder / asset.id
                models[asset.id].mkdir()
                shutil.copyfile(storage.path(model["sha256"]), models[asset.id] / "model.glb")
        built = build_template(template, folder / "architecture", exhibits(document, models))
        ingest(database, storage, read_bundle(built, config), asset_id)


def _is_delivery(model: Path, config: Config) -> bool:
    """Whether this is a model as recon and space deliver it, which is what the poster can draw."""
    glb = read_glb(model, max_bytes=config.max_model_mb << 20)
    return glb.compressed and "textures" in glb.document
