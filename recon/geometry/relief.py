"""Normals and ambient occlusion of a surface: what its light depends on besides its colour."""

from __future__ import annotations

import cv2
import numpy as np
import open3d as o3d
from numpy.typing import NDArray

from recon.geometry import raster
from recon.geometry.surface import vertex_neighbours
from recon.geometry.visibility import Occluders

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
ByteArray = NDArray[np.uint8]
BoolArray = NDArray[np.bool_]

_RAYS = 6_000_000  # at most, for the whole surface


def vertex_normals(vertices: Float32Array, faces: IntArray) -> Float32Array:
    """(V, 3) unit, the faces' around each vertex by their area; +Y where there is none."""
    corner = vertices[faces].astype(np.float64)
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    total = np.stack(
        [np.bincount(faces.ravel(), np.repeat(normal[:, axis], 3), len(vertices)) for axis in range(3)], -1
    )
    length = np.linalg.norm(total, axis=1)
    total[length < 1e-30] = (0, 1, 0)
    return np.asarray(total / np.linalg.norm(total, axis=1, keepdims=True), np.float32)


def openness(
    occluders: Occluders, vertices: Float32Array, faces: IntArray, normals: Float32Array, *, reach: float
) -> Float32Array:
    """(V,) share of the light from all around, by its cosine, that nothing within `reach` keeps from each vertex.

    A few dozen rays for every patch of the surface; they are spread over the patch's vertices, whose shares are then
    made smooth. Source: Zhukov et al., An Ambient Light Illumination Model, 1998.
    """
    num_rays = int(np.clip(_RAYS // max(len(vertices), 1), 8, 48))
    share = np.empty(len(vertices), np.float32)
    golden = np.pi * (3 - np.sqrt(5))
    radius = np.sqrt((np.arange(num_rays) + 0.5) / num_rays)
    step = 2e-3 * reach
    for start in range(0, len(vertices), 50_000):
        rows = slice(start, start + 50_000)
        n = normals[rows].astype(np.float64)
        helper = np.eye(3)[np.argmin(np.abs(n), axis=1)]
        x = np.cross(n, helper)
        x /= np.linalg.norm(x, axis=1, keepdims=True)
        y = np.cross(n, x)
        turn = np.arange(num_rays) * golden + (np.arange(start, start + len(n)) * 2.399)[:, None] * 7
        flat_x, flat_y = radius * np.cos(turn), radius * np.sin(turn)
        height = np.broadcast_to(np.sqrt(1 - radius**2), flat_x.shape)
        rays = np.empty((*flat_x.shape, 6), np.float32)
        rays[..., :3] = (vertices[rows] + step * n)[:, None]
        rays[..., 3:] = flat_x[..., None] * x[:, None] + flat_y[..., None] * y[:, None] + height[..., None] * n[:, None]
        hit = occluders.scene.test_occlusions(o3d.core.Tensor.from_numpy(rays), tnear=0.0, tfar=reach).numpy()
        share[rows] = 1 - hit.mean(axis=1)
    around = vertex_neighbours(faces, len(vertices))
    count = np.asarray(around.sum(axis=1)).ravel() + 1
    for _ in range(2 if num_rays >= 32 else 4):
        share = ((share + around @ share) / count).astype(np.float32)
    return share


def in_tangent_space(normals: Float32Array, frame_normals: Float32Array, tangents: Float32Array) -> Float32Array:
    """World normals (N, 3) in the frames of glTF's normal textures: x along the tangent, y the bitangent, z out.

    frame_normals (N, 3), tangents (N, 4); the bitangent is cross(normal, tangent) * w (glTF 3.7.2.1). What would point
    below the frame's surface is kept on it.
    """
    n = frame_normals / np.maximum(np.linalg.norm(frame_normals, axis=1, keepdims=True), 1e-9)
    t = tangents[:, :3] - n * np.sum(n * tangents[:, :3], axis=1, keepdims=True)
    t /= np.maximum(np.linalg.norm(t, axis=1, keepdims=True), 1e-9)
    b = np.cross(n, t) * np.where(tangents[:, 3:] < 0, -1.0, 1.0)
    found = np.stack([np.sum(normals * axis, axis=1) for axis in (t, b, n)], -1)
    found[:, 2] = np.maximum(found[:, 2], 0.02)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def encoded(tangent_space: Float32Array) -> ByteArray:
    """(..., 3) as a normal texture holds it, -1..1 to 0..255."""
    return np.asarray(np.clip(np.rint(tangent_space * 127.5 + 127.5), 0, 255), np.uint8)


def half(picture: ByteArray, known: BoolArray) -> ByteArray:
    """(H/2, W/2, 3) the mean of what is known of each 2 x 2 block; what nothing is known of gets its surroundings'."""
    height, width = (max(1, length // 2) for length in picture.shape[:2])
    share = cv2.resize(known.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
    total = cv2.resize(picture * known[..., None].astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
    small = np.asarray(np.clip(np.rint(total / np.maximum(share, 1e-6)[..., None]), 0, 255), np.uint8)
    raster.fill_outside(small, share > 0)
    return small
