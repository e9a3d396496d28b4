"""Coded targets: square markers that are found in photos by themselves, and the bars that give a model its length.

Sources: Garrido-Jurado et al. 2014 (ArUco); Wang and Olson 2016 (AprilTag 2). Pixel (0.5, 0.5) is the centre of the top
left pixel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]

OURS = "apriltag_36h11"
DICTIONARIES = {
    OURS: cv2.aruco.DICT_APRILTAG_36h11,
    "apriltag_25h9": cv2.aruco.DICT_APRILTAG_25h9,
    "aruco_original": cv2.aruco.DICT_ARUCO_ORIGINAL,
    "aruco_4x4": cv2.aruco.DICT_4X4_1000,
    "aruco_5x5": cv2.aruco.DICT_5X5_1000,
    "aruco_6x6": cv2.aruco.DICT_6X6_1000,
    "aruco_7x7": cv2.aruco.DICT_7X7_1000,
}
"""Sets of markers by the names that options give them. A marker is DICTIONARY's number."""

SHEET_BAR_M = 0.2  # between the middles of the two targets of a printed bar
SHEET_BARS = {(number, number + 1): SHEET_BAR_M for number in range(560, 584, 2)}
"""Pairs of OURS that `recon targets` prints upon one bar, and their distance in metres."""

_LEAST_VIEWS = 3  # photos of a target, to trust it
_FARTHEST_PX = 2.0  # of a target from where a photo should show it
_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Marker:
    """A target in one photo."""

    number: int
    corners: FloatArray  # (4, 2) px, clockwise from the marker's own top left

    @property
    def centre(self) -> FloatArray:
        """(2,) px: where the diagonals cross, which is the middle from wherever it is looked at."""
        a, b, c, d = self.corners
        along, across = c - a, d - b
        share = np.linalg.solve(np.column_stack([along, -across]), b - a)[0]
        return np.asarray(a + share * along)


@dataclass(frozen=True, slots=True)
class Bar:
    """A known distance between two targets, and what the model says of it."""

    ends: tuple[int, int]
    length_m: float
    units: float  # the same in the model's own unit

    def __str__(self) -> str:
        return "{}-{}".format(*self.ends)


@dataclass(frozen=True, slots=True)
class Scale:
    metres_per_unit: float
    used: tuple[Bar, ...]
    wrong: tuple[tuple[Bar, float], ...]  # bars that the others contradict, and by which share of their length
    errors_m: tuple[float, ...]  # of each used bar, by what all others say; empty for a single one


def found(grey: ByteArray, dictionary: str) -> list[Marker]:
    """The markers in a picture (H, W), each number once: where one shows twice, neither is taken."""
    settings = cv2.aruco.DetectorParameters()
    settings.cornerRefinementMethod = (
        cv2.aruco.CORNER_REFINE_CONTOUR
    )  # lines along the rim: 0.08 px; SUBPIX 0.10, tail 0.7
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(DICTIONARIES[dictionary]), settings)
    corners, numbers, _ = detector.detectMarkers(grey)
    if numbers is None:
        return []
    seen = [int(number) for number in np.ravel(numbers)]
    return [
        Marker(number, np.asarray(at, np.float64).reshape(4, 2) + 0.5)
        for number, at in zip(seen, corners, strict=True)
        if seen.count(number) == 1
    ]


def any_found(grey: ByteArray) -> list[tuple[str, int]]:
    """(set, number) of all markers in a picture (H, W), whatever set they are of."""
    names = list(DICTIONARIES)
    known = [cv2.aruco.getPredefinedDictionary(DICTIONARIES[name]) for name in names]
    detector = cv2.aruco.ArucoDetector(known, cv2.aruco.DetectorParameters())
    _, numbers, _, sets = detector.detectMarkersMultiDict(grey)
    if numbers is None:
        return []
    return [(names[int(of)], int(number)) for of, number in zip(np.ravel(sets), np.ravel(numbers), strict=True)]


