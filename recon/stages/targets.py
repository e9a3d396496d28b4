"""Targets: coded markers that lie in the scene, found in the photos and given a place by all that see them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pycolmap

from recon.errors import BadOptions
from recon.geometry import targets
from recon.geometry.targets import DICTIONARIES, Marker
from recon.messages import Message
from recon.progress import Progress
from recon.types import ByteArray, Cameras, Photo, PhotoSet, Targets

VERSION = 1

_LOOKED_AT = 8  # photos that tell whether there are markers at all, and of which set
_LOOKED_AT_PX = 1600  # longer side of these
_SEEN_TWICE = 2  # of these photos that show a marker of the set


@dataclass(frozen=True, kw_only=True)
class TargetsOptions:
    find: bool = True  # look for coded targets (ArUco, AprilTag); `recon targets` prints some
    markers: str = "auto"  # which set they are of; auto: the set of which most are seen

    def __post_init__(self) -> None:
        if self.markers not in ("auto", *DICTIONARIES):
            raise BadOptions("markers_unknown", name=self.markers, names=list(DICTIONARIES))


def build(taken: PhotoSet, cameras: Cameras, options: TargetsOptions, *, scratch: Path, progress: Progress) -> Targets:
    """The middles of the targets that at least three photos see, in the frame of `cameras`.

    scratch/targets.json lists where each photo shows them.
    """
    model = pycolmap.Reconstruction(cameras.folder)
    images = {image.name: image for image in model.images.values() if image.has_pose}
    photos = [photo for photo in taken if photo.name in images]
    looked_at = photos[:: max(1, len(photos) // _LOOKED_AT)] if options.find and options.markers == "auto" else []
    progress.start(len(looked_at) + len(photos), "photo")
    dictionary = options.markers if options.markers != "auto" else _set_of(looked_at, progress)
    if dictionary is None or not options.find:
        progress.advance(len(photos))  # there is nothing to look for
        return Targets.none()
    shown: dict[int, dict[str, Marker]] = defaultdict(dict)
    for photo, markers in _found(photos, dictionary):
        for marker in markers:
            shown[marker.number][photo.name] = marker
        progress.advance()
    listed = {
        number: {name: marker.centre.round(3).tolist() for name, marker in of.items()} for number, of in shown.items()
    }
    text = json.dumps({"markers": dictionary, "photos_px": listed}, ensure_ascii=False, indent=1)
    (scratch / "targets.json").write_text(text, encoding="utf-8")
    return _placed(dictionary, shown, images, progress)


def _set_of(photos: Sequence[Photo], progress: Progress) -> str | None:
    """The set of markers that lie in the scene; None where there are none."""
    counts: dict[tuple[str, int], int] = defaultdict(int)
    for photo in photos:
        for key in targets.any_found(_grey(photo, _LOOKED_AT_PX)):
            counts[key] += 1
        progress.advance()
    sure = [name for (name, _), count in counts.items() if count >= _SEEN_TWICE]
    return max(DICTIONARIES, key=sure.count) if sure else None


def _grey(photo: Photo, longest: int | None = None) -> ByteArray:
    grey = np.asarray(cv2.imread(str(photo.path), cv2.IMREAD_GRAYSCALE), np.uint8)
    scale = 1.0 if longest is None else longest / max(grey.shape)
    if scale < 1:
        grey = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    return grey


def _found(photos: Sequence[Photo], dictionary: str) -> Iterator[tuple[Photo, list[Marker]]]:
    with ThreadPoolExecutor(cv2.getNumberOfCPUs()) as pool:
        yield from zip(photos, pool.map(lambda photo: targets.found(_grey(photo), dictionary), photos), strict=True)


def _placed(
    dictionary: str, shown: Mapping[int, Mapping[str, Marker]], images: Mapping[str, pycolmap.Image], progress: Progress
) -> Targets:
    numbers, points, counts, errors, lost = [], [], [], [], []
    for number, markers in sorted(shown.items()):
        seen_by = [images[name] for name in markers]
        px = np.array([marker.centre for marker in markers.values()])
        rays = np.array([image.camera.cam_from_img(at) for image, at in zip(seen_by, px, strict=True)]).reshape(-1, 2)
        poses = np.array([image.cam_from_world().matrix() for image in seen_by])
        focal = np.array([image.camera.mean_focal_length() for image in seen_by])
        made = targets.intersection(rays, poses, focal)
        if made is None:
            lost.append(number)
            continue
        point, off = made
        numbers.append(number)
        points.append(point)
        counts.append(int(np.isfinite(off).sum()))
        errors.append(float(np.sqrt(np.mean(off[np.isfinite(off)] ** 2))))
    if lost:
        progress.warn(Message("warning.targets_lost", numbers=lost))
    return Targets(
        dictionary,
        np.array(numbers, np.int32),
        np.array(points, np.float64).reshape(-1, 3),
        np.array(counts, np.int32),
        np.array(errors, np.float64),
    )
