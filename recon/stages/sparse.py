"""Sparse: where every camera stood and how its lens distorts, with COLMAP's incremental mapper.

The mapper solves with one radial term. A second, self-calibrating adjustment then frees the principal point and two
radial terms where the views support it, and, where that lessens the errors, a second focal length and two tangential
terms; else these only take up noise. On the fountain benchmark this more than halves the camera error (Fraser 1997,
"Digital camera self-calibration"). Where they do not, EXIF and satellite
positions help (sparse_lens.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pycolmap

from recon.errors import NoReconstruction, check_room
from recon.geometry.lens import own_focal
from recon.messages import Message
from recon.progress import Progress
from recon.stages import sparse_chances, sparse_lens
from recon.stages.sparse_diagnosis import weak_spots, why
from recon.types import Cameras, MatchGraph, PhotoSet

VERSION = 6

# Beyond MANY photos all of them are adjusted together when the model has grown by MANY_GROWTH, not by COLMAP's 1.1: the
# cost stays in proportion to the photos, and the last adjustment is of all anyway.
MANY, MANY_GROWTH = 40, 1.4

MIN_PLACED = 3  # photos
# Beyond so many photos the whole is mapped again only where less than a good share of them is placed.
MANY_TO_RETRY, _ENOUGH = 200, 0.9

# What speaks against a solved lens. Photos of one zoom, real and rendered ones, stayed below a fifth of _SPREAD.
_FOCAL_RATIO = 1.25  # between EXIF's and the solved focal length, either way
_BESIDE = 0.1  # of the longer side: how far the lens's axis lies beside the picture's middle
_LEAST_GAIN = 0.01  # share by which a photo's error must fall with a focal length of its own to count
_SPREAD = 0.005  # rms of ln(own / shared focal length)
_FEWEST_SHARING = 3  # photos; fewer do not show which of them differs
_FEWEST_SEEN = 30  # points of a photo that can have a focal length of its own
_MOST_NAMED = 5  # photos in a warning


@dataclass(frozen=True, kw_only=True)
class SparseOptions:
    self_calibrate: bool = True  # free the full lens where the views support it
    min_photos_for_lens: int = 6  # photos of one camera below which its lens keeps one radial term
    loss_scale_px: float = 1.0  # observations with a larger error weigh less (Cauchy)
    max_error_px: float = 2.0  # observations further off than this are dropped
    min_angle_deg: float = 1.5  # points seen under a smaller angle are dropped
    focal_error: float = 0.05  # by which share EXIF's focal length may be wrong (one standard deviation); 0: not used
    retry: bool = True  # try photos that are not placed again: on the final model, with more pairs, all photos at once
    min_matches: int = 15  # verified matches that make a pair of photos, where more pairs are tried
    gps: bool = True  # let the photos' satellite positions, where these suffice, keep the model from bending


def build(taken: PhotoSet, graph: MatchGraph, options: SparseOptions, *, scratch: Path, progress: Progress) -> Cameras:
    """Solve into scratch/model. Raises NoReconstruction when fewer than three photos can be connected."""
    check_room(scratch)
    progress.start(len(taken), "photo")
    solved = _solve(taken, graph, options, scratch, progress)
    model, refined = solved.model, solved.refined
    name_of = {p.path.name: p.name for p in taken}
    for image in model.images.values():
        image.name = name_of[image.name]
    if refined:
        model = sparse_lens.settle(
            model, taken, refined, _adjustment(options), focal_error=options.focal_error, satellites=options.gps
        )
    folder = scratch / "model"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    check_room(scratch)
    model.write(folder)
    placed = {image.name for image in model.images.values() if image.has_pose}
    apart = {name_of[name]: count for name, count in solved.apart.items()}
    missing = [(p.name, why(p, taken, graph, apart)) for p in taken if p.name not in placed]
    progress.advance(max(0, len(placed) - solved.reported))
    progress.fail(len(missing))
    for name, reason in missing:
        progress.warn(Message("warning.not_placed", name=name, reason=reason))
    for warning in (*_lens_warnings(taken, model), *weak_spots(model)):
        progress.warn(warning)
    return Cameras(
        folder,
        tuple(sorted(placed)),
        tuple((name, reason.text()) for name, reason in missing),
        model.num_points3D(),
        float(model.compute_mean_reprojection_error()),
    )


@dataclass(frozen=True, slots=True)
class _Solved:
    model: pycolmap.Reconstruction
    refined: tuple[int, ...]  # cameras whose lens is free
    reported: int  # photos that `progress` has counted
    apart: dict[str, int]  # photos, by COLMAP's names, of models that are not this one, and how many photos those have


def _solve(taken: PhotoSet, graph: MatchGraph, options: SparseOptions, scratch: Path, progress: Progress) -> _Solved:
    """The model that places most photos: the mapper's, that with more pairs, the global mapper's; later ones are made
    only while photos are missing that share something with others, and taken only if they place more.

    Raises NoReconstruction where none places three photos.
    """
    models, reported = _map(taken, graph.database, scratch, progress)
    best = _refined(models, graph.database, options)
    every = {p.path.name for p in taken}
    hoped = {p.path.name for p in taken if graph.matches_of(p.name) > 0}
    worth = len(taken) <= MANY_TO_RETRY or len(_placed(best)) < _ENOUGH * len(hoped)
    if options.retry and worth and (missing := every - _placed(best)):
        database = sparse_chances.with_more_pairs(graph.database, missing, scratch, options.min_matches)
        if database is not None:
            again, _ = _map(taken, database, scratch, None)
            best = _better(best, _refined(again, database, options))
        if hoped - _placed(best):
            database = database or graph.database
            again = sparse_chances.all_at_once(database, taken.photos[0].path.parent, scratch)
            best = _better(best, _refined(again, database, options))
    if best is None:
        raise NoReconstruction("photos_apart", count=len(taken))
    placed = _placed(best)
    apart: dict[str, int] = {}
    for model in sorted(models.values(), key=lambda each: each.num_reg_images()):
        names = {str(image.name) for image in model.images.values() if image.has_pose}
        if not names & placed:
            apart |= dict.fromkeys(names, len(names))
    return _Solved(*best, reported, apart)


_Refined = tuple[pycolmap.Reconstruction, tuple[int, ...]]


def _placed(best: _Refined | None) -> set[str]:
    return set() if best is None else {str(image.name) for image in best[0].images.values() if image.has_pose}


def _better(best: _Refined | None, other: _Refined | None) -> _Refined | None:
    return other if len(_placed(other)) > len(_placed(best)) else best


def _refined(models: Mapping[int, pycolmap.Reconstruction], database: Path, options: SparseOptions) -> _Refined | None:
    """The largest model, with what joins it of the others; None where none has three photos."""
    largest, *parts = sorted(models.values(), key=lambda each: -each.num_reg_images()) or [None]
    if largest is None or largest.num_reg_images() < MIN_PLACED:
        return None
    model = pycolmap.Reconstruction(largest)
    return model, _refine(model, database, options, parts if options.retry else ())


def _map(
    taken: PhotoSet, database: Path, scratch: Path, progress: Progress | None
) -> tuple[dict[int, pycolmap.Reconstruction], int]:
    """COLMAP's models, and how many photos `progress` has counted: those of the first model except its first pair."""
    pipeline = pycolmap.IncrementalPipelineOptions()
    pipeline.random_seed = 0
    pipeline.min_model_size = MIN_PLACED
    pipeline.multiple_models = True
    if len(taken) > MANY:
        pipeline.ba_global_frames_ratio = pipeline.ba_global_points_ratio = MANY_GROWTH
    out = scratch / "mapping"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()

    begun = reported = 0

    def begins() -> None:
        nonlocal begun
        begun += 1

    def placed() -> None:
        nonlocal reported
        if begun == 1 and progress is not None:
            reported += 1
            progress.advance()

    try:
        models: dict[int, pycolmap.Reconstruction] = pycolmap.incremental_mapping(
            database,
            taken.photos[0].path.parent,
            out,
            pipeline,
            initial_image_pair_callback=begins,
            next_image_callback=placed,
        )
        return models, reported
    finally:
        shutil.rmtree(out, ignore_errors=True)


