"""What lies in the data folder only for a while: uploads, files that are being stored, halls that are being built.

A process holds a lock (flock) on each of its own as long as it works on it, and the system gives the lock back when the
process ends, however it ends. So what a killed process left is told from what another process is at work on, whatever
the clock says, and in containers that share the folder.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_YOUNG_SECONDS = 60  # what is younger may have been made just now, and not been locked yet


@contextmanager
def own_folder(incoming: Path) -> Iterator[Path]:
    """A new folder in `incoming`, which is gone afterwards."""
    incoming.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=incoming))
    try:
        with held(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock on a file or folder that this process has just made."""
    handle = os.open(path, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks: `sweep` then leaves everything in its place
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def sweep(incoming: Path) -> list[Path]:
    """Remove what no process is at work on any more, and return it. What is young stays until the next time."""
    if not incoming.is_dir():
        return []
    before = time.time() - _YOUNG_SECONDS
    left = [path for path in sorted(incoming.iterdir()) if path.lstat().st_mtime < before and _is_free(path)]
    for path in left:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return left


def _is_free(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
