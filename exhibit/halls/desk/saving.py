"""Saves what a form of the desk changes: merged with what others have done since the form was opened."""

from __future__ import annotations

from typing import Any, cast

from flask import request, url_for
from sqlalchemy.orm import Session

from exhibit.documents.edit_types import EditName
from exhibit.documents.texts import bilingual, pick
from exhibit.documents.types import HallDocument, Text
from exhibit.errors import NotFound, Removed, StaleVersion
from exhibit.halls import forms, merging
from exhibit.halls.edits import Command
from exhibit.halls.models import Hall
from exhibit.i18n import LANGUAGES

_WORDS = {"title", "label", "summary", "credit", "body", "text", "caption", "year", "address"}


def save(session: Session, hall: Hall, name: EditName, change: Command) -> None:
    """Raises as merging.merge_edit."""
    over = request.form.get("over", type=int)
    merging.merge_edit(session, hall, name, change, forms.version(request.form), over)


def draft_of_form(session: Session, hall: Hall) -> HallDocument:
    """The draft that the form was made from. Raises StaleVersion where it is not known any more."""
    version = forms.version(request.form)
    return hall.draft if version == hall.draft_version else merging.draft_at(session, hall, version)


def missing(session: Session, hall: Hall, part: str, key: str) -> NotFound:
    """The hall has no such thing. Whoever sent a form was slower than someone who removed it: the error keeps what was
    typed, and calls the thing by the title that it had.
    """
    if request.method != "POST":
        return NotFound("no_part", part=key)
    return Removed(_typed(), part=_title(session, hall, part, key), history=url_for("halls.history", slug=hall.slug))


def _title(session: Session, hall: Hall, part: str, key: str) -> Text:
    """As the form's draft has it; the id, if that draft is not known any more."""
    try:
        document = cast(dict[str, Any], draft_of_form(session, hall))
    except StaleVersion:
        document = {}
    things = document.get("timeline", {}) if part == "milestones" else document
    title: Text = things.get(part, {}).get(key, {}).get("title", {"zh": "", "en": ""})
    return bilingual(lambda language: pick(title, language)[0] or key)


def _typed() -> list[tuple[Text, str]]:
    """The form's words and years, and what they are called. Where a thing stood is of no use without the thing."""
    found: list[tuple[Text, str]] = []
    for name, typed in request.form.items(multi=True):
        *_, above, last = ["", *name.split("_")]
        path = [above, last] if last in LANGUAGES else [last]
        if typed.strip() and path[0] in _WORDS:
            found.append((merging.field_name(path), typed.strip()))
    return found
