"""journey.json: what was done to the photos, by what, for how long, and what the technician should know."""

from __future__ import annotations

import json
import platform
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from recon.errors import LongyaoError
from recon.messages import LANGUAGES, Message, read_text

LIBRARIES = ("longyao", "numpy", "opencv-python", "open3d", "pycolmap", "numba", "scipy", "trimesh", "DracoPy")
SAMPLE_SECONDS = 0.2


class Provenance:
    """The record of one workspace, written anew after every stage."""

    def __init__(self, path: Path, *, source: Path, preset: str):
        self.path = path
        self.source = source
        self.record: dict[str, Any] = {"stages": {}}
        self.broken: Path | None = None  # where a journey.json that could not be read was put
        if path.exists():
            record = _read(path)
            if record is None:
                self.broken = path.replace(path.with_suffix(".broken.json"))
            else:
                self.record = record
        self.record |= {
            "schema": "longyao:journey/2",
            "source": source.name,
            "preset": preset,
            "machine": {
                "system": platform.platform(),
                "python": platform.python_version(),
                "cores": psutil.cpu_count() or 1,
                "memory_mb": round(psutil.virtual_memory().total / 1e6),
            },
        }
        if self.broken is not None:
            self.write()

    @contextmanager
    def stage(self, name: str, *, number: int, options: object, inputs: list[str]) -> Iterator[dict[str, Any]]:
        """Measure a stage while it is built, and write its entry when it succeeds or fails."""
        entry: dict[str, Any] = {
            "version": number,
            "options": asdict(options) if is_dataclass(options) and not isinstance(options, type) else {},
            "libraries": {n: version(n) for n in LIBRARIES},
            "inputs": inputs,
            "units_done": 0,
            "units_failed": 0,
            "warnings": [],
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        before, cpu_before = time.monotonic(), _cpu_seconds()
        with _peak_memory() as peak:
            try:
                yield entry
                entry["done"] = True
            except BaseException as problem:
                entry |= {"done": False, "problem": _as_json(problem)}
                raise
            finally:
                entry |= {
                    "wall_seconds": round(time.monotonic() - before, 2),
                    "cpu_seconds": round(_cpu_seconds() - cpu_before, 2),
                    "peak_rss_mb": round(peak() / 1e6, 1),
                }
                self.record["stages"][name] = entry
                self.write()

    def warnings(self, name: str) -> list[Message]:
        """What the stage warned of when it was last finished; empty where a later attempt failed."""
        entry = self.record["stages"].get(name, {})
        return [_message(stored) for stored in entry.get("warnings", [])] if entry.get("done") else []

    def keep(self, **values: Any) -> None:
        """Write what is known of the whole run, beside its stages."""
        self.record |= values
        self.write()

    def write(self) -> None:
        draft = self.path.with_suffix(".draft")
        try:
            draft.write_text(json.dumps(self.record, ensure_ascii=False, indent=1), encoding="utf-8")
            draft.replace(self.path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise


def _read(path: Path) -> dict[str, Any] | None:
    """The record of an earlier run; None where it is empty, cut short or something else."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None
    sound = isinstance(record, dict) and isinstance(record.get("stages"), dict)
    return record if sound else None


def _message(stored: Any) -> Message:
    """A message as it was kept; its English text where another version kept it and its key is gone."""
    try:
        message = Message.from_json(stored)
        for language in LANGUAGES:
            message.text(language)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return Message("warning.kept_as_text", text=read_text(stored, "en"))
    return message


def _as_json(problem: BaseException) -> dict[str, Any]:
    if isinstance(problem, LongyaoError):
        return problem.as_json()
    return {"text": str(problem) or type(problem).__name__}


def _cpu_seconds() -> float:
    """Of this process and of the children that it has waited for."""
    times = psutil.Process().cpu_times()
    return sum(getattr(times, part, 0.0) for part in ("user", "system", "children_user", "children_system"))


@contextmanager
def _peak_memory() -> Iterator[Any]:
    """Highest resident memory of this process and its children while the block runs, bytes; sampled."""
    process, highest, over = psutil.Process(), [0], threading.Event()

    def sample() -> None:
        total = 0
        for member in [process, *process.children(recursive=True)]:
            try:
                total += member.memory_info().rss
            except psutil.Error:  # a child that just ended
                continue
        highest[0] = max(highest[0], total)

    def watch() -> None:
        while not over.wait(SAMPLE_SECONDS):
            sample()

    sample()
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield lambda: highest[0]
    finally:
        over.set()
        watcher.join()
