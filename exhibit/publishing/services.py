"""Saves versions of drafts, publishes them, takes them down. The only writer of both tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, aliased, defer
from sqlalchemy.orm.attributes import set_committed_value

from exhibit.db import author_id, now
from exhibit.errors import InUse, NotFound, StaleVersion
from exhibit.publishing.models import Publishable, Revision

ONE_REVISION = dt.timedelta(minutes=10)


def create(session: Session, created: Publishable) -> None:
    """Keep something new, with its draft as the first version."""
    session.add(created)
    session.flush()
    _keep_revision(session, created)


def check_version(of: Publishable, version: int) -> None:
    """Raise StaleVersion unless the draft still is `version`."""
    if of.draft_version != version:
        raise StaleVersion("stale", version=version, now=of.draft_version)


def save(
    session: Session, of: Publishable, document: Any, version: int, *, steps: int = 1, apart: bool = False
) -> None:
    """The document as the draft's next version, if `version` still is the draft's. Raises StaleVersion.

    `steps` is by how many versions it is a later one; `apart` keeps the version before it, whoever saved it and when.
    The database decides, not what this session has read: of two who save at once one wins.
    """
    saved = session.execute(
        update(Publishable)
        .where(Publishable.id == of.id, Publishable.draft_version == version)
        .values(draft=document, draft_version=version + steps, changed_at=now())
        .execution_options(synchronize_session=False)
    )
    if not (isinstance(saved, CursorResult) and saved.rowcount):
        raise StaleVersion("stale", version=version, now=of.draft_version)
    session.refresh(of, ["draft_version", "changed_at"])
    set_committed_value(of, "draft", document)
    if apart or not _went_on(session, of):
        _keep_revision(session, of)


def publish(session: Session, of: Publishable, version: int) -> None:
    """Show this version of the draft to everyone. Raises StaleVersion."""
    check_version(of, version)
    of.published, of.published_version, of.published_at = of.draft, version, now()
    revision = session.get_one(Revision, (of.id, version))
    revision.published_at, revision.published_by = of.published_at, author_id(session)
    session.flush()


def take_down(session: Session, of: Publishable) -> None:
    """Show it to nobody; the draft and all versions stay."""
    of.published = of.published_version = of.published_at = None
    session.flush()


def delete(session: Session, of: Publishable, version: int) -> None:
    """Delete it with all its versions. Raises InUse while it is published, StaleVersion."""
    check_version(of, version)
    if of.published_version is not None:
        raise InUse("delete_published")
    session.delete(of)
    session.flush()


def revisions(session: Session, of: Publishable) -> list[Revision]:
    """Every version that is kept, the newest first. A document is read when it is asked for."""
    return list(
        session.scalars(
            select(Revision)
            .where(Revision.publishable_id == of.id)
            .order_by(Revision.version.desc())
            .options(defer(Revision.document))
        )
    )


def revision(session: Session, of: Publishable, version: int) -> Revision:
    """A version that is kept. Raises NotFound."""
    found = session.get(Revision, (of.id, version))
    if found is None:
        raise NotFound("no_version", version=version)
    return found


def _went_on(session: Session, of: Publishable) -> bool:
    """Let the newest revision be the draft, if that and one of this author have begun within ten minutes.

    What has been published stays as it is. A command's saves are nobody's: each is a revision.
    """
    author = author_id(session)
    if author is None:
        return False
    document = select(Publishable.draft).where(Publishable.id == of.id).scalar_subquery()
    newest = select(func.max(Revision.version)).where(Revision.publishable_id == of.id).scalar_subquery()
    since, own = of.changed_at - ONE_REVISION, aliased(Revision)
    saved = session.execute(
        update(Revision)
        .where(
            Revision.publishable_id == of.id,
            Revision.version == newest,
            Revision.published_at.is_(None),
            Revision.begun_at > since,
            exists().where(own.publishable_id == of.id, own.saved_by == author, own.begun_at > since),
        )
        .values(version=of.draft_version, document=document, saved_at=of.changed_at)
        .execution_options(synchronize_session=False)
    )
    return isinstance(saved, CursorResult) and saved.rowcount == 1


def _keep_revision(session: Session, of: Publishable) -> None:
    session.add(
        Revision(
            publishable_id=of.id,
            version=of.draft_version,
            document=of.draft,
            begun_at=of.changed_at,
            saved_at=of.changed_at,
            saved_by=author_id(session),
        )
    )
    session.flush()
