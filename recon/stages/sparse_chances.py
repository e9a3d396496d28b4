"""Second chances: models that are apart are joined, photos that the mapper refused are tried again on the settled model
and with more pairs, then all photos at once by the global mapper. A model is kept unless another places more photos.
"""

from __future__ import annotations

import shutil
from copy import deepcopy
from itertools import combinations
from pathlib import Path

import numpy as np
import pycolmap
from numpy.typing import NDArray

from recon.errors import check_room

_LEAST_POINTS = 20  # that a photo must see of a settled model; the mapper asks for 30, of one that still moves
_LEAST_SHARE = 0.1  # of its matches that agree; the mapper asks for 0.25
_FARTHEST_PX = 8.0  # its 12 allow for lenses that are not known yet
_ROUNDS = 20
_JOINING = 20  # points of two models that must agree on how one lies on the other
_JOINING_SHARE = 0.25  # of all that were matched
_JOINING_ERROR = 0.01  # of the model's extent
_PAIRS_AT_ONCE = 64
_MOST_PAIRS = 10  # for each photo of the set: as many as were matched at first, about


def place_rest(
    mapper: pycolmap.IncrementalMapper,
    mapping: pycolmap.IncrementalMapperOptions,
    adjustment: pycolmap.BundleAdjustmentOptions,
    triangulation: pycolmap.IncrementalTriangulatorOptions,
) -> int:
    """Place what fits the mapper's settled model; how many photos.

    A photo's matches may have contradicted a model of a few photos and a wrong lens, and agree with one of all.
    """
    options = deepcopy(mapping)
    options.abs_pose_min_num_inliers = _LEAST_POINTS
    options.abs_pose_min_inlier_ratio = _LEAST_SHARE
    options.abs_pose_max_error = _FARTHEST_PX
    model = mapper.reconstruction
    placed: list[int] = []
    for _ in range(_ROUNDS):
        found = _place_next(mapper, options)
        if found is None:
            break
        mapper.triangulate_image(triangulation, found)
        mapper.iterative_local_refinement(2, 0.001, options, adjustment, triangulation, found)
        placed.append(found)
    if placed:
        mapper.iterative_global_refinement(5, 0.0005, mapping, adjustment, triangulation, True)
    drop_unseen(model, placed)
    return sum(model.images[image_id].has_pose for image_id in placed)


def drop_unseen(model: pycolmap.Reconstruction, placed: list[int]) -> None:
    """Take back photos that see next to nothing of the model after it was refined: they were misplaced."""
    for image_id in placed:
        image = model.images[image_id]
        if image.has_pose and image.num_points3D < _LEAST_POINTS:
            model.deregister_frame(image.frame_id)


def join(
    mapper: pycolmap.IncrementalMapper,
    graph: pycolmap.CorrespondenceGraph,
    part: pycolmap.Reconstruction,
    triangulation: pycolmap.IncrementalTriangulatorOptions,
) -> list[int]:
    """Lay another model of the same database on the mapper's by the points that both have; the photos that it adds.

    No photo of it may have enough matches with the mapper's model to be placed alone, and all of them together have.
    """
    model = mapper.reconstruction
    pairs = _common_points(model, part, graph)
    if len(pairs) < _JOINING:
        return []
    ours = np.array([model.points3D[a].xyz for a, _ in pairs])
    theirs = np.array([part.points3D[b].xyz for _, b in pairs])
    ransac = pycolmap.RANSACOptions(max_num_trials=10_000, random_seed=0)
    ransac.max_error = _JOINING_ERROR * float(np.linalg.norm(np.ptp(np.percentile(ours, [5, 95], axis=0), axis=0)))
    found = pycolmap.estimate_sim3d_robust(theirs, ours, ransac)
    if found is None:
        return []
    pose, agreeing = found["tgt_from_src"], np.asarray(found["inlier_mask"])
    if agreeing.sum() < _JOINING or agreeing.mean() < _JOINING_SHARE:
        return []
    moved = pycolmap.Reconstruction(part)
    moved.transform(pose)
    added = [image for image in moved.images.values() if image.has_pose and not model.images[image.image_id].has_pose]
    for image in added:
        ours_now = model.images[image.image_id]
        model.frames[ours_now.frame_id].set_cam_from_world(ours_now.camera_id, image.cam_from_world())
        model.register_frame(ours_now.frame_id)
    for image in added:
        mapper.triangulate_image(triangulation, image.image_id)
    return [image.image_id for image in added]


