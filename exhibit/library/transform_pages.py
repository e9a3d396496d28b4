"""The pages that scale and turn an asset: what will be, and in which halls, is told before it is done."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.access import Verb
from exhibit.documents.types import AssetDocument
from exhibit.errors import BadInput, ExhibitError, StaleVersion
from exhibit.library import transform, uses
from exhibit.library.deletion import find_asset
from exhibit.library.models import Asset
from exhibit.library.transform import Transform
from exhibit.publishing.models import Publishable
from exhibit.web import Route


@dataclass(frozen=True, slots=True)
class Use:
    """A hall that shows an asset."""

    hall: Publishable
    num_places: int  # in its draft
    is_room: bool  # the draft's


def uses_of(session: Session, asset: Asset) -> list[Use]:
    return [
        Use(
            hall,
            sum(placement.get("asset") == asset.id for placement in hall.draft["placements"].values()),
            hall.draft["architecture"]["asset"] == asset.id,
        )
        for hall in uses.users_of(session, asset.id)
    ]


def ask_to_transform(session: Session, asset: Asset) -> ResponseReturnValue:
    try:
        asked = transform.read(request.args, _transformable(asset))
    except BadInput as error:
        return _page(session, asset, None, error)
    return _page(session, asset, asked)


def transform_asset(asset: Asset) -> ResponseReturnValue:
    site, person = web.site(), web.person()
    document, asked = _transformable(asset), None
    try:
        if request.form.get("model") != document["files"]["model"]["sha256"]:
            raise StaleVersion("asset_changed")
        asked = transform.read(request.form, document)
        author = person.account_id if person else None
        transform.apply(site.database, site.storage, site.config, asset.id, document, asked, author_id=author)
    except ExhibitError as error:
        with site.database.reading() as session:
            return _page(session, asset, None, error)
    return web.go("library.asset", asset=asset.id, transformed="1")


def _transformable(asset: Asset) -> AssetDocument:
    if not transform.can_be_transformed(asset.document):
        raise BadInput("not_transformable")
    return asset.document


def _page(
    session: Session, asset: Asset, asked: Transform | None, error: ExhibitError | None = None
) -> ResponseReturnValue:
    form = request.form if request.method == "POST" else request.args
    return web.page(
        "library/transform.html",
        error.status if error else 200,
        asset=asset,
        asked=asked,
        fields={name: form[name] for name in ("rotation", "along", "length_cm", "from", "to") if form.get(name)},
        size=asked.size_of(asset.document).tolist() if asked else None,
        shown_in=uses_of(session, asset),
        error=error,
    )


ROUTES = (
    Route(rule="/desk/assets/<asset>/transform", handler=ask_to_transform, verb=Verb.EDIT, find=find_asset),
    Route(
        rule="/desk/assets/<asset>/transform",
        handler=transform_asset,
        methods=["POST"],
        verb=Verb.EDIT,
        find=find_asset,
        own_session=True,
    ),
)
