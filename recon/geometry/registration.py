"""How two clouds of unknown poses fit together, and how sure that is.

Features on a few voxel sizes suggest motions, each is refined and judged by what both clouds say: which share of either
lies on the other, how sharply, whether one stands where the other's scanner looked through, whether what matches holds
the motion in all six directions, and whether places that come to lie on each other look alike: a floor lies on any
floor, but its edges and what stands on it do not. All lengths derive from the clouds' own spacing and extent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from recon.geometry import point_features, rigid_consensus
from recon.geometry.icp import aligned, matched
from recon.geometry.point_features import Surface
from recon.geometry.rigid_consensus import parted

FloatArray = NDArray[np.float64]
LongArray = NDArray[np.int64]

RUNG = 1.35  # voxel sizes are powers of it, so that all pairs of a set share the scans' features
FEATURED = (1100, 2600, 6000)  # points that features are described at, in the order of trial
WORKING = 40_000  # points of the surface that scans are aligned on
JUDGED = 4_000  # points that judge a motion
TRIED = 20  # motions of a pair that are judged
VIEW_DEG = 1.5  # cells of what a scanner saw
CORRESPONDENCES = 2_000
STATED = 60.0  # support of a motion that a file states
OUTSTANDING = 120.0  # support of a motion that needs no second opinion
LEAST_POINTS = 60
HOPELESS = 0.15  # of the best motion's score
LEAST_ALIKE = 0.05  # less says no more
CAUTION = -2.2
SHUFFLES = 4  # of what matches, for what alike means by chance
JUDGED_WITHIN = 2.0  # working voxels, at which a point lies on the other cloud


@dataclass(slots=True)
class Cloud:
    """A scan that is to be registered. What is derived from it is kept, since each scan meets many others."""

    surface: Surface  # thinned to `working`
    working: float  # voxel of the surface
    extent: float  # the diagonal of the box round 98 of 100 points
    view: View | None  # None where nobody knows where the scanner stood
    centre: FloatArray  # (3,) of the surface's points
    reach: float  # how far they lie from their centre, root mean square: a length by which turns are measured
    _featured: dict[float, Surface] = field(default_factory=dict)
    _voxels: dict[int, float] = field(default_factory=dict)

    @staticmethod
    def of(points: FloatArray, scanner: FloatArray | None = None) -> Cloud:
        """points (N, 3): any sample of the scan, of hundreds of points at least; scanner (3,): where it stood."""
        low, high = np.percentile(points[:: max(1, len(points) // 200_000)], [1, 99], axis=0)
        extent = float(np.linalg.norm(high - low))
        close = max(point_features.reach_of_neighbours(points) / 2, extent * 1e-4, 1e-9)
        close = point_features.voxel_for_normals(points, close, max(close, extent / 80))
        working = point_features.voxel_for(points, WORKING, at_least=close)
        surface = point_features.surface(points, working, scanner=scanner, features=False)
        view = None if scanner is None else View.of(points, scanner)
        return Cloud(
            surface, working, extent, view, surface.points.mean(0), float(np.linalg.norm(surface.points.std(0)))
        )

    @property
    def scanner(self) -> FloatArray | None:
        return None if self.view is None else self.view.scanner

    def voxel(self, count: int) -> float:
        """The voxel that leaves about `count` points."""
        if count not in self._voxels:
            self._voxels[count] = point_features.voxel_for(self.surface.points, count, at_least=self.working)
        return self._voxels[count]

    def featured(self, voxel: float) -> Surface:
        if voxel not in self._featured:
            points = self.surface.points
            self._featured[voxel] = point_features.surface(points, voxel, scanner=self.scanner, features=True)
        return self._featured[voxel]


@dataclass(frozen=True, slots=True)
class View:
    """How far a scanner saw in each direction: cells of azimuth and height about the axis +Z of its frame."""

    scanner: FloatArray
    nearest: FloatArray  # (R, C) range of the nearest surface of a cell or of those beside it; inf where nothing is

    @staticmethod
    def of(points: FloatArray, scanner: FloatArray) -> View:
        rows, columns = round(180 / VIEW_DEG), round(360 / VIEW_DEG)
        seen = np.full((rows, columns), np.inf)
        count = np.zeros((rows, columns))
        row, column, far = _cells(points - scanner, rows, columns)
        np.minimum.at(seen, (row, column), far)
        np.add.at(count, (row, column), 1)
        seen[count < 2] = np.inf
        padded = np.pad(seen, ((1, 1), (0, 0)), constant_values=np.inf)
        padded = np.concatenate([padded[:, -1:], padded, padded[:, :1]], 1)
        nearest = np.min([padded[i : i + rows, j : j + columns] for i in range(3) for j in range(3)], axis=0)
        return View(scanner, np.where(np.isfinite(seen), nearest, np.inf))

    def looked_through(self, points: FloatArray, margin: float) -> tuple[float, float]:
        """(share of the points that stand in front of what the scanner saw there, share of them in its sight)."""
        row, column, far = _cells(points - self.scanner, *self.nearest.shape)
        seen = self.nearest[row, column]
        known = np.isfinite(seen)
        seen = np.where(known, seen, 0.0)
        if known.sum() < 20:
            return 0.0, 0.0
        front = far < seen - np.maximum(margin, 0.02 * seen)
        return float(front[known].mean()), float(known.mean())


def _cells(way: FloatArray, rows: int, columns: int) -> tuple[LongArray, LongArray, FloatArray]:
    far = np.linalg.norm(way, axis=1)
    height = np.arccos(np.clip(way[:, 2] / np.maximum(far, 1e-12), -1, 1)) / np.pi
    around = np.arctan2(way[:, 1], way[:, 0]) / (2 * np.pi) + 0.5
    return (
        np.minimum((height * rows).astype(np.int64), rows - 1),
        np.minimum((around * columns).astype(np.int64), columns - 1),
        far,
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a motion and against it."""

    overlap: float  # the smaller share of either's points that lie on the other
    larger: float  # the larger share
    sharpness: float  # of the points within a voxel, the share within a quarter of it: a quarter where all is chance
    contradiction: float  # share of either's points that stand where the other's scanner looked through
    in_sight: float  # share of either's points in the directions in which the other's scanner saw; 0 if it is unknown
    held: float  # how well the matching surfaces hold the motion in its weakest direction, 0..1
    support: float  # of the features
    agreeing: int  # voxel sizes whose features suggest this motion
    alike: float  # how alike places that lie on each other look: 1 the same, 0 no more than others that match do

    @property
    def score(self) -> float:
        """For choosing among motions of one pair. The overlap hardly counts: of planes laid on planes it is large."""
        features = self.support / (self.support + 150.0)
        look = float(max(self.alike, LEAST_ALIKE) ** 1.5)
        fit = float(max(self.overlap, 1e-3) ** 0.25) * self.sharpness
        return fit * features * look * float(np.exp(-self.contradiction / 0.02))

    def confidence(self, rival: float) -> float:
        """How probable the motion is, 0..1, where the next best one has the score `rival`.

        After a logistic regression over fragments, crops, views of objects and strangers (scripts/bench scans register
        has some of them). The constant is lower than its own: a wrong motion costs more than a missing one.
        """
        support = max(self.support, 1.0)
        z = (
            CAUTION
            + 1.1 * np.log(support)
            + 4.0 * np.log(max(support, 100.0) / 100.0)  # no chance has so much
            + 3.0 * np.log(min(support, 40.0) / 40.0)  # a small part of another thing may look like this one
            + 1.65 * np.log(max(self.alike, LEAST_ALIKE))
            + 2.7 * np.log(max(min(self.held, 0.3), 1e-3) / 0.3)
            + 4.0 * (self.sharpness - 0.7)
            + 2.0 * float(self.in_sight > 0.3 and self.contradiction < 0.01)
            - 60.0 * max(self.contradiction - 0.01, 0.0)
            - 2.4 * min(rival / max(self.score, 1e-9), 2.0)
        )
        return float(1 / (1 + np.exp(-z)))


