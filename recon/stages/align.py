"""Align: upright, centred, standing on y = 0, with the front towards +Z, in metres where a scale is known; and the
undistorted views.

Up is found from the photographers' horizon: people hold cameras level, so the pictures' x axes lie in the horizontal
plane, and up is the direction in which they vary least. If no scale is known, the model is marked as unscaled and only
normalised.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import pycolmap

from recon.errors import BadOptions, check_room
from recon.formats.control_points import ControlFile
from recon.geometry.ground import find_ground
from recon.geometry.positioning import Position, positioned
from recon.messages import Message
from recon.progress import Progress
from recon.stages import align_control, align_scale
from recon.stages.align_control import Controlled
from recon.stages.align_scale import Scaled
from recon.types import ByteArray, Cameras, FloatArray, Frame, Georeference, PhotoSet, SparseModel, Targets, View

VERSION = 4

LEVEL_SPREAD = 0.35  # rms sine of the x axes' angle to the horizon; above it the cameras were not held level


@dataclass(frozen=True, kw_only=True)
class AlignOptions:
    bars: str = ""  # "12-13=0.5, 40-41=0.2": metres between coded targets' middles; empty: those of printed bars
    length: str = ""  # "x y z, x y z, 0.35": two points of the model without scale, and metres between them
    baseline: str = ""  # "A.jpg,B.jpg,1.25": these two photos' cameras stood 1.25 m apart
    ground: Literal["none", "stand", "cut"] = "none"  # find the plane that it stands on; "cut" also removes that plane
    control: str = ""  # file of ground control points; empty: that of a usual name with the photos; none: no file
    gps: bool = True  # take scale, up and place on Earth from the photos' satellite positions, where these suffice
    front: str = ""  # this photo's side faces +Z; empty: the side that most photos were taken from
    hold_out: tuple[str, ...] = ()  # photos that are placed but kept from depth and texture, to judge the model by
    max_side: int = 3200  # px; the undistorted views are made no larger than this


def build(
    taken: PhotoSet,
    cameras: Cameras,
    placed: Targets,
    control: ControlFile | None,
    options: AlignOptions,
    *,
    scratch: Path,
    progress: Progress,
) -> SparseModel:
    """Write the aligned COLMAP model to scratch/model and the undistorted views to scratch/views."""
    model = pycolmap.Reconstruction(cameras.folder)
    progress.start(len(cameras.registered), "photo")
    held = None if control is None else align_control.controlled(model, taken, placed, control, progress)
    if held is not None:
        model = held.model
        pose = held.local_from_model
        placed = replace(placed, points=placed.points @ pose[:3, :3].T + pose[:3, 3])
    images = sorted((i for i in model.images.values() if i.has_pose), key=lambda i: i.name)
    frame = _align(model, taken, placed, held, options, progress)
    shutil.rmtree(scratch / "model", ignore_errors=True)
    (scratch / "model").mkdir()
    check_room(scratch)
    model.write(scratch / "model")

    ids = {point_id: index for index, point_id in enumerate(model.points3D)}
    points = list(model.points3D.values())
    views, observations = [], []
    for image in images:
        if image.name not in options.hold_out:
            views.append(_undistort(taken, image, scratch / "views", options))
            seen = [ids[p.point3D_id] for p in image.points2D if p.has_point3D()]
            observations.append(np.unique(np.array(seen, np.int32)))
        progress.advance()
    return SparseModel(
        folder=scratch / "model",
        views=tuple(views),
        points=np.array([p.xyz for p in points], np.float64).reshape(-1, 3),
        point_colors=np.array([p.color for p in points], np.uint8).reshape(-1, 3),
        point_errors_px=np.array([p.error for p in points], np.float64),
        observations=tuple(observations),
        frame=frame,
        reprojection_px=float(model.compute_mean_reprojection_error()),
        registered=cameras.registered,
        missing=cameras.missing,
        held_out=tuple(i.name for i in images if i.name in options.hold_out),
    )


def _align(
    model: pycolmap.Reconstruction,
    taken: PhotoSet,
    placed: Targets,
    held: Controlled | None,
    options: AlignOptions,
    progress: Progress,
) -> Frame:
    """Move the model into the world frame; say what that frame means."""
    poses = {i.name: i.cam_from_world().matrix() for i in model.images.values() if i.has_pose}
    world_from_cam = np.array([pose[:, :3].T for pose in poses.values()])
    centres = np.array([-pose[:, :3].T @ pose[:, 3] for pose in poses.values()])
    points = np.array([p.xyz for p in model.points3D.values()])
    up, level = upright(world_from_cam)
    position = positioned(dict(zip(poses, centres, strict=True)), taken.degrees()) if options.gps else None
    satellites = position = position if position is not None and position.sure else None
    if held is not None:
        position = held.position
    if position is not None:
        up = position.local_from_model[2, :3] / np.linalg.norm(position.local_from_model[2, :3])
    elif not level and options.ground == "none":
        progress.warn(Message("warning.no_horizon"))
    ground = find_ground(points, up) if options.ground != "none" else None
    up_source = "control" if held is not None else "gps" if position is not None else "photos" if level else "none"
    if ground is not None and (position is None or options.ground == "cut"):
        up, up_source = ground[0], "ground"
    elif ground is None and options.ground != "none":
        progress.warn(Message("warning.no_ground"))
    if options.front and options.front not in poses:
        raise BadOptions("front_unknown", name=options.front)
    sides = centres[list(poses).index(options.front)][None] if options.front else centres
    north = None if position is None else position.local_from_model[1, :3]
    rotation = _facing(up, sides - np.median(points, axis=0), north)
    turned = points @ rotation.T
    above = turned if ground is None else turned[turned[:, 1] > ground[1] + 2 * ground[2]]
    low, high = np.percentile(above, [1, 99], axis=0)
    floor = low[1] if ground is None else ground[1]
    unscaled = 1.0 / float(np.max(high - low))
    known = align_scale.Known(options.bars, options.length, options.baseline)
    by_control = None if held is None else Scaled(1.0, held.source, held.check_m, held.checks)
    scaled = align_scale.scale(known, poses, placed, by_control, satellites, unscaled, progress)
    if scaled is None:
        progress.warn(Message("warning.no_scale"))
    scale = unscaled if scaled is None else scaled.metres_per_unit
    origin = np.array([(low[0] + high[0]) / 2, floor, (low[2] + high[2]) / 2])
    model.transform(pycolmap.Sim3d(scale, pycolmap.Rotation3d(rotation), -scale * origin))
    cut = scale * ground[2] if ground is not None and options.ground == "cut" else None
    if scaled is None:
        return Frame("arbitrary", None, up_source, cut)
    there = None
    if position is not None:
        there = _georeference(position, rotation, scale, origin, centres)
        if held is None:
            progress.warn(Message("warning.georeferenced", crs=position.crs, rms=position.rms_m))
    return Frame("metre", scaled.source.text(), up_source, cut, scaled.check_m, there, scaled.checks, scaled.source)


def _georeference(
    position: Position, rotation: FloatArray, scale: float, origin: FloatArray, centres: FloatArray
) -> Georeference:
    """Of the world frame, whose scale may be known better than satellites tell: the cameras' middle stays."""
    turn = position.local_from_model[:3, :3]
    middle = centres.mean(axis=0)
    local_from_world = np.eye(4)
    local_from_world[:3, :3] = turn / np.cbrt(np.linalg.det(turn)) @ rotation.T
    there = turn @ middle + position.local_from_model[:3, 3]
    local_from_world[:3, 3] = there - local_from_world[:3, :3] @ (scale * (rotation @ middle - origin))
    return Georeference(position.survey_from_local @ local_from_world, position.crs)


