"""Errors as answers: a page at the desk and for visitors, problem details (RFC 9457) below /api/."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from exhibit.errors import ExhibitError, Removed, SignInNeeded, no_room
from exhibit.i18n import CATALOGUE, HTML_LANG, say
from exhibit.web.context import language
from exhibit.web.pages import go, page


def install(app: Flask) -> None:
    app.register_error_handler(ExhibitError, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)


def problem(key: str, status: int, title: str, hint: str, **more: Any) -> Response:
    """An error of the JSON API as RFC 9457 problem details."""
    response = jsonify({"type": f"urn:longyao:problem:{key}", "title": title, "status": status, "detail": hint} | more)
    response.status_code = status
    response.mimetype = "application/problem+json"
    response.headers["Content-Language"] = HTML_LANG[language()]
    response.headers["Cache-Control"] = "no-store"
    return response


def _wants_json() -> bool:
    return request.path.startswith("/api/")


def _answer(key: str, status: int, title: str, hint: str, removed: Removed | None = None) -> Response:
    if _wants_json():
        return problem(key, status, title, hint)
    response = page("error.html", status, title=title, hint=hint, code=status, removed=removed)
    response.headers["Cache-Control"] = "no-store"
    return response


def _known(error: ExhibitError) -> ResponseReturnValue:
    if isinstance(error, SignInNeeded) and not _wants_json():
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return go("people.sign_in_page", next=wanted)
    if error.status >= 500:
        current_app.logger.error("%s", error)
    removed = error if isinstance(error, Removed) else None
    return _answer(error.key, error.status, error.message(language()), error.hint(language()), removed)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error.get_response()
    status = error.code or 500
    key = f"http_{status}" if f"error.http_{status}" in CATALOGUE else "http_400"
    answer = _answer(key, status, say(f"error.{key}", language()), say(f"error.{key}.hint", language()))
    if isinstance(error, MethodNotAllowed):
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or []))
    return answer


def _unknown(error: Exception) -> ResponseReturnValue:
    if (full := no_room(error)) is not None:
        g.setdefault("person", None)
        return _known(full)
    current_app.logger.log(logging.ERROR, "%s %s failed", request.method, request.path, exc_info=error)
    g.setdefault("person", None)
    return _answer(
        "http_500",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        say("error.http_500", language()),
        say("error.http_500.hint", language()),
    )
