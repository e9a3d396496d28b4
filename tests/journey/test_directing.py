"""A curator directs a hall in the studio: a tour recorded by walking, a door to another hall, a chapter."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from curator import Curator, OpenStudio
from playwright.sync_api import Page, expect
from walkthrough import NEXT_DOOR, SLUG, Exhibition

from exhibit.config import Config
from exhibit.db import Database
from exhibit.halls import services

HALL = "dehua-directed"
CAPTIONS = {
    1: ("欢迎。", "Welcome."),
    2: ("再往里走。", "Walk on."),
    3: ("匣钵护着坯件。", "Saggars shelter the ware."),
}
FRAMES = """(count) => new Promise((done) => {
  const next = (left) => left > 0 ? requestAnimationFrame(() => next(left - 1)) : done();
  next(count);
})"""


@pytest.fixture(scope="module")
def hall(exhibition: Exhibition) -> str:
    """The demonstration hall once more, without tours and chapters, its doors shut."""
    database = Database(Config.from_environment(data=exhibition.data).database_url)
    with database.writing() as session:
        document: dict[str, Any] = {**services.get_hall(session, SLUG).draft}
        for part in ("tours", "tour_order", "chapters", "chapter_order", "timeline"):
            document.pop(part, None)
        doors = {name: {**door} for name, door in document["doors"].items()}
        for door in doors.values():
            door.pop("hall", None)
        services.create_hall(session, {**document, "doors": doors}, slug=HALL)
    database.close()
    return HALL


def stops(curator: Curator) -> list[dict[str, Any]]:
    (tour,) = curator.draft(HALL)["tours"].values()
    return [tour["stops"][key] for key in tour["stop_order"]]


def english(found: list[dict[str, Any]]) -> list[str]:
    return [stop["caption"]["en"] for stop in found]


def write_caption(page: Page, number: int) -> None:
    for language, words in zip(("Chinese", "English"), CAPTIONS[number], strict=True):
        page.get_by_label(re.compile(rf"^Stop {number}: .*· {language}$")).fill(words)


def test_a_tour_is_recorded_by_walking(open_studio: OpenStudio, hall: str) -> None:
    curator = open_studio()
    curator.enter(hall)
    page = curator.page
    page.get_by_role("radio", name="Tours").click()
    expect(page.get_by_role("heading", name="No tour yet")).to_be_visible()
    assert curator.violations() == []

    # a stop where one comes in, one after some steps, one at an exhibit of the list: by R, Enter and the button
    page.get_by_role("button", name="Record a tour").click()
    curator.key("r")
    curator.key("c")  # to the caption in the page's language
    page.keyboard.insert_text(CAPTIONS[1][1])
    page.get_by_label(re.compile(r"^Stop 1: .*· Chinese$")).fill(CAPTIONS[1][0])
    curator.key("Escape")
    page.keyboard.down("w")
    page.evaluate(FRAMES, 20)
    page.keyboard.up("w")
    curator.key("Enter")
    write_caption(page, 2)
    curator.choose("Saggars with stacked bowls")
    expect(page.locator(".st-looking-at")).to_have_text("Looking at: Saggars with stacked bowls")
    page.get_by_role("button", name="Stop here").click()
    write_caption(page, 3)
    expect(page.locator(".st-stop")).to_have_count(3)
    expect(page.locator(".st-stop .st-lacks")).to_have_count(0)
    assert curator.violations() == []
    page.get_by_role("button", name="Finish").click()
    first, second, third = recorded = stops(curator)
    assert english(recorded) == [words for _, words in CAPTIONS.values()]
    assert [stop["caption"]["zh"] for stop in recorded] == [words for words, _ in CAPTIONS.values()]
    start = curator.draft(hall)["start"]
    assert math.dist(first["view"]["position"], start["position"]) < 0.1
    assert 0.2 < math.dist(second["view"]["position"], first["view"]["position"]) < 9
    assert second["view"]["position"][1] == pytest.approx(first["view"]["position"][1], abs=0.05)  # at eye height
    assert third["placement"] == "saggar"

    # the last stop comes first, and back
    page.locator(".st-stop").nth(2).focus()
    for _ in range(2):
        curator.key("Alt+ArrowLeft")
    assert stops(curator) == [third, first, second]
    expect(page.locator(".st-stop").first).to_be_focused()
    for _ in range(2):
        page.get_by_role("button", name="Undo: Change the order of stops").click()
    assert stops(curator) == recorded

    # played in place, from the second stop, with the captions that visitors read
    page.locator(".st-stop").nth(1).click()
    page.get_by_role("button", name="Play from here").click()
    caption = page.locator(".ly-tour-caption")
    expect(caption).to_have_text(CAPTIONS[2][1])
    page.get_by_role("button", name="Next stop").click()
    expect(caption).to_have_text(CAPTIONS[3][1])
    page.get_by_role("button", name="Captions: English").click()
    expect(caption).to_have_text(CAPTIONS[3][0])
    assert curator.violations() == []
    page.get_by_role("button", name="离开导览").first.click()
    expect(page.locator(".st-stop").nth(2)).to_have_attribute("aria-current", "step")
    page.get_by_role("radio", name="Hall (3D)").click()
    expect(page.locator(".st-tools")).to_be_visible()


def test_a_door_leads_on_and_a_chapter_is_told(open_studio: OpenStudio, hall: str) -> None:
    curator = open_studio()
    curator.enter(hall)
    page = curator.page
    page.get_by_role("button", name=re.compile("^Doors")).click()
    page.locator(".st-row[data-kind=door][data-id=east]").click()
    page.get_by_role("radio", name="The tea hillside", exact=True).check()
    assert curator.draft(hall)["doors"]["east"]["hall"] == NEXT_DOOR
    page.get_by_role("radio", name="Nowhere").check()
    assert "hall" not in curator.draft(hall)["doors"]["east"]
    page.get_by_role("button", name="Undo: Change where a door leads").click()
    assert curator.draft(hall)["doors"]["east"]["hall"] == NEXT_DOOR
    expect(page.get_by_role("radio", name="The tea hillside", exact=True)).to_be_checked()
    assert curator.violations() == []

    page.get_by_role("button", name="Add a chapter").click()
    curator.field("Title · English").fill("Fire")
    curator.field("Title · Chinese").fill("火")
    curator.field("From").fill("1300")
    curator.field("Until").fill("1200")  # before it begins: marked, and not stored
    expect(curator.field("Until")).to_have_attribute("aria-invalid", "true")
    curator.field("Until").fill("1644")
    for exhibit in ("saggar", "kick-wheel"):
        page.get_by_label("Add an exhibit…").select_option(exhibit)
    page.locator(".st-ordered [data-id=kick-wheel] button").first.focus()
    curator.key("Alt+ArrowUp")
    (chapter,) = curator.draft(hall)["chapters"].values()
    assert chapter == {
        "title": {"zh": "火", "en": "Fire"},
        "from_year": 1300,
        "to_year": 1644,
        "placements": ["kick-wheel", "saggar"],
    }
    assert curator.violations() == []
