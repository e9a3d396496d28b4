"""Read a whole glTF file into the parts of recon.formats.glb; everything foreign is distrusted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from recon.formats.errors import BadFile
from recon.formats.glb import Part, Picture
from recon.formats.gltf import read_gltf
from recon.formats.gltf_scene import Scene


@dataclass(frozen=True, slots=True)
class Glb:
    """What a glTF file holds. Parts are in the scene's frame: the nodes' transforms are applied."""

    parts: tuple[Part, ...]
    extras: dict[str, Any]  # asset.extras
    generator: str
    copyright: str | None
    extensions: tuple[str, ...]  # extensionsUsed
    pictures: tuple[Picture, ...]
    materials: int
    nodes: int
    animations: int

    @property
    def triangles(self) -> int:
        return sum(len(part.faces) for part in self.parts)

    @property
    def bounds(self) -> tuple[list[float], list[float]]:
        """(min, max) corner, each of three numbers; of what the faces use."""
        corners = [part.positions[np.unique(part.faces)] for part in self.parts]
        return (
            np.min([c.min(0) for c in corners], axis=0).tolist(),
            np.max([c.max(0) for c in corners], axis=0).tolist(),
        )


def read_glb(path: Path) -> Glb:
    """Read a .glb, or a .gltf with its files beside it. Lines and points are left out. Raises BadFile."""
    gltf = read_gltf(path, also={"KHR_materials_pbrSpecularGlossiness"})
    tree, scene = gltf.document, Scene(gltf)
    parts = scene.parts()
    if not parts:
        raise BadFile("model_empty", name=path.name)
    asset = tree["asset"]
    return Glb(
        parts=tuple(parts),
        extras=asset.get("extras") or {},
        generator=str(asset.get("generator", "")),
        copyright=asset.get("copyright"),
        extensions=tuple(tree.get("extensionsUsed", [])),
        pictures=tuple(scene.picture(i) for i in range(len(tree.get("images", [])))),
        materials=len(tree.get("materials", [])),
        nodes=len(tree.get("nodes", [])),
        animations=len(tree.get("animations", [])),
    )
