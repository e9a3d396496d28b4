"""Halls that begin in a room which is built for them: from a template with sizes, or a plan."""

from __future__ import annotations

from sqlalchemy.orm import Session

from exhibit.documents.types import Building, HallDocument, Text
from exhibit.halls import rooms, services
from exhibit.halls.models import Hall
from exhibit.library.models import Asset
from exhibit.space.templates import begin_document


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


def rectangle(width: float, depth: float, height: float = 4.2) -> Building:
    """A plan of one room with a door in the wall behind the visitor; metres between the middles of its walls."""
    x, z = width / 2, depth / 2
    corners = {"south": ((-x, z), (x, z)), "east": ((x, z), (x, -z)), "north": ((x, -z), (-x, -z))}
    corners["west"] = ((-x, -z), (-x, z))
    return {
        "walls": {
            name: {"from": list(start), "to": list(end), "height_m": height, "thickness_m": 0.3}
            for name, (start, end) in corners.items()
        },
        "openings": {
            "entrance": {"wall": "south", "kind": "door", "at_m": x, "width_m": 1.8, "height_m": 2.6},
        },
        "rooms": {"room": {"at": [0, 0], "floor": "oak", "walls": "white", "ceiling": "white", "light": "even"}},
    }
