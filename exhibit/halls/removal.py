"""What else changes when an exhibit or a note leaves a hall, to be said before it does. Knows no database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from exhibit.documents.order import milestones_in_order, stops_in_order
from exhibit.documents.types import HallDocument, Text


@dataclass(frozen=True, slots=True)
class Effect:
    """A part of the hall that names what is removed: `note` and `milestone` are left without it, `chapter` lists it no
    more, the stop number `number` of a `tour` keeps its words and leads to nothing."""

    part: Literal["note", "chapter", "milestone", "tour"]
    title: Text
    number: int = 0


def effects_of_placement(document: HallDocument, key: str) -> list[Effect]:
    found = [Effect("note", note["title"]) for note in document["notes"].values() if note.get("placement") == key]
    for chapter in document.get("chapters", {}).values():
        if key in chapter["placements"]:
            found.append(Effect("chapter", chapter["title"]))
    for _, milestone in milestones_in_order(document):
        if milestone.get("placement") == key:
            found.append(Effect("milestone", milestone["title"]))
    return [*found, *_stops(document, "placement", key)]


def effects_of_note(document: HallDocument, key: str) -> list[Effect]:
    return [*_stops(document, "note", key)]


def _stops(document: HallDocument, name: Literal["placement", "note"], key: str) -> Iterator[Effect]:
    for tour_key in document.get("tour_order", ()):
        tour = document["tours"][tour_key]
        for number, (_, stop) in enumerate(stops_in_order(tour), start=1):
            if stop.get(name) == key:
                yield Effect("tour", tour["title"], number)
