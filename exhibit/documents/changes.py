"""Changes between two hall documents: found, applied, inverted. The viewer: viewer/src/document/changes.ts.

assets/schema/edit.schema.json says what a change is; assets/schema/cases/edits.json holds cases for both languages.
Documents are never altered: what a change leaves alone is shared between the document before and after it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from exhibit.documents.canonical import same
from exhibit.documents.edit_types import Change, Conflict, FieldChange, OrderChange
from exhibit.documents.types import HallDocument, Id

# A path's shape is the path with * for the keys of a map.
OPTIONAL_MAPS = frozenset(
    {("chapters",), ("tours",), ("zones",), ("sources",), ("anchors",), ("doors",), ("furniture",), ("groups",)}
)
OPTIONAL_ORDERS = frozenset(
    {
        ("chapter_order",),
        ("tour_order",),
        ("placements", "*", "sources"),
        ("notes", "*", "sources"),
        ("timeline", "milestones", "*", "sources"),
    }
)
ORDERS = OPTIONAL_ORDERS | {
    ("placement_order",),
    ("note_order",),
    ("chapters", "*", "placements"),
    ("groups", "*", "members"),
    ("tours", "*", "stop_order"),
}
_NOT_EDITED = {"schema", "assets"}
_ABSENT = object()

_Path = tuple[str, ...]
_Object = dict[str, object]


def difference(before: HallDocument, after: HallDocument) -> list[Change]:
    """The changes that make `after` of `before`, by their paths. Assets are left out: they follow from the rest."""
    a, b = cast(_Object, normal(before)), cast(_Object, normal(after))
    keys = sorted((a.keys() | b.keys()) - _NOT_EDITED)
    return [change for key in keys for change in _differences((key,), a.get(key, _ABSENT), b.get(key, _ABSENT))]


def invert(changes: Sequence[Change]) -> list[Change]:
    """The changes that undo these."""
    other = {"from": "to", "to": "from"}
    return [cast(Change, {other.get(key, key): value for key, value in change.items()}) for change in reversed(changes)]


def apply(document: HallDocument, changes: Iterable[Change]) -> tuple[HallDocument, list[Conflict]]:
    """(the next document, []), or (the same document, its conflicts): all changes are made or none.

    A value is changed where it is what the change says it was. Where it is already what it shall be, there is nothing
    to do; so it is with an id that shall be in an order and is, or shall not be and is not. All else is a conflict.
    """
    changed, conflicts = cast(_Object, document), list[Conflict]()
    for change in changes:
        if "order" in change:
            outcome = _order_changed(changed, cast(OrderChange, change))
        else:
            outcome = _field_changed(changed, change)
        if isinstance(outcome, _Current):
            conflicts.append(outcome.conflict(change))
        else:
            changed = outcome
    return (document, conflicts) if conflicts else (normal(cast(HallDocument, changed)), [])


def place(change: Change) -> list[str]:
    """The path of what it changes, or of the order."""
    return change["path"] if "order" not in change else cast(OrderChange, change)["order"]


def normal(document: HallDocument) -> HallDocument:
    """The document without empty maps and orders that it need not have: an empty one is the same as none."""
    whole = _without_empty(document, [shape[0] for shape in OPTIONAL_MAPS | OPTIONAL_ORDERS if len(shape) == 1])
    for *parents, star, key in (shape for shape in OPTIONAL_ORDERS if len(shape) > 1):
        assert star == "*"
        path = tuple(parents)
        things = _get(whole, path)
        if isinstance(things, dict):
            tidy = {name: _without_empty(thing, [key]) for name, thing in things.items()}
            if any(tidy[name] is not thing for name, thing in things.items()):
                whole = _put(whole, path, tidy)
    return cast(HallDocument, whole)


class _Current:
    """What is there where a change does not fit."""

    def __init__(self, value: object):
        self.value = value

    def conflict(self, change: Change) -> Conflict:
        return {"change": change} if self.value is _ABSENT else {"change": change, "current": self.value}


def _differences(path: _Path, before: object, after: object) -> Iterator[Change]:
    if before is after:
        return
    shape = _shape(path)
    if shape in OPTIONAL_MAPS:
        before, after = ({} if value is _ABSENT else value for value in (before, after))
    if shape in OPTIONAL_ORDERS:
        before, after = ([] if value is _ABSENT else value for value in (before, after))
    if shape in ORDERS and _are_ids(before) and _are_ids(after):
        yield from _order_differences(path, cast(list[Id], before), cast(list[Id], after))
    elif isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            yield from _differences((*path, key), before.get(key, _ABSENT), after.get(key, _ABSENT))
    elif _ABSENT in (before, after) or not same(before, after):
        yield cast(Change, {"path": list(path)} | _sides(before, after))


def _order_differences(path: _Path, before: Sequence[Id], after: Sequence[Id]) -> Iterator[Change]:
    """First what goes, then what comes and what moves, each with its place at that moment."""
    now = list(before)
    for key in before:
        if key not in after:
            yield _order_change(path, key, _before(now, key), _ABSENT)
            now.remove(key)
    stays = set(_longest_rising(now, after))
    last: Id | None = None
    for key in after:
        if key not in stays:
            yield _order_change(path, key, _before(now, key), last)
            now = _placed(now, key, last)
        last = key


def _longest_rising(keys: Sequence[Id], order: Sequence[Id]) -> list[Id]:
    """The most keys that already stand in `order`, so that the fewest move; of several such sets that of patience
    sorting, which ends earliest in `order`."""
    rank = {key: place for place, key in enumerate(order)}
    ends: list[int] = []  # of the best sequence of each length, the rank at its end
    previous: dict[int, int | None] = {}
    for place in (rank[key] for key in keys):
        length = bisect_left(ends, place)
        previous[place] = ends[length - 1] if length else None
        ends[length : length + 1] = [place]
    found: list[Id] = []
    at = ends[-1] if ends else None
    while at is not None:
        found.append(order[at])
        at = previous[at]
    return found[::-1]


def _order_change(path: _Path, key: Id, before: object, after: object) -> Change:
    return cast(Change, {"order": list(path), "id": key} | _sides(before, after))


def _sides(before: object, after: object) -> _Object:
    return {name: value for name, value in (("from", before), ("to", after)) if value is not _ABSENT}


def _field_changed(document: _Object, change: FieldChange) -> _Object | _Current:
    path = tuple(change["path"])
    before, after, current = change.get("from", _ABSENT), change.get("to", _ABSENT), _get(document, path)
    if _equal(current, after):
        return document
    if not _equal(current, before):
        return _Current(current)
    if path[:-1] in OPTIONAL_MAPS and _get(document, path[:-1]) is _ABSENT:
        document = _put(document, path[:-1], {})
    if not isinstance(_get(document, path[:-1]), dict):
        return _Current(_ABSENT)  # what it belongs to is gone
    return _put(document, path, after)


def _order_changed(document: _Object, change: OrderChange) -> _Object | _Current:
    path, key = tuple(change["order"]), change["id"]
    found = _get(document, path)
    inside = isinstance(_get(document, path[:-1]), dict)
    if found is _ABSENT and not (inside and _shape(path) in OPTIONAL_ORDERS):
        return document if "to" not in change else _Current(_ABSENT)  # what it belongs to is gone
    now = _ids(found)
    if "to" not in change:
        return _put(document, path, [each for each in now if each != key]) if key in now else document
    if ("from" in change) != (key in now):
        return document if key in now else _Current(_ABSENT)
    return _put(document, path, _placed(now, key, change["to"]))


def _placed(order: Sequence[Id], key: Id, before: Id | None) -> list[Id]:
    """The order with the key after `before`, first where that is None, last where it is not there."""
    others = [each for each in order if each != key]
    at = 0 if before is None else others.index(before) + 1 if before in others else len(others)
    return [*others[:at], key, *others[at:]]


def _before(order: Sequence[Id], key: Id) -> object:
    """What stands before a key: an id, None for the first, absent where the key is not in the order."""
    if key not in order:
        return _ABSENT
    at = order.index(key)
    return order[at - 1] if at else None


def _ids(value: object) -> list[Id]:
    return cast(list[Id], value) if isinstance(value, list) else []


def _are_ids(value: object) -> bool:
    """Whether it is a list of words, each once."""
    return isinstance(value, list) and all(isinstance(each, str) for each in value) and len(set(value)) == len(value)


def _equal(a: object, b: object) -> bool:
    return a is b if _ABSENT in (a, b) else same(a, b)


def _shape(path: _Path) -> _Path:
    star = 2 if path[:2] == ("timeline", "milestones") else 1
    return (*path[:star], "*", *path[star + 1 :]) if len(path) > star else path


def _get(document: object, path: Sequence[str]) -> object:
    for key in path:
        document = document.get(key, _ABSENT) if isinstance(document, dict) else _ABSENT
    return document


def _put(document: object, path: Sequence[str], value: object) -> _Object:
    """The document with the value there, or without the key where it is absent. Its parents must be there."""
    key, rest = path[0], path[1:]
    copy = dict(cast(Mapping[str, object], document))
    if rest:
        copy[key] = _put(copy[key], rest, value)
    elif value is _ABSENT:
        del copy[key]
    else:
        copy[key] = value
    return copy


def _without_empty(thing: object, keys: Iterable[str]) -> object:
    if not isinstance(thing, dict):
        return thing
    empty = {key for key in keys if key in thing and thing[key] in ({}, [])}
    return {key: value for key, value in thing.items() if key not in empty} if empty else thing
