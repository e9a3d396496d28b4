"""Ids and tokens: how they look, how they are made from titles, which are free."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable

from exhibit.errors import BadInput

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_LONGEST_SLUG = 48


def check_id(wish: str) -> None:
    """Raise BadInput for what cannot be an id in a URL."""
    if not _ID.fullmatch(wish):
        raise BadInput("bad_id", id=wish[:80])


def slug(wish: str) -> str:
    """A title as an id, at most 48 characters; empty where nothing of it can be kept."""
    plain = unicodedata.normalize("NFKD", wish).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].strip("-")


def first_slug(*wishes: str, fallback: str) -> str:
    """The slug of the first wish that has Latin letters or digits."""
    return next(filter(None, (slug(wish) for wish in wishes)), fallback)


def unused(stem: str, taken: Iterable[str]) -> str:
    """`stem`, or with the lowest number from 2 that nobody has."""
    taken = set(taken)
    number, wish = 1, stem
    while wish in taken:
        number += 1
        wish = f"{stem}-{number}"
    return wish


def numbered(stem: str, taken: Iterable[str]) -> str:
    """`stem` with a number after the highest that is there: what was removed and comes back finds its id free."""
    matches = [re.fullmatch(rf"{re.escape(stem)}(?:-(\d{{1,15}}))?", key) for key in taken]
    highest = max((int(match[1] or 1) for match in matches if match), default=0)
    return f"{stem}-{highest + 1}" if highest else stem


def token() -> str:
    """256 random bits that nobody can guess, as text for cookies and forms."""
    return secrets.token_urlsafe(32)
