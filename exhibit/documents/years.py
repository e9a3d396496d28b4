"""Years as visitors read them; years before the Common Era are negative.

Chinese: a one-character dash (GB/T 15834), no space between figures and words. English: an en dash. The era is named
where the last year has fewer than four figures, so that nobody takes a year for another number.
The viewer writes the same: viewer/src/document/years.ts. assets/schema/cases/years.json holds both.
"""

from __future__ import annotations

from exhibit.documents.types import Milestone
from exhibit.i18n import Language, say

_FIRST_WITHOUT_ERA = 1000


def year_text(year: int, language: Language) -> str:
    """公元前221年, 公元618年, 1368年; 221 BCE, 618 CE, 1368."""
    return say(f"documents.year.{_era(year, year)}", language, year=abs(year))


def period_text(first: int | None, last: int | None, language: Language, *, circa: bool = False) -> str:
    """The years from one to another, since one, or until one; empty where neither is known. `circa`: not exactly."""
    if first is None:
        years = "" if last is None else say("documents.until", language, year=year_text(last, language))
    elif last is None:
        years = say("documents.since", language, year=year_text(first, language))
    elif first == last:
        years = year_text(first, language)
    else:
        years = say(f"documents.years.{_era(first, last)}", language, first=abs(first), last=abs(last))
    return say("documents.circa", language, years=years) if circa else years


def milestone_years(milestone: Milestone, language: Language) -> str:
    year = milestone["year"]
    return period_text(year, milestone.get("to_year", year), language, circa=milestone.get("circa", False))


def _era(first: int, last: int) -> str:
    """Which era is named with these years: the last word of a text's key."""
    if first < 0:
        return "bce" if last < 0 else "bce_ce"
    return "ce" if last < _FIRST_WITHOUT_ERA else "plain"
