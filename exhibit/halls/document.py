"""The hall document: what holds for it beyond its schema. Knows no database.

assets/schema/hall.schema.json says what a hall is; here stand the rules across its parts that a schema cannot say.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from exhibit.documents import contract
from exhibit.errors import BadHall
from exhibit.halls.richtext import sanitise
from exhibit.library.bundle import file_entries

Document = dict[str, Any]

_UNIT_TOLERANCE = 1e-3  # of a rotation's length
_FARTHEST_M = 10_000.0  # of anything from the hall's origin


def check(document: Any) -> None:
    """Raise BadHall with the first thing that is wrong."""
    contract.hall_document(document)
    if problems := [*_cross_problems(document)]:
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
    return {document["architecture"]["asset"]} | {asset for _, asset, _ in _shown_assets(document)}


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
    for place, asset, file in _shown_assets(document):
        if file not in assets.get(asset, {}).get("files", {}):
            yield f"{place}: the hall has no {file} '{asset}'"
    for place, part, named in _named_parts(document):
        if named not in _parts(document, part):
            yield f"{place}: the hall has no {part.removesuffix('s')} '{named}'"
    for key, placement in placements.items():
        place = f"/placements/{key}"
        if abs(math.dist(placement["rotation"], (0, 0, 0, 0)) - 1) > _UNIT_TOLERANCE:
            yield f"{place}/rotation: must be a unit quaternion"
        yield from _far(f"{place}/translation", placement["translation"])
        if placement["scale"] > _FARTHEST_M:
            yield f"{place}/scale: is more than {_FARTHEST_M:g}"
    for key, note in notes.items():
        yield from _far(f"/notes/{key}/anchor", note["anchor"])
        if "view" in note:
            yield from _bad_view(f"/notes/{key}/view", note["view"])
    yield from _bad_view("/start", document["start"])
    for order, parts in (("chapter_order", "chapters"), ("tour_order", "tours")):
        if set(document.get(order, ())) != document.get(parts, {}).keys():
            yield f"/{order}: must name each of the {parts} exactly once"
    for key, milestone in _parts(document, "milestones").items():
        if milestone.get("to_year", milestone["year"]) < milestone["year"]:
            yield f"/timeline/milestones/{key}/to_year: is before it begins"
    for key, chapter in document.get("chapters", {}).items():
        if chapter.get("to_year", math.inf) < chapter.get("from_year", -math.inf):
            yield f"/chapters/{key}/to_year: is before it begins"
    for key, tour in document.get("tours", {}).items():
        for i, stop in enumerate(tour["stops"]):
            if "view" in stop:
                yield from _bad_view(f"/tours/{key}/stops/{i}/view", stop["view"])
    for key, zone in document.get("zones", {}).items():
        if not all(low < high for low, high in zip(zone["min"], zone["max"], strict=True)):
            yield f"/zones/{key}: its corners leave no room between them"


def _parts(document: Document, part: str) -> Document:
    """The map that ids of this part are keys of."""
    if part == "milestones":
        return document.get("timeline", {}).get("milestones", {})  # type: ignore[no-any-return]
    return document.get(part, {})  # type: ignore[no-any-return]


def _shown_assets(document: Document) -> Iterator[tuple[str, str, str]]:
    """(place, asset, the file that it must have) of every asset that is named, but for the architecture's."""
    files = {"object": "model", "picture": "picture", "video": "video", "audio": "audio"}
    for key, placement in document["placements"].items():
        if "asset" not in placement:
            continue
        file = files.get(placement["kind"], "thumb")
        yield f"/placements/{key}/asset", placement["asset"], file
        for i, variant in enumerate(placement.get("variants", ())):
            yield f"/placements/{key}/variants/{i}/asset", variant["asset"], file
    for key, note in document["notes"].items():
        if "picture" in note:
            yield f"/notes/{key}/picture", note["picture"], "picture"
    for key, tour in document.get("tours", {}).items():
        for i, stop in enumerate(tour["stops"]):
            for language, asset in stop.get("narration", {}).items():
                yield f"/tours/{key}/stops/{i}/narration/{language}", asset, "audio"
    for key, zone in document.get("zones", {}).items():
        if "sound" in zone:
            yield f"/zones/{key}/sound", zone["sound"], "audio"


def _named_parts(document: Document) -> Iterator[tuple[str, str, str]]:
    """(place, part, id) wherever the hall names another part of itself by its id."""
    for part in ("placements", "notes", "milestones"):
        for key, thing in _parts(document, part).items():
            place = f"/timeline/{part}/{key}" if part == "milestones" else f"/{part}/{key}"
            for name, others in (("placement", "placements"), ("chapter", "chapters")):
                if name in thing:
                    yield f"{place}/{name}", others, thing[name]
            yield from ((f"{place}/sources", "sources", source) for source in thing.get("sources", ()))
    for key, chapter in document.get("chapters", {}).items():
        yield from ((f"/chapters/{key}/placements", "placements", placement) for placement in chapter["placements"])
    if "anchor" in document.get("timeline", {}):
        yield "/timeline/anchor", "anchors", document["timeline"]["anchor"]
    for key, tour in document.get("tours", {}).items():
        for i, stop in enumerate(tour["stops"]):
            for name in ("placement", "note"):
                if name in stop:
                    yield f"/tours/{key}/stops/{i}/{name}", f"{name}s", stop[name]


def _bad_view(place: str, view: Document) -> Iterator[str]:
    yield from _far(f"{place}/position", view["position"])
    yield from _far(f"{place}/target", view["target"])
    if math.dist(view["position"], view["target"]) < 1e-6:
        yield f"{place}/target: is where the eye is, so it looks nowhere"


def _far(place: str, point: list[float]) -> Iterator[str]:
    if not all(abs(coordinate) <= _FARTHEST_M for coordinate in point):
        yield f"{place}: is farther than {_FARTHEST_M:g} m from the hall's origin"
