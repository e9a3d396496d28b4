"""Finds assets in the library: by words, kind, tag, and by what they lack. Knows no database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from exhibit.documents.types import AssetDocument, AssetKind

KINDS: tuple[AssetKind, ...] = get_args(AssetKind)
Lack = Literal["use", "scale", "method", "licence", "translation"]
LACKS: tuple[Lack, ...] = get_args(Lack)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What assets are looked for; what is empty says nothing."""

    words: str = ""
    kind: str = ""
    tag: str = ""
    lack: str = ""  # one of LACKS; "use": no hall shows it

    def __bool__(self) -> bool:
        return bool(self.words or self.kind or self.tag or self.lack)


def read(form: Mapping[str, str]) -> Wanted:
    """What the page's form asks for. Values that it does not offer say nothing."""
    kind, lack = form.get("kind", ""), form.get("lack", "")
    return Wanted(
        form.get("q", "").strip(),
        kind if kind in KINDS else "",
        form.get("tag", "").strip(),
        lack if lack in LACKS else "",
    )


def is_wanted(wanted: Wanted, asset_id: str, document: AssetDocument, used: Collection[str]) -> bool:
    """`used`: ids of the assets that a hall shows."""
    if wanted.kind and document["kind"] != wanted.kind:
        return False
    if wanted.tag and wanted.tag not in document.get("tags", []):
        return False
    if wanted.lack and not _lacks(cast(Lack, wanted.lack), asset_id, document, used):
        return False
    said = " ".join((asset_id, *document.get("tags", []), *_words(document))).casefold()
    return all(word in said for word in wanted.words.casefold().split())


def tags_of(documents: Iterable[AssetDocument]) -> list[str]:
    """All tags, each once, in the order of their characters."""
    return sorted({tag for document in documents for tag in document.get("tags", [])})


def _lacks(lack: Lack, asset_id: str, document: AssetDocument, used: Collection[str]) -> bool:
    origin = document["origin"]
    match lack:
        case "use":
            return asset_id not in used
        case "scale":
            return "bounds" in document and document["unit"] == "arbitrary"
        case "method":
            return origin["method"] == "not-stated"
        case "licence":
            return "licence" not in origin and "rights" not in origin
        case "translation":
            return not all(document["title"].values())


def _words(document: AssetDocument) -> Iterable[str]:
    """Its title, what is said of its origin and of the original, in both languages."""
    for part in (document["title"], document["origin"], document.get("original", {})):
        for value in cast(Mapping[str, Any], part).values():
            yield from value.values() if isinstance(value, dict) else (str(value),)
