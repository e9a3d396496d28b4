"""Gaussian splats: what a file of them says, and the same as glTF.

Kerbl et al., 3D Gaussian Splatting for Real-Time Radiance Field Rendering, 2023;
KHR_gaussian_splatting (Khronos, 2026).
What changes with the direction of view (spherical harmonics above degree 0) is not kept.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from recon.formats.errors import BadFile
from recon.formats.gltf import Gltf
from recon.formats.gltf_scene import Scene
from recon.formats.points import PointsDocument

EXTENSION = "KHR_gaussian_splatting"
MAX_SPLATS = 4_000_000  # in a file that we are given
SH0 = 0.28209479177387814  # the spherical harmonic of degree 0

_SIZE_STEPS = 24  # per factor of e: 2 % each
_FAINTEST = 1 / 255
_VISIBLE = 0.1  # least opacity of a splat that counts as part of the object

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Splats:
    """Gaussians in a right-handed frame, +Y up. Colours are display-referred sRGB, to be blended as they are."""

    centres: NDArray[np.floating]  # (N, 3); float64 as read, since they may lie far from 0; float32 once moved
    scales: Floats  # (N, 3) standard deviations along the own axes, in the unit of the centres
    rotations: Floats  # (N, 4) unit quaternions x, y, z, w: frame from own axes
    opacities: Floats  # (N,) 0..1
    colours: Floats  # (N, 3) 0..1, a little beyond where the file goes there

    def __len__(self) -> int:
        return len(self.centres)

    def take(self, chosen: NDArray[Any]) -> Splats:
        """Those at these indices, in this order."""
        return Splats(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def moved(self, translation: NDArray[Any]) -> Splats:
        centres = (self.centres + np.asarray(translation)).astype(np.float32)
        return Splats(centres, self.scales, self.rotations, self.opacities, self.colours)

    def scaled(self, factor: float) -> Splats:
        centres, scales = self.centres * np.float32(factor), self.scales * np.float32(factor)
        return Splats(centres, scales, self.rotations, self.opacities, self.colours)

    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lowest and highest corner of what can be made out: training leaves strays far off, which are left aside."""
        visible = self.centres[self.opacities > _VISIBLE]
        low, high = np.quantile(visible if len(visible) else self.centres, [0.005, 0.995], axis=0)
        return low, high


def most_visible(splats: Splats, most: int) -> Splats:
    """The `most` that show most, by opacity and area, enlarged to close what the others leave."""
    if len(splats) <= most:
        return splats
    axes = np.sort(splats.scales, axis=1)
    weights = splats.opacities * axes[:, 1] * axes[:, 2]
    kept = splats.take(np.sort(np.argpartition(weights, -most)[-most:]))
    widened = kept.scales * np.float32((len(splats) / most) ** 0.25)
    return Splats(kept.centres, widened, kept.rotations, kept.opacities, kept.colours)


def checked(splats: Splats, name: str) -> Splats:
    """Those that are finite and visible, with unit quaternions. Raises BadFile where none is."""
    length = np.linalg.norm(splats.rotations, axis=1)
    finite = [np.isfinite(part).all(1) for part in (splats.centres, splats.scales, splats.colours)]
    kept = np.all([*finite, length > 1e-6, splats.opacities > _FAINTEST, (splats.scales > 0).any(1)], axis=0)
    if not kept.any():
        raise BadFile("model_empty", name=name)
    good = splats.take(np.flatnonzero(kept))
    rotations = good.rotations / np.linalg.norm(good.rotations, axis=1, keepdims=True)
    return Splats(
        good.centres, np.maximum(good.scales, 0), rotations.astype(np.float32), good.opacities.clip(0, 1), good.colours
    )


def has_splats(gltf: Gltf) -> bool:
    return EXTENSION in gltf.document.get("extensionsUsed", ())


def splats_of(gltf: Gltf) -> Splats:
    """The splats of a GLB's scene, in its frame. Raises BadFile where there are none or they are broken."""
    parts = []
    try:
        for points in Scene(gltf).points(limit=MAX_SPLATS):
            linear = points.scene_from_mesh[:3, :3]
            stretch = float(np.cbrt(np.linalg.det(linear)))
            if stretch <= 0 or not np.allclose(linear.T @ linear, stretch**2 * np.eye(3), atol=1e-3 * stretch**2):
                raise ValueError("splats can only be turned, moved and scaled evenly")
            values = {key.removeprefix(f"{EXTENSION}:"): value for key, value in points.attributes.items()}
            turned = Rotation.from_matrix(linear / stretch) * Rotation.from_quat(values["ROTATION"])
            columns = (
                points.positions,
                values["SCALE"] * stretch,
                turned.as_quat(),
                values["OPACITY"][:, 0],
                values["SH_DEGREE_0_COEF_0"] * SH0 + 0.5,
            )
            parts.append(Splats(columns[0], *(column.astype(np.float32) for column in columns[1:])))
        together = [np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Splats)]
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise BadFile("model_broken", name=gltf.name) from error
    return checked(Splats(*together), gltf.name)


def write_splats(path: Path, splats: Splats) -> None:
    """Write glTF with KHR_gaussian_splatting, in few enough values to be packed well on its way.

    Positions are kept to 1/65535 of the extent, sizes to 2 %, turns to half a degree, opacities and colours to 1/255.
    """
    document = PointsDocument()
    positions = document.positions(splats.centres)
    sizes = np.exp(np.round(np.log(np.maximum(splats.scales, 1e-9)) * _SIZE_STEPS) / _SIZE_STEPS)
    opacities = np.round(splats.opacities * 255).astype(np.uint8)
    colours = (np.round(splats.colours * 255) / 255 - 0.5) / SH0
    attributes = {
        "POSITION": positions,
        f"{EXTENSION}:ROTATION": document.vertices(np.round(splats.rotations * 127).astype(np.int8), normalized=True),
        f"{EXTENSION}:SCALE": document.vertices((sizes / document.extent).astype(np.float32)),
        f"{EXTENSION}:OPACITY": document.vertices(opacities, normalized=True),
        f"{EXTENSION}:SH_DEGREE_0_COEF_0": document.vertices(colours.astype(np.float32)),
    }
    document.show(attributes, {EXTENSION: {"kernel": "ellipse", "colorSpace": "srgb_rec709_display"}})
    document.write(path)
