"""Which texts of a hall are written in one language only. Knows no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from exhibit.documents.hall import used_assets
from exhibit.documents.order import by_id, milestones_in_order
from exhibit.documents.texts import is_blank
from exhibit.documents.types import HallDocument, Text
from exhibit.i18n import LANGUAGES, Language

# the parts of a hall that have a page at the desk, and where the document keeps them
PARTS = ("placements", "notes", "chapters", "tours", "zones", "sources", "assets")


@dataclass(frozen=True, slots=True)
class Untranslated:
    """A part of the hall, and how many of its texts lack `language`."""

    part: str  # one of PARTS, milestones, timeline, doors; "hall" for the hall's own texts
    key: str
    title: Text
    language: Language
    count: int


def untranslated(document: HallDocument) -> list[Untranslated]:
    """By language, and as visitors meet them or by their ids; a text that is empty in both languages is no text."""
    found = []
    for part, key, title, value in _parts(document):
        missing = Counter(_missing(value))
        found += [Untranslated(part, key, title, language, count) for language, count in missing.items()]
    return sorted(found, key=lambda each: LANGUAGES.index(each.language))


def _parts(document: HallDocument) -> Iterator[tuple[str, str, Text, Any]]:
    title = document["title"]
    yield "hall", "", title, [document.get(name) for name in ("title", "summary", "credit")]
    shown = used_assets(document)
    for part in PARTS:
        things = cast(Mapping[str, Mapping[str, Any]], document.get(part, {}))
        for key in cast(list[str], document.get(f"{part.removesuffix('s')}_order", sorted(things))):
            if part != "assets" or key in shown:
                yield part, key, things[key]["title"], things[key]
    timeline = document.get("timeline", {})
    yield "timeline", "", timeline.get("title", title), timeline.get("title")
    for key, milestone in milestones_in_order(document):
        yield "milestones", key, milestone["title"], milestone
    for key, door in by_id(document.get("doors")):
        yield "doors", key, door["title"], door


def _missing(value: Any) -> Iterator[Language]:
    """For every text in `value`, at any depth, the language that it lacks while it has the other one."""
    if isinstance(value, list):
        for each in value:
            yield from _missing(each)
    elif isinstance(value, dict):
        words = [value.get(language) for language in LANGUAGES]
        if value.keys() == set(LANGUAGES) and all(isinstance(each, str) for each in words):
            empty = [language for language in LANGUAGES if is_blank(cast(str, value[language]))]
            if len(empty) == 1:
                yield empty[0]
        else:
            for each in value.values():
                yield from _missing(each)
