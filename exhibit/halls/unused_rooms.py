"""Removes rooms that were built for halls and that nothing shows or could show again."""

from __future__ import annotations

import datetime as dt
import re

from sqlalchemy import ColumnElement, String, cast, exists, select
from sqlalchemy.orm import Session

from exhibit.db import Database, now
from exhibit.errors import InUse, NotFound
from exhibit.halls.models import HallEdit
from exhibit.halls.rooms import BUILT
from exhibit.jobs.models import Job
from exhibit.library import uses
from exhibit.library.models import Asset, AssetFile, PublishableAsset, PublishableFile
from exhibit.publishing.models import Revision
from exhibit.storage import Storage

KEPT = dt.timedelta(days=1)  # a room that was built less than so long ago stays: its hall may be about to be saved
_BUILT = re.compile(rf"{BUILT}[0-9a-f]{{12}}")


def remove_unused_rooms(database: Database, storage: Storage, job: int | None = None) -> list[str]:
    """Delete the built rooms that no draft, no publication and no version names, and no edit that can be undone.

    Nothing is deleted while a hall or a room is being built by another job than `job`. Returns the ids of the rooms.
    """
    with database.reading() as session:
        if _is_building(session, job):
            return []
        unused = [room for room in _candidates(session) if not _is_named(session, room)]
    removed = []
    for room in unused:
        try:
            uses.delete_asset(database, storage, room)
        except (InUse, NotFound):  # it was put into a hall, or deleted, since we looked
            continue
        removed.append(room)
    return removed


def _is_building(session: Session, job: int | None) -> bool:
    building = Job.kind.in_(("hall", "room")) & (Job.state == "running") & (Job.id != (job or 0))
    return session.scalar(select(Job.id).where(building).limit(1)) is not None


def _candidates(session: Session) -> list[str]:
    shown = exists().where(PublishableAsset.asset_id == Asset.id)
    old = select(Asset).where(Asset.id.startswith(BUILT), Asset.created_at < now() - KEPT, ~shown).order_by(Asset.id)
    rooms = session.scalars(old)
    return [room.id for room in rooms if _BUILT.fullmatch(room.id) and room.document.get("use") == "room"]


def _is_named(session: Session, room: str) -> bool:
    files = select(AssetFile.sha256).where(AssetFile.asset_id == room)
    halls = select(PublishableFile.publishable_id).where(PublishableFile.sha256.in_(files))  # a version names its files
    version = exists().where(Revision.publishable_id.in_(halls), _names(Revision.document, room))
    edit = exists().where(_names(HallEdit.changes, room))
    return bool(session.scalar(select(version | edit)))


def _names(document: object, room: str) -> ColumnElement[bool]:
    return cast(document, String).contains(f'"{room}"')
