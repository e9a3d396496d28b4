"""Edits of a hall's zones of sound and light: where a new one is."""

from __future__ import annotations

from exhibit.documents.types import Bounds, HallDocument


def whole_room(document: HallDocument) -> Bounds:
    """The corners of a zone that is all of the hall, in centimetres."""
    bounds = document["assets"][document["architecture"]["asset"]]["bounds"]
    low, high = ([round(metres, 2) for metres in corner] for corner in (bounds["min"], bounds["max"]))
    return {"min": low, "max": high}
