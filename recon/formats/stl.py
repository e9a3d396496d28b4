"""Binary STL, as printers' programs read it: millimetres, +Z up. Source: 3D Systems, "StereoLithography Interface"."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_FACE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_MILLIMETRES = 1000.0


def write_stl(path: Path, vertices: NDArray[np.floating], faces: NDArray[np.integer]) -> None:
    """vertices (V, 3) in metres, +Y up; faces (F, 3), counter-clockwise from outside."""
    upright = np.stack([vertices[:, 0], -vertices[:, 2], vertices[:, 1]], axis=1) * _MILLIMETRES
    rows = np.zeros(len(faces), _FACE)
    rows["corners"] = upright[faces]
    a, b, c = (upright[faces[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    rows["normal"] = normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-30)
    with path.open("wb") as out:
        out.write(b"Longyao".ljust(80))
        out.write(np.uint32(len(faces)).tobytes())
        out.write(rows.tobytes())
