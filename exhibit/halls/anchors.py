"""The places that a hall's architecture has made for exhibits: which are free, and how something is put there."""

from __future__ import annotations

import math
from dataclasses import dataclass

from exhibit.documents.order import by_id
from exhibit.documents.types import Anchor, AnchorKind, AssetDocument, HallDocument, Placement
from exhibit.errors import BadInput
from exhibit.halls.rotation import quaternion

HUNG_M = 0.012  # from a wall to the middle of a board whose back touches it
FOR_OBJECTS: tuple[AnchorKind, ...] = ("plinth", "vitrine")
FOR_BOARDS: tuple[AnchorKind, ...] = ("panel", "screen")
_MARGIN = 0.9  # of an anchor's width and height that something fitted to it takes
_REACH_M = 0.15  # from a face, of what hangs on it
_DIGITS = 4  # of a metre


@dataclass(frozen=True, slots=True)
class Place:
    """An anchor made for exhibits, as curators tell it from the others."""

    key: str
    kind: AnchorKind
    number: int  # among the hall's anchors of its kind, from 1
    distance_m: float  # from where visitors enter
    width_m: float
    height_m: float


def places(document: HallDocument) -> list[Place]:
    """All anchors for exhibits, by kind and number; numbers are given by the anchors' ids."""
    numbers: dict[AnchorKind, int] = {}
    found = []
    for key, anchor in by_id(document.get("anchors")):
        kind = anchor["kind"]
        numbers[kind] = numbers.get(kind, 0) + 1
        if kind in FOR_OBJECTS + FOR_BOARDS:
            away = math.dist(document["start"]["position"], anchor["position"])
            found.append(Place(key, kind, numbers[kind], away, anchor["width_m"], anchor["height_m"]))
    return sorted(found, key=lambda place: ((FOR_OBJECTS + FOR_BOARDS).index(place.kind), place.number))


def free_places(document: HallDocument, *, but_for: str | None = None) -> list[Place]:
    """Those where nothing stands or hangs. `but_for` is a placement that moves."""
    others = [placement for key, placement in document["placements"].items() if key != but_for]
    timeline = document["timeline"].get("anchor") if "timeline" in document else None
    return [
        place
        for place in places(document)
        if place.key != timeline and not any(_is_at(each, document["anchors"][place.key]) for each in others)
    ]


def put_at(document: HallDocument, placement: Placement, anchor_key: str) -> Placement:
    """The placement where the anchor is, facing its visitors; what has no size of its own takes the anchor's.

    Raises BadInput for an anchor that the hall lacks, and for one that is not made for such a placement.
    """
    anchor = document.get("anchors", {}).get(anchor_key)
    if anchor is None:
        raise BadInput("bad_form", field="at")
    is_object = placement["kind"] == "object"
    if anchor["kind"] not in (FOR_OBJECTS if is_object else FOR_BOARDS):
        raise BadInput("object_on_wall") if is_object else BadInput("board_on_plinth")
    angle = math.radians(anchor["facing_deg"])
    hung = 0.0 if is_object else HUNG_M
    x, y, z = anchor["position"]
    moved: Placement = {
        **placement,
        "translation": [round(v, _DIGITS) for v in (x + hung * math.sin(angle), y, z + hung * math.cos(angle))],
        "rotation": quaternion(anchor["facing_deg"]),
    }
    asset = document["assets"][placement["asset"]] if "asset" in placement else None
    width, height = _MARGIN * anchor["width_m"], _MARGIN * anchor["height_m"]
    if not is_object:
        moved["width_m"] = round(min(width, height * _aspect(asset)), 3)
    elif asset is not None and asset["unit"] == "arbitrary" and "bounds" in asset:
        low, high = asset["bounds"]["min"], asset["bounds"]["max"]
        across = max(high[0] - low[0], high[2] - low[2])
        fits = [room / size for room, size in ((width, across), (height, high[1] - low[1])) if size > 0]
        moved["scale"] = float(f"{min(fits):.3g}")
    return moved


def _is_at(placement: Placement, anchor: Anchor) -> bool:
    """Whether the placement's own point lies on the anchor's surface."""
    angle = math.radians(anchor["facing_deg"])
    dx, dy, dz = (float(a - b) for a, b in zip(placement["translation"], anchor["position"], strict=True))
    across, ahead = dx * math.cos(angle) - dz * math.sin(angle), dx * math.sin(angle) + dz * math.cos(angle)
    half, height = float(anchor["width_m"]) / 2, float(anchor["height_m"])
    if anchor["kind"] in FOR_OBJECTS:
        return abs(across) <= half and abs(ahead) <= half and -_REACH_M <= dy <= height
    return abs(across) <= half and abs(dy) <= height / 2 and abs(ahead) <= _REACH_M


def _aspect(asset: AssetDocument | None) -> float:
    """Width over height of what is shown on a board; a text panel's is not limited by its height."""
    if asset is None:
        return math.inf
    picture = asset["files"].get("picture") or asset["files"]["thumb"]
    return float(picture["width"] / picture["height"]) if picture.get("height") else 1.0
