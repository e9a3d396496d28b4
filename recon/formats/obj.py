"""Wavefront OBJ with its materials and pictures beside it. Source: Wavefront, "Object Files", Appendix B1 (1995).

Frame, unit and faces are those of recon.formats.glb; texture coordinates count from the picture's bottom left.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from recon.formats.glb import Part, Picture

_QUALITY = 95


def write_obj(path: Path, parts: Sequence[Part]) -> None:
    """Write path (.obj), a .mtl of the same name, and a picture for each textured part."""
    materials: list[str] = []
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f"# Longyao\nmtllib {path.stem}.mtl\n")
        first = np.ones(3, np.int64)  # of v, vt and vn; OBJ counts from one, through all parts
        for number, part in enumerate(parts):
            out.write(f"o part{number}\nusemtl material{number}\n")
            _rows(out, "v", part.positions)
            columns = [part.faces + first[0]]
            if part.uv is not None:
                _rows(out, "vt", part.uv * [1, -1] + [0, 1])
                columns.append(part.faces + first[1])
            if part.normals is not None:
                _rows(out, "vn", part.normals)
                columns.append(part.faces + first[2])
            between = "//" if part.uv is None else "/"
            corner = between.join(["%d"] * len(columns))
            rows = np.stack(columns, axis=-1).reshape(len(part.faces), -1)
            np.savetxt(out, rows, fmt=f"f {corner} {corner} {corner}")
            first += [0 if column is None else len(column) for column in (part.positions, part.uv, part.normals)]
            materials.append(_material(path, number, part))
    path.with_suffix(".mtl").write_text("".join(materials), encoding="utf-8")


def _rows(out: TextIO, word: str, values: NDArray[np.floating]) -> None:
    np.savetxt(out, values, fmt=word + " %.7g" * values.shape[1])


def _material(path: Path, number: int, part: Part) -> str:
    color = (1.0, 1.0, 1.0) if part.material is None else part.material.base_color[:3]
    lines = [f"newmtl material{number}", "Kd {:.4f} {:.4f} {:.4f}".format(*color), "Ka 0 0 0", "Ks 0 0 0", "illum 1"]
    texture = None if part.material is None else part.material.base_color_texture
    if texture is not None:
        name = f"{path.stem}-{number}.jpg"
        path.with_name(name).write_bytes(Picture.jpeg(texture.pixels(), _QUALITY).data)
        lines.append(f"map_Kd {name}")
    return "\n".join([*lines, "", ""])
