"""Repeating pictures of Minnan building materials, painted in code: sRGB uint8 arrays that tile without a seam."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recon.formats.srgb import decoded
from recon.modelling.textures import mix, ramp, shaded

Float32Array = NDArray[np.float32]
ByteArray = NDArray[np.uint8]


def rgb(code: str) -> Float32Array:
    """sRGB "#rrggbb" as 0..1."""
    return np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)


def linear(value: NDArray[np.floating]) -> Float32Array:
    """Linear light of sRGB 0..1."""
    return decoded(value).astype(np.float32)


def cloud(
    shape: tuple[int, int], cell: float | tuple[float, float], rng: np.random.Generator, slope: float = 1.0
) -> Float32Array:
    """Noise that tiles, mean 0, deviation 1: white noise shaped in frequency. `cell` is the coarsest feature in px
    (x, y).
    """
    cx, cy = cell if isinstance(cell, tuple) else (cell, cell)
    h, w = shape
    fy, fx = np.fft.fftfreq(h)[:, None] * cy, np.fft.rfftfreq(w)[None] * cx
    f = np.hypot(fx, fy)
    weight = np.where(f > 0, 1 / (1 + f**2) ** ((1 + slope) / 2), 0)
    out = np.fft.irfft2(np.fft.rfft2(rng.standard_normal(shape)) * weight, shape)
    return np.asarray(out / out.std(), np.float32)


def finished(color: NDArray[np.floating], height: NDArray[np.floating], depth: float) -> ByteArray:
    """Bytes, with light from above upon the relief `height`."""
    slope = np.roll(height, 1, 0) - np.roll(height, -1, 0)
    sideways = np.roll(height, 1, 1) - np.roll(height, -1, 1)
    lit = color * np.exp(np.clip(-(slope + 0.35 * sideways) * depth, -0.5, 0.4))[..., None]
    return np.asarray(np.clip(np.round(lit * 255), 0, 255), np.uint8)


def terracotta(size: int = 2048, tiles: int = 8, seed: int = 1) -> ByteArray:
    """Square red floor bricks, worn smooth: `tiles` x `tiles`."""
    rng = np.random.default_rng(seed)
    y, x = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    warp = cloud((size, size), size / 24, rng) * 0.006
    u, v = x / size * tiles + warp, y / size * tiles + np.roll(warp, size // 3, 0)
    i, j = np.floor(u).astype(int) % tiles, np.floor(v).astype(int) % tiles
    chance = rng.random((tiles, tiles, 4)).astype(np.float32)[j, i]
    edge = np.minimum(np.minimum(u % 1, 1 - u % 1), np.minimum(v % 1, 1 - v % 1))
    inside = ramp(edge, 0.005, 0.014)
    palette = np.stack([rgb(c) for c in ("#a9684e", "#b07257", "#9d5f48", "#b67c62", "#a4644b", "#ad7055")])
    tone = palette[(chance[..., 0] * 6).astype(int)]
    fine = cloud((size, size), size / 90, rng, 0.4)
    tone = shaded(tone, (chance[..., 1] - 0.5, 0.10), (cloud((size, size), size / 7, rng, 0.7), 0.05), (fine, 0.035))
    tone = mix(
        tone,
        np.broadcast_to(rgb("#7c4a39"), tone.shape),
        ramp(cloud((size, size), size / 20, rng, 0.5), 1.2, 2.6) * 0.35,
    )
    grout = shaded(np.broadcast_to(rgb("#8f7f70"), tone.shape), (fine, 0.08))
    height = inside * 1.0 + cloud((size, size), size / 60, rng) * 0.03
    return finished(mix(grout, tone, inside), height, 0.22)


def brick_and_stone(size: int = 2048, metres: float = 4.5, seed: int = 4) -> ByteArray:
    """Chuzhuan rushi: blocks of granite with thin red bricks stacked between them, as Quanzhou's builders reuse
    rubble.
    """
    rng = np.random.default_rng(seed)
    y, x = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    px = metres / size
    warp = cloud((size, size), 0.5 / px, rng) * 0.012 + cloud((size, size), 0.07 / px, rng) * 0.0022
    mx, my = (x * px + warp) % metres, (y * px + np.roll(warp, size // 2, 1) * 0.7) % metres
    fine, medium = cloud((size, size), 0.012 / px, rng, 0.3), cloud((size, size), 0.07 / px, rng, 0.5)
    joint = shaded(np.broadcast_to(rgb("#b7a791"), (size, size, 3)), (medium, 0.10), (fine, 0.07))
    color, height = joint.copy(), np.zeros((size, size), np.float32)
    reds = np.stack([rgb(c) for c in ("#b5523a", "#bf6144", "#a84a34", "#c46e50", "#ad573f", "#9a4534", "#c97d5b")])
    greys = np.stack([rgb(c) for c in ("#c9c1b4", "#b9b0a3", "#d3cabd", "#aaa297", "#c0b8ab", "#cfc0a9")])
    rows = 10
    tall = rng.uniform(0.75, 1.3, rows)
    edges_y = np.concatenate([[0], np.cumsum(tall) / tall.sum() * metres])
    for r in range(rows):
        low, high = edges_y[r], edges_y[r + 1]
        cells = 12
        wide = np.where(np.arange(cells) % 2 == 0, rng.uniform(0.30, 0.85, cells), rng.uniform(0.16, 0.62, cells))
        edges_x = np.cumsum(np.concatenate([[0], wide / wide.sum() * metres]))
        offset = rng.uniform(0, metres)
        band = (my >= low) & (my < high)
        sx = (mx - offset) % metres
        cell = np.clip(np.searchsorted(edges_x, sx[band], side="right") - 1, 0, cells - 1)
        at_x, at_y = sx[band], my[band]
        cx, half_x = (edges_x[cell] + edges_x[cell + 1]) / 2, (edges_x[cell + 1] - edges_x[cell]) / 2
        cy, half_y = (low + high) / 2, (high - low) / 2
        lean = (rng.uniform(-0.10, 0.10, cells) * (np.arange(cells) % 2 == 0))[cell]
        dx, dy = at_x - cx, at_y - cy
        dx, dy = dx + dy * lean, dy - dx * lean * 0.6
        stone = cell % 2 == 0
        round_by = np.where(stone, 0.055, 0.012)
        qx, qy = np.abs(dx) - half_x + round_by, np.abs(dy) - half_y + round_by
        inset = round_by - (np.hypot(np.maximum(qx, 0), np.maximum(qy, 0)) + np.minimum(np.maximum(qx, qy), 0))
        body = ramp(inset, 0.008, 0.02)
        grey = greys[rng.integers(0, 6, cells)][cell]
        grain = fine[band]
        grey = shaded(grey, (medium[band], 0.07), (grain, 0.055), (rng.uniform(-1, 1, cells)[cell], 0.08))
        speck = ramp(grain, 1.7, 2.4)[:, None] * 0.22
        grey = grey * (1 - speck) + rgb("#5d574f") * speck
        swell = np.sqrt(np.clip(inset / 0.09, 0, 1)) + 0.14 * medium[band] * 0.3 + 0.03 * grain
        course = 0.031
        level = np.floor((dy + 9.0) / course)
        along = dx / 0.21 + np.where(level % 2 == 0, 0.0, 0.5) + 50
        number = (level * 131 + np.floor(along) * 17 + cell * 977 + r * 613).astype(np.int64) % 4093
        chance = rng.random((4093, 3))[number]
        in_course = np.minimum((dy + 9.0) % course, course - (dy + 9.0) % course)
        in_length = np.minimum(along % 1, 1 - along % 1) * 0.21
        edge = np.minimum(np.minimum(in_course, in_length), inset - 0.002)
        brick_body = ramp(edge, 0.0015, 0.005)
        red = shaded(
            reds[(chance[:, 0] * 7).astype(int)], (chance[:, 1] - 0.5, 0.35), (medium[band], 0.07), (grain, 0.06)
        )
        share = np.where(stone, body, brick_body)
        surface = np.where(stone[:, None], grey, red)
        color[band] = joint[band] * (1 - share[:, None]) + surface * share[:, None]
        height[band] = share * np.where(stone, 0.35 + 0.65 * swell, 0.55 + 0.25 * chance[:, 2])
    stain = ramp(cloud((size, size), 1.2 / px, rng, 0.6), 0.9, 2.4)
    return finished(shaded(color, (stain, -0.22)), height, 0.55)


TRIM_METRES = 2.0  # along s
PLASTER, TIMBER, GRANITE, FRIEZE, LACQUER = (
    (0.012, 0.188),
    (0.212, 0.388),
    (0.412, 0.588),
    (0.612, 0.788),
    (0.812, 0.988),
)


def trim(size: int = 1024, seed: int = 9) -> ByteArray:
    """Five strips that repeat along s: lime plaster, timber, granite, a frieze of patterned red brick, lacquered
    timber.
    """
    rng = np.random.default_rng(seed)
    full = (size, size)
    fine, medium = cloud(full, 6, rng, 0.3), cloud(full, 60, rng, 0.6)
    fibre, band = cloud(full, (300, 5), rng, 0.5), cloud(full, (900, 40), rng, 0.7)
    plaster = shaded(np.broadcast_to(rgb("#f3efe7"), (*full, 3)), (cloud(full, 220, rng, 0.8), 0.002), (fine, 0.004))
    timber = shaded(
        mix(
            np.broadcast_to(rgb("#8a6242"), (*full, 3)),
            np.broadcast_to(rgb("#644229"), (*full, 3)),
            ramp(band, -1.4, 1.6),
        ),
        (fibre, 0.09),
        (fine, 0.03),
    )
    granite = shaded(np.broadcast_to(rgb("#c4beb3"), (*full, 3)), (cloud(full, 5, rng, 0.4), 0.07), (medium, 0.035))
    lacquer = shaded(np.broadcast_to(rgb("#7c2a1f"), (*full, 3)), (fibre, 0.06), (band, 0.05), (fine, 0.02))
    strips = {
        PLASTER: plaster,
        TIMBER: timber,
        GRANITE: granite,
        FRIEZE: _frieze(full, rng, fine, medium),
        LACQUER: lacquer,
    }
    out = np.empty((*full, 3), np.float32)
    for i, strip in enumerate(strips.values()):
        out[round(i * 0.2 * size) : round((i + 1) * 0.2 * size)] = strip[
            round(i * 0.2 * size) : round((i + 1) * 0.2 * size)
        ]
    return np.asarray(np.clip(np.round(out * 255), 0, 255), np.uint8)


def _frieze(full: tuple[int, int], rng: np.random.Generator, fine: Float32Array, medium: Float32Array) -> Float32Array:
    """Red bricks cut and laid on edge in lozenges between two plain courses, the joints white: the strip is 0.4 m
    tall.
    """
    h, w = full
    y, x = np.meshgrid(np.arange(h), np.arange(w), indexing="ij")
    t = (y / h - FRIEZE[0]) / (FRIEZE[1] - FRIEZE[0])  # 0 at its top
    s = x / w * 10  # ten lozenges in 2 m
    a, b = s + (t - 0.5) * 1.7, s - (t - 0.5) * 1.7
    da, db = np.abs((a * 2) % 1 - 0.5), np.abs((b * 2) % 1 - 0.5)
    lattice = np.minimum(0.5 - da, 0.5 - db)
    key = (np.floor(a * 2).astype(int) % 20) * 31 + (np.floor(b * 2).astype(int) % 20) * 17
    middle = (t > 0.2) & (t < 0.8)
    courses = np.minimum(np.abs(t - 0.2), np.abs(t - 0.8)) * 0.4
    plain_s = np.abs((s * 0.9 + np.where(t > 0.5, 0.5, 0)) % 1 - 0.5)
    edge = np.where(middle, np.minimum(lattice * 0.08, courses), np.minimum((0.5 - plain_s) * 0.22, courses))
    chance = rng.random((700, 2))[
        np.where(middle, key % 700, (np.floor(s * 0.9).astype(int) % 9) + np.where(t > 0.5, 20, 40))
    ]
    palette = np.stack([rgb(c) for c in ("#ab4a31", "#b8583c", "#9d4330", "#b4603f", "#93402d")])
    red = shaded(palette[(chance[..., 0] * 5).astype(int)], (chance[..., 1] - 0.5, 0.16), (medium, 0.03), (fine, 0.05))
    white = shaded(np.broadcast_to(rgb("#ddd2c1"), red.shape), (fine, 0.03))
    return mix(white, red, ramp(edge, 0.0025, 0.006))
