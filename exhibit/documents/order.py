"""In which order a hall is told, and which number each exhibit has. The viewer: viewer/src/document/order.ts.

The order of a map's keys means nothing: what has no order of its own is told by its ids (`by_id`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from exhibit.documents.types import HallDocument, Id, Milestone, Note, OwnVariant, Placement, Stop, Tour, Variant

T = TypeVar("T")


def by_id(things: Mapping[Id, T] | None) -> list[tuple[Id, T]]:
    """What is in a map, which the hall may lack, by the ids."""
    return sorted((things or {}).items(), key=lambda each: each[0])


def placements_in_order(hall: HallDocument) -> list[tuple[Id, Placement]]:
    return [(key, hall["placements"][key]) for key in hall["placement_order"]]


def exhibit_numbers(hall: HallDocument) -> dict[Id, int]:
    """Exhibits are numbered in the order of the visit; text panels have no number."""
    exhibits = [key for key, placement in placements_in_order(hall) if placement["kind"] != "panel"]
    return {key: number for number, key in enumerate(exhibits, start=1)}


def notes_in_order(hall: HallDocument) -> list[tuple[Id, Note]]:
    return [(key, hall["notes"][key]) for key in hall["note_order"]]


def notes_of(hall: HallDocument, placement: Id | None) -> list[tuple[Id, Note]]:
    """The notes of one placement, or of the hall itself (None), in their order."""
    return [(key, note) for key, note in notes_in_order(hall) if note.get("placement") == placement]


def stops_in_order(tour: Tour) -> list[tuple[Id, Stop]]:
    return [(key, tour["stops"][key]) for key in tour["stop_order"]]


def variants_in_order(placement: Placement) -> list[OwnVariant | Variant]:
    """The shapes of an exhibit, its own among them: by year if all have a year, else as listed, its own last."""
    own = placement["variant"] if "variant" in placement else OwnVariant(title=placement["title"])
    shapes: list[OwnVariant | Variant] = [*placement.get("variants", []), own]
    years = [shape["year"] for shape in shapes if "year" in shape]
    if len(years) < len(shapes):
        return shapes
    return [shape for _, shape in sorted(zip(years, shapes, strict=True), key=lambda each: each[0])]


def milestones_in_order(hall: HallDocument) -> list[tuple[Id, Milestone]]:
    """By their first year; of those that begin together the shorter one first; then by their ids."""
    timeline = hall.get("timeline")
    milestones = timeline["milestones"] if timeline else {}
    return sorted(
        milestones.items(), key=lambda each: (each[1]["year"], each[1].get("to_year", each[1]["year"]), each[0])
    )


def placements_by_chapter(hall: HallDocument) -> list[tuple[Id | None, list[Id]]]:
    """(chapter, its placements) in the order of the story; those that are in no chapter come last, under None.

    A placement can be in more than one chapter.
    """
    chapters = hall.get("chapters", {})
    told: list[tuple[Id | None, list[Id]]] = [
        (key, list(chapters[key]["placements"])) for key in hall.get("chapter_order", [])
    ]
    inside = {key for _, placements in told for key in placements}
    others = [key for key in hall["placement_order"] if key not in inside]
    return [*told, (None, others)] if others else told
