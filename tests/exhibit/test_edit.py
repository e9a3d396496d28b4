"""Edits leave no thread hanging: what is removed is named nowhere any more."""

from __future__ import annotations

import copy
from typing import Any

from exhibit.documents.hall import checked
from exhibit.halls import edit, removal
from exhibit.halls.removal import Effect
from exhibit.halls.translations import untranslated

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
    assert after["tours"]["short"]["stops"] == [{"caption": CAPTION}]  # what was written for it stays
    assert after["tours"]["long"]["stops"][0] == {"caption": CAPTION, "view": VIEW}
    assert len(after["tours"]["long"]["stops"]) == 3
    assert after["notes"].keys() == before["notes"].keys()


def test_a_placement_leaves_with_its_notes(hall: dict[str, Any]) -> None:
    after = edit.remove_placement(told(hall), "saggar", with_notes=True)
    checked(after)
    assert after["note_order"] == ["hillside"]
    assert after["tours"]["long"]["stops"][1:] == [{"caption": CAPTION}, {"caption": CAPTION}]


def test_what_changes_is_said_before(hall: dict[str, Any]) -> None:
    title = {"zh": "题", "en": "Title"}
    assert removal.effects_of_placement(told(hall), "saggar") == [
        Effect("note", hall["notes"]["firing"]["title"]),
        Effect("chapter", title),
        Effect("milestone", title),
        Effect("tour", title, 1),
        Effect("tour", title, 1),
    ]
    assert removal.effects_of_note(told(hall), "firing") == [Effect("tour", title, 2)]
    assert removal.effects_of_placement(hall, "shard") == removal.effects_of_note(hall, "hillside") == []


def test_a_note_leaves_the_tours(hall: dict[str, Any]) -> None:
    after = edit.remove_note(told(hall), "firing")
    checked(after)
    assert [stop.keys() for stop in after["tours"]["long"]["stops"]] == [
        {"caption", "placement", "view"},
        {"caption"},
        {"caption"},
    ]
    assert after["tour_order"] == ["short", "long"]


def test_a_changed_note_keeps_its_picture_and_its_sources(hall: dict[str, Any]) -> None:
    hall["notes"]["firing"] |= {"picture": "scene", "sources": ["book"]}
    values = {"title": {"zh": "新", "en": "New"}, "body": {"zh": "", "en": ""}, "anchor": [0, 1, 0]}
    after = edit.change_note(hall, "firing", values)
    assert after["notes"]["firing"] == values | {"picture": "scene", "sources": ["book"]}


def test_texts_in_one_language_only(hall: dict[str, Any]) -> None:
    assert untranslated(hall) == []
    hall = told(hall)
    hall["title"] = {"zh": "窑", "en": " "}
    hall["placements"]["saggar"]["label"] = {"zh": "匣钵", "en": ""}
    hall["placements"]["saggar"]["process"] = [{"title": {"zh": "练泥", "en": ""}, "from_s": 0, "to_s": 1}]
    hall["placements"]["welcome"]["label"] = {"zh": "", "en": ""}  # no text at all
    hall["notes"]["firing"]["body"] = {"zh": "", "en": "<p>Pine</p>"}
    hall["tours"]["long"]["stops"][2]["caption"] = {"zh": "看", "en": ""}
    hall["timeline"]["milestones"]["first"]["title"] = {"zh": "始", "en": ""}
    hall["assets"]["saggar"]["origin"]["statement"] = {"zh": "甲", "en": ""}
    hall["assets"]["unseen"] = hall["assets"]["saggar"]
    found = [(each.language, each.part, each.key, each.count) for each in untranslated(hall)]
    assert found == [
        ("zh", "notes", "firing", 1),
        ("en", "hall", "", 1),
        ("en", "placements", "saggar", 2),
        ("en", "tours", "long", 1),
        ("en", "assets", "saggar", 1),
        ("en", "milestones", "first", 1),
    ]
