"""What holds for the current request: the server's parts, who is asking, the language, whether it is a kiosk."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, g, request

from exhibit.access import Person
from exhibit.config import KIOSK_SECONDS, Config
from exhibit.db import Database
from exhibit.i18n import CATALOGUE, Language, choose, say
from exhibit.storage import Storage


@dataclass(frozen=True, slots=True)
class Site:
    """What the routes of one server work with."""

    config: Config
    database: Database
    storage: Storage


def site() -> Site:
    found: Site = current_app.extensions["longyao"]
    return found


def person() -> Person | None:
    """Who is asking; None for a visitor."""
    found: Person | None = g.person
    return found


def language() -> Language:
    """The language of the answer."""
    if "language" not in g:
        accepted = [tag for tag, _ in request.accept_languages]
        g.language = choose(request.args.get("lang"), request.cookies.get("lang"), accepted)
    found: Language = g.language
    return found


def kiosk_seconds() -> int:
    """Seconds without input after which a kiosk starts again; 0 where this is no kiosk.

    The query asks for it (?kiosk=1, or ?kiosk=<seconds>; 0 ends it), a cookie remembers it, a setting makes it the
    server's default.
    """
    wish = request.args.get("kiosk", request.cookies.get("kiosk", ""))
    if wish.isascii() and wish.isdigit() and len(wish) <= 4:
        seconds = int(wish)
        return KIOSK_SECONDS if seconds == 1 else seconds
    return site().config.kiosk_seconds


def say_or(key: str, other: str) -> str:
    """The text `key` in the language of the answer, or `other` where the catalogue does not have it."""
    return say(key, language()) if key in CATALOGUE else other
