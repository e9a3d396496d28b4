"""Renders a model's first picture on the CPU: triangles by ray casting, splats and points by blending."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image
from scipy.spatial import cKDTree

from recon.formats.errors import BadFile
from recon.formats.glb import Part
from recon.formats.gltf_arrays import fractions
from recon.formats.picture import webp_below
from recon.formats.points import Cloud, thinned
from recon.formats.splat_drawing import draw_splats
from recon.formats.splats import Splats
from recon.formats.srgb import decoded, encoded

WIDTH, HEIGHT = 960, 720  # px
MAX_BYTES = 200_000
_SUPERSAMPLE = 2
_FOV_DEG = 28.0
AZIMUTH_DEG, ELEVATION_DEG = 28.0, 16.0  # a little from the right and above
_MAX_DISCS = 300_000
_BARE = 0.55  # sRGB, of points without a colour
_MAX_TEXTURE_PIXELS = 8192 * 8192

Floats = NDArray[np.floating]


def render_thumb(
    parts: Sequence[Part], path: Path, *, azimuth_deg: float = AZIMUTH_DEG, elevation_deg: float = ELEVATION_DEG
) -> tuple[int, int]:
    """Write a WebP with transparent ground, the whole model seen from a side.

    `azimuth_deg` is 0 from the front (+Z) and grows to the right (+X); `elevation_deg` is between -90 and 90.
    Returns (width, height) px. Raises BadFile where a texture cannot be read.
    """
    import open3d as o3d  # takes seconds to load, and most who import formats draw nothing

    low = np.min([part.positions.min(0) for part in parts if len(part.positions)], axis=0)
    high = np.max([part.positions.max(0) for part in parts if len(part.positions)], axis=0)
    width, height = WIDTH * _SUPERSAMPLE, HEIGHT * _SUPERSAMPLE
    pose = _camera(low, high, azimuth_deg, elevation_deg)
    rays = view_rays(pose[:3, 3], pose[:3, 3] - pose[:3, 2], _FOV_DEG, width, height)
    scene = o3d.t.geometry.RaycastingScene()
    for part in parts:
        scene.add_triangles(
            o3d.core.Tensor.from_numpy(np.ascontiguousarray(part.positions, np.float32)),
            o3d.core.Tensor.from_numpy(np.ascontiguousarray(part.faces, np.uint32)),
        )
    hit = scene.cast_rays(o3d.core.Tensor.from_numpy(rays))
    which = hit["geometry_ids"].numpy()
    triangle = hit["primitive_ids"].numpy()
    within = hit["primitive_uvs"].numpy()
    normal = hit["primitive_normals"].numpy()
    picture = np.zeros((height, width, 4), np.float32)
    for index, part in enumerate(parts):
        seen = which == index
        if seen.any():
            facing = _towards(normal[seen], rays[seen][:, 3:])
            picture[seen, :3] = _encode(_colour(part, triangle[seen], within[seen], facing))
            picture[seen, 3] = 1.0
    _save(_halved(picture), path)  # what is not covered is black: premultiplied
    return WIDTH, HEIGHT


def render_points_thumb(
    points: Cloud | Splats, path: Path, *, azimuth_deg: float = AZIMUTH_DEG, elevation_deg: float = ELEVATION_DEG
) -> tuple[int, int]:
    """The same of splats or a point cloud, whose colours bring their light along."""
    splats = points if isinstance(points, Splats) else _discs(thinned(points, _MAX_DISCS))
    eye_from_world = np.linalg.inv(_camera(*points.bounds(), azimuth_deg, elevation_deg))
    _save(draw_splats(splats, eye_from_world, _FOV_DEG, WIDTH, HEIGHT), path)
    return WIDTH, HEIGHT


def _discs(cloud: Cloud) -> Splats:
    """Points as round spots, so large that a surface closes."""
    apart, _ = cKDTree(cloud.positions).query(cloud.positions, min(5, len(cloud)))
    spread = float(np.median(np.reshape(apart, (len(cloud), -1))[:, -1])) / 2 or 1e-3
    num = len(cloud)
    colours = np.full((num, 3), _BARE) if cloud.colours is None else cloud.colours / 255
    turns = np.tile(np.array([0, 0, 0, 1], np.float32), (num, 1))
    return Splats(
        cloud.positions,
        np.full((num, 3), spread, np.float32),
        turns,
        np.ones(num, np.float32),
        colours.astype(np.float32),
    )


def _camera(low: Floats, high: Floats, azimuth_deg: float, elevation_deg: float) -> Floats:
    """(4, 4) world_from_eye of a camera, looking along -Z with +Y up, that sees the whole box."""
    centre, corners = (low + high) / 2, np.array(np.meshgrid(*zip(low, high, strict=True))).reshape(3, -1).T
    azimuth, elevation = math.radians(azimuth_deg), math.radians(elevation_deg)
    back = np.array(
        [math.sin(azimuth) * math.cos(elevation), math.sin(elevation), math.cos(azimuth) * math.cos(elevation)]
    )
    right = np.cross([0.0, 1.0, 0.0], back)
    right /= np.linalg.norm(right)
    up = np.cross(back, right)
    half_y = math.tan(math.radians(_FOV_DEG) / 2)
    half_x = half_y * WIDTH / HEIGHT
    offsets = corners - centre
    across, upward, deep = np.abs(offsets @ right), np.abs(offsets @ up), offsets @ back
    distance = 1.06 * float(np.max(deep + np.maximum(across / half_x, upward / half_y))) or 1.0
    pose = np.eye(4)
    pose[:3] = np.column_stack([right, up, back, centre + back * distance])
    return pose


def view_rays(eye: ArrayLike, target: ArrayLike, fov_deg: float, width: int, height: int) -> NDArray[np.float32]:
    """(height, width, 6) origins and unit directions through the pixels' centres of a level camera.

    It stands at `eye` (3,) and looks at `target` (3,), +Y up. fov_deg: the picture's height.
    """
    at, aim = np.asarray(eye, float), np.asarray(target, float)
    forward = (aim - at) / np.linalg.norm(aim - at)
    right = np.cross(forward, (0, 1, 0))
    right = right / np.linalg.norm(right)
    up = np.cross(right, forward)
    reach = np.tan(np.radians(fov_deg / 2))
    y, x = np.meshgrid(
        (1 - 2 * (np.arange(height) + 0.5) / height) * reach,
        (2 * (np.arange(width) + 0.5) / width - 1) * reach * width / height,
        indexing="ij",
    )
    ways = [forward[c] + x * right[c] + y * up[c] for c in range(3)]
    length = np.sqrt(ways[0] * ways[0] + ways[1] * ways[1] + ways[2] * ways[2])
    rays = np.empty((height, width, 6), np.float32)
    rays[..., :3] = at
    for c in range(3):
        rays[..., 3 + c] = ways[c] / length
    return rays


def _halved(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each pixel the mean of two by two (H, W, 4)."""
    upper, lower = picture[0::2], picture[1::2]
    return np.asarray((upper[:, 0::2] + upper[:, 1::2] + lower[:, 0::2] + lower[:, 1::2]) / np.float32(4))


