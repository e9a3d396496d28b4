"""What differs between two versions of a hall, thing by thing, as a curator would say it. Knows no database.

The studio: viewer/src/studio/history/comparison.ts. Cases for both: assets/schema/cases/differences.json.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from exhibit.documents.changes import difference, place
from exhibit.documents.edit_types import Change
from exhibit.documents.hall import other_assets
from exhibit.documents.types import HallDocument, Id, Text

Verb = Literal["added", "removed", "moved", "resized", "written", "changed", "reordered"]
VERBS: tuple[Verb, ...] = ("added", "removed", "moved", "resized", "written", "changed", "reordered")
_THINGS = {"placements", "notes", "chapters", "tours", "zones", "sources", "doors", "furniture"}
_FIELDS: Mapping[str, Verb] = {
    **dict.fromkeys(("translation", "rotation", "anchor", "view", "position", "facing_deg", "min", "max"), "moved"),
    **dict.fromkeys(("scale", "width_m", "depth_m", "height_m"), "resized"),
    **dict.fromkeys(("title", "label", "body", "summary", "credit", "text", "caption", "address"), "written"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """What has been done, and to what: a thing of `part`; without a title an order, or what a hall has one of.

    `part` is a map of the document or milestones; or hall (its texts), timeline, architecture, light, start, anchors.
    """

    verb: Verb
    part: str
    key: Id = ""
    title: Text | None = field(default=None, compare=False)


def differences(before: HallDocument, after: HallDocument) -> list[Difference]:
    """Each once, by what has been done."""
    found = [each for change in difference(before, after) for each in _differences(change, before, after)]
    found += [
        Difference("changed", "assets", key, asset["title"])
        for key, asset in other_assets(before, after).items()
        if key in before["assets"]
    ]
    return sorted(dict.fromkeys(found), key=lambda each: VERBS.index(each.verb))


def _differences(change: Change, before: HallDocument, after: HallDocument) -> Iterator[Difference]:
    path = place(change)
    if path[:2] == ["timeline", "milestones"]:
        path = path[1:]
    part, *inside = path
    if "order" in change and not inside:
        if "from" in change and "to" in change:  # else it comes or goes, which another change tells
            yield Difference("reordered", f"{part.removesuffix('_order')}s")
    elif part in _THINGS or part == "milestones":
        whole = len(inside) == 1
        verb = _outcome(change) if whole else "changed" if "order" in change else _FIELDS.get(inside[1], "changed")
        yield Difference(verb, part, inside[0], _title(part, inside[0], after) or _title(part, inside[0], before))
    elif part == "timeline":
        yield Difference(_outcome(change) if not inside else "written" if inside[0] == "title" else "moved", part)
    elif part in ("title", "summary", "credit"):
        yield Difference("written", "hall")
    else:
        yield Difference("moved" if part == "start" else "changed", part)


def _outcome(change: Change) -> Verb:
    """Of a change of a whole thing."""
    return "added" if "from" not in change else "removed" if "to" not in change else "changed"


def _title(part: str, key: Id, document: HallDocument) -> Text | None:
    whole = document.get("timeline", {}) if part == "milestones" else document
    things = cast(Mapping[str, Mapping[Id, Mapping[str, Text]]], whole).get(part, {})
    return things[key].get("title") if key in things else None
