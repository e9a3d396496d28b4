"""The desk's pages for what a hall tells: chapters, milestones, tours, zones, sources, shapes and steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.documents.edit_types import EditName
from exhibit.documents.texts import has_words
from exhibit.documents.types import AssetDocument, HallDocument, Id
from exhibit.errors import BadInput, ExhibitError, NotFound, StaleVersion
from exhibit.halls import forms, services
from exhibit.halls.anchors import FOR_BOARDS, places
from exhibit.halls.desk.saving import draft_of_form, missing, save
from exhibit.halls.edits import Command, milestones, shapes, story
from exhibit.halls.edits.shapes import Shapes, objects
from exhibit.halls.edits.story import Part, Thing
from exhibit.halls.models import Hall
from exhibit.library.services import list_assets


def told(session: Session, hall: Hall) -> ResponseReturnValue:  # noqa: ARG001
    return _overview(hall)


def head_timeline(session: Session, hall: Hall) -> ResponseReturnValue:
    title = web.both("title", request.form)

    def change(document: HallDocument) -> HallDocument:
        if not has_words(title):
            raise BadInput("title_missing")
        return milestones.head_timeline(document, title, request.form.get("anchor"))

    return _save(session, hall, "change-timeline", change, "milestones")


def add_thing(session: Session, hall: Hall, part: Part) -> ResponseReturnValue:
    added = ""

    def change(document: HallDocument) -> HallDocument:
        nonlocal added
        changed, added = story.add(document, part, forms.new_thing(part, request.form, document))
        return changed

    try:
        save(session, hall, f"add-{_one(part)}", change)
    except ExhibitError as error:
        return _overview(hall, error)
    return web.go("story.thing", slug=hall.slug, part=part, key=added)


def thing(session: Session, hall: Hall, part: Part, key: str) -> ResponseReturnValue:
    return _thing(session, hall, part, key, story.thing(hall.draft, part, key))


def change_thing(session: Session, hall: Hall, part: Part, key: str) -> ResponseReturnValue:
    now = story.thing(hall.draft, part, key)
    values = forms.read_thing(part, request.form, now, now)
    try:
        values = forms.read_thing(part, request.form, _then(session, hall, part, key), now)
        changed = forms.check_thing(part, values)
        save(
            session,
            hall,
            f"change-{_one(part)}",
            lambda document: story.change(document, part, key, changed),
        )
    except ExhibitError as error:
        return _thing(session, hall, part, key, values, error)
    return web.go("story.told", anchor=f"{part}-{key}", slug=hall.slug)


def remove_thing(session: Session, hall: Hall, part: Part, key: str) -> ResponseReturnValue:
    return _save(session, hall, f"remove-{_one(part)}", lambda document: story.remove(document, part, key), part)


def move_thing(session: Session, hall: Hall, part: Part, key: str) -> ResponseReturnValue:
    step = -1 if request.form.get("to") == "up" else 1
    return _save(session, hall, "move-in-order", lambda document: story.move(document, part, key, step), part)


def exhibit(session: Session, hall: Hall, key: str) -> ResponseReturnValue:
    return _exhibit(session, hall, key, hall.draft["placements"][key])


def change_exhibit(session: Session, hall: Hall, key: str) -> ResponseReturnValue:
    """Its shapes and its steps."""
    now = hall.draft["placements"][key]
    values = forms.read_shapes(request.form, now)
    try:
        then = draft_of_form(session, hall)["placements"].get(key, now)
        values = forms.read_shapes(request.form, then)
        changed = forms.check_shapes(values)
        save(
            session,
            hall,
            "change-shapes",
            lambda document: shapes.change(document, key, changed),
        )
    except ExhibitError as error:
        kept = {name: value for name, value in now.items() if name not in Shapes.__annotations__}
        return _exhibit(session, hall, key, kept | values, error)
    return web.go("story.told", anchor=f"exhibits-{key}", slug=hall.slug)


def find_exhibit(session: Session, slug: str, key: str) -> dict[str, Any]:
    hall = services.get_hall(session, slug)
    if key not in dict(objects(hall.draft)):
        raise missing(session, hall, "placements", key)
    return {"hall": hall, "key": key}


def find_part(session: Session, slug: str, part: Part) -> dict[str, Any]:
    return {"hall": services.get_hall(session, slug), "part": part}


def find_thing(session: Session, slug: str, part: Part, key: str) -> dict[str, Any]:
    hall = services.get_hall(session, slug)
    if key not in dict(story.things(hall.draft, part)):
        raise missing(session, hall, part, key)
    return {"hall": hall, "part": part, "key": key}


def _save(session: Session, hall: Hall, name: EditName, change: Command, anchor: str) -> ResponseReturnValue:
    try:
        save(session, hall, name, change)
    except ExhibitError as error:
        return _overview(hall, error)
    return web.go("story.told", anchor=anchor, slug=hall.slug)


def _then(session: Session, hall: Hall, part: Part, key: str) -> Thing:
    """What it was when the form was opened. Raises StaleVersion."""
    try:
        return story.thing(draft_of_form(session, hall), part, key)
    except NotFound:
        raise StaleVersion("stale", version=forms.version(request.form), now=hall.draft_version) from None


def _one(part: Part) -> str:
    return part.removesuffix("s")


def _overview(hall: Hall, error: ExhibitError | None = None) -> ResponseReturnValue:
    return web.page(
        "halls/story.html",
        error.status if error else 200,
        hall=hall,
        parts=[(part, story.things(hall.draft, part)) for part in story.PARTS],
        ordered=story.ORDERS,
        timeline=hall.draft.get("timeline"),
        boards=[place for place in places(hall.draft) if place.kind in FOR_BOARDS],
        objects=objects(hall.draft),
        error=error,
    )


def _choice(session: Session, hall: Hall, kind: str) -> list[tuple[Id, AssetDocument]]:
    """(id, asset) of a kind: what the hall has, and the library."""
    library = {asset.id: asset.document for asset in list_assets(session)}
    return [(key, asset) for key, asset in {**hall.draft["assets"], **library}.items() if asset["kind"] == kind]


def _exhibit(
    session: Session, hall: Hall, key: str, values: Mapping[str, object], error: ExhibitError | None = None
) -> ResponseReturnValue:
    kind = hall.draft["assets"][hall.draft["placements"][key]["asset"]]["kind"]
    return web.page(
        "halls/story_exhibit.html",
        error.status if error else 200,
        hall=hall,
        key=key,
        placement=values,
        models=_choice(session, hall, kind),
        empty_rows=forms.EMPTY_ROWS,
        error=error,
    )


def _thing(
    session: Session, hall: Hall, part: Part, key: str, values: Mapping[str, object], error: ExhibitError | None = None
) -> ResponseReturnValue:
    draft = hall.draft
    return web.page(
        "halls/story_thing.html",
        error.status if error else 200,
        hall=hall,
        part=part,
        key=key,
        thing=values,
        placements=[(each, draft["placements"][each]) for each in draft["placement_order"]],
        notes=[(each, draft["notes"][each]) for each in draft["note_order"]],
        chapters=story.things(draft, "chapters"),
        sources=story.things(draft, "sources"),
        audio=_choice(session, hall, "audio") if part == "zones" else [],
        empty_rows=forms.EMPTY_ROWS,
        error=error,
    )
