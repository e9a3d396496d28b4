"""Whatever dies while curators work, nothing that they have made is lost: tabs, browsers, servers, lines.

Each test runs a short form. LONGYAO_LONG_TESTS=1 runs them at full length: 20 tabs, 10 servers, 5 minutes.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from plain import begin, database, plain_exhibition
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright
from sqlalchemy import select
from walkthrough import CHROMIUM, QUIET, SOFTWARE_WEBGL, Exhibition, Server

from exhibit.documents.canonical import canonical
from exhibit.documents.changes import apply
from exhibit.documents.edit_types import Change
from exhibit.halls import services
from exhibit.halls.models import HallEdit

LONG = os.environ.get("LONGYAO_LONG_TESTS") == "1"
SMALL: dict[str, Any] = {
    "viewport": {"width": 480, "height": 320},
    "reduced_motion": "reduce",
    "service_workers": "block",
}
KEPT_AFTER_S = 1.0  # what was typed earlier survives
PATIENCE_MS = 120_000

# What the tests do in the page, by its session (viewer/src/studio/edit-session.ts).
EDITOR = """
addEventListener("studio-open", ({ detail }) => { window.session = detail; });
const sources = (hall) => hall.sources ?? {};
const withSource = (hall, id, words) =>
  ({ ...hall, sources: { ...sources(hall), [id]: { title: { zh: words, en: words } } } });
const written = (hall, words) => ({ ...hall, title: { ...hall.title, en: words } });
window.write = (words) => session.edit("write-title", written(session.document, words));
window.add = (id) => session.edit("add-source", withSource(session.document, id, id));
window.settled = () => session.status === "saved";
window.held = () => JSON.stringify(session.document);
"""
# Random deeds of one curator, from a seed. Those of two meet in the same things.
WALKER = """
([name, seed, actions]) => {
  let state = seed;
  const next = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32);
  const below = (n) => Math.floor(next() * n);
  const of = (ids) => ids[below(ids.length)];
  let count = window.count ?? 0;
  const marks = (window.marks ??= new Set());
  const marked = () => new Set(Object.keys(session.document.sources ?? {}).filter((id) => id.startsWith(`${name}-`)));
  const changed = (map, id, part) => {
    const hall = session.document;
    return { ...hall, [map]: { ...hall[map], [id]: { ...hall[map][id], ...part } } };
  };
  // What the curator takes back, or gives up where another's edit stands against it, is not lost.
  const decide = (act) => {
    const before = marked();
    act();
    const after = marked();
    for (const id of before) if (!after.has(id)) marks.delete(id);
    for (const id of after) if (!before.has(id)) marks.add(id);
  };
  for (let i = 0; i < actions; i++) {
    for (const refusal of session.refusals) decide(() => refusal.resolve(next() < 0.5));
    const hall = session.document;
    const id = of(hall.placement_order);
    const dice = next();
    if (dice < 0.2) {
      const mark = `${name}-${++count}`;
      session.edit("add-source", { ...hall, sources: { ...hall.sources, [mark]: { title: { zh: mark, en: mark } } } });
      marks.add(mark);
    } else if (dice < 0.45 && id) {
      const translation = [below(400) / 100, 0, below(400) / 100];
      session.edit("move-placement", changed("placements", id, { translation }));
    } else if (dice < 0.6 && id) {
      const words = `${name} ${below(1000)}`;
      session.edit("write-title", changed("placements", id, { title: { zh: words, en: words } }), `typing ${below(3)}`);
    } else if (dice < 0.7) {
      const key = `panel-${name}-${++count}`;
      const panel = { kind: "panel", title: { zh: key, en: key }, label: { zh: "", en: "" }, translation: [0, 1.5, 0],
        rotation: [0, 0, 0, 1], scale: 1, width_m: 1 };
      session.edit("put-placement", { ...hall, placements: { ...hall.placements, [key]: panel },
        placement_order: hall.placement_order.toSpliced(below(hall.placement_order.length + 1), 0, key) });
    } else if (dice < 0.75 && hall.placement_order.length > 4) {
      const { [id]: _, ...placements } = hall.placements;
      session.edit("remove-placement",
        { ...hall, placements, placement_order: hall.placement_order.filter((other) => other !== id) });
    } else if (dice < 0.8 && id) {
      const rest = hall.placement_order.filter((other) => other !== id);
      session.edit("reorder-placements", { ...hall, placement_order: rest.toSpliced(below(rest.length + 1), 0, id) });
    } else if (dice < 0.92) decide(() => session.undo());
    else decide(() => session.redo());
  }
  window.count = count;
}
"""


@pytest.fixture(scope="module")
def exhibition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exhibition]:
    with plain_exhibition(tmp_path_factory.mktemp("never-lost")) as opened:
        yield opened


@pytest.fixture(scope="module")
def chromium(playwright: Playwright, exhibition: Exhibition) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET + SOFTWARE_WEBGL)
    yield browser
    browser.close()


def kept(data: Path, slug: str) -> tuple[dict[str, Any], int, list[tuple[str, list[Change]]]]:
    """(the draft, its version, the log: ids and changes) of a hall on the server."""
    with database(data) as opened, opened.reading() as session:
        hall = services.get_hall(session, slug)
        rows = session.scalars(select(HallEdit).where(HallEdit.hall_id == hall.id).order_by(HallEdit.version))
        return dict(hall.draft), hall.draft_version, [(row.edit_id, row.changes or []) for row in rows]


def replayed(document: Any, log: list[tuple[str, list[Change]]]) -> Any:
    """The document after the log: every accepted edit is made where it was accepted, each once."""
    assert len({edit for edit, _ in log}) == len(log)
    for _, changes in log:
        document, conflicts = apply(document, changes)
        assert conflicts == []
    return document


def enter(context: BrowserContext, exhibition: Exhibition, address: str, slug: str) -> Page:
    """A page of the studio, signed in, with a session."""
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(EDITOR)
    page = context.new_page()
    page.goto(f"{address}/desk?lang=en")
    if "sign-in" in page.url:
        page.get_by_label("Name").fill(exhibition.name)
        page.get_by_label("Password").fill(exhibition.password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/desk*")
    page.goto(f"{address}/desk/halls/{slug}/studio?lang=en")
    page.locator(".st-studio[data-open]").wait_for()
    return page


def until(page: Page, holds: Callable[[], bool]) -> None:
    """The page's policy forbids Playwright's own waiting for a function."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while not holds():
        assert time.monotonic() < end, "it does not come"
        page.wait_for_timeout(50)


