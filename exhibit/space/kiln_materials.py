"""Materials of a kiln and of the house about it: glazed kiln brick, embers, flames, brick among stone."""

from __future__ import annotations

import numpy as np

from exhibit.space.painting import Material, courses, field, flat, from_height, in_bytes, pick
from exhibit.space.pictures import cloud, rgb
from recon.modelling.textures import mix, ramp, shaded


def kiln_brick(size: int = 1024, seed: int = 21) -> Material:
    """Brick that has been fired a thousand times, 2.0 m: ash has run over it and become a brown and green glaze."""
    rng = np.random.default_rng(seed)
    inside, _, a, b, _ = courses(size, 2.0, 0.0769, 0.25, 0.008, rng, 0.006)
    fine, medium, wide = (cloud((size, size), size / n, rng, s) for n, s in ((150, 0.3), (22, 0.5), (6, 0.7)))
    brick = pick(("#8a5a3e", "#96664a", "#7d4f38", "#a07050", "#6f4835", "#8f5f45"), a)
    brick = shaded(brick, (b - 0.5, 0.22), (fine, 0.08), (medium, 0.08))
    runs = ramp(cloud((size, size), (16, size / 5), rng, 0.7) + 0.5 * wide, 0.1, 1.3)
    glaze = mix(flat("#54432a", size), flat("#7d7a4c", size), ramp(medium, -1, 1.2))
    drops = ramp(cloud((size, size), (9, size / 9), rng, 0.6) + 0.6 * wide, 1.0, 1.8)  # where it ran thickest
    glaze = mix(glaze, flat("#a39d6a", size), drops * 0.6)
    color = mix(brick, shaded(glaze, (fine, 0.08)), runs * 0.82)
    soot = ramp(wide, 0.4, 2.0)
    color = shaded(color, (soot, -0.5))
    joint = shaded(flat("#5d4636", size), (fine, 0.10))
    height = inside * (0.75 + 0.25 * b) * (1 - 0.35 * runs) + 0.06 * medium + 0.25 * drops
    rough = 0.9 - 0.62 * runs
    return from_height(mix(joint, color, inside), height, rough, relief_m=0.010, metres=2.0, painted=0.2)


def embers(size: int = 512, seed: int = 31) -> Material:
    """A bed of charcoal, 1.2 m, that glows between its pieces by itself; to be tinted with the fire's colour."""
    rng = np.random.default_rng(seed)
    metres, count = 1.2, 15
    x, y = field(size, metres)
    cell = metres / count
    warped_x = (x + 0.22 * cell * cloud((size, size), size / 14, rng, 2.0)) % metres
    warped_y = (y + 0.22 * cell * cloud((size, size), size / 14, rng, 2.0)) % metres
    centre = np.stack(np.meshgrid(np.arange(count), np.arange(count)), -1) + rng.uniform(0.15, 0.85, (count, count, 2))
    best, second = np.full((size, size), 9.0, np.float32), np.full((size, size), 9.0, np.float32)
    owner = np.zeros((size, size), int)
    ci, cj = np.floor(warped_x / cell).astype(int), np.floor(warped_y / cell).astype(int)
    for dj in (-1, 0, 1):
        for di in (-1, 0, 1):
            i, j = (ci + di) % count, (cj + dj) % count
            dx = (warped_x / cell - centre[j, i, 0] + count / 2) % count - count / 2
            dy = (warped_y / cell - centre[j, i, 1] + count / 2) % count - count / 2
            d = np.hypot(dx, dy).astype(np.float32)
            second = np.where(d < best, best, np.minimum(second, d))
            owner = np.where(d < best, j * count + i, owner)
            best = np.minimum(best, d)
    gap = 1 - ramp(second - best, 0.02, 0.42)
    fine, wide = cloud((size, size), 6, rng, 0.8), cloud((size, size), size / 4, rng, 2.0)
    chance = rng.random(count * count).astype(np.float32)[owner]
    heat = np.clip(0.16 + 0.13 * wide + 0.5 * gap + 0.4 * (chance - 0.5) + 0.035 * fine, 0, 1)
    ash = flat("#4a3028", size) * (0.55 + 0.1 * fine[..., None])
    hot = mix(mix(flat("#3a1208", size), flat("#f0955c", size), ramp(heat, 0.1, 0.5)), flat("#fff3d8", size),
              ramp(heat, 0.5, 0.95))  # fmt: skip
    color = mix(ash, hot, np.clip(ramp(heat, 0.05, 0.4) + 0.15, 0, 1))
    return Material(in_bytes(np.clip(color, 0, 1)))


def flames(size: int = 256, seed: int = 32) -> Material:
    """A wall of fire, 1 m: white at its foot, red at its tips. It glows by itself; to be tinted."""
    rng = np.random.default_rng(seed)
    _, y = field(size, 1.0)
    tongue = cloud((size, size), (size / 14, size / 3), rng, 0.7)
    heat = np.clip(y * 1.15 + 0.14 * tongue - 0.02, 0, 1)
    color = mix(flat("#5c1506", size), flat("#f08a3c", size), ramp(heat, 0.05, 0.5))
    return Material(in_bytes(np.clip(mix(color, flat("#fff6e0", size), ramp(heat, 0.5, 0.95)), 0, 1)))


def brick_and_stone(size: int = 1024, metres: float = 4.5, seed: int = 4) -> Material:
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
    return from_height(shaded(color, (stain, -0.22)), height, 0.9, relief_m=0.012, metres=metres, painted=0.45)
