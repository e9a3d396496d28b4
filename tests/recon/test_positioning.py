"""Satellite positions of photos: degrees to metres, and a model's place, scale and upright by them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.spatial.transform import Rotation
from truth import DEHUA, Solved, degrees

from recon.formats.geodesy import utm, utm_from_local, utm_zone
from recon.geometry.positioning import positioned
from recon.progress import Silent
from recon.stages import align
from recon.types import Targets

FloatArray = NDArray[np.float64]
Place = tuple[float, float, float]


def test_utm_is_that_of_the_world() -> None:
    assert utm_zone(118.2, 25.5) == "EPSG:32650"
    assert utm_zone(-79.4, 43.6) == "EPSG:32617"
    assert utm_zone(18.4, -33.9) == "EPSG:32734"
    tower = utm(np.array([[-79.387139, 43.642566, 5]]), "EPSG:32617")[0]  # CN Tower, Toronto
    np.testing.assert_allclose(tower, [630_084, 4_833_439, 5], atol=1.0)
    # Along the zone's middle it is the meridian's length, times 0.9996; a tenth of a degree beside it, it keeps angles.
    a, e2 = 6378137.0, 0.00669437999014
    arc = quad(lambda b: a * (1 - e2) / (1 - e2 * np.sin(b) ** 2) ** 1.5, 0, np.radians(25.5), epsabs=1e-6)[0]
    np.testing.assert_allclose(
        utm(np.array([[117.0, 25.5, 0]]), "EPSG:32650")[0], [500_000, 0.9996 * arc, 0], atol=1e-3
    )
    assert utm(np.array([[21.0, -10.0, 0]]), "EPSG:32734")[0, 1] == pytest.approx(
        10_000_000 - utm(np.array([[21.0, 10.0, 0]]), "EPSG:32634")[0, 1]
    )
    turn = utm_from_local(*DEHUA)[:2, :2]
    np.testing.assert_allclose(turn.T @ turn / np.linalg.det(turn), np.eye(2), atol=1e-6)


def test_a_place_becomes_utm_within_millimetres() -> None:
    local = np.random.default_rng(2).uniform(-200, 200, (50, 3)) * [1, 1, 0.2]
    pose = utm_from_local(*DEHUA)
    placed = local @ pose[:3, :3].T + pose[:3, 3]
    there = utm(degrees(local), "EPSG:32650")
    np.testing.assert_allclose(placed[:, :2], there[:, :2], atol=0.006)
    np.testing.assert_allclose(placed[:, 2], there[:, 2], atol=0.008)  # the Earth is round


def by_photo(centres: FloatArray, places: FloatArray) -> tuple[dict[str, FloatArray], dict[str, Place]]:
    names = [f"{number}.jpg" for number in range(len(centres))]
    return dict(zip(names, centres, strict=True)), dict(zip(names, map(tuple, places.tolist()), strict=True))


def test_many_rough_positions_make_one_good_one() -> None:
    random = np.random.default_rng(4)
    model = random.uniform(-1, 1, (60, 3)) * [1, 1, 0.1]
    turn = Rotation.from_euler("xyz", [100, 20, 30], degrees=True).as_matrix()
    local = 80 * model @ turn.T + [5, -3, 60]
    noisy = local + random.normal(0, 1.0, local.shape)
    noisy[7] += [40, -60, 20]  # one is quite wrong
    found = positioned(*by_photo(model, degrees(noisy)))
    assert found is not None
    assert found.crs == "EPSG:32650"
    scale = np.cbrt(np.linalg.det(found.local_from_model[:3, :3]))
    assert scale == pytest.approx(80, rel=0.01)
    assert 0.5 < found.rms_m < 4
    assert 0.001 < found.scale_error < 0.02
    off = Rotation.from_matrix(found.local_from_model[:3, :3] / scale @ turn.T).magnitude()
    assert np.degrees(off) < 1
    assert positioned(*by_photo(model[:4], degrees(noisy[:4]))) is None
    assert positioned(*by_photo(np.zeros((9, 3)), degrees(np.zeros((9, 3))))) is None


def test_photos_place_the_model_on_earth(solved: Solved, tmp_path: Path) -> None:
    cameras = solved.photographed.truth.cameras
    east_north_up = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
    places = degrees(np.array([cameras[photo.name].centre for photo in solved.taken]) @ east_north_up.T)
    photos = tuple(
        replace(photo, gps=(latitude, longitude, height))
        for photo, (longitude, latitude, height) in zip(solved.taken, places, strict=True)
    )
    told = Silent()
    made = align.build(
        replace(solved.taken, photos=photos),
        solved.cameras,
        Targets.none(),
        None,
        align.AlignOptions(),
        scratch=tmp_path,
        progress=told,
    )
    assert (made.frame.unit, made.frame.up_source) == ("metre", "gps")
    there = made.frame.georeference
    assert there is not None
    assert there.crs == "EPSG:32650"
    assert ["EPSG:32650" in warning for warning in told.warnings] == [True]
    centres = {view.name: view.centre for view in made.views}
    placed = np.array([centres[photo.name] for photo in photos]) @ there.survey_from_world[:3, :3].T
    np.testing.assert_allclose(placed + there.survey_from_world[:3, 3], utm(places, "EPSG:32650"), atol=0.003)
    up = there.survey_from_world[:3, :3] @ [0, 1, 0]
    assert up[2] / np.linalg.norm(up) > np.cos(np.radians(0.3))
    plain = align.build(
        replace(solved.taken, photos=photos),
        solved.cameras,
        Targets.none(),
        None,
        align.AlignOptions(gps=False),
        scratch=tmp_path,
        progress=Silent(),
    )
    assert plain.frame.unit == "arbitrary"
    assert plain.frame.georeference is None
