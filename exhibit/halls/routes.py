"""The curator's desk: halls and what stands in them, as pages with forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.access import Verb
from exhibit.documents.order import exhibit_numbers, notes_in_order, placements_in_order
from exhibit.documents.texts import has_words
from exhibit.documents.types import Architecture, HallDocument
from exhibit.errors import BadInput, ExhibitError, NotFound
from exhibit.halls import edit, forms, publication, services
from exhibit.halls.anchors import FOR_BOARDS, FOR_OBJECTS, free_places
from exhibit.halls.models import Hall
from exhibit.halls.new_hall import add_hall, new_hall
from exhibit.halls.removal import effects_of_note, effects_of_placement
from exhibit.halls.translations import untranslated
from exhibit.jobs.services import list_jobs
from exhibit.library.models import Asset
from exhibit.library.origin import use_of
from exhibit.library.services import get_asset, list_assets, list_exhibits, list_rooms
from exhibit.web import Route

Parts = Literal["placements", "notes"]
ORDERS: dict[Parts, edit.Order] = {"placements": "placement_order", "notes": "note_order"}


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
    return _editor(session, hall)


def describe_hall(session: Session, hall: Hall) -> ResponseReturnValue:
    texts = {name: web.both(name, request.form) for name in ("title", "summary", "credit")}
    try:
        if not has_words(texts["title"]):
            raise BadInput("title_missing")
        services.edit_draft(
            session, hall, lambda document: edit.describe(document, **texts), forms.version(request.form)
        )
    except ExhibitError as error:
        return _editor(session, hall, error, texts=request.form)
    return web.go("halls.hall", slug=hall.slug, saved="text")


def furnish_hall(session: Session, hall: Hall) -> ResponseReturnValue:
    try:
        room = get_asset(session, request.form.get("room", ""))
        if room not in _rooms(session, hall):
            raise BadInput("bad_form", field="room")
        start = forms.view("start", request.form)

        def change(document: HallDocument) -> HallDocument:
            architecture: Architecture = {**document["architecture"], "asset": room.id}
            assets = {**document["assets"], room.id: room.document}
            return {**document, "architecture": architecture, "start": {**document["start"], **start}, "assets": assets}

        services.edit_draft(session, hall, change, forms.version(request.form))
    except ExhibitError as error:
        return _editor(session, hall, error, room=request.form)
    return web.go("halls.hall", anchor="room", slug=hall.slug, saved="room")


def publish_hall(session: Session, hall: Hall) -> ResponseReturnValue:
    try:
        if untranslated(hall.draft) and "untranslated" not in request.form:
            raise BadInput("untranslated")
        services.publish(session, hall, forms.version(request.form))
    except ExhibitError as error:
        return _editor(session, hall, error)
    return web.go("halls.hall", slug=hall.slug, saved="published")


def add_placement(session: Session, hall: Hall) -> ResponseReturnValue:
    added = ""

    def change(document: HallDocument) -> HallDocument:
        nonlocal added
        asset = get_asset(session, request.form["asset"]) if request.form.get("asset") else None
        if asset is not None and use_of(asset.document) != "exhibit":
            raise BadInput("not_an_exhibit")
        changed, added = edit.add_placement(
            document, asset.id if asset else None, asset.document if asset else None, request.form.get("at", "")
        )
        return changed

    try:
        services.edit_draft(session, hall, change, forms.version(request.form))
    except ExhibitError as error:
        return _editor(session, hall, error)
    return web.go("halls.placement", slug=hall.slug, key=added)


def placement(session: Session, hall: Hall, key: str) -> ResponseReturnValue:  # noqa: ARG001
    return _placement_page(hall, key, forms.placement_form(hall.draft["placements"][key]))


def change_placement(session: Session, hall: Hall, key: str) -> ResponseReturnValue:
    try:
        values, turn_deg = forms.placement(hall.draft["placements"][key]["kind"], request.form)
        anchor, version = request.form.get("at", ""), forms.version(request.form)
        services.edit_draft(
            session, hall, lambda document: edit.change_placement(document, key, values, turn_deg, anchor), version
        )
    except ExhibitError as error:
        return _placement_page(hall, key, request.form, error)
    return web.go("halls.hall", anchor=f"placement-{key}", slug=hall.slug, saved="placement")


def _placement_page(
    hall: Hall, key: str, form: Mapping[str, str], error: ExhibitError | None = None
) -> ResponseReturnValue:
    kinds = FOR_OBJECTS if hall.draft["placements"][key]["kind"] == "object" else FOR_BOARDS
    places = [place for place in free_places(hall.draft, but_for=key) if place.kind in kinds]
    status = error.status if error else 200
    return web.page("halls/placement.html", status, hall=hall, key=key, places=places, form=form, error=error)


def remove_placement(session: Session, hall: Hall, key: str) -> ResponseReturnValue:
    with_notes = "with_notes" in request.form
    return _simply(
        session, hall, "placements", lambda document: edit.remove_placement(document, key, with_notes=with_notes)
    )


def add_note(session: Session, hall: Hall) -> ResponseReturnValue:
    added = ""
    title = web.both("title", request.form)

    def change(document: HallDocument) -> HallDocument:
        nonlocal added
        key = request.form.get("placement") or None
        if key is not None and key not in document["placements"]:
            raise NotFound("no_part", part=key)
        changed, added = edit.add_note(document, key, title)
        return changed

    try:
        if not has_words(title):
            raise BadInput("title_missing")
        services.edit_draft(session, hall, change, forms.version(request.form))
    except ExhibitError as error:
        return _editor(session, hall, error, note=request.form)
    return web.go("halls.note", slug=hall.slug, key=added)


def note(session: Session, hall: Hall, key: str) -> ResponseReturnValue:  # noqa: ARG001
    return web.page("halls/note.html", hall=hall, key=key, form=forms.note_form(hall.draft["notes"][key]), error=None)


def change_note(session: Session, hall: Hall, key: str) -> ResponseReturnValue:
    try:
        values = forms.note(request.form)
        services.edit_draft(
            session, hall, lambda document: edit.change_note(document, key, values), forms.version(request.form)
        )
    except ExhibitError as error:
        return web.page("halls/note.html", error.status, hall=hall, key=key, form=request.form, error=error)
    return web.go("halls.hall", anchor=f"note-{key}", slug=hall.slug, saved="note")


def remove_note(session: Session, hall: Hall, key: str) -> ResponseReturnValue:
    return _simply(session, hall, "notes", lambda document: edit.remove_note(document, key))


def move_part(session: Session, hall: Hall, parts: Parts, key: str) -> ResponseReturnValue:
    step = -1 if request.form.get("to") == "up" else 1
    return _simply(session, hall, parts, lambda document: edit.move(document, ORDERS[parts], key, step))


def find_hall(session: Session, slug: str) -> dict[str, Any]:
    return {"hall": services.get_hall(session, slug)}


def find_placement(session: Session, slug: str, key: str) -> dict[str, Any]:
    return _find_part(session, slug, "placements", key)


def find_note(session: Session, slug: str, key: str) -> dict[str, Any]:
    return _find_part(session, slug, "notes", key)


def find_part(session: Session, slug: str, parts: Parts, key: str) -> dict[str, Any]:
    return {**_find_part(session, slug, parts, key), "parts": parts}


def _find_part(session: Session, slug: str, parts: Parts, key: str) -> dict[str, Any]:
    hall = services.get_hall(session, slug)
    if key not in hall.draft[parts]:
        raise NotFound("no_part", part=key)
    return {"hall": hall, "key": key}


def _simply(session: Session, hall: Hall, anchor: str, change: edit.Edit) -> ResponseReturnValue:
    """An edit by one button."""
    try:
        services.edit_draft(session, hall, change, forms.version(request.form))
    except ExhibitError as error:
        return _editor(session, hall, error)
    return web.go("halls.hall", anchor=anchor, slug=hall.slug)


def _editor(
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
        saved=request.args.get("saved"),
        error=error,
    )


def _rooms(session: Session, hall: Hall) -> list[Asset]:
    """What the hall can be in: the library's rooms, and the one that it is in."""
    rooms, now = list_rooms(session), session.get(Asset, hall.draft["architecture"]["asset"])
    return rooms if now is None or now in rooms else [now, *rooms]


