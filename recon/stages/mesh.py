"""A triangle mesh through the fused points: screened Poisson, trimmed to what the photos measured."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recon.errors import BadOptions, NoReconstruction, check_range
from recon.formats.ply import PlyWriter
from recon.geometry import clouds, freespace, outline_hull, pieces, surface, thinning
from recon.geometry.region import Region
from recon.geometry.visibility import Occluders
from recon.messages import Message
from recon.progress import Progress
from recon.types import Float32Array, IntArray, Mesh, PointCloud, SparseModel, View

VERSION = 7

_FEWEST_POINTS = 500
_ROOM = {"measured": 1.1, "closed": 1.8, "round": 1.8}  # least cube, in extents; surfaces that no photo saw bulge
_GAP = 4.0  # cells, or sparse points' spacings, without a point that separate two objects
_NEAR_MISS = 4.0  # a place up to this many point spacings in front of a measured surface still counts as the surface
_MOST_FREE = 0.04  # share of a closed surface that photos may look through: hollows that the surface bridges
_LEAST_REPORTED = 0.0005  # share of the cloud, or of the surface, that is reported
_COVERAGE_SIDE = 256  # px of the photos in which the mesh is looked for
_LEAST_MISSING = 0.05  # share of the photos without the mesh that is reported
_FEWEST_OUTLINES, _MOST_OUTLINES = 4, 48  # photos whose outlines bound the object
_OUTLINE_SIDE = 1024  # px
_FINEST_OUTLINE = 160  # cells along the longest side
_AROUND = 0.2  # of the longest side, that outlines are followed beyond what was measured
_RIM_ROUNDS = 4  # rounds of smoothing, so that rims do not follow single points


@dataclass(frozen=True, kw_only=True)
class MeshOptions:
    region: str = ""  # the model ends at this box: two corners, "x y z, x y z", world; empty: all of the cloud
    fill: Literal["measured", "closed", "round"] = (
        "measured"  # cut off what no photo measured; closed: keep it, marked; round: closed if photos went all round
    )
    reach: float = 1.5  # a face is measured if a point lies within this many point spacings
    margin: float = 1.5  # like reach, where few photos looked: the surface there is kept and marked; at least reach
    few_photos: int = 2  # photos that may see such a surface; if more see it and did not measure it, it is removed
    max_hole: float = (
        12.0  # holes that reach this many point spacings from their rim are filled and marked; 0 fills none
    )
    finest_depth: int = 13  # of the octree
    detail: float = 1.0  # octree cells as a multiple of the point spacing; more is smoother, and quicker
    max_triangles: int = 500_000  # after decimation
    points_per_triangle: float = 0.55  # to solve from; more shows more of scenes that are mostly flat, and takes longer
    min_component: float = 0.01  # pieces smaller than this share of the largest one are dropped
    looked_at: float = 0.01  # smaller ones stay if they fill this share of half of the photos, in their middle; 1: none
    least_round: float = 0.6  # share of a closed surface that photos must have measured to call it seen all round
    threads: int = 1  # of the Poisson solver; 0 = all cores, in less time, not exactly repeatable
    time_limit_s: int = 1800  # the solver is stopped after this time

    def __post_init__(self) -> None:
        try:
            _ = self.region and Region.of(self.region)
        except ValueError as problem:
            raise BadOptions("region_unusable", region=self.region) from problem
        check_range("mesh.reach", self.reach, 0.01)
        check_range("mesh.margin", self.margin, self.reach)
        check_range("mesh.few_photos", self.few_photos, 0)
        check_range("mesh.max_hole", self.max_hole, 0)
        check_range("mesh.finest_depth", self.finest_depth, 5, 14)
        check_range("mesh.detail", self.detail, 0.01)
        check_range("mesh.max_triangles", self.max_triangles, 100)
        check_range("mesh.points_per_triangle", self.points_per_triangle, 0.1, 10)
        check_range("mesh.least_round", self.least_round, 0, 1)


def build(cloud: PointCloud, sparse: SparseModel, options: MeshOptions, *, scratch: Path, progress: Progress) -> Mesh:
    """Mesh in the cloud's frame. No photo and no scan measured the faces that the surface reconstruction invented."""
    if options.region:
        cloud = _within(Region.of(options.region), cloud, scratch, progress)
    if len(cloud) < _FEWEST_POINTS:
        raise NoReconstruction("few_points", points=len(cloud), least=_FEWEST_POINTS)
    progress.start(5, "step")
    low, high = clouds.bounds(cloud)
    extent = float(np.max(high - low))
    wanted = int(options.max_triangles * options.points_per_triangle)
    cell = thinning.cell_for(cloud, low, extent, wanted, extent / 2**options.finest_depth)
    points, normals, measured_by = thinning.thinned(cloud, low, cell)
    gap = _GAP * max(cell, surface.widest(surface.spacings(points)))
    cluster = surface.clusters(points, gap)
    large, looked_at = _pieces_kept(points, cluster, np.ones(len(points)), sparse, options)[:, cluster]
    kept = large | looked_at
    _warn_if_any("warning.pieces_dropped", 1 - float(np.mean(kept)), progress)
    measured = surface.support(points[kept], normals[kept], measured_by[kept])
    points, normals = measured.points, measured.normals
    if options.fill != "measured":
        points, normals = _with_outlines(measured, sparse, progress)
    extent = float(np.ptp(points, axis=0).max())
    depth, room = surface.octree(
        extent,
        max(cell, measured.median_spacing * options.detail),
        room=_ROOM[options.fill],
        finest=options.finest_depth,
    )
    progress.advance()

    vertices, faces = _poisson(points, normals, depth, room, options, scratch, progress)
    progress.advance()

    vertices, faces = surface.manifold(vertices, faces)
    if sparse.frame.cut_height is not None:  # it stood on the plane that was cut off: its underside is flat
        vertices[:, 1] = np.maximum(vertices[:, 1], sparse.frame.cut_height)
    closed = options.fill == "closed" or (
        options.fill == "round" and _seen_all_round(vertices, faces, measured, sparse, options)
    )
    if closed:  # the flattened bulge below is wider than the object: it is removed, and the rim is capped
        vertices, faces = surface.keep_faces(vertices, faces, ~_underside(vertices, faces, measured, sparse))
    else:
        if options.fill == "round":
            progress.warn(Message("warning.not_all_round"))
        vertices, faces = surface.keep_faces(vertices, faces, _measured(vertices, faces, measured, sparse, options))
    if not len(faces):
        raise NoReconstruction("no_surface")
    piece, area = surface.face_components(faces, len(vertices)), surface.face_areas(vertices, faces)
    large, looked_at = _pieces_kept(vertices[faces[:, 0]], piece, area, sparse, options)[:, piece]
    _warn_if_any("warning.pieces_kept", float(area[looked_at].sum() / area.sum()), progress)
    _warn_if_any("warning.faces_dropped", float(area[~large & ~looked_at].sum() / area.sum()), progress)
    vertices, faces = surface.keep_faces(vertices, faces, large | looked_at)
    progress.advance()

    vertices, faces = surface.decimated(vertices, faces, options.max_triangles)
    vertices, faces = surface.manifold(vertices, faces)
    caps = np.zeros(0, np.int32)
    if closed:
        vertices, faces, caps = surface.capped(vertices, faces)
    progress.advance()

    distance, measured_by, outwards = measured.near(vertices[faces].mean(axis=1))
    near = distance <= options.reach
    near[caps] = False
    near &= ~_underside(vertices, faces, measured, sparse)
    agreement = np.einsum("fi,fi->f", surface.face_normals(vertices, faces), outwards)
    if near.any() and np.median(agreement[near]) < 0:
        faces = np.ascontiguousarray(faces[:, ::-1])
    measured_by[~near] = 0
    num_views, num_scans = np.ascontiguousarray(measured_by.T)
    mesh = Mesh(vertices, faces, num_views, num_scans)
    progress.advance()
    if mesh.filled_share > 0.2:
        progress.warn(Message("warning.mesh_filled", share=mesh.filled_share))
    if sparse.surveyed is None and sparse.frame.cut_height is None and not options.region:  # else it is known
        _warn_of_what_is_missing(mesh, sparse, progress)
    return mesh


