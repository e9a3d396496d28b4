"""What stands in a scanned place: ground, floor, ceiling, walls, planes, cylinders. World frame, +Y up, metres."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import CSF
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from recon.geometry import cylinders, local_planes, planes
from recon.geometry.cylinders import RoundPiece
from recon.geometry.planes import FlatPiece, Rectangle

Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]
Kind = Literal["floor", "ceiling", "wall", "plane"]

NOTHING, TERRAIN = -1, -2  # labels besides the numbers of planes, and of cylinders after them
_FEWEST = 50  # points
_NEIGHBOURS = 12
_NOISES = 3.5  # of the median residual: how far a point may lie from its plane or cylinder
_LEVEL = np.cos(np.radians(10.0))  # of a normal's vertical part
_COLUMN = 0.5  # metres, of the columns in which a place's footprint is counted
_FLOOR_SHARE = 0.3  # of the footprint, that a floor covers at least
_PIT, _PITS_SHARE = 0.3, 0.1  # metres below a floor; share of the footprint that may lie lower
_CEILING_SHARE = 0.15
_HEADROOM = 1.8  # metres from a floor to a ceiling, at least
_WALL_HEIGHT, _WALL_AREA = 1.8, 2.0  # metres, square metres, at least
_EDGE = 0.1  # metres around a plane's points that still are of it
_REACH = 2.5  # spacings from a point to the sampled point that says what it is
_TERRAIN_STEP = 0.3  # metres that the ground may rise between them
_CLOTH_NODES = 1_000_000  # at most


@dataclass(frozen=True, slots=True)
class Wanted:
    least_area: float  # square metres of a plane
    least_length: float  # metres of a cylinder
    least_coverage: float  # share of its circumference
    largest_radius: float  # metres
    ground: Literal["auto", "floor", "terrain", "none"]


@dataclass(frozen=True, slots=True)
class Structure:
    flat: tuple[tuple[Kind, FlatPiece, Rectangle], ...]  # the largest first
    round: tuple[RoundPiece, ...]  # the longest first
    label: IntArray  # (N,) NOTHING, TERRAIN, or the number of the plane or, after these, cylinder that a point is of
    tolerance: float  # metres, how far a point may lie from what it is of


class Labels:
    """Which of a structure's pieces any point is of, told by the sampled points that the structure was found in."""

    def __init__(self, found: Structure, points: Float32Array, spacing: float):
        self._found, self._points, self._tree = found, points, cKDTree(points)
        self._reach = _REACH * spacing

    def of(self, points: Float32Array) -> IntArray:
        """(N,) the label of the nearest sampled point, if the point itself lies on that piece too."""
        found = self._tree.query(points, distance_upper_bound=self._reach, workers=-1)
        distance, nearest = np.asarray(found[0]), np.asarray(found[1])
        near = np.isfinite(distance)
        label = np.full(len(points), NOTHING, np.int32)
        label[near] = self._found.label[nearest[near]]
        on = label == TERRAIN
        on[on] = np.abs(points[on, 1] - self._points[nearest[on], 1]) < _TERRAIN_STEP
        pieces = [piece for _, piece, _ in self._found.flat] + list(self._found.round)
        for number in np.unique(label[label >= 0]):
            mine = np.flatnonzero(label == number)
            on[mine] = np.abs(pieces[number].distance(points[mine])) < self._found.tolerance
        label[~on] = NOTHING
        return label


