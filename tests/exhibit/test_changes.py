"""Changes between documents, by the cases that the viewer keeps too, and what holds for any edits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any, cast

import pytest
import samples
from random_edits import edited

from exhibit.config import SCHEMAS
from exhibit.documents import changes
from exhibit.documents.canonical import canonical, same
from exhibit.documents.changes import apply, difference, invert, normal, place
from exhibit.documents.contract import hall_document, problems
from exhibit.documents.edit_types import Change, Conflict
from exhibit.documents.hall import checked
from exhibit.documents.types import HallDocument

CASES: dict[str, Any] = json.loads((samples.CASES / "edits.json").read_text("utf-8"))
SEEDS = range(12)


def text(document: HallDocument) -> str:
    """The canonical text of the document without assets, which are never part of an edit."""
    whole = cast(dict[str, object], normal(document))
    return canonical({key: value for key, value in whole.items() if key != "assets"})


def story_hall() -> HallDocument:
    case = json.loads((samples.CASES / "hall-story.json").read_text("utf-8"))
    return hall_document(case["hall"])


def test_canonical_texts() -> None:
    assert [canonical(case["value"]) for case in CASES["canonical"]] == [case["text"] for case in CASES["canonical"]]
    values = [case["value"] for case in CASES["canonical"]] + [
        1,
        0.0,
        9007199254740992.0,
        "1",
        [1],
        {"a": 1.0},
        {"a": True},
    ]
    for a in values:
        assert [same(a, b) for b in values] == [canonical(a) == canonical(b) for b in values]
    for wrong in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="is no JSON"):
            canonical(wrong)


@pytest.mark.parametrize("case", CASES["differences"], ids=lambda case: case["about"])
def test_differences(case: dict[str, Any]) -> None:
    before, after = case["before"], case["next"]
    kept = canonical([before, after])
    found = difference(before, after)
    assert canonical(found) == canonical(case["changes"])
    assert canonical(invert(found)) == canonical(case["inverse"])
    there, conflicts = apply(before, found)
    assert (text(there), conflicts) == (text(after), [])
    back, conflicts = apply(there, case["inverse"])
    assert (text(back), conflicts) == (text(before), [])
    assert canonical([before, after]) == kept


@pytest.mark.parametrize("case", CASES["applied"], ids=lambda case: case["about"])
def test_applied(case: dict[str, Any]) -> None:
    document: HallDocument = case["document"]
    got, conflicts = apply(document, case["changes"])
    assert canonical(conflicts) == canonical(case.get("conflicts", []))
    if conflicts:
        assert got is document
    else:
        assert text(got) == text(case["next"])


def test_the_schema_takes_every_change_of_the_cases() -> None:
    client = "0a7c2f34-58b1-4f5c-9d3e-2b1f6f0c9a11"

    def request(made: list[Change]) -> object:
        edit = {"id": f"{client}-1", "name": "move-placement", "changes": made}
        return {"client": client, "version": 1, "edits": [edit]}

    for case in [*CASES["differences"], *CASES["applied"]]:
        assert problems("edit", request(case["changes"])) == []
    assert problems("edit", request([{"path": ["assets", "vase"], "to": {}}]))
    assert problems("edit", request([{"path": ["title"]}]))
    assert problems("edit", request([{"order": ["placements"], "id": "vase", "to": None}]))
    assert problems("edit", request([{"order": ["placement_order"], "id": "vase"}]))


def test_orders_and_optional_maps_are_those_of_the_schema() -> None:
    hall = json.loads((SCHEMAS / "hall.schema.json").read_text("utf-8"))
    edit = json.loads((SCHEMAS / "edit.schema.json").read_text("utf-8"))
    orders, optional = set(), set()
    for shape, schema, required in _containers(hall, hall):
        is_order = schema.get("$ref") == "#/$defs/order"
        if is_order:
            orders.add(shape)
        if (is_order or schema.get("additionalProperties")) and not required:
            optional.add(shape)
    assert orders == changes.ORDERS
    assert optional == changes.OPTIONAL_MAPS | changes.OPTIONAL_ORDERS
    tops = set(hall["properties"]) - {"schema", "assets"} - {shape[0] for shape in orders if len(shape) == 1}
    assert set(edit["$defs"]["path"]["prefixItems"][0]["enum"]) == tops


def _containers(
    hall: dict[str, Any], schema: dict[str, Any], at: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], dict[str, Any], bool]]:
    """(shape, schema, whether it must be there) of what the hall's schema has, but for what is in lists and assets."""
    for key, value in schema.get("properties", {}).items():
        if (*at, key) == ("assets",):
            continue
        yield (*at, key), value, key in schema.get("required", ())
        name = value.get("$ref", "").partition("#/$defs/")[2]
        inner = hall["$defs"].get(name, value)
        yield from _containers(hall, inner, (*at, key))
        if isinstance(thing := inner.get("additionalProperties"), dict) and "$ref" in thing:
            yield from _containers(hall, hall["$defs"][thing["$ref"].rpartition("/")[2]], (*at, key, "*"))


@pytest.mark.parametrize("seed", SEEDS)
def test_edits_undone_leave_the_same_document(seed: int) -> None:
    random, first = Random(seed), story_hall()
    document, done = normal(first), list[list[Change]]()
    for _ in range(20):
        _, wanted = edited(random, document, first["assets"])
        found = difference(document, wanted)
        after, conflicts = apply(document, found)
        assert conflicts == []
        assert text(after) == text(wanted)
        assert difference(after, wanted) == []
        again, conflicts = apply(after, found) if not _moves(found) else (after, [])
        assert (text(again), conflicts) == (text(after), [])  # what holds already is nothing to do
        document, done = {**after, "assets": wanted["assets"]}, [*done, found]
    checked(document)
    for found in reversed(done):
        document, conflicts = apply(document, invert(found))
        assert conflicts == []
    assert text(document) == text(first)


@pytest.mark.parametrize("seed", SEEDS)
def test_edits_of_different_places_commute(seed: int) -> None:
    random, first = Random(seed), story_hall()
    tried = 0
    for _ in range(40):
        mine, theirs = (difference(first, edited(random, first, first["assets"])[1]) for _ in range(2))
        if _meet(mine, theirs):
            continue
        tried += 1
        results = [_both(first, mine, theirs), _both(first, theirs, mine)]
        assert results[0] == results[1]
    assert tried > 5


def _both(document: HallDocument, first: list[Change], second: list[Change]) -> tuple[str, list[Conflict]]:
    half, conflicts = apply(document, first)
    whole, more = apply(half, second)
    return text(whole), conflicts + more


def _moves(found: list[Change]) -> bool:
    return any("order" in change for change in found)


def _meet(mine: list[Change], theirs: list[Change]) -> bool:
    """Whether two edits are about the same order, or one about what the other one's thing is in."""
    return any(a[: len(b)] == b[: len(a)] for a in map(place, mine) for b in map(place, theirs))
