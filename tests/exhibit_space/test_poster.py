"""A hall's poster as a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exhibit.space.bundle import POSTER_BYTES, poster_picture


@pytest.mark.parametrize(("grain", "smaller"), [(0, False), (60, True)], ids=["calm", "busy"])
def test_a_poster_weighs_no_more_than_a_slow_phone_bears(tmp_path: Path, grain: int, smaller: bool) -> None:
    noise = np.random.default_rng(0).normal(128, grain, (540, 960, 3))
    poster_picture(tmp_path, np.clip(noise, 0, 255).astype(np.uint8))
    assert (tmp_path / "thumb.webp").stat().st_size < POSTER_BYTES
    with Image.open(tmp_path / "thumb.webp") as picture:
        assert (picture.width < 960) is smaller
        assert picture.width / picture.height == pytest.approx(16 / 9, rel=0.01)
