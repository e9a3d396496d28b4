"""Halls and assets can be deleted when nothing needs them; what goes and what forbids it is said before."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from browser import NAME, Browser
from sqlalchemy import select

from exhibit.db import Database
from exhibit.documents.assets import file_entries
from exhibit.errors import InUse
from exhibit.halls import services
from exhibit.library import uses
from exhibit.library.bundle import read_bundle
from exhibit.library.models import Asset, File, PublishableFile
from exhibit.library.services import ingest
from exhibit.people.models import Account
from exhibit.publishing.models import Revision
from exhibit.publishing.services import revisions
from exhibit.storage import Storage
from exhibit.web import Site

DESK = "/desk/halls/dragon-kiln"
Document = Any


def hashes(asset: Document) -> set[str]:
    return {entry["sha256"] for _, entry in file_entries(asset)}


def stored(storage: Storage) -> set[str]:
    return {path.name for path in storage.folder.glob("??/??/*")}


def test_every_version_is_kept_with_author_and_time(
    curator: Browser, published: str, hall: Document, database: Database
) -> None:
    hall["title"]["en"] = "Second"
    assert (
        curator.send("PUT", f"/api/halls/{published}/draft", json=hall, headers={"If-Match": '"1"'}).status_code == 200
    )
    assert curator.send("POST", f"/api/halls/{published}/publish", headers={"If-Match": '"2"'}).status_code == 200
    with database.reading() as session:
        stored = services.get_hall(session, published)
        me = session.scalars(select(Account).where(Account.name == NAME)).one().id
        second, first = revisions(session, stored)
        assert (second.version, second.document, second.saved_by, second.published_by) == (2, hall, me, me)
        assert (second.saved_at, second.published_at) == (stored.changed_at, stored.published_at)
        assert (first.version, first.document["title"]["en"], first.saved_by) == (1, "The Dragon Kiln", None)


def test_a_hall_on_show_is_not_deleted(curator: Browser, published: str, database: Database) -> None:
    page = curator.get(f"{DESK}/delete?lang=en").text
    assert "so it cannot be deleted" in page
    assert 'class="danger"' not in page
    assert curator.post(f"{DESK}/delete", {"version": "1"}).status_code == 409
    refused = curator.send("DELETE", f"/api/halls/{published}", headers={"If-Match": '"1"', "Accept-Language": "en"})
    assert (refused.status_code, refused.get_json()["title"]) == (409, "The hall is on show, so it cannot be deleted.")
    assert curator.get(f"/api/halls/{published}").status_code == 200


def test_a_hall_is_taken_down_and_deleted(curator: Browser, published: str, database: Database) -> None:
    assert curator.post(f"{DESK}/unpublish").status_code == 303
    assert "all its versions (1)" in curator.get(f"{DESK}/delete?lang=en").text
    assert curator.post(f"{DESK}/delete", {"version": "7"}).status_code == 409  # someone saved in between
    assert curator.post(f"{DESK}/delete", {"version": "1"}).headers["Location"] == "/desk?deleted=1"
    assert "The hall is deleted." in curator.get("/desk?deleted=1&lang=en").text
    assert curator.get(DESK).status_code == 404
    with database.reading() as session:
        assert session.scalars(select(Revision)).all() == []
        assert session.scalars(select(PublishableFile)).all() == []
        assert len(session.scalars(select(Asset)).all()) == 3


def test_an_asset_in_a_hall_is_not_deleted(
    curator: Browser, published: str, hall: Document, site: Site, library: dict[str, Document]
) -> None:
    page = curator.get("/desk/assets/saggar/delete?lang=en").text
    assert "cannot be deleted" in page
    assert f'href="{DESK}"' in page
    assert curator.post("/desk/assets/saggar/delete").status_code == 409
    refused = curator.send("DELETE", "/api/assets/saggar", headers={"Accept-Language": "en"})
    assert (refused.status_code, "(dragon-kiln)" in refused.get_json()["title"]) == (409, True)
    # Out of the draft, but still published: refused all the same.
    assert curator.post(f"{DESK}/placements/saggar/remove", {"version": "1"}).status_code == 303
    with pytest.raises(InUse):
        uses.delete_asset(site.database, site.storage, "saggar")
    assert hashes(library["saggar"]) <= stored(site.storage)


def test_an_asset_is_deleted_with_its_files(
    curator: Browser, site: Site, library: dict[str, Document], hall: Document
) -> None:
    page = curator.get("/desk/assets/shard/delete?lang=en").text
    assert f"its {len(hashes(library['shard']))} files" in page
    assert curator.post("/desk/assets/shard/delete").headers["Location"] == "/desk/assets?deleted=1"
    assert curator.get("/desk/assets/shard").status_code == 404
    assert stored(site.storage) == hashes(library["room"]) | hashes(library["saggar"])
    with site.database.reading() as session:
        assert set(session.scalars(select(File.sha256))) == stored(site.storage)
    assert curator.send("DELETE", "/api/assets/saggar").status_code == 204
    assert curator.send("DELETE", "/api/assets/saggar").status_code == 404
    assert stored(site.storage) == hashes(library["room"])


def test_files_of_kept_versions_stay(
    curator: Browser, published: str, site: Site, library: dict[str, Document]
) -> None:
    """An older version shows the asset: the asset may go, what the version shows may not."""
    curator.post(f"{DESK}/placements/saggar/remove", {"version": "1"})
    assert curator.post(f"{DESK}/publish", {"version": "2"}).status_code == 303
    uses.delete_asset(site.database, site.storage, "saggar")
    assert hashes(library["saggar"]) <= stored(site.storage)
    curator.post(f"{DESK}/unpublish")
    curator.post(f"{DESK}/delete", {"version": "2"})
    assert stored(site.storage) == hashes(library["room"]) | hashes(library["shard"])


def test_another_copy_replaces_the_files(site: Site, bundles: dict[str, Path], library: dict[str, Document]) -> None:
    bundle = read_bundle(bundles["shard"], site.config)
    assert ingest(site.database, site.storage, bundle, "saggar") == "changed"
    assert stored(site.storage) == hashes(library["room"]) | hashes(library["shard"])


def test_taking_in_and_deleting_at_once_never_loses_a_file(site: Site, bundles: dict[str, Path]) -> None:
    """Two assets of the same files, one taken in while the other is deleted, again and again."""
    bundle = read_bundle(bundles["shard"], site.config)
    ingest(site.database, site.storage, bundle, "one")
    for _ in range(5):
        start = threading.Barrier(2)

        def take_in(start: threading.Barrier = start) -> None:
            start.wait()
            ingest(site.database, site.storage, bundle, "two")

        def delete(start: threading.Barrier = start) -> None:
            start.wait()
            uses.delete_asset(site.database, site.storage, "one")

        threads = [threading.Thread(target=each) for each in (take_in, delete)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert stored(site.storage) == hashes(bundle.document)
        ingest(site.database, site.storage, bundle, "one")
        uses.delete_asset(site.database, site.storage, "two")
        assert stored(site.storage) == hashes(bundle.document)
