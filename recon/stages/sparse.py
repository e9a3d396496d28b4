"""Sparse: where every camera stood and how its lens distorts, with COLMAP's incremental mapper.

The mapper solves with one radial term. A second, self-calibrating adjustment then frees the full lens (two focal
lengths, principal point, two radial and two tangential terms) where the views support it. On the fountain benchmark
this halves the camera error (Fraser 1997, "Digital camera self-calibration").
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pycolmap

from recon.errors import NoReconstruction, check_room
from recon.messages import Message
from recon.progress import Progress
from recon.types import Cameras, MatchGraph, PhotoSet

VERSION = 3

# Beyond MANY photos all of them are adjusted together when the model has grown by MANY_GROWTH, not by COLMAP's 1.1: the
# cost stays in proportion to the photos, and the last adjustment is of all anyway.
MANY, MANY_GROWTH = 40, 1.4


@dataclass(frozen=True, kw_only=True)
class SparseOptions:
    self_calibrate: bool = True  # free the full lens where the views support it
    min_photos_for_lens: int = 6  # photos of one camera below which its lens keeps one radial term
    loss_scale_px: float = 1.0  # observations with a larger error weigh less (Cauchy)
    max_error_px: float = 2.0  # observations further off than this are dropped
    min_angle_deg: float = 1.5  # points seen under a smaller angle are dropped


def build(taken: PhotoSet, graph: MatchGraph, options: SparseOptions, *, scratch: Path, progress: Progress) -> Cameras:
    """Solve into scratch/model. Raises NoReconstruction when fewer than three photos can be connected."""
    check_room(scratch)
    progress.start(len(taken), "photo")
    models, reported = _map(taken, graph, scratch, progress)
    model = _largest(models)
    if model is None or model.num_reg_images() < 3:
        raise NoReconstruction("photos_apart", count=len(taken))
    if options.self_calibrate:
        _refine(model, graph.database, options)
    name_of = {p.path.name: p.name for p in taken}
    for image in model.images.values():
        image.name = name_of[image.name]
    folder = scratch / "model"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    check_room(scratch)
    model.write(folder)
    placed = {image.name for image in model.images.values() if image.has_pose}
    missing = [(p.name, _why(p.name, graph)) for p in taken if p.name not in placed]
    progress.advance(max(0, len(placed) - reported))
    progress.fail(len(missing))
    for name, reason in missing:
        progress.warn(Message("warning.not_placed", name=name, reason=reason))
    return Cameras(
        folder,
        tuple(sorted(placed)),
        tuple((name, reason.text()) for name, reason in missing),
        model.num_points3D(),
        float(model.compute_mean_reprojection_error()),
    )


def _map(
    taken: PhotoSet, graph: MatchGraph, scratch: Path, progress: Progress
) -> tuple[dict[int, pycolmap.Reconstruction], int]:
    """COLMAP's models, and how many photos `progress` has counted: those of the first model except its first pair."""
    pipeline = pycolmap.IncrementalPipelineOptions()
    pipeline.random_seed = 0
    pipeline.min_model_size = 3
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
        if begun == 1:
            reported += 1
            progress.advance()

    try:
        models: dict[int, pycolmap.Reconstruction] = pycolmap.incremental_mapping(
            graph.database,
            taken.photos[0].path.parent,
            out,
            pipeline,
            initial_image_pair_callback=begins,
            next_image_callback=placed,
        )
        return models, reported
    finally:
        shutil.rmtree(out, ignore_errors=True)


def _largest(models: dict[int, pycolmap.Reconstruction]) -> pycolmap.Reconstruction | None:
    return max(models.values(), key=lambda m: m.num_reg_images(), default=None)


def _refine(model: pycolmap.Reconstruction, database: Path, options: SparseOptions) -> None:
    """Give each well-seen camera its full lens, then adjust, re-triangulate and filter until nothing changes."""
    seen = dict.fromkeys(model.cameras, 0)
    for image in model.images.values():
        if image.has_pose:
            seen[image.camera_id] += 1
    free = [camera_id for camera_id, count in seen.items() if count >= options.min_photos_for_lens]
    if not free:
        return
    with pycolmap.Database.open(database) as opened:
        cache = pycolmap.DatabaseCache.create(opened, pycolmap.DatabaseCacheOptions())
    mapper = pycolmap.IncrementalMapper(cache)
    mapper.begin_reconstruction(model)
    for camera_id in free:
        camera = model.cameras[camera_id]
        focal, x, y, radial = camera.params
        camera.model = pycolmap.CameraModelId.OPENCV
        camera.params = [focal, focal, x, y, radial, 0, 0, 0]
    mapping = pycolmap.IncrementalMapperOptions()
    mapping.filter_max_reproj_error = options.max_error_px
    mapping.filter_min_tri_angle = options.min_angle_deg
    mapping.constant_cameras = set(model.cameras) - set(free)
    adjustment = pycolmap.BundleAdjustmentOptions()
    adjustment.refine_principal_point = True
    adjustment.print_summary = False
    adjustment.ceres.solver_options.function_tolerance = 1e-7  # COLMAP's 0 takes five times as long and gains nothing
    adjustment.ceres.loss_function_type = pycolmap.LossFunctionType.CAUCHY
    adjustment.ceres.loss_function_scale = options.loss_scale_px
    triangulation = pycolmap.IncrementalTriangulatorOptions()
    triangulation.random_seed = 0
    mapper.iterative_global_refinement(5, 0.0005, mapping, adjustment, triangulation, True)
    mapper.end_reconstruction(False)


def _why(name: str, graph: MatchGraph) -> Message:
    best = graph.matches_of(name)
    if best == 0:
        return Message("reason.shares_nothing")
    return Message("reason.shares_little", count=best) if best < 60 else Message("reason.contradicts")
