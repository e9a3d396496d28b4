"""Where visitors can walk on a hall's collider: the viewer's rules (viewer/src/core/collide.ts) for many bodies.

A body is a capsule. It steps on what ends below its knee, it is stopped by what is higher, and it does not go where
there is no ground. It does not slide along walls as the viewer's body does, so it gets stuck more easily.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import open3d as o3d
import trimesh
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
RADIUS, HEIGHT, STEP, SOLE, SNAP = 0.3, 1.7, 0.3, 0.2, 0.35
WALKABLE = float(np.cos(np.radians(40.5)))
STRIDE = RADIUS / 2
_RING = np.array([(SOLE * np.cos(a), SOLE * np.sin(a)) for a in np.arange(8) * np.pi / 4] + [(0.0, 0.0)])


class Ground:
    """A collider: vertices (V, 3) in the hall's frame, metres, and triangles (F, 3)."""

    def __init__(self, vertices: FloatArray, faces: NDArray[np.integer]) -> None:
        self.vertices, self.faces = vertices, faces
        self.scene = o3d.t.geometry.RaycastingScene()
        self.scene.add_triangles(o3d.core.Tensor(vertices.astype(np.float32)), o3d.core.Tensor(faces.astype(np.uint32)))

    @staticmethod
    def read(collider: Path) -> Ground:
        """The collider of a bundle (collider.glb)."""
        mesh = trimesh.load(collider, force="mesh", process=False)
        return Ground(np.asarray(mesh.vertices), np.asarray(mesh.faces))

    def below(self, foot: FloatArray, reach: float) -> FloatArray:
        """The highest walkable ground under each sole (N,), from a step above to `reach` under it; nan where none."""
        n = len(foot)
        start = np.repeat(foot, 9, 0) + np.tile(np.insert(_RING, 1, STEP + 0.01, axis=1), (n, 1))
        rays = np.concatenate([start, np.broadcast_to((0.0, -1.0, 0.0), start.shape)], 1).astype(np.float32)
        hit = self.scene.cast_rays(o3d.core.Tensor(rays))
        distance = hit["t_hit"].numpy().astype(float)
        good = (distance <= STEP + 0.01 + reach) & (hit["primitive_normals"].numpy()[:, 1] >= WALKABLE)
        height = np.where(good, start[:, 1] - distance, -np.inf).reshape(n, 9).max(1)
        return np.where(np.isfinite(height), height, np.nan)

    def free(self, foot: FloatArray) -> BoolArray:
        """Whether the capsule above the knee touches nothing, (N,)."""
        low, high = STEP + 0.02 + RADIUS, HEIGHT - RADIUS
        levels = np.linspace(low, high, 6)
        points = (foot[:, None] + levels[None, :, None] * np.array([0.0, 1.0, 0.0])).reshape(-1, 3)
        away = self.scene.compute_distance(o3d.core.Tensor(points.astype(np.float32))).numpy()
        return np.asarray(away.reshape(len(foot), -1).min(1) >= RADIUS - 0.01)

    def moved(self, foot: FloatArray, by: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Each body one stride on (N, 2), and whether it went; those that cannot stay."""
        there = foot + np.insert(by, 1, 0.0, axis=1)
        y = self.below(there, SNAP)
        there[:, 1] = np.where(np.isnan(y), foot[:, 1], y)
        went = ~np.isnan(y) & self.free(there)
        return np.where(went[:, None], there, foot), went

    def reachable(self, start: FloatArray, cell: float = 0.15) -> FloatArray:
        """Places (N, 3) that a body comes to from `start` in strides of `cell` along x and z."""
        y = self.below(start[None], 3.0)[0]
        assert not np.isnan(y), "there is no floor under the start"
        first = np.array([start[0], y, start[2]])
        seen = {(0, 0, round(y / 0.5))}
        found, frontier, keys = [first], first[None], [(0, 0)]
        sides = np.array([(1, 0), (-1, 0), (0, 1), (0, -1)])
        while len(frontier):
            there, went = self.moved(np.repeat(frontier, 4, 0), np.tile(sides * cell, (len(frontier), 1)))
            next_feet, next_keys = [], []
            for i in np.flatnonzero(went):
                key = (keys[i // 4][0] + int(sides[i % 4][0]), keys[i // 4][1] + int(sides[i % 4][1]))
                place = (*key, round(there[i, 1] / 0.5))
                if place not in seen:
                    seen.add(place)
                    next_feet.append(there[i])
                    next_keys.append(key)
            found += next_feet
            frontier, keys = np.array(next_feet).reshape(-1, 3), next_keys
        return np.array(found)


def on_foot(document: Mapping[str, Any]) -> FloatArray:
    """Where a visitor's soles are who enters the hall."""
    return np.array(document["start"]["position"]) - (0, 1.6, 0)
