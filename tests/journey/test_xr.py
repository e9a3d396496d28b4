"""What a visitor with a headset does, in a real browser with an emulated Quest 3 (iwer): no real headset was worn."""

from __future__ import annotations

import math
from pathlib import Path

from playwright.sync_api import expect
from walkthrough import OpenPage, Visitor

IWER = Path(__file__).parents[2] / "viewer" / "node_modules" / "iwer" / "build" / "iwer.min.js"
WEAR = """
;window.device = new IWER.XRDevice(IWER.metaQuest3);
device.installRuntime({ forceInstall: true });
window.seen = (frames) => new Promise((done) => {
  const next = () => (frames-- ? device.activeSession.requestAnimationFrame(next) : done());
  next();
});
"""
DOWN_DEG = 36  # below the horizon
HAND = 1.3  # m above the floor


def equipped(open_page: OpenPage) -> Visitor:
    visitor = open_page()
    visitor.page.add_init_script(IWER.read_text("utf-8") + WEAR)
    return visitor


def test_through_a_headset_and_back(open_page: OpenPage) -> None:
    visitor = equipped(open_page)
    visitor.walk_in("en")
    page = visitor.page
    stood = visitor.position
    page.get_by_role("button", name="Enter VR").click()
    page.wait_for_function("() => device.activeSession")
    half = math.radians(DOWN_DEG) / 2
    page.evaluate(
        f"""async () => {{
          const {{ right }} = device.controllers;
          right.position.set(0, {HAND}, 0);
          right.quaternion.set({-math.sin(half)}, 0, 0, {math.cos(half)});
          await seen(6);
        }}"""
    )
    for pulled in (1, 0):  # to the place on the floor that the ray meets
        page.evaluate(f"device.controllers.right.updateButtonValue('trigger', {pulled}); seen(4)")
    assert page.evaluate("document.querySelector('longyao-hall').stats.frames") > 0
    page.evaluate("device.controllers.right.updateButtonValue('thumbstick', 1)")  # out: no frame comes after it
    page.wait_for_function("() => !device.activeSession")
    expect(page.get_by_role("button", name="Enter VR")).to_be_enabled()
    visitor.await_still()
    gone = math.dist(stood, visitor.position)
    assert math.isclose(gone, HAND / math.tan(math.radians(DOWN_DEG)), abs_tol=0.1)
    assert math.isclose(visitor.position[1], stood[1], abs_tol=0.01)  # on foot again, where the headset was taken off
    page.locator(".ly-canvas").focus()
    page.keyboard.down("ArrowDown")
    page.wait_for_function("(x) => document.querySelector('longyao-hall').position[0] < x - 0.2", arg=stood[0] + gone)
    page.keyboard.up("ArrowDown")
    visitor.await_still()


def test_an_exhibit_in_the_visitors_room(open_page: OpenPage) -> None:
    visitor = equipped(open_page)
    visitor.walk_in("en", at="#exhibit=meiping")
    page = visitor.page
    model = visitor.exhibition.hall["assets"]["meiping"]["files"]
    before = visitor.hall("stats")
    page.get_by_role("button", name="Place it in my room").click()
    page.wait_for_function("() => device.activeSession")
    page.evaluate("seen(6)")
    drawn = visitor.hall("stats")["triangles"]  # the thing alone, once for each eye
    assert drawn in [2 * level["triangles"] for level in (model["model"], *model["lods"])]
    page.evaluate("device.activeSession.end()")
    page.wait_for_function("() => !device.activeSession")
    expect(page.get_by_role("button", name="Place it in my room")).to_be_enabled()
    visitor.await_still()
    assert visitor.hall("stats")["triangles"] == before["triangles"]


def test_nothing_is_offered_without_a_device(open_page: OpenPage) -> None:
    visitor = open_page()
    visitor.walk_in("en")
    expect(visitor.page.locator(".ly-xr")).to_be_hidden()
