"""Photos: decode, turn upright, measure sharpness and exposure, and set aside those that cannot be used. Of films,
sharp frames are taken as photos.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from PIL import ExifTags, Image, ImageOps

from recon import foreign
from recon.errors import BadPhotos, BadScan
from recon.formats import photo_formats, photo_masks
from recon.formats.file_names import is_service_file, is_service_folder, readable
from recon.formats.photo_formats import DecodedPhoto, UnreadablePhoto, decode_photo
from recon.formats.picture import in_srgb, is_srgb
from recon.formats.remarks import Remark
from recon.messages import Message
from recon.progress import Progress
from recon.types import BoolArray, ByteArray, Photo, PhotoSet

VERSION = 5

OFF, MOST_OFF = (
    8,
    0.02,
)  # grey levels, over 3 x 3 px of the thumbnails, and the share of these where twins may be so off
_FILM_MB = 3000  # of address space, for the process that decodes a film
MIN_PHOTOS = 3  # a third photo is needed to confirm what two photos show


@dataclass(frozen=True, kw_only=True)
class PhotosOptions:
    max_megapixels: float = photo_formats.MAX_MEGAPIXELS  # larger pictures are refused before they are decoded
    min_side: int = photo_formats.MIN_SIDE  # px; smaller pictures carry too little to match
    blur_ratio: float = 0.12  # sharpness below this share of the set's median earns a warning
    film_step: float = 0.03  # of the picture's diagonal, by which a film moves from one frame that is taken to the next
    film_frames: int = 120  # at most, of one film; then the steps are longer
    duplicate_difference: float = 0.6  # mean grey levels between two 64 px thumbnails; below it they are one shot


@dataclass(frozen=True, slots=True)
class Found:
    """What lies below a folder of photos. Service files and other reconstructions' folders are not in it."""

    photos: tuple[Path, ...]  # in the order of their paths
    masks: dict[Path, Path]  # photo -> its mask (recon.formats.photo_masks)
    not_read: tuple[tuple[str, Message], ...]  # (name, reason) of pictures that are not read as photos
    films: tuple[Path, ...] = ()  # whose frames are taken, in the order of their paths


def find(source: Path) -> Found:
    """The photos below `source`, their masks and the films, recognised by their names.

    Raises BadPhotos if the folder is missing, is the work folder of a reconstruction, or holds no photo and no film.
    """
    if not source.is_dir():
        raise BadPhotos("no_photo_folder", source=source)
    if is_workspace(source):
        raise BadPhotos("photos_in_work", source=source)
    pictures: list[Path] = []
    films: list[Path] = []
    not_read: list[tuple[str, Message]] = []
    for file in sorted(_files(source, not_read)):
        if (reason := photo_formats.reason_not_read(file)) is not None:
            not_read.append((name_of(file, source), reason))
        elif photo_formats.is_read(file):
            pictures.append(file)
        elif photo_formats.is_film(file):
            films.append(file)
    stills = {(picture.parent, picture.stem.lower()): picture for picture in pictures}
    for film in list(films):
        if (still := stills.get((film.parent, film.stem.lower()))) is not None:  # a phone's live photo
            films.remove(film)
            not_read.append((name_of(film, source), Remark("film_live", {"other": name_of(still, source)})))
    told_apart = photo_masks.sort(pictures, source)
    not_read += [(name_of(mask, source), Remark("mask_alone")) for mask in told_apart.alone]
    if not told_apart.photos and not films:
        formats = photo_formats.names()
        if not_read:
            name, why = not_read[0]
            count = len(not_read)
            raise BadPhotos("no_photo_read", count=count, source=source, name=name, reason=why, formats=formats)
        raise BadPhotos("no_photos", source=source, formats=formats)
    return Found(told_apart.photos, told_apart.masks, tuple(not_read), tuple(films))


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
    """Read every photo below `source`; write it upright, 8 bit sRGB, to scratch/upright, and its mask to scratch/masks.

    A photo that is already so is linked, not copied. Photos that cannot be used are set aside with the reason; of
    several that show the same, the one with the most pixels is kept. Raises BadPhotos when fewer than MIN_PHOTOS
    remain.
    """
    found = find(source)
    judged: list[_Judged] = []
    aside = list(found.not_read)
    asked = [_Asked(file, name_of(file, source)) for file in found.photos]
    for number, film in enumerate(found.films):
        name = name_of(film, source)
        try:
            asked += _frames(film, name, scratch / "frames" / f"{number:05d}", options, progress)
        except UnreadablePhoto as problem:
            aside.append((name, problem.reason))
    progress.start(len(asked), "photo")
    for number, (file, name, film_name) in enumerate(asked):
        stem = scratch / "upright" / f"{number:05d}"
        try:
            judged.append(_take(file, name, found.masks.get(file), stem, options, film_name))
        except UnreadablePhoto as problem:
            aside.append((name, problem.reason))
            progress.fail()
        else:
            progress.advance()
            if (problem_of_mask := judged[-1].mask_problem) is not None:
                mask = name_of(found.masks[file], source)
                progress.warn(Message("warning.mask_unused", name=mask, photo=name, reason=problem_of_mask))
    taken, twins = _without_twins(judged, options)
    aside += twins
    for name, reason in aside:
        progress.warn(Message("warning.set_aside", name=name, reason=reason))
    if len(taken) < MIN_PHOTOS:
        raise _too_few(len(taken), len(asked) + len(found.not_read), aside)
    _warn_of_blur(taken, options, progress)
    if masked := [photo.left_out for photo in taken if photo.mask is not None]:
        share = float(np.mean(masked))
        progress.warn(Message("warning.masks_read", count=len(masked), total=len(taken), share=share))
    return PhotoSet(tuple(taken), tuple((name, reason.text()) for name, reason in aside))


