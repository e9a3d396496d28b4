"""What edits of a hall make of it, by the cases that the studio's commands keep too (viewer/test/commands.test.ts)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import samples

from exhibit.documents.canonical import canonical
from exhibit.documents.changes import difference
from exhibit.documents.contract import hall_document
from exhibit.documents.types import HallDocument
from exhibit.halls.anchors import free_places
from exhibit.halls.edits import milestones, notes, order, placements, story
from exhibit.halls.removal import effects_of_note, effects_of_placement
from exhibit.halls.rotation import shown_turn

CASES: dict[str, Any] = json.loads((samples.CASES / "commands.json").read_text("utf-8"))
HALL: HallDocument = hall_document(CASES["hall"])

Result = HallDocument | tuple[HallDocument, str]


def put(hall: HallDocument, asset: str | None = None, anchor: str = "") -> Result:
    return placements.add(hall, asset, CASES["library"][asset] if asset else None, anchor)


def put_at_anchor(hall: HallDocument, id: str, anchor: str) -> Result:
    placement = hall["placements"][id]
    values: placements.PlacementValues = {
        "title": placement["title"],
        "label": placement["label"],
        "translation": placement["translation"],
        "scale": placement["scale"],
    }
    return placements.change(hall, id, values, shown_turn(placement), anchor)


COMMANDS: dict[str, Callable[..., Result]] = {
    "put-placement": put,
    "put-at-anchor": put_at_anchor,
    "remove-placement": lambda hall, id, with_notes: placements.remove(hall, id, with_notes=with_notes),
    "add-note": lambda hall, placement, title: notes.add(hall, placement, title),
    "remove-note": lambda hall, id: notes.remove(hall, id),
    "step": lambda hall, order_name, id, by: order.move(hall, order_name, id, by),
    "add-thing": lambda hall, part, values: story.add(hall, part, values),
    "remove-thing": lambda hall, part, id: story.remove(hall, part, id),
    "hang-timeline": lambda hall, anchor, title: milestones.head_timeline(hall, title, anchor),
}


@pytest.mark.parametrize("case", CASES["commands"], ids=lambda case: case["about"])
def test_commands(case: dict[str, Any]) -> None:
    kept = canonical(HALL)
    result = COMMANDS[case["command"]](HALL, *case["arguments"])
    after, key = result if isinstance(result, tuple) else (result, None)
    assert key == case.get("id")
    assert canonical(to_nanometres(difference(HALL, after))) == canonical(to_nanometres(case["changes"]))
    assert canonical(HALL) == kept


@pytest.mark.parametrize("case", CASES["effects"], ids=lambda case: case["id"])
def test_effects(case: dict[str, Any]) -> None:
    effects = effects_of_note if case["map"] == "notes" else effects_of_placement
    found = [[effect.part, effect.title["en"], effect.number] for effect in effects(HALL, case["id"])]
    assert found == case["effects"]


def test_free_anchors() -> None:
    assert sorted(place.key for place in free_places(HALL)) == CASES["free_anchors"]


def to_nanometres(value: Any) -> Any:
    """Numbers as both languages print them: their sines may differ in the last bit."""
    if isinstance(value, float):
        return round(value, 9) + 0.0
    if isinstance(value, list):
        return [to_nanometres(each) for each in value]
    return {key: to_nanometres(each) for key, each in value.items()} if isinstance(value, dict) else value
