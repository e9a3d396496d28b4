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


class Asset(Base):
    """One digitised or modelled thing. The document keeps assets/schema/asset.schema.json, its files without paths."""

    __tablename__ = "asset"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    document: Mapped[AssetDocument] = mapped_column(JSON)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    changed_at: Mapped[dt.datetime] = mapped_column(default=now)


class AssetChange(Base):
    """Something was done to an asset's files: told at the desk, in no hall's document, for it names who did it."""

    __tablename__ = "asset_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(40))  # library.change.<what> of texts.json
    details: Mapped[dict[str, str]] = mapped_column(JSON)  # the values of that text
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))  # None: a command
    made_at: Mapped[dt.datetime] = mapped_column(default=now)


class AssetFile(Base):
    """The asset has this file."""

    __tablename__ = "asset_file"

    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("file.sha256"), primary_key=True, index=True)


class PublishableAsset(Base):
    """The draft shows this asset, or what is published does."""

    __tablename__ = "publishable_asset"

    publishable_id: Mapped[int] = mapped_column(ForeignKey("publishable.id", ondelete="CASCADE"), primary_key=True)
    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id"), primary_key=True, index=True)
    draft: Mapped[bool]
    published: Mapped[bool]


class PublishableFile(Base):
    """Some version shows this file. `published`: what is published does, so everyone may see it."""

    __tablename__ = "publishable_file"

    publishable_id: Mapped[int] = mapped_column(ForeignKey("publishable.id", ondelete="CASCADE"), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("file.sha256"), primary_key=True, index=True)
    published: Mapped[bool] = mapped_column(default=False)
