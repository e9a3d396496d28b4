"""Edits of a hall's chapters: what the removal of something else changes in them."""

from __future__ import annotations

from exhibit.documents.types import HallDocument, Id


def drop_placement(document: HallDocument, placement_key: Id) -> None:
    """Chapters list the placement no more."""
    for chapter in document.get("chapters", {}).values():
        chapter["placements"] = [key for key in chapter["placements"] if key != placement_key]
