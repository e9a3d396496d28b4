"""Keeps halls: drafts with their versions, publication."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, defer

from exhibit import ids
from exhibit.db import Database
from exhibit.documents.edit_types import EditName
from exhibit.documents.hall import as_kept, check_edit, checked, file_hashes, other_assets, used_assets
from exhibit.documents.types import HallDocument
from exhibit.errors import BadHall, BadInput, NotFound
from exhibit.halls import edit_log
from exhibit.halls.edits import Command
from exhibit.halls.edits.hall import with_assets
from exhibit.halls.models import Hall
from exhibit.halls.rooms import check_room
from exhibit.jobs.models import Job
from exhibit.library import services as library
from exhibit.library import uses
from exhibit.library.models import Asset
from exhibit.publishing import services as publishing
from exhibit.storage import Storage

_STAMP = select(func.count(Hall.published_at), func.max(Hall.published_at))


def get_hall(session: Session, slug: str, *, documents: bool = True, to_write: bool = False) -> Hall:
    """`documents`: they are read at once, not when they are asked for; they are large.

    `to_write`: nobody else writes the hall until the transaction ends.
    """
    query = select(Hall).where(Hall.slug == slug)
    if not documents:
        query = query.options(defer(Hall.draft), defer(Hall.published))
    hall = session.scalar(query.with_for_update() if to_write else query)
    if hall is None:
        raise NotFound("no_hall", hall=slug)
    return hall


def list_halls(session: Session) -> list[Hall]:
    """Oldest first."""
    return list(session.scalars(select(Hall).order_by(Hall.created_at, Hall.id)))


def list_published(session: Session) -> list[Hall]:
    return list(session.scalars(select(Hall).where(Hall.published.is_not(None)).order_by(Hall.created_at, Hall.id)))


def published(session: Session) -> dict[str, HallDocument]:
    """The documents of the halls on show, by slug."""
    return {hall.slug: hall.published for hall in list_published(session) if hall.published is not None}


def publication_stamp(database: Database) -> Hashable:
    """Another value after every change of what is published: each publication is later than those before it."""
    with database.engine.connect() as connection:
        return tuple(connection.execute(_STAMP).one())


def create_hall(session: Session, document: Any, *, slug: str | None = None) -> Hall:
    """A new hall with this draft. Raises BadHall, and BadInput for a slug that is taken or cannot be in an address."""
    document = accept(session, document)
    if slug is None:
        stem = ids.slug(document["title"]["en"]) or "hall"
        slug = ids.unused(stem, session.scalars(select(Hall.slug).where(Hall.slug.startswith(stem))))
    ids.check_id(slug)
    if session.scalar(select(Hall.id).where(Hall.slug == slug)):
        raise BadInput("hall_taken", hall=slug)
    hall = Hall(slug=slug, draft=document)
    publishing.create(session, hall)
    _keep_uses(session, hall)
    return hall


def save_draft(session: Session, hall: Hall, document: Any, version: int, *, name: EditName = "save-document") -> None:
    """Put `document` in the draft's place, if `version` is still the draft's. `name` tells what the edit was.

    Raises BadHall for a document that breaks the contract, StaleVersion if someone has saved in between.
    """
    publishing.check_version(hall, version)
    _save(session, hall, accept(session, document), version, name)


def edit_draft(session: Session, hall: Hall, name: EditName, change: Command, version: int) -> None:
    """Save what `change` makes of the draft, with the library's copies of what it names. Raises as save_draft."""
    publishing.check_version(hall, version)
    _save(session, hall, accept_edit(session, hall.draft, change(hall.draft)), version, name)


def restore(session: Session, hall: Hall, restored: int, version: int) -> None:
    """Let the draft be what it was in the version `restored`, with the library's copies of what it names.

    It is an edit like any other, and can be undone. Raises as save_draft, and NotFound where that version is not kept.
    """
    publishing.check_version(hall, version)
    accepted = accept_edit(session, hall.draft, publishing.revision(session, hall, restored).document)
    _save(session, hall, accepted, version, "restore-version", apart=True)


