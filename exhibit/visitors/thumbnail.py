"""A picture in some hundred bytes, which a page holds itself: it is shown blurred while the hall is loading."""

from __future__ import annotations

import io
from base64 import b64encode
from functools import lru_cache
from pathlib import Path

from PIL import Image

_SIDE = 48  # px


@lru_cache(maxsize=256)
def thumbnail(path: Path) -> str | None:
    """The picture as a data: URL of at most 48 px a side; None for a file that is no picture or is not there."""
    try:
        with Image.open(path) as opened:
            opened.thumbnail((_SIDE, _SIDE))
            picture = opened.convert("RGB")
    except OSError:
        return None
    encoded = io.BytesIO()
    picture.save(encoded, "WEBP", quality=50, method=6)
    return f"data:image/webp;base64,{b64encode(encoded.getvalue()).decode()}"
