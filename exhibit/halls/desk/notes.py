"""The desk's page of a note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.documents.texts import has_words
from exhibit.documents.types import HallDocument
from exhibit.errors import BadInput, ExhibitError, NotFound
from exhibit.halls import forms
from exhibit.halls.desk.hall import edit_at_once, editor_page, find_part
from exhibit.halls.desk.saving import save
from exhibit.halls.edits import notes
from exhibit.halls.models import Hall


def add_note(session: Session, hall: Hall) -> ResponseReturnValue:
    added = ""
    title = web.both("title", request.form)

    def change(document: HallDocument) -> HallDocument:
        nonlocal added
        key = request.form.get("placement") or None
        if key is not None and key not in document["placements"]:
            raise NotFound("no_part", part=key)
        changed, added = notes.add(document, key, title)
        return changed

    try:
        if not has_words(title):
            raise BadInput("title_missing")
        save(session, hall, "add-note", change)
    except ExhibitError as error:
        return editor_page(session, hall, error, note=request.form)
    return web.go("halls.note", slug=hall.slug, key=added)


def note(session: Session, hall: Hall, key: str) -> ResponseReturnValue:  # noqa: ARG001
    return _page(hall, key, forms.note_form(hall.draft["notes"][key]))


def change_note(session: Session, hall: Hall, key: str) -> ResponseReturnValue:
    try:
        values = forms.note(request.form)
        spot = next((each for each in notes.SPOTS if each == request.form.get("spot")), None)
        save(
            session,
            hall,
            "change-note",
            lambda document: notes.change(document, key, values, spot),
        )
    except ExhibitError as error:
        return _page(hall, key, request.form, error)
    return web.go("halls.hall", anchor=f"note-{key}", slug=hall.slug, saved="note")


def _page(hall: Hall, key: str, form: Mapping[str, str], error: ExhibitError | None = None) -> ResponseReturnValue:
    status = error.status if error else 200
    return web.page("halls/note.html", status, hall=hall, key=key, form=form, spots=notes.SPOTS, error=error)


def remove_note(session: Session, hall: Hall, key: str) -> ResponseReturnValue:
    return edit_at_once(session, hall, "notes", "remove-note", lambda document: notes.remove(document, key))


def find_note(session: Session, slug: str, key: str) -> dict[str, Any]:
    found = find_part(session, slug, "notes", key)
    return {"hall": found["hall"], "key": key}
