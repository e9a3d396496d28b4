"""A hall's room for its editors: sketched while it is planned, built when the hall is to be published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.access import Verb
from exhibit.documents.contract import RoomRequest, room_request
from exhibit.documents.texts import bilingual
from exhibit.documents.types import Text
from exhibit.errors import BadInput, TooLarge
from exhibit.halls import rooms
from exhibit.halls.api import find_hall, find_hall_for_edits
from exhibit.halls.models import Hall
from exhibit.i18n import say
from exhibit.jobs import services as jobs
from exhibit.jobs.models import Job
from exhibit.space.templates import TEMPLATES
from exhibit.web import Route

MOST_BYTES = 1 << 20
# What one room may have: a sketch of as much takes some two seconds.
MOST = {"walls": 200, "openings": 400, "rooms": 200, "platforms": 100, "stairs": 100, "furniture": 300}
FARTHEST = 500.0  # m from the origin


def templates() -> ResponseReturnValue:
    """The hall templates, and what can be chosen of each."""
    offered = {
        key: {"title": template.title, "sizes": [asdict(size) for size in template.sizes]}
        for key, template in TEMPLATES.items()
    }
    return _unkept({"templates": offered})


def sketch(hall: Hall) -> ResponseReturnValue:  # noqa: ARG001
    """The room as a GLB, not baked; nothing is saved."""
    from exhibit.space.building import built
    from exhibit.space.furnishing import furnish
    from exhibit.space.site import Site
    from exhibit.space.sketch import sketch, sketch_of

    asked = _asked()
    building, furniture = asked.get("building"), asked.get("furniture", {})
    if building is not None:
        glb = sketch(built(building, furniture))
    else:
        site = Site()
        furnish(site, furniture)
        glb = sketch_of(site.sheets)
    response = Response(glb, mimetype="model/gltf-binary")
    response.headers["Cache-Control"] = "no-store"
    return response


def facts(hall: Hall) -> ResponseReturnValue:  # noqa: ARG001
    """What the hall document would say of this room: anchors, doors, start, light, background; nothing is saved."""
    from exhibit.space.building import built
    from exhibit.space.furnishing import anchors_of

    asked = _asked()
    building, furniture = asked.get("building"), asked.get("furniture", {})
    if building is None:
        return _unkept({"anchors": anchors_of(furniture)})
    document = built(building).document("room")
    return _unkept(
        {
            "anchors": {**document.get("anchors", {}), **anchors_of(furniture)},
            "doors": document.get("doors", {}),
            "start": document["start"],
            "light": document.get("light", {}),
            "background": document["architecture"].get("background", "#000000"),
        }
    )


def room(session: Session, hall: Hall) -> ResponseReturnValue:
    return _state(session, hall)


def build_room(session: Session, hall: Hall) -> ResponseReturnValue:
    """Begin to build the room that the draft asks for, unless the hall shows it or it is being built."""
    running = jobs.room_job(session, hall.slug)
    building = rooms.building_of(hall.draft)
    if building is not None and rooms.is_stale(hall.draft) and (running is None or running.over):
        _check_limits(building, hall.draft.get("furniture", {}))
        _check_encloses(building)
        jobs.enqueue_room(session, hall.slug, hall.draft["title"])
    response = _state(session, hall)
    response.status_code = 202
    return response


def cancel_room(session: Session, hall: Hall) -> ResponseReturnValue:
    running = jobs.room_job(session, hall.slug)
    if running is not None:
        jobs.cancel(running)
    return _state(session, hall)


def _state(session: Session, hall: Hall) -> Response:
    job = jobs.room_job(session, hall.slug)
    return _unkept({"stale": rooms.is_stale(hall.draft), "job": None if job is None else _told(job)})


def _told(job: Job) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": job.id,
        "state": job.state,
        "stage": web.say_or(f"jobs.stage.{job.stage}", job.stage),
        "done": job.done,
        "total": job.total,
        "over": job.over,
        "cancelling": job.cancel_wanted,
    }
    if job.failure is not None:
        told["failure"] = {part: texts[web.language()] for part, texts in job.failure.items()}
    return told


def _asked() -> RoomRequest:
    """What the request asks about. Raises BadInput, TooLarge."""
    if (request.content_length or 0) > MOST_BYTES:
        raise TooLarge("room_too_large", most_mb=MOST_BYTES >> 20)
    asked = room_request(web.json_body())
    if "building" in asked:
        asked["building"] = rooms.accepted(asked["building"])
    _check_limits(asked.get("building", {}), asked.get("furniture", {}))
    return asked


def _check_limits(building: Mapping[str, Any], furniture: Mapping[str, Any]) -> None:
    for name, most in MOST.items():
        things = furniture if name == "furniture" else building.get(name, {})
        if len(things) > most:
            raise BadInput("room_limit", what=_named(name), most=most)
        if any(abs(number) > FARTHEST for number in _numbers(things)):
            raise BadInput("room_far", most=f"{FARTHEST:g}")


def _named(things: str) -> Text:
    return bilingual(lambda language: say(f"halls.room_limit.{things}", language))


def _numbers(value: object) -> Sequence[float]:
    if isinstance(value, dict):
        return [number for part in value.values() for number in _numbers(part)]
    if isinstance(value, list):
        return [number for part in value for number in _numbers(part)]
    return [value] if isinstance(value, int | float) else []


def _check_encloses(building: Mapping[str, Any]) -> None:
    from exhibit.space.plan_rooms import plan_faces, wall_graph

    if "walls" in building and not plan_faces(wall_graph({"walls": building["walls"]})):
        raise BadInput("room_open")


def _unkept(value: Mapping[str, Any]) -> Response:
    response = jsonify(value)
    response.headers["Cache-Control"] = "no-store"
    return response


_ASK: dict[str, Any] = {"methods": ["POST"], "verb": Verb.EDIT, "find": find_hall_for_edits, "own_session": True}
ROUTES = (
    Route(rule="/api/templates", handler=templates, verb=Verb.READ, own_session=True),
    Route(rule="/api/halls/<slug>/room", handler=room, verb=Verb.READ, find=find_hall),
    Route(rule="/api/halls/<slug>/room/sketch", handler=sketch, **_ASK),
    Route(rule="/api/halls/<slug>/room/facts", handler=facts, **_ASK),
    Route(rule="/api/halls/<slug>/room/build", handler=build_room, methods=["POST"], verb=Verb.EDIT, find=find_hall),
    Route(rule="/api/halls/<slug>/room/build", handler=cancel_room, methods=["DELETE"], verb=Verb.EDIT, find=find_hall),
)
