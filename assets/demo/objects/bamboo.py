"""Bamboo: culms with their nodes, split strips, woven sheets; and the leaves that are worked on them. Metres."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recon.modelling.materials import solid
from recon.modelling.solids import bar, rectangle, turned
from recon.modelling.surfaces import Patch, moved, turn_about
from recon.modelling.textures import Paint, Painter, Texels, grain, mix, noise, ramp, rgb, shaded

FloatArray = NDArray[np.float64]


def woven(
    pitch: float,
    *,
    light: str = "#c9a566",
    dark: str = "#8f6a38",
    plane: Literal["st", "xz"] = "st",
    twill: int = 1,
    open_share: float = 0.0,
    depth: float | None = None,
) -> Painter:
    """Strips of `pitch` over and under one another, in the chart's own directions or flat in x and z; `twill` 2 goes
    over two and under two; `open_share` of a cell is a hole, painted dark.
    """
    a, b = rgb(light), rgb(dark)
    relief = pitch * 0.12 if depth is None else depth

    def paint(x: Texels) -> Paint:
        u, v = (x.position[..., 0], x.position[..., 2]) if plane == "xz" else (x.s, x.t)
        round_s = float(x.s.max()) if plane == "st" and x.closed else 0.0
        step = round_s / max(2 * twill, 2 * twill * round(round_s / pitch / (2 * twill))) if round_s else pitch
        wobble = noise(x, pitch * 5, 2) * np.float32(0.05)
        u, v = u / step + wobble, v / pitch + wobble
        i, j = np.floor(u).astype(np.int64), np.floor(v).astype(np.int64)
        fu, fv = (u - i) * 2 - 1, (v - j) * 2 - 1
        warp_on_top = ((i + j) // twill) % 2 == 0
        chance = x.rng.random((4096, 2)).astype(np.float32)
        across, along = np.where(warp_on_top, fu, fv), np.where(warp_on_top, fv, fu)
        strip = chance[np.where(warp_on_top, i % 4096, (j + 1777) % 4096)]
        wide = 1 - open_share
        inside = ramp((1 - np.abs(across) / wide).astype(np.float32), 0.0, 0.3)
        hole = (np.abs(fu) > wide) & (np.abs(fv) > wide)
        bulge = np.sqrt(np.clip(1 - (across * 0.9) ** 2, 0, 1)) * (0.55 + 0.45 * np.cos(along * np.pi / 2))
        tone = mix(np.broadcast_to(a, (*x.shape, 3)), b, np.clip(strip[..., 0] * 0.7 + 0.1 * noise(x, 0.05, 3), 0, 1))
        tone = shaded(tone, (grain(x), 0.05), (np.abs(across).astype(np.float32) - 0.5, -0.12))
        tone = shaded(tone, (np.float32(1) - inside, -0.75), (1 - np.cos(along * np.pi / 2).astype(np.float32), -0.22))
        tone = mix(tone, np.broadcast_to(rgb("#1d150c"), tone.shape), hole.astype(np.float32) * np.float32(0.92))
        height = np.where(hole, 0, bulge * inside) * relief
        return Paint(tone, np.full(x.shape, 0.5, np.float32), height.astype(np.float32))

    return paint


def bamboo(
    light: str = "#c4a15c",
    dark: str = "#8d6a35",
    *,
    along: ArrayLike = (0, 1, 0),
    node: float = 0.0,
    roughness: float = 0.38,
) -> Painter:
    """The smooth skin of a culm, its fibres along an axis; every `node` metres a paler ring."""
    axis = np.asarray(along, np.float32) / np.float32(np.linalg.norm(along))
    stretch = np.where(np.abs(axis) > 0.7, 0.25, 0.003)

    def paint(x: Texels) -> Paint:
        fibre = solid(x, stretch, 2, seed=91)
        cloud = solid(x, 0.09, 3, seed=92)
        tone = mix(np.broadcast_to(rgb(light), (*x.shape, 3)), rgb(dark), ramp(cloud + 0.3 * fibre, -0.8, 2.2))
        height = fibre * np.float32(0.00004)
        if node:
            place = (x.position @ axis) / node
            near = np.abs(place - np.round(place)) * node
            ring = np.exp(-((near / 0.0022) ** 2)).astype(np.float32)
            tone = mix(
                tone, np.broadcast_to(rgb("#d9c795"), tone.shape), np.exp(-((near / 0.008) ** 2)) * np.float32(0.5)
            )
            tone = shaded(tone, (ring, -0.45))
            height = height + ring * np.float32(0.0012)
        tone = shaded(tone, (grain(x), 0.025))
        return Paint(tone, np.full(x.shape, roughness, np.float32), height.astype(np.float32))

    return paint


def hoop(radius: float, y: float, wide: float, tall: float, painter: Painter, *, columns: int = 96) -> Patch:
    """A split strip bent round the axis +Y, its middle at (`radius`, `y`)."""
    a, h = wide / 2, tall / 2
    line = [
        (radius - a, y - h * 0.8),
        (radius + a, y - h),
        (radius + a * 1.1, y),
        (radius + a, y + h),
        (radius - a, y + h * 0.8),
    ]
    return turned(line, painter, columns=columns, ring=True, bevel=min(a, h) * 0.3)


def bindings(
    count: int, radius: float, y: float, painter: Painter, *, reach: float = 0.012, thick: float = 0.0022
) -> list[Patch]:
    """Rattan lashings round a rim of that radius."""
    turn = np.linspace(0, 2 * np.pi, 11)[:-1]
    loop = np.stack([radius + reach * np.cos(turn), y + reach * 1.25 * np.sin(turn), np.zeros(10)], -1)
    one = bar(loop, rectangle(thick, thick * 2.6, thick * 0.25), painter, up=(0, 0, 1), closed=True)
    return [p for i in range(count) for p in moved([one], turn=turn_about("y", 360 * i / count))]


def leaf_painter(fresh: str = "#5f7a34", wilted: str = "#6b5f2c", edge: str = "#8a3b22") -> Painter:
    """Tea leaves: green, bruised red along the edges where the oolong's making has begun."""

    def paint(x: Texels) -> Paint:
        mixed = float(x.rng.random())
        tone = np.broadcast_to(rgb(fresh) * (1 - mixed) + rgb(wilted) * mixed, (*x.shape, 3)).astype(np.float32)
        rim = np.abs(np.linspace(-1, 1, x.shape[1], dtype=np.float32))[None] * np.ones((x.shape[0], 1), np.float32)
        tone = mix(
            tone,
            np.broadcast_to(rgb(edge), tone.shape),
            ramp(rim + 0.3 * noise(x, 0.004, 2), 0.6, 1.3) * np.float32(0.6),
        )
        return Paint(shaded(tone, (grain(x), 0.08)), np.full(x.shape, 0.55, np.float32), np.zeros(x.shape, np.float32))

    return paint


def leaves(
    rng: np.random.Generator, places: FloatArray, painter: Painter, *, length: float = 0.045, curl: float = 0.5
) -> list[Patch]:
    """A leaf lying at each of `places` (N, 3), every one turned, arched and curled its own way; thin and closed."""
    made = []
    share = np.linspace(0, 1, 6)
    blade = np.array([(1, 0.0), (0, 0.06), (-1, 0.0), (0, -0.04)])
    for spot in places:
        long = length * float(rng.uniform(0.7, 1.15))
        bend = float(rng.uniform(0.2, 1.0)) * curl
        path = np.stack(
            [long * (share - 0.5), long * bend * 0.45 * np.sin(share * np.pi), long * 0.1 * np.sin(share * 5)], -1
        )
        wide = long * 0.19 * np.sin(np.pi * (0.06 + 0.88 * share)) ** 0.8
        one = bar(path, blade, painter, scale=wide, bevel=long * 0.0003, density=0.5)
        turn = turn_about("y", float(rng.uniform(0, 360))) @ turn_about("x", float(rng.normal(0, 22)))
        turn = turn @ turn_about("z", float(rng.normal(0, 14)))
        made += moved([one], offset=spot, turn=turn)
    return made
