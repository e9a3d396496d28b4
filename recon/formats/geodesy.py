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


def utm_zone(longitude_deg: float, latitude_deg: float) -> str:
    """The zone of Universal Transverse Mercator on WGS 84 that a place lies in, as "EPSG:32650"."""
    return f"EPSG:{326 if latitude_deg >= 0 else 327}{int((longitude_deg + 180) // 6) % 60 + 1:02d}"


def utm(degrees: FloatArray, zone: str) -> FloatArray:
    """(N, 3) longitude and latitude in degrees and height, as easting, northing and height in metres.

    Krueger's series to the fourth order, below a millimetre in a zone. Source: EPSG Guidance Note 7-2, 3.5.3.1.
    """
    south, number = zone[5:8] == "327", int(zone[8:])
    longitude = np.radians(degrees[:, 0] - (6 * number - 183))
    latitude = np.radians(degrees[:, 1])
    n = _F / (2 - _F)
    radius = _A / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    series = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
        13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
        61 * n**3 / 240 - 103 * n**4 / 140,
        49561 * n**4 / 161280,
    )
    e = np.sqrt(_E2)
    sine = np.sin(latitude)
    conformal = np.sinh(np.arctanh(sine) - e * np.arctanh(e * sine))  # tangent of the conformal latitude
    xi = np.arctan2(conformal, np.cos(longitude))
    eta = np.arcsinh(np.sin(longitude) / np.hypot(conformal, np.cos(longitude)))
    north, east = xi.copy(), eta.copy()
    for k, share in enumerate(series, 1):
        north += share * np.sin(2 * k * xi) * np.cosh(2 * k * eta)
        east += share * np.cos(2 * k * xi) * np.sinh(2 * k * eta)
    scale = 0.9996 * radius
    return np.stack([500_000 + scale * east, (10_000_000 if south else 0) + scale * north, degrees[:, 2]], -1)


def utm_scale(zone: str | None, place: FloatArray) -> float:
    """How many metres of the zone's grid a level metre is at a place (3,) easting, northing, height; 1 for no zone.

    Within some millionths. Source: Snyder 1987, "Map Projections", equation 8-11, without its higher terms.
    """
    if zone is None or len(zone) != 10 or zone[:8] not in ("EPSG:326", "EPSG:327") or not 1 <= int(zone[8:]) <= 60:
        return 1.0
    radius = _A * (1 - _F / 2)
    return float(0.9996 * (1 + ((place[0] - 500_000) / (0.9996 * radius)) ** 2 / 2) * radius / (radius + place[2]))


def utm_from_local(longitude_deg: float, latitude_deg: float, height: float) -> FloatArray:
    """(4, 4) from a frame of +X east, +Y north, +Z up around this place into its zone, exact there: over a kilometre
    it errs by millimetres.
    """
    bend = 1 - _E2 * np.sin(np.radians(latitude_deg)) ** 2
    per_degree = np.radians(1) * np.array(
        [
            (_A / np.sqrt(bend) + height) * np.cos(np.radians(latitude_deg)),
            _A * (1 - _E2) / bend**1.5 + height,
        ]
    )
    here = np.array([longitude_deg, latitude_deg, height])
    step = 1.0
    around = here + np.array([[0, 0, 0], [step / per_degree[0], 0, 0], [0, step / per_degree[1], 0]])
    origin, east, north = utm(around, utm_zone(longitude_deg, latitude_deg))
    pose = np.eye(4)
    pose[:3, 0], pose[:3, 1], pose[:3, 3] = (east - origin) / step, (north - origin) / step, origin
    return pose