def upright(world_from_cam: FloatArray) -> tuple[FloatArray, bool]:
    """Unit vector up in the world, and whether the photos agree on it. (N, 3, 3) rotations, columns are camera axes."""
    right, down, forward = world_from_cam[:, :, 0], world_from_cam[:, :, 1], world_from_cam[:, :, 2]
    values, vectors = np.linalg.eigh(right.T @ right / len(right))
    up = vectors[:, 0]
    # Photos from one spot of the horizon leave a second free axis; of that plane the cameras' own up is the best guess.
    if values[1] < 0.02:
        plane = vectors[:, :2]
        up = plane @ (plane.T @ -down.mean(axis=0))
        up /= np.linalg.norm(up)
    # Photos taken straight down do not show which way is up: there, up is opposite to the view.
    if up @ (-down.mean(axis=0) - 0.5 * forward.mean(axis=0)) < 0:
        up = -up
    return up, bool(np.sqrt(np.mean((right @ up) ** 2)) < LEVEL_SPREAD)


def _facing(up: FloatArray, towards_cameras: FloatArray, north: FloatArray | None) -> FloatArray:
    """Rotation (3, 3) target_from_world with `up` to +Y and the photographers' side to +Z; without such a side north,
    where that is known, to -Z.
    """
    mean = towards_cameras.mean(axis=0)
    if np.linalg.norm(mean - (mean @ up) * up) < 0.2 * np.linalg.norm(towards_cameras, axis=1).mean():
        mean = towards_cameras[0] if north is None else -north  # all round: the first photo's side is the front
    front = mean - (mean @ up) * up
    front = front / np.linalg.norm(front) if np.linalg.norm(front) > 1e-9 else np.linalg.svd(up[None])[2][1]
    return np.array([np.cross(up, front), up, front])


