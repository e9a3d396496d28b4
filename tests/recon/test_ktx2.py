"""KTX2 pictures, unpacked again by Basis Universal's own decoder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recon.formats import ktx2

ENCODER = Path(__file__).parents[2] / "viewer/node_modules/ktx2-encoder/dist/basis/basis_encoder.js"
UNPACK = """
import { readFileSync, writeFileSync } from "node:fs";
const [address, stored, level, raw] = process.argv.slice(2);
const { default: basis } = await import(address);
const { KTX2File, initializeBasis } = await basis();
initializeBasis();
const file = new KTX2File(new Uint8Array(readFileSync(stored)));
const rgba32 = 13;
const pixels = new Uint8Array(file.getImageTranscodedSizeInBytes(Number(level), 0, 0, rgba32));
if (!file.startTranscoding() || !file.transcodeImage(pixels, Number(level), 0, 0, rgba32, 0, -1, -1)) process.exit(1);
writeFileSync(raw, pixels);
const { origWidth: width, origHeight: height } = file.getImageLevelInfo(Number(level), 0, 0);
writeFileSync(`${raw}.json`, JSON.stringify({ width, height, levels: file.getLevels(), srgb: file.isSRGB() }));
"""

pytestmark = pytest.mark.skipif(not ktx2.is_available(), reason="ktx2-encoder is not installed: run npm ci in viewer/")


def unpacked(data: bytes, level: int, folder: Path) -> tuple[np.ndarray, dict[str, Any]]:
    script, stored, raw = folder / "unpack.mjs", folder / "picture.ktx2", folder / "picture.rgba"
    script.write_text(UNPACK)
    stored.write_bytes(data)
    node = Path(sys.executable).with_name("node")
    subprocess.run([node, script, ENCODER.as_uri(), stored, str(level), raw], check=True, capture_output=True)
    told = json.loads(Path(f"{raw}.json").read_text())
    return np.fromfile(raw, np.uint8).reshape(told["height"], told["width"], 4)[..., :3], told


def picture() -> np.ndarray:
    v, u = np.mgrid[0:192, 0:256] / 24.0
    light = 1 + 0.5 * np.sin(u) * np.cos(v)
    return np.asarray(light[..., None] * (150, 110, 70)).astype(np.uint8)


@pytest.mark.parametrize("level", [0, 2])
def test_it_shows_the_picture_and_its_smaller_copies(level: int, tmp_path: Path) -> None:
    got, told = unpacked(ktx2.encoded(picture(), "colour"), level, tmp_path)
    step = 2**level
    want = picture().reshape(192 // step, step, 256 // step, step, 3).mean(axis=(1, 3))
    assert (told["levels"], bool(told["srgb"])) == (9, True)
    assert got.shape == want.shape
    assert np.abs(got - want).mean() < 5


def test_data_is_not_taken_for_colour(tmp_path: Path) -> None:
    assert not unpacked(ktx2.encoded(picture(), "data"), 0, tmp_path)[1]["srgb"]


def test_it_takes_an_eighth_of_the_bytes_before_it_is_unpacked() -> None:
    assert len(ktx2.encoded(picture(), "colour")) < picture().size / 8


def test_what_the_encoder_cannot_take_is_refused() -> None:
    with pytest.raises(ValueError, match="more than the encoder takes"):
        ktx2.encoded(np.zeros((4096, 4096, 3), np.uint8), "colour")
