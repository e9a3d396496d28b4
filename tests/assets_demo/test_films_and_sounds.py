"""The demonstration's films, sounds and drawings are bundles that keep the contract."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from PIL import Image

from assets.demo.models import write_models
from assets.demo.recordings import RECORDINGS
from recon.modelling import sound

SCHEMA = Path(__file__).parents[2] / "assets" / "schema" / "asset.schema.json"


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
