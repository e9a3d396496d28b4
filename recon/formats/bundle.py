"""Asset bundles on disk: a folder with asset.json and the files that it names (assets/schema)."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, cast

from numpy.typing import NDArray

from recon.formats.asset_document import (
    AssetDocument,
    AssetKind,
    AssetWarning,
    File,
    Files,
    Georeference,
    Mime,
    Origin,
    Original,
    Quality,
    Text,
    Unit,
    Use,
)

Corner: TypeAlias = Sequence[float] | NDArray[Any]  # x y z

MIMES: Mapping[str, Mime] = {
    ".glb": "model/gltf-binary",
    ".webp": "image/webp",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".webm": "video/webm",
    ".mp4": "video/mp4",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".vtt": "text/vtt",
}


def file_entry(folder: Path, name: str, *, mime: Mime | None = None, **figures: int) -> File:
    """What asset.json says of folder/name; the type by its suffix unless `mime` is given.

    `figures` are triangles, points, width and height.
    """
    path = folder / name
    entry = {"path": name, "sha256": sha256_of(path), "bytes": path.stat().st_size}
    return cast(File, {**entry, "mime": mime or MIMES[path.suffix], **figures})


def asset_document(
    kind: AssetKind,
    title: Text,
    files: Files,
    origin: Origin,
    *,
    unit: Unit = "arbitrary",
    bounds: tuple[Corner, Corner] | None = None,
    offset: Corner | None = None,
    georeference: Georeference | None = None,
    use: Use | None = None,
    original: Original | None = None,
    quality: Quality | None = None,
    tags: Sequence[str] = (),
    warnings: Sequence[AssetWarning] = (),
) -> AssetDocument:
    """An asset.json. `bounds` are the lowest and the highest corner. What is None or empty is left out."""
    document: AssetDocument = {
        "schema": "longyao:asset/1",
        "kind": kind,
        "title": title,
        "unit": unit,
        "files": files,
        "origin": origin,
    }
    if bounds is not None:
        low, high = ([float(v) for v in corner] for corner in bounds)
        document["bounds"] = {"min": low, "max": high}
    if offset is not None:
        document["offset"] = [float(v) for v in offset]
    if georeference is not None:
        document["georeference"] = georeference
    if use is not None:
        document["use"] = use
    if original:
        document["original"] = original
    if quality:
        document["quality"] = quality
    if tags:
        document["tags"] = [*tags]
    if warnings:
        document["warnings"] = [*warnings]
    return document


def georeference(survey_from_asset: NDArray[Any], crs: str | None) -> Georeference:
    """Where an asset stood when it was measured; survey_from_asset (4, 4), metres."""
    columns = survey_from_asset.T.ravel().tolist()
    return {"crs": crs, "survey_from_asset": columns} if crs else {"survey_from_asset": columns}


def write_asset(folder: Path, document: AssetDocument) -> Path:
    """Write asset.json, the last file of a bundle; a reader never sees half of it. Returns the folder."""
    partial = folder / "asset.json.partial"
    partial.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(partial, folder / "asset.json")  # noqa: PTH105 - Path.replace is the same call
    return folder


def sha256_of(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
