"""Between the desk's forms (flat, words) and the hall document (nested, numbers). Knows no database.

Forms of placements and notes are read at once. What a hall tells, and an exhibit's shapes, are read in two steps. What
was typed has the shape of the thing that it is to become, but a number may still be words: the form then shows it
again. `check_thing` and `check_shapes` are the door: what has passed them is a part of a hall document.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Literal, cast

from werkzeug.datastructures import MultiDict

from exhibit.documents.richtext import from_typed, to_typed
from exhibit.documents.texts import bilingual, has_words
from exhibit.documents.types import HallDocument, Id, Note, Placement, PlacementKind, Text, View
from exhibit.errors import BadInput
from exhibit.halls.edits.placements import PlacementValues
from exhibit.halls.edits.shapes import Shapes
from exhibit.halls.edits.story import Part, Thing
from exhibit.halls.edits.zones import whole_room
from exhibit.halls.rotation import shown_turn
from exhibit.i18n import LANGUAGES
from exhibit.ids import numbered
from exhibit.web import both

Form = Mapping[str, str]
MultiForm = MultiDict[str, str]
Typed = dict[str, Any]
AXES = ("x", "y", "z")
VIEW_POINTS: tuple[Literal["position", "target"], ...] = ("position", "target")
EMPTY_ROWS = 2  # below a tour's own stops, and an exhibit's shapes and steps, to be filled in
_CORNERS = ("min", "max")
_FARTHEST_YEAR = 100_000
_STOP = re.compile(r"stop_(\d{1,4})_caption_")
_BLANK: Text = {"zh": "", "en": ""}


def version(form: Form) -> int:
    """The draft's version that the form was made from. Raises BadInput."""
    try:
        return int(form.get("version", ""))
    except ValueError:
        raise BadInput("bad_form", field="version") from None


def view(name: str, form: Form) -> View:
    position, target = ([number(f"{name}_{point}_{axis}", form) for axis in AXES] for point in VIEW_POINTS)
    return {"position": position, "target": target}


def placement(kind: PlacementKind, form: Form) -> tuple[PlacementValues, float]:
    """(fields of the placement, turn in degrees). Raises BadInput."""
    values: PlacementValues = {
        "title": both("title", form),
        "label": both("label", form),
        "translation": [number(axis, form) for axis in AXES],
        "scale": positive("scale", form),
    }
    if not has_words(values["title"]):
        raise BadInput("title_missing")
    if kind != "object":
        values["width_m"] = positive("width_m", form)
    return values, number("turn", form)


def note(form: Form) -> Note:
    """The whole note. Raises BadInput."""
    body = both("body", form)
    values: Note = {
        "title": both("title", form),
        "body": bilingual(lambda language: from_typed(body[language])),
        "anchor": [number(f"anchor_{axis}", form) for axis in AXES],
        "view": view("view", form),
    }
    if not has_words(values["title"]):
        raise BadInput("title_missing")
    if form.get("placement"):
        values["placement"] = form["placement"]
    return values


def text_form(document: HallDocument) -> dict[str, str]:
    credit = document.get("credit", _BLANK)
    return _flat("title", document["title"]) | _flat("summary", document["summary"]) | _flat("credit", credit)


def room_form(document: HallDocument) -> dict[str, str]:
    return {"room": document["architecture"]["asset"]} | _view_form("start", document["start"])


def placement_form(placement: Placement) -> dict[str, str]:
    form = _flat("title", placement["title"]) | _flat("label", placement.get("label", _BLANK))
    form |= {axis: shown(value) for axis, value in zip(AXES, placement["translation"], strict=True)}
    form |= {"turn": shown(shown_turn(placement)), "scale": shown(placement["scale"])}
    return form | {"width_m": shown(placement.get("width_m", 1.0))}


def note_form(note: Note) -> dict[str, str]:
    form = _flat("title", note["title"]) | _flat("body", bilingual(lambda language: to_typed(note["body"][language])))
    form |= {f"anchor_{axis}": shown(value) for axis, value in zip(AXES, note["anchor"], strict=True)}
    x, y, z = note["anchor"]
    saved = note["view"] if "view" in note else View(position=[x, y, z + 2], target=[x, y, z])
    return form | _view_form("view", saved) | {"placement": note.get("placement", "")}


