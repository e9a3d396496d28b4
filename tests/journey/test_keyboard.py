"""A curator without a mouse: an exhibit is put, moved, turned, locked, explained and looked over by keys alone."""

from __future__ import annotations

import math

from curator import OpenStudio
from playwright.sync_api import expect

FAR = 250  # Tab presses around the whole studio


def test_a_hall_is_built_by_keys_alone(open_studio: OpenStudio) -> None:
    curator = open_studio()
    curator.enter()
    page = curator.page

    # from the library: the button puts it into the view, and the keys then act on it
    curator.tab_to("input[aria-label='Find in the library']", FAR)
    page.keyboard.type("saggar")
    curator.tab_to(".st-item .st-button", FAR)
    curator.key("Enter")
    row = page.locator(".st-row[data-kind=placement][aria-pressed=true]")
    expect(row).to_contain_text("agg")
    saggar = row.get_attribute("data-id") or ""
    assert curator.violations() == []
    placed = curator.draft()["placements"][saggar]

    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowUp", "]", "PageUp"):
        curator.key(key)
    moved = curator.draft()["placements"][saggar]
    way = [a - b for a, b in zip(moved["translation"], placed["translation"], strict=True)]
    assert sorted(round(abs(each), 6) for each in way) == [0.01, 0.02, 0.1]
    assert moved["rotation"] != placed["rotation"]

    # locked, it stays; unlocked, it goes on
    curator.key("l")
    curator.key("ArrowRight")
    assert curator.draft()["placements"][saggar] == {**moved, "locked": True}
    curator.key("l")

    # a note where the arrow keys aim
    curator.key("f")
    curator.await_quiet()
    curator.key("p")
    for key in ("ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown"):
        curator.key(key)
    expect(page.locator(".st-told")).to_contain_text("Aiming at: ")
    curator.key("Enter")
    curator.tab_to("input[aria-label='Title · Chinese']", FAR)
    page.keyboard.type("匣钵壁")
    curator.tab_to("input[aria-label='Title · English']", FAR)
    page.keyboard.type("Its wall")
    (note,) = [note for note in curator.draft()["notes"].values() if note["title"]["en"] == "Its wall"]
    assert note["title"]["zh"] == "匣钵壁"
    assert note["placement"] == saggar
    assert math.dist(note["anchor"], moved["translation"]) < 1

    # found by a word of its note; the sheet of keys; what to look at before publishing
    curator.key("Control+f")
    page.keyboard.type("wall")
    expect(page.locator(".st-row")).to_have_count(2)
    page.keyboard.press("Control+a")
    curator.key("Delete")
    curator.tab_to(".st-canvas", FAR)
    curator.key("?")
    expect(page.get_by_role("dialog", name="Keys and mouse")).to_be_visible()
    assert curator.violations() == []
    curator.key("Escape")
    expect(page.get_by_role("dialog", name="Keys and mouse")).to_be_hidden()
    curator.tab_to(".st-bar .st-primary", FAR)
    curator.key("Enter")
    expect(page.get_by_role("dialog", name="Before publishing")).to_be_visible()
    assert curator.violations() == []
