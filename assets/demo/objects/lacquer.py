"""Fuzhou's bodiless lacquer: a vase and the stages of its making. Life size, metres.

The four states of the vase share one frame and one outline: what is added is thinner than what the outline shows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assets.demo.objects.porcelain import lined, walled
from recon.modelling.lathe_drawing import LatheDrawing
from recon.modelling.materials import earth, solid
from recon.modelling.model import Model, fitted
from recon.modelling.solids import mm
from recon.modelling.surfaces import smooth_profile
from recon.modelling.textures import Paint, Painter, Texels, grain, mix, noise, over, ramp, rgb, shaded

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]

OUTLINE = mm("52,0 55,6 52,14 60,42 84,110 98,175 99,215 88,252 60,282 39,300 33.5,318 35,338 44,354 57,362")
GOLD, VERMILION, BLACK = "#d9a441", "#8f1f14", "#120d0c"


def lacquered(color: str, *, gloss: float = 0.07) -> Painter:
    """Many polished coats: even, deep, with the faintest ripple."""
    base = rgb(color)

    def paint(x: Texels) -> Paint:
        cloud = solid(x, 0.08, 3, seed=41)
        tone = shaded(np.broadcast_to(base, (*x.shape, 3)), (cloud, 0.06), (grain(x), 0.008))
        rough = np.clip(gloss + 0.02 * np.abs(cloud), 0.03, 1).astype(np.float32)
        return Paint(tone, rough, (solid(x, 0.03, 2, seed=42) * 0.00003).astype(np.float32))

    return paint


def gilded(under: Paint, share: Float32Array, height: Float32Array | float = 0.0, color: str = GOLD) -> Paint:
    """Gold leaf or powder over a surface, where `share` is 1."""
    metallic = np.broadcast_to(np.float32(under.metallic), share.shape)
    return Paint(
        mix(under.color, np.broadcast_to(rgb(color), under.color.shape), share),
        mix(under.roughness, np.full_like(under.roughness, 0.3), share),
        (under.height + height * share).astype(np.float32),
        mix(metallic.astype(np.float32), np.ones_like(under.roughness), share),
    )


def _vase(painter: Painter, seed: int, *, hollow: bool = True, columns: int = 160) -> Model:
    outer = smooth_profile(OUTLINE, 150)
    if hollow:
        inner = lined(smooth_profile(OUTLINE, 56), 0.0032, 0.0125)
    else:
        inner = np.concatenate([mm("57,362 55,364"), smooth_profile(mm("55,364 30,365 0,365"), 12)[1:]])
    return fitted(
        [walled(outer, inner, painter, foot=0.007, recess=0.009, columns=columns)], seed=seed, offset=(0, 0, 0)
    )


def vase_core(seed: int = 91) -> Model:
    """First the core: the vase's form in clay and plaster, smoothed with a template, solid."""

    def turned(x: Texels, under: Paint) -> Paint:
        ring = noise(x, (0.6, 0.0022), 2)
        patch = ramp(solid(x, 0.045, 4, seed=45), 0.7, 1.5)
        color = mix(under.color, np.broadcast_to(rgb("#efe8da"), under.color.shape), patch * np.float32(0.7))
        pits = ramp(solid(x, 0.005, 1, seed=46), 1.9, 2.4)
        color = shaded(color, (ring, 0.03), (pits, -0.5))
        return Paint(color, under.roughness, (under.height + ring * 0.00022 - pits * 0.0008).astype(np.float32))

    return _vase(over(earth("#cdbfa6", coarse=0.003, depth=0.0003), turned), seed, hollow=False)


def _ramie(x: Texels, *, pitch: float = 0.0021) -> Paint:
    """Coarse plain-woven ramie, brown with the raw lacquer that glues it."""
    girth = float(x.s.max())
    u, v = x.s / (girth / (2 * round(girth / pitch / 2))), x.t / pitch
    i, j = np.floor(u).astype(np.int64), np.floor(v).astype(np.int64)
    fu, fv = (u - i) * 2 - 1, (v - j) * 2 - 1
    top = (i + j) % 2 == 0
    across, along = np.where(top, fu, fv), np.where(top, fv, fu)
    thread = x.rng.random(4096).astype(np.float32)[np.where(top, i, j + 1777) % 4096] - 0.5
    bulge = (np.sqrt(np.clip(1 - across**2, 0, 1)) * (0.5 + 0.5 * np.cos(along * np.pi / 2))).astype(np.float32)
    soaked = solid(x, 0.05, 4, seed=51)
    tone = mix(np.broadcast_to(rgb("#a98456"), (*x.shape, 3)), rgb("#5a3a20"), ramp(soaked, -0.9, 1.5))
    tone = shaded(tone, (bulge - 0.6, 0.5), (thread, 0.3), (grain(x), 0.05))
    return Paint(tone, np.full(x.shape, 0.6, np.float32), bulge * np.float32(0.00045))


