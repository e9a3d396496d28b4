"""The numbers of a hall's sources. The viewer: viewer/src/document/sources.ts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from exhibit.documents.order import milestones_in_order, notes_of, placements_by_chapter
from exhibit.documents.types import HallDocument, Id


def source_numbers(hall: HallDocument) -> dict[Id, int]:
    """Numbered as the hall's page first names them; those that nothing names come last, by their ids."""
    return {key: number for number, key in enumerate(dict.fromkeys(_named(hall)), start=1)}


def sources_of_exhibit(hall: HallDocument, placement: Id) -> list[Id]:
    """What an exhibit and its notes rest on, each once, as they name it."""
    named = list(hall["placements"][placement].get("sources", []))
    for _, note in notes_of(hall, placement):
        named += note.get("sources", [])
    return list(dict.fromkeys(named))


def cited(named: Iterable[Id], numbers: Mapping[Id, int]) -> list[tuple[int, Id]]:
    """(number, source) of each source that is named, once, by their numbers: as marks stand beside a title."""
    return sorted((numbers[key], key) for key in set(named))


def _named(hall: HallDocument) -> Iterator[Id]:
    """Sources in the order of the page: the hall's own notes, milestones, exhibits by chapters."""
    for _, note in notes_of(hall, None):
        yield from note.get("sources", [])
    for _, milestone in milestones_in_order(hall):
        yield from milestone.get("sources", [])
    for _, placements in placements_by_chapter(hall):
        for placement in placements:
            yield from sources_of_exhibit(hall, placement)
    yield from sorted(hall.get("sources", {}))
