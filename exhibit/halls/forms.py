"""Between the desk's forms (flat, words) and the hall document (nested, numbers). Knows no database."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from exhibit.documents.richtext import from_typed, to_typed
from exhibit.documents.texts import bilingual, has_words
from exhibit.documents.types import HallDocument, Note, Placement, PlacementKind, Text, View
from exhibit.errors import BadInput
from exhibit.halls.edit import PlacementValues, shown_turn
from exhibit.i18n import LANGUAGES
from exhibit.web import both

Form = Mapping[str, str]
AXES = ("x", "y", "z")
VIEW_POINTS: tuple[Literal["position", "target"], ...] = ("position", "target")
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


def number(field: str, form: Form) -> float:
    """A finite number, with a decimal point or comma. Raises BadInput."""
    try:
        value = float(form.get(field, "").strip().replace(",", "."))
    except ValueError:
        raise BadInput("bad_number", field=field) from None
    if not math.isfinite(value):
        raise BadInput("bad_number", field=field)
    return value


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
