"""Background: what stands still while the object turns before the camera, and plain backdrops, are left out by masks.

On a turntable before a camera that stands, the background says that the camera stood still, and the object that it
moved. Features that recur at the same place of the picture in many photos tell that a set is of this kind, and which
photos were taken from one stand. Then the pixels that change tell the object from its background, and masks are made of
them. Rounds between which the object was turned over, or the camera was moved, are then joined by the object alone.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import pycolmap
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from recon.errors import check_room
from recon.geometry import background
from recon.messages import Message
from recon.progress import Progress
from recon.types import BoolArray, ByteArray, Features, Float32Array, Foreground, Photo, PhotoSet

VERSION = 2

SIDE = 640  # px, at which pixels are judged
_FEATURES = 2048  # the largest of each photo, by which stands are found
_REACH = 0.0015  # of the longer side: how far a feature that stands still may be off
_FEWEST_STILL = 20  # features that two photos of one stand share at the same places
_LEAST_STILL = 0.1  # the same as a share of their features
_FEWEST_OF_A_STAND = 5  # photos; of fewer, a pixel's background cannot be told
_MOST_OF_STANDS = 0.8  # of all photos without masks: fewer may be series of exposures from one place
_ASKED = 12  # other photos of the stand in which a feature is looked for
_RECURS = 0.25  # share of these in which it stands still
_MOST_COMPARED = 60  # photos of a stand that are compared pixel by pixel at a time
_LEAST_LEFT, _MOST_LEFT = 0.003, 0.95  # share of the picture that moves; else it is noise, or nothing stands still


@dataclass(frozen=True, kw_only=True)
class BackgroundOptions:
    still: bool = True  # leave out what stands still while the object turns before a camera that stands
    plain: bool = False  # leave out plain or dark backgrounds that surround the object


def build(
    taken: PhotoSet, found: Features, options: BackgroundOptions, *, scratch: Path, progress: Progress
) -> Foreground:
    """Photos with masks, and their features without those behind masks; the same as before where nothing is left out.

    Photos that come with masks keep these. Writes scratch/masks and scratch/database.db.
    """
    progress.start(len(taken), "photo")
    check_room(scratch)
    shutil.rmtree(scratch / "masks", ignore_errors=True)
    (scratch / "masks").mkdir()
    made: dict[str, Photo] = {}  # with their masks
    still: dict[str, BoolArray] = {}
    features = _reader(found)
    free = [photo for photo in taken if photo.mask is None]
    for stand in _stands(free, features) if options.still else []:
        masks = _moving(stand)
        if masks is None:
            progress.warn(Message("warning.nothing_turns", count=len(stand), name=stand[0].name))
            continue
        made |= {p.name: _masked(p, mask, scratch) for p, mask in zip(stand, masks, strict=True)}
        still |= _recurring(stand, features)
    if made:
        progress.warn(_told("warning.still_left_out", made, taken))
    if options.plain:
        plain = {
            p.name: _masked(p, mask, scratch) for p in free if p.name not in made and (mask := _plain(p)) is not None
        }
        if plain:
            progress.warn(_told("warning.plain_left_out", plain, taken))
        made |= plain
    progress.advance(len(taken))
    if not made:
        return Foreground(taken, found)
    masked = tuple(made.get(photo.name, photo) for photo in taken)
    return Foreground(replace(taken, photos=masked), _in_front(masked, set(made), still, features, found, scratch))


_Reader = Callable[[Photo], tuple[Float32Array, ByteArray]]
"""A photo's keypoints (N, 6) and descriptors (N, 128)."""


def _reader(found: Features) -> _Reader:
    """Reads features when they are asked for: memory does not grow with the photos."""

    @lru_cache(maxsize=2 * _ASKED)
    def read(name: str) -> tuple[Float32Array, ByteArray]:
        with pycolmap.Database.open(found.database) as opened:
            image = opened.read_image_with_name(name).image_id
            return np.asarray(opened.read_keypoints(image)), np.asarray(opened.read_descriptors(image).data)

    return lambda photo: read(photo.path.name)


def _stands(photos: list[Photo], features: _Reader) -> list[list[Photo]]:
    """Photos that a camera took from one stand, stand by stand; none unless most photos are of this kind."""
    by_size: defaultdict[tuple[int, int], list[Photo]] = defaultdict(list)
    for photo in photos:
        by_size[photo.width, photo.height].append(photo)
    stands: list[list[Photo]] = []
    for size, alike in by_size.items():
        joined = [
            (i, j) for i, j in _pairs(len(alike)) if _stood_still(features, alike[i], alike[j], _REACH * max(size))
        ]
        i, j = np.array(joined, int).reshape(-1, 2).T
        graph = coo_array((np.ones(len(i), bool), (i, j)), (len(alike), len(alike)))
        _, group = connected_components(graph, directed=False)
        of_stand = [[photo for photo, g in zip(alike, group, strict=True) if g == n] for n in np.unique(group)]
        stands += [stand for stand in of_stand if len(stand) >= _FEWEST_OF_A_STAND]
    return stands if sum(map(len, stands)) >= _MOST_OF_STANDS * len(photos) else []


