"""Coded targets and scale bars to print: a PDF at true size, with words in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import cv2
import numpy as np

from recon.drawing.pdf import write_pdf
from recon.geometry.targets import DICTIONARIES, OURS, SHEET_BAR_M, SHEET_BARS
from recon.messages import say

_PAPER = (297.0, 210.0)  # mm, A4 landscape
_FONTS = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','Noto Sans',sans-serif"
_SIDE, _ON_BAR = 36.0, 40.0  # mm, of a target alone and of one on a bar
_ACROSS, _DOWN = 5, 3  # targets on a page
_BARS_ON_PAGE = 3
_INK, _GREY = "#000000", "#6d675f"


def write_target_sheets(path: Path, *, bars: int, targets: int) -> None:
    """Pages with `bars` scale bars, then pages with `targets` single targets, numbered from 0."""
    write_pdf(path, pages(bars, targets), _PAPER, f"{say('targets.title', 'zh')} · {say('targets.title', 'en')}")


def pages(bars: int, targets: int) -> list[str]:
    """SVG, a user unit a millimetre."""
    return [*_bar_pages(list(SHEET_BARS)[:bars]), *_target_pages(targets)]


def _bar_pages(bars: list[tuple[int, int]]) -> Iterator[str]:
    length = SHEET_BAR_M * 1000
    left, step = (_PAPER[0] - length) / 2, 58.0
    for start in range(0, len(bars), _BARS_ON_PAGE):
        drawn = [_words(14, 14, "targets.bar_how", 4.2, mm=length)]
        for row, ends in enumerate(bars[start : start + _BARS_ON_PAGE]):
            y = 60.0 + step * row
            cut = 0.5 * _ON_BAR + 7
            drawn.append(
                f'<rect x="{left - cut}" y="{y - cut}" width="{length + 2 * cut}" height="{2 * cut}" fill="none" '
                f'stroke="{_GREY}" stroke-width="0.2" stroke-dasharray="2 1.5"/>'
            )
            for number, x in zip(ends, (left, left + length), strict=True):
                drawn.append(_target(number, x, y, _ON_BAR))
                drawn.append(_text(x, y + 0.5 * _ON_BAR + 4.6, str(number), 3.2, "middle"))
            x1, x2 = left + 0.5 * _ON_BAR + 6, left + length - 0.5 * _ON_BAR - 6
            drawn.append(f'<path d="M{x1} {y}H{x2}" stroke="{_GREY}" stroke-width="0.3"/>')
            drawn.append(_text(_PAPER[0] / 2, y - 3, f"{ends[0]}–{ends[1]} · {length:.0f} mm", 4.5, "middle"))
            drawn.append(_text(_PAPER[0] / 2, y + 7, say("targets.measured", "zh"), 3.4, "middle", _GREY))
            drawn.append(_text(_PAPER[0] / 2, y + 12, say("targets.measured", "en"), 3.4, "middle", _GREY))
        yield _page(drawn)


def _target_pages(count: int) -> Iterator[str]:
    each = _ACROSS * _DOWN
    for start in range(0, count, each):
        drawn = [_words(14, 14, "targets.how", 4.2)]
        for number in range(start, min(count, start + each)):
            row, column = divmod(number - start, _ACROSS)
            x, y = 40.5 + 54.0 * column, 58.0 + 56.0 * row
            drawn.append(_target(number, x, y, _SIDE))
            drawn.append(_text(x, y + 0.5 * _SIDE + 6, str(number), 3.6, "middle"))
        yield _page(drawn)


def _target(number: int, x: float, y: float, side: float) -> str:
    """A target whose middle is at x, y: black squares, a run of each row as one rectangle."""
    dictionary = cv2.aruco.getPredefinedDictionary(DICTIONARIES[OURS])
    across = dictionary.markerSize + 2
    black = cv2.aruco.generateImageMarker(dictionary, number, across) == 0
    cell, rects = side / across, []
    for row in range(across):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], black[row].astype(np.int8), [0]])))
        rects += [
            f'<rect x="{x - side / 2 + first * cell:.4f}" y="{y - side / 2 + row * cell:.4f}" '
            f'width="{(last - first) * cell:.4f}" height="{cell + (0.02 if row + 1 < across else 0):.4f}"/>'
            for first, last in zip(edges[::2], edges[1::2], strict=True)
        ]
    return f'<g fill="{_INK}">{"".join(rects)}</g>'


def _words(x: float, y: float, key: str, size: float, **values: object) -> str:
    zh, en = say(key, "zh", **values), say(key, "en", **values)
    return _text(x, y, zh, size) + _text(x, y + 1.5 * size, en, size)


def _text(x: float, y: float, text: str, size: float, anchor: str = "start", colour: str = _INK) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _page(drawn: list[str]) -> str:
    width, height = _PAPER
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}" font-family="{_FONTS}">{"".join(drawn)}</svg>'
    )