def await_saved(page: Page) -> None:
    page.evaluate("session.retry()")
    until(page, lambda: page.evaluate("settled()"))


def test_killed_tabs_and_browsers(
    playwright: Playwright, exhibition: Exhibition, tmp_path: Path, chance: random.Random
) -> None:
    """Of what was typed the last second at most is gone, and every step can be undone."""
    slug = "killed-tabs"
    before = begin(exhibition.data, slug)
    last_kept = -1
    typed: list[tuple[int, float]] = []

    def open_browser() -> BrowserContext:
        return playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=CHROMIUM, args=QUIET + SOFTWARE_WEBGL, **SMALL
        )

    context = open_browser()
    killed_at = 0.0
    for moment in range(20 if LONG else 2):
        page = enter(context, exhibition, exhibition.url, slug)
        title = page.evaluate("session.document.title.en")
        if typed:
            must = max((n for n, at in typed if at < killed_at - KEPT_AFTER_S), default=last_kept)
            last_kept = int(title.removeprefix("Word ")) if title.startswith("Word ") else -1
            assert must <= last_kept <= typed[-1][0]
            assert page.evaluate("session.undoName") == ("write-title" if last_kept >= 0 else None)
            typed = [(last_kept, 0.0)]
        end = time.monotonic() + chance.uniform(0.3, 4)
        number = last_kept
        while time.monotonic() < end:
            number += 1
            page.evaluate("(words) => write(words)", f"Word {number}")
            typed.append((number, time.monotonic()))
            page.wait_for_timeout(chance.uniform(0, 120))
        killed_at = time.monotonic()
        if moment % 4 == 1:
            kill_browser(tmp_path / "profile")
            context = open_browser()
        else:
            crash(page)
    page = enter(context, exhibition, exhibition.url, slug)
    last = int(page.evaluate("session.document.title.en").removeprefix("Word "))
    undone = page.evaluate("() => { let n = 0; for (; session.undoName; n++) session.undo(); return n; }")
    assert undone == last + 1
    await_saved(page)
    assert canonical(kept(exhibition.data, slug)[0]) == canonical(before)
    assert canonical(json.loads(page.evaluate("held()"))) == canonical(before)
    context.close()