def _edge(x: Texels, height: float, *, rough: float = 0.006, soft: float = 0.0008) -> Float32Array:
    """(H, W) 1 below an uneven line round the vase, 0 above."""
    line = height + rough * noise(x, (0.05, 1.0), 3) + 0.0012 * noise(x, (0.003, 0.02), 1)
    return np.asarray(1 - ramp((x.position[..., 1] - line).astype(np.float32), -soft, soft), np.float32)


def _outside(x: Texels) -> Float32Array:
    return np.asarray((np.gradient(x.position[..., 1], axis=0) > 0).astype(np.float32))


def vase_cloth(seed: int = 93) -> Model:
    """Then ramie, glued round the core with raw lacquer, length upon length; the neck is still bare."""
    core = earth("#d2c5ad", coarse=0.003, depth=0.0003)

    def wrapped(x: Texels, under: Paint) -> Paint:
        cloth = _ramie(x)
        share = _edge(x, 0.288) * _outside(x)
        seams = np.zeros(x.shape, np.float32)
        for turn, height in ((0.08, 0.0), (0.42, 0.0), (0.77, 0.0)):  # where one length laps over the next
            line = (x.s / float(x.s.max()) - turn - 0.02 * np.sin(x.t * 18) + height) % 1.0
            seams = np.maximum(seams, np.exp(-((np.minimum(line, 1 - line) * 220) ** 2)).astype(np.float32))
        lap = np.asarray(_edge(x, 0.16, rough=0.003) - _edge(x, 0.158, rough=0.003), np.float32)
        color = mix(under.color, shaded(cloth.color, (np.maximum(seams, np.abs(lap)), -0.35)), share)
        height_map = under.height + share * (cloth.height + 0.0011 + seams * 0.0004)
        return Paint(color, mix(under.roughness, cloth.roughness, share), height_map.astype(np.float32))

    return _vase(over(core, wrapped), seed, hollow=False)


def vase_ash(seed: int = 95) -> Model:
    """Then ash: tile ash in raw lacquer, coat after coat, ground down with water; below, the cloth still shows."""

    def covered(x: Texels, under: Paint) -> Paint:
        share = (1 - _edge(x, 0.075, rough=0.005)) * _outside(x) + (1 - _outside(x))
        stroke = noise(x, (0.09, 0.0035), 3)
        speck = solid(x, 0.0022, 2, 0.8, seed=55)
        tone = mix(
            np.broadcast_to(rgb("#4d4741"), (*x.shape, 3)), rgb("#6a6259"), ramp(solid(x, 0.06, 4, seed=56), -0.6, 1.6)
        )
        ground = ramp(solid(x, 0.11, 3, seed=57), 0.3, 1.0)
        tone = shaded(tone, (stroke, 0.07), (speck, 0.09), (ground, 0.16), (grain(x), 0.03))
        height = 0.0009 + stroke * 0.0002 * (1 - ground) + speck * 0.00006
        rough = (0.85 - 0.2 * ground).astype(np.float32)
        return Paint(
            mix(under.color, tone, share),
            mix(under.roughness, rough, share),
            mix(under.height, height.astype(np.float32), share),
        )

    return _vase(over(_ramie, covered), seed)


