"""The curator's forms: every edit of a hall, and that a conflict loses nothing that was typed."""

from __future__ import annotations

import html
import math
from typing import Any

import pytest
from browser import NAME, Browser
from test_pages import Page
from werkzeug.test import TestResponse

from exhibit.documents.richtext import from_typed, to_typed
from exhibit.documents.types import HallDocument
from exhibit.halls.forms import note_form
from exhibit.halls.rotation import turn

DESK = "/desk/halls/dragon-kiln"


def draft(curator: Browser) -> HallDocument:
    document: HallDocument = curator.get("/api/halls/dragon-kiln/draft").get_json()
    return document


def version(curator: Browser) -> str:
    return curator.get("/api/halls/dragon-kiln/draft").headers["ETag"].strip('"')


def fields(curator: Browser, address: str) -> dict[str, str]:
    """What the form at `address` would send if its button were pressed at once."""
    return fields_of(curator.get(address).text)


def fields_of(page: str) -> dict[str, str]:
    from html.parser import HTMLParser

    found: dict[str, str] = {}

    class Fields(HTMLParser):
        area: str | None = None
        select: str | None = None

        def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
            attributes = dict(given)
            if tag == "input" and attributes.get("name") and attributes.get("type") != "checkbox":
                found[str(attributes["name"])] = attributes.get("value") or ""
            elif tag == "textarea":
                self.area = str(attributes["name"])
                found[self.area] = ""
            elif tag == "select":
                self.select = str(attributes["name"])
            elif tag == "option" and self.select and ("selected" in attributes or self.select not in found):
                found[self.select] = attributes.get("value") or ""

        def handle_data(self, data: str) -> None:
            if self.area:
                found[self.area] += data

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea":
                self.area = None
            elif tag == "select":
                self.select = None

    Fields().feed(page.split("<main", 1)[1])
    return found


def test_a_hall_from_the_first_click_to_the_public(curator: Browser, visitor: Browser, library: dict[str, Any]) -> None:
    made = curator.post(
        "/desk/halls/new", {"title_zh": "新展", "title_en": "A New Show", "summary_en": "S", "room": "room"}
    )
    assert made.headers["Location"] == "/desk/halls/a-new-show"
    desk = "/desk/halls/a-new-show"
    placed = curator.post(f"{desk}/placements", {"asset": "shard", "version": "1"})
    assert placed.headers["Location"] == f"{desk}/placements/shard"
    noted = curator.post(f"{desk}/notes", {"title_en": "Glaze", "placement": "shard", "version": "2"})
    assert noted.headers["Location"] == f"{desk}/notes/glaze"
    assert visitor.get("/halls/a-new-show").status_code == 404
    assert curator.get(f"{desk}/preview").status_code == 200
    assert curator.post(f"{desk}/publish", {"version": "3", "untranslated": "on"}).status_code == 303
    page = visitor.get("/halls/a-new-show?lang=en").text
    assert "A New Show" in page
    assert "Glaze" in page
    document = visitor.get("/api/halls/a-new-show").get_json()
    assert document["placements"]["shard"]["scale"] == 1  # one metre high, as it has no scale of its own
    assert document["notes"]["glaze"]["placement"] == "shard"
    assert document["start"]["position"][1] == pytest.approx(1.6)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"room": "room"}, "There is no title yet."),
        ({"title_en": "T", "room": "ghost"}, "The form lacks a valid &#39;Room&#39;."),
    ],
)
def test_a_hall_that_cannot_be_made(curator: Browser, library: dict[str, Any], form: dict[str, str], said: str) -> None:
    answer = curator.post("/desk/halls/new?lang=en", form)
    assert answer.status_code in (404, 422)
    assert said in answer.text
    assert curator.get("/desk").text.count("/desk/halls/") == 1  # only "new"


def test_text(curator: Browser, published: str) -> None:
    form = {"title_zh": "窑", "title_en": "Kiln", "summary_zh": "一\r\n二", "summary_en": "", "version": "1"}
    assert curator.post(f"{DESK}/text", form).status_code == 303
    document = draft(curator)
    assert document["title"] == {"zh": "窑", "en": "Kiln"}
    assert document["summary"] == {"zh": "一\n二", "en": ""}
    assert "credit" not in document


