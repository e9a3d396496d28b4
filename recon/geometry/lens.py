"""Whether photos that share a camera really fit one lens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pycolmap
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_MOST_POINTS = 1000  # of a photo, evenly chosen: enough for one focal length
_FARTHEST_PX = 4.0  # an error counts as this at most


@dataclass(frozen=True, slots=True)
class OwnFocal:
    """What one photo gains if it need not share its camera's focal length."""

    change: float  # ln of its own focal length over the shared one
    gain: float  # share by which the rms reprojection error falls, 0..1


def own_focal(pixels: FloatArray, points: FloatArray, cam_from_world: FloatArray, camera: pycolmap.Camera) -> OwnFocal:
    """The focal length that fits one photo best, its pose being free and the points fixed.

    pixels (N, 2) show points (N, 3); cam_from_world (3, 4). The points come from all photos. So where one photo is of
    another zoom, its own focal length explains it better; where all are of one zoom, it changes next to nothing
    (less than 0.3 % on real and rendered photos).
    """
    step = max(1, len(pixels) // _MOST_POINTS)
    pixels, points = pixels[::step], points[::step]
    own = pycolmap.Camera(model=camera.model, width=camera.width, height=camera.height, params=camera.params)
    options = pycolmap.AbsolutePoseRefinementOptions()
    options.refine_focal_length = True
    options.refine_extra_params = False
    pose = pycolmap.Rigid3d(cam_from_world)
    found = pycolmap.refine_absolute_pose(pose, pixels, points, np.ones(len(pixels), bool), own, options)
    before = _rms(pixels, points, pose, camera)
    if found is None or before == 0:
        return OwnFocal(0.0, 0.0)
    after = _rms(pixels, points, found["cam_from_world"], own)
    change = float(np.log(own.mean_focal_length() / camera.mean_focal_length()))
    return OwnFocal(change, max(0.0, 1 - after / before))


def _rms(pixels: FloatArray, points: FloatArray, pose: pycolmap.Rigid3d, camera: pycolmap.Camera) -> float:
    error = np.linalg.norm(camera.img_from_cam(pose * points) - pixels, axis=1)
    error = np.where(np.isfinite(error), np.minimum(error, _FARTHEST_PX), _FARTHEST_PX)
    return float(np.sqrt(np.mean(error**2)))
