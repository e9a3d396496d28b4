"""The log of a hall's edits. Each version of a draft but the first has one; editors' pages follow it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from exhibit.db import author_id
from exhibit.documents.changes import difference
from exhibit.documents.edit_types import AcceptedEdit, Change, Client, EditId, EditName, Version
from exhibit.documents.hall import other_assets
from exhibit.documents.types import HallDocument, Id
from exhibit.errors import StaleVersion
from exhibit.halls.models import Hall, HallEdit
from exhibit.people.models import Account

MOST_TOLD = 1000  # edits of one answer


def record(
    session: Session,
    hall: Hall,
    version: Version,
    *,
    name: EditName,
    before: HallDocument,
    after: HallDocument,
    client: Client | None = None,
    edit_id: EditId | None = None,
) -> None:
    """By this edit the draft became `version`. Without a client it is a save of its own: a form, the API, a command."""
    client = client or str(uuid.uuid4())
    session.add(
        HallEdit(
            hall_id=hall.id,
            version=version,
            client=client,
            edit_id=edit_id or f"{client}-1",
            name=name,
            changes=difference(before, after),
            assets=sorted(other_assets(before, after)),
            author_id=author_id(session),
        )
    )
    _thin(session, hall, version - MOST_TOLD)


def _thin(session: Session, hall: Hall, version: Version) -> None:
    """Forget what the edit changed that is never told again; who made it, and when, stays. Those before it are thin."""
    session.execute(
        update(HallEdit)
        .where(HallEdit.hall_id == hall.id, HallEdit.version == version)
        .values(changes=None, assets=None)
        .execution_options(synchronize_session=False)
    )


def accepted_before(session: Session, hall: Hall, ids: Iterable[EditId]) -> set[EditId]:
    """Those of these edits that the hall has."""
    known = select(HallEdit.edit_id).where(HallEdit.hall_id == hall.id, HallEdit.edit_id.in_(list(ids)))
    return set(session.scalars(known))


def since(session: Session, hall: Hall, version: Version) -> tuple[list[AcceptedEdit], set[Id]]:
    """(the edits by which `version` became the draft, ids of the assets whose copies came or changed by them).

    Raises StaleVersion where the log does not tell: the version is from before the log began, of another draft, or so
    old that the whole draft is told sooner.
    """
    if hall.draft_version - version > MOST_TOLD:
        raise StaleVersion("stale", version=version, now=hall.draft_version)
    rows = session.execute(
        select(HallEdit, Account.name)
        .outerjoin(Account, Account.id == HallEdit.author_id)
        .where(HallEdit.hall_id == hall.id, HallEdit.version > version, HallEdit.version <= hall.draft_version)
        .order_by(HallEdit.version)
    ).all()
    edits = [_told(edit, edit.changes, author) for edit, author in rows if edit.changes is not None]
    if len(edits) != hall.draft_version - version:
        raise StaleVersion("stale", version=version, now=hall.draft_version)
    return edits, {asset for edit, _ in rows for asset in edit.assets or ()}


def authors(session: Session, hall: Hall, after: Version, upto: Version) -> list[str]:
    """Who made the edits after one version up to another, by name; not commands, nor accounts that are deleted."""
    names = (
        select(Account.name)
        .join(HallEdit, HallEdit.author_id == Account.id)
        .where(HallEdit.hall_id == hall.id, HallEdit.version > after, HallEdit.version <= upto)
    )
    return list(session.scalars(names.distinct().order_by(Account.name)))


def done(session: Session, hall: Hall, after: Version, upto: Version) -> list[tuple[Version, EditName, str | None]]:
    """(version, name of the edit, its author's name) of the edits after one version up to another, the oldest first."""
    rows = session.execute(
        select(HallEdit.version, HallEdit.name, Account.name)
        .outerjoin(Account, Account.id == HallEdit.author_id)
        .where(HallEdit.hall_id == hall.id, HallEdit.version > after, HallEdit.version <= upto)
        .order_by(HallEdit.version)
    )
    return [(version, name, author) for version, name, author in rows]


def _told(edit: HallEdit, changes: list[Change], author: str | None) -> AcceptedEdit:
    told: AcceptedEdit = {
        "version": edit.version,
        "client": edit.client,
        "id": edit.edit_id,
        "name": edit.name,
        "changes": changes,
        "at": edit.made_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
    }
    if author is not None:
        told["author"] = author
    return told
