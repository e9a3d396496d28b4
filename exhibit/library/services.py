"""Takes assets into the library and says which files everyone may see."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal, cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from exhibit.db import Database, now
from exhibit.documents.texts import has_words
from exhibit.documents.types import AssetDocument, Origin
from exhibit.errors import BadInput, NotFound
from exhibit.library.bundle import Bundle
from exhibit.library.models import Asset, File, Release
from exhibit.library.origin import AskedOrigin, Described, can_be_room, default_statement, is_default_statement, use_of
from exhibit.storage import Storage

Outcome = Literal["added", "changed", "unchanged"]
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def ingest(database: Database, storage: Storage, bundle: Bundle, asset_id: str) -> Outcome:
    """Store a checked bundle as the asset `asset_id`, in place of what had this id; the same again changes nothing.

    Files go in first, the rows that name them in one transaction after: a reader never sees an asset without its files.
    """
    check_id(asset_id)
    for path, entry in bundle.files:
        with path.open("rb") as source:
            storage.put(source, name=path.name, sha256=entry["sha256"])
    with database.writing() as session:
        for _, entry in bundle.files:
            session.merge(File(**entry))
        asset = session.get(Asset, asset_id)
        if asset is None:
            session.add(Asset(id=asset_id, document=bundle.document))
            return "added"
        if _essence(asset.document) == _essence(bundle.document):
            return "unchanged"
        asset.document, asset.changed_at = bundle.document, now()
        return "changed"


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
    if described.original:
        changed["original"] = described.original
    asset.document = changed
    asset.changed_at = now()


def release(session: Session, by: str, hashes: Iterable[str]) -> None:
    """`by` now shows exactly these files to everyone."""
    session.execute(delete(Release).where(Release.shown_by == by))
    session.add_all(Release(sha256=sha256, shown_by=by) for sha256 in sorted(set(hashes)))
    session.flush()


def is_released(session: Session, sha256: str) -> bool:
    return session.scalar(select(Release.shown_by).where(Release.sha256 == sha256).limit(1)) is not None


def unknown_files(session: Session, hashes: set[str]) -> set[str]:
    """Those of `hashes` that the storage does not have."""
    return hashes - set(session.scalars(select(File.sha256).where(File.sha256.in_(hashes))))


def check_id(wish: str) -> None:
    if not _ID.fullmatch(wish):
        raise BadInput("bad_id", id=wish[:80])


def free_id(session: Session, *wishes: str, fallback: str = "asset") -> str:
    """An id that no asset has, made from the first of `wishes` that has letters or digits of the Latin script."""
    stem = next(filter(None, (slug(wish) for wish in wishes)), fallback)
    taken = set(session.scalars(select(Asset.id).where(Asset.id.startswith(stem))))
    return unused(stem, taken)


def slug(wish: str) -> str:
    """A title as an id, at most 48 characters; empty where nothing of it can be kept."""
    plain = unicodedata.normalize("NFKD", wish).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-")


def unused(stem: str, taken: Iterable[str]) -> str:
    """`stem`, or with the lowest number from 2 that nobody has."""
    taken = set(taken)
    number, wish = 1, stem
    while wish in taken:
        number += 1
        wish = f"{stem}-{number}"
    return wish


def _essence(document: AssetDocument) -> AssetDocument:
    """The document but for when it was made: a build repeated to the same bytes is the same asset."""
    origin: Origin = {**document["origin"]}
    origin.pop("made", None)
    return {**document, "origin": origin}
