"""What a file of video or sound is by its first bytes, whatever its name or a browser says of it."""

from __future__ import annotations

from pathlib import Path

_HEAD = 1 << 16
_MATROSKA_VIDEO = (b"V_VP8", b"V_VP9", b"V_AV1")  # codecs of a WebM's tracks


def media_type(file: Path) -> str | None:
    """Its media type, one of the contract's; None where it is neither video nor sound that browsers play."""
    with file.open("rb") as source:
        head = source.read(_HEAD)
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
        return "video/webm" if any(codec in head for codec in _MATROSKA_VIDEO) else "audio/webm"
    if head[4:8] == b"ftyp":
        return "audio/mp4" if head[8:11] in (b"M4A", b"M4B") else "video/mp4"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav"
    if head.startswith(b"ID3") or _is_mpeg_frame(head):
        return "audio/mpeg"
    return None


def _is_mpeg_frame(head: bytes) -> bool:
    """Eleven bits of sync, layer III, a bit rate and a sampling rate that exist (ISO/IEC 11172-3, 2.4.1.3)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    return head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3
