"""How soon the studio answers an edit of a large hall: in the curator's browser, and on the server."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import samples
from browser import NAME, PASSWORD, Browser
from playwright.sync_api import CDPSession, Page, sync_playwright
from visit import ARGUMENTS, CHROMIUM
from walkthrough import serving

from exhibit import create_app
from exhibit.cli import main
from exhibit.config import Config
from exhibit.halls import services
from exhibit.library.bundle import read_bundle
from exhibit.library.services import ingest
from exhibit.web import Site

PLACEMENTS, NOTES, ASSETS = 300, 100, 12
TIMES = 6
SCREEN: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}
SLUG = "large"

# All that follows from a key is done when its event has been dispatched: the edit is made, the scene, the list and the
# fields follow. The picture of it is drawn afterwards.
PRESS = """({ key, code, ctrlKey, shiftKey }) => {
  const canvas = document.querySelector(".st-canvas");
  canvas.dispatchEvent(new KeyboardEvent("keydown", { key, code, ctrlKey, shiftKey, bubbles: true, cancelable: true }));
  canvas.dispatchEvent(new KeyboardEvent("keyup", { key, code, bubbles: true }));
}"""
WRITE = """(words) => {
  const field = document.querySelector(".st-inspector textarea, .st-inspector input[lang]");
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}"""
DRAWN = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())))"
SETTLED = """() => new Promise((done) => {
  const look = () => (document.querySelector(".st-status[data-status=saved]") ? done() : setTimeout(look, 50));
  look();
})"""
DEEDS: dict[str, dict[str, Any]] = {
    "move": {"key": "ArrowRight", "code": "ArrowRight"},
    "turn": {"key": "]", "code": "BracketRight"},
    "duplicate": {"key": "d", "code": "KeyD", "ctrlKey": True},
    "remove": {"key": "Delete", "code": "Delete"},
    "undo": {"key": "z", "code": "KeyZ", "ctrlKey": True},
    "redo": {"key": "Z", "code": "KeyZ", "ctrlKey": True, "shiftKey": True},
}
PATH = ["placements", "thing-150"]
# What the server is asked to save: a field, and what it becomes each time.
SAVED: list[tuple[str, list[str], Callable[[int], Any]]] = [
    ("save a move", [*PATH, "translation"], lambda number: [1, 0, round(0.01 * number, 3)]),
    ("save words", [*PATH, "title", "en"], lambda number: f"Words {number}"),
]


def answered(scratch: Path) -> Iterator[dict[str, Any]]:
    """A row for each kind of edit of a hall with 300 placements: ms of the processor.

    Of the server for one request that saves an edit; of the browser's main thread from the key until scene, list and
    fields have followed.
    """
    data = _large_hall(scratch)
    print(f"{'edit':16}{'best ms':>10}{'median ms':>11}{'worst ms':>10}")
    for name, path, values in SAVED:
        yield _row(name, _asked(data, path, values))
    with serving(data) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_context(**SCREEN, reduced_motion="reduce", service_workers="block").new_page()
        page.set_default_timeout(180_000)
        _enter(page, address)
        for name, deed in DEEDS.items():
            yield _row(name, [_pressed(page, name, deed) for _ in range(TIMES)])
        page.locator(".st-row[data-id=thing-150]").click()
        yield _row("write", [_taken(page, WRITE, f"Words {i}") for i in range(TIMES)])
        page.evaluate(SETTLED)
        browser.close()


def _pressed(page: Page, name: str, deed: dict[str, Any]) -> float:
    if name == "remove":
        page.locator(".st-row[data-kind=placement][data-id^=thing]").nth(120).click()
    elif name not in ("undo", "redo"):
        page.locator(".st-row[data-id=thing-150]").click()
    return _taken(page, PRESS, {"ctrlKey": False, "shiftKey": False} | deed)


def _taken(page: Page, script: str, argument: Any) -> float:
    """ms of its processor that the main thread spends in scripts, and in what these make it do."""
    page.evaluate(DRAWN)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _script_s(devtools)
    page.evaluate(script, argument)
    taken = 1000 * (_script_s(devtools) - before)
    devtools.detach()
    return taken


def _script_s(devtools: CDPSession) -> float:
    metrics = {each["name"]: each["value"] for each in devtools.send("Performance.getMetrics")["metrics"]}
    return float(metrics["ScriptDuration"])


def _enter(page: Page, address: str) -> None:
    page.goto(f"{address}/desk/sign-in?lang=en")
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk*")
    page.goto(f"{address}/desk/halls/{SLUG}/studio?lang=en")
    page.locator(".st-studio[data-open]").wait_for()
    page.wait_for_timeout(6000)  # models arrive


def _asked(data: Path, path: list[str], values: Callable[[int], Any]) -> list[float]:
    """ms that a request with one edit takes on the server, of its processor."""
    app = create_app(Config(data=data))
    site: Site = app.extensions["longyao"]
    curator = Browser(app.test_client())
    curator.sign_in()
    client, token = str(uuid.uuid4()), curator.token()
    taken = []
    with site.database.reading() as session:
        hall = services.get_hall(session, SLUG)
        value: Any = hall.draft
        for key in path:
            value = value[key]
        version = hall.draft_version
    for number in range(TIMES):
        to = values(number)
        change = {"path": path, "from": value, "to": to}
        edit = {"id": f"{client}-{number + 1}", "name": "change-hall", "changes": [change]}
        body = {"client": client, "version": version, "edits": [edit]}
        start = time.process_time()
        answer = curator.client.post(f"/api/halls/{SLUG}/edits", json=body, headers={"X-CSRF-Token": token})
        taken.append(1000 * (time.process_time() - start))
        assert answer.status_code == 200
        assert answer.json
        assert answer.json["refused"] == []
        value, version = to, answer.json["version"]
    site.database.close()
    return taken


def _row(name: str, taken: list[float]) -> dict[str, Any]:
    figures = {"best_ms": min(taken), "median_ms": median(taken), "worst_ms": max(taken)}
    print(f"{name:16}{figures['best_ms']:10.1f}{figures['median_ms']:11.1f}{figures['worst_ms']:10.1f}", flush=True)
    return {"run": f"studio {name}", **{key: round(value, 1) for key, value in figures.items()}}


def _large_hall(folder: Path) -> Path:
    """A data folder with a hall of 300 placements, every tenth a text panel, and 100 notes."""
    data = folder / "data"
    secret = folder / "password"
    secret.write_text(f"{PASSWORD}\n")
    assert main(["--data", str(data), "init", "--password-file", str(secret)]) == 0
    site: Site = create_app(Config(data=data)).extensions["longyao"]
    documents = {}
    things: dict[str, dict[str, Any]] = {
        f"pot-{i}": {"en": f"Pot {i}", "size": (0.4, 0.3 + 0.05 * i, 0.4)} for i in range(ASSETS)
    }
    room: dict[str, Any] = {"en": "A large room", "use": "room", "size": (44, 0.2, 44), "at": (-22, -0.2, -22)}
    for key, told in {"room": room, **things}.items():
        bundle = read_bundle(samples.bundle(folder / key, **told), site.config)
        ingest(site.database, site.storage, bundle, key)
        documents[key] = bundle.document
    hall = samples.hall(documents, shown=("pot-0",))
    one, panel = hall["placements"]["pot-0"], hall["placements"]["welcome"]
    placements = {}
    for i in range(PLACEMENTS):
        place = [round(2.1 * (i % 20) - 20, 2), 1.6 if i % 10 == 9 else 0, round(2.7 * (i // 20) - 19, 2)]
        words = {"title": {"zh": f"展品 {i}", "en": f"Thing {i}"}, "translation": place}
        kind = panel if i % 10 == 9 else {**one, "asset": f"pot-{i % ASSETS}"}
        placements[f"thing-{i}"] = {**kind, **words}
    note = hall["notes"]["firing"]
    notes = {f"note-{i}": {**note, "placement": f"thing-{3 * i}"} for i in range(NOTES)}
    hall |= {"placements": placements, "placement_order": list(placements), "notes": notes, "note_order": list(notes)}
    with site.database.writing() as session:
        services.create_hall(session, hall, slug=SLUG)
    site.database.close()
    return data
