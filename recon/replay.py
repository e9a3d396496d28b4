"""Rebuild from a record, and say whether the same comes of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from recon.errors import BadModel, BadOptions
from recon.messages import Language, say
from recon.pipeline.build import build
from recon.pipeline.run import Listener
from recon.record.hashes import sources
from recon.workspace import Workspace

_NAMED = 5  # files of the source that an error names


@dataclass(frozen=True, slots=True)
class Replayed:
    stages: tuple[tuple[str, bool], ...]  # (stage, whether its output is the same, byte for byte), in their order
    software: tuple[tuple[str, str, str], ...]  # (library, its version then, now) where these differ

    @property
    def first_difference(self) -> str | None:
        return next((stage for stage, same in self.stages if not same), None)

    @property
    def agrees(self) -> bool:
        return self.first_difference is None

    def text(self, language: Language) -> str:
        """A line for each stage, and what it comes to."""
        lines = [
            f"{stage:10}{say('replay.same' if same else 'replay.differs', language)}" for stage, same in self.stages
        ]
        lines += [say("replay.software", language, name=n, then=then, now=now) for n, then, now in self.software]
        end = "replay.agrees" if self.agrees else "replay.first"
        return "\n".join([*lines, say(end, language, stage=self.first_difference or "")])


def replay(record: Path, source: Path, work: Path, *, listener: Listener | None = None) -> Replayed:
    """Rebuild `source` with the options of a record in the folder `work`, and compare.

    record: journey.json, or a workspace or bag that holds one. Raises BadModel where there is no record or it keeps no
    hashes, BadOptions where `source` is not what was recorded or `work` is in use for something else; else as
    recon.build.
    """
    file = _find(record)
    told = json.loads(file.read_text(encoding="utf-8"))
    if not told.get("outputs") or not told.get("sources"):
        raise BadModel("replay_no_hashes", file=file)
    if file.parent.resolve() == work.resolve():
        raise BadOptions("replay_in_place", work=work)
    _check_source(told["sources"], source)
    _keep_options(Workspace(work), told)
    build(source, work, preset=told["preset"], listener=listener)
    now = json.loads(Workspace(work).provenance.read_text(encoding="utf-8"))
    then, made = told["outputs"], now["outputs"]
    stages = [stage for stage in told["stages"] if stage in then or stage in made]
    same = tuple((stage, then.get(stage, {}).get("sha256") == made.get(stage, {}).get("sha256")) for stage in stages)
    return Replayed(same, _changed(told))


def _find(record: Path) -> Path:
    places = (record, record / "journey.json", record / "data" / "journey.json")
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        raise BadModel("replay_no_record", record=record)
    return file


def _check_source(recorded: list[dict[str, Any]], source: Path) -> None:
    then = {entry["path"]: entry["sha256"] for entry in recorded}
    now = {entry["path"]: entry["sha256"] for entry in sources(source)}
    off = sorted(path for path in then.keys() | now.keys() if then.get(path) != now.get(path))
    if off:
        raise BadOptions("replay_source", source=source, count=len(off), names=off[:_NAMED])


def _keep_options(workspace: Workspace, told: dict[str, Any]) -> None:
    """Write all options of the record where a build looks for them."""
    tables = (
        f"[{stage}]\n" + "".join(f"{name} = {_toml(value)}\n" for name, value in entry["options"].items())
        for stage, entry in told["stages"].items()
    )
    text = "\n".join(tables)
    file = workspace.options
    if file.exists() and file.read_text(encoding="utf-8") != text:
        raise BadOptions("replay_options", file=file)
    workspace.root.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _toml(value: Any) -> str:
    if value is None:
        return '"none"'
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _changed(told: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    then = {item for entry in told["stages"].values() for item in entry["libraries"].items()}
    found = []
    for name, number in sorted(then):
        try:
            now = version(name)
        except PackageNotFoundError:
            now = "–"
        if now != number:
            found.append((name, number, now))
    return tuple(found)
