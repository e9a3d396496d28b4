"""Photos: what is taken, what is set aside, what is refused."""

from __future__ import annotations

import io
import json
import os
import shutil
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil
import pytest
from PIL import Image, ImageCms
from PIL.ExifTags import IFD, Base
from truth import Photographed

from recon import budget
from recon.errors import BadPhotos, NotEnoughMemory
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


def test_focal_length_from_exif(relief: Photographed, tmp_path: Path) -> None:
    taken, _ = take(relief.folder, tmp_path)
    for photo in taken:
        assert photo.focal_px == pytest.approx(relief.truth.cameras[photo.name].k[0, 0], rel=0.02)
    assert len({p.camera_key for p in taken}) == 1


def test_same_shot_twice_is_one_and_the_largest_stays(folder: Path, tmp_path: Path) -> None:
    """Whichever name comes first: a thumbnail never takes the place of its original."""
    for name in ("0-thumbnail.jpg", "z-thumbnail.jpg"):
        Image.open(folder / "c.png").resize((240, 180), Image.Resampling.LANCZOS).save(folder / name, quality=90)
    noise(0).save(folder / "again.jpg", quality=80)
    taken, warnings = take(folder, tmp_path)
    assert [p.name for p in taken] == ["a.jpg", "b.jpg", "c.png", "龙窑 正面 一.jpg"]
    assert taken.set_aside == (
        ("0-thumbnail.jpg", "it shows the same as c.png"),
        ("again.jpg", "it shows the same as a.jpg"),
        ("z-thumbnail.jpg", "it shows the same as c.png"),
    )
    assert warnings == [f"{name} is set aside: {reason}." for name, reason in taken.set_aside]


