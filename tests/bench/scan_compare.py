"""How many core points a second the comparison of two epochs measures, beside py4dgeo; one process, one thread each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numba
import numpy as np
import py4dgeo
from numpy.typing import NDArray

from recon.geometry.cell_list import CellList
from recon.geometry.m3c2 import distances, plane_normals

POINTS = 400_000  # of each epoch, on 2 x 2 m
NOISE, DENT = 0.002, 0.02
SCALES = (1.0, 1.5, 2.2, 3.3, 5.0)  # radii of the normals, in those of the cylinder


def compared() -> Iterator[dict[str, Any]]:
    """The same core points, radii and reach for both: 30 points a cylinder, reach ten radii."""
    numba.set_num_threads(1)
    py4dgeo.set_num_threads(1)
    before, after = (_plate(seed, dent) for seed, dent in ((1, 0.0), (2, DENT)))
    cores = before[::8]
    cores = cores[np.lexsort((cores[:, 2], np.floor(cores[:, 0] / 0.05)))]
    radius = float(np.sqrt(4 / POINTS * 30 / np.pi))
    radii = [radius * scale for scale in SCALES]
    middle = np.hypot(cores[:, 0], cores[:, 2]) < 0.25
    beside = np.hypot(cores[:, 0], cores[:, 2]) > 0.35

    def ours() -> NDArray[np.float64]:
        first, second = CellList.of(before, radius), CellList.of(after, radius)
        up = np.tile(np.array([0, 1, 0], np.float32), (len(cores), 1))
        normals = plane_normals(cores, first, radii, up).normals
        gap = max(3 * NOISE, radius / 3)
        return distances(cores, normals, first, second, radius=radius, reach=10 * radius, gap=gap).distance

    def theirs() -> NDArray[np.float64]:
        epochs = tuple(py4dgeo.Epoch(points.astype(np.float64)) for points in (before, after))
        found, _ = py4dgeo.M3C2(
            epochs=epochs,
            corepoints=cores.astype(np.float64),
            normal_radii=radii,
            cyl_radius=radius,
            max_distance=10 * radius,
            orientation_vector=np.array([0.0, 1.0, 0.0]),
        ).run()
        return np.asarray(found)

    ours()  # compiled
    print(f"{'':10}{'core points a second':>22}{'dent of 20 mm':>16}{'beside it':>14}")
    for name, run in (("ours", ours), ("py4dgeo", theirs)):
        seconds, found = _timed(run)
        row = {
            "run": f"scans compare {name}",
            "core_points_per_s": round(len(cores) / seconds),
            "dent_mm": round(-1000 * float(np.nanmean(found[middle])), 2),
            "beside_mm": round(1000 * float(np.nanstd(found[beside])), 2),
        }
        print(f"{name:10}{row['core_points_per_s']:22,}{row['dent_mm']:13} mm{row['beside_mm']:11} mm")
        yield row


def _timed(run: Callable[[], NDArray[np.float64]]) -> tuple[float, NDArray[np.float64]]:
    """The best of three runs: the machine may be busy."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        found = run()
        times.append(time.perf_counter() - start)
    return min(times), found


def _plate(seed: int, dent: float) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    x, z = rng.uniform(-1, 1, (2, POINTS))
    y = rng.normal(0, NOISE, POINTS) - dent * (np.hypot(x, z) < 0.3)
    return np.column_stack([x, y, z]).astype(np.float32)
