"""The one list of what is read as a photo: the command's help, the desk's forms and the stage `photos` follow it."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, cast

from PIL import Image
from PIL.ExifTags import IFD
from PIL.ImageFile import ImageFile

from recon.formats.exif import CameraFacts, camera_facts, facts_of
from recon.formats.remarks import Remark

if TYPE_CHECKING:
    import rawpy

MAX_MEGAPIXELS = 250.0  # phones' largest are 200
MIN_SIDE = 128  # px
_DNG_VERSION = 50706  # a TIFF with this tag holds raw sensor data; what Pillow reads of it is a small preview
_PANORAMA = re.compile(rb"""GPano:ProjectionType\s*(?:=\s*["']|>)\s*(equirectangular|cylindrical)""", re.I)


@dataclass(frozen=True, slots=True)
class PhotoFormat:
    name: str  # as people call it
    suffixes: tuple[str, ...]
    pillow: tuple[str, ...] = ()  # Pillow's names of it
    module: str | None = None  # reads it; not among Longyao's own dependencies, as its libraries are under the LGPL
    package: str | None = None  # that installs the module

    @property
    def is_read(self) -> bool:
        return self.module is None or find_spec(self.module) is not None


_RAW = PhotoFormat(
    "RAW",
    (".dng", ".arw", ".cr2", ".cr3", ".nef", ".nrw", ".orf", ".pef", ".raf", ".rw2", ".srw", ".3fr", ".iiq"),
    module="rawpy",
    package="rawpy",
)
_HEIC = PhotoFormat("HEIC", (".heic", ".heif", ".hif"), ("HEIF",), module="pi_heif", package="pi-heif")
FORMATS = (
    PhotoFormat("JPEG", (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"), ("JPEG",)),
    PhotoFormat("PNG", (".png",), ("PNG",)),
    PhotoFormat("TIFF", (".tif", ".tiff"), ("TIFF",)),
    PhotoFormat("WebP", (".webp",), ("WEBP",)),
    _HEIC,
    _RAW,
)
_FORMAT_OF = {suffix: kind for kind in FORMATS for suffix in kind.suffixes}
_OTHER_PICTURES = frozenset(
    f".{ending}"
    for ending in (
        *("avif", "bmp", "eps", "exr", "gif", "hdr", "j2k", "jp2", "jpf", "jxl"),
        *("jxr", "pbm", "pgm", "ppm", "psb", "psd", "svg", "tga", "xcf"),
    )
)
_SPHERES = frozenset((".insp", ".360", ".insv"))
FILMS = ("MP4", "MOV", "AVI", "MKV", "WebM")  # as people call those that they mostly have
_FILMS = frozenset((".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".mts", ".m2ts", ".3gp", ".wmv"))


@dataclass(frozen=True, slots=True)
class DecodedPhoto:
    picture: Image.Image  # as stored: not yet turned upright
    camera: CameraFacts
    format: str | None  # Pillow's name of it; None for raw files


class UnreadablePhoto(Exception):
    """Why one file cannot be used as a photo: a phrase that follows its name and a colon."""

    def __init__(self, reason: Remark):
        super().__init__(reason.texts()["en"])
        self.reason = reason


def names() -> tuple[str, ...]:
    """The formats of photos and films that are read on this machine, as people call them."""
    return (*(kind.name for kind in FORMATS if kind.is_read), *FILMS)


def suffixes() -> tuple[str, ...]:
    """The endings of photos' names that are read on this machine, in lower case."""
    return tuple(suffix for kind in FORMATS if kind.is_read for suffix in kind.suffixes)


def film_suffixes() -> tuple[str, ...]:
    """The endings of films' names, in lower case."""
    return tuple(sorted(_FILMS))


def is_read(path: PurePath) -> bool:
    return path.suffix.lower() in suffixes()


def is_film(path: PurePath) -> bool:
    return path.suffix.lower() in _FILMS


def reason_not_read(path: PurePath) -> Remark | None:
    """Why a picture is not read as a photo, by its name; None for photos, films, and what is no picture at all."""
    suffix = path.suffix.lower()
    kind = _FORMAT_OF.get(suffix)
    if kind is not None:
        return None if kind.is_read else _needs(kind)
    if suffix in _OTHER_PICTURES:
        return Remark("photo_format", {"format": suffix[1:].upper()})
    return Remark("photo_sphere") if suffix in _SPHERES else None


def decode_photo(path: Path, *, max_megapixels: float = MAX_MEGAPIXELS, min_side: int = MIN_SIDE) -> DecodedPhoto:
    """Read a photo by its content, within limits that are checked before its pixels are decoded.

    Raises UnreadablePhoto where its name or header says that it cannot be used. Pillow and LibRaw raise anything they
    like for what is broken inside.
    """
    if path.suffix.lower() in _RAW.suffixes and _RAW.is_read:
        return _developed(path, max_megapixels, min_side)
    with _opened(path, max_megapixels, min_side) as picture:
        picture.load()  # first: Pillow reads a PNG's pixels to find its EXIF, and we forgive what is wrong with EXIF
        return DecodedPhoto(picture, camera_facts(picture), picture.format)


def read_size(path: Path, *, max_megapixels: float = MAX_MEGAPIXELS, min_side: int = MIN_SIDE) -> tuple[int, int]:
    """Width and height, px, as stored, by the header alone.

    Raises UnreadablePhoto where a photo's name or header already says that it cannot be used.
    """
    if path.suffix.lower() in _RAW.suffixes and _RAW.is_read:
        import rawpy

        with rawpy.imread(str(path)) as raw:
            size = (raw.sizes.width, raw.sizes.height)
        _check_size(size, max_megapixels, min_side)
        return size
    with _opened(path, max_megapixels, min_side) as picture:
        return picture.size


def _opened(path: Path, max_megapixels: float, min_side: int) -> ImageFile:
    """The picture with its header read. Raises UnreadablePhoto."""
    if (reason := reason_not_read(path)) is not None:
        raise UnreadablePhoto(reason)
    picture = _identified(path)
    if picture is None:
        raise UnreadablePhoto(_by_content(path))
    try:
        if _DNG_VERSION in getattr(picture, "tag_v2", ()):
            raise UnreadablePhoto(Remark("photo_hidden_raw"))
        _check_size(picture.size, max_megapixels, min_side)
        if found := _PANORAMA.search(_xmp(picture)):
            raise UnreadablePhoto(panorama(found[1].decode().lower()))
    except BaseException:
        picture.close()
        raise
    return picture


def _identified(path: Path) -> ImageFile | None:
    """The file opened by the first of our formats that knows its beginning; None where none does.

    Image.open does the same, but refuses what is larger than a limit that all of the process shares.
    """
    if _HEIC.is_read:
        from pi_heif import register_heif_opener

        register_heif_opener()
    Image.init()  # else Pillow does not know TIFF and WebP by name yet
    with path.open("rb") as source:
        start = source.read(16)
    for name in (name for kind in FORMATS if kind.is_read for name in kind.pillow):
        reader, accepts = Image.OPEN[name]
        if accepts is not None and accepts(start) is True:
            try:
                return cast(Callable[[Path], ImageFile], reader)(path)  # it closes a file that it opened itself
            except (SyntaxError, IndexError, TypeError, struct.error):  # what Image.open forgives
                return None
    return None


def panorama(projection: str = "equirectangular") -> Remark:
    return Remark("photo_sphere") if projection == "equirectangular" else Remark("photo_stitched")


def _check_size(size: tuple[int, int], max_megapixels: float, min_side: int) -> None:
    width, height = size
    if width * height > max_megapixels * 1e6:
        raise UnreadablePhoto(
            Remark("photo_large", {"megapixels": round(width * height / 1e6), "limit": round(max_megapixels)})
        )
    if min(width, height) < min_side:
        raise UnreadablePhoto(Remark("photo_small", {"width": width, "height": height}))


def _xmp(picture: Image.Image) -> bytes:
    found = picture.info.get("xmp", b"")
    return found.encode() if isinstance(found, str) else bytes(found)


def _needs(kind: PhotoFormat) -> Remark:
    return Remark("photo_needs", {"format": kind.name, "package": kind.package})


def _by_content(path: Path) -> Remark:
    """Why a file whose name promises a photo is none, by its first bytes."""
    with path.open("rb") as source:
        head = source.read(32)
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"):
            return _needs(_HEIC)
        return Remark("photo_format", {"format": "AVIF"}) if brand == b"avif" else Remark("photo_film")
    return Remark("photo_none") if head else Remark("photo_empty")


def _developed(path: Path, max_megapixels: float, min_side: int) -> DecodedPhoto:
    """A raw file as the camera would have made a JPEG of it: white balance as shot, sRGB, upright."""
    import rawpy

    with rawpy.imread(str(path)) as raw:
        _check_size((raw.sizes.width, raw.sizes.height), max_megapixels, min_side)
        picture = Image.fromarray(raw.postprocess(use_camera_wb=True, output_bps=8))
        exif = _raw_exif(path, raw)
    return DecodedPhoto(picture, facts_of(exif, picture.size), None)


def _raw_exif(path: Path, raw: rawpy.RawPy) -> Image.Exif:
    """EXIF of a raw file: most are TIFF files, others (CR3, RAF) carry a JPEG that has it."""
    exif = Image.Exif()
    try:
        with path.open("rb") as source:
            if source.read(4) in (b"II*\0", b"MM\0*"):
                source.seek(0)
                exif.load_from_fp(source)
                exif.get_ifd(IFD.Exif)  # read while the file is open
                return exif
        with Image.open(io.BytesIO(bytes(raw.extract_thumb().data)), formats=["JPEG"]) as preview:
            return preview.getexif()
    except Exception:  # foreign bytes; a photo without EXIF is a photo all the same
        return exif
