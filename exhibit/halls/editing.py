"""Answers editors' pages: takes their edits into the draft, and tells them everyone's.

Edits are made one after the other, each whole or not at all, in one transaction. What is sent twice is made once.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from exhibit.access import Person
from exhibit.db import Database
from exhibit.documents.changes import apply
from exhibit.documents.edit_types import Conflict, Edit, EditsAnswer, EditsRequest, RefusedEdit
from exhibit.errors import BadHall, BadInput, ExhibitError
from exhibit.halls import edit_log, presence, services
from exhibit.halls.models import Hall
from exhibit.i18n import Language


@dataclass(frozen=True, slots=True)
class Refusal:
    """An edit that was not made, and why."""

    edit: Edit
    error: ExhibitError
    conflicts: list[Conflict]

    def told(self, language: Language) -> RefusedEdit:
        return {
            "id": self.edit["id"],
            "key": self.error.key,
            "message": self.error.message(language),
            "hint": self.error.hint(language),
            "conflicts": self.conflicts,
        }


def answer(database: Database, slug: str, person: Person, request: EditsRequest, language: Language) -> EditsAnswer:
    """Make the edits and tell what has happened since the request's version.

    Raises BadInput for edits of another client, and StaleVersion where the log does not reach back to the version: the
    editor then reads the draft anew, and none of its edits has been made.
    """
    client, chosen = request["client"], request.get("chosen")
    for edit in request["edits"]:
        if edit["id"].rpartition("-")[0] != client:
            raise BadInput("edits_contract", problem=f"/edits: {edit['id']} is not of this client")
    if not request["edits"]:
        with database.reading() as session:
            hall = services.get_hall(session, slug, documents=False)
            if presence.is_fresh(session, hall, client, chosen):
                return _told(session, hall, request, [], language)
    with database.writing(author_id=person.account_id) as session:
        hall = services.get_hall(session, slug, documents=False, to_write=True)
        presence.appear(session, hall, client, person.account_id, chosen)
        refusals = _make(session, hall, request["edits"]) if request["edits"] else []
        return _told(session, hall, request, refusals, language)


def _make(session: Session, hall: Hall, edits: list[Edit]) -> list[Refusal]:
    """Make these edits, but for those that were made before; returns those that cannot be made."""
    done = edit_log.accepted_before(session, hall, (edit["id"] for edit in edits))
    document, version, refusals = hall.draft, hall.draft_version, list[Refusal]()
    for edit in edits:
        if edit["id"] in done:
            continue
        conflicts: list[Conflict] = []
        try:
            after, conflicts = apply(document, edit["changes"])
            if conflicts:
                raise BadHall("edit_conflict")
            after = services.accept_edit(session, document, after)
        except BadHall as error:
            refusals.append(Refusal(edit, error, conflicts))
            continue
        except RecursionError:
            refusals.append(Refusal(edit, BadHall("hall_contract", problem="/: nested too deeply"), []))
            continue
        version += 1
        edit_log.record(
            session,
            hall,
            version,
            name=edit["name"],
            before=document,
            after=after,
            client=edit["id"].rpartition("-")[0],
            edit_id=edit["id"],
        )
        document, done = after, done | {edit["id"]}
    if version > hall.draft_version:
        services.keep_draft(session, hall, document, hall.draft_version, steps=version - hall.draft_version)
    return refusals


def _told(
    session: Session, hall: Hall, request: EditsRequest, refusals: list[Refusal], language: Language
) -> EditsAnswer:
    edits, assets = edit_log.since(session, hall, request["version"])
    return {
        "version": hall.draft_version,
        "edits": edits,
        "assets": {key: copy for key, copy in hall.draft["assets"].items() if key in assets} if assets else {},
        "refused": [refusal.told(language) for refusal in refusals],
        "present": presence.others(session, hall, request["client"]),
    }
