"""Halls that begin in a room which is built for them: from a template with sizes, or a plan."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from exhibit.documents.types import Building, HallDocument, Plan, Text
from exhibit.halls import rooms, services
from exhibit.halls.models import Hall
from exhibit.library.models import Asset
from exhibit.space.sizes import Size
from exhibit.space.templates import begin_document

PLAN = "plan"  # the key of the choice to draw a plan, beside the templates' keys
PLAN_PICTURE = f"templates/{PLAN}.webp"  # below exhibit/static
PLAN_SIZES = (  # of the room that a plan begins with
    Size("width", {"zh": "宽度", "en": "Width"}, 3.0, 40.0, 0.5, 10.0),
    Size("depth", {"zh": "进深", "en": "Depth"}, 3.0, 40.0, 0.5, 8.0),
    Size("height", {"zh": "墙高", "en": "Height of the walls"}, 2.6, 8.0, 0.1, 4.2),
)


def chosen_building(key: str, sizes: Mapping[str, float]) -> Building:
    """A template with these sizes, or a plan of one room. Raises BadInput."""
    if key != PLAN:
        return rooms.accepted({"template": key, "sizes": dict(sizes)})
    own = {size.name: size.default for size in PLAN_SIZES}
    return rectangle(**(own | rooms.checked_sizes(PLAN_SIZES, sizes)))


def begin_hall(session: Session, building: Building, room: Asset, title: Text, summary: Text) -> Hall:
    """A new hall in this room, with its anchors, doors, light and start."""
    building = rooms.accepted(building)
    begun = _document(building, room.id)
    document: HallDocument = {
        **begun,
        "title": title,
        "summary": summary,
        "assets": {room.id: room.document},
        "architecture": {**begun["architecture"], "building": building},
    }
    return services.create_hall(session, document)


def _document(building: Building, asset: str) -> HallDocument:
    if "template" in building and "sizes" not in building:
        return begin_document(building["template"], asset)
    from exhibit.space.building import built  # it loads all templates' code

    return built(building).document(asset)


def rectangle(width: float, depth: float, height: float = 4.2) -> Plan:
    """A plan of one room with a door in the wall behind the visitor; metres between the middles of its walls."""
    x, z, tall = width / 2, depth / 2, min(2.6, height - 0.3)
    corners = {"south": ((-x, z), (x, z)), "east": ((x, z), (x, -z)), "north": ((x, -z), (-x, -z))}
    corners["west"] = ((-x, -z), (-x, z))
    return {
        "walls": {
            name: {"from": list(start), "to": list(end), "height_m": height, "thickness_m": 0.3}
            for name, (start, end) in corners.items()
        },
        "openings": {
            "entrance": {
                "wall": "south",
                "kind": "door",
                "at_m": x,
                "width_m": 1.8,
                "height_m": tall,
            },
        },
        "rooms": {"room": {"at": [0, 0], "floor": "oak", "walls": "white", "ceiling": "white", "light": "even"}},
    }
