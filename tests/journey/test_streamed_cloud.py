"""A scanned room in tiles: a visitor walks among points, which come as they are seen, within the memory there is."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from scanned_room import SIZE, write_scanned_room
from walkthrough import Hung, OpenPage, Visitor, hang

NUM_POINTS = 150_000
BUDGET = 0.4 * 900e6  # bytes for tiles on a computer (viewer/src/core/tile-detail.ts)
LOADED = """() => new Promise((done, fail) => {
  const hall = document.querySelector("longyao-hall");
  let looks = 0, idle = 0;
  const look = () => {
    if (looks++ > 3000) return fail(new Error("Tiles are loaded on and on."));
    idle = hall.stats.tiles.loading === 0 ? idle + 1 : 0;
    idle < 20 ? requestAnimationFrame(look) : done();
  };
  look();
})"""


@pytest.fixture(scope="session")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scan")
    assert write_scanned_room(folder, NUM_POINTS) == NUM_POINTS
    return folder


def stand(visitor: Visitor, scan: Path) -> np.ndarray[Any, Any]:
    """Puts the room into the hall before the entrance; where its middle is on the floor."""
    start = visitor.exhibition.hall["start"]
    eye, target = np.array(start["position"]), np.array(start["target"])
    ahead = (target - eye) * [1, 0, 1]
    spot: np.ndarray[Any, Any] = eye + 6 * ahead / np.linalg.norm(ahead)
    spot[1] = eye[1] - 1.6
    hang(visitor, saggar=Hung(scan, spot))
    return spot


def look(visitor: Visitor, eye: np.ndarray[Any, Any], target: np.ndarray[Any, Any]) -> dict[str, Any]:
    """Goes there; what of the tiles is drawn when all have come."""
    numbers = ",".join(f"{value:.2f}" for value in (*eye, *target))
    visitor.page.evaluate("(hash) => { location.hash = hash; }", f"#view={numbers}")
    return settled(visitor)


def settled(visitor: Visitor) -> dict[str, Any]:
    visitor.await_still()
    visitor.page.evaluate(LOADED)
    visitor.await_still()
    found: dict[str, Any] = visitor.hall("stats")["tiles"]
    return found


def picture(visitor: Visitor) -> np.ndarray[Any, Any]:
    drawn = visitor.page.locator(".ly-canvas").screenshot()
    return np.asarray(Image.open(io.BytesIO(drawn)).convert("RGB"), float)


def test_a_visitor_walks_among_points_that_come_as_they_are_seen(open_page: OpenPage, scan: Path) -> None:
    visitor = open_page()
    page = visitor.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    middle = stand(visitor, scan)
    visitor.walk_in("en")
    files = json.loads((scan / "asset.json").read_text("utf-8"))["files"]
    room = visitor.exhibition.hall["assets"][visitor.exhibition.hall["architecture"]["asset"]]["files"]
    order = [room["collider"], files["lods"][-1], files["tiles"]["tileset"]]  # a few points come with the room
    names = [entry["sha256"] for entry in order]
    assert [name for name in dict.fromkeys(asked) if name in names] == names  # the service worker asks once more
    assert files["model"]["sha256"] not in asked
    assert 0 < settled(visitor)["points"] <= NUM_POINTS

    # Inside, what is behind the eye is not drawn; what is before it is there to the last point, and is closed.
    inside = look(visitor, middle + np.array([0, 1.6, 0]), middle + np.array([0, 1.4, -SIZE[2] / 2]))
    assert inside["points"] < 0.8 * NUM_POINTS
    assert inside["bytes"] <= BUDGET
    wall = picture(visitor)[75:150, 150:300]
    stone = np.abs(wall[..., None, :] - [[205, 198, 184], [164, 158, 147]]).max(-1).min(-1) < 24
    assert stone.mean() > 0.97
    x, _, z = visitor.position
    visitor.walk_until_stopped("ArrowUp")
    assert np.hypot(visitor.position[0] - x, visitor.position[2] - z) > 1  # points bar nobody's way
    settled(visitor)
    frames = visitor.await_still()
    assert visitor.await_still() == frames  # a view that stands still is not drawn

    # Points are cut and measured as they are streamed.
    page.evaluate("location.hash = '#exhibit=saggar'")
    visitor.await_mode("orbit")
    settled(visitor)
    whole = picture(visitor)
    page.locator(".ly-strip [data-key=section]").click()
    settled(visitor)
    assert (np.abs(picture(visitor) - whole).max(-1) > 40).mean() > 0.05
    visitor.key("Escape")
    page.locator(".ly-strip [data-key=measure]").click()
    page.locator(".ly-card [data-key=middle]").click()
    expect(page.locator(".ly-card [role=status]")).to_have_text("Now the second point.")
    page.locator(".ly-card [data-key=middle]").click()
    expect(page.locator(".ly-lengths li")).to_have_count(1)
    assert visitor.violations() == []
