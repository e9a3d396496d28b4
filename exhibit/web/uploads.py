"""Uploaded files go straight to the data folder's disk: they take no memory, and one open file at a time.

Werkzeug's own streams keep each file below 500 KB in memory and each larger one open in the system's temporary folder:
a thousand photographs are then half a gigabyte, or more open files than a process may have.
"""

from __future__ import annotations

import io
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from flask import Request, request
from werkzeug.exceptions import RequestEntityTooLarge

from exhibit.errors import NoRoom
from exhibit.incoming import own_folder
from exhibit.web.context import site

REFUSED_BODY = "LONGYAO_REFUSED_BODY"  # a header by which exhibit.serving says why it has dropped a request's body


def check_body() -> None:
    """Raise NoRoom or RequestEntityTooLarge where the server could not take the body of the current request."""
    why = request.environ.get(f"HTTP_{REFUSED_BODY}")
    if why == "no_room":
        raise NoRoom("no_room_on_disk")
    if why == "too_large":
        raise RequestEntityTooLarge


class UploadRequest(Request):
    """Flask's request, whose uploaded files lie in the data folder's `incoming` until the request is over."""

    _folder: Path | None = None
    _num_uploads = 0

    def __init__(self, *arguments: Any, **named: Any):
        super().__init__(*arguments, **named)
        self._kept = ExitStack()

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:  # Werkzeug's place for this; see its docstring
        if self._folder is None:
            self._folder = self._kept.enter_context(own_folder(site().config.incoming_folder))
        self._num_uploads += 1
        return cast(IO[bytes], UploadStream(self._folder / str(self._num_uploads)))

    def close(self) -> None:
        super().close()
        self._kept.close()


class UploadStream(io.RawIOBase):
    """A file that is written once from its start and then read; it is open only meanwhile, and gone when closed."""

    def __init__(self, path: Path):
        self._path = path
        self._file: BinaryIO | None = path.open("xb")
        self._writing = True
        self._size_at_end: int | None = None  # once all of it has been read

    def writable(self) -> bool:
        return self._writing

    def readable(self) -> bool:
        return not self._writing

    def seekable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        assert self._writing
        assert self._file is not None
        return self._file.write(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if self._writing:
            self._release()
            self._writing = False
        self._size_at_end = None
        if (offset, whence) == (0, io.SEEK_SET):
            self._release()
            return 0
        return self._opened().seek(offset, whence)

    def tell(self) -> int:
        if self._file is not None:
            return self._file.tell()
        return self._size_at_end or 0

    def readinto(self, buffer: Any) -> int:
        if self._size_at_end is not None:
            return 0
        file = self._opened()
        size = cast(io.BufferedReader, file).readinto(buffer)
        if size < len(buffer):
            self._size_at_end = file.tell()
            self._release()
        return size

    def close(self) -> None:
        with suppress(OSError):  # the disk is full: whoever wrote was told so
            self._release()
        self._path.unlink(missing_ok=True)
        super().close()

    def _opened(self) -> BinaryIO:
        if self._file is None:
            self._file = self._path.open("rb")
        return self._file

    def _release(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            file.close()
