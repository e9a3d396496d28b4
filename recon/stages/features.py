"""Features: SIFT keypoints of every photo, with COLMAP, into a COLMAP database."""

from __future__ import annotations

import shutil
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pycolmap

from recon.errors import check_room
from recon.executor import HERE, Executor
from recon.messages import Message
from recon.progress import Progress
from recon.types import Features, Photo, PhotoSet

VERSION = 2

PHOTOS_AT_ONCE = 2  # COLMAP searches so many at a time where memory allows; a killed run loses at most these
MB_PER_MEGAPIXEL = 310  # of a photo while it is searched at twice its size; a quarter where it is not
MEMORY_MB = 2000  # that photos searched side by side may take together


@dataclass(frozen=True, kw_only=True)
class FeaturesOptions:
    max_side: int = 3200  # px; larger photos are searched at this size
    max_features: int = 8192  # per photo, the largest scales first
    first_octave: int = -1  # -1 searches at twice the size: more and finer features, at four times the cost


@dataclass(frozen=True, slots=True)
class _Unit:
    """Photos that are searched side by side, and the database of their own that the search is written to."""

    names: tuple[str, ...]  # of files in root
    root: Path
    masks: Path | None  # folder with a mask for each of the names; COLMAP wants masks of all photos or of none
    database: Path
    options: FeaturesOptions
    at_once: int


def build(
    taken: PhotoSet, options: FeaturesOptions, *, scratch: Path, progress: Progress, executor: Executor = HERE
) -> Features:
    """Extract into scratch/database.db, without what lies behind masks. Photos that are already in it are not searched
    again.
    """
    database, root = scratch / "database.db", taken.photos[0].path.parent
    name_of = {p.path.name: p.name for p in taken}
    check_room(scratch)
    if not database.exists():
        _register(taken, root, scratch)
    progress.start(len(taken), "photo")
    with pycolmap.Database.open(database) as opened:
        waiting = [i.name for i in opened.read_all_images() if not opened.exists_descriptors(i.image_id)]
    progress.advance(len(taken) - len(waiting))
    largest = max(((p.width, p.height) for p in taken), key=lambda size: size[0] * size[1])
    masks = {photo.path.name: photo.mask.parent for photo in taken if photo.mask is not None}
    units = _units(waiting, masks, root, scratch, options, at_once(largest, options))
    for unit in executor.map(_search, units):
        check_room(scratch)
        progress.advance(len(unit.names))
    with pycolmap.Database.open(database) as opened:
        for unit in units:  # in this order, so that the database is the same wherever they were searched
            _take_over(unit, opened)
        counts = tuple((name_of[i.name], opened.num_keypoints_for_image(i.image_id)) for i in opened.read_all_images())
    shutil.rmtree(scratch / "units", ignore_errors=True)
    for name, count in counts:
        if count < 200:
            progress.warn(Message("warning.few_features", name=name, count=count))
    return Features(database, counts)


def _units(
    waiting: Sequence[str],
    masks: Mapping[str, Path],
    root: Path,
    scratch: Path,
    options: FeaturesOptions,
    together: int,
) -> list[_Unit]:
    """The same groups of photos in every run, so that one that goes on finds what an earlier one has searched."""
    folder = scratch / "units"
    folder.mkdir(exist_ok=True)
    units = []
    for of in (None, *sorted(set(masks.values()))):
        names = [name for name in waiting if masks.get(name) == of]
        groups = [tuple(names[start : start + PHOTOS_AT_ONCE]) for start in range(0, len(names), PHOTOS_AT_ONCE)]
        units += [_Unit(group, root, of, folder / f"{group[0]}.db", options, together) for group in groups]
    return units


def _search(unit: _Unit) -> None:
    """Search a unit's photos, in one piece, then renamed into place."""
    if unit.database.exists():
        return
    check_room(unit.database.parent)
    draft = unit.database.with_suffix(f".{uuid.uuid4().hex}.draft")
    pycolmap.Database.open(draft).close()
    extraction = pycolmap.FeatureExtractionOptions()
    extraction.max_image_size = unit.options.max_side
    extraction.sift.max_num_features = unit.options.max_features
    extraction.sift.first_octave = unit.options.first_octave
    extraction.num_threads = unit.at_once
    reader = pycolmap.ImageReaderOptions()
    if unit.masks is not None:
        reader.mask_path = unit.masks
    pycolmap.extract_features(
        draft, unit.root, image_names=list(unit.names), reader_options=reader, extraction_options=extraction
    )
    draft.replace(unit.database)


def _take_over(unit: _Unit, opened: pycolmap.Database) -> None:
    """Enter what a unit has found into the stage's database."""
    with pycolmap.Database.open(unit.database) as own:
        for name in unit.names:
            image_id, own_id = opened.read_image_with_name(name).image_id, own.read_image_with_name(name).image_id
            opened.write_keypoints(image_id, own.read_keypoints(own_id))
            opened.write_descriptors(image_id, own.read_descriptors(own_id))


def memory_mb(size: tuple[int, int], options: FeaturesOptions) -> float:
    """What searching a photo of this width and height takes."""
    shrunk = min(1.0, options.max_side / max(size))
    return float(size[0] * size[1] / 1e6 * shrunk**2 * MB_PER_MEGAPIXEL / 4.0 ** (options.first_octave + 1))


def at_once(size: tuple[int, int], options: FeaturesOptions) -> int:
    """How many photos of this size are searched side by side."""
    return max(1, min(PHOTOS_AT_ONCE, int(MEMORY_MB / memory_mb(size, options))))


def _register(taken: PhotoSet, root: Path, scratch: Path) -> None:
    """Enter photos and cameras: photos with the same camera_key share one camera. In one piece, then renamed into
    place.
    """
    groups: defaultdict[str, list[Photo]] = defaultdict(list)
    for photo in taken:
        groups[photo.camera_key].append(photo)
    draft = scratch / "draft.db"
    draft.unlink(missing_ok=True)
    pycolmap.Database.open(draft).close()
    for photos in groups.values():
        reader = pycolmap.ImageReaderOptions()
        reader.camera_model = "SIMPLE_RADIAL"
        first = photos[0]
        if first.focal_px is not None:
            reader.camera_params = f"{first.focal_px},{first.width / 2},{first.height / 2},0"
        names = [p.path.name for p in photos]
        pycolmap.import_images(draft, root, pycolmap.CameraMode.SINGLE, image_names=names, options=reader)
    draft.rename(scratch / "database.db")
