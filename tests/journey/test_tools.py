"""What a visitor does with the tools of looking closely, in a real browser on a real server."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Route, expect
from walkthrough import PHONE, WINDOW, OpenPage, Visitor

from recon.formats.glb import Animation, Part, Track, write_glb

TOOLS = {"measure": "测量", "section": "剖切", "light": "侧光", "evidence": "实测依据", "compare": "对比"}


def take(visitor: Visitor, tool: str) -> None:
    """Opens a tool; until it has drawn."""
    visitor.page.locator(f".ly-strip [data-key={tool}]").click()
    expect(visitor.page.locator(f".ly-card[data-tool={tool}]")).to_be_visible()
    visitor.await_still()


def test_a_length_by_keyboard_alone(open_page: OpenPage) -> None:
    visitor = open_page()
    visitor.walk_in("en", at="#exhibit=meiping")
    page = visitor.page
    page.locator(".ly-canvas").focus()
    visitor.key("t")
    expect(page.locator(".ly-strip [data-key=measure]")).to_be_focused()
    visitor.key("Enter")
    expect(page.locator(".ly-card h2")).to_be_focused()
    visitor.tab_to(".ly-card [data-key=middle]")
    visitor.key("Enter")
    expect(page.locator(".ly-card [role=status]")).to_have_text("Now the second point.")
    page.locator(".ly-canvas").focus()
    visitor.key("ArrowUp")
    visitor.await_still()
    visitor.tab_to(".ly-card [data-key=middle]")
    visitor.key("Enter")
    length = page.locator(".ly-lengths li")
    expect(length).to_contain_text(re.compile(r"\d (cm|mm)$"))
    told = length.inner_text()
    page.get_by_role("button", name="中文", exact=True).click()
    expect(page.locator(".ly-card h2")).to_have_text(TOOLS["measure"])
    expect(length).to_have_text(told.replace("\n", ""))
    visitor.key("Escape")
    expect(page.locator(".ly-card")).to_be_hidden()
    visitor.await_mode("orbit")
    take(visitor, "measure")
    expect(length).to_have_count(1)  # kept
    visitor.key("Escape")
    visitor.key("Escape")
    visitor.await_mode("walk")


@pytest.mark.parametrize("phone", [False, True], ids=["window", "phone"])
def test_every_tool_by_its_name_and_for_everyone(open_page: OpenPage, phone: bool) -> None:
    visitor = open_page(screen=PHONE if phone else WINDOW)
    visitor.walk_in(at="#exhibit=saggar")
    page = visitor.page
    found: dict[str, list[str]] = {}
    for tool, name in TOOLS.items():
        before = visitor.await_still()
        take(visitor, tool)
        expect(page.locator(".ly-card h2")).to_have_text(name)
        card, screen = page.locator(".ly-card").bounding_box(), page.viewport_size
        assert card
        assert screen
        assert card["x"] >= 0
        assert card["y"] + card["height"] <= screen["height"] + 1
        assert visitor.hall("stats")["frames"] > before
        found[tool] = visitor.violations()
        visitor.key("Escape")
        expect(page.locator(".ly-card")).to_be_hidden()
        visitor.await_mode("orbit")
    assert {tool: rules for tool, rules in found.items() if rules} == {}


def write_press(path: Path) -> dict[str, Any]:
    """A block that sinks onto another one in two seconds; as a file of the hall's document."""
    corners = np.array([[x, y, z] for x in (-0.1, 0.1) for y in (0, 0.1) for z in (-0.1, 0.1)], np.float32)
    faces = np.array(
        [0, 1, 3, 0, 3, 2, 4, 6, 7, 4, 7, 5, 0, 4, 5, 0, 5, 1, 2, 3, 7, 2, 7, 6, 0, 2, 6, 0, 6, 4, 1, 5, 7, 1, 7, 3]
    ).reshape(-1, 3)
    down = Track("stamp", np.array([0, 2], np.float32), translations=np.array([[0, 0.3, 0], [0, 0.1, 0]], np.float32))
    parts = [Part(positions=corners, faces=faces, node=node) for node in ("bed", "stamp")]
    write_glb(path, parts, animation=Animation("press", (down,)))
    data = path.read_bytes()
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "mime": "model/gltf-binary"}


