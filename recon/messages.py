"""What recon says to people: each message has a key, and a text in Chinese and English in texts.json.

A folder's texts lie in its own texts.json: {"key": {"zh": "…", "en": "…"}}. Errors are error.<key> and
error.<key>.hint, warnings are warning.<key>.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def _load() -> dict[str, dict[Language, str]]:
    texts: dict[str, dict[Language, str]] = {}
    package = Path(__file__).parent
    for file in [package / "texts.json", *sorted(package.glob("*/texts.json"))]:
        added = json.loads(file.read_text(encoding="utf-8"))
        if doubled := texts.keys() & added.keys():
            raise ValueError(f"{file} defines texts that another file has: {sorted(doubled)}")
        texts |= added
    return texts


TEXTS = _load()


class Message:
    """A key of TEXTS and the values of its placeholders.

    A value is text, a number, a path, another message, or a list of these.
    """

    __slots__ = ("key", "values")

    def __init__(self, key: str, /, **values: object):
        self.key = key
        self.values = values

    def text(self, language: Language = "en") -> str:
        return say(self.key, language, **self.values)

    def texts(self) -> dict[str, str]:
        """The text in every language, to be kept: {"zh": "…", "en": "…"}."""
        return {language: self.text(language) for language in LANGUAGES}

    def as_json(self) -> dict[str, Any]:
        """What journey.json keeps: key, values, and the English text for a reader who does not know the key."""
        return {"key": self.key, "values": _json_value(self.values), "text": self.text("en")}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Message:
        return cls(stored["key"], **_from_json(stored["values"]))

    def __str__(self) -> str:
        return self.text("en")

    def __repr__(self) -> str:
        return f"Message({self.key!r}, {self.values!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.key, self.values) == (other.key, other.values)

    def __hash__(self) -> int:
        return hash((self.key, str(self)))


def say(key: str, language: Language, /, **values: object) -> str:
    """The text `key` in `language`, with its {placeholders} filled in."""
    return TEXTS[key][language].format(**{name: _shown(value, language) for name, value in values.items()})


def read_text(stored: object, language: Language) -> str:
    """What `Message.as_json` kept, in `language`; in English where the key is gone, or where only a text was kept."""
    if not isinstance(stored, Mapping):
        return str(stored)
    try:
        return Message.from_json(stored).text(language)
    except (KeyError, TypeError, ValueError, IndexError):
        return str(stored.get("text", ""))


def language_of(environment: Mapping[str, str]) -> Language:
    """The language that LC_ALL, LC_MESSAGES and LANG ask for: Chinese or else English (POSIX.1-2017, 8.2)."""
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def printable(name: object) -> str:
    """A name of the file system as text of valid Unicode; bytes that are not UTF-8 are shown as \\xNN."""
    text = str(name)
    try:
        text.encode()
    except UnicodeEncodeError:  # Python carries such bytes as lone surrogates (PEP 383)
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return text


def _shown(value: object, language: Language) -> object:
    if isinstance(value, Message):
        return value.text(language)
    if isinstance(value, list | tuple):
        return ("、" if language == "zh" else ", ").join(str(_shown(part, language)) for part in value)
    return printable(value) if isinstance(value, str | Path) else value


def _json_value(value: object) -> Any:
    if isinstance(value, Message):
        return {"key": value.key, "values": _json_value(value.values)}
    if isinstance(value, Mapping):
        return {name: _json_value(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(part) for part in value]
    return value if value is None or isinstance(value, bool | int | float) else printable(value)


def _from_json(values: Mapping[str, object]) -> dict[str, object]:
    def read(value: object) -> object:
        if isinstance(value, list):
            return [read(part) for part in value]
        if isinstance(value, Mapping):
            return Message.from_json(value)
        return value

    return {name: read(value) for name, value in values.items()}
