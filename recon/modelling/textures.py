"""Procedural surfaces: a painter fills one chart with colour, roughness and height.

Colours are linear RGB reflectances. Lengths are metres. All randomness comes from the chart's own generator.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from recon.formats.srgb import decoded

Float32Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Texels:
    """The chart to paint: s and t (H, W) in metres, position and normal (H, W, 3) of the undisplaced surface."""

    s: Float32Array
    t: Float32Array
    position: Float32Array
    normal: Float32Array
    rng: np.random.Generator
    closed: bool = False  # s runs around and meets its start

    @property
    def shape(self) -> tuple[int, int]:
        return self.s.shape[0], self.s.shape[1]


@dataclass(frozen=True, slots=True)
class Paint:
    color: Float32Array  # (H, W, 3) linear
    roughness: Float32Array  # (H, W)
    height: Float32Array  # (H, W) metres along the normal
    metallic: Float32Array | float = 0.0  # (H, W) or one for all


Painter = Callable[[Texels], Paint]


def rgb(code: str) -> Float32Array:
    """Linear RGB of an sRGB "#rrggbb"."""
    value = np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)], np.float32) / 255
    return decoded(value).astype(np.float32)


def mix(a: NDArray[np.float32], b: NDArray[np.float32], share: NDArray[np.float32] | float) -> Float32Array:
    """a where share is 0, b where it is 1; colours against (H, W) shares."""
    w = np.asarray(share, np.float32)
    if w.ndim == 2 and max(np.ndim(a), np.ndim(b)) != 2:
        w = w[..., None]
    return (a * (1 - w) + b * w).astype(np.float32)


def ramp(value: NDArray[np.floating], low: float, high: float) -> Float32Array:
    """0 at `low`, 1 at `high`, smooth between."""
    x = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(x * x * (3 - 2 * x), np.float32)


def noise(texels: Texels, scale: float | tuple[float, float], octaves: int = 3, gain: float = 0.5) -> Float32Array:
    """Smooth noise (H, W), mean about 0 and deviation about 1; `scale` is the first octave's cell in metres (s, t)."""
    cell_s, cell_t = scale if isinstance(scale, tuple) else (scale, scale)
    h, w = texels.shape
    size_s = float(np.ptp(texels.s[0])) if w > 1 else 0.0
    size_t = float(np.ptp(texels.t[:, 0])) if h > 1 else 0.0
    total = np.zeros((h, w), np.float32)
    weight, power = 1.0, 0.0
    for octave in range(octaves):
        columns = int(size_s / cell_s * 2**octave) + 4
        rows = int(size_t / cell_t * 2**octave) + 4
        if octave and (columns > 2 * w or rows > 2 * h):
            break
        lattice = texels.rng.standard_normal((min(rows, 2 * h + 4), min(columns, 2 * w + 4)), np.float32)
        if texels.closed:
            around = np.linspace(0, lattice.shape[1], w, dtype=np.float32) + np.float32(2)
            tall = np.asarray(cv2.resize(lattice, (lattice.shape[1], h), interpolation=cv2.INTER_CUBIC), np.float32)
            padded = np.concatenate([tall[:, -2:], tall, tall[:, :3]], 1)
            rows_at = np.arange(h, dtype=np.float32)
            total += weight * _remap_columns(padded, around, rows_at)
        else:
            total += weight * cv2.resize(lattice, (w, h), interpolation=cv2.INTER_CUBIC)
        power += weight**2
        weight *= gain
    return (total / np.float32(0.7 * power**0.5)).astype(np.float32)


