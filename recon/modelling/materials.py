"""Solid materials: the grain runs through the whole model, so that neighbouring patches agree.

Painters as in textures.py; lengths are metres, directions are the finished model's own axes.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import map_coordinates

from recon.modelling.textures import Paint, Painter, Texels, grain, mix, ramp, rgb, shaded

Float32Array = NDArray[np.float32]
LATTICE = 24


@lru_cache(maxsize=16)
def _lattice(seed: int) -> Float32Array:
    return np.random.default_rng([seed, 77]).standard_normal((LATTICE,) * 3, np.float32)


def solid(x: Texels, scale: float | ArrayLike, octaves: int = 3, gain: float = 0.5, *, seed: int = 0) -> Float32Array:
    """Smooth noise (H, W) of the place in space, mean about 0, deviation about 1; `scale` is its first cell, (3,)."""
    at = (x.position / np.broadcast_to(np.asarray(scale, np.float32), (3,))).reshape(-1, 3).T
    total, power = np.zeros(at.shape[1], np.float32), 0.0
    for octave in range(octaves):
        weight = gain**octave
        values = map_coordinates(_lattice(seed), at * 2**octave + 7.3 * octave, order=1, mode="grid-wrap")
        total += np.float32(weight) * values
        power += weight**2
    return np.asarray((total / np.float32(0.55 * power**0.5)).reshape(x.shape), np.float32)


def metal(
    color: str, *, roughness: float = 0.35, wear: float = 0.1, dirt: str = "#2a2119", dirty: float = 0.25, seed: int = 1
) -> Painter:
    """Bare metal: bright where it is handled, dull and oil-stained elsewhere."""
    base, stain = rgb(color), rgb(dirt)

    def paint(x: Texels) -> Paint:
        cloud = solid(x, 0.05, 4, 0.6, seed=seed)
        fine = solid(x, 0.008, 2, seed=seed + 1)
        share = ramp(cloud + 0.4 * fine, 0.6, 2.6) * np.float32(dirty)
        tone = shaded(mix(np.broadcast_to(base, (*x.shape, 3)), stain, share), (fine, 0.03), (grain(x), 0.015))
        rough = np.clip(roughness + wear * cloud * 0.5 + share * 0.3, 0.08, 1).astype(np.float32)
        return Paint(tone, rough, fine * np.float32(0.00003), (1 - 0.8 * share).astype(np.float32))

    return paint


def steel(seed: int = 1) -> Painter:
    return metal("#b9bcbd", roughness=0.3, dirty=0.12, wear=0.06, seed=seed)


def brass(seed: int = 3) -> Painter:
    return metal("#d8a85a", roughness=0.28, dirt="#5b3d18", dirty=0.4, seed=seed)


def iron(seed: int = 5) -> Painter:
    """Black iron, neither painted nor polished."""
    return metal("#6b6764", roughness=0.55, dirt="#3a2a20", dirty=0.8, seed=seed)


def cast(color: str, *, roughness: float = 0.45, rust: float = 0.15, seed: int = 7) -> Painter:
    """A casting under oil paint: the skin of the sand mould, grime in broad clouds, a little rust where paint went."""
    base = rgb(color)

    def paint(x: Texels) -> Paint:
        skin = solid(x, 0.006, 2, 0.7, seed=seed)
        cloud = solid(x, 0.12, 4, 0.6, seed=seed + 1)
        tone = shaded(np.broadcast_to(base, (*x.shape, 3)), (cloud, 0.10), (skin, 0.025), (grain(x), 0.02))
        low = ramp(solid(x, 0.03, 3, 0.7, seed=seed + 2) - x.normal[..., 1] * 0.2, 1.5, 2.4) * np.float32(rust)
        tone = mix(tone, np.broadcast_to(rgb("#6f4630"), tone.shape), low)
        rough = np.clip(roughness + 0.06 * cloud + 0.4 * low, 0.15, 1).astype(np.float32)
        return Paint(tone, rough, (skin * 0.00009 - low * 0.0001).astype(np.float32))

    return paint


def timber(
    light: str = "#a8784e",
    dark: str = "#6d472b",
    *,
    along: ArrayLike = (1, 0, 0),
    ring: float = 0.006,
    roughness: float = 0.55,
    depth: float = 0.00012,
    seed: int = 11,
) -> Painter:
    """Wood with its year rings about a pith below the board, its fibres `along` an axis; end grain comes by itself."""
    axis = np.asarray(along, np.float32)
    axis /= np.linalg.norm(axis)
    other = np.eye(3, dtype=np.float32)[np.argmin(np.abs(axis))]
    u = np.cross(axis, other)
    u /= np.linalg.norm(u)
    v = np.cross(axis, u)
    turn = np.stack([axis, u, v]).astype(np.float32)

    def paint(x: Texels) -> Paint:
        local = Texels(x.s, x.t, x.position @ turn.T, x.normal, x.rng, x.closed)
        sway = solid(local, (0.9, 0.09, 0.09), 3, seed=seed)
        offset = np.array([0.021, 0.083], np.float32) * (8 * ring / 0.006)
        radius = np.hypot(local.position[..., 1] + offset[0], local.position[..., 2] + offset[1])
        turns = radius / ring + sway * 1.3
        share = (turns - np.floor(turns)).astype(np.float32)
        late = share**3 * (1 - ramp(share, 0.88, 1.0)) * np.float32(1.4)
        fibre = solid(local, (0.12, 0.0028, 0.0028), 3, 0.7, seed=seed + 1)
        board = solid(local, (1.2, 0.25, 0.25), 2, seed=seed + 2)
        tone = mix(np.broadcast_to(rgb(light), (*x.shape, 3)), rgb(dark), np.clip(late * 0.75 + 0.12 * fibre, 0, 1))
        tone = shaded(tone, (fibre, 0.06), (board, 0.08), (grain(x), 0.025))
        rough = np.clip(roughness + 0.04 * fibre, 0.1, 1).astype(np.float32)
        return Paint(tone, rough, ((fibre * 0.6 - late) * depth).astype(np.float32))

    return paint


def leather(color: str = "#6b4226", seed: int = 17) -> Painter:
    """Belting: pores, darker where the pulleys glaze it."""
    base = rgb(color)

    def paint(x: Texels) -> Paint:
        pore = solid(x, 0.0035, 2, 0.8, seed=seed)
        cloud = solid(x, 0.07, 3, seed=seed + 1)
        tone = shaded(np.broadcast_to(base, (*x.shape, 3)), (cloud, 0.14), (pore, 0.08), (grain(x), 0.03))
        rough = np.clip(0.62 + 0.07 * cloud, 0.2, 1).astype(np.float32)
        return Paint(tone, rough, pore * np.float32(0.00012))

    return paint


def earth(color: str, *, rough: float = 0.92, coarse: float = 0.004, depth: float = 0.0006, seed: int = 19) -> Painter:
    """Clay, plaster, mortar: matt, granular, unevenly damp."""
    base = rgb(color)

    def paint(x: Texels) -> Paint:
        grains = solid(x, coarse, 3, 0.75, seed=seed)
        cloud = solid(x, coarse * 14, 4, 0.6, seed=seed + 1)
        tone = shaded(np.broadcast_to(base, (*x.shape, 3)), (cloud, 0.08), (grains, 0.05), (grain(x), 0.03))
        return Paint(tone, np.full(x.shape, rough, np.float32), (grains * depth).astype(np.float32))

    return paint


def glass(color: str = "#9fb4ae") -> Painter:
    """Glass that is shown as opaque: a lubricator's bowl."""

    def paint(x: Texels) -> Paint:
        tone = np.broadcast_to(rgb(color), (*x.shape, 3)).astype(np.float32)
        return Paint(tone, np.full(x.shape, 0.06, np.float32), np.zeros(x.shape, np.float32))

    return paint