def _refine(
    model: pycolmap.Reconstruction,
    database: Path,
    options: SparseOptions,
    parts: Sequence[pycolmap.Reconstruction] = (),
) -> tuple[int, ...]:
    """Join other models of the same photos, give each well-seen camera its full lens, then adjust, re-triangulate and
    filter until nothing changes; then place photos that fit only now.

    The numbers of the cameras whose lens is free.
    """
    if not options.self_calibrate:
        return ()
    seen = dict.fromkeys(model.cameras, 0)
    for image in model.images.values():
        if image.has_pose:
            seen[image.camera_id] += 1
    free = [camera_id for camera_id, count in seen.items() if count >= options.min_photos_for_lens]
    if not free:
        return ()
    with pycolmap.Database.open(database) as opened:
        cache = pycolmap.DatabaseCache.create(opened, pycolmap.DatabaseCacheOptions())
    mapper = pycolmap.IncrementalMapper(cache)
    mapper.begin_reconstruction(model)
    for camera_id in free:
        camera = model.cameras[camera_id]
        focal, x, y, radial = camera.params
        camera.model = pycolmap.CameraModelId.RADIAL
        camera.params = [focal, x, y, radial, 0]
    mapping = pycolmap.IncrementalMapperOptions()
    mapping.filter_max_reproj_error = options.max_error_px
    mapping.filter_min_tri_angle = options.min_angle_deg
    mapping.constant_cameras = set(model.cameras) - set(free)
    triangulation = pycolmap.IncrementalTriangulatorOptions()
    triangulation.random_seed = 0
    graph = cache.correspondence_graph
    joined = [image for part in parts for image in sparse_chances.join(mapper, graph, part, triangulation)]
    mapper.iterative_global_refinement(5, 0.0005, mapping, _adjustment(options), triangulation, True)
    sparse_chances.drop_unseen(model, joined)
    fuller = sparse_lens.with_all_terms(model, free, _adjustment(options))
    if fuller is not None:
        for camera_id in free:
            model.cameras[camera_id].model = fuller.cameras[camera_id].model
            model.cameras[camera_id].params = fuller.cameras[camera_id].params
        mapper.iterative_global_refinement(2, 0.0005, mapping, _adjustment(options), triangulation, True)
    if options.retry:
        sparse_chances.place_rest(mapper, mapping, _adjustment(options), triangulation)
    mapper.end_reconstruction(False)
    return tuple(free)