@dataclass(frozen=True, slots=True)
class Fit:
    """How the source lies in the target's frame."""

    target_from_source: FloatArray  # (4, 4)
    overlap: float  # 0..1
    rmse: float  # metres, along the normals, of the points that lie on one another
    confidence: float  # 0..1
    information: FloatArray  # (6, 6) of turn and shift in the target's frame, per square metre
    evidence: Evidence


def fits(source: Cloud, target: Cloud, *, most: int = 3) -> list[Fit]:
    """Up to `most` different ways to lay the source on the target, the best one first; none if features suggest none.

    The first is right where its confidence says so; the others are for a pose graph, whose loops tell.
    """
    judged = _judged(source, target, candidates(source, target))
    made: list[Fit] = []
    for pose, found in judged:
        if len(made) == max(most, 2) or found.score < HOPELESS * judged[0][1].score:
            break
        fit = refined(source, target, pose, found)
        if not any(_same(source, target, fit.target_from_source, f.target_from_source) for f in made):
            made.append(fit)
    scores = sorted((fit.evidence.score for fit in made), reverse=True)
    for i, fit in enumerate(made):
        rival = scores[1:2] if fit.evidence.score == scores[0] else scores[:1]
        made[i] = replace(fit, confidence=fit.evidence.confidence(rival[0] if rival else 0.0))
    return sorted(made, key=lambda fit: -fit.confidence)[:most]  # how sure the first is depends on the second


