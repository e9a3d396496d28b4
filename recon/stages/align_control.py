"""Ground control points: the model is laid on them, adjusted with them, and judged by each of them left out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np
import pycolmap

from recon.errors import BadControl
from recon.formats import control_points
from recon.formats.control_points import ControlFile, ControlPoint
from recon.geometry import control, targets
from recon.geometry.positioning import Position, similarity
from recon.messages import Message
from recon.progress import Progress
from recon.types import Check, FloatArray, PhotoSet, Targets

_SEEN_BY = 2  # photos that give a point a place
_FARTHEST = 0.004  # of a photo's longer side: a mark farther off than this is on something else
_PARTS = 6  # adjustments in which each point is left out once
_INDEPENDENT = 5  # points of a photo with errors of their own
_MOST_TIMES = 50
_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Controlled:
    model: pycolmap.Reconstruction  # adjusted; metres, +X east, +Y north, +Z up
    local_from_model: FloatArray  # (4, 4) similarity: of the model before it was adjusted
    position: Position
    source: Message  # how scale is known
    checks: tuple[Check, ...]
    check_m: float | None  # rms of those that were used


@dataclass(frozen=True, slots=True)
class _Seen:
    """A point in the model."""

    place: FloatArray  # (3,) measured, local
    point: FloatArray  # (3,) by its photos
    marks: Mapping[str, FloatArray]  # (2,) px by photo; none of a coded target
    pixel: float  # what a pixel is at the point, in the model's unit


def found(source: Path, told: str) -> tuple[ControlFile | None, str]:
    """The file of control points that `align.control` names, or that lies with the photos; and its fingerprint.

    Raises BadControl where it cannot be read.
    """
    if told.lower() == "none":
        return None, ""
    if told:
        at = next((path for path in (source / told, Path(told)) if path.is_file()), None)
        if at is None:
            raise BadControl("control_missing", file=told)
    else:
        near = [source, *sorted(path for path in source.iterdir() if path.is_dir())]
        names = [[path for path in folder.iterdir() if control_points.is_control(path)] for folder in near]
        ranked = sorted((path for paths in names for path in paths), key=_rank)
        if not ranked:
            return None, ""
        at = ranked[0]
    return control_points.read(at), hashlib.sha256(at.read_bytes()).hexdigest()


def _rank(path: Path) -> tuple[int, str]:
    return control_points.NAMES.index(path.name.lower()), str(path)


def controlled(
    model: pycolmap.Reconstruction, taken: PhotoSet, placed: Targets, file: ControlFile, progress: Progress
) -> Controlled | None:
    """None, with a warning, where the file's points do not place the model."""
    located = file.located() if any(point.place is not None for point in file.points) else None
    seen = {} if located is None else _seen(model, taken, placed, file, located.local, progress)
    if located is None or len(seen) < control.FEWEST:
        measured = sum(point.place is not None for point in file.points)
        values = {"file": file.name, "count": len(file.points), "measured": measured, "seen": len(seen)}
        progress.warn(Message("warning.control_few", **values))
        return None
    names = list(seen)
    source, target = (np.array([getattr(each, key) for each in seen.values()]) for key in ("point", "place"))
    rough = control.laid(source, target, 0.0)
    pixel = float(np.median([each.pixel for each in seen.values() if each.marks] or [0.0]))
    laid = None if rough is None else control.laid(source, target, _scale(rough.target_from_source) * pixel)
    if laid is None:
        progress.warn(Message("warning.control_line", file=file.name, names=names[:_MOST_NAMED]))
        return None
    pose = laid.target_from_source
    level = _moved(model, pose)
    seen = {name: replace(each, point=_at(pose, each.point)) for name, each in seen.items()}
    good = {name: seen[name] for name, kept in zip(names, laid.good, strict=True) if kept}
    focal = all(photo.focal_px is None for photo in taken)  # what EXIF says has been weighed already
    errors = _left_out(level, good, focal=focal)
    adjusted = _adjusted(level, good, focal=focal)
    wrong = {name: _error(adjusted, each) for name, each in seen.items() if name not in good}
    for name, error in wrong.items():
        progress.warn(Message("warning.control_wrong", name=name, error=error, file=file.name))
    rms = _rms(errors) if errors else None
    crs = Message("control.own_system") if located.crs is None else located.crs
    if rms is None:
        progress.warn(Message("warning.control_alone", file=file.name, count=len(good), crs=crs))
    else:
        worst = max(errors, key=errors.__getitem__)
        values = {"count": len(good), "rms": rms, "worst": worst, "most": errors[worst]}
        progress.warn(Message("warning.control_used", file=file.name, crs=crs, **values))
    fit = float(np.sqrt(np.mean(laid.off[laid.good] ** 2)))
    position = Position(np.eye(4), located.survey_from_local, located.crs, {}, fit if rms is None else rms, 0.0, 0.0)
    checks = [Check("control", name, error) for name, error in errors.items()]
    checks += [Check("control", name, error, used=False) for name, error in wrong.items()]
    return Controlled(adjusted, pose, position, Message("scale.control", count=len(good)), tuple(checks), rms)


