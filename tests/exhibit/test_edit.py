"""Edits leave no thread hanging: what is removed is named nowhere any more."""

from __future__ import annotations

import copy
from typing import Any

from exhibit.documents.hall import checked
from exhibit.halls import edit

CAPTION = {"zh": "看。", "en": "Look."}
VIEW = {"position": [0, 1.6, 2], "target": [0, 1, 0]}


def told(hall: dict[str, Any]) -> dict[str, Any]:
    """The hall with a story in which everything names the saggar or the note on its firing."""
    title = {"zh": "题", "en": "Title"}
    return hall | {
        "chapters": {"fire": {"title": title, "placements": ["welcome", "saggar"]}},
        "chapter_order": ["fire"],
        "timeline": {
            "title": title,
            "milestones": {"first": {"year": 1620, "title": title, "placement": "saggar", "chapter": "fire"}},
        },
        "tours": {
            "short": {"title": title, "stops": [{"caption": CAPTION, "placement": "saggar"}]},
            "long": {
                "title": title,
                "stops": [
                    {"caption": CAPTION, "placement": "saggar", "view": VIEW},
                    {"caption": CAPTION, "note": "firing"},
                    {"caption": CAPTION},
                ],
            },
        },
        "tour_order": ["short", "long"],
    }


def test_a_placement_leaves_the_story(hall: dict[str, Any]) -> None:
    before = told(hall)
    kept = copy.deepcopy(before)
    after = edit.remove_placement(before, "saggar")
    assert before == kept
    checked(after)
    assert after["chapters"]["fire"]["placements"] == ["welcome"]
    assert "placement" not in after["timeline"]["milestones"]["first"]
    assert (after["tours"].keys(), after["tour_order"]) == ({"long"}, ["long"])
    assert after["tours"]["long"]["stops"][0] == {"caption": CAPTION, "view": VIEW}
    assert len(after["tours"]["long"]["stops"]) == 3


def test_a_note_leaves_the_tours(hall: dict[str, Any]) -> None:
    after = edit.remove_note(told(hall), "firing")
    checked(after)
    assert [stop.keys() for stop in after["tours"]["long"]["stops"]] == [{"caption", "placement", "view"}, {"caption"}]
    assert after["tour_order"] == ["short", "long"]


def test_a_changed_note_keeps_its_picture_and_its_sources(hall: dict[str, Any]) -> None:
    hall["notes"]["firing"] |= {"picture": "scene", "sources": ["book"]}
    values = {"title": {"zh": "新", "en": "New"}, "body": {"zh": "", "en": ""}, "anchor": [0, 1, 0]}
    after = edit.change_note(hall, "firing", values)
    assert after["notes"]["firing"] == values | {"picture": "scene", "sources": ["book"]}
