"""The addresses of the curator's desk."""

from __future__ import annotations

from typing import Any

from exhibit.access import Verb
from exhibit.halls.api import find_version
from exhibit.halls.desk import hall, history, new_hall, notes, placements, publication, story, studio
from exhibit.web import Route

_HALL: dict[str, Any] = {"verb": Verb.EDIT, "find": hall.find_hall}
_PART: dict[str, Any] = {"verb": Verb.EDIT, "find": hall.find_part, "methods": ["POST"]}
_PLACEMENT: dict[str, Any] = {"verb": Verb.EDIT, "find": placements.find_placement}
_NOTE: dict[str, Any] = {"verb": Verb.EDIT, "find": notes.find_note}
_PUBLISH: dict[str, Any] = {"verb": Verb.PUBLISH, "find": hall.find_hall, "methods": ["POST"]}
_DELETE: dict[str, Any] = {"verb": Verb.DELETE, "find": hall.find_hall}
_ONE = "/desk/halls/<slug>"
_PLACEMENT_RULE = f"{_ONE}/placements/<key>"
_NOTE_RULE = f"{_ONE}/notes/<key>"

ROUTES = (
    Route(rule="/desk", handler=hall.desk, verb=Verb.READ),
    Route(rule="/desk/halls/new", handler=new_hall.new_hall, verb=Verb.CREATE),
    Route(rule="/desk/halls/new", handler=new_hall.add_hall, methods=["POST"], verb=Verb.CREATE),
    Route(rule=_ONE, handler=hall.hall, **_HALL),
    Route(rule=f"{_ONE}/studio", handler=studio.studio, **_HALL),
    Route(rule=f"{_ONE}/text", handler=hall.describe_hall, methods=["POST"], **_HALL),
    Route(rule=f"{_ONE}/room", handler=hall.furnish_hall, methods=["POST"], **_HALL),
    Route(rule=f"{_ONE}/placements", handler=placements.add_placement, methods=["POST"], **_HALL),
    Route(rule=_PLACEMENT_RULE, handler=placements.placement, **_PLACEMENT),
    Route(rule=_PLACEMENT_RULE, handler=placements.change_placement, methods=["POST"], **_PLACEMENT),
    Route(rule=f"{_PLACEMENT_RULE}/remove", handler=placements.remove_placement, methods=["POST"], **_PLACEMENT),
    Route(rule=f"{_ONE}/notes", handler=notes.add_note, methods=["POST"], **_HALL),
    Route(rule=_NOTE_RULE, handler=notes.note, **_NOTE),
    Route(rule=_NOTE_RULE, handler=notes.change_note, methods=["POST"], **_NOTE),
    Route(rule=f"{_NOTE_RULE}/remove", handler=notes.remove_note, methods=["POST"], **_NOTE),
    Route(rule=f"{_ONE}/<any(placements, notes):parts>/<key>/move", handler=hall.move_part, **_PART),
    Route(rule=f"{_ONE}/publish", handler=publication.publish_hall, methods=["POST"], **_HALL),
    Route(rule=f"{_ONE}/unpublish", handler=publication.unpublish_hall, **_PUBLISH),
    Route(rule=f"{_ONE}/history", handler=history.history, **_HALL),
    Route(
        rule=f"{_ONE}/history/<int(max=2147483647):version>/restore",
        handler=history.restore_version,
        methods=["POST"],
        verb=Verb.EDIT,
        find=find_version,
    ),
    Route(rule=f"{_ONE}/delete", handler=publication.ask_to_delete, **_DELETE),
    Route(rule=f"{_ONE}/delete", handler=publication.delete_hall, methods=["POST"], own_session=True, **_DELETE),
    Route(
        rule="/api/halls/<slug>",
        handler=publication.delete_hall_by_api,
        methods=["DELETE"],
        own_session=True,
        **_DELETE,
    ),
)

_EXHIBIT: dict[str, Any] = {"verb": Verb.EDIT, "find": story.find_exhibit}
_ANY: dict[str, Any] = {"verb": Verb.EDIT, "find": story.find_part}
_THING: dict[str, Any] = {"verb": Verb.EDIT, "find": story.find_thing}
_STORY = f"{_ONE}/story"
_ANY_RULE = f"{_STORY}/<any(chapters, milestones, tours, zones, sources):part>"

STORY = (  # mounted as "story": what a hall tells
    Route(rule=_STORY, handler=story.told, **_HALL),
    Route(rule=f"{_STORY}/timeline", handler=story.head_timeline, methods=["POST"], **_HALL),
    Route(rule=f"{_STORY}/exhibits/<key>", handler=story.exhibit, **_EXHIBIT),
    Route(rule=f"{_STORY}/exhibits/<key>", handler=story.change_exhibit, methods=["POST"], **_EXHIBIT),
    Route(rule=_ANY_RULE, handler=story.add_thing, methods=["POST"], **_ANY),
    Route(rule=f"{_ANY_RULE}/<key>", handler=story.thing, **_THING),
    Route(rule=f"{_ANY_RULE}/<key>", handler=story.change_thing, methods=["POST"], **_THING),
    Route(rule=f"{_ANY_RULE}/<key>/remove", handler=story.remove_thing, methods=["POST"], **_THING),
    Route(
        rule=f"{_STORY}/<any(chapters, tours):part>/<key>/move", handler=story.move_thing, methods=["POST"], **_THING
    ),
)
