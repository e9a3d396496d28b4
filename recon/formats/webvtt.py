"""WebVTT (W3C): the words of a recording with their times. Reads what captions need and nothing of their looks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recon.formats.errors import BadFile, TooLarge

MAX_BYTES = 1 << 20
_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"[ \t]*{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?")
_CHINESE = re.compile(r"[\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff00-\uffef·]")


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
    """The cues of a file that have words, as they follow.

    Raises BadFile, with the line that is wrong, where it is no WebVTT, and where nothing is said in it.
    """
    name = name or file.name
    cues = [cue for cue in _cues(text_of(file, name=name)[0], name) if cue.words]
    if not cues:
        raise BadFile("captions_broken", name=name)
    return cues


def text_of(file: Path, *, name: str | None = None) -> tuple[str, bool]:
    """What a file of captions says, and whether it is in UTF-8 as browsers need it.

    UTF-16 is known by its first bytes. GB18030, as Chinese Windows writes, is believed where all but ASCII in it is
    Chinese. Raises BadFile.
    """
    name = name or file.name
    if file.stat().st_size > MAX_BYTES:
        raise TooLarge("captions_large", name=name)
    content = file.read_bytes()
    try:
        return content.decode("utf-8-sig"), True
    except UnicodeDecodeError:
        pass
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16"), False
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        raise BadFile("captions_broken", name=name) from None
    if not all(_CHINESE.match(letter) for letter in text if not letter.isascii()):
        raise BadFile("captions_broken", name=name)
    return text, False


def _cues(text: str, name: str) -> Iterator[Cue]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.match(r"WEBVTT(?:[ \t]|$)", lines[0]):
        raise BadFile("captions_broken", name=name)
    for number, block in _blocks(lines):
        if number > 1 and not re.match(r"(?:NOTE|STYLE|REGION)(?:[ \t]|$)", block[0]):
            yield _cue(number, block, name)


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """(number of its first line, lines) of what is between blank lines."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line:
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _cue(number: int, block: list[str], name: str) -> Cue:
    """The cue that a block is; `number` is its first line's. One without words is allowed, and says nothing."""
    named = "-->" not in block[0]  # by an identifier
    rest = block[1:] if named else block
    timing = _TIMING.fullmatch(rest[0]) if rest else None
    begin, end = (_seconds(timing.groups()[:4]), _seconds(timing.groups()[4:])) if timing else (0.0, 0.0)
    if end <= begin:
        wrong = 1 if named and rest and "-->" in rest[0] else 0
        raise BadFile("captions_line", name=name, line=number + wrong, text=block[wrong][:60])
    return Cue(begin, end, html.unescape(re.sub(r"<[^>]*>", "", "\n".join(rest[1:]))).strip())


def _seconds(clock: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in clock)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000