def understand(
    points: Float32Array, normals: Float32Array, sigma: Float32Array, spacing: float, wanted: Wanted
) -> Structure:
    """What the points (N, 3) with normals (N, 3) and residuals (N,), about `spacing` apart, are of."""
    if len(points) < _FEWEST:
        return Structure((), (), np.full(len(points), NOTHING, np.int32), 0.0)
    noise = float(np.median(sigma))
    tolerance = _NOISES * noise
    index, _ = local_planes.neighbours(points, min(_NEIGHBOURS, len(points) - 1))
    flat = planes.find(
        points, normals, sigma, index, spacing=spacing, tolerance=tolerance, least_area=wanted.least_area
    )
    left = np.ones(len(points), bool)
    for piece in flat:
        left[piece.members] = False
    pool = np.flatnonzero(left)
    round_pieces = cylinders.find(
        points[pool],
        normals[pool],
        spacing=spacing,
        noise=noise,
        tolerance=tolerance,
        least_length=wanted.least_length,
        least_coverage=wanted.least_coverage,
        largest_radius=wanted.largest_radius,
    )
    round_pieces = [replace(pipe, members=pool[pipe.members]) for pipe in round_pieces]
    boxes = [(piece, points[piece.members].min(axis=0), points[piece.members].max(axis=0)) for piece in flat]
    round_pieces = [pipe for pipe in round_pieces if not _of_planes(points[pipe.members], boxes, tolerance)]
    placed = [(piece, planes.rectangle(points, piece, spacing)) for piece in flat]
    placed = [(piece, around) for piece, around in placed if around.area >= wanted.least_area]
    placed.sort(key=lambda pair: -pair[1].area)
    kinds = _kinds(points, placed, wanted.ground)
    label = np.full(len(points), NOTHING, np.int32)
    if wanted.ground == "terrain" or (wanted.ground == "auto" and "floor" not in kinds):
        label[terrain(points)] = TERRAIN
    for number, (piece, _) in enumerate(placed):
        label[piece.members[label[piece.members] == NOTHING]] = number
    for number, pipe in enumerate(round_pieces):
        label[pipe.members] = len(placed) + number
    named = tuple((kind, piece, around) for kind, (piece, around) in zip(kinds, placed, strict=True))
    return Structure(named, tuple(round_pieces), label, tolerance)


def _of_planes(
    points: Float32Array, boxes: list[tuple[FlatPiece, Float32Array, Float32Array]], tolerance: float
) -> bool:
    """Whether most points (M, 3) lie on planes: then they are of an edge or a corner, not of something round."""
    on = np.zeros(len(points), bool)
    for piece, low, high in boxes:
        inside = np.all((points > low - _EDGE) & (points < high + _EDGE), axis=1)
        on |= inside & (np.abs(piece.distance(points)) < tolerance)
    return bool(np.mean(on) > 0.5)


def _kinds(points: Float32Array, placed: list[tuple[FlatPiece, Rectangle]], ground: str) -> list[Kind]:
    footprint = _columns(points)
    level = {
        number: float(np.sign(piece.normal[1]) * _columns(points[piece.members]) / footprint)
        for number, (piece, _) in enumerate(placed)
        if abs(piece.normal[1]) > _LEVEL
    }  # share of the footprint, below 0 where it faces down
    kinds: list[Kind] = ["plane"] * len(placed)
    height = np.array([piece.centre[1] for piece, _ in placed])
    floors = [n for n, share in level.items() if share >= _FLOOR_SHARE and _lowest(points, placed[n][0], footprint)]
    if floors and ground in ("auto", "floor"):
        kinds[min(floors, key=lambda n: height[n])] = "floor"
    lowest = min((height[n] for n, kind in enumerate(kinds) if kind == "floor"), default=-np.inf)
    for number, share in level.items():
        if share <= -_CEILING_SHARE and height[number] > lowest + _HEADROOM:
            kinds[number] = "ceiling"
    for number, (piece, around) in enumerate(placed):
        upright = abs(piece.normal[1]) < np.sqrt(1 - _LEVEL**2)
        if upright and around.width >= _WALL_HEIGHT and around.area >= _WALL_AREA:
            kinds[number] = "wall"
    return kinds


def _lowest(points: Float32Array, piece: FlatPiece, footprint: int) -> bool:
    """Whether hardly anything lies below a level plane, as it does below a flat part of a hill."""
    below = np.sign(piece.normal[1]) * piece.distance(points) < -_PIT
    return _columns(points[below]) <= _PITS_SHARE * footprint


def _columns(points: Float32Array) -> int:
    """How many upright columns of the world hold points (M, 3)."""
    return len(np.unique(np.floor(points[:, ::2] / _COLUMN).astype(np.int64), axis=0))


def terrain(points: Float32Array) -> BoolArray:
    """(N,) the points of the ground outdoors, however it rises and falls.

    Source: Zhang and others, An easy-to-use airborne LiDAR data filtering method based on cloth simulation, 2016.
    """
    span = np.ptp(points[:, ::2], axis=0)
    cloth = CSF.CSF()
    cloth.params.bSloopSmooth = True
    cloth.params.cloth_resolution = float(max(0.5, np.sqrt(np.prod(span) / _CLOTH_NODES)))
    cloth.params.class_threshold = 0.3
    cloth.params.rigidness = 2
    cloth.setPointCloud(np.ascontiguousarray(points[:, [0, 2, 1]], np.float64))  # +Z up
    ground, rest = CSF.VecInt(), CSF.VecInt()
    cloth.do_filtering(ground, rest, False)
    found = np.zeros(len(points), bool)
    found[np.array(ground, np.int64)] = True
    return found
