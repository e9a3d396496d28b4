"""The world frame of placed scans: +Y up, its floor at y = 0, the walls along x and z, around 0."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recon.geometry.ground import find_ground

FloatArray = NDArray[np.float64]

LEVEL_DEG = 0.5  # within which levelled scanners agree about up
LEVEL_FLOOR_DEG = 1.0  # within which a floor is level
WALL_BINS = 360  # of the quarter turn in which walls are looked for


def up_of(axes: FloatArray, points: FloatArray) -> tuple[FloatArray, str]:
    """Unit up (3,), and how it was found: "scanner", "ground" or "none".

    axes (S, 3): each scan's +Z in the common frame, in which points (N, 3) are. Levelled scanners agree about it; one
    alone must agree with the floor. Else up is the normal of the ground that lies nearest to their mean.
    """
    mean = axes.mean(0)
    up = mean / max(float(np.linalg.norm(mean)), 1e-12)
    lean = np.degrees(np.arccos(np.clip(axes @ up, -1, 1))).max()
    if len(axes) > 1 and lean < LEVEL_DEG:
        return up, "scanner"
    if lean < 90 and (ground := find_ground(points, up)) is not None:
        off = float(np.degrees(np.arccos(np.clip(ground[0] @ up, -1, 1))))
        return (up, "scanner") if len(axes) == 1 and off < LEVEL_FLOOR_DEG else (ground[0], "ground")
    return up if lean < 90 else np.array([0.0, 0, 1]), "none"


def world_from_common(up: FloatArray, points: FloatArray, normals: FloatArray, *, turn: bool) -> FloatArray:
    """(4, 4) that makes `up` +Y, puts the floor at y = 0 and the middle of the points at x = z = 0.

    `turn` lays the walls along x and z; without it the frame is turned as little as may be, as for coordinates of a
    reference system. points and normals (N, 3) in the common frame.
    """
    east = np.array([1.0, 0, 0]) if abs(up[0]) < 0.9 else np.array([0.0, 0, 1])
    east = east - up * (east @ up)
    east /= np.linalg.norm(east)
    rotation = np.stack([east, up, np.cross(east, up)])
    if turn:
        rotation = _along_walls(normals @ rotation.T) @ rotation
    placed = points @ rotation.T
    low, high = np.percentile(placed, [1, 99], axis=0)
    ground = find_ground(placed, np.array([0.0, 1, 0]))
    level = ground is not None and ground[0][1] > np.cos(np.radians(3))
    floor = _height_of_floor(placed, ground[1] / ground[0][1]) if ground is not None and level else float(low[1])
    pose = np.eye(4)
    pose[:3, :3] = rotation
    pose[:3, 3] = -(low[0] + high[0]) / 2, -floor, -(low[2] + high[2]) / 2
    return pose


def _height_of_floor(points: FloatArray, about: float) -> float:
    """The median height of the points that lie within 5 cm of it, or a hundredth of the whole where that is less."""
    near = np.abs(points[:, 1] - about) < min(0.05, 0.01 * float(np.ptp(points[:, 1])))
    return float(np.median(points[near, 1])) if near.any() else about


def _along_walls(normals: FloatArray) -> FloatArray:
    """(3, 3) about +Y that turns the directions of most upright surfaces onto x and z, by less than an eighth turn."""
    upright = normals[np.abs(normals[:, 1]) < 0.1]
    if len(upright) < 50:
        return np.eye(3)
    angle = np.arctan2(upright[:, 2], upright[:, 0]) % (np.pi / 2)
    count = np.histogram(angle, WALL_BINS, (0, np.pi / 2))[0].astype(float)
    smooth = sum(np.roll(count, k) for k in range(-3, 4))
    about = (float(np.argmax(smooth)) + 0.5) / WALL_BINS * np.pi / 2
    off = (angle - about + np.pi / 4) % (np.pi / 2) - np.pi / 4
    about += float(np.median(off[np.abs(off) < np.radians(1.0)]))
    about = (about + np.pi / 4) % (np.pi / 2) - np.pi / 4
    c, s = np.cos(about), np.sin(about)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
