"""A hall's kept versions: when each was saved, by whom, and what was done since the one before it."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import Counter
from typing import TypedDict

from sqlalchemy.orm import Session

from exhibit.documents.edit_types import EditName, Version
from exhibit.halls import edit_log
from exhibit.halls.models import Hall
from exhibit.people.services import names
from exhibit.publishing.services import revisions

AT_ONCE = 60  # versions of one answer


class DoneEdits(TypedDict):
    name: EditName
    count: int


class KeptVersion(TypedDict):
    version: Version
    at: str
    authors: list[str]
    edits: list[DoneEdits]
    on_show: bool


class History(TypedDict):
    versions: list[KeptVersion]
    more: bool


def history(session: Session, hall: Hall, before: Version | None = None) -> History:
    """The newest versions, or those before one. Whose edits are not in the log are told by who saved the version."""
    kept = [each for each in revisions(session, hall) if before is None or each.version < before]
    shown, older = kept[:AT_ONCE], kept[AT_ONCE:]
    if not shown:
        return {"versions": [], "more": False}
    saved_by = names(session, {each.saved_by for each in shown if each.saved_by is not None})
    ends = [each.version for each in reversed(shown)]
    edits: dict[Version, Counter[EditName]] = {end: Counter() for end in ends}
    authors: dict[Version, set[str]] = {end: set() for end in ends}
    for version, name, author in edit_log.done(session, hall, older[0].version if older else 0, ends[-1]):
        end = ends[bisect_left(ends, version)]
        edits[end][name] += 1
        if author is not None:
            authors[end].add(author)
    versions: list[KeptVersion] = [
        {
            "version": each.version,
            "at": each.saved_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
            "authors": sorted(authors[each.version]) or [saved_by[key] for key in (each.saved_by,) if key in saved_by],
            "edits": [{"name": name, "count": count} for name, count in edits[each.version].items()],
            "on_show": each.version == hall.published_version,
        }
        for each in shown
    ]
    return {"versions": versions, "more": bool(older)}
