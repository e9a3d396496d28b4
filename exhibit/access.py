"""Who is asking, and whether they may: decided once, before a handler runs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import Enum

from flask import Request
from flask import session as cookie

from exhibit.errors import Refused, SignInNeeded

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Access(Enum):
    """Whom a route lets in."""

    EVERYONE = "everyone"
    CURATOR = "curator"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in."""

    account_id: int
    name: str


def admit(access: Access, person: Person | None) -> None:
    """Raise SignInNeeded unless `person` may use a route with this access."""
    if access is Access.CURATOR and person is None:
        raise SignInNeeded("sign_in")


def csrf_token() -> str:
    """The token of this browser's signed cookie; made on first use, so that only pages with a form set a cookie."""
    if "csrf" not in cookie:
        cookie["csrf"] = secrets.token_urlsafe(32)
    return str(cookie["csrf"])


def check_csrf(request: Request) -> None:
    """Raise Refused unless a state change comes from a page of ours: the same site and this browser's token."""
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Refused("csrf")
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if "csrf" not in cookie or not secrets.compare_digest(str(cookie["csrf"]).encode(), given.encode()):
        raise Refused("csrf")
