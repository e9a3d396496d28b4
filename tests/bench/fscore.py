"""How near a reconstruction comes to the truth, and how much of the truth it holds (Knapitsch et al. 2017, Tanks and
Temples), with thresholds in pixels' footprints: distance over focal length, at each point, in the nearest photo.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import open3d as o3d
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from recon.types import DepthMaps, Mesh, View

Points = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]
FOOTPRINTS = (1, 2)  # px
STEEPEST_DEG = 78.0  # from its normal, at which a photo still counts as seeing a surface
SAMPLES = 60_000


@dataclass(frozen=True)
class Score:
    """Shares 0..1; nan where there was nothing to judge."""

    accuracy: float  # of the reconstruction, that lies within the threshold of the truth
    completeness: float  # of the truth that two photos see, that the reconstruction comes as near to

    @property
    def f(self) -> float:
        """Their harmonic mean."""
        total = self.accuracy + self.completeness
        return 2 * self.accuracy * self.completeness / total if total > 0 else 0.0 if total == 0 else float("nan")


Scores = dict[tuple[str, int], Score]  # by part ("all" or a name) and threshold in px


class TrueSurface:
    """The thing as it is, in the reconstruction's frame: vertices (V, 3), faces (F, 3), part (F,) names."""

    def __init__(self, vertices: Points, faces: NDArray[np.int32], part: NDArray[np.str_], views: Sequence[View]):
        self.views = views
        self.scene = scene_of(vertices, faces)
        self.part = part
        self.parts = list(dict.fromkeys(part.tolist()))
        self.points, normals, of_face = sampled(vertices, faces, SAMPLES)
        seen = times_seen(self.scene, self.points, normals, views) >= 2
        self.points, self.part_of_point = self.points[seen], part[of_face[seen]]
        self.reach = self.footprint(self.points)

    def footprint(self, points: Points) -> Points:
        """A pixel's width at each point (N, 3) in the nearest photo, (N,)."""
        return np.asarray(np.min([np.linalg.norm(points - v.centre, axis=1) / v.k[0, 0] for v in self.views], axis=0))

    def errors(self, points: Points) -> tuple[Points, NDArray[np.str_]]:
        """Distance from the surface in footprints, and the nearest part, of each point (N, 3)."""
        near = self.scene.compute_closest_points(o3d.core.Tensor(points.astype(np.float32)))
        off = np.linalg.norm(near["points"].numpy() - points, axis=1)
        return off / self.footprint(points), self.part[near["primitive_ids"].numpy().astype(np.int64)]

    def cloud(self, points: Points) -> Scores:
        """Scores of points (N, 3)."""
        gap, _ = cKDTree(points).query(self.points)
        return self._scores(*self.errors(points), np.asarray(gap) / self.reach, self.part_of_point)

    def mesh(self, mesh: Mesh) -> Scores:
        """Scores of a surface: as accurate as its parts that a photo sees, as complete as all of it."""
        scene = scene_of(mesh.vertices, mesh.faces)
        points, normals, _ = sampled(mesh.vertices, mesh.faces, SAMPLES)
        points = points[times_seen(scene, points, normals, self.views) >= 1]
        gap = scene.compute_distance(o3d.core.Tensor(self.points.astype(np.float32))).numpy()
        return self._scores(*self.errors(points), gap / self.reach, self.part_of_point)

    def depth(self, depths: DepthMaps) -> Scores:
        """Scores of the pixels that show the thing: accurate among those with a depth, complete among all. What lies
        on the thing but behind the surface that the pixel shows is wrong.
        """
        view_of = {v.name: v for v in depths.sparse.views}
        errors, parts = [], []
        for stored in depths.maps:
            view, depth = view_of[stored.view], stored.load()[0].astype(np.float64)
            rays = _rays(view, depth.shape[1], depth.shape[0])
            hit = self.scene.cast_rays(
                o3d.core.Tensor(np.concatenate([np.broadcast_to(view.centre, rays.shape), rays], 1).astype(np.float32))
            )
            true_z, z = hit["t_hit"].numpy(), depth.ravel()
            shown, there = np.isfinite(true_z), np.isfinite(true_z) & (z > 0)
            at = view.centre + rays[there] * z[there, None]
            tilt = np.abs(np.einsum("ni,ni->n", hit["primitive_normals"].numpy()[there], rays[there]))
            error = np.full(len(z), np.inf)
            error[there] = np.maximum(self.errors(at)[0], tilt * np.abs(z - true_z)[there] / self.footprint(at))
            errors.append(error[shown])
            parts.append(self.part[hit["primitive_ids"].numpy()[shown].astype(np.int64)])
        error, part = np.concatenate(errors), np.concatenate(parts)
        there = np.isfinite(error)
        return self._scores(error[there], part[there], error, part)

    def _scores(self, error: Points, part: NDArray[np.str_], gap: Points, part_of_gap: NDArray[np.str_]) -> Scores:
        result = {}
        for name in ("all", *self.parts):
            mine, theirs = (np.ones(len(p), bool) if name == "all" else p == name for p in (part, part_of_gap))
            for px in FOOTPRINTS:
                result[name, px] = Score(_share(error[mine] < px), _share(gap[theirs] < px))
        return result


