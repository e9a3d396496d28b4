"""The ColorChecker Classic in a photo: quadrilaterals that lie on a grid of 6 x 4, and whose colours are the chart's.

A place in the chart is (column, row), from (0, 0) at the brown patch's outer corner to (6, 4) at the black one's: a
patch and the gap around it is 1 x 1. Pixel (0.5, 0.5) is the centre of the top left pixel.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from recon.formats.colour_chart import COLUMNS, ROWS
from recon.formats.srgb import decoded_bytes
from recon.geometry.colour_correction import Fit, fitted

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
ByteArray = NDArray[np.uint8]

_OUTLINE = np.array([[0, 0], [COLUMNS, 0], [COLUMNS, ROWS], [0, ROWS]], np.float64)
_SIDES = (1600, 3200)  # px; longer side of the picture that is searched, then of a finer one
_MOST_ENLARGED = 2  # times the photo
_WINDOWS = (17, 41, 151)  # px around a pixel that is compared with its surroundings
_DARKER = 3.0  # grey levels by which the gap between patches is darker than its surroundings
_LEAST_AREA, _MOST_AREA = 36.0, 0.02  # of a patch, px and share of the picture
_ALIKE = 2.2  # times the area of a patch that another one beside it may have
_NEAREST, _FARTHEST, _ASIDE = 1.0, 1.6, 0.3  # of a patch's side: to the patch beside it, and how far off the row
_NEIGHBOURS = 8
_FEWEST_QUADS = 9  # on one grid
_OFF_GRID = 0.2  # of a patch's pitch
_INNER, _SAMPLES = 0.45, 16  # of the pitch that is looked at, samples along each side
_SMALLEST = 8.0  # px from a patch to the next
_BRIGHTEST, _CLIPPED = 253, 0.02  # grey level that may be clipped, and the share of a patch's samples that is
_MOST_OFF = 5.0  # CIEDE2000 that half of the patches may be off after the best fit
_FEWEST_PATCHES = 17  # of 24 that agree with it
_DOUBTFUL_OFF, _DOUBTFUL_PATCHES = 3.0, 12  # with so many, as near as this, it may be a chart that something covers


@dataclass(frozen=True, slots=True)
class FoundChart:
    corners: FloatArray  # (4, 2) px: of the brown, bluish green, black and white patches' outer corners
    patches: FloatArray  # (24, 3) linear light 0..1, the medians of their middles
    clipped: BoolArray  # (24,) a channel is as bright as the photo can hold
    fit: Fit  # of these colours to the chart's

    @property
    def agreeing(self) -> int:
        """Patches that have the chart's colours, or are clipped."""
        return int((self.fit.used | self.clipped).sum())

    @property
    def sure(self) -> bool:
        return self.agreeing >= _FEWEST_PATCHES and float(np.median(self.fit.off[~self.clipped])) <= _MOST_OFF

    @property
    def middles(self) -> FloatArray:
        """(24, 2) px of the patches' middles."""
        outline = _OUTLINE.astype(np.float32)
        grid = cv2.getPerspectiveTransform(outline, self.corners.astype(np.float32))
        row, column = np.divmod(np.arange(ROWS * COLUMNS), COLUMNS)
        at = np.stack([column + 0.5, row + 0.5], axis=-1)
        return np.asarray(cv2.perspectiveTransform(at[None], grid)[0], np.float64)


def found(photo: ByteArray, reference: NDArray[np.floating]) -> FoundChart | None:
    """The chart in a photo (H, W, 3) RGB, or what may be one but is not sure; None where there is none.

    reference: L*a*b* (24, 3).
    """
    doubtful = None
    longest = max(photo.shape[:2])
    for side in sorted({min(side, _MOST_ENLARGED * longest) for side in _SIDES}):
        scale = side / longest
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        brightest = cv2.resize(photo.max(axis=2), None, fx=scale, fy=scale, interpolation=way)
        quads = _quads(cv2.GaussianBlur(brightest, (0, 0), 0.8)) / scale
        judged = [_judged(photo, grid, reference) for grid in _grids(quads)]
        best = max((chart for chart in judged if chart is not None), key=lambda one: one.agreeing, default=None)
        if best is not None and best.sure:
            return best
        doubtful = doubtful or best
    return doubtful


