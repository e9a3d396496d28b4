"""What counts as sky in a photo, and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from recon.geometry.sky import sky

ByteArray = NDArray[np.uint8]
BoolArray = NDArray[np.bool_]
WIDTH, HEIGHT, HORIZON = 320, 240, 180  # px
COLUMN, ROW = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
ABOVE = ROW < HORIZON
NOTHING = np.zeros((HEIGHT, WIDTH), bool)
OPEN = 100 - np.abs(COLUMN - 160) // 2 + 60 > ROW  # over a gable in the middle


def photo(open_sky: BoolArray = OPEN, zenith: tuple[int, int, int] = (120, 165, 225)) -> ByteArray:
    """A sky that pales towards the horizon over a wall of many tones, as a camera with some noise takes it."""
    rng = np.random.default_rng(1)
    paler = (ROW / HORIZON).clip(0, 1)[..., None]
    picture = np.array(zenith) * (1 - paler) + np.array((225, 232, 240)) * paler
    wall = cv2.resize(rng.integers(60, 200, (60, 80, 3)).astype(np.float32), (WIDTH, HEIGHT))
    picture = np.where(open_sky[..., None], picture, wall) + rng.normal(0, 1.5, (HEIGHT, WIDTH, 3))
    return np.asarray(picture.round().clip(0, 255), np.uint8)


def test_sky_is_found_up_to_the_roof() -> None:
    found = sky(photo(), ABOVE, NOTHING)
    roof = cv2.dilate(OPEN.astype(np.uint8), np.ones((3, 3))) - cv2.erode(OPEN.astype(np.uint8), np.ones((3, 3)))
    assert np.mean(found == (OPEN & ABOVE)) > 0.995
    assert np.array_equal(found[roof == 0], (OPEN & ABOVE)[roof == 0])


def test_a_cloud_that_the_sky_encloses_is_sky() -> None:
    picture = photo()
    cv2.circle(picture, (50, 45), 20, (250, 250, 252), -1)
    cv2.circle(picture, (250, 45), 20, (200, 160, 90), -1)  # a balloon
    found = sky(picture, ABOVE, NOTHING)
    assert found[30:60, 35:65].all()
    assert not found[35:55, 240:260].any()


@pytest.mark.parametrize("tint", [(235, 238, 240), (180, 190, 205), (252, 252, 252)])
def test_a_plain_wall_up_to_the_upper_edge_is_no_sky_where_it_was_measured(tint: tuple[int, int, int]) -> None:
    """A tenth of it: at its joints and spots."""
    wall = photo(ROW < 160, tint)
    joints = (ROW % 40 < 4) & (ROW < 160)
    assert sky(wall, ABOVE, NOTHING).mean() > 0.5
    assert not sky(wall, ABOVE, joints).any()


@pytest.mark.parametrize(
    ("picture", "above"),
    [
        (photo((ROW > 40) & (ROW < 140) & (COLUMN > 40)), ABOVE),  # a pane, apart from the upper edge
        (photo(), ROW > HEIGHT),  # a photo that looks down
        (photo(zenith=(235, 205, 150)), ABOVE),  # a warm wall
        (photo(zenith=(40, 45, 60)), ABOVE & (ROW < 40)),  # a dark one
        (photo(NOTHING), ABOVE),
    ],
)
def test_what_lacks_one_of_the_marks_is_no_sky(picture: ByteArray, above: BoolArray) -> None:
    assert not sky(picture, above, NOTHING).any()


def test_real_skies_and_white_gables(real_data: Path) -> None:
    """A castle under a sky that is blue to white, and a white gable in the sun beside a sky with clouds."""

    def found(name: str, horizon: float) -> BoolArray:
        picture = cv2.imread(str(real_data / "photos" / name), cv2.IMREAD_COLOR_RGB)
        small = np.asarray(cv2.resize(picture, (768, 576), interpolation=cv2.INTER_AREA), np.uint8)
        above = np.arange(576)[:, None] < np.full((1, 768), horizon * 576)
        return sky(small, above, np.zeros(above.shape, bool))

    castle = found("sceaux/images/100_7105.JPG", 0.62)
    assert castle.mean() == pytest.approx(0.366, abs=0.02)
    assert not castle[260:340, 100:600].any()  # the front
    street = found("opensfm_lund/images/13.jpg", 0.62)
    assert street.mean() == pytest.approx(0.232, abs=0.02)
    assert not street[120:230, 700:].any()  # the gable
