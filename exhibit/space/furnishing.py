"""The furniture of a hall: built on a site, and the anchors that it gives. The viewer: src/document/furniture.ts.

The cases in assets/schema/cases/furniture.json hold both.
"""

from __future__ import annotations

from collections.abc import Mapping

from exhibit.documents.order import by_id
from exhibit.documents.types import Anchor, Furnishing, Id
from exhibit.space import furniture
from exhibit.space.site import Site

PENDANT_TALL = 0.28 / 0.26  # a lamp's shade: its height as a share of its radius


def furnish(site: Site, pieces: Mapping[Id, Furnishing]) -> None:
    """Build every piece, in the order of their ids."""
    for key, piece in by_id(pieces):
        x, y, z = piece["position"]
        _build(site.at(x, y, z, piece["facing_deg"]), key, piece)


def anchors_of(pieces: Mapping[Id, Furnishing]) -> dict[Id, Anchor]:
    """The anchors of every piece: `<id>`, and `<id>-label` where it has a label. Numbers to 0.0001."""
    found: dict[Id, Anchor] = {}
    for key, piece in by_id(pieces):
        site = Site()
        furnish(site, {key: piece})
        found |= anchor_documents(site)
    return found


def anchor_documents(site: Site) -> dict[Id, Anchor]:
    """A site's anchors as a hall document has them."""
    return {
        name: {
            "kind": anchor.kind,
            "position": list(anchor.position),
            "facing_deg": round(anchor.facing_deg, 4) + 0.0,
            "width_m": round(float(anchor.width), 4),
            "height_m": round(float(anchor.height), 4),
        }
        for name, anchor in site.anchors.items()
    }


def _build(here: Site, key: Id, piece: Furnishing) -> None:
    width, deep, height = piece["width_m"], piece["depth_m"], piece["height_m"]
    match piece["kind"]:
        case "plinth":
            furniture.plinth(here, key, width, deep, height)
        case "platform":
            furniture.platform(here, key, width, deep, height, furniture.WHITE)
        case "vitrine":
            furniture.vitrine(here, key, width, deep, base=height)
        case "panel":
            furniture.panel(here, key, width, height, low=0.0)
        case "standing_panel":
            furniture.standing_panel(here, key, width, height)
        case "screen":
            furniture.screen(here, key, width, height, low=0.0)
        case "bench":
            furniture.bench(here, width, deep=deep, height=height)
        case "lamp":
            shade = min(height, width / 2 * PENDANT_TALL)
            furniture.pendant(here, (0.0, -height, 0.0), height - shade, radius=shade / PENDANT_TALL)
