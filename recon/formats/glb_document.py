"""A GLB while it is written: buffer views, accessors, compressed triangles, and at last the file.

Triangles with materials (recon.formats.glb), points (recon.formats.points) and halls with lightmaps
(exhibit.space.bundle) are all written through it. Source: Khronos, glTF 2.0 Specification, 3.6 and 4.4.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import DracoPy
import numpy as np
import pygltflib as gltf
from numpy.typing import DTypeLike, NDArray

GENERATOR = "Longyao"
_KINDS = {1: gltf.SCALAR, 2: gltf.VEC2, 3: gltf.VEC3, 4: gltf.VEC4}
_COMPONENTS = {
    "f": gltf.FLOAT,
    "b": gltf.BYTE,
    "B": gltf.UNSIGNED_BYTE,
    "H": gltf.UNSIGNED_SHORT,
    "I": gltf.UNSIGNED_INT,
}
_DRACO_DTYPES: Mapping[int, DTypeLike] = {2: np.uint8, 4: np.uint16, 9: np.float32}  # by data_type


class GlbDocument:
    """`model` is pygltflib's document, to which callers add nodes, meshes and materials of their own."""

    def __init__(self) -> None:
        self.model = gltf.GLTF2(asset=gltf.Asset(generator=GENERATOR, version="2.0"))
        self.used: set[str] = set()  # extensions
        self.required: set[str] = set()
        self._blob = bytearray()

    def view(self, data: bytes, target: int | None = None, *, stride: int | None = None) -> int:
        """A buffer view of `data`; it begins at a multiple of four bytes."""
        self._blob += b"\0" * (-len(self._blob) % 4)
        self.model.bufferViews.append(
            gltf.BufferView(
                buffer=0, byteOffset=len(self._blob), byteLength=len(data), target=target, byteStride=stride
            )
        )
        self._blob += data
        return len(self.model.bufferViews) - 1

    def accessor(self, rows: NDArray[Any], view: int | None, *, bounds: bool = False, normalized: bool = False) -> int:
        """An accessor of the values (N,) or (N, 1..4) that lie in `view`; None: in Draco's data."""
        self.model.accessors.append(
            gltf.Accessor(
                bufferView=view,
                byteOffset=None if view is None else 0,
                componentType=_COMPONENTS[rows.dtype.char],
                normalized=normalized,
                count=len(rows),
                type=gltf.SCALAR if rows.ndim == 1 else _KINDS[rows.shape[1]],
                min=rows.min(0).tolist() if bounds else [],
                max=rows.max(0).tolist() if bounds else [],
            )
        )
        return len(self.model.accessors) - 1

    def vertices(self, rows: NDArray[Any], *, bounds: bool = False, normalized: bool = False) -> int:
        """An accessor of vertex values (N,) or (N, width) in a buffer view of its own.

        Each vertex's values begin at a multiple of four bytes (glTF 3.6.2.4).
        """
        rows = np.ascontiguousarray(rows)
        width = rows.itemsize * (rows.size // max(len(rows), 1))
        missing = -width % 4
        if not missing:
            view = self.view(rows.tobytes(), gltf.ARRAY_BUFFER)
        else:
            raw = np.pad(rows.view(np.uint8).reshape(len(rows), width), ((0, 0), (0, missing)))
            view = self.view(raw.tobytes(), gltf.ARRAY_BUFFER, stride=width + missing)
        return self.accessor(rows, view, bounds=bounds, normalized=normalized)

    def draco_primitive(
        self,
        encoded: bytes,
        generic: Mapping[int, str],
        *,
        coordinates: str = gltf.TEXCOORD_0,
        whole: Collection[str] = (),
    ) -> gltf.Primitive:
        """A primitive of triangles that DracoPy has encoded.

        generic: the names of generic attributes by their id. coordinates: the name of what was encoded as texture
        coordinates. Integers stand for fractions, except those of the attributes in `whole`. Draco welds and reorders
        vertices, so counts and bounds are those of the decoded mesh.
        """
        decoded = DracoPy.decode(encoded)
        named = {0: gltf.POSITION, 1: gltf.NORMAL, 2: gltf.COLOR_0, 3: coordinates}
        attributes, ids = gltf.Attributes(), {}
        for attribute in sorted(decoded.attributes, key=lambda a: (int(a["attribute_type"]), int(a["unique_id"]))):
            number = int(attribute["unique_id"])
            name = named.get(int(attribute["attribute_type"])) or generic[number]
            rows = np.asarray(attribute["data"], _DRACO_DTYPES[int(attribute["data_type"])])
            ids[name] = number
            normalized = rows.dtype.kind == "u" and name not in whole
            setattr(attributes, name, self.accessor(rows, None, bounds=name == gltf.POSITION, normalized=normalized))
        indices = self.accessor(np.asarray(decoded.faces, np.uint32).ravel(), None)
        extension = {"bufferView": self.view(encoded), "attributes": ids}
        self.used.add("KHR_draco_mesh_compression")
        self.required.add("KHR_draco_mesh_compression")
        return gltf.Primitive(
            attributes=attributes, indices=indices, extensions={"KHR_draco_mesh_compression": extension}
        )

    def write(self, path: Path) -> None:
        """Write all nodes as one scene; a reader never sees half a file."""
        partial = path.with_name(path.name + ".partial")
        partial.write_bytes(self.bytes())
        partial.replace(path)

    def bytes(self) -> bytes:
        """The file: all nodes as one scene."""
        model = self.model
        model.scenes = [gltf.Scene(nodes=list(range(len(model.nodes))))]
        model.scene = 0
        model.extensionsUsed, model.extensionsRequired = sorted(self.used | self.required), sorted(self.required)
        model.buffers = [gltf.Buffer(byteLength=len(self._blob))]
        model.set_binary_blob(self._blob)
        return b"".join(model.save_to_bytes())
