"""A curator makes a hall from nothing, in the browser alone: draws rooms, furnishes them, places ten things, pins five
notes, records a tour, writes in both languages, has the room built, publishes; and a visitor walks in."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from curator import Curator, OpenStudio
from playwright.sync_api import expect
from walkthrough import ROOT, Exhibition

BUILT_MS = 240_000  # a room's light is computed meanwhile
TITLE = {"zh": "窑坪", "en": "The kiln yard"}
SLUG = "the-kiln-yard"
LANGUAGES = {"zh": "Chinese", "en": "English"}
NOTES = 5
STOPS = 3


@pytest.fixture
def worker(exhibition: Exhibition) -> Iterator[None]:
    """Does the exhibition's jobs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "exhibit", "--data", str(exhibition.data), "work"],
        cwd=ROOT,
        env=os.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield
    process.terminate()
    process.communicate(timeout=60)


def begin(curator: Curator) -> None:
    """An empty plan of one room, at the desk."""
    page = curator.page
    curator.go("/desk/halls/new?lang=en")
    for language, words in TITLE.items():
        page.locator(f"[name=title_{language}]").fill(words)
        page.locator(f"[name=summary_{language}]").fill(words)
    page.get_by_role("radio", name=re.compile("^An empty plan")).check()
    page.locator("[name=size_plan_width]").fill("9")
    page.locator("[name=size_plan_depth]").fill("8")
    page.get_by_role("button", name="Create the hall").click()
    page.locator(f"a[href$='/desk/halls/{SLUG}']").wait_for(timeout=BUILT_MS)


def draw(curator: Curator) -> None:
    """A second room beside the first, a passage between them, a door out of the hall."""
    page = curator.page
    page.get_by_role("radio", name="Plan").click()
    walls = page.locator(".pl-wall")
    expect(walls).to_have_count(4)
    page.get_by_role("button", name="Room", exact=True).click()
    curator.click_plan(4.5, -4)
    curator.draw_towards(7, 0, "5x8")
    expect(page.locator(".pl-face")).to_have_count(2)
    page.get_by_role("button", name="Passage", exact=True).click()
    curator.click_plan(4.5, 0)
    page.get_by_role("radio", name="Hall (3D)").click()


def test_a_hall_is_made_from_nothing(open_studio: OpenStudio, exhibition: Exhibition, worker: None) -> None:
    curator = open_studio()
    page = curator.page
    begin(curator)
    curator.enter(SLUG)
    draw(curator)

    # furniture, and ten things of the library
    page.get_by_role("tab", name="Furniture").click()
    page.get_by_role("button", name="Place here: Plinth").click()
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("button", name="Place here: Text panel").click()
    names = page.locator(".st-item:visible [aria-label^='Place here']").evaluate_all(
        "(all) => all.map((button) => button.getAttribute('aria-label'))"
    )
    for name in [name for name in names if not name.endswith("Text panel")][:9]:
        page.get_by_role("button", name=name, exact=True).first.click()
    exhibits = page.locator(".st-row[data-kind=placement]:not([data-id=''])")
    expect(exhibits).to_have_count(10)

    # the panel's words, and five notes by clicks, in both languages
    exhibits.first.click()
    for language, words in LANGUAGES.items():
        curator.field(f"Title · {words}").fill(TITLE[language])
        page.get_by_role("textbox", name=f"Text · {words}").fill(TITLE[language])
    pinned = page.locator(".st-row[data-kind=note]")
    for number in range(NOTES):
        exhibits.nth(1 + number).click()
        page.locator(".st-canvas").focus()
        curator.key("f")
        curator.await_quiet()
        page.get_by_role("button", name="Pin a note").first.click()
        page.mouse.click(*curator.middle(".st-box"))
        expect(pinned).to_have_count(number + 1)
        for language, words in LANGUAGES.items():
            curator.field(f"Title · {words}").fill(f"{TITLE[language]} {number}")
            page.get_by_role("textbox", name=f"Text · {words}").fill(f"{TITLE[language]} {number}.")

    # a tour past three exhibits
    page.get_by_role("radio", name="Tours").click()
    page.get_by_role("button", name="Record a tour").click()
    for number in range(STOPS):
        exhibits.nth(1 + number).click()
        page.get_by_role("button", name="Stop here").click()
        for language, words in LANGUAGES.items():
            page.get_by_label(re.compile(rf"^Stop {number + 1}: .*· {words}$")).fill(f"{TITLE[language]} {number}.")
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("button", name="Tour 1").click()  # from the stop to the whole tour
    for language, words in LANGUAGES.items():
        curator.field(f"Title · {words}").locator("visible=true").fill(TITLE[language])
    page.get_by_role("radio", name="Hall (3D)").click()

    # what is to be looked at; the room is built; then it is published
    draft = curator.draft(SLUG)
    page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog", name="Before publishing")
    assert curator.violations() == []
    dialog.get_by_role("button", name="Build the room").click()
    publish = dialog.get_by_role("button", name=re.compile("^Publish"))
    expect(publish).to_be_enabled(timeout=BUILT_MS)
    publish.click()
    expect(dialog.locator(".st-outcome")).to_contain_text("Published", timeout=BUILT_MS)

    with urlopen(f"{exhibition.url}/api/halls/{SLUG}") as answer:
        hall = json.load(answer)
    room = hall["architecture"].pop("asset")
    assert hall["assets"].pop(room)["use"] == "room"
    rough = draft["architecture"].pop("asset")
    draft["assets"].pop(rough)
    assert room != rough
    assert hall == draft
    assert len(hall["architecture"]["building"]["walls"]) == 7
    assert set(hall["furniture"]) == {"plinth"}
    assert len(hall["placements"]) == 10
    assert len(hall["notes"]) == NOTES
    assert {note["placement"] for note in hall["notes"].values()} == set(hall["placement_order"][1 : 1 + NOTES])
    (tour,) = hall["tours"].values()
    assert [tour["stops"][key]["placement"] for key in tour["stop_order"]] == hall["placement_order"][1 : 1 + STOPS]

    # a visitor reads all of it, and walks in
    for language in ("zh", "en"):
        curator.go(f"/halls/{SLUG}?lang={language}")
        for number in range(NOTES):
            expect(page.get_by_text(f"{TITLE[language]} {number}.").first).to_be_attached()
    curator.go(f"/halls/{SLUG}?lang=en#walk")
    curator.await_hall()
    stood = curator.position
    page.keyboard.down("w")
    page.wait_for_function(
        "(at) => Math.hypot(...document.querySelector('longyao-hall').position.map((v, i) => v - at[i])) > 0.3",
        arg=stood,
    )
    page.keyboard.up("w")
