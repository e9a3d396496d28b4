"""The desk's page of a placement: an exhibit or a text panel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.documents.types import HallDocument
from exhibit.errors import BadInput, ExhibitError
from exhibit.halls import forms
from exhibit.halls.anchors import FOR_BOARDS, FOR_OBJECTS, free_places
from exhibit.halls.desk.hall import edit_at_once, editor_page, find_part
from exhibit.halls.desk.saving import save
from exhibit.halls.edits import placements
from exhibit.halls.models import Hall
from exhibit.library.origin import use_of
from exhibit.library.services import get_asset


def add_placement(session: Session, hall: Hall) -> ResponseReturnValue:
    added = ""

    def change(document: HallDocument) -> HallDocument:
        nonlocal added
        asset = get_asset(session, request.form["asset"]) if request.form.get("asset") else None
        if asset is not None and use_of(asset.document) != "exhibit":
            raise BadInput("not_an_exhibit")
        changed, added = placements.add(
            document, asset.id if asset else None, asset.document if asset else None, request.form.get("at", "")
        )
        return changed

    try:
        save(session, hall, "add-placement", change)
    except ExhibitError as error:
        return editor_page(session, hall, error)
    return web.go("halls.placement", slug=hall.slug, key=added)


def placement(session: Session, hall: Hall, key: str) -> ResponseReturnValue:  # noqa: ARG001
    return _placement_page(hall, key, forms.placement_form(hall.draft["placements"][key]))


def change_placement(session: Session, hall: Hall, key: str) -> ResponseReturnValue:
    try:
        values, turn_deg = forms.placement(hall.draft["placements"][key]["kind"], request.form)
        anchor = request.form.get("at", "")
        save(
            session,
            hall,
            "change-placement",
            lambda document: placements.change(document, key, values, turn_deg, anchor),
        )
    except ExhibitError as error:
        return _placement_page(hall, key, request.form, error)
    return web.go("halls.hall", anchor=f"placement-{key}", slug=hall.slug, saved="placement")


def remove_placement(session: Session, hall: Hall, key: str) -> ResponseReturnValue:
    with_notes = "with_notes" in request.form
    return edit_at_once(
        session,
        hall,
        "placements",
        "remove-placement",
        lambda document: placements.remove(document, key, with_notes=with_notes),
    )


def find_placement(session: Session, slug: str, key: str) -> dict[str, Any]:
    found = find_part(session, slug, "placements", key)
    return {"hall": found["hall"], "key": key}


def _placement_page(
    hall: Hall, key: str, form: Mapping[str, str], error: ExhibitError | None = None
) -> ResponseReturnValue:
    kinds = FOR_OBJECTS if hall.draft["placements"][key]["kind"] == "object" else FOR_BOARDS
    places = [place for place in free_places(hall.draft, but_for=key) if place.kind in kinds]
    status = error.status if error else 200
    return web.page("halls/placement.html", status, hall=hall, key=key, places=places, form=form, error=error)