def _undistort(taken: PhotoSet, image: pycolmap.Image, folder: Path, options: AlignOptions) -> View:
    """The photo as a pinhole camera would have taken it; a picture that a killed run already wrote is kept."""
    photo = next(p for p in taken if p.name == image.name)
    path = folder / f"{photo.path.stem}.jpg"
    undistortion = pycolmap.UndistortCameraOptions()
    undistortion.max_image_size = options.max_side
    camera = pycolmap.undistort_camera(undistortion, image.camera)
    if not path.exists():
        picture = pycolmap.Bitmap.read(photo.path, True)
        flat, camera = pycolmap.undistort_image(undistortion, picture, image.camera)
        write_jpeg(path, flat.to_array())
    mask = None if photo.mask is None else _undistorted_mask(photo.mask, undistortion, image.camera, path)
    k, pose = camera.calibration_matrix(), image.cam_from_world().matrix()
    return View(photo.name, path, camera.width, camera.height, k, pose, mask, photo.outlined)


def _undistorted_mask(
    mask: Path, undistortion: pycolmap.UndistortCameraOptions, camera: pycolmap.Camera, view: Path
) -> Path:
    """A photo's mask as the view's pinhole camera sees it."""
    path = view.with_suffix(".mask.png")
    if not path.exists():
        flat, _ = pycolmap.undistort_image(undistortion, pycolmap.Bitmap.read(mask, False), camera)
        grey = flat.to_array()
        draft = path.with_suffix(".draft")
        draft.write_bytes(cv2.imencode(".png", np.where(grey > 127, 255, 0).astype(np.uint8))[1].tobytes())
        draft.replace(path)
    return path


def write_jpeg(path: Path, rgb: ByteArray) -> None:
    """Write a nearly lossless JPEG. The file appears only when it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    quality = [cv2.IMWRITE_JPEG_QUALITY, 97, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    done, data = cv2.imencode(".jpg", np.ascontiguousarray(rgb[..., ::-1]), quality)
    if not done:
        raise OSError(f"{path} could not be encoded")
    draft = path.with_suffix(".draft")
    draft.write_bytes(data.tobytes())
    draft.replace(path)
