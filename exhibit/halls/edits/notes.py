"""Edits of a hall's notes."""

from __future__ import annotations

import copy
import math
from typing import Literal, get_args

from exhibit.documents.types import HallDocument, Id, Note, Text, Vec3, View
from exhibit.halls.edits import tours
from exhibit.halls.edits.hall import EYE_M
from exhibit.halls.rotation import turn
from exhibit.ids import slug, unused

Spot = Literal["front", "right", "back", "left", "top"]  # of an exhibit, as who stands before it says
SPOTS: tuple[Spot, ...] = get_args(Spot)
# By how much its side is turned from the front, the share of its height, and whether it is reached across its width.
_SPOTS: dict[Spot, tuple[float, float, bool]] = {
    "front": (0, 0.7, False),
    "right": (90, 0.7, True),
    "back": (180, 0.7, False),
    "left": (-90, 0.7, True),
    "top": (0, 1, False),
}


def add(document: HallDocument, placement_key: Id | None, title: Text) -> tuple[HallDocument, Id]:
    """A note before a placement, or where visitors enter; anchor and view are a good start to change from."""
    changed = copy.deepcopy(document)
    anchor, view = _look_at(document, placement_key)
    note: Note = {"title": title, "body": {"zh": "", "en": ""}, "anchor": anchor, "view": view}
    if placement_key is not None:
        note["placement"] = placement_key
    wish = slug(title["en"]) or (f"{placement_key}-note" if placement_key else "note")
    key = unused(wish[:56], changed["notes"])
    changed["notes"][key] = note
    changed["note_order"].append(key)
    return changed, key


def change(document: HallDocument, key: Id, values: Note, spot: Spot | None = None) -> HallDocument:
    """`values` are all fields of the note but its picture and its sources, which stay.

    With `spot` the note goes there on its exhibit, and is seen from there, whatever `values` say of its place.
    """
    changed = copy.deepcopy(document)
    note: Note = {**values}
    of = note.get("placement")
    if spot is not None and (of is None or of in document["placements"]):  # else the contract refuses it
        note["anchor"], note["view"] = _look_at(document, of, spot)
    before = changed["notes"][key]
    if "picture" in before:
        note["picture"] = before["picture"]
    if "sources" in before:
        note["sources"] = before["sources"]
    changed["notes"][key] = note
    return changed


def remove(document: HallDocument, key: Id) -> HallDocument:
    """Take a note away, and out of tours, which keep what they say there."""
    changed = copy.deepcopy(document)
    drop(changed, key)
    return changed


def drop(document: HallDocument, key: Id) -> None:
    del document["notes"][key]
    document["note_order"].remove(key)
    tours.drop(document, "note", key)


def drop_placement(document: HallDocument, placement_key: Id, *, with_notes: bool) -> None:
    """The placement's notes go too, or they stay and belong to the hall."""
    for key, note in list(document["notes"].items()):
        if note.get("placement") == placement_key:
            if with_notes:
                drop(document, key)
            else:
                del note["placement"]


def _look_at(document: HallDocument, placement_key: str | None, spot: Spot = "front") -> tuple[Vec3, View]:
    """(anchor, view) before a placement's upper half, seen from this side; without one, what who enters sees."""
    if placement_key is None:
        start = copy.deepcopy(document["start"])
        return list(start["target"]), start
    placement = document["placements"][placement_key]
    asset = document["assets"][placement["asset"]] if "asset" in placement else None
    size = [0.6, 0.0, 0.0]
    if asset is not None and "bounds" in asset:
        low, high = asset["bounds"]["min"], asset["bounds"]["max"]
        size = [(b - a) * placement["scale"] for a, b in zip(low, high, strict=True)]
    side_deg, height, sideways = _SPOTS[spot]
    angle = math.radians(turn(placement["rotation"]) + side_deg)
    out = (math.sin(angle), math.cos(angle))
    x, y, z = placement["translation"]
    reach = size[0 if sideways else 2] / 2 + 0.05
    aside = 0 if spot == "top" else reach
    anchor = [round(x + out[0] * aside, 3), round(y + height * size[1], 3), round(z + out[1] * aside, 3)]
    away = reach + max(1.2, 1.4 * max(size))
    eye = max(y + 0.6 * size[1], min(EYE_M, y + size[1] + 0.6))
    if spot == "top":
        eye = max(eye, y + size[1] + 0.6)
    position = [round(x + out[0] * away, 3), round(eye, 3), round(z + out[1] * away, 3)]
    return anchor, {"position": position, "target": list(anchor)}
