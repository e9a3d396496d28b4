"""A visit as a story, in a real browser on a real server: through doors, along a guided tour, through the years."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from playwright.sync_api import expect
from walkthrough import HALL, NEXT_DOOR, PHONE, OpenPage, Visitor

INSIDE = 1.3  # m behind the door, of who comes in

# As soon as there is a tour: on a slow machine it would go on by itself before a finger is there.
PAUSE = """() => {
  const pause = document.querySelector("[aria-label='Pause the tour']");
  pause?.click();
  return pause !== null;
}"""


def go_through(visitor: Visitor, door: str) -> None:
    visitor.key("l")
    visitor.page.locator(f"[data-key=door-{door}]").click()


def before_door(visitor: Visitor, hall: dict[str, Any], door: str) -> bool:
    """Whether the eye is where one comes in by this door."""
    (x, _, z), facing = hall["doors"][door]["position"], math.radians(hall["doors"][door]["facing_deg"])
    expected = (x + INSIDE * math.sin(facing), z + INSIDE * math.cos(facing))
    at = visitor.position
    return math.dist((at[0], at[2]), expected) < 0.5


def test_through_a_door_and_back_in_one_visit(open_page: OpenPage) -> None:
    visitor = open_page()
    visitor.walk_in("en")
    page, hall = visitor.page, visitor.exhibition.hall
    page.evaluate("window.sameDocument = true")
    go_through(visitor, "east")
    page.wait_for_url(re.compile(rf"/halls/{NEXT_DOOR}\?lang=en#walk$"))
    visitor.await_hall()
    assert ("hall-change", {"hall": NEXT_DOOR}) in visitor.told
    assert before_door(visitor, hall, "east")  # the next hall is the same room
    expect(page.locator(".ly-title")).to_have_text("The tea hillside")
    first = visitor.hall("stats")
    for step, title in ((page.go_back, hall["title"]["en"]), (page.go_forward, "The tea hillside")):
        step()
        expect(page.locator(".ly-title")).to_have_text(title)
        visitor.await_hall()
        assert before_door(visitor, hall, "east")
    assert page.evaluate("window.sameDocument") is True
    again = visitor.hall("stats")
    assert (again["geometries"], again["textures"]) == (first["geometries"], first["textures"])  # nothing stays behind
    eye, target = hall["start"]["position"], hall["start"]["target"]
    page.evaluate("(view) => { location.hash = view; }", "#view=" + ",".join(f"{v:.2f}" for v in (*eye, *target)))
    page.wait_for_function("(x) => Math.abs(document.querySelector('longyao-hall').position[0] - x) < 0.02", arg=eye[0])
    expect(page.locator(".ly-title")).to_have_text("The tea hillside")  # an address of this hall, not of the first
    assert page.evaluate("window.sameDocument") is True
    visitor.key("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("The tea hillside")  # that hall's own page
    expect(page.locator("dialog.ly-visit")).to_have_count(0)


def test_a_door_that_is_shut_and_one_that_fails(open_page: OpenPage) -> None:
    visitor = open_page()
    visitor.walk_in("zh")
    page, stood = visitor.page, visitor.position
    go_through(visitor, "west")
    expect(page.locator(".ly-hint")).to_have_text("这扇门未开放。")
    page.route(f"**/api/halls/{NEXT_DOOR}", lambda route: route.fulfill(json={"schema": "something else"}))
    go_through(visitor, "east")
    expect(page.locator(".ly-notice p")).to_contain_text("您仍在原来的展厅")
    assert (visitor.hall("state"), visitor.hall("mode")) == ("ready", "walk")
    assert visitor.position == pytest.approx(stood, abs=1e-6)
    expect(page).to_have_url(re.compile(f"{HALL}\\?lang=zh#walk$"))


def test_along_a_guided_tour_and_off_it_and_on_again(open_page: OpenPage) -> None:
    visitor = open_page(screen=PHONE)
    tour_id = visitor.exhibition.hall["tour_order"][0]
    tour = visitor.exhibition.hall["tours"][tour_id]
    stops = [tour["stops"][key] for key in tour["stop_order"]]
    visitor.go(f"{HALL}?lang=en#tour={tour_id}&stop=2")
    page = visitor.page
    page.wait_for_function(PAUSE)
    visitor.await_hall()
    expect(page.locator(".ly-tour-caption")).to_have_text(stops[1]["caption"]["en"])
    assert visitor.violations() == []
    page.get_by_role("button", name="Next stop").tap()
    expect(page).to_have_url(re.compile(f"#tour={tour_id}&stop=3$"))
    expect(page.locator(".ly-tour-caption")).to_have_text(stops[2]["caption"]["en"])
    visitor.await_still()
    led = visitor.position
    page.get_by_role("button", name="List of exhibits").tap()
    page.locator(".ly-entry[data-key^=exhibit-]").first.tap()
    expect(page.locator(".ly-panel[data-kind=exhibit]")).to_be_visible()
    rejoin = page.get_by_role("button", name=re.compile("Rejoin the tour"))
    expect(rejoin).to_be_in_viewport(ratio=1)
    rejoin.tap()
    expect(page).to_have_url(re.compile(f"#tour={tour_id}&stop=3$"))
    page.wait_for_function(PAUSE)
    visitor.await_still()
    assert math.dist(visitor.position, led) < 0.6
    page.locator(".ly-tour-open").get_by_role("button", name="Leave the tour").tap()
    visitor.await_mode("walk")
    expect(page.locator(".ly-tour")).to_be_hidden()
    expect(page).to_have_url(re.compile("#walk$"))
    told = [detail["stop"] for name, detail in visitor.told if name == "tour-stop"]
    assert told == [2, 3, 3]


def test_through_the_years_and_over_the_plan(open_page: OpenPage) -> None:
    visitor = open_page()
    visitor.walk_in("zh")
    page, hall = visitor.page, visitor.exhibition.hall
    milestones = hall["timeline"]["milestones"]
    plan = page.locator(".ly-map-plan")
    expect(plan).to_have_count(0)  # not unasked
    visitor.key("m")
    plan.wait_for()
    box = plan.bounding_box()
    assert box
    assert visitor.violations() == []
    stood = visitor.position
    plan.click(position={"x": box["width"] / 2, "y": box["height"] * 0.75})  # the floor before the kiln's model
    page.wait_for_function(
        "([x, z]) => Math.hypot(document.querySelector('longyao-hall').position[0] - x,"
        " document.querySelector('longyao-hall').position[2] - z) > 0.5",
        arg=[stood[0], stood[2]],
    )
    visitor.await_still()
    assert visitor.position[1] == pytest.approx(stood[1], abs=0.4)
    page.locator(".ly-canvas").focus()
    visitor.key("m")
    expect(plan).to_be_hidden()
    visitor.key("l")
    page.locator("[data-key=timeline]").click()
    expect(page.locator(".ly-milestones li")).to_have_count(len(milestones))
    on_page = page.locator("#sources li").evaluate_all("(all) => all.map(({ id }) => id.replace('source-', ''))")
    beside = page.locator(".ly-sources li").evaluate_all(
        "(all) => all.map((each) => [each.dataset.source, each.value])"
    )
    named = {key for each in milestones.values() for key in each.get("sources", ())}
    assert beside == [[key, number] for number, key in enumerate(on_page, start=1) if key in named]
    chapter = next(key for key in hall["chapter_order"] if any(m.get("chapter") == key for m in milestones.values()))
    page.locator(f"[data-key=filter-{chapter}]").click()
    expect(page.locator(".ly-milestones h3")).to_have_text(
        [
            m["title"]["zh"] + "".join(map(str, sorted(on_page.index(key) + 1 for key in m.get("sources", ()))))
            for m in sorted(milestones.values(), key=lambda m: m["year"])
            if m.get("chapter") == chapter
        ]
    )
    assert visitor.violations() == []
