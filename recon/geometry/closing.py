"""Openings of a surface closed, so that it has an inside: what printers need."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recon.geometry.surface import face_areas, manifold

Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]
_ALIKE = 1e-6  # of the size, by which places that are one may differ: the seams of textures


def closed(vertices: Float32Array, faces: IntArray) -> tuple[Float32Array, IntArray, int, float]:
    """The surface with a fan of triangles over each opening; how many openings there were; the fans' share of the area.

    The result is watertight: each edge belongs to two faces, in opposite directions. A fan goes out from the middle of
    its rim, so a wide, bent opening becomes a cone.
    """
    step = np.float32(max(float(np.ptp(vertices, axis=0).max()), 1e-30) * _ALIKE)
    vertices, faces = manifold(np.round(vertices / step) * step, faces)
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]).astype(np.int64)
    key, back = edges @ [1 << 32, 1], edges[:, ::-1] @ [1 << 32, 1]
    rim = edges[~np.isin(key, back)]  # in the direction of their face
    if not len(rim):
        return vertices, faces, 0, 0.0
    following = dict(rim.tolist())
    fans: list[IntArray] = []
    middles: list[Float32Array] = []
    while following:
        start, end = following.popitem()
        loop = [start]
        while end != start:
            loop.append(end)
            end = following.pop(end)
        middle = len(vertices) + len(middles)
        middles.append(vertices[loop].mean(axis=0))
        fans.append(np.array([(b, a, middle) for a, b in zip(loop, [*loop[1:], loop[0]], strict=True)], np.int32))
    caps = np.concatenate(fans)
    vertices = np.concatenate([vertices, np.array(middles, np.float32)])
    added, before = float(face_areas(vertices, caps).sum()), float(face_areas(vertices, faces).sum())
    return vertices, np.concatenate([faces, caps]), len(fans), added / max(added + before, 1e-30)
