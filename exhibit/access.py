"""Whether a person may do something: asked once, when the thing is found, before the handler runs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import Enum

from flask import Request
from flask import session as cookie

from exhibit import ids
from exhibit.errors import Refused, SignInNeeded

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Verb(Enum):
    """What a route does with the thing that its URL names."""

    SEE = "see"  # what is on show
    READ = "read"  # drafts, the library, jobs
    CREATE = "create"
    EDIT = "edit"
    PUBLISH = "publish"  # and take down
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in."""

    account_id: int
    name: str


def may(person: Person | None, verb: Verb, thing: object) -> bool:  # noqa: ARG001
    """Whether this person may do this to this thing (a hall, an asset, a job ...; None: to any at all).

    Everyone sees what is on show. Who is signed in is a curator and may do everything. More roles belong here.
    """
    return verb is Verb.SEE or person is not None


def require(person: Person | None, verb: Verb, thing: object) -> None:
    """Raise SignInNeeded, or Refused, unless `may`."""
    if may(person, verb, thing):
        return
    if person is None:
        raise SignInNeeded("sign_in")
    raise Refused("not_allowed")


def csrf_token() -> str:
    """The token of this browser's signed cookie; made on first use, so that only pages with a form set a cookie."""
    if "csrf" not in cookie:
        cookie["csrf"] = ids.token()
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