def _warn_of_what_is_missing(mesh: Mesh, sparse: SparseModel, progress: Progress) -> None:
    """Say how much of the photos, without what their masks leave out, shows no part of the mesh."""
    occluders, missing = Occluders(mesh.vertices, mesh.faces), []
    for view in sparse.views:
        scale = _COVERAGE_SIDE / max(view.width, view.height)
        width, height = max(1, round(view.width * scale)), max(1, round(view.height * scale))
        bare = occluders.picture(view.scaled(width, height), view.cam_from_world, width, height)[1] < 0
        kept = view.kept(width, height)
        missing.append(float(bare.mean() if kept is None else bare[kept].mean() if kept.any() else 0))
    if missing and np.mean(missing) >= _LEAST_MISSING:
        most = int(np.argmax(missing))
        progress.warn(
            Message(
                "warning.photos_uncovered",
                share=float(np.mean(missing)),
                name=sparse.views[most].name,
                most=missing[most],
            )
        )


def _within(region: Region, cloud: PointCloud, scratch: Path, progress: Progress) -> PointCloud:
    """The cloud's points in the region, as a cloud of their own in scratch."""
    with PlyWriter(scratch / "region.ply") as out:
        for block in cloud.blocks():
            out.append(block.only(region.holds(block.points)).ply())
    if out.count < _FEWEST_POINTS:
        raise NoReconstruction("region_empty", region=str(region), points=out.count)
    progress.warn(Message("warning.outside_region", share=1 - out.count / len(cloud)))
    return PointCloud(out.path, out.count)