def _seen(
    model: pycolmap.Reconstruction,
    taken: PhotoSet,
    placed: Targets,
    file: ControlFile,
    local: Mapping[str, FloatArray],
    progress: Progress,
) -> dict[str, _Seen]:
    """The file's points that have a place both on the ground and in the model."""
    images = {image.name: image for image in model.images.values() if image.has_pose}
    photo_of = _names(photo.name for photo in taken)
    of_targets = dict(zip(map(str, placed.numbers.tolist()), placed.points, strict=True))
    unknown = sorted({mark.photo for p in file.points for mark in p.marks if _key(mark.photo) not in photo_of})
    if unknown:
        values = {"file": file.name, "count": len(unknown), "names": unknown[:_MOST_NAMED]}
        progress.warn(Message("warning.control_photos", **values))
    seen: dict[str, _Seen] = {}
    lost: list[str] = []
    for point in file.points:
        if point.place is None:
            continue
        marks = _marks(point, images, photo_of, progress)
        made = _intersection(marks, images)
        if made is not None:
            where, agreeing, pixel = made
            for photo in sorted(marks.keys() - agreeing.keys()):
                progress.warn(Message("warning.control_mark", point=point.name, photo=photo))
            seen[point.name] = _Seen(local[point.name], where, agreeing, pixel)
        elif point.name in of_targets and not point.marks:
            seen[point.name] = _Seen(local[point.name], of_targets[point.name], {}, 0.0)
        else:
            lost.append(point.name)
    if lost:
        progress.warn(Message("warning.control_lost", file=file.name, names=lost[:_MOST_NAMED], count=len(lost)))
    return seen


def _names(photos: Iterable[str]) -> dict[str, str]:
    """Photos by what a file may call them: the path, the name alone where there is one such photo; case does not
    count.
    """
    by: dict[str, str] = {}
    twice: set[str] = set()
    for photo in photos:
        short = _key(PurePosixPath(photo).name)
        if short in by:
            twice.add(short)
        by[short] = photo
        by[_key(photo)] = photo
    return {key: photo for key, photo in by.items() if key not in twice or key == _key(photo)}


