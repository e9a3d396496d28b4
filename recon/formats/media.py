"""What a file of video or sound is by what is in it, whatever its name or a browser says of it.

Sources: ISO/IEC 14496-12 (boxes, tracks), ISO/IEC 11172-3 (frames of MPEG audio), the Matroska specification.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recon.formats.asset_document import Mime

_HEAD = 1 << 16
_MAX_MOOV = 256 << 20
_MATROSKA_VIDEO = (b"V_VP8", b"V_VP9", b"V_AV1")  # codecs of a WebM's tracks
_PLAYED = {"avc1", "avc3", "av01", "vp08", "vp09"}  # what common browsers show of MP4
_NAMES = {
    **dict.fromkeys(("hvc1", "hev1", "dvh1", "dvhe"), "H.265 (HEVC)"),
    "mp4v": "MPEG-4 Part 2",
    **dict.fromkeys(("apch", "apcn", "apcs", "apco", "ap4h"), "ProRes"),
    **dict.fromkeys(("jpeg", "mjpa", "mjpb"), "Motion JPEG"),
    **dict.fromkeys(("s263", "h263"), "H.263"),
}


@dataclass(frozen=True, slots=True)
class Tracks:
    """Sample entries of an MP4's tracks: four letters each."""

    video: tuple[str, ...]
    audio: tuple[str, ...]


def media_type(file: Path) -> Mime | None:
    """Its media type, one of the contract's; None where it is neither video nor sound that browsers play."""
    with file.open("rb") as source:
        head = source.read(_HEAD)
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
        return "video/webm" if any(codec in head for codec in _MATROSKA_VIDEO) else "audio/webm"
    if head[4:8] == b"ftyp":
        tracks = mp4_tracks(file)
        if tracks is None:  # cut short: its brand is all that there is
            return "audio/mp4" if head[8:11] in (b"M4A", b"M4B") else "video/mp4"
        return "audio/mp4" if tracks.audio and not tracks.video else "video/mp4"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav"
    if head.startswith(b"ID3") or _is_mpeg_frame(head):
        return "audio/mpeg"
    return None


def unplayed_codec(file: Path) -> str | None:
    """The name of an MP4's video codec where common browsers do not show it; None where they do."""
    with file.open("rb") as source:
        if source.read(8)[4:] != b"ftyp":
            return None
    tracks = mp4_tracks(file)
    strange = [entry for entry in tracks.video if entry not in _PLAYED] if tracks else []
    return _NAMES.get(strange[0], strange[0]) if strange else None


def mp4_tracks(file: Path) -> Tracks | None:
    """Which tracks an MP4 has; None where its index is missing or broken."""
    with file.open("rb") as source:
        end, at, moov = file.stat().st_size, 0, b""
        while at + 8 <= end and not moov:
            source.seek(at)
            size, kind = struct.unpack(">I4s", source.read(8))
            header = 8
            if size == 1:
                large = source.read(8)
                size, header = (struct.unpack(">Q", large)[0] if len(large) == 8 else 0), 16
            if size == 0:
                size = end - at
            if size < header:
                return None
            if kind == b"moov" and size <= _MAX_MOOV:
                moov = source.read(size - header)
            at += size
    found: dict[bytes, list[str]] = {b"vide": [], b"soun": []}
    for trak in _boxes(moov, b"trak"):
        for mdia in _boxes(trak, b"mdia"):
            handler = next((box[8:12] for box in _boxes(mdia, b"hdlr")), b"")
            entries = [
                stsd[12:16].decode("latin-1")
                for minf in _boxes(mdia, b"minf")
                for stbl in _boxes(minf, b"stbl")
                for stsd in _boxes(stbl, b"stsd")
            ]
            if handler in found:
                found[handler] += entries
    return Tracks(tuple(found[b"vide"]), tuple(found[b"soun"])) if any(found.values()) else None


def _boxes(content: bytes, kind: bytes) -> Iterator[bytes]:
    """What is in the boxes of this kind that `content` consists of."""
    at = 0
    while at + 8 <= len(content):
        size, name = struct.unpack_from(">I4s", content, at)
        if size < 8:
            return
        if name == kind:
            yield content[at + 8 : at + size]
        at += size


def _is_mpeg_frame(head: bytes) -> bool:
    """Eleven bits of sync, layer III, a bit rate and a sampling rate that exist (ISO/IEC 11172-3, 2.4.1.3)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    return head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3
