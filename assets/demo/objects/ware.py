"""Ware of Dehua kilns: white porcelain after Ming forms, and the saggar that it was fired in. Life size, metres."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from assets.demo.objects.porcelain import lined
from recon.modelling.glaze import glazed_over, porcelain
from recon.modelling.model import Model, build
from recon.modelling.solids import mm
from recon.modelling.surfaces import Patch, lathe, moved, resampled, smooth_profile, tube, turn_about
from recon.modelling.textures import Paint, Painter, Texels, grain, mix, noise, over, ramp, rgb, shaded

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]


def _bare_foot(x: Texels, under: Paint, top: float) -> Paint:
    """The foot ring is left unglazed."""
    bare = 1 - ramp(x.position[..., 1] + noise(x, 0.02, 3) * np.float32(0.0006), top - 0.0006, top + 0.0006)
    clay = shaded(np.broadcast_to(rgb("#e3d3b8"), under.color.shape), (noise(x, 0.008, 4), 0.06), (grain(x), 0.03))
    return Paint(
        mix(under.color, clay, bare), mix(under.roughness, np.full_like(under.roughness, 0.8), bare), under.height
    )


def meiping(seed: int = 3) -> Model:
    """A meiping with plum blossom in relief, 0.33 m high."""
    outside = smooth_profile(
        [
            (0.050, 0.001),
            (0.0515, 0.008),
            (0.0465, 0.045),
            (0.052, 0.105),
            (0.072, 0.180),
            (0.0925, 0.240),
            (0.0945, 0.268),
            (0.078, 0.297),
            (0.045, 0.3105),
            (0.0285, 0.3165),
            (0.0265, 0.323),
            (0.0315, 0.331),
            (0.0305, 0.334),
        ],
        210,
    )
    ring = np.array([(0, 0.0065), (0.036, 0.0065), (0.043, 0.0), (0.050, 0.001)])
    profile = np.concatenate([resampled(ring, 20)[:-1], outside, lined(outside, 0.0055, 0.013)])
    return build(
        [
            lathe(
                profile, over(over(porcelain(), _plum), lambda x, p: _bare_foot(x, p, 0.005)), columns=240, relief=True
            )
        ],
        texel=0.00042,
        seed=seed,
        atlas_width=2048,
    )


def _plum(x: Texels, under: Paint) -> Paint:
    """Two gnarled plum branches that climb about the body, with blossoms and buds."""
    h, w = x.shape
    texel = float(x.s[0, 1] - x.s[0, 0])
    y = x.position[:, 0, 1]
    on_body = np.flatnonzero((np.gradient(y) > 0) & (np.linalg.norm(x.position[:, 0, [0, 2]], axis=1) > 0.03))
    girth = 2 * np.pi * np.linalg.norm(x.position[:, 0, [0, 2]], axis=1)

    def at(turn: float, height: float) -> tuple[float, float]:
        return turn * w, float(on_body[np.argmin(np.abs(y[on_body] - height))])

    raised = np.zeros((h, w), np.float32)

    def branch(points: list[tuple[float, float]], thick: float) -> FloatArray:
        line = smooth_profile(np.array([at(*p) for p in points]), 90)
        line += np.cumsum(x.rng.normal(0, 0.55, line.shape), 0) * 0.35
        mask = np.zeros((h, w), np.uint8)
        for i, (a, b) in enumerate(pairwise(line)):
            width = thick * (1 - 0.75 * i / len(line)) / texel
            for shift in (-w, 0, w):
                ends = [(round(float(p[0] + shift) * 8), round(float(p[1]) * 8)) for p in (a, b)]
                cv2.line(mask, ends[0], ends[1], 255, max(1, round(width)), cv2.LINE_AA, 3)
        distance = cv2.distanceTransform((mask > 127).astype(np.uint8), cv2.DIST_L2, 5)
        bark = 0.8 + 0.12 * noise(x, 0.004, 2)
        np.maximum(raised, np.sqrt(np.clip(distance * texel / (thick / 2), 0, 1)) * bark, out=raised)
        return line

    def flower(turn: float, row: float, radius: float, spin: float, petals: int = 5) -> None:
        r_px = radius / texel
        stretch = texel * w / girth[int(np.clip(row, 0, h - 1))]  # the chart is as wide everywhere, the body is not
        top, low = max(0, int(row - r_px - 3)), min(h, int(row + r_px + 4))
        columns = np.arange(int(turn * w - r_px * stretch - 3), int(turn * w + r_px * stretch + 4))
        px, py = np.meshgrid((columns - turn * w) / (r_px * stretch), (np.arange(top, low) - row) / r_px)
        r, angle = np.hypot(px, py), np.arctan2(py, px) + spin
        wave = np.abs(np.cos(petals / 2 * angle))
        rim = 0.52 + 0.48 * wave**0.6
        petal = np.clip((rim - r) / 0.16, 0, 1) ** 0.7 * (0.62 + 0.38 * (r / rim) ** 2) * (0.72 + 0.28 * wave**0.5)
        heart = np.clip(1 - ((r - 0.0) / 0.17) ** 2, 0, 1) ** 0.5
        stamens = (np.abs(np.cos(5 * angle)) > 0.93) * (r > 0.16) * (r < 0.44) * 0.3 + (
            np.hypot(r - 0.44, 0) < 0.05
        ) * (np.abs(np.cos(5 * angle)) > 0.86) * 0.5
        bump = np.maximum(petal, np.maximum(heart * 0.95, (petal > 0) * (0.5 * petal + stamens))).astype(np.float32)
        part = raised[top:low][:, columns % w]
        raised[top:low, columns % w] = np.where(petal > 0.02, np.maximum(bump * 1.0 + 0.1, 0), np.maximum(part, bump))

    for turn0, mirror in ((0.80, -1), (0.30, 1)):

        def place(
            points: list[tuple[float, float]], turn0: float = turn0, mirror: int = mirror
        ) -> list[tuple[float, float]]:
            return [(turn0 + mirror * a, b) for a, b in points]

        trunk = branch(
            place([(-0.02, 0.035), (0.03, 0.085), (-0.005, 0.135), (0.05, 0.18), (0.08, 0.225), (0.17, 0.262)]), 0.0125
        )
        twig = branch(place([(0.00, 0.145), (-0.07, 0.18), (-0.09, 0.22), (-0.16, 0.25)]), 0.0070)
        low = branch(place([(0.02, 0.095), (0.10, 0.12), (0.16, 0.16), (0.19, 0.20)]), 0.0062)
        top = branch(place([(0.09, 0.22), (0.06, 0.25), (0.07, 0.285)]), 0.0050)
        for line, spots in (
            (trunk, (0.35, 0.62, 0.80, 0.97)),
            (twig, (0.45, 0.74, 0.98)),
            (low, (0.42, 0.7, 0.97)),
            (top, (0.5, 0.96)),
        ):
            for spot in spots:
                c = line[min(len(line) - 1, round(spot * (len(line) - 1)))]
                flower(
                    float(c[0]) / w + float(x.rng.uniform(-0.012, 0.012)),
                    float(c[1]) + float(x.rng.uniform(-8, 8)),
                    float(x.rng.uniform(0.0125, 0.0165)),
                    float(x.rng.uniform(0, 6.28)),
                )
                flower(
                    float(c[0]) / w + float(x.rng.uniform(0.02, 0.034)) * (1 if x.rng.random() < 0.5 else -1),
                    float(c[1]) + float(x.rng.uniform(-26, 26)),
                    float(x.rng.uniform(0.004, 0.0055)),
                    0.0,
                    3,
                )
    return glazed_over(0.0028, under, raised, texel)


def censer(seed: int = 4) -> Model:
    """A tripod incense burner with two upright loop handles and a band of key fret, about 0.19 m high."""
    body = smooth_profile(
        [
            (0.0, 0.046),
            (0.030, 0.0465),
            (0.058, 0.0545),
            (0.080, 0.074),
            (0.086, 0.098),
            (0.080, 0.118),
            (0.0755, 0.128),
            (0.0775, 0.136),
            (0.088, 0.1415),
            (0.0895, 0.1445),
        ],
        130,
    )
    inside = smooth_profile(
        mm("89.5,144.5 86.5,146 71.5,138 69.7,128 74.5,117 79.8,98 74.5,77.5 55,61 30,53 0,52.5"), 60
    )
    profile = np.concatenate([body[:-1], inside])
    profile[[0, -1], 0] = 0.0
    glaze = porcelain("#efe7d6", warm="#dfcca8")
    patches: list[Patch] = [lathe(profile, over(glaze, _fret), columns=192, relief=True)]
    leg_profile = smooth_profile(
        [
            (0.0, 0.0),
            (0.0125, 0.0),
            (0.0148, 0.0035),
            (0.0132, 0.012),
            (0.0118, 0.022),
            (0.0150, 0.040),
            (0.0195, 0.051),
            (0.0155, 0.0575),
            (0.0080, 0.0625),
            (0.0, 0.0645),
        ],
        60,
    )
    leg_profile[[0, -1], 0] = 0.0
    for i in range(3):
        angle = np.radians(90 + 120 * i)
        leg = lathe(leg_profile, over(glaze, _mask), columns=56, relief=True, density=1.0)
        leaning = turn_about("y", -float(np.degrees(angle))) @ turn_about("z", 9)
        patches += moved([leg], offset=(0.0670 * np.cos(angle), 0.0, 0.0670 * np.sin(angle)), turn=leaning)
    for side in (-1, 1):
        bend = np.linspace(0, np.pi, 34)
        path = np.stack(
            [
                np.full(34, side * 0.0765) + side * 0.012 * np.sin(bend) ** 0.8,
                0.1405 + 0.047 * np.sin(bend) ** 0.62,
                0.026 * np.cos(bend),
            ],
            -1,
        )
        patches += tube(path, 0.0052, glaze, sides=20)
    lowest = min(float(p.grid[..., 1].min()) for p in patches)
    return build(moved(patches, offset=(0, -lowest, 0)), texel=0.00036, seed=seed, atlas_width=2048)


def _fret(x: Texels, under: Paint) -> Paint:
    """A band of square spirals (huiwen) between two ridges, and a row of bosses."""
    texel = float(x.s[0, 1] - x.s[0, 0])
    y = x.position[..., 1]
    outer = np.gradient(y, axis=0) > 0
    low, high = 0.088, 0.112
    cell = (high - low) * 0.8
    n = max(1, round(float(x.s.max()) / cell))
    u = (x.s / float(x.s.max()) * n) % 1.0
    v = (y - low - 0.1 * (high - low)) / ((high - low) * 0.8)
    ring = np.maximum(np.abs(u - 0.5), np.abs(v - 0.5)) * 2
    line = np.zeros(x.shape, bool)
    for outer_edge, inner_edge in ((0.92, 0.76), (0.60, 0.44), (0.28, 0.0)):
        line |= (ring < outer_edge) & (ring > inner_edge)
    cut = ((u > 0.12) & (u < 0.20) & (v < 0.62) & (v > 0.36)) | ((u > 0.66) & (u < 0.78) & (v > 0.26) & (v < 0.42))
    link = ((v > 0.60) & (v < 0.70) & (u > 0.04) & (u < 0.22)) | ((u > 0.6) & (u < 0.9) & (v > 0.44) & (v < 0.54))
    band = ((line & ~cut) | link) & (v > 0) & (v < 1) & outer
    ridge = np.maximum(np.exp(-(((y - low) / 0.0011) ** 2)), np.exp(-(((y - high) / 0.0011) ** 2))) * outer
    raised = np.maximum(
        cv2.GaussianBlur(band.astype(np.float32), (0, 0), 0.0003 / texel) * 0.8, ridge.astype(np.float32)
    )
    boss_u = (x.s / float(x.s.max()) * 24) % 1.0 - 0.5
    r = np.hypot(boss_u * float(x.s.max()) / 24, y - 0.124) / 0.0034
    raised = np.maximum(raised, (np.sqrt(np.clip(1 - r**2, 0, 1)) * outer).astype(np.float32))
    return glazed_over(0.0012, under, raised.astype(np.float32), texel)


def _mask(x: Texels, under: Paint) -> Paint:
    """A hint of a beast's face at the knee: brow, eyes and muzzle as soft swellings."""
    texel = float(x.s[0, 1] - x.s[0, 0])
    angle = (x.s / float(x.s.max()) - 0.5) * 2 * np.pi  # 0 looks outward: the seam lies inside
    facing = np.where(np.abs(angle) > np.pi, 0, angle) + 0.0
    facing = np.abs(np.abs(facing) - np.pi)
    y = x.t / float(x.t.max())

    def knob(a: float, height: float, wide: float, tall: float) -> NDArray[np.floating]:
        return np.exp(-(((facing - a) / wide) ** 2) - ((y - height) / tall) ** 2)

    raised = (
        knob(0.0, 0.60, 0.35, 0.035)
        + 0.8 * knob(0.55, 0.67, 0.17, 0.02)
        + 0.7 * knob(0.5, 0.72, 0.45, 0.016)
        + 0.4 * knob(0.0, 0.74, 0.2, 0.03)
    )
    return glazed_over(0.0026, under, np.clip(raised, 0, 1).astype(np.float32), texel)


