"""Files by their SHA-256."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from exhibit.errors import BadBundle
from exhibit.storage import Storage


@pytest.fixture
def empty(tmp_path: Path) -> Storage:
    storage = Storage(tmp_path / "files")
    storage.create()
    return storage


def everything(storage: Storage) -> list[Path]:
    return [path for path in storage.folder.rglob("*") if path.is_file()]


def test_what_goes_in_is_found_by_its_hash(empty: Storage) -> None:
    content = b"kaolin" * 400_000  # several blocks
    sha256, size = empty.put(io.BytesIO(content), name="clay")
    assert (sha256, size) == (hashlib.sha256(content).hexdigest(), len(content))
    path = empty.path(sha256)
    assert path.read_bytes() == content
    assert path.relative_to(empty.folder).parts == (sha256[:2], sha256[2:4], sha256)
    assert path.stat().st_mode & 0o222 == 0
    assert empty.has(sha256)


def test_the_same_twice_is_one_file(empty: Storage) -> None:
    assert empty.put(io.BytesIO(b"glaze"), name="a") == empty.put(io.BytesIO(b"glaze"), name="b")
    assert len(everything(empty)) == 1


def test_a_wrong_hash_leaves_nothing(empty: Storage) -> None:
    with pytest.raises(BadBundle, match="does not match its checksum"):
        empty.put(io.BytesIO(b"glaze"), name="glaze.glb", sha256="0" * 64)
    assert everything(empty) == []


def test_a_source_that_breaks_off_leaves_nothing(empty: Storage) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError("gone")
            return super().read(4)

    with pytest.raises(OSError, match="gone"):
        empty.put(Broken(b"glaze and ash"), name="glaze")
    assert everything(empty) == []


@pytest.mark.parametrize(
    "wish", ["", "..", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 65, "0" * 63 + "/", "0" * 64 + "\n"]
)
def test_only_a_hash_is_a_name(empty: Storage, wish: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        empty.path(wish)


def test_the_check_finds_a_missing_folder(empty: Storage) -> None:
    empty.check()
    (empty.folder / "incoming").rmdir()
    with pytest.raises(OSError, match="incoming"):
        empty.check()
