"""Films: which frames are taken, and that they become photos of one camera."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from test_photos import noise, take

from recon import film_frames
from recon.options import Options
from recon.pipeline.plan import _sizes
from recon.progress import Silent
from recon.stages import photos

SIZE = (320, 240)
SHARP = range(0, 48, 4)  # every fourth frame; the others are smeared


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A film of 48 frames that pans over a pattern by 4 px a frame, and stands still in the last 12."""
    source = tmp_path / "films"
    source.mkdir()
    room = np.asarray(noise(3, (640, 240)))[..., ::-1]
    writer = cv2.VideoWriter(str(source / "龙窑 pan.mp4"), cv2.VideoWriter.fourcc(*"mp4v"), 25, SIZE)
    for number in range(48):
        left = 4 * min(number, 36)
        frame = np.ascontiguousarray(room[:, left : left + SIZE[0]])
        writer.write(frame if number in SHARP else cv2.blur(frame, (9, 9)))
    writer.release()
    return source


def test_the_sharpest_frame_of_each_stretch_is_taken() -> None:
    motion = [0, 0.01, 0.01, 0.01, 0.01, 0.01, 0.0, 0.0, 0.0, 0.05]
    assert film_frames.chosen(motion, [1, 2, 3, 4, 9, 5, 6, 7, 8, 3], step=0.05, most=9) == [4, 8]
    assert film_frames.chosen([0] * 8, [1, 2, 9, 4, 5, 6, 7, 8], step=0.05, most=9) == [2]
    many = film_frames.chosen([0.1] * 100, [1] * 100, step=0.01, most=12)
    assert len(many) == 12
    assert set(np.diff(many)) == {8, 9}
    assert film_frames.chosen([], [], step=0.05, most=9) == []


def test_frames_of_a_film_are_sharp_photos_of_one_camera(folder: Path, tmp_path: Path) -> None:
    noise(8).save(folder / "still.png")
    told = Silent()
    taken = photos.build(folder, photos.PhotosOptions(film_step=0.05), scratch=tmp_path / "scratch", progress=told)
    frames = [p for p in taken if p.name != "still.png"]
    assert 7 <= len(frames) <= 9
    assert {int(Path(p.name).stem) for p in frames} <= set(SHARP)
    assert all(p.name.startswith("龙窑 pan.mp4/") for p in frames)
    assert len({p.camera_key for p in frames}) == 1
    assert next(p.camera_key for p in taken if p.name == "still.png") != frames[0].camera_key
    assert told.warnings[0].startswith(f"{len(frames)} frames of the film 龙窑 pan.mp4 are taken as photos")
    with Image.open(frames[0].path) as picture:
        assert picture.size == SIZE == (frames[0].width, frames[0].height)


def test_a_film_is_planned_for_and_a_changed_one_is_noticed(folder: Path) -> None:
    assert _sizes(folder, Options()) == [SIZE] * 48
    before = photos.fingerprint(folder)
    film = folder / "龙窑 pan.mp4"
    film.write_bytes(film.read_bytes() + b"more")
    assert photos.fingerprint(folder) != before


def test_the_moving_part_of_a_live_photo_is_left_out(folder: Path) -> None:
    noise(1).save(folder / "龙窑 PAN.jpg")
    found = photos.find(folder)
    assert found.films == ()
    assert [name for name, _ in found.not_read] == ["龙窑 pan.mp4"]
    assert "龙窑 PAN.jpg" in found.not_read[0][1].text()


def test_a_film_cut_short_gives_what_it_has_or_a_sentence(folder: Path, tmp_path: Path) -> None:
    for number in range(4):
        noise(number).save(folder / f"{number}.jpg")
    film = folder / "龙窑 pan.mp4"
    film.write_bytes(film.read_bytes()[:3000])
    taken, _ = take(folder, tmp_path)
    assert [name for name, _ in taken.set_aside] == [film.name]
    assert [p.name for p in taken] == [f"{number}.jpg" for number in range(4)]


def test_real_films_are_opened(real_data: Path) -> None:
    films = sorted((real_data / "video" / "boofcv_mvs").glob("*.mp4"))
    assert [film_frames.size(film) for film in films] == [
        (800, 450, 48),
        (640, 480, 37),
        (450, 800, 60),
        (450, 800, 85),
        (450, 800, 83),
        (450, 800, 80),
    ]