_HALL: dict[str, Any] = {"verb": Verb.EDIT, "find": find_hall}
_PLACEMENT: dict[str, Any] = {"verb": Verb.EDIT, "find": find_placement}
_NOTE: dict[str, Any] = {"verb": Verb.EDIT, "find": find_note}

ROUTES = (
    Route(rule="/desk", handler=desk, verb=Verb.READ),
    Route(rule="/desk/halls/new", handler=new_hall, verb=Verb.CREATE),
    Route(rule="/desk/halls/new", handler=add_hall, methods=["POST"], verb=Verb.CREATE),
    Route(rule="/desk/halls/<slug>", handler=hall, **_HALL),
    Route(rule="/desk/halls/<slug>/text", handler=describe_hall, methods=["POST"], **_HALL),
    Route(rule="/desk/halls/<slug>/room", handler=furnish_hall, methods=["POST"], **_HALL),
    Route(rule="/desk/halls/<slug>/publish", handler=publish_hall, methods=["POST"], **_HALL),
    Route(rule="/desk/halls/<slug>/placements", handler=add_placement, methods=["POST"], **_HALL),
    Route(rule="/desk/halls/<slug>/placements/<key>", handler=placement, **_PLACEMENT),
    Route(rule="/desk/halls/<slug>/placements/<key>", handler=change_placement, methods=["POST"], **_PLACEMENT),
    Route(rule="/desk/halls/<slug>/placements/<key>/remove", handler=remove_placement, methods=["POST"], **_PLACEMENT),
    Route(rule="/desk/halls/<slug>/notes", handler=add_note, methods=["POST"], **_HALL),
    Route(rule="/desk/halls/<slug>/notes/<key>", handler=note, **_NOTE),
    Route(rule="/desk/halls/<slug>/notes/<key>", handler=change_note, methods=["POST"], **_NOTE),
    Route(rule="/desk/halls/<slug>/notes/<key>/remove", handler=remove_note, methods=["POST"], **_NOTE),
    Route(
        rule="/desk/halls/<slug>/<any(placements, notes):parts>/<key>/move",
        handler=move_part,
        methods=["POST"],
        verb=Verb.EDIT,
        find=find_part,
    ),
    *publication.ROUTES,
)
