"""Edits of a hall document: where things are put, and that what is removed is named nowhere any more."""

from __future__ import annotations

import copy
import math

import pytest

from exhibit.documents.hall import checked
from exhibit.documents.types import AssetDocument, HallDocument, Note, Text, View
from exhibit.errors import BadHall
from exhibit.halls import removal
from exhibit.halls.edits import notes, placements
from exhibit.halls.forms import shown
from exhibit.halls.removal import Effect
from exhibit.halls.rotation import quaternion, shown_turn, turn
from exhibit.halls.translations import untranslated

CAPTION: Text = {"zh": "看。", "en": "Look."}
VIEW: View = {"position": [0, 1.6, 2], "target": [0, 1, 0]}


def told(hall: HallDocument) -> HallDocument:
    """The hall with a story in which everything names the saggar or the note on its firing."""
    title: Text = {"zh": "题", "en": "Title"}
    return {
        **hall,
        "chapters": {"fire": {"title": title, "placements": ["welcome", "saggar"]}},
        "chapter_order": ["fire"],
        "timeline": {
            "title": title,
            "milestones": {"first": {"year": 1620, "title": title, "placement": "saggar", "chapter": "fire"}},
        },
        "tours": {
            "short": {
                "title": title,
                "stops": {"one": {"caption": CAPTION, "placement": "saggar"}},
                "stop_order": ["one"],
            },
            "long": {
                "title": title,
                "stops": {
                    "one": {"caption": CAPTION, "placement": "saggar", "view": VIEW},
                    "two": {"caption": CAPTION, "note": "firing"},
                    "three": {"caption": CAPTION},
                },
                "stop_order": ["one", "two", "three"],
            },
        },
        "tour_order": ["short", "long"],
    }


def test_a_placement_leaves_the_story(hall: HallDocument) -> None:
    before = told(hall)
    kept = copy.deepcopy(before)
    after = placements.remove(before, "saggar")
    assert before == kept
    checked(after)
    assert after["chapters"]["fire"]["placements"] == ["welcome"]
    assert "placement" not in after["timeline"]["milestones"]["first"]
    assert after["tours"]["short"]["stops"] == {"one": {"caption": CAPTION}}  # what was written for it stays
    assert after["tours"]["long"]["stops"]["one"] == {"caption": CAPTION, "view": VIEW}
    assert len(after["tours"]["long"]["stops"]) == 3
    assert after["notes"].keys() == before["notes"].keys()


def test_a_placement_leaves_with_its_notes(hall: HallDocument) -> None:
    after = placements.remove(told(hall), "saggar", with_notes=True)
    checked(after)
    assert after["note_order"] == ["hillside"]
    assert [after["tours"]["long"]["stops"][key] for key in ("two", "three")] == [{"caption": CAPTION}] * 2


def test_what_changes_is_said_before(hall: HallDocument) -> None:
    title: Text = {"zh": "题", "en": "Title"}
    assert removal.effects_of_placement(told(hall), "saggar") == [
        Effect("note", hall["notes"]["firing"]["title"]),
        Effect("chapter", title),
        Effect("milestone", title),
        Effect("tour", title, 1),
        Effect("tour", title, 1),
    ]
    assert removal.effects_of_note(told(hall), "firing") == [Effect("tour", title, 2)]
    assert removal.effects_of_placement(hall, "shard") == removal.effects_of_note(hall, "hillside") == []


def test_a_note_leaves_the_tours(hall: HallDocument) -> None:
    after = notes.remove(told(hall), "firing")
    checked(after)
    assert [stop.keys() for stop in after["tours"]["long"]["stops"].values()] == [
        {"caption", "placement", "view"},
        {"caption"},
        {"caption"},
    ]
    assert after["tour_order"] == ["short", "long"]


def test_a_tour_lists_each_of_its_stops_once(hall: HallDocument) -> None:
    document = told(hall)
    document["tours"]["long"]["stop_order"].pop()
    with pytest.raises(BadHall) as refused:
        checked(document)
    assert "/tours/long/stop_order" in refused.value.message("en")


def test_a_changed_note_keeps_its_picture_and_its_sources(hall: HallDocument) -> None:
    hall["notes"]["firing"] |= {"picture": "scene", "sources": ["book"]}
    values: Note = {"title": {"zh": "新", "en": "New"}, "body": {"zh": "", "en": ""}, "anchor": [0, 1, 0]}
    after = notes.change(hall, "firing", values)
    assert after["notes"]["firing"] == values | {"picture": "scene", "sources": ["book"]}


def test_texts_in_one_language_only(hall: HallDocument) -> None:
    assert untranslated(hall) == []
    hall = told(hall)
    hall["title"] = {"zh": "窑", "en": " "}
    hall["placements"]["saggar"]["label"] = {"zh": "匣钵", "en": ""}
    hall["placements"]["saggar"]["process"] = [{"title": {"zh": "练泥", "en": ""}, "from_s": 0, "to_s": 1}]
    hall["placements"]["welcome"]["label"] = {"zh": "", "en": ""}  # no text at all
    hall["notes"]["firing"]["body"] = {"zh": "<p> </p>", "en": "<p>Pine</p>"}
    hall["tours"]["long"]["stops"]["three"]["caption"] = {"zh": "看", "en": ""}
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


@pytest.mark.parametrize("turn_deg", [0, 30, -90, 179.5, -179.5])
def test_turns(turn_deg: float) -> None:
    rotation = quaternion(turn_deg)
    assert math.dist(rotation, (0, 0, 0, 0)) == pytest.approx(1)
    assert turn(rotation) == pytest.approx(turn_deg)


def test_a_tilt_survives_a_form_that_only_knows_turns(hall: HallDocument) -> None:
    tilted = [0.1, 0.2, 0.3, math.sqrt(1 - 0.14)]
    saggar = hall["placements"]["saggar"]
    saggar["rotation"] = tilted
    turned = shown_turn(saggar)
    values: placements.PlacementValues = {
        "title": saggar["title"],
        "label": saggar["label"],
        "translation": saggar["translation"],
        "scale": saggar["scale"],
    }
    changed = placements.change(hall, "saggar", values, float(shown(turned)))
    assert changed["placements"]["saggar"]["rotation"] == tilted


def test_exhibits_are_put_side_by_side(hall: HallDocument, library: dict[str, AssetDocument]) -> None:
    document, key = placements.add(hall, "saggar", library["saggar"])
    assert key == "saggar-2"
    left, right = document["placements"]["shard"]["translation"], document["placements"][key]["translation"]
    assert right[0] - left[0] > (3 + 1) / 2  # half of each, and a gap
    assert right[1:] == [0, left[2]]
    assert hall["placement_order"] == ["welcome", "saggar", "shard"]  # the hall given is unchanged


def test_a_note_is_seen_from_the_front(hall: HallDocument) -> None:
    hall["placements"]["saggar"]["rotation"] = quaternion(90)  # its front looks along +x
    document, key = notes.add(hall, "saggar", {"zh": "", "en": "Foot"})
    note = document["notes"][key]
    x = hall["placements"]["saggar"]["translation"][0]
    assert note["anchor"][0] == pytest.approx(x + 0.55)
    assert note["view"]["position"][0] > note["anchor"][0] + 1
    assert note["view"]["target"] == note["anchor"]
