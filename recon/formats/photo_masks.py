"""Masks of photos: which file is the mask of which photo, and what it keeps. White is kept, black is left out.

Names that are understood, for the photo `name.jpg`: `name.mask.png` and `name_mask.png` beside it (OpenDroneMap), and
`name.jpg.png` or `name.png` in a folder `masks` (COLMAP's --ImageReader.mask_path, OpenSfM). A folder `masks` lies
beside the photos, or beside the folder of the photos, and holds the same folders as that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from recon.formats.photo_formats import UnreadablePhoto, decode_photo
from recon.formats.remarks import Remark

_ENDINGS = (".mask", "_mask", "-mask")  # of a name without its suffix, in lower case
_FOLDERS = frozenset(("mask", "masks"))
_MOST_GREY = 0.1  # share of pixels that may be neither black nor white: soft edges
_MOST_STRETCHED = 0.01  # by which width and height of a mask may differ in proportion to the photo's
_LEAST_KEPT = 0.001  # share of a photo; below it nothing is left

# How a stored picture is turned upright, by EXIF's orientation.
_TURN = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Sorted:
    """Pictures below a folder, told apart."""

    photos: tuple[Path, ...]  # in the order given
    masks: dict[Path, Path]  # photo -> its mask
    alone: tuple[Path, ...]  # masks whose photo is not there


def sort(pictures: Sequence[Path], root: Path) -> Sorted:
    """Tell masks from photos, by their names below `root`. A picture that is named like a mask and has no photo is a
    mask if it is black and white; else it is a photo: a museum photographs masks too.
    """
    inner = {path: path.relative_to(root) for path in pictures}
    suspects = [path for path in pictures if _bare(inner[path]) or _around(inner[path]) is not None]
    in_folder: defaultdict[PurePath, defaultdict[str, list[Path]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted(set(pictures) - set(suspects)):
        for name in {path.name.lower(), path.stem.lower()}:
            in_folder[inner[path].parent][name].append(path)
    masks: dict[Path, Path] = {}
    for path in suspects:
        for photo in _photos_of(inner[path], in_folder):
            masks.setdefault(photo, path)
    used = set(masks.values())
    alone = {path for path in suspects if path not in used and _is_black_and_white(path)}
    return Sorted(tuple(p for p in pictures if p not in used and p not in alone), masks, tuple(sorted(alone)))


def _photos_of(mask: PurePath, in_folder: Mapping[PurePath, Mapping[str, list[Path]]]) -> list[Path]:
    """The photos that a file of this name is the mask of: one, or several of one stem, such as a.cr3 and a.jpg."""
    stem, bare = mask.stem.lower(), _bare(mask)
    if bare and (found := in_folder.get(mask.parent, {}).get(bare)):
        return found
    around = _around(mask)
    if around is None:
        return []
    before, after = around
    beside = [  # in the one folder beside the masks, whatever its name
        folder
        for folder in in_folder
        if folder.parts[: len(before.parts)] == before.parts and folder.parts[len(before.parts) + 1 :] == after.parts
    ]
    for name in (stem, bare):
        places = [place for place in (before / after, *beside) if name and in_folder.get(place, {}).get(name)]
        if places and (places[0] == before / after or len(set(places)) == 1):
            return in_folder[places[0]][name or ""]
    return []


def _bare(mask: PurePath) -> str | None:
    """The photo's name or stem, where a name ends as a mask's does."""
    stem = mask.stem.lower()
    return next((stem.removesuffix(ending) for ending in _ENDINGS if stem.endswith(ending)), None) or None


def _around(mask: PurePath) -> tuple[PurePath, PurePath] | None:
    """The folders before and after a folder of masks; None where it lies in none."""
    folders = mask.parent.parts
    for number, folder in enumerate(folders):
        if folder.lower() in _FOLDERS:
            return PurePath(*folders[:number]), PurePath(*folders[number + 1 :])
    return None


def _is_black_and_white(path: Path) -> bool:
    try:
        _kept(decode_photo(path, min_side=1).picture)
    except Exception:  # a decoder met with foreign bytes may raise anything: what it is, the stage says
        return False
    return True


def read(path: Path, stored: tuple[int, int], orientation: int) -> NDArray[np.bool_]:
    """(H, W) True where the mask keeps the photo, in the size of the upright photo.

    stored: the photo's (width, height) in its file, px, before it is turned upright by EXIF's `orientation`. A mask of
    the file's proportions is turned as the photo is, unless it has an orientation of its own. A smaller or larger mask
    is scaled. Raises UnreadablePhoto where the mask cannot be used.
    """
    mask = decode_photo(path, min_side=1).picture
    own = mask.getexif().get(ExifTags.Base.Orientation, 1)
    upright = stored[::-1] if orientation > 4 else stored
    if own in _TURN:
        mask = ImageOps.exif_transpose(mask)
    elif orientation in _TURN and _same_shape(mask.size, stored):
        mask = mask.transpose(_TURN[orientation])
    if not _same_shape(mask.size, upright):
        sizes = {"width": mask.width, "height": mask.height, "photo_width": upright[0], "photo_height": upright[1]}
        raise UnreadablePhoto(Remark("mask_size", sizes))
    scaled = Image.fromarray(_kept(mask)).resize(upright, Image.Resampling.NEAREST)
    return np.asarray(scaled, bool)


def transparent(picture: Image.Image) -> NDArray[np.bool_] | None:
    """(H, W) True where a picture (upright) is opaque; None where it is so everywhere. Raises UnreadablePhoto
    where it is nowhere."""
    if picture.mode not in {"RGBA", "LA", "PA"}:
        return None
    opaque = np.asarray(picture.getchannel("A")) >= 128
    return None if opaque.all() else checked(opaque)


def checked(kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask itself. Raises UnreadablePhoto where it keeps nothing."""
    if kept.mean() < _LEAST_KEPT:
        raise UnreadablePhoto(Remark("mask_black"))
    return kept


def _same_shape(mask: tuple[int, int], photo: tuple[int, int]) -> bool:
    across, down = mask[0] / photo[0], mask[1] / photo[1]
    return abs(across - down) <= _MOST_STRETCHED * max(across, down)


def _kept(mask: Image.Image) -> NDArray[np.bool_]:
    """(H, W) True where a picture in black and white is white; its brightest level is white, as some write 0 and 1."""
    grey = np.asarray(mask if mask.mode.startswith(("I", "F")) else mask.convert("L"), np.float32)
    top = float(grey.max())
    between = (grey > 0.15 * top) & (grey < 0.85 * top)
    if between.mean() > _MOST_GREY:
        raise UnreadablePhoto(Remark("mask_grey"))
    return np.asarray(grey > top / 2)
