"""What holds for a hall document beyond its schema: rules across its parts, which a schema cannot say."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping

from exhibit.documents.assets import Single
from exhibit.documents.order import milestones_in_order
from exhibit.documents.types import HallDocument, Id, Milestone, Note, Placement, PlacementKind, Vec3, View

_UNIT_TOLERANCE = 1e-3  # of a rotation's length
_FARTHEST_M = 10_000.0  # of anything from the hall's origin
_NEEDED: Mapping[PlacementKind, Single] = {
    "object": "model",
    "picture": "picture",
    "panel": "thumb",
    "video": "video",
    "audio": "audio",
}


def problems(hall: HallDocument) -> Iterator[str]:
    """What is wrong with a hall that keeps its schema, each as "place: what is wrong"."""
    yield from _order_problems(hall)
    yield from _asset_problems(hall)
    yield from _reference_problems(hall)
    yield from _geometry_problems(hall)
    yield from _year_problems(hall)


def shown_assets(hall: HallDocument) -> Iterator[tuple[str, Id, Single]]:
    """(place, asset, the file that it must have) of every asset that is named, but for the architecture's."""
    for key, placement in hall["placements"].items():
        if "asset" not in placement:
            continue
        file = _NEEDED[placement["kind"]]
        yield f"/placements/{key}/asset", placement["asset"], file
        for i, variant in enumerate(placement.get("variants", ())):
            yield f"/placements/{key}/variants/{i}/asset", variant["asset"], file
    for key, note in hall["notes"].items():
        if "picture" in note:
            yield f"/notes/{key}/picture", note["picture"], "picture"
    for key, tour in hall.get("tours", {}).items():
        for stop_key, stop in tour["stops"].items():
            narration = stop.get("narration", {})
            for language, asset in (("zh", narration.get("zh")), ("en", narration.get("en"))):
                if asset is not None:
                    yield f"/tours/{key}/stops/{stop_key}/narration/{language}", asset, "audio"
    for key, zone in hall.get("zones", {}).items():
        if "sound" in zone:
            yield f"/zones/{key}/sound", zone["sound"], "audio"


def _order_problems(hall: HallDocument) -> Iterator[str]:
    orders: list[tuple[str, str, Collection[Id], Collection[Id]]] = [
        ("placement_order", "placements", hall["placement_order"], hall["placements"]),
        ("note_order", "notes", hall["note_order"], hall["notes"]),
        ("chapter_order", "chapters", hall.get("chapter_order", []), hall.get("chapters", {})),
        ("tour_order", "tours", hall.get("tour_order", []), hall.get("tours", {})),
    ]
    for key, tour in hall.get("tours", {}).items():
        orders.append((f"tours/{key}/stop_order", "stops", tour["stop_order"], tour["stops"]))
    for name, parts, order, known in orders:
        if set(order) != set(known):
            yield f"/{name}: must name each of the {parts} exactly once"


def _asset_problems(hall: HallDocument) -> Iterator[str]:
    assets, architecture = hall["assets"], hall["architecture"]["asset"]
    if architecture not in assets or "model" not in assets[architecture]["files"]:
        yield f"/architecture/asset: the hall has no model '{architecture}'"
    elif "collider" not in assets[architecture]["files"]:
        yield f"/architecture/asset: '{architecture}' has no collider to walk on"
    for place, asset, file in shown_assets(hall):
        if asset not in assets or file not in assets[asset]["files"]:
            yield f"{place}: the hall has no {file} '{asset}'"


def _reference_problems(hall: HallDocument) -> Iterator[str]:
    known: dict[str, Collection[Id]] = {
        "placement": hall["placements"],
        "note": hall["notes"],
        "chapter": hall.get("chapters", {}),
        "source": hall.get("sources", {}),
        "anchor": hall.get("anchors", {}),
    }
    for place, part, named in _references(hall):
        if named not in known[part]:
            yield f"{place}: the hall has no {part} '{named}'"


