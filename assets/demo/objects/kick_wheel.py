"""The potter's kick wheel. Life size, metres."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from assets.demo.objects.ware import bowl_of_clay
from recon.modelling.model import Model, build
from recon.modelling.motion import Motion, Movement, cycle
from recon.modelling.surfaces import Patch, box, lathe, moved, part_of, resampled, tube, turn_about
from recon.modelling.textures import Paint, Texels, grain, mix, noise, over, plain, ramp, rgb, shaded, stone, wood


def _wet_clay(x: Texels) -> Paint:
    """White clay as it is thrown: spiral ribs, a film of slip."""
    tone = shaded(
        np.broadcast_to(rgb("#d8d0c0"), (*x.shape, 3)),
        (noise(x, 0.03, 4), 0.05),
        (noise(x, (0.3, 0.004), 2), 0.04),
        (grain(x), 0.015),
    )
    spiral = np.sin(2 * np.pi * (x.t / 0.009 + x.s / float(x.s.max()))).astype(np.float32)
    height = spiral * np.float32(0.0005) + noise(x, (0.3, 0.003), 2) * np.float32(0.00022)
    return Paint(tone, np.full(x.shape, 0.42, np.float32), height)


def _slip_stained(x: Texels, under: Paint) -> Paint:
    """Timber near the clay is splashed and dusted white."""
    near = np.exp(-((np.hypot(x.position[..., 0], x.position[..., 2]) / 0.34) ** 2))
    share = ramp((noise(x, 0.05, 5, 0.6) + 2.0 * near).astype(np.float32), 1.3, 3.4) * (
        0.12 + 0.5 * (x.normal[..., 1] > 0.5)
    )
    slip = shaded(np.broadcast_to(rgb("#cfc6b4"), under.color.shape), (noise(x, 0.006, 3), 0.08))
    return Paint(mix(under.color, slip, share), under.roughness, under.height)


def _disc(radius: float, low: float, high: float, painter: object, *, columns: int = 128) -> Patch:
    bevel = min(0.006, (high - low) / 4)
    corner = np.array(
        [
            (0, low),
            (radius - bevel, low),
            (radius, low + bevel),
            (radius, high - bevel),
            (radius - bevel, high),
            (0, high),
        ],
        float,
    )
    pieces = [resampled(corner[i : i + 2], n)[:-1] for i, n in enumerate((20, 4, 8, 4, 20))]
    return lathe(np.concatenate([*pieces, corner[-1:]]), painter, columns=columns)  # type: ignore[arg-type]


def kick_wheel(seed: int = 6) -> Model:
    """A kick wheel: a heavy flywheel below, the wheel head above with a bowl half thrown, a plank to sit on."""
    old = over(wood("#8b6a4c", "#4e3727"), _slip_stained)
    upright = over(wood("#8b6a4c", "#4e3727", along="t"), _slip_stained)
    dark = wood("#6d4e37", "#38261b")
    worn = over(wood("#a58562", "#6b4f39"), _slip_stained)
    granite = stone("#8f8a82", variation=0.16, depth=0.0016)
    patches: list[Patch] = [*moved([_disc(0.13, 0.0, 0.055, granite)], offset=(0, 0, 0))]
    turning = [_disc(0.335, 0.085, 0.150, over(dark, _rings)), _disc(0.06, 0.055, 0.20, dark, columns=48)]
    turning += tube(np.array([(0, 0.19, 0), (0, 0.3, 0), (0, 0.42, 0), (0, 0.505, 0)], float), 0.027, dark, sides=32)
    turning += [_disc(0.155, 0.505, 0.54, over(worn, _rings))]
    turning += moved(bowl_of_clay(0.125, _wet_clay), offset=(0, 0.54, 0))
    patches += part_of("wheel", turning)
    for x in (-0.43, 0.43):
        for z in (-0.36, 0.30):
            patches += box((0.06, 0.43, 0.06), upright, centre=(x, 0, z), step=0.03)
        patches += box((0.05, 0.055, 0.60), old, centre=(x, 0.10, -0.03), step=0.03)
        patches += box((0.055, 0.06, 0.82), old, centre=(x, 0.43, -0.06), step=0.03)
    patches += box(
        (1.02, 0.038, 0.20), over(wood("#96744f", "#5a4230"), _slip_stained), centre=(0, 0.49, -0.38), step=0.03
    )
    patches += box(
        (1.00, 0.034, 0.17), over(wood("#94734f", "#573f2e"), _slip_stained), centre=(0, 0.49, 0.275), step=0.03
    )
    patches += box((0.86, 0.05, 0.045), old, centre=(0, 0.40, -0.205), step=0.03)
    lump = resampled(
        np.array([(0.0, 0.0), (0.052, 0.0), (0.060, 0.012), (0.056, 0.045), (0.036, 0.072), (0.0, 0.080)]), 44
    )
    clay = over(
        plain("#d2c9b8", roughness=0.6, variation=0.08),
        lambda x, p: Paint(p.color, p.roughness, noise(x, 0.03, 4) * np.float32(0.0035)),
    )
    patches += moved([lathe(lump, clay, columns=60, relief=True)], offset=(-0.33, 0.524, 0.275))
    patches += moved(
        [lathe(lump * (0.85, 0.9), clay, columns=60, relief=True)],
        offset=(-0.205, 0.524, 0.285),
        turn=turn_about("y", 70),
    )
    basin = np.concatenate(
        [
            resampled(np.array([(0, 0), (0.055, 0), (0.078, 0.03), (0.086, 0.062)], float), 30)[:-1],
            resampled(np.array([(0.086, 0.062), (0.081, 0.063), (0.073, 0.045), (0.0, 0.045)], float), 26),
        ]
    )
    patches += moved(
        [lathe(basin, over(plain("#5d4632", roughness=0.35, variation=0.15), _water), columns=72)],
        offset=(0.33, 0.524, 0.275),
    )
    patches += tube(
        np.array([(0.12, 0.532, 0.25), (0.17, 0.533, 0.29), (0.215, 0.532, 0.31)]),
        [0.004, 0.0055, 0.004],
        worn,
        sides=14,
    )
    motion = Motion("turning", 1.5, (Movement("wheel", (0.0, 0.0, 0.0), "y", cycle(36)),))
    return replace(build(patches, texel=0.0012, seed=seed, atlas_width=2048), motion=motion)


def _rings(x: Texels, under: Paint) -> Paint:
    """Wear that the turning leaves: rings about the axis."""
    r = np.hypot(x.position[..., 0], x.position[..., 2])
    ring = (np.sin(r * 900) * 0.5 + np.sin(r * 370 + 1)).astype(np.float32)
    return Paint(shaded(under.color, (ring, 0.05)), under.roughness, under.height)


def _water(x: Texels, under: Paint) -> Paint:
    wet = (x.normal[..., 1] > 0.9) & (x.position[..., 1] > 0.54)
    slip = np.broadcast_to(rgb("#b9ad97"), under.color.shape)
    return Paint(
        mix(under.color, slip, wet.astype(np.float32) * 0.85),
        np.where(wet, np.float32(0.08), under.roughness).astype(np.float32),
        under.height,
    )
