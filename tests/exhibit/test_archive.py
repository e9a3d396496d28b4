"""Archives that strangers made: what is harmless is taken, what is left out is named, nothing leaves its folder."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from pathlib import Path

import pytest
import samples

from exhibit.errors import ExhibitError
from exhibit.i18n import LANGUAGES, say
from exhibit.library.archive import Unpacked, unpack


def test_an_archive_unpacks(tmp_path: Path) -> None:
    service = dict.fromkeys(("__MACOSX/x", "in/.DS_Store", "@eaDir/a.txt", "Thumbs.db", "in/._b.txt"), b"")
    content = samples.zipped({"a.txt": b"1", "in/b.txt": b"22"} | service)
    unpacked = unpack(io.BytesIO(content), tmp_path, max_bytes=3)
    assert taken_from(unpacked, tmp_path) == {"a.txt": b"1", "in/b.txt": b"22"}
    assert unpacked.notes == []


def taken_from(unpacked: Unpacked, folder: Path) -> dict[str, bytes]:
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in unpacked.files}
    assert files.keys() == {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    return files


LONG = "窑" * 100 + ".jpg"


@pytest.mark.parametrize(
    ("content", "files", "notes"),
    [
        (samples.packed_as({"誠記窯/照片一.jpg".encode("gbk"): b"1"}), {"誠記窯/照片一.jpg": b"1"}, []),
        (samples.packed_as({"誠記窯\\照片一.jpg".encode("gbk"): b"1"}), {"誠記窯/照片一.jpg": b"1"}, []),
        (samples.packed_as({"照片/龙窑 正面.jpg".encode(): b"1"}), {"照片/龙窑 正面.jpg": b"1"}, []),
        (samples.packed_as({b"caf\x82 \x81berblick.jpg": b"1"}), {"café überblick.jpg": b"1"}, []),
        (samples.packed_as({b"photos\\kiln\\front.jpg": b"1"}), {"photos/kiln/front.jpg": b"1"}, []),
        (samples.packed_as({b"C:\\photos\\front.jpg": b"1"}), {"photos/front.jpg": b"1"}, []),
        (samples.packed_as({b"/home/me/front.jpg": b"1"}), {"home/me/front.jpg": b"1"}, []),
        (samples.zipped({"2024:01:02 front?.jpg": b"1"}), {"2024:01:02 front?.jpg": b"1"}, []),
        (samples.zipped({"A.jpg": b"1", "a.JPG": b"2"}), {"A.jpg": b"1", "a-2.JPG": b"2"}, ["renamed"]),
        (samples.zipped({"a": b"1", "a/b.jpg": b"2"}), {"a-2": b"1", "a/b.jpg": b"2"}, ["renamed"]),
        (samples.zipped({LONG: b"1"}), {LONG[:83] + ".jpg": b"1"}, ["renamed"]),
        (samples.zipped({"ok.jpg": b"1", "/".join(["in"] * 900) + "/deep.jpg": b"2"}), {"ok.jpg": b"1"}, ["deep"]),
        (samples.zipped({"new\nline\x1b[31m.jpg": b"1"}), {"new_line_[31m.jpg": b"1"}, ["renamed"]),
    ],
)
def test_names_from_everywhere(tmp_path: Path, content: bytes, files: dict[str, bytes], notes: list[str]) -> None:
    unpacked = unpack(io.BytesIO(content), tmp_path / "inside", max_bytes=100)
    assert taken_from(unpacked, tmp_path / "inside") == files
    assert [note.key for note in unpacked.notes] == [f"library.archive.{note}" for note in notes]
    for note in unpacked.notes:
        assert all(say(note.key, language, **note.values) for language in LANGUAGES)


def test_a_name_in_an_extra_field(tmp_path: Path) -> None:
    """As 7-Zip and Info-ZIP write it beside a name in the system's own letters; one of another name does not count."""
    raw, told = b"Kiln_.jpg", "窑.jpg".encode()
    for crc, name in ((zlib.crc32(raw), "窑.jpg"), (1, "Kiln_.jpg")):
        body = b"\1" + crc.to_bytes(4, "little") + told
        extra = (0x7075).to_bytes(2, "little") + len(body).to_bytes(2, "little") + body
        folder = tmp_path / str(crc)
        unpacked = unpack(io.BytesIO(samples.packed_as({raw: b"1"}, extra)), folder, max_bytes=9)
        assert taken_from(unpacked, folder) == {name: b"1"}


def test_a_windows_zip_of_a_kiln_whose_name_holds_a_backslash(real_data: Path, tmp_path: Path) -> None:
    unpacked = unpack(real_data / "cases" / "gbk-5c.zip", tmp_path, max_bytes=1 << 30)
    names = [path.relative_to(tmp_path).as_posix() for path in unpacked.files]
    assert names == [f"誠記窯/照片{number:02}.jpg" for number in range(12)]
    assert unpacked.notes == []


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (("../evil.jpg", 0), "outside"),
        (("in/../../evil.jpg", 0), "outside"),
        (("..\\evil.jpg", 0), "outside"),
        (("evil.jpg", stat.S_IFLNK | 0o777), "link"),
        (("evil.jpg", stat.S_IFIFO | 0o777), "special"),
    ],
)
def test_what_is_left_out_does_not_cost_the_rest(tmp_path: Path, bad: tuple[str, int], reason: str) -> None:
    name, mode = bad
    buffer = io.BytesIO(samples.with_entry(name, mode=mode))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("good.jpg", b"1")
    unpacked = unpack(buffer, tmp_path / "inside", max_bytes=100)
    assert taken_from(unpacked, tmp_path / "inside") == {"good.jpg": b"1"}
    [note] = unpacked.notes
    assert (note.key, note.values) == (f"library.archive.{reason}", {"name": name.replace("\\", "/")})
    assert list(tmp_path.rglob("*evil*")) == []


def test_a_damaged_entry_is_left_out(tmp_path: Path) -> None:
    content = samples.packed_as({b"bad-file.jpg": b"not what was packed", b"good.jpg-": b"1"})
    content = content.replace(b"not what was packed", b"NOT what was packed")
    unpacked = unpack(io.BytesIO(content), tmp_path, max_bytes=100)
    assert taken_from(unpacked, tmp_path) == {"good.jpg-": b"1"}
    assert [note.key for note in unpacked.notes] == ["library.archive.damaged"]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (samples.with_entry("secret", flag=1), "zip_encrypted"),
        (samples.zipped({"a": b"1"})[:-10], "not_a_zip"),
        (b"PK\x03\x04" + b"\0" * 200, "not_a_zip"),
        (samples.zipped({"zeros": b"\0" * 5_000_000}), "unpacked_size"),
        (samples.zipped({str(number): b"" for number in range(10_001)}), "too_many_files"),
    ],
    ids=["encrypted", "cut", "empty", "too large", "too many"],
)
def test_a_hostile_archive(tmp_path: Path, content: bytes, key: str) -> None:
    with pytest.raises(ExhibitError) as told:
        unpack(io.BytesIO(content), tmp_path / "inside", max_bytes=1_000_000)
    assert told.value.key == key
    assert list(tmp_path.rglob("*evil*")) == []


def test_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    """The directory says 10 bytes, the data unpack to 5 MB: it is stopped by what really comes."""
    content = samples.zipped({"zeros": b"\0" * 5_000_000})
    lying = content.replace((5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != content
    unpacked = unpack(io.BytesIO(lying), tmp_path, max_bytes=1_000_000)
    assert taken_from(unpacked, tmp_path) == {}
    assert [note.key for note in unpacked.notes] == ["library.archive.damaged"]
