"""Photos: decode, turn upright, measure sharpness and exposure, and set aside those that cannot be used."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import ExifTags, Image, ImageOps

from recon.errors import BadPhotos
from recon.formats import photo_formats
from recon.formats.file_names import is_service_file, is_service_folder, readable
from recon.formats.photo_formats import DecodedPhoto, UnreadablePhoto, decode_photo
from recon.formats.picture import in_srgb, is_srgb
from recon.formats.remarks import Remark
from recon.messages import Message
from recon.progress import Progress
from recon.types import ByteArray, Photo, PhotoSet

VERSION = 4

MIN_PHOTOS = 3  # a third photo is needed to confirm what two photos show


@dataclass(frozen=True, kw_only=True)
class PhotosOptions:
    max_megapixels: float = photo_formats.MAX_MEGAPIXELS  # larger pictures are refused before they are decoded
    min_side: int = photo_formats.MIN_SIDE  # px; smaller pictures carry too little to match
    blur_ratio: float = 0.12  # sharpness below this share of the set's median earns a warning
    duplicate_difference: float = 0.6  # mean grey levels between two 64 px thumbnails; below it they are one shot


@dataclass(frozen=True, slots=True)
class Found:
    """What lies below a folder of photos. Service files and other reconstructions' folders are not in it."""

    photos: tuple[Path, ...]  # in the order of their paths
    not_read: tuple[tuple[str, Message], ...]  # (name, reason) of pictures and films that are not read as photos


def find(source: Path) -> Found:
    """The photos below `source`, recognised by their names.

    Raises BadPhotos if the folder is missing, is the work folder of a reconstruction, or holds no photo.
    """
    if not source.is_dir():
        raise BadPhotos("no_photo_folder", source=source)
    if is_workspace(source):
        raise BadPhotos("photos_in_work", source=source)
    photos: list[Path] = []
    not_read: list[tuple[str, Message]] = []
    for file in sorted(_files(source, not_read)):
        if (reason := photo_formats.reason_not_read(file)) is not None:
            not_read.append((name_of(file, source), reason))
        elif photo_formats.is_read(file):
            photos.append(file)
    if not photos:
        formats = photo_formats.names()
        if not_read:
            name, why = not_read[0]
            count = len(not_read)
            raise BadPhotos("no_photo_read", count=count, source=source, name=name, reason=why, formats=formats)
        raise BadPhotos("no_photos", source=source, formats=formats)
    return Found(tuple(photos), tuple(not_read))


def is_workspace(folder: Path) -> bool:
    """Whether a reconstruction keeps its stages here: its products are no photos."""
    traces = ("journey.json", ".building", "photos/result.json", "photos/noun.json")
    return any((folder / trace).exists() for trace in traces)


def name_of(file: Path, source: Path) -> str:
    """A photo's name: its path below the folder, as text that can be printed and stored."""
    return readable(file.relative_to(source).as_posix())


def _files(source: Path, not_read: list[tuple[str, Message]]) -> Iterator[Path]:
    """All files below `source` that someone may have meant to hand in; folders that may not be read are named."""

    def closed(problem: OSError) -> None:
        not_read.append((name_of(Path(problem.filename), source), Remark("photo_folder")))

    for folder, folders, names in os.walk(source, onerror=closed):
        here = Path(folder)
        folders[:] = [name for name in folders if not is_service_folder(name) and not is_workspace(here / name)]
        yield from (here / name for name in names if not is_service_file(Path(name)) and (here / name).is_file())


