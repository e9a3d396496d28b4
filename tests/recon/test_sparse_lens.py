"""A flat field seen from above: what EXIF and satellite positions add to photos that cannot tell height from lens."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pycolmap
import pytest
from flight import ABOVE, FOCAL, Flight, flown
from truth import Solved

from recon.formats.exif import CameraFacts
from recon.geometry.positioning import positioned
from recon.stages import sparse, sparse_lens
from recon.types import PhotoSet


@pytest.fixture(scope="module")
def flight() -> Flight:
    return flown()


def settled(flight: Flight, error: float, gps: bool) -> pycolmap.Reconstruction:
    adjustment = sparse._adjustment(sparse.SparseOptions())
    return sparse_lens.settle(flight.model, flight.taken, (1,), adjustment, focal_error=error, satellites=gps)


def height(model: pycolmap.Reconstruction, taken: PhotoSet) -> tuple[float, float]:
    """Metres of the cameras over the field, and by how much the field bends up over 30 m from its middle."""
    centres = {image.name: image.projection_center() for image in model.images.values()}
    position = positioned(centres, taken.degrees())
    assert position is not None
    pose = position.local_from_model
    places = np.array([point.xyz for point in model.points3D.values()]) @ pose[:3, :3].T + pose[:3, 3]
    over = np.array(list(centres.values())) @ pose[2, :3] + pose[2, 3]
    bowl = np.column_stack([(places[:, :2] ** 2).sum(1) / 30**2, places[:, :2], np.ones(len(places))])
    return float(over.mean() - places[:, 2].mean()), float(np.linalg.lstsq(bowl, places[:, 2])[0][0])


def test_exif_tells_the_focal_length_and_satellites_the_shape(
    flight: Flight,
) -> None:
    free, taken = flight.model, flight.taken
    assert free.cameras[1].mean_focal_length() < 0.96 * FOCAL  # what happens without
    made = settled(flight, 0.05, True)
    assert made.cameras[1].mean_focal_length() == pytest.approx(FOCAL, rel=0.01)
    above, bowl = height(made, taken)
    assert above == pytest.approx(ABOVE, rel=0.01)
    assert abs(bowl) < 0.03
    assert made.num_points3D() == free.num_points3D()
    assert settled(flight, 0.0, False) is free


def test_photos_that_tell_their_focal_length_keep_it(solved: Solved) -> None:
    """Photos from all round a relief: EXIF that is a tenth off changes next to nothing."""
    model = pycolmap.Reconstruction(solved.cameras.folder)
    (camera,) = model.cameras.values()
    focal = camera.mean_focal_length()
    wrong = PhotoSet(tuple(replace(photo, focal_px=1.1 * focal) for photo in solved.taken))
    adjustment = sparse._adjustment(sparse.SparseOptions())
    made = sparse_lens.settle(model, wrong, (camera.camera_id,), adjustment, focal_error=0.05, satellites=True)
    assert made.cameras[camera.camera_id].mean_focal_length() == pytest.approx(focal, rel=0.002)


def test_a_wide_picture_is_cut_from_a_whole_sensor() -> None:
    """20 mm in 35 mm terms on a sensor of 1/2.3 inch (4:3), as a drone's 16:9 pictures say: 3.61 mm of 6.25 mm."""
    drone = CameraFacts(focal_mm=3.61, focal_35mm=20)
    assert drone.focal_px(2000, 1125) == pytest.approx(3.61 / 6.25 * 2000, rel=0.01)
    assert drone.focal_px(1125, 2000) == drone.focal_px(2000, 1125) == drone.focal_px(2000, 1500)
    full_frame = CameraFacts(focal_mm=50, focal_35mm=50)
    assert full_frame.focal_px(6000, 3375) == pytest.approx(50 / 36 * 6000, rel=0.01)


def test_terms_that_explain_nothing_are_left_out(flight: Flight) -> None:
    """Photos of a lens that has none of them; stretched by 0.4 %, they need a second focal length."""
    random = np.random.default_rng(3)
    adjustment = sparse._adjustment(sparse.SparseOptions())
    model = pycolmap.Reconstruction(flight.model)
    camera = model.cameras[1]
    focal, _, x, y, k1, k2, _, _ = camera.params
    camera.model, camera.params = pycolmap.CameraModelId.RADIAL, [focal, x, y, k1, k2]
    for image in model.images.values():
        for point in image.points2D:
            if point.has_point3D():
                shown = image.project_point(model.points3D[point.point3D_id].xyz)
                assert shown is not None
                point.xy = shown + random.normal(0, 0.3, 2)
    plain = sparse_lens._adjusted(model, adjustment, set(), None)
    assert sparse_lens.with_all_terms(plain, (1,), adjustment) is None
    for image in plain.images.values():
        for point in image.points2D:
            point.xy = point.xy * [1, 1.004]
    made = sparse_lens.with_all_terms(plain, (1,), adjustment)
    assert made is not None
    assert made.cameras[1].params[1] / made.cameras[1].params[0] == pytest.approx(1.004, abs=5e-4)
