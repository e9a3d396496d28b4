"""Join: photos and scans of one place in one frame, the scans', and in one cloud.

Where both measured the surface, the points of whichever shows finer things stay, and learn how many of the other agree;
photos add what no scan reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from scipy.spatial import cKDTree

from recon.errors import NoReconstruction, check_range
from recon.formats.ply import PlyWriter
from recon.geometry.registration import Cloud
from recon.geometry.similarity import Similarity, laid
from recon.messages import Message
from recon.progress import Progress
from recon.types import ByteArray, CleanCloud, Float32Array, FloatArray, Joined, PointCloud, Points, SparseModel, View

VERSION = 3

_LAID_BY = 400_000  # points of either cloud that the photos are laid by
_KNOWN_SCALES = (0.97, 1.0, 1.03)  # tried where the photos have metres already
_IN_MEMORY = 8_000_000  # points of either cloud that the other is compared with
_AROUND = 6  # neighbours that say how far apart points are
_FINER = 0.5  # of what the scans show at a place, for photos to be finer there
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
    photographed = _Source.of(_placed(cloud, found), len(cloud), "num_views")
    measured = _Source.of(cleaned.cloud.blocks(), len(cleaned.cloud), "num_scans")
    progress.advance()
    with PlyWriter(path) as out:
        _add_scans(out, cleaned.cloud, measured, photographed, reach, found.rmse)
        scans = out.count
        finer, dropped = _add_photos(out, _placed(cloud, found), measured, photographed, reach)
    progress.advance()
    added = out.count - scans - finer
    said = {"share": share, "scale": found.scale, "added": added, "finer": finer, "millimetres": 1000 * found.rmse}
    progress.warn(Message("warning.joined", **said))
    return Joined(PointCloud(path, out.count), _both(sparse, seen, found), share, found.rmse, added, dropped, finer)


def _placed(cloud: PointCloud, found: Similarity) -> Iterator[Points]:
    for block in cloud.blocks():
        yield replace(
            block,
            points=found.of(block.points.astype(np.float64)).astype(np.float32),
            normals=(block.normals @ found.turn.T).astype(np.float32),
            sigma=(block.sigma * found.scale).astype(np.float32),
        )


@dataclass(frozen=True, slots=True)
class _Source:
    """What photos, or scans, measured: where, how finely, and how many of them."""

    tree: cKDTree
    finest: Float32Array  # (N,) metres: the least that shows around a point; its neighbours' distance, or its own error
    number: ByteArray  # (N,) photos or scans that measured a point

    @staticmethod
    def of(blocks: Iterator[Points], count: int, number: Literal["num_views", "num_scans"]) -> _Source:
        """Of at most _IN_MEMORY points, evenly chosen."""
        step = max(1, -(-count // _IN_MEMORY))
        parts = [(one.points[::step], one.sigma[::step], getattr(one, number)[::step]) for one in blocks]
        points, sigma, numbers = (np.concatenate(part) for part in zip(*parts, strict=True))
        tree = cKDTree(points)
        apart = np.empty(len(points))
        for start in range(0, len(points), PointCloud.AT_ONCE):
            part = slice(start, start + PointCloud.AT_ONCE)
            far, _ = tree.query(points[part], k=range(2, _AROUND + 2), workers=-1)  # the first is the point itself
            apart[part] = np.asarray(far).mean(axis=1)
        finest = np.maximum(apart / np.sqrt(step), _SIGMAS * sigma)
        return _Source(tree, finest.astype(np.float32), numbers)

    def near(self, points: Float32Array, reach: float) -> tuple[FloatArray, Float32Array, ByteArray]:
        """Of the nearest point within reach: metres to it, its `finest` and its `number`, (M,) each; inf, inf and 0
        where there is none.
        """
        far, which = self.tree.query(points, distance_upper_bound=reach, workers=-1)
        finest, number = np.append(self.finest, np.float32(np.inf)), np.append(self.number, np.uint8(0))
        return np.asarray(far), finest[which], number[which]


def _add_scans(
    out: PlyWriter, cloud: PointCloud, measured: _Source, photographed: _Source, reach: float, rmse: float
) -> None:
    """The scans' points, each with the number of photos that measured the surface there, but for those where photos
    show finer things.
    """
    for block in cloud.blocks():
        far, finest, num_views = photographed.near(block.points, reach)
        own = measured.near(block.points, reach)[1]
        replaced = (finest < _FINER * own) & (far < np.maximum(finest, rmse))
        out.append(replace(block, num_views=num_views).only(~replaced).ply())


def _add_photos(
    out: PlyWriter, blocks: Iterator[Points], measured: _Source, photographed: _Source, reach: float
) -> tuple[int, int]:
    """The photos' points that lie apart from all that scans measured, or show finer things than the scans there.
    Returns how many are finer, and how many were dropped.
    """
    finer, dropped = 0, 0
    for block in blocks:
        farthest = np.maximum(reach, _SIGMAS * block.sigma)
        far, finest, num_scans = measured.near(block.points, float(farthest.max()))
        apart = far > farthest
        fine = ~apart & (photographed.near(block.points, reach)[1] < _FINER * finest)
        finer += int(fine.sum())
        dropped += int((~apart & ~fine).sum())
        num_scans[apart] = 0
        out.append(replace(block, num_scans=num_scans).only(apart | fine).ply())
    return finer, dropped


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
