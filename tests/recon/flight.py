"""A flat field seen from above, in arrays: cameras, marks and places, without pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pycolmap
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation
from truth import degrees

from recon.stages import sparse, sparse_lens
from recon.types import Photo, PhotoSet

FloatArray = NDArray[np.float64]


WIDTH, HEIGHT, FOCAL = 2000, 1125, 1170.0
ABOVE = 40.0  # metres over the field


@dataclass(frozen=True)
class Flight:
    model: pycolmap.Reconstruction
    taken: PhotoSet
    places: dict[int, FloatArray]  # (3,) metres east, north, up of truth.DEHUA, by the number of the model's point


def flown() -> Flight:
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
    return Flight(free, taken, dict(zip(ids, points, strict=True)))
