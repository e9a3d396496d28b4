"""The demonstration's films, sounds and drawings: what they promise, and that they are the same again."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import cv2
import numpy as np
import pytest
from jsonschema import Draft202012Validator
from PIL import Image

from recon.synthetic import RECORDINGS, sound, write_models
from recon.synthetic.film import Set, write_webm
from recon.synthetic.model import fitted
from recon.synthetic.motion import Motion, Movement, cycle
from recon.synthetic.portrait import framing
from recon.synthetic.solids import block
from recon.synthetic.surfaces import part_of
from recon.synthetic.textures import plain

SCHEMA = Path(__file__).parents[2] / "assets" / "schema" / "asset.schema.json"


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
    stage, camera = Set(thing), framing(thing.vertices, 160, 90, 0, 60, 0.7)

    def red(instant: int) -> np.ndarray:
        frame = stage.frame(camera, instant).astype(int)
        where = np.argwhere((frame[..., 0] - frame[..., 2]) > 60)
        return where.mean(0)[::-1]

    right, away, left = red(0), red(2), red(4)
    middle = (right + left) / 2
    assert right[0] - middle[0] > 10
    assert middle[1] - away[1] > 5  # a quarter turn about +Y leads from +X to -Z, away from the camera
    np.testing.assert_array_equal(stage.frame(camera, 0), stage.frame(camera, 8))


@pytest.mark.parametrize("name", ["fire", "workshop", "stream"])
def test_a_sound_goes_round_without_a_seam(name: str) -> None:
    track = getattr(sound, name)()
    assert len(track) == 8 * sound.RATE
    assert 0.3 < np.abs(track).max() < 0.8
    assert abs(track.mean()) < 0.01
    steps = np.abs(np.diff(track, append=track[0]))
    assert steps[-1] < np.percentile(steps, 99.9)
    np.testing.assert_array_equal(track, getattr(sound, name)())


@pytest.mark.parametrize("name", ["stream", "kiln-section"])
def test_a_recordings_bundle_keeps_the_contract(tmp_path: Path, name: str) -> None:
    (folder,) = write_models(tmp_path, [name])
    described = json.loads((folder / "asset.json").read_text("utf-8"))
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(described)
    files = described["files"]
    assert files["thumb"]["bytes"] < 200_000
    if name == "stream":
        assert described["origin"]["method"] == "recording"
        assert "Synthesised" in described["origin"]["statement"]["en"]
        with wave.open(str(folder / "audio.wav")) as file:
            assert file.getnframes() == 8 * sound.RATE
        for language in ("zh", "en"):
            assert (
                (folder / files["captions"][language]["path"]).read_text("utf-8").startswith("WEBVTT\n\n00:00.000 --> ")
            )
    else:
        with Image.open(folder / "picture.webp") as picture:
            assert picture.size == (files["picture"]["width"], files["picture"]["height"])
        assert files["picture"]["bytes"] < 200_000


def test_every_recording_has_a_name_that_an_asset_may_have() -> None:
    assert set(RECORDINGS) == {
        *("wheel-turning", "engine-running", "fire", "workshop", "stream"),
        *("kiln-section", "tea-process", "lacquer-layers", "engine-section"),
    }
