"""A curator's text: whether it says anything. What is shown where one language is missing: exhibit.i18n.pick."""

from __future__ import annotations

from exhibit.documents.types import Text
from exhibit.i18n import LANGUAGES


def has_words(text: Text | None) -> bool:
    """Whether a text says anything in either language."""
    return text is not None and any(text[language].strip() for language in LANGUAGES)
