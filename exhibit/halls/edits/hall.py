"""Edits of the hall itself: a new hall, its texts, its architecture, its copies of the library's assets."""

from __future__ import annotations

from exhibit.documents.texts import has_words
from exhibit.documents.types import Architecture, AssetDocument, HallDocument, Id, Text, View

EYE_M = 1.6  # a visitor's eye above the floor


def new_hall(title: Text, summary: Text, architecture: Id, asset: AssetDocument) -> HallDocument:
    """An empty hall; its visitor enters at the +Z end and looks along the room."""
    low, high = asset["bounds"]["min"], asset["bounds"]["max"]
    x, depth = (low[0] + high[0]) / 2, high[2] - low[2]
    eye = low[1] + EYE_M if low[1] > -1 else EYE_M
    return {
        "schema": "longyao:hall/1",
        "title": title,
        "summary": summary,
        "assets": {architecture: asset},
        "architecture": {"asset": architecture},
        "start": {
            "position": [x, eye, high[2] - 0.12 * depth],
            "target": [x, eye, (low[2] + high[2]) / 2 - 0.2 * depth],
        },
        "placements": {},
        "placement_order": [],
        "notes": {},
        "note_order": [],
    }


def hall_like(document: HallDocument, title: Text, summary: Text, *, with_contents: bool) -> HallDocument:
    """A hall in the room of another one, with its light, entrance, places and doors; and with all that it shows and
    tells, or empty.
    """
    if with_contents:
        return {**document, "title": title, "summary": summary}
    begun: HallDocument = {
        "schema": document["schema"],
        "title": title,
        "summary": summary,
        "assets": document["assets"],
        "architecture": document["architecture"],
        "start": document["start"],
        "placements": {},
        "placement_order": [],
        "notes": {},
        "note_order": [],
    }
    if "light" in document:
        begun["light"] = document["light"]
    if "anchors" in document:
        begun["anchors"] = document["anchors"]
    if "doors" in document:
        begun["doors"] = document["doors"]
    if "furniture" in document:
        begun["furniture"] = document["furniture"]
    return begun


def describe(document: HallDocument, title: Text, summary: Text, credit: Text) -> HallDocument:
    changed: HallDocument = {**document, "title": title, "summary": summary, "credit": credit}
    if not has_words(credit):
        del changed["credit"]
    return changed


def furnish(document: HallDocument, architecture: Id, asset: AssetDocument, start: View) -> HallDocument:
    """Put the hall into this architecture; visitors enter at `start`. Background and field of view stay.

    Another architecture is not built from what the last one was.
    """
    room: Architecture = {**document["architecture"], "asset": architecture}
    if architecture != document["architecture"]["asset"] and "building" in room:
        del room["building"]
    changed: HallDocument = {**document, "architecture": room, "start": {**document["start"], **start}}
    return with_assets(changed, {architecture: asset})


def with_assets(document: HallDocument, library: dict[Id, AssetDocument]) -> HallDocument:
    """The hall with these assets in the place of those that it has, or beside them."""
    return {**document, "assets": {**document["assets"], **library}}
