"""`scripts/bench scans register`: pairs with known poses from random ones, clouds that share nothing, fragments that
share little, and the workshop that is made in code.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import open3d
from numpy.typing import NDArray
from scanned import on_disk, scanned
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from recon.geometry import registration
from recon.geometry.registration import Cloud
from recon.geometry.rigid_consensus import fitted, parted
from recon.modelling import workshop
from recon.modelling.scanner import Scanner, scan, station
from recon.progress import Silent
from recon.stages.register import RegisterOptions, build
from recon.types import ScanSet

FloatArray = NDArray[np.float64]
SEEDS = 3  # workshops
FRAGMENTS = 24
BANDS = ((0.0, 0.005), (0.02, 0.1), (0.1, 0.3), (0.3, 1.0))  # overlaps, the smaller of both clouds' shares
PAIRS = 8  # of fragments, of each band


def registered(scratch: Path, data: Path, seeds: int = SEEDS) -> Iterator[dict[str, Any]]:
    if data.is_dir():
        yield from _real(data)
    yield from _fragments()
    for seed in range(seeds):
        yield _workshop(scratch, seed)


def thrown(points: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """The points turned and moved at random, and that motion (4, 4)."""
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = Rotation.random(rng=rng).as_matrix(), rng.uniform(-20, 20, 3)
    return points @ pose[:3, :3].T + pose[:3, 3], pose


def _real(data: Path) -> Iterator[dict[str, Any]]:
    """Pairs of one place, once as they are and once turned at random: both must come to the same. Then strangers."""
    clouds = _clouds(data)
    truth = {("target", "source"): np.loadtxt(data / "small_gicp/data/T_target_source.txt")}
    pairs = [("target", "source"), ("webots1", "webots2"), ("cloud_0", "cloud_1"), ("room_scan1", "room_scan2")]
    pairs += [(f"capture000{i}", f"capture000{i + 1}") for i in range(1, 5)]
    rng = np.random.default_rng(1)
    recalled = 0
    print(f"{'pair':32}{'seconds':>9}{'overlap':>9}{'mm':>8}{'sure':>7}{'degrees':>9}{'% extent':>10}")
    for a, b in pairs:
        begun = time.perf_counter()
        target = Cloud.of(clouds[a])
        points, pose = thrown(clouds[b], rng)
        found = registration.fits(Cloud.of(points), target)
        seconds = time.perf_counter() - begun
        if not found:
            print(f"{a + ' ' + b:32}{seconds:9.1f}  nothing found")
            continue
        said = found[0].target_from_source @ pose
        true = truth[a, b] if (a, b) in truth else _again(clouds[b], target, rng)
        turn, shift = _apart(said, true, target.extent, Cloud.of(clouds[b]).centre)
        good = found[0].confidence >= 0.5 and turn < 0.5 and shift < 1
        recalled += good
        print(
            f"{a + ' ' + b:32}{seconds:9.1f}{found[0].overlap:9.0%}{1000 * found[0].rmse:8.1f}"
            f"{found[0].confidence:7.2f}{turn:9.3f}{shift:10.2f}"
        )
    strangers = [("webots1", "cloud_0"), ("cloud_0", "room_scan1"), ("capture0001", "webots1"),
                 ("room_scan1", "target"), ("capture0001", "cloud_0"), ("webots2", "target")]  # fmt: skip
    refused = 0
    for a, b in strangers:
        found = registration.fits(Cloud.of(thrown(clouds[b], rng)[0]), Cloud.of(clouds[a]))
        best = found[0].confidence if found else 0.0
        refused += best < 0.5
        print(f"{a + ' ' + b + ', strangers':41}{best:24.2f}")
    yield {"what": "real pairs", "pairs": len(pairs), "recalled": recalled, "strangers": len(strangers),
           "refused": refused}  # fmt: skip


def _again(points: FloatArray, target: Cloud, rng: np.random.Generator) -> FloatArray:
    moved, pose = thrown(points, rng)
    found = registration.fits(Cloud.of(moved), target)
    return found[0].target_from_source @ pose if found else np.full((4, 4), np.nan)


def _apart(a: FloatArray, b: FloatArray, extent: float, centre: FloatArray) -> tuple[float, float]:
    """Degrees, and percent of the extent by which the points' centre is moved."""
    turn = a[:3, :3].T @ b[:3, :3]
    shift = float(np.linalg.norm((a[:3, :3] - b[:3, :3]) @ centre + a[:3, 3] - b[:3, 3]))
    return float(np.degrees(np.arccos(np.clip((np.trace(turn) - 1) / 2, -1, 1)))), 100 * shift / extent


def _clouds(data: Path) -> dict[str, FloatArray]:
    made = {}
    for path in sorted(data.rglob("*")):
        if path.suffix in (".ply", ".pcd"):
            read = open3d.io.read_point_cloud(str(path)).remove_non_finite_points()
            made[path.stem] = np.asarray(read.points)
        elif path.suffix == ".xyz":
            made[path.stem] = np.loadtxt(path)
        elif path.suffix == ".vtk":
            count, rows = path.read_text(encoding="utf-8").split("POINTS")[1].split("\n", 1)
            numbers = itertools.islice(rows.split(), 3 * int(count.split()[0]))
            made[path.stem] = np.array([float(n) for n in numbers]).reshape(-1, 3)
    return made


