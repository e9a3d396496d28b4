"""Files of Gaussian splats as phones, trainers and editors write them.

PLY of the original trainer (Kerbl et al., 2023); SuperSplat's compressed PLY (PlayCanvas); SPZ 2 to 4 (Niantic
Spatial); .splat. All but SPZ have the cameras' frame, Y down and Z ahead, and are turned half around X.
"""

from __future__ import annotations

import struct
import sys
import zlib
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recon.formats.errors import BadFile, TooLarge
from recon.formats.ply_elements import read_elements
from recon.formats.splats import MAX_SPLATS, SH0, Splats, checked

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_CHUNK = 256  # splats of a compressed PLY that share their ranges
_GZIP, _SPZ = b"\x1f\x8b", b"NGSP"
_SPZ_HEAD = struct.Struct("<4sIIBBBB")
_SPZ_COLOUR = 0.15
_SPZ_EXTENDED = 2  # a flag: records of a maker's own come first
_HARMONICS = (0, 9, 24, 45, 72)  # bytes of a splat in SPZ, by degree
_RECORD = np.dtype([("xyz", "<f4", 3), ("scale", "<f4", 3), ("rgba", "u1", 4), ("wxyz", "u1", 4)])

Numbers = NDArray[Any]


def is_splats(path: Path, name: str) -> bool:
    """Whether read_splats is the one to read a file: by its first bytes or, of .splat which has none, by its name."""
    with path.open("rb") as source:
        head = source.read(4096)
    if head.startswith(b"ply"):
        return b" f_dc_0" in head or b" packed_position" in head
    return head.startswith((_SPZ, _GZIP)) or name.lower().endswith((".splat", ".spz"))


def read_splats(path: Path, *, name: str | None = None, max_bytes: int) -> Splats:
    """Raises BadFile where the file is broken or holds nothing, TooLarge past `max_bytes` or MAX_SPLATS."""
    name = name or path.name
    if path.stat().st_size > max_bytes:
        raise TooLarge("model_size", name=name, most_mb=max_bytes >> 20)
    content = path.read_bytes()
    try:
        if content.startswith(b"ply"):
            splats = _read_ply(path, name)
        elif content.startswith((_SPZ, _GZIP)):
            splats = _read_spz(content, name)
        else:
            splats = _read_records(content, name)
    except (ValueError, KeyError, IndexError, struct.error, zlib.error, zstd.ZstdError) as error:
        raise BadFile("model_broken", name=name) from error
    return checked(splats, name)


def _count(number: int, name: str) -> int:
    if number > MAX_SPLATS:
        raise TooLarge("points", name=name, most=MAX_SPLATS)
    return number


def _upright(centres: Numbers, scales: Numbers, wxyz: Numbers, opacities: Numbers, colours: Numbers) -> Splats:
    """From a frame with Y down and Z ahead."""
    w, x, y, z = np.asarray(wxyz, np.float32).T
    turned = np.column_stack([w, -z, y, -x])  # i (w + xi + yj + zk), as x, y, z, w
    centres = np.asarray(centres, np.float64) * np.array([1, -1, -1])
    return Splats(centres, *(np.asarray(part, np.float32) for part in (scales, turned, opacities, colours)))


def _read_ply(path: Path, name: str) -> Splats:
    elements = read_elements(path, name=name)
    rows = elements["vertex"].columns
    _count(len(next(iter(rows.values()))), name)
    if "chunk" in elements:
        return _unpack_chunks(elements["chunk"].columns, rows)

    def columns(key: str, axes: str) -> Numbers:
        return np.column_stack([rows[f"{key}{axis}"] for axis in axes])

    opacities = 1 / (1 + np.exp(-rows["opacity"].astype(np.float64)))
    colours = columns("f_dc_", "012") * SH0 + 0.5
    return _upright(columns("", "xyz"), np.exp(columns("scale_", "012")), columns("rot_", "0123"), opacities, colours)


def _unpack_chunks(chunks: dict[str, Numbers], rows: dict[str, Numbers]) -> Splats:
    own = np.arange(len(rows["packed_position"])) // _CHUNK

    def between(shares: Numbers, what: str, axes: str) -> Numbers:
        low, high = (np.column_stack([chunks[f"{end}_{what}{axis}"][own] for axis in axes]) for end in ("min", "max"))
        return np.asarray(low + shares * (high - low))

    centres = between(_shares(rows["packed_position"], (11, 10, 11)), "", "xyz")
    scales = np.exp(between(_shares(rows["packed_scale"], (11, 10, 11)), "scale_", "xyz"))
    rgba = _shares(rows["packed_color"], (8, 8, 8, 8))
    colours = between(rgba[:, :3], "", "rgb") if "min_r" in chunks else rgba[:, :3]
    rest = (_shares(rows["packed_rotation"], (2, 10, 10, 10))[:, 1:] - 0.5) * np.sqrt(2)
    return _upright(centres, scales, _with_largest(rest, rows["packed_rotation"] >> 30), rgba[:, 3], colours)


