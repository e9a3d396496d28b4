"""What a hall tells, written at the desk: chapters, milestones, tours, sources, in both languages."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
import samples
from browser import Browser
from test_desk import draft, fields, version
from test_pages import Page

from exhibit.documents.hall import checked
from exhibit.halls import services
from exhibit.halls.edits import story
from exhibit.halls.edits.shapes import Shapes
from exhibit.library import upload
from exhibit.library.bundle import Told
from exhibit.web import Site

DESK = "/desk/halls/dragon-kiln/story"


@pytest.fixture
def told(curator: Browser, published: str, site: Site, hall: dict[str, Any]) -> dict[str, Any]:
    """The published hall, with a story in its draft."""
    document = samples.story(hall)
    with site.database.writing() as session:
        services.save_draft(session, services.get_hall(session, published), document, 1)
    return document


ROOM = {f"{corner}_{axis}": value for corner, value in (("min", "0"), ("max", "1,5")) for axis in "xyz"}


def post(curator: Browser, path: str, form: dict[str, Any]) -> Any:
    return curator.post(f"{DESK}{path}", {"version": version(curator)} | form)


def pressed(curator: Browser, path: str) -> dict[str, Any]:
    """What the form of a thing sends if its button is pressed at once."""
    page = Page(curator.get(f"{DESK}{path}").text)
    sent: dict[str, Any] = {}
    select = None
    for tag, attributes in page.tags:
        name = attributes.get("name")
        if tag == "input" and name and attributes.get("type") == "checkbox":
            if "checked" in attributes:
                sent.setdefault(name, []).append(attributes.get("value") or "on")
        elif tag == "input" and name and name != "csrf_token":
            sent[name] = attributes.get("value") or ""
        elif tag == "select":
            select = str(name)
            sent[select] = ""
        elif tag == "option" and select and "selected" in attributes:
            sent[select] = attributes["value"] or ""
    return sent


def areas(curator: Browser, path: str) -> dict[str, str]:
    text = curator.get(f"{DESK}{path}").text
    found = re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', text, re.S)
    return {name: html.unescape(words) for name, words in found}


@pytest.mark.parametrize(
    "path",
    [
        "/chapters/clay",
        "/chapters/fire",
        "/milestones/early",
        "/milestones/modern",
        "/tours/short",
        "/zones/kiln",
        "/sources/book",
        "/exhibits/saggar",
        "/exhibits/shard",
    ],
)
def test_saving_what_is_shown_changes_nothing(curator: Browser, told: dict[str, Any], path: str) -> None:
    before = draft(curator)
    assert post(curator, path, pressed(curator, path) | areas(curator, path)).status_code == 303
    after = draft(curator)
    assert after == before
    checked(after)


def test_from_nothing_to_a_story(curator: Browser, visitor: Browser, published: str) -> None:
    title = {"title_zh": "泥", "title_en": "Clay"}
    assert post(curator, "/sources", title | {"title_en": "A book"}).location == f"{DESK}/sources/a-book"
    assert post(curator, "/sources/a-book", title | {"address": "https://example.org/"}).status_code == 303
    assert post(curator, "/chapters", title).location == f"{DESK}/chapters/clay"
    chapter = title | {"from_year": "960", "to_year": "1127", "summary_zh": "白。", "placements": ["shard", "welcome"]}
    assert post(curator, "/chapters/clay", chapter).status_code == 303
    assert post(curator, "/milestones", title | {"year": "-221"}).status_code == 303
    milestone = title | {"year": "-221", "circa": "on", "chapter": "clay", "placement": "shard", "sources": ["a-book"]}
    assert post(curator, "/milestones/clay", milestone).status_code == 303
    assert post(curator, "/timeline", {"title_zh": "年表", "title_en": "Years"}).status_code == 303
    assert post(curator, "/tours", title).status_code == 303
    stops = {
        "stop_0_id": "stop",
        "stop_0_caption_zh": "二",
        "stop_0_number": "2",
        "stop_1_at": "note:firing",
        "stop_1_caption_en": "one",
    }
    assert post(curator, "/tours/clay", title | stops | {"stop_1_number": "1"}).status_code == 303
    assert (
        curator.post("/desk/halls/dragon-kiln/publish", {"version": version(curator), "untranslated": "on"}).status_code
        == 303
    )
    shown = visitor.get("/api/halls/dragon-kiln").get_json()
    text = {"zh": "泥", "en": "Clay"}
    assert shown["chapters"] == {
        "clay": {
            "title": text,
            "summary": {"zh": "白。", "en": ""},
            "from_year": 960,
            "to_year": 1127,
            "placements": ["shard", "welcome"],
        }
    }
    assert shown["timeline"] == {
        "title": {"zh": "年表", "en": "Years"},
        "milestones": {
            "clay": {
                "title": text,
                "year": -221,
                "circa": True,
                "chapter": "clay",
                "placement": "shard",
                "sources": ["a-book"],
            }
        },
    }
    assert shown["tours"]["clay"]["stops"] == {
        "stop-2": {"caption": {"zh": "", "en": "one"}, "note": "firing"},
        "stop": {"caption": {"zh": "二", "en": ""}},
    }
    assert shown["tours"]["clay"]["stop_order"] == ["stop-2", "stop"]
    assert shown["sources"] == {"a-book": {"title": text, "address": "https://example.org/"}}


def test_two_curators_at_one_tour(curator: Browser, told: dict[str, Any]) -> None:
    opened = fields(curator, f"{DESK}/tours/short")
    theirs = opened | {"stop_3_caption_en": "Theirs", "stop_0_number": "9"}
    mine = opened | {"stop_1_caption_en": "Mine", "stop_3_caption_en": "New", "stop_3_number": "1.5"}
    for form in (theirs, mine):
        assert curator.post(f"{DESK}/tours/short", form).status_code == 303
    tour = draft(curator)["tours"]["short"]
    captions = [tour["stops"][key]["caption"]["en"] for key in tour["stop_order"]]
    assert sorted(captions) == sorted(["First the saggar.", "Mine", "Look back.", "Theirs", "New"])


def test_sound_and_light(curator: Browser, visitor: Browser, published: str, site: Site, tmp_path: Path) -> None:
    sound = tmp_path / "fire.wav"
    sound.write_bytes(samples.wav())
    words = Told({"zh": "柴火", "en": "A wood fire"}, "recording")
    upload.add(sound, words, site.config, site.database, site.storage, asset_id="fire")
    title = {"title_zh": "窑边", "title_en": "By the kiln"}
    assert post(curator, "/zones", title).location == f"{DESK}/zones/by-the-kiln"
    assert draft(curator)["zones"]["by-the-kiln"]["min"] == [-4, 0, -5]  # all of the room, to begin with
    assert draft(curator)["zones"]["by-the-kiln"]["max"] == [4, 0.2, 5]
    assert "fire" not in draft(curator)["assets"]
    form = title | ROOM | {"sound": "fire", "caption_zh": "松柴在烧。", "caption_en": "Pine burns.", "ambient": "0.4"}
    assert post(curator, "/zones/by-the-kiln", form).location == f"{DESK}#zones-by-the-kiln"
    assert draft(curator)["zones"]["by-the-kiln"] == {
        "title": {"zh": "窑边", "en": "By the kiln"},
        "min": [0, 0, 0],
        "max": [1.5, 1.5, 1.5],
        "sound": "fire",
        "caption": {"zh": "松柴在烧。", "en": "Pine burns."},
        "ambient": 0.4,
    }
    assert curator.post("/desk/halls/dragon-kiln/publish", {"version": version(curator)}).status_code == 303
    heard = visitor.get("/api/halls/dragon-kiln").get_json()["assets"]["fire"]["files"]["audio"]["sha256"]
    assert visitor.get(f"/media/{heard}").data == samples.wav()  # what the zone sounds of, visitors may have
    assert "Pine burns." in visitor.get("/halls/dragon-kiln?lang=en").text
    assert post(curator, "/zones/by-the-kiln/remove", {}).status_code == 303
    assert "fire" not in draft(curator)["assets"]


def test_shapes_and_steps(curator: Browser, published: str) -> None:
    shapes = {
        "shape_title_en": "New",
        "shape_0_title_en": "Fired",
        "shape_0_asset": "shard",
        "shape_0_year": "-12",
        "step_0_title_zh": "练泥",
        "step_0_from_s": "0",
        "step_0_to_s": "1,5",
        "step_1_title_zh": "成型",
        "step_1_text_en": "On the wheel.",
        "step_1_from_s": "1.5",
        "step_1_to_s": "4",
    }
    assert post(curator, "/exhibits/saggar", shapes).location == f"{DESK}#exhibits-saggar"
    placement = draft(curator)["placements"]["saggar"]
    assert placement["variant"] == {"title": {"zh": "", "en": "New"}}
    assert placement["variants"] == [{"title": {"zh": "", "en": "Fired"}, "asset": "shard", "year": -12}]
    assert placement["process"] == [
        {"title": {"zh": "练泥", "en": ""}, "from_s": 0, "to_s": 1.5},
        {"title": {"zh": "成型", "en": ""}, "text": {"zh": "", "en": "On the wheel."}, "from_s": 1.5, "to_s": 4},
    ]
    told = curator.get(f"{DESK}?lang=en").text
    assert "Shapes: 2 · Steps: 2" in told
    assert post(curator, "/exhibits/saggar", {}).status_code == 303
    assert not draft(curator)["placements"]["saggar"].keys() & set(Shapes.__annotations__)


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        ("/chapters/clay", {"title_zh": " ", "title_en": "", "summary_en": "typed"}, "There is no title yet."),
        ("/chapters/clay", {"title_en": "A", "from_year": "soon", "summary_en": "typed"}, "is not a usable number"),
        ("/chapters/clay", {"title_en": "A", "from_year": "0", "summary_en": "typed"}, "is not a usable number"),
        (
            "/chapters/clay",
            {"title_en": "A", "from_year": "5", "to_year": "4", "summary_en": "typed"},
            "before it begins",
        ),
        ("/milestones/early", {"title_en": "A", "text_en": "typed"}, "is not a usable number"),
        ("/tours/short", {"title_en": "A", "summary_en": "typed"}, "A tour has at least one stop."),
        ("/sources/book", {"title_en": "typed", "address": "javascript:alert(1)"}, "breaks the contract"),
        ("/milestones/early", {"title_en": "typed", "year": "1", "placement": "nothing"}, "the hall has no placement"),
        ("/tours/short", {"title_en": "A", "stop_0_caption_en": "typed", "version": "1"}, "Someone saved this hall"),
        ("/zones/kiln", ROOM | {"title_en": "typed", "max_y": "high"}, "'Opposite corner y' is not a usable number."),
        ("/zones/kiln", ROOM | {"title_en": "typed", "max_y": "-1"}, "There is no room between the zone's corners."),
        ("/zones/kiln", ROOM | {"title_en": "typed", "ambient": "-1"}, "'Brightness' is not a usable number."),
        ("/zones/kiln", ROOM | {"title_en": "typed", "sound": "fire"}, "nothing tells what is to be heard"),
        (
            "/zones/kiln",
            ROOM | {"title_en": "typed", "sound": "nothing", "caption_en": "a"},
            "the hall has no audio 'nothing'",
        ),
        ("/exhibits/saggar", {"shape_0_title_en": "typed"}, "Shape 1 has no name or no model."),
        ("/exhibits/saggar", {"shape_0_asset": "shard", "step_0_text_en": "typed"}, "Shape 1 has no name or no model."),
        ("/exhibits/saggar", {"shape_year": "1950", "step_0_title_en": "typed"}, "There is no title yet."),
        ("/exhibits/saggar", {"step_0_text_en": "typed"}, "Step 1 has no title."),
        ("/exhibits/saggar", {"step_0_title_en": "typed", "step_0_from_s": "1"}, "'To (s)' is not a usable number."),
        (
            "/exhibits/saggar",
            {"step_0_title_en": "typed", "step_0_from_s": "2", "step_0_to_s": "2"},
            "Step 1 ends before it begins.",
        ),
    ],
)
def test_nothing_that_was_typed_is_lost(
    curator: Browser, told: dict[str, Any], path: str, form: dict[str, str], said: str
) -> None:
    before = draft(curator)
    answer = post(curator, f"{path}?lang=en", form)
    assert answer.status_code in (409, 422)
    assert said in answer.text.replace("&#39;", "'")
    assert "typed" in answer.text
    assert draft(curator) == before


def test_what_is_removed_is_named_nowhere(curator: Browser, told: dict[str, Any]) -> None:
    for part in story.PARTS:
        for key, _ in story.things(draft(curator), part):
            assert post(curator, f"/{part}/{key}/remove", {}).status_code == 303
            checked(draft(curator))
    left = draft(curator)
    assert [story.things(left, part) for part in story.PARTS] == [[], [], [], [], []]
    assert not any("sources" in thing for thing in (left, left["placements"]["saggar"], left["notes"]["firing"]))
    assert not left.keys() & {"chapters", "chapter_order", "tours", "tour_order", "zones"}


def test_the_order_of_chapters(curator: Browser, told: dict[str, Any]) -> None:
    assert post(curator, "/chapters/fire/move", {"to": "up"}).status_code == 303
    assert draft(curator)["chapter_order"] == ["fire", "clay"]
    post(curator, "/chapters/fire/move", {"to": "up"})
    assert draft(curator)["chapter_order"] == ["fire", "clay"]


def test_what_is_not_there(curator: Browser, told: dict[str, Any]) -> None:
    for path in (
        "/chapters/nothing",
        "/milestones/nothing",
        "/tours/nothing",
        "/sources/nothing",
        "/zones/nothing",
        "/exhibits/nothing",
        "/exhibits/welcome",  # a text panel has neither shapes nor steps
        "/placements/saggar",
    ):
        assert curator.get(f"{DESK}{path}").status_code == 404
