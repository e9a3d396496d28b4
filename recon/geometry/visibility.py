"""What a camera sees of a mesh: projection, occlusion by ray casting, depth pictures.

Camera frame +X right, +Y down, +Z forward; pixel (0.5, 0.5) is the centre of the top left pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import open3d as o3d
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]

_MISS = np.iinfo(np.uint32).max  # Open3D's primitive id where a ray hits nothing


class Pinhole(Protocol):
    """A photo's camera; recon.types.View is one."""

    @property
    def k(self) -> FloatArray: ...  # (3, 3) px

    @property
    def cam_from_world(self) -> FloatArray: ...  # (3, 4)

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...


def project(view: Pinhole, points: NDArray[np.floating]) -> tuple[Float32Array, Float32Array]:
    """Pixels (N, 2) and depths along +Z (N,) of world points (N, 3). The pixels of points behind the camera are
    meaningless.
    """
    in_cam = points @ view.cam_from_world[:, :3].T + view.cam_from_world[:, 3]
    depth = in_cam[:, 2]
    scaled = in_cam @ view.k.T
    safe = np.where(np.abs(depth) < 1e-12, 1e-12, depth)
    return (scaled[:, :2] / safe[:, None]).astype(np.float32), depth.astype(np.float32)


class Occluders:
    """A mesh for ray casting."""

    def __init__(self, vertices: Float32Array, faces: IntArray):
        self.scene = o3d.t.geometry.RaycastingScene()
        self.scene.add_triangles(
            o3d.core.Tensor.from_numpy(np.ascontiguousarray(vertices, np.float32)),
            o3d.core.Tensor.from_numpy(np.ascontiguousarray(faces, np.uint32)),
        )

    def sees(self, centre: FloatArray, points: NDArray[np.floating], epsilon: float = 1e-3) -> BoolArray:
        """(N,) True where nothing stands between `centre` and the point; `epsilon` of the distance is forgiven."""
        rays = np.empty((len(points), 6), np.float32)
        rays[:, :3], rays[:, 3:] = centre, points - centre
        return np.asarray(
            ~self.scene.test_occlusions(o3d.core.Tensor.from_numpy(rays), tnear=1e-4, tfar=1.0 - epsilon).numpy()
        )

    def picture(
        self, k: FloatArray, cam_from_world: FloatArray, width: int, height: int
    ) -> tuple[Float32Array, IntArray, Float32Array]:
        """Depth (H, W), 0 where nothing is hit; face (H, W), -1 there; corner weights 1 and 2 of the hit (H, W, 2)."""
        hit = self.scene.cast_rays(o3d.core.Tensor.from_numpy(_rays(k, cam_from_world, width, height)))
        face = hit["primitive_ids"].numpy()
        depth = np.where(face == _MISS, 0, hit["t_hit"].numpy()).astype(np.float32)  # rays have z = 1: t is depth
        return depth, np.where(face == _MISS, -1, face.astype(np.int64)).astype(np.int32), hit["primitive_uvs"].numpy()

    def picture_of_fronts(
        self, k: FloatArray, cam_from_world: FloatArray, width: int, height: int, layers: int = 12
    ) -> tuple[IntArray, Float32Array]:
        """Face (H, W) and corner weights (H, W, 2) as `picture` gives them, of the nearest face that is seen from its
        front: backs are looked through, at most `layers` of them.
        """
        rays = _rays(k, cam_from_world, width, height).reshape(-1, 6)
        face, weights = np.full(len(rays), -1, np.int32), np.zeros((len(rays), 2), np.float32)
        asked = np.arange(len(rays))
        for _ in range(layers):
            hit = self.scene.cast_rays(o3d.core.Tensor.from_numpy(rays[asked]))
            found, t = hit["primitive_ids"].numpy(), hit["t_hit"].numpy()
            direction = rays[asked, 3:]
            front = np.einsum("ni,ni->n", hit["primitive_normals"].numpy(), direction) < 0
            there = found != _MISS
            shown = there & front
            face[asked[shown]], weights[asked[shown]] = found[shown], hit["primitive_uvs"].numpy()[shown]
            behind = there & ~front
            asked = asked[behind]
            if not len(asked):
                break
            rays[asked, :3] += direction[behind] * (t[behind] * np.float32(1 + 1e-4))[:, None]
        return face.reshape(height, width), weights.reshape(height, width, 2)

    def closest(self, points: Float32Array) -> tuple[IntArray, Float32Array]:
        """The nearest face to each point (N,) and the weights of its corners 1 and 2 there (N, 2)."""
        found = self.scene.compute_closest_points(o3d.core.Tensor.from_numpy(np.ascontiguousarray(points, np.float32)))
        return found["primitive_ids"].numpy().astype(np.int32), found["primitive_uvs"].numpy()

    def distance(self, points: Float32Array) -> Float32Array:
        """(N,) how far each point (N, 3) is from the nearest place of the mesh."""
        asked = o3d.core.Tensor.from_numpy(np.ascontiguousarray(points, np.float32))
        return np.asarray(self.scene.compute_distance(asked).numpy())


