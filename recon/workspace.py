"""The folder of one reconstruction: the only file that joins its paths, and the judge of what is fresh.

    WORK/
      journey.json              what was done, by what, how long it took (recon.provenance)
      <stage>/                  a finished stage: its files, and result.json + result.npz, what it hands on
      .building/<stage>/        a stage under way; its finished units survive a kill and are used again
      .lock                     locked by the process that builds here (flock); says which process that is

A stage is fresh when its key is unchanged: the SHA-256 of its name, VERSION, options and the keys of what it was
built from.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from recon import types
from recon.errors import BadOptions
from recon.messages import Message

ARRAY, PATH, TUPLE, SET, TYPE, MESSAGE = "$array", "$path", "$tuple", "$set", "$type", "$message"


class Workspace:
    def __init__(self, root: Path):
        self.root = root.absolute()

    @property
    def provenance(self) -> Path:
        return self.root / "journey.json"

    @property
    def options(self) -> Path:
        """The technician's own choices for this reconstruction, TOML; may be absent."""
        return self.root / "options.toml"

    def stage(self, name: str) -> Path:
        return self.root / name

    def check_free(self, stages: Iterable[str], source: Path) -> None:
        """Raise BadOptions where a stage would put its folder in the place of something else: the photos, say."""
        for name in stages:
            place = self.stage(name)
            of_others = place.exists() and not self._result(name).exists()
            if of_others or source.resolve().is_relative_to(place.resolve()):
                raise BadOptions("work_occupied", place=place, stage=name)

    def scratch(self, name: str, key: str) -> Path:
        """Where a stage is built; what an earlier run with the same key left there is kept, all else is cleared."""
        folder = self.root / ".building" / name
        marker = folder / ".key"
        if not marker.exists() or marker.read_text() != key:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            marker.write_text(key)
        return folder

    def fresh(self, name: str, key: str) -> bool:
        return self._key(name) == key

    def outdate(self, name: str) -> None:
        """Have a finished stage built again at its next turn; until then its files stay."""
        file = self._result(name)
        if self._key(name) is None:
            return
        stored = json.loads(file.read_text(encoding="utf-8"))
        draft = file.with_suffix(".draft")
        draft.write_text(json.dumps({**stored, "key": ""}, ensure_ascii=False, indent=1), encoding="utf-8")
        draft.replace(file)

    def _key(self, name: str) -> str | None:
        try:
            return str(json.loads(self._result(name).read_text(encoding="utf-8"))["key"])
        except (OSError, ValueError, KeyError):
            return None

    def _result(self, name: str) -> Path:
        """The file of what a finished stage hands on; a workspace of version 0.1 calls it noun.json."""
        result = self.stage(name) / "result.json"
        return result if result.exists() else result.with_name("noun.json")

    def finish(self, name: str, key: str, result: object) -> Any:
        """Put a built stage in its place in one move, and read it back as the next run would."""
        folder, place, old = self.scratch(name, key), self.stage(name), self.root / ".building" / f"{name}.old"
        arrays: dict[str, np.ndarray] = {}
        body = _encode(result, arrays, {folder: place}, self.root)
        with (folder / "result.npz").open("wb") as stream:
            np.savez(stream, **arrays)  # type: ignore[arg-type]
        (folder / "result.json").write_text(
            json.dumps({"key": key, "result": body}, ensure_ascii=False, indent=1), encoding="utf-8"
        )
        (folder / ".key").unlink()
        shutil.rmtree(old, ignore_errors=True)
        if place.exists():
            place.rename(old)
        folder.rename(place)
        shutil.rmtree(old, ignore_errors=True)
        return self.load(name)

    def has(self, name: str) -> bool:
        """Whether the stage has been finished, with whatever options."""
        return self._result(name).exists()

    def load(self, name: str) -> Any:
        """What a finished stage handed on."""
        file = self._result(name)
        stored = json.loads(file.read_text(encoding="utf-8"))
        with file.with_suffix(".npz").open("rb") as stream, np.load(stream) as arrays:
            return _decode(stored[file.stem], arrays, self.root)

    def megabytes(self, name: str) -> float:
        """What a finished stage takes on disk; a file that it shares with another place, a linked photo, counts not."""
        files = [file.stat() for file in self.stage(name).rglob("*") if file.is_file()]
        return sum(file.st_size for file in files if file.st_nlink == 1) / 1e6

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time; a process that ends gives its lock back, however it ends.

        Raises BadOptions where another process is at work.
        """
        created = not self.root.exists()
        with self._lock():
            try:
                yield
            finally:
                if created:
                    self._remove_if_empty()

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Hold flock(2) on .lock. The file stays: who removed it could remove one that another process just locked."""
        file = self.root / ".lock"
        while True:
            self.root.mkdir(parents=True, exist_ok=True)
            with file.open("ab") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise _in_use(self.root, file) from None
                if _is_at(lock, file):
                    _sign(lock)
                    yield
                    return
            # a run that was refused removed the folder between our opening and locking the file: once more

    def _remove_if_empty(self) -> None:
        """A run that was refused at once leaves nothing behind."""
        building = self.root / ".building"
        if not any(p.is_dir() and p.name != building.name for p in self.root.iterdir()):
            shutil.rmtree(self.root)