def test_service_files_and_folders_are_no_photos(folder: Path, tmp_path: Path) -> None:
    for number, name in enumerate(
        (
            "@eaDir/a.jpg/SYNOPHOTO_THUMB_XL.jpg",
            "#recycle/old.jpg",
            ".@__thumb/defaulta.jpg",
            "__MACOSX/._a.jpg",
            "._a.jpg",
            "$RECYCLE.BIN/x.jpg",
            ".DS_Store",
            "Thumbs.db",
            "desktop.ini",
            "sub/.hidden/x.png",
        )
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        noise(100 + number).save(folder / name, "JPEG")
    (folder / "notes.txt").write_text("not a photo, and nobody says it is")
    found = photos.find(folder)
    assert [path.name for path in found.photos] == ["a.jpg", "b.jpg", "c.png", "龙窑 正面 一.jpg"]
    assert found.not_read == ()
    taken, warnings = take(folder, tmp_path)
    assert (len(taken), taken.set_aside, warnings) == (4, (), [])


@pytest.mark.parametrize("trace", ["journey.json", ".building/photos/.key", "photos/result.json"])
def test_a_work_folder_is_never_read_as_photos(folder: Path, trace: str) -> None:
    before = photos.fingerprint(folder)
    work = folder / "work"
    (work / "photos" / "upright").mkdir(parents=True)
    noise(50).save(work / "photos" / "upright" / "00000.jpg")
    (work / trace).parent.mkdir(parents=True, exist_ok=True)
    (work / trace).touch()
    assert len(photos.find(folder).photos) == 4
    assert photos.fingerprint(folder) == before
    with pytest.raises(BadPhotos, match="is the work folder of a reconstruction"):
        photos.find(work)


def test_every_file_that_is_not_read_is_named(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)  # as where they are not installed
    monkeypatch.setitem(sys.modules, "rawpy", None)
    for name in ("d.HEIC", "e.DNG", "f.bmp", "g.MOV", "h.insp"):
        (folder / name).write_bytes(b"whatever it holds")
    taken, warnings = take(folder, tmp_path)
    assert len(taken) == 4
    assert taken.set_aside == (
        ("d.HEIC", "HEIC is read only where pi-heif is installed; install it, or save the photo as JPEG"),
        ("e.DNG", "RAW is read only where rawpy is installed; install it, or save the photo as JPEG"),
        ("f.bmp", "BMP is not read; save it as JPEG, PNG or TIFF"),
        (
            "h.insp",
            "it is a 360° panorama, which no lens takes at once; use ordinary photos, or export flat views of it",
        ),
        ("g.MOV", "the film cannot be decoded; convert it to H.264 (MP4), for example with HandBrake"),
    )
    assert warnings == [f"{name} is set aside: {reason}." for name, reason in taken.set_aside]


def test_only_files_that_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    monkeypatch.setitem(sys.modules, "rawpy", None)
    for number in range(12):
        (tmp_path / f"IMG_{number:02}.HEIC").write_bytes(b"whatever it holds")
    with pytest.raises(BadPhotos, match=r"None of the 12 pictures .* can be read: IMG_00.HEIC .* install it") as told:
        photos.find(tmp_path)
    assert told.value.hint() == "Longyao reads JPEG, PNG, TIFF, WebP, MP4, MOV, AVI, MKV, WebM."


def test_colours_of_wide_profiles_become_srgb(folder: Path, tmp_path: Path) -> None:
    """A red whose profile swaps red and green: what is stored is green, and what is meant is red."""
    swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = swapped.index(b"rXYZ"), swapped.index(b"gXYZ")
    swapped[red], swapped[green] = swapped[green], swapped[red]
    swapped = swapped.replace(b"s\0R\0G\0B", b"o\0w\0n\0X").replace(b"sRGB", b"ownX")
    stored = np.asarray(noise(44)) // 2 + np.array([0, 100, 0], np.uint8)
    Image.fromarray(stored).save(folder / "p.png", icc_profile=bytes(swapped))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    noise(45).save(folder / "q.png", icc_profile=srgb)
    taken, _ = take(folder, tmp_path)
    paths = {p.name: p.path for p in taken}
    meant = np.asarray(Image.open(paths["p.png"]), int)
    assert np.abs(meant - stored[..., [1, 0, 2]].astype(int)).max() <= 3
    assert paths["q.png"].samefile(folder / "q.png")  # in sRGB already: linked


def test_the_largest_photo_is_judged_before_the_work(folder: Path, tmp_path: Path) -> None:
    """By its name, from its header: a PNG that says 15,000 x 15,000 and holds nothing of it."""
    huge = bomb(15_000)
    (folder / "huge.png").write_bytes(huge)
    assert (15_000, 15_000) in budget.sizes_of(photos.find(folder).photos)
    free = psutil.virtual_memory().available / 1e6
    needed = budget.BASE_MB + budget.PHOTO_MB_PER_MEGAPIXEL * 225
    if needed < budget.RESERVE * free:
        budget.check_start(photos.find(folder).photos)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(budget, "PHOTO_MB_PER_MEGAPIXEL", 4 * free / 225)
        with pytest.raises(NotEnoughMemory, match=r"huge.png has 225 megapixels"):
            budget.check_start(photos.find(folder).photos)


@pytest.mark.parametrize("kind", ["Lab", "MPO", "BigTIFF", "BigTIFF of 16 bits", "RGB of 16 bits", "CMYK"])
def test_rarer_kinds_of_pictures_are_taken_with_their_colours(kind: str, folder: Path, tmp_path: Path) -> None:
    """Of a camera with two lenses (MPO) the first picture counts."""
    meant = noise(41)
    path = folder / ("r.mpo" if kind == "MPO" else "r.tif")
    if kind == "Lab":
        colours = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        lab = ImageCms.profileToProfile(meant, *colours, outputMode="LAB")
        assert lab is not None
        lab.save(path)
        back = ImageCms.profileToProfile(lab, *colours[::-1], outputMode="RGB")  # 8 bits of Lab are coarse
        assert back is not None
        meant = back
    elif kind == "MPO":
        meant.save(path, "MPO", save_all=True, append_images=[noise(42)], quality=100, subsampling=0)
    elif kind == "CMYK":
        meant.convert("CMYK").save(path)
    elif kind == "RGB of 16 bits":
        cv2.imwrite(str(path), np.asarray(meant)[..., ::-1].astype(np.uint16) * 257)
    elif kind == "BigTIFF":
        meant.save(path, big_tiff=True)
    else:
        meant = meant.convert("L")
        deep = np.asarray(meant).astype(np.uint16) * 257
        Image.fromarray(deep).save(path, big_tiff=True)
    taken, warnings = take(folder, tmp_path)
    assert not warnings
    photo = next(p for p in taken if p.name == path.name)
    with Image.open(photo.path) as shown:
        apart = np.abs(np.asarray(shown.convert("RGB")).astype(int) - np.asarray(meant.convert("RGB")))
    assert apart.max() <= 8
    assert apart.mean() < 1.5


def test_webp(folder: Path, tmp_path: Path) -> None:
    noise(40).save(folder / "w.webp", lossless=True)
    taken, _ = take(folder, tmp_path)
    photo = next(p for p in taken if p.name == "w.webp")
    assert np.array_equal(np.asarray(Image.open(photo.path)), np.asarray(noise(40)))


def test_heic(folder: Path, tmp_path: Path, real_data: Path) -> None:
    """Also where its name says JPEG, as phones and messengers have it."""
    shutil.copy(real_data / "images_hostile" / "heif" / "example.heic", folder / "d.jpg")
    taken, warnings = take(folder, tmp_path)
    photo = next(p for p in taken if p.name == "d.jpg")
    assert (photo.width, photo.height) == (1280, 854)
    assert 0.2 < photo.exposure < 0.8
    assert not warnings


def test_a_raw_file_is_developed_as_its_camera_would(folder: Path, tmp_path: Path) -> None:
    (folder / "d.dng").write_bytes(raw_file(red=0.8, green=0.5, blue=0.2))
    taken, warnings = take(folder, tmp_path)
    photo = next(p for p in taken if p.name == "d.dng")
    assert (photo.width, photo.height) == (256, 192)
    assert photo.camera_key.startswith("Kiln Cameras|Dragon 1|")
    red, green, blue = np.asarray(Image.open(photo.path))[40:-40, 40:-40].reshape(-1, 3).mean(0)
    assert red > green + 20 > blue + 40
    assert not warnings


def raw_file(*, red: float, green: float, blue: float) -> bytes:
    """A DNG of 256 x 192 with one colour and some grain, as a linear sensor with an RGGB mosaic sees it."""
    grain = np.random.default_rng(5).uniform(0.8, 1.0, (192, 256))
    mosaic = np.tile(np.array([[red, green], [green, blue]]), (96, 128)) * grain
    pixels = (mosaic * 65535).astype("<u2").tobytes()
    srgb_from_xyz = [3.2405, -1.5371, -0.4985, -0.9693, 1.8760, 0.0416, 0.0556, -0.2040, 1.0572]
    entries: list[tuple[int, int, list[int] | bytes]] = [  # tag, type, values; the tags of TIFF 6 and of DNG 1.4
        (254, 4, [0]),
        (256, 4, [256]),
        (257, 4, [192]),
        (258, 3, [16]),
        (259, 3, [1]),
        (262, 3, [32803]),
        (271, 2, b"Kiln Cameras\0"),
        (272, 2, b"Dragon 1\0"),
        (273, 4, [0]),
        (277, 3, [1]),
        (278, 4, [192]),
        (279, 4, [len(pixels)]),
        (33421, 3, [2, 2]),
        (33422, 1, b"\0\1\1\2"),
        (50706, 1, b"\1\4\0\0"),
        (50708, 2, b"Kiln Cameras Dragon 1\0"),
        (50721, 10, [n for value in srgb_from_xyz for n in (round(value * 10000), 10000)]),
        (50728, 5, [1, 1, 1, 1, 1, 1]),
        (50778, 3, [21]),
    ]
    codes = {1: "B", 2: "B", 3: "H", 4: "I", 5: "I", 10: "i"}
    start = 8 + 2 + 12 * len(entries) + 4
    table, values = b"", b""
    sizes = [v if isinstance(v, bytes) else struct.pack(f"<{len(v)}{codes[kind]}", *v) for _, kind, v in entries]
    pixels_at = start + sum(len(v) + len(v) % 2 for v in sizes if len(v) > 4)
    for (tag, kind, _), packed in zip(entries, sizes, strict=True):
        count = len(packed) // {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 10: 8}[kind]
        if tag == 273:
            packed = struct.pack("<I", pixels_at)
        if len(packed) > 4:
            place = struct.pack("<I", start + len(values))
            values += packed + b"\0" * (len(packed) % 2)
        else:
            place = packed.ljust(4, b"\0")
        table += struct.pack("<HHI", tag, kind, count) + place
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + table + b"\0" * 4 + values + pixels


def sphere(width: int = 1024) -> Image.Image:
    """A sphere laid flat: round its axis the pattern closes, at each pole it is one point."""
    across, down = np.meshgrid(np.arange(width) / width * 2 * np.pi, np.linspace(0, np.pi, width // 2))
    grey = 128 + 100 * np.sin(down) * np.sin(7 * across) * np.cos(5 * down)
    return Image.fromarray(grey.astype(np.uint8)).convert("RGB")


def test_panoramas_are_named_before_the_work_begins(folder: Path, tmp_path: Path) -> None:
    sphere().save(folder / "p.jpg")
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description GPano:ProjectionType="cylindrical"/></x:xmpmeta>'
    noise(60, (800, 200)).save(folder / "q.jpg", xmp=xmp)
    noise(61, (640, 320)).save(folder / "r.jpg")  # twice as wide as high, and an ordinary photo
    taken, _ = take(folder, tmp_path)
    assert [name for name, _ in taken.set_aside] == ["p.jpg", "q.jpg"]
    assert "360° panorama" in taken.set_aside[0][1]
    assert "put together of several photos" in taken.set_aside[1][1]
    assert "r.jpg" in {p.name for p in taken}


def test_names_that_are_not_utf8_become_readable(folder: Path, tmp_path: Path) -> None:
    noise(70).save(os.fsencode(folder) + b"/" + "誠記窯.jpg".encode("gb18030"), "JPEG")
    noise(71).save(os.fsencode(folder) + b"/caf\x82.jpg", "JPEG")
    taken, _ = take(folder, tmp_path)
    assert {"誠記窯.jpg", "café.jpg"} < {p.name for p in taken}
    assert json.loads(json.dumps([p.name for p in taken], ensure_ascii=False).encode())  # can be stored


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {Base.FocalLength: 6.0}),
        ({}, {Base.FocalLengthIn35mmFilm: 52}),
        ({}, {Base.DigitalZoomRatio: 2.0}),
        ({}, {Base.LensModel: "wide"}),
        ({}, {Base.BodySerialNumber: "2"}),
        ({Base.FocalLengthIn35mmFilm: 26, Base.DigitalZoomRatio: 1.0}, {Base.FocalLengthIn35mmFilm: 26}),
    ],
)
def test_cameras_are_told_apart_by_all_that_exif_says(
    tmp_path: Path, one: dict[int, Any], other: dict[int, Any]
) -> None:
    def key(more: dict[int, Any]) -> str:
        exif = Image.Exif()
        exif[Base.Make], exif[Base.Model] = "Kiln", "Phone 3"
        detail = exif.get_ifd(IFD.Exif)
        detail.update({Base.FocalLength: 5.0, Base.FocalLengthIn35mmFilm: 26, Base.LensModel: "tele"} | more)
        noise(1).save(tmp_path / "shot.jpg", exif=exif)
        with Image.open(tmp_path / "shot.jpg") as picture:
            return camera_facts(picture).key(*picture.size)

    assert key(one) != key(other)
    assert key(one) == key(one)


