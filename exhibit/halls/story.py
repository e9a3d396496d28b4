"""Edits of what a hall tells: chapters, milestones, tours, zones, sources, an exhibit's shapes and steps.

As in edit.py, each gives back another hall.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Literal, TypedDict, cast, final

from exhibit.documents.order import milestones_in_order, placements_in_order
from exhibit.documents.types import (
    Bounds,
    Chapter,
    HallDocument,
    Id,
    Milestone,
    OwnVariant,
    Placement,
    ProcessStep,
    Source,
    Text,
    Timeline,
    Tour,
    Variant,
    Zone,
)
from exhibit.errors import NotFound
from exhibit.ids import slug, unused

Part = Literal["chapters", "milestones", "tours", "zones", "sources"]
Thing = Chapter | Milestone | Tour | Zone | Source  # of a part
PARTS: tuple[Part, ...] = ("chapters", "milestones", "tours", "zones", "sources")
ORDERS: dict[Part, Literal["chapter_order", "tour_order"]] = {"chapters": "chapter_order", "tours": "tour_order"}
TIMELINE: Text = {"zh": "年表", "en": "Through the years"}


@final
class Shapes(TypedDict, total=False):
    """What of a placement a form for shapes and steps says."""

    variant: OwnVariant
    variants: list[Variant]
    process: list[ProcessStep]


def things(document: HallDocument, part: Part) -> Sequence[tuple[Id, Thing]]:
    """(id, thing) in the order in which visitors meet them: milestones by their years."""
    if part == "milestones":
        return milestones_in_order(document)
    found = document.get(part, {})
    order = document.get(ORDERS[part], []) if part in ORDERS else [*found]
    return [(key, found[key]) for key in order]


def thing(document: HallDocument, part: Part, key: Id) -> Thing:
    """Raises NotFound."""
    found = dict(things(document, part)).get(key)
    if found is None:
        raise NotFound("no_part", part=key)
    return found


def add(document: HallDocument, part: Part, values: Thing) -> tuple[HallDocument, Id]:
    """(hall, the new thing's id), at the end of its order."""
    changed = copy.deepcopy(document)
    own = _things_of(changed, part)
    key = unused(slug(values["title"]["en"]) or part.removesuffix("s"), own)
    own[key] = values
    if part in ORDERS:
        changed.setdefault(ORDERS[part], []).append(key)
    return changed, key


def change(document: HallDocument, part: Part, key: Id, values: Thing) -> HallDocument:
    """`values` are the whole thing."""
    thing(document, part, key)
    changed = copy.deepcopy(document)
    _things_of(changed, part)[key] = values
    return changed


def remove(document: HallDocument, part: Part, key: Id) -> HallDocument:
    """Take it away wherever the hall names it."""
    thing(document, part, key)
    changed = copy.deepcopy(document)
    del _things_of(changed, part)[key]
    if part in ORDERS:
        changed[ORDERS[part]].remove(key)
    milestones = [milestone for _, milestone in milestones_in_order(changed)]
    if part == "chapters":
        for milestone in milestones:
            if milestone.get("chapter") == key:
                del milestone["chapter"]
    if part == "sources":
        for naming in [*changed["placements"].values(), *changed["notes"].values(), *milestones]:
            if key in naming.get("sources", ()):
                naming["sources"].remove(key)
    return changed


def move(document: HallDocument, part: Part, key: Id, step: int) -> HallDocument:
    """Move a chapter or a tour one up (-1) or down (+1); at the ends nothing changes."""
    thing(document, part, key)
    changed: HallDocument = {**document}
    keys = list(document[ORDERS[part]])
    at = keys.index(key)
    keys.insert(min(max(at + step, 0), len(keys) - 1), keys.pop(at))
    changed[ORDERS[part]] = keys
    return changed


def head_timeline(document: HallDocument, title: Text, anchor: Id | None) -> HallDocument:
    """The timeline's title, and the panel or screen that it hangs on."""
    milestones = document["timeline"]["milestones"] if "timeline" in document else {}
    timeline: Timeline = {"title": title, "milestones": milestones}
    if anchor:
        timeline["anchor"] = anchor
    return {**document, "timeline": timeline}


def objects(document: HallDocument) -> list[tuple[Id, Placement]]:
    """(id, placement) of all that can have other shapes, and steps."""
    return [(key, placement) for key, placement in placements_in_order(document) if placement["kind"] == "object"]


def shape(document: HallDocument, key: Id, values: Shapes) -> HallDocument:
    """`values` are all that an exhibit has of its own shape's name, its other shapes and its steps. Raises NotFound."""
    placement = dict(objects(document)).get(key)
    if placement is None:
        raise NotFound("no_part", part=key)
    changed: Placement = {**placement}
    changed.pop("variant", None)
    changed.pop("variants", None)
    changed.pop("process", None)
    return {**document, "placements": {**document["placements"], key: {**changed, **values}}}


def whole_room(document: HallDocument) -> Bounds:
    """The corners of a zone that is all of the hall, in centimetres."""
    bounds = document["assets"][document["architecture"]["asset"]]["bounds"]
    low, high = ([round(metres, 2) for metres in corner] for corner in (bounds["min"], bounds["max"]))
    return {"min": low, "max": high}


def _things_of(document: HallDocument, part: Part) -> dict[Id, Thing]:
    """The map that things of this part are in, made where there is none."""
    if part == "milestones":
        timeline = document.setdefault("timeline", {"title": {**TIMELINE}, "milestones": {}})
        return cast(dict[Id, Thing], timeline["milestones"])
    return cast(dict[Id, Thing], document.setdefault(part, {}))
