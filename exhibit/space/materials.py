"""Materials painted in code: base colour, relief and roughness that tile without a seam.

Each is painted from a height field, so that a joint is also a joint in the normal map.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from exhibit.space.kiln_materials import brick_and_stone, embers, flames, kiln_brick
from exhibit.space.painting import Material, courses, field, flat, from_height, in_bytes, pick
from exhibit.space.pictures import cloud, finished, rgb
from recon.modelling.textures import mix, ramp, shaded


def red_brick(size: int = 1024, seed: int = 11) -> Material:
    """Yanzhi brick, 2.16 m: Minnan red brick whose faces pine ash marked in the kiln with slanting dark bands; laid
    so that the bands of neighbouring bricks make chevrons.
    """
    rng = np.random.default_rng(seed)
    metres, tall, long = 2.16, 0.06, 0.24
    inside, _, a, b, along = courses(size, metres, tall, long, 0.005, rng)
    _, y = field(size, metres)
    rows = round(metres / tall)
    across = (y / metres * rows) % 1
    row = np.floor(y / metres * rows).astype(int)
    fine, medium = cloud((size, size), size / 200, rng, 0.3), cloud((size, size), size / 12, rng, 0.6)
    red = pick(("#b4523a", "#bd5b41", "#aa4a35", "#c0634a", "#b0503b", "#b85740"), a)
    red = shaded(red, (b - 0.5, 0.16), (fine, 0.045), (medium, 0.03))
    lean = np.where(row % 2 == 0, across, 1 - across)
    band = np.abs((along + (lean - 0.5) * 0.34 + (a - 0.5) * 0.06) % 1 - 0.5)
    dark = ramp(band + fine * 0.012, 0.33, 0.40) * (0.45 + 0.30 * b)
    color = mix(red, shaded(flat("#4d2a26", size), (fine, 0.06)), dark)
    joint = shaded(flat("#d8c9b4", size), (fine, 0.05))
    height = inside * (0.9 + 0.1 * b) + fine * 0.02
    return from_height(
        mix(joint, color, inside), height, 0.88 - 0.25 * dark * inside, relief_m=0.0035, metres=metres, painted=0.16
    )


def floor_brick(size: int = 1024, seed: int = 12) -> Material:
    """Square red floor bricks, 2.4 m: eight by eight, worn to a soft shine."""
    rng = np.random.default_rng(seed)
    x, y = field(size, 2.4)
    warp = cloud((size, size), size / 24, rng) * 0.0015
    u, v = (x + warp) / 0.3, (y + np.roll(warp, size // 3, 0)) / 0.3
    i, j = np.floor(u).astype(int) % 8, np.floor(v).astype(int) % 8
    chance = rng.random((8, 8, 2)).astype(np.float32)[j, i]
    edge = np.minimum(np.minimum(u % 1, 1 - u % 1), np.minimum(v % 1, 1 - v % 1)) * 0.3
    inside = ramp(edge, 0.002, 0.005)
    fine, wear = cloud((size, size), size / 150, rng, 0.4), cloud((size, size), size / 8, rng, 0.7)
    tone = pick(("#a9604a", "#b26b52", "#9f5946", "#b5755b", "#a55e48", "#ad6850"), chance[..., 0])
    tone = shaded(tone, (chance[..., 1] - 0.5, 0.12), (wear, 0.05), (fine, 0.03))
    grout = shaded(flat("#85776a", size), (fine, 0.07))
    rough = np.where(inside > 0.5, 0.62 + 0.07 * wear, 0.95)
    return from_height(mix(grout, tone, inside), inside + 0.03 * wear, rough, relief_m=0.003, metres=2.4, painted=0.1)


def granite(size: int = 512, seed: int = 13) -> Material:
    """Fine grey-white granite, dressed, 1.2 m, without joints."""
    rng = np.random.default_rng(seed)
    grain, speck = cloud((size, size), 3, rng, 0.3), cloud((size, size), 4, rng, 0.3)
    wide = cloud((size, size), size / 5, rng, 0.7)
    color = shaded(flat("#bdb6ab", size), (grain, 0.055), (wide, 0.04))
    color = mix(color, flat("#6b655e", size), ramp(speck, 1.7, 2.4) * 0.45)
    return from_height(color, 0.5 + 0.12 * grain + 0.06 * wide, 0.8, relief_m=0.0012, metres=1.2, painted=0.05)


def ashlar(size: int = 1024, seed: int = 14) -> Material:
    """Dressed granite blocks in courses, 2.4 m: the white-stone base of a Minnan wall."""
    rng = np.random.default_rng(seed)
    inside, _, a, b, _ = courses(size, 2.4, 0.30, 0.80, 0.006, rng, 0.004)
    grain, speck = cloud((size, size), 4, rng, 0.3), cloud((size, size), 5, rng, 0.3)
    wide = cloud((size, size), size / 6, rng, 0.7)
    stone = pick(("#c2baad", "#b8b0a4", "#cbc2b3", "#b2aba1", "#c4b9a8"), a)
    stone = shaded(stone, (b - 0.5, 0.06), (grain, 0.05), (wide, 0.03))
    stone = mix(stone, flat("#6f6962", size), ramp(speck, 1.7, 2.4) * 0.4)
    color = mix(shaded(flat("#8d8478", size), (grain, 0.05)), stone, inside)
    return from_height(color, inside * 0.9 + 0.05 * grain, 0.85, relief_m=0.004, metres=2.4, painted=0.1)


def paving(size: int = 1024, seed: int = 15) -> Material:
    """Long granite slabs, 3.6 m, as courtyards are paved with, damp in the joints."""
    rng = np.random.default_rng(seed)
    inside, edge, a, b, _ = courses(size, 3.6, 0.45, 1.2, 0.010, rng, 0.008)
    grain, wide = cloud((size, size), 4, rng, 0.3), cloud((size, size), size / 5, rng, 0.8)
    stone = pick(("#a9a296", "#b3aa9c", "#9f988d", "#aca08f", "#b7b0a4", "#a39a8d"), a)
    stone = shaded(stone, (b - 0.5, 0.09), (grain, 0.06), (wide, 0.06))
    damp = ramp(0.05 - edge, 0, 0.05) * 0.22 + ramp(wide, 0.8, 2.2) * 0.1
    stone = shaded(stone, (damp, -0.8))
    joint = shaded(flat("#5d5a48", size), (grain, 0.12))
    height = inside * (0.85 + 0.15 * b) + 0.05 * wide + 0.03 * grain
    return from_height(mix(joint, stone, inside), height, 0.78 + 0.06 * wide, relief_m=0.008, metres=3.6, painted=0.1)


def roof_tile(size: int = 512, seed: int = 16) -> Material:
    """Unglazed clay roof tiles, 1.2 m along the slope in eight courses; the corrugation is geometry. White to be
    tinted.
    """
    rng = np.random.default_rng(seed)
    x, y = field(size, 1.2)
    column = np.floor(x / 0.1).astype(int) % 12
    t = (y / 0.15 + rng.random(12).astype(np.float32)[column] * 0.3) % 1
    course = np.floor(y / 0.15 + 0).astype(int) % 8
    chance = rng.random((12, 8)).astype(np.float32)[column, course]
    fine, wide = cloud((size, size), size / 90, rng, 0.4), cloud((size, size), size / 5, rng, 0.7)
    lip = ramp(t, 0.86, 0.97)
    tone = shaded(flat("#d9d2c9", size), (chance - 0.5, 0.35), (fine, 0.07), (wide, 0.10), (lip, -0.75))
    moss = ramp(cloud((size, size), size / 7, rng, 0.5), 1.1, 2.4)
    tone = mix(tone, flat("#8e8a74", size), moss * 0.4)
    # the corrugation is relief enough: no normal map
    return Material(finished(np.clip(tone, 0, 1), (1 - t) * 0.9 + 0.03 * fine, 0.05), None, 0.9)


def timber(size: int = 512, seed: int = 17) -> Material:
    """Planed fir, grain along s, 1.6 m. Light, to be tinted."""
    rng = np.random.default_rng(seed)
    fibre, band = cloud((size, size), (size / 2, 4), rng, 0.5), cloud((size, size), (size, 22), rng, 0.7)
    fine = cloud((size, size), 4, rng, 0.3)
    color = mix(flat("#d8b58c", size), flat("#a57a50", size), ramp(band, -1.5, 1.7))
    color = shaded(color, (fibre, 0.10), (fine, 0.03))
    crack = ramp(cloud((size, size), (size, 3), rng, 0.2), 2.3, 3.0)
    color = shaded(color, (crack, -0.5))
    return from_height(color, 0.5 + 0.1 * fibre - 0.3 * crack, 0.72, relief_m=0.0015, metres=1.6, painted=0.05)


def plaster(size: int = 512, seed: int = 18) -> Material:
    """Lime plaster, 2.4 m: white, to be tinted."""
    rng = np.random.default_rng(seed)
    trowel, fine = cloud((size, size), size / 4, rng, 0.9), cloud((size, size), 5, rng, 0.4)
    color = shaded(flat("#f4f1ea", size), (trowel, 0.006), (fine, 0.006))
    return from_height(color, 0.5 + 0.1 * trowel + 0.02 * fine, 0.9, relief_m=0.002, metres=2.4, painted=0.02)


def rammed_earth(size: int = 1024, seed: int = 19) -> Material:
    """Rammed earth, 3.2 m: lifts of 0.4 m, pebbles, and the holes of the putlogs."""
    rng = np.random.default_rng(seed)
    x, y = field(size, 3.2)
    wave = cloud((size, size), (size / 4, size / 12), rng, 0.8)
    t = (y + 0.010 * wave) / 0.4
    lift = np.floor(t).astype(int) % 8
    within = t % 1
    fine, medium, wide = (cloud((size, size), size / n, rng, s) for n, s in ((170, 0.3), (26, 0.5), (5, 0.8)))
    layers = cloud((size, size), (size / 5, 7), rng, 0.5)
    tone = pick(("#b58d60", "#bd9769", "#ab8459", "#c09d71", "#b18a60"), rng.random(8).astype(np.float32)[lift])
    tone = shaded(tone, (fine, 0.07), (medium, 0.07), (wide, 0.07), (layers, 0.045))
    seam = ramp(np.abs(within - 0.5), 0.465, 0.495)
    pebble = ramp(cloud((size, size), size / 60, rng, 0.1), 1.75, 2.3)
    tone = mix(
        tone,
        pick(("#8d7f6d", "#a3947d", "#776b5c"), rng.random((size, size)).astype(np.float32) * 0 + 0.5),
        pebble * 0.6,
    )
    hole = ramp(0.045 - np.hypot((x - 0.8) % 1.6 - 0.8, (y - 0.60) % 1.6 - 0.8), 0, 0.008)
    rain = ramp(cloud((size, size), (10, size / 2), rng, 0.6), 0.8, 2.6)
    tone = shaded(tone, (seam, -0.22), (hole, -1.3), (rain, -0.10))
    height = 0.6 + 0.10 * medium + 0.05 * fine + 0.05 * layers - 0.5 * seam - 0.9 * hole + 0.25 * pebble
    return from_height(tone, height, 0.95, relief_m=0.010, metres=3.2, painted=0.06)


def cobble(size: int = 1024, seed: int = 20) -> Material:
    """River stones set in earth, 2.4 m: courtyards, foundations and paths."""
    rng = np.random.default_rng(seed)
    metres, count = 2.4, 16
    x, y = field(size, metres)
    cell = metres / count
    centre = (
        np.stack(np.meshgrid(np.arange(count), np.arange(count)), -1) + rng.uniform(0.2, 0.8, (count, count, 2))
    ) * cell
    best, second = np.full((size, size), 9.0, np.float32), np.full((size, size), 9.0, np.float32)
    owner = np.zeros((size, size), int)
    ci, cj = np.floor(x / cell).astype(int), np.floor(y / cell).astype(int)
    for dj in (-1, 0, 1):
        for di in (-1, 0, 1):
            i, j = (ci + di) % count, (cj + dj) % count
            dx = (x - centre[j, i, 0] + metres / 2) % metres - metres / 2
            dy = (y - centre[j, i, 1] + metres / 2) % metres - metres / 2
            d = np.hypot(dx, dy).astype(np.float32)
            nearer = d < best
            second = np.where(nearer, best, np.minimum(second, d))
            owner = np.where(nearer, j * count + i, owner)
            best = np.where(nearer, d, best)
    fine, medium = cloud((size, size), size / 200, rng, 0.3), cloud((size, size), size / 20, rng, 0.6)
    edge = (second - best) / 2 + 0.0015 * medium
    inside = ramp(edge, 0.004, 0.012)
    chance = rng.random((count * count, 2)).astype(np.float32)[owner]
    stone = pick(("#8f887d", "#a0978a", "#7c766e", "#aaa08f", "#948a7b", "#88857f"), chance[..., 0])
    stone = shaded(stone, (chance[..., 1] - 0.5, 0.25), (fine, 0.06), (medium, 0.05))
    joint = shaded(flat("#6b6048", size), (fine, 0.13), (medium, 0.12))
    height = np.sqrt(np.clip(edge / 0.05, 0, 1)) * inside
    return from_height(mix(joint, stone, inside), height, 0.82, relief_m=0.022, metres=metres, painted=0.3)


def concrete(size: int = 1024, seed: int = 22) -> Material:
    """A factory's floor, 4 m: power-trowelled, worn, cut into bays of 2 m."""
    rng = np.random.default_rng(seed)
    x, y = field(size, 4.0)
    fine, medium, wide = (cloud((size, size), size / n, rng, s) for n, s in ((200, 0.3), (24, 0.6), (4, 0.8)))
    color = shaded(flat("#9a968e", size), (fine, 0.045), (medium, 0.045), (wide, 0.07))
    oil = ramp(cloud((size, size), size / 7, rng, 0.8), 1.2, 2.6)
    color = mix(color, flat("#55504a", size), oil * 0.45)
    cut = ramp(0.006 - np.minimum(np.abs((x % 2) - 1), np.abs((y % 2) - 1)), 0, 0.004)
    color = shaded(color, (cut, -0.8))
    rough = 0.55 + 0.08 * medium - 0.10 * oil
    return from_height(color, 0.5 + 0.02 * medium - 0.5 * cut, rough, relief_m=0.003, metres=4.0, painted=0.05)