def _quads(grey: ByteArray) -> FloatArray:
    """(N, 4, 2) px corners, clockwise, of bright quadrilaterals between darker lines."""
    found: list[FloatArray] = []
    for size in _WINDOWS:
        above = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, size, _DARKER)
        for outline in cv2.findContours(above, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]:
            if len(outline) < 4:
                continue
            area = cv2.contourArea(outline)
            if not _LEAST_AREA <= area <= _MOST_AREA * grey.size:
                continue
            corners = cv2.approxPolyDP(outline, 0.07 * cv2.arcLength(outline, True), True)[:, 0].astype(np.float64)
            if len(corners) == 4 and cv2.isContourConvex(corners.astype(np.float32)):
                turned = _cross(corners[1] - corners[0], corners[2] - corners[1]) > 0
                corners = corners if turned else corners[::-1]
                side = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
                if side.min() > 0.3 * side.max() and abs(_area(corners) / area - 1) < 0.25:
                    found.append(corners + 0.5)
    return np.array(found).reshape(-1, 4, 2)


def _cross(a: FloatArray, b: FloatArray) -> float:
    return float(a[0] * b[1] - a[1] * b[0])


def _area(corners: FloatArray) -> float:
    return abs(_cross(corners[2] - corners[0], corners[3] - corners[1])) / 2


def _grids(quads: FloatArray) -> Iterator[FloatArray]:
    """(3, 3) px from (column, row): the ways in which the chart may lie on quadrilaterals (N, 4, 2) side by side."""
    quads = _once(quads)
    if len(quads) < _FEWEST_QUADS:
        return
    centre = quads.mean(axis=1)
    right = quads[:, 1:3].sum(axis=1) - quads[:, [0, 3]].sum(axis=1)
    down = quads[:, 2:].sum(axis=1) - quads[:, :2].sum(axis=1)
    axes = np.stack([right, down], axis=2) / 2
    beside = _beside(centre, axes)
    left = set(beside)
    while left:
        place = _places(min(left), beside, centre, axes)
        left -= set(place)
        if len(place) >= _FEWEST_QUADS:
            yield from _laid(np.array(list(place.values()), np.float64), centre[list(place)])


def _places(
    start: int, beside: dict[int, list[int]], centre: FloatArray, axes: FloatArray
) -> dict[int, tuple[int, int]]:
    """Where each quadrilateral lies that is joined to the first by others: steps to the right and down from it."""
    place, turned, stack = {start: (0, 0)}, {start: axes[start]}, [start]
    while stack:
        one = stack.pop()
        for other in beside[one]:
            if other not in place:
                step = np.linalg.solve(turned[one], centre[other] - centre[one])
                right, down = (np.sign(step) * (np.abs(step) == np.abs(step).max())).astype(int)
                place[other] = (place[one][0] + int(right), place[one][1] + int(down))
                turned[other] = _like(axes[other], turned[one])
                stack.append(other)
    return place


def _once(quads: FloatArray) -> FloatArray:
    """The quadrilaterals without those that lie on others, of which the largest is kept."""
    if not len(quads):
        return quads
    area = np.array([_area(quad) for quad in quads])
    kept: list[int] = []
    centre = quads.mean(axis=1)
    tree, reach = cKDTree(centre), np.sqrt(area)
    gone = np.zeros(len(quads), bool)
    for one in np.argsort(-area, kind="stable"):
        if not gone[one]:
            kept.append(int(one))
            close = np.array(tree.query_ball_point(centre[one], 0.4 * reach[one]), int)
            gone[close[area[close] > area[one] / 4]] = True
    return quads[kept]


def _beside(centre: FloatArray, axes: FloatArray) -> dict[int, list[int]]:
    """Of each quadrilateral those that both see as the next one in a row or a column."""
    nearest = np.asarray(cKDTree(centre).query(centre, k=min(_NEIGHBOURS + 1, len(centre)))[1])
    area = np.abs(np.linalg.det(axes))
    sees: set[tuple[int, int]] = set()
    inverse = np.linalg.inv(axes)
    for one, others in enumerate(nearest):
        for other in others:
            step = np.sort(np.abs(inverse[one] @ (centre[other] - centre[one])))
            alike = 1 / _ALIKE < area[other] / area[one] < _ALIKE
            if alike and step[0] < _ASIDE and _NEAREST < step[1] < _FARTHEST:
                sees.add((one, int(other)))
    both: dict[int, list[int]] = {}
    for one, other in sorted(sees):
        if (other, one) in sees:
            both.setdefault(one, []).append(other)
    return both


def _like(axes: FloatArray, other: FloatArray) -> FloatArray:
    """The axes of a quadrilateral (2, 2), columns, turned by right angles to be most like another's."""
    turns = [axes, axes @ [[0, -1], [1, 0]], -axes, axes @ [[0, 1], [-1, 0]]]
    return np.asarray(max(turns, key=lambda turn: float((turn * other).sum())))


