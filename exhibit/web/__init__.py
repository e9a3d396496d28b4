"""How a request becomes an answer. Knows no capability.

routing: the route table and the order of the answer · context: what holds for the current request · pages: HTML ·
body: forms and JSON · uploads: uploaded files · errors: errors as answers · headers: headers and cookies ·
compression: compression and ETags · ready: published pages, rendered once.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from flask import Flask, g, request
from flask import session as cookie
from sqlalchemy.orm import Session

from exhibit.access import Person
from exhibit.web import compression, errors, headers, pages, uploads
from exhibit.web.body import both, json_body
from exhibit.web.compression import matched_version
from exhibit.web.context import Site, kiosk_seconds, language, person, say_or, site
from exhibit.web.errors import problem
from exhibit.web.headers import HEADERS
from exhibit.web.pages import go, page, static_url
from exhibit.web.ready import ReadyAnswers
from exhibit.web.routing import Route, mount

__all__ = [
    "HEADERS",
    "MEGABYTE",
    "ReadyAnswers",
    "Route",
    "Site",
    "both",
    "go",
    "install",
    "json_body",
    "kiosk_seconds",
    "language",
    "matched_version",
    "mount",
    "page",
    "person",
    "problem",
    "say_or",
    "site",
    "static_url",
]

MEGABYTE = 1 << 20


def install(app: Flask, identify: Callable[[Session], Person | None]) -> None:
    """Prepare every request and answer of `app`. `identify` says from the cookie who is asking."""
    app.request_class = uploads.UploadRequest
    app.session_interface = headers.SessionCookie()
    app.before_request(functools.partial(_identify, identify))
    app.before_request(uploads.check_body)
    compression.install(app)
    app.after_request(headers.add_headers)  # Flask runs these from the last to the first
    errors.install(app)
    pages.install(app)


def _identify(identify: Callable[[Session], Person | None]) -> None:
    g.person = None
    if request.endpoint != "static" and cookie:
        with site().database.reading() as session:
            g.person = identify(session)
