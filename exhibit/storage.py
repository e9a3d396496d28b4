"""Files by their SHA-256: written once, never changed, found by their name."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from exhibit.errors import BadBundle
from exhibit.incoming import held, sweep

_SHA256 = re.compile(r"[0-9a-f]{64}")
_BLOCK = 1 << 20


class Storage:
    """files/ab/cd/abcd…: two levels of folders keep each small enough to list."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._incoming = folder / "incoming"

    def sweep(self) -> list[Path]:
        """Remove what processes left that were killed while they stored it, and return it."""
        return sweep(self._incoming)

    def create(self) -> None:
        self._incoming.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Where this file is or would be. Raises ValueError for anything that is not a SHA-256 in lower-case hex."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"not a SHA-256: {sha256!r}")
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def has(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def put(self, source: BinaryIO, *, name: str, sha256: str | None = None) -> tuple[str, int]:
        """Store what `source` holds; returns (SHA-256, bytes).

        The name is for the error only. The hash is taken of what was read while it was written, and the file appears
        in one step: a reader sees all of it or nothing. Raises BadBundle where `sha256` is not the content's.
        """
        hasher = hashlib.sha256()
        size = 0
        handle, incoming = tempfile.mkstemp(dir=self._incoming)
        try:
            with os.fdopen(handle, "wb") as target, held(Path(incoming)):
                while block := source.read(_BLOCK):
                    hasher.update(block)
                    size += len(block)
                    target.write(block)
                target.flush()
                os.fsync(target.fileno())
            found = hasher.hexdigest()
            if sha256 is not None and found != sha256:
                raise BadBundle("file_hash", name=name)
            final = self.path(found)
            if not final.is_file():
                final.parent.mkdir(parents=True, exist_ok=True)
                Path(incoming).chmod(0o444)
                Path(incoming).replace(final)
            return found, size
        finally:
            with suppress(FileNotFoundError):
                Path(incoming).unlink()

    def remove(self, sha256: str) -> None:
        """Remove the file if it is there. Whoever reads it now reads it to its end."""
        self.path(sha256).unlink(missing_ok=True)

    def check(self) -> None:
        """Write, read back and remove a file. Raises OSError where the storage does not work."""
        with tempfile.TemporaryFile(dir=self._incoming) as probe:
            probe.write(b"longyao")
            probe.flush()
            probe.seek(0)
            if probe.read() != b"longyao":
                raise OSError("the storage did not give back what was written")