def text(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def test_before_and_after_and_step_by_step(open_page: OpenPage, tmp_path: Path) -> None:
    """A document whose saggar has a shape before, and whose censer is a press with two steps."""
    visitor = open_page()
    page = visitor.page
    press = write_press(tmp_path / "press.glb")

    def retell(route: Route) -> None:
        hall = route.fetch().json()
        saggar, censer = hall["placements"]["saggar"], hall["placements"]["censer"]
        saggar["variant"] = {"title": text("烧成之后", "After the firing"), "year": 1958}
        saggar["variants"] = [{"title": text("烧成之前", "Before the firing"), "asset": "meiping", "year": 1930}]
        thing = hall["assets"]["censer"]
        thing["files"] = {"thumb": thing["files"]["thumb"], "model": press}
        censer["process"] = [
            {"title": text("合", "Closed"), "text": text("压下", "It sinks"), "from_s": 0, "to_s": 1.5},
            {"title": text("开", "Open"), "text": text("压实", "It presses"), "from_s": 1.5, "to_s": 2},
        ]
        route.fulfill(body=json.dumps(hall), content_type="application/json")

    page.route("**/api/halls/*", retell)
    page.route(f"**/media/{press['sha256']}", lambda route: route.fulfill(path=tmp_path / "press.glb"))
    visitor.walk_in("en", at="#exhibit=saggar")

    take(visitor, "variants")
    divider = page.get_by_role("slider", name="Divider: drag it, or use the arrow keys")
    expect(page.locator(".ly-side")).to_have_text(["1930 · Before the firing", "1958 · After the firing"])
    expect(divider).to_have_attribute("aria-valuenow", "50")
    seen = [page.locator(".ly-canvas").screenshot()]
    divider.press("Home")
    visitor.await_still()
    expect(divider).to_have_attribute("aria-valuenow", "0")
    seen.append(page.locator(".ly-canvas").screenshot())
    divider.press("End")
    visitor.await_still()
    seen.append(page.locator(".ly-canvas").screenshot())
    assert len(set(seen)) == 3

    page.evaluate("location.hash = '#exhibit=censer'")
    expect(page.locator(".ly-card")).to_be_hidden()
    take(visitor, "process")  # under reduced motion it waits to be asked
    expect(page.locator(".ly-step h3")).to_have_text("1 / 2  Closed")
    page.get_by_role("button", name="Step forward").click()
    expect(page.locator(".ly-step h3")).to_have_text("2 / 2  Open")
    expect(page.locator(".ly-step p")).to_have_text("It presses")
    expect(page.locator(".ly-range output")).to_have_text("1.5 / 2.0 s")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()  # told to its end
    expect(page.locator(".ly-range output")).to_have_text("2.0 / 2.0 s")
    before = visitor.await_still()
    page.locator(".ly-card input[type=range]").fill("0.4")
    assert visitor.await_still() > before
    expect(page.locator(".ly-step h3")).to_have_text("1 / 2  Closed")
    page.get_by_role("button", name="中文", exact=True).click()
    expect(page.locator(".ly-step h3")).to_have_text("1 / 2  合")
    expect(page.locator(".ly-range output")).to_have_text("0.4 / 2.0 s")

    take(visitor, "compare")
    bars = page.locator(".ly-bar-scale")
    expect(bars).to_have_count(2)
    widths = [bars.nth(i).evaluate("(bar) => [bar.textContent, bar.getBoundingClientRect().width]") for i in (0, 1)]
    assert widths[0][0] == widths[1][0]
    assert widths[0][1] == pytest.approx(widths[1][1], rel=1e-3)  # at one scale
    page.get_by_role("button", name="各自占满").click()
    visitor.await_still()
    visitor.key("Escape")
    visitor.await_mode("orbit")