def _towards(normal: Floats, direction: Floats) -> Floats:
    """Unit normals, turned to the camera."""
    away = np.sum(normal * direction, axis=1) > 0
    return np.where(away[:, None], -normal, normal)


def _colour(part: Part, triangle: NDArray[Any], within: Floats, normal: Floats) -> Floats:
    """(N, 3) linear colour of the points hit: the material's, and on lit materials a soft light from above left."""
    corners = part.faces[triangle]
    weight = np.column_stack([1 - within.sum(1), within])
    base = part.material.base_color[:3] if part.material else (1.0, 1.0, 1.0)
    colour = np.broadcast_to(np.asarray(base), (len(triangle), 3)).copy()
    if part.colors is not None:
        colour *= np.einsum("nk,nkc->nc", weight, fractions(part.colors)[corners][..., :3])
    picture = part.material.base_color_texture if part.material else None
    if picture is not None and picture.mime != "image/ktx2" and part.uv is not None:  # KTX2 is not unpacked here
        colour *= _texture(picture.data, np.einsum("nk,nkc->nc", weight, part.uv[corners].astype(np.float64)))
    if part.material is None or not part.material.unlit:
        key = np.array([-0.45, 0.75, 0.6])
        key /= np.linalg.norm(key)
        sky = 0.5 + 0.5 * normal[:, 1:2]
        colour *= 0.28 + 0.3 * sky + 0.62 * np.clip(normal @ key, 0, 1)[:, None]
    return colour


def _texture(encoded: bytes, uv: Floats) -> Floats:
    """(N, 3) linear colour at uv; the picture repeats."""
    try:
        with Image.open(io.BytesIO(encoded), formats=["PNG", "JPEG", "WEBP"]) as picture:
            if picture.width * picture.height > _MAX_TEXTURE_PIXELS:
                raise BadFile("picture_large", name="texture")
            picture.thumbnail((2048, 2048))
            pixels = np.asarray(picture.convert("RGB"), dtype=np.float64) / 255.0
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadFile("picture_broken", name="texture") from error
    height, width = pixels.shape[:2]
    column = np.floor(np.nan_to_num(uv[:, 0] % 1.0) * width).astype(int).clip(0, width - 1)
    row = np.floor(np.nan_to_num(uv[:, 1] % 1.0) * height).astype(int).clip(0, height - 1)
    return decoded(pixels[row, column])


def _encode(linear: Floats) -> Floats:
    return encoded(np.clip(linear, 0, 1))


def _save(picture: NDArray[Any], path: Path) -> None:
    """Write (HEIGHT, WIDTH, 4), premultiplied by its alpha, below MAX_BYTES."""
    alpha = picture[..., 3:]
    colour = picture[..., :3] / np.maximum(alpha, 1e-9)
    straight = np.concatenate([colour, alpha], axis=2).clip(0, 1)
    image = Image.fromarray((straight * 255 + 0.5).astype(np.uint8), "RGBA")
    path.write_bytes(webp_below(image, MAX_BYTES))
