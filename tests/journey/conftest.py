"""A seeded exhibition on a port of its own, and Debian's Chromium to visit it with."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.request import urlopen

import pytest
from coarse import coarse_model
from curator import SCREEN, Curator, OpenStudio
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright
from walkthrough import (
    CHROMIUM,
    LISTEN,
    NEXT_DOOR,
    QUIET,
    ROOT,
    SLUG,
    SOFTWARE_WEBGL,
    WINDOW,
    Exhibition,
    OpenPage,
    Visitor,
    Witness,
    serving,
)

from assets.demo import models
from assets.demo.__main__ import main as demo
from assets.demo.exhibits import EXHIBITS
from assets.demo.recordings import RECORDINGS
from exhibit.config import Config
from exhibit.db import Database
from exhibit.halls import services

PATIENCE_MS = 120_000  # a machine without GPU, busy with other things


def _exhibit(data: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "exhibit", "--data", str(data), *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _publish_next_door(data: Path) -> None:
    """The hall behind the demonstration hall's door: the same room with nothing in it, and a door that leads back."""
    database = Database(Config.from_environment(data=data).database_url)
    with database.writing() as session:
        document: dict[str, Any] = {**services.get_hall(session, SLUG).draft}
        kept = ("schema", "assets", "architecture", "light", "start", "anchors")
        back = document["doors"]["east"] | {"title": {"zh": "回窑边", "en": "Back to the kiln"}, "hall": SLUG}
        empty = {
            **{key: document[key] for key in kept if key in document},
            "title": {"zh": "茶山", "en": "The tea hillside"},
            "summary": {"zh": "空的。", "en": "Empty."},
            "doors": {"back": back},
            "placements": {},
            "placement_order": [],
            "notes": {},
            "note_order": [],
        }
        hall = services.create_hall(session, empty, slug=NEXT_DOOR)
        services.publish(session, hall, hall.draft_version)
    database.close()


@pytest.fixture(scope="session")
def exhibition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exhibition]:
    """The demonstration hall as commands make it, its exhibits coarsely painted; in the kiln's place
    stands a thing that needs no reconstruction."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    if not (ROOT / "exhibit" / "static" / "viewer" / "manifest.json").exists():
        pytest.skip("the viewer is not built: run scripts/setup")
    folder = tmp_path_factory.mktemp("exhibition")
    plan = json.loads((ROOT / "assets" / "demo" / "halls" / f"1-{SLUG}.json").read_text("utf-8"))
    told = json.dumps(plan)
    with patch.object(models, "model_of", coarse_model):
        models.write_models(folder, [name for name in (*EXHIBITS, *RECORDINGS) if f': "{name}"' in told])
    shutil.copytree(folder / "saggar", folder / "dragon-kiln")
    data = folder / "data"
    password = re.search(r"^Password .*: (\S+)$", _exhibit(data, "init"), re.MULTILINE)
    assert password
    assert demo(["seed", "--data", str(data), "--models", str(folder), "--hall", SLUG, "--light", "rough"]) == 0
    _publish_next_door(data)
    with serving(data) as address:
        with urlopen(f"{address}/api/halls/{SLUG}") as answer:
            hall = json.load(answer)
        yield Exhibition(address, "curator", password[1], hall, data)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, exhibition: Exhibition) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET + SOFTWARE_WEBGL)
    yield browser
    browser.close()


@pytest.fixture
def chromium_without_webgl(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, "--disable-gpu", "--disable-3d-apis"])
    yield browser
    browser.close()


@pytest.fixture
def open_page(chromium: Browser, exhibition: Exhibition) -> Iterator[OpenPage]:
    """Opens a page of a visitor who has never been here. Whatever a test does with it, no request leaves the host and
    nothing is complained of."""
    witness = Witness(exhibition.url)
    contexts: list[BrowserContext] = []

    def open_page(*, screen: dict[str, Any] = WINDOW, browser: Browser = chromium, **settings: Any) -> Visitor:
        quiet = {"reduced_motion": "reduce", "service_workers": "block"}  # a worker of its own for each is a lot
        context = browser.new_context(**(screen | quiet | settings))
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(LISTEN)
        witness.watch(context)
        return Visitor(context.new_page(), exhibition)

    yield open_page
    for context in contexts:
        context.close()
    assert witness.abroad == []
    assert witness.complaints == []


@pytest.fixture
def open_studio(open_page: OpenPage) -> OpenStudio:
    """Signs a curator in, in a browser of their own."""

    def open_studio() -> Curator:
        visitor = open_page(screen=SCREEN)
        curator = Curator(visitor.page, visitor.exhibition)
        curator.sign_in()
        return curator

    return open_studio
