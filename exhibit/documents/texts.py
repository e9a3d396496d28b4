"""A text in both languages. What is shown where one of them is missing: exhibit.i18n.pick."""

from __future__ import annotations

from collections.abc import Callable

from exhibit.documents.types import Text
from exhibit.i18n import LANGUAGES, Language


def bilingual(write: Callable[[Language], str]) -> Text:
    return {"zh": write("zh"), "en": write("en")}


def has_words(text: Text | None) -> bool:
    """Whether a text says anything in either language."""
    return text is not None and any(text[language].strip() for language in LANGUAGES)