def build(source: Path, options: PhotosOptions, *, scratch: Path, progress: Progress) -> PhotoSet:
    """Read every photo below `source`; write it upright, 8 bit sRGB, to scratch/upright.

    A photo that is already so is linked, not copied. Photos that cannot be used are set aside with the reason; of
    several that show the same, the one with the most pixels is kept. Raises BadPhotos when fewer than MIN_PHOTOS
    remain.
    """
    found = find(source)
    judged: list[tuple[Photo, ByteArray]] = []
    aside = list(found.not_read)
    progress.start(len(found.photos), "photo")
    for number, file in enumerate(found.photos):
        name = name_of(file, source)
        try:
            judged.append(_take(file, name, scratch / "upright" / f"{number:05d}", options))
        except UnreadablePhoto as problem:
            aside.append((name, problem.reason))
            progress.fail()
        else:
            progress.advance()
    taken, twins = _without_twins(judged, options)
    aside += twins
    for name, reason in aside:
        progress.warn(Message("warning.set_aside", name=name, reason=reason))
    if len(taken) < MIN_PHOTOS:
        raise _too_few(len(taken), len(found.photos) + len(found.not_read), aside)
    _warn_of_blur(taken, options, progress)
    return PhotoSet(tuple(taken), tuple((name, reason.text()) for name, reason in aside))


def _without_twins(
    judged: list[tuple[Photo, ByteArray]], options: PhotosOptions
) -> tuple[list[Photo], list[tuple[str, Message]]]:
    """Of photos that show the same only the one with the most pixels, in the old order; (name, reason) of the rest."""
    kept: list[tuple[int, Photo]] = []
    thumbs = np.empty((len(judged), 64, 64), np.int16)
    aside: list[tuple[int, tuple[str, Message]]] = []
    for number in sorted(range(len(judged)), key=lambda n: -judged[n][0].width * judged[n][0].height):
        photo, thumb = judged[number]
        alike = np.abs(thumbs[: len(kept)] - thumb).mean((1, 2)) < options.duplicate_difference
        if alike.any():
            twin = kept[int(alike.argmax())][1].name
            aside.append((number, (photo.name, Remark("photo_twin", {"other": twin}))))
        else:
            thumbs[len(kept)] = thumb
            kept.append((number, photo))
    in_order = [photo for _, photo in sorted(kept, key=lambda k: k[0])]
    return in_order, [reason for _, reason in sorted(aside, key=lambda a: a[0])]


