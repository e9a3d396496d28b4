"""What settles lens and shape where photos alone leave them open: EXIF's focal length and satellite positions.

Seen from above, a flat scene looks the same from twice as high with twice the focal length, and a lens with a little
more distortion bends it into a bowl. What the photos do determine, they still do: both weigh by their own errors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy

import numpy as np
import pycolmap

from recon.geometry.positioning import Position, positioned
from recon.types import PhotoSet

_INDEPENDENT = 10  # errors of a photo: what a lens leaves unexplained is smooth across the picture, however many points
_NEAR = 0.2  # of EXIF's error: a solved focal length so near to EXIF's stays
_DETERMINED = 0.9  # of the weight; where photos have more of it, they know better than EXIF's rounded number
_MOVES = 0.002  # ln of a change of focal length that is worth an adjustment
_TRIAL_ROUNDS = 30
_LEAST_GAIN = 0.01  # share by which more terms of a lens must lessen the cost, to be more than noise
_DOWN = -0.7  # mean of the views' upward part, below which they were taken from the air
_BAROMETER = 1 / 2  # error of heights over that of places there: aircraft measure heights by air pressure too
_HUBER = 1.345  # standard deviations from which on a satellite position weighs less


def settle(
    model: pycolmap.Reconstruction,
    taken: PhotoSet,
    cameras: Sequence[int],
    adjustment: pycolmap.BundleAdjustmentOptions,
    *,
    focal_error: float,
    satellites: bool,
) -> pycolmap.Reconstruction:
    """The model, adjusted once more where EXIF or satellites know what its photos do not; its points stay the same.

    cameras: those whose lens is free. focal_error: share by which EXIF's focal lengths may be wrong (one standard
    deviation); 0 leaves them out. The lens of other cameras stays.
    """
    stated_of = {photo.name: photo.focal_px for photo in taken}
    stated = {
        image.camera_id: focal
        for image in model.images.values()
        if image.has_pose and image.camera_id in cameras and (focal := stated_of[image.name]) is not None
    }
    position = _position(model, taken) if satellites else None
    fixed = set(model.cameras) - set(cameras)
    if position is not None:
        model = _adjusted(model, adjustment, fixed, position)
    if focal_error <= 0:
        return model
    solved = {each: model.cameras[each].mean_focal_length() for each in stated}
    if all(abs(np.log(solved[each] / stated[each])) < _NEAR * focal_error for each in stated):
        return model
    trial = _adjusted(_with_focals(model, stated), adjustment, fixed, position, focal=False, rounds=_TRIAL_ROUNDS)
    free_cost, stated_cost = _costs(model), _costs(trial)
    best: dict[int, float] = {}
    for each, focal in stated.items():
        off = float(np.log(solved[each] / focal))
        count = sum(image.has_pose and image.camera_id == each for image in model.images.values())
        loss = _INDEPENDENT * count * max(0.0, stated_cost[each] / max(free_cost[each], 1e-12) - 1)
        known = 1 / focal_error**2  # 1 / variance of ln(focal length), by EXIF; by the photos it is loss / off**2
        by_photos = loss / (loss + known * off**2) if off else 1.0
        best[each] = solved[each] if by_photos > _DETERMINED else focal * float(np.exp(off * by_photos))
    if all(abs(np.log(best[each] / solved[each])) < _MOVES for each in best):
        return model
    return _adjusted(_with_focals(model, best), adjustment, fixed, position, focal=False)


def with_all_terms(
    model: pycolmap.Reconstruction, cameras: Sequence[int], adjustment: pycolmap.BundleAdjustmentOptions
) -> pycolmap.Reconstruction | None:
    """A copy of the model whose lenses have two focal lengths and tangential terms too, adjusted; None where these
    explain next to nothing.
    """
    changed = pycolmap.Reconstruction(model)
    for each in cameras:
        camera = changed.cameras[each]
        focal, x, y, k1, k2 = camera.params
        camera.model = pycolmap.CameraModelId.OPENCV
        camera.params = [focal, focal, x, y, k1, k2, 0, 0]
    changed = _adjusted(changed, adjustment, set(model.cameras) - set(cameras), None)
    before, after = _costs(model), _costs(changed)
    gain = 1 - sum(after[each] for each in cameras) / max(sum(before[each] for each in cameras), 1e-12)
    return changed if gain > _LEAST_GAIN else None


def _position(model: pycolmap.Reconstruction, taken: PhotoSet) -> Position | None:
    centres = {image.name: image.projection_center() for image in model.images.values() if image.has_pose}
    found = positioned(centres, taken.degrees())
    return found if found is not None and found.sure else None


def _with_focals(model: pycolmap.Reconstruction, focals: Mapping[int, float]) -> pycolmap.Reconstruction:
    """A copy of the model whose cameras have these focal lengths; a camera's two keep their ratio."""
    changed = pycolmap.Reconstruction(model)
    for each, focal in focals.items():
        camera = changed.cameras[each]
        params = camera.params.copy()
        indices = list(camera.focal_length_idxs())
        params[indices] *= focal / camera.mean_focal_length()
        camera.params = params
    return changed


