"""3D Tiles 1.1: a tree of glTF files of which a viewer loads what it needs.

    root = TileNode(content="0.glb", low=low, high=high, error=0.4, children=(finer, ...))
    write_tileset(folder / "tileset.json", root, extras={"unit": "metre"})

Boxes are in glTF's frame, +Y up, as the contents are; tileset.json has them in 3D Tiles' own frame, +Z up, into which
every reader turns the glTF by itself. Source: OGC 22-025r4, 3D Tiles Specification, sections 6.7.1.5 (glTF transforms),
7.3 (geometric error), 7.4 (REPLACE) and 7.5 (box).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class TileNode:
    """One tile; its children together take its place where it is looked at closely."""

    content: str  # path of the .glb, from tileset.json
    low: Sequence[float]  # corner of the box around the tile and its children, +Y up
    high: Sequence[float]
    error: float  # by how far it departs from the truth, world units; 0 where nothing is finer
    children: tuple[TileNode, ...] = ()

    def __post_init__(self) -> None:
        for child in self.children:
            if child.error >= self.error:
                raise ValueError(f"TileNode: {child.content} is not finer than {self.content}")
            if any(c < p for c, p in zip(child.low, self.low, strict=True)) or any(
                c > p for c, p in zip(child.high, self.high, strict=True)
            ):
                raise ValueError(f"TileNode: {child.content} sticks out of {self.content}")


def write_tileset(path: Path, root: TileNode, *, extras: Mapping[str, Any] | None = None) -> None:
    """Write tileset.json; a reader never sees half a file."""
    away = sum((high - low) ** 2 for low, high in zip(root.low, root.high, strict=True)) ** 0.5
    tileset = {
        "asset": {"version": "1.1", "generator": "Longyao", **({"extras": dict(extras)} if extras else {})},
        "geometricError": max(away, 2 * root.error),  # of showing nothing at all
        "root": {"refine": "REPLACE", **_tile(root)},
    }
    partial = path.with_name(path.name + ".partial")
    partial.write_text(json.dumps(tileset, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(partial, path)  # noqa: PTH105 - Path.replace is the same call


def _tile(node: TileNode) -> dict[str, Any]:
    made: dict[str, Any] = {
        "boundingVolume": {"box": box(node.low, node.high)},
        "geometricError": node.error,
        "content": {"uri": node.content},
    }
    if node.children:
        made["children"] = [_tile(child) for child in node.children]
    return made


def box(low: Sequence[float], high: Sequence[float]) -> list[float]:
    """Centre and half axes, +Z up, of the box between two corners, +Y up: (x, y, z) becomes (x, -z, y)."""
    x, y, z = ((a + b) / 2 for a, b in zip(low, high, strict=True))
    width, height, depth = ((b - a) / 2 for a, b in zip(low, high, strict=True))
    return [x, -z, y, width, 0.0, 0.0, 0.0, depth, 0.0, 0.0, 0.0, height]
