"""Films of moving models: they show the motion, and are the same again."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from recon.modelling.film import FilmScene, write_webm
from recon.modelling.model import fitted
from recon.modelling.motion import Motion, Movement, cycle
from recon.modelling.portrait import framing
from recon.modelling.solids import block
from recon.modelling.surfaces import part_of
from recon.modelling.textures import plain


def _frames(count: int) -> list[np.ndarray]:
    """A disc that goes round."""
    made = []
    for i in range(count):
        frame = np.full((96, 128, 3), (246, 244, 239), np.uint8)
        middle = (64 + round(30 * np.cos(i / 2)), 48 + round(30 * np.sin(i / 2)))
        cv2.circle(frame, middle, 14, (150, 40, 30), -1, cv2.LINE_AA)
        made.append(frame)
    return made


def test_a_film_holds_its_frames_and_is_the_same_again(tmp_path: Path) -> None:
    frames = _frames(12)
    for name in ("a.webm", "b.webm"):
        write_webm(tmp_path / name, frames, per_second=12, segment=6, rounds=2)
    assert (tmp_path / "a.webm").read_bytes() == (tmp_path / "b.webm").read_bytes()
    reader = cv2.VideoCapture(str(tmp_path / "a.webm"))
    assert reader.get(cv2.CAP_PROP_FPS) == pytest.approx(12)
    shown = []
    while (read := reader.read())[0]:
        shown.append(read[1][..., ::-1].astype(int))
    assert len(shown) == 24
    for i, picture in enumerate(shown):
        assert np.abs(picture - frames[i % 12]).mean() < 4
    with pytest.raises(ValueError, match="whole segments"):
        write_webm(tmp_path / "c.webm", frames[:7], per_second=12, segment=6)


def test_what_is_filmed_moves_as_its_motion_says() -> None:
    still = block((0.4, 0.05, 0.4), plain("#808080"), at=(0, -0.05, 0))
    hand = part_of("hand", [block((0.3, 0.05, 0.06), plain("#c04020"), at=(0.12, 0, 0))])
    motion = Motion("round", 1.0, (Movement("hand", (0.0, 0.0, 0.0), "y", cycle(8)),))
    thing = fitted([still, *hand], seed=1, side=256, motion=motion, offset=(0, 0.05, 0))
    stage, camera = FilmScene(thing), framing(thing.vertices, 160, 90, 0, 60, 0.7)

    def red(instant: int) -> np.ndarray:
        frame = stage.frame(camera, instant).astype(int)
        where = np.argwhere((frame[..., 0] - frame[..., 2]) > 60)
        return np.asarray(where.mean(0)[::-1])

    right, away, left = red(0), red(2), red(4)
    middle = (right + left) / 2
    assert right[0] - middle[0] > 10
    assert middle[1] - away[1] > 5  # a quarter turn about +Y leads from +X to -Z, away from the camera
    np.testing.assert_array_equal(stage.frame(camera, 0), stage.frame(camera, 8))