def _common_points(
    model: pycolmap.Reconstruction, part: pycolmap.Reconstruction, graph: pycolmap.CorrespondenceGraph
) -> list[tuple[int, int]]:
    """The numbers of points of both models that show the same, by the photos' matches."""
    ours, theirs = _point_numbers(model), _point_numbers(part)
    pairs: set[tuple[int, int]] = set()
    for a, points in ours.items():
        for b, others in theirs.items():
            if a == b:
                matched = np.repeat(np.arange(len(points))[:, None], 2, axis=1)
            elif graph.num_matches_between_images(a, b):
                matched = np.asarray(graph.extract_matches_between_images(a, b), np.int64)
            else:
                continue
            both = np.stack([points[matched[:, 0]], others[matched[:, 1]]], axis=1)
            pairs.update(map(tuple, both[(both >= 0).all(axis=1)].tolist()))
    return sorted(pairs)


def _point_numbers(model: pycolmap.Reconstruction) -> dict[int, NDArray[np.int64]]:
    """By placed image, the number of each feature's point, or -1."""
    return {
        image.image_id: np.array([p.point3D_id if p.has_point3D() else -1 for p in image.points2D], np.int64)
        for image in model.images.values()
        if image.has_pose
    }


def _place_next(mapper: pycolmap.IncrementalMapper, options: pycolmap.IncrementalMapperOptions) -> int | None:
    for image_id in mapper.find_next_images(options, False):
        if mapper.register_next_image(options, image_id):
            return int(image_id)
    for image_id in mapper.find_next_images(options, True):
        if mapper.register_next_structure_less_image(options, image_id):
            return int(image_id)
    return None


def with_more_pairs(database: Path, missing: set[str], scratch: Path, min_matches: int) -> Path | None:
    """A copy of the database in which the missing photos, by COLMAP's names, are matched with all others; None where
    they were already, or where these are too many pairs.
    """
    with pycolmap.Database.open(database) as opened:
        ids = {image.name: image.image_id for image in opened.read_all_images()}
        pairs = [
            (a, b)
            for a, b in combinations(sorted(ids), 2)
            if (a in missing or b in missing) and not opened.exists_two_view_geometry(ids[a], ids[b])
        ]
    if not pairs or len(pairs) > _MOST_PAIRS * len(ids):
        return None
    check_room(scratch)
    copy, listed = scratch / "more_pairs.db", scratch / "more_pairs.txt"
    shutil.copyfile(database, copy)
    verification = pycolmap.TwoViewGeometryOptions()
    verification.min_num_inliers = min_matches
    verification.ransac.random_seed = 0
    pairing = pycolmap.ImportedPairingOptions()
    pairing.match_list_path = listed
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        check_room(scratch)
        listed.write_text("".join(f"{a} {b}\n" for a, b in pairs[start : start + _PAIRS_AT_ONCE]), encoding="utf-8")
        pycolmap.match_image_pairs(copy, pycolmap.FeatureMatchingOptions(), pairing, verification)
    return copy


def all_at_once(database: Path, photos: Path, scratch: Path) -> dict[int, pycolmap.Reconstruction]:
    """The models of COLMAP's global mapper, which is misled by other things than the incremental one."""
    options = pycolmap.GlobalPipelineOptions()
    options.random_seed = options.mapper.random_seed = 0
    options.mapper.rotation_averaging.random_seed = options.mapper.global_positioning.random_seed = 0
    options.mapper.retriangulation.random_seed = 0
    out = scratch / "global"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    try:
        models: dict[int, pycolmap.Reconstruction] = pycolmap.global_mapping(database, photos, out, options)
        return models
    finally:
        shutil.rmtree(out, ignore_errors=True)