def crash(page: Page) -> None:
    """The tab's process dies without a last word."""
    with suppress(Error):  # it never arrives
        page.goto("chrome://crash")
    page.close()


def kill_browser(profile: Path) -> None:
    of_profile = f"--user-data-dir={profile}"
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if of_profile in command and not any(each.startswith("--type=") for each in command):
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=30)
    for lock in profile.glob("Singleton*"):
        lock.unlink()


def test_a_killed_server(chromium: Browser, exhibition: Exhibition, tmp_path: Path, chance: random.Random) -> None:
    """The page goes on by itself, and the server has each edit once."""
    slug, data = "killed-server", tmp_path / "data"
    shutil.copytree(exhibition.data, data)
    before = begin(data, slug)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(data, port)
    context = chromium.new_context(**SMALL)
    try:
        page = enter(context, exhibition, server.address, slug)
        count = 0
        for _ in range(10 if LONG else 2):
            end = time.monotonic() + chance.uniform(0.2, 2)
            while time.monotonic() < end:
                page.evaluate("(id) => add(id)", f"mark-{count}")
                count += 1
                page.wait_for_timeout(chance.uniform(0, 60))
            server.kill()
            for _ in range(chance.randrange(8)):
                page.evaluate("(id) => add(id)", f"mark-{count}")
                count += 1
                page.wait_for_timeout(100)
            server = Server(data, port)
        until(page, lambda: page.evaluate("settled()"))  # by itself: nobody asks it to try again
        draft, version, log = kept(data, slug)
        assert set(draft["sources"]) == {f"mark-{i}" for i in range(count)}
        assert version == 1 + len(log)
        assert canonical(replayed(before, log)) == canonical(draft)
        assert canonical(json.loads(page.evaluate("held()"))) == canonical(draft)
        assert page.evaluate("session.refusals.length") == 0
    finally:
        context.close()
        server.kill()


def test_two_curators_at_random(chromium: Browser, exhibition: Exhibition, chance: random.Random) -> None:
    """With undo and redo, at one thing or apart, some of the time without a line: both end with what the server has."""
    slug = "at-random"
    before = begin(exhibition.data, slug)
    contexts = {name: chromium.new_context(**SMALL) for name in ("ann", "bo")}
    pages = {name: enter(context, exhibition, exhibition.url, slug) for name, context in contexts.items()}
    cut = dict.fromkeys(pages, 0.0)
    end, rounds = time.monotonic() + (300 if LONG else 0), 0
    while time.monotonic() < end or rounds < 30:
        rounds += 1
        for name, page in pages.items():
            if cut[name] and time.monotonic() > cut[name]:
                contexts[name].set_offline(False)
                cut[name] = 0
            elif not cut[name] and chance.random() < 0.03:
                contexts[name].set_offline(True)
                cut[name] = time.monotonic() + chance.uniform(0.5, 5)
            page.evaluate(WALKER, [name, chance.randrange(2**32), chance.randrange(1, 5)])
        page.wait_for_timeout(chance.uniform(0, 200))
    for context in contexts.values():
        context.set_offline(False)
    for _ in range(3):  # what one decides can disagree with what the other decides
        for page in pages.values():
            page.evaluate("session.refusals.forEach((refusal) => refusal.resolve(true))")
            await_saved(page)
    for page in pages.values():
        page.wait_for_timeout(2000)  # the last one's edits come to the other with its next question
        await_saved(page)
    draft, version, log = kept(exhibition.data, slug)
    assert version == 1 + len(log) > 20
    assert canonical(replayed(before, log)) == canonical(draft)
    for page in pages.values():
        assert canonical(json.loads(page.evaluate("held()"))) == canonical(draft)
        marks = set(page.evaluate("[...window.marks]"))
        assert marks
        assert marks <= draft["sources"].keys()
    for context in contexts.values():
        context.close()


@pytest.fixture
def chance() -> random.Random:
    seed = int(os.environ.get("LONGYAO_SEED", "1"))
    return random.Random(seed)
