"""The viewer as Vite has built it into static/viewer: what a page loads, and all that a browser may want of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

HALL, PAGE = "src/main.ts", "src/page.ts"


@dataclass(frozen=True, slots=True)
class Entry:
    """Paths below static/."""

    script: str
    styles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Built:
    hall: Entry  # <longyao-hall>
    page: Entry | None  # what every public page can do beside it
    first: tuple[str, ...]  # what these two import at once
    files: tuple[str, ...]  # scripts, styles, decoders: everything that a browser of today may ask for


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
    files: dict[str, None] = {}
    for chunk in chunks.values():
        files |= dict.fromkeys([chunk["file"], *chunk.get("css", ()), *chunk.get("assets", ())])
    entries = {
        name: Entry(f"viewer/{chunk['file']}", tuple(f"viewer/{style}" for style in chunk.get("css", ())))
        for name, chunk in chunks.items()
        if name in (HALL, PAGE)
    }
    first = [chunks[other]["file"] for name in entries for other in chunks[name].get("imports", ())]
    modern = [file for file in files if not _for_old_browsers(file)]
    return Built(
        entries[HALL],
        entries.get(PAGE),
        tuple(f"viewer/{file}" for file in first),
        tuple(f"viewer/{file}" for file in modern),
    )


def _for_old_browsers(file: str) -> bool:
    """Draco's decoder without WebAssembly."""
    return "/draco_decoder" in file and file.endswith(".js")
