"""Years as both languages write them; before Christ they are negative."""

from __future__ import annotations

from exhibit.i18n import Language, say

_UNTIL: dict[Language, str] = {"zh": "—", "en": "–"}
_FIRST_PLAIN = 1000  # from here on nobody takes a year for another number


def say_years(language: Language, first: int | None, last: int | None, *, circa: bool = False) -> str:
    """The years from one to another, since one, until one, or one year; empty where neither is known."""
    if first is None and last is None:
        return ""
    if first is None:
        said = say("visitors.years_until", language, year=_year(language, last))
    elif last is None:
        said = say("visitors.years_since", language, year=_year(language, first))
    elif first == last:
        said = _year(language, first)
    else:
        begin, end = _year(language, first), _year(language, last)
        if first > 0 and language == "zh":
            begin = str(first)  # 960—1127 年
        elif first > 0:
            end = str(last)  # AD 960–1127
        said = f"{begin}{_UNTIL[language]}{end}"
    return say("visitors.years_circa", language, years=said) if circa else said


def _year(language: Language, year: int | None) -> str:
    assert year is not None
    if year < 0:
        return say("visitors.year_before_christ", language, year=-year)
    return say("visitors.year" if year >= _FIRST_PLAIN else "visitors.year_early", language, year=year)
