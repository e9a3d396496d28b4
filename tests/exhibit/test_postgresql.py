"""The same code on a real PostgreSQL: a private cluster in a temporary folder, reached by a socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import old_data_folder
import pytest
import samples
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from browser import NAME, PASSWORD, Browser
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from exhibit import create_app
from exhibit.access import Person
from exhibit.cli import main
from exhibit.config import Config
from exhibit.db import Base, Database, _alembic
from exhibit.errors import StaleVersion
from exhibit.halls import edit_log, editing
from exhibit.halls import services as halls
from exhibit.jobs import services as jobs
from exhibit.jobs.models import Job
from exhibit.library import upload
from exhibit.library.bundle import Told
from exhibit.library.models import Asset, PublishableFile
from exhibit.people.models import Account
from exhibit.publishing.services import revisions
from exhibit.storage import Storage


def programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The URL of a database of a cluster that is gone afterwards."""
    bin_folder = programs()
    if bin_folder is None:
        pytest.skip("PostgreSQL's server is not installed")
    pytest.importorskip("psycopg", reason="longyao[postgresql] is not installed")
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            pytest.skip("there is no other user to run PostgreSQL as")
        as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # a short path: sockets allow about a hundred characters
    try:
        if as_user:
            os.chown(folder, as_user["user"], as_user["group"])

        def run(*command: str | Path) -> None:
            subprocess.run(command, check=True, capture_output=True, cwd=folder, **as_user)

        data = str(folder / "data")
        run(bin_folder / "initdb", "-D", data, "-U", "longyao", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync")
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        run(bin_folder / "pg_ctl", "-D", data, "-w", "-o", settings, "-l", str(folder / "log"), "start")
        try:
            run(bin_folder / "createdb", "-h", str(folder), "-U", "longyao", "longyao")
            yield f"postgresql://longyao@/longyao?host={folder}"
        finally:
            run(bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def config(cluster: str, tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("postgresql")
    (folder / "password").write_text(PASSWORD)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LONGYAO_DATABASE", cluster)
        assert main(["--data", str(folder / "data"), "init", "--password-file", str(folder / "password")]) == 0
    return Config(data=folder / "data", database=cluster)


@pytest.fixture
def database(config: Config) -> Iterator[Database]:
    database = Database(config.database_url)
    yield database
    database.close()


def test_migrations_make_the_models(database: Database) -> None:
    database.check()
    with database.engine.connect() as connection:
        assert connection.dialect.name == "postgresql"
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_data_folder_of_the_first_revision_opens(database: Database, cluster: str) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE DATABASE old"))
    old = Database(cluster.replace("/longyao?", "/old?"))
    try:
        with old.engine.connect() as connection:
            settings = _alembic()
            settings.attributes["connection"] = connection
            command.upgrade(settings, "0001")
            for row in old_data_folder.ROWS:
                connection.exec_driver_sql(row)
            for table in ("account", "hall", "job"):
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 9)"))
            connection.commit()
        old.migrate()
        old.check()
        with old.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []
        old_data_folder.check(old)
    finally:
        old.close()


def test_from_upload_to_publication(config: Config, bundles: dict[str, Path]) -> None:
    app = create_app(config)
    site = app.extensions["longyao"]
    for asset_id, folder in bundles.items():
        upload.add(folder, Told({"zh": "", "en": ""}), config, site.database, site.storage, asset_id=asset_id)
    curator, visitor = Browser(app.test_client()), Browser(app.test_client())
    assert curator.sign_in("wrong").status_code == 401
    assert curator.sign_in().status_code == 303
    curator.post("/desk/halls/new", {"title_zh": "龙窑", "title_en": "Kiln", "room": "room"})
    draft = curator.get("/api/halls/kiln/draft")
    document = samples.hall(draft.get_json()["assets"], shown=("room",))
    saved = curator.send("PUT", "/api/halls/kiln/draft", json=document, headers={"If-Match": draft.headers["ETag"]})
    assert (saved.status_code, saved.headers["ETag"]) == (200, '"2"')
    stale = curator.send("PUT", "/api/halls/kiln/draft", json=document, headers={"If-Match": '"1"'})
    assert stale.status_code == 409
    curator.post("/desk/halls/kiln/publish", {"version": "2"})
    assert visitor.get("/api/halls/kiln").json == document
    assert visitor.get("/halls/kiln").status_code == 200
    model = document["assets"]["room"]["files"]["model"]["sha256"]
    assert visitor.get(f"/media/{model}").status_code == 200
    curator.post("/desk/halls/kiln/unpublish")
    assert visitor.get(f"/media/{model}").status_code == 404
    assert visitor.get("/healthz").status_code == 200
    site.database.close()


def test_a_race_has_one_winner(config: Config, database: Database, bundles: dict[str, Path]) -> None:
    storage = Storage(config.files_folder)
    for asset_id, folder in bundles.items():
        upload.add(folder, Told({"zh": "", "en": ""}), config, database, storage, asset_id=asset_id)
    with database.reading() as session:
        from exhibit.library.services import get_asset

        assets = {key: get_asset(session, key).document for key in bundles}
    document = samples.hall(assets, shown=("saggar", "shard"))
    with database.writing() as session:
        halls.create_hall(session, document, slug="race")
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def save() -> None:
        start.wait()
        try:
            with database.writing() as session:
                halls.save_draft(session, halls.get_hall(session, "race"), document, 1)
            outcomes.append("saved")
        except StaleVersion:
            outcomes.append("stale")

    threads = [threading.Thread(target=save) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["saved", "stale", "stale", "stale"]


def test_edits_at_once_are_all_made(config: Config, database: Database, bundles: dict[str, Path]) -> None:
    """Four pages of one curator edit the same hall at the same time: each edit is a version, all are one revision."""
    storage = Storage(config.files_folder)
    upload.add(bundles["room"], Told({"zh": "", "en": ""}), config, database, storage, asset_id="room")
    with database.writing() as session:
        person = Person(session.scalars(select(Account.id)).one(), NAME)
        assets = {"room": session.get_one(Asset, "room").document}
        document = samples.hall(assets, shown=("room",))
        halls.create_hall(session, document, slug="busy")
        title, summary = document["title"], document["summary"]
    start, refused = threading.Barrier(4), list[object]()

    def edit(path: list[str], words: str) -> None:
        client = str(uuid.uuid4())
        start.wait()
        for number in range(5):
            change = {"path": path, "from": words, "to": (words := f"{path} {number}")}
            made: Any = {"id": f"{client}-{number}", "name": "write", "changes": [change]}
            request: Any = {"client": client, "version": 1, "edits": [made]}
            refused.extend(editing.answer(database, "busy", person, request, "en")["refused"])

    texts = [(["title", key], title[key]) for key in title] + [(["summary", key], summary[key]) for key in summary]
    threads = [threading.Thread(target=edit, args=text) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        hall = halls.get_hall(session, "busy")
        edits, _ = edit_log.since(session, hall, 1)
        kept = [(each.version, each.document == hall.draft) for each in revisions(session, hall)]
    assert (refused, len(edits), hall.draft_version) == ([], 20, 21)
    assert list(hall.draft["title"].values()) == ["['title', 'zh'] 4", "['title', 'en'] 4"]
    assert kept == [(21, True), (1, False)]


def test_workers_never_share_a_job(config: Config, database: Database, tmp_path: Path) -> None:
    import datetime as dt

    for number in range(5):
        photos = tmp_path / str(number)
        photos.mkdir()
        (photos / "1.jpg").write_bytes(samples.picture())
        with database.writing() as session:
            jobs.enqueue(session, config, title={"zh": "一", "en": "One"}, preset="object", photos=photos)
    taken: list[int | None] = []
    start = threading.Barrier(8)

    def take(name: str) -> None:
        start.wait()
        with database.writing() as session:
            job = jobs.claim(session, name, dt.timedelta(minutes=1))
            taken.append(job.id if job else None)

    threads = [threading.Thread(target=take, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    got = [job for job in taken if job]
    assert len(got) == len(set(got))
    with database.writing() as session:
        while job := jobs.claim(session, "rest", dt.timedelta(minutes=1)):
            got.append(job.id)
    assert len(got) == len(set(got)) == 5


def test_foreign_keys_and_states_are_kept(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(PublishableFile(publishable_id=1, sha256="0" * 64))
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(Job(title={}, preset="object", num_photos=1, state="dreaming"))
