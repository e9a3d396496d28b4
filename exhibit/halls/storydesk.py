"""The curator's desk for what a hall tells: chapters, milestones, tours, zones, sources, shapes and steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.access import Verb
from exhibit.documents.texts import has_words
from exhibit.documents.types import AssetDocument, HallDocument, Id
from exhibit.errors import BadInput, ExhibitError, NotFound
from exhibit.halls import forms, services, story, storyforms
from exhibit.halls.anchors import FOR_BOARDS, places
from exhibit.halls.models import Hall
from exhibit.halls.story import Part
from exhibit.library.services import list_assets
from exhibit.web import Route


def told(session: Session, hall: Hall) -> ResponseReturnValue:  # noqa: ARG001
    return _overview(hall)


def head_timeline(session: Session, hall: Hall) -> ResponseReturnValue:
    title = web.both("title", request.form)

    def change(document: HallDocument) -> HallDocument:
        if not has_words(title):
            raise BadInput("title_missing")
        return story.head_timeline(document, title, request.form.get("anchor"))

    return _save(session, hall, change, "milestones")


def add_thing(session: Session, hall: Hall, part: Part) -> ResponseReturnValue:
    added = ""

    def change(document: HallDocument) -> HallDocument:
        nonlocal added
        changed, added = story.add(document, part, storyforms.first(part, request.form, document))
        return changed

    try:
        services.edit_draft(session, hall, change, forms.version(request.form))
    except ExhibitError as error:
        return _overview(hall, error)
    return web.go("story.thing", slug=hall.slug, part=part, key=added)


def thing(session: Session, hall: Hall, part: Part, key: str) -> ResponseReturnValue:
    return _thing(session, hall, part, key, story.thing(hall.draft, part, key))


def change_thing(session: Session, hall: Hall, part: Part, key: str) -> ResponseReturnValue:
    now = story.thing(hall.draft, part, key)
    values = storyforms.read(part, request.form, now)
    try:
        changed = storyforms.check(part, values)
        services.edit_draft(
            session, hall, lambda document: story.change(document, part, key, changed), forms.version(request.form)
        )
    except ExhibitError as error:
        return _thing(session, hall, part, key, values, error)
    return web.go("story.told", anchor=f"{part}-{key}", slug=hall.slug)


def remove_thing(session: Session, hall: Hall, part: Part, key: str) -> ResponseReturnValue:
    return _save(session, hall, lambda document: story.remove(document, part, key), part)


def move_thing(session: Session, hall: Hall, part: Part, key: str) -> ResponseReturnValue:
    step = -1 if request.form.get("to") == "up" else 1
    return _save(session, hall, lambda document: story.move(document, part, key, step), part)


def exhibit(session: Session, hall: Hall, key: str) -> ResponseReturnValue:
    return _exhibit(session, hall, key, hall.draft["placements"][key])


def change_exhibit(session: Session, hall: Hall, key: str) -> ResponseReturnValue:
    """Its shapes and its steps."""
    now = hall.draft["placements"][key]
    values = storyforms.read_shapes(request.form, now)
    try:
        shapes = storyforms.check_shapes(values)
        services.edit_draft(
            session, hall, lambda document: story.shape(document, key, shapes), forms.version(request.form)
        )
    except ExhibitError as error:
        kept = {name: value for name, value in now.items() if name not in story.Shapes.__annotations__}
        return _exhibit(session, hall, key, kept | values, error)
    return web.go("story.told", anchor=f"exhibits-{key}", slug=hall.slug)


def find_exhibit(session: Session, slug: str, key: str) -> dict[str, Any]:
    hall = services.get_hall(session, slug)
    if key not in dict(story.objects(hall.draft)):
        raise NotFound("no_part", part=key)
    return {"hall": hall, "key": key}


def find_hall(session: Session, slug: str, **values: Any) -> dict[str, Any]:
    """The hall, the part, and the thing's id where the address names one."""
    hall = services.get_hall(session, slug)
    if "key" in values:
        part = cast(Part, values["part"])
        if values["key"] not in dict(story.things(hall.draft, part)):
            raise NotFound("no_part", part=values["key"])
    return {"hall": hall, **values}


def _save(session: Session, hall: Hall, change: Any, anchor: str) -> ResponseReturnValue:
    try:
        services.edit_draft(session, hall, change, forms.version(request.form))
    except ExhibitError as error:
        return _overview(hall, error)
    return web.go("story.told", anchor=anchor, slug=hall.slug)


def _overview(hall: Hall, error: ExhibitError | None = None) -> ResponseReturnValue:
    return web.page(
        "halls/story.html",
        error.status if error else 200,
        hall=hall,
        parts=[(part, story.things(hall.draft, part)) for part in story.PARTS],
        ordered=story.ORDERS,
        timeline=hall.draft.get("timeline"),
        boards=[place for place in places(hall.draft) if place.kind in FOR_BOARDS],
        objects=story.objects(hall.draft),
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
        empty_rows=storyforms.EMPTY_ROWS,
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
        empty_rows=storyforms.EMPTY_ROWS,
        error=error,
    )


_STORY: dict[str, Any] = {"verb": Verb.EDIT, "find": find_hall}
_EXHIBIT: dict[str, Any] = {"verb": Verb.EDIT, "find": find_exhibit}
_PART = "/desk/halls/<slug>/story/<any(chapters, milestones, tours, zones, sources):part>"

ROUTES = (
    Route(rule="/desk/halls/<slug>/story", handler=told, **_STORY),
    Route(rule="/desk/halls/<slug>/story/timeline", handler=head_timeline, methods=["POST"], **_STORY),
    Route(rule="/desk/halls/<slug>/story/exhibits/<key>", handler=exhibit, **_EXHIBIT),
    Route(rule="/desk/halls/<slug>/story/exhibits/<key>", handler=change_exhibit, methods=["POST"], **_EXHIBIT),
    Route(rule=_PART, handler=add_thing, methods=["POST"], **_STORY),
    Route(rule=f"{_PART}/<key>", handler=thing, **_STORY),
    Route(rule=f"{_PART}/<key>", handler=change_thing, methods=["POST"], **_STORY),
    Route(rule=f"{_PART}/<key>/remove", handler=remove_thing, methods=["POST"], **_STORY),
    Route(
        rule="/desk/halls/<slug>/story/<any(chapters, tours):part>/<key>/move",
        handler=move_thing,
        methods=["POST"],
        **_STORY,
    ),
)
