"""A hall document as it is kept, and what it shows."""

from __future__ import annotations

from exhibit.documents import contract
from exhibit.documents.assets import file_entries
from exhibit.documents.richtext import sanitise
from exhibit.documents.rules import problems, shown_assets
from exhibit.documents.texts import bilingual
from exhibit.documents.types import HallDocument, Id, Note
from exhibit.errors import BadHall


def checked(value: object) -> HallDocument:
    """The value as a hall document, its rich text sanitised, without assets that nothing in it shows.

    Raises BadHall with the first thing that is wrong.
    """
    hall = contract.hall_document(value)
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


def file_hashes(hall: HallDocument) -> set[str]:
    """SHA-256 of every file that the hall shows."""
    return {entry["sha256"] for asset in hall["assets"].values() for _, entry in file_entries(asset)}


def _sanitised(note: Note) -> Note:
    return {**note, "body": bilingual(lambda language: sanitise(note["body"][language]))}
