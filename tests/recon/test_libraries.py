"""The libraries we load side by side leave each other in peace."""

from __future__ import annotations

import subprocess
import sys

ZLIB = """
import recon, pycolmap, zlib
text = bytes(range(256)) * 400
for level in range(1, 10):
    assert zlib.decompress(zlib.compress(text, level)) == text
"""


FORMATS = """
import importlib, pkgutil, sys
import recon.formats
for module in pkgutil.iter_modules(recon.formats.__path__):
    importlib.import_module(f"recon.formats.{module.name}")
print(sorted({"pycolmap", "open3d", "cv2", "trimesh"} & sys.modules.keys()))
"""


def test_formats_are_light() -> None:
    """exhibit's web process loads them all, and neither COLMAP nor Open3D."""
    told = subprocess.run([sys.executable, "-c", FORMATS], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_pythons_zlib_is_not_bound_to_the_one_within_pycolmap() -> None:
    """Bound there, the heap breaks at the first compression: numba's first compiled kernel, or a PNG."""
    told = subprocess.run([sys.executable, "-c", ZLIB], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
