"""The sheet of a drawing: its size, frame, scale bar, north arrow and title block; all in millimetres of paper.

The origin is the sheet's lower left corner, y up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recon.drawing.projection import Projection
from recon.errors import BadOptions
from recon.messages import say

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]

SIZES = {
    "A4": (297, 210),
    "A3": (420, 297),
    "A2": (594, 420),
    "A1": (841, 594),
    "A0": (1189, 841),
}  # ISO 216, landscape
MARGIN, TITLE, GAP = 10.0, 26.0, 8.0  # mm: to the frame, height of the title block, between frame and drawing
INK, GREY, FAINT = "#1d1a17", "#6d675f", "#b9b2a6"


@dataclass(frozen=True, slots=True)
class Line:
    points: FloatArray  # (N, 2)
    layer: str
    width: float  # mm
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Fill:
    points: FloatArray  # (N, 2)
    layer: str
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Words:
    at: tuple[float, float]  # the left, middle or right end of the base line
    text: str
    height: float  # of a capital letter
    layer: str = "TEXT"
    anchor: str = "start"  # start, middle, end
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str  # of the size
    width: float
    height: float
    scale: int  # 1 : scale
    low: FloatArray  # (2,) metres: the drawing's lower left corner
    size: FloatArray  # (2,) metres
    corner: tuple[float, float]  # where that corner lies on the paper
    lines: list[Line] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)

    def on_paper(self, points: FloatArray) -> FloatArray:
        """(N, 2) mm of points (N, 2) in metres of the drawing."""
        return np.asarray((points - self.low) * 1000 / self.scale + self.corner)


def sheet_for(low: FloatArray, high: FloatArray, scale: int) -> Sheet:
    """The smallest sheet that the drawing fits on. Raises BadOptions where A0 is too small."""
    size = high - low
    needed = size * 1000 / scale
    for name, (width, height) in SIZES.items():
        room = (width - 2 * MARGIN - 2 * GAP, height - 2 * MARGIN - TITLE - 2 * GAP)
        if needed[0] <= room[0] and needed[1] <= room[1]:
            corner = (
                MARGIN + GAP + (room[0] - needed[0]) / 2,
                MARGIN + TITLE + GAP + (room[1] - needed[1]) / 2,
            )
            return Sheet(name, width, height, scale, low, size, corner)
    width, height = SIZES["A0"]
    least = max(size[0] * 1000 / (width - 36), size[1] * 1000 / (height - 36 - TITLE))
    raise BadOptions("draw_too_large", scale=scale, least=_round_scale(least))


def fitting_scale(size: FloatArray) -> int:
    """A usual scale at which the drawing fits on A3."""
    width, height = SIZES["A3"]
    return _round_scale(max(size[0] * 1000 / (width - 36), size[1] * 1000 / (height - 36 - TITLE)))


def _round_scale(least: float) -> int:
    usual: list[int] = [f * int(10**power) for power in range(6) for f in (1, 2, 5)]
    return next(s for s in usual if s >= least)


def add_frame(sheet: Sheet) -> None:
    left, bottom, right, top = MARGIN, MARGIN, sheet.width - MARGIN, sheet.height - MARGIN
    box = np.array([[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]])
    sheet.lines.append(Line(box, "FRAME", 0.5))
    sheet.lines.append(Line(np.array([[left, bottom + TITLE], [right, bottom + TITLE]]), "FRAME", 0.35))


def add_title_block(
    sheet: Sheet, drawing: Projection, source: str, date: str, facts: Sequence[tuple[str, str]]
) -> None:
    """What it is, in Chinese and English, of what, when, at which scale, and `facts` (zh, en)."""
    left, bottom = MARGIN + 4, MARGIN
    zh, en = drawing.title.text("zh"), drawing.title.text("en")
    sheet.words.append(Words((left, bottom + 17.6), zh, 4.2))
    sheet.words.append(Words((left, bottom + 11.2), en, 2.6, colour=GREY))
    sheet.words.append(Words((left, bottom + 4.4), source, 2.6))
    middle = MARGIN + (sheet.width - 2 * MARGIN) * 0.36
    right = MARGIN + (sheet.width - 2 * MARGIN) * 0.70
    for x in (middle, right):
        sheet.lines.append(Line(np.array([[x, bottom], [x, bottom + TITLE]]), "FRAME", 0.25))
    add_scale_bar(sheet, middle + 6, bottom + 12.5)
    sheet.words.append(Words((middle + 6, bottom + 4.4), _both("draw.scale", scale=sheet.scale, size=sheet.name), 2.4))
    rows = [_both("draw.date", date=date), *(f"{zh} {en}" for zh, en in facts), _both("draw.made_with")]
    for i, row in enumerate(rows[:5]):
        sheet.words.append(Words((right + 4, bottom + TITLE - 5.2 - 4.6 * i), row, 1.9, colour=INK if i == 0 else GREY))


def _both(key: str, **values: object) -> str:
    return f"{say(key, 'zh', **values)}  {say(key, 'en', **values)}"


def add_scale_bar(sheet: Sheet, x: float, y: float) -> None:
    """Five lengths, the first filled; at most 70 mm long."""
    room = min(70.0, (sheet.width - 2 * MARGIN) * 0.34 - 22)
    metres = room * sheet.scale / 1000
    step = 10 ** np.floor(np.log10(metres / 4))
    step *= next(f for f in (5, 2, 1) if 4 * f * step <= metres or f == 1)
    part = step * 1000 / sheet.scale
    for i in range(4):
        box = np.array(
            [[x + i * part, y], [x + (i + 1) * part, y], [x + (i + 1) * part, y + 1.6], [x + i * part, y + 1.6]]
        )
        if i % 2 == 0:
            sheet.fills.append(Fill(box, "SCALE"))
        sheet.lines.append(Line(np.concatenate([box, box[:1]]), "SCALE", 0.18))
    for i in (0, 1, 2, 4):
        label = f"{i * step:g}" + (" m" if i == 4 else "")
        sheet.words.append(Words((x + i * part, y + 3.2), label, 1.9, anchor="middle", layer="SCALE"))


def add_north(sheet: Sheet, direction: FloatArray) -> None:
    """An arrow to north in the upper right corner; direction (2,) unit, on the sheet."""
    centre = np.array([sheet.width - MARGIN - 14, sheet.height - MARGIN - 16])
    side = np.array([direction[1], -direction[0]])
    tip, tail = centre + 8 * direction, centre - 6 * direction
    sheet.fills.append(Fill(np.array([tip, tail + 3.4 * side, centre - 3.4 * direction]), "NORTH"))
    outline = np.array([tip, tail + 3.4 * side, centre - 3.4 * direction, tail - 3.4 * side, tip])
    sheet.lines.append(Line(outline, "NORTH", 0.25))
    at = tip + 3 * direction
    sheet.words.append(Words((float(at[0]), float(at[1]) - 1.3), "N", 2.8, anchor="middle", layer="NORTH"))
