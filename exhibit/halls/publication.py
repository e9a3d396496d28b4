"""The desk's pages that publish a hall, take it down and delete it."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.access import Verb
from exhibit.errors import ExhibitError
from exhibit.halls import forms, services
from exhibit.halls.models import Hall
from exhibit.publishing.services import revisions
from exhibit.web import Route


def unpublish_hall(session: Session, hall: Hall) -> ResponseReturnValue:
    services.unpublish(session, hall)
    return web.go("halls.hall", slug=hall.slug, saved="unpublished")


def ask_to_delete(session: Session, hall: Hall) -> ResponseReturnValue:
    return _delete_page(session, hall)


def delete_hall(hall: Hall) -> ResponseReturnValue:
    site = web.site()
    try:
        services.delete_hall(site.database, site.storage, hall.slug, forms.version(request.form))
    except ExhibitError as error:
        with site.database.reading() as session:
            return _delete_page(session, services.get_hall(session, hall.slug), error)
    return web.go("halls.desk", deleted="1")


def delete_hall_by_api(hall: Hall) -> ResponseReturnValue:
    site = web.site()
    services.delete_hall(site.database, site.storage, hall.slug, web.matched_version())
    return Response(status=204)


def find_hall(session: Session, slug: str) -> dict[str, Any]:
    return {"hall": services.get_hall(session, slug)}


def _delete_page(session: Session, hall: Hall, error: ExhibitError | None = None) -> ResponseReturnValue:
    return web.page(
        "halls/delete.html",
        error.status if error else 200,
        hall=hall,
        num_versions=len(revisions(session, hall)),
        doors=services.doors_to(session, hall.slug),
        error=error,
    )


_PUBLISH: dict[str, Any] = {"verb": Verb.PUBLISH, "find": find_hall}
_DELETE: dict[str, Any] = {"verb": Verb.DELETE, "find": find_hall}

ROUTES = (
    Route(rule="/desk/halls/<slug>/unpublish", handler=unpublish_hall, methods=["POST"], **_PUBLISH),
    Route(rule="/desk/halls/<slug>/delete", handler=ask_to_delete, **_DELETE),
    Route(rule="/desk/halls/<slug>/delete", handler=delete_hall, methods=["POST"], own_session=True, **_DELETE),
    Route(rule="/api/halls/<slug>", handler=delete_hall_by_api, methods=["DELETE"], own_session=True, **_DELETE),
)
