"""Where cameras stood by their satellite positions: a place, a scale and a direction for the whole model.

Single positions are metres off, many together much less. Source: Umeyama 1991, with Huber's weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recon.formats.geodesy import geocentric, geocentric_from_local, utm_from_local, utm_zone
from recon.geometry.rigid_consensus import fitted

FloatArray = NDArray[np.float64]

_FEWEST = 5  # positions
_ROUNDS = 30
_MOST_TILT_DEG = 1.5  # by which positions may be mistaken (one standard deviation) to be used
_MOST_SCALE_ERROR = 0.03  # the same of scale, as a share
_USUAL = 1.345 * 1.4826  # times the median error; what is farther off weighs less (Huber)


@dataclass(frozen=True, slots=True)
class Position:
    """The model among the positions of its cameras."""

    local_from_model: FloatArray  # (4, 4) similarity; local: metres, +X east, +Y north, +Z up
    survey_from_local: FloatArray  # (4, 4)
    crs: str | None  # None: a survey's own
    stated: Mapping[str, FloatArray]  # (3,) local, where each camera stood by its own position
    rms_m: float  # of the cameras' positions
    scale_error: float  # share, one standard deviation
    tilt_error_deg: float  # the same of each axis, at most

    @property
    def sure(self) -> bool:
        return self.scale_error < _MOST_SCALE_ERROR and self.tilt_error_deg < _MOST_TILT_DEG


def positioned(
    centre_of: Mapping[str, FloatArray], degrees_of: Mapping[str, tuple[float, float, float]]
) -> Position | None:
    """None where there are too few positions, or where they do not spread.

    By photo: the camera's centre (3,) in the model; longitude, latitude in degrees and height in metres.
    """
    names = [name for name in centre_of if name in degrees_of]
    if len(names) < _FEWEST:
        return None
    centres, degrees = np.array([centre_of[n] for n in names]), np.array([degrees_of[n] for n in names])
    middle = np.median(degrees, axis=0)
    from_earth = np.linalg.inv(geocentric_from_local(*middle))
    local = geocentric(degrees) @ from_earth[:3, :3].T + from_earth[:3, 3]
    weight = np.ones(len(local))
    if min(np.ptp(centres, axis=0).max(), np.ptp(local, axis=0).max()) < 1e-9:
        return None
    for _ in range(_ROUNDS):
        pose = similarity(centres, local, weight)
        off = np.linalg.norm(centres @ pose[:3, :3].T + pose[:3, 3] - local, axis=1)
        weight = np.minimum(1, _USUAL * max(float(np.median(off)), 1e-6) / np.maximum(off, 1e-9))
    rms = float(np.sqrt(np.sum(weight * off**2) / weight.sum()))
    there = (local - np.average(local, axis=0, weights=weight)) * np.sqrt(weight)[:, None]
    reach = np.linalg.svd(there, compute_uv=False)  # times the root of their number
    return Position(
        local_from_model=pose,
        survey_from_local=utm_from_local(*middle),
        crs=utm_zone(middle[0], middle[1]),
        stated=dict(zip(names, local, strict=True)),
        rms_m=rms,
        scale_error=rms / max(float(np.linalg.norm(reach)), 1e-9),
        tilt_error_deg=float(np.degrees(rms / max(reach[1], 1e-9))),
    )


def similarity(source: FloatArray, target: FloatArray, weight: FloatArray) -> FloatArray:
    """target_from_source (4, 4) by weighted least squares."""
    share = weight / weight.sum()
    a, b = source - share @ source, target - share @ target
    pose: FloatArray = fitted(source[None], target[None], weight[None])[0]
    pose[:3, :3] *= share @ (b * (a @ pose[:3, :3].T)).sum(axis=1) / (share @ (a**2).sum(axis=1))
    pose[:3, 3] = share @ target - pose[:3, :3] @ (share @ source)
    return pose
