"""Every key of the studio's sheet is pressed in a real browser and does what its row says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from curator import Curator, OpenStudio
from playwright.sync_api import expect
from walkthrough import NEXT_DOOR, Exhibition

from exhibit.config import Config
from exhibit.db import Database
from exhibit.halls import services

HALL = "every-key"
SESSION = "addEventListener('studio-open', ({ detail }) => { window.session = detail; });"
SHEET = """() => [...document.querySelectorAll(".st-shortcut-groups section")].flatMap((section) =>
  [...section.querySelectorAll("dl > div")].flatMap((row) =>
    [...row.querySelectorAll("kbd")].map((kbd) =>
      [section.querySelector("h3").textContent, row.querySelector("dd").textContent, kbd.dataset.key])))"""
FRAMES = """(count) => new Promise((done) => {
  const next = (left) => left > 0 ? requestAnimationFrame(() => next(left - 1)) : done();
  next(count);
})"""
TYPED = {"BracketLeft": "[", "BracketRight": "]", "Equal": "=", "Minus": "-", "Ctrl": "Control"}


class Sheet:
    """The keys of the sheet: presses each where its row belongs, and keeps in mind which were pressed."""

    def __init__(self, curator: Curator) -> None:
        self.page = curator.page
        self.canvas = curator.page.locator(".st-canvas")
        self.rows: list[tuple[str, str, str]] = [tuple(row) for row in self.page.evaluate(SHEET)]
        self.pressed: set[tuple[str, str, str]] = set()

    def keys(self, group: str, does: str) -> list[str]:
        """Of the row whose text begins so."""
        found = [key for title, row, key in self.rows if title == group and row.startswith(does)]
        assert found, f"no row “{does}” of “{group}”"
        return found

    def press(self, group: str, does: str, key: str, frames: int = 0) -> None:
        """Presses a key; holds it while so many frames are drawn."""
        self.pressed |= {row for row in self.rows if row[0] == group and row[1].startswith(does) and row[2] == key}
        *modifiers, last = (TYPED.get(part, part.lower() if len(part) == 1 else part) for part in key.split("+"))
        if frames:
            self.page.keyboard.down(last)
            self.page.evaluate(FRAMES, frames)
            self.page.keyboard.up(last)
        else:
            self.page.keyboard.press("+".join([*modifiers, last]))

    def once(self, group: str, does: str) -> None:
        for key in self.keys(group, does):
            self.press(group, does, key)

    def each(self, group: str, does: str, state: Callable[[], object], frames: int = 0) -> None:
        """Each key of a row changes what `state` tells."""
        before = state()
        for key in self.keys(group, does):
            self.press(group, does, key, frames)
            self.page.evaluate(FRAMES, 3)
            after = state()
            assert after != before, f"{group}: {does}: {key}"
            before = after

    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = self.page.evaluate("() => session.document")
        return document

    def placements(self) -> dict[str, Any]:
        placements: dict[str, Any] = self.document()["placements"]
        return placements

    def chosen(self) -> list[str]:
        rows = self.page.locator(".st-row[aria-pressed=true]")
        return [row.get_attribute("data-id") or "" for row in rows.all()]

    def picture(self) -> bytes:
        return self.canvas.screenshot()

    def plan_view(self) -> str | None:
        return self.page.locator(".pl-world").get_attribute("transform")

    def stops(self) -> list[str]:
        (tour,) = self.document()["tours"].values()
        return list(tour["stop_order"])


@pytest.fixture
def hall(exhibition: Exhibition) -> str:
    """An empty hall."""
    database = Database(Config.from_environment(data=exhibition.data).database_url)
    with database.writing() as session:
        nothing: dict[str, Any] = {"placements": {}, "placement_order": [], "notes": {}, "note_order": []}
        services.create_hall(session, {**services.get_hall(session, NEXT_DOOR).draft, **nothing}, slug=HALL)
    database.close()
    return HALL


def test_every_key_of_the_sheet_works(open_studio: OpenStudio, hall: str) -> None:
    curator = open_studio()
    curator.page.add_init_script(SESSION)
    curator.enter(hall)
    sheet = Sheet(curator)
    for press in (press_on_exhibits, press_everywhere, press_on_the_view, press_on_the_plan, press_on_tours):
        press(curator, sheet)
    assert set(sheet.rows) - sheet.pressed == set()


def press_on_exhibits(curator: Curator, sheet: Sheet) -> None:
    """Two exhibits are put; in the end both are chosen and in no group."""
    group = "What is chosen"
    for name in ("saggar", "kendi"):
        curator.page.get_by_label("Find in the library").fill(name)
        curator.page.locator(".st-item:visible .st-button").first.click()
    assert len(sheet.placements()) == 2
    sheet.canvas.focus()
    for does in ("Move by 1 cm", "Move by 10 cm", "Raise, lower", "Turn by 15", "Lock"):
        sheet.each(group, does, sheet.placements)
    sheet.once(group, "Lock")  # unlocked again
    sheet.each(group, "Next, previous", sheet.chosen)
    sheet.each(group, "Duplicate", sheet.placements)
    sheet.each(group, "Remove", sheet.placements)
    assert len(sheet.placements()) == 2
    sheet.each(group, "Choose all", sheet.chosen)
    assert len(sheet.chosen()) == 2
    sheet.each(group, "Group", sheet.document)
    sheet.each(group, "Ungroup", sheet.document)


def press_everywhere(curator: Curator, sheet: Sheet) -> None:
    group = "Everywhere"
    page = curator.page
    sheet.each(group, "Undo", sheet.document)
    sheet.each(group, "Redo", sheet.document)
    sheet.each(group, "Cancel", sheet.chosen)
    page.locator(".st-row[data-kind=placement]").first.click()
    sheet.canvas.focus()
    page.keyboard.press("f")
    curator.await_quiet()
    sheet.once(group, "Pin a note")
    expect(page.locator(".st-pin-hint")).to_be_visible()
    sheet.once(group, "While pinning a note")  # aims to all sides; then pins it
    assert len(sheet.document()["notes"]) == 1
    for key in sheet.keys(group, "Find an exhibit"):
        sheet.canvas.focus()
        sheet.press(group, "Find an exhibit", key)
        expect(page.get_by_label("Find", exact=True)).to_be_focused()
    sheet.canvas.focus()
    sheet.once(group, "Show this sheet")
    expect(page.get_by_role("dialog", name="Keys and mouse")).to_be_visible()
    page.keyboard.press("Escape")


def press_on_the_view(curator: Curator, sheet: Sheet) -> None:
    group = "The view"
    sheet.canvas.focus()
    curator.page.keyboard.press("Escape")  # nothing is chosen: arrows turn the view
    for does in ("Walk", "View down", "Turn the view", "Closer"):
        sheet.each(group, does, sheet.picture, frames=6)
    sheet.each(group, "Overview", sheet.picture)
    curator.page.locator(".st-row[data-kind=placement]").first.click()
    sheet.canvas.focus()
    sheet.each(group, "Look at it", sheet.picture)


def press_on_the_plan(curator: Curator, sheet: Sheet) -> None:
    group = "The plan"
    page = curator.page
    page.get_by_role("radio", name="Plan").click()
    page.get_by_role("button", name="Draw your own rooms").first.click()
    page.get_by_role("button", name="Begin empty").click()
    tool = page.locator(".pl-tools [aria-pressed=true]")
    tools = [(does, key) for title, does, key in sheet.rows if title == group and key.isalpha() and len(key) == 1]
    assert len(tools) == page.locator(".pl-tool").count()
    for does, key in sorted(tools, key=lambda row: row[0] == "Ramp"):
        sheet.press(group, does, key)
        expect(tool).to_have_text(does)
    sheet.once(group, "While drawing")  # puts a ramp in the middle
    sheet.once(group, "Cancel")
    expect(tool).to_have_text("Choose")
    sheet.each(group, "Move what is chosen", sheet.document)
    sheet.each(group, "Turn steps", sheet.document)
    sheet.press(group, "Closer", "Equal")
    sheet.each(group, "Closer", sheet.plan_view)
    sheet.once(group, "While drawing")  # what is chosen: to its fields
    expect(page.locator(".pl-side :focus")).to_have_count(1)
    page.locator(".pl-area").focus()
    sheet.each(group, "Remove", sheet.document)


def press_on_tours(curator: Curator, sheet: Sheet) -> None:
    group = "Tours"
    page = curator.page
    page.get_by_role("radio", name="Tours").click()
    for does in ("Walk", "Turn", "Look up", "To the entrance"):
        sheet.each(group, does, sheet.picture, frames=6)
    page.get_by_role("button", name="Record a tour").click()
    sheet.once(group, "While recording: stop here")
    expect(page.locator(".st-stop")).to_have_count(2)
    sheet.once(group, "While recording: write")
    expect(page.locator(".st-recording textarea:focus")).to_have_count(1)
    page.keyboard.press("Escape")
    sheet.once(group, "Step back")
    expect(page.locator(".st-recording")).to_be_hidden()
    page.locator(".st-stop").nth(1).focus()
    for does in ("duplicate", "earlier", "remove"):
        sheet.each(group, f"On the strip: {does}", sheet.stops)
