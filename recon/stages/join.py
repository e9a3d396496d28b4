"""Join: photos and scans of one place in one frame, the scans', and in one cloud.

Where scans measured the surface, their points stay and learn how many photos agree; photos add what no scan reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from recon.errors import NoReconstruction, check_range
from recon.formats.ply import Ply, PlyWriter
from recon.geometry.registration import Cloud
from recon.geometry.similarity import Similarity, laid
from recon.messages import Message
from recon.progress import Progress
from recon.types import ByteArray, CleanCloud, Float32Array, FloatArray, Joined, PointCloud, Points, SparseModel, View

VERSION = 2

_LAID_BY = 400_000  # points of either cloud that the photos are laid by
_KNOWN_SCALES = (0.97, 1.0, 1.03)  # tried where the photos have metres already
_IN_MEMORY = 8_000_000  # points of either cloud that the other is compared with
_SIGMAS = 3.0  # within which a photo's point is the scan's surface, not another


@dataclass(frozen=True, kw_only=True)
class JoinOptions:
    least_share: float = 0.4  # of the photos' points that must lie on the scans
    least_lead: float = 0.05  # by which that share must exceed that of the next best place
    reach: float = 2.5  # a photo's point within this many of the scans' point spacings shows what a scan measured

    def __post_init__(self) -> None:
        check_range("join.least_share", self.least_share, 0.05, 1)
        check_range("join.least_lead", self.least_lead, 0, 1)
        check_range("join.reach", self.reach, 0.5)


def build(
    cloud: PointCloud,
    sparse: SparseModel,
    cleaned: CleanCloud,
    seen: SparseModel,
    options: JoinOptions,
    *,
    scratch: Path,
    progress: Progress,
) -> Joined:
    """cloud and sparse: of the photos, of any scale; cleaned and seen: of the scans. Writes scratch/cloud.ply.

    Raises NoReconstruction where the photos do not lie on the scans beyond doubt.
    """
    progress.start(3, "step")
    scanned = Cloud.of(cleaned.cloud.sample(_LAID_BY).points.astype(np.float64))
    known = _KNOWN_SCALES if sparse.frame.unit == "metre" else None
    upright = "none" not in (sparse.frame.up_source, seen.frame.up_source)
    found = laid(cloud.sample(_LAID_BY).points.astype(np.float64), scanned, known, upright=upright)
    share, rival = (0.0, 0.0) if found is None else (found.share, found.rival)
    if found is None or share < options.least_share or share < rival + options.least_lead:
        raise NoReconstruction("photos_off_scans", share=share, rival=rival)
    progress.advance()
    reach = options.reach * max(cleaned.spacing_m, found.rmse / _SIGMAS)
    path = scratch / "cloud.ply"
    with PlyWriter(path) as out:
        _add_scans(out, cloud, cleaned.cloud, found, reach)
        progress.advance()
        scans = out.count
        dropped = _add_photos(out, cloud, cleaned.cloud, found, reach)
    progress.advance()
    added = out.count - scans
    said = {"share": share, "scale": found.scale, "added": added, "millimetres": 1000 * found.rmse}
    progress.warn(Message("warning.joined", **said))
    return Joined(PointCloud(path, out.count), _both(sparse, seen, found), share, found.rmse, added, dropped)


def _placed(cloud: PointCloud, found: Similarity) -> Iterator[Points]:
    for block in cloud.blocks():
        yield replace(
            block,
            points=found.of(block.points.astype(np.float64)).astype(np.float32),
            normals=(block.normals @ found.turn.T).astype(np.float32),
            sigma=(block.sigma * found.scale).astype(np.float32),
        )


def _tree(blocks: Iterator[Points], count: int) -> tuple[cKDTree, ByteArray]:
    """A search tree of at most _IN_MEMORY points, evenly chosen, and the photos that measured each."""
    step = max(1, -(-count // _IN_MEMORY))
    points: list[Float32Array] = []
    views: list[ByteArray] = []
    for block in blocks:
        points.append(block.points[::step])
        views.append(block.num_views[::step])
    return cKDTree(np.concatenate(points)), np.concatenate(views)


def _add_scans(out: PlyWriter, photos: PointCloud, scans: PointCloud, found: Similarity, reach: float) -> None:
    """The scans' points, each with the number of photos that measured the surface there."""
    tree, views = _tree(_placed(photos, found), len(photos))
    for block in scans.blocks():
        far, which = tree.query(block.points, distance_upper_bound=reach, workers=-1)
        num_views = np.where(np.isfinite(far), np.append(views, np.uint8(0))[which], 0).astype(np.uint8)
        out.append(_ply(replace(block, num_views=num_views)))


def _add_photos(out: PlyWriter, photos: PointCloud, scans: PointCloud, found: Similarity, reach: float) -> int:
    """The photos' points that lie apart from all that scans measured. Returns how many were dropped."""
    tree, _ = _tree(scans.blocks(), len(scans))
    dropped = 0
    for block in _placed(photos, found):
        limit = np.maximum(reach, _SIGMAS * block.sigma)
        far = np.asarray(tree.query(block.points, workers=-1)[0])
        apart: NDArray[np.bool_] = far > limit
        dropped += int((~apart).sum())
        out.append(_ply(block.only(apart)))
    return dropped


def _ply(points: Points) -> Ply:
    columns = {f.name: getattr(points, f.name) for f in fields(Points)}
    return Ply(**columns)


def _both(sparse: SparseModel, seen: SparseModel, found: Similarity) -> SparseModel:
    """The photos' views in the scans' frame, and the scanners' own pictures after them."""
    count = len(sparse.points)
    return SparseModel(
        folder=sparse.folder,
        views=tuple(_moved(view, found) for view in sparse.views) + seen.views,
        points=np.concatenate([found.of(sparse.points), seen.points]),
        point_colors=np.concatenate([sparse.point_colors, seen.point_colors]),
        point_errors_px=np.concatenate([sparse.point_errors_px, seen.point_errors_px]),
        observations=sparse.observations + tuple((one + count).astype(np.int32) for one in seen.observations),
        frame=seen.frame,
        reprojection_px=sparse.reprojection_px,
        registered=sparse.registered,
        missing=sparse.missing,
        held_out=sparse.held_out,
        surveyed=seen.surveyed,
    )


def _moved(view: View, found: Similarity) -> View:
    rotation: FloatArray = np.asarray(view.cam_from_world[:, :3] @ found.turn.T, np.float64)
    shift = found.scale * view.cam_from_world[:, 3] - rotation @ found.shift
    return replace(view, cam_from_world=np.column_stack([rotation, shift]))