def _pieces_kept(
    places: Float32Array, piece: IntArray, size: NDArray[np.float64], sparse: SparseModel, options: MeshOptions
) -> NDArray[np.bool_]:
    """(2, P) which pieces stay since they are large, and which of the others since most photos look at them.

    places (N, 3) are parts of the pieces piece (N,), of size (N,).
    """
    total = np.bincount(piece, size)
    large = total >= options.min_component * total.max()
    looked_at = ~large
    if looked_at.any():
        looked_at &= pieces.looked_at(places, piece, sparse.views, options.looked_at)
    return np.stack([large, looked_at])


def _warn_if_any(key: str, share: float, progress: Progress) -> None:
    if share >= _LEAST_REPORTED:
        progress.warn(Message(key, share=share))


def _measured(
    vertices: Float32Array, faces: IntArray, measured: surface.Support, sparse: SparseModel, options: MeshOptions
) -> NDArray[np.bool_]:
    """(F,) whether a face of a closed surface was measured, fills a hole, or continues a little way where few photos
    looked.
    """
    distance = surface.smoothed(measured.near(vertices, neighbours=3)[0], faces, _RIM_ROUNDS)[faces].max(axis=1)
    asked = np.flatnonzero(distance > 1)
    evidence = _evidence(vertices[faces[asked]].mean(axis=1), measured, sparse)
    free, open_ended = np.zeros((2, len(faces)), bool)
    free[asked] = evidence.seen_through > 0
    open_ended[asked] = (evidence.in_sight > 0) & (evidence.in_sight <= options.few_photos)
    return surface.trimmed(
        faces,
        len(vertices),
        distance,
        free,
        open_ended,
        reach=options.reach,
        margin=options.margin,
        max_hole=options.max_hole,
    )


def _evidence(places: Float32Array, measured: surface.Support, sparse: SparseModel) -> freespace.Evidence:
    spacing = measured.sparse_spacing
    return freespace.evidence(
        places, measured.points, measured.normals, sparse.sights, spacing=spacing, margin=_NEAR_MISS * spacing
    )


