"""The viewer as Vite has built it into static/viewer: what a page loads, and all that a browser may want of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

HALL, PAGE, STUDIO, ASSET = "src/main.ts", "src/page.ts", "src/studio.ts", "src/asset.ts"
VISIT = "src/app/visit.ts"


@dataclass(frozen=True, slots=True)
class Entry:
    """Paths below static/."""

    script: str
    styles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Built:
    hall: Entry  # <longyao-hall>
    page: Entry | None  # what every public page can do beside it
    studio: Entry | None  # the curator's editor, which no visitor's page loads
    asset: Entry | None  # the library's 3D view of an asset, at the desk
    first: tuple[str, ...]  # what these two import at once
    visit: tuple[str, ...]  # the scripts that a visit needs beside them
    files: tuple[str, ...]  # scripts, styles, decoders: everything that a visitor's browser of today may ask for


def built(static: Path) -> Built | None:
    """What was built; None where nothing was."""
    manifest = static / "viewer" / "manifest.json"
    try:
        return _read(manifest, manifest.stat().st_mtime_ns)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=4)
def _read(manifest: Path, changed: int) -> Built:  # noqa: ARG001
    chunks = json.loads(manifest.read_text(encoding="utf-8"))
    entries = {
        name: Entry(
            f"viewer/{chunks[name]['file']}",
            tuple(f"viewer/{style}" for part in _reached(chunks, [name], "imports") for style in part.get("css", ())),
        )
        for name in (HALL, PAGE, STUDIO, ASSET)
        if name in chunks
    }
    public = [name for name in (HALL, PAGE) if name in chunks]
    first = [chunks[other]["file"] for name in public for other in chunks[name].get("imports", ())]
    visit = [chunk["file"] for chunk in _reached(chunks, [VISIT] if VISIT in chunks else [], "imports")]
    files: dict[str, None] = {}
    for chunk in _reached(chunks, public, "imports", "dynamicImports"):
        files |= dict.fromkeys([chunk["file"], *chunk.get("css", ()), *chunk.get("assets", ())])
    modern = [file for file in files if not _for_old_browsers(file)]
    return Built(
        entries[HALL],
        entries.get(PAGE),
        entries.get(STUDIO),
        entries.get(ASSET),
        tuple(f"viewer/{file}" for file in first),
        tuple(f"viewer/{file}" for file in visit if file not in {*first, chunks[HALL]["file"]}),
        tuple(f"viewer/{file}" for file in modern),
    )


def _reached(chunks: dict[str, Any], names: Iterable[str], *ways: str) -> list[Any]:
    """These chunks and all that they lead to."""
    found = dict.fromkeys(names)
    queue = [*found]
    while queue:
        chunk = chunks[queue.pop()]
        more = dict.fromkeys(other for way in ways for other in chunk.get(way, ()) if other not in found)
        found |= more
        queue += more
    return [chunks[name] for name in found]


def _for_old_browsers(file: str) -> bool:
    """Draco's decoder without WebAssembly."""
    return "/draco_decoder" in file and file.endswith(".js")