def test_pressing_save_at_once_changes_nothing(curator: Browser, published: str) -> None:
    """Every number and text survives the way into the form and back."""
    before = draft(curator)
    for page, target in (
        (f"{DESK}/placements/saggar", f"{DESK}/placements/saggar"),
        (f"{DESK}/placements/welcome", f"{DESK}/placements/welcome"),
        (f"{DESK}/notes/firing", f"{DESK}/notes/firing"),
    ):
        assert curator.post(target, fields(curator, page)).status_code == 303
    every = fields(curator, DESK)
    assert curator.post(f"{DESK}/room", every).status_code == 303
    assert draft(curator) == before


def test_placement(curator: Browser, published: str) -> None:
    form = fields(curator, f"{DESK}/placements/saggar") | {
        "title_en": "A saggar",
        "label_zh": "一\r\n二",
        "x": "1,25",
        "y": "0.1",
        "z": "-2",
        "turn": "90",
        "scale": "2.5",
    }
    assert curator.post(f"{DESK}/placements/saggar", form).status_code == 303
    placement = draft(curator)["placements"]["saggar"]
    assert placement["translation"] == [1.25, 0.1, -2]
    assert placement["scale"] == 2.5
    assert placement["rotation"] == pytest.approx([0, math.sqrt(0.5), 0, math.sqrt(0.5)])
    assert placement["title"]["en"] == "A saggar"
    assert placement["label"]["zh"] == "一\n二"


@pytest.mark.parametrize(
    "bad",
    [
        {"x": "near"},
        {"x": ""},
        {"x": "nan"},
        {"x": "1e400"},
        {"scale": "0"},
        {"scale": "-1"},
        {"title_zh": "", "title_en": ""},
    ],
)
def test_a_bad_placement_shows_what_was_typed(curator: Browser, published: str, bad: dict[str, str]) -> None:
    before = draft(curator)
    form = fields(curator, f"{DESK}/placements/saggar") | {"label_en": "typed with care"} | bad
    answer = curator.post(f"{DESK}/placements/saggar", form)
    assert answer.status_code == 422
    assert "typed with care" in answer.text
    assert draft(curator) == before


def test_what_is_about_to_happen_is_said(curator: Browser, published: str) -> None:
    page = curator.get(f"{DESK}?lang=en").text
    assert "The note “Firing” becomes a note on the hall." in page
    assert "Visitors stop seeing the hall at once" in page
    assert "Without English" not in page
    texts = {"title_zh": "窑", "title_en": "", "summary_zh": "一", "summary_en": "", "version": "1"}
    assert curator.post(f"{DESK}/text", texts).status_code == 303
    curator.post(f"{DESK}/notes", {"title_zh": "新注", "version": "2"})
    page = curator.get(f"{DESK}?lang=en").text
    assert "Without English: 3. The English page shows the Chinese there." in page
    assert '<a href="#text">The hall’s text</a> (2)' in page
    assert f'<a href="{DESK}/notes/note">Note “新注”</a></li>' in page
    assert "Without Chinese" not in page
    curator.post(f"{DESK}/placements/saggar/remove", {"with_notes": "on", "version": "3"})
    assert draft(curator)["note_order"] == ["hillside", "note"]


def test_order_and_removal(curator: Browser, published: str) -> None:
    def move(part: str, to: str) -> TestResponse:
        return curator.post(f"{DESK}/{part}/move", {"to": to, "version": version(curator)})

    assert move("placements/shard", "up").status_code == 303
    assert draft(curator)["placement_order"] == ["welcome", "shard", "saggar"]
    move("placements/welcome", "up")  # is first already
    move("placements/saggar", "down")  # is last already
    assert draft(curator)["placement_order"] == ["welcome", "shard", "saggar"]
    move("notes/hillside", "up")
    assert draft(curator)["note_order"] == ["hillside", "firing"]
    assert curator.post(f"{DESK}/placements/saggar/remove", {"version": version(curator)}).status_code == 303
    document = draft(curator)
    assert "saggar" not in document["placements"]
    assert "saggar" not in document["assets"]
    assert "placement" not in document["notes"]["firing"]  # the note outlives what it was about
    curator.post(f"{DESK}/notes/firing/remove", {"version": version(curator)})
    assert draft(curator)["note_order"] == ["hillside"]
    assert curator.get(f"{DESK}/placements/saggar").status_code == 404


