"""The migrations, run from nothing, make exactly the tables that the models describe."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import old_data_folder
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from exhibit.db import Base, Database, _alembic
from exhibit.errors import BadConfig
from exhibit.jobs.models import Job
from exhibit.migrations import models


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    yield database
    database.close()


def differences(database: Database) -> list[object]:
    with database.engine.connect() as connection:
        found: list[object] = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata
        )
    return found


def test_from_nothing_to_the_models(empty: Database) -> None:
    with pytest.raises(BadConfig, match="does not have this version's tables"):
        empty.check()
    empty.migrate()
    empty.check()
    assert differences(empty) == []
    assert {"account", "asset", "file", "job", "publishable", "revision"} <= set(
        inspect(empty.engine).get_table_names()
    )
    assert {getattr(models, name).__tablename__ for name in models.__all__} == set(Base.metadata.tables)


def test_again_changes_nothing(empty: Database) -> None:
    empty.migrate()
    empty.migrate()
    assert differences(empty) == []


def test_down_to_nothing_and_up_again(empty: Database) -> None:
    empty.migrate()
    with empty.engine.connect() as connection:
        settings = _alembic()
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")
        connection.commit()
    assert inspect(empty.engine).get_table_names() == ["alembic_version"]
    empty.migrate()
    assert differences(empty) == []


def test_architecture_of_older_halls_is_a_room(empty: Database) -> None:
    with empty.engine.connect() as connection:
        settings = _alembic()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0002")
        for asset in ("kiln", "vase", "old-kiln"):
            row = {"id": asset, "document": json.dumps({"title": asset}), "at": "2026-01-01 00:00:00"}
            connection.execute(
                text("INSERT INTO asset (id, document, created_at, changed_at) VALUES (:id, :document, :at, :at)"), row
            )
        halls = [
            {"architecture": {"asset": room}, "assets": {room: {"title": room}, "vase": {"title": "vase"}}}
            for room in ("kiln", "old-kiln")
        ]
        row = {"draft": json.dumps(halls[0]), "published": json.dumps(halls[1]), "at": "2026-01-01 00:00:00"}
        columns = "id, slug, draft, draft_version, published, created_at, changed_at, published_version"
        values = "1, 'a', :draft, 2, :published, :at, :at, 1"
        connection.execute(text(f"INSERT INTO hall ({columns}) VALUES ({values})"), row)
        connection.execute(
            text(f"INSERT INTO hall ({columns}) VALUES (2, 'b', :draft, 1, :published, :at, :at, NULL)"),
            {**row, "published": None},
        )
        connection.commit()
    empty.migrate()
    with empty.engine.connect() as connection:
        uses = {row.id: json.loads(row.document).get("use") for row in connection.execute(text("SELECT * FROM asset"))}
        first, second = connection.execute(text("SELECT draft, published FROM publishable ORDER BY id")).all()
    assert uses == {"kiln": "room", "vase": None, "old-kiln": "room"}
    assert json.loads(first.draft)["assets"] == {"kiln": {"title": "kiln", "use": "room"}, "vase": {"title": "vase"}}
    assert json.loads(first.published)["assets"]["old-kiln"] == {"title": "old-kiln", "use": "room"}
    assert (json.loads(second.draft)["assets"]["kiln"]["use"], second.published) == ("room", None)


def test_stops_of_older_tours_get_ids(empty: Database) -> None:
    stops = [{"caption": {"zh": "看", "en": "Look"}}, {"caption": {"zh": "听", "en": "Listen"}, "note": "song"}]
    old = {"tours": {"short": {"title": {"zh": "短", "en": "Short"}, "stops": stops}}}
    new = {
        "tours": {
            "short": {
                "title": {"zh": "短", "en": "Short"},
                "stops": {"stop": stops[0], "stop-2": stops[1]},
                "stop_order": ["stop", "stop-2"],
            }
        }
    }
    at = "2026-01-01 00:00:00"
    with empty.engine.connect() as connection:
        settings = _alembic()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0007")
        for number, document in enumerate((old, {"title": "no tours"}), start=1):
            row = {"id": number, "slug": f"hall-{number}", "document": json.dumps(document), "at": at}
            columns = "id, kind, slug, draft, draft_version, published, published_version, created_at, changed_at"
            values = ":id, 'hall', :slug, :document, 2, :document, 1, :at, :at"
            connection.execute(text(f"INSERT INTO publishable ({columns}) VALUES ({values})"), row)
            columns, values = "publishable_id, version, document, begun_at, saved_at", ":id, 2, :document, :at, :at"
            connection.execute(text(f"INSERT INTO revision ({columns}) VALUES ({values})"), row)
            columns = "hall_id, version, client, edit_id, name, changes, assets, made_at"
            values = ":id, 2, 'c', 'c-1', 'write-title', '[]', '[]', :at"
            connection.execute(text(f"INSERT INTO hall_edit ({columns}) VALUES ({values})"), row)
        connection.commit()
    read = (
        "SELECT draft, published, document, changes FROM publishable JOIN revision ON publishable_id = publishable.id"
    )
    read += " JOIN hall_edit ON hall_id = publishable.id ORDER BY publishable.id"
    empty.migrate()
    with empty.engine.connect() as connection:
        toured, other = connection.execute(text(read)).all()
        assert [json.loads(document) for document in toured[:3]] == [new] * 3
        assert toured.changes is None  # it was about what is not there any more
        assert [json.loads(document) for document in other[:3]] == [{"title": "no tours"}] * 3
        assert json.loads(other.changes) == []
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0007")
        (toured,) = connection.execute(text(read.replace("JOIN hall_edit", "LEFT JOIN hall_edit"))).all()[:1]
        assert ([json.loads(document) for document in toured[:3]], toured.changes) == ([old] * 3, None)


def test_a_data_folder_of_the_first_revision_opens(empty: Database) -> None:
    connection = sqlite3.connect(str(empty.engine.url.database))
    connection.executescript(old_data_folder.SQL)
    connection.close()
    empty.migrate()
    empty.check()
    assert differences(empty) == []
    old_data_folder.check(empty)
    with pytest.raises(IntegrityError), empty.writing() as session:
        session.add(Job(title={}, preset="object", num_photos=1, state="dreaming"))


def test_sqlite_keeps_foreign_keys_and_writes_ahead(empty: Database) -> None:
    with empty.engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA busy_timeout")) == 10_000


@pytest.mark.parametrize("url", ["nonsense", "sqlite9:///x", "oracle://host/name"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(BadConfig):
        Database(url)