def _same(source: Cloud, target: Cloud, a: FloatArray, b: FloatArray) -> bool:
    near = max(0.01 * source.reach, 2 * max(source.working, target.working))
    return parted(a, b, source.centre, source.reach) < near


def refined(source: Cloud, target: Cloud, pose: FloatArray, found: Evidence) -> Fit:
    """The motion after the last alignment, below the noise."""
    working = max(source.working, target.working)
    pose, _ = aligned(source.surface, target.surface, pose, [2 * working, working], most=12_000)
    off = matched(source.surface, target.surface, pose, working)[3]
    noise = 1.48 * float(np.median(np.abs(off))) if len(off) else working
    last = float(np.clip(3 * noise, 0.15 * working, working))
    pose, information = aligned(source.surface, target.surface, pose, [last], iterations=12, most=20_000)
    off = matched(source.surface, target.surface, pose, working)[3]
    off = off[np.abs(off) < last]
    rmse = float(np.sqrt((off**2).mean())) if len(off) else float("nan")
    found = evidence(source, target, pose, JUDGED_WITHIN * working, found.support, found.agreeing)
    return Fit(pose, found.overlap, rmse, found.confidence(0.0), information / max(rmse, 1e-2 * working) ** 2, found)


def checked(source: Cloud, target: Cloud, pose: FloatArray) -> Fit:
    """How well a stated motion fits, and what an alignment from there comes to."""
    working = max(source.working, target.working)
    found = evidence(source, target, pose, JUDGED_WITHIN * working, STATED, 0)
    fit = refined(source, target, pose, found)
    return replace(fit, evidence=replace(fit.evidence, contradiction=found.contradiction))


def likeness(clouds: Sequence[Cloud]) -> FloatArray:
    """(S, S) how alike two scans' descriptors are as a whole, 1 at most: for choosing which pairs to compare."""
    voxel = _rung(max(c.voxel(FEATURED[0]) for c in clouds))
    rows = []
    for cloud in clouds:
        features = cloud.featured(voxel).features
        rows.append(np.zeros(66) if features is None else np.concatenate([features.mean(0), features.std(0)]))
    table = np.array(rows, np.float64)
    table -= table.mean(0)
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-12)
    return table @ table.T


def _judged(
    source: Cloud, target: Cloud, pool: Sequence[tuple[FloatArray, float, int, float]]
) -> list[tuple[FloatArray, Evidence]]:
    """The suggested motions, aligned and judged, those that came to the same place joined; the best first."""
    working = max(source.working, target.working)
    joined: list[tuple[FloatArray, float, int]] = []
    for start, support, agreeing, voxel in pool:
        pose, _ = aligned(
            source.surface, target.surface, start, [2 * voxel, voxel, JUDGED_WITHIN * working], iterations=5, most=1_500
        )
        for i, (other, its_support, its_agreeing) in enumerate(joined):
            if _same(source, target, pose, other):
                joined[i] = (other, max(support, its_support), max(agreeing, its_agreeing))
                break
        else:
            joined.append((pose, support, agreeing))
    made = [
        (pose, evidence(source, target, pose, JUDGED_WITHIN * working, support, agreeing))
        for pose, support, agreeing in joined
    ]
    return sorted(made, key=lambda m: -m[1].score)


