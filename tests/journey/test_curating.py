"""A curator's way through the studio: place, move, write, pin, undo, publish; and two curators at once."""

from __future__ import annotations

import json
import math
import re
from urllib.request import urlopen

import pytest
from curator import PATIENCE_MS, OpenStudio
from playwright.sync_api import Page, expect
from walkthrough import NEXT_DOOR, Exhibition


def drag(page: Page, start: tuple[float, float], by: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    for step in (0.3, 0.6, 1.0):
        page.mouse.move(start[0] + step * by[0], start[1] + step * by[1])
        page.evaluate("() => new Promise(requestAnimationFrame)")
    page.mouse.up()


def test_a_hall_is_arranged_written_and_published(open_studio: OpenStudio, exhibition: Exhibition) -> None:
    curator = open_studio()
    curator.enter()
    page = curator.page
    expect(page.locator(".st-first-steps [aria-current]")).to_contain_text("Put something in")
    assert curator.violations() == []

    # from the library into the hall
    page.get_by_label("Find in the library").fill("saggar")
    page.locator(".st-item:visible").first.drag_to(page.locator(".st-canvas"), target_position={"x": 260, "y": 300})
    expect(page.locator(".st-row[data-id=saggar]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".st-first-steps [data-done]")).to_have_text(re.compile("Put something in"))
    placed = curator.draft()["placements"]["saggar"]
    assert placed["translation"][1] == pytest.approx(0, abs=0.02)  # it stands on the floor

    # by keys: 20 cm along one axis of the hall, and turned by 15 degrees
    page.locator(".st-canvas").focus()
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "]"):
        curator.key(key)
    moved = curator.draft()["placements"]["saggar"]
    assert sorted(
        abs(a - b) for a, b in zip(moved["translation"], placed["translation"], strict=True)
    ) == pytest.approx([0, 0, 0.2], abs=1e-6)
    turned = 2 * math.acos(min(1, abs(sum(a * b for a, b in zip(moved["rotation"], placed["rotation"], strict=True)))))
    assert math.degrees(turned) == pytest.approx(15, abs=1e-3)

    # undone and done again, by the buttons that say what they do
    page.get_by_role("button", name="Undo: Turn").click()
    page.get_by_role("button", name="Undo: Move").click()
    assert curator.draft()["placements"]["saggar"] == placed
    page.get_by_role("button", name="Redo: Move").click()
    page.get_by_role("button", name="Redo: Turn").click()
    assert curator.draft()["placements"]["saggar"] == moved

    # along the floor by the pointer: one step to undo
    page.locator(".st-canvas").focus()
    curator.key("f")
    curator.await_quiet()
    drag(page, curator.middle(".st-box"), (40, 20))
    dragged = curator.draft()["placements"]["saggar"]["translation"]
    assert math.dist(dragged, moved["translation"]) > 0.03
    assert dragged[1] == pytest.approx(0, abs=0.02)
    page.get_by_role("button", name="Undo: Move").click()
    assert curator.draft()["placements"]["saggar"] == moved

    # words in both languages: what is missing in one of them is marked
    curator.field("Title · English").fill("A saggar")
    curator.field("Title · Chinese").fill("")
    expect(page.locator(".st-row[data-id=saggar]")).to_contain_text("No Chinese")
    curator.field("Title · Chinese").fill("匣钵")
    expect(page.locator(".st-row[data-id=saggar] .st-lacks")).to_have_count(0)
    curator.field("Label · English").fill("It kept the flames from the ware.")
    curator.field("Label · Chinese").fill("匣钵护住坯件，不受明火。")

    # a note, pinned by a click on the exhibit
    curator.await_quiet()
    page.get_by_role("button", name="Pin a note").first.click()
    page.mouse.click(*curator.middle(".st-box"))
    curator.field("Title · English").fill("Its rim")
    curator.field("Title · Chinese").fill("口沿")
    page.get_by_role("textbox", name="Text · English").fill("Worn by many firings.")
    page.get_by_role("textbox", name="Text · Chinese").fill("多次烧造的磨痕。")
    curator.await_saved()
    pinned = curator.middle(".st-pin")
    page.locator(".st-canvas").focus()
    curator.key("Escape")
    expect(page.locator(".st-pin")).to_have_class(re.compile("st-far"))  # a dot, in the same place
    assert curator.middle(".st-pin") == pytest.approx(pinned, abs=1)
    assert curator.violations() == []

    # a reload loses nothing, not even what can be undone
    before = curator.draft()
    page.reload()
    page.locator(".st-studio[data-open]").wait_for()
    expect(page.get_by_role("button", name="Undo: Write note")).to_be_enabled()
    assert curator.draft() == before
    (note,) = before["notes"].values()
    assert note["placement"] == "saggar"
    assert note["body"]["en"] == "<p>Worn by many firings.</p>"
    assert math.dist(note["anchor"], moved["translation"]) < 1

    # what is still to be looked at, with a way to it; published: visitors meet it
    page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog", name="Before publishing")
    assert curator.violations() == []
    dialog.get_by_role("button", name=re.compile("^Publish")).click()
    expect(dialog.get_by_role("status")).to_contain_text("Published", timeout=PATIENCE_MS)
    with urlopen(f"{exhibition.url}/api/halls/{NEXT_DOOR}") as answer:
        assert json.load(answer) == before
    curator.go(f"/halls/{NEXT_DOOR}?lang=en#exhibit=saggar")
    curator.await_hall()
    expect(page.locator(".ly-panel")).to_contain_text("It kept the flames from the ware.")


def test_two_curators_see_each_other(open_studio: OpenStudio) -> None:
    first, second = open_studio(), open_studio()
    for curator in (first, second):
        curator.enter()
    first.page.get_by_role("button", name=re.compile("Place here: Text panel")).click()
    first.field("Title · English").fill("Hello")
    row = second.page.locator(".st-row", has_text="Hello")
    expect(row).to_be_visible(timeout=PATIENCE_MS)
    expect(row.locator(".st-there")).to_be_visible(timeout=PATIENCE_MS)  # who has chosen it
    expect(second.page.locator(".st-people")).to_contain_text("curator", timeout=PATIENCE_MS)
    row.click()
    second.field("Text · English").fill("Written by the other one.")
    expect(first.field("Text · English")).to_have_value("Written by the other one.", timeout=PATIENCE_MS)
    expect(first.field("Title · English")).to_have_value("Hello")
    second.key("Escape")
    second.page.locator(".st-canvas").focus()
    row.click()
    second.page.get_by_role("button", name="Remove").click()
    expect(first.page.locator(".st-row", has_text="Hello")).to_have_count(0, timeout=PATIENCE_MS)
    first.await_saved()
