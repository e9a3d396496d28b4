"""Edits of a hall's groups: what the removal of something else changes in them."""

from __future__ import annotations

from exhibit.documents.types import HallDocument, Id

LEAST = 2  # members; fewer are no group


def drop_placement(document: HallDocument, placement_key: Id) -> None:
    """Groups list the placement no more; what is left of one alone is no group."""
    groups = document.get("groups", {})
    for key, group in list(groups.items()):
        if placement_key not in group["members"]:
            continue
        group["members"] = [member for member in group["members"] if member != placement_key]
        if len(group["members"]) < LEAST:
            del groups[key]
