"""The route table, and the fixed order in which a request is answered."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request
from flask.typing import ResponseReturnValue

from exhibit import access
from exhibit.access import Access
from exhibit.web.context import site

SMALL_REQUEST = 256 * 1024  # bytes of a request from a person who is not signed in


@dataclass(frozen=True, kw_only=True)
class Route:
    """A line of a route table.

    `find` turns the values of the URL into the handler's arguments, or raises NotFound. The handler is called with a
    session (for reading at GET, else one whole writing transaction), unless `own_session`: long work opens its own.
    """

    rule: str
    handler: Callable[..., ResponseReturnValue]
    methods: Sequence[str] = ("GET",)
    access: Access = Access.EVERYONE
    find: Callable[..., dict[str, Any]] | None = None
    own_session: bool = False
    shared: bool = False  # pages of the origins that a setting names may fetch it


def mount(app: Flask, name: str, routes: Sequence[Route]) -> None:
    """Add a capability's route table; endpoints are named <capability>.<handler>."""
    for route in routes:
        endpoint = f"{name}.{route.handler.__name__}"
        app.add_url_rule(route.rule, endpoint, _guarded(route), methods=list(route.methods))


def _guarded(route: Route) -> Callable[..., ResponseReturnValue]:
    """Permission, then the object, then the handler."""

    @functools.wraps(route.handler)
    def answer(**values: Any) -> ResponseReturnValue:
        g.shared = route.shared
        if g.person is None:
            request.max_content_length = SMALL_REQUEST
        access.admit(route.access, g.person)
        access.check_csrf(request)
        database = site().database
        if route.own_session:
            return route.handler(**values)
        with database.reading() if request.method in access.SAFE_METHODS else database.writing() as session:
            found = route.find(session, **values) if route.find else values
            return route.handler(session, **found)

    return answer