def _key(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./").casefold()


def _marks(
    point: ControlPoint, images: Mapping[str, pycolmap.Image], photo_of: Mapping[str, str], progress: Progress
) -> dict[str, FloatArray]:
    """Where placed photos show the point, (2,) px."""
    marks: dict[str, FloatArray] = {}
    for mark in point.marks:
        name = photo_of.get(_key(mark.photo), "")
        if name in images:
            camera = images[name].camera
            at = np.array(mark.pixel(camera.width, camera.height), np.float64)
            if np.all((at >= 0) & (at <= [camera.width, camera.height])):
                marks[name] = at
            else:
                values = {"point": point.name, "photo": name, "width": camera.width, "height": camera.height}
                progress.warn(Message("warning.control_outside", **values))
    return marks


def _intersection(
    marks: Mapping[str, FloatArray], images: Mapping[str, pycolmap.Image]
) -> tuple[FloatArray, dict[str, FloatArray], float] | None:
    """The place (3,) that photos show, the marks that agree on it, and what a pixel is there."""
    if len(marks) < _SEEN_BY:
        return None
    shown = [images[name] for name in marks]
    rays = np.array([image.camera.cam_from_img(at) for image, at in zip(shown, marks.values(), strict=True)])
    poses = np.array([image.cam_from_world().matrix() for image in shown])
    focal = np.array([image.camera.mean_focal_length() for image in shown])
    farthest = _FARTHEST * max(max(image.camera.width, image.camera.height) for image in shown)
    made = targets.intersection(rays.reshape(-1, 2), poses, focal, least=_SEEN_BY, farthest_px=farthest)
    if made is None:
        return None
    where, off = made
    agreeing = {name: marks[name] for name, error in zip(marks, off, strict=True) if np.isfinite(error)}
    return where, agreeing, float(np.median((poses[:, 2, :3] @ where + poses[:, 2, 3]) / focal))


def _moved(model: pycolmap.Reconstruction, pose: FloatArray) -> pycolmap.Reconstruction:
    """A copy of the model after a similarity (4, 4)."""
    moved = pycolmap.Reconstruction(model)
    scale = _scale(pose)
    moved.transform(pycolmap.Sim3d(scale, pycolmap.Rotation3d(pose[:3, :3] / scale), pose[:3, 3]))
    return moved


def _scale(pose: FloatArray) -> float:
    return float(np.cbrt(np.linalg.det(pose[:3, :3])))


def _at(pose: FloatArray, point: FloatArray) -> FloatArray:
    return np.asarray(pose[:3, :3] @ point + pose[:3, 3])


def _error(model: pycolmap.Reconstruction, point: _Seen) -> float:
    """Metres between the point's measured place and where the photos of a model show it."""
    made = _intersection(point.marks, {image.name: image for image in model.images.values() if image.has_pose})
    return float(np.linalg.norm((point.point if made is None else made[0]) - point.place))


def _rms(errors: Mapping[str, float]) -> float:
    return float(np.sqrt(np.mean(np.square(list(errors.values())))))


def _adjusted(level: pycolmap.Reconstruction, points: Mapping[str, _Seen], *, focal: bool) -> pycolmap.Reconstruction:
    """A copy of the model, adjusted with these points held where they were measured; focal: with free focal lengths.

    The photos' own points are many, but their errors are alike: each mark counts as many times as makes up for that.
    """
    model = pycolmap.Reconstruction(level)
    if not any(point.marks for point in points.values()):
        return model
    by_name = {image.name: image for image in model.images.values() if image.has_pose}
    before = {name: len(image.points2D) for name, image in by_name.items()}
    times = int(np.clip(model.compute_num_observations() / (_INDEPENDENT * len(by_name)), 1, _MOST_TIMES))
    held = []
    for point in [point for point in points.values() if point.marks] * times:
        track = pycolmap.Track()
        for name, at in point.marks.items():
            image = by_name[name]
            image.points2D.append(pycolmap.Point2D(at))
            track.add_element(image.image_id, len(image.points2D) - 1)
        held.append(model.add_point3D(point.place, track))
    config = pycolmap.BundleAdjustmentConfig()
    for image in by_name.values():
        config.add_image(image.image_id)
    for camera in model.cameras.values():
        if camera.model == pycolmap.CameraModelId.SIMPLE_RADIAL:  # seen by few photos: it keeps its lens
            config.set_constant_cam_intrinsics(camera.camera_id)
    for point_id in held:
        config.add_constant_point(point_id)
    options = pycolmap.BundleAdjustmentOptions()
    options.print_summary = False
    options.refine_principal_point = True
    options.refine_focal_length = focal
    options.ceres.solver_options.function_tolerance = 1e-7
    options.ceres.loss_function_type = pycolmap.LossFunctionType.CAUCHY
    pycolmap.create_default_bundle_adjuster(options, config, model).solve()
    for point_id in held:
        model.delete_point3D(point_id)
    for name, image in by_name.items():
        del image.points2D[before[name] :]
    model.update_point_3d_errors()
    return model


def _left_out(level: pycolmap.Reconstruction, points: Mapping[str, _Seen], *, focal: bool) -> dict[str, float]:
    """By point: metres between its measured place and where the photos put it in a model that does not know it."""
    if len(points) <= control.FEWEST:
        return {}
    names = list(points)
    errors: dict[str, float] = {}
    parts = min(_PARTS, len(names))
    for part in range(parts):
        out = names[part::parts]
        rest = {name: points[name] for name in names if name not in out}
        places = np.array([each.place for each in rest.values()])
        if control.on_a_line(places):
            continue
        pose = similarity(np.array([each.point for each in rest.values()]), places, np.ones(len(rest)))
        adjusted = _adjusted(_moved(level, pose), rest, focal=focal)
        errors |= {name: _error(adjusted, replace(points[name], point=_at(pose, points[name].point))) for name in out}
    return {name: errors[name] for name in names if name in errors}
