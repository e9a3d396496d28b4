"""Finds what changed between two surveys: moved surfaces, parts that are gone, parts that are new.

Everything is in the frame of the first survey, in its unit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from recon.change.start import starts
from recon.errors import NoReconstruction
from recon.geometry import significance
from recon.geometry.cell_list import CellList
from recon.geometry.lines_of_sight import first_along, looked_through
from recon.geometry.m3c2 import Distances, distances, plane_normals
from recon.geometry.stable_alignment import Alignment, aligned
from recon.survey import Survey, moved, spacing_of
from recon.types import View

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]
Kind = Literal["gain", "loss", "gone", "new"]

_POINTS_IN_CYLINDER = 30
_SCALES = (1.0, 1.5, 2.25, 3.4, 5.0)  # radii of the normals, in those of the cylinder
_ROUGHNESSES = 20.0  # a normal is sure if its radius is ten times the roughness or more (Lague and others 2013, 3.3)
_LEAST_CORES = 4  # of a region
_SEEN_SHARE = 0.1  # of a part without counterpart that must have been looked through
_MOST_STATIONS = 80
_FAR_SHARE = 1.0  # of the extent: how far behind a place something must be seen
_NORMAL_SAMPLE = 200_000  # points that two surveys are aligned with


@dataclass(frozen=True, slots=True)
class Scales:
    """Lengths of the comparison, from the clouds' own spacing and roughness."""

    spacing: float  # median distance of a point from its nearest neighbour, of the coarser cloud
    noise: tuple[float, float]  # of the points of either, around the surface
    radius: float  # of the cylinders
    cores: float  # between core points
    reach: float  # farthest distance that is measured


@dataclass(frozen=True, slots=True)
class Cores:
    """Core points of one survey against the other."""

    points: Float32Array  # (M, 3)
    normals: Float32Array  # (M, 3)
    area: FloatArray  # (M,) of surface that each stands for
    found: Distances
    limit: FloatArray  # (M,) level of detection at 95 %
    region: IntArray  # (M,) index into Changes.regions; -1
    unseen: BoolArray  # (M,) the other survey has nothing here, and did not look here either


@dataclass(frozen=True, slots=True)
class Region:
    """A changed place: what lies in one piece and changed the same way."""

    kind: Kind
    centre: FloatArray  # (3,)
    low: FloatArray  # (3,)
    high: FloatArray  # (3,)
    area: float
    volume: float | None  # gained (+) or lost (-); None of parts that are gone or new
    mean: float | None  # distance
    most: float | None
    limit: float | None  # mean level of detection
    chance: float  # that noise alone makes such a place
    cores: int


@dataclass(frozen=True, slots=True)
class Changes:
    first: Cores
    second: Cores  # against the first, for what is new
    regions: tuple[Region, ...]  # the largest first
    scales: Scales
    alignment: Alignment | None  # None: the frames were kept
    registration: float  # error, as a standard deviation
    compared_area: float
    unseen_area: float  # of the first survey: where the second did not look


