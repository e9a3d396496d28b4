"""The orders that curators choose: of placements, notes, chapters, tours."""

from __future__ import annotations

from typing import Literal

from exhibit.documents.types import HallDocument, Id
from exhibit.errors import NotFound

Order = Literal["placement_order", "note_order", "chapter_order", "tour_order"]


def move(document: HallDocument, order: Order, key: Id, step: int) -> HallDocument:
    """Move one up (-1) or down (+1); at the ends nothing changes. Raises NotFound."""
    keys = list(document.get(order, []))
    if key not in keys:
        raise NotFound("no_part", part=key)
    at = keys.index(key)
    keys.insert(min(max(at + step, 0), len(keys) - 1), keys.pop(at))
    changed: HallDocument = {**document}
    changed[order] = keys
    return changed
