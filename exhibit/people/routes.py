"""Signing in and out."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.access import Verb
from exhibit.errors import TooManyAttempts
from exhibit.people import services
from exhibit.web import Route


def sign_in_page(session: Session) -> ResponseReturnValue:  # noqa: ARG001
    if web.person():
        return web.go("halls.desk")
    return web.page("people/sign_in.html", next=_inside(request.args.get("next")), name="", wrong=None)


def sign_in(session: Session) -> ResponseReturnValue:
    name, wanted = request.form.get("name", ""), _inside(request.form.get("next"))
    address = request.remote_addr or "unknown"
    hours = web.site().config.session_hours
    try:
        person = services.sign_in(session, name, request.form.get("password", ""), address, hours)
    except TooManyAttempts as error:
        return web.page("people/sign_in.html", 429, next=wanted, name=name, wrong=error)
    if person is None:
        return web.page("people/sign_in.html", 401, next=wanted, name=name, wrong="password")
    return redirect(request.script_root + wanted, 303) if wanted else web.go("halls.desk")


def sign_out(session: Session) -> ResponseReturnValue:
    services.sign_out(session)
    return web.go("visitors.home")


def _inside(address: str | None) -> str | None:
    """A page of the desk to go on to; anything else, another host above all, is dropped."""
    return address if address and address.startswith("/desk") and "\\" not in address and "\n" not in address else None


ROUTES = (
    Route(rule="/desk/sign-in", handler=sign_in_page),
    Route(rule="/desk/sign-in", handler=sign_in, methods=["POST"]),
    Route(rule="/desk/sign-out", handler=sign_out, methods=["POST"], verb=Verb.READ),
)
