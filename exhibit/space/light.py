"""Light by ray casting: what reaches points from a source, and the rays that gather it from everywhere."""

from __future__ import annotations

import numpy as np
import open3d as o3d
from numpy.typing import NDArray

from recon.modelling.sampling import GOLDEN_ANGLE, about

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]


def arriving(
    scene: o3d.t.geometry.RaycastingScene,
    points: FloatArray,
    normals: FloatArray,
    source: FloatArray,
    facing: FloatArray | None,
) -> FloatArray:
    """cos / distance^2 of what reaches each point (N, 3) from `source`, (3,) or one for each, 0 in shadow; times the
    cosine at an emitter that is `facing`.
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
