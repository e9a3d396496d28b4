"""LZF, the packing of binary_compressed PCD. Source: lzf_d.c of liblzf (Marc Lehmann)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO

from recon.formats.errors import BadFile

_REACH = 1 << 13  # bytes that a token can look back
_AT_ONCE = 1 << 20


@contextmanager
def unpack(file: BinaryIO, packed: int, whole: int, name: str) -> Iterator[BinaryIO]:
    """The next `packed` bytes, unpacked into a temporary file of `whole` bytes. Raises BadFile where they are not."""
    with TemporaryFile() as out:
        left, data, at, window = packed, b"", 0, bytearray()
        written = 0
        while True:
            if len(data) - at < 300 and left:  # longer than any token
                more = file.read(min(_AT_ONCE, left))
                if not more:
                    raise BadFile("cut_short", name=name)
                left -= len(more)
                data, at = data[at:] + more, 0
            if at >= len(data):
                break
            control = data[at]
            at += 1
            if control < 32:
                end = at + control + 1
                if end > len(data):
                    raise BadFile("scan_broken", name=name, format="PCD")
                window += data[at:end]
                at = end
            else:
                length = control >> 5
                try:
                    if length == 7:
                        length += data[at]
                        at += 1
                    back = ((control & 31) << 8) + data[at] + 1
                except IndexError as error:
                    raise BadFile("scan_broken", name=name, format="PCD") from error
                at += 1
                length += 2
                start = len(window) - back
                if start < 0:
                    raise BadFile("scan_broken", name=name, format="PCD")
                if back >= length:
                    window += window[start : start + length]
                else:  # it runs into what it writes
                    window += (window[start:] * (length // back + 1))[:length]
            if len(window) > _AT_ONCE:
                out.write(window[:-_REACH])
                written += len(window) - _REACH
                if written > whole:
                    raise BadFile("scan_broken", name=name, format="PCD")
                del window[:-_REACH]
        out.write(window)
        if written + len(window) != whole:
            raise BadFile("scan_broken", name=name, format="PCD")
        yield out
