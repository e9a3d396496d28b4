"""Merges what a form of the desk changes into a draft that others have edited since the form was opened.

The form changes what differs from the draft as it was then. Where someone else has changed the same, both sides are
told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from exhibit.documents.changes import apply, difference, invert, place
from exhibit.documents.edit_types import AcceptedEdit, Change, Conflict, EditName, Version
from exhibit.documents.hall import used_assets
from exhibit.documents.texts import bilingual
from exhibit.documents.types import HallDocument, Quaternion, Text
from exhibit.errors import NotFound, StaleVersion
from exhibit.halls import edit_log, services
from exhibit.halls.edits import Command
from exhibit.halls.edits.hall import with_assets
from exhibit.halls.models import Hall
from exhibit.halls.rotation import turn
from exhibit.i18n import CATALOGUE, LANGUAGES, Language, say
from exhibit.library.models import Asset

_ADDS = "add-"  # edits whose names begin so are made in the draft as it is now


@dataclass(frozen=True, slots=True)
class Side:
    """A field that both have changed: what the form says, what the draft has, and who wrote that (empty: not known)."""

    field: Text
    mine: Text
    theirs: Text
    author: str


class EditConflict(StaleVersion):
    """Someone else has changed the same as this form; nothing was written. `now`: the draft's version."""

    def __init__(self, sides: Sequence[Side], now: Version):
        super().__init__("form_conflict")
        self.sides, self.now = sides, now


def merge_edit(
    session: Session, hall: Hall, name: EditName, change: Command, version: Version, over: Version | None = None
) -> None:
    """Save what `change` makes of the draft of `version`, merged with what others have done since.

    `over`: the draft's version whose other side the curator has seen, and does not want. Raises as services.save_draft;
    EditConflict where others have changed the same, StaleVersion where the log does not reach back.
    """
    if version == hall.draft_version or name.startswith(_ADDS):
        services.edit_draft(session, hall, name, change, hall.draft_version)
        return
    before = draft_at(session, hall, version)
    try:
        changes = [each for each in difference(before, change(before)) if not _is_blank(each)]
    except (KeyError, NotFound):  # what the form is about was not there then
        raise StaleVersion("stale", version=version, now=hall.draft_version) from None
    merged, conflicts = apply(hall.draft, changes)
    if conflicts and over == hall.draft_version:
        changes = [_over(each, conflicts) for each in changes]
        merged, conflicts = apply(hall.draft, changes)
    if conflicts:
        edits, _ = edit_log.since(session, hall, version)
        sides = [_side(before, hall.draft, each, edits) for each in conflicts]
        raise EditConflict(sides, hall.draft_version)
    services.edit_draft(session, hall, name, lambda _: merged, hall.draft_version)


def draft_at(session: Session, hall: Hall, version: Version) -> HallDocument:
    """The draft as it was at a version. Raises StaleVersion where the log does not reach back to it."""
    edits, _ = edit_log.since(session, hall, version)
    document = hall.draft
    for edit in reversed(edits):
        document, conflicts = apply(document, invert(edit["changes"]))
        if conflicts:
            raise StaleVersion("stale", version=version, now=hall.draft_version)
    rows = session.execute(select(Asset.id, Asset.document).where(Asset.id.in_(used_assets(document))))
    return with_assets(document, {row.id: row.document for row in rows})


def _is_blank(change: Change) -> bool:
    """Whether it only adds a text without words: a form has every field, a document has not."""
    to = change.get("to")
    return "from" not in change and isinstance(to, dict) and to.keys() == set(LANGUAGES) and not any(to.values())


def _over(change: Change, conflicts: Sequence[Conflict]) -> Change:
    """The change, from what is there now."""
    for conflict in conflicts:
        if conflict["change"] is change and "order" not in change:
            plain = {key: value for key, value in change.items() if key != "from"}
            return cast(Change, plain | ({"from": conflict["current"]} if "current" in conflict else {}))
    return change


def _side(before: HallDocument, now: HallDocument, conflict: Conflict, edits: Sequence[AcceptedEdit]) -> Side:
    change = conflict["change"]
    path = place(change)
    return Side(
        field_name(path),
        bilingual(lambda language: _words(before, change.get("to"), path, language)),
        bilingual(lambda language: _words(now, conflict.get("current"), path, language)),
        next((edit.get("author", "") for edit in reversed(edits) if _touches(edit, path)), ""),
    )


def _touches(edit: AcceptedEdit, path: Sequence[str]) -> bool:
    places = [place(each) for each in edit["changes"]]
    return any(other[: len(path)] == path[: len(other)] for other in places)


def field_name(path: Sequence[str]) -> Text:
    """What the form calls it."""
    return bilingual(lambda language: _field(path, language))


def _field(path: Sequence[str], language: Language) -> str:
    *above, key = path
    if key in LANGUAGES and above:
        return f"{_field(above, language)} ({say('site.this_language', key)})"
    known = f"halls.conflict.{key}"
    return say(known if known in CATALOGUE else "halls.conflict.other", language)


def _words(document: HallDocument, value: object, path: Sequence[str], language: Language) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return say("halls.conflict.nothing", language)
    if isinstance(value, str):
        part = cast(dict[str, dict[str, dict[str, Text]]], document).get(f"{path[-1]}s", {})
        return part[value]["title"][language] or value if value in part else value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list) and path[-1] == "rotation":
        return f"{turn(cast(Quaternion, value)):.0f}°"
    if isinstance(value, list) and all(isinstance(each, int | float) for each in value):
        return ", ".join(f"{each:.2f}" for each in value) + " m"
    if isinstance(value, dict) and value.keys() == set(LANGUAGES):
        return " / ".join(words for words in value.values() if words) or say("halls.conflict.nothing", language)
    return say("halls.conflict.changed", language)
