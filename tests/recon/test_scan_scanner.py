"""The simulated scanner measures what is there, with the errors that it says it makes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scanned import Scanned

from recon.modelling.scanner import Scanner, ScanScene, scan, station
from recon.modelling.surfaces import quad
from recon.modelling.textures import plain

FloatArray = NDArray[np.float64]


def in_world(shop: Scanned, i: int) -> FloatArray:
    pose = shop.world_from_scan[i]
    return np.asarray(shop.measured[i].points @ pose[:3, :3].T + pose[:3, 3])


def test_ranges_have_the_noise_of_the_scanner_and_mixed_pixels_lie_between_surfaces(workshop: Scanned) -> None:
    for i, measured in enumerate(workshop.measured):
        ranges = np.linalg.norm(measured.points, axis=1)
        way = measured.points / ranges[:, None] @ workshop.world_from_scan[i][:3, :3].T
        true = workshop.scene.cast(workshop.world_from_scan[i][:3, 3], way.astype(np.float64))[0]
        error = ranges - true
        kept = ~measured.mixed & (np.abs(error) < 0.1)  # a ray along an edge may meet the other side of it
        assert kept.sum() > 0.97 * len(measured)
        assert abs(error[kept].std() - 0.003) < 0.0003
        assert 0.003 < measured.mixed.mean() < 0.08
        assert np.median(np.abs(error[measured.mixed])) > 0.02


def test_the_grid_says_where_each_ray_went(workshop: Scanned) -> None:
    measured = workshop.measured[0]
    rows, columns = measured.shape
    x, y, z = measured.points.astype(np.float64).T
    assert np.abs(np.degrees(np.arctan2(z, np.hypot(x, y))) - (88 - measured.row * 0.92)).max() < 1e-3
    turned = np.degrees(np.arctan2(-y, x)) - measured.column * (360 / columns)
    turned = np.abs((turned + 180) % 360 - 180)
    assert turned[measured.row > rows // 4].max() < 0.5
    assert len(np.unique(measured.row.astype(np.int64) * columns + measured.column)) == len(measured)


def test_the_truth_about_planes_and_cylinders_is_where_the_points_are(workshop: Scanned) -> None:
    seen = np.concatenate([in_world(workshop, i) for i in range(4)])
    for plane in workshop.shop.planes:
        assert np.mean(np.abs(seen @ plane.normal - plane.offset) < 0.009) > 0.02, plane.name
    names = [c.name for c in workshop.shop.cylinders]
    assert len(set(names)) == len(names)
    found = 0
    for c in workshop.shop.cylinders:
        axis = (c.end - c.start) / np.linalg.norm(c.end - c.start)
        along = (seen - c.start) @ axis
        off = np.linalg.norm(seen - c.start - along[:, None] * axis, axis=1)
        near = (along > 0) & (along < np.linalg.norm(c.end - c.start)) & (off < c.radius + 0.015) & (off > c.radius / 2)
        if near.sum() > 200:
            found += 1
            assert abs(np.median(off[near]) - c.radius) < 0.003, c.name
    assert found >= 12


def test_what_is_too_far_too_near_or_too_dark_gives_no_return() -> None:
    wall = quad((-5, 0, -10), (10, 0, 0), (0, 5, 0), plain("#d0d0d0"), step=1.0)
    scanner = Scanner(step_deg=2.0, range_noise_m=0.0)
    ahead = station(0, 0)
    seen = scan(ScanScene([wall]), ahead, scanner, seed=1)
    assert len(seen) > 200
    world = seen.points @ ahead[:3, :3].T + ahead[:3, 3]
    assert np.abs(world[~seen.mixed, 2] + 10).max() < 1e-4
    assert len(scan(ScanScene([wall]), ahead, replace(scanner, max_range_m=9.0), seed=1)) == 0
    assert len(scan(ScanScene([wall]), ahead, replace(scanner, min_range_m=20.0), seed=1)) == 0
    black = replace(wall, painter=plain("#040404"))
    assert len(scan(ScanScene([black]), ahead, scanner, seed=1)) == 0
    assert np.array_equal(scan(ScanScene([wall]), ahead, scanner, seed=1).points, seen.points)
