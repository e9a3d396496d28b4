"""Makes a hall document of a plan and the document of its template.

A plan is a hall document that a person can write. It leaves out what the template has, or changes it; the orders are
those of its maps; and

- a placement says `at` which anchor it stands or hangs, moved by `offset` (metres, in the anchor's frame) and turned by
  `turn_deg` about +Y;
- a note's anchor and view are in the frame of its placement, and a view without a target looks at the anchor.

The anchor's frame: its origin is the anchor's position, +Y is up, +Z goes towards the visitors.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

from exhibit.documents.types import Anchor, Door, HallDocument, Id, Note, Placement, Vec3
from exhibit.errors import BadHall
from exhibit.halls.anchors import HUNG_M

Plan = Mapping[str, Any]
"""As it was written: nothing in it has been checked."""

_Part = TypeVar("_Part")
_DIGITS = 4  # of a metre


def arrange(plan: Plan, template: HallDocument) -> HallDocument:
    """The hall document of `plan` on the architecture of `template`, with no assets in it yet.

    Raises BadHall for an anchor, a door or a placement that is named and not there.
    """
    placements = {key: _placed(key, placement, template["anchors"]) for key, placement in plan["placements"].items()}
    notes = {key: _noted(key, note, placements) for key, note in plan.get("notes", {}).items()}
    orders = {
        order: list(plan[part])
        for part, order in (("chapters", "chapter_order"), ("tours", "tour_order"))
        if part in plan
    }
    document = {
        **template,
        **{key: value for key, value in plan.items() if key not in ("slug", "template", "sizes", "poster")},
        "architecture": {**template["architecture"], **plan.get("architecture", {})},
        "light": {**template["light"], **plan.get("light", {})},
        "doors": _doors(plan.get("doors", {}), template["doors"]),
        "placements": placements,
        "placement_order": list(placements),
        "notes": notes,
        "note_order": list(notes),
        **orders,
    }
    return cast(HallDocument, document)  # it is checked when it is stored


def _doors(changed: Plan, doors: Mapping[Id, Door]) -> dict[Id, Door]:
    for key in changed:
        _there(f"/doors/{key}", "door", key, doors)
    return {key: cast(Door, {**door, **changed.get(key, {})}) for key, door in doors.items()}


def _placed(key: Id, placement: Plan, anchors: Mapping[Id, Anchor]) -> Placement:
    anchor = _there(f"/placements/{key}/at", "anchor", placement["at"], anchors)
    x, y, z = placement.get("offset", (0.0, 0.0, 0.0))
    facing = anchor["facing_deg"]
    half_turn = math.radians(facing + placement.get("turn_deg", 0.0)) / 2
    moved = _turned((x, y, z + (0.0 if placement["kind"] == "object" else HUNG_M)), math.radians(facing))
    kept = {name: value for name, value in placement.items() if name not in ("at", "offset", "turn_deg")}
    made = {
        "scale": 1.0,
        **kept,
        "translation": _rounded(a + b for a, b in zip(anchor["position"], moved, strict=True)),
        "rotation": [0.0, round(math.sin(half_turn), 6) + 0.0, 0.0, round(math.cos(half_turn), 6) + 0.0],
    }
    return cast(Placement, made)


def _noted(key: Id, note: Plan, placements: Mapping[Id, Placement]) -> Note:
    if "placement" not in note:
        return cast(Note, dict(note))
    placement = _there(f"/notes/{key}/placement", "placement", note["placement"], placements)
    _, y, _, w = placement["rotation"]
    angle = 2 * math.atan2(y, w)

    def in_hall(point: Vec3) -> Vec3:
        turned = _turned([placement["scale"] * v for v in point], angle)
        return _rounded(a + b for a, b in zip(placement["translation"], turned, strict=True))

    there = {**note, "anchor": in_hall(note["anchor"])}
    if "view" in note:
        view = note["view"]
        target = in_hall(view.get("target", note["anchor"]))
        there["view"] = {**view, "position": in_hall(view["position"]), "target": target}
    return cast(Note, there)


def _there(place: str, what: str, key: Id, parts: Mapping[Id, _Part]) -> _Part:
    if key not in parts:
        raise BadHall("hall_contract", problem=f"{place}: the hall has no {what} '{key}'")
    return parts[key]


def _turned(point: Sequence[float], angle: float) -> Vec3:
    """`point` turned about +Y, radians."""
    x, y, z = point
    return [x * math.cos(angle) + z * math.sin(angle), y, z * math.cos(angle) - x * math.sin(angle)]


def _rounded(point: Iterable[float]) -> Vec3:
    return [round(value, _DIGITS) + 0.0 for value in point]
