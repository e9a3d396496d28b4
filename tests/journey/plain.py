"""A small exhibition: a plain room, and halls in it that open quickly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import samples
from browser import NAME, PASSWORD
from walkthrough import CHROMIUM, Exhibition, serving

from exhibit.cli import main
from exhibit.config import Config
from exhibit.db import Database
from exhibit.documents.types import Text
from exhibit.halls import services
from exhibit.halls.edits.hall import new_hall
from exhibit.library.bundle import read_bundle
from exhibit.library.models import Asset
from exhibit.library.services import ingest
from exhibit.storage import Storage


@contextmanager
def database(data: Path) -> Iterator[Database]:
    opened = Database(Config.from_environment(data=data).database_url)
    yield opened
    opened.close()


@contextmanager
def plain_exhibition(folder: Path) -> Iterator[Exhibition]:
    """A library with a plain room, and a server."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    data = folder / "data"
    (folder / "password").write_text(f"{PASSWORD}\n")
    assert main(["--data", str(data), "init", "--password-file", str(folder / "password")]) == 0
    config = Config.from_environment(data=data)
    room = samples.bundle(folder / "room", en="A room", use="room", size=(8, 0.2, 10), at=(-4, -0.2, -5))
    with database(data) as opened:
        ingest(opened, Storage(config.files_folder), read_bundle(room, config), "room")
    with serving(data) as address:
        yield Exhibition(address, NAME, PASSWORD, {}, data)


def begin(data: Path, slug: str) -> dict[str, Any]:
    """A new hall in the plain room; its draft."""
    with database(data) as opened, opened.writing() as session:
        room = session.get_one(Asset, "room").document
        words: Text = {"zh": "展厅", "en": "A hall"}
        return dict(services.create_hall(session, new_hall(words, words, "room", room), slug=slug).draft)
