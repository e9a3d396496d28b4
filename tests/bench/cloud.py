"""How soon points of a streamed cloud are there on slow 4G, and what they take while a visitor flies through them."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np
from playwright.sync_api import Browser, sync_playwright
from scanned_room import SIZE, write_scanned_room
from visit import ARGUMENTS, CHROMIUM, DRAWN_WHILE_STILL, PHONE, READY, SLOW_4G, WALKABLE
from walkthrough import Hung, holding

from recon.formats.tile_archive import tile_archive

SCREENS: dict[str, dict[str, Any]] = {"phone": PHONE, "desktop": {"viewport": {"width": 1440, "height": 900}}}
BUDGET_MB = {"phone": 102, "desktop": 360}  # for tiles (viewer/src/core/tile-detail.ts)
PASSED_ON = ("Content-Type", "Content-Encoding", "Content-Security-Policy", "Cache-Control")

POINTS = """() => new Promise(done => {
  const hall = document.querySelector("longyao-hall");
  const look = () => (hall.stats.points > 0 ? done(performance.now()) : requestAnimationFrame(look));
  look();
})"""
LOADED = """() => new Promise(done => {
  const hall = document.querySelector("longyao-hall");
  let idle = 0;
  const look = () => {
    idle = hall.stats.tiles.loading === 0 ? idle + 1 : 0;
    idle < 10 ? setTimeout(look, 100) : done();
  };
  look();
})"""
# The most that a flight over these views takes: a view for some frames each, whether its tiles have come or not.
FLIGHT = """async (views) => {
  const hall = document.querySelector("longyao-hall");
  const most = { bytes: 0, points: 0 };
  for (const view of views) {
    location.hash = `#view=${view}`;
    for (let frame = 0; frame < 20; frame++) {
      await new Promise(done => setTimeout(done, 50));
      const { bytes, points } = hall.stats.tiles;
      most.bytes = Math.max(most.bytes, bytes);
      most.points = Math.max(most.points, points);
    }
  }
  return most;
}"""


def streamed(address: str, slug: str, millions: float) -> Iterator[dict[str, Any]]:
    """A row for a phone and one for a computer, of a generated room of so many points in this hall of an exhibition."""
    print(
        f"{'screen':9}{'walkable s':>11}{'points s':>10}{'KB until':>9}{'in view':>10}{'most MB':>9}"
        f"{'budget':>8}{'most points':>12}{'drawn still':>12}"
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        write_scanned_room(Path(folder), round(millions * 1e6))
        with _serving(address, slug, Path(folder)) as (here, middle):
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for name, screen in SCREENS.items():
                found = _measured(browser, f"{here}/halls/{slug}", screen, middle)
                row = {"run": "cloud", "hall": slug, "screen": name, "points": round(millions * 1e6), **found}
                print(
                    f"{name:9}{row['walkable_s']:11.2f}{row['first_points_s']:10.2f}{row['kb_until_points']:9.0f}"
                    f"{row['points_in_view']:10}{row['most_mb']:9.1f}{BUDGET_MB[name]:8}{row['most_points']:12}"
                    f"{row['drawn_while_still']:12}",
                    flush=True,
                )
                yield row
            browser.close()


def _measured(browser: Browser, hall: str, screen: dict[str, Any], middle: np.ndarray[Any, Any]) -> dict[str, Any]:
    page = browser.new_context(**screen, reduced_motion="reduce", service_workers="block").new_page()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW_4G)
    page.add_init_script(READY)
    page.goto(f"{hall}#walk", wait_until="commit")
    walkable = page.evaluate(WALKABLE)
    first = page.evaluate(POINTS)
    arrived = page.evaluate("performance.getEntriesByType('resource').reduce((sum, r) => sum + r.encodedBodySize, 0)")
    network.send("Network.emulateNetworkConditions", SLOW_4G | {"latency": 0, "downloadThroughput": -1})
    page.evaluate(LOADED)
    in_view = page.evaluate("document.querySelector('longyao-hall').stats.tiles.points")
    most = page.evaluate(FLIGHT, [",".join(f"{x:.2f}" for x in view) for view in _views(middle)])
    page.evaluate(LOADED)
    page.wait_for_timeout(1500)
    drawn = page.evaluate(DRAWN_WHILE_STILL)
    page.context.close()
    return {
        "walkable_s": round(walkable / 1000, 2),
        "first_points_s": round((first - walkable) / 1000, 2),
        "kb_until_points": round(arrived / 1000),
        "points_in_view": in_view,
        "most_mb": round(most["bytes"] / 1e6, 1),
        "most_points": most["points"],
        "drawn_while_still": drawn,
    }


def _views(middle: np.ndarray[Any, Any]) -> Iterator[tuple[float, ...]]:
    """Eyes all over the room, each of which looks into two directions: (eye, target)."""
    for across in (-0.35, 0, 0.35):
        for along in (0.35, 0, -0.35):
            eye = middle + np.array([across * SIZE[0], 1.6, along * SIZE[2]])
            for turn in (0.5, 3.6):
                yield (*eye, *(eye + np.array([np.sin(turn), -0.2, -np.cos(turn)])))


@contextmanager
def _serving(address: str, slug: str, folder: Path) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    """The exhibition once more, with the cloud alone in this hall: what is fetched comes over the network, and is
    slowed down. Its address, and where the middle of the cloud is on the floor."""
    with urlopen(f"{address}/api/halls/{slug}") as answer:
        hall = json.load(answer)
    eye, target = np.array(hall["start"]["position"]), np.array(hall["start"]["target"])
    ahead = (target - eye) * [1, 0, 1]
    middle = eye + 4.5 * ahead / np.linalg.norm(ahead) - [0, 1.6, 0]
    asset = json.loads((folder / "asset.json").read_text("utf-8"))
    files = asset["files"]
    named = [files["thumb"], files["model"], *files["lods"], files["tiles"]["archive"], files["tiles"]["tileset"]]
    paths = {entry["sha256"]: folder / entry.pop("path") for entry in named}
    document = json.dumps(holding(hall, {"scan": asset}, {"scan": Hung(folder, middle)})).encode()
    proxy = partial(_Proxy, address, f"/api/halls/{slug}", document, paths)
    server = ThreadingHTTPServer(("127.0.0.1", 0), proxy)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", middle
    finally:
        server.shutdown()


class _Proxy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, address: str, api: str, document: bytes, paths: dict[str, Path], *arguments: Any):
        self.address, self.api, self.document, self.paths = address, api, document, paths
        super().__init__(*arguments)

    def do_GET(self) -> None:
        media = re.fullmatch(r"/media/([0-9a-f]{64})(?:/(.+))?", self.path)
        if self.path == self.api:
            self._send(200, {"Content-Type": "application/json"}, self.document)
        elif media and media[1] in self.paths:
            self._send(200, {"Content-Type": "application/octet-stream"}, self._file(self.paths[media[1]], media[2]))
        else:
            kept = ("Accept", "Accept-Encoding", "Accept-Language", "Cookie")
            headers = {name: self.headers[name] for name in kept if name in self.headers}
            try:
                with urlopen(Request(self.address + self.path, headers=headers)) as answer:
                    passed = {name: answer.headers[name] for name in PASSED_ON if name in answer.headers}
                    self._send(answer.status, passed, answer.read())
            except HTTPError as refused:
                self._send(refused.code, {}, refused.read())

    def _file(self, path: Path, name: str | None) -> bytes:
        if name is None:
            return path.read_bytes()
        with tile_archive(path) as archive:
            packed = archive.get(name)
        return packed.unpacked() if packed else b""

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""
