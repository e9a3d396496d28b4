"""Two curators in one hall: each is told where the other works, and the history shows what was and brings it back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from browser import NAME, PASSWORD
from curator import PATIENCE_MS, Curator
from plain import begin, database, plain_exhibition
from playwright.sync_api import Browser, Playwright, Route, expect
from walkthrough import CHROMIUM, COARSE, QUIET, SOFTWARE_WEBGL, Exhibition, OpenPage

from exhibit.halls import services
from exhibit.halls.edits import placements
from exhibit.people.services import create_account

SCREEN = COARSE | {"viewport": {"width": 1366, "height": 768}}
OTHER = "林老师"
HALL = "a-hall"
TITLE = "标题 · 英文"

Open = Callable[[str, str], Curator]


@pytest.fixture(scope="module")
def chromium(playwright: Playwright, exhibition: Exhibition) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET + SOFTWARE_WEBGL)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def exhibition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exhibition]:
    """A hall with two text panels, and two curators."""
    with plain_exhibition(tmp_path_factory.mktemp("several")) as opened:
        begin(opened.data, HALL)
        with database(opened.data) as known, known.writing() as session:
            create_account(session, OTHER, PASSWORD)
            hall = services.get_hall(session, HALL)
            for _ in range(2):
                services.edit_draft(
                    session,
                    hall,
                    "add-placement",
                    lambda document: placements.add(document, None, None)[0],
                    hall.draft_version,
                )
        yield opened


@pytest.fixture
def open_studio(open_page: OpenPage, exhibition: Exhibition) -> Open:
    def enter(name: str, lang: str) -> Curator:
        visitor = open_page(screen=SCREEN)
        curator = Curator(visitor.page, dataclasses.replace(exhibition, name=name))
        curator.sign_in()
        curator.go(f"/desk/halls/{HALL}/studio?lang={lang}")
        curator.page.locator(".st-studio[data-open]").wait_for()
        return curator

    return enter


def test_they_meet_at_one_panel(open_studio: Open) -> None:
    ann, lin = open_studio(NAME, "en"), open_studio(OTHER, "zh")
    ann.choose("Text panel")
    expect(lin.page.locator(".st-there")).to_have_text(NAME[0])
    lin.choose("展板")
    lin.field(TITLE).fill("Foreword")
    told = lin.page.locator(".st-also-here")
    expect(told).to_contain_text(f"{NAME}正在编辑展品“展板”。")
    assert lin.violations() == []
    told.get_by_role("button", name="知道了").click()
    expect(told).not_to_contain_text(NAME)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_history_shows_what_was_and_brings_it_back(open_studio: Open, lang: str) -> None:
    curator = open_studio(NAME, lang)
    page = curator.page
    curator.choose("展板" if lang == "zh" else "Text panel")
    field = curator.field(TITLE if lang == "zh" else "Title · English")
    field.fill(f"Another title, {lang}")
    curator.await_saved(lang)
    page.get_by_role("button", name="历史版本" if lang == "zh" else "History").click()
    dialog = page.locator(".st-history")
    versions = dialog.locator(".st-version-row")
    expect(versions.first).to_contain_text(NAME)
    expect(versions.first.locator(".st-version-plan svg")).to_be_visible()
    expect(versions.first).to_contain_text("修改标题" if lang == "zh" else "Write title")
    versions.nth(1).click()
    expect(dialog.locator(".st-plans svg")).to_have_count(2)
    expect(dialog.locator("ins").last).to_have_text(f"Another title, {lang}")
    assert curator.violations() == []
    dialog.get_by_role("button", name="恢复这个版本" if lang == "zh" else "Restore this version").click()
    expect(field).not_to_have_value(f"Another title, {lang}")
    curator.await_saved(lang)
    page.keyboard.press("Control+z")
    expect(field).to_have_value(f"Another title, {lang}")


@pytest.mark.parametrize(
    ("lang", "label", "heading", "words", "keep"),
    [
        ("zh", "标题 · 中文", "两处改动不一致", "标题（中文）：", "保留对方的"),
        ("en", "Title · Chinese", "Two changes disagree", "Title (Chinese): ", "Use mine"),
    ],
)
def test_of_two_titles_the_later_curator_chooses(
    open_studio: Open, lang: str, label: str, heading: str, words: str, keep: str
) -> None:
    ann, lin = open_studio(NAME, "en"), open_studio(OTHER, lang)
    fields = ann.field("Title · Chinese"), lin.field(label)
    for curator in (ann, lin):
        curator.page.locator(".st-row[data-kind=placement]").last.click()
    held: list[Route] = []
    lin.page.route("**/edits", lambda route: held.append(route))  # nothing leaves this browser
    theirs, mine = f"安的标题 {lang}", f"林的标题 {lang}"
    for field, title in zip(fields, (theirs, mine), strict=True):
        field.fill(title)
    ann.await_saved()
    for route in held:
        route.continue_()
    lin.page.unroute("**/edits")
    dialog = lin.page.locator(".st-conflict[open]")
    expect(dialog.get_by_role("heading", name=heading)).to_be_visible(timeout=PATIENCE_MS)
    own, other = dialog.locator(".st-side").all()
    expect(own).to_contain_text(words + mine)
    expect(other).to_contain_text(words + theirs)
    expect(other).to_contain_text(NAME)
    assert lin.violations() == []
    dialog.get_by_role("button", name=keep).click()
    expect(dialog).to_be_hidden()
    lin.await_saved(lang)
    for field in fields:
        expect(field).to_have_value(mine if keep == "Use mine" else theirs)
