"""What is drawn of a hall: triangles by the picture that they show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]


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
