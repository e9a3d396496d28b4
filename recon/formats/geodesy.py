"""Degrees of longitude and latitude as metres. Source: EPSG Guidance Note 7-2, 4.1.1 and 4.1.2."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

GEOCENTRIC = "EPSG:4978"  # WGS 84, metres from the Earth's centre
_A, _F = 6378137.0, 1 / 298.257223563  # WGS 84; GRS 80 differs by a tenth of a millimetre
_E2 = _F * (2 - _F)


def geocentric(degrees: FloatArray) -> FloatArray:
    """(N, 3) longitude and latitude in degrees and height in metres, as metres from the Earth's centre."""
    longitude, latitude, height = np.radians(degrees[:, 0]), np.radians(degrees[:, 1]), degrees[:, 2]
    bend = _A / np.sqrt(1 - _E2 * np.sin(latitude) ** 2)
    level = (bend + height) * np.cos(latitude)
    up = (bend * (1 - _E2) + height) * np.sin(latitude)
    return np.stack([level * np.cos(longitude), level * np.sin(longitude), up], -1)


def geocentric_from_local(longitude_deg: float, latitude_deg: float, height: float) -> FloatArray:
    """(4, 4) from a frame of +X east, +Y north, +Z up around this place."""
    a, b = np.radians([longitude_deg, latitude_deg])
    pose = np.eye(4)
    pose[:3, 0] = [-np.sin(a), np.cos(a), 0]
    pose[:3, 1] = [-np.sin(b) * np.cos(a), -np.sin(b) * np.sin(a), np.cos(b)]
    pose[:3, 2] = [np.cos(b) * np.cos(a), np.cos(b) * np.sin(a), np.sin(b)]
    pose[:3, 3] = geocentric(np.array([[longitude_deg, latitude_deg, height]]))[0]
    return pose