def _remap_columns(rows: Float32Array, columns: Float32Array, at: Float32Array) -> Float32Array:
    s, t = np.meshgrid(columns, at)
    return np.asarray(cv2.remap(rows, s, t, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.float32)


def grain(texels: Texels) -> Float32Array:
    """White noise (H, W), softened over a texel. It gives a plain surface some texture."""
    white = texels.rng.standard_normal(texels.shape, np.float32)
    return np.asarray(cv2.GaussianBlur(white, (0, 0), 0.7), np.float32) * np.float32(2)


def shaded(color: NDArray[np.floating], *variations: tuple[NDArray[np.floating], float]) -> Float32Array:
    """`color` multiplied by exp of the weighted variations (H, W)."""
    amount = sum(np.float32(weight) * value for value, weight in variations)
    return np.asarray(color * np.exp(np.asarray(amount))[..., None], np.float32)


def plain(color: str, *, roughness: float = 0.8, variation: float = 0.08, scale: float = 0.03) -> Painter:
    """One colour, barely uneven."""
    base = rgb(color)

    def paint(x: Texels) -> Paint:
        tone = shaded(np.broadcast_to(base, (*x.shape, 3)), (noise(x, scale, 4), variation), (grain(x), variation / 3))
        return Paint(tone, np.full(x.shape, roughness, np.float32), np.zeros(x.shape, np.float32))

    return paint


def bricks(
    tones: tuple[str, ...],
    mortar: str,
    *,
    length: float,
    course: float,
    joint: float = 0.0016,
    depth: float = 0.0015,
    wear: float = 1.0,
) -> Painter:
    """Running-bond masonry; every brick has its own tone, tilt and edge."""
    palette = np.stack([rgb(t) for t in tones])
    mortar_rgb = rgb(mortar)

    def paint(x: Texels) -> Paint:
        wobble = noise(x, course * 0.8, 2) * np.float32(joint * 0.35 * wear)
        t = x.t + wobble
        row = np.floor(t / course).astype(np.int32)
        shift = np.where(row % 2 == 0, 0.0, 0.5) + 0.13 * np.sin(row * 12.9898)
        s = x.s / length + shift + noise(x, course, 2) * (joint * 0.35 * wear / length)
        column = np.floor(s).astype(np.int32)
        key = (row.astype(np.int64) * 7919 + column * 104729) % 4093
        table = x.rng.random((4093, 4)).astype(np.float32)
        chance = table[key]
        edge = np.minimum(
            np.minimum(s - column, 1 - s + column) * length, np.minimum(t - row * course, (row + 1) * course - t)
        )
        inside = ramp(edge.astype(np.float32), joint * 0.35, joint * 1.0)
        tone = palette[np.minimum((chance[..., 0] * len(palette)).astype(int), len(palette) - 1)]
        brick = shaded(tone, (chance[..., 1] - 0.5, 0.5), (noise(x, length * 0.5, 5, 0.7), 0.13), (grain(x), 0.06))
        joint_rgb = shaded(np.broadcast_to(mortar_rgb, brick.shape), (noise(x, course, 4), 0.2), (grain(x), 0.08))
        height = inside * (depth + (chance[..., 2] - 0.5) * depth * 0.9) + noise(x, course * 0.6, 3) * np.float32(
            depth * 0.12
        )
        return Paint(mix(joint_rgb, brick, inside), np.full(x.shape, 0.9, np.float32), height.astype(np.float32))

    return paint


def rubble(
    tones: tuple[str, ...], joint_color: str, *, size: float, depth: float = 0.004, flat: float = 1.6
) -> Painter:
    """Irregular stones (Voronoi cells) with earth between; `flat` stretches them along s."""
    palette = np.stack([rgb(t) for t in tones])
    joint_rgb = rgb(joint_color)

    def paint(x: Texels) -> Paint:
        wide, tall = float(x.s.max()) + 2 * size * flat, float(x.t.max()) + 2 * size
        columns, rows = int(wide / (size * flat)) + 2, int(tall / size) + 2
        j, i = np.meshgrid(np.arange(columns), np.arange(rows))
        seeds = (
            np.stack([(j + 0.5 * (i % 2)), i], -1).reshape(-1, 2) + x.rng.uniform(-0.36, 0.36, (rows * columns, 2)) - 1
        )
        warp = noise(x, size * 0.5, 3) * np.float32(0.05)
        at = np.stack([x.s / (size * flat) + warp, x.t / size + warp[::-1]], -1).reshape(-1, 2)
        distance, nearest = (np.asarray(found) for found in cKDTree(seeds).query(at, 2))
        gap = (distance[:, 1] - distance[:, 0]).reshape(x.shape).astype(np.float32)
        cell = nearest[:, 0].reshape(x.shape)
        chance = x.rng.random((len(seeds), 3)).astype(np.float32)[cell]
        inside = ramp(gap, 0.03, 0.16)
        tone = palette[np.minimum((chance[..., 0] * len(palette)).astype(int), len(palette) - 1)]
        stone = shaded(tone, (chance[..., 1] - 0.5, 0.55), (noise(x, size * 0.4, 5, 0.75), 0.17), (grain(x), 0.08))
        earth = shaded(np.broadcast_to(joint_rgb, stone.shape), (noise(x, size * 0.3, 4), 0.25), (grain(x), 0.1))
        height = (
            depth * (np.sqrt(np.clip(gap, 0, 0.6)) * (0.7 + 0.6 * chance[..., 2]))
            + noise(x, size * 0.3, 4, 0.6) * depth * 0.1
        )
        return Paint(mix(earth, stone, inside), np.full(x.shape, 0.92, np.float32), height.astype(np.float32))

    return paint


def soil(*, grass: float = 0.4, depth: float = 0.002) -> Painter:
    """Red-yellow Fujian earth with pebbles and patches of moss and grass."""
    earth_rgb, dark_rgb, moss_rgb, dry_rgb = rgb("#9a6a45"), rgb("#5f4030"), rgb("#5d6b34"), rgb("#8c8a4c")

    def paint(x: Texels) -> Paint:
        tone = mix(np.broadcast_to(earth_rgb, (*x.shape, 3)), dark_rgb, ramp(noise(x, 0.08, 4), -0.4, 1.6))
        tone = shaded(tone, (noise(x, 0.012, 4, 0.8), 0.22), (grain(x), 0.13))
        cover = ramp(noise(x, 0.11, 5, 0.65), 0.9 - 1.6 * grass, 1.7 - 1.6 * grass)
        blades = noise(x, 0.006, 3, 0.8)
        green = shaded(
            mix(np.broadcast_to(moss_rgb, tone.shape), dry_rgb, ramp(noise(x, 0.04, 3), -0.5, 1.5)),
            (blades, 0.28),
            (grain(x), 0.14),
        )
        pebble = ramp(noise(x, 0.009, 1), 1.25, 1.6) * (1 - cover)
        tone = mix(
            mix(tone, green, cover),
            shaded(np.broadcast_to(rgb("#a39a8a"), tone.shape), (noise(x, 0.01, 2), 0.2)),
            pebble,
        )
        height = noise(x, 0.02, 4, 0.6) * depth * 0.4 + cover * blades * depth * 0.6 + pebble * depth * 1.2
        return Paint(tone, np.full(x.shape, 0.95, np.float32), height.astype(np.float32))

    return paint


def strata() -> Painter:
    """The cut side of a hill model: bands of earth, t upwards."""
    bands = [rgb(c) for c in ("#5b4435", "#7d5a3e", "#8f6b4a", "#6b4d39", "#a07850", "#84613f", "#6f5238")]

    def paint(x: Texels) -> Paint:
        level = x.position[..., 1] * 26 + 0.18 * x.position[..., 0] * 26 + noise(x, (0.25, 0.05), 4) * 0.35
        index = np.floor(level).astype(int)
        share = ramp((level - index).astype(np.float32), 0.75, 1.0)
        palette = np.stack(bands)
        tone = mix(palette[index % 7], palette[(index + 1) % 7], share)
        tone = shaded(tone, (noise(x, (0.06, 0.006), 4, 0.7), 0.13), (noise(x, 0.005, 3, 0.8), 0.1), (grain(x), 0.08))
        stone = ramp(noise(x, (0.02, 0.012), 2), 1.5, 1.8)
        tone = mix(tone, np.broadcast_to(rgb("#8d857a"), tone.shape), stone * 0.8)
        return Paint(
            tone, np.full(x.shape, 0.95, np.float32), (noise(x, 0.01, 3) * 0.0005 + stone * 0.001).astype(np.float32)
        )

    return paint


def wood(
    light: str = "#8a6647", dark: str = "#4b3424", *, along: str = "s", scale: float = 1.0, roughness: float = 0.6
) -> Painter:
    """Timber with its grain along s or t."""
    a, b = rgb(light), rgb(dark)

    def paint(x: Texels) -> Paint:
        def stretched(across: float, ratio: float) -> tuple[float, float]:
            return (
                (across * ratio * scale, across * scale) if along == "s" else (across * scale, across * ratio * scale)
            )

        fibre = noise(x, stretched(0.004, 30), 4, 0.7)
        bands = noise(x, stretched(0.02, 14), 3)
        tone = mix(np.broadcast_to(a, (*x.shape, 3)), b, ramp(bands + 0.5 * fibre, -1.2, 1.8))
        tone = shaded(tone, (fibre, 0.12), (grain(x), 0.05))
        return Paint(tone, np.full(x.shape, roughness, np.float32), (fibre * 0.00025 * scale).astype(np.float32))

    return paint


def stone(color: str = "#9b948a", *, variation: float = 0.2, depth: float = 0.0008, roughness: float = 0.85) -> Painter:
    """Dressed granite: speckled, tooled."""
    base = rgb(color)

    def paint(x: Texels) -> Paint:
        speck = noise(x, 0.003, 2, 0.9)
        tone = shaded(
            np.broadcast_to(base, (*x.shape, 3)), (noise(x, 0.05, 5, 0.7), variation), (speck, 0.1), (grain(x), 0.1)
        )
        tone = mix(tone, np.broadcast_to(rgb("#4f4a45"), tone.shape), ramp(noise(x, 0.004, 1), 1.5, 2.0) * 0.6)
        return Paint(
            tone, np.full(x.shape, roughness, np.float32), (noise(x, 0.01, 4, 0.7) * depth * 0.5).astype(np.float32)
        )

    return paint


def over(first: Painter, change: Callable[[Texels, Paint], Paint]) -> Painter:
    """`first`, then `change` upon its result: soot, moss, glaze, openings."""
    return lambda x: change(x, first(x))
