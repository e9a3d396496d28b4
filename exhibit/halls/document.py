"""The hall document: what holds for it beyond its schema. Knows no database.

assets/schema/hall.schema.json says what a hall is; here stand the rules across its parts that a schema cannot say.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from exhibit.errors import BadHall
from exhibit.halls.richtext import sanitise
from exhibit.library import contract
from exhibit.library.bundle import file_entries

Document = dict[str, Any]

_UNIT_TOLERANCE = 1e-3  # of a rotation's length
_FARTHEST_M = 10_000.0  # of anything from the hall's origin


def check(document: Any) -> None:
    """Raise BadHall with the first thing that is wrong."""
    if problems := contract.problems("hall", document) or [*_cross_problems(document)]:
        raise BadHall("hall_contract", problem=problems[0])


def tidy(document: Document) -> Document:
    """The same hall with its rich text sanitised, and without assets that nothing in it shows."""
    used = used_assets(document)
    notes = {
        key: {**note, "body": {language: sanitise(words) for language, words in note["body"].items()}}
        for key, note in document["notes"].items()
    }
    return {
        **document,
        "notes": notes,
        "assets": {key: asset for key, asset in document["assets"].items() if key in used},
    }


def used_assets(document: Document) -> set[str]:
    placed = {placement["asset"] for placement in document["placements"].values() if "asset" in placement}
    return placed | {document["architecture"]["asset"]}


def file_hashes(document: Document) -> set[str]:
    """SHA-256 of every file that the hall shows."""
    return {entry["sha256"] for asset in document["assets"].values() for _, entry in file_entries(asset)}


def num_exhibits(document: Document) -> int:
    """What stands in the hall, without its text panels."""
    return sum(1 for placement in document["placements"].values() if placement["kind"] != "panel")


def _cross_problems(document: Document) -> Iterator[str]:
    assets, placements, notes = document["assets"], document["placements"], document["notes"]
    for order, things in (("placement_order", placements), ("note_order", notes)):
        if set(document[order]) != things.keys():
            yield f"/{order}: must name each of the {order.removesuffix('_order')}s exactly once"
    architecture = document["architecture"]["asset"]
    if "model" not in assets.get(architecture, {}).get("files", {}):
        yield f"/architecture/asset: the hall has no model '{architecture}'"
    elif "collider" not in assets[architecture]["files"]:
        yield f"/architecture/asset: '{architecture}' has no collider to walk on"
    for key, placement in placements.items():
        place = f"/placements/{key}"
        if "asset" in placement:
            file = {"object": "model", "picture": "picture"}[placement["kind"]]
            if file not in assets.get(placement["asset"], {}).get("files", {}):
                yield f"{place}/asset: the hall has no {file} '{placement['asset']}'"
        if abs(math.dist(placement["rotation"], (0, 0, 0, 0)) - 1) > _UNIT_TOLERANCE:
            yield f"{place}/rotation: must be a unit quaternion"
        yield from _far(f"{place}/translation", placement["translation"])
        if placement["scale"] > _FARTHEST_M:
            yield f"{place}/scale: is more than {_FARTHEST_M:g}"
    for key, note in notes.items():
        if "placement" in note and note["placement"] not in placements:
            yield f"/notes/{key}/placement: the hall has no placement '{note['placement']}'"
        yield from _far(f"/notes/{key}/anchor", note["anchor"])
        if "view" in note:
            yield from _bad_view(f"/notes/{key}/view", note["view"])
    yield from _bad_view("/start", document["start"])


def _bad_view(place: str, view: Document) -> Iterator[str]:
    yield from _far(f"{place}/position", view["position"])
    yield from _far(f"{place}/target", view["target"])
    if math.dist(view["position"], view["target"]) < 1e-6:
        yield f"{place}/target: is where the eye is, so it looks nowhere"


def _far(place: str, point: list[float]) -> Iterator[str]:
    if not all(abs(coordinate) <= _FARTHEST_M for coordinate in point):
        yield f"{place}: is farther than {_FARTHEST_M:g} m from the hall's origin"
