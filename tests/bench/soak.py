"""A long random visit: whether memory stays flat and nothing goes wrong."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import numpy as np
from playwright.sync_api import CDPSession, ConsoleMessage, Page, Response, sync_playwright
from visit import ARGUMENTS, CHROMIUM, PHONE, READY, SETTLED, STILL, WALKABLE

KEYS = ("w", "a", "s", "d", "ArrowLeft", "ArrowRight", "q", "e")
THROUGH = """(door) => document.querySelector(`[data-key="door-${door}"]`)?.click()"""  # as keyboards do, by the list
# Another hall in the same visit, as the browser's back button leads there.
CROSS = """(slug) => new Promise((done, fail) => {
  const over = new AbortController();
  const { signal } = over;
  addEventListener("hall-change", () => (over.abort(), done()), { signal });
  addEventListener("error", ({ detail }) => (over.abort(), fail(new Error(detail?.message))), { signal });
  history.pushState({ hall: `/api/halls/${slug}` }, "", `/halls/${slug}${location.search}#walk`);
  dispatchEvent(new PopStateEvent("popstate"));
})"""
EVERY_S = 60
SETTLE = 0.2  # share of the time that is left out before memory is compared: what is fetched once has been


def soaked(address: str, minutes: float, *, seed: int = 1) -> Iterator[dict[str, Any]]:
    """One row: memory in the first and the last quarter of what follows the settling, and what was complained of.

    Halls differ in what they keep in memory, and one that was looked at closely keeps more than another. So each time
    memory is read, the visitor has just come into the first hall from another, and all is there and still. What the
    engine has made of the scripts, to run them faster, counts and is told apart: it comes with use.
    """
    halls = _halls(address)
    chance = random.Random(seed)
    complaints: list[str] = []
    measured: list[tuple[float, float]] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_context(**PHONE, locale="zh-CN", service_workers="block").new_page()
        page.set_default_timeout(180_000)
        page.add_init_script(READY)
        _witness(page, complaints)
        devtools = page.context.new_cdp_session(page)
        slug, other = list(halls)[:2]
        page.goto(f"{address}/halls/{slug}#walk")
        page.evaluate(WALKABLE)
        until, told, deeds = time.monotonic() + 60 * minutes, time.monotonic(), 0
        while time.monotonic() < until:
            _act(page, halls, chance)
            deeds += 1
            if time.monotonic() - told > EVERY_S:
                for there in (other, slug) if slug == _here(page) else (slug,):
                    page.evaluate(CROSS, there)
                    page.evaluate(SETTLED)
                page.evaluate(STILL)
                measured.append(_heap_mb(devtools))
                told = time.monotonic()
                passed = minutes - (until - told) / 60
                heap, code = measured[-1]
                print(f"{passed:5.1f} min  {heap:6.1f} MB, {code:4.1f} MB of it code  {deeds} deeds", flush=True)
        browser.close()
    settled = np.array(measured[int(SETTLE * len(measured)) :])
    quarter = max(1, len(settled) // 4)
    (first, code_first), (last, code_last) = settled[:quarter].mean(0), settled[-quarter:].mean(0)
    print(f"memory {first:.1f} -> {last:.1f} MB, {last / first - 1:+.1%}; {len(complaints)} complaints")
    print(f"  of it code {code_first:.1f} -> {code_last:.1f} MB")
    for line in dict.fromkeys(complaints):
        print(f"  {line}")
    yield {
        "run": "soak",
        "minutes": minutes,
        "deeds": deeds,
        "heap_first_mb": round(first, 1),
        "heap_last_mb": round(last, 1),
        "growth": round(last / first - 1, 4),
        "code_first_mb": round(code_first, 1),
        "code_last_mb": round(code_last, 1),
        "complaints": len(complaints),
    }


def _halls(address: str) -> dict[str, dict[str, Any]]:
    with urlopen(f"{address}/api/halls") as answer:
        slugs = [hall["slug"] for hall in json.load(answer)["halls"]]
    halls = {}
    for slug in slugs:
        with urlopen(f"{address}/api/halls/{slug}") as answer:
            halls[slug] = json.load(answer)
    return halls


def _act(page: Page, halls: dict[str, dict[str, Any]], chance: random.Random) -> None:
    """One thing that a visitor might do."""
    hall = halls[_here(page)]
    deed = chance.choices(("walk", "exhibit", "note", "tour", "language", "turn", "hall"), (6, 4, 3, 1, 1, 3, 1))[0]
    if deed == "walk":
        key = chance.choice(KEYS)
        page.keyboard.down(key)
        page.wait_for_timeout(chance.uniform(300, 2000))
        page.keyboard.up(key)
    elif deed == "exhibit":
        _open(page, f"#exhibit={chance.choice(hall['placement_order'])}")
    elif deed == "note" and hall["note_order"]:
        _open(page, f"#note={chance.choice(hall['note_order'])}")
    elif deed == "tour" and hall.get("tour_order"):
        tour = chance.choice(hall["tour_order"])
        _open(page, f"#tour={tour}&stop={chance.randint(1, len(hall['tours'][tour]['stops']))}")
    elif deed == "language":
        page.locator(".ly-language").dispatch_event("click")
    elif deed == "turn":
        page.mouse.move(200, 400)
        page.mouse.down()
        page.mouse.move(200 + chance.uniform(-150, 150), 400 + chance.uniform(-60, 60), steps=4)
        page.mouse.up()
    elif deed == "hall":  # through a door: the same page, another hall
        open_doors = [key for key, door in hall.get("doors", {}).items() if door.get("hall") in halls]
        if open_doors:
            page.keyboard.press("l")
            page.evaluate(THROUGH, chance.choice(open_doors))
    page.wait_for_timeout(chance.uniform(300, 2500))


def _here(page: Page) -> str:
    """The name of the hall that is open."""
    return page.url.partition("/halls/")[2].partition("#")[0].partition("?")[0]


def _open(page: Page, place: str) -> None:
    page.evaluate("(place) => { location.hash = place; }", place)


def _heap_mb(devtools: CDPSession) -> tuple[float, float]:
    """What scripts and buffers take, and the share of it that the engine has compiled."""
    for _ in range(2):  # the second time what the first has set free
        devtools.send("HeapProfiler.collectGarbage")
    usage = devtools.send("Runtime.getHeapUsage")
    return (usage["usedSize"] + usage.get("backingStorageSize", 0)) / 1e6, _compiled_mb(devtools)


def _compiled_mb(devtools: CDPSession) -> float:
    """Bytecode, machine code and what was learnt for them, by a snapshot of the heap."""
    pieces: list[str] = []

    def listen(event: dict[str, Any]) -> None:
        pieces.append(event["chunk"])

    devtools.on("HeapProfiler.addHeapSnapshotChunk", listen)
    devtools.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    devtools.remove_listener("HeapProfiler.addHeapSnapshotChunk", listen)
    heap = json.loads("".join(pieces))
    fields, types = (heap["snapshot"]["meta"][name] for name in ("node_fields", "node_types"))
    nodes = np.array(heap["nodes"]).reshape(-1, len(fields))
    of_code = nodes[:, fields.index("type")] == types[0].index("code")
    return float(nodes[of_code, fields.index("self_size")].sum()) / 1e6


def _witness(page: Page, complaints: list[str]) -> None:
    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"console: {message.text[:200]}")

    def response(answer: Response) -> None:
        if answer.status >= 400:
            complaints.append(f"{answer.status}: {answer.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: complaints.append(f"error: {str(error)[:200]}"))
    page.on("response", response)
