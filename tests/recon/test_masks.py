"""Masks of photos: which file is whose, what they keep, and that nothing comes from behind them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pycolmap
import pytest
from PIL import Image
from test_photos import noise, take

from recon.errors import BadPhotos
from recon.formats import photo_masks
from recon.progress import Silent
from recon.stages import features, photos

SIZE = (320, 240)


def mask(path: Path, kept: np.ndarray, white: int = 255) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.where(kept, white, 0).astype(np.uint8)).save(path)


@pytest.fixture
def left_half() -> np.ndarray:
    kept = np.zeros(SIZE[::-1], bool)
    kept[:, :160] = True
    return kept


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(4):
        (tmp_path / "set").mkdir(exist_ok=True)
        noise(number).save(tmp_path / "set" / f"{number}.jpg")
    return tmp_path / "set"


@pytest.mark.parametrize(
    ("photo", "name"),
    [
        ("a.jpg", "a.mask.png"),
        ("a.jpg", "A_MASK.JPG"),
        ("a.jpg", "a.jpg.mask.png"),
        ("a.jpg", "masks/a.jpg.png"),
        ("a.jpg", "masks/a.png"),
        ("images/a.jpg", "masks/a.jpg.png"),
        ("images/day 2/a.jpg", "masks/day 2/a.jpg.png"),
        ("day 2/a.jpg", "day 2/masks/a_mask.png"),
        ("龙窑/正面.jpg", "Masks/龙窑/正面.jpg.png"),
    ],
)
def test_a_mask_is_known_by_its_name(photo: str, name: str, tmp_path: Path) -> None:
    paths = [tmp_path / photo, tmp_path / name, tmp_path / "other" / "a.jpg" / "b.jpg"]
    told_apart = photo_masks.sort(paths, tmp_path)
    assert told_apart.masks == {tmp_path / photo: tmp_path / name}
    assert told_apart.photos == (paths[0], paths[2])
    assert told_apart.alone == ()


def test_a_mask_of_two_folders_that_may_be_meant_is_nobodys(tmp_path: Path, left_half: np.ndarray) -> None:
    mask(tmp_path / "masks" / "a.jpg.png", left_half)
    paths = [tmp_path / "round 1" / "a.jpg", tmp_path / "round 2" / "a.jpg", tmp_path / "masks" / "a.jpg.png"]
    told_apart = photo_masks.sort(paths, tmp_path)
    assert (told_apart.masks, told_apart.photos, told_apart.alone) == ({}, tuple(paths[:2]), (paths[2],))


def test_photographs_of_masks_are_photos_and_masks_alone_are_none(folder: Path, tmp_path: Path) -> None:
    noise(10).save(folder / "gold_mask.jpg")
    (folder / "masks").mkdir()
    noise(11).save(folder / "masks" / "nuo opera.jpg")
    mask(folder / "lost.mask.png", np.eye(240, 320, dtype=bool))
    taken, warnings = take(folder, tmp_path)
    assert {"gold_mask.jpg", "masks/nuo opera.jpg"} < {p.name for p in taken}
    assert taken.set_aside == (("lost.mask.png", "it is a mask, and its photo is not here"),)
    assert warnings == ["lost.mask.png is set aside: it is a mask, and its photo is not here."]


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("white", [1, 255])
def test_a_mask_is_turned_as_its_photo(orientation: int, white: int, folder: Path, tmp_path: Path) -> None:
    """What the mask keeps is red in the photo as stored; so it is in the upright photo. A smaller mask will do."""
    pixels = np.asarray(noise(5)) // 2
    kept = np.zeros(SIZE[::-1], bool)
    kept[40:120, 200:300] = True
    pixels[kept] += np.array([120, 0, 0], np.uint8)
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(pixels).save(folder / "t.png", exif=exif)
    mask(folder / "t.mask.png", kept[::2, ::2], white)
    taken, warnings = take(folder, tmp_path)
    photo = next(p for p in taken if p.name == "t.png")
    assert photo.mask is not None
    upright, keeps = np.asarray(Image.open(photo.path), int), np.asarray(Image.open(photo.mask)) > 0
    assert keeps.shape == upright.shape[:2] == (photo.height, photo.width)
    assert np.array_equal(keeps, np.rot90(kept, {1: 0, 3: 2, 6: 3, 8: 1}[orientation]))
    redder = upright[..., 0] - upright[..., 1]
    assert redder[keeps].mean() > redder[~keeps].mean() + 100
    assert photo.left_out == pytest.approx(1 - kept.mean())
    assert warnings == [
        f"1 of 5 photos have masks, which leave out {1 - kept.mean():.1%} of those pictures on average."
    ]


@pytest.mark.parametrize(
    ("name", "pixels", "told"),
    [
        (
            "size",
            np.ones((240, 240), bool),
            "the mask is 240 x 240 pixels, which are not the proportions of the photo's",
        ),
        ("grey", np.asarray(noise(7).convert("L")), "it is named like a mask, but is not black and white"),
        ("cut", cv2.imencode(".png", np.eye(240, 320) * 255)[1].tobytes()[:200], "damaged or cut short"),
    ],
)
def test_a_mask_that_cannot_be_used_is_told(
    name: str, pixels: np.ndarray | bytes, told: str, folder: Path, tmp_path: Path
) -> None:
    if isinstance(pixels, bytes):
        (folder / "0.mask.png").write_bytes(pixels)
    else:
        Image.fromarray(pixels).save(folder / "0.mask.png")
    taken, warnings = take(folder, tmp_path)
    assert [(p.name, p.mask) for p in taken] == [(f"{n}.jpg", None) for n in range(4)], name
    assert len(warnings) == 1
    assert warnings[0].startswith("The mask 0.mask.png is not used, and the photo 0.jpg is used whole: ")
    assert told in warnings[0]


def test_a_photo_behind_an_all_black_mask_is_set_aside(folder: Path, tmp_path: Path) -> None:
    mask(folder / "0.mask.png", np.zeros((240, 320), bool))
    taken, _ = take(folder, tmp_path)
    reason = "its mask is all black and leaves nothing of it; white is kept, black is left out"
    assert taken.set_aside == (("0.jpg", reason),)
    for number in range(1, 4):
        mask(folder / f"{number}.mask.png", np.zeros((240, 320), bool))
    with pytest.raises(BadPhotos, match="all black"):
        photos.build(folder, photos.PhotosOptions(), scratch=tmp_path / "again", progress=Silent())


def test_what_is_transparent_is_left_out(folder: Path, tmp_path: Path, left_half: np.ndarray) -> None:
    cut_out = noise(8)
    cut_out.putalpha(Image.fromarray(np.where(left_half, 255, 0).astype(np.uint8)))
    cut_out.save(folder / "cut out.png")
    taken, _ = take(folder, tmp_path)
    photo = next(p for p in taken if p.name == "cut out.png")
    assert photo.mask is not None
    assert np.array_equal(np.asarray(Image.open(photo.mask)) > 0, left_half)


def test_a_changed_mask_is_noticed(folder: Path, tmp_path: Path, left_half: np.ndarray) -> None:
    before = photos.fingerprint(folder)
    mask(folder / "0.mask.png", left_half)
    masked = photos.fingerprint(folder)
    mask(folder / "0.mask.png", ~left_half)
    assert len({before, masked, photos.fingerprint(folder)}) == 3


def test_no_feature_is_found_behind_a_mask(folder: Path, tmp_path: Path, left_half: np.ndarray) -> None:
    mask(folder / "1.mask.png", left_half)
    taken, _ = take(folder, tmp_path)
    (tmp_path / "features").mkdir()
    found = features.build(taken, features.FeaturesOptions(), scratch=tmp_path / "features", progress=Silent())
    with pycolmap.Database.open(found.database) as opened:
        across = {i.name: opened.read_keypoints(i.image_id)[:, 0] for i in opened.read_all_images()}
    assert across["00001.jpg"].max() < 160
    assert min(len(x) for x in across.values()) > 50
    assert all((across[name] > 160).any() for name in ("00000.jpg", "00002.jpg", "00003.jpg"))


def test_the_masks_of_real_photos_are_read(real_data: Path, tmp_path: Path) -> None:
    """OpenSfM's set from Berlin: images/01.jpg and masks/01.jpg.png."""
    taken, warnings = take(real_data / "photos" / "opensfm_berlin", tmp_path)
    assert [(p.name, round(p.left_out, 3)) for p in taken] == [
        ("images/01.jpg", 0.017),
        ("images/02.jpg", 0.048),
        ("images/03.jpg", 0.0),
    ]
    assert warnings[-1] == "3 of 3 photos have masks, which leave out 2.2% of those pictures on average."
    for photo in taken:
        stored = cv2.imread(str(real_data / "photos/opensfm_berlin/masks" / f"{Path(photo.name).name}.png"), 0)
        assert photo.mask is not None
        assert np.array_equal(cv2.imread(str(photo.mask), 0), stored)