def bodiless_vase(seed: int = 97) -> Model:
    """At last lacquer: dozens of polished coats, lotus in gold upon them; the core is gone, the vase hollow."""

    def painted(x: Texels, under: Paint) -> Paint:
        inside = 1 - _outside(x)
        dark = np.broadcast_to(rgb(BLACK), under.color.shape)
        base = Paint(mix(under.color, dark, inside), under.roughness, under.height)
        sheet = LatheDrawing(x)
        _lotus(sheet, x.rng)
        for height, wide in ((0.0045, 0.004), (0.020, 0.0012), (0.277, 0.0012), (0.282, 0.0022), (0.3585, 0.0045)):
            sheet.band(height, wide)
        for k in range(16):
            sheet.leaf(k / 16, 0.292, 0.040, 0.0058)
        share = sheet.relief(0.00025) * np.clip(0.92 + 0.12 * solid(x, 0.01, 3, seed=61), 0, 1)
        return gilded(base, share.astype(np.float32), 0.00022)

    return _vase(over(lacquered(VERMILION), painted), seed, columns=192)


def _lotus(sheet: LatheDrawing, rng: np.random.Generator) -> None:
    """Three lotus plants round the vase: leaf, flower, bud, grasses bent by the wind."""
    for k in range(3):
        turn = k / 3 + 0.75
        for dx, foot, top, bend in (
            (0.0, 0.035, 0.205, 0.014),
            (-0.045, 0.035, 0.150, -0.012),
            (0.042, 0.035, 0.128, 0.010),
            (0.022, 0.035, 0.243, 0.02),
        ):
            share = np.linspace(0, 1, 24)
            stem = np.stack([dx * share + bend * np.sin(share * np.pi), (top - foot) * share], -1)
            sheet.line(turn, foot, stem, 0.0016)
        _blossom(sheet, turn, 0.212, 0.032)
        _lotus_leaf(sheet, turn, 0.148, -0.052, 0.040, rng)
        _lotus_leaf(sheet, turn, 0.122, 0.050, 0.033, rng)
        bud = np.linspace(0, np.pi, 16)
        shape = np.stack([0.0075 * np.sin(bud) ** 0.8, 0.011 - 0.016 * np.cos(bud)], -1)
        sheet.fill(turn, 0.246, np.add(np.concatenate([shape, shape[::-1] * (-1, 1)]), (0.022, 0)))
        for _ in range(9):
            lean, long = float(rng.normal(0, 0.02)), float(rng.uniform(0.03, 0.075))
            share = np.linspace(0, 1, 14)
            sheet.line(
                turn, 0.03, np.stack([float(rng.uniform(-0.07, 0.07)) + lean * share**2, long * share], -1), 0.0010
            )


def _blossom(sheet: LatheDrawing, turn: float, height: float, reach: float) -> None:
    for layer, (count, spread, long) in enumerate(((7, 1.25, 1.0), (5, 0.85, 0.92), (3, 0.42, 0.8))):
        for a in np.linspace(-spread, spread, count):
            share = np.linspace(0, 1, 22)
            half = 0.20 * reach * np.sin(np.pi * share**0.75) ** 0.85
            spine = np.stack(
                [
                    np.sin(a) * reach * long * share,
                    np.cos(a * 0.9) * reach * long * share + 0.05 * reach * np.sin(share * 3),
                ],
                -1,
            )
            normal = np.array([np.cos(a), -np.sin(a)])
            outline = np.concatenate([spine + half[:, None] * normal, (spine - half[:, None] * normal)[::-1]])
            sheet.fill(turn, height, outline, ink=255)
            sheet.line(turn, height, np.concatenate([outline, outline[:1]]), 0.0011, ink=20)
            sheet.line(turn, height, spine[4:16], 0.0005, ink=90 + 20 * layer)


def _lotus_leaf(
    sheet: LatheDrawing, turn: float, height: float, dx: float, reach: float, rng: np.random.Generator
) -> None:
    angle = np.linspace(0, 2 * np.pi, 70)
    wave = 1 + 0.07 * np.sin(7 * angle + float(rng.uniform(0, 6))) + 0.03 * np.sin(15 * angle)
    outline = np.stack([dx + reach * wave * np.cos(angle), 0.56 * reach * wave * np.sin(angle)], -1)
    sheet.fill(turn, height, outline)
    for a in np.linspace(0, 2 * np.pi, 14)[:-1]:
        share = np.linspace(0.08, 0.92, 10)
        vein = np.stack([reach * share * np.cos(a + 0.15 * share), 0.56 * reach * share * np.sin(a + 0.15 * share)], -1)
        sheet.line(turn, height, np.add(vein, (dx, 0)), 0.0007, ink=40)
