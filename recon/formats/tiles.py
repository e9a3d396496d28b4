"""3D Tiles 1.1: a tree of glTF files of which a viewer loads what it needs.

    root = TileNode(content="0.glb", low=low, high=high, error=0.4, children=(finer, ...))
    data = tileset(root, refine="REPLACE", extras={"unit": "metre"})

Boxes are in glTF's frame, +Y up, as the contents are; tileset.json has them in 3D Tiles' own frame, +Z up, into which
every reader turns the glTF by itself. Source: OGC 22-025r4, 3D Tiles Specification, sections 6.7.1.5 (glTF transforms),
7.3 (geometric error), 7.4 (REPLACE and ADD), 7.5 (box) and 7.6.3 (external tilesets).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, dist, floor, log10
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class TileNode:
    """One tile. Where it is looked at closely, its children are shown: in its place, or added to it (`refine`)."""

    content: str | None  # path of the .glb, from tileset.json, or of a tileset of which this is the root
    low: Sequence[float]  # corner of the box around the tile and its children, +Y up
    high: Sequence[float]
    error: float  # by how far it departs from the truth, world units; of points, how far they lie apart
    children: tuple[TileNode, ...] = ()

    def __post_init__(self) -> None:
        for child in self.children:
            if child.error >= self.error:
                raise ValueError(f"TileNode: {child.content} is not finer than {self.content}")
            if any(c < p for c, p in zip(child.low, self.low, strict=True)) or any(
                c > p for c, p in zip(child.high, self.high, strict=True)
            ):
                raise ValueError(f"TileNode: {child.content} sticks out of {self.content}")


def tileset(root: TileNode, *, refine: Literal["REPLACE", "ADD"], extras: Mapping[str, Any] | None = None) -> bytes:
    """A tileset.json. Boxes are rounded outwards, to a millionth of the root's size."""
    away = dist(root.low, root.high)
    digits = max(0, ceil(-log10(max(away, 1e-9) * 1e-6)))
    document = {
        "asset": {"version": "1.1", "generator": "Longyao", **({"extras": dict(extras)} if extras else {})},
        "geometricError": max(away, 2 * root.error),  # of showing nothing at all
        "root": {"refine": refine, **_tile(root, digits)},
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _tile(node: TileNode, digits: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "boundingVolume": {"box": box(node.low, node.high, digits)},
        "geometricError": float(f"{node.error:.6g}"),
    }
    if node.content is not None:
        made["content"] = {"uri": node.content}
    if node.children:
        made["children"] = [_tile(child, digits) for child in node.children]
    return made


def box(low: Sequence[float], high: Sequence[float], digits: int) -> list[float]:
    """Centre and half axes, +Z up, of the box between two corners, +Y up: (x, y, z) becomes (x, -z, y).

    The corners are rounded outwards to this many digits.
    """
    fine = 10.0**digits
    corners = [(floor(a * fine) / fine, ceil(b * fine) / fine) for a, b in zip(low, high, strict=True)]
    x, y, z = (round((a + b) / 2, digits + 1) for a, b in corners)
    width, height, depth = (round((b - a) / 2, digits + 1) for a, b in corners)
    return [x, -z, y, width, 0.0, 0.0, 0.0, depth, 0.0, 0.0, 0.0, height]
