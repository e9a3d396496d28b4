"""A tileset in one file, .3tz: a zip whose last entry says, by the hash of its name, where each file begins.

    with TileArchiveWriter(path) as out:
        out.add("tileset.json", data)

Whoever serves it finds a file with a few reads, however many there are, and sends its packed bytes as they are.
Source: 3D Tiles Archive Format 1.3 (Dahlström, 2021); PKWARE, APPNOTE 6.3.10, sections 4.3 and 4.5.3 (zip64).
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from recon.formats.asset_document import Mime
from recon.formats.errors import BadFile

MIME: Mime = "application/vnd.maxar.archive.3tz+zip"
ROOT = "tileset.json"
_INDEX = "@3dtilesIndex1@"
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_ZIP64_END = struct.Struct("<4sQ2H2I4Q")
_ZIP64_LOCATOR = struct.Struct("<4sIQI")
_END = struct.Struct("<4s4H2IH")
_ENTRY = struct.Struct("<16sQ")
_DOS_DATE = 0x21  # 1980-01-01: the same tiles make the same file
_MAX16, _MAX32 = 0xFFFF, 0xFFFFFFFF
_WORTH = 0.97  # what is not packed to less than this share is kept as it is
_LEVEL = 1  # of zlib; 9 saves one hundredth more
_LONGEST_TAIL = _CENTRAL.size + len(_INDEX) + 64 + _ZIP64_END.size + _ZIP64_LOCATOR.size + _END.size


@dataclass(frozen=True, slots=True)
class Packed:
    """A file as it lies in the archive."""

    data: bytes
    size: int  # unpacked
    crc: int
    deflated: bool

    @classmethod
    def of(cls, data: bytes) -> Packed:
        """Deflated where that helps."""
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
        small = packer.compress(data) + packer.flush()
        deflated = len(small) < _WORTH * len(data)
        return cls(small if deflated else data, len(data), zlib.crc32(data), deflated)

    def gzipped(self) -> bytes:
        """The same deflated bytes as a gzip file (RFC 1952)."""
        if not self.deflated:
            raise ValueError("not deflated")
        head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
        return head + self.data + struct.pack("<II", self.crc, self.size & _MAX32)

    def unpacked(self) -> bytes:
        """Raises ValueError where it is broken."""
        if not self.deflated:
            data = self.data
        else:
            unpacker = zlib.decompressobj(-15)
            try:
                data = unpacker.decompress(self.data, self.size + 1)
            except zlib.error as error:
                raise ValueError("broken data") from error
        if len(data) != self.size or zlib.crc32(data) != self.crc:
            raise ValueError("broken data")
        return data


class TileArchiveWriter:
    """Files added one by one; a reader never sees half an archive."""

    def __init__(self, path: Path):
        self.path = path
        self._partial = path.with_name(path.name + ".partial")
        self._file: BinaryIO = self._partial.open("wb")
        self._central: list[bytes] = []
        self._entries: list[tuple[bytes, int]] = []

    def add(self, name: str, data: bytes | Packed) -> None:
        packed = data if isinstance(data, Packed) else Packed.of(data)
        offset = self._write(name, packed)
        self._entries.append((hashlib.md5(name.encode(), usedforsecurity=False).digest(), offset))

    def _write(self, name: str, packed: Packed) -> int:
        offset, coded = self._file.tell(), name.encode("ascii")
        method, length = (8 if packed.deflated else 0), len(packed.data)
        if packed.size >= _MAX32:
            raise ValueError(f"{name} is too large for a tile")
        about = (method, 0, _DOS_DATE, packed.crc, length, packed.size, len(coded))
        self._file.write(_LOCAL.pack(b"PK\x03\x04", 20, 0, *about, 0) + coded + packed.data)
        extra = struct.pack("<HHQ", 1, 8, offset) if offset >= _MAX32 else b""
        at = min(offset, _MAX32)
        version = 45 if extra else 20
        self._central.append(
            _CENTRAL.pack(b"PK\x01\x02", version, version, 0, *about, len(extra), 0, 0, 0, 0, at) + coded + extra
        )
        return offset

    def _close(self) -> None:
        entries = sorted(self._entries, key=lambda entry: struct.unpack("<QQ", entry[0]))
        index = b"".join(_ENTRY.pack(*entry) for entry in entries)
        self._write(_INDEX, Packed(index, len(index), zlib.crc32(index), deflated=False))
        start, count = self._file.tell(), len(self._central)
        directory = b"".join(self._central)
        self._file.write(directory)
        if count >= _MAX16 or start + len(directory) >= _MAX32:
            after = self._file.tell()
            self._file.write(
                _ZIP64_END.pack(b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(directory), start)
                + _ZIP64_LOCATOR.pack(b"PK\x06\x07", 0, after, 1)
            )
        short = (min(count, _MAX16), min(count, _MAX16), min(len(directory), _MAX32), min(start, _MAX32))
        self._file.write(_END.pack(b"PK\x05\x06", 0, 0, *short, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._close()
        finally:
            self._file.close()
        if kind is None:
            self._partial.replace(self.path)
        else:
            self._partial.unlink()


class TileArchive:
    """Reads files by their names."""

    def __init__(self, file: BinaryIO, start: int, count: int):
        self._file, self._start, self._count = file, start, count

    def __len__(self) -> int:
        """How many files it has."""
        return self._count

    def get(self, name: str) -> Packed | None:
        """The file of this name; None where there is none. Raises ValueError where the archive is broken."""
        wanted = hashlib.md5(name.encode(), usedforsecurity=False).digest()
        order = struct.unpack("<QQ", wanted)
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            digest, offset = _ENTRY.unpack(self._read(self._start + middle * _ENTRY.size, _ENTRY.size))
            if digest == wanted:
                return self._at(offset, name)
            if struct.unpack("<QQ", digest) < order:
                low = middle + 1
            else:
                high = middle
        return None

    def all(self) -> Iterator[tuple[str, Packed]]:
        """(name, file) of each, in the order in which they lie there."""
        index = self._read(self._start, self._count * _ENTRY.size)
        for offset in sorted(offset for _, offset in _ENTRY.iter_unpack(index)):
            name = self._read(offset + _LOCAL.size, _local(self._read(offset, _LOCAL.size))[-2])
            yield name.decode("ascii"), self._at(offset, name.decode("ascii"))

    def _at(self, offset: int, name: str) -> Packed:
        _, _, flags, method, _, _, crc, length, size, name_length, extra = _local(self._read(offset, _LOCAL.size))
        if flags & 0b1001 or method not in (0, 8) or length == _MAX32 or size > _MAX_TILE:
            raise ValueError("an archive that this does not read")
        offset += _LOCAL.size
        if self._read(offset, name_length) != name.encode():
            raise ValueError("the index names another file")
        return Packed(self._read(offset + name_length + extra, length), size, crc, method == 8)

    def _read(self, offset: int, length: int) -> bytes:
        self._file.seek(offset)
        data = self._file.read(length)
        if len(data) != length:
            raise ValueError("cut short")
        return data


_MAX_TILE = 256 << 20  # bytes of one file, unpacked


def _local(head: bytes) -> tuple[bytes, int, int, int, int, int, int, int, int, int, int]:
    values: tuple[bytes, int, int, int, int, int, int, int, int, int, int] = _LOCAL.unpack(head)
    if values[0] != b"PK\x03\x04":
        raise ValueError("no file begins here")
    return values


@contextmanager
def tile_archive(path: Path, *, name: str | None = None) -> Iterator[TileArchive]:
    """Open an archive. Raises BadFile where it is none, or is cut short."""
    with path.open("rb") as file:
        try:
            start, count = _index(file)
        except (ValueError, struct.error) as error:
            raise BadFile("tiles_broken", name=name or path.name) from error
        yield TileArchive(file, start, count)


def _index(file: BinaryIO) -> tuple[int, int]:
    """(where the index begins, how many entries it has): its entry is the last of the central directory."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - _LONGEST_TAIL))
    tail = file.read()
    at = tail.rfind(b"PK\x01\x02")
    if at < 0 or tail[at + _CENTRAL.size :][: len(_INDEX)] != _INDEX.encode():
        raise ValueError("no index")
    values = _CENTRAL.unpack_from(tail, at)
    length, offset = values[9], values[16]
    if offset == _MAX32:
        (offset,) = struct.unpack_from("<Q", tail, at + _CENTRAL.size + len(_INDEX) + 4)
    file.seek(offset)
    local = _local(file.read(_LOCAL.size))
    start = offset + _LOCAL.size + local[9] + local[10]
    if length % _ENTRY.size or start + length > size:
        raise ValueError("an index that is cut short")
    return start, length // _ENTRY.size
