"""Takes assets into the library and changes what is said of them."""

from __future__ import annotations

import io
from typing import Literal, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from exhibit import ids
from exhibit.db import Database, now
from exhibit.documents.assets import file_entries
from exhibit.documents.texts import has_words
from exhibit.documents.types import AssetDocument, Origin
from exhibit.errors import BadInput, NotFound, StaleVersion
from exhibit.library import uses
from exhibit.library.bundle import Bundle
from exhibit.library.models import Asset, AssetChange, File
from exhibit.library.origin import AskedOrigin, Described, can_be_room, default_statement, is_default_statement, use_of
from exhibit.people.models import Account
from exhibit.storage import Storage

Outcome = Literal["added", "changed", "unchanged"]


def ingest(database: Database, storage: Storage, bundle: Bundle, asset_id: str) -> Outcome:
    """Store a checked bundle as the asset `asset_id`, in place of what had this id; the same again changes nothing.

    Files go in first, the rows that name them in one transaction after: a reader never sees an asset without its files.
    """
    ids.check_id(asset_id)
    _store(storage, bundle)
    with database.writing() as session:
        outcome, left = _keep(session, storage, bundle, asset_id)
    if left:
        uses.remove_unused_files(database, storage, left)
    return outcome


def replace(
    database: Database,
    storage: Storage,
    bundle: Bundle,
    asset_id: str,
    before: AssetDocument,
    *,
    what: str,
    details: dict[str, str],
    author_id: int | None,
) -> None:
    """Let the asset be what `bundle` says, with an entry in its history. Raises StaleVersion unless it is `before`."""
    _store(storage, bundle)
    with database.writing(author_id=author_id) as session:
        uses.lock_files(session)
        asset = session.get(Asset, asset_id, with_for_update=True)
        if asset is None:
            raise NotFound("no_asset", asset=asset_id)
        if asset.document != before:
            raise StaleVersion("asset_changed")
        _, left = _keep(session, storage, bundle, asset_id)
        session.add(AssetChange(asset_id=asset_id, what=what, details=details, author_id=author_id))
    uses.remove_unused_files(database, storage, left)


def history(session: Session, asset_id: str) -> list[tuple[AssetChange, str | None]]:
    """What was done to an asset's files, newest first, and the name of who did it."""
    rows = session.execute(
        select(AssetChange, Account.name)
        .outerjoin(Account, Account.id == AssetChange.author_id)
        .where(AssetChange.asset_id == asset_id)
        .order_by(AssetChange.id.desc())
    )
    return [(change, name) for change, name in rows]


def _keep(session: Session, storage: Storage, bundle: Bundle, asset_id: str) -> tuple[Outcome, set[str]]:
    """The rows of a bundle whose files are stored; (outcome, files that the asset no longer has)."""
    uses.lock_files(session)
    for _, entry in (*bundle.files, *bundle.made):
        session.merge(File(**entry))
    _store(storage, bundle, missing=True)  # what was removed since, as unused
    outcome: Outcome = "unchanged"
    asset = session.get(Asset, asset_id)
    if asset is None:
        outcome, asset = "added", Asset(id=asset_id, document=bundle.document)
        session.add(asset)
    elif _essence(asset.document) != _essence(bundle.document):
        outcome, asset.document, asset.changed_at = "changed", bundle.document, now()
    session.flush()
    if outcome == "unchanged":
        return outcome, set()
    return outcome, uses.keep_files(session, asset, (entry["sha256"] for _, entry in file_entries(bundle.document)))


def _store(storage: Storage, bundle: Bundle, *, missing: bool = False) -> None:
    """Put the bundle's files into the storage; missing: only those that it lacks."""
    for path, entry in bundle.files:
        if path != storage.path(entry["sha256"]) and not (missing and storage.has(entry["sha256"])):
            with path.open("rb") as source:
                storage.put(source, name=path.name, sha256=entry["sha256"])
    for data, entry in bundle.made:
        if not (missing and storage.has(entry["sha256"])):
            storage.put(io.BytesIO(data), name=entry["sha256"], sha256=entry["sha256"])


def get_asset(session: Session, asset_id: str) -> Asset:
    asset = session.get(Asset, asset_id)
    if asset is None:
        raise NotFound("no_asset", asset=asset_id)
    return asset


def list_assets(session: Session) -> list[Asset]:
    """Newest first."""
    return list(session.scalars(select(Asset).order_by(Asset.created_at.desc(), Asset.id)))


def list_rooms(session: Session) -> list[Asset]:
    """What a hall can be in, newest first."""
    return [asset for asset in list_assets(session) if use_of(asset.document) == "room"]


def list_exhibits(session: Session) -> list[Asset]:
    """What can be placed in a hall, newest first."""
    return [asset for asset in list_assets(session) if use_of(asset.document) == "exhibit"]


def describe(asset: Asset, described: Described) -> None:
    """Change what people read about an asset, and what it is used for.

    Raises BadInput where it would have no title, and for a room that nobody could walk in.
    """
    if not has_words(described.title):
        raise BadInput("title_missing")
    document = asset.document
    if described.use == "room" and not can_be_room(document):
        raise BadInput("not_a_room")
    before = document["origin"]
    statement = described.statement
    if not has_words(statement) or is_default_statement(document["kind"], statement):
        statement = default_statement(document["kind"], described.method)
    kept = {key: value for key, value in before.items() if key not in AskedOrigin.__annotations__}
    origin = cast(Origin, {**kept, "method": described.method, "statement": statement, **described.origin})
    if "made" in origin and "made" in before and origin["made"] == before["made"][:10]:
        origin["made"] = before["made"]  # the form shows the day alone
    changed: AssetDocument = {**document, "title": described.title, "origin": origin}
    changed.pop("use", None)
    changed.pop("original", None)
    if described.use != "exhibit":
        changed["use"] = described.use
    changed.pop("tags", None)
    if described.original:
        changed["original"] = described.original
    if described.tags:
        changed["tags"] = described.tags
    asset.document = changed
    asset.changed_at = now()


def unknown_files(session: Session, hashes: set[str]) -> set[str]:
    """Those of `hashes` that the storage does not have."""
    return hashes - set(session.scalars(select(File.sha256).where(File.sha256.in_(hashes))))


def free_id(session: Session, *wishes: str, fallback: str = "asset") -> str:
    """An id that no asset has, made from the first of `wishes` that has letters or digits of the Latin script."""
    stem = ids.first_slug(*wishes, fallback=fallback)
    taken = set(session.scalars(select(Asset.id).where(Asset.id.startswith(stem))))
    return ids.unused(stem, taken)


def _essence(document: AssetDocument) -> AssetDocument:
    """The document but for when it was made: a build repeated to the same bytes is the same asset."""
    origin: Origin = {**document["origin"]}
    origin.pop("made", None)
    return {**document, "origin": origin}
