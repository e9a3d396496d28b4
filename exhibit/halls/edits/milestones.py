"""Edits of a hall's timeline and of the milestones on it."""

from __future__ import annotations

from typing import Literal

from exhibit.documents.order import milestones_in_order
from exhibit.documents.types import HallDocument, Id, Milestone, Text, Timeline

_TITLE: Text = {"zh": "年表", "en": "Through the years"}


def head_timeline(document: HallDocument, title: Text, anchor: Id | None) -> HallDocument:
    """The timeline's title, and the panel or screen that it hangs on."""
    milestones = document["timeline"]["milestones"] if "timeline" in document else {}
    timeline: Timeline = {"title": title, "milestones": milestones}
    if anchor:
        timeline["anchor"] = anchor
    return {**document, "timeline": timeline}


def milestones_of(document: HallDocument) -> dict[Id, Milestone]:
    """The document's own map, to be changed; a hall without a timeline gets one."""
    return document.setdefault("timeline", {"title": {**_TITLE}, "milestones": {}})["milestones"]


def drop(document: HallDocument, name: Literal["placement", "chapter"], key: Id) -> None:
    """Milestones name no more what is gone."""
    for _, milestone in milestones_in_order(document):
        if milestone.get(name) == key:
            del milestone[name]