@pytest.mark.parametrize(
    ("spot", "side_deg"), [("front", 0), ("right", 90), ("back", 180), ("left", -90), ("top", None)]
)
def test_a_note_goes_to_a_side_of_its_exhibit(
    curator: Browser, published: str, spot: str, side_deg: float | None
) -> None:
    form = note_form(draft(curator)["notes"]["firing"])
    assert curator.post(f"{DESK}/notes/firing", form | {"spot": spot, "version": version(curator)}).status_code == 303
    document = draft(curator)
    placement, note = document["placements"]["saggar"], document["notes"]["firing"]
    at, (x, y, z) = placement["translation"], note["anchor"]
    assert note["view"]["target"] == note["anchor"]
    if side_deg is None:
        height = document["assets"]["saggar"]["bounds"]["max"][1] * placement["scale"]
        assert [x, y, z] == pytest.approx([at[0], at[1] + height, at[2]], abs=1e-3)
        return
    eye = note["view"]["position"]
    for to in ((x, z), (eye[0], eye[2])):
        bearing = math.degrees(math.atan2(to[0] - at[0], to[1] - at[2])) - turn(placement["rotation"])
        assert (bearing - side_deg + 180) % 360 - 180 == pytest.approx(0, abs=0.5)


@pytest.mark.parametrize(
    ("address", "typed", "title"),
    [
        (
            "placements/saggar",
            {"title_en": "<1920>", "label_zh": "第一行\n第二行", "x": "1.5"},
            ("展品saggar", "Exhibit saggar"),
        ),
        (
            "notes/firing",
            {"title_zh": "烧成", "body_en": "Two.\n\nIt cools.", "view_target_x": "2"},
            ("烧成", "Firing"),
        ),
        ("story/chapters/fire", {"title_en": "The fire", "summary_zh": "火", "from_year": "1128"}, ("fire", "fire")),
        ("story/tours/short", {"stop_0_caption_en": "Look up", "stop_1_caption_zh": "往下看"}, ("short", "short")),
        (
            "story/exhibits/saggar",
            {"shape_0_title_en": "Broken", "step_0_text_zh": "掺砂"},
            ("展品saggar", "Exhibit saggar"),
        ),
    ],
)
def test_what_was_typed_about_a_thing_that_is_gone_is_shown(
    curator: Browser, published: str, address: str, typed: dict[str, str], title: tuple[str, str]
) -> None:
    form = {**typed, "version": version(curator)}
    if "saggar" in address:
        curator.post(f"{DESK}/placements/saggar/remove", {"version": version(curator)})
    elif address == "notes/firing":
        curator.post(f"{DESK}/notes/firing/remove", {"version": version(curator)})
    sentences = {
        "zh": f"您填写期间，别人移除了“{title[0]}”",
        "en": f"Someone removed '{title[1]}' while you were typing",
    }
    for language, said in sentences.items():
        answer = curator.post(f"{DESK}/{address}?lang={language}", form)
        assert answer.status_code == 404
        page = Page(answer.text)
        assert said in " ".join(page.words)
        assert f'href="{DESK}/history"' in answer.text
        shown = html.unescape(answer.text)
        for name, words in typed.items():
            assert (f"<dd>{words}</dd>" in shown) == (not name.endswith("_x") and name != "x")


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("text", {"title_zh": "字", "title_en": "T", "summary_zh": "我写了很久的简介", "summary_en": ""}),
        ("placements/saggar", {"label_zh": "我写了很久的展签"}),
        ("notes/firing", {"body_zh": "我写了很久的注解"}),
        ("notes", {"title_zh": "我写了很久的标题"}),
    ],
)
def test_what_others_did_meanwhile_is_merged(
    curator: Browser, published: str, address: str, typed: dict[str, str]
) -> None:
    page = f"{DESK}/{address}"
    form = (fields(curator, page) if "/" in address else {"version": "1"}) | typed
    assert (
        curator.post(f"{DESK}/placements/shard/move", {"to": "up", "version": "1"}).status_code == 303
    )  # someone else
    assert curator.post(page, form).status_code == 303
    document = draft(curator)
    assert document["placement_order"] == ["welcome", "shard", "saggar"]  # theirs
    assert "我写了" in str(document)  # and mine


