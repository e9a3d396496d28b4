"""Pictures as they are shown: upright, in sRGB, on paper where they are transparent; and small ones of them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageDraw, ImageOps

from recon.formats.errors import BadFile, TooLarge

FORMATS = {"image/webp": "WEBP", "image/png": "PNG", "image/jpeg": "JPEG"}
MAX_PIXELS = 100_000_000
PAPER = (252, 250, 246)

_SHOWN_PIXELS, _SHOWN_SIDE = 4096 * 4096, 16_383  # the latter is WebP's own limit
_INK = (92, 84, 74)  # of the frame that says where the crop of a scroll is from
_LONG = 3.0  # times as long as wide: a scroll
_SCROLL_SIZE = (960, 720)
_STRIP = 0.14  # of a scroll's thumb, that shows the whole of it
_BROKEN = (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)


def read_picture(path: Path, *, name: str | None = None) -> Image.Image:
    """A JPEG, PNG or WebP in RGB and sRGB, turned as its camera says, on paper. Raises BadFile, TooLarge."""
    name = name or path.name
    try:
        with Image.open(path, formats=list(FORMATS.values())) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise TooLarge("picture_large", name=name)
            return _on_paper(in_srgb(_eight_bits(ImageOps.exif_transpose(opened))))
    except _BROKEN:
        raise BadFile("picture_broken", name=name) from None


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Grey of 16 bits, which Pillow would clip at 255."""
    if not picture.mode.startswith("I"):
        return picture
    grey = Image.fromarray((np.asarray(picture).clip(0, 65535) // 257).astype(np.uint8))
    grey.info = {key: value for key, value in picture.info.items() if key == "icc_profile"}
    return grey


def is_srgb(picture: Image.Image) -> bool:
    """Whether a picture has no profile of its colours, or sRGB's, under whatever of its names."""
    profile = picture.info.get("icc_profile")
    try:
        return not profile or "srgb" in ImageCms.getProfileDescription(io.BytesIO(profile)).lower()
    except (ImageCms.PyCMSError, OSError, ValueError):
        return True  # a profile that is broken says nothing


def in_srgb(picture: Image.Image) -> Image.Image:
    """Adobe RGB, Display P3, grey and CMYK profiles as sRGB; RGB or RGBA. A profile that is broken says nothing."""
    profile, alpha = picture.info.get("icc_profile"), None
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        alpha = picture.getchannel("A")
    plain = picture if picture.mode in ("RGB", "CMYK", "L") else picture.convert("RGB")
    converted = None
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
    shown = converted or plain.convert("RGB")
    if alpha is not None:
        shown.putalpha(alpha)
    return shown


def _on_paper(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    paper = Image.new("RGB", picture.size, PAPER)
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def fitted(picture: Image.Image) -> Image.Image:
    """The picture within what is shown: 4096 x 4096 px in all, so that a long scroll stays legible."""
    scale = min(1.0, (_SHOWN_PIXELS / (picture.width * picture.height)) ** 0.5, _SHOWN_SIDE / max(picture.size))
    if scale == 1:
        return picture
    size = (max(1, int(picture.width * scale)), max(1, int(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def thumb_of(picture: Image.Image, side: int = 960) -> Image.Image:
    """The picture within a square of `side` px; of a scroll, the whole of it, and its middle legible."""
    if max(picture.size) < _LONG * min(picture.size) or max(picture.size) <= side // 2:
        small = picture.copy()
        small.thumbnail((side, side))
        return small
    across = picture.width > picture.height
    scroll = picture if across else picture.transpose(Image.Transpose.TRANSPOSE)
    width, height = _SCROLL_SIZE
    strip = round(height * _STRIP)
    whole = ImageOps.contain(scroll, (width, strip))
    rest = height - whole.height - strip // 4
    ratio = width / rest
    length = min(scroll.width, round(scroll.height * ratio))
    left = (scroll.width - length) // 2
    middle = scroll.crop((left, 0, left + length, scroll.height)).resize((width, rest), Image.Resampling.LANCZOS)
    thumb = Image.new("RGB", (width, height), PAPER)
    at = ((width - whole.width) // 2, 0)
    thumb.paste(whole, at)
    scale = whole.width / scroll.width
    frame = (at[0] + left * scale, 0, at[0] + (left + length) * scale - 1, whole.height - 1)
    ImageDraw.Draw(thumb).rectangle(frame, outline=_INK, width=2)
    thumb.paste(middle, (0, height - rest))
    return thumb if across else thumb.transpose(Image.Transpose.TRANSPOSE)


def webp_below(picture: Image.Image, most_bytes: int, *, best: int = 88, smaller: bool = False) -> bytes:
    """A WebP of fewer bytes: of lower quality and, with `smaller`, before that would show, of fewer pixels."""
    while True:
        for quality in (q for q in (88, 84, 80, 75, 70, 62, *(() if smaller else (45, 30, 15))) if q <= best):
            buffer = io.BytesIO()
            picture.save(buffer, "WEBP", quality=quality, method=6 if smaller else 4)
            if buffer.tell() < most_bytes:
                return buffer.getvalue()
        picture = picture.resize((picture.width * 4 // 5, picture.height * 4 // 5), Image.Resampling.LANCZOS)