def _shares(words: Numbers, bits: tuple[int, ...]) -> NDArray[np.float64]:
    """(N, len(bits)) the fields of 32-bit words, the first in the highest bits, as shares of their greatest value."""
    left, columns = 32, []
    for width in bits:
        left -= width
        most = (1 << width) - 1
        columns.append((words >> left & most) / most)
    return np.column_stack(columns)


def _with_largest(rest: Numbers, largest: Numbers) -> NDArray[np.float64]:
    """(N, 4) unit quaternions of their three smaller components (N, 3) and the place (N,) of the largest."""
    largest = largest.astype(np.intp)
    others = np.array([[place for place in range(4) if place != one] for one in range(4)])
    full = np.empty((len(rest), 4))
    np.put_along_axis(full, others[largest], rest, 1)
    np.put_along_axis(full, largest[:, None], np.sqrt(np.maximum(0, 1 - (rest**2).sum(1)))[:, None], 1)
    return full


def _read_spz(content: bytes, name: str) -> Splats:
    packed = content.startswith(_GZIP)
    head = _gunzipped(content, _SPZ_HEAD.size) if packed else content
    magic, version, count, degree, fraction, flags, _ = _SPZ_HEAD.unpack_from(head)
    if magic != _SPZ or version not in ((2, 3) if packed else (4,)):
        raise BadFile("spz_version", name=name, version=version)
    count = _count(count, name)
    turns = 3 if version == 2 else 4
    sizes = [width * count for width in (9, 1, 3, 3, turns, _HARMONICS[degree])]
    streams = _spz_streams(content, sizes) if version == 4 else _spz_sections(content, sizes, flags)
    if [len(stream) for stream in streams] != sizes[: len(streams)]:
        raise ValueError("cut off")
    positions, opacities, colours, scales, rotations = (np.frombuffer(s, np.uint8).reshape(count, -1) for s in streams)
    parts = positions.reshape(count, 3, 3).astype(np.int32)
    fixed = (parts[..., 0] << 8 | parts[..., 1] << 16 | parts[..., 2] << 24) >> 8  # with its sign
    return Splats(
        *(
            np.asarray(part, np.float32)
            for part in (
                fixed / float(1 << fraction),
                np.exp(scales / 16 - 10),
                _spz_first_three(rotations) if version == 2 else _spz_smallest_three(rotations),
                opacities[:, 0] / 255,
                (colours / 255 - 0.5) / _SPZ_COLOUR * SH0 + 0.5,
            )
        )
    )


def _gunzipped(content: bytes, most: int) -> bytes:
    return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(content, most)


def _spz_sections(content: bytes, sizes: list[int], flags: int) -> list[bytes]:
    """Versions 2 and 3: one after another, all packed together; what varies with the view is left."""
    if flags & _SPZ_EXTENDED:
        raise ValueError("records of a maker's own come first")
    ends = list(accumulate(sizes[:5], initial=_SPZ_HEAD.size))
    body = _gunzipped(content, ends[-1])
    return [body[start:end] for start, end in pairwise(ends)]


def _spz_streams(content: bytes, sizes: list[int]) -> list[bytes]:
    """Version 4: each packed by itself, after a table of their lengths."""
    (table,) = struct.unpack_from("<I", content, _SPZ_HEAD.size)
    at = table + 16 * content[_SPZ_HEAD.size - 1]
    streams = []
    for i, size in enumerate(sizes[:5]):
        (length,) = struct.unpack_from("<Q", content, table + 16 * i)
        streams.append(zstd.ZstdDecompressor().decompress(content[at : at + length], size))
        at += length
    return streams


def _spz_first_three(rotations: NDArray[np.uint8]) -> NDArray[np.float64]:
    """(N, 4) x, y, z, w."""
    xyz = rotations / 127.5 - 1
    return np.column_stack([xyz, np.sqrt(np.maximum(0, 1 - (xyz**2).sum(1)))])


def _spz_smallest_three(rotations: NDArray[np.uint8]) -> NDArray[np.float64]:
    """(N, 4) x, y, z, w; each of the three has a sign and nine bits."""
    words = np.ascontiguousarray(rotations).view("<u4")[:, 0]
    fields = np.column_stack([words >> shift & 1023 for shift in (20, 10, 0)])
    rest = (fields & 511) / 511 * np.sqrt(0.5) * np.where(fields & 512, -1, 1)
    return _with_largest(rest, words >> 30)


def _read_records(content: bytes, name: str) -> Splats:
    """.splat: 32 bytes each, without a header."""
    if not content or len(content) % _RECORD.itemsize:
        raise ValueError("not whole records")
    rows = np.frombuffer(content, _RECORD, _count(len(content) // _RECORD.itemsize, name))
    rgba = rows["rgba"] / 255
    return _upright(rows["xyz"], rows["scale"], rows["wxyz"] / 128.0 - 1, rgba[:, 3], rgba[:, :3])
