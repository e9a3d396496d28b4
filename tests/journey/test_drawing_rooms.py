"""A curator draws rooms on the plan: by clicks, by typed lengths, by keys; and takes back each step."""

from __future__ import annotations

from curator import OpenStudio
from playwright.sync_api import expect


def test_rooms_are_drawn_and_taken_back(open_studio: OpenStudio) -> None:
    curator = open_studio()
    curator.enter()
    page = curator.page
    before = curator.draft()
    page.get_by_role("radio", name="Hall (3D)").focus()
    curator.key("ArrowRight")
    page.get_by_role("button", name="Draw your own rooms").first.click()
    page.get_by_role("button", name="Begin empty").click()

    # one room by clicks and typed lengths; it closes on its first point
    curator.key("w")
    curator.click_plan(-4, -2)
    curator.draw_towards(0, -2, "6")
    curator.draw_towards(2, 0, "4.5")
    curator.draw_towards(0, 2.5, "6")
    curator.click_plan(-4, -2)
    # one beside it by a corner and its size: the wall between them is there already
    curator.key("r")
    curator.click_plan(2, -2)
    curator.draw_towards(4, 0, "3.25x4.5")
    # a way from one to the other, and a door out of the hall
    curator.key("g")
    curator.click_plan(2, 0.25)
    curator.key("d")
    curator.click_plan(-1, 2.5)
    # a third room by keys alone, 2 m below the door
    for key in ("r", "Shift+ArrowDown", "Shift+ArrowDown", "Enter"):
        curator.key(key)
    page.keyboard.type("3x2")
    curator.key("Enter")
    assert curator.violations() == []

    after = curator.draft()
    plan = after["architecture"]["building"]
    lines = {(*wall["from"], *wall["to"]) for wall in plan["walls"].values()}
    assert lines == {
        (-4, -2, 2, -2),
        (2, -2, 2, 2.5),
        (2, 2.5, -4, 2.5),
        (-4, 2.5, -4, -2),
        (2, -2, 5.25, -2),
        (5.25, -2, 5.25, 2.5),
        (5.25, 2.5, 2, 2.5),
        (-1, 4.5, 2, 4.5),
        (2, 4.5, 2, 6.5),
        (2, 6.5, -1, 6.5),
        (-1, 6.5, -1, 4.5),
    }
    assert {opening["kind"]: opening["at_m"] for opening in plan["openings"].values()} == {"passage": 2.25, "door": 3}
    (door,) = after["doors"].values()
    assert (door["position"], door["facing_deg"]) == ([-1, 0, 2.5], 180)
    rooms = page.locator(".pl-face")
    expect(rooms).to_have_count(3)
    areas = [room.get_attribute("aria-label") for room in rooms.all()]
    assert areas == ["Room · 27.0 m²", "Room · 6.0 m²", "Room · 14.6 m²"]

    # by keys: the wall between the rooms goes 1 m to the right, and the passage with it; the door stays where it is
    curator.key("v")
    page.locator('[data-kind="wall"][aria-label="Wall 4.50 m"]').first.focus()
    curator.key("Shift+ArrowRight")
    moved = curator.draft()
    walls, openings = (moved["architecture"]["building"][key] for key in ("walls", "openings"))
    assert sum(wall["from"][0] == 3 for wall in walls.values()) == 3
    assert openings["passage"] == plan["openings"]["passage"]
    assert moved["doors"] == after["doors"]

    # each step is taken back; in the end the hall is as it was
    page.get_by_role("button", name="Undo: Move wall").click()
    assert curator.draft() == after
    counts = [7, 7, 7, 4, 3, 2, 1, 0]
    names = ["Add walls", "Add door or window", "Add door or window", *["Add walls"] * 5]
    for name, count in zip(names, counts, strict=True):
        page.get_by_role("button", name=f"Undo: {name}").click()
        expect(page.locator(".pl-wall")).to_have_count(count)
    page.get_by_role("button", name="Undo: Begin a plan").click()
    expect(page.locator(".pl-invitation")).to_be_visible()
    assert curator.draft() == before
