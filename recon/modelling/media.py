"""Asset bundles of pictures, films and sounds (assets/schema): the file, a thumbnail, captions."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recon.formats.asset_document import AssetKind, Captions, File, Files, Origin
from recon.formats.bundle import asset_document, file_entry, write_asset
from recon.modelling.bundle import Title, origin
from recon.modelling.film import write_webm

ByteArray = NDArray[np.uint8]
FloatArray = NDArray[np.float64]
THUMB_WIDTH = 640


@dataclass(frozen=True, slots=True)
class Cue:
    """What is seen or heard from `start` to `end`, in seconds."""

    start: float
    end: float
    text: Title


@dataclass(frozen=True, slots=True)
class Film:
    """Frames (H, W, 3), shown `rounds` times over, encoded `segment` by segment."""

    frames: Sequence[ByteArray]
    per_second: int
    segment: int
    rounds: int = 1


def write_picture(folder: Path, pixels: ByteArray, title: Title, statement: Title) -> Path:
    """A drawing (H, W, 3) as a bundle."""
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(folder / "picture.webp", quality=90, method=4)
    height, width = pixels.shape[:2]
    files: Files = {
        "thumb": _thumb(folder, pixels),
        "picture": file_entry(folder, "picture.webp", width=width, height=height),
    }
    return _finish(folder, "picture", title, files, origin("picture", statement))


def write_video(folder: Path, film: Film, cues: Sequence[Cue], title: Title, statement: Title) -> Path:
    """A film as a bundle; its first frame is its picture."""
    folder.mkdir(parents=True, exist_ok=True)
    write_webm(folder / "video.webm", film.frames, per_second=film.per_second, segment=film.segment, rounds=film.rounds)
    files: Files = {
        "thumb": _thumb(folder, film.frames[0]),
        "video": file_entry(folder, "video.webm"),
        "captions": _captions(folder, cues),
    }
    return _finish(folder, "video", title, files, origin("recording", statement))


def write_audio(
    folder: Path, samples: FloatArray, rate: int, cues: Sequence[Cue], title: Title, statement: Title
) -> Path:
    """Samples (N,) in -1..1 as a bundle: 16 bit PCM, which browsers loop without a gap; its picture is the wave."""
    folder.mkdir(parents=True, exist_ok=True)
    with wave.open(str(folder / "audio.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    files: Files = {
        "thumb": _thumb(folder, _drawn_wave(samples)),
        "audio": file_entry(folder, "audio.wav"),
        "captions": _captions(folder, cues),
    }
    return _finish(folder, "audio", title, files, origin("recording", statement))


def _finish(folder: Path, kind: AssetKind, title: Title, files: Files, made: Origin) -> Path:
    return write_asset(folder, asset_document(kind, {"zh": title.zh, "en": title.en}, files, made))


def _thumb(folder: Path, pixels: ByteArray) -> File:
    height, width = pixels.shape[:2]
    size = (THUMB_WIDTH, round(height * THUMB_WIDTH / width))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    Image.fromarray(small).save(folder / "thumb.webp", quality=86, method=4)
    return file_entry(folder, "thumb.webp", width=size[0], height=size[1])


def _captions(folder: Path, cues: Sequence[Cue]) -> Captions:
    entries: dict[str, File] = {}
    for language in ("zh", "en"):
        lines = ["WEBVTT", ""]
        for cue in cues:
            lines += [f"{_clock(cue.start)} --> {_clock(cue.end)}", getattr(cue.text, language), ""]
        (folder / f"captions.{language}.vtt").write_text("\n".join(lines), "utf-8")
        entries[language] = file_entry(folder, f"captions.{language}.vtt")
    return {"zh": entries["zh"], "en": entries["en"]}


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes):02d}:{rest:06.3f}"


def _drawn_wave(samples: FloatArray, width: int = 640, height: int = 400) -> ByteArray:
    """The waveform in ink on porcelain white: the peak of each column."""
    sheet = np.full((height, width, 3), (0xF6, 0xF4, 0xEF), np.uint8)
    bars = np.array_split(samples, width // 8)
    loud = np.array([np.abs(b).max() for b in bars])
    loud = 0.08 + 0.92 * np.sqrt(loud / max(float(loud.max()), 1e-9))
    for i, share in enumerate(loud):
        half = round(share * height * 0.36)
        cv2.rectangle(sheet, (8 * i + 2, height // 2 - half), (8 * i + 5, height // 2 + half), (0x5A, 0x3F, 0x2E), -1)
    return sheet