def _take(file: Path, name: str, stem: Path, options: PhotosOptions) -> tuple[Photo, ByteArray]:
    """The photo, upright at `stem` with a suffix, and its 64 px grey thumbnail; as an earlier, killed run left them,
    if it did.

    Upright pictures are numbered, since COLMAP's lists of pairs cannot hold names with spaces.
    """
    judged = stem.with_suffix(".npz")
    if judged.exists():
        with np.load(judged) as stored:
            suffix, facts = json.loads(str(stored["facts"]))
            return Photo(path=stem.with_suffix(suffix), **facts), stored["thumb"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, of odd metadata
        try:
            decoded = decode_photo(file, max_megapixels=options.max_megapixels, min_side=options.min_side)
            upright, as_it_is = _upright(decoded)
        except UnreadablePhoto:
            raise
        except Exception as problem:  # a decoder met with foreign bytes may raise anything
            raise UnreadablePhoto(_broken(problem, file)) from problem
    grey = np.asarray(upright.convert("L"))
    if _wraps_around(grey):
        raise UnreadablePhoto(photo_formats.panorama())
    target = stem.with_suffix(file.suffix.lower() if as_it_is else ".png")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    if as_it_is:
        _link(file, target)
    else:
        upright.save(target, compress_level=1)
    small = _resized(grey, 1000)
    facts = {
        "name": name,
        "width": upright.width,
        "height": upright.height,
        "focal_px": decoded.camera.focal_px(upright.width, upright.height),
        "camera_key": decoded.camera.key(upright.width, upright.height),
        "sharpness": float(cv2.Laplacian(small, cv2.CV_64F).var()),
        "exposure": float(small.mean() / 255),
        "taken": decoded.camera.taken,
        "gps": decoded.camera.gps,
    }
    thumb = cv2.resize(grey, (64, 64), interpolation=cv2.INTER_AREA)
    draft = stem.with_suffix(".draft")
    with draft.open("wb") as stream:
        np.savez(stream, thumb=thumb, facts=json.dumps([target.suffix, facts]))
    draft.replace(judged)
    return Photo(path=target, **facts), thumb


def _wraps_around(grey: ByteArray) -> bool:
    """Whether a picture is a sphere laid flat: twice as wide as high, its sides continue one another, and its top row
    is one point.
    """
    if grey.shape[1] != 2 * grey.shape[0]:
        return False
    small = cv2.resize(grey, (512, 256), interpolation=cv2.INTER_AREA).astype(np.float64)
    steps = np.abs(np.diff(small, axis=1)).mean(0)  # from each column to the next
    seam = np.abs(small[:, 0] - small[:, -1]).mean()
    return bool(seam <= 3 * np.median(steps) and small[0].std() <= 0.5 * small.std())


def _upright(photo: DecodedPhoto) -> tuple[Image.Image, bool]:
    """The upright 8 bit RGB picture, and whether the file itself is already that."""
    orientation = photo.picture.getexif().get(ExifTags.Base.Orientation, 1)
    plain = photo.picture.mode in {"RGB", "L"} and is_srgb(photo.picture)
    as_it_is = plain and orientation == 1 and photo.format in {"JPEG", "PNG"}
    upright = ImageOps.exif_transpose(photo.picture)
    if upright.mode.startswith("I") or upright.mode == "F":
        upright = Image.fromarray(_to_8_bit(np.asarray(upright)))
    return upright.convert("RGB") if is_srgb(upright) else in_srgb(upright).convert("RGB"), as_it_is


def _to_8_bit(grey: np.ndarray) -> ByteArray:
    """16 bit, 32 bit or float grey as 8 bit, by its own range."""
    values = grey.astype(np.float64)
    top = 65535.0 if values.max() > 255 else 255.0 if values.max() > 1 else 1.0
    return np.clip(values / top * 255, 0, 255).astype(np.uint8)


def _broken(problem: Exception, file: Path) -> Remark:
    """Why a photo could not be decoded."""
    if isinstance(problem, PermissionError):
        return Remark("photo_not_permitted")
    if "truncated" in str(problem).lower() or isinstance(problem, (EOFError, SyntaxError)):
        return Remark("photo_damaged")
    return Remark("photo_undecodable", {"format": file.suffix.lstrip(".").upper()})


def _link(file: Path, target: Path) -> None:
    """A hard link costs nothing and survives the source being moved; across disks it becomes a copy."""
    try:
        os.link(file.resolve(), target)
    except OSError:
        shutil.copyfile(file, target)


def _resized(grey: ByteArray, side: int) -> ByteArray:
    scale = side / max(grey.shape)
    if scale >= 1:
        return grey
    small: ByteArray = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return small


def _warn_of_blur(photos: list[Photo], options: PhotosOptions, progress: Progress) -> None:
    median = float(np.median([p.sharpness for p in photos]))
    for photo in photos:
        if photo.sharpness < options.blur_ratio * median:
            progress.warn(Message("warning.blurred", name=photo.name))
        if not 0.03 < photo.exposure < 0.97:
            dark = photo.exposure < 0.5
            progress.warn(Message("warning.too_dark" if dark else "warning.too_bright", name=photo.name))


def _too_few(num_good: int, num_files: int, aside: list[tuple[str, Message]]) -> BadPhotos:
    if not aside:
        return BadPhotos("few_photos", count=num_files)
    name, reason = aside[0]
    return BadPhotos("few_good_photos", good=num_good, count=num_files, name=name, reason=reason)


def fingerprint(source: Path) -> str:
    """SHA-256 over the photos' names and bytes, so that a changed photo is noticed whatever its date says."""
    total = hashlib.sha256()
    for name, digest in _digests(source):
        total.update(f"{name}\0{digest}\n".encode())
    return total.hexdigest()


def _digests(source: Path) -> Iterator[tuple[str, str]]:
    for file in find(source).photos:
        with file.open("rb") as stream:
            yield name_of(file, source), hashlib.file_digest(stream, "sha256").hexdigest()
