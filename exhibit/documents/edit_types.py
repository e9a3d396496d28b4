"""Types of edits. Written by scripts/document_types.py from assets/schema/edit.schema.json: do not edit.

A key that a document may lack is NotRequired. Lengths, patterns and ranges are not in the types: the schema
checks them.
"""

from __future__ import annotations

from typing import NotRequired, TypeAlias, TypedDict, final

from exhibit.documents.types import AssetDocument, Id

# An editor's page, or a save at the desk: a UUID.
Client: TypeAlias = str

# The client and a number that counts its edits. Whoever sends an edit twice sends the same id.
EditId: TypeAlias = str

Version: TypeAlias = int

# Where in the document: keys of objects and maps, from its top.
Path: TypeAlias = list[str]

# Where an array of ids is whose order matters.
OrderPath: TypeAlias = list[str]

# The id that stands before it in the order; null: it is the first.
Predecessor: TypeAlias = "Id | None"

# A value at a path. A thing that is added to a map or removed from it is one such change, with the whole thing.
FieldChange = TypedDict(
    "FieldChange",
    {
        "path": Path,
        # The value before; without it the key was not there.
        "from": NotRequired[object],
        # The value after; without it the key is not there any more.
        "to": NotRequired[object],
    },
)

# The place of one id in an order.
OrderChange = TypedDict(
    "OrderChange",
    {
        "order": OrderPath,
        "id": Id,
        # Before the change; without it the id was not in the order.
        "from": NotRequired[Predecessor],
        # After the change; without it the id is not in the order any more.
        "to": NotRequired[Predecessor],
    },
)

Change: TypeAlias = "FieldChange | OrderChange"

# The command, such as move-placement.
EditName: TypeAlias = str


@final
class Edit(TypedDict):
    """One step of an editor: applied whole or not at all."""

    id: EditId
    name: EditName
    changes: list[Change]


@final
class AcceptedEdit(TypedDict):
    """An edit as it was applied.

    Its changes are those that it made; they can differ from those that were sent: rich text is sanitised, and what held
    already is no change.
    """

    # Of the draft after it.
    version: Version
    client: Client
    id: EditId
    name: EditName
    changes: list[Change]
    # The account's name; without it a command or a deleted account.
    author: NotRequired[str]
    # ISO 8601, UTC.
    at: str


@final
class Conflict(TypedDict):
    """A change that does not fit the document, and what is there."""

    change: Change
    # The value, or the id that stands before it; without it there is none.
    current: NotRequired[object]


@final
class RefusedEdit(TypedDict):
    """An edit that was not applied, because it conflicts or because its result would break the hall's contract."""

    id: EditId
    # Of the message: edit_conflict, or what the hall's contract says.
    key: str
    # In the user's language.
    message: str
    hint: str
    conflicts: list[Conflict]


@final
class PresentEditor(TypedDict):
    """Someone else who has the hall's studio open."""

    client: Client
    # The account's.
    name: str
    chosen: NotRequired[Path]


@final
class EditsAnswer(TypedDict):
    """The answer to an EditsRequest.

    The editor takes its unconfirmed edits back, applies `edits`, takes in `assets`, and applies those of its edits
    again that are neither accepted nor refused.
    """

    # Of the draft now.
    version: Version
    # Every edit since the version of the request, by versions, one's own too.
    edits: list[AcceptedEdit]
    # The draft's copies of assets that have come into the hall or have changed since the version of the request.
    assets: dict[str, AssetDocument]
    refused: list[RefusedEdit]
    present: list[PresentEditor]


@final
class EditsRequest(TypedDict):
    """What an editor sends to POST /api/halls/<slug>/edits: its edits since its last request, in their order.

    Without any it only hears of the others'. A hall document is edited by edits, each a list of changes that can be
    applied, inverted and merged (exhibit/documents/changes.py, viewer/src/document/changes.ts). `assets` is derived
    from the rest of the document and never edited. Maps and orders that a document need not have (chapters,
    chapter_order, tours, tour_order, zones, sources, anchors, doors, furniture, groups, the sources of a placement,
    note or milestone) are left out when they are empty: no such map and an empty one are the same.
    """

    client: Client
    # Of the draft that the editor has.
    version: Version
    edits: list[Edit]
    # The thing that the editor has chosen, such as placements, vase.
    chosen: NotRequired[Path]