def detect(
    first: Survey,
    second: Survey,
    *,
    keep_frames: bool,
    reach: float | None = None,
    radius: float | None = None,
    step: Callable[[], None] = lambda: None,
) -> tuple[Changes, Survey]:
    """The changes from the first survey to the second, and the second in the frame of the first.

    Raises NoReconstruction where the two cannot be laid onto each other. `step` is called after each of 5 steps.
    """
    scales = _scales(first, second, radius, reach)
    step()
    alignment = None
    if not keep_frames:
        alignment = _align(first, second, scales)
        second = moved(second, alignment.first_from_second)
    step()
    lists = [CellList.of(s.points, scales.radius) for s in (first, second)]
    cores = [_core_points(s, cells, scales) for s, cells in zip((first, second), lists, strict=True)]
    step()
    gap = max(3 * max(scales.noise), scales.radius / 3)
    (points, normals), (points_b, normals_b) = cores
    found = distances(points, normals, *lists, radius=scales.radius, reach=scales.reach, gap=gap)
    back = distances(points_b, normals_b, *lists[::-1], radius=scales.radius, reach=scales.reach, gap=gap)
    step()
    error = significance.sampling_error(found, scales.noise)
    registration = _registration(points, found, error, scales)
    limit, chance = significance.detection(found, error, registration)
    area, area_b = (significance.areas(*c, scales.cores) for c in cores)

    number, regions = _moved_regions(points, area, found, limit, chance, scales)
    seen = _looked_there(points, normals, lists[1], second, found, scales)
    gone, more = _missing_regions(points, area, found, seen, scales, "gone", len(regions))
    regions += more
    seen_b = _looked_there(points_b, normals_b, lists[0], first, back, scales)
    new, more = _missing_regions(points_b, area_b, back, seen_b, scales, "new", len(regions))
    regions += more
    order = np.argsort([-region.area for region in regions], kind="stable")
    rank = np.append(np.argsort(order), -1).astype(np.int32)
    missing = found.count[:, 1] == 0
    first_cores = Cores(points, normals, area, found, limit, rank[np.maximum(number, gone)], missing & (gone < 0))
    none = np.full(len(points_b), np.nan)
    missing_b = back.count[:, 1] == 0
    second_cores = Cores(points_b, normals_b, area_b, back, none, rank[new], missing_b & (new < 0))
    step()
    changes = Changes(
        first_cores,
        second_cores,
        tuple(regions[i] for i in order),
        scales,
        alignment,
        registration,
        compared_area=float(area[found.measured].sum()),
        unseen_area=float(area[first_cores.unseen].sum()),
    )
    return changes, second


