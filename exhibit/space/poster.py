"""Renders a baked room from a given view: the picture that a hall's page shows while the hall loads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import open3d as o3d
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import map_coordinates
from scipy.spatial.transform import Rotation

from exhibit.documents.types import HallDocument, Id
from exhibit.space.parts import Part
from exhibit.space.pictures import linear
from exhibit.space.progress import Report, reported, unheard
from recon.formats.glb import Material
from recon.formats.gltf import read_gltf
from recon.formats.gltf_scene import Scene
from recon.formats.srgb import encoded
from recon.formats.thumbnail import view_rays

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]
Float32Array = NDArray[np.float32]
ALPHA_CUTOFF = 0.4  # less is cut out
MOST_CARDS = 24  # that a ray passes one after the other


@dataclass(frozen=True, slots=True)
class Standing:
    """An exhibit for the poster: a delivery GLB and hall_from_asset (4, 4)."""

    model: Path
    hall_from_asset: FloatArray


def exhibits(document: HallDocument, bundles: Mapping[Id, Path]) -> list[Standing]:
    """What stands in a hall document, from its assets' bundles by id; placements whose bundle is not given are left
    out.
    """
    found = []
    for placement in document["placements"].values():
        if "asset" in placement and placement["asset"] in bundles:
            matrix = np.eye(4)
            matrix[:3, :3] = placement["scale"] * Rotation.from_quat(placement["rotation"]).as_matrix()
            matrix[:3, 3] = placement["translation"]
            found.append(Standing(bundles[placement["asset"]] / "model.glb", matrix))
    return found


def poster(
    parts: Sequence[Part],
    pictures: Mapping[str, ByteArray],
    eye: ArrayLike,
    target: ArrayLike,
    fov_deg: float,
    *,
    width: int = 1280,
    height: int = 720,
    samples: int = 2,
    standing: Sequence[Standing] = (),
    lightmap: NDArray[np.float32] | None = None,
    report: Report = unheard,
) -> ByteArray:
    """(height, width, 3) sRGB; `fov_deg` is vertical. What a lightmap lights is tone-mapped, as in the viewer."""
    scene = o3d.t.geometry.RaycastingScene()
    shown = [(p, _pyramid(_linear(pictures[p.picture]))) for p in parts]
    for thing in standing:
        shown += [(part, _pyramid(pixels)) for part, pixels in _exhibit(thing, parts)]
    texels = [_texel(part, levels[0]) for part, levels in shown]
    for part, _ in shown:
        scene.add_triangles(
            o3d.core.Tensor(part.vertices.astype(np.float32)), o3d.core.Tensor(part.faces.astype(np.uint32))
        )
    rays = view_rays(eye, target, fov_deg, width * samples, height * samples).reshape(-1, 6)
    out = np.zeros((len(rays), 3), np.float32)
    footprint = 2 * np.tan(np.radians(fov_deg / 2)) / (height * samples)  # of a ray, per metre of its length
    for i in reported(range(0, len(rays), 2**20), report):
        geometry, triangle, bary, distance = _first_hits(scene, rays[i : i + 2**20], shown)
        for k, (part, levels) in enumerate(shown):
            mine = np.flatnonzero(geometry == k)
            if len(mine):
                corner = part.faces[triangle[mine]]
                weight = np.stack([1 - bary[mine].sum(1), bary[mine, 0], bary[mine, 1]], -1)[..., None]
                uv, light = (part.uv[corner] * weight).sum(1), (part.colors[corner] * weight).sum(1)
                baked = lightmap is not None and part.light_uv is not None
                if lightmap is not None and part.light_uv is not None:
                    light = light * _sampled(lightmap, (part.light_uv[corner] * weight).sum(1))
                level = np.clip(
                    np.round(np.log2(np.maximum(distance[mine] * footprint / texels[k], 1e-6)) + 0.6),
                    0,
                    len(levels) - 1,
                )
                for n, picture in enumerate(levels):
                    here = level == n
                    seen = _sampled(picture[..., :3], uv[here]) * light[here]
                    out[i + mine[here]] = neutral(seen) if baked else seen
    picture = out.reshape(height, samples, width, samples, 3).mean((1, 3))
    return np.asarray(np.clip(np.round(encoded(picture) * 255), 0, 255), np.uint8)


def _first_hits(
    scene: o3d.t.geometry.RaycastingScene, rays: Float32Array, shown: Sequence[tuple[Part, list[Float32Array]]]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], Float32Array, Float32Array]:
    """(part, triangle, barycentric coordinates, distance) of what each ray (N, 6) meets; it passes cut-out pixels."""
    keys = ("geometry_ids", "primitive_ids", "primitive_uvs", "t_hit")
    found = tuple(answer.numpy().copy() for answer in map(scene.cast_rays(o3d.core.Tensor(rays)).get, keys))
    going, on = np.arange(len(rays)), found
    for _ in range(MOST_CARDS):
        clear = np.zeros(len(going), bool)
        for k, (part, levels) in enumerate(shown):
            if levels[0].shape[-1] == 4 and len(mine := np.flatnonzero(on[0] == k)):
                corner, b = part.faces[on[1][mine]], on[2][mine]
                weight = np.stack([1 - b.sum(1), b[:, 0], b[:, 1]], -1)[..., None]
                clear[mine] = _sampled(levels[0][..., 3:], (part.uv[corner] * weight).sum(1))[:, 0] < ALPHA_CUTOFF
        if not clear.any():
            break
        going = going[clear]
        passed = on[3][clear] + np.float32(1e-3)
        ahead = rays[going].copy()
        ahead[:, :3] += ahead[:, 3:] * passed[:, None]
        on = tuple(answer.numpy().copy() for answer in map(scene.cast_rays(o3d.core.Tensor(ahead)).get, keys))
        on[3][:] += passed
        for whole, part_of in zip(found, on, strict=True):
            whole[going] = part_of
    return found


def _linear(picture: ByteArray) -> Float32Array:
    """Linear (H, W, 3), or (H, W, 4) with its alpha."""
    share = picture / np.float32(255)
    return np.concatenate([linear(share[..., :3]), share[..., 3:]], -1)


def neutral(colour: FloatArray) -> FloatArray:
    """The Khronos PBR neutral tone mapper, as three.js has it: true to 0.76, then towards 1."""
    low = colour.min(-1, keepdims=True)
    colour = colour - np.where(low < 0.08, low - 6.25 * low * low, 0.04)
    peak = colour.max(-1, keepdims=True)
    start, range_ = 0.8 - 0.04, 1.0 - (0.8 - 0.04)
    pressed = 1 - range_ * range_ / (np.maximum(peak, start) + range_ - start)
    grey = 1 - 1 / (0.15 * (peak - pressed) + 1)
    bent = colour * pressed / np.maximum(peak, 1e-6)
    return np.asarray(np.where(peak < start, colour, bent * (1 - grey) + pressed * grey))


def _pyramid(picture: NDArray[np.float32], levels: int = 6) -> list[NDArray[np.float32]]:
    """The picture and its halvings, for surfaces far away."""
    out = [picture]
    while len(out) < levels and min(out[-1].shape[:2]) >= 8:
        h, w = (n // 2 * 2 for n in out[-1].shape[:2])
        out.append(out[-1][:h, :w].reshape(h // 2, 2, w // 2, 2, -1).mean((1, 3)))
    return out


def _texel(part: Part, picture: NDArray[np.float32]) -> float:
    """Length of a texel's edge in metres: the median over the part's triangles."""
    p, uv = part.vertices[part.faces], part.uv[part.faces] * (picture.shape[1], picture.shape[0])
    area = np.linalg.norm(np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0]), axis=1)
    a, b = uv[:, 1] - uv[:, 0], uv[:, 2] - uv[:, 0]
    texels = np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
    seen = texels > 1
    return float(np.sqrt(np.median(area[seen] / texels[seen]))) if seen.any() else 1.0


def _sampled(picture: NDArray[np.float32], uv: FloatArray) -> NDArray[np.float32]:
    h, w = picture.shape[:2]
    at = np.stack([uv[:, 1] % 1.0 * h - 0.5, uv[:, 0] % 1.0 * w - 0.5])
    return np.stack(
        [map_coordinates(picture[..., c], at, order=1, mode="grid-wrap") for c in range(picture.shape[-1])], -1
    )


def _exhibit(thing: Standing, room: Sequence[Part]) -> Iterator[tuple[Part, NDArray[np.float32]]]:
    """The GLB's meshes where its nodes rest, lit softly from above where their materials are not unlit."""
    parts, unlit, pictures = [], [], []
    for found in Scene(read_gltf(thing.model)).parts():
        points = found.positions @ thing.hall_from_asset[:3, :3].T + thing.hall_from_asset[:3, 3]
        uv = np.zeros((len(points), 2)) if found.uv is None else found.uv.astype(np.float64)
        parts.append(Part("exhibit", points, uv, np.ones((len(points), 3)), found.faces.astype(np.int32)))
        unlit.append(found.material is not None and found.material.unlit)
        pictures.append(_base_colour(found.material or Material()))
    if not all(unlit):
        sizes = np.cumsum([len(part.vertices) for part in parts])[:-1]
        every = np.concatenate([part.faces + first for part, first in zip(parts, (0, *sizes), strict=True)])
        light = np.split(_lit(np.concatenate([part.vertices for part in parts]), every, room), sizes)
        parts = [p if bare else replace(p, colors=lit) for p, bare, lit in zip(parts, unlit, light, strict=True)]
    yield from zip(parts, pictures, strict=True)


