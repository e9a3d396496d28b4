"""A file from elsewhere cannot be taken, and why: in English here, in both languages by its key in texts.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from recon.errors import BadModel, BadScan

TEXTS: Mapping[str, Mapping[str, str]] = json.loads(Path(__file__).with_name("texts.json").read_text(encoding="utf-8"))


class BadFile(BadModel, BadScan):
    """A file is broken, or of a kind that is not read, whatever is in it.

    `key` and `values` choose and fill its texts in TEXTS.
    """

    def __init__(self, key: str, **values: object):
        self.key, self.values = key, values
        super().__init__(
            TEXTS[f"error.{key}"]["en"].format(**values), hint=TEXTS[f"error.{key}.hint"]["en"].format(**values)
        )

    def __reduce__(self) -> tuple[object, ...]:  # keeps the key when the error crosses a process border
        return (_revive, (type(self), self.key, self.values))


class TooLarge(BadFile):
    """A file is sound, but over a limit."""


def _revive(kind: type[BadFile], key: str, values: dict[str, object]) -> BadFile:
    return kind(key, **values)
