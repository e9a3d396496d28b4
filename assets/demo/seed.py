"""Composes the demonstration's halls from their plans (halls/*.json) and their asset bundles, and publishes them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from assets.demo.arrange import Plan, arrange
from assets.demo.errors import DemoError
from exhibit.config import Config
from exhibit.db import Database
from exhibit.documents.hall import used_assets
from exhibit.documents.types import HallDocument, TemplateBuilding
from exhibit.halls import rooms, services
from exhibit.halls.models import Hall
from exhibit.library import upload
from exhibit.library.bundle import Told, read_bundle
from exhibit.library.models import Asset
from exhibit.library.services import ingest
from exhibit.space.build import DRAFT, FULL, ROUGH, bake_room, built, exhibits
from exhibit.space.templates import TEMPLATES, begin_document
from exhibit.storage import Storage

Light = Literal["rough", "draft", "full"]
LIGHTS: tuple[Light, ...] = get_args(Light)
Outcome = Literal["published", "unchanged"]
PLANS = Path(__file__).parent / "halls"
_NO_TITLE = Told({"zh": "", "en": ""})


@dataclass(frozen=True, slots=True)
class Composed:
    """A hall of the demonstration before its assets are there."""

    slug: str
    template: str
    document: HallDocument
    poster: Mapping[str, Any] | None  # the view of the architecture's picture; by default the template's

    @property
    def architecture(self) -> str:
        return str(self.document["architecture"]["asset"])


def seed(
    bundles: Mapping[str, Path],
    config: Config,
    database: Database,
    storage: Storage,
    *,
    models: Path | None = None,
    halls: Collection[str] = (),
    light: Light = "draft",
    plans: Path | None = None,
    replace: bool = False,
) -> dict[str, Outcome]:
    """Take in bundles by id, build the halls' architecture, and publish the halls; returns the outcome by slug.

    `models` is a folder of bundles named by their ids; an asset that `bundles` lacks is taken from it. `halls` are the
    slugs to compose, by default all. `light` is the quality of the architecture's baked light. A second run with the
    same bundles changes nothing. A curator's changes are overwritten only with `replace`.
    Raises DemoError for an asset that a hall needs and that is missing, for a bundle that no hall needs, and for a
    hall that the demonstration does not have.
    """
    wanted = _wanted(plans or PLANS, halls)
    needed = set().union(*(used_assets(hall.document) for hall in wanted))
    if extra := sorted(bundles.keys() - needed):
        raise DemoError(
            f"The demonstration does not need '{extra[0]}'.", hint=f"It needs: {', '.join(sorted(needed))}."
        )
    found = {key: models / key for key in needed if models is not None and (models / key / "asset.json").is_file()}
    given = {**found, **bundles}
    with database.reading() as session:
        there = set(session.scalars(select(Asset.id).where(Asset.id.in_(needed))))
    for hall in wanted:
        if missing := sorted(used_assets(hall.document) - there - given.keys() - {hall.architecture}):
            raise DemoError(
                f"The hall {hall.slug} needs the asset '{missing[0]}', and it was not given.",
                hint=f"Give {missing[0]}=BUNDLE, or the folder that holds it with --models. "
                "scripts/demo makes all bundles.",
            )
    for asset_id, bundle in sorted(given.items()):
        upload.add(bundle, _NO_TITLE, config, database, storage, asset_id=asset_id)
    for hall in wanted:
        if hall.architecture not in given and (replace or hall.architecture not in there):
            _build_architecture(hall, light, config, database, storage)
    with database.writing() as session:
        return {hall.slug: _compose(session, hall, replace) for hall in wanted}


def _compose(session: Session, composed: Composed, replace: bool) -> Outcome:
    rows = session.execute(select(Asset.id, Asset.document).where(Asset.id.in_(used_assets(composed.document))))
    document = {**composed.document, "assets": dict(sorted((key, asset) for key, asset in rows))}
    hall = session.scalar(select(Hall).where(Hall.slug == composed.slug))
    if hall is None:
        hall = services.create_hall(session, document, slug=composed.slug)
    else:
        accepted = services.accept(session, document)
        if hall.draft == hall.published == accepted:
            return "unchanged"
        if not replace:
            raise DemoError(
                f"The hall {composed.slug} differs from the demonstration: a curator has changed it, or the bundles "
                "are new.",
                hint="Add --replace to overwrite it.",
            )
        services.save_draft(session, hall, document, hall.draft_version)
    services.publish(session, hall, hall.draft_version)
    return "published"


def _wanted(plans: Path, slugs: Collection[str]) -> list[Composed]:
    """The halls to compose, in the order of their plans' file names."""
    read = [_read_plan(path) for path in sorted(plans.glob("*.json"))]
    if not read:
        raise DemoError(f"There is no plan in {plans}.", hint="Check that the checkout is complete.")
    known = [plan["slug"] for plan, _ in read]
    if unknown := sorted(set(slugs) - set(known)):
        raise DemoError(f"The demonstration has no hall '{unknown[0]}'.", hint=f"It has: {', '.join(known)}.")
    return [_composed(plan, path) for plan, path in read if not slugs or plan["slug"] in slugs]


def _read_plan(path: Path) -> tuple[Plan, Path]:
    try:
        plan: Plan = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(plan["slug"], str) and isinstance(plan["template"], str):
            return plan, path
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise _broken(path)


def _broken(path: Path) -> DemoError:
    return DemoError(f"The plan {path} cannot be read.", hint="Check that the checkout is complete.")


def _composed(plan: Plan, path: Path) -> Composed:
    if plan["template"] not in TEMPLATES:
        raise DemoError(f"There is no hall template '{plan['template']}'.", hint=f"Correct `template` in {path}.")
    try:
        document = arrange(plan, room_document(plan))
        used_assets(document)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _broken(path) from None
    return Composed(plan["slug"], plan["template"], document, plan.get("poster"))


def room_document(plan: Plan) -> HallDocument:
    """The document of the plan's room with nothing in it: of its template, or as it changes that by sizes or furniture.

    Raises BadInput for sizes that the template does not have.
    """
    building = rooms.accepted({"template": plan["template"], "sizes": plan.get("sizes", {})})
    furniture = plan.get("furniture", {})
    if "sizes" not in building and not furniture:
        return begin_document(plan["template"])
    document = built(building, furniture).document(rooms.room_of(building, furniture))
    return {**document, "architecture": {**document["architecture"], "building": building}}


def _build_architecture(hall: Composed, light: Light, config: Config, database: Database, storage: Storage) -> None:
    """Build the hall's room and add it to the library; its poster shows the room with its exhibits."""
    quality = {"rough": ROUGH, "draft": DRAFT, "full": FULL}[light]
    with database.reading() as session, upload.workplace(config) as folder:
        models = {}
        for asset in session.scalars(select(Asset).where(Asset.id.in_(used_assets(hall.document)))):
            if (model := asset.document["files"].get("model")) and asset.document["kind"] == "model":
                models[asset.id] = folder / asset.id
                models[asset.id].mkdir()
                shutil.copyfile(storage.path(model["sha256"]), models[asset.id] / "model.glb")
        standing = exhibits(hall.document, models)
        seen = hall.poster
        view = (seen["position"], seen["target"], seen["fov_deg"]) if seen else None
        whole: TemplateBuilding = {"template": hall.template}
        building = hall.document["architecture"].get("building", whole)
        made = built(building, hall.document.get("furniture"))
        baked = bake_room(made, folder / "architecture", standing, quality=quality, poster=view)
        ingest(database, storage, read_bundle(baked, config), hall.architecture)
