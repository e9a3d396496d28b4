"""What visitors read about where an asset comes from: the same facts on the page and in the catalogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from exhibit.i18n import Language, say
from exhibit.library.origin import Document, licence_address, licence_name
from exhibit.visitors.years import say_years


@dataclass(frozen=True, slots=True)
class Fact:
    term: str  # a key of library.fact
    text: dict[str, str]  # {zh, en}
    address: str | None = None  # of a page that explains it


def original_facts(document: Document, language: Language) -> Iterator[Fact]:
    """Of the real thing that an asset shows."""
    original = document.get("original", {})
    if "maker" in original:
        yield Fact("maker", original["maker"])
    if "year" in original:
        year = original["year"]
        years = say_years(language, year, original.get("to_year", year), circa=original.get("circa", False))
        yield Fact("years", {language: years})
    if "inventory_number" in original:
        yield Fact("inventory_number", {language: original["inventory_number"]})


def file_facts(document: Document, language: Language) -> Iterator[Fact]:
    """Of the files that show it."""
    origin = document["origin"]
    if "made" in origin:
        yield Fact("made", {language: _day(origin["made"], language)})
    for term in ("source", "credit"):
        if term in origin:
            yield Fact(term, origin[term])
    if "licence" in origin:
        name = licence_name(origin["licence"], language)
        yield Fact("licence", {language: name}, licence_address(origin["licence"]))
    if "rights" in origin:
        yield Fact("rights", origin["rights"])


def _day(made: str, language: Language) -> str:
    """An ISO date, of which the day or the month may be missing; whatever is no date as it is."""
    known = made[:10].split("-")
    try:
        day = dt.date.fromisoformat("-".join([*known, "01", "01"][:3]))
    except ValueError:
        return made
    month = say(f"library.month.{day.month}", language)
    keys = {1: "library.in_year", 2: "library.in_month", 3: "library.on_day"}
    return say(keys[len(known)], language, year=day.year, month=month, day=day.day)
