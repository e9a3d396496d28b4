"""File names as other systems write them: how to read them, and which files nobody means to hand in."""

from __future__ import annotations

import os
from pathlib import PurePath

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


def decoded(raw: bytes) -> str:
    """A file name of unknown encoding: UTF-8, else GB18030 (Chinese Windows), else code page 437 (zip's own)."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def readable(name: str) -> str:
    """A name from the file system as text that can be printed and stored, whatever bytes it is made of."""
    try:
        name.encode()
    except UnicodeEncodeError:  # Python carries bytes that are not UTF-8 as lone surrogates
        return decoded(os.fsencode(name))
    return name
