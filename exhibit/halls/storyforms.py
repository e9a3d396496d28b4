"""Between the desk's forms and what a hall tells. Knows no database.

What was typed has the shape of the thing that it is to become, but a number may still be words: the form then shows it
again. `check` and `check_shapes` are the door: what has passed them is a part of a hall document.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, cast

from werkzeug.datastructures import MultiDict

from exhibit.documents.types import HallDocument, Placement
from exhibit.errors import BadInput
from exhibit.halls.story import Part, Shapes, Thing, whole_room
from exhibit.web import both

MultiForm = MultiDict[str, str]
Typed = dict[str, Any]
_FARTHEST_YEAR = 100_000
EMPTY_ROWS = 2  # below a tour's own stops, and an exhibit's shapes and steps, to be filled in
_CORNERS = ("min", "max")
_AXES = ("x", "y", "z")


def read(part: Part, form: MultiForm, now: Thing | Mapping[str, Any]) -> Typed:
    """The whole thing as it was typed; `now` is what it is, of which a form does not show all."""
    values: Typed = {"title": both("title", form)}
    before = cast(Mapping[str, Any], now)
    if part == "chapters":
        values |= _texts(form, "summary") | _years(form, "from_year", "to_year")
        values["placements"] = _chosen(form, "placements", before)
    elif part == "milestones":
        values |= _years(form, "year", "to_year") | _texts(form, "text")
        values |= {"circa": True} if "circa" in form else {}
        values |= {name: form[name] for name in ("chapter", "placement") if form.get(name)}
        values |= {"sources": sources} if (sources := _chosen(form, "sources", before)) else {}
    elif part == "tours":
        values |= _texts(form, "summary")
        values["stops"] = _stops(form, before.get("stops", []))
    elif part == "zones":
        values |= {corner: [_number(form, f"{corner}_{axis}") for axis in _AXES] for corner in _CORNERS}
        values |= {"sound": form["sound"]} if form.get("sound") else {}
        values |= _texts(form, "caption")
        values |= {"ambient": _number(form, "ambient")} if form.get("ambient", "").strip() else {}
    elif address := form.get("address", "").strip():
        values["address"] = address
    return values


def check(part: Part, values: Typed) -> Thing:
    """The same as a part of a hall. Raises BadInput where something is missing, or is typed as it cannot be."""
    if not any(values["title"].values()):
        raise BadInput("title_missing")
    for name in ("year", "from_year", "to_year"):
        _check_year(name, values.get(name, None if name == "year" and part == "milestones" else 1))
    if part == "tours" and not values["stops"]:
        raise BadInput("no_stops")
    if part == "zones":
        _check_zone(values)
    return cast(Thing, values)


def _check_zone(zone: Typed) -> None:
    for corner in _CORNERS:
        for axis, metres in zip(_AXES, zone[corner], strict=True):
            _check_number(f"{corner}_{axis}", metres)
    if not all(low < high for low, high in zip(zone["min"], zone["max"], strict=True)):
        raise BadInput("no_room")
    _check_number("ambient", zone.get("ambient", 0), least=0)
    if "sound" in zone and "caption" not in zone:
        raise BadInput("no_sound_caption")


def first(part: Part, form: MultiForm, document: HallDocument) -> Thing:
    """A new thing of which only its title, and a milestone's year, is known. Raises BadInput."""
    values = read(part, form, {})
    if part == "tours":
        values["stops"] = [{"caption": dict(values["title"])}]
    if part == "zones":
        values |= whole_room(document)
    return check(part, values)


def read_shapes(form: MultiForm, now: Placement) -> Typed:
    """An exhibit's shapes and steps as they were typed: the rows that have anything in them."""
    own: Typed = {"title": both("shape_title", form)} | _years(form, "shape_year", to=("year",))
    variants: list[Typed] = [
        {"title": both(f"shape_{i}_title", form), "asset": form.get(f"shape_{i}_asset", "")}
        | _years(form, f"shape_{i}_year", to=("year",))
        for i in range(len(now.get("variants", ())) + EMPTY_ROWS)
    ]
    steps: list[Typed] = [
        {"title": both(f"step_{i}_title", form)}
        | _texts(form, f"step_{i}_text", to="text")
        | {name: _number(form, f"step_{i}_{name}") for name in ("from_s", "to_s")}
        for i in range(len(now.get("process", ())) + EMPTY_ROWS)
    ]
    values = {
        "variant": own if any(own["title"].values()) or "year" in own else None,
        "variants": [each for each in variants if any(each["title"].values()) or each["asset"]],
        "process": [
            each for each in steps if any(each["title"].values()) or "text" in each or each["from_s"] or each["to_s"]
        ],
    }
    return {name: value for name, value in values.items() if value}


def check_shapes(values: Typed) -> Shapes:
    """The same as parts of a placement. Raises BadInput where something is missing, or is typed as it cannot be."""
    if "variant" in values and not any(values["variant"]["title"].values()):
        raise BadInput("title_missing")
    for n, variant in enumerate(values.get("variants", ()), start=1):
        if not any(variant["title"].values()) or not variant["asset"]:
            raise BadInput("shape_unfinished", n=n)
    for named in [values.get("variant", {}), *values.get("variants", ())]:
        _check_year("shape_year", named.get("year", 1))
    for n, step in enumerate(values.get("process", ()), start=1):
        if not any(step["title"].values()):
            raise BadInput("step_untitled", n=n)
        for name in ("from_s", "to_s"):
            _check_number(name, step[name])
        if not 0 <= step["from_s"] < step["to_s"]:
            raise BadInput("step_backwards", n=n)
    return cast(Shapes, values)


def _number(form: MultiForm, name: str) -> float | str:
    """With a decimal point or comma; what is no number as it was typed."""
    typed = form.get(name, "").strip()
    try:
        return float(typed.replace(",", "."))
    except ValueError:
        return typed


def _check_number(field: str, value: Any, least: float = -math.inf) -> None:
    if isinstance(value, str) or not math.isfinite(value) or value < least:
        raise BadInput("bad_number", field=field)


def _check_year(field: str, year: Any) -> None:
    if not isinstance(year, int) or year == 0 or abs(year) > _FARTHEST_YEAR:  # there was no year 0
        raise BadInput("bad_number", field=field)


def _chosen(form: MultiForm, name: str, now: Mapping[str, Any]) -> list[str]:
    """What is ticked: what was chosen before keeps its order, the rest follows as listed."""
    ticked = form.getlist(name)
    before = [key for key in now.get(name, ()) if key in ticked]
    return before + [key for key in dict.fromkeys(ticked) if key not in before]


def _texts(form: MultiForm, name: str, to: str | None = None) -> Typed:
    text = both(name, form)
    return {to or name: text} if any(text.values()) else {}


def _years(form: MultiForm, *names: str, to: tuple[str, ...] = ()) -> Typed:
    """Those that are there, under their own names or those of `to`; what is no number as it was typed."""
    years: Typed = {}
    for name, known in zip(names, to or names, strict=True):
        if typed := form.get(name, "").strip():
            years[known] = (
                int(typed) if typed.removeprefix("-").isascii() and typed.removeprefix("-").isdigit() else typed
            )
    return years


def _stops(form: MultiForm, now: list[Typed]) -> list[Any]:
    """The stops with a caption, by their numbers; views and narration of those that were there stay."""
    found: list[tuple[float, int, Typed]] = []
    for i in range(len(now) + EMPTY_ROWS):
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
