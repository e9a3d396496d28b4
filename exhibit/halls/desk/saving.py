"""Saves what a form of the desk changes: merged with what others have done since the form was opened."""

from __future__ import annotations

from flask import request
from sqlalchemy.orm import Session

from exhibit.documents.edit_types import EditName
from exhibit.documents.types import HallDocument
from exhibit.halls import forms, merging
from exhibit.halls.edits import Command
from exhibit.halls.models import Hall


def save(session: Session, hall: Hall, name: EditName, change: Command) -> None:
    """Raises as merging.merge_edit."""
    over = request.form.get("over", type=int)
    merging.merge_edit(session, hall, name, change, forms.version(request.form), over)


def draft_of_form(session: Session, hall: Hall) -> HallDocument:
    """The draft that the form was made from. Raises StaleVersion where it is not known any more."""
    version = forms.version(request.form)
    return hall.draft if version == hall.draft_version else merging.draft_at(session, hall, version)
