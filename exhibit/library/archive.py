"""Unpacks zip archives that strangers made: takes what is harmless, names what it leaves out."""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from exhibit.errors import BadBundle, TooLarge
from exhibit.i18n import LANGUAGES, Language, say
from recon.formats.file_names import encoding_of, fitting, is_service_file, unused
from recon.formats.remarks import Remark

_MAX_ENTRIES = 10_000
_BLOCK = 1 << 20
_UTF8, _ENCRYPTED = 0x800, 0x1  # flags of an entry (PKWARE APPNOTE 4.4.4)
_UNICODE_PATH = 0x7075  # extra field with the name in UTF-8 (APPNOTE 4.6.9)
_DRIVE = re.compile(r"^[A-Za-z]:(?=/)")
_MAX_FOLDER_BYTES = 2048  # half of what Linux takes as a path
_SHOWN = 80  # characters of a name in a message


@dataclass(frozen=True, slots=True)
class Note:
    """What was not taken as it came: a text of the catalogue, with its values; a value may be a Remark."""

    key: str
    values: Mapping[str, object]

    def texts(self) -> dict[str, str]:
        """{zh, en}."""
        return {language: say(self.key, language, **self._values(language)) for language in LANGUAGES}

    def _values(self, language: Language) -> dict[str, object]:
        return {k: v.texts()[language] if isinstance(v, Remark) else v for k, v in self.values.items()}


@dataclass(slots=True)
class Unpacked:
    files: list[Path] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)  # of entries that were left out or renamed


def unpack(archive: Path | BinaryIO, folder: Path, *, max_bytes: int) -> Unpacked:
    """Unpack the zip into `folder`, which is empty or made here.

    Sizes are counted while unpacking: what the archive claims of itself is not believed. Links, damaged entries and
    names that lead out of the folder are left out; service files are passed over. Raises BadBundle for encrypted and
    broken archives, TooLarge past `max_bytes` in all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(archive) as packed:
            return _Unpacking(packed, folder, max_bytes).run()
    except NotImplementedError as error:
        raise BadBundle("zip_method") from error
    except (zipfile.BadZipFile, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise BadBundle("not_a_zip") from error


class _Unpacking:
    def __init__(self, packed: zipfile.ZipFile, folder: Path, max_bytes: int):
        self.packed, self.folder, self.max_bytes = packed, folder, max_bytes
        self.left = max_bytes
        self.taken: dict[PurePosixPath, set[str]] = {}  # folder -> names in it, as file_names.unused keeps them
        self.folders: set[PurePosixPath] = set()  # where one name is of a file and of a folder, the folder keeps it
        self.result = Unpacked()

    def run(self) -> Unpacked:
        entries = self.packed.infolist()
        names = _names(entries)
        wanted = [(e, n) for e, n in zip(entries, names, strict=True) if not (n.endswith("/") or _is_service(n))]
        if len(wanted) > _MAX_ENTRIES:
            raise TooLarge("too_many_files", most=_MAX_ENTRIES)
        if sum(entry.file_size for entry, _ in wanted) > self.max_bytes:
            raise TooLarge("unpacked_size", most_mb=self.max_bytes // (1 << 20))
        for _, name in wanted:
            self.folders.update(_path(name).parents)
        for entry, name in wanted:
            self._take(entry, name)
        return self.result

    def _take(self, entry: zipfile.ZipInfo, name: str) -> None:
        if entry.flag_bits & _ENCRYPTED:
            raise BadBundle("zip_encrypted")
        mode = entry.external_attr >> 16
        if stat.S_ISLNK(mode):
            return self._leave_out("link", name)
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            return self._leave_out("special", name)
        path = _path(name)
        if ".." in path.parts or not path.name:
            return self._leave_out("outside", name)
        parent = PurePosixPath(*map(fitting, path.parts[:-1]))
        if len(str(parent).encode()) > _MAX_FOLDER_BYTES:
            return self._leave_out("deep", name)
        taken = self.taken.setdefault(parent, set())
        if path in self.folders:
            taken.add(fitting(path.name).casefold())
        target = parent / unused(fitting(path.name), taken)
        try:
            (self.folder / parent).mkdir(parents=True, exist_ok=True)
            self._copy(entry, self.folder / target)
        except (zipfile.BadZipFile, EOFError, zlib.error):
            (self.folder / target).unlink(missing_ok=True)
            return self._leave_out("damaged", name)
        self.result.files.append(self.folder / target)
        if target.name != path.name:
            self.result.notes.append(Note("library.archive.renamed", {"name": _shown(name), "now": target.name}))
        return None

    def _copy(self, entry: zipfile.ZipInfo, target: Path) -> None:
        with self.packed.open(entry) as source, target.open("xb") as sink:
            while block := source.read(_BLOCK):
                self.left -= len(block)
                if self.left < 0:
                    raise TooLarge("unpacked_size", most_mb=self.max_bytes // (1 << 20))
                sink.write(block)

    def _leave_out(self, reason: str, name: str) -> None:
        self.result.notes.append(Note(f"library.archive.{reason}", {"name": _shown(name)}))


def _names(entries: list[zipfile.ZipInfo]) -> list[str]:
    """The entries' names with forward slashes. Those without a mark of UTF-8 share an encoding, which is found out.

    Only then are backslashes separators: in GBK, a backslash's byte is the second half of some characters.
    """
    raw = [None if entry.flag_bits & _UTF8 else entry.orig_filename.encode("cp437") for entry in entries]
    encoding = encoding_of(name for name in raw if name is not None)
    found = (
        entry.filename if name is None else _unicode_path(entry, name) or name.decode(encoding)
        for entry, name in zip(entries, raw, strict=True)
    )
    return [name.replace("\\", "/") for name in found]


def _unicode_path(entry: zipfile.ZipInfo, raw: bytes) -> str | None:
    """The name that an extra field gives in UTF-8, if it belongs to this entry's name."""
    extra = entry.extra
    while len(extra) >= 4:
        kind, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and body[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
            return body[5:].decode(errors="replace")
    return None


def _path(name: str) -> PurePosixPath:
    """A name as a relative path: drive letters and leading slashes are dropped."""
    return PurePosixPath(_DRIVE.sub("", name).lstrip("/"))


def _is_service(name: str) -> bool:
    path = _path(name)
    return ".." not in path.parts and is_service_file(path) if path.parts else False


def _shown(name: str) -> str:
    return name if len(name) <= _SHOWN else f"{name[: _SHOWN - 1]}…"
