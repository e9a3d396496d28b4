"""The desk, and a hall's page at the desk: its texts, its room, the order of its placements and notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.documents.edit_types import EditName
from exhibit.documents.order import exhibit_numbers, notes_in_order, placements_in_order
from exhibit.documents.texts import has_words
from exhibit.errors import BadInput, ExhibitError
from exhibit.halls import forms, services
from exhibit.halls.anchors import free_places
from exhibit.halls.desk.saving import missing, save
from exhibit.halls.edits import Command, order
from exhibit.halls.edits.hall import describe, furnish
from exhibit.halls.models import Hall
from exhibit.halls.removal import effects_of_note, effects_of_placement
from exhibit.halls.translations import untranslated
from exhibit.jobs.services import list_jobs
from exhibit.library.models import Asset
from exhibit.library.services import get_asset, list_assets, list_exhibits, list_rooms

Parts = Literal["placements", "notes"]
ORDERS: dict[Parts, order.Order] = {"placements": "placement_order", "notes": "note_order"}


def desk(session: Session) -> ResponseReturnValue:
    return web.page(
        "halls/desk.html",
        halls=services.list_halls(session),
        assets=list_assets(session),
        jobs=list_jobs(session, limit=5),
        num_exhibits=lambda hall: len(exhibit_numbers(hall)),
        deleted="deleted" in request.args,
    )


def hall(session: Session, hall: Hall) -> ResponseReturnValue:
    return editor_page(session, hall)


def describe_hall(session: Session, hall: Hall) -> ResponseReturnValue:
    texts = {name: web.both(name, request.form) for name in ("title", "summary", "credit")}
    try:
        if not has_words(texts["title"]):
            raise BadInput("title_missing")
        save(session, hall, "change-text", lambda document: describe(document, **texts))
    except ExhibitError as error:
        return editor_page(session, hall, error, texts=request.form)
    return web.go("halls.hall", slug=hall.slug, saved="text")


def furnish_hall(session: Session, hall: Hall) -> ResponseReturnValue:
    try:
        room = get_asset(session, request.form.get("room", ""))
        if room not in _rooms(session, hall):
            raise BadInput("bad_form", field="room")
        start = forms.view("start", request.form)
        save(
            session,
            hall,
            "change-room",
            lambda document: furnish(document, room.id, room.document, start),
        )
    except ExhibitError as error:
        return editor_page(session, hall, error, room=request.form)
    return web.go("halls.hall", anchor="room", slug=hall.slug, saved="room")


def move_part(session: Session, hall: Hall, parts: Parts, key: str) -> ResponseReturnValue:
    step = -1 if request.form.get("to") == "up" else 1
    return edit_at_once(
        session, hall, parts, "move-in-order", lambda document: order.move(document, ORDERS[parts], key, step)
    )


def find_hall(session: Session, slug: str) -> dict[str, Any]:
    return {"hall": services.get_hall(session, slug)}


def find_part(session: Session, slug: str, parts: Parts, key: str) -> dict[str, Any]:
    """The hall, whether it is a placement or a note, and its id."""
    hall = services.get_hall(session, slug)
    if key not in hall.draft[parts]:
        raise missing(session, hall, parts, key)
    return {"hall": hall, "parts": parts, "key": key}


def edit_at_once(session: Session, hall: Hall, anchor: str, name: EditName, change: Command) -> ResponseReturnValue:
    """An edit by one button."""
    try:
        save(session, hall, name, change)
    except ExhibitError as error:
        return editor_page(session, hall, error)
    return web.go("halls.hall", anchor=anchor, slug=hall.slug)


def editor_page(
    session: Session, hall: Hall, error: ExhibitError | None = None, **typed: Mapping[str, str]
) -> ResponseReturnValue:
    """The hall's page at the desk. After an error its forms show what was typed: nothing is lost."""
    return web.page(
        "halls/hall.html",
        error.status if error else 200,
        hall=hall,
        placements=placements_in_order(hall.draft),
        notes=notes_in_order(hall.draft),
        effects={
            "placements": {key: effects_of_placement(hall.draft, key) for key in hall.draft["placements"]},
            "notes": {key: effects_of_note(hall.draft, key) for key in hall.draft["notes"]},
        },
        untranslated=untranslated(hall.draft),
        exhibits=list_exhibits(session),
        places=free_places(hall.draft),
        rooms=_rooms(session, hall),
        texts=typed.get("texts") or forms.text_form(hall.draft),
        room=typed.get("room") or forms.room_form(hall.draft),
        note=typed.get("note") or {},
        typed=typed,
        saved=request.args.get("saved"),
        error=error,
    )


def _rooms(session: Session, hall: Hall) -> list[Asset]:
    """What the hall can be in: the library's rooms, and the one that it is in."""
    rooms, now = list_rooms(session), session.get(Asset, hall.draft["architecture"]["asset"])
    return rooms if now is None or now in rooms else [now, *rooms]
