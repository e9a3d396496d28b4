"""The desk's pages that publish a hall, take it down and delete it."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.errors import BadInput, ExhibitError
from exhibit.halls import forms, services
from exhibit.halls.desk.hall import editor_page
from exhibit.halls.models import Hall
from exhibit.halls.translations import untranslated
from exhibit.publishing.services import revisions


def publish_hall(session: Session, hall: Hall) -> ResponseReturnValue:
    try:
        if untranslated(hall.draft) and "untranslated" not in request.form:
            raise BadInput("untranslated")
        services.publish(session, hall, forms.version(request.form))
    except ExhibitError as error:
        return editor_page(session, hall, error)
    return web.go("halls.hall", slug=hall.slug, saved="published")


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


def _delete_page(session: Session, hall: Hall, error: ExhibitError | None = None) -> ResponseReturnValue:
    return web.page(
        "halls/delete.html",
        error.status if error else 200,
        hall=hall,
        num_versions=len(revisions(session, hall)),
        doors=services.doors_to(session, hall.slug),
        error=error,
    )