def bomb(side: int = 60_000) -> bytes:
    """A PNG of so many pixels in a hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
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
    "bomb.png": (bomb(), "it has 3600 megapixels, more than the limit of 250"),
    "cut.jpg": (truncated(), "the file is damaged or cut short; copy it from the camera again"),
    "text.jpg": (b"these are not pixels\n", "it is not a picture, whatever its name says"),
    "one.png": (tiny(), "it is only 1 x 1 pixels"),
    "nothing.jpg": (b"", "the file is empty; copy it from the camera again"),
    "film.jpg": (b"\0\0\0\x18ftypmp42" + b"\0" * 64, "it is a film, not a photo"),
    "page.jpg": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "it is not a picture, whatever its name says"),
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
    assert reason in refused.value.message()
    assert refused.value.hint()


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
    with pytest.raises(BadPhotos, match="Photos given: 2"):
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
    """No foreign file brings the stage down: each is an upright picture or has its sentence."""
    source = real_data / "images_hostile"
    taken, warnings = take(source, tmp_path)
    found = photos.find(source)
    names = [photos.name_of(file, source) for file in found.photos] + [name for name, _ in found.not_read]
    assert sorted([p.name for p in taken] + [name for name, _ in taken.set_aside]) == sorted(names)
    assert {f"{name} is set aside: {reason}." for name, reason in taken.set_aside} <= set(warnings)
    for photo in taken:
        with Image.open(photo.path) as upright:
            assert upright.size == (photo.width, photo.height)
            upright.load()
    assert "pillow/Tests/images/broken_data_stream.png" in dict(taken.set_aside)
    for kind, size in (("Landscape", (1800, 1200)), ("Portrait", (1200, 1800))):
        one = next(p for p in taken if f"/{kind}_" in p.name)  # upright, the eight others show the same
        assert (one.width, one.height) == size
        same = [name for name, reason in taken.set_aside if reason == f"it shows the same as {one.name}"]
        assert len(same) == 8
        assert all(f"/{kind}_" in name for name in same)


def test_broken_exif_costs_only_the_exif(real_data: Path) -> None:
    for path in sorted((real_data / "images_hostile" / "exif_orientation").rglob("*.jpg")):
        with Image.open(path) as picture:
            assert camera_facts(picture).gps is None or len(camera_facts(picture).gps or ()) == 3
