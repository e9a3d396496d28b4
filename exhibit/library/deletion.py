"""Deleting assets: a page that names what goes and what forbids it, and the JSON API."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.access import Verb
from exhibit.documents.assets import file_entries
from exhibit.errors import InUse
from exhibit.library import services, uses
from exhibit.library.models import Asset
from exhibit.web import Route


def ask_to_delete_asset(session: Session, asset: Asset) -> ResponseReturnValue:
    return _page(session, asset)


def delete_asset(asset: Asset) -> ResponseReturnValue:
    site = web.site()
    try:
        uses.delete_asset(site.database, site.storage, asset.id)
    except InUse as error:
        with site.database.reading() as session:
            return _page(session, asset, error)
    return web.go("library.assets", deleted="1")


def delete_asset_by_api(asset: Asset) -> ResponseReturnValue:
    site = web.site()
    uses.delete_asset(site.database, site.storage, asset.id)
    return Response(status=204)


def find_asset(session: Session, asset: str) -> dict[str, Any]:
    return {"asset": services.get_asset(session, asset)}


def _page(session: Session, asset: Asset, error: InUse | None = None) -> ResponseReturnValue:
    entries = {entry["sha256"]: entry["bytes"] for _, entry in file_entries(asset.document)}
    return web.page(
        "library/delete.html",
        error.status if error else 200,
        asset=asset,
        users=uses.users_of(session, asset.id),
        num_files=len(entries),
        megabytes=sum(entries.values()) / 1e6,
        error=error,
    )


ROUTES = (
    Route(rule="/desk/assets/<asset>/delete", handler=ask_to_delete_asset, verb=Verb.DELETE, find=find_asset),
    Route(
        rule="/desk/assets/<asset>/delete",
        handler=delete_asset,
        methods=["POST"],
        verb=Verb.DELETE,
        find=find_asset,
        own_session=True,
    ),
    Route(
        rule="/api/assets/<asset>",
        handler=delete_asset_by_api,
        methods=["DELETE"],
        verb=Verb.DELETE,
        find=find_asset,
        own_session=True,
    ),
)
