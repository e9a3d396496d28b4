"""WebVTT (W3C): the words of a recording with their times. Reads what captions need and nothing of their looks."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path

from recon.formats.errors import BadFile, TooLarge

MAX_BYTES = 1 << 20
_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"[ \t]*{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?")


@dataclass(frozen=True, slots=True)
class Cue:
    """Plain words between two times."""

    from_s: float
    to_s: float
    words: str

    @property
    def clock(self) -> str:
        """m:ss at which it begins."""
        return f"{int(self.from_s) // 60}:{int(self.from_s) % 60:02d}"


def read_webvtt(file: Path, *, name: str | None = None) -> list[Cue]:
    """The cues of a file, as they follow. Raises BadFile where it is no WebVTT, or nothing is said in it."""
    name = name or file.name
    if file.stat().st_size > MAX_BYTES:
        raise TooLarge("captions_large", name=name)
    try:
        text = file.read_text(encoding="utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise BadFile("captions_broken", name=name) from None
    first, *blocks = re.split(r"\n\n+", text.strip("\n"))
    if not re.match(r"WEBVTT(?:[ \t\n]|$)", first):
        raise BadFile("captions_broken", name=name)
    cues = [cue for block in blocks if (cue := _cue(block, name)) is not None]
    if not cues:
        raise BadFile("captions_broken", name=name)
    return cues


def _cue(block: str, name: str) -> Cue | None:
    """The cue that a block of lines is; None for a comment, a style or a region."""
    lines = block.split("\n")
    if re.match(r"(?:NOTE|STYLE|REGION)(?:[ \t]|$)", lines[0]):
        return None
    if "-->" not in lines[0]:
        lines = lines[1:]  # its identifier
    timing = _TIMING.fullmatch(lines[0]) if lines else None
    if timing is None:
        raise BadFile("captions_broken", name=name)
    begin, end = _seconds(timing.groups()[:4]), _seconds(timing.groups()[4:])
    words = html.unescape(re.sub(r"<[^>]*>", "", "\n".join(lines[1:]))).strip()
    if end <= begin or not words:
        raise BadFile("captions_broken", name=name)
    return Cue(begin, end, words)


def _seconds(clock: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in clock)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000
