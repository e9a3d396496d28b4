"""Draws Gaussians on the CPU, for the first picture of splats and of point clouds.

Zwicker et al., EWA Volume Splatting, 2001, as Kerbl et al. (2023) draw it: each Gaussian becomes an ellipse, and they
are blended from the nearest to the farthest. The viewer's shader does the same.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from recon.formats.splats import Splats

BLUR = 0.3  # px², of the pixel itself, added to every ellipse
_CUT = 9.0  # squared deviations beyond which nothing is drawn
_OPAQUE = 1e-3  # of the light let through

Floats = NDArray[np.float32]


def draw_splats(
    splats: Splats, eye_from_world: NDArray[Any], fov_deg: float, width: int, height: int
) -> NDArray[np.float32]:
    """(height, width, 4) sRGB, premultiplied by its alpha.

    `eye_from_world` (4, 4) is a camera's that looks along -Z with Y up; `fov_deg` is the picture's height.
    """
    turn, shift = np.asarray(eye_from_world)[:3, :3], np.asarray(eye_from_world)[:3, 3]
    centres = splats.centres @ turn.T + shift
    focal = height / 2 / math.tan(math.radians(fov_deg) / 2)
    ahead = np.flatnonzero(-centres[:, 2] > 1e-3 * np.abs(centres).max())
    order = ahead[np.argsort(-centres[ahead, 2], kind="stable")]
    centres = centres[order]
    axes = (turn @ Rotation.from_quat(splats.rotations[order]).as_matrix()) * splats.scales[order][:, None, :]
    depth = -centres[:, 2]
    jacobian = np.zeros((len(order), 2, 3))
    jacobian[:, 0, 0] = jacobian[:, 1, 1] = focal / depth
    jacobian[:, 0, 2] = focal * centres[:, 0] / depth**2
    jacobian[:, 1, 2] = focal * centres[:, 1] / depth**2
    jacobian[:, 1] *= -1  # rows go down
    spread = jacobian @ axes
    covariance = spread @ spread.transpose(0, 2, 1)
    bare = np.linalg.det(covariance)
    covariance[:, [0, 1], [0, 1]] += BLUR
    thin = np.sqrt(np.maximum(bare, 0) / np.linalg.det(covariance))  # what is narrower than a pixel covers less of it
    places = np.column_stack([width / 2 + focal * centres[:, 0] / depth, height / 2 - focal * centres[:, 1] / depth])
    picture = np.zeros((height, width, 4), np.float32)
    _blend(
        picture,
        places.astype(np.float32),
        np.linalg.inv(covariance).astype(np.float32),
        np.sqrt(_CUT * covariance[:, [0, 1], [0, 1]]).astype(np.float32),
        (splats.opacities[order] * thin).astype(np.float32),
        splats.colours[order].clip(0, 1).astype(np.float32),
    )
    return picture


@njit(cache=True)  # type: ignore[untyped-decorator]
def _blend(
    picture: Floats, places: Floats, inverses: Floats, reaches: Floats, opacities: Floats, colours: Floats
) -> None:
    height, width = picture.shape[:2]
    for i in range(len(places)):
        x, y = places[i]
        a, b, c = inverses[i, 0, 0], inverses[i, 0, 1], inverses[i, 1, 1]
        for row in range(max(0, math.ceil(y - reaches[i, 1] - 0.5)), min(height, math.floor(y + reaches[i, 1] + 0.5))):
            for column in range(
                max(0, math.ceil(x - reaches[i, 0] - 0.5)), min(width, math.floor(x + reaches[i, 0] + 0.5))
            ):
                through = 1 - picture[row, column, 3]
                if through < _OPAQUE:
                    continue
                dx, dy = column + 0.5 - x, row + 0.5 - y
                squared = a * dx * dx + 2 * b * dx * dy + c * dy * dy
                if squared > _CUT:
                    continue
                alpha = through * min(opacities[i] * math.exp(-squared / 2), 0.99)
                for channel in range(3):
                    picture[row, column, channel] += alpha * colours[i, channel]
                picture[row, column, 3] += alpha
