"""How well and how fast scans of a workshop made in code are cleaned and understood."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import open3d
from numpy.typing import NDArray
from scanned import Scanned, scanned

from recon.formats.ply import ply_blocks
from recon.progress import Silent
from recon.stages.clean import CleanOptions, build
from recon.types import CleanCloud

WRONG, RIGHT = 0.04, 0.01  # metres off the true surface: a mixed pixel, a good point
CLOSE = 0.1  # metres, within which a found cylinder stands for a true one


def cleaned(folder: Path, step_deg: float = 0.25, count: int = 8) -> Iterator[dict[str, object]]:
    """A row: what was dropped, of what was wrong and of what was right; errors of planes and cylinders."""
    truth = scanned(folder, count=count, step_deg=step_deg)
    work = folder / "clean"
    work.mkdir()
    started, cpu = time.perf_counter(), time.process_time()
    made = build(truth.placed, CleanOptions(), scratch=work, progress=Silent())
    wall, spent = time.perf_counter() - started, time.process_time() - cpu
    after = np.concatenate([ply.points for ply in ply_blocks(made.cloud.path, 1 << 18)])
    poses = zip(truth.measured, truth.world_from_scan, strict=True)
    before = np.concatenate([m.points @ p[:3, :3].T + p[:3, 3] for m, p in poses]).astype(np.float32)
    kept = _kept(before, after, made.spacing_m)
    off = _off(truth, before)
    planes, cylinders = _plane_errors(truth, made), _cylinder_errors(truth, made)
    row = {
        "run": "scans clean",
        "scans": count,
        "points": made.num_read,
        "points_per_s": round(made.num_read / wall),
        "cpu_s": round(spent, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "wrong_removed": round(1 - float(np.mean(kept[off > WRONG])), 4),
        "good_lost": round(1 - float(np.mean(kept[off < RIGHT])), 5),
        "planes_worst_mm": round(1000 * max(planes), 2),
        "cylinders": f"{len(cylinders)} of {len(truth.shop.cylinders)}",
        "cylinders_median_mm": round(1000 * float(np.median(cylinders)), 2),
        "cylinders_within_5_mm": sum(error <= 0.005 for error in cylinders),
        "cylinders_listed": len(made.cylinders),
    }
    print("\n".join(f"{name:24s} {value}" for name, value in row.items()))
    yield row


def _kept(before: NDArray[np.float32], after: NDArray[np.float32], spacing: float) -> NDArray[np.bool_]:
    """(N,) whether a point's voxel still holds a point."""
    voxels = [np.floor(points.astype(np.float64) / spacing).astype(np.int64) + (1 << 20) for points in (before, after)]
    first, second = (grid @ (1 << 42, 1 << 21, 1) for grid in voxels)
    return np.isin(first, second)


def _off(truth: Scanned, points: NDArray[np.float32]) -> NDArray[np.float32]:
    rays = open3d.t.geometry.RaycastingScene()
    rays.add_triangles(open3d.core.Tensor(truth.scene.vertices), open3d.core.Tensor(truth.scene.faces.astype("u4")))
    found: NDArray[np.float32] = rays.compute_distance(open3d.core.Tensor(points)).numpy()
    return found


def _plane_errors(truth: Scanned, made: CleanCloud) -> list[float]:
    """Metres between each true plane and the nearest of the large ones that were found."""
    return [
        min(
            (
                float(abs(plane.centre @ true.normal - true.offset))
                for plane in made.planes
                if plane.normal @ true.normal > np.cos(np.radians(0.5)) and plane.area_m2 > 10
            ),
            default=np.inf,
        )
        for true in truth.shop.planes
    ]


def _cylinder_errors(truth: Scanned, made: CleanCloud) -> list[float]:
    """Of each true cylinder that was found: the larger of its radius' error and its axis', metres."""
    errors = []
    for true in truth.shop.cylinders:
        length = float(np.linalg.norm(true.end - true.start))
        axis = (true.end - true.start) / length
        best = CLOSE
        for one in made.cylinders:
            ends = [end - true.start for end in (one.start, one.end)]
            along = sorted(float(end @ axis) for end in ends)
            if along[1] > 0 and along[0] < length:
                off = max(float(np.linalg.norm(end - (end @ axis) * axis)) for end in ends)
                best = min(best, max(off, abs(one.radius_m - true.radius)))
        if best < CLOSE:
            errors.append(best)
    return errors
