"""A hall before it is baked, and its hall document with nothing in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from exhibit.documents.types import HallDocument, Light, Text
from exhibit.space.light_sources import Sky, Sun
from exhibit.space.sheets import Sheet
from exhibit.space.site import Anchor, Door, Site, Vec

View = tuple[Vec, Vec, float]  # eye, target, vertical field of view in degrees


@dataclass(frozen=True, slots=True)
class Hall:
    title: Text
    summary: Text
    statement: Text
    site: Site
    start: View
    poster: View
    sky: Sky
    background: str  # "#rrggbb" behind everything
    sun: Sun | None = None
    shade: Sequence[Sheet] = field(default_factory=list)  # casts shadow, is not shown
    exposure: float = 1.0  # from the bake's light to the screen's: a white wall in full light is near 1
    adaptation: float = 0.32  # how far the eye follows the dark: 0 not at all; light is taken to the power 1 - this
    ambient: float = 1.2  # of the viewer's light on what stands in the hall

    def collider(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """What visitors stand on and cannot enter: vertices (V, 3) in metres, triangles (F, 3)."""
        return self.site.collider()

    def document(self, asset: str) -> HallDocument:
        """A hall document (assets/schema/hall.schema.json) with this architecture and nothing in it yet."""
        light: Light = {"ambient": self.ambient}
        if self.sun is not None:
            away = -np.asarray(self.sun.towards) / np.linalg.norm(self.sun.towards)
            light["key"] = {"direction": [round(float(v), 3) for v in away], "intensity": 1.6, "colour": "#fff1dc"}
        return hall_document(
            asset, self.title, self.summary, self.background, light, self.start, self.site.anchors, self.site.doors
        )


def hall_document(
    asset: str,
    title: Text,
    summary: Text,
    background: str,
    light: Light,
    start: View,
    anchors: Mapping[str, Anchor],
    doors: Mapping[str, Door],
) -> HallDocument:
    """A hall document with the architecture `asset` and nothing in it."""
    return {
        "schema": "longyao:hall/1",
        "title": title,
        "summary": summary,
        "assets": {},
        "architecture": {"asset": asset, "background": background},
        "light": light,
        "start": {"position": list(start[0]), "target": list(start[1]), "fov_deg": start[2]},
        "anchors": {
            name: {
                "kind": a.kind,
                "position": list(a.position),
                "facing_deg": a.facing_deg,
                "width_m": a.width,
                "height_m": a.height,
            }
            for name, a in anchors.items()
        },
        "doors": {
            name: {
                "title": d.title,
                "position": list(d.position),
                "facing_deg": d.facing_deg,
                "width_m": d.width,
                "height_m": d.height,
            }
            for name, d in doors.items()
        },
        "placements": {},
        "placement_order": [],
        "notes": {},
        "note_order": [],
    }