def _fragments() -> Iterator[dict[str, Any]]:
    """Pairs of fragments as a depth camera makes them: what share of each band is found, and how often wrongly."""
    rng = np.random.default_rng(5)
    pieces = _depth_camera(rng)
    trees = [cKDTree(piece) for piece in pieces]

    def share(i: int, j: int) -> float:
        return float(np.mean(np.asarray(trees[j].query(pieces[i][::10])[0]) < 0.06))

    pairs = [(i, j) for i in range(len(pieces)) for j in range(i)]
    overlap = {pair: min(share(*pair), share(*pair[::-1])) for pair in pairs}
    frames = [thrown(piece, rng) for piece in pieces]
    clouds = [Cloud.of(points) for points, _ in frames]
    for low, high in BANDS:
        some = [pair for pair in rng.permutation(pairs).tolist() if low <= overlap[pair[0], pair[1]] < high][:PAIRS]
        found = wrong = 0
        for i, j in some:
            fits = registration.fits(clouds[j], clouds[i])
            if not fits or fits[0].confidence < 0.5:
                continue
            true = frames[i][1] @ np.linalg.inv(frames[j][1])
            off = parted(fits[0].target_from_source, true, clouds[j].centre, clouds[j].reach)
            found, wrong = found + (off < 0.15 and high > BANDS[0][1]), wrong + (off >= 0.15 or high == BANDS[0][1])
        band = f"fragments that share {low:.1%} to {high:.1%}"
        print(f"{band}: {found} of {len(some)} found, {wrong} wrong, {len(some) - found - wrong} refused")
        yield {"what": band, "pairs": len(some), "recalled": found, "wrong": wrong}


def _depth_camera(rng: np.random.Generator) -> list[FloatArray]:
    """Fragments of the workshop, each fused from four near places, with a narrow view, noise and uneven density."""
    scene = workshop.build().scene()
    camera = Scanner(
        step_deg=0.7, range_noise_m=0.004, max_range_m=4.0, lowest_deg=-40, highest_deg=40, divergence_rad=0.002
    )
    made: list[FloatArray] = []
    x, z, heading = -5.0, 2.0, 0.0
    while len(made) < FRAGMENTS:
        parts = []
        for _ in range(4):
            pose = station(x, z, height=rng.uniform(1.2, 1.8))
            points = scan(scene, pose, camera, seed=int(rng.integers(1 << 30))).points @ pose[:3, :3].T + pose[:3, 3]
            way = points - pose[:3, 3]
            turn = np.degrees(np.arctan2(way[:, 2], way[:, 0])) - heading
            parts.append(points[np.abs((turn + 180) % 360 - 180) < 32])
            heading += rng.normal(12, 10)
            x, z = np.clip(x + rng.normal(0.12, 0.2), -7, 7), np.clip(z + rng.normal(0, 0.2), -4.2, 4.2)
        points = np.concatenate(parts)
        points = points[rng.random(len(points)) < rng.uniform(0.5, 1)]
        if len(points) > 3000:
            made.append(points)
        else:
            heading += 60
    return made


def _workshop(scratch: Path, seed: int, stations: int = 8) -> dict[str, Any]:
    folder = scratch / f"workshop{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    shop = scanned(folder, count=stations, step_deg=0.25, seed=seed)
    rng = np.random.default_rng([seed, 3])
    scans, places = [], []
    for i, measured in enumerate(shop.measured):
        points, pose = thrown(measured.points.astype(np.float64), rng)
        scans.append(on_disk(folder / f"station{i + 1}.ply", points.astype(np.float32), scanner=pose[:3, 3]))
        places.append(pose[:3, 3])
    begun = time.perf_counter()
    placed = build(ScanSet(tuple(scans)), RegisterOptions(), scratch=folder, progress=Silent())
    seconds = time.perf_counter() - begun
    at = [scans.index(scan) for scan in placed.scans]
    found = np.array([(p @ [*places[k], 1.0])[:3] for p, k in zip(placed.world_from_scan, at, strict=True)])
    true = shop.world_from_scan[at, :3, 3]
    moved = fitted(found[None], true[None], np.ones((1, len(at))))[0]
    off = 1000 * np.linalg.norm(found @ moved[:3, :3].T + moved[:3, 3] - true, axis=1)
    used = sum(pair.used for pair in placed.pairs)
    print(
        f"workshop {seed}: {len(at)} of {stations} stations placed by {used} of {len(placed.pairs)} pairs, "
        f"median {np.median(off):.2f} mm, worst {off.max():.2f} mm, {seconds:.0f} s, "
        f"{sum(len(s) for s in scans):,} points"
    )
    return {"what": f"workshop {seed}", "stations": stations, "placed": len(at), "pairs_used": used,
            "median_mm": round(float(np.median(off)), 2), "worst_mm": round(float(off.max()), 2),
            "wall_s": round(seconds, 1)}  # fmt: skip