def _scales(first: Survey, second: Survey, radius: float | None, reach: float | None) -> Scales:
    spacings = [spacing_of(s.points) for s in (first, second)]
    spacing = max(spacings)
    chosen = radius or spacing * 2 * np.sqrt(_POINTS_IN_CYLINDER / np.pi)
    noise = []
    for survey, own in zip((first, second), spacings, strict=True):
        cells = CellList.of(survey.points, max(3 * own, 1e-9))
        some = survey.points[:: max(1, len(survey.points) // 20_000)]
        towards = np.tile(np.array([0, 1, 0], np.float32), (len(some), 1))
        rough = plane_normals(some, cells, [4 * own, 8 * own], towards).roughness
        noise.append(float(np.nanmedian(rough)) if np.isfinite(rough).any() else 0.0)
    if radius is None:
        chosen = max(chosen, max(noise) * _ROUGHNESSES / 2 / _SCALES[-1])
    return Scales(
        spacing=spacing,
        noise=(noise[0], noise[1]),
        radius=float(chosen),
        cores=float(chosen),
        reach=float(reach or max(10 * chosen, 25 * max(noise))),
    )


def _towards(survey: Survey, points: Float32Array) -> Float32Array:
    """(M, 3) to the side from which the surface was seen; where nobody knows, up, and what is upright away from the
    middle.
    """
    if survey.normals is not None:
        _, index = cKDTree(survey.points).query(points, workers=-1)
        return np.asarray(survey.normals[index], np.float32)
    places = survey.stations if survey.stations is not None else np.array([v.centre for v in survey.views])
    if len(places):
        _, index = cKDTree(places).query(points)
        return np.asarray(places[index] - points, np.float32)
    away = (points - np.median(survey.points, axis=0)) * [1, 0, 1]
    away *= 0.3 / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9)
    return np.asarray(away + np.array([0, 1, 0]), np.float32)


def _core_points(survey: Survey, cells: CellList, scales: Scales) -> tuple[Float32Array, Float32Array]:
    """A point in each cell of a grid, with its normal; those that have one."""
    grid = np.floor((survey.points - cells.low) / scales.cores).astype(np.int64)
    _, index = np.unique(grid @ np.array([1 << 42, 1 << 21, 1]), return_index=True)
    points = survey.points[index]
    radii = [scales.radius * scale for scale in _SCALES]
    found = plane_normals(points, cells, radii, _towards(survey, points))
    kept = found.scale >= 0
    return points[kept], found.normals[kept]


def _align(first: Survey, second: Survey, scales: Scales) -> Alignment:
    rng = np.random.default_rng(0)
    some, others = (
        s.points[rng.choice(len(s.points), min(_NORMAL_SAMPLE, len(s.points)), replace=False)] for s in (first, second)
    )
    cells = CellList.of(first.points, scales.radius)
    found = plane_normals(some, cells, [scales.radius * s for s in _SCALES], _towards(first, some))
    kept = found.scale >= 0
    least = max(*scales.noise, 0.1 * scales.spacing)
    extent = float(np.linalg.norm(first.high - first.low))
    return _best_start(some[kept], found.normals[kept], others, extent, least)


def _best_start(
    first: Float32Array, normals: Float32Array, second: Float32Array, extent: float, least: float
) -> Alignment:
    """As the frames are, and if that does not fit, from wherever features say."""
    best: Alignment | None = None
    for start in starts(first, second):
        found = aligned(first, normals, second, start=start, reach=0.05 * extent, least=least)
        if best is None or found.stable_share > best.stable_share:
            best = found
        if best.stable_share > 0.5:
            break
    if best is None or best.stable_share < 0.3:
        raise NoReconstruction("surveys_apart", share=0.0 if best is None else best.stable_share)
    return best


def _registration(points: Float32Array, found: Distances, error: FloatArray, scales: Scales) -> float:
    """From what did not change: first from all, then without what is changed by that measure."""
    stable = found.measured.copy()
    registration = significance.registration_error(found.distance, error, stable)
    if not np.isfinite(registration):
        raise NoReconstruction("surveys_apart", share=float(stable.mean()) if len(stable) else 0.0)
    for _ in range(2):
        _, chance = significance.detection(found, error, registration)
        flagged, _ = significance.discoveries(chance[found.measured])
        changed = np.zeros(len(points), bool)
        changed[np.flatnonzero(found.measured)[flagged]] = True
        region = significance.regions(points, changed, 1.8 * scales.cores)
        large = np.append(np.bincount(region[region >= 0], minlength=1) >= 50, False)
        registration = significance.registration_error(found.distance, error, stable & ~large[region])
    return registration


def _moved_regions(
    points: Float32Array, area: FloatArray, found: Distances, limit: FloatArray, chance: FloatArray, scales: Scales
) -> tuple[IntArray, list[Region]]:
    measured, footprint = np.flatnonzero(found.measured), np.pi * scales.radius**2
    number = np.full(len(points), -1, np.int32)
    regions: list[Region] = []
    flagged, sure = np.zeros((2, len(points)), bool)
    flagged[measured], sure[measured] = significance.discoveries(chance[measured])
    flagged &= np.nan_to_num(np.abs(found.distance)) > np.nan_to_num(limit, nan=np.inf)
    for kind, side in (("gain", found.distance > 0), ("loss", found.distance < 0)):
        pieces = significance.regions(points, flagged & side, 1.8 * scales.cores)
        for chosen in _members(pieces):
            d, a = found.distance[chosen], area[chosen]
            if len(chosen) < _LEAST_CORES or a.sum() < 3 * footprint or not sure[chosen].any():
                continue
            number[chosen] = len(regions)
            least = min(1.0, float(chance[chosen].min()) * len(measured))
            regions.append(
                Region(
                    "gain" if kind == "gain" else "loss",
                    *_box(points[chosen], a),
                    area=float(a.sum()),
                    volume=float((a * d).sum()),
                    mean=float((a * d).sum() / a.sum()),
                    most=float(d[np.abs(d).argmax()]),
                    limit=float((a * limit[chosen]).sum() / a.sum()),
                    chance=least,
                    cores=len(chosen),
                )
            )
    return number, regions


def _looked_there(
    points: Float32Array, normals: Float32Array, other: CellList, survey: Survey, found: Distances, scales: Scales
) -> BoolArray:
    """(M,) where the other survey has no counterpart although it looked there.

    With stations or photos known, one of them must have seen through the place. Without, the line into the surface must
    lead to a surface of the other survey that faces the same side.
    """
    missing = np.flatnonzero(found.count[:, 1] == 0)
    seen = np.zeros(len(points), bool)
    if not len(missing):
        return seen
    far = _FAR_SHARE * float(np.linalg.norm(survey.high - survey.low))
    near = 0.5 * scales.reach
    for station, view in _eyes(survey):
        left = missing[~seen[missing]]
        inside = _in_picture(view, points[left]) if view is not None else np.ones(len(left), bool)
        left = left[inside]
        seen[left] = looked_through(points[left], station, other, near=near, far=far, radius=scales.radius / 2)
    if not _eyes(survey):
        line = first_along(
            points[missing], -normals[missing], other, near=near, far=np.full(len(missing), far), radius=scales.radius
        )
        hit = np.isfinite(line)
        if survey.normals is not None and hit.any():
            behind = points[missing[hit]] - normals[missing[hit]] * line[hit, None]
            _, index = cKDTree(survey.points).query(behind)
            hit[hit] = np.einsum("nk,nk->n", survey.normals[index], normals[missing[hit]]) > 0.1
        seen[missing] = hit
    return seen


def _eyes(survey: Survey) -> list[tuple[FloatArray, View | None]]:
    if survey.stations is not None:
        return [(station, None) for station in survey.stations]
    step = max(1, len(survey.views) // _MOST_STATIONS)
    return [(view.centre, view) for view in survey.views[::step]]


def _in_picture(view: View, points: Float32Array) -> BoolArray:
    camera = points @ view.cam_from_world[:, :3].T + view.cam_from_world[:, 3]
    px = camera @ view.k.T
    with np.errstate(divide="ignore", invalid="ignore"):
        x, y = px[:, 0] / px[:, 2], px[:, 1] / px[:, 2]
    return np.asarray((camera[:, 2] > 0) & (x > 0) & (x < view.width) & (y > 0) & (y < view.height))


def _missing_regions(
    points: Float32Array,
    area: FloatArray,
    found: Distances,
    seen: BoolArray,
    scales: Scales,
    kind: Kind,
    start: int,
) -> tuple[IntArray, list[Region]]:
    """Parts of one survey that the other lacks although it looked there."""
    number = np.full(len(points), -1, np.int32)
    regions: list[Region] = []
    missing = (found.count[:, 1] == 0) & (found.count[:, 0] >= 3)
    density = float(np.median(found.count[found.measured, 1])) if found.measured.any() else 0.0
    pieces = significance.regions(points, missing, 2.5 * scales.cores)
    footprint = np.pi * scales.radius**2
    for chosen in _members(pieces):
        part = float(area[chosen].sum())
        share = float(area[chosen][seen[chosen]].sum()) / max(part, 1e-30)
        if seen[chosen].sum() < _LEAST_CORES or share < _SEEN_SHARE or part < 3 * footprint:
            continue
        number[chosen] = start + len(regions)
        expected = density * float(area[chosen][seen[chosen]].sum()) / footprint  # points, were the part still there
        regions.append(
            Region(
                kind,
                *_box(points[chosen], area[chosen]),
                area=part,
                volume=None,
                mean=None,
                most=None,
                limit=None,
                chance=float(np.exp(-min(expected, 700))),
                cores=len(chosen),
            )
        )
    return number, regions


def _members(pieces: IntArray) -> list[NDArray[np.intp]]:
    """The places of each region."""
    chosen = np.flatnonzero(pieces >= 0)
    if not len(chosen):
        return []
    order = chosen[np.argsort(pieces[chosen], kind="stable")]
    return np.split(order, np.flatnonzero(np.diff(pieces[order])) + 1)


def _box(points: Float32Array, area: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    centre = (points * area[:, None]).sum(axis=0) / max(area.sum(), 1e-30)
    return (
        np.asarray(centre, np.float64),
        points.min(axis=0).astype(np.float64),
        points.max(axis=0).astype(np.float64),
    )