class _Asked(NamedTuple):
    file: Path
    name: str  # of the photo
    film: str = ""  # that it is a frame of


def _frames(film: Path, name: str, folder: Path, options: PhotosOptions, progress: Progress) -> list[_Asked]:
    """The film's keyframes in `folder`, as an earlier, killed run left them, if it did. Raises UnreadablePhoto."""
    finished = folder / "finished"
    if not finished.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        arguments = {"path": os.fspath(film.absolute()), "out": os.fspath(folder)}
        steps = {"step": options.film_step, "most": options.film_frames}
        try:
            for _ in foreign.values("recon.film_frames:keyframes", arguments | steps, name=name, memory_mb=_FILM_MB):
                pass
        except BadScan as problem:  # as all foreign files that bring their reader down
            raise UnreadablePhoto(Remark("film_undecodable")) from problem
        finished.touch()
    frames = sorted(folder.glob("*.jpg"))
    if not frames:
        raise UnreadablePhoto(Remark("film_undecodable"))
    progress.warn(Message("warning.film_frames", name=name, count=len(frames)))
    return [_Asked(frame, f"{name}/{frame.name}", name) for frame in frames]


def _without_twins(judged: list[_Judged], options: PhotosOptions) -> tuple[list[Photo], list[tuple[str, Message]]]:
    """Of photos that show the same only the one with the most pixels, in the old order; (name, reason) of the rest."""
    kept: list[tuple[int, Photo]] = []
    thumbs = np.empty((len(judged), 64, 64), np.int16)
    aside: list[tuple[int, tuple[str, Message]]] = []
    for number in sorted(range(len(judged)), key=lambda n: -judged[n].photo.width * judged[n].photo.height):
        photo, thumb = judged[number].photo, judged[number].thumb
        apart = np.abs(thumbs[: len(kept)] - thumb)
        alike = apart.mean((1, 2)) < options.duplicate_difference
        for one in np.flatnonzero(alike):  # a small object that turned before a large background is no twin
            alike[one] = (cv2.blur(apart[one], (3, 3)) > OFF).mean() <= MOST_OFF
        if alike.any():
            twin = kept[int(alike.argmax())][1].name
            aside.append((number, (photo.name, Remark("photo_twin", {"other": twin}))))
        else:
            thumbs[len(kept)] = thumb
            kept.append((number, photo))
    in_order = [photo for _, photo in sorted(kept, key=lambda k: k[0])]
    return in_order, [reason for _, reason in sorted(aside, key=lambda a: a[0])]


