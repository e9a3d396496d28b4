"""Halls as JSON: the published ones for everyone, drafts for the curator's editor."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.access import Verb
from exhibit.documents.contract import edits_request
from exhibit.errors import NotFound, TooLarge
from exhibit.halls import editing, history, services
from exhibit.halls.models import Hall
from exhibit.publishing.services import revision
from exhibit.web import Route

MAX_DOCUMENT_MB = 4


def halls(session: Session) -> ResponseReturnValue:
    listed = [
        {"slug": hall.slug, "title": hall.published["title"], "summary": hall.published["summary"]}
        for hall in services.list_published(session)
        if hall.published
    ]
    return _fresh(jsonify(halls=listed))


def drafts(session: Session) -> ResponseReturnValue:
    """Every hall at the desk, for whoever leads a door to one."""
    listed = [
        {
            "slug": hall.slug,
            "title": hall.draft["title"],
            "picture": hall.draft["assets"][hall.draft["architecture"]["asset"]]["files"]["thumb"]["sha256"],
            "published": hall.published is not None,
        }
        for hall in services.list_halls(session)
    ]
    return _unkept(jsonify(halls=listed))


def hall(session: Session, hall: Hall) -> ResponseReturnValue:  # noqa: ARG001
    return _fresh(jsonify(hall.published))


def draft(session: Session, hall: Hall) -> ResponseReturnValue:  # noqa: ARG001
    return _draft(hall)


def version(session: Session, hall: Hall, version: int) -> ResponseReturnValue:
    return _unkept(jsonify(revision(session, hall, version).document))


def versions(session: Session, hall: Hall) -> ResponseReturnValue:
    return _unkept(jsonify(history.history(session, hall, request.args.get("before", type=int))))


def put_draft(session: Session, hall: Hall) -> ResponseReturnValue:
    _check_size()
    services.save_draft(session, hall, web.json_body(), web.matched_version())
    return _draft(hall)


def edits(hall: Hall) -> ResponseReturnValue:
    """Takes an editor's edits into the draft and tells it everyone's; a question where it has none."""
    _check_size()
    person = web.person()
    assert person is not None
    body = edits_request(web.json_body())
    return _unkept(jsonify(editing.answer(web.site().database, hall.slug, person, body, web.language())))


def publish(session: Session, hall: Hall) -> ResponseReturnValue:
    services.publish(session, hall, web.matched_version())
    return _draft(hall)


def unpublish(session: Session, hall: Hall) -> ResponseReturnValue:
    services.unpublish(session, hall)
    return _draft(hall)


def find_hall_for_edits(session: Session, slug: str) -> dict[str, Any]:
    """The hall without its documents, which are large; editors ask every few seconds."""
    return {"hall": services.get_hall(session, slug, documents=False)}


def find_hall(session: Session, slug: str) -> dict[str, Any]:
    return {"hall": services.get_hall(session, slug)}


def find_version(session: Session, slug: str, version: int) -> dict[str, Any]:
    hall = services.get_hall(session, slug)
    revision(session, hall, version)
    return {"hall": hall, "version": version}


def find_published(session: Session, slug: str) -> dict[str, Any]:
    hall = services.get_hall(session, slug)
    if hall.published is None:
        raise NotFound("no_hall", hall=slug)
    return {"hall": hall}


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache"
    return response


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _check_size() -> None:
    if (request.content_length or 0) > MAX_DOCUMENT_MB * web.MEGABYTE:
        raise TooLarge("document_size", most_mb=MAX_DOCUMENT_MB)


def _draft(hall: Hall) -> Response:
    """The draft; its version is the ETag."""
    response = _unkept(jsonify(hall.draft))
    response.set_etag(str(hall.draft_version))
    return response


ROUTES = (
    Route(rule="/api/halls", handler=halls, shared=True, ready=True),
    Route(rule="/api/drafts", handler=drafts, verb=Verb.READ),
    Route(rule="/api/halls/<slug>", handler=hall, find=find_published, shared=True, ready=True),
    Route(rule="/api/halls/<slug>/versions", handler=versions, verb=Verb.READ, find=find_hall_for_edits),
    Route(
        rule="/api/halls/<slug>/versions/<int(max=2147483647):version>",
        handler=version,
        verb=Verb.READ,
        find=find_version,
    ),
    Route(rule="/api/halls/<slug>/draft", handler=draft, verb=Verb.READ, find=find_hall),
    Route(rule="/api/halls/<slug>/draft", handler=put_draft, methods=["PUT"], verb=Verb.EDIT, find=find_hall),
    Route(
        rule="/api/halls/<slug>/edits",
        handler=edits,
        methods=["POST"],
        verb=Verb.EDIT,
        find=find_hall_for_edits,
        own_session=True,
    ),
    Route(rule="/api/halls/<slug>/publish", handler=publish, methods=["POST"], verb=Verb.PUBLISH, find=find_hall),
    Route(rule="/api/halls/<slug>/unpublish", handler=unpublish, methods=["POST"], verb=Verb.PUBLISH, find=find_hall),
)
