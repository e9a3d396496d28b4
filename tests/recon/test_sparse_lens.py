"""A flat field seen from above: what EXIF and satellite positions add to photos that cannot tell height from lens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pycolmap
import pytest
from scipy.spatial.transform import Rotation
from truth import Solved, degrees

from recon.formats.exif import CameraFacts
from recon.geometry.positioning import positioned
from recon.stages import sparse, sparse_lens
from recon.types import Photo, PhotoSet

WIDTH, HEIGHT, FOCAL = 2000, 1125, 1170.0
ABOVE = 40.0  # metres over the field


@pytest.fixture(scope="module")
def flight() -> tuple[pycolmap.Reconstruction, PhotoSet]:
    """Three strips of six photos straight down, 0.3 px of noise and a lens that no model fits quite; its focal length
    as adjustment without any prior leaves it. EXIF is 2 % off, satellites are 0.5 m.
    """
    random = np.random.default_rng(5)
    model = pycolmap.Reconstruction()
    lens = [FOCAL, FOCAL, WIDTH / 2 + 5, HEIGHT / 2 + 8, 0.015, -0.01, 0, 0]
    camera = pycolmap.Camera(camera_id=1, model="OPENCV", width=WIDTH, height=HEIGHT, params=lens)
    model.add_camera_with_trivial_rig(camera)
    ground = random.uniform(-35, 35, (900, 2))
    points = np.column_stack([ground, 0.4 * np.sin(ground[:, 0] / 6) * np.cos(ground[:, 1] / 8)])
    ids = [model.add_point3D(point, pycolmap.Track()) for point in points]
    photos, centres = [], []
    for number, (x, y) in enumerate((8.0 * i - 20, 14.0 * j - 14) for j in range(3) for i in range(6)):
        turn = Rotation.from_euler("xyz", [180, 0, 180 * (number // 6 % 2)], degrees=True)
        turn *= Rotation.from_rotvec(np.radians(random.normal(0, 1.5, 3)))
        centre = np.array([x, y, ABOVE + random.normal(0, 0.15)])
        pose = np.column_stack([turn.inv().as_matrix(), -turn.inv().apply(centre)])
        seen = camera.img_from_cam(points @ pose[:, :3].T + pose[:, 3])
        inside = np.all((seen > 0) & (seen < [WIDTH, HEIGHT]), axis=1)
        away = (seen[inside] - [WIDTH / 2, HEIGHT / 2]) / FOCAL
        shown = seen[inside] + random.normal(0, 0.3, (inside.sum(), 2))
        shown += 0.6 * np.column_stack([np.sin(5 * away[:, 1]), np.cos(6 * away[:, 0])]) + away**3
        name = f"{number:02d}.jpg"
        image = pycolmap.Image(name, [pycolmap.Point2D(each) for each in shown], 1, number + 1)
        model.add_image_with_trivial_frame(image, pycolmap.Rigid3d(pose))
        for index, point in enumerate(np.flatnonzero(inside)):
            model.add_observation(ids[point], pycolmap.TrackElement(number + 1, index))
        photos.append(Photo(name, Path(name), WIDTH, HEIGHT, 1.02 * FOCAL, "drone", 100.0, 0.5))
        centres.append(centre)
    for point in [i for i, p in model.points3D.items() if p.track.length() < 3]:
        model.delete_point3D(point)
    there = degrees(np.array(centres) + random.normal(0, 0.5, (18, 3)) * [1, 1, 0.4])
    taken = PhotoSet(
        tuple(
            replace(photo, gps=(place[1], place[0], place[2]))
            for photo, place in zip(photos, there.tolist(), strict=True)
        )
    )
    free = sparse_lens._adjusted(model, sparse._adjustment(sparse.SparseOptions()), set(), None)
    return free, taken


def settled(flight: tuple[pycolmap.Reconstruction, PhotoSet], error: float, gps: bool) -> pycolmap.Reconstruction:
    adjustment = sparse._adjustment(sparse.SparseOptions())
    return sparse_lens.settle(*flight, (1,), adjustment, focal_error=error, satellites=gps)


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
    flight: tuple[pycolmap.Reconstruction, PhotoSet],
) -> None:
    free, taken = flight
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
