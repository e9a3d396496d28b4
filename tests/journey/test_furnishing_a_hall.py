"""A curator furnishes a hall by the pointer and by keys, sizes its room by a slider, and takes all of it back."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pytest
from curator import PATIENCE_MS, OpenStudio
from playwright.sync_api import expect
from walkthrough import NEXT_DOOR, Exhibition

from exhibit.config import Config
from exhibit.db import Database
from exhibit.documents.types import HallDocument
from exhibit.halls import services
from exhibit.space.templates import begin_document

TEMPLATE = "porcelain-gallery"


@pytest.fixture
def porcelain_gallery(exhibition: Exhibition) -> Iterator[None]:
    """The hall in the studio is to be built from this template; its model is still another one's."""
    database = Database(Config.from_environment(data=exhibition.data).database_url)

    def edit(command: Callable[[HallDocument], HallDocument]) -> None:
        with database.writing() as session:
            hall = services.get_hall(session, NEXT_DOOR, to_write=True)
            services.edit_draft(session, hall, "change-building", command, hall.draft_version)

    with database.reading() as session:
        original = services.get_hall(session, NEXT_DOOR).draft
    begun = begin_document(TEMPLATE)
    edit(
        lambda hall: {
            **hall,
            "architecture": {**hall["architecture"], "building": {"template": TEMPLATE}},
            "start": begun["start"],
            "anchors": begun["anchors"],
            "doors": begun["doors"],
        }
    )
    yield
    edit(lambda _: original)
    database.close()


def test_a_hall_is_furnished_and_sized_and_all_undone(open_studio: OpenStudio, porcelain_gallery: None) -> None:
    curator = open_studio()
    curator.enter()
    page, canvas = curator.page, curator.page.locator(".st-canvas")
    expect(page.locator(".st-rough")).to_be_visible()  # a sketch of the template stands in for the baked room
    curator.await_quiet()
    saved = curator.draft
    before = saved()

    # a plinth by dragging: it stands on the floor, with a place for an exhibit
    page.get_by_role("tab", name="Furniture").click()
    page.locator(".st-item[data-kind=plinth]").drag_to(canvas, target_position={"x": 250, "y": 235})
    expect(page.locator(".st-row[data-id=plinth]")).to_have_attribute("aria-pressed", "true")
    hall = saved()
    x, y, z = hall["furniture"]["plinth"]["position"]
    assert y == pytest.approx(0, abs=0.02)
    assert hall["anchors"]["plinth"]["position"] == pytest.approx([x, y + 0.9, z])

    # a vitrine by keys alone: put, moved aside, turned
    page.get_by_role("tab", name="Library").focus()
    page.get_by_role("tab", name="Library").click()
    curator.key("ArrowRight")
    page.get_by_role("button", name="Place here: Vitrine").focus()
    curator.key("Enter")
    expect(page.locator(".st-row[data-id=vitrine]")).to_have_attribute("aria-pressed", "true")
    put = saved()["furniture"]["vitrine"]
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "]"):
        curator.key(key)
    vitrine = saved()["furniture"]["vitrine"]
    assert math.dist(vitrine["position"], put["position"]) == pytest.approx(0.2, abs=1e-6)
    assert (vitrine["facing_deg"] - put["facing_deg"]) % 360 == pytest.approx(15)
    assert curator.violations() == []

    # an exhibit on the plinth: it goes along with it
    page.get_by_role("tab", name="Library").click()
    page.locator(".st-row[data-kind=furniture][data-id=plinth]").click()
    canvas.focus()
    curator.key("2")  # from above, so that the pointer finds its top
    curator.await_quiet()
    frame = canvas.bounding_box()
    assert frame
    middle = curator.middle(".st-box")
    censer = page.locator(".st-item", has_text="censer").first
    censer.drag_to(canvas, target_position={"x": middle[0] - frame["x"], "y": middle[1] - frame["y"]})
    expect(page.locator(".st-row[data-kind=placement][aria-pressed=true]")).to_contain_text("censer")
    hall = saved()
    (stands,) = (each for key, each in hall["placements"].items() if key not in before["placements"])
    assert stands["translation"] == pytest.approx([x, y + 0.9, z], abs=0.3)
    assert stands["translation"][1] == pytest.approx(y + 0.9, abs=0.01)
    page.locator(".st-row[data-kind=furniture][data-id=plinth]").click()
    canvas.focus()
    curator.key("Shift+ArrowRight")
    moved = saved()
    (along,) = (each for key, each in moved["placements"].items() if key not in before["placements"])
    assert math.dist(along["translation"], stands["translation"]) == pytest.approx(0.1, abs=1e-6)

    # the template is wider: doors and places follow in the same step
    curator.key("Escape")
    slider = page.get_by_role("slider", name="Width of a room")
    slider.focus()
    for _ in range(3):
        curator.key("ArrowRight")
    expect(page.get_by_label("Width of a room · m")).to_have_value("10.5")
    expect(page.get_by_role("button", name="Undo: Change the room’s sizes")).to_be_enabled(timeout=PATIENCE_MS)
    expect(page.get_by_role("region", name="The room")).to_have_attribute("aria-busy", "false", timeout=PATIENCE_MS)
    wide = saved()
    assert wide["architecture"]["building"] == {"template": TEMPLATE, "sizes": {"width": 10.5}}
    assert wide["furniture"] == moved["furniture"]
    assert {"plinth", "plinth-label", "vitrine"} < wide["anchors"].keys()
    assert curator.violations() == []

    # it cannot be published before it is built
    page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog", name="Before publishing")
    expect(dialog.get_by_role("button", name="Build the room")).to_be_visible()
    expect(dialog.get_by_role("button", name="Publish")).to_be_disabled()
    assert curator.violations() == []
    dialog.get_by_role("button", name="Close").click()

    # undone: the slider is one step
    page.get_by_role("button", name="Undo: Change the room’s sizes").click()
    assert saved() == moved
    undo = page.locator(".st-step").first
    while undo.is_enabled():
        undo.click()
    assert saved() == before
    expect(page.locator(".st-row[data-kind=furniture]")).to_have_count(0)
