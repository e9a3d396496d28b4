"""The curator's view of the library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.access import Verb
from exhibit.errors import BadInput, ExhibitError
from exhibit.i18n import LANGUAGES
from exhibit.library import (
    deletion,
    forms,
    media,
    replacing,
    searching,
    services,
    thumb,
    transform,
    transform_pages,
    upload,
    uses,
)
from exhibit.library.bundle import UNITS_M, Told
from exhibit.library.models import Asset
from exhibit.library.origin import LICENCES, METHODS, USES, can_be_room
from exhibit.web import Route


def assets(session: Session) -> ResponseReturnValue:
    """The library, or what is looked for in it."""
    wanted = searching.read(request.args)
    known, used = services.list_assets(session), uses.used_assets(session)
    found = [asset for asset in known if searching.is_wanted(wanted, asset.id, asset.document, used)]
    return web.page(
        "library/assets.html",
        assets=found,
        num_assets=len(known),
        wanted=wanted,
        kinds=[kind for kind in searching.KINDS if any(asset.document["kind"] == kind for asset in known)],
        tags=searching.tags_of(asset.document for asset in known),
        lacks=searching.LACKS,
        deleted="deleted" in request.args,
    )


def new_asset(session: Session) -> ResponseReturnValue:  # noqa: ARG001
    return _upload_form(forms.UNTOUCHED)


def add_asset() -> ResponseReturnValue:
    site = web.site()
    try:
        uploaded = request.files.get("file")
        if uploaded is None or not uploaded.filename:
            raise BadInput("no_upload")
        described = forms.read(forms.UNTOUCHED | request.form.to_dict())
        if (unit := request.form.get("unit", "")) not in ("", *UNITS_M):
            raise BadInput("bad_form", field="unit")
        name = Path(uploaded.filename.replace("\\", "/")).name
        told = Told(
            described.title if any(described.title.values()) else {"zh": Path(name).stem, "en": Path(name).stem},
            described.method,
            in_metres=bool(unit),
            unit_m=UNITS_M.get(unit, 1.0),
            use=described.use,
            statement=described.statement if any(described.statement.values()) else None,
            origin=described.origin,
            original=described.original,
            tags=described.tags,
        )
        with upload.workplace(site.config) as folder:
            saved = folder / "upload"
            uploaded.save(saved)
            told = replace(told, still=_saved("still", folder), captions=_saved_captions(folder))
            asset_id, _ = upload.add(saved, told, site.config, site.database, site.storage, name=name)
    except ExhibitError as error:
        return _upload_form(forms.UNTOUCHED | request.form.to_dict(), error)
    return web.go("library.asset", asset=asset_id)


def _upload_form(form: Mapping[str, str], error: ExhibitError | None = None) -> ResponseReturnValue:
    return web.page(
        "library/new.html",
        error.status if error else 200,
        **_choices(),
        uses=USES,
        units=[*UNITS_M],
        form=form,
        error=error,
    )


def _choices() -> dict[str, Any]:
    """What the forms offer."""
    return {"methods": METHODS, "licences": LICENCES, "other_licence": forms.OTHER_LICENCE}


def _saved(field: str, folder: Path) -> Path | None:
    """Where a form's other file now lies; None where none was chosen."""
    given = request.files.get(field)
    if given is None or not given.filename:
        return None
    given.save(folder / field)
    return folder / field


def _saved_captions(folder: Path) -> dict[str, Path]:
    given = {language: _saved(f"captions_{language}", folder) for language in LANGUAGES}
    return {language: file for language, file in given.items() if file is not None}


def asset(session: Session, asset: Asset) -> ResponseReturnValue:
    return _asset_page(session, asset, forms.written(asset.document))


def describe_asset(session: Session, asset: Asset) -> ResponseReturnValue:
    try:
        services.describe(asset, forms.read(request.form, asset.document["origin"].get("licence")))
    except BadInput as error:
        return _asset_page(session, asset, request.form, error)
    return web.go("library.asset", asset=asset.id, saved="1")


def _asset_page(
    session: Session, asset: Asset, form: Mapping[str, str], error: BadInput | None = None
) -> ResponseReturnValue:
    uses = [use for use in USES if use != "room" or can_be_room(asset.document)]
    saved = "saved" in request.args and error is None
    return web.page(
        "library/asset.html",
        error.status if error else 200,
        **_choices(),
        uses=uses,
        asset=asset,
        form=form,
        saved=saved,
        transformed="transformed" in request.args and error is None,
        viewed="viewed" in request.args and error is None,
        transformable=transform.can_be_transformed(asset.document),
        turns={name: " ".join(map(repr, turn)) for name, turn in transform.TURNS.items()},
        shown_in=transform_pages.uses_of(session, asset),
        history=services.history(session, asset.id),
        error=error,
    )


def exhibits(session: Session) -> ResponseReturnValue:
    """What can be placed in a hall, newest first: ids and documents."""
    listed = [{"id": asset.id, "document": asset.document} for asset in services.list_exhibits(session)]
    response = jsonify(assets=listed)
    response.headers["Cache-Control"] = "no-store"
    return response


ROUTES = (
    Route(rule="/desk/assets", handler=assets, verb=Verb.READ),
    Route(rule="/desk/assets/new", handler=new_asset, verb=Verb.CREATE),
    Route(rule="/desk/assets/new", handler=add_asset, methods=["POST"], verb=Verb.CREATE, own_session=True),
    Route(rule="/desk/assets/<asset>", handler=asset, verb=Verb.READ, find=deletion.find_asset),
    Route(
        rule="/desk/assets/<asset>", handler=describe_asset, methods=["POST"], verb=Verb.EDIT, find=deletion.find_asset
    ),
    Route(rule="/api/assets", handler=exhibits, verb=Verb.READ),
    *media.ROUTES,
    *deletion.ROUTES,
    *transform_pages.ROUTES,
    *thumb.ROUTES,
    *replacing.ROUTES,
)
