"""Which assets and files are used by what: who may see a file, what can be deleted.

A publishable keeps the files of all its versions, so that none of them loses its pictures. An asset is used by what
shows it in the draft or in the publication.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, exists, select, text
from sqlalchemy.orm import Session

from exhibit.db import Database
from exhibit.errors import InUse, NotFound
from exhibit.library.models import Asset, AssetFile, File, PublishableAsset, PublishableFile
from exhibit.publishing.models import Publishable
from exhibit.storage import Storage


@dataclass(frozen=True, slots=True)
class Uses:
    """What one document names."""

    assets: frozenset[str]
    files: frozenset[str]  # SHA-256 of the files that its copies of the assets name


NOTHING = Uses(frozenset(), frozenset())


def keep_uses(session: Session, of: Publishable, draft: Uses, published: Uses) -> None:
    """What the draft and the publication name now; the files of older versions stay."""
    kept = {
        row.sha256: row
        for row in session.scalars(select(PublishableFile).where(PublishableFile.publishable_id == of.id))
    }
    for sha256 in sorted((draft.files | published.files) - kept.keys()):
        kept[sha256] = PublishableFile(publishable_id=of.id, sha256=sha256)
        session.add(kept[sha256])
    for sha256, row in kept.items():
        row.published = sha256 in published.files
    session.execute(delete(PublishableAsset).where(PublishableAsset.publishable_id == of.id))
    named = draft.assets | published.assets
    # On PostgreSQL the rows are locked: an asset cannot be deleted between this look and the end of the transaction.
    known = session.scalars(select(Asset.id).where(Asset.id.in_(named)).with_for_update(read=True, key_share=True))
    session.add_all(
        PublishableAsset(
            publishable_id=of.id, asset_id=each, draft=each in draft.assets, published=each in published.assets
        )
        for each in sorted(known)
    )
    session.flush()


def keep_files(session: Session, asset: Asset, hashes: Iterable[str]) -> set[str]:
    """The files that an asset has now; returns those that it no longer has."""
    now, before = set(hashes), set(session.scalars(select(AssetFile.sha256).where(AssetFile.asset_id == asset.id)))
    session.execute(delete(AssetFile).where(AssetFile.asset_id == asset.id, AssetFile.sha256.in_(before - now)))
    session.add_all(AssetFile(asset_id=asset.id, sha256=sha256) for sha256 in sorted(now - before))
    session.flush()
    return before - now


def used_assets(session: Session) -> set[str]:
    """Ids of the assets that something shows, in its draft or as it is published."""
    return set(session.scalars(select(PublishableAsset.asset_id).distinct()))


def is_public(session: Session, sha256: str) -> bool:
    """Whether something published shows this file."""
    shown = select(PublishableFile.sha256).where(PublishableFile.sha256 == sha256, PublishableFile.published)
    return session.scalar(shown.limit(1)) is not None


def files_of(session: Session, of: Publishable) -> set[str]:
    """SHA-256 of the files of all versions."""
    return set(session.scalars(select(PublishableFile.sha256).where(PublishableFile.publishable_id == of.id)))


def users_of(session: Session, asset_id: str) -> list[Publishable]:
    """What shows the asset, in its draft or published."""
    return list(
        session.scalars(
            select(Publishable)
            .join(PublishableAsset, PublishableAsset.publishable_id == Publishable.id)
            .where(PublishableAsset.asset_id == asset_id)
            .order_by(Publishable.created_at, Publishable.id)
        )
    )


def delete_asset(database: Database, storage: Storage, asset_id: str) -> None:
    """Delete an asset, and its files that nothing else has. Raises InUse where something shows the asset."""
    with database.writing() as session:
        lock_files(session)
        asset = session.get(Asset, asset_id)
        if asset is None:
            raise NotFound("no_asset", asset=asset_id)
        if users := users_of(session, asset_id):
            raise InUse("asset_used", halls=", ".join(each.slug for each in users))
        hashes = set(session.scalars(select(AssetFile.sha256).where(AssetFile.asset_id == asset_id)))
        session.delete(asset)
    remove_unused_files(database, storage, hashes)


def remove_unused_files(database: Database, storage: Storage, hashes: Iterable[str]) -> None:
    """Remove those of these files that no asset and no version names any more.

    First the rows, then, in a second transaction, the files that still have no row. Whoever takes in the same file at
    the same time writes its row under the same lock, and then looks whether the file is there (services.ingest).
    So a row never lacks its file. After a crash in between, a file without a row stays, which does no harm.
    """
    with database.writing() as session:
        lock_files(session)
        used = exists().where(AssetFile.sha256 == File.sha256) | exists().where(PublishableFile.sha256 == File.sha256)
        gone = list(session.scalars(select(File.sha256).where(File.sha256.in_(set(hashes)), ~used)))
        session.execute(delete(File).where(File.sha256.in_(gone)))
    if not gone:
        return
    with database.writing() as session:
        lock_files(session)
        for sha256 in set(gone) - set(session.scalars(select(File.sha256).where(File.sha256.in_(gone)))):
            storage.remove(sha256)


def lock_files(session: Session) -> None:
    """Let no one else write rows of files until this transaction ends. SQLite has one writer at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE file IN EXCLUSIVE MODE"))
