"""Between the desk's forms and what a hall tells. Knows no database."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from exhibit.errors import BadInput
from exhibit.halls.document import Document
from exhibit.halls.story import Part
from exhibit.web import both

MultiForm = MultiDict[str, str]
_FARTHEST_YEAR = 100_000
EMPTY_STOPS = 2  # below a tour's own, to be filled in


def read(part: Part, form: MultiForm, now: Document) -> Document:
    """The whole thing as it was typed; `now` is what it is, of which a form does not show all."""
    values: Document = {"title": both("title", form)}
    if part == "chapters":
        values |= _texts(form, "summary") | _years(form, "from_year", "to_year")
        values["placements"] = _chosen(form, "placements", now)
    elif part == "milestones":
        values |= _years(form, "year", "to_year") | _texts(form, "text")
        values |= {"circa": True} if "circa" in form else {}
        values |= {name: form[name] for name in ("chapter", "placement") if form.get(name)}
        values |= {"sources": sources} if (sources := _chosen(form, "sources", now)) else {}
    elif part == "tours":
        values |= _texts(form, "summary")
        values["stops"] = _stops(form, now.get("stops", []))
    elif address := form.get("address", "").strip():
        values["address"] = address
    return values


def check(part: Part, values: Document) -> None:
    """Raise BadInput where something is missing, or is typed as it cannot be."""
    if not any(values["title"].values()):
        raise BadInput("title_missing")
    for name in ("year", "from_year", "to_year"):
        year = values.get(name, None if name == "year" and part == "milestones" else 1)
        if not isinstance(year, int) or year == 0 or abs(year) > _FARTHEST_YEAR:  # there was no year 0
            raise BadInput("bad_number", field=name)
    if part == "tours" and not values["stops"]:
        raise BadInput("no_stops")


def first(part: Part, form: MultiForm) -> Document:
    """A new thing of which only its title, and a milestone's year, is known. Raises BadInput."""
    values = read(part, form, {})
    if part == "tours":
        values["stops"] = [{"caption": dict(values["title"])}]
    check(part, values)
    return values


def _chosen(form: MultiForm, name: str, now: Document) -> list[str]:
    """What is ticked: what was chosen before keeps its order, the rest follows as listed."""
    ticked = form.getlist(name)
    before = [key for key in now.get(name, ()) if key in ticked]
    return before + [key for key in dict.fromkeys(ticked) if key not in before]


def _texts(form: MultiForm, name: str) -> Document:
    text = both(name, form)
    return {name: text} if any(text.values()) else {}


def _years(form: MultiForm, *names: str) -> Document:
    """Those that are there; what is no number as it was typed."""
    years: Document = {}
    for name in names:
        if typed := form.get(name, "").strip():
            years[name] = (
                int(typed) if typed.removeprefix("-").isascii() and typed.removeprefix("-").isdigit() else typed
            )
    return years


def _stops(form: MultiForm, now: list[Document]) -> list[Any]:
    """The stops with a caption, by their numbers; views and narration of those that were there stay."""
    found: list[tuple[float, int, Document]] = []
    for i in range(len(now) + EMPTY_STOPS):
        caption = both(f"stop_{i}_caption", form)
        if not any(caption.values()):
            continue
        stop = dict(now[i]) if i < len(now) else {}
        kind, _, key = form.get(f"stop_{i}_at", "").partition(":")
        stop = {name: value for name, value in stop.items() if name not in ("placement", "note")} | {"caption": caption}
        if kind in ("placement", "note"):
            stop[kind] = key
        number = form.get(f"stop_{i}_number", i + 1.0, float)
        found.append((number, i, stop))
    return [stop for _, _, stop in sorted(found, key=lambda entry: entry[:2])]
