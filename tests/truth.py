"""Rendered photographs with exact truth, and what is solved from them: the shapes of conftest.py's fixtures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recon.formats.geodesy import geocentric, geocentric_from_local
from recon.modelling.studio import Truth
from recon.types import Cameras, DepthMaps, PhotoSet, PointCloud, SparseModel

DEHUA = np.array([118.241, 25.492, 520.0])  # longitude, latitude, height


@dataclass(frozen=True)
class Photographed:
    """A folder of rendered photos and the truth they show."""

    folder: Path
    truth: Truth


@dataclass(frozen=True)
class Solved:
    """What the stages of the relief's workspace handed on, as far as its cloud, in metres."""

    photographed: Photographed
    taken: PhotoSet
    cameras: Cameras
    sparse: SparseModel
    depths: DepthMaps
    cloud: PointCloud
    work: Path
    world_from_truth: NDArray[np.float64]  # (4, 4), rigid: from the truth's frame to the solved one


def rigid(source: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rigid target_from_source (4, 4) by least squares of points (N, 3) (Kabsch 1976)."""
    a, b = source - source.mean(0), target - target.mean(0)
    u, _, vt = np.linalg.svd(b.T @ a)
    rotation = u @ np.diag([1, 1, np.sign(np.linalg.det(u @ vt))]) @ vt
    result = np.eye(4)
    result[:3, :3], result[:3, 3] = rotation, target.mean(0) - rotation @ source.mean(0)
    return result


def degrees(local: NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitude, latitude, height of places (N, 3) east, north and above DEHUA, in metres: by Newton's steps."""
    found = np.tile(DEHUA, (len(local), 1))
    pose = geocentric_from_local(*DEHUA)
    per_degree = 111_000.0
    for _ in range(8):
        off = (geocentric(found) - pose[:3, 3]) @ pose[:3, :3] - local
        found -= off / [per_degree * np.cos(np.radians(DEHUA[1])), per_degree, 1]
    return found