def read_thing(part: Part, form: MultiForm, then: Thing | Mapping[str, Any], now: Thing | Mapping[str, Any]) -> Typed:
    """The whole thing as it was typed.

    `then` is what it was when the form was made, which does not show all of it; `now` what others have made of it.
    """
    values: Typed = {"title": both("title", form)}
    before, present = cast(Mapping[str, Any], then), cast(Mapping[str, Any], now)
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
        values |= _stops(form, before.get("stops", {}), present.get("stops", {}))
    elif part == "zones":
        values |= {corner: [_typed_number(f"{corner}_{axis}", form) for axis in AXES] for corner in _CORNERS}
        values |= {"sound": form["sound"]} if form.get("sound") else {}
        values |= _texts(form, "caption")
        values |= {"ambient": _typed_number("ambient", form)} if form.get("ambient", "").strip() else {}
    elif address := form.get("address", "").strip():
        values["address"] = address
    return values


def check_thing(part: Part, values: Typed) -> Thing:
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
        for axis, metres in zip(AXES, zone[corner], strict=True):
            _checked_number(f"{corner}_{axis}", metres)
    if not all(low < high for low, high in zip(zone["min"], zone["max"], strict=True)):
        raise BadInput("no_room")
    _checked_number("ambient", zone.get("ambient", 0), least=0)
    if "sound" in zone and "caption" not in zone:
        raise BadInput("no_sound_caption")


def new_thing(part: Part, form: MultiForm, document: HallDocument) -> Thing:
    """A new thing of which only its title, and a milestone's year, is known. Raises BadInput."""
    values = read_thing(part, form, {}, {})
    if part == "tours":
        values |= {"stops": {"stop": {"caption": dict(values["title"])}}, "stop_order": ["stop"]}
    if part == "zones":
        values |= whole_room(document)
    return check_thing(part, values)


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
        | {name: _typed_number(f"step_{i}_{name}", form) for name in ("from_s", "to_s")}
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
            _checked_number(name, step[name])
        if not 0 <= step["from_s"] < step["to_s"]:
            raise BadInput("step_backwards", n=n)
    return cast(Shapes, values)


def number(field: str, form: Form) -> float:
    """A finite number, with a decimal point or comma. Raises BadInput."""
    return _checked_number(field, _typed_number(field, form))


def positive(field: str, form: Form) -> float:
    value = number(field, form)
    if value <= 0:
        raise BadInput("bad_number", field=field)
    return value


def shown(value: float) -> str:
    """As few digits as tell this number from any other."""
    return f"{value:.12g}"


def _flat(name: str, text: Text) -> dict[str, str]:
    return {f"{name}_{language}": text[language] for language in LANGUAGES}


def _view_form(name: str, view: View) -> dict[str, str]:
    return {
        f"{name}_{point}_{axis}": shown(value)
        for point in VIEW_POINTS
        for axis, value in zip(AXES, view[point], strict=True)
    }


def _typed_number(field: str, form: Form) -> float | str:
    """With a decimal point or comma; what is no number as it was typed."""
    typed = form.get(field, "").strip()
    try:
        return float(typed.replace(",", "."))
    except ValueError:
        return typed


def _checked_number(field: str, value: float | str, least: float = -math.inf) -> float:
    if isinstance(value, str) or not math.isfinite(value) or value < least:
        raise BadInput("bad_number", field=field)
    return value


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


def _stops(form: MultiForm, before: Mapping[Id, Typed], now: Mapping[Id, Typed]) -> Typed:
    """The stops with a caption, by their numbers; views and narration of those that were there stay.

    New ones have ids that are free now, too.
    """
    found: list[tuple[float, int, Id, Typed]] = []
    taken = {*before, *now}
    for i in sorted({int(match[1]) for name in form if (match := _STOP.match(name))}):
        caption = both(f"stop_{i}_caption", form)
        if not any(caption.values()):
            continue
        key = form.get(f"stop_{i}_id", "")
        if key not in before:
            key = numbered("stop", taken)
            taken.add(key)
        stop = {name: value for name, value in before.get(key, {}).items() if name not in ("placement", "note")}
        stop["caption"] = caption
        kind, _, at = form.get(f"stop_{i}_at", "").partition(":")
        if kind in ("placement", "note"):
            stop[kind] = at
        found.append((form.get(f"stop_{i}_number", i + 1.0, float), i, key, stop))
    found.sort(key=lambda each: each[:2])
    return {"stops": {key: stop for *_, key, stop in found}, "stop_order": [key for *_, key, _ in found]}