def _with_outlines(
    measured: surface.Support, sparse: SparseModel, progress: Progress
) -> tuple[Float32Array, Float32Array]:
    """The measured points and normals, and, where nothing was measured and no photo looks through, those at which the
    object's outlines end.
    """
    outlined = [view for view in sparse.views if view.outlined]
    outlined = outlined[:: max(1, len(outlined) // _MOST_OUTLINES)]
    if len(outlined) < _FEWEST_OUTLINES:
        return measured.points, measured.normals
    low, high = measured.points.min(axis=0), measured.points.max(axis=0)
    room = np.float32(_AROUND * np.max(high - low))
    spacing = max(2 * measured.median_spacing, float(np.max(high - low + 2 * room)) / _FINEST_OUTLINE)
    outlines = ((view, kept) for view in outlined if (kept := view.kept(*_outline_size(view))) is not None)
    points, normals = outline_hull.hull(outlines, low - room, high + room, spacing)
    points, normals = (part[measured.tree.query(points)[0] > 2 * spacing] for part in (points, normals))
    hidden = _evidence(points, measured, sparse).seen_through == 0
    if hidden.any():
        progress.warn(Message("warning.outlines_used", count=len(outlined)))
    return np.concatenate([measured.points, points[hidden]]), np.concatenate([measured.normals, normals[hidden]])


def _outline_size(view: View) -> tuple[int, int]:
    scale = min(1.0, _OUTLINE_SIDE / max(view.width, view.height))
    return max(1, round(view.width * scale)), max(1, round(view.height * scale))


def _underside(
    vertices: Float32Array, faces: IntArray, measured: surface.Support, sparse: SparseModel
) -> NDArray[np.bool_]:
    """(F,) whether a face lies on the plane that the object stood on."""
    if sparse.frame.cut_height is None:
        return np.zeros(len(faces), bool)
    top = vertices[:, 1][faces].max(axis=1)
    return np.asarray(top <= sparse.frame.cut_height + 0.1 * measured.median_spacing)


def _seen_all_round(
    vertices: Float32Array, faces: IntArray, measured: surface.Support, sparse: SparseModel, options: MeshOptions
) -> bool:
    """Whether most of a closed surface was measured, and photos look through hardly any of the rest."""
    faces = faces[~_underside(vertices, faces, measured, sparse)]  # no photo could see the underside
    middle = vertices[faces].mean(axis=1)
    area = surface.face_areas(vertices, faces)
    beyond = measured.near(middle, neighbours=3)[0] > options.reach
    free = area[beyond] @ (_evidence(middle[beyond], measured, sparse).seen_through > 0)
    return bool(area[beyond].sum() <= (1 - options.least_round) * area.sum() and free <= _MOST_FREE * area.sum())


def _poisson(
    points: Float32Array,
    normals: Float32Array,
    depth: int,
    room: float,
    options: MeshOptions,
    scratch: Path,
    progress: Progress,
) -> tuple[Float32Array, IntArray]:
    """Poisson in a child process. If it crashes or hangs, it is tried again on one thread, then at a coarser depth."""
    scratch.mkdir(parents=True, exist_ok=True)
    given, made = scratch / "poisson-points.npz", scratch / "poisson-surface.npz"
    np.savez(given, points=points, normals=normals)
    threads = options.threads or -1
    attempts = [(depth, threads), (depth, 1), (depth - 1, 1), (depth - 2, 1)]
    if threads == 1:
        attempts = attempts[1:]
    try:
        for number, (level, workers) in enumerate(attempts):
            if level < 5:
                break
            made.unlink(missing_ok=True)
            why = _attempt([str(given), str(made), str(level), str(room), str(workers)], options.time_limit_s)
            if why is None and made.exists():
                if level < depth:
                    progress.warn(Message("warning.solved_coarser", times=2 ** (depth - level)))
                with np.load(made) as solved:
                    if len(solved["faces"]):
                        return solved["vertices"], solved["faces"]
            why = why or Message("reason.solver_empty")
            if number + 1 < len(attempts):
                progress.warn(Message("warning.solver_failed", depth=level, reason=why))
    finally:
        given.unlink(missing_ok=True)
        made.unlink(missing_ok=True)
    raise NoReconstruction("surface_unsolved")


def _attempt(arguments: list[str], time_limit_s: int) -> Message | None:
    """Why it failed; None if it did not."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "recon.stages.mesh", *arguments],
            capture_output=True,
            timeout=time_limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Message("reason.solver_slow", seconds=time_limit_s)
    if done.returncode < 0:
        return Message("reason.solver_signal", signal=-done.returncode)
    return Message("reason.solver_status", status=done.returncode) if done.returncode else None


def _child(given: str, made: str, depth: str, room: str, threads: str) -> None:
    """The child process of _attempt."""
    with np.load(given) as stored:
        vertices, faces = surface.poisson(
            stored["points"], stored["normals"], depth=int(depth), room=float(room), threads=int(threads)
        )
    np.savez(made, vertices=vertices, faces=faces)


if __name__ == "__main__":
    _child(*sys.argv[1:])
