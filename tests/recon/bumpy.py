"""A bumpy ball with a known texture, photographed by known cameras on the CPU: truth for mesh, texture and glTF."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import open3d as o3d
from chart_board import Board, light_of
from numpy.typing import NDArray
from PIL import Image

from recon.formats import srgb
from recon.formats.ply import Ply, PlyWriter
from recon.progress import Silent
from recon.stages import colour as colour_stage
from recon.stages import texture
from recon.stages.colour import ColourOptions
from recon.stages.texture import TextureOptions
from recon.types import Frame, Mesh, PhotoSet, PointCloud, Points, SparseModel, TexturedMesh, View

WIDTH, HEIGHT, FOCAL = 480, 360, 520.0


@dataclass(frozen=True)
class Bumpy:
    """The truth and what a camera's owner would have of it."""

    vertices: NDArray[np.float32]
    faces: NDArray[np.int32]
    sparse: SparseModel
    cloud: Points

    def distance(self, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """(N,) from each point to the true surface."""
        distance: NDArray[np.float32] = _scene(self.vertices, self.faces).compute_distance(_tensor(points)).numpy()
        return distance


def radius(direction: NDArray[np.floating]) -> NDArray[np.floating]:
    x, y, z = np.moveaxis(direction, -1, 0)
    return np.asarray(0.5 + 0.03 * np.sin(6 * x) * np.cos(5 * y) + 0.02 * np.sin(9 * z))


def colour(points: NDArray[np.floating]) -> NDArray[np.float64]:
    """Linear-light colour 0..1 of the surface at points (..., 3): broad tints, fine checks."""
    x, y, z = np.moveaxis(points.astype(np.float64), -1, 0)
    tint = np.stack([0.35 + 0.25 * np.sin(4 * x), 0.35 + 0.2 * np.cos(5 * y), 0.35 + 0.25 * np.sin(5 * z + 1)], -1)
    checks = np.tanh(6 * np.sin(30 * x) * np.sin(30 * y) * np.sin(30 * z))
    return np.asarray(np.clip(tint * (1 + 0.35 * checks[..., None]), 0.01, 0.9))


def encoded(linear: NDArray[np.floating]) -> NDArray[np.floating]:
    """sRGB 0..255 of linear light 0..1."""
    return 255 * srgb.encoded(linear)


def photographed(
    folder: Path,
    *,
    num_photos: int = 9,
    gains: NDArray[np.floating] | None = None,
    passer_by: int | None = None,
    board: Board | None = None,
) -> Bumpy:
    """Photograph the ball from a ring at two heights, looking at it; a magenta passer-by may stand in one.

    gains: of each photo, or of its channels (N, 3), or a matrix for each (N, 3, 3) from true colours to the camera's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    vertices, faces = _ball()
    scene = _scene(vertices, faces)
    random = np.random.default_rng(7)
    gains = np.ones(num_photos) if gains is None else gains
    views = []
    for number in range(num_photos):
        turn = 2 * np.pi * number / num_photos
        centre = np.array([1.6 * np.sin(turn), (0.85, 0.25)[number % 2] + 0.5, 1.6 * np.cos(turn)])
        view = _looking_at(f"{number:02}.png", folder / f"{number:02}.png", centre, np.array([0.0, 0.5, 0.0]))
        picture = _render(scene, view, gains[number], board)
        if number == passer_by:
            picture[120:260, 200:290] = (220, 20, 200)
        Image.fromarray(picture).save(view.path)
        views.append(view)

    seen = np.stack([_sees(scene, view, vertices) for view in views])
    measured = np.flatnonzero(seen.sum(0) >= 2)
    landmarks = random.choice(measured, 600, replace=False)
    observations = tuple(np.flatnonzero(row[landmarks]).astype(np.int32) for row in seen)
    sparse = SparseModel(
        folder=folder,
        views=tuple(views),
        points=vertices[landmarks].astype(np.float64),
        point_colors=np.clip(encoded(colour(vertices[landmarks])), 0, 255).astype(np.uint8),
        point_errors_px=np.full(len(landmarks), 0.3),
        observations=observations,
        frame=Frame("metre", scale_source="synthetic", up_source="photos"),
        reprojection_px=0.3,
        registered=tuple(view.name for view in views),
    )
    samples, normals = _sampled(vertices, faces, 40_000, random)
    num_views = np.sum([_sees(scene, view, samples) for view in views], axis=0)
    measured = num_views >= 2
    noise = random.normal(0, 0.0005, samples.shape)
    cloud = Points(
        points=(samples + noise)[measured].astype(np.float32),
        normals=normals[measured],
        colors=np.clip(encoded(colour(samples[measured])), 0, 255).astype(np.uint8),
        num_views=num_views[measured].astype(np.uint8),
        sigma=np.full(measured.sum(), 0.0005, np.float32),
        num_scans=np.zeros(measured.sum(), np.uint8),
    )
    return Bumpy(vertices, faces, sparse, cloud)


def on_disk(cloud: Points, folder: Path) -> PointCloud:
    """The cloud as the dense stage leaves it."""
    path = folder / "cloud.ply"
    with PlyWriter(path) as out:
        out.append(Ply(cloud.points, cloud.normals, cloud.colors, cloud.num_views, cloud.sigma))
    return PointCloud(path, len(cloud))


def painted(
    mesh: Mesh, sparse: SparseModel, options: TextureOptions, scratch: Path, *, equalise: bool = True
) -> TexturedMesh:
    """The mesh with its texture, by the stages colour and texture."""
    alike = ColourOptions(equalise=equalise, chart="none")
    colours = colour_stage.build(sparse, PhotoSet(()), None, alike, scratch=scratch, progress=Silent())
    return texture.build(mesh, sparse, colours, options, scratch=scratch, progress=Silent())


def _ball(resolution: int = 90) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    ball = o3d.geometry.TriangleMesh.create_sphere(radius=1.0, resolution=resolution)
    unit = np.asarray(ball.vertices)
    vertices = unit * radius(unit)[:, None] + (0, 0.5, 0)
    return vertices.astype(np.float32), np.asarray(ball.triangles).astype(np.int32)


def _sampled(
    vertices: NDArray[np.float32], faces: NDArray[np.int32], count: int, random: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """`count` points spread evenly over the surface, and its unit normals there."""
    corner = vertices[faces].astype(np.float64)
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    area = np.linalg.norm(normal, axis=1)
    face = random.choice(len(faces), count, p=area / area.sum())
    weight = random.dirichlet((1, 1, 1), count)
    points = np.einsum("nc,nci->ni", weight, corner[face])
    return points.astype(np.float32), (normal[face] / area[face, None]).astype(np.float32)


def _tensor(array: NDArray[np.generic]) -> o3d.core.Tensor:
    return o3d.core.Tensor.from_numpy(np.ascontiguousarray(array, np.float32))


def _scene(vertices: NDArray[np.float32], faces: NDArray[np.int32]) -> o3d.t.geometry.RaycastingScene:
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(_tensor(vertices), o3d.core.Tensor.from_numpy(faces.astype(np.uint32)))
    return scene


def _looking_at(name: str, path: Path, centre: NDArray[np.float64], target: NDArray[np.float64]) -> View:
    forward = (target - centre) / np.linalg.norm(target - centre)
    right = np.cross(forward, [0.0, 1.0, 0.0])
    right /= np.linalg.norm(right)
    rotation = np.stack([right, np.cross(forward, right), forward])
    k = np.array([[FOCAL, 0, WIDTH / 2], [0, FOCAL, HEIGHT / 2], [0, 0, 1.0]])
    return View(name, path, WIDTH, HEIGHT, k, np.column_stack([rotation, -rotation @ centre]))


def _render(
    scene: o3d.t.geometry.RaycastingScene,
    view: View,
    gain: NDArray[np.floating],
    board: Board | None,
    fine: int = 2,
) -> NDArray[np.uint8]:
    """Area-sampled: `fine` x `fine` rays a pixel, averaged in linear light."""
    v, u = (np.mgrid[0 : HEIGHT * fine, 0 : WIDTH * fine] + 0.5) / fine
    k, rotation = view.k, view.cam_from_world[:, :3]
    rays = np.stack([(u - k[0, 2]) / k[0, 0], (v - k[1, 2]) / k[1, 1], np.ones_like(u)], -1) @ rotation
    origin = np.broadcast_to(view.centre, rays.shape)
    distance = scene.cast_rays(_tensor(np.concatenate([origin, rays], -1)))["t_hit"].numpy()
    hit = np.isfinite(distance)
    linear = np.full((*hit.shape, 3), 0.7)
    linear[hit] = _recorded(colour(view.centre + rays[hit] * distance[hit][:, None]), gain)
    if board is not None:
        away, place = board.hit(view.centre, rays)
        front = away < np.where(hit, distance, np.inf)
        linear[front] = _recorded(light_of(place[front]), gain)
    mean = linear.reshape(HEIGHT, fine, WIDTH, fine, 3).mean((1, 3))
    return np.asarray(np.rint(np.clip(encoded(np.clip(mean, 0, 1)), 0, 255)), np.uint8)


def _recorded(light: NDArray[np.float64], gain: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(light @ gain.T if np.ndim(gain) == 2 else light * gain)


def _sees(scene: o3d.t.geometry.RaycastingScene, view: View, points: NDArray[np.float32]) -> NDArray[np.bool_]:
    rays = points - view.centre
    origin = np.broadcast_to(view.centre, rays.shape)
    hidden = scene.test_occlusions(_tensor(np.concatenate([origin, rays], -1)), tfar=0.999).numpy()
    in_cam = points @ view.cam_from_world[:, :3].T + view.cam_from_world[:, 3]
    px = in_cam @ view.k.T
    px = px[:, :2] / px[:, 2:]
    inside = (px > 2).all(1) & (px[:, 0] < WIDTH - 2) & (px[:, 1] < HEIGHT - 2)
    return np.asarray(~hidden & inside)
