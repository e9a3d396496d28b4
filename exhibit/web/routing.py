"""The route table, and the fixed order in which a request is answered."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import access
from exhibit.access import Verb
from exhibit.web.context import site

SMALL_REQUEST = 256 * 1024  # bytes of a request from a person who is not signed in


@dataclass(frozen=True, kw_only=True)
class Route:
    """A line of a route table.

    `find` turns the values of the URL into the handler's arguments, or raises NotFound; the first of them is the thing
    that `verb` is done to. The handler is called with a session (for reading at GET, else one whole writing
    transaction), unless `own_session`: long work opens its own.
    """

    rule: str
    handler: Callable[..., ResponseReturnValue]
    methods: Sequence[str] = ("GET",)
    verb: Verb = Verb.SEE
    find: Callable[..., dict[str, Any]] | None = None
    own_session: bool = False
    shared: bool = False  # pages of the origins that a setting names may fetch it
    ready: bool = False  # all who are not signed in get the same answer until something is published: see ready.py


def mount(app: Flask, name: str, routes: Sequence[Route]) -> None:
    """Add a capability's route table; endpoints are named <capability>.<handler>."""
    for route in routes:
        endpoint = f"{name}.{route.handler.__name__}"
        app.add_url_rule(route.rule, endpoint, _guarded(route), methods=list(route.methods))


def _guarded(route: Route) -> Callable[..., ResponseReturnValue]:
    """Who is asking, then what the URL names, then whether this person may do this to it, then the handler."""

    @functools.wraps(route.handler)
    def answer(**values: Any) -> ResponseReturnValue:
        g.shared = route.shared
        if g.person is None:
            request.max_content_length = SMALL_REQUEST
            access.require(None, route.verb, None)  # nobody learns what exists by asking for it signed out
        access.check_csrf(request)
        database = site().database
        if route.own_session:
            with database.reading() as session:
                found = _find(route, session, values)
            return route.handler(**found)
        author = g.person.account_id if g.person else None
        reads = request.method in access.SAFE_METHODS
        with database.reading() if reads else database.writing(author_id=author) as session:
            return route.handler(session, **_find(route, session, values))

    return answer


def _find(route: Route, session: Session, values: dict[str, Any]) -> dict[str, Any]:
    """The handler's arguments. Raises NotFound, and Refused where this person may not do this to the thing found."""
    if route.find is None:
        access.require(g.person, route.verb, None)
        return values
    found = route.find(session, **values)
    access.require(g.person, route.verb, next(iter(found.values())))
    return found
