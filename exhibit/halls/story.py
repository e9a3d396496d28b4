"""Edits of what a hall tells: chapters, milestones, tours, zones, sources, an exhibit's shapes and steps.

As in edit.py, each gives back another hall.
"""

from __future__ import annotations

import copy
from typing import Literal, cast

from exhibit.documents.order import milestones_in_order
from exhibit.documents.types import HallDocument, Text
from exhibit.errors import NotFound
from exhibit.halls.document import Document
from exhibit.library.services import slug, unused

Part = Literal["chapters", "milestones", "tours", "zones", "sources"]
PARTS: tuple[Part, ...] = ("chapters", "milestones", "tours", "zones", "sources")
ORDERS: dict[Part, str] = {"chapters": "chapter_order", "tours": "tour_order"}
SHAPES = ("variant", "variants", "process")
TIMELINE = {"zh": "年表", "en": "Through the years"}


def things(document: Document, part: Part) -> list[tuple[str, Document]]:
    """(id, thing) in the order in which visitors meet them: milestones by their years."""
    if part == "milestones":
        return cast(list[tuple[str, Document]], milestones_in_order(cast(HallDocument, document)))
    found: Document = document.get(part, {})
    return [(key, found[key]) for key in document.get(ORDERS.get(part, ""), found)]


def thing(document: Document, part: Part, key: str) -> Document:
    """Raises NotFound."""
    found = dict(things(document, part)).get(key)
    if found is None:
        raise NotFound("no_part", part=key)
    return found


def add(document: Document, part: Part, values: Document) -> tuple[Document, str]:
    """(hall, the new thing's id), at the end of its order."""
    changed = copy.deepcopy(document)
    own = _map(changed, part)
    key = unused(slug(values["title"]["en"]) or part.removesuffix("s"), own)
    own[key] = values
    if part in ORDERS:
        changed.setdefault(ORDERS[part], []).append(key)
    return changed, key


def change(document: Document, part: Part, key: str, values: Document) -> Document:
    """`values` are the whole thing."""
    thing(document, part, key)
    changed = copy.deepcopy(document)
    _map(changed, part)[key] = values
    return changed


def remove(document: Document, part: Part, key: str) -> Document:
    """Take it away wherever the hall names it."""
    thing(document, part, key)
    changed = copy.deepcopy(document)
    del _map(changed, part)[key]
    if part in ORDERS:
        changed[ORDERS[part]].remove(key)
    milestones = changed.get("timeline", {}).get("milestones", {})
    if part == "chapters":
        for milestone in milestones.values():
            if milestone.get("chapter") == key:
                del milestone["chapter"]
    if part == "sources":
        for naming in [*changed["placements"].values(), *changed["notes"].values(), *milestones.values()]:
            if key in naming.get("sources", ()):
                naming["sources"].remove(key)
    return changed


def move(document: Document, part: Part, key: str, step: int) -> Document:
    """Move a chapter or a tour one up (-1) or down (+1); at the ends nothing changes."""
    thing(document, part, key)
    keys = list(document[ORDERS[part]])
    at = keys.index(key)
    keys.insert(min(max(at + step, 0), len(keys) - 1), keys.pop(at))
    return {**document, ORDERS[part]: keys}


def head_timeline(document: Document, title: Text, anchor: str | None) -> Document:
    """The timeline's title, and the panel or screen that it hangs on."""
    timeline = {**document.get("timeline", {"milestones": {}}), "title": title}
    timeline.pop("anchor", None)
    if anchor:
        timeline["anchor"] = anchor
    return {**document, "timeline": timeline}


def objects(document: Document) -> list[tuple[str, Document]]:
    """(id, placement) of all that can have other shapes, and steps."""
    placements = document["placements"]
    return [(key, placements[key]) for key in document["placement_order"] if placements[key]["kind"] == "object"]


def shape(document: Document, key: str, values: Document) -> Document:
    """`values` are all that an exhibit has of its own shape's name, its other shapes and its steps. Raises NotFound."""
    placement = dict(objects(document)).get(key)
    if placement is None:
        raise NotFound("no_part", part=key)
    changed = {name: value for name, value in placement.items() if name not in SHAPES} | values
    return {**document, "placements": {**document["placements"], key: changed}}


def whole_room(document: Document) -> Document:
    """The corners of a zone that is all of the hall, in centimetres."""
    bounds = document["assets"][document["architecture"]["asset"]]["bounds"]
    return {name: [round(metres, 2) for metres in bounds[name]] for name in ("min", "max")}


def _map(document: Document, part: Part) -> Document:
    """The map that things of this part are in, made where there is none."""
    if part == "milestones":
        timeline = document.setdefault("timeline", {"title": dict(TIMELINE), "milestones": {}})
        found: Document = timeline["milestones"]
        return found
    own: Document = document.setdefault(part, {})
    return own
