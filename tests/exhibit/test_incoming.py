"""What lies in the data folder for a while: kept while somebody works on it, swept when its process was killed."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

from exhibit.incoming import own_folder, sweep
from exhibit.storage import Storage

OLD = 0.0  # seconds since 1970
AT_WORK = """
import sys
from pathlib import Path
from exhibit.incoming import own_folder
with own_folder(Path(sys.argv[1])) as folder:
    (folder / "upload").write_bytes(bytes(1000))
    print(folder, flush=True)
    sys.stdin.read()
"""


def age(path: Path) -> Path:
    os.utime(path, (OLD, OLD))
    return path


def test_what_a_killed_process_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-c", AT_WORK, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        theirs = age(Path(process.stdout.readline().strip()))
        with own_folder(tmp_path) as mine:
            age(mine)
            assert sweep(tmp_path) == []  # both are at work, however old their folders look
            process.kill()
            process.wait()
            assert sweep(tmp_path) == [theirs]
            assert list(tmp_path.iterdir()) == [mine]
        assert list(tmp_path.iterdir()) == []


def test_what_was_made_just_now_stays(tmp_path: Path) -> None:
    """Its maker may not have locked it yet."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"x")
    assert sweep(tmp_path) == []
    left = [age(tmp_path / "file"), age(tmp_path / "folder")]
    assert sweep(tmp_path) == left
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "incoming").mkdir()
    link = tmp_path / "incoming" / "link"
    link.symlink_to(tmp_path / "kept")
    os.utime(link, (OLD, OLD), follow_symlinks=False)
    assert sweep(tmp_path / "incoming") == []
    assert (tmp_path / "kept").is_dir()


def test_a_file_that_is_being_stored_is_not_swept(tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    storage.create()
    swept: list[list[Path]] = []

    class Slow(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            for path in (tmp_path / "incoming").iterdir():
                age(path)
            swept.append(storage.sweep())
            return super().read(size)

    sha256, size = storage.put(Slow(b"clay" * 1000), name="clay")
    assert (swept, size, storage.has(sha256)) == ([[], []], 4000, True)
    left = age(storage.folder / "incoming")
    (left / "tmpcut").write_bytes(b"cut short")
    age(left / "tmpcut")
    assert storage.sweep() == [left / "tmpcut"]


def test_a_folder_that_is_not_there_is_swept_at_once(tmp_path: Path) -> None:
    assert sweep(tmp_path / "incoming") == []
