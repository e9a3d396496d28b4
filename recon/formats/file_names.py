"""File names as other systems write them: how to read them, and which files nobody means to hand in."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from pathlib import PurePath

MAX_BYTES = 255  # of one name: ext4, XFS, Btrfs

# Names in lower case. What NAS, macOS and Windows keep in folders for themselves; hidden names (".…") need no list.
_SERVICE_FOLDERS = frozenset(
    {
        "@eadir",  # Synology: thumbnails and indexes
        "@tmp",
        "@recycle",  # QNAP
        "@recently-snapshot",
        "#recycle",  # Synology
        "#snapshot",
        "__macosx",  # zip made by macOS: resource forks
        "$recycle.bin",
        "system volume information",
        "lost+found",
    }
)
_SERVICE_FILES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})


def is_service_folder(name: str) -> bool:
    return name.startswith(".") or name.lower() in _SERVICE_FOLDERS


def is_service_file(path: PurePath) -> bool:
    """Whether a file is hidden, or kept by a system for itself, or lies in such a folder; `path` is relative."""
    *folders, name = path.parts
    return name.startswith(".") or name.lower() in _SERVICE_FILES or any(map(is_service_folder, folders))


def encoding_of(names: Iterable[bytes]) -> str:
    """The encoding that these names of one source share: UTF-8, else GB18030 (Chinese Windows), else code page 437."""
    joined = b"/".join(names)
    for encoding in ("utf-8", "gb18030"):
        try:
            joined.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "cp437"  # zip's own, in which every byte means something


def readable(name: str) -> str:
    """A name from the file system as text that can be printed and stored, whatever bytes it is made of."""
    try:
        name.encode()
    except UnicodeEncodeError:  # Python carries bytes that are not UTF-8 as lone surrogates
        raw = os.fsencode(name)
        return raw.decode(encoding_of([raw]))
    return name


def fitting(name: str) -> str:
    """One part of a path as every file system takes it: no control characters, and not too long; its ending stays."""
    name = "".join(character if character.isprintable() or character == " " else "_" for character in name)
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - of a name that may be longer than a path can be
    suffix = suffix if len(suffix.encode()) <= 32 else ""
    return _cut(stem if suffix else name, MAX_BYTES - len(suffix.encode())) + suffix


def unused(name: str, taken: set[str]) -> str:
    """`name`, which fits, or with the lowest number from 2 that makes it unlike all in `taken`, which it joins.

    Names that differ in upper and lower case alone, or in how accents are stored, are alike to macOS and Windows.
    """
    path = PurePath(name)
    number, wish = 1, name
    while (key := unicodedata.normalize("NFC", wish).casefold()) in taken:
        number += 1
        ending = f"-{number}{path.suffix}"
        wish = _cut(path.stem, MAX_BYTES - len(ending.encode())) + ending
    taken.add(key)
    return wish


def _cut(text: str, most: int) -> str:
    """The first characters of `text`, at most `most` bytes of UTF-8."""
    return text.encode()[:most].decode(errors="ignore")
