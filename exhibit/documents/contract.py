"""The door for documents: what comes from a file, a request or a form is checked here, and has a type from then on.

The schemas in assets/schema are the contract that recon, exhibit and the viewer all keep.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Literal, NotRequired, TypedDict, cast

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.exceptions import best_match
from referencing import Registry, Resource

from exhibit.config import SCHEMAS
from exhibit.documents.edit_types import EditsRequest
from exhibit.documents.texts import bilingual
from exhibit.documents.types import AssetDocument, Building, Furnishing, HallDocument, Id, Text
from exhibit.errors import BadBundle, BadHall, BadInput
from exhibit.i18n import say

Contract = Literal["asset", "hall", "edit"]
_MAX_PROBLEMS = 5


def asset_document(value: object) -> AssetDocument:
    """The value as an asset document. Raises BadBundle with the first thing in it that breaks the contract."""
    if found := problems("asset", value):
        raise BadBundle("asset_contract", problem=found[0])
    return cast(AssetDocument, value)


def hall_document(value: object) -> HallDocument:
    """The value as a hall document. Raises BadHall with the first thing in it that breaks the contract."""
    if found := problems("hall", value):
        raise BadHall("hall_contract", problem=found[0])
    return cast(HallDocument, value)


def edits_request(value: object) -> EditsRequest:
    """The value as what an editor sends. Raises BadInput with the first thing in it that breaks the contract."""
    if found := problems("edit", value):
        raise BadInput("edits_contract", problem=found[0])
    return cast(EditsRequest, value)


class RoomRequest(TypedDict):
    """What a room is to be built from, and the furniture in it."""

    building: NotRequired[Building]
    furniture: NotRequired[dict[Id, Furnishing]]


def room_request(value: object) -> RoomRequest:
    """The value as what an editor asks about a room. Raises BadInput with the first thing that breaks the contract."""
    building = value.get("building") if isinstance(value, dict) else None
    kind = "plan" if isinstance(building, dict) and "walls" in building else "template_building"
    parts = {"building": f"longyao:hall/1#/$defs/{kind}", "furniture": "longyao:hall/1#/properties/furniture"}
    schema = {
        "type": "object",
        "properties": {name: {"$ref": place} for name, place in parts.items()},
        "additionalProperties": False,
    }
    for error in Draft202012Validator(schema, registry=_registry()).iter_errors(value):
        raise BadInput("room_contract", problem=_line(error))
    return cast(RoomRequest, value)


@cache
def _registry() -> Registry[Any]:
    schemas = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(SCHEMAS.glob("*.json"))]
    resources: list[Resource[Any]] = [Resource.from_contents(schema) for schema in schemas]
    return Registry[Any]().with_resources(
        (schema["$id"], resource) for schema, resource in zip(schemas, resources, strict=True)
    )


@cache
def _validator(contract: Contract) -> Draft202012Validator:
    registry = _registry()
    return Draft202012Validator(registry.contents(f"longyao:{contract}/1"), registry=registry)


def problems(contract: Contract, document: Any) -> list[str | Text]:
    """What breaks the contract, each as "place: what is wrong", the first few; empty where it is kept."""
    try:
        return [
            _line(error)
            for error, _ in zip(_validator(contract).iter_errors(document), range(_MAX_PROBLEMS), strict=False)
        ]
    except RecursionError:
        return ["/: nested too deeply"]


def _line(error: ValidationError) -> str | Text:
    if error.validator == "anyOf":  # which of them is meant, and what in it is wrong
        error = best_match([error]) or error
    place = "/" + "/".join(str(step) for step in error.absolute_path)
    if error.validator == "not" and error.validator_value == {"const": 0}:
        return bilingual(lambda language: say("documents.no_year_0", language, place=place))
    said = error.message if len(error.message) <= 160 else error.message[:157] + "…"
    return f"{place}: {said}"
