"""Known things photographed by known cameras in seconds: photos, depth, mesh and scale are exact.

Reached through the fixtures of conftest.py only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recon.modelling.glaze import porcelain
from recon.modelling.model import Model, build
from recon.modelling.studio import Truth, photograph_model
from recon.modelling.surfaces import Patch, box, lathe, tube
from recon.modelling.textures import bricks, plain, rubble, wood

TONES = ("#a5623f", "#8a4630", "#b98160", "#9c5a35", "#7a4634")


def brick_relief() -> Model:
    """A brick block of 0.30 x 0.20 x 0.12 m upon a rubble plinth: texture everywhere, real relief."""
    masonry = bricks(TONES, "#9a8a76", length=0.042, course=0.016, joint=0.0022, depth=0.003)
    stones = rubble(("#9a8f80", "#776d62", "#a89c8b"), "#4b3a2c", size=0.026, depth=0.004)
    patches = [
        *box((0.36, 0.04, 0.18), stones, step=0.006, relief=True),
        *box((0.30, 0.20, 0.12), masonry, centre=(0, 0.04, 0), step=0.004, relief=True, bottom=False),
    ]
    return build(patches, texel=0.0011, seed=11, atlas_width=1024)


def hard_parts() -> dict[str, list[Patch]]:
    """What defeats stereo, by name: smooth porcelain, a rope's thinness, a flat wall without a mark; brick and wood
    hold the cameras.
    """
    angle = np.linspace(0, np.pi, 48)
    globe = np.stack([0.055 * np.sin(angle), 0.071 - 0.055 * np.cos(angle)], -1)
    globe[[0, -1], 0] = 0
    rope = np.stack(
        [np.linspace(-0.17, 0.17, 60), 0.19 - 0.06 * np.sin(np.linspace(0, np.pi, 60)), np.full(60, 0.05)], -1
    )
    masonry = bricks(TONES, "#9a8a76", length=0.03, course=0.011, depth=0.002)
    posts = [
        patch
        for x in (-0.17, 0.17)
        for patch in box((0.012, 0.18, 0.012), wood(along="t"), centre=(x, 0.016, 0.05), step=0.02)
    ]
    return {
        "wood": [*box((0.40, 0.016, 0.22), wood("#8a6647", "#3f2b1e"), step=0.01), *posts],
        "porcelain": [lathe(globe, porcelain(), columns=64)],
        "brick": box((0.09, 0.11, 0.08), masonry, centre=(-0.13, 0.016, 0), step=0.004, relief=True),
        "flat": box((0.11, 0.14, 0.012), plain("#c9c6c0", variation=0.0), centre=(0.13, 0.016, -0.02), step=0.02),
        "rope": tube(rope, 0.002, wood("#b59a6c", "#6d5634", scale=0.3), sides=10),
    }


def hard_things() -> Model:
    """The hard parts together upon a board."""
    return build([patch for part in hard_parts().values() for patch in part], texel=0.0011, seed=12, atlas_width=1024)


def part_of_faces(thing: Model, parts: Mapping[str, Sequence[Patch]]) -> NDArray[np.str_]:
    """The name of the part that each face of a thing built from `parts` belongs to, (F,)."""
    names = np.array([name for name, patches in parts.items() for _ in patches])
    first = np.array([start for start, _, _ in thing.grids])
    return names[np.searchsorted(first, thing.faces[:, 0], side="right") - 1]


def photograph(thing: Model, out: Path, *, num_photos: int = 12, width: int = 480, arc_deg: float = 150) -> Truth:
    """Photos on an arc in front of the thing, 14 degrees apart by default: a few CPU seconds."""
    return photograph_model(thing, out, num_photos=num_photos, width=width, arc_deg=arc_deg, mat_px=700)
