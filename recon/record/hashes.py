"""What went into a reconstruction and what came out of it, by SHA-256: kept in journey.json when the model is done."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from recon.formats.file_names import is_service_file, readable
from recon.workspace import Workspace

_OF_NO_RUN = frozenset({".db"})  # the same rows in SQLite, written in another order, are other bytes


def sources(source: Path) -> list[dict[str, Any]]:
    """{path, bytes, sha256} of each of source_files."""
    return [
        {"path": path, "bytes": file.stat().st_size, "sha256": file_hash(file)} for path, file in source_files(source)
    ]


def source_files(source: Path) -> list[tuple[str, Path]]:
    """(path, file) of every file below `source`, or of the file itself; no service files, no reconstructions."""
    if source.is_file():
        return [(readable(source.name), source)]
    return [(readable(file.relative_to(source).as_posix()), file) for file in sorted(_files(source))]


def outputs(workspace: Workspace, stages: list[str]) -> dict[str, dict[str, Any]]:
    """{files, bytes, sha256} of each finished stage.

    The hash is that of the lines "<sha256>  <path>" of its files, sorted by path. result.json counts without its key,
    which names the inputs, and the databases of features and matches do not count.
    """
    return {stage: _output(workspace.stage(stage)) for stage in stages if workspace.stage(stage).is_dir()}


def file_hash(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _output(folder: Path) -> dict[str, Any]:
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix not in _OF_NO_RUN)
    lines = "".join(f"{_content_hash(file)}  {file.relative_to(folder).as_posix()}\n" for file in files)
    size = sum(file.stat().st_size for file in files)
    return {"files": len(files), "bytes": size, "sha256": hashlib.sha256(lines.encode()).hexdigest()}


def _content_hash(file: Path) -> str:
    if file.name not in ("result.json", "noun.json"):
        return file_hash(file)
    stored = json.loads(file.read_text(encoding="utf-8"))
    told = json.dumps(stored[file.stem], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        here = Path(place)
        if "journey.json" in names and here != folder:
            folders.clear()
            continue
        folders.sort()
        yield from (here / name for name in names if not is_service_file((here / name).relative_to(folder)))
