"""Photos: what is taken, what is set aside, what is refused."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recon.errors import BadPhotos
from recon.formats.exif import camera_facts
from recon.progress import Silent
from recon.stages import photos
from recon.types import PhotoSet


def noise(seed: int, size: tuple[int, int] = (320, 240)) -> Image.Image:
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (size[1] // 8, size[0] // 8, 3), np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four good photos, one of them with a Chinese name that has spaces."""
    source = tmp_path / "photos"
    source.mkdir()
    for i, name in enumerate(("a.jpg", "b.jpg", "c.png", "龙窑 正面 一.jpg")):
        noise(i).save(source / name)
    return source


def take(source: Path, tmp_path: Path) -> tuple[PhotoSet, list[str]]:
    progress = Silent()
    return photos.build(
        source, photos.PhotosOptions(), scratch=tmp_path / "scratch", progress=progress
    ), progress.warnings


def test_takes_all_good_photos(folder: Path, tmp_path: Path) -> None:
    taken, warnings = take(folder, tmp_path)
    assert [p.name for p in taken] == ["a.jpg", "b.jpg", "c.png", "龙窑 正面 一.jpg"]
    assert all((p.width, p.height) == (320, 240) and p.path.exists() for p in taken)
    assert not taken.set_aside
    assert not warnings


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turns_photos_upright(folder: Path, tmp_path: Path, orientation: int) -> None:
    picture = noise(9)
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture.save(folder / "turned.jpg", exif=exif, quality=95)
    taken, _ = take(folder, tmp_path)
    turned = next(p for p in taken if p.name == "turned.jpg")
    assert (turned.width, turned.height) == ((240, 320) if orientation > 4 else (320, 240))
    with Image.open(turned.path) as upright:
        assert upright.getexif().get(0x0112, 1) == 1
        undo = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[
            orientation
        ]  # Pillow's Transpose back to the stored raster
        seen = upright.convert("RGB") if undo is None else upright.convert("RGB").transpose(Image.Transpose(undo))
        stored = Image.open(folder / "turned.jpg").convert("RGB")
        assert np.abs(np.asarray(seen, int) - np.asarray(stored, int)).mean() < 1.5


def test_16_bit_tiff_and_grey(folder: Path, tmp_path: Path) -> None:
    deep = (np.asarray(noise(20).convert("L")).astype(np.uint16)) * 257
    Image.fromarray(deep).save(folder / "deep.tif")
    taken, _ = take(folder, tmp_path)
    deep_photo = next(p for p in taken if p.name == "deep.tif")
    with Image.open(deep_photo.path) as read:
        assert read.mode == "RGB"
        assert np.abs(np.asarray(read)[..., 0].astype(int) - deep // 257).max() <= 1


def test_focal_length_from_exif(relief: object, tmp_path: Path) -> None:
    source = relief.folder  # type: ignore[attr-defined]
    taken, _ = take(source, tmp_path)
    truth = relief.truth  # type: ignore[attr-defined]
    for photo in taken:
        assert photo.focal_px == pytest.approx(truth.cameras[photo.name].k[0, 0], rel=0.02)
    assert len({p.camera_key for p in taken}) == 1


def test_same_shot_twice_is_one(folder: Path, tmp_path: Path) -> None:
    noise(0).save(folder / "again.jpg", quality=80)
    taken, warnings = take(folder, tmp_path)
    assert len(taken) == 4
    assert taken.set_aside == (("again.jpg", "it shows the same as a.jpg"),)
    assert warnings == ["again.jpg is set aside: it shows the same as a.jpg."]


def bomb() -> bytes:
    """A PNG of 60,000 x 60,000 pixels in a hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def truncated() -> bytes:
    data = io.BytesIO()
    noise(30).save(data, "JPEG")
    return data.getvalue()[: len(data.getvalue()) // 2]


def tiny() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (1, 1)).save(data, "PNG")
    return data.getvalue()


HOSTILE = {
    "bomb.png": (bomb(), "it has 3,600 megapixels, more than the limit of 250"),
    "cut.jpg": (truncated(), "the file is damaged or cut short; copy it from the camera again"),
    "text.jpg": (b"these are not pixels\n", "it is not a picture, whatever its name says"),
    "one.png": (tiny(), "it is only 1 x 1 pixels"),
    "nothing.jpg": (b"", "it is not a picture, whatever its name says"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_among_good_ones_is_set_aside(folder: Path, tmp_path: Path, name: str) -> None:
    data, reason = HOSTILE[name]
    (folder / name).write_bytes(data)
    taken, warnings = take(folder, tmp_path)
    assert len(taken) == 4
    assert taken.set_aside == ((name, reason),)
    assert warnings == [f"{name} is set aside: {reason}."]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_alone_is_refused(tmp_path: Path, name: str) -> None:
    data, reason = HOSTILE[name]
    source = tmp_path / "photos"
    source.mkdir()
    (source / name).write_bytes(data)
    with pytest.raises(BadPhotos) as refused:
        take(source, tmp_path)
    assert reason in refused.value.message
    assert refused.value.hint


def test_no_folder_no_photos_too_few(tmp_path: Path) -> None:
    with pytest.raises(BadPhotos, match="There is no folder"):
        take(tmp_path / "nowhere", tmp_path)
    source = tmp_path / "photos"
    source.mkdir()
    (source / "notes.txt").write_text("not a photo")
    with pytest.raises(BadPhotos, match="There are no photos"):
        take(source, tmp_path)
    for i in range(2):
        noise(i).save(source / f"{i}.jpg")
    with pytest.raises(BadPhotos, match="2 photos are too few"):
        take(source, tmp_path)


def test_goes_on_after_a_kill(folder: Path, tmp_path: Path) -> None:
    """Photos that an earlier run judged are read back, not decoded again."""
    first, _ = take(folder, tmp_path)
    (folder / "a.jpg").write_bytes(b"changed after it was judged")
    again, _ = take(folder, tmp_path)
    assert again == first


def test_fingerprint_follows_bytes_and_names(folder: Path) -> None:
    before = photos.fingerprint(folder)
    assert photos.fingerprint(folder) == before
    (folder / "a.jpg").rename(folder / "z.jpg")
    assert photos.fingerprint(folder) != before


def test_every_hostile_picture_is_taken_or_set_aside(real_data: Path, tmp_path: Path) -> None:
    """No foreign file may raise anything but BadPhotos."""
    source = real_data / "images_hostile"
    try:
        taken, _ = take(source, tmp_path)
    except BadPhotos:
        return
    assert len(taken) + len(taken.set_aside) == len(photos.find(source))


def test_broken_exif_costs_only_the_exif(real_data: Path) -> None:
    for path in sorted((real_data / "images_hostile" / "exif_orientation").rglob("*.jpg")):
        with Image.open(path) as picture:
            assert camera_facts(picture).gps is None or len(camera_facts(picture).gps or ()) == 3
