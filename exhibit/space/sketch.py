"""A room as it is seen while it is planned: unbaked, in the mean colours of its finishes, shaded by its faces alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pygltflib as gltf
from numpy.typing import NDArray

from exhibit.space.hall import Hall
from exhibit.space.sheets import Sheet
from recon.formats.glb_document import GlbDocument

FloatArray = NDArray[np.float64]
# Linear means of the pictures (space/materials.py): painting them takes seconds.
COLOURS: dict[str, tuple[float, float, float]] = {
    "ashlar": (0.522, 0.472, 0.399),
    "brick_and_stone": (0.509, 0.353, 0.278),
    "cobble": (0.272, 0.238, 0.187),
    "concrete": (0.322, 0.303, 0.269),
    "embers": (0.5, 0.2, 0.12),
    "flames": (0.698, 0.391, 0.241),
    "floor_brick": (0.399, 0.135, 0.081),
    "foliage": (0.135, 0.189, 0.076),
    "glass": (0.855, 0.905, 0.888),
    "granite": (0.511, 0.469, 0.408),
    "grass": (0.187, 0.214, 0.087),
    "kiln_brick": (0.191, 0.089, 0.045),
    "light": (1.0, 1.0, 1.0),
    "oak": (0.557, 0.379, 0.205),
    "paving": (0.377, 0.338, 0.280),
    "paper_lantern": (0.86, 0.52, 0.25),
    "plaster": (0.905, 0.880, 0.823),
    "rammed_earth": (0.490, 0.298, 0.140),
    "red_brick": (0.443, 0.153, 0.103),
    "roof_tile": (0.655, 0.616, 0.563),
    "ridge": (0.75, 0.78, 0.78),
    "sky": (0.455, 0.567, 0.677),
    "soil": (0.28, 0.15, 0.08),
    "steel": (0.793, 0.778, 0.740),
    "timber": (0.554, 0.341, 0.176),
}


def sketch(made: Hall) -> bytes:
    """A GLB of the room with its furniture: one node, vertex colours, unlit; without the sky."""
    return sketch_of(made.site.sheets)


def sketch_of(sheets: Sequence[Sheet]) -> bytes:
    """A GLB of these sheets; of none, one without meshes."""
    document = GlbDocument()
    solid = [sheet for sheet in sheets if not sheet.finish.clear]
    glass = [sheet for sheet in sheets if sheet.finish.clear and not sheet.finish.glows]
    primitives = [_primitive(document, some, i) for i, some in enumerate(part for part in (solid, glass) if part)]
    for some in (solid, glass):
        if some:
            clear = some is glass
            document.model.materials.append(
                gltf.Material(
                    name="glass" if clear else "sketch",
                    pbrMetallicRoughness=gltf.PbrMetallicRoughness(
                        baseColorFactor=[1.0, 1.0, 1.0, 0.14 if clear else 1.0], metallicFactor=0.0, roughnessFactor=1.0
                    ),
                    alphaMode=gltf.BLEND if clear else gltf.OPAQUE,
                    doubleSided=clear,
                    extensions={"KHR_materials_unlit": {}},
                )
            )
    if primitives:
        document.used.add("KHR_materials_unlit")
        document.model.meshes = [gltf.Mesh(name="room", primitives=primitives)]
        document.model.nodes = [gltf.Node(mesh=0, name="room")]
    return document.bytes()


def _primitive(document: GlbDocument, sheets: Sequence[Sheet], material: int) -> gltf.Primitive:
    shapes = [sheet.shape() for sheet in sheets]
    firsts = np.cumsum([0, *(len(points) for points, _ in shapes)])
    points = np.concatenate([points for points, _ in shapes])
    triangles = np.concatenate([faces + first for (_, faces), first in zip(shapes, firsts, strict=False)])
    counts = np.diff(firsts)
    colours = np.array([np.array(COLOURS[sheet.finish.picture]) * sheet.finish.tint for sheet in sheets])
    glowing = np.array([sheet.finish.glows for sheet in sheets])
    shade = np.where(np.repeat(glowing, counts), 1.0, _shade(points, triangles))
    rgb = np.round(np.clip(np.repeat(colours, counts, 0) * shade[:, None], 0, 1) * 255).astype(np.uint8)
    rgba = np.concatenate([rgb, np.full((len(rgb), 1), 255, np.uint8)], 1)
    positions = document.vertices(points.astype(np.float32), bounds=True)
    index = triangles.astype(np.uint32).ravel()
    return gltf.Primitive(
        attributes=gltf.Attributes(POSITION=positions, COLOR_0=document.vertices(rgba, normalized=True)),
        indices=document.accessor(index, document.view(index.tobytes(), gltf.ELEMENT_ARRAY_BUFFER)),
        material=material,
    )


def _shade(points: FloatArray, triangles: NDArray[np.int64]) -> FloatArray:
    """How bright a face is by the way that it looks: floors most, ceilings least, no two walls of a corner alike."""
    corner = points[triangles]
    facing = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    sums = [np.bincount(triangles.ravel(), np.repeat(facing[:, k], 3), len(points)) for k in range(3)]
    normals = np.stack(sums, -1).astype(np.float64)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return np.asarray(0.72 + normals @ np.array([0.07, 0.20, 0.13]))
