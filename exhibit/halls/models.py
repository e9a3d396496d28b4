"""Halls: each is one JSON document that keeps assets/schema/hall.schema.json, as a draft and as published.

Beside them the edits of their drafts, and who is editing them.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from exhibit.db import Base, now
from exhibit.documents.edit_types import Change, Path
from exhibit.publishing.models import Publishable

if TYPE_CHECKING:
    from exhibit.documents.types import HallDocument


class Hall(Publishable):
    __mapper_args__ = {"polymorphic_identity": "hall"}  # noqa: RUF012

    if TYPE_CHECKING:  # the columns are Publishable's; here their documents have a type
        draft: Mapped[HallDocument]
        published: Mapped[HallDocument | None]


class HallEdit(Base):
    """An edit of a hall's draft, by which it became this version. Every version after the first has one."""

    __tablename__ = "hall_edit"
    __table_args__ = (UniqueConstraint("hall_id", "edit_id"),)

    hall_id: Mapped[int] = mapped_column(ForeignKey("publishable.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    client: Mapped[str] = mapped_column(String(36))
    edit_id: Mapped[str] = mapped_column(String(50))  # whoever sends an edit twice sends the same
    name: Mapped[str] = mapped_column(String(64))
    # The changes that it made, and the ids of the assets whose copies in the draft came or changed; None of both: it is
    # too old to be told (edit_log.py), and says only who did what, and when.
    changes: Mapped[list[Change] | None] = mapped_column(JSON(none_as_null=True))
    assets: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))  # None: a command
    made_at: Mapped[dt.datetime] = mapped_column(default=now)


class HallEditor(Base):
    """Someone who has a hall's studio open: a page, which asks every few seconds."""

    __tablename__ = "hall_editor"

    hall_id: Mapped[int] = mapped_column(ForeignKey("publishable.id", ondelete="CASCADE"), primary_key=True)
    client: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    chosen: Mapped[Path | None] = mapped_column(JSON(none_as_null=True))
    seen_at: Mapped[dt.datetime] = mapped_column(default=now)