def intersection(
    rays: FloatArray,
    poses: FloatArray,
    focal_px: FloatArray,
    *,
    least: int = _LEAST_VIEWS,
    farthest_px: float = _FARTHEST_PX,
) -> tuple[FloatArray, FloatArray] | None:
    """The point (3,) that N cameras see, and how far each sees it from there, (N,) px; None where there is no such.

    rays (N, 2): at depth 1 in the cameras; poses (N, 3, 4) cam_from_world; focal_px (N,). Cameras that see it more than
    `farthest_px` off do not count; `least` must remain.
    """
    kept = np.ones(len(rays), bool)
    for _ in range(_ROUNDS):
        if kept.sum() < least:
            return None
        rows = np.concatenate([rays[kept, k, None] * poses[kept, 2] - poses[kept, k] for k in (0, 1)])
        point = np.linalg.svd(rows)[2][-1]
        if abs(point[3]) < 1e-12:
            return None
        where = point[:3] / point[3]
        for _ in range(5):  # Gauss and Newton, pixels
            off, jacobian = _residuals(where, rays[kept], poses[kept], focal_px[kept])
            where = where - np.linalg.lstsq(jacobian, off, rcond=None)[0]
        all_off = np.linalg.norm(_residuals(where, rays, poses, focal_px)[0].reshape(-1, 2), axis=1)
        behind = (poses[:, 2, :3] @ where + poses[:, 2, 3]) <= 0
        again = (all_off < farthest_px) & ~behind
        if (again == kept).all():
            return where, np.where(kept, all_off, np.inf)
        worst = np.argmax(np.where(kept, all_off, -1))
        kept = again if again.sum() >= least else kept & (np.arange(len(kept)) != worst)
    return None


def _residuals(
    point: FloatArray, rays: FloatArray, poses: FloatArray, focal_px: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """(2 N,) px, and their derivatives (2 N, 3) by the point."""
    seen = poses[:, :, :3] @ point + poses[:, :, 3]
    depth = seen[:, 2:]
    off = (seen[:, :2] / depth - rays) * focal_px[:, None]
    slope = poses[:, :2, :3] / depth[..., None] - (seen[:, :2] / depth**2)[..., None] * poses[:, 2:, :3]
    return off.ravel(), (slope * focal_px[:, None, None]).reshape(-1, 3)


def scale_of(bars: Sequence[Bar], tolerance: float = 0.01) -> Scale | None:
    """Metres per unit by all bars that agree, longer ones weighing more; None where two halves contradict each other.

    tolerance: share by which a bar may differ from the median of all.
    """
    if not bars:
        return None
    ratios = np.array([bar.length_m / bar.units for bar in bars])
    agreeing = [np.abs(ratios / ratio - 1) < tolerance for ratio in ratios]
    most = max(agreeing, key=lambda mask: int(mask.sum()))
    if len(bars) > 1 and 2 * most.sum() <= len(bars):
        return None
    used = tuple(bar for bar, good in zip(bars, most, strict=True) if good)
    scale = _scale(used)
    wrong = tuple((bar, scale * bar.units / bar.length_m - 1) for bar, good in zip(bars, most, strict=True) if not good)
    errors: tuple[float, ...] = ()
    if len(used) > 1:
        errors = tuple(_scale([other for other in used if other is not bar]) * bar.units - bar.length_m for bar in used)
    return Scale(scale, used, wrong, errors)


def _scale(bars: Sequence[Bar]) -> float:
    """By least squares of lengths in metres."""
    units, metres = np.array([(bar.units, bar.length_m) for bar in bars]).T
    return float(units @ metres / (units @ units))


def bars_between(lengths: Mapping[tuple[int, int], float], places: Mapping[int, FloatArray]) -> list[Bar]:
    """Those of the known distances both of whose targets have a place."""
    return [
        Bar(ends, metres, float(np.linalg.norm(places[ends[0]] - places[ends[1]])))
        for ends, metres in lengths.items()
        if ends[0] in places and ends[1] in places
    ]
