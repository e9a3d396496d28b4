"""What visitors read about where an asset comes from: the same facts on the page and in the catalogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from exhibit.documents.types import AssetDocument, Text
from exhibit.documents.years import period_text
from exhibit.i18n import Language, say
from exhibit.library.origin import licence_address, licence_name


@dataclass(frozen=True, slots=True)
class Fact:
    term: str  # a key of library.fact
    text: Text
    address: str | None = None  # of a page that explains it


def original_facts(document: AssetDocument, language: Language) -> Iterator[Fact]:
    """Of the real thing that an asset shows."""
    original = document.get("original", {})
    if "maker" in original:
        yield Fact("maker", original["maker"])
    if "year" in original:
        year = original["year"]
        years = period_text(year, original.get("to_year", year), language, circa=original.get("circa", False))
        yield Fact("years", _alike(years))
    if "inventory_number" in original:
        yield Fact("inventory_number", _alike(original["inventory_number"]))


def file_facts(document: AssetDocument, language: Language) -> Iterator[Fact]:
    """Of the files that show it."""
    origin = document["origin"]
    if "made" in origin:
        yield Fact("made", _alike(_day(origin["made"], language)))
    if "source" in origin:
        yield Fact("source", origin["source"])
    if "credit" in origin:
        yield Fact("credit", origin["credit"])
    if "licence" in origin:
        name = licence_name(origin["licence"], language)
        yield Fact("licence", _alike(name), licence_address(origin["licence"]))
    if "rights" in origin:
        yield Fact("rights", origin["rights"])


def _alike(words: str) -> Text:
    """Words that are already in the language of the page."""
    return {"zh": words, "en": words}


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
