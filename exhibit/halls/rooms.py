"""A hall's room: which one in the library is built from what the hall document says, and whether the hall shows it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache

from exhibit.documents.canonical import canonical
from exhibit.documents.types import Building, Furnishing, HallDocument, Id
from exhibit.errors import BadInput
from exhibit.space.sizes import BadSize, Size, chosen
from exhibit.space.templates import TEMPLATES

PLAN_VERSION = 1  # raised when the same plan is built differently
BUILT = "room-"  # how the ids of rooms begin that are built for a hall


@cache
def room_id(template: str) -> str:
    """The id of the template's room in the library, as the template is.

    It changes when the template does, so a room always belongs to the anchors and doors of its hall.
    """
    facts = json.dumps(TEMPLATES[template].document, sort_keys=True)
    return f"{template}-{hashlib.sha256(facts.encode()).hexdigest()[:8]}"


def template_of(room: str) -> str | None:
    """The template whose room has this id; None for any other asset."""
    return next((template for template in TEMPLATES if room_id(template) == room), None)


def building_of(hall: HallDocument) -> Building | None:
    """What the hall's room is built from; None where it came as a file."""
    architecture = hall["architecture"]
    if "building" in architecture:
        return architecture["building"]
    template = template_of(architecture["asset"])
    return None if template is None else {"template": template}


def accepted(building: Building) -> Building:
    """The building with those sizes alone that differ from the template's own. Raises BadInput."""
    if "walls" in building:
        return building
    template = building["template"]
    if template not in TEMPLATES:
        raise BadInput("room_template", template=template)
    sizes = checked_sizes(TEMPLATES[template].sizes, building.get("sizes", {}))
    return {"template": template, "sizes": sizes} if sizes else {"template": template}


def checked_sizes(sizes: Sequence[Size], given: Mapping[str, float]) -> dict[str, float]:
    """What differs from the defaults, by name. Raises BadInput for what cannot be built."""
    try:
        return chosen(sizes, given)
    except BadSize as error:
        if error.size is None:
            raise BadInput("room_size_unknown", name=error.name) from None
        least, most, step = (f"{value:g}" for value in (error.size.least, error.size.most, error.size.step))
        raise BadInput("room_size", size=error.size.title, least=least, most=most, step=step) from None


def room_of(building: Building, furniture: Mapping[Id, Furnishing]) -> str:
    """The id of the room that is built from this; the same for the same content. Raises BadInput."""
    building = accepted(building)
    if "template" in building and "sizes" not in building and not furniture:
        return room_id(building["template"])
    code = PLAN_VERSION if "walls" in building else room_id(building["template"])
    content = canonical([code, building, furniture])
    return f"{BUILT}{hashlib.sha256(content.encode()).hexdigest()[:12]}"


def wanted_room(hall: HallDocument) -> str | None:
    """The room that the hall should show; None where nothing says so.

    A room that came as a file stays what it is: visitors' browsers show the furniture in it.
    """
    if "building" not in hall["architecture"] and not hall.get("furniture"):
        return None
    building = building_of(hall)
    return None if building is None else room_of(building, hall.get("furniture", {}))


def is_stale(hall: HallDocument) -> bool:
    """Whether the hall shows another room than what it is built from. Raises BadInput."""
    return wanted_room(hall) not in (None, hall["architecture"]["asset"])


def check_room(hall: HallDocument) -> None:
    """Raise BadInput unless the hall shows the room that it is built from."""
    if is_stale(hall):
        raise BadInput("room_stale")
