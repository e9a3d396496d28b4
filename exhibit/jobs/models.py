"""Long work on request, reconstructions, clouds of scans and halls to be built: a table is the queue."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from exhibit.db import Base, now
from exhibit.documents.types import Plan, TemplateBuilding, Text

STATES = ("queued", "running", "done", "failed", "cancelled")
Kind = Literal["reconstruction", "cloud", "surface", "hall", "room"]
PRESETS = ("object", "room", "building", "drone")


class Job(Base):
    """One reconstruction, one cloud or surface to be made of scans, one hall to be begun in a room that is built for
    it, or a room to be built for a hall.

    A running job belongs to `worker` until `lease_until`, which the worker keeps moving on.
    """

    __tablename__ = "job"
    __table_args__ = (CheckConstraint(f"state IN {STATES}", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(String(16), default="reconstruction", server_default="reconstruction")
    title: Mapped[Text] = mapped_column(JSON)  # of the asset or the hall that comes of it
    preset: Mapped[str] = mapped_column(String(16), default="")  # of a reconstruction or surface
    num_photos: Mapped[int] = mapped_column(default=0)  # photos, or files of scans
    template: Mapped[str | None] = mapped_column(String(64), default=None)  # of a hall
    # of a hall: what its room is built from; None: the template as it is
    building: Mapped[TemplateBuilding | Plan | None] = mapped_column(JSON(none_as_null=True), default=None)
    summary: Mapped[Text | None] = mapped_column(JSON(none_as_null=True), default=None)  # of a hall
    state: Mapped[str] = mapped_column(String(16), default="queued", index=True)
    stage: Mapped[str] = mapped_column(
        String(80), default=""
    )  # photos, features, …; of a hall or room: room (in percent), library, draft
    done: Mapped[int] = mapped_column(default=0)  # of the stage's units
    total: Mapped[int] = mapped_column(default=0)
    warnings: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)  # each {zh, en}
    # {message, hint}, each {zh, en}; None where it did not fail, or brought down its workers
    failure: Mapped[dict[str, dict[str, str]] | None] = mapped_column(JSON(none_as_null=True), default=None)
    cancel_wanted: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(80), default=None)
    lease_until: Mapped[dt.datetime | None] = mapped_column(default=None)
    asset_id: Mapped[str | None] = mapped_column(ForeignKey("asset.id", ondelete="SET NULL"), default=None)
    hall_slug: Mapped[str | None] = mapped_column(String(64), default=None)  # that was built, or whose room is
    # who asked for a room: the edit that puts it into the draft is theirs
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), default=None)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    started_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    ended_at: Mapped[dt.datetime | None] = mapped_column(default=None)

    @property
    def over(self) -> bool:
        return self.state in ("done", "failed", "cancelled")
