"""How a cloud of unknown scale lies on one in metres: turn, shift and scale.

A ladder of scales is tried with the features of rigid registration; what they suggest is refined with the scale free,
and judged by the share of the cloud that then lies on the other, within a hundredth of its own size. Surfaces of each
direction count alike: else a floor, which lies well on any floor, would decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from recon.geometry.point_features import Surface
from recon.geometry.registration import Cloud, candidates

FloatArray = NDArray[np.float64]

STEP = 1.15  # between two rungs of the ladder of scales
RUNGS = range(-15, 4)  # of the ratio of the two clouds' sizes: photos often show a part of what was scanned
TRIED = 3  # suggestions of a rung that are tried
REFINED = 5  # suggestions that are refined to the end
UPRIGHT = 0.9  # cosine between the vertical axes of two clouds that both stand upright
FEWEST = 0.02  # share of the points that face along an axis, for that axis to count
NEAR = 0.01  # of the cloud's own extent: a point this near lies on the other cloud
SAMPLE = 40_000  # points that the cloud is laid by
THIN = 4_000  # the same of a first trial
ROUNDS = 25
LEAST_COSINE = 0.7  # between the normals of two points that lie on one another


@dataclass(frozen=True, slots=True)
class Similarity:
    """target = scale * turn @ source + shift."""

    scale: float
    turn: FloatArray  # (3, 3)
    shift: FloatArray  # (3,)
    share: float  # of the source's points that lie on the target, 0..1: the mean of those that face along each axis
    rival: float  # the same of the best of the other places
    rmse: float  # of those points, along the target's normals

    def of(self, points: FloatArray) -> FloatArray:
        return np.asarray(self.scale * points @ self.turn.T + self.shift)


def laid(
    source: FloatArray, target: Cloud, scales: Sequence[float] | None = None, *, upright: bool = False
) -> Similarity | None:
    """How the points (N, 3) lie on the target; None if nothing suggests a place.

    scales: to try; else a ladder around the ratio of the clouds' sizes. upright: +Y is up in both.
    """
    some = source[:: max(1, len(source) // SAMPLE)]
    unit = Cloud.of(some)
    if scales is None:
        ratio = target.reach / unit.reach
        scales = [ratio * STEP**rung for rung in RUNGS]
    thin = _thinned(unit, THIN)
    tried: list[Similarity] = []
    for scale in scales:
        suggested = [pose for pose, *_ in candidates(_scaled(unit, scale), target)]
        suggested = [pose for pose in suggested if not upright or pose[1, 1] > UPRIGHT][:TRIED]
        tried += [refined(thin, target, scale, pose[:3, :3], pose[:3, 3]) for pose in suggested]
    tried.sort(key=lambda each: -each.share)
    found: list[Similarity] = []
    for each in tried:
        if len(found) < REFINED and all(_apart(each, other, unit.centre, unit.extent) for other in found):
            found.append(refined(unit, target, each.scale, each.turn, each.shift))
    if not found:
        return None
    best = max(found, key=lambda each: each.share)
    others = [f.share for f in found if _apart(best, f, unit.centre, unit.extent)]
    return Similarity(best.scale, best.turn, best.shift, best.share, max(others, default=0.0), best.rmse)


def _scaled(cloud: Cloud, scale: float) -> Cloud:
    surface = replace(cloud.surface, points=cloud.surface.points * scale, tree=None)  # features need no tree
    lengths = cloud.working * scale, cloud.extent * scale
    return Cloud(surface, *lengths, centre=cloud.centre * scale, reach=cloud.reach * scale, view=None)


def _thinned(cloud: Cloud, count: int) -> Cloud:
    surface, step = cloud.surface, max(1, len(cloud.surface) // count)
    few = replace(surface, points=surface.points[::step], normals=surface.normals[::step], tree=None)
    return Cloud(few, cloud.working, cloud.extent, centre=cloud.centre, reach=cloud.reach, view=None)


def _apart(one: Similarity, other: Similarity, centre: FloatArray, extent: float) -> bool:
    """Whether the two lay the cloud's middle, or its size, to different places."""
    far = float(np.linalg.norm(one.of(centre[None]) - other.of(centre[None])))
    turned = float(np.linalg.norm(one.turn - other.turn))
    return far > 0.05 * extent * one.scale or turned > 0.2 or abs(np.log(one.scale / other.scale)) > 0.05


def refined(unit: Cloud, target: Cloud, scale: float, turn: FloatArray, shift: FloatArray) -> Similarity:
    """From a start: point to plane, the scale free, in ever smaller reach."""
    surface = target.surface
    places, own = unit.surface.points, unit.surface.normals
    for part in range(ROUNDS):
        moved = scale * places @ turn.T + shift
        reach = max(target.working, NEAR * unit.extent * scale) * (4 * 0.8**part + 0.5)
        index, which = _matched(moved, own @ turn.T, surface, reach)
        if len(index) < 50:
            break
        near, normal = moved[index], surface.normals[which]
        middle = near.mean(axis=0)
        rows = np.concatenate(
            [np.cross(near - middle, normal), normal, np.einsum("ni,ni->n", near - middle, normal)[:, None]], axis=1
        )
        off = np.einsum("ni,ni->n", surface.points[which] - near, normal)
        weight = np.clip(1 - (off / reach) ** 2, 0, 1) ** 2
        system = rows.T @ (rows * weight[:, None])
        change = np.linalg.solve(system + 1e-9 * np.trace(system) * np.eye(7), rows.T @ (off * weight))
        step = Rotation.from_rotvec(change[:3]).as_matrix()
        grown = float(np.clip(1 + change[6], 0.8, 1.25))
        shift = grown * step @ (shift - middle) + middle + change[3:6]
        turn, scale = step @ turn, scale * grown
    moved = scale * places @ turn.T + shift
    reach = NEAR * unit.extent * scale
    index, which = _matched(moved, own @ turn.T, surface, reach)
    off = np.einsum("ni,ni->n", surface.points[which] - moved[index], surface.normals[which])
    rmse = float(np.sqrt((off**2).mean())) if len(off) else float("inf")
    faces = np.argmax(np.abs(own @ turn.T), axis=1)
    count, lying = np.bincount(faces, minlength=3), np.bincount(faces[index], minlength=3)
    counted = count > FEWEST * len(places)
    return Similarity(scale, turn, shift, float(np.mean(lying[counted] / count[counted])), 0.0, rmse)


def _matched(
    moved: FloatArray, normals: FloatArray, surface: Surface, reach: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Indices of the points within reach of the surface whose normals agree, and of the surface's points there."""
    far, which = surface.tree.query(moved, distance_upper_bound=reach, workers=-1)
    near = np.flatnonzero(np.isfinite(far))
    alike = np.abs(np.einsum("ni,ni->n", normals[near], surface.normals[which[near]])) > LEAST_COSINE
    index = near[alike]
    return index, np.asarray(which[index], np.int64)
