"""Light baked into vertices: skylights and spotlights with shadows by ray casting, and several bounces of light.

The gathering is a Monte Carlo radiosity: every vertex sends the same cosine-weighted rays once, and each bounce reads
the light of the triangles that they hit (Cohen and Wallace, Radiosity and Realistic Image Synthesis, 1993, ch. 4).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import open3d as o3d
from numpy.typing import NDArray

from exhibit.space.light_sources import Skylight, Spot
from exhibit.space.progress import Report, portion, reported, unheard
from recon.modelling.sampling import GOLDEN_ANGLE, about

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]


def irradiance(
    points: FloatArray,
    normals: FloatArray,
    vertices: FloatArray,
    faces: IntArray,
    reflectance: FloatArray,
    skylights: Sequence[Skylight],
    spots: Sequence[Spot],
    *,
    rays: int = 128,
    bounces: int = 4,
    seed: int = 0,
    report: Report = unheard,
) -> FloatArray:
    """Irradiance / pi (V, 3) at `points` (V, 3), which lie just off the vertices of the mesh; `reflectance` is (F,
    3).
    """
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(o3d.core.Tensor(vertices.astype(np.float32)), o3d.core.Tensor(faces.astype(np.uint32)))
    direct = np.zeros((len(points), 3))
    for sky in reported(skylights, portion(report, 0, 0.2)):
        direct += _from_sky(scene, points, normals, sky)
    for spot in reported(spots, portion(report, 0.2, 0.6)):
        direct += _from_spot(scene, points, normals, spot)
    rng = np.random.default_rng(seed)
    origin = np.repeat(points, rays, 0)
    direction = cosine_rays(normals, rays, rng).reshape(-1, 3)
    hit = np.concatenate(
        [
            scene.cast_rays(
                o3d.core.Tensor(np.concatenate([origin[i : i + 2**20], direction[i : i + 2**20]], 1).astype(np.float32))
            )["primitive_ids"].numpy()
            for i in reported(range(0, len(origin), 2**20), portion(report, 0.6, 0.9))
        ]
    ).astype(np.int64)
    met = hit < len(faces)
    hit = np.where(met, hit, 0)
    total = direct.copy()
    for _ in reported(range(bounces), portion(report, 0.9, 1)):
        sent = reflectance * total[faces].mean(1)
        total = direct + (sent[hit] * met[:, None]).reshape(len(points), rays, 3).mean(1)
    return total


def _from_sky(
    scene: o3d.t.geometry.RaycastingScene, points: FloatArray, normals: FloatArray, sky: Skylight
) -> FloatArray:
    samples, facing, share = sky.samples(28, 3)
    out = np.zeros(len(points))
    for sample in samples + facing * 0.03:
        out += arriving(scene, points, normals, sample, facing) * share / np.pi
    return np.asarray(out[:, None] * np.asarray(sky.radiance))


def _from_spot(
    scene: o3d.t.geometry.RaycastingScene, points: FloatArray, normals: FloatArray, spot: Spot
) -> FloatArray:
    position, axis = np.asarray(spot.position), np.asarray(spot.target) - np.asarray(spot.position)
    axis = axis / np.linalg.norm(axis)
    across = np.cross(axis, (0.31, 0.2, 0.93))
    across /= np.linalg.norm(across)
    other = np.cross(axis, across)
    out = np.zeros(len(points))
    lamps = [
        position + 0.10 * (np.cos(a) * across + np.sin(a) * other) * r
        for a, r in zip(np.arange(10) * 2.4, np.sqrt((np.arange(10) + 0.5) / 10), strict=True)
    ]
    for lamp in lamps:
        away = points - lamp
        away /= np.linalg.norm(away, axis=1, keepdims=True)
        angle = np.degrees(np.arccos(np.clip(away @ axis, -1, 1)))
        cone = np.clip((spot.half_angle_deg - angle) / (0.55 * spot.half_angle_deg), 0, 1)
        inside = cone > 0
        part = np.zeros(len(points))
        part[inside] = arriving(scene, points[inside], normals[inside], lamp, None)
        out += part * cone**1.5 / len(lamps)
    return np.asarray(out[:, None] * np.asarray(spot.color) * spot.intensity / np.pi)


def arriving(
    scene: o3d.t.geometry.RaycastingScene,
    points: FloatArray,
    normals: FloatArray,
    source: FloatArray,
    facing: FloatArray | None,
) -> FloatArray:
    """cos / distance^2 of what reaches each point from `source`, 0 in shadow; times the cosine at an emitter that is
    `facing`.
    """
    towards = source - points
    distance = np.maximum(np.linalg.norm(towards, axis=1), 0.05)
    towards /= distance[:, None]
    strength = np.clip((normals * towards).sum(1), 0, None) / distance**2
    if facing is not None:
        strength *= np.clip(-(towards @ facing), 0, None)
    wanted = strength > 1e-7
    rays = np.concatenate([points[wanted], towards[wanted]], 1).astype(np.float32)
    if len(rays):
        strength[wanted] *= ~_blocked(scene, rays, distance[wanted])
    return np.asarray(strength)


def _blocked(scene: o3d.t.geometry.RaycastingScene, rays: Float32Array, distance: FloatArray) -> NDArray[np.bool_]:
    """Whether something stands between a ray's start and its source: directions are stretched so that the source
    lies at 1.
    """
    stretched = rays.copy()
    stretched[:, 3:] *= distance[:, None].astype(np.float32)
    return np.asarray(scene.test_occlusions(o3d.core.Tensor(stretched), tnear=0.0, tfar=0.995).numpy())


def cosine_rays(axis: FloatArray, count: int, rng: np.random.Generator) -> FloatArray:
    """(N, count, 3) golden-angle cosine-weighted directions about each axis, every point's set turned at random."""
    k = np.arange(count)
    turn = rng.random((len(axis), 1)) * 2 * np.pi
    return about(axis, np.sqrt((k + 0.5) / count)[None], k * GOLDEN_ANGLE + turn)