def fitted(points: Points, vertices: Points, faces: NDArray[np.int32], start: Points) -> Points:
    """The similarity (4, 4) that lays points (N, 3) upon a surface, from one that nearly does: point to plane (Chen and
    Medioni 1992), the farthest quarter left out. What remains afterwards is shape, not place.
    """
    scene, moved = scene_of(vertices, faces), start
    for _ in range(20):
        at = points @ moved[:3, :3].T + moved[:3, 3]
        near = scene.compute_closest_points(o3d.core.Tensor(at.astype(np.float32)))
        normal = near["primitive_normals"].numpy().astype(np.float64)
        off = np.einsum("ni,ni->n", normal, near["points"].numpy() - at)
        kept = np.linalg.norm(near["points"].numpy() - at, axis=1)
        kept = kept <= np.quantile(kept, 0.75)
        along = np.einsum("ni,ni->n", normal, at)
        jacobian = np.concatenate([np.cross(at, normal), normal, along[:, None]], 1)[kept]
        turn, shift, grown = np.split(np.linalg.lstsq(jacobian, off[kept], rcond=None)[0], [3, 6])
        change = np.eye(4)
        change[:3, :3] = Rotation.from_rotvec(turn).as_matrix() * (1 + grown[0])
        change[:3, 3] = shift
        moved = change @ moved
    return np.asarray(moved)


def sampled(vertices: Points, faces: NDArray[np.int32], count: int) -> tuple[Points, Points, NDArray[np.int64]]:
    """`count` points evenly over the area, their faces' normals (N, 3), and those faces (N,); always the same."""
    rng = np.random.default_rng(0)
    corner = vertices[faces].astype(np.float64)
    cross = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    area = np.linalg.norm(cross, axis=1)
    walked = np.cumsum(area)
    face = np.searchsorted(walked, (np.arange(count) + 0.5) / count * walked[-1])
    a, b = rng.random((2, count))
    root = np.sqrt(a)
    weight = np.stack([1 - root, root * (1 - b), root * b], -1)
    return (weight[:, :, None] * corner[face]).sum(1), cross[face] / np.maximum(area[face], 1e-30)[:, None], face


def times_seen(
    scene: o3d.t.geometry.RaycastingScene, points: Points, normals: Points, views: Sequence[View]
) -> NDArray[np.int64]:
    """How many photos show each point (N, 3) of the scene's own surface, (N,)."""
    count = np.zeros(len(points), np.int64)
    for view in views:
        ray = points - view.centre
        reach = np.linalg.norm(ray, axis=1)
        on_picture = (points @ view.cam_from_world[:, :3].T + view.cam_from_world[:, 3]) @ view.k.T
        px = on_picture[:, :2] / np.maximum(on_picture[:, 2:], 1e-9)
        asked = (on_picture[:, 2] > 0) & np.all((px > 0) & (px < [view.width, view.height]), axis=1)
        asked &= -np.einsum("ni,ni->n", ray, normals) > reach * np.cos(np.radians(STEEPEST_DEG))
        rays = np.concatenate([np.broadcast_to(view.centre, ray[asked].shape), ray[asked]], 1).astype(np.float32)
        count[asked] += scene.cast_rays(o3d.core.Tensor(rays))["t_hit"].numpy() > 1 - 1e-3
    return count


def table(results: Mapping[str, Scores]) -> str:
    """The scores as a person reads them: a line for each product and part."""
    head = "  ".join(f"{f'accuracy {px} px':>13}{f'complete {px} px':>15}{f'F {px} px':>9}" for px in FOOTPRINTS)
    lines = [f"{'':8}{'':11}{head}"]
    for product, scores in results.items():
        for part in dict.fromkeys(name for name, _ in scores):
            cells = [scores[part, px] for px in FOOTPRINTS]
            row = "  ".join(f"{s.accuracy:13.3f}{s.completeness:15.3f}{s.f:9.3f}" for s in cells)
            lines.append(f"{product if part == 'all' else '':8}{part:11}{row}")
    return "\n".join(lines)


def columns(product: str, scores: Scores) -> dict[str, float]:
    """The scores as columns of bench.csv."""
    result: dict[str, float] = {}
    for (part, px), score in scores.items():
        name = product if part == "all" else f"{product}_{part}"
        result |= {
            f"{name}_f_{px}px": round(score.f, 4),
            f"{name}_accuracy_{px}px": round(score.accuracy, 4),
            f"{name}_completeness_{px}px": round(score.completeness, 4),
        }
    return result


def _share(mask: Mask) -> float:
    return float(mask.mean()) if len(mask) else float("nan")


def scene_of(vertices: Points, faces: NDArray[np.int32]) -> o3d.t.geometry.RaycastingScene:
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(
        o3d.core.Tensor(np.ascontiguousarray(vertices, np.float32)),
        o3d.core.Tensor(np.ascontiguousarray(faces, np.uint32)),
    )
    return scene


def _rays(view: View, width: int, height: int) -> Points:
    """Directions (H * W, 3) in the world of a picture of this size, a unit deep along the camera's +Z."""
    v, u = np.mgrid[0:height, 0:width] + 0.5
    pixel = np.stack([u.ravel(), v.ravel(), np.ones(u.size)], -1)
    return np.asarray(pixel @ np.linalg.inv(view.scaled(width, height)).T @ view.cam_from_world[:, :3])
