"""KTX2 pictures: textures that stay compressed on the graphics card, an eighth of what others take there.

Basis Universal's ETC1S with all smaller copies. It is encoded by the viewer's Node (viewer/scripts/ktx2.ts), since no
Python package of an encoder has a permissive licence. Source: Khronos, KTX File Format 2.0; KHR_texture_basisu.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from recon.errors import BadOptions

MOST_PIXELS = 12 << 20  # that the encoder takes

_SCRIPT = Path(__file__).parents[2] / "viewer" / "scripts" / "ktx2.ts"
_NODE = Path(sys.executable).with_name("node")


def is_available() -> bool:
    """Whether there is an encoder: in a checkout whose viewer was set up."""
    return _NODE.exists() and (_SCRIPT.parents[1] / "node_modules" / "ktx2-encoder").is_dir()


def encoded(pixels: NDArray[Any], kind: Literal["colour", "data", "normal"]) -> bytes:
    """A KTX2 file of a picture (H, W, 3) uint8 of at most MOST_PIXELS. About 2 CPU s a megapixel.

    colour: sRGB; data and normal: linear. Raises BadOptions where there is no encoder.
    """
    if not is_available():
        raise BadOptions("no_ktx2_encoder")
    height, width = pixels.shape[:2]
    if height * width > MOST_PIXELS:
        raise ValueError(f"{width} x {height} px are more than the encoder takes")
    opaque = np.dstack([pixels, np.full((height, width), 255, np.uint8)])
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "picture.ktx2"
        command = [str(_NODE), str(_SCRIPT), kind, str(width), str(height), str(out)]
        done = subprocess.run(command, input=opaque.tobytes(), capture_output=True, check=False)
        if done.returncode or not out.exists():
            why = done.stderr.decode(errors="replace").strip().splitlines()
            raise RuntimeError(f"the KTX2 encoder failed: {why[-1] if why else done.returncode}")
        return out.read_bytes()