def candidates(source: Cloud, target: Cloud) -> list[tuple[FloatArray, float, int, float]]:
    """Motions that features suggest: (target_from_source, support, voxel sizes that agree, voxel).

    Coarse features come first; finer ones are asked unless one motion stands out.
    """
    pool: list[tuple[FloatArray, float, int, float]] = []
    if min(len(source.surface), len(target.surface)) < LEAST_POINTS:
        return pool
    for count in FEATURED:
        voxel = _shared_voxel(source, target, count)
        a, b = source.featured(voxel), target.featured(voxel)
        if a.features is None or b.features is None:
            continue
        s, t = point_features.correspondences(a, b, CORRESPONDENCES).T
        found = rigid_consensus.motions(a.points[s], b.points[t], a.normals[s], b.normals[t], 1.5 * voxel, most=TRIED)
        for m in found:
            for i, (pose, support, agreeing, size) in enumerate(pool):
                if parted(pose, m.target_from_source, source.centre, source.reach) < 2.5 * max(size, voxel):
                    pool[i] = (pose, max(support, m.support), agreeing + int(voxel != size), size)
                    break
            else:
                pool.append((m.target_from_source, m.support, 1, voxel))
        if found and found[0].support > OUTSTANDING and (len(found) == 1 or found[1].support < found[0].support / 3):
            break
    return sorted(pool, key=lambda suggestion: -suggestion[1])[:TRIED]


def _shared_voxel(source: Cloud, target: Cloud, count: int) -> float:
    """The voxel that leaves about `count` points of the larger cloud."""
    return _rung(max(source.voxel(count), target.voxel(count)))


def _rung(voxel: float) -> float:
    return float(RUNG ** np.ceil(np.log(voxel) / np.log(RUNG)))


def evidence(source: Cloud, target: Cloud, pose: FloatArray, voxel: float, support: float, agreeing: int) -> Evidence:
    a, b = source.surface, target.surface
    back: FloatArray = np.asarray(np.linalg.inv(pose), np.float64)
    shares, sharp, number, normals, places = [], 0, 0, [], []
    for x, y, motion in ((a, b, pose), (b, a, back)):
        step = max(1, len(x) // JUDGED)
        index, which, moved, off = matched(x, y, motion, voxel, slice(None, None, step))
        shares.append(len(index) / len(range(0, len(x), step)))
        sharp, number = sharp + int((np.abs(off) < voxel / 4).sum()), number + len(off)
        normals.append(y.normals[which])
        places.append(moved)
        if len(index) < 12:
            return Evidence(0.0, 0.0, 0.0, 1.0, 0.0, 0.0, support, agreeing, 0.0)
    through, sight = [], []
    for x, cloud, motion in ((a, target, pose), (b, source, back)):
        if cloud.view is not None:
            step = max(1, len(x) // JUDGED)
            moved = x.points[::step] @ motion[:3, :3].T + motion[:3, 3]
            front, known = cloud.view.looked_through(moved, 2 * voxel)
            through.append(front)
            sight.append(known)
    held = _held(places[0], normals[0])
    return Evidence(
        min(shares),
        max(shares),
        sharp / number,
        max(through, default=0.0),
        min(sight, default=0.0),
        held,
        support,
        agreeing,
        _alike(source, target, pose),
    )


def _alike(source: Cloud, target: Cloud, pose: FloatArray) -> float:
    """1 - the distance between descriptors of places that lie on each other / that of the same places shuffled."""
    voxel = _shared_voxel(source, target, FEATURED[-1])
    a, b = source.featured(voxel), target.featured(voxel)
    if a.features is None or b.features is None:
        return 0.0
    index, which, _, _ = matched(a, b, pose, voxel)
    if len(index) < 20:
        return 0.0
    rng = np.random.default_rng(0)
    here, there = a.features[index], b.features[which]
    round_about = here if a.oriented and b.oriented else point_features.turned_round(here)

    def apart(others: point_features.Float32Array) -> float:
        return float(np.minimum(((here - others) ** 2).sum(1), ((round_about - others) ** 2).sum(1)).mean())

    chance = np.mean([apart(there[rng.permutation(len(there))]) for _ in range(SHUFFLES)])
    return float(1 - apart(there) / max(float(chance), 1e-12))


def _held(places: FloatArray, normals: FloatArray) -> float:
    """The least eigenvalue of the point-to-plane system, turns measured at the points' own reach; 1/3 is a ball's."""
    centred = places - places.mean(0)
    reach = float(np.sqrt((centred**2).sum(1).mean())) + 1e-12
    rows = np.concatenate([np.cross(centred / reach, normals), normals], 1)
    return float(np.sqrt(np.linalg.eigvalsh(rows.T @ rows / len(rows))[0].clip(0)))
