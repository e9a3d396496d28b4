"""The cameras as they were solved, and how well each photo fits: from the COLMAP model of the stage align."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pycolmap


@dataclass(frozen=True, slots=True)
class Lens:
    """A camera that photos share."""

    model: str  # COLMAP's name of the model
    width: int  # px
    height: int
    focal_px: float
    centre_px: tuple[float, float]  # of the principal point from the picture's middle
    distortion: tuple[tuple[str, float], ...]  # (COLMAP's name of the parameter, value)
    photos: int


@dataclass(frozen=True, slots=True)
class PhotoFit:
    name: str
    points: int  # that the photo shares with others
    error_px: float  # rms distance of where it shows them from where they are
    bias_px: float  # length of the mean of these differences: what is left of a photo that does not fit
    held_out: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    lenses: tuple[Lens, ...]
    photos: tuple[PhotoFit, ...]  # in the order of their names

    @property
    def rms_px(self) -> float:
        """Over all observations."""
        counts = np.array([p.points for p in self.photos], np.float64)
        squares = np.array([p.error_px for p in self.photos]) ** 2
        return float(np.sqrt((counts * squares).sum() / max(counts.sum(), 1)))


def read_calibration(folder: Path, held_out: frozenset[str] = frozenset()) -> Calibration:
    model = pycolmap.Reconstruction(folder)
    images = sorted((i for i in model.images.values() if i.has_pose), key=lambda i: i.name)
    counts: dict[int, int] = {}
    for image in images:
        counts[image.camera_id] = counts.get(image.camera_id, 0) + 1
    lenses = tuple(_lens(model.cameras[number], count) for number, count in sorted(counts.items()))
    return Calibration(lenses, tuple(_fit(model, image, image.name in held_out) for image in images))


def _lens(camera: pycolmap.Camera, photos: int) -> Lens:
    names = [name.strip() for name in camera.params_info.split(",")]
    rest = [
        (name, float(value))
        for name, value in zip(names, camera.params, strict=True)
        if name not in ("f", "fx", "fy", "cx", "cy")
    ]
    off = (float(camera.principal_point_x - camera.width / 2), float(camera.principal_point_y - camera.height / 2))
    focal = float(camera.mean_focal_length())
    return Lens(camera.model_name, camera.width, camera.height, focal, off, tuple(rest), photos)


def _fit(model: pycolmap.Reconstruction, image: pycolmap.Image, held_out: bool) -> PhotoFit:
    seen = [point for point in image.points2D if point.has_point3D()]
    if not seen:
        return PhotoFit(image.name, 0, 0.0, 0.0, held_out)
    points = np.array([model.points3D[point.point3D_id].xyz for point in seen])
    pose = image.cam_from_world().matrix()
    shown = np.array(image.camera.img_from_cam(points @ pose[:, :3].T + pose[:, 3]))
    off = shown - np.array([point.xy for point in seen])
    off = off[np.isfinite(off).all(axis=1)]
    return PhotoFit(
        image.name,
        len(seen),
        float(np.sqrt((off**2).sum(axis=1).mean())),
        float(np.linalg.norm(off.mean(axis=0))),
        held_out,
    )
