"""Halls: each is one JSON document, as a draft and as published."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from exhibit.db import Base, now
from exhibit.documents.types import HallDocument


class Hall(Base):
    """The documents keep assets/schema/hall.schema.json. `draft_version` counts every save of the draft."""

    __tablename__ = "hall"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    draft: Mapped[HallDocument] = mapped_column(JSON)
    draft_version: Mapped[int] = mapped_column(default=1)
    published: Mapped[HallDocument | None] = mapped_column(JSON(none_as_null=True), default=None)
    published_version: Mapped[int | None] = mapped_column(default=None)  # the draft's version that was published
    published_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    changed_at: Mapped[dt.datetime] = mapped_column(default=now)
