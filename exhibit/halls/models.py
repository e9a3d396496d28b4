"""Halls: each is one JSON document that keeps assets/schema/hall.schema.json, as a draft and as published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Mapped

from exhibit.publishing.models import Publishable

if TYPE_CHECKING:
    from exhibit.documents.types import HallDocument


class Hall(Publishable):
    __mapper_args__ = {"polymorphic_identity": "hall"}  # noqa: RUF012

    if TYPE_CHECKING:  # the columns are Publishable's; here their documents have a type
        draft: Mapped[HallDocument]
        published: Mapped[HallDocument | None]