def steel(size: int = 256, seed: int = 23) -> Material:
    """Painted steel, 1 m: white, to be tinted."""
    rng = np.random.default_rng(seed)
    color = shaded(
        flat("#e6e4df", size), (cloud((size, size), 60, rng, 0.7), 0.03), (cloud((size, size), 3, rng), 0.012)
    )
    return Material(in_bytes(color), None, 0.5)


def oak(size: int = 1024, seed: int = 24) -> Material:
    """Wide oak boards along s, 2.4 m: ten boards of 0.24 m."""
    rng = np.random.default_rng(seed)
    x, y = field(size, 2.4)
    board = np.floor(y / 0.24).astype(int) % 10
    shift = rng.random(10).astype(np.float32)[board] * 2.4
    piece = np.floor((x + shift) / 1.2).astype(int) % 2
    chance = rng.random((10, 2, 2)).astype(np.float32)[board, piece]
    fibre, band = cloud((size, size), (size / 3, 4), rng, 0.5), cloud((size, size), (size, 26), rng, 0.7)
    color = pick(("#c9ab83", "#c2a27a", "#d0b48d", "#bd9c73", "#c7a67c"), chance[..., 0])
    color = shaded(color, (fibre, 0.055), (band, 0.05), (chance[..., 1] - 0.5, 0.08))
    gap = np.maximum(
        ramp(0.0018 - np.minimum(y % 0.24, 0.24 - y % 0.24), 0, 0.0012),
        ramp(0.0018 - np.minimum((x + shift) % 1.2, 1.2 - (x + shift) % 1.2), 0, 0.0012),
    )
    color = shaded(color, (gap, -0.8))
    return from_height(
        color, 0.5 + 0.05 * fibre - 0.5 * gap, 0.5 + 0.04 * fibre, relief_m=0.001, metres=2.4, painted=0.05
    )