def _save(
    session: Session, hall: Hall, document: HallDocument, version: int, name: EditName, *, apart: bool = False
) -> None:
    before = hall.draft
    keep_draft(session, hall, document, version, apart=apart)
    edit_log.record(session, hall, hall.draft_version, name=name, before=before, after=document)


def keep_draft(
    session: Session, hall: Hall, document: HallDocument, version: int, *, steps: int = 1, apart: bool = False
) -> None:
    """The document, which has been accepted, as the draft `steps` versions later. Raises StaleVersion.

    Whoever calls it writes that many edits into the log.
    """
    same_assets = hall.draft["assets"] == document["assets"]
    publishing.save(session, hall, document, version, steps=steps, apart=apart)
    if not same_assets:
        _keep_uses(session, hall)


def accept_edit(session: Session, before: HallDocument, after: HallDocument) -> HallDocument:
    """What an accepted document has become, as it is stored, with the library's copies of what it names.

    Raises BadHall.
    """
    check_edit(before, after)
    rows = session.execute(select(Asset.id, Asset.document).where(Asset.id.in_(used_assets(after))))
    accepted = as_kept(with_assets(after, {row.id: row.document for row in rows}))
    if others := other_assets(before, accepted):
        _check_files(session, file_hashes({**accepted, "assets": others}))
    return accepted


def publish(session: Session, hall: Hall, version: int) -> None:
    """Show the draft to everyone. Raises StaleVersion if it is no longer `version`, BadHall if it cannot be shown,
    BadInput if its room is not built yet.
    """
    publishing.check_version(hall, version)
    accepted = accept(session, hall.draft)
    if not any(accepted["title"].values()):
        raise BadInput("title_missing")
    check_room(accepted)
    if accepted != hall.draft:  # it was saved under older rules
        _save(session, hall, accepted, version, "save-document")
    publishing.publish(session, hall, hall.draft_version)
    _keep_uses(session, hall)


def unpublish(session: Session, hall: Hall) -> None:
    """Show the hall to nobody; the draft stays."""
    publishing.take_down(session, hall)
    _keep_uses(session, hall)


def doors_to(session: Session, slug: str) -> list[Hall]:
    """The halls whose doors lead to this one, in their draft or published."""
    return [
        hall
        for hall in list_halls(session)
        if hall.slug != slug
        and any(
            door.get("hall") == slug
            for document in (hall.draft, hall.published)
            if document is not None
            for door in document.get("doors", {}).values()
        )
    ]


def delete_hall(database: Database, storage: Storage, slug: str, version: int) -> None:
    """Delete a hall with all its versions, and the files that nothing else has.

    Raises InUse while it is published, StaleVersion if someone has saved in between.
    """
    with database.writing() as session:
        hall = get_hall(session, slug)
        hashes = uses.files_of(session, hall)
        publishing.delete(session, hall, version)
        session.execute(update(Job).where(Job.hall_slug == slug).values(hall_slug=None))
    uses.remove_unused_files(database, storage, hashes)


def _keep_uses(session: Session, hall: Hall) -> None:
    uses.keep_uses(session, hall, _uses(hall.draft), _uses(hall.published) if hall.published else uses.NOTHING)


def _uses(document: HallDocument) -> uses.Uses:
    return uses.Uses(frozenset(used_assets(document)), frozenset(file_hashes(document)))


def accept(session: Session, document: object) -> HallDocument:
    """The document as it is stored. Raises BadHall."""
    accepted = checked(document)
    _check_files(session, file_hashes(accepted))
    return accepted


def _check_files(session: Session, hashes: set[str]) -> None:
    if unknown := library.unknown_files(session, hashes):
        raise BadHall("hall_files", sha256=min(unknown)[:12])