def _laid(place: FloatArray, centre: FloatArray) -> Iterator[FloatArray]:
    """(3, 3) px from (column, row) for each way in which these middles of patches (N, 2) may be a part of the chart.

    place (N, 2): where they lie among each other, whole numbers.
    """
    pitch = np.median(np.linalg.norm(np.diff(centre[np.lexsort(place.T)], axis=0), axis=1))
    grid, inlier = cv2.findHomography(place, centre, cv2.RANSAC, _OFF_GRID * float(pitch))
    if grid is None or inlier.sum() < _FEWEST_QUADS:
        return
    place = place[inlier.ravel() > 0]
    low, high = place.min(axis=0), place.max(axis=0)
    for turn in range(4):
        size = np.array([COLUMNS, ROWS] if turn % 2 == 0 else [ROWS, COLUMNS])
        spare = size - 1 - (high - low)
        if (spare < 0).any():
            continue
        for right in range(int(spare[0]) + 1):
            for down in range(int(spare[1]) + 1):
                origin = low - [right, down]  # the place of the grid's top left patch
                shift = np.array([[1, 0, origin[0] - 0.5], [0, 1, origin[1] - 0.5], [0, 0, 1.0]])
                yield grid @ shift @ _TURNS[turn]


def _turns() -> list[FloatArray]:
    """(3, 3) of the four ways to lay the chart on a grid: place in the grid from place in the chart."""
    quarter = np.array([[0, -1, ROWS], [1, 0, 0], [0, 0, 1.0]])  # the chart's top is to the right
    half = np.array([[-1, 0, COLUMNS], [0, -1, ROWS], [0, 0, 1.0]])
    other = np.array([[0, 1, 0], [-1, 0, COLUMNS], [0, 0, 1.0]])
    return [np.eye(3), quarter, half, other]


_TURNS = _turns()


def _judged(photo: ByteArray, grid: FloatArray, reference: NDArray[np.floating]) -> FoundChart | None:
    """The chart at this grid, if the colours there are, or may be, those of the chart."""
    corners = cv2.perspectiveTransform(_OUTLINE[None], grid)[0]
    if not _sound(corners, photo.shape):
        return None
    patches, clipped = _sampled(photo, grid)
    if not _alike(patches, reference):
        return None
    fit = fitted(patches, reference, usable=~clipped, shaded=True)
    if fit is None:
        return None
    chart = FoundChart(corners, patches, clipped, fit)
    near = fit.used.sum() >= _DOUBTFUL_PATCHES and np.median(fit.off[fit.used]) <= _DOUBTFUL_OFF
    return chart if chart.sure or near else None


def _alike(patches: FloatArray, reference: NDArray[np.floating]) -> bool:
    """Whether the lightness of the patches goes with the chart's, at all: a cheap test before the fit."""
    seen, true = np.log(patches.mean(axis=1) + 0.005), reference[:, 0]
    seen, true = seen - seen.mean(), true - true.mean()
    return bool(seen @ true > 0.5 * np.linalg.norm(seen) * np.linalg.norm(true))


def _sound(corners: FloatArray, shape: tuple[int, ...]) -> bool:
    """Whether it is a convex quadrilateral inside the photo, seen from the front, with patches of some pixels."""
    side = np.roll(corners, -1, axis=0) - corners
    turn = side[:, 0] * np.roll(side[:, 1], -1) - side[:, 1] * np.roll(side[:, 0], -1)
    inside = (corners > -2).all() and (corners < (shape[1] + 2, shape[0] + 2)).all()
    pitch = np.linalg.norm(side, axis=1) / [COLUMNS, ROWS, COLUMNS, ROWS]
    return bool((turn > 0).all() and inside and pitch.min() >= _SMALLEST)


def _sampled(photo: ByteArray, grid: FloatArray) -> tuple[FloatArray, BoolArray]:
    """(24, 3) linear light of the patches' middles, (24,) whether they are clipped."""
    within = 0.5 + _INNER * ((np.arange(_SAMPLES) + 0.5) / _SAMPLES - 0.5)
    row, column = np.divmod(np.arange(ROWS * COLUMNS), COLUMNS)
    y, x = np.meshgrid(within, within, indexing="ij")
    at = np.stack([column[:, None] + x.ravel(), row[:, None] + y.ravel()], axis=-1).reshape(1, -1, 2)
    px = cv2.perspectiveTransform(at, grid)[0]
    nearest = np.clip(px.astype(np.int64), 0, np.array(photo.shape[1::-1]) - 1)
    shown = photo[nearest[:, 1], nearest[:, 0]].reshape(ROWS * COLUMNS, -1, 3)
    clipped = (shown >= _BRIGHTEST).mean(axis=1).max(axis=1) > _CLIPPED
    return np.median(decoded_bytes(shown), axis=1).astype(np.float64), clipped