def grass(size: int = 512, seed: int = 25) -> Material:
    """A meadow of short grass, 3 m."""
    rng = np.random.default_rng(seed)
    blade, tuft = cloud((size, size), (3, 9), rng, 0.2), cloud((size, size), 40, rng, 0.6)
    wide = cloud((size, size), size / 3, rng, 1.2)
    color = mix(flat("#5f7040", size), flat("#7c8a52", size), ramp(tuft + 0.4 * blade, -2.2, 2.4))
    color = mix(color, flat("#8d8a58", size), ramp(wide, 0.2, 2.4) * 0.5)
    color = shaded(color, (blade, 0.06), (tuft, 0.04))
    return Material(finished(np.clip(color, 0, 1), 0.5 + 0.15 * blade + 0.10 * tuft, 0.06), None, 0.95)


def soil(size: int = 512, seed: int = 29) -> Material:
    """Red earth of a tea garden, 3 m: trodden and raked, with crumbs and a few fallen leaves."""
    rng = np.random.default_rng(seed)
    fine, crumb, wide = (
        cloud((size, size), cell, rng, slope) for cell, slope in ((4, 0.3), (14, 0.5), (size / 3, 1.2))
    )
    color = mix(flat("#6e5842", size), flat("#8f7657", size), ramp(wide + 0.3 * crumb, -2, 2))
    color = shaded(color, (fine, 0.035), (crumb, 0.05))
    fallen = ramp(cloud((size, size), (9, 6), rng, 0.2), 2.5, 2.9)
    color = mix(color, flat("#77783f", size), fallen * 0.8)
    return Material(finished(np.clip(color, 0, 1), 0.3 * crumb + 0.1 * fine, 0.05), None, 0.95)


