"""Edits of what a hall tells that are alike for chapters, milestones, tours, zones and sources.

What differs from one to the other is in chapters.py, milestones.py, tours.py, zones.py and sources.py.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Literal, cast

from exhibit.documents.order import milestones_in_order
from exhibit.documents.types import Chapter, HallDocument, Id, Milestone, Source, Tour, Zone
from exhibit.errors import NotFound
from exhibit.halls.edits import milestones, order, sources
from exhibit.ids import slug, unused

Part = Literal["chapters", "milestones", "tours", "zones", "sources"]
Thing = Chapter | Milestone | Tour | Zone | Source  # of a part
PARTS: tuple[Part, ...] = ("chapters", "milestones", "tours", "zones", "sources")
ORDERS: dict[Part, Literal["chapter_order", "tour_order"]] = {"chapters": "chapter_order", "tours": "tour_order"}


def things(document: HallDocument, part: Part) -> Sequence[tuple[Id, Thing]]:
    """(id, thing) as visitors meet them: milestones by their years, zones and sources by their ids."""
    if part == "milestones":
        return milestones_in_order(document)
    found = document.get(part, {})
    keys = document.get(ORDERS[part], []) if part in ORDERS else sorted(found)
    return [(key, found[key]) for key in keys]


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
    """`values` are the whole thing. Raises NotFound."""
    thing(document, part, key)
    changed = copy.deepcopy(document)
    _things_of(changed, part)[key] = values
    return changed


def remove(document: HallDocument, part: Part, key: Id) -> HallDocument:
    """Take it away wherever the hall names it. Raises NotFound."""
    thing(document, part, key)
    changed = copy.deepcopy(document)
    del _things_of(changed, part)[key]
    if part in ORDERS:
        changed[ORDERS[part]].remove(key)
    if part == "chapters":
        milestones.drop(changed, "chapter", key)
    if part == "sources":
        sources.drop(changed, key)
    return changed


def move(document: HallDocument, part: Part, key: Id, step: int) -> HallDocument:
    """Move a chapter or a tour one up (-1) or down (+1); at the ends nothing changes. Raises NotFound."""
    return order.move(document, ORDERS[part], key, step)


def _things_of(document: HallDocument, part: Part) -> dict[Id, Thing]:
    """The map that things of this part are in, made where there is none."""
    if part == "milestones":
        return cast(dict[Id, Thing], milestones.milestones_of(document))
    return cast(dict[Id, Thing], document.setdefault(part, {}))
