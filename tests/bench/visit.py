"""How soon a hall is there, and how it moves: what a visitor's browser measures of a running exhibition."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
]
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
FRAMES = 60

# The largest picture or text that the page paints (W3C Largest Contentful Paint), once nothing larger follows.
FIRST_PICTURE = """() => new Promise(done => {
  let last = 0;
  new PerformanceObserver(list => { last = list.getEntries().at(-1).startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
  const settled = () => setTimeout(() => done(last), 300);
  document.readyState === "complete" ? settled() : addEventListener("load", settled);
})"""
# The page's policy forbids what Playwright's own waiting does: these wait by themselves.
WALKABLE = """() => new Promise(done => {
  const look = () => (window.readyAfter ? done(window.readyAfter) : setTimeout(look, 20));
  look();
})"""
SETTLED = """() => new Promise(done => {
  const look = () => (document.querySelector(".ly-progress:not([hidden])") ? setTimeout(look, 100) : done());
  look();
})"""
STILL = """() => new Promise(done => {
  const hall = document.querySelector("longyao-hall");
  let frames = -1;
  const look = () => {
    if (hall.stats.frames === frames) return done();
    frames = hall.stats.frames;
    setTimeout(look, 2000);
  };
  look();
})"""
READY = """addEventListener("hall-ready", () => { window.readyAfter = performance.now(); });"""
STEPS = """(count) => new Promise(done => {
  const steps = [];
  let before = null;
  const look = now => {
    if (before !== null) steps.push(now - before);
    before = now;
    steps.length < count ? requestAnimationFrame(look) : done(steps);
  };
  requestAnimationFrame(look);
})"""
DRAWN_WHILE_STILL = """() => new Promise(done => {
  const hall = document.querySelector("longyao-hall");
  const before = hall.stats.frames;
  setTimeout(() => done(hall.stats.frames - before), 1500);
})"""


def visits(address: str) -> Iterator[dict[str, Any]]:
    """A row for each hall on show at `address`. Raises OSError where nobody answers."""
    with urlopen(f"{address}/api/halls") as answer:
        halls = [hall["slug"] for hall in json.load(answer)["halls"]]
    print(f"{'hall':24}{'picture s':>10}{'walkable s':>11}{'KB until':>9}{'frame p95 ms':>13}{'drawn still':>12}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for slug in halls:
            row = {"run": "visit", "hall": slug, **_measured(browser, f"{address}/halls/{slug}")}
            print(
                f"{slug:24}{row['first_picture_s']:10.2f}{row['walkable_s']:11.2f}{row['kb_until_walkable']:9.0f}"
                f"{row['frame_p95_ms']:13.0f}{row['drawn_while_still']:12}",
                flush=True,
            )
            yield row
        browser.close()


def _measured(browser: Browser, hall: str) -> dict[str, Any]:
    page = _stranger(browser)
    page.goto(hall, wait_until="commit")
    first_picture = page.evaluate(FIRST_PICTURE)
    page.context.close()

    page = _stranger(browser)
    page.goto(f"{hall}#walk", wait_until="commit")
    walkable = page.evaluate(WALKABLE)
    arrived = page.evaluate("performance.getEntriesByType('resource').reduce((sum, r) => sum + r.encodedBodySize, 0)")
    page.evaluate(SETTLED)
    page.keyboard.down("ArrowLeft")
    steps = sorted(page.evaluate(STEPS, FRAMES))
    page.keyboard.up("ArrowLeft")
    page.wait_for_timeout(4000)  # a fling ends, finer models arrive
    drawn = page.evaluate(DRAWN_WHILE_STILL)
    page.context.close()
    return {
        "first_picture_s": round(first_picture / 1000, 2),
        "walkable_s": round(walkable / 1000, 2),
        "kb_until_walkable": round(arrived / 1000),
        "frame_p95_ms": round(steps[int(0.95 * len(steps))], 1),
        "drawn_while_still": drawn,
    }


def _stranger(browser: Browser) -> Page:
    """A phone on slow 4G that has never been here."""
    # what a service worker fetches would not be slowed down
    page = browser.new_context(**PHONE, locale="zh-CN", service_workers="block").new_page()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW_4G)
    page.add_init_script(READY)
    return page
