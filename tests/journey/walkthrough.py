"""A visitor's browser in a running exhibition, for tests: opens pages, walks, and writes down what it saw."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response, Route

from recon.formats.tile_archive import tile_archive

ROOT = Path(__file__).parents[2]
AXE = (ROOT / "viewer" / "node_modules" / "axe-core" / "axe.min.js").read_text
CHROMIUM = Path("/usr/bin/chromium")
QUIET = [  # what Chromium asks of other hosts on its own account is not the exhibition's
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SOFTWARE_WEBGL = [
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-rasterization",
    "--webgl-antialiasing-mode=none",
]
SLUG = "dehua-dragon-kiln"
HALL = f"/halls/{SLUG}"
NEXT_DOOR = "anxi-tea"  # where the hall's eastern door leads

# A screen of coarse pixels, for a processor that draws them all; tests that look at pictures ask for SHARP.
COARSE: dict[str, Any] = {"device_scale_factor": 0.5}
SHARP = 1
PHONE: dict[str, Any] = COARSE | {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP: dict[str, Any] = COARSE | {"viewport": {"width": 1440, "height": 900}}
WINDOW: dict[str, Any] = COARSE | {"viewport": {"width": 900, "height": 600}}

EVENTS = ("hall-ready", "hall-change", "exhibit-open", "note-open", "tour-stop", "language-change", "error")
LISTEN = f"""window.told = [];
for (const name of {json.dumps(EVENTS)})
  addEventListener(name, ({{ target, detail }}) => target.localName === "longyao-hall" && told.push([name, detail]));"""

# All promises below count the browser's own frames, so that a slow machine only takes longer.
STILL = """() => new Promise((done, fail) => {
  const hall = document.querySelector("longyao-hall");
  let frames = -1, still = 0, looks = 0;
  const look = () => {
    if (looks++ > 1000) return fail(new Error("The hall is drawn on and on."));
    still = hall.stats.frames === frames ? still + 1 : 0;
    frames = hall.stats.frames;
    still < 20 ? requestAnimationFrame(look) : done(frames);
  };
  look();
})"""
STOPPED = """() => new Promise((done, fail) => {
  const hall = document.querySelector("longyao-hall");
  const way = [hall.position];
  let still = 0;
  const look = () => {
    const [before, now] = [way.at(-1), hall.position];
    way.push(now);
    if (way.length > 200) return fail(new Error(`Walked on and on, to ${now}.`));
    still = way.length > 5 && Math.hypot(...now.map((v, i) => v - before[i])) < 1e-3 ? still + 1 : 0;
    still < 5 ? requestAnimationFrame(look) : done(way);
  };
  requestAnimationFrame(look);
})"""


@dataclass(frozen=True)
class Exhibition:
    """A server that shows the demonstration hall."""

    url: str
    name: str
    password: str
    hall: dict[str, Any]  # the published document
    data: Path  # its folder


@dataclass
class Witness:
    """What a browser's context asked for and complained of."""

    url: str
    abroad: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        host = urlsplit(self.url).netloc
        context.on(
            "request",
            lambda request: (
                self.abroad.append(request.url)
                if not request.url.startswith(("data:", "blob:")) and urlsplit(request.url).netloc != host
                else None
            ),
        )
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"page error: {error.error}"))
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")


class Server:
    """A server of the exhibition in this data folder, on this port, or a free one."""

    def __init__(self, data: Path, port: int = 0, **environment: str):
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "exhibit",
                "--data",
                str(data),
                "serve",
                "--listen",
                f"127.0.0.1:{port}",
                "--no-worker",
            ],
            cwd=ROOT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout
        address = re.search(r"http://[\d.]+:\d+", self.process.stdout.readline())
        assert address, "the server does not tell where it listens"
        self.address = address[0]

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=30)

    def kill(self) -> None:
        """At once, whatever it is doing."""
        self.process.kill()
        self.process.communicate(timeout=30)


@contextmanager
def serving(data: Path, **environment: str) -> Iterator[str]:
    """A server of the exhibition in this data folder, on a free port; its address."""
    server = Server(data, 0, **environment)
    try:
        yield server.address
    finally:
        server.stop()