def foliage(size: int = 512, seed: int = 26) -> Material:
    """A clipped bush seen close, 1 m: many small leaves. To be tinted."""
    rng = np.random.default_rng(seed)
    color, height = flat("#36452a", size).copy(), np.zeros((size, size), np.float32)
    y, x = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    for k in range(2600):
        cx, cy, turn, long = rng.uniform(0, size), rng.uniform(0, size), rng.uniform(0, np.pi), rng.uniform(9, 17)
        r = int(long) + 1
        rows, columns = np.arange(int(cy) - r, int(cy) + r + 1) % size, np.arange(int(cx) - r, int(cx) + r + 1) % size
        dy, dx = np.meshgrid(np.arange(-r, r + 1), np.arange(-r, r + 1), indexing="ij")
        u, v = dx * np.cos(turn) + dy * np.sin(turn), -dx * np.sin(turn) + dy * np.cos(turn)
        leaf = (u / long) ** 2 + (v / (0.45 * long)) ** 2 < 1
        tone = rgb("#728557") * rng.uniform(0.65, 1.25) * (0.75 + 0.4 * k / 2600)
        at = np.ix_(rows, columns)
        shade = np.where(np.abs(v) < 0.8, 1.12, 1.0 + 0.012 * v)[..., None]
        color[at] = np.where(leaf[..., None], tone * shade, color[at])
        height[at] = np.where(leaf, 0.3 + 0.7 * k / 2600, height[at])
    del x, y
    return Material(finished(np.clip(color, 0, 1), height, 0.06), None, 0.8)


