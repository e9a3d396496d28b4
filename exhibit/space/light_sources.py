"""What lights a hall: spotlights, skylights, the sun, the sky. Plain data, quick to import."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A museum spotlight."""

    position: tuple[float, float, float]
    target: tuple[float, float, float]
    half_angle_deg: float = 20.0
    intensity: float = 9.0  # watts per steradian, in the room's own units
    color: tuple[float, float, float] = (1.0, 0.86, 0.68)


@dataclass(frozen=True, slots=True)
class Skylight:
    """A rectangle of sky: `corner` and two edges, the longer first; ds x dt points into the room."""

    corner: tuple[float, float, float]
    along_s: tuple[float, float, float]
    along_t: tuple[float, float, float]
    radiance: tuple[float, float, float] = (0.93, 1.0, 1.10)


@dataclass(frozen=True, slots=True)
class Sun:
    towards: tuple[float, float, float]  # the way from the hall to the sun
    colour: Colour = (3.3, 2.95, 2.45)  # irradiance / pi on a surface that faces it
    radius_deg: float = 0.7  # softer than the true 0.27: its light comes through haze


@dataclass(frozen=True, slots=True)
class Sky:
    zenith: Colour = (0.50, 0.68, 0.95)  # radiance
    horizon: Colour = (0.95, 0.98, 1.0)
    ground: Colour = (0.20, 0.19, 0.17)

    def radiance(self, direction: NDArray[np.floating]) -> Float32Array:
        up = np.clip(direction[:, 1:2], -1, 1)
        bright = np.asarray(self.horizon) + (np.asarray(self.zenith) - self.horizon) * np.sqrt(np.maximum(up, 0))
        return np.where(up > 0, bright, np.asarray(self.ground)).astype(np.float32)
