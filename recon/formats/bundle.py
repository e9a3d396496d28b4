"""Asset bundles on disk: a folder with asset.json and the files that it names (assets/schema)."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recon.formats.asset_document import AssetDocument, AssetKind, File, Mime, Text, Unit

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
    return {**entry, "mime": mime or MIMES[path.suffix], **figures}  # type: ignore[typeddict-item]


def asset_document(
    kind: AssetKind,
    title: Text,
    files: Mapping[str, Any],
    origin: Mapping[str, Any],
    *,
    unit: Unit = "arbitrary",
    bounds: tuple[Any, Any] | None = None,
    **more: Any,
) -> AssetDocument:
    """An asset.json. `bounds` are the lowest and the highest corner; `more` are further properties of the schema.

    What of `more` is None or empty is left out.
    """
    document: dict[str, Any] = {"schema": "longyao:asset/1", "kind": kind, "title": dict(title), "unit": unit}
    if bounds is not None:
        document["bounds"] = {name: [float(v) for v in at] for name, at in zip(("min", "max"), bounds, strict=True)}
    document |= {"files": dict(files), "origin": dict(origin)}
    document |= {key: value for key, value in more.items() if value is not None and value != [] and value != {}}
    return document  # type: ignore[return-value]


def write_asset(folder: Path, document: AssetDocument) -> Path:
    """Write asset.json, the last file of a bundle; a reader never sees half of it. Returns the folder."""
    partial = folder / "asset.json.partial"
    partial.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(partial, folder / "asset.json")  # noqa: PTH105 - Path.replace is the same call
    return folder


def sha256_of(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
