"""A curator's browser at the desk and in the studio."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, expect
from walkthrough import COARSE, NEXT_DOOR, Visitor

from exhibit.config import Config
from exhibit.db import Database
from exhibit.halls import services

SCREEN: dict[str, Any] = COARSE | {"viewport": {"width": 1100, "height": 600}}
PATIENCE_MS = 60_000  # two halls on a processor that draws them both
# Until nothing has been drawn over the picture for a while: everything there follows the frames.
QUIET = """() => new Promise((done) => {
  const over = document.querySelector(".st-stage");
  let still = 0;
  const watch = new MutationObserver(() => { still = 0; });
  watch.observe(over, { subtree: true, attributes: true, childList: true });
  const look = () => { ++still < 15 ? requestAnimationFrame(look) : (watch.disconnect(), done()); };
  look();
})"""

# Where a point of the plan, in metres, is in the drawing.
ON_PLAN = """([x, z]) => {
  const { a, d, e, f } = document.querySelector(".pl-world").transform.baseVal.consolidate().matrix;
  return [a * x + e, d * z + f];
}"""


class Curator(Visitor):
    """A browser in the studio."""

    def sign_in(self) -> None:
        self.go("/desk/sign-in?lang=en")
        self.page.get_by_label("Name").fill(self.exhibition.name)
        self.page.get_by_label("Password").fill(self.exhibition.password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url("**/desk*")

    def enter(self, hall: str = NEXT_DOOR) -> None:
        """Opens a hall's studio: by default of the empty hall behind the demonstration hall's door."""
        self.go(f"/desk/halls/{hall}/studio?lang=en")
        self.page.locator(".st-studio[data-open]").wait_for()

    def draft(self, hall: str = NEXT_DOOR) -> dict[str, Any]:
        """The draft on the server, with all edits of this page."""
        self.await_saved()
        database = Database(Config.from_environment(data=self.exhibition.data).database_url)
        with database.reading() as session:
            document: dict[str, Any] = dict(services.get_hall(session, hall).draft)
        database.close()
        return document

    def await_quiet(self) -> None:
        self.page.evaluate(QUIET)

    def await_saved(self, lang: str = "en") -> None:
        saved = {"en": "Saved", "zh": "已保存"}[lang]
        expect(self.page.locator(".st-status")).to_have_text(saved, timeout=PATIENCE_MS)

    def choose(self, title: str) -> None:
        self.page.get_by_role("button", name=title).and_(self.page.locator(".st-row")).first.click()

    def field(self, name: str) -> Locator:
        return self.page.get_by_label(name, exact=True)

    def middle(self, path: str) -> tuple[float, float]:
        """The middle of something that is drawn over the picture, px of the page."""
        box = self.page.locator(path).first.bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    # The plan

    def on_plan(self, x: float, z: float) -> tuple[float, float]:
        """Where a point of the plan, m, is on the page, px."""
        box = self.page.locator(".pl-area").bounding_box()
        assert box
        right, down = self.page.evaluate(ON_PLAN, [x, z])
        return box["x"] + right, box["y"] + down

    def click_plan(self, x: float, z: float) -> None:
        self.page.mouse.click(*self.on_plan(x, z))

    def draw_towards(self, x: float, z: float, typed: str) -> None:
        """Points the pointer there, types a length, presses Enter."""
        self.page.mouse.move(*self.on_plan(x, z))
        self.page.keyboard.type(typed)
        self.key("Enter")


OpenStudio = Callable[[], Curator]