def _rays(k: FloatArray, cam_from_world: FloatArray, width: int, height: int) -> Float32Array:
    """(H, W, 6) origin and direction of each pixel's ray in the world; directions are 1 deep."""
    v, u = np.mgrid[0:height, 0:width]
    rotation = cam_from_world[:, :3]
    in_cam = np.stack([(u + 0.5 - k[0, 2]) / k[0, 0], (v + 0.5 - k[1, 2]) / k[1, 1], np.ones((height, width))], axis=-1)
    rays = np.empty((height, width, 6), np.float32)
    rays[..., :3], rays[..., 3:] = -rotation.T @ cam_from_world[:, 3], in_cam @ rotation
    return rays


@dataclass(frozen=True, slots=True)
class FacesInView:
    """How one view shows the faces of a mesh."""

    quality: Float32Array  # (F,) px^2 of the face in the photo times the cosine of the view; 0 where it is hidden
    centre: Float32Array  # (F, 2) px of the face's centre


def faces_in_view(
    occluders: Occluders,
    vertices: Float32Array,
    faces: IntArray,
    normals: FloatArray,
    view: Pinhole,
    *,
    border: float = 4.0,
    steepest: float = 0.1,
) -> FacesInView:
    """A face counts if its three corners are inside the photo by `border` px and in sight; steeper faces do not.

    Faces of which only the centre is in sight, and those beside a nearer outline, keep a small quality: better than
    none.
    normals (F, 3) unit; steepest: least cosine between normal and line of sight.
    """
    width, height = view.width, view.height
    centre_of_view = -view.cam_from_world[:, :3].T @ view.cam_from_world[:, 3]
    px, depth = project(view, vertices)
    inside = (depth > 0) & (px > border).all(axis=1) & (px[:, 0] < width - border) & (px[:, 1] < height - border)
    middle = vertices[faces].mean(axis=1)
    sight = centre_of_view - middle
    cosine = np.einsum("fi,fi->f", normals, sight) / np.maximum(np.linalg.norm(sight, axis=1), 1e-12)
    asked = np.flatnonzero((cosine > steepest) & inside[faces].all(axis=1))

    quality = np.zeros(len(faces), np.float32)
    centre = np.zeros((len(faces), 2), np.float32)
    if not len(asked):
        return FacesInView(quality, centre)
    corners = np.unique(faces[asked])
    in_sight = np.zeros(len(vertices), bool)
    in_sight[corners] = occluders.sees(centre_of_view, vertices[corners])
    middle_seen = occluders.sees(centre_of_view, middle[asked])
    whole = in_sight[faces[asked]].all(axis=1) & middle_seen

    plane = px[faces[asked]].astype(np.float64)
    edge = plane[:, 1:] - plane[:, :1]
    area = 0.5 * np.abs(edge[:, 0, 0] * edge[:, 1, 1] - edge[:, 0, 1] * edge[:, 1, 0])
    centre[asked] = plane.mean(axis=1)
    coarse = max(1, round(width / 768))
    small_k = view.k.copy()
    small_k[:2] /= coarse
    depth_picture = occluders.picture(small_k, view.cam_from_world, width // coarse, height // coarse)[0]
    outline = behind_an_edge(depth_picture, margin=2)
    x, y = np.minimum(centre[asked] / coarse, (width // coarse - 1, height // coarse - 1)).astype(int).T
    trust = np.where(whole, np.where(outline[y, x], 0.05, 1.0), np.where(middle_seen, 1e-3, 0.0))
    quality[asked] = area * cosine[asked] * trust
    return FacesInView(quality, centre)


def behind_an_edge(depth: Float32Array, margin: int, step: float = 0.02) -> BoolArray:
    """(H, W) True within `margin` pixels of something nearer by more than `step` of the depth.

    There a small error of the foreground's outline would paint the foreground onto the background.
    """
    filled = np.where(depth > 0, depth, np.float32(np.inf)).astype(np.float32)
    nearest = cv2.erode(filled, np.ones((2 * margin + 1, 2 * margin + 1), np.uint8))
    return np.asarray(nearest < filled * (1 - step))
