"""Every text that a person reads on our pages, in Chinese and English.

Each capability keeps its texts in its own texts.json: {"key": {"zh": "…", "en": "…"}}. The keys of one file share its
folder's name as their first word, so that a key tells where it lives. What can be wrong with a file from elsewhere is
said in recon/formats/texts.json.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal, cast

from recon.formats.errors import TEXTS

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
HTML_LANG: dict[Language, str] = {"zh": "zh-Hans", "en": "en"}


def _load() -> dict[str, dict[Language, str]]:
    catalogue = cast(dict[str, dict[Language, str]], dict(TEXTS))
    package = Path(__file__).parent
    for file in [package / "texts.json", *sorted(package.glob("*/texts.json"))]:
        texts = json.loads(file.read_text(encoding="utf-8"))
        if doubled := catalogue.keys() & texts.keys():
            raise ValueError(f"{file} defines texts that another file has: {sorted(doubled)}")
        catalogue |= texts
    return catalogue


CATALOGUE = _load()


def say(key: str, language: Language, **values: object) -> str:
    """The text `key` in `language`, with its {placeholders} filled in."""
    return CATALOGUE[key][language].format(**values)


def choose(query: str | None, cookie: str | None, accepted: list[str]) -> Language:
    """The visitor's language: asked for, else remembered, else the browser's first that we have, else Chinese.

    `query` is from the address, `accepted` are the tags of Accept-Language, best first.
    """
    for wish in [query, cookie, *(tag.split("-")[0].lower() for tag in accepted)]:
        if wish in LANGUAGES:
            return wish
    return "zh"
