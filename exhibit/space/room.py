"""A room whose light is baked into its vertices: its sheets, pictures, lights and solids."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from exhibit.documents.types import HallDocument, Light, Text
from exhibit.space.hall import View, hall_document
from exhibit.space.light_sources import Skylight, Spot
from exhibit.space.materials import material
from exhibit.space.sheets import Sheet
from exhibit.space.site import Anchor, Door, Site

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
ByteArray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Block:
    """An axis-aligned box that visitors cannot enter."""

    low: tuple[float, float, float]
    high: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Room:
    title: Text
    summary: Text
    statement: Text
    sheets: Sequence[Sheet]
    paint: Callable[[], Mapping[str, ByteArray]]  # pictures by Finish.picture; each becomes one material
    skylights: Sequence[Skylight]
    spots: Sequence[Spot]
    solid: Sequence[Block]
    poster: View
    start: View
    background: str  # "#rrggbb" behind everything
    light: Light  # the hall document's
    anchors: Mapping[str, Anchor]
    doors: Mapping[str, Door]
    furniture: Site = field(default_factory=Site)  # what a curator has put into it, besides; glass is not shown

    def collider(self) -> tuple[FloatArray, NDArray[np.int64]]:
        """What visitors cannot enter: vertices (V, 3) in metres, triangles (F, 3)."""
        site = Site(solids=list(self.furniture.solids))
        for block in self.solid:
            site.block(block.low, block.high)
        return site.collider()

    def pictures(self) -> dict[str, ByteArray]:
        """Of the room and its furniture, by Finish.picture."""
        furniture = {sheet.finish.picture for sheet in self.furniture.sheets if not sheet.finish.clear}
        return {**self.paint(), **{name: material(name).base for name in sorted(furniture)}}

    def all_sheets(self) -> list[Sheet]:
        return [*self.sheets, *(sheet for sheet in self.furniture.sheets if not sheet.finish.clear)]

    def document(self, asset: str) -> HallDocument:
        """A hall document (assets/schema/hall.schema.json) with this architecture and nothing in it yet."""
        return hall_document(
            asset,
            self.title,
            self.summary,
            self.background,
            self.light,
            self.start,
            {**self.anchors, **self.furniture.anchors},
            self.doors,
        )


@dataclass(frozen=True, slots=True)
class Part:
    """All triangles that show one picture; `colors` is the baked light, linear, and multiplies the picture."""

    picture: str
    vertices: FloatArray  # (V, 3)
    uv: FloatArray  # (V, 2)
    colors: FloatArray  # (V, 3) 0..1
    faces: IntArray  # (F, 3)
    light_uv: FloatArray | None = None  # (V, 2) into a lightmap, whose light multiplies picture and colors
    normals: FloatArray | None = None  # (V, 3)