def saggar(seed: int = 5) -> Model:
    """Two saggars, one upon the other; the upper one open, with a stack of bowls in it."""
    patches = [_saggar_box(0.0), *moved([_saggar_box(0.02)], offset=(0.004, 0.118, -0.003), turn=turn_about("y", 37))]
    for i in range(5):
        patches += moved(
            _bowl(0.098),
            offset=(0.004 + 0.0012 * (-1) ** i, 0.118 + 0.022 + i * 0.0155, -0.003 + 0.001 * (i % 3)),
            turn=turn_about("y", 67 * i),
        )
    leaning = turn_about("y", 52) @ turn_about("z", -64)
    patches += moved(_bowl(0.062), offset=(0.172, 0.058, 0.120), turn=leaning)
    patches += moved(_bowl(0.060), offset=(-0.020, 0.0, 0.205))
    lowest = min(float(p.grid[..., 1].min()) for p in patches)
    middle = np.concatenate([p.grid.reshape(-1, 3) for p in patches])
    centre = (middle.min(0) + middle.max(0)) / 2
    return build(moved(patches, offset=(-centre[0], -lowest, -centre[2])), texel=0.00062, seed=seed, atlas_width=2048)


def _saggar_box(wobble: float) -> Patch:
    corner = [
        (0.0, 0.0),
        (0.134, 0.0),
        (0.139, 0.004),
        (0.141, 0.03),
        (0.140, 0.075),
        (0.142, 0.114),
        (0.1405, 0.118),
        (0.129, 0.118),
        (0.1265, 0.112),
        (0.126, 0.07),
        (0.125, 0.024),
        (0.118, 0.019),
        (0.0, 0.018),
    ]
    profile = np.concatenate(
        [
            resampled(np.asarray(corner[a:b], float), n)[:-1]
            for a, b, n in ((0, 2, 24), (1, 6, 46), (5, 9, 12), (8, 11, 36), (10, 13, 26))
        ]
        + [np.array([[0.0, 0.018]])]
    )

    def bent(angle: FloatArray, y: FloatArray) -> FloatArray:
        return 1 + 0.006 * np.sin(2 * angle + 40 * wobble) + 0.004 * np.sin(3 * angle + 1) * y / 0.12

    return lathe(profile, _saggar_clay, columns=200, relief=True, radius=bent)