def leaves(size: int = 512, seed: int = 28) -> Material:
    """Four twigs of glossy leaves, cut out: 2 x 2 in the picture. To be tinted."""
    rng = np.random.default_rng(seed)
    fine = 2 * size  # painted at twice the size, so that the edges are smooth
    color, cover = flat("#6f8a4c", fine).copy(), np.zeros((fine, fine), np.float32)
    half = fine // 2
    y, x = np.meshgrid(np.arange(half) - half / 2, np.arange(half) - half / 2, indexing="ij")
    for twig in range(4):
        at = np.s_[twig // 2 * half : (twig // 2 + 1) * half, twig % 2 * half : (twig % 2 + 1) * half]
        count = 34
        for k in range(count):
            out, way = half * 0.33 * np.sqrt(1 - k / count), 2.4 * k + rng.uniform(-0.5, 0.5)
            turn, long = way + rng.uniform(-0.7, 0.7), half * rng.uniform(0.20, 0.28)
            dx, dy = x - out * np.cos(way), y - out * np.sin(way)
            u, v = (dx * np.cos(turn) + dy * np.sin(turn)) / long, (dy * np.cos(turn) - dx * np.sin(turn)) / long
            leaf = np.abs(v) < 0.22 * np.sin(np.pi * np.clip(u + 0.5, 0, 1)) ** 0.8
            tone = rgb("#7d9a54") * rng.uniform(0.72, 1.05) * (0.72 + 0.45 * k / count)
            shade = np.where(np.abs(v) < 0.012, 1.15, np.where(v > 0, 1.06, 0.93))[..., None]
            color[at] = np.where(leaf[..., None], np.clip(tone * shade, 0, 1), color[at])
            cover[at] = np.maximum(cover[at], leaf)
    rgba = np.concatenate([color, cover[..., None]], -1).reshape(size, 2, size, 2, 4).mean((1, 3))
    return Material(in_bytes(rgba), None, 0.7)


def sky(size: int = 1024, seed: int = 27) -> Material:
    """The sky as a cylinder: the horizon at the bottom edge, the zenith at the top; thin cloud and far hills."""
    rng = np.random.default_rng(seed)
    high = 1 - (np.arange(size)[:, None] + 0.5) / size
    x = np.arange(size)[None] / size * 2 * np.pi
    color = mix(
        np.broadcast_to(rgb("#e9ecea"), (size, size, 3)),
        np.broadcast_to(rgb("#7fa5c9"), (size, size, 3)),
        np.broadcast_to(ramp(high, 0.0, 0.9) ** 0.8, (size, size)),
    )
    veil = cloud((size, size), (size / 3, size / 12), rng, 1.1) + 0.3 * cloud((size, size), (size / 12, size / 40), rng)
    color = mix(color, flat("#f7f4ee", size), ramp(veil, 0.1, 2.0) * 0.75 * ramp(high, 0.02, 0.25))
    ridges = ((0.055, 0.045, -1.0, "#b9c6cd"), (0.035, 0.035, -1.0, "#93a8a9"), (0.012, 0.030, 0.01, "#70877c"))
    for base, tall, least, code in ridges:  # the nearest closes the horizon: below it its lowest row goes on
        ridge = base + 0.0 * x
        for k in range(2, 22):
            ridge = ridge + tall * rng.normal() / k * np.cos(k * x + rng.uniform(0, 6.28))
        color = mix(color, flat(code, size), ramp(np.maximum(ridge, least) - high, -0.0015, 0.0015))
    return Material(in_bytes(color))


def ridge(size: int = 128) -> Material:
    """A far mountain in haze, once from its foot to its crest. To be tinted."""
    high = (1 - (np.arange(size)[:, None] + 0.5) / size).astype(np.float32)
    color = mix(flat("#f1f3f0", size), flat("#c3cfd2", size), np.broadcast_to(ramp(high, 0.05, 0.95), (size, size)))
    return Material(in_bytes(color))


def paper_lantern(size: int = 128) -> Material:
    """A paper lantern lit from inside, once from its lower rim to its upper one: brightest in the middle, with ribs."""
    high = ((np.arange(size)[:, None] + 0.5) / size * np.ones(size)).astype(np.float32)
    glow = np.sin(np.pi * high) ** 0.7
    color = mix(flat("#d9752f", size), flat("#ffe2b0", size), glow)
    ribs = ramp(np.abs((high * 11) % 1 - 0.5), 0.40, 0.49)
    return Material(in_bytes(shaded(color, (ribs, -0.22))))


def glass(size: int = 16) -> Material:
    return Material(in_bytes(flat("#eef4f2", size)), None, 0.06)


def light(size: int = 16) -> Material:
    """What glows: white, to be tinted."""
    return Material(in_bytes(flat("#ffffff", size)))


PAINTERS: dict[str, Callable[[], Material]] = {
    paint.__name__: paint
    for paint in (
        red_brick, floor_brick, granite, ashlar, paving, roof_tile, timber, plaster, rammed_earth, cobble, kiln_brick,
        brick_and_stone, embers, flames,
        concrete, steel, oak, grass, soil, foliage, leaves, sky, ridge, paper_lantern,
        glass, light,
    )
}  # fmt: skip


@cache
def material(name: str) -> Material:
    return PAINTERS[name]()
