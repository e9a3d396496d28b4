"""Photographs in, glTF out. The public names, in pipeline order.

`build`, `Options` and `GltfBundle` are loaded when first used: the libraries behind them take seconds to import.
"""

# Before pycolmap: its library exports a zlib of its own, which Python's would be bound to if it came after, and crash.
import zlib  # noqa: F401
from importlib import import_module
from typing import TYPE_CHECKING

from recon.errors import (
    BadModel,
    BadOptions,
    BadPhotos,
    BadScan,
    Cancelled,
    DiskProblem,
    LongyaoError,
    NoReconstruction,
    NotEnoughMemory,
)
from recon.messages import Language, Message
from recon.progress import Progress, Silent

if TYPE_CHECKING:
    from recon.options import Options
    from recon.pipeline.build import build
    from recon.pipeline.cloud import build_cloud
    from recon.types import GltfBundle, TiledCloud

_LATER = {"build": "recon.pipeline.build", "Options": "recon.options", "GltfBundle": "recon.types"}
_LATER |= {"build_cloud": "recon.pipeline.cloud", "TiledCloud": "recon.types"}

__all__ = [
    "BadModel",
    "BadOptions",
    "BadPhotos",
    "BadScan",
    "Cancelled",
    "DiskProblem",
    "GltfBundle",
    "Language",
    "LongyaoError",
    "Message",
    "NoReconstruction",
    "NotEnoughMemory",
    "Options",
    "Progress",
    "Silent",
    "TiledCloud",
    "build",
    "build_cloud",
]


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module 'recon' has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