def _saggar_clay(x: Texels) -> Paint:
    """Coarse clay: turning ridges, grog, cracks, fly ash and runs of kiln glaze down from the rim."""
    tone = mix(np.broadcast_to(rgb("#a97c58"), (*x.shape, 3)), rgb("#7d5a45"), ramp(noise(x, 0.09, 4), -0.8, 1.6))
    tone = mix(tone, np.broadcast_to(rgb("#c7a27a"), tone.shape), ramp(noise(x, 0.05, 4), 0.6, 2.0) * np.float32(0.8))
    grog = ramp(noise(x, 0.003, 1), 1.4, 1.9)
    tone = shaded(
        mix(tone, np.broadcast_to(rgb("#d9c3a0"), tone.shape), grog * 0.5),
        (noise(x, 0.006, 4, 0.7), 0.1),
        (grain(x), 0.06),
    )
    ridges = noise(x, (0.4, 0.006), 2)
    outside = (np.gradient(x.position[..., 1], axis=0) > 1e-7) & (x.t < float(x.t.max()) * 0.6)
    hanging = noise(x, (0.011, 0.4), 2) * 0.018 + noise(x, 0.03, 3) * 0.003
    run = ramp((x.t - 0.252 + 0.022 - hanging).astype(np.float32), -0.002, 0.002) * outside
    glaze = shaded(
        mix(np.broadcast_to(rgb("#6b6a3c"), tone.shape), rgb("#3d2f1e"), ramp(noise(x, (0.01, 0.05), 3), -0.4, 1.4)),
        (noise(x, 0.004, 2), 0.1),
    )
    thin = np.abs(noise(x, 0.06, 5, 0.55)).astype(np.float32)
    crack = (1 - ramp(thin, 0.0, 0.035)) * ramp(noise(x, 0.07, 2), 0.3, 0.9)
    color = mix(
        mix(tone, glaze, np.asarray(run * 0.9, np.float32)),
        np.broadcast_to(rgb("#33231a"), tone.shape),
        np.asarray(crack * 0.8, np.float32),
    )
    height = ridges * 0.0005 + noise(x, 0.004, 3) * 0.00018 + run * 0.0009 - crack * 0.0012 + grog * 0.0003
    roughness = mix(np.full(x.shape, 0.9, np.float32), np.full(x.shape, 0.3, np.float32), run)
    return Paint(color, roughness, height.astype(np.float32))