def _adjustment(options: SparseOptions) -> pycolmap.BundleAdjustmentOptions:
    adjustment = pycolmap.BundleAdjustmentOptions()
    adjustment.refine_principal_point = True
    adjustment.print_summary = False
    adjustment.ceres.solver_options.function_tolerance = 1e-7  # COLMAP's 0 takes five times as long and gains nothing
    adjustment.ceres.loss_function_type = pycolmap.LossFunctionType.CAUCHY
    adjustment.ceres.loss_function_scale = options.loss_scale_px
    return adjustment


def _lens_warnings(taken: PhotoSet, model: pycolmap.Reconstruction) -> Iterator[Message]:
    """What speaks against the solved lenses: EXIF, an axis beside the picture's middle, photos of different zooms."""
    stated_of = {photo.name: photo.focal_px for photo in taken}
    placed = sorted((image for image in model.images.values() if image.has_pose), key=_name)
    for camera in model.cameras.values():
        images = [image for image in placed if image.camera_id == camera.camera_id]
        if not images:
            continue
        name, count = images[0].name, len(images)
        stated, solved = stated_of[name], camera.mean_focal_length()
        if stated is not None and not 1 / _FOCAL_RATIO < solved / stated < _FOCAL_RATIO:
            yield Message("warning.lens_focal", name=name, count=count, stated=round(stated), solved=round(solved))
        beside = max(
            abs(camera.principal_point_x - camera.width / 2), abs(camera.principal_point_y - camera.height / 2)
        ) / max(camera.width, camera.height)
        if beside > _BESIDE:
            yield Message("warning.lens_centre", name=name, count=count, share=beside)
        if count >= _FEWEST_SHARING:
            yield from _zoom_warnings(images, model, camera)


def _zoom_warnings(
    images: list[pycolmap.Image], model: pycolmap.Reconstruction, camera: pycolmap.Camera
) -> Iterator[Message]:
    """Photos of one camera that fit no common focal length: each fits another one better, by its residuals."""
    change = np.array([_change_of_focal(image, model, camera) for image in images])
    if np.sqrt(np.mean(change**2)) > _SPREAD:
        odd = [n for n in np.argsort(-np.abs(change), kind="stable") if abs(change[n]) > _SPREAD]
        yield Message(
            "warning.lens_shared",
            total=len(images),
            count=len(odd),
            names=[images[n].name for n in odd[:_MOST_NAMED]],
            share=float(np.expm1(np.abs(change).max())),
        )


def _name(image: pycolmap.Image) -> str:
    return str(image.name)


def _change_of_focal(image: pycolmap.Image, model: pycolmap.Reconstruction, camera: pycolmap.Camera) -> float:
    """ln of the photo's own focal length over the shared one; 0 where that explains the photo no better."""
    seen = [point for point in image.points2D if point.has_point3D()]
    if len(seen) < _FEWEST_SEEN:
        return 0.0
    pixels = np.array([point.xy for point in seen])
    points = np.array([model.points3D[point.point3D_id].xyz for point in seen])
    own = own_focal(pixels, points, image.cam_from_world().matrix(), camera)
    return own.change if own.gain > _LEAST_GAIN else 0.0
