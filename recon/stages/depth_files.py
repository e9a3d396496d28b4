"""What the depth stage keeps on disk: grey pictures of the views, and arrays that appear when they are complete."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from recon.types import ByteArray


def grey(path: Path, kept: Path, side: int, largest: int) -> ByteArray:
    """A picture in grey (H, W) 0..255, its longer side `side` px; decoded once, and kept with `largest` px at most."""
    if not kept.exists():
        picture: ByteArray = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        draft = _draft(kept)
        with draft.open("wb") as stream:
            np.save(stream, _shrunk(picture, largest))
        draft.replace(kept)
    return _shrunk(np.load(kept), side)


def _shrunk(picture: ByteArray, side: int) -> ByteArray:
    height, width = picture.shape
    scale = min(1.0, side / max(height, width))
    if scale == 1.0:
        return picture
    shape = (round(width * scale), round(height * scale))
    small: ByteArray = cv2.resize(picture, shape, interpolation=cv2.INTER_AREA)
    return small


def save(target: Path, **arrays: Any) -> None:
    draft = _draft(target)
    with draft.open("wb") as stream:
        np.savez(stream, **arrays)
    draft.replace(target)


def _draft(target: Path) -> Path:
    """Where a file is written before it is moved into place; several workers may write the same one at once."""
    return target.with_suffix(f".{uuid.uuid4().hex}.draft")
