"""What a visitor does with the tools of looking closely, in a real browser on a real server."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from walkthrough import PHONE, WINDOW, OpenPage, Visitor

TOOLS = {"measure": "测量", "section": "剖切", "light": "侧光", "evidence": "证据"}


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
