"""Edits of a hall document: each takes a hall and gives back another one. Knows no database."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Literal, NotRequired, TypedDict, final

from exhibit.documents.order import milestones_in_order
from exhibit.documents.texts import has_words
from exhibit.documents.types import (
    AssetDocument,
    HallDocument,
    Id,
    Note,
    Placement,
    PlacementKind,
    Quaternion,
    Text,
    Vec3,
    View,
)
from exhibit.errors import NotFound
from exhibit.halls.anchors import put_at
from exhibit.ids import slug, unused

Order = Literal["placement_order", "note_order"]
Edit = Callable[[HallDocument], HallDocument]
EYE_M = 1.6  # a visitor's eye above the floor
_GAP_M = 0.8  # between exhibits that are put side by side
_PICTURE_WIDTH_M = 1.2


@final
class PlacementValues(TypedDict):
    """What a form says of a placement."""

    title: Text
    label: Text
    translation: Vec3
    scale: float
    width_m: NotRequired[float]


def new_hall(title: Text, summary: Text, architecture: str, asset: AssetDocument) -> HallDocument:
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


def describe(document: HallDocument, title: Text, summary: Text, credit: Text) -> HallDocument:
    changed: HallDocument = {**document, "title": title, "summary": summary, "credit": credit}
    if not has_words(credit):
        del changed["credit"]
    return changed


def add_placement(
    document: HallDocument, asset_id: str | None, asset: AssetDocument | None, anchor: str = ""
) -> tuple[HallDocument, str]:
    """Put an asset, or a text panel, at an anchor, or beside what stands last; returns (hall, the new placement's id).

    Raises BadInput for an anchor that is not made for it.
    """
    changed = copy.deepcopy(document)
    kind = _placement_kind(asset)
    title: Text = {"zh": "说明牌", "en": "Text panel"} if asset is None else {**asset["title"]}
    scale, width = _sensible_scale(asset), _asset_width(asset)
    placement: Placement = {
        "kind": kind,
        "title": title,
        "label": {"zh": "", "en": ""},
        "translation": _beside_last(document, width * scale),
        "rotation": [0.0, 0.0, 0.0, 1.0],
        "scale": scale,
    }
    if kind != "object":
        placement["width_m"] = _PICTURE_WIDTH_M
        placement["translation"][1] = EYE_M
    if asset_id is not None and asset is not None:
        placement["asset"] = asset_id
        changed["assets"][asset_id] = asset
    wish = asset_id or slug(title["en"]) or kind
    key = unused(wish[:56], changed["placements"])
    changed["placements"][key] = put_at(changed, placement, anchor) if anchor else placement
    changed["placement_order"].append(key)
    return changed, key


def change_placement(
    document: HallDocument, key: str, values: PlacementValues, turn_deg: float, anchor: str = ""
) -> HallDocument:
    """`values` are the placement's fields; a turn about +Y replaces its rotation only where it differs.

    With `anchor` it goes there, whatever the fields say of its place. Raises BadInput for an anchor not made for it.
    """
    changed = copy.deepcopy(document)
    placement = changed["placements"][key]
    if abs(turn_deg - shown_turn(placement)) > 1e-6:
        placement["rotation"] = quaternion(turn_deg)
    placement = {**placement, **values}
    changed["placements"][key] = put_at(changed, placement, anchor) if anchor else placement
    return changed


def remove_placement(document: HallDocument, key: str, *, with_notes: bool = False) -> HallDocument:
    """Take a placement away, and out of chapters, the timeline and tours, where what is written about it stays.

    Its notes go too, or they stay and belong to the hall. removal.py tells of all this before.
    """
    changed = copy.deepcopy(document)
    if with_notes:
        for note_key in [other for other, each in changed["notes"].items() if each.get("placement") == key]:
            changed = remove_note(changed, note_key)
    del changed["placements"][key]
    changed["placement_order"].remove(key)
    for note in changed["notes"].values():
        if note.get("placement") == key:
            del note["placement"]
    for _, milestone in milestones_in_order(changed):
        if milestone.get("placement") == key:
            del milestone["placement"]
    for chapter in changed.get("chapters", {}).values():
        chapter["placements"] = [other for other in chapter["placements"] if other != key]
    _leave_stops(changed, "placement", key)
    return changed


def add_note(document: HallDocument, placement_key: str | None, title: Text) -> tuple[HallDocument, str]:
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


def change_note(document: HallDocument, key: str, values: Note) -> HallDocument:
    """`values` are all fields of the note but its picture and its sources, which stay."""
    changed = copy.deepcopy(document)
    note: Note = {**values}
    before = changed["notes"][key]
    if "picture" in before:
        note["picture"] = before["picture"]
    if "sources" in before:
        note["sources"] = before["sources"]
    changed["notes"][key] = note
    return changed


def remove_note(document: HallDocument, key: str) -> HallDocument:
    """Take a note away, and out of tours, which keep what they say there."""
    changed = copy.deepcopy(document)
    del changed["notes"][key]
    changed["note_order"].remove(key)
    _leave_stops(changed, "note", key)
    return changed


def _leave_stops(document: HallDocument, name: Literal["placement", "note"], key: str) -> None:
    """Tours lead no more to a part that is gone; what they say at the stop is kept."""
    for tour in document.get("tours", {}).values():
        for stop in tour["stops"]:
            if stop.get(name) == key:
                del stop[name]


def move(document: HallDocument, order: Order, key: str, step: int) -> HallDocument:
    """Move one up (-1) or down (+1); at the ends nothing changes."""
    keys = list(document[order])
    if key not in keys:
        raise NotFound("no_part", part=key)
    at = keys.index(key)
    to = min(max(at + step, 0), len(keys) - 1)
    keys.insert(to, keys.pop(at))
    changed: HallDocument = {**document}
    changed[order] = keys
    return changed


def with_assets(document: HallDocument, library: dict[Id, AssetDocument]) -> HallDocument:
    """The hall with these assets in the place of those that it has, or beside them."""
    return {**document, "assets": {**document["assets"], **library}}


def quaternion(turn_deg: float) -> Quaternion:
    """Rotation x y z w about +Y; positive turns the front (+Z) towards +X."""
    half = math.radians(turn_deg) / 2
    return [0.0, math.sin(half), 0.0, math.cos(half)]


def turn(rotation: Quaternion) -> float:
    """Degrees about +Y, -180..180, of the direction that the front (+Z) is turned to."""
    x, y, z, w = rotation
    return math.degrees(math.atan2(2 * (x * z + w * y), 1 - 2 * (x * x + y * y)))


def shown_turn(placement: Placement) -> float:
    """The turn as a form shows it."""
    return round(turn(placement["rotation"]), 3) + 0.0


def _placement_kind(asset: AssetDocument | None) -> PlacementKind:
    if asset is None:
        return "panel"
    kind = asset["kind"]
    return kind if kind == "picture" or kind == "video" or kind == "audio" else "object"


def _asset_width(asset: AssetDocument | None) -> float:
    if asset is None or "bounds" not in asset:
        return _PICTURE_WIDTH_M
    return float(asset["bounds"]["max"][0] - asset["bounds"]["min"][0])


def _sensible_scale(asset: AssetDocument | None) -> float:
    """1 for what is in metres; what has no scale is shown one metre high."""
    if asset is None or asset["unit"] == "metre" or "bounds" not in asset:
        return 1.0
    height = asset["bounds"]["max"][1] - asset["bounds"]["min"][1]
    return float(f"{1 / height:.4g}") if height > 0 else 1.0


def _beside_last(document: HallDocument, width: float) -> Vec3:
    """On the floor to the right of what stands last; the first one before the visitor who enters."""
    if not document["placement_order"]:
        position, target = document["start"]["position"], document["start"]["target"]
        x, z = ((position[axis] + target[axis]) / 2 for axis in (0, 2))
        return [round(x, 2), 0.0, round(z, 2)]
    last = document["placements"][document["placement_order"][-1]]
    asset = document["assets"][last["asset"]] if "asset" in last else None
    reach = _asset_width(asset) * last["scale"] / 2 + width / 2 + _GAP_M
    right, _, deep = last["translation"]
    return [round(right + reach, 2), 0.0, deep]


def _look_at(document: HallDocument, placement_key: str | None) -> tuple[Vec3, View]:
    """(anchor, view) before a placement's upper half, seen from its front; without one, what who enters sees."""
    if placement_key is None:
        start = copy.deepcopy(document["start"])
        return list(start["target"]), start
    placement = document["placements"][placement_key]
    asset = document["assets"][placement["asset"]] if "asset" in placement else None
    size = [0.6, 0.0, 0.0]
    if asset is not None and "bounds" in asset:
        low, high = asset["bounds"]["min"], asset["bounds"]["max"]
        size = [(b - a) * placement["scale"] for a, b in zip(low, high, strict=True)]
    angle = math.radians(turn(placement["rotation"]))
    front = (math.sin(angle), math.cos(angle))
    x, y, z = placement["translation"]
    reach = size[2] / 2 + 0.05
    anchor = [round(x + front[0] * reach, 3), round(y + 0.7 * size[1], 3), round(z + front[1] * reach, 3)]
    away = reach + max(1.2, 1.4 * max(size))
    eye = max(y + 0.6 * size[1], min(EYE_M, y + size[1] + 0.6))
    position = [round(x + front[0] * away, 3), round(eye, 3), round(z + front[1] * away, 3)]
    return anchor, {"position": position, "target": list(anchor)}