def _bowl(radius: float) -> list[Patch]:
    """A bowl with a foot ring, standing on y = 0."""
    k = radius / 0.098
    outer = smooth_profile(
        np.array([(0.036, 0.0), (0.0375, 0.010), (0.062, 0.020), (0.084, 0.038), (0.0955, 0.062), (0.0985, 0.0665)])
        * k,
        44,
    )
    inner = smooth_profile(
        np.array([(0.0985, 0.0665), (0.0962, 0.0668), (0.081, 0.041), (0.058, 0.0235), (0.03, 0.016), (0.0, 0.0145)])
        * k,
        40,
    )
    inner[-1, 0] = 0
    foot = np.array([(0.0, 0.006), (0.029, 0.006), (0.032, 0.0), (0.036, 0.0)]) * k
    profile = np.concatenate([resampled(foot, 12)[:-1], outer[:-1], inner])
    return [lathe(profile, porcelain(), columns=112, density=0.9)]


def bowl_of_clay(radius: float, clay: Painter) -> list[Patch]:
    """A bowl still on the wheel: thick, ribbed by the fingers."""
    k = radius / 0.1
    outer = smooth_profile(
        np.array([(0.052, 0.0), (0.050, 0.012), (0.066, 0.040), (0.086, 0.070), (0.0985, 0.096), (0.101, 0.101)]) * k,
        60,
    )
    inner = smooth_profile(
        np.array([(0.101, 0.101), (0.0965, 0.103), (0.080, 0.072), (0.058, 0.042), (0.03, 0.026), (0.0, 0.024)]) * k, 50
    )
    inner[-1, 0] = 0
    profile = np.concatenate([np.array([(0.0, 0.0), (0.026, 0.0)]) * k, outer[:-1], inner])
    return [lathe(profile, clay, columns=120, relief=True)]
