"""A hall document as it is kept, and what it shows."""

from __future__ import annotations

from collections.abc import Collection

from exhibit.documents import contract
from exhibit.documents.assets import file_entries
from exhibit.documents.changes import difference, normal, place
from exhibit.documents.richtext import sanitise
from exhibit.documents.rules import problems, shown_assets
from exhibit.documents.texts import bilingual
from exhibit.documents.types import AssetDocument, HallDocument, Id, Note
from exhibit.errors import BadHall

_MAPS = {"placements", "notes", "chapters", "tours", "zones", "sources", "anchors", "doors", "furniture", "groups"}


def checked(value: object) -> HallDocument:
    """The value as a hall document as it is kept. Raises BadHall with the first thing that is wrong."""
    return as_kept(contract.hall_document(value))


def check_edit(before: HallDocument, after: HallDocument) -> None:
    """Ask the schema about the things in which a hall differs from `before`, which keeps it; not about assets.

    For one thing in a hall of 300 it takes a thirtieth of the time that asking about all does. Raises BadHall.
    """
    differing = [place(change) for change in difference(before, after)]
    tops, keys = {path[0] for path in differing}, {path[1] for path in differing if len(path) > 1}
    contract.hall_document({name: _differing(name, value, tops, keys) for name, value in after.items()})


def _differing(name: str, value: object, tops: Collection[str], keys: Collection[str]) -> object:
    """Of a map the things that differ, of an order that does not differ nothing, all of anything else."""
    if name == "assets":
        return {}
    if name in _MAPS and isinstance(value, dict):
        return {key: thing for key, thing in value.items() if key in keys}
    return [] if isinstance(value, list) and name not in tops else value


def as_kept(hall: HallDocument) -> HallDocument:
    """A hall that keeps its schema, as it is kept: its rich text sanitised, without empty maps and orders that it need
    not have, and without assets that nothing in it shows. Raises BadHall where it breaks a rule.
    """
    hall = normal(hall)
    if problem := next(problems(hall), None):
        raise BadHall("hall_contract", problem=problem)
    used = used_assets(hall)
    return {
        **hall,
        "notes": {key: _sanitised(note) for key, note in hall["notes"].items()},
        "assets": {key: asset for key, asset in hall["assets"].items() if key in used},
    }


def used_assets(hall: HallDocument) -> set[Id]:
    return {hall["architecture"]["asset"]} | {asset for _, asset, _ in shown_assets(hall)}


def other_assets(before: HallDocument, after: HallDocument) -> dict[Id, AssetDocument]:
    """Those that have come, or whose copies have changed."""
    return {key: asset for key, asset in after["assets"].items() if before["assets"].get(key) != asset}


def file_hashes(hall: HallDocument) -> set[str]:
    """SHA-256 of every file that the hall shows."""
    return {entry["sha256"] for asset in hall["assets"].values() for _, entry in file_entries(asset)}


def _sanitised(note: Note) -> Note:
    body = bilingual(lambda language: sanitise(note["body"][language]))
    return note if body == note["body"] else {**note, "body": body}
