"""The resource library: assets and the files that show them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from exhibit.db import Base, now
from exhibit.documents.types import AssetDocument


class File(Base):
    """A file in the storage."""

    __tablename__ = "file"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    bytes: Mapped[int] = mapped_column(BigInteger)
    mime: Mapped[str] = mapped_column(String(80))


class Release(Base):
    """This file may be seen by everyone, because `shown_by` (a published hall) shows it."""

    __tablename__ = "file_release"

    sha256: Mapped[str] = mapped_column(ForeignKey("file.sha256"), primary_key=True)
    shown_by: Mapped[str] = mapped_column(String(80), primary_key=True)


class Asset(Base):
    """One digitised or modelled thing. The document keeps assets/schema/asset.schema.json, its files without paths."""

    __tablename__ = "asset"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    document: Mapped[AssetDocument] = mapped_column(JSON)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    changed_at: Mapped[dt.datetime] = mapped_column(default=now)
