"""Edits of a hall's sources: what names them."""

from __future__ import annotations

from exhibit.documents.order import milestones_in_order
from exhibit.documents.types import HallDocument, Id


def drop(document: HallDocument, key: Id) -> None:
    """Placements, notes and milestones name the source no more."""
    milestones = [milestone for _, milestone in milestones_in_order(document)]
    for naming in [*document["placements"].values(), *document["notes"].values(), *milestones]:
        if key in naming.get("sources", ()):
            naming["sources"].remove(key)
