"""Edits of a hall's placements: exhibits and text panels."""

from __future__ import annotations

import copy
from typing import NotRequired, TypedDict, final

from exhibit.documents.types import AssetDocument, HallDocument, Id, Placement, PlacementKind, Text, Vec3
from exhibit.halls.anchors import put_at
from exhibit.halls.edits import chapters, groups, milestones, notes, tours
from exhibit.halls.edits.hall import EYE_M
from exhibit.halls.rotation import quaternion, shown_turn
from exhibit.ids import slug, unused

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


def add(
    document: HallDocument, asset_id: Id | None, asset: AssetDocument | None, anchor: Id = ""
) -> tuple[HallDocument, Id]:
    """Put an asset, or a text panel, at an anchor, or beside what stands last; returns (hall, the new placement's id).

    Raises BadInput for an anchor that is not made for it.
    """
    changed = copy.deepcopy(document)
    kind = _placement_kind(asset)
    title: Text = {"zh": "展板", "en": "Text panel"} if asset is None else {**asset["title"]}
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


def change(document: HallDocument, key: Id, values: PlacementValues, turn_deg: float, anchor: Id = "") -> HallDocument:
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


def remove(document: HallDocument, key: Id, *, with_notes: bool = False) -> HallDocument:
    """Take a placement away, and out of chapters, the timeline and tours, where what is written about it stays.

    Its notes go too, or they stay and belong to the hall. removal.py tells of all this before.
    """
    changed = copy.deepcopy(document)
    del changed["placements"][key]
    changed["placement_order"].remove(key)
    notes.drop_placement(changed, key, with_notes=with_notes)
    chapters.drop_placement(changed, key)
    groups.drop_placement(changed, key)
    milestones.drop(changed, "placement", key)
    tours.drop(changed, "placement", key)
    return changed


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
