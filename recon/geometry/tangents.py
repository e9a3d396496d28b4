"""Tangents for normal maps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]


def tangents(
    positions: Float32Array, faces: NDArray[np.integer], normals: Float32Array, uv: Float32Array
) -> Float32Array:
    """Per-vertex tangents (V, 4) as glTF wants them: unit, along +u, w the sign of the bitangent.

    Positions (V, 3), normals (V, 3) unit, uv (V, 2) with v downwards (glTF). Faces weigh by their area;
    a vertex without a usable face gets any direction in its tangent plane.
    Source: Lengyel, Foundations of Game Engine Development 2, section 7.5.
    """
    p, t = positions[faces].astype(np.float64), uv[faces].astype(np.float64)
    e1, e2 = p[:, 1] - p[:, 0], p[:, 2] - p[:, 0]
    (u1, v1), (u2, v2) = (t[:, 1] - t[:, 0]).T, (t[:, 2] - t[:, 0]).T
    area = u1 * v2 - u2 * v1
    turn = np.sign(area)[:, None]
    along_u = turn * (e1 * v2[:, None] - e2 * v1[:, None])
    along_v = turn * (e2 * u1[:, None] - e1 * u2[:, None])
    sum_u, sum_v = np.zeros(positions.shape), np.zeros(positions.shape)
    for corner in range(3):
        np.add.at(sum_u, faces[:, corner], along_u)
        np.add.at(sum_v, faces[:, corner], along_v)
    n = normals.astype(np.float64)
    flat = sum_u - n * np.sum(sum_u * n, axis=1, keepdims=True)
    length = np.linalg.norm(flat, axis=1)
    lost = length < 1e-12
    helper = np.eye(3)[np.argmin(np.abs(n[lost]), axis=1)]
    flat[lost] = np.cross(n[lost], helper)
    length[lost] = np.linalg.norm(flat[lost], axis=1)
    flat /= np.maximum(length, 1e-12)[:, None]
    # glTF: bitangent = cross(normal, tangent) * w points along +v of the picture turned upwards, that is along -v here
    w = np.where(np.sum(np.cross(n, flat) * -sum_v, axis=1) < 0, -1.0, 1.0)
    return np.concatenate([flat, w[:, None]], axis=1).astype(np.float32)
