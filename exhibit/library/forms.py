"""Between the forms that ask for an asset's origin (flat, words) and the asset document. Knows no database."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from exhibit.documents.texts import has_words
from exhibit.documents.types import AssetDocument, Original
from exhibit.errors import BadInput
from exhibit.i18n import LANGUAGES
from exhibit.library.origin import LICENCES, METHODS, USES, AskedOrigin, Described, is_default_statement, use_of
from exhibit.web import both

Form = Mapping[str, str]
OTHER_LICENCE = "other"
UNTOUCHED = {"method": "not-stated", "use": "exhibit"}  # the form for a new asset before anyone has answered
MOST_TAGS, LONGEST_TAG = 20, 40  # of an asset; of a tag, characters
_MAX_INVENTORY_NUMBER = 80
_FARTHEST_YEAR = 99_999


def read(form: Form, licence_now: str | None = None) -> Described:
    """Raises BadInput for a value that the form does not offer, a date or year that is none."""
    method, use = form.get("method", ""), form.get("use", "")
    if method not in METHODS:
        raise BadInput("bad_form", field="method")
    if use not in USES:
        raise BadInput("bad_form", field="use")
    origin: AskedOrigin = {**_licence(form, licence_now), **_made(form)}
    if has_words(source := both("source", form)):
        origin["source"] = source
    if has_words(credit := both("credit", form)):
        origin["credit"] = credit
    original = _years(form)
    if has_words(maker := both("maker", form)):
        original["maker"] = maker
    if number := form.get("inventory_number", "").strip()[:_MAX_INVENTORY_NUMBER]:
        original["inventory_number"] = number
    return Described(both("title", form), use, method, both("statement", form), origin, original, _tags(form))


def written(document: AssetDocument) -> dict[str, str]:
    """The form's fields as the document has them. A statement that nobody wrote is left empty."""
    origin, original = document["origin"], document.get("original", {})
    own = None if is_default_statement(document["kind"], origin["statement"]) else origin["statement"]
    texts = {"title": document["title"], "statement": own, "maker": original.get("maker")}
    texts |= {"source": origin.get("source"), "credit": origin.get("credit"), "rights": origin.get("rights")}
    form = {f"{name}_{lang}": text[lang] if text else "" for name, text in texts.items() for lang in LANGUAGES}
    form |= {name: str(value) for name, value in original.items() if name in ("year", "to_year", "inventory_number")}
    form |= {"circa": "on"} if original.get("circa") else {}
    licence = origin.get("licence", OTHER_LICENCE if "rights" in origin else "")
    return form | {
        "method": origin["method"],
        "use": use_of(document),
        "made": origin.get("made", "")[:10],
        "licence": licence,
        "tags": ", ".join(document.get("tags", [])),
    }


def _tags(form: Form) -> list[str]:
    """Words between commas, each once. Raises BadInput for more or longer ones than an asset can have."""
    typed = (" ".join(each.split()) for each in re.split(r"[,，、;；\n]", form.get("tags", "")))
    tags = list({each.casefold(): each for each in typed if each}.values())
    if len(tags) > MOST_TAGS or any(len(each) > LONGEST_TAG for each in tags):
        raise BadInput("bad_tags", most=MOST_TAGS, longest=LONGEST_TAG)
    return tags


def _made(form: Form) -> AskedOrigin:
    """A day, a month or a year."""
    typed = form.get("made", "").strip()
    if not typed:
        return {}
    try:
        dt.date.fromisoformat({4: f"{typed}-01-01", 7: f"{typed}-01"}.get(len(typed), typed))
    except ValueError:
        raise BadInput("bad_date", field="made") from None
    return {"made": typed}


def _licence(form: Form, now: str | None) -> AskedOrigin:
    """One of those offered or the one that the asset came with, and terms in words beside it or in place of it."""
    chosen, rights = form.get("licence", "").strip(), both("rights", form)
    terms: AskedOrigin = {"rights": rights} if has_words(rights) else {}
    if chosen == OTHER_LICENCE:
        if not terms:
            raise BadInput("no_rights")
        return terms
    if chosen and chosen not in LICENCES and chosen != now:
        raise BadInput("bad_form", field="licence")
    return {"licence": chosen, **terms} if chosen else terms


def _years(form: Form) -> Original:
    years: Original = {}
    if typed := form.get("year", "").strip():
        years["year"] = _year("year", typed)
    if typed := form.get("to_year", "").strip():
        years["to_year"] = _year("to_year", typed)
    if "to_year" in years and "year" not in years:
        raise BadInput("bad_number", field="year")
    if years.get("to_year", _FARTHEST_YEAR) < years.get("year", -_FARTHEST_YEAR):
        raise BadInput("years_backwards")
    if years and "circa" in form:
        years["circa"] = True
    return years


def _year(field: str, typed: str) -> int:
    try:
        year = int(typed)
    except ValueError:
        year = 0
    if year == 0 or abs(year) > _FARTHEST_YEAR:  # there was no year 0
        raise BadInput("bad_number", field=field)
    return year
