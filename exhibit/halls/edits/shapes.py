"""Edits of an exhibit's shapes and of the steps of its process."""

from __future__ import annotations

from typing import TypedDict, final

from exhibit.documents.order import placements_in_order
from exhibit.documents.types import HallDocument, Id, OwnVariant, Placement, ProcessStep, Variant
from exhibit.errors import NotFound


@final
class Shapes(TypedDict, total=False):
    """What of a placement a form for shapes and steps says."""

    variant: OwnVariant
    variants: list[Variant]
    process: list[ProcessStep]


def objects(document: HallDocument) -> list[tuple[Id, Placement]]:
    """(id, placement) of all that can have other shapes, and steps."""
    return [(key, placement) for key, placement in placements_in_order(document) if placement["kind"] == "object"]


def change(document: HallDocument, key: Id, values: Shapes) -> HallDocument:
    """`values` are all that an exhibit has of its own shape's name, its other shapes and its steps. Raises NotFound."""
    placement = dict(objects(document)).get(key)
    if placement is None:
        raise NotFound("no_part", part=key)
    changed: Placement = {**placement}
    changed.pop("variant", None)
    changed.pop("variants", None)
    changed.pop("process", None)
    return {**document, "placements": {**document["placements"], key: {**changed, **values}}}