def key_of(name: str, version: int, options: object, *inputs: str) -> str:
    return hashlib.sha256("\n".join((name, str(version), repr(options), *inputs)).encode()).hexdigest()


def _sign(lock: IO[bytes]) -> None:
    """Say in the file who holds the lock. The lock does not depend on it, so a full disk is no reason to stop."""
    with suppress(OSError):
        os.ftruncate(lock.fileno(), 0)
        os.write(lock.fileno(), f"{os.getpid()} {socket.gethostname()}\n".encode())


def _in_use(work: Path, file: Path) -> BadOptions:
    """Who holds the lock, as far as it has said so by now: its process id, and its machine where that is another."""
    words = file.read_text(encoding="utf-8", errors="replace").split()
    if len(words) != 2:
        return BadOptions("work_in_use", work=work)
    process, machine = words
    if machine == socket.gethostname():
        return BadOptions("work_in_use_by", work=work, process=process)
    return BadOptions("work_in_use_at", work=work, process=process, machine=machine)


def _is_at(stream: IO[bytes], file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(stream.fileno()), file.stat())
    except FileNotFoundError:
        return False


def _encode(value: Any, arrays: dict[str, np.ndarray], moved: dict[Path, Path], root: Path) -> Any:
    def inner(part: Any) -> Any:
        return _encode(part, arrays, moved, root)

    if isinstance(value, np.ndarray):
        name = f"a{len(arrays)}"
        arrays[name] = value
        return {ARRAY: name}
    if isinstance(value, Path):
        for source, target in moved.items():
            if value.is_relative_to(source):
                value = target / value.relative_to(source)
        return {PATH: value.relative_to(root).as_posix()}
    if isinstance(value, Message):
        return {MESSAGE: value.as_json()}
    if is_dataclass(value) and not isinstance(value, type):
        return {TYPE: type(value).__name__, **{f.name: inner(getattr(value, f.name)) for f in fields(value)}}
    if isinstance(value, tuple):
        return {TUPLE: [inner(part) for part in value]}
    if isinstance(value, frozenset):
        return {SET: [inner(part) for part in sorted(value)]}
    return value


def _decode(value: Any, arrays: Any, root: Path) -> Any:
    if not isinstance(value, dict):
        return value
    match value:
        case {"$array": name}:
            return arrays[name]
        case {"$path": path}:
            return root / path
        case {"$tuple": parts}:
            return tuple(_decode(part, arrays, root) for part in parts)
        case {"$set": parts}:
            return frozenset(_decode(part, arrays, root) for part in parts)
        case {"$message": stored}:
            return Message.from_json(stored)
        case {"$type": kind, **rest} | {"$noun": kind, **rest}:
            return getattr(types, str(kind))(**{name: _decode(part, arrays, root) for name, part in rest.items()})
    raise ValueError(f"result.json holds {value!r}")