def _base_colour(material: Material) -> NDArray[np.float32]:
    """Linear (H, W, 3): texture times factor; of KTX2, which is not unpacked here, the factor alone."""
    factor = np.asarray(material.base_color[:3], np.float32)
    picture = material.base_color_texture
    if picture is None or picture.mime == "image/ktx2":
        return np.broadcast_to(factor, (8, 8, 3)).copy()
    return np.asarray(linear(picture.pixels() / np.float32(255)) * factor, np.float32)


def _lit(points: FloatArray, faces: NDArray[np.int32], room: Sequence[Part]) -> FloatArray:
    """Light from above and a warm spotlight's side, with the exhibit's own occlusion by ray casting."""
    corner = points[faces]
    face_normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    normal = np.zeros_like(points)
    for i in range(3):
        np.add.at(normal, faces[:, i], face_normal)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(o3d.core.Tensor(points.astype(np.float32)), o3d.core.Tensor(faces.astype(np.uint32)))
    for part in room:
        scene.add_triangles(
            o3d.core.Tensor(part.vertices.astype(np.float32)), o3d.core.Tensor(part.faces.astype(np.uint32))
        )
    rng = np.random.default_rng(0)
    start = points + 0.003 * normal
    open_share = np.zeros(len(points))
    for _ in range(32):
        direction = normal + (ball := rng.standard_normal(points.shape)) / np.linalg.norm(ball, axis=1, keepdims=True)
        direction *= 0.5 / np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-6)
        rays = np.concatenate([start, direction], 1).astype(np.float32)
        open_share += ~scene.test_occlusions(o3d.core.Tensor(rays), tnear=0.0, tfar=1.0).numpy()
    side = np.clip(normal @ (np.array([-0.62, 0.68, 0.39])), 0, 1)
    light = (open_share / 32)[:, None] * (0.50 + 0.34 * normal[:, 1:2]) * np.array([0.97, 1.0, 1.03]) + side[
        :, None
    ] * 0.75 * np.array([1.0, 0.93, 0.82])
    return np.asarray(np.clip(light, 0, 1))
