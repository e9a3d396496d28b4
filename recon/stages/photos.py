"""Photos: decode, turn upright, judge, and set aside what cannot help."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from recon.errors import BadPhotos
from recon.formats.exif import CameraFacts, camera_facts
from recon.progress import Progress
from recon.types import ByteArray, Photo, PhotoSet

VERSION = 1

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff"})
MIN_PHOTOS = 3  # two photos fix no scale-free surface that a third could confirm


@dataclass(frozen=True, kw_only=True)
class PhotosOptions:
    max_megapixels: float = 250.0  # larger pictures are refused before they are decoded
    min_side: int = 128  # px; smaller pictures carry too little to match
    blur_ratio: float = 0.12  # sharpness below this share of the set's median earns a warning
    duplicate_difference: float = 0.6  # mean grey levels between two 64 px thumbnails; below it they are one shot


def find(source: Path) -> list[Path]:
    """The picture files below `source`, in natural reading order of their names.

    Raises BadPhotos if the folder is missing, or holds no file that could be a photo.
    """
    if not source.is_dir():
        raise BadPhotos(f"There is no folder {source}.", hint="Name the folder that holds the photos.")
    inside = (
        p
        for p in source.rglob("*")
        if p.is_file() and not any(part.startswith(".") for part in p.relative_to(source).parts)
    )
    files = sorted(p for p in inside if p.suffix.lower() in SUFFIXES)
    if not files:
        raise BadPhotos(
            f"There are no photos in {source}.",
            hint="Longyao reads JPEG, PNG and TIFF; save RAW and HEIC as one of these.",
        )
    return files


def build(source: Path, options: PhotosOptions, *, scratch: Path, progress: Progress) -> PhotoSet:
    """Read every photo below `source`; write it upright, 8 bit sRGB, to scratch/upright.

    A photo that is already so is linked, not copied. Photos that cannot be used are set aside with the reason;
    raises BadPhotos when fewer than MIN_PHOTOS remain.
    """
    files = find(source)
    taken: list[Photo] = []
    thumbs: list[ByteArray] = []
    aside: list[tuple[str, str]] = []
    progress.start(len(files), "photo")
    for number, file in enumerate(files):
        name = file.relative_to(source).as_posix()
        try:
            photo, thumb = _take(file, name, scratch / "upright" / f"{number:05d}", options)
        except _Unusable as problem:
            aside.append((name, str(problem)))
            progress.fail()
        else:
            twin = next(
                (p.name for p, other in zip(taken, thumbs, strict=True) if _same_shot(thumb, other, options)), None
            )
            if twin is None:
                taken.append(photo)
                thumbs.append(thumb)
                progress.advance()
            else:
                aside.append((name, f"it shows the same as {twin}"))
                progress.fail()
    for name, reason in aside:
        progress.warn(f"{name} is set aside: {reason}.")
    if len(taken) < MIN_PHOTOS:
        raise _too_few(len(taken), len(files), aside)
    _warn_of_blur(taken, options, progress)
    return PhotoSet(tuple(taken), tuple(aside))


class _Unusable(Exception):
    """Why one photo cannot be used; becomes its reason for being set aside."""


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
    with _own_judgement():
        try:
            with Image.open(file) as picture:
                camera, upright, as_it_is = _decode(picture, options)
        except _Unusable:
            raise
        except Exception as problem:  # a decoder met with foreign bytes may raise anything
            raise _Unusable(_plain(problem, file)) from problem
    target = stem.with_suffix(file.suffix.lower() if as_it_is else ".png")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    if as_it_is:
        _link(file, target)
    else:
        upright.save(target, compress_level=1)
    grey = np.asarray(upright.convert("L"))
    small = _resized(grey, 1000)
    facts = {
        "name": name,
        "width": upright.width,
        "height": upright.height,
        "focal_px": camera.focal_px(upright.width, upright.height),
        "camera_key": f"{camera.make}|{camera.model}|{camera.focal_mm}|{upright.width}x{upright.height}",
        "sharpness": float(cv2.Laplacian(small, cv2.CV_64F).var()),
        "exposure": float(small.mean() / 255),
        "taken": camera.taken,
    }
    thumb = cv2.resize(grey, (64, 64), interpolation=cv2.INTER_AREA)
    draft = stem.with_suffix(".draft")
    with draft.open("wb") as stream:
        np.savez(stream, thumb=thumb, facts=json.dumps([target.suffix, facts]))
    draft.replace(judged)
    return Photo(path=target, **facts), thumb


@contextmanager
def _own_judgement() -> Iterator[None]:
    """Pillow warns of odd metadata and balks at large pictures; we judge both ourselves, before anything is decoded."""
    limit = Image.MAX_IMAGE_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Image.MAX_IMAGE_PIXELS = None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = limit


def _decode(picture: Image.Image, options: PhotosOptions) -> tuple[CameraFacts, Image.Image, bool]:
    """Camera facts, the upright 8 bit RGB picture, and whether the file itself is already that."""
    width, height = picture.size
    if width * height > options.max_megapixels * 1e6:
        raise _Unusable(
            f"it has {width * height / 1e6:,.0f} megapixels, more than the limit of {options.max_megapixels:g}"
        )
    if min(width, height) < options.min_side:
        raise _Unusable(f"it is only {width} x {height} pixels")
    facts = camera_facts(picture)
    orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
    plain = picture.mode in {"RGB", "L"}
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I") or upright.mode == "F":
        upright = Image.fromarray(_to_8_bit(np.asarray(upright)))
    rgb = upright.convert("RGB")
    return facts, rgb, plain and orientation == 1 and picture.format in {"JPEG", "PNG"}


def _to_8_bit(grey: np.ndarray) -> ByteArray:
    """16 bit, 32 bit or float grey as 8 bit, by its own range."""
    values = grey.astype(np.float64)
    top = 65535.0 if values.max() > 255 else 255.0 if values.max() > 1 else 1.0
    return np.clip(values / top * 255, 0, 255).astype(np.uint8)


def _plain(problem: Exception, file: Path) -> str:
    if isinstance(problem, UnidentifiedImageError):
        return "it is not a picture, whatever its name says"
    if "truncated" in str(problem).lower() or isinstance(problem, (EOFError, SyntaxError)):
        return "the file is damaged or cut short; copy it from the camera again"
    if isinstance(problem, PermissionError):
        return "it may not be read by this user"
    return f"it cannot be decoded as {file.suffix.lower().lstrip('.').upper()}"


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


def _same_shot(a: ByteArray, b: ByteArray, options: PhotosOptions) -> bool:
    return float(np.abs(a.astype(np.int16) - b).mean()) < options.duplicate_difference


def _warn_of_blur(photos: list[Photo], options: PhotosOptions, progress: Progress) -> None:
    median = float(np.median([p.sharpness for p in photos]))
    for photo in photos:
        if photo.sharpness < options.blur_ratio * median:
            progress.warn(f"{photo.name} is blurred; take it again if its part of the model comes out soft.")
        if not 0.03 < photo.exposure < 0.97:
            progress.warn(f"{photo.name} is {'too dark' if photo.exposure < 0.5 else 'too bright'} to match well.")


def _too_few(num_good: int, num_files: int, aside: list[tuple[str, str]]) -> BadPhotos:
    if not aside:
        return BadPhotos(
            f"{num_files} photo{'s are' if num_files > 1 else ' is'} too few to rebuild anything.",
            hint="Take at least 8, each overlapping the last by two thirds, all round the object.",
        )
    name, reason = aside[0]
    return BadPhotos(
        f"Only {num_good} of {num_files} photos can be used: {name} is set aside because {reason}.",
        hint="Replace the photos that are set aside; at least 8 that overlap by two thirds are needed.",
    )


def fingerprint(source: Path) -> str:
    """SHA-256 over the photos' names and bytes, so that a changed photo is noticed whatever its date says."""
    total = hashlib.sha256()
    for name, digest in _digests(source):
        total.update(f"{name}\0{digest}\n".encode())
    return total.hexdigest()


def _digests(source: Path) -> Iterator[tuple[str, str]]:
    for file in find(source):
        with file.open("rb") as stream:
            yield file.relative_to(source).as_posix(), hashlib.file_digest(stream, "sha256").hexdigest()
