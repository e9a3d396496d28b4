"""What templates/visitors/story.html is made of: the same on a hall's page and in its printed catalogue."""

from __future__ import annotations

from typing import Any

from exhibit.visitors.origin import file_facts, original_facts
from exhibit.visitors.twin import Twin


def story_values(twin: Twin) -> dict[str, Any]:
    """The template's values."""
    return {
        "twin": twin,
        "original_facts": original_facts,
        "file_facts": file_facts,
    }