def _adjusted(
    model: pycolmap.Reconstruction,
    adjustment: pycolmap.BundleAdjustmentOptions,
    fixed: set[int],
    position: Position | None,
    *,
    focal: bool = True,
    rounds: int = 100,
) -> pycolmap.Reconstruction:
    """A copy of the model after bundle adjustment, with `position` held by the satellites, as near as these agree."""
    changed = pycolmap.Reconstruction(model)
    images = [image for image in changed.images.values() if image.has_pose]
    options = deepcopy(adjustment)
    options.refine_focal_length = focal
    options.ceres.solver_options.max_num_iterations = rounds
    config = pycolmap.BundleAdjustmentConfig()
    for image in images:
        config.add_image(image.image_id)
    for camera in fixed:
        config.set_constant_cam_intrinsics(camera)
    if position is None:
        config.fix_gauge(pycolmap.BundleAdjustmentGauge.TWO_CAMS_FROM_WORLD)
        adjuster = pycolmap.create_default_bundle_adjuster(options, config, changed)
    else:
        scale = float(np.cbrt(np.linalg.det(position.local_from_model[:3, :3])))
        turn = pycolmap.Rotation3d(position.local_from_model[:3, :3] / scale)
        changed.transform(pycolmap.Sim3d(scale, turn, position.local_from_model[:3, 3]))
        adjuster = pycolmap.create_pose_prior_bundle_adjuster(
            options, _prior_options(), config, _priors(images, position), changed
        )
    adjuster.solve()
    changed.update_point_3d_errors()
    return changed


def _prior_options() -> pycolmap.PosePriorBundleAdjustmentOptions:
    options = pycolmap.PosePriorBundleAdjustmentOptions()
    options.alignment_ransac.random_seed = 0
    options.ceres.prior_position_loss_function_type = pycolmap.LossFunctionType.HUBER
    options.ceres.prior_position_loss_scale = _HUBER
    return options


def _priors(images: Sequence[pycolmap.Image], position: Position) -> list[pycolmap.PosePrior]:
    """Where satellites put each camera, as well as they agree with one another."""
    level = position.rms_m / np.sqrt(3)
    up = level
    if np.mean([image.viewing_direction()[2] for image in images]) < _DOWN:
        up = position.rms_m / np.sqrt(1 + 2 / _BAROMETER**2)
        level = up / _BAROMETER
    priors = []
    for image in images:
        if image.name in position.stated:
            prior = pycolmap.PosePrior()
            prior.corr_data_id = image.data_id
            prior.coordinate_system = pycolmap.PosePriorCoordinateSystem.CARTESIAN
            prior.position = position.stated[image.name]
            prior.position_covariance = np.diag([level, level, up]) ** 2
            priors.append(prior)
    return priors


def _costs(model: pycolmap.Reconstruction) -> dict[int, float]:
    """By camera: what an adjustment with Cauchy's loss of 1 px makes small."""
    costs = dict.fromkeys(model.cameras, 0.0)
    for image in model.images.values():
        if image.has_pose:
            seen = [point for point in image.points2D if point.has_point3D()]
            points = np.array([model.points3D[point.point3D_id].xyz for point in seen]).reshape(-1, 3)
            shown = image.camera.img_from_cam(image.cam_from_world() * points)
            off = np.sum((shown - np.array([point.xy for point in seen]).reshape(-1, 2)) ** 2, axis=1)
            costs[image.camera_id] += float(np.log1p(np.nan_to_num(off, nan=1e4)).sum())
    return costs
