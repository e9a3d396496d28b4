"""A triangle mesh through the fused points: screened Poisson, trimmed to what the photos measured."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recon.errors import BadOptions, NoReconstruction
from recon.geometry import surface
from recon.geometry.visibility import Occluders
from recon.nouns import Float32Array, IntArray, Mesh, PointCloud, SparseModel
from recon.progress import Progress

VERSION = 1

_FEWEST_POINTS = 500
_ROOM = {"measured": 1.1, "closed": 1.8}  # the solver's cube in extents; a closed surface bulges where nothing was seen


@dataclass(frozen=True, kw_only=True)
class MeshOptions:
    fill: Literal["measured", "closed"] = (
        "measured"  # measured: cut off what no photo measured; closed: keep it, marked
    )
    reach: float = 3.0  # a face is measured if a point lies within this many point spacings
    max_hole: float = (
        12.0  # holes up to this many point spacings from their rim are filled, and marked; 0 leaves all open
    )
    finest_depth: int = 11  # of the octree; each step is half the cell, four times the memory and time
    detail: float = 1.0  # octree cells as a multiple of the point spacing; more is smoother, and quicker
    max_triangles: int = 500_000  # after decimation
    min_component: float = 0.01  # pieces smaller than this share of the largest one's area are dropped
    threads: int = 0  # of the Poisson solver; 0 = all cores, 1 = exactly repeatable
    time_limit_s: int = 1800  # a solver that hangs is stopped

    def __post_init__(self) -> None:
        if self.max_triangles < 100 or self.reach <= 0 or self.max_hole < 0 or self.detail <= 0:
            raise BadOptions(
                "A mesh option is out of range.", hint="Lengths are positive, max_triangles is at least 100."
            )
        if not 5 <= self.finest_depth <= 14:
            raise BadOptions("mesh.finest_depth is out of range.", hint="Choose 5 to 14; 11 suits most objects.")


def build(cloud: PointCloud, sparse: SparseModel, options: MeshOptions, *, scratch: Path, progress: Progress) -> Mesh:
    """Mesh in the cloud's frame. Faces that the surface reconstruction invented have num_views 0."""
    if len(cloud) < _FEWEST_POINTS:
        raise NoReconstruction(
            f"Only {len(cloud):,} surface points were found; a mesh needs at least {_FEWEST_POINTS:,}.",
            hint="Take more photos with more overlap, all sharp, of a surface that is neither blank nor mirror-like.",
        )
    progress.start(5, "step")
    alone = surface.isolated(cloud.points)
    points, normals, views = cloud.points[~alone], cloud.normals[~alone], cloud.num_views[~alone]
    measured = surface.support(points, normals, views)
    depth = surface.poisson_depth(
        points, measured.median_spacing * options.detail, room=_ROOM[options.fill], finest=options.finest_depth
    )
    progress.advance()

    vertices, faces = _poisson(points, normals, depth, options, scratch, progress)
    progress.advance()

    vertices, faces = surface.manifold(vertices, faces)
    if options.fill == "measured":
        distance = measured.near(vertices, neighbours=3)[0]
        invented = distance[faces].max(axis=1) > options.reach
        kept = surface.trimmed(vertices, faces, distance, reach=options.reach, max_hole=options.max_hole)
        kept &= ~(invented & _contradicted(vertices, faces, sparse))
        vertices, faces = surface.keep_faces(vertices, faces, kept)
    if not len(faces):
        raise NoReconstruction("The points do not form a surface.", hint="Raise mesh.reach, or take more photos.")
    kept = surface.large_components(vertices, faces, options.min_component)
    vertices, faces = surface.keep_faces(vertices, faces, kept)
    progress.advance()

    vertices, faces = surface.decimated(vertices, faces, options.max_triangles)
    vertices, faces = surface.manifold(vertices, faces)
    progress.advance()

    distance, num_views, outwards = measured.near(vertices[faces].mean(axis=1))
    near = distance <= options.reach
    agreement = np.einsum("fi,fi->f", surface.face_normals(vertices, faces), outwards)
    if near.any() and np.median(agreement[near]) < 0:
        faces = np.ascontiguousarray(faces[:, ::-1])
    mesh = Mesh(vertices, faces, np.where(near, num_views, 0).astype(np.uint8))
    progress.advance()
    if mesh.filled_share > 0.2:
        progress.warn(f"{mesh.filled_share:.0%} of the mesh was filled in, not measured.")
    return mesh


def _contradicted(vertices: Float32Array, faces: IntArray, sparse: SparseModel) -> NDArray[np.bool_]:
    """(F,) faces that stand between a camera and a point it has seen."""
    scene = Occluders(vertices, faces)
    wrong = np.zeros(len(faces), bool)
    for view, seen in zip(sparse.views, sparse.observations, strict=True):
        if len(seen):
            wrong[scene.in_the_way(view.centre, sparse.points[seen])] = True
    return wrong


def _poisson(
    points: Float32Array, normals: Float32Array, depth: int, options: MeshOptions, scratch: Path, progress: Progress
) -> tuple[Float32Array, IntArray]:
    """Poisson in a child process: if it crashes or hangs, once more on one thread, then coarser."""
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
            why = _attempt(
                [str(given), str(made), str(level), str(_ROOM[options.fill]), str(workers)], options.time_limit_s
            )
            if not why and made.exists():
                if level < depth:
                    progress.warn(f"The surface was solved {2 ** (depth - level)} times coarser than the points allow.")
                with np.load(made) as solved:
                    if len(solved["faces"]):
                        return solved["vertices"], solved["faces"]
                why = "it returned an empty surface"
            if number + 1 < len(attempts):
                progress.warn(f"The surface solver failed at depth {level} ({why}); trying again more carefully.")
    finally:
        given.unlink(missing_ok=True)
        made.unlink(missing_ok=True)
    raise NoReconstruction(
        "No surface could be solved from the points.",
        hint="Free some memory, or set mesh.finest_depth lower, for example 9.",
    )


def _attempt(arguments: list[str], time_limit_s: int) -> str:
    """Why it failed; empty if it did not."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "recon.stages.mesh", *arguments],
            capture_output=True,
            timeout=time_limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it took longer than {time_limit_s} s"
    if done.returncode < 0:
        return f"it was stopped by signal {-done.returncode}"
    return f"it ended with status {done.returncode}" if done.returncode else ""


def _child(given: str, made: str, depth: str, room: str, threads: str) -> None:
    """The child process of _attempt."""
    with np.load(given) as stored:
        vertices, faces = surface.poisson(
            stored["points"], stored["normals"], depth=int(depth), room=float(room), threads=int(threads)
        )
    np.savez(made, vertices=vertices, faces=faces)


if __name__ == "__main__":
    _child(*sys.argv[1:])
