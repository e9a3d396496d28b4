"""Edits of a hall's tours: what the removal of something else changes in them."""

from __future__ import annotations

from typing import Literal

from exhibit.documents.types import HallDocument, Id


def drop(document: HallDocument, name: Literal["placement", "note"], key: Id) -> None:
    """Tours lead no more to a part that is gone; what they say at the stop is kept."""
    for tour in document.get("tours", {}).values():
        for stop in tour["stops"].values():
            if stop.get(name) == key:
                del stop[name]
