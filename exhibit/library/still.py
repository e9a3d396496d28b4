"""The still picture of a recording that comes without one: porcelain ground, and what it is as a sign."""

from __future__ import annotations

from typing import Literal

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 960, 540  # px
_CENTRE, _EDGE = (253, 251, 246), (226, 217, 200)
_SIGN = (150, 53, 31)
_SUPERSAMPLE = 3


def draw_still(kind: Literal["video", "audio"]) -> Image.Image:
    """A triangle that points ahead for a video, bars of sound for a recording."""
    ground = Image.radial_gradient("L").resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
    picture = Image.composite(
        Image.new("RGB", (WIDTH, HEIGHT), _EDGE), Image.new("RGB", (WIDTH, HEIGHT), _CENTRE), ground
    )
    mask = Image.new("L", (WIDTH * _SUPERSAMPLE, HEIGHT * _SUPERSAMPLE))
    pen = ImageDraw.Draw(mask)
    x, y, unit = mask.width / 2, mask.height / 2, mask.height / 60
    if kind == "video":
        pen.ellipse((x - 11 * unit, y - 11 * unit, x + 11 * unit, y + 11 * unit), outline=255, width=round(0.7 * unit))
        pen.polygon([(x - 3.5 * unit, y - 5.5 * unit), (x - 3.5 * unit, y + 5.5 * unit), (x + 6 * unit, y)], fill=255)
    else:
        for i, half in enumerate((2, 5, 9, 4, 11, 7, 12, 6, 10, 4, 7, 3, 2)):
            left = x + (i - 6.5) * 3 * unit
            pen.rounded_rectangle((left, y - half * unit, left + 1.4 * unit, y + half * unit), unit * 0.7, fill=255)
    picture.paste(_SIGN, mask=mask.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))
    return picture
