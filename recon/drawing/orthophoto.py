"""An orthophoto: the model seen from infinitely far, by ray casting or, of points, by depth; band by band."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import open3d as o3d
from numpy.typing import NDArray
from PIL import Image

from recon.drawing.projection import Projection
from recon.formats.glb import Part
from recon.formats.gltf_arrays import fractions
from recon.formats.srgb import encoded
from recon.geometry.compiled import compiled
from recon.geometry.raster import bilinear
from recon.survey import Survey, spacing_of

ByteArray = NDArray[np.uint8]
Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]

PAPER = 255
_BAND = 256  # rows at once
_MISS = np.iinfo(np.uint32).max
_LIGHT = np.array([-0.4, 0.75, 0.55])
_BARE = (0.72, 0.70, 0.67)  # sRGB, of what has no colour


def orthophoto(
    survey: Survey,
    drawing: Projection,
    low: FloatArray,
    width: int,
    height: int,
    pixel: float,
    advance: Callable[[], None] = lambda: None,
) -> tuple[ByteArray, Float32Array]:
    """Picture (H, W, 3) on white, and depth (H, W) behind the drawing's plane, infinite where nothing is.

    low (2,): the drawing's lower left corner. pixel: its side in metres.
    """
    picture = np.full((height, width, 3), PAPER, np.uint8)
    depth = np.full((height, width), np.inf, np.float32)
    start = drawing.cut if drawing.cut is not None else float(_nearest(survey, drawing)) - 1
    if not survey.parts:
        _splat(survey, drawing, low, pixel, start, picture, depth)
        return picture, depth
    scene = o3d.t.geometry.RaycastingScene()
    for part in survey.parts:
        scene.add_triangles(
            o3d.core.Tensor.from_numpy(np.ascontiguousarray(part.positions, np.float32)),
            o3d.core.Tensor.from_numpy(np.ascontiguousarray(part.faces, np.uint32)),
        )
    textures = [_texture(part) for part in survey.parts]
    u = low[0] + (np.arange(width) + 0.5) * pixel
    for top in range(0, height, _BAND):
        rows = np.arange(top, min(height, top + _BAND))
        v = low[1] + (height - rows - 0.5) * pixel
        origin = u[None, :, None] * drawing.right + v[:, None, None] * drawing.up + start * drawing.ahead
        rays = np.concatenate([origin, np.broadcast_to(drawing.ahead, origin.shape)], -1).astype(np.float32)
        hit = scene.cast_rays(o3d.core.Tensor.from_numpy(rays))
        which, triangle = hit["geometry_ids"].numpy(), hit["primitive_ids"].numpy()
        within, normal = hit["primitive_uvs"].numpy(), hit["primitive_normals"].numpy()
        depth[rows] = hit["t_hit"].numpy()
        for index, part in enumerate(survey.parts):
            seen = (which == index) & (triangle != _MISS)
            if seen.any():
                shade = _colour(part, textures[index], triangle[seen], within[seen], normal[seen], drawing)
                band = picture[top : top + len(rows)]
                band[seen] = shade
        advance()
    return picture, depth


def _nearest(survey: Survey, drawing: Projection) -> float:
    corners = np.array(np.meshgrid(*zip(survey.low, survey.high, strict=True))).reshape(3, -1)
    return float((drawing.ahead @ corners).min())


def _texture(part: Part) -> Float32Array | None:
    picture = part.material.base_color_texture if part.material else None
    if picture is None or picture.mime == "image/ktx2" or part.uv is None:
        return None
    with Image.open(io.BytesIO(picture.data)) as opened:
        return np.asarray(opened.convert("RGB"), np.float32)


def _colour(
    part: Part,
    texture: Float32Array | None,
    triangle: NDArray[np.uint32],
    within: Float32Array,
    normal: Float32Array,
    drawing: Projection,
) -> ByteArray:
    """(N, 3) sRGB of what the rays hit. What has no colour of its own is shaded by its slope."""
    corners = part.faces[triangle]
    weight = np.column_stack([1 - within.sum(axis=1), within])
    if texture is not None and part.uv is not None:
        uv = np.einsum("nk,nkc->nc", weight, part.uv[corners]) % 1.0
        px = uv * [texture.shape[1], texture.shape[0]]
        return np.asarray(np.clip(bilinear(texture, px.astype(np.float32)) + 0.5, 0, 255), np.uint8)
    if part.colors is not None:
        linear = np.einsum("nk,nkc->nc", weight, fractions(part.colors)[corners][..., :3])
        return np.asarray(np.clip(encoded(linear) * 255 + 0.5, 0, 255), np.uint8)
    base = part.material.base_color[:3] if part.material else None
    plain = encoded(np.array(base)) if base is not None and base != (1.0, 1.0, 1.0) else np.array(_BARE)
    facing = np.where((normal @ drawing.ahead > 0)[:, None], -normal, normal)
    slope = 0.72 + 0.38 * np.clip(facing @ (_LIGHT / np.linalg.norm(_LIGHT)), -0.4, 1)
    return np.asarray(np.clip(plain * slope[:, None] * 255, 0, 255), np.uint8)


def _splat(
    survey: Survey,
    drawing: Projection,
    low: FloatArray,
    pixel: float,
    start: float,
    picture: ByteArray,
    depth: Float32Array,
) -> None:
    """Points as discs that close the surface; the nearest counts."""
    beyond = survey.points @ drawing.ahead - start
    chosen = beyond >= 0
    flat = drawing.flat(survey.points[chosen])
    px = np.column_stack([(flat[:, 0] - low[0]) / pixel, len(picture) - (flat[:, 1] - low[1]) / pixel])
    colour = (
        np.full((int(chosen.sum()), 3), round(_BARE[0] * 255), np.uint8)
        if survey.colors is None
        else survey.colors[chosen]
    )
    _draw(px, beyond[chosen].astype(np.float32), colour, 1.2 * spacing_of(survey.points) / pixel, picture, depth)


@compiled
def _draw(
    px: FloatArray, beyond: Float32Array, colour: ByteArray, radius: float, picture: ByteArray, depth: Float32Array
) -> None:
    height, width = depth.shape
    for i in range(len(px)):
        for row in range(int(np.floor(px[i, 1] - radius)), int(np.floor(px[i, 1] + radius)) + 1):
            for column in range(int(np.floor(px[i, 0] - radius)), int(np.floor(px[i, 0] + radius)) + 1):
                if 0 <= row < height and 0 <= column < width and beyond[i] < depth[row, column]:
                    inside = (column + 0.5 - px[i, 0]) ** 2 + (row + 0.5 - px[i, 1]) ** 2 <= max(radius, 0.71) ** 2
                    if inside:
                        depth[row, column] = beyond[i]
                        for k in range(3):
                            picture[row, column, k] = colour[i, k]
