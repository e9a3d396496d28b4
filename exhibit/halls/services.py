"""Keeps halls: drafts with their versions, publication."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from exhibit.db import now
from exhibit.documents.hall import checked, file_hashes, used_assets
from exhibit.documents.types import HallDocument
from exhibit.errors import BadHall, BadInput, NotFound, StaleVersion
from exhibit.halls import edit
from exhibit.halls.models import Hall
from exhibit.library import services as library
from exhibit.library.models import Asset


def get_hall(session: Session, slug: str) -> Hall:
    hall = session.scalar(select(Hall).where(Hall.slug == slug))
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


def create_hall(session: Session, document: Any, *, slug: str | None = None) -> Hall:
    """A new hall with this draft. Raises BadHall, and BadInput for a slug that is taken or cannot be in an address."""
    document = accept(session, document)
    if slug is None:
        stem = library.slug(document["title"]["en"]) or "hall"
        slug = library.unused(stem, session.scalars(select(Hall.slug).where(Hall.slug.startswith(stem))))
    library.check_id(slug)
    if session.scalar(select(Hall.id).where(Hall.slug == slug)):
        raise BadInput("hall_taken", hall=slug)
    hall = Hall(slug=slug, draft=document)
    session.add(hall)
    session.flush()
    return hall


def save_draft(session: Session, hall: Hall, document: Any, version: int) -> None:
    """Put `document` in the draft's place, if `version` is still the draft's.

    Raises BadHall for a document that breaks the contract, StaleVersion if someone has saved in between.
    """
    accepted = accept(session, document)
    saved = session.execute(
        update(Hall)
        .where(Hall.id == hall.id, Hall.draft_version == version)
        .values(draft=accepted, draft_version=version + 1, changed_at=now())
        .execution_options(synchronize_session=False)
    )
    if not (isinstance(saved, CursorResult) and saved.rowcount):
        raise StaleVersion("stale", version=version, now=hall.draft_version)
    session.refresh(hall)


def edit_draft(session: Session, hall: Hall, change: edit.Edit, version: int) -> None:
    """Save what `change` makes of the draft, with the library's copies of what it names. Raises as save_draft."""
    if hall.draft_version != version:
        raise StaleVersion("stale", version=version, now=hall.draft_version)
    changed = change(hall.draft)
    named = used_assets(changed) | changed["assets"].keys()
    rows = session.execute(select(Asset.id, Asset.document).where(Asset.id.in_(named)))
    save_draft(session, hall, edit.with_assets(changed, {row.id: row.document for row in rows}), version)


def publish(session: Session, hall: Hall, version: int) -> None:
    """Show the draft to everyone. Raises StaleVersion if it is no longer `version`, BadHall if it cannot be shown."""
    if hall.draft_version != version:
        raise StaleVersion("stale", version=version, now=hall.draft_version)
    accepted = accept(session, hall.draft)
    if not any(accepted["title"].values()):
        raise BadInput("title_missing")
    hall.published, hall.published_version, hall.published_at = accepted, version, now()
    library.release(session, f"hall:{hall.id}", file_hashes(accepted))


def unpublish(session: Session, hall: Hall) -> None:
    """Show the hall to nobody; the draft stays."""
    hall.published = hall.published_version = hall.published_at = None
    library.release(session, f"hall:{hall.id}", ())


def accept(session: Session, document: object) -> HallDocument:
    """The document as it is stored. Raises BadHall."""
    accepted = checked(document)
    if unknown := library.unknown_files(session, file_hashes(accepted)):
        raise BadHall("hall_files", sha256=min(unknown)[:12])
    return accepted
