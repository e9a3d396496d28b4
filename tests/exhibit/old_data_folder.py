"""The database of a data folder as revision 0001 left it, and what must be in it after every migration."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from exhibit.db import Database
from exhibit.documents.hall import file_hashes
from exhibit.halls import edit_log
from exhibit.halls import services as halls
from exhibit.jobs.models import Job
from exhibit.library.models import Asset, File, PublishableAsset, PublishableFile
from exhibit.library.uses import files_of, is_public, users_of
from exhibit.people.models import Account
from exhibit.publishing.services import revisions

SQL = Path(__file__).with_name("data_folder_0001.sql").read_text(encoding="utf-8")
ROWS = [line for line in SQL.splitlines() if line.startswith("INSERT INTO") and "alembic_version" not in line]


def check(database: Database) -> None:
    """Assert that every row is there, and that what is new follows from the old rows."""
    with database.reading() as session:
        assert [account.name for account in session.scalars(select(Account))] == ["curator"]
        assert len(session.scalars(select(File)).all()) == 9
        kiln, draft, same = halls.list_halls(session)
        assert [(hall.slug, hall.state, hall.draft_version) for hall in (kiln, draft, same)] == [
            ("dragon-kiln", "changed", 3),
            ("draft-hall", "draft", 1),
            ("as-published", "published", 1),
        ]
        assert kiln.published is not None
        assert (kiln.published["title"]["en"], kiln.published_version) == ("Shown", 2)
        assert (kiln.draft["title"]["en"], kiln.draft["placement_order"]) == (
            "Going on",
            ["welcome", "saggar", "shard"],
        )
        assert kiln.draft["assets"]["room"]["use"] == "room"

        assert [(each.version, each.document, each.published_at) for each in revisions(session, kiln)] == [
            (3, kiln.draft, None),
            (2, kiln.published, kiln.published_at),
        ]
        assert [(each.version, each.document) for each in revisions(session, draft)] == [(1, draft.draft)]
        assert [(each.version, each.published_at) for each in revisions(session, same)] == [(1, same.published_at)]
        assert all(each.begun_at == each.saved_at for each in revisions(session, kiln))
        assert edit_log.since(session, kiln, 3) == ([], set())  # the log begins with the next edit

        assert [hall.slug for hall in users_of(session, "saggar")] == ["dragon-kiln", "as-published"]
        assert [hall.slug for hall in users_of(session, "shard")] == ["dragon-kiln", "draft-hall"]
        shown = session.execute(
            select(PublishableAsset.asset_id, PublishableAsset.published)
            .where(PublishableAsset.publishable_id == kiln.id)
            .order_by(PublishableAsset.asset_id)
        )
        assert [tuple(row) for row in shown] == [("room", True), ("saggar", True), ("shard", False)]
        assert files_of(session, kiln) == file_hashes(kiln.draft)
        shard = session.get_one(Asset, "shard").document["files"]["model"]["sha256"]
        assert not is_public(session, shard)
        public = set(session.scalars(select(PublishableFile.sha256).where(PublishableFile.published)))
        assert public == file_hashes(kiln.published)

        done, failed = session.scalars(select(Job).order_by(Job.id))
        assert (done.asset_id, done.warnings[0]["en"]) == ("saggar", "3 photos were left out.")
        assert failed.failure is not None
        assert failed.failure["message"]["en"] == "Too few photos."
    with database.writing() as session:  # new ids do not meet old ones
        added = halls.create_hall(session, kiln.draft, slug="new-hall")
        assert added.id > same.id
        kiln = halls.get_hall(session, "dragon-kiln")
        title = kiln.draft["title"] | {"en": "Further on"}
        halls.save_draft(session, kiln, {**kiln.draft, "title": title}, 3)
        edits, _ = edit_log.since(session, kiln, 3)
        change = {"path": ["title", "en"], "from": "Going on", "to": "Further on"}
        assert [(edit["version"], edit["changes"]) for edit in edits] == [(4, [change])]
