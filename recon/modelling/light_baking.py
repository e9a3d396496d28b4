"""Light baked into the atlas of a model: a soft sun and an open sky, with shadows by ray casting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import open3d as o3d
from numpy.typing import NDArray

from recon.modelling.model import Model
from recon.modelling.sampling import about

Float32Array = NDArray[np.float32]
DARKEST = 0.3
GOLDEN_ANGLE = np.float32(2.399963)  # sampling.GOLDEN_ANGLE less one bit: the bytes of all models depend on it


@dataclass(frozen=True, slots=True)
class Light:
    """A key light of some angular size, and an even sky with a warmer ground below it."""

    direction: tuple[float, float, float] = (-0.45, -0.8, -0.42)  # the way the light travels
    spread_deg: float = 7.0  # half angle of the key light
    key: tuple[float, float, float] = (2.1, 1.98, 1.8)
    sky: tuple[float, float, float] = (0.95, 1.0, 1.08)
    ground: tuple[float, float, float] = (0.42, 0.39, 0.36)


def scene_of(models: Sequence[Model]) -> o3d.t.geometry.RaycastingScene:
    scene = o3d.t.geometry.RaycastingScene()
    for model in models:
        scene.add_triangles(o3d.core.Tensor(model.vertices), o3d.core.Tensor(model.faces.astype(np.uint32)))
    return scene


def bake(
    models: Sequence[Model], light: Light, *, cell: int = 5, sky_rays: int = 40, sun_rays: int = 9, seed: int = 0
) -> list[Float32Array]:
    """Radiance atlas (H, W, 3) per model, linear: colour x (sun x shadow + sky x openness), lit by the texels' own
    normals.

    Shadows and openness are cast once per `cell` x `cell` texels and smoothed; all models shadow one another.
    """
    scene = scene_of(models)
    rng = np.random.default_rng(seed)
    to_sun = -np.asarray(light.direction, np.float32)
    to_sun /= np.linalg.norm(to_sun)
    return [
        model.atlas(
            [
                (
                    chart.paint.color
                    * _irradiance(
                        scene,
                        chart.position,
                        chart.normal,
                        chart.mesh_normal,
                        light,
                        to_sun,
                        cell,
                        sky_rays,
                        sun_rays,
                        rng,
                    )
                ).astype(np.float32)
                for chart in model.charts
            ]
        )
        for model in models
    ]


def ambient_occlusion(
    models: Sequence[Model], which: int, *, cell: int = 5, sky_rays: int = 40, seed: int = 0
) -> Float32Array:
    """Ambient occlusion atlas (H, W) of models[which], 1 in the open: for glTF's occlusion texture.

    Hollows take the light that their pale walls send to one another (Jimenez et al., Practical Real-Time Strategies for
    Accurate Indirect Occlusion, 2016, eq. 10), and are nowhere darker than DARKEST: a section opens them.
    """
    scene = scene_of(models)
    rng = np.random.default_rng(seed)
    charts = [
        _open_share(scene, chart.position, chart.mesh_normal, cell, sky_rays, rng)[0] for chart in models[which].charts
    ]
    return models[which].atlas(
        [_with_bounces(share, c.paint.color) for share, c in zip(charts, models[which].charts, strict=True)]
    )


def _with_bounces(share: Float32Array, color: Float32Array) -> Float32Array:
    albedo = color.mean(-1)
    a, b, c = 2.0404 * albedo - 0.3324, -4.7951 * albedo + 0.6417, 2.7552 * albedo + 0.6903
    return np.asarray(np.clip(((share * a + b) * share + c) * share, np.maximum(share, DARKEST), 1), np.float32)


def sky_and_sun_visibility(
    models: Sequence[Model], light: Light, *, seed: int = 0
) -> tuple[list[Float32Array], list[Float32Array]]:
    """Per model two atlases (H, W), 0..1: how much of the sky and of the key light each place sees."""
    scene = scene_of(models)
    rng = np.random.default_rng(seed)
    to_sun = -np.asarray(light.direction, np.float32)
    to_sun /= np.linalg.norm(to_sun)
    skies, suns = [], []
    for model in models:
        pairs = [
            _open_share(scene, c.position, c.mesh_normal, 6, 40, rng, to_sun, light.spread_deg, 16)
            for c in model.charts
        ]
        skies.append(model.atlas([sky for sky, _ in pairs]))
        suns.append(model.atlas([sun for _, sun in pairs]))
    return skies, suns


def _irradiance(
    scene: o3d.t.geometry.RaycastingScene,
    position: Float32Array,
    normal: Float32Array,
    mesh_normal: Float32Array,
    light: Light,
    to_sun: Float32Array,
    cell: int,
    sky_rays: int,
    sun_rays: int,
    rng: np.random.Generator,
) -> Float32Array:
    open_share, sun_share = _open_share(
        scene, position, mesh_normal, cell, sky_rays, rng, to_sun, light.spread_deg, sun_rays
    )
    facing = np.clip(normal @ to_sun, 0, 1) * sun_share
    upward = (0.5 + 0.5 * normal[..., 1])[..., None]
    ambient = np.asarray(light.ground, np.float32) * (1 - upward) + np.asarray(light.sky, np.float32) * upward
    lifted = open_share + 0.22 * open_share * (1 - open_share)  # light between the walls of a hollow
    key = facing[..., None] * np.asarray(light.key, np.float32)
    return np.asarray(key + ambient * lifted[..., None], np.float32)


def _open_share(
    scene: o3d.t.geometry.RaycastingScene,
    position: Float32Array,
    normal: Float32Array,
    cell: int,
    sky_rays: int,
    rng: np.random.Generator,
    to_sun: Float32Array | None = None,
    spread_deg: float = 0.0,
    sun_rays: int = 0,
) -> tuple[Float32Array, Float32Array]:
    h, w = position.shape[:2]
    rows, columns = max(2, -(-h // cell)), max(2, -(-w // cell))
    s, t = np.meshgrid(np.linspace(0, w - 1, columns, dtype=np.float32), np.linspace(0, h - 1, rows, dtype=np.float32))
    # a little inside the chart's border, where neighbouring faces would swallow the ray's start
    s = np.clip(s, min(0.6, (w - 1) / 4), max(w - 1.6, 3 * (w - 1) / 4))
    t = np.clip(t, min(0.6, (h - 1) / 4), max(h - 1.6, 3 * (h - 1) / 4))
    row, column = (
        np.round(t).astype(int),
        np.round(s).astype(int),
    )  # whole texels: a point between two could lie inside the model, behind an edge
    at = position[row, column].reshape(-1, 3)
    up = normal[row, column].reshape(-1, 3)
    up = up / np.maximum(np.linalg.norm(up, axis=1, keepdims=True), 1e-9)
    start = at + up * np.float32(0.0012)
    direction = _cosine_directions(up, sky_rays, rng)
    hit = _occluded(scene, np.repeat(start, sky_rays, 0), direction.reshape(-1, 3)).reshape(-1, sky_rays)
    sky = _smooth((1 - hit.mean(1)).reshape(rows, columns), w, h)
    if to_sun is None:
        return sky, sky
    rays = _cone_directions(to_sun, spread_deg, len(start), sun_rays, rng)
    blocked = _occluded(scene, np.repeat(start, sun_rays, 0), rays.reshape(-1, 3)).reshape(-1, sun_rays)
    return sky, _smooth((1 - blocked.mean(1)).reshape(rows, columns), w, h)


def _smooth(values: NDArray[np.floating], w: int, h: int) -> Float32Array:
    soft = cv2.GaussianBlur(values.astype(np.float32), (3, 3), 0.7, borderType=cv2.BORDER_REPLICATE)
    rows, columns = soft.shape
    s, t = np.meshgrid(np.linspace(0, columns - 1, w, dtype=np.float32), np.linspace(0, rows - 1, h, dtype=np.float32))
    return np.asarray(cv2.remap(soft, s, t, cv2.INTER_LINEAR), np.float32)


def _occluded(scene: o3d.t.geometry.RaycastingScene, start: Float32Array, direction: Float32Array) -> NDArray[np.bool_]:
    out = np.empty(len(start), bool)
    for i in range(0, len(start), 2_000_000):
        rays = np.concatenate([start[i : i + 2_000_000], direction[i : i + 2_000_000]], 1).astype(np.float32)
        out[i : i + 2_000_000] = scene.test_occlusions(o3d.core.Tensor(rays)).numpy()
    return out


def _cosine_directions(axis: Float32Array, count: int, rng: np.random.Generator) -> Float32Array:
    """(N, count, 3) stratified by the golden angle, cosine-weighted, each point's set turned at random."""
    k = np.arange(count, dtype=np.float32)
    offset, turn = rng.random((2, len(axis), 1), np.float32)
    radius = np.sqrt((k + offset) / count)
    angle = k * GOLDEN_ANGLE + turn * np.float32(2 * np.pi)
    return about(axis, radius, angle)


def _cone_directions(
    axis: Float32Array, half_angle_deg: float, n: int, count: int, rng: np.random.Generator
) -> Float32Array:
    k = np.arange(count, dtype=np.float32)
    offset, turn = rng.random((2, n, 1), np.float32)
    radius = np.sqrt((k + offset) / count) * np.float32(np.sin(np.radians(half_angle_deg)))
    angle = k * GOLDEN_ANGLE + turn * np.float32(2 * np.pi)
    return about(np.broadcast_to(axis, (n, 3)), radius, angle)
