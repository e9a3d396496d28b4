"""An exhibition for each test: initialised once, copied."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import samples
from browser import PASSWORD, Browser
from flask import Flask

from exhibit import create_app
from exhibit.cli import main
from exhibit.config import Config
from exhibit.db import Database
from exhibit.library.bundle import read_bundle
from exhibit.library.services import ingest
from exhibit.storage import Storage
from exhibit.web import Site


@pytest.fixture(scope="session")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as `exhibit init` leaves it."""
    folder = tmp_path_factory.mktemp("initialised")
    (folder / "password").write_text(PASSWORD + "\n")
    assert main(["--data", str(folder / "data"), "init", "--password-file", str(folder / "password")]) == 0
    return folder / "data"


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A room to walk in, and two things to show in it; the shard is without scale."""
    folder = tmp_path_factory.mktemp("bundles")
    return {
        "room": samples.bundle(
            folder / "room", zh="窑房", en="Kiln house", use="room", size=(8, 0.2, 10), at=(-4, 0, -5)
        ),
        "saggar": samples.bundle(folder / "saggar"),
        "shard": samples.bundle(folder / "shard", zh="瓷片", en="Shard", metres=False, size=(3, 1, 2)),
    }


@pytest.fixture
def config(initialised: Path, tmp_path: Path) -> Config:
    shutil.copytree(initialised, tmp_path / "data")
    return Config(data=tmp_path / "data", lease_seconds=2)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    yield app
    app.extensions["longyao"].database.close()


@pytest.fixture
def site(app: Flask) -> Site:
    found: Site = app.extensions["longyao"]
    return found


@pytest.fixture
def database(site: Site) -> Database:
    return site.database


@pytest.fixture
def storage(site: Site) -> Storage:
    return site.storage


@pytest.fixture
def library(site: Site, bundles: dict[str, Path]) -> dict[str, Any]:
    """The asset documents of `bundles`, which the library now has."""
    documents = {}
    for asset_id, folder in bundles.items():
        bundle = read_bundle(folder, site.config)
        ingest(site.database, site.storage, bundle, asset_id)
        documents[asset_id] = bundle.document
    return documents


@pytest.fixture
def hall(library: dict[str, Any]) -> dict[str, Any]:
    """A hall document that shows the library's assets, not yet stored."""
    return samples.hall(library, shown=("saggar", "shard"))


@pytest.fixture
def visitor(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def curator(app: Flask) -> Browser:
    browser = Browser(app.test_client())
    assert browser.sign_in().status_code == 303
    return browser


@pytest.fixture
def published(curator: Browser, database: Database, hall: dict[str, Any]) -> str:
    """The slug of a hall that everyone may see."""
    from exhibit.halls import services

    with database.writing() as session:
        stored = services.create_hall(session, hall, slug="dragon-kiln")
        services.publish(session, stored, 1)
    return "dragon-kiln"
