"""A curator's text in both languages, one of which may be blank."""

from __future__ import annotations

import re
from collections.abc import Callable

from exhibit.documents.types import Text
from exhibit.i18n import LANGUAGES, Language


def bilingual(write: Callable[[Language], str]) -> Text:
    return {"zh": write("zh"), "en": write("en")}


def pick(text: Text, language: Language) -> tuple[str, Language]:
    """The text in `language`, or in the other one where this is blank; and which of the two it is."""
    other: Language = "en" if language == "zh" else "zh"
    for spoken in (language, other):
        if text[spoken].strip():
            return text[spoken], spoken
    return "", language


def has_words(text: Text | None) -> bool:
    """Whether a text says anything in either language."""
    return text is not None and any(text[language].strip() for language in LANGUAGES)


def is_blank(words: str) -> bool:
    """Whether a text, plain or rich, says nothing: markup alone is no word. The viewer: viewer/src/document/text.ts."""
    return not re.sub(r"<[^>]*>", "", words).strip()
