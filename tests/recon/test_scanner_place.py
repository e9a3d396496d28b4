"""Where a scanner stood, of simulated scans whose place is known."""

from __future__ import annotations

import numpy as np
from scanned import Scanned

from recon.geometry.scanner_place import measured_from_origin


def test_a_scan_tells_where_its_scanner_stood(workshop: Scanned) -> None:
    for measured in workshop.measured:
        assert measured_from_origin(measured.points)
        assert measured_from_origin(measured.points[::5])


def test_other_places_are_not_taken_for_it(workshop: Scanned) -> None:
    points = workshop.measured[0].points
    for shift in ([0.6, 0.2, 0], [-2, 1, 0.5], -points.mean(axis=0)):
        assert not measured_from_origin(points + np.asarray(shift, np.float32))


def test_a_cloud_without_rays_was_measured_from_nowhere() -> None:
    random = np.random.default_rng(5)
    assert not measured_from_origin(random.normal(size=(50_000, 3)))
    assert not measured_from_origin(np.zeros((9000, 3)))
    assert not measured_from_origin(np.zeros((0, 3)))
