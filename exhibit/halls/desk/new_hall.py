"""The page that makes a hall: from a template or an empty plan, in a room of the library, or like another hall."""

from __future__ import annotations

import math
from collections.abc import Mapping

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.documents.order import exhibit_numbers
from exhibit.errors import BadInput, ExhibitError
from exhibit.halls import services
from exhibit.halls.edits import hall as hall_edits
from exhibit.halls.models import Hall
from exhibit.halls.rooms import BUILT, room_id, room_of, template_of
from exhibit.halls.templates import PLAN, PLAN_PICTURE, PLAN_SIZES, begin_hall, chosen_building
from exhibit.i18n import LANGUAGES, say
from exhibit.jobs.services import enqueue_hall
from exhibit.library.models import Asset
from exhibit.library.services import list_rooms
from exhibit.space.templates import TEMPLATES

TEMPLATE = "template:"  # before a template's key, which tells it from an asset's id
LIKE = "hall:"  # before a hall's slug


def new_hall(session: Session) -> ResponseReturnValue:
    """With ?like=<slug> the form proposes a copy of that hall."""
    if slug := request.args.get("like"):
        return _form(session, _copy_form(services.get_hall(session, slug)))
    return _form(session, {})


def add_hall(session: Session) -> ResponseReturnValue:
    """A hall in a room that is there opens at once; a room that is still to be built is a job."""
    try:
        title, summary = web.both("title", request.form), web.both("summary", request.form)
        if not any(title.values()):
            raise BadInput("title_missing")
        chosen = request.form.get("room", "")
        if chosen.startswith(TEMPLATE):
            key = chosen.removeprefix(TEMPLATE)
            if key != PLAN and key not in TEMPLATES:
                raise BadInput("bad_form", field="room")
            building = chosen_building(key, _sizes(key, request.form))
            built = session.get(Asset, room_of(building, {}))
            if built is None:
                job = enqueue_hall(session, building=building, title=title, summary=summary)
                return web.go("jobs.job", job=job.id)
            hall = begin_hall(session, building, built, title, summary)
        elif chosen.startswith(LIKE):
            model = services.get_hall(session, chosen.removeprefix(LIKE)).draft
            copy = hall_edits.hall_like(model, title, summary, with_contents="with_contents" in request.form)
            hall = services.create_hall(session, copy)
        else:
            room = next((room for room in list_rooms(session) if room.id == chosen), None)
            if room is None:
                raise BadInput("bad_form", field="room")
            hall = services.create_hall(session, hall_edits.new_hall(title, summary, room.id, room.document))
    except ExhibitError as error:
        return _form(session, request.form, error)
    return web.go("halls.hall", slug=hall.slug)


def _sizes(key: str, form: Mapping[str, str]) -> dict[str, float]:
    """The sizes that the form gives; one that is no number is refused with the others that cannot be built."""
    found = {}
    for size in PLAN_SIZES if key == PLAN else TEMPLATES[key].sizes:
        if given := form.get(f"size_{key}_{size.name}", "").strip():
            try:
                found[size.name] = float(given)
            except ValueError:
                found[size.name] = math.nan
    return found


def _copy_form(hall: Hall) -> dict[str, str]:
    form = {"room": f"{LIKE}{hall.slug}", "with_contents": "on"}
    for language in LANGUAGES:
        title = hall.draft["title"][language]
        form[f"title_{language}"] = say("halls.copy_title", language, name=title) if title else ""
        form[f"summary_{language}"] = hall.draft["summary"][language]
    return form


def _form(session: Session, form: Mapping[str, str], error: ExhibitError | None = None) -> ResponseReturnValue:
    rooms = list_rooms(session)
    own = [room for room in rooms if template_of(room.id) is None and not room.id.startswith(BUILT)]
    there = {room.id for room in rooms}
    return web.page(
        "halls/new.html",
        error.status if error else 200,
        templates=[(template, room_id(key) in there) for key, template in TEMPLATES.items()],
        plan={"key": PLAN, "picture": PLAN_PICTURE, "sizes": PLAN_SIZES},
        rooms=own,
        halls=services.list_halls(session),
        num_exhibits=lambda hall: len(exhibit_numbers(hall.draft)),
        form=form,
        error=error,
    )