def test_a_conflict_shows_both_sides_and_keeps_what_was_typed(curator: Browser, published: str) -> None:
    page = f"{DESK}/placements/saggar"
    opened = fields(curator, page)
    theirs = opened | {"label_zh": "别人的展签", "label_en": "Their label", "x": "3"}
    mine = opened | {"label_zh": "我写了很久的展签", "scale": "2"}
    assert curator.post(page, theirs).status_code == 303
    before = draft(curator)
    answer = curator.post(page, mine)
    assert answer.status_code == 409
    shown = " ".join(Page(answer.text).words)
    assert f"您填写的 现在的内容 展签 (中文) 我写了很久的展签 别人的展签 · {NAME}" in shown
    assert fields_of(answer.text) == mine | {"over": "2"}
    assert draft(curator) == before
    wrong = curator.post(page, mine | {"scale": "none"})  # another error: the form is still that of the first version
    assert (wrong.status_code, fields_of(wrong.text)["version"]) == (422, "1")
    assert curator.post(f"{DESK}/placements/shard/move", {"to": "up", "version": "2"}).status_code == 303
    assert curator.post(page, mine | {"over": "2"}).status_code == 409  # it is no more what was shown
    assert curator.post(page, mine | {"over": "3"}).status_code == 303
    label = {"zh": "我写了很久的展签", "en": "Their label"}
    saggar = before["placements"]["saggar"] | {"label": label, "scale": 2.0}
    assert draft(curator)["placements"]["saggar"] == saggar


def test_who_removes_what_another_has_changed_is_asked(curator: Browser, published: str) -> None:
    page = f"{DESK}/notes/firing"
    assert curator.post(page, fields(curator, page) | {"title_en": "Theirs"}).status_code == 303
    answer = curator.post(f"{page}/remove", {"version": "1"})
    assert (answer.status_code, "firing" in draft(curator)["notes"]) == (409, True)
    assert curator.post(f"{page}/remove", {"version": "2"}).status_code == 303
    assert "firing" not in draft(curator)["notes"]


def test_note_text_is_sanitised(curator: Browser, published: str) -> None:
    form = fields(curator, f"{DESK}/notes/firing") | {
        "body_en": "one\r\n\r\ntwo <script>alert(1)</script><em>three</em>"
    }
    assert curator.post(f"{DESK}/notes/firing", form).status_code == 303
    body = draft(curator)["notes"]["firing"]["body"]["en"]
    assert "script" not in body
    assert "<em>three</em>" in body


@pytest.mark.parametrize("typed", ["one", "one\n\ntwo", "a line\nanother\n\n1 < 2 & 3 > 2", "“引号”", ""])
def test_plain_text_comes_back_as_typed(typed: str) -> None:
    assert to_typed(from_typed(typed)) == typed


def test_a_changed_asset_reaches_the_draft_with_the_next_edit(curator: Browser, published: str) -> None:
    form = {"title_zh": "匣", "title_en": "Renamed", "use": "exhibit", "method": "modelled"}
    curator.post("/desk/assets/saggar", form)
    assert draft(curator)["assets"]["saggar"]["title"]["en"] == "Saggar"
    curator.post(f"{DESK}/placements/shard/move", {"to": "up", "version": "1"})
    assert draft(curator)["assets"]["saggar"]["title"]["en"] == "Renamed"


def test_publishing_with_a_language_missing_is_confirmed(curator: Browser, published: str) -> None:
    form = {"title_zh": "只有中文", "title_en": "", "summary_zh": "简介", "summary_en": "About", "version": "1"}
    curator.post(f"{DESK}/text", form)
    page = curator.get(f"{DESK}?lang=en").text
    assert 'name="untranslated" required' in page
    refused = curator.post(f"{DESK}/publish?lang=en", {"version": "2"})
    assert (refused.status_code, "Some texts are in one language only." in refused.text) == (422, True)
    assert curator.get("/api/halls/dragon-kiln").get_json()["title"]["en"] == "The Dragon Kiln"
    assert curator.post(f"{DESK}/publish", {"version": "2", "untranslated": "on"}).status_code == 303
    assert curator.get("/api/halls/dragon-kiln").get_json()["title"] == {"zh": "只有中文", "en": ""}