@dataclass(frozen=True, slots=True)
class _Judged:
    photo: Photo
    thumb: ByteArray  # (64, 64) grey
    mask_problem: Message | None  # why the photo's mask is not used


def _take(file: Path, name: str, mask: Path | None, stem: Path, options: PhotosOptions, film: str) -> _Judged:
    """The photo, upright at `stem` with a suffix, its mask beside that folder, and its thumbnail; as an earlier, killed
    run left them, if it did.

    Upright pictures are numbered, since COLMAP's lists of pairs cannot hold names with spaces.
    """
    judged = stem.with_suffix(".npz")
    if judged.exists():
        with np.load(judged) as stored:
            suffix, masked, problem, facts = json.loads(str(stored["facts"]))
            path = stem.with_suffix(suffix)
            photo = Photo(path=path, mask=_mask_of(path) if masked else None, **facts)
            return _Judged(photo, stored["thumb"], Message.from_json(problem) if problem else None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, of odd metadata
        try:
            decoded = decode_photo(file, max_megapixels=options.max_megapixels, min_side=options.min_side)
            upright, as_it_is = _upright(decoded)
            kept, problem = _kept(decoded.picture, mask)
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
    shown = np.ones(small.shape, bool)
    if kept is not None:
        shown = cv2.resize(kept.view(np.uint8), small.shape[::-1], interpolation=cv2.INTER_AREA) > 0
        _mask_of(target).parent.mkdir(exist_ok=True)
        Image.fromarray(kept).save(_mask_of(target))
    facts = {
        "name": name,
        "width": upright.width,
        "height": upright.height,
        "focal_px": decoded.camera.focal_px(upright.width, upright.height),
        "camera_key": film + decoded.camera.key(upright.width, upright.height),  # a film has a camera of its own
        "sharpness": float(cv2.Laplacian(small, cv2.CV_64F)[shown].var()),
        "exposure": float(small[shown].mean() / 255),
        "left_out": 0.0 if kept is None else float(1 - kept.mean()),
        "taken": decoded.camera.taken,
        "gps": decoded.camera.gps,
    }
    thumb = cv2.resize(grey, (64, 64), interpolation=cv2.INTER_AREA)
    draft = stem.with_suffix(".draft")
    with draft.open("wb") as stream:
        stored_problem = None if problem is None else problem.as_json()
        np.savez(stream, thumb=thumb, facts=json.dumps([target.suffix, kept is not None, stored_problem, facts]))
    draft.replace(judged)
    photo = Photo(path=target, mask=None if kept is None else _mask_of(target), **facts)
    return _Judged(photo, thumb, problem)


def _mask_of(upright: Path) -> Path:
    """Where the mask of an upright photo lies, in COLMAP's manner."""
    return upright.parent.with_name("masks") / f"{upright.name}.png"


def _kept(picture: Image.Image, mask: Path | None) -> tuple[BoolArray | None, Message | None]:
    """(H, W) True where a photo's mask, or else its transparency, keeps the upright photo, None where it is kept whole;
    and why a mask cannot be used. Raises UnreadablePhoto where nothing is left of the photo.
    """
    orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
    if mask is None:
        return photo_masks.transparent(ImageOps.exif_transpose(picture)), None
    try:
        return photo_masks.checked(photo_masks.read(mask, picture.size, orientation)), None
    except UnreadablePhoto as problem:
        if problem.reason.key == "remark.mask_black":
            raise
        return None, problem.reason
    except Exception as problem:  # a decoder met with foreign bytes may raise anything
        return None, _broken(problem, mask)


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
    """SHA-256 over the names and bytes of photos, masks and films: a change is noticed whatever the date says."""
    total = hashlib.sha256()
    for name, digest in _digests(source):
        total.update(f"{name}\0{digest}\n".encode())
    return total.hexdigest()


def _digests(source: Path) -> Iterator[tuple[str, str]]:
    found = find(source)
    for file in (*found.photos, *sorted(set(found.masks.values())), *found.films):
        with file.open("rb") as stream:
            yield name_of(file, source), hashlib.file_digest(stream, "sha256").hexdigest()
