"""The files of an asset document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from exhibit.documents.types import AssetDocument, File

Single = Literal["thumb", "model", "collider", "ktx2", "picture", "video", "audio"]
SINGLE: tuple[Single, ...] = ("thumb", "model", "collider", "ktx2", "picture", "video", "audio")


def file_entries(asset: AssetDocument) -> Iterator[tuple[str, File]]:
    """(role, entry) of every file that a visitor's browser may ask for; of tiles, the archive that they lie in."""
    files = asset["files"]
    for role in SINGLE:
        if role in files:
            yield role, files[role]
    yield from (("lods", level) for level in files.get("lods", []))
    if "tiles" in files:
        yield "tiles", files["tiles"]["archive"]
        if "tileset" in files["tiles"]:
            yield "tiles", files["tiles"]["tileset"]
    if "captions" in files:
        yield from (("captions", words) for words in (files["captions"]["zh"], files["captions"]["en"]))
