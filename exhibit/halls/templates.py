"""Halls from templates: which room in the library is a template's, and the draft that a template begins."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from sqlalchemy.orm import Session

from exhibit.documents.types import HallDocument, Text
from exhibit.halls import services
from exhibit.halls.models import Hall
from exhibit.library.models import Asset
from exhibit.space.templates import TEMPLATES, begin_document


@cache
def room_id(template: str) -> str:
    """The id of the template's room in the library.

    It changes when the template does, so a room always belongs to the anchors and doors of its hall.
    """
    facts = json.dumps(TEMPLATES[template].document, sort_keys=True)
    return f"{template}-{hashlib.sha256(facts.encode()).hexdigest()[:8]}"


def template_of(room: str) -> str | None:
    """The template whose room has this id; None for any other asset."""
    return next((template for template in TEMPLATES if room_id(template) == room), None)


def begin_hall(session: Session, template: str, room: Asset, title: Text, summary: Text) -> Hall:
    """A new hall in the template's room, with the template's anchors, doors, light and start."""
    begun = begin_document(template, room.id)
    document: HallDocument = {**begun, "title": title, "summary": summary, "assets": {room.id: room.document}}
    return services.create_hall(session, document)
