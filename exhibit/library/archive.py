"""Unpacks zip archives that strangers made."""

from __future__ import annotations

import shutil
import stat
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from exhibit.errors import BadBundle, TooLarge

_MAX_ENTRIES = 10_000
_BLOCK = 1 << 20
# Windows reads these characters, and archives made there may carry them
_FORBIDDEN = frozenset('\\:*?"<>|')


def unpack(archive: Path | BinaryIO, folder: Path, *, max_bytes: int) -> list[Path]:
    """Unpack the zip into `folder`, which is empty; returns the files.

    Sizes are counted while unpacking: what the archive claims of itself is not believed. Raises BadBundle for names
    that leave the folder, links, encryption, doubled names and broken archives; TooLarge past `max_bytes` in all.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            entries = [entry for entry in packed.infolist() if not _is_litter(entry)]
            if len(entries) > _MAX_ENTRIES:
                raise TooLarge("too_many_files", most=_MAX_ENTRIES)
            if sum(entry.file_size for entry in entries) > max_bytes:
                raise TooLarge("unpacked_size", most_mb=max_bytes // (1 << 20))
            left, seen, written = max_bytes, set[str](), list[Path]()
            for entry in entries:
                target = folder / _safe(entry)
                key = unicodedata.normalize("NFC", str(target)).casefold()
                if key in seen:
                    raise BadBundle("doubled_name", name=_shown(entry))
                seen.add(key)
                target.parent.mkdir(parents=True, exist_ok=True)
                left -= _copy(packed, entry, target, left, max_bytes)
                written.append(target)
            return written
    except (zipfile.BadZipFile, NotImplementedError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise BadBundle("not_a_zip") from error
    except (FileExistsError, NotADirectoryError):  # an entry is both a file and a folder
        raise BadBundle("not_a_zip") from None


def _copy(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, left: int, max_bytes: int) -> int:
    size = 0
    with packed.open(entry) as source, target.open("xb") as sink:
        while block := source.read(_BLOCK):
            size += len(block)
            if size > left:
                raise TooLarge("unpacked_size", most_mb=max_bytes // (1 << 20))
            sink.write(block)
    return size


def _safe(entry: zipfile.ZipInfo) -> PurePosixPath:
    """The entry's name as a path that stays inside. Raises BadBundle."""
    name = entry.filename
    path = PurePosixPath(name)
    outside = path.is_absolute() or ".." in path.parts or not path.parts
    if outside or any(character in _FORBIDDEN or ord(character) < 32 for character in name):
        raise BadBundle("zip_slip", name=_shown(entry))
    mode = entry.external_attr >> 16
    if mode and not (stat.S_ISREG(mode) or stat.S_IFMT(mode) == 0):
        raise BadBundle("zip_link", name=_shown(entry))
    if entry.flag_bits & 0x1:
        raise BadBundle("zip_encrypted")
    return path


def _is_litter(entry: zipfile.ZipInfo) -> bool:
    """Folders, and what macOS and Windows leave in archives."""
    path = PurePosixPath(entry.filename)
    return entry.is_dir() or path.parts[:1] == ("__MACOSX",) or path.name in (".DS_Store", "Thumbs.db", "desktop.ini")


def _shown(entry: zipfile.ZipInfo) -> str:
    return repr(entry.filename[:80])


def clear(folder: Path) -> None:
    """Remove what was unpacked."""
    shutil.rmtree(folder, ignore_errors=True)
