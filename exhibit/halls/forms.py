"""Between the desk's forms (flat, words) and the hall document (nested, numbers). Knows no database."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from exhibit.documents.texts import bilingual
from exhibit.errors import BadInput
from exhibit.halls.document import Document
from exhibit.halls.edit import shown_turn
from exhibit.halls.richtext import from_typed, to_typed
from exhibit.web import both

Form = Mapping[str, str]
AXES = ("x", "y", "z")
VIEW_POINTS = ("position", "target")


def version(form: Form) -> int:
    """The draft's version that the form was made from. Raises BadInput."""
    try:
        return int(form.get("version", ""))
    except ValueError:
        raise BadInput("bad_form", field="version") from None


def view(name: str, form: Form) -> Document:
    return {point: [number(f"{name}_{point}_{axis}", form) for axis in AXES] for point in VIEW_POINTS}


def placement(kind: str, form: Form) -> tuple[Document, float]:
    """(fields of the placement, turn in degrees). Raises BadInput."""
    values: Document = {
        "title": both("title", form),
        "label": both("label", form),
        "translation": [number(axis, form) for axis in AXES],
        "scale": positive("scale", form),
    }
    if not any(values["title"].values()):
        raise BadInput("title_missing")
    if kind != "object":
        values["width_m"] = positive("width_m", form)
    return values, number("turn", form)


def note(form: Form) -> Document:
    """The whole note. Raises BadInput."""
    body = both("body", form)
    values: Document = {
        "title": both("title", form),
        "body": bilingual(lambda language: from_typed(body[language])),
        "anchor": [number(f"anchor_{axis}", form) for axis in AXES],
        "view": view("view", form),
    }
    if not any(values["title"].values()):
        raise BadInput("title_missing")
    if form.get("placement"):
        values["placement"] = form["placement"]
    return values


def text_form(document: Document) -> dict[str, str]:
    credit = document.get("credit", {"zh": "", "en": ""})
    return _flat("title", document["title"]) | _flat("summary", document["summary"]) | _flat("credit", credit)


def room_form(document: Document) -> dict[str, str]:
    return {"room": document["architecture"]["asset"]} | _view_form("start", document["start"])


def placement_form(placement: Document) -> dict[str, str]:
    form = _flat("title", placement["title"]) | _flat("label", placement.get("label", {"zh": "", "en": ""}))
    form |= {axis: shown(value) for axis, value in zip(AXES, placement["translation"], strict=True)}
    form |= {"turn": shown(shown_turn(placement)), "scale": shown(placement["scale"])}
    return form | {"width_m": shown(placement.get("width_m", 1.0))}


def note_form(note: Document) -> dict[str, str]:
    form = _flat("title", note["title"]) | _flat("body", {key: to_typed(rich) for key, rich in note["body"].items()})
    form |= {f"anchor_{axis}": shown(value) for axis, value in zip(AXES, note["anchor"], strict=True)}
    saved = note.get("view") or {
        "position": [note["anchor"][0], note["anchor"][1], note["anchor"][2] + 2],
        "target": note["anchor"],
    }
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


def _flat(name: str, text: Mapping[str, Any]) -> dict[str, str]:
    return {f"{name}_{language}": words for language, words in text.items()}


def _view_form(name: str, view: Document) -> dict[str, str]:
    return {
        f"{name}_{point}_{axis}": shown(value)
        for point in VIEW_POINTS
        for axis, value in zip(AXES, view[point], strict=True)
    }
