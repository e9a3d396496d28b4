"""USDZ: a model for phones' own viewers, as text USD and its pictures in one archive.

Sources: Pixar, "USDZ File Format Specification" 1.3 (stored, not deflated; data at multiples of 64 bytes) and
"UsdPreviewSurface". Frame and faces are those of recon.formats.glb; texture coordinates count from the bottom left.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recon.formats.glb import Part

_ALIGNED = 64
_QUALITY = 90
_HEAD = """#usda 1.0
(
    defaultPrim = "Model"
    metersPerUnit = 1
    upAxis = "Y"
%s)

def Xform "Model" (
    kind = "component"
)
{
%s}
"""
_ARBITRARY = '    customLayerData = { string longyao_unit = "arbitrary" }\n'
_MESH = """    def Mesh "Part%(number)d" (
        prepend apiSchemas = ["MaterialBindingAPI"]
    )
    {
        uniform token subdivisionScheme = "none"
        int[] faceVertexCounts = [%(counts)s]
        int[] faceVertexIndices = [%(corners)s]
        point3f[] points = [%(points)s]
%(columns)s        rel material:binding = </Model/Material%(number)d>
    }

"""
_COLUMN = """        %s = [%s] (
            interpolation = "vertex"
        )
"""
_MATERIAL = """    def Material "Material%(number)d"
    {
        token outputs:surface.connect = </Model/Material%(number)d/Surface.outputs:surface>

        def Shader "Surface"
        {
            uniform token info:id = "UsdPreviewSurface"
            color3f inputs:diffuseColor%(diffuse)s
            float inputs:roughness = 0.9
            float inputs:metallic = 0
            token outputs:surface
        }
%(picture)s    }

"""
_PICTURE = """
        def Shader "Picture"
        {
            uniform token info:id = "UsdUVTexture"
            asset inputs:file = @%(number)d.jpg@
            float2 inputs:st.connect = </Model/Material%(number)d/Coordinates.outputs:result>
            token inputs:sourceColorSpace = "sRGB"
            float3 outputs:rgb
        }

        def Shader "Coordinates"
        {
            uniform token info:id = "UsdPrimvarReader_float2"
            string inputs:varname = "st"
            float2 outputs:result
        }
"""
_NO_DATE = (1980, 1, 1, 0, 0, 0)  # the same model gives the same bytes


def write_usdz(path: Path, parts: Sequence[Part], *, metres: bool) -> None:
    """metres: whether a unit is a metre; else the viewer shows it as if it were."""
    pictures: dict[str, bytes] = {}
    for number, part in enumerate(parts):
        texture = None if part.material is None else part.material.base_color_texture
        if texture is not None:
            buffer = io.BytesIO()
            Image.fromarray(texture.pixels()).save(buffer, "JPEG", quality=_QUALITY)
            pictures[f"{number}.jpg"] = buffer.getvalue()
    body = "".join(_part(number, part, f"{number}.jpg" in pictures) for number, part in enumerate(parts))
    scene = _HEAD % ("" if metres else _ARBITRARY, body)
    with path.open("wb") as out, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in {"model.usda": scene.encode(), **pictures}.items():
            info = zipfile.ZipInfo(name, _NO_DATE)
            padding = -(out.tell() + 30 + len(name)) % _ALIGNED
            if padding:
                padding += _ALIGNED * (padding < 4)  # an extra field has four bytes of its own
                info.extra = b"\x86\x19" + (padding - 4).to_bytes(2, "little") + bytes(padding - 4)
            archive.writestr(info, data)


def _part(number: int, part: Part, textured: bool) -> str:
    columns = ""
    if part.normals is not None:
        columns += _COLUMN % ("normal3f[] normals", _tuples(part.normals))
    if part.uv is not None:
        turned = part.uv * np.array([1, -1], np.float32) + np.array([0, 1], np.float32)
        columns += _COLUMN % ("texCoord2f[] primvars:st", _tuples(turned))
    mesh = _MESH % {
        "number": number,
        "counts": ", ".join(["3"] * len(part.faces)),
        "corners": ", ".join(map(str, part.faces.ravel().tolist())),
        "points": _tuples(part.positions),
        "columns": columns,
    }
    color = (1.0, 1.0, 1.0) if part.material is None else part.material.base_color[:3]
    diffuse = " = ({:.4f}, {:.4f}, {:.4f})".format(*color)
    if textured:
        diffuse = f".connect = </Model/Material{number}/Picture.outputs:rgb>"
    picture = _PICTURE % {"number": number} if textured else ""
    return mesh + _MATERIAL % {"number": number, "diffuse": diffuse, "picture": picture}


def _tuples(values: NDArray[np.floating]) -> str:
    return ", ".join("({})".format(", ".join(f"{v:.7g}" for v in row)) for row in values.tolist())
