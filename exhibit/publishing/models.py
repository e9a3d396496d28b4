"""What has a draft and can be published (halls today), and every version of it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from exhibit.db import Base, now

State = Literal["draft", "published", "changed"]


class Publishable(Base):
    """One document as a draft and as published. Each capability has a subclass with a `kind` of its own.

    `draft_version` counts every save of the draft.
    """

    __tablename__ = "publishable"
    __table_args__ = (UniqueConstraint("kind", "slug"),)
    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    slug: Mapped[str] = mapped_column(String(64))
    draft: Mapped[Any] = mapped_column(JSON, nullable=False)  # the subclass says the document's type
    draft_version: Mapped[int] = mapped_column(default=1)
    published: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True, default=None)
    published_version: Mapped[int | None] = mapped_column(default=None)  # the draft's version that was published
    published_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    changed_at: Mapped[dt.datetime] = mapped_column(default=now)

    @property
    def state(self) -> State:
        if self.published_version is None:
            return "draft"
        return "published" if self.published_version == self.draft_version else "changed"


class Revision(Base):
    """A version of a draft as it was saved. It is kept as long as what it is a version of.

    What an author saves within ten minutes is one revision, so who types does not leave a version of each letter. Of
    two who work at once each begins one, and what they save after that goes into the later one. `begun_at` and
    `saved_by` tell of its first save, `saved_at` and the document of its last.
    """

    __tablename__ = "revision"

    publishable_id: Mapped[int] = mapped_column(ForeignKey("publishable.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[Any] = mapped_column(JSON, nullable=False)
    begun_at: Mapped[dt.datetime] = mapped_column(default=now)
    saved_at: Mapped[dt.datetime] = mapped_column(default=now)
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))  # None: a command
    published_at: Mapped[dt.datetime | None] = mapped_column(default=None)  # the last time; None if it never was
    published_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), default=None)