def pose(eye: np.ndarray[Any, Any], back: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """(4, 4) world_from_eye of an upright camera."""
    right = np.cross([0, 1, 0], back)
    right /= np.linalg.norm(right)
    placed = np.eye(4)
    placed[:3] = np.column_stack([right, np.cross(back, right), back, eye])
    return placed


class Visitor:
    """One page of a browser; `hall` names are those of viewer/README.md."""

    def __init__(self, page: Page, exhibition: Exhibition):
        self.page = page
        self.exhibition = exhibition

    def go(self, path: str) -> None:
        self.page.goto(self.exhibition.url + path)

    # The visit

    def hall(self, name: str) -> Any:
        """A property of the hall's element, once the page's code has defined it."""
        self.page.evaluate("customElements.whenDefined('longyao-hall').then(() => null)")
        return self.page.evaluate("(name) => document.querySelector('longyao-hall')[name]", name)

    @property
    def position(self) -> tuple[float, float, float]:
        x, y, z = self.hall("position")
        return x, y, z

    @property
    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """The element's events, in order."""
        return [(name, detail) for name, detail in self.page.evaluate("told")]

    def await_hall(self) -> None:
        """Until one can walk, and all exhibits are there."""
        self.page.wait_for_function("() => document.querySelector('longyao-hall').state === 'ready'")
        self.page.locator(".ly-progress").wait_for(state="hidden")
        self.await_still()

    def await_still(self) -> int:
        """Until nothing has been drawn for a while; how many frames were."""
        frames: int = self.page.evaluate(STILL)
        return frames

    def await_mode(self, mode: str | None) -> None:
        self.page.wait_for_function("(mode) => document.querySelector('longyao-hall').mode === mode", arg=mode)

    def walk_in(self, lang: str = "zh", *, at: str = "#walk") -> None:
        self.go(f"{HALL}?lang={lang}{at}")
        self.await_hall()

    def key(self, key: str) -> None:
        self.page.keyboard.press(key)

    def walk_until_stopped(self, *keys: str) -> list[tuple[float, float, float]]:
        """Holds keys until the eye has not moved for five frames; where it was at each frame."""
        for key in keys:
            self.page.keyboard.down(key)
        way = self.page.evaluate(STOPPED)
        for key in keys:
            self.page.keyboard.up(key)
        return [(x, y, z) for x, y, z in way]

    def tab_to(self, found: str, most: int = 40) -> None:
        """Presses Tab until the element with the focus matches a selector."""
        for _ in range(most):
            self.key("Tab")
            if self.page.evaluate("(found) => document.activeElement.matches(found)", found):
                return
        raise AssertionError(f"Tab does not come to {found}")

    # What axe-core finds

    def violations(self) -> list[str]:
        """Every rule of axe-core that the page breaks, and where."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE("utf-8"))  # through the debugger, which no policy of the page forbids
        found = self.page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
        return [
            f"{rule['id']}: {rule['help']} at {node['target']}: {node.get('failureSummary')}"
            for rule in found
            for node in rule["nodes"]
        ]


OpenPage = Callable[..., Visitor]


@dataclass(frozen=True)
class Hung:
    """An asset that hangs in the air of a hall."""

    folder: Path  # its bundle
    spot: np.ndarray[Any, Any]  # (3,) where its origin is, hall frame, m
    rotation: tuple[float, float, float, float] = (0, 0, 0, 1)
    scale: float = 1


def hang(visitor: Visitor, **exhibits: Hung) -> None:
    """Empties the hall but for these exhibits, which have the saggar's texts."""
    documents = {name: json.loads((hung.folder / "asset.json").read_text("utf-8")) for name, hung in exhibits.items()}
    for name, hung in exhibits.items():
        files = documents[name]["files"]
        tiles = files.get("tiles", {})
        single = [files["thumb"], files["model"], files.get("collider"), *files.get("lods", []), tiles.get("tileset")]
        for entry in filter(None, single):
            visitor.page.route(f"**/media/{entry['sha256']}", partial(_give, hung.folder / entry.pop("path")))
        if archive := tiles.get("archive"):
            visitor.page.route(
                f"**/media/{archive['sha256']}/*", partial(_give_tiles, hung.folder / archive.pop("path"))
            )

    def retell(route: Route) -> None:
        hall = holding(route.fetch().json(), documents, exhibits)
        route.fulfill(body=json.dumps(hall), content_type="application/json")

    visitor.page.route("**/api/halls/*", retell)


def holding(hall: dict[str, Any], documents: dict[str, Any], exhibits: dict[str, Hung]) -> dict[str, Any]:
    """The document of a hall that holds these exhibits alone; `documents` are their assets'."""
    objects = (placement for placement in hall["placements"].values() if placement["kind"] == "object")
    kept = hall["placements"].get("saggar") or next(objects)
    placement = {key: value for key, value in kept.items() if key != "chapter"}
    for part in ("chapters", "chapter_order", "tours", "tour_order", "timeline", "zones"):
        hall.pop(part, None)
    hall["assets"] |= documents
    hall["placements"] = {
        name: placement
        | {"asset": name, "translation": hung.spot.tolist(), "rotation": hung.rotation, "scale": hung.scale}
        for name, hung in exhibits.items()
    }
    return hall | {"placement_order": list(exhibits), "notes": {}, "note_order": []}


def _give_tiles(archive: Path, route: Route) -> None:
    """A file of an archive of tiles, as the library's server gives it."""
    name = urlsplit(route.request.url).path.rpartition("/")[2]
    with tile_archive(archive) as opened:
        packed = opened.get(name)
    if packed is None:
        route.fulfill(status=404)
    else:
        route.fulfill(body=packed.unpacked(), content_type="application/octet-stream")


def _give(path: Path, route: Route) -> None:
    route.fulfill(path=path, content_type="application/octet-stream")
