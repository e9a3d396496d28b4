"""A hall's poster as a file."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PIL import Image

from exhibit.documents.types import HallDocument
from exhibit.space.bundle import POSTER_BYTES, poster_picture
from exhibit.space.poster import exhibits


@pytest.mark.parametrize(("grain", "smaller"), [(0, False), (60, True)], ids=["calm", "busy"])
def test_a_poster_weighs_no_more_than_a_slow_phone_bears(tmp_path: Path, grain: int, smaller: bool) -> None:
    noise = np.random.default_rng(0).normal(128, grain, (540, 960, 3))
    poster_picture(tmp_path, np.clip(noise, 0, 255).astype(np.uint8))
    assert (tmp_path / "thumb.webp").stat().st_size < POSTER_BYTES
    with Image.open(tmp_path / "thumb.webp") as picture:
        assert (picture.width < 960) is smaller
        assert picture.width / picture.height == pytest.approx(16 / 9, rel=0.01)


def test_an_exhibit_stands_on_the_poster_as_it_is_placed() -> None:
    """Turned a quarter about +Y, +Z looks along +X. What has no asset, or no bundle, is left out."""
    half = np.sqrt(0.5)
    place = {"translation": [1, 2, 3], "rotation": [0, half, 0, half], "scale": 2}
    placements = {"jar": {**place, "asset": "jar"}, "lid": {**place, "asset": "lid"}, "panel": place}
    (standing,) = exhibits(cast(HallDocument, {"placements": placements}), {"jar": Path("bundles/jar")})
    assert standing.model == Path("bundles/jar/model.glb")
    expected = [[0, 0, 2, 1], [0, 2, 0, 2], [-2, 0, 0, 3], [0, 0, 0, 1]]
    np.testing.assert_allclose(standing.hall_from_asset, expected, atol=1e-12)
