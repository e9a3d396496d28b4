"""A package for an archive: the model, its master, report and record in a BagIt bag.

Source: RFC 8493 (BagIt 1.0). Every payload file is in both manifests, SHA-512 and SHA-256; `sha512sum -c` and
`sha256sum -c` in the bag's folder check them.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from recon.errors import BadOptions, check_room
from recon.record.facts import Facts, read_facts
from recon.record.hashes import source_files

ALGORITHMS = ("sha512", "sha256")
_BLOCK = 1 << 20
_OF_STAGES = ("result.json", "result.npz", "noun.json", "noun.npz")


def write_bag(work: Path, bag: Path, *, source: Path | None = None) -> None:
    """Package the finished workspace `work` in the folder `bag`, with the files below `source` if that is given.

    Raises BadOptions where `bag` is there already, BadModel where the workspace holds no finished model.
    """
    if bag.exists():
        raise BadOptions("bag_there", bag=bag)
    facts = read_facts(work)
    draft = bag.with_name(f".{bag.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        check_room(draft)
        payload = [(name, *_copied(file, draft / name)) for name, file in _payload(facts, source)]
        _write_tags(draft, facts, payload)
        draft.rename(bag)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _payload(facts: Facts, source: Path | None) -> Iterator[tuple[str, Path]]:
    """(path in the bag, file)."""
    workspace = facts.workspace
    yield "data/journey.json", workspace.provenance
    if workspace.options.exists():
        yield "data/options.toml", workspace.options
    folders = [("model", workspace.stage("gltf")), ("report", workspace.stage("report"))]
    if facts.sparse.folder is not None:
        folders.append(("cameras", facts.sparse.folder))
    for name, folder in folders:
        for file in sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in _OF_STAGES):
            yield f"data/{name}/{file.relative_to(folder).as_posix()}", file
    yield "data/master/master.glb", workspace.stage("texture") / "master.glb"
    if source is not None:
        for path, file in source_files(source):
            yield f"data/source/{path}", file


def _copied(file: Path, target: Path) -> tuple[int, dict[str, str]]:
    """Copy the file; its size and its hashes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    totals = {name: hashlib.new(name) for name in ALGORITHMS}
    size = 0
    with file.open("rb") as read, target.open("wb") as written:
        while block := read.read(_BLOCK):
            written.write(block)
            size += len(block)
            for total in totals.values():
                total.update(block)
    return size, {name: total.hexdigest() for name, total in totals.items()}


def _write_tags(bag: Path, facts: Facts, payload: Sequence[tuple[str, int, dict[str, str]]]) -> None:
    _write(bag / "bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    for name in ALGORITHMS:
        lines = (f"{hashes[name]}  {_escaped(path)}\n" for path, _, hashes in payload)
        _write(bag / f"manifest-{name}.txt", "".join(lines))
    total = sum(size for _, size, _ in payload)
    title: Any = facts.asset["title"]
    told = {
        "Bagging-Date": datetime.now(UTC).date().isoformat(),
        "Bag-Software-Agent": f"Longyao {version('longyao')}",
        "External-Description": " · ".join(dict.fromkeys((title["zh"], title["en"]))),
        "Payload-Oxum": f"{total}.{len(payload)}",
        "Bag-Size": f"{total / 1e6:.1f} MB",
    }
    _write(bag / "bag-info.txt", "".join(f"{label}: {' '.join(value.split())}\n" for label, value in told.items()))
    tags = sorted(file for file in bag.iterdir() if file.is_file())
    for name in ALGORITHMS:
        lines = (f"{hashlib.new(name, file.read_bytes()).hexdigest()}  {file.name}\n" for file in tags)
        _write(bag / f"tagmanifest-{name}.txt", "".join(lines))


def _escaped(path: str) -> str:
    """RFC 8493, 2.1.3."""
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")
