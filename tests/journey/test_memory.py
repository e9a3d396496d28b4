"""What a visitor sees when the graphics card runs out of memory, in a real browser."""

from __future__ import annotations

from playwright.sync_api import expect
from walkthrough import SHARP, OpenPage, Visitor

LOSE = """() => new Promise((done) => {
  const canvas = document.querySelector(".ly-canvas");
  const context = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
  canvas.addEventListener("webglcontextlost", () => setTimeout(() => context.restoreContext()), { once: true });
  canvas.addEventListener("webglcontextrestored", () => done(), { once: true });
  context.loseContext();
})"""


def lose(visitor: Visitor) -> int:
    """The context is taken away and given back; how many triangles are drawn then."""
    visitor.page.evaluate(LOSE)
    visitor.await_still()
    triangles: int = visitor.hall("stats")["triangles"]
    return triangles


def test_with_less_memory_the_hall_grows_simpler_and_stays_open(open_page: OpenPage) -> None:
    visitor = open_page(device_scale_factor=SHARP)
    visitor.walk_in("en", at="#exhibit=meiping")
    page = visitor.page
    drawn = [visitor.hall("stats")["triangles"]]
    picture = page.locator(".ly-canvas").screenshot()
    drawn.append(lose(visitor))
    assert len(page.locator(".ly-canvas").screenshot()) > len(picture) / 2  # a picture, not a blank
    drawn.append(lose(visitor))
    expect(page.locator(".ly-strip")).to_be_visible()
    drawn.append(lose(visitor))
    expect(page.locator(".ly-strip")).to_be_hidden()  # thumbs only: nothing to work on
    assert drawn == sorted(set(drawn), reverse=True)
    assert drawn[-1] > 0
    expect(page.locator(".ly-panel h2")).to_have_text(visitor.exhibition.hall["placements"]["meiping"]["title"]["en"])
    visitor.key("Escape")
    visitor.await_mode("walk")
    stood = visitor.position
    page.keyboard.down("ArrowUp")
    page.wait_for_function("(x) => document.querySelector('longyao-hall').position[0] !== x", arg=stood[0])
    page.keyboard.up("ArrowUp")
    visitor.await_still()
