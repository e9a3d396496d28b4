"""Register: lay all scans into one world frame, say how each pair fits, and leave out by name what fits nothing.

Scans whose files state their poses are kept where they are, and checked. For the others nothing is presumed. Each pair
is one unit of work on disk.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from recon.errors import NoReconstruction
from recon.geometry import pose_graph, registration, world_frame
from recon.geometry.icp import aligned_together
from recon.geometry.registration import Cloud, Evidence, Fit
from recon.geometry.rigid_consensus import parted
from recon.messages import Message
from recon.progress import Progress
from recon.types import FloatArray, Frame, Georeference, PlacedScans, Scan, ScanPair, ScanSet

VERSION = 2

LEAST_POINTS = 200  # fewer are no scan
ALL_PAIRS = 12  # scans up to which each is tried with every other
FLOOR_SAMPLE = 400_000  # points that find the floor
CONTRADICTS = 0.03  # share of points that stand where the other scanner looked through


@dataclass(frozen=True, kw_only=True)
class RegisterOptions:
    poses: Literal["keep", "refine", "ignore"] = "keep"
    # that files state: kept as they are and checked; aligned more exactly from where they are; or not used at all
    points: int = 1_500_000  # of each scan that it is aligned by, evenly chosen
    partners: int = 8  # other scans that each is tried with, the most alike, where there are more than twelve
    least_confidence: float = 0.5  # 0..1, of a pair that may place a scan on its own


@dataclass(frozen=True, slots=True)
class _Pair:
    source: int
    target: int
    fits: tuple[Fit, ...]  # the likeliest first


def build(scans: ScanSet, options: RegisterOptions, *, scratch: Path, progress: Progress) -> PlacedScans:
    """Place the scans; write scratch/pairs.json, the list for people. Raises NoReconstruction if no two fit."""
    taken = [scan for scan in scans if scan.count >= LEAST_POINTS]
    left_out = [(s.name, Message("reason.scan_few_points", count=s.count)) for s in scans if s.count < LEAST_POINTS]
    if not taken:
        raise NoReconstruction("scan_few_points", name=scans.scans[0].name, count=scans.scans[0].count)
    posed = [scan.posed and options.poses != "ignore" for scan in taken]
    given = _given(taken, posed)
    clouds = [_cloud(scan, options) for scan in taken]
    chosen = _chosen(clouds, given, options.partners)
    progress.start(len(chosen), "scan_pair")
    (scratch / "pairs").mkdir(exist_ok=True)
    pairs = []
    for source, target in chosen:
        unit = scratch / "pairs" / f"{source:04d}-{target:04d}.json"
        if not unit.exists():
            _save(unit, _compared(clouds, source, target, given))
        pairs.append(_Pair(source, target, _load(unit)))
        progress.advance()

    poses, placed, used = _solved(clouds, pairs, given, options)
    if len(taken) > 1 and len(placed) < 2:
        raise NoReconstruction("scans_fit_nothing", names=[scan.name for scan in taken])
    for k in sorted(set(range(len(taken))) - set(placed)):
        best = max((p.fits[0].confidence for p in pairs if p.fits and k in (p.source, p.target)), default=0.0)
        left_out.append((taken[k].name, Message("reason.scan_fits_nothing", confidence=best)))
    for name, reason in left_out:
        progress.warn(Message("warning.not_placed", name=name, reason=reason))
    made = tuple(_scan_pair(taken, pair, used) for pair in pairs)
    _tell(made, pairs, given, clouds, progress, options)
    world, frame = _world(clouds, poses, placed, bool(given))
    there = None
    if given:
        crs = next((taken[k].crs for k in placed if taken[k].crs), None)
        there = Georeference(_origin(taken, posed) @ np.linalg.inv(world), crs)
    result = PlacedScans(
        scans=tuple(taken[k] for k in placed),
        world_from_scan=np.array([world @ poses[k] for k in placed]),
        frame=replace(frame, georeference=there),
        pairs=made,
        left_out=tuple((name, reason.text()) for name, reason in left_out),
    )
    (scratch / "pairs.json").write_text(json.dumps(as_json(result), ensure_ascii=False, indent=1), encoding="utf-8")
    return result


def as_json(placed: PlacedScans) -> dict[str, Any]:
    """Poses and pairs as a list for people and programs."""
    there = placed.frame.georeference
    return {
        "scans": [
            {"name": scan.name, "world_from_scan": pose.tolist()}
            for scan, pose in zip(placed.scans, placed.world_from_scan, strict=True)
        ],
        "pairs": [{**asdict(pair), "target_from_source": pair.target_from_source.tolist()} for pair in placed.pairs],
        "left_out": [{"name": name, "reason": reason} for name, reason in placed.left_out],
        "up": placed.frame.up_source,
        "crs": None if there is None else there.crs,
        "survey_from_world": None if there is None else there.survey_from_world.tolist(),
    }


def _origin(taken: Sequence[Scan], posed: Sequence[bool]) -> FloatArray:
    """file_from_common (4, 4): a shift, so that coordinates of a reference system become small numbers."""
    shift = np.eye(4)
    places = [s.file_from_scan[:3, 3] + s.file_from_scan[:3, :3] @ (s.low + s.high) / 2 for s in taken]
    known = [place for place, yes in zip(places, posed, strict=True) if yes]
    if known:
        shift[:3, 3] = np.round(np.mean(known, axis=0))
    return shift


def _given(taken: Sequence[Scan], posed: Sequence[bool]) -> dict[int, FloatArray]:
    """common_from_scan of the scans whose files state it."""
    common_from_file = np.linalg.inv(_origin(taken, posed))
    return {k: common_from_file @ s.file_from_scan for k, s in enumerate(taken) if posed[k]}


def _cloud(scan: Scan, options: RegisterOptions) -> Cloud:
    return Cloud.of(scan.sample(options.points).points.astype(np.float64), scan.scanner)


def _chosen(clouds: Sequence[Cloud], given: dict[int, FloatArray], partners: int) -> list[tuple[int, int]]:
    """The pairs to compare: of scans with poses those whose points come near, of others all, or the most alike."""
    every = [(i, j) for j in range(len(clouds)) for i in range(j)]
    known = [pair for pair in every if pair[0] in given and pair[1] in given]
    known = [(i, j) for i, j in known if _near(clouds, given, i, j)]
    others = [(i, j) for i, j in every if i not in given or j not in given]
    if len(clouds) > ALL_PAIRS:
        like = registration.likeness(clouds)
        np.fill_diagonal(like, -1)
        ranks = (-like).argsort(1).argsort(1)
        others = [(i, j) for i, j in others if min(ranks[i, j], ranks[j, i]) < partners or j - i <= 2]
    return sorted(known + others)


def _near(clouds: Sequence[Cloud], given: dict[int, FloatArray], i: int, j: int) -> bool:
    """Whether the boxes of two scans with poses meet."""
    boxes = []
    for k in (i, j):
        placed = clouds[k].surface.points @ given[k][:3, :3].T + given[k][:3, 3]
        boxes.append((placed.min(0), placed.max(0)))
    (a, b), (c, d) = boxes
    return bool(np.all(a <= d) and np.all(c <= b))


def _compared(clouds: Sequence[Cloud], source: int, target: int, given: dict[int, FloatArray]) -> list[Fit]:
    if source in given and target in given:
        return [registration.checked(clouds[source], clouds[target], np.linalg.inv(given[target]) @ given[source])]
    return registration.fits(clouds[source], clouds[target])


def _save(unit: Path, fits: Sequence[Fit]) -> None:
    rows = [
        {**asdict(fit), "target_from_source": fit.target_from_source.tolist(), "information": fit.information.tolist()}
        for fit in fits
    ]
    partial = unit.with_suffix(".partial")
    partial.write_text(json.dumps(rows), encoding="utf-8")
    partial.replace(unit)


def _load(unit: Path) -> tuple[Fit, ...]:
    rows = json.loads(unit.read_text(encoding="utf-8"))
    return tuple(
        Fit(
            **{**row, "target_from_source": np.array(row["target_from_source"]),
               "information": np.array(row["information"]), "evidence": Evidence(**row["evidence"])}
        ) for row in rows
    )  # fmt: skip


def _solved(
    clouds: Sequence[Cloud], pairs: Sequence[_Pair], given: dict[int, FloatArray], options: RegisterOptions
) -> tuple[FloatArray, list[int], set[tuple[int, int]]]:
    """common_from_scan (S, 4, 4), which scans are placed, and (source, target) of the pairs that they rest on."""
    edges = [
        pose_graph.Edge(p.source, p.target, fit.target_from_source, fit.information, fit.confidence)
        for p in pairs for fit in p.fits
    ]  # fmt: skip
    tolerance = max(0.01 * max(c.extent for c in clouds), 4 * max(c.working for c in clouds))
    kept = given if options.poses == "keep" else {}
    graph = pose_graph.solved(
        len(clouds),
        edges,
        centres=np.array([c.centre for c in clouds]),
        reach=np.array([c.reach for c in clouds]),
        tolerance=tolerance,
        sure=options.least_confidence,
        fixed=kept,
    )
    placed = [int(k) for k in np.flatnonzero(graph.placed)]
    if not placed:
        placed = [int(np.argmax([len(c.surface) for c in clouds]))]
    used = {(edges[i].source, edges[i].target) for i in graph.used}
    poses = graph.poses.copy()
    if len(placed) > 1 and len(kept) < len(placed):
        at = {k: n for n, k in enumerate(placed)}
        noise = [f.rmse for p in pairs for f in p.fits[:1] if (p.source, p.target) in used and np.isfinite(f.rmse)]
        working = max(clouds[k].working for k in placed)
        last = float(np.clip(3 * np.median(noise), 0.15 * working, working)) if noise else working
        poses[placed], _ = aligned_together(
            [clouds[k].surface for k in placed],
            poses[placed],
            [(at[i], at[j]) for i, j in sorted(used)],
            [max(working / 2, last), last],
            fixed=frozenset(at[k] for k in kept if k in at),
        )
    return poses, placed, used


def _scan_pair(taken: Sequence[Scan], pair: _Pair, used: set[tuple[int, int]]) -> ScanPair:
    source, target = taken[pair.source].name, taken[pair.target].name
    if not pair.fits:
        return ScanPair(source, target, np.eye(4), 0.0, float("nan"), 0.0, used=False)
    fit = pair.fits[0]
    rests = (pair.source, pair.target) in used
    return ScanPair(source, target, fit.target_from_source, fit.overlap, fit.rmse, fit.confidence, used=rests)


def _tell(
    made: Sequence[ScanPair], pairs: Sequence[_Pair], given: dict[int, FloatArray], clouds: Sequence[Cloud],
    progress: Progress, options: RegisterOptions
) -> None:  # fmt: skip
    """Warn of what contradicts: a pose that a file states, or a pair that looked sure."""
    for said, pair in zip(made, pairs, strict=True):
        if not pair.fits:
            continue
        fit, source = pair.fits[0], clouds[pair.source]
        if pair.source in given and pair.target in given:
            stated = np.linalg.inv(given[pair.target]) @ given[pair.source]
            off = parted(stated, fit.target_from_source, source.centre, source.reach)
            working = max(source.working, clouds[pair.target].working)
            if fit.evidence.contradiction > CONTRADICTS or (
                fit.confidence > 0.5 and off > 0.2 * working + 5 * fit.rmse
            ):
                progress.warn(Message("warning.scan_pose", a=said.source, b=said.target, mm=1000 * off))
        elif said.confidence >= options.least_confidence and not said.used:
            progress.warn(Message("warning.scan_pair_unused", a=said.source, b=said.target))


def _world(clouds: Sequence[Cloud], poses: FloatArray, placed: Sequence[int], given: bool) -> tuple[FloatArray, Frame]:
    """world_from_common (4, 4)."""
    share = max(1, FLOOR_SAMPLE // len(placed))
    points, normals = [], []
    for k in placed:
        surface = clouds[k].surface
        step = max(1, len(surface) // share)
        points.append(surface.points[::step] @ poses[k][:3, :3].T + poses[k][:3, 3])
        normals.append(surface.normals[::step] @ poses[k][:3, :3].T)
    everything = np.concatenate(points)
    axes = np.array([[0.0, 0, 1]]) if given else poses[placed][:, :3, 2]  # coordinates of a system have +Z up
    up, source = world_frame.up_of(axes, everything)
    world = world_frame.world_from_common(up, everything, np.concatenate(normals), turn=not given)
    return world, Frame("metre", "scans", source)