def _references(hall: HallDocument) -> Iterator[tuple[str, str, Id]]:
    """(place, part, id) wherever the hall names another part of itself by its id."""
    for key, placement in hall["placements"].items():
        yield from _named_sources(f"/placements/{key}", placement)
    for key, note in hall["notes"].items():
        if "placement" in note:
            yield f"/notes/{key}/placement", "placement", note["placement"]
        yield from _named_sources(f"/notes/{key}", note)
    for key, milestone in milestones_in_order(hall):
        place = f"/timeline/milestones/{key}"
        if "placement" in milestone:
            yield f"{place}/placement", "placement", milestone["placement"]
        if "chapter" in milestone:
            yield f"{place}/chapter", "chapter", milestone["chapter"]
        yield from _named_sources(place, milestone)
    for key, chapter in hall.get("chapters", {}).items():
        yield from ((f"/chapters/{key}/placements", "placement", placement) for placement in chapter["placements"])
    for key, group in hall.get("groups", {}).items():
        yield from ((f"/groups/{key}/members", "placement", member) for member in group["members"])
    if "timeline" in hall and "anchor" in hall["timeline"]:
        yield "/timeline/anchor", "anchor", hall["timeline"]["anchor"]
    for key, tour in hall.get("tours", {}).items():
        for stop_key, stop in tour["stops"].items():
            if "placement" in stop:
                yield f"/tours/{key}/stops/{stop_key}/placement", "placement", stop["placement"]
            if "note" in stop:
                yield f"/tours/{key}/stops/{stop_key}/note", "note", stop["note"]


def _named_sources(place: str, naming: Placement | Note | Milestone) -> Iterator[tuple[str, str, Id]]:
    yield from ((f"{place}/sources", "source", source) for source in naming.get("sources", []))


def _geometry_problems(hall: HallDocument) -> Iterator[str]:
    for key, placement in hall["placements"].items():
        place = f"/placements/{key}"
        if abs(math.hypot(*placement["rotation"]) - 1) > _UNIT_TOLERANCE:
            yield f"{place}/rotation: must be a unit quaternion"
        yield from _far(f"{place}/translation", placement["translation"])
        if placement["scale"] > _FARTHEST_M:
            yield f"{place}/scale: is more than {_FARTHEST_M:g}"
    for key, note in hall["notes"].items():
        yield from _far(f"/notes/{key}/anchor", note["anchor"])
        if "view" in note:
            yield from _bad_view(f"/notes/{key}/view", note["view"])
    yield from _bad_view("/start", hall["start"])
    for key, tour in hall.get("tours", {}).items():
        for stop_key, stop in tour["stops"].items():
            if "view" in stop:
                yield from _bad_view(f"/tours/{key}/stops/{stop_key}/view", stop["view"])
    for key, zone in hall.get("zones", {}).items():
        if not all(low < high for low, high in zip(zone["min"], zone["max"], strict=True)):
            yield f"/zones/{key}: its corners leave no room between them"


def _year_problems(hall: HallDocument) -> Iterator[str]:
    for key, milestone in milestones_in_order(hall):
        if milestone.get("to_year", milestone["year"]) < milestone["year"]:
            yield f"/timeline/milestones/{key}/to_year: is before it begins"
    for key, chapter in hall.get("chapters", {}).items():
        if chapter.get("to_year", math.inf) < chapter.get("from_year", -math.inf):
            yield f"/chapters/{key}/to_year: is before it begins"


def _bad_view(place: str, view: View) -> Iterator[str]:
    yield from _far(f"{place}/position", view["position"])
    yield from _far(f"{place}/target", view["target"])
    if math.dist(view["position"], view["target"]) < 1e-6:
        yield f"{place}/target: is where the eye is, so it looks nowhere"


def _far(place: str, point: Vec3) -> Iterator[str]:
    if not all(abs(coordinate) <= _FARTHEST_M for coordinate in point):
        yield f"{place}: is farther than {_FARTHEST_M:g} m from the hall's origin"
