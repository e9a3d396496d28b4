"""A hall's versions at the desk: what differs, looking at an older one, having it again."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import samples
from browser import NAME, Browser
from test_editing import Editor
from test_pages import Page

from exhibit.documents.changes import invert
from exhibit.documents.types import HallDocument
from exhibit.halls import services
from exhibit.halls.differences import differences
from exhibit.library import uses
from exhibit.web import Site

Document = Any
DESK = "/desk/halls/dragon-kiln"
HISTORY = f"{DESK}/history"


def words(browser: Browser, address: str) -> str:
    return " ".join(Page(browser.get(address).text).words)


def told(before: HallDocument, after: HallDocument) -> list[tuple[str, str, str]]:
    return [(each.verb, each.part, each.key) for each in differences(before, after)]


@pytest.fixture
def edited(curator: Browser, published: str) -> Browser:
    """A hall of three versions: the first is published, by the third the saggar has been moved and renamed."""
    form = {"title_zh": "窑", "title_en": "Kiln", "summary_zh": "", "summary_en": "", "version": "1"}
    assert curator.post(f"{DESK}/text", form).status_code == 303
    assert curator.post(f"{DESK}/publish", {"version": "2", "untranslated": "on"}).status_code == 303
    placement = {"title_zh": "大匣钵", "title_en": "A large saggar", "x": "1", "y": "0", "z": "-1", "turn": "0"}
    form = placement | {"label_zh": "", "label_en": "", "scale": "1", "version": "2"}
    assert curator.post(f"{DESK}/placements/saggar", form).status_code == 303
    return curator


@pytest.mark.parametrize("case", samples.cases("differences"), ids=lambda case: case["about"])
def test_differences_as_the_studio_says_them(case: Document) -> None:
    versions: list[Document] = [{"assets": {}, **case[name]} for name in ("before", "after")]
    assert [list(each) for each in told(*versions)] == case["differences"]


def test_differences_in_a_curators_words(hall: HallDocument) -> None:
    before: Document = samples.story(dict(hall))
    after: Document = copy.deepcopy(before)
    assert told(before, after) == []
    after["placements"]["saggar"] |= {"translation": [9, 0, 0], "rotation": [0, 1, 0, 0], "scale": 2, "label": None}
    after["placements"]["saggar"]["process"] = []
    after["placements"]["new"] = after["placements"].pop("welcome")
    after["placement_order"] = ["shard", "saggar", "new"]
    after["notes"]["firing"]["body"]["en"] = "Fire."
    after["chapters"]["fire"]["placements"].reverse()
    after["timeline"]["milestones"]["modern"]["year"] = 1950
    after["timeline"]["title"]["zh"] = "岁月"
    del after["tours"]["short"]["stops"][after["tours"]["short"]["stop_order"].pop()]
    after["zones"]["kiln"]["max"][0] = 5
    del after["sources"]["unnamed"]
    after |= {"light": {}, "start": {"position": [0, 1, 0], "target": [0, 1, 1]}}
    after["title"]["en"] = after["credit"]["en"] = "Kiln"
    after["assets"]["shard"] = {**after["assets"]["shard"], "title": {"zh": "碎片", "en": "Sherd"}}
    assert told(before, after) == [
        ("added", "placements", "new"),
        ("removed", "placements", "welcome"),
        ("removed", "sources", "unnamed"),
        ("moved", "placements", "saggar"),
        ("moved", "start", ""),
        ("moved", "zones", "kiln"),
        ("resized", "placements", "saggar"),
        ("written", "hall", ""),
        ("written", "notes", "firing"),
        ("written", "placements", "saggar"),
        ("written", "timeline", ""),
        ("changed", "chapters", "fire"),
        ("changed", "light", ""),
        ("changed", "placements", "saggar"),
        ("changed", "milestones", "modern"),
        ("changed", "tours", "short"),
        ("changed", "assets", "shard"),
        ("reordered", "placements", ""),
    ]
    titles = {each.key: each.title for each in differences(before, after) if each.title}
    assert (titles["unnamed"], titles["saggar"]) == (
        before["sources"]["unnamed"]["title"],
        after["placements"]["saggar"]["title"],
    )


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "Version 3 The draft now",
                NAME,
                "Moved or turned Exhibit “A large saggar”",
                "Rewritten Exhibit “A large saggar”",
                "Version 2 On show",
                "Rewritten The hall’s title and text",
                "Version 1",
                "The hall as it was made.",
            ],
        ),
        (
            "zh",
            [
                "第 3 版 现在的草稿",
                "移动或转向 展品“大匣钵”",
                "第 2 版 正在展出",
                "改写 展厅的名称和简介",
                "展厅建立时的样子。",
            ],
        ),
    ],
)
def test_the_page(edited: Browser, language: str, lines: list[str]) -> None:
    assert f'href="{HISTORY}"' in edited.get(DESK).text
    page = words(edited, f"{HISTORY}?lang={language}")
    places = [page.find(line) for line in lines]
    assert -1 not in places, (lines[places.index(-1)], page)
    assert places == sorted(places)


def test_an_older_version_is_looked_at(edited: Browser, visitor: Browser, hall: Document) -> None:
    page = edited.get(f"{HISTORY}/1?lang=en").text
    assert "Preview: version 1 of the hall" in page
    assert 'src="/api/halls/dragon-kiln/versions/1"' in page
    assert hall["title"]["en"] in page
    version = edited.get("/api/halls/dragon-kiln/versions/1")
    assert (version.get_json(), version.headers["Cache-Control"]) == (hall, "no-store")
    for address in (HISTORY, f"{HISTORY}/1", "/api/halls/dragon-kiln/versions/1"):
        assert visitor.get(address).status_code in (303, 401)
        assert edited.get(address.replace("dragon-kiln", "atlantis")).status_code == 404
    assert edited.get(f"{HISTORY}/9").status_code == 404


def test_an_older_version_is_restored_and_that_undone(edited: Browser, hall: Document) -> None:
    editor = Editor(edited)
    now = editor.confirmed
    assert edited.post(f"{HISTORY}/1/restore", {"version": "2"}).status_code == 409  # someone has saved in between
    assert edited.post(f"{HISTORY}/7/restore", {"version": "3"}).status_code == 404
    restored = edited.post(f"{HISTORY}/1/restore", {"version": "3"})
    assert restored.headers["Location"] == f"{HISTORY}?restored=1"
    page = words(edited, f"{HISTORY}?restored=1&lang=en")
    assert "The draft is version 1 again." in page
    assert [f"Version {n} " in page for n in (5, 4, 3, 2, 1)] == [False, True, True, True, True]  # the draft stays
    (edit,) = editor.sync()["edits"]
    assert (edit["name"], editor.confirmed) == ("restore-version", hall)
    editor.edit(invert(edit["changes"]), "undo")
    assert editor.sync()["refused"] == []
    assert editor.confirmed == now


def test_a_version_whose_asset_is_gone_is_restored(
    curator: Browser, published: str, site: Site, hall: Document
) -> None:
    curator.post(f"{DESK}/placements/saggar/remove", {"version": "1"})
    curator.post(f"{DESK}/publish", {"version": "2"})
    uses.delete_asset(site.database, site.storage, "saggar")
    assert curator.post(f"{HISTORY}/1/restore", {"version": "2"}).status_code == 303
    assert curator.get("/api/halls/dragon-kiln/draft").get_json() == hall
    model = hall["assets"]["saggar"]["files"]["model"]["sha256"]
    assert curator.get(f"/media/{model}").status_code == 200


def test_many_versions_have_pages(curator: Browser, published: str, site: Site, hall: Document) -> None:
    with site.database.writing() as session:  # a command: each of its saves is a version
        stored = services.get_hall(session, published)
        for version in range(1, 11):
            title = {"zh": "窑", "en": f"Kiln {version}"}
            services.save_draft(session, stored, stored.draft | {"title": title}, version)
    first, last = words(curator, f"{HISTORY}?lang=en"), words(curator, f"{HISTORY}?before=4&lang=en")
    assert [f"Version {n} " in first for n in (11, 4, 3)] == [True, True, False]
    assert f'href="{HISTORY}?before=4"' in curator.get(HISTORY).text
    assert [f"Version {n} " in last for n in (4, 3, 1)] == [False, True, True]
    assert "Older versions" not in last


def test_the_studio_is_told_who_did_what_in_each_version(edited: Browser) -> None:
    answer = edited.get("/api/halls/dragon-kiln/versions")
    assert answer.json
    newest, second, first = answer.json["versions"]
    assert [each["version"] for each in (newest, second, first)] == [3, 2, 1]
    assert [each["authors"] for each in (newest, second)] == [[NAME], [NAME]]
    assert [sum(edit["count"] for edit in each["edits"]) for each in (newest, second, first)] == [1, 1, 0]
    assert [each["on_show"] for each in (newest, second, first)] == [False, True, False]
    older = edited.get("/api/halls/dragon-kiln/versions?before=2").json
    assert older == {"versions": [first], "more": False}


def test_visitors_are_told_of_no_version(edited: Browser, visitor: Browser) -> None:
    assert visitor.get("/api/halls/dragon-kiln/versions").status_code == 401