def _pairs(count: int) -> list[tuple[int, int]]:
    """Each photo with the next ones, and with some far away: there a camera that moves shows something else."""
    steps = {1, 2, count // 4, count // 2} - {0}
    return sorted({(i, i + step) for step in steps for i in range(count - step)})


def _stood_still(features: _Reader, one: Photo, other: Photo, reach_px: float) -> bool:
    a, b = (_largest(features(photo), _FEATURES) for photo in (one, other))
    count = int((background.recurring(*a, [b], reach_px=max(1.0, reach_px)) > 0).sum())
    return count >= max(_FEWEST_STILL, _LEAST_STILL * min(len(a[0]), len(b[0])))


def _largest(found: tuple[Float32Array, ByteArray], most: int) -> tuple[Float32Array, ByteArray]:
    keypoints, descriptors = found
    area = np.abs(keypoints[:, 2] * keypoints[:, 5] - keypoints[:, 3] * keypoints[:, 4])
    chosen = np.argsort(-area, kind="stable")[:most]
    return keypoints[chosen], descriptors[chosen]


def _recurring(stand: list[Photo], features: _Reader) -> dict[str, BoolArray]:
    """By the photo's name, which of its features stand still, also where they are not masked."""
    asked = [stand[n] for n in np.unique(np.linspace(0, len(stand) - 1, _ASKED).round().astype(int))]
    recurs = {}
    for photo in stand:
        others = [features(other) for other in asked if other is not photo]
        reach = max(1.0, _REACH * max(photo.width, photo.height))
        count = background.recurring(*features(photo), others, reach_px=reach)
        recurs[photo.name] = count >= max(2, _RECURS * len(others))
    return recurs


def _moving(stand: list[Photo]) -> list[BoolArray] | None:
    """(h, w) what moves in each photo of a stand, at SIDE; None where nothing does, or nearly all."""
    parts = -(-len(stand) // _MOST_COMPARED)
    of_part = [stand[part::parts] for part in range(parts)]  # each part has photos of all of the time
    found: dict[str, BoolArray] = {}
    for part in of_part:
        moves = background.moving(np.stack([_small(photo) for photo in part]))
        if moves is None:
            return None
        found |= {photo.name: mask for photo, mask in zip(part, moves, strict=True)}
    masks = [found[photo.name] for photo in stand]
    share = float(np.median([mask.mean() for mask in masks]))
    return masks if _LEAST_LEFT <= share <= _MOST_LEFT and all(mask.any() for mask in masks) else None


def _plain(photo: Photo) -> BoolArray | None:
    mask = background.plain(_small(photo))
    return mask if mask is not None and _LEAST_LEFT <= mask.mean() <= _MOST_LEFT else None


def _small(photo: Photo) -> ByteArray:
    """(h, w, 3) the upright picture, its longer side SIDE at most."""
    picture = cv2.imread(str(photo.path), cv2.IMREAD_COLOR_RGB)
    scale = min(1.0, SIDE / max(photo.width, photo.height))
    size = (max(1, round(photo.width * scale)), max(1, round(photo.height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _masked(photo: Photo, mask: BoolArray, scratch: Path) -> Photo:
    """The photo with the mask in its size, written in COLMAP's manner; its steps are smoothed."""
    path = scratch / "masks" / f"{photo.path.name}.png"
    grey = cv2.resize(mask.astype(np.float32), (photo.width, photo.height), interpolation=cv2.INTER_LINEAR)
    kept = grey > 0.5
    cv2.imwrite(str(path), np.where(kept, 255, 0).astype(np.uint8))
    return replace(photo, mask=path, left_out=float(np.mean(~kept)), outlined=True)


def _told(key: str, made: dict[str, Photo], taken: PhotoSet) -> Message:
    share = float(np.mean([photo.left_out for photo in made.values()]))
    return Message(key, count=len(made), total=len(taken), share=share)


def _in_front(
    photos: tuple[Photo, ...],
    made: set[str],
    still: dict[str, BoolArray],
    features: _Reader,
    found: Features,
    scratch: Path,
) -> Features:
    """A copy of the features' database without those behind the masks that were made, or that stand still."""
    counts: list[tuple[str, int]] = []
    of_name = {photo.path.name: photo for photo in photos}
    draft, database = scratch / "draft.db", scratch / "database.db"
    shutil.copyfile(found.database, draft)
    with pycolmap.Database.open(draft) as opened, pycolmap.DatabaseTransaction(opened):
        images = opened.read_all_images()
        kinds = [opened.read_descriptors(image.image_id).type for image in images]
        opened.clear_keypoints()
        opened.clear_descriptors()
        for image, kind in zip(images, kinds, strict=True):
            photo = of_name[image.name]
            keypoints, descriptors = features(photo)
            if photo.name in made:
                front = _in_front_of_mask(photo, keypoints)
                front &= ~still.get(photo.name, np.zeros(len(keypoints), bool))
                keypoints, descriptors = keypoints[front], descriptors[front]
            opened.write_keypoints(image.image_id, keypoints)
            opened.write_descriptors(image.image_id, pycolmap.FeatureDescriptors(kind, descriptors))
            counts.append((photo.name, len(keypoints)))
    draft.replace(database)
    return Features(database, tuple(counts))


def _in_front_of_mask(photo: Photo, keypoints: Float32Array) -> BoolArray:
    """(N,) whether the photo's mask keeps a feature."""
    mask = cv2.imread(str(photo.mask), cv2.IMREAD_GRAYSCALE)
    column, row = keypoints[:, :2].astype(int).T
    return np.asarray(mask[np.clip(row, 0, photo.height - 1), np.clip(column, 0, photo.width - 1)] > 0)
