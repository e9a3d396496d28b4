"""A new file in place of an asset's: it stays the same asset, with its words, in all halls that show it."""

from __future__ import annotations

from pathlib import Path

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.access import Verb
from exhibit.documents.types import AssetDocument
from exhibit.errors import BadInput, ExhibitError
from exhibit.library import services, transform_pages, upload
from exhibit.library.bundle import UNITS_M, Told
from exhibit.library.deletion import find_asset
from exhibit.library.models import Asset
from exhibit.library.origin import can_be_room, use_of
from exhibit.web import Route


def ask_to_replace_file(session: Session, asset: Asset) -> ResponseReturnValue:
    return _page(session, asset)


def replace_file(asset: Asset) -> ResponseReturnValue:
    site, person = web.site(), web.person()
    try:
        uploaded = request.files.get("file")
        if uploaded is None or not uploaded.filename:
            raise BadInput("no_upload")
        if (unit := request.form.get("unit", "")) not in ("", *UNITS_M):
            raise BadInput("bad_form", field="unit")
        name = Path(uploaded.filename.replace("\\", "/")).name
        told = Told(asset.document["title"], in_metres=bool(unit), unit_m=UNITS_M.get(unit, 1.0))
        with upload.workplace(site.config) as folder:
            saved = folder / "upload"
            uploaded.save(saved)
            with upload.opened(saved, told, site.config, name=name) as bundle:
                _keep_words(bundle.document, asset.document)
                services.replace(
                    site.database,
                    site.storage,
                    bundle,
                    asset.id,
                    asset.document,
                    what="file",
                    details={"name": name},
                    author_id=person.account_id if person else None,
                )
    except ExhibitError as error:
        with site.database.reading() as session:
            return _page(session, asset, error)
    return web.go("library.asset", asset=asset.id, transformed="1")


def _keep_words(new: AssetDocument, old: AssetDocument) -> None:
    """What people have said of the asset stays; what the file says of itself is the new file's. Raises BadInput.

    A hall places a picture in another way than a model, so the kind stays too.
    """
    if new["kind"] != old["kind"]:
        raise BadInput("other_kind")
    if use_of(old) == "room" and not can_be_room(new):
        raise BadInput("not_a_room")
    new["title"], new["origin"] = old["title"], old["origin"]
    new.pop("use", None)
    new.pop("original", None)
    new.pop("tags", None)
    if "use" in old:
        new["use"] = old["use"]
    if "original" in old:
        new["original"] = old["original"]
    if "tags" in old:
        new["tags"] = old["tags"]


def _page(session: Session, asset: Asset, error: ExhibitError | None = None) -> ResponseReturnValue:
    return web.page(
        "library/replace.html",
        error.status if error else 200,
        asset=asset,
        units=[*UNITS_M],
        form=request.form,
        shown_in=transform_pages.uses_of(session, asset),
        error=error,
    )


ROUTES = (
    Route(rule="/desk/assets/<asset>/file", handler=ask_to_replace_file, verb=Verb.EDIT, find=find_asset),
    Route(
        rule="/desk/assets/<asset>/file",
        handler=replace_file,
        methods=["POST"],
        verb=Verb.EDIT,
        find=find_asset,
        own_session=True,
    ),
)
