"""Known things photographed by known cameras in seconds: photos, depth, mesh and scale are exact.

Reached through the fixtures of conftest.py only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recon.modelling.glaze import porcelain
from recon.modelling.light_baking import Light
from recon.modelling.model import Model, build
from recon.modelling.studio import (
    Camera,
    LitScene,
    Truth,
    developed,
    intrinsics,
    look_at,
    mat,
    photograph_model,
    save_photo,
)
from recon.modelling.surfaces import Patch, box, lathe, quad, tube
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


def turntable(out: Path, *, num_photos: int = 8, width: int = 400, arc_deg: float = 105) -> dict[str, Camera]:
    """The brick relief turned before a camera on a tripod, with a patterned floor and wall behind it, in two rounds.
    For the second it is turned over, and the camera stands elsewhere. Cameras by the photo's name, in the relief's
    frame.
    """
    relief, height = brick_relief(), round(width * 3 / 4)
    stones = rubble(("#6f6a60", "#4a5560", "#a89c8b"), "#2b2b2a", size=0.05, depth=0.0)
    wall = build(
        [quad((-1.2, -0.1, -0.45), (2.4, 0, 0), (0, 1.2, 0), stones, step=0.1)], texel=0.002, seed=3, atlas_width=1300
    )
    light = Light()
    turned, room = LitScene.lit([relief], light), LitScene.lit([wall, mat(0.5, seed=2, across_px=600)], light)
    top = float(relief.vertices[:, 1].max())
    cameras = {}
    for number, (eye, over) in enumerate((((0.05, 0.28, 0.85), False), ((-0.2, 0.2, 0.8), True))):
        camera = look_at(eye, (0, 0.11, 0))
        for photo in range(num_photos):
            angle = np.radians(arc_deg * (photo / (num_photos - 1) - 0.5))
            world_from_relief = np.eye(4)
            world_from_relief[:3, :3] = [
                [np.cos(angle), 0, np.sin(angle)],
                [0, 1, 0],
                [-np.sin(angle), 0, np.cos(angle)],
            ]
            if over:
                world_from_relief = world_from_relief @ np.array(
                    [[-1.0, 0, 0, 0], [0, -1, 0, top], [0, 0, 1, 0], [0, 0, 0, 1]]
                )
            placed = relief.vertices @ world_from_relief[:3, :3].T + world_from_relief[:3, 3]
            scene = LitScene(
                (replace(relief, vertices=placed.astype(np.float32)), *room.models), (*turned.radiance, *room.radiance)
            )
            seen = Camera(intrinsics(width, height), camera, width, height)
            pixels = developed(scene.photograph(seen), noise_level=0.006, rng=np.random.default_rng([number, photo]))
            name = f"round {number + 1}/{photo:02}.jpg"
            save_photo(pixels, out / name)
            cameras[name] = replace(seen, cam_from_world=camera @ world_from_relief)
    return cameras


def photograph(thing: Model, out: Path, *, num_photos: int = 12, width: int = 480, arc_deg: float = 150) -> Truth:
    """Photos on an arc in front of the thing, 14 degrees apart by default: a few CPU seconds."""
    return photograph_model(thing, out, num_photos=num_photos, width=width, arc_deg=arc_deg, mat_px=700)
