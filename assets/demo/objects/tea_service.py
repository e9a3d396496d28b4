"""For drinking and shipping tea: the covered bowl, the tray with pot and cups, the export chest. Metres."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from assets.demo.objects.bamboo import bamboo
from assets.demo.objects.porcelain import lined, walled
from recon.modelling.glaze import porcelain
from recon.modelling.machine_elements import at, disc
from recon.modelling.materials import iron, metal, solid, timber
from recon.modelling.model import Model, fitted
from recon.modelling.solids import bar, block, circle, curve, mm, turned, wire
from recon.modelling.spouts import bored, spout
from recon.modelling.surfaces import Patch, lathe, smooth_profile, turn_about
from recon.modelling.textures import Paint, Painter, Texels, grain, mix, noise, over, ramp, rgb, shaded

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]


def gaiwan(seed: int = 61) -> Model:
    """A covered bowl on its saucer, lid aslant so that the tea breathes; porcelain with orchids in cobalt blue."""
    glaze = porcelain("#f3f0e8", warm="#e6dcc6")
    outer = smooth_profile(
        mm("21,0 21.5,6 26,10 38,22 44.5,38 48.5,50 53.5,54.5"),
        34,
    )
    inner = smooth_profile(
        mm("53.5,54.5 52.2,55.2 46.6,50 42.5,38 35.5,22 22,11.5 0,9"),
        30,
    )
    bowl = [walled(outer, inner, over(glaze, _orchid), foot=0.003, recess=0.006, density=1.5)]
    tea = turned([(0, 0.0365), (0.0418, 0.0365), (0.0424, 0.0385), (0, 0.0385)], _liquor, columns=64, bevel=0.0004)
    saucer_out = smooth_profile(mm("30,0 31,4 44,7.5 56,13.5 61.5,16.5"), 24)
    saucer_in = smooth_profile(
        mm("61.5,16.5 60,17.2 50,12.5 36,7.5 24.5,6.2 22.5,8.5 21,6.2 0,6.2"),
        34,
    )
    saucer = [walled(saucer_out, saucer_in, over(glaze, _rim_line), foot=0.003, recess=0.003)]
    lid_out = smooth_profile(
        mm("46.2,0 47,1.2 40,9.5 24,16 11.5,17.8 9.5,19.5 12,25.5 13.5,26.8"),
        36,
    )
    lid_in = smooth_profile([(0.0135, 0.0268), (0.0122, 0.0272), (0.0095, 0.0225), (0, 0.0215)], 14)
    under = smooth_profile(mm("0,15.4 20,13.9 37.5,7.8 44.8,0.6 46.2,0"), 22)
    line = np.concatenate([under, lid_out[1:], lid_in[1:]])
    line[[0, -1], 0] = 0
    made = lathe(line, over(glaze, _sprig), columns=96)
    lid = [Patch(made.grid, made.painter, 1.3, even=True)]
    patches = saucer + at(0, 0.0055, 0, [*bowl, tea])
    patches += at(-0.003, 0.0520, 0.0, lid, turn_about("y", -20) @ turn_about("z", -6))
    return fitted(patches, seed=seed)


COBALT = "#274a87"


def _blue(x: Texels, under: Paint, ink: Float32Array) -> Paint:
    """Cobalt beneath the glaze: it pools and bleeds a little."""
    soft = np.clip(cv2.GaussianBlur(ink, (0, 0), 0.9) * (0.85 + 0.16 * noise(x, 0.004, 3)), 0, 1)
    return Paint(
        mix(under.color, np.broadcast_to(rgb(COBALT), under.color.shape), soft.astype(np.float32) * np.float32(0.92)),
        under.roughness,
        under.height,
    )


def _band(x: Texels, low: float, high: float) -> Float32Array:
    return (ramp(x.t, low, low + 0.0003) * (1 - ramp(x.t, high - 0.0003, high))).astype(np.float32)


def _orchid(x: Texels, under: Paint) -> Paint:
    """Two clumps of orchid leaves with blossoms, painted round the bowl; lines at foot and lip."""
    h, w = x.shape
    ink = np.zeros((h, w), np.float32)
    outside = np.flatnonzero(np.gradient(x.position[:, 0, 1]) > 1e-6)
    y = x.position[:, 0, 1]
    base_y, texel = float(y.min()), float(x.s[0, 1])

    def row(share: float) -> float:
        return float(outside[np.argmin(np.abs(y[outside] - base_y - 0.0545 * share))])

    rng = x.rng
    for start in (0.72, 0.22):  # the first looks to the front
        for _ in range(14):
            lean, top = float(rng.normal(0, 0.05)), float(rng.uniform(0.5, 0.86))
            share = np.linspace(0, 1, 26)
            column = (start + rng.normal(0, 0.006) + lean * share**1.6 + 0.02 * np.sin(share * 3)) * w
            level = np.interp(share, [0, 1], [0.22, top]) - 0.22 * abs(lean) / 0.05 * np.clip(share - 0.6, 0, 1) ** 1.5
            rows = np.array([row(float(v)) for v in level])
            for i in range(25):
                thick = max(1, round(0.0021 / texel * np.sin(np.pi * (0.12 + 0.86 * share[i]))))
                a, b = (int(column[i] * 8), int(rows[i] * 8)), (int(column[i + 1] * 8), int(rows[i + 1] * 8))
                cv2.line(ink, a, b, 1.0, thick, cv2.LINE_AA, 3)
        for _ in range(4):
            c, v = start + float(rng.uniform(-0.08, 0.08)), float(rng.uniform(0.5, 0.82))
            _blossom(ink, c * w, row(v), 0.0030 / texel, float(rng.uniform(0, 1)))
    lip = float(x.t[int(np.argmax(y)), 0])
    ink = np.maximum(ink, _band(x, lip - 0.0030, lip - 0.0020))
    low = float(x.t[int(row(0.17)), 0])
    return _blue(
        x, under, np.maximum(ink, np.maximum(_band(x, low, low + 0.0008), _band(x, low + 0.0014, low + 0.0018)))
    )


def _rim_line(x: Texels, under: Paint) -> Paint:
    lip = float(x.t[int(np.argmax(x.position[:, 0, 1])), 0])
    return _blue(x, under, np.maximum(_band(x, lip + 0.002, lip + 0.003), _band(x, lip + 0.0215, lip + 0.0220)))


def _sprig(x: Texels, under: Paint) -> Paint:
    top = int(np.argmax(x.position[:, 0, 1]))
    t = float(x.t[top, 0])
    edge = t - 0.0525
    ink = np.maximum(_band(x, edge, edge + 0.001), _band(x, t - 0.0022, t - 0.0012))
    w, texel = x.shape[1], float(x.s[0, 1])
    for k in range(3):
        centre = (k / 3 + 0.1) * w
        rows = float(np.argmin(np.abs(x.t[:, 0] - edge - 0.019)))
        _blossom(ink, centre, rows, 0.0042 / texel, 0.3 * k)
        for side in (-1, 1):
            share = np.linspace(0, 1, 16)
            line = np.stack(
                [centre + side * (0.006 + 0.016 * share) / texel, rows - (0.004 * np.sin(share * 2.4)) / texel], -1
            )
            cv2.polylines(
                ink, [np.round(line * 8).astype(np.int32)], False, 1.0, max(1, round(0.0012 / texel)), cv2.LINE_AA, 3
            )
    return _blue(x, under, ink)


def _blossom(ink: Float32Array, column: float, row: float, reach: float, turn: float) -> None:
    """Five petals in outline and wash, drawn on `ink` in place; `reach` in px."""
    for k in range(5):
        angle = 2 * np.pi * k / 5 + turn
        centre = (int((column + 0.62 * reach * np.cos(angle)) * 8), int((row + 0.62 * reach * np.sin(angle)) * 8))
        axes = (int(0.52 * reach * 8), int(0.30 * reach * 8))
        cv2.ellipse(ink, centre, axes, float(np.degrees(angle)), 0, 360, 0.45, -1, cv2.LINE_AA, 3)
        cv2.ellipse(ink, centre, axes, float(np.degrees(angle)), 0, 360, 0.95, 1, cv2.LINE_AA, 3)


def _liquor(x: Texels) -> Paint:
    tone = mix(np.broadcast_to(rgb("#b9771f"), (*x.shape, 3)), rgb("#8a4a12"), ramp(noise(x, 0.05, 1), -1, 6))
    return Paint(tone, np.full(x.shape, 0.04, np.float32), np.zeros(x.shape, np.float32))


def red_clay(color: str = "#7d3f29") -> Painter:
    """Unglazed red stoneware, burnished, with sand in it."""
    base = rgb(color)

    def paint(x: Texels) -> Paint:
        sand = solid(x, 0.0012, 2, 0.7, seed=31)
        tone = shaded(
            np.broadcast_to(base, (*x.shape, 3)), (solid(x, 0.03, 3, seed=32), 0.06), (sand, 0.05), (grain(x), 0.02)
        )
        return Paint(tone, np.full(x.shape, 0.42, np.float32), (sand * 0.00003).astype(np.float32))

    return paint


def tea_tray(seed: int = 67) -> Model:
    """A slatted bamboo tray with a small red pot, its fairness jug left out, and four thin cups of white porcelain."""
    frame = bamboo("#b98f52", "#80582b", along=(1, 0, 0), roughness=0.35)
    cross = bamboo("#b98f52", "#80582b", along=(0, 0, 1), roughness=0.35)
    wide, deep, tall = 0.40, 0.26, 0.052
    patches = [block((wide, 0.006, deep), frame, at=(0, 0.008, 0), bevel=0.001)]
    for z in (-1, 1):
        patches.append(block((wide, tall - 0.004, 0.014), frame, at=(0, 0.004, z * (deep / 2 - 0.007)), bevel=0.0025))
        patches.append(
            block((0.014, tall - 0.004, deep - 0.028), cross, at=(z * (wide / 2 - 0.007), 0.004, 0), bevel=0.0025)
        )
        for x in (-1, 1):
            patches.append(
                block((0.03, 0.008, 0.03), frame, at=(x * (wide / 2 - 0.03), 0, z * (deep / 2 - 0.03)), bevel=0.002)
            )
    for i in range(17):
        slat = block(
            (wide - 0.030, 0.006, 0.0105),
            bamboo("#c29a5c", "#8d6531", along=(1, 0, 0), roughness=0.35),
            at=(0, tall - 0.013, -0.112 + 0.014 * i),
            bevel=0.0015,
        )
        patches.append(slat)
    patches += [block((0.012, 0.022, deep - 0.03), cross, at=(x, 0.014, 0), bevel=0.002) for x in (-0.12, 0, 0.12)]
    top = tall - 0.007
    patches += at(-0.085, top, 0.0, _pot(), turn_about("y", 24))
    for cup_x, cup_z in ((0.065, -0.048), (0.145, -0.048), (0.065, 0.042), (0.145, 0.042)):
        patches += at(cup_x, top, cup_z, _cup())
    return fitted(patches, seed=seed)


def _pot() -> list[Patch]:
    """After Huizhou's and Yixing's small pots: spout's tip, lip and handle's top in one line."""
    clay = red_clay()
    body = smooth_profile(
        mm("24,0 26.5,2 38.5,18 41.5,31 37,45 26.5,53.5 23.5,55.5"),
        46,
    )
    outer = np.concatenate([body, mm("23.5,58.5")])
    thrown = walled(outer, np.concatenate([mm("20.5,58.5"), lined(body, 0.003, 0.005)]), clay, foot=0.004, density=1.3)
    vessel = replace(thrown, grid=thrown.grid @ turn_about("y", 180).T)  # the seam lies behind
    path = curve(mm("40,25,0 47,27,0 57.5,37,0 63.5,50,0 69.5,58.5,0"), 26)
    radii = np.interp(np.linspace(0, 1, 26), [0, 0.25, 0.6, 1], [0.0125, 0.0098, 0.0066, 0.0048])
    made = [*bored(vessel, 0.025, 0.0045, clay), spout(vessel, path, radii, 0.0018, clay, sides=20)]
    under = smooth_profile(mm("0,66 9,65 17,61.5 20,57"), 14)
    lid = mm("20,57 20.3,59 25.8,59.2 26.2,60.8 24.5,62.5")
    dome = smooth_profile(
        mm("24.5,62.5 16,66.8 6,69 4.2,70.2 6.2,74.5 7,77.2 4.8,80.2 0,81.2"),
        34,
    )
    line = np.concatenate([under[:-1], lid, dome[1:]])
    line[[0, -1], 0] = 0
    made.append(turned(line, clay, columns=64, bevel=0.0004))
    handle = curve(
        mm("-30,47.5,0 -47,53,0 -62.5,47,0 -65.5,33,0 -56,20,0 -38.5,15.5,0"),
        34,
    )
    thick = np.interp(np.linspace(0, 1, 34), [0, 0.12, 0.8, 1], [0.0058, 0.0046, 0.0038, 0.0048])
    made.append(bar(handle, circle(1.0, 14), clay, scale=np.stack([thick * 1.2, thick], -1), up=(0, 0, 1), bevel=0.001))
    return made


def _cup() -> list[Patch]:
    glaze = porcelain("#f4f1ea", warm="#ebe2cf")
    outer = smooth_profile(mm("13.5,0 14,4 22,11 28.5,24 32.5,33"), 22)
    inner = smooth_profile(mm("32.5,33 31.8,33.5 27,24 20.5,12 10,6.8 0,6.2"), 20)
    tea = turned([(0, 0.0230), (0.0255, 0.0230), (0.0262, 0.0245), (0, 0.0245)], _liquor, columns=48, bevel=0.0003)
    return [walled(outer, inner, glaze, foot=0.002, recess=0.0035, columns=64), tea]


def tea_chest(seed: int = 71) -> Model:
    """An export chest of the clipper years: boards under matting paper, corners shod in tin, stencilled."""
    wide, tall, deep = 0.46, 0.50, 0.46
    board = timber("#a98255", "#6f4c2c", along=(1, 0, 0), ring=0.011, roughness=0.7, seed=33)
    side = timber("#a98255", "#6f4c2c", along=(0, 0, 1), ring=0.011, roughness=0.7, seed=35)
    tin = metal("#a9a49a", roughness=0.42, dirt="#5d3d24", dirty=0.7, seed=37)
    patches: list[Patch] = []
    for z in (-1, 1):
        for k, (low, high) in enumerate(((0.0, 0.172), (0.174, 0.330), (0.332, tall))):
            front = block(
                (wide, high - low, 0.013),
                over(board, _stencil) if z > 0 else board,
                at=(0, low, z * (deep / 2 - 0.0065)),
                bevel=0.0015,
                density=1.3,
            )
            patches.append(front)
            patches.append(
                block((0.013, high - low, deep - 0.027), side, at=(z * (wide / 2 - 0.0065), low, 0), bevel=0.0015)
            )
            del k
    for k in range(3):
        x = (k - 1) * wide / 3
        lid_board = timber("#a47c50", "#6a482a", along=(0, 0, 1), ring=0.012, roughness=0.7, seed=50 + k)
        patches.append(block((wide / 3 - 0.001, 0.012, deep + 0.004), lid_board, at=(x, tall, 0), bevel=0.0015))
    patches.append(block((wide - 0.026, 0.012, deep - 0.026), board, at=(0, 0.002, 0), bevel=0.001))
    for x in (-1, 1):
        for z in (-1, 1):  # corner irons
            patches.append(
                block(
                    (0.034, tall + 0.006, 0.0014),
                    tin,
                    at=(x * (wide / 2 - 0.0165), 0.002, z * (deep / 2 + 0.0006)),
                    bevel=0.0004,
                )
            )
            patches.append(
                block(
                    (0.0014, tall + 0.006, 0.034),
                    tin,
                    at=(x * (wide / 2 + 0.0006), 0.002, z * (deep / 2 - 0.0165)),
                    bevel=0.0004,
                )
            )
            for level in np.linspace(0.03, tall - 0.03, 7):
                patches += at(
                    x * (wide / 2 - 0.020),
                    float(level),
                    z * (deep / 2 + 0.0012),
                    [disc(0.0035, 0.0012, tin, columns=10, bevel=0.0004)],
                    turn_about("x", 90 * z),
                )
                patches += at(
                    x * (wide / 2 + 0.0012),
                    float(level),
                    z * (deep / 2 - 0.020),
                    [disc(0.0035, 0.0012, tin, columns=10, bevel=0.0004)],
                    turn_about("z", -90 * x),
                )
        patches.append(
            block((wide + 0.003, 0.0014, 0.034), tin, at=(0, tall + 0.0118, x * (deep / 2 - 0.015)), bevel=0.0004)
        )
        patches.append(
            block((wide + 0.003, 0.03, 0.0014), tin, at=(0, tall - 0.018, x * (deep / 2 + 0.0014)), bevel=0.0004)
        )
        patches.append(
            block((0.0014, 0.03, deep + 0.003), tin, at=(x * (wide / 2 + 0.0014), tall - 0.018, 0), bevel=0.0004)
        )
        rope = curve(
            [
                (x * (wide / 2 + 0.002), 0.36, -0.075),
                (x * (wide / 2 + 0.016), 0.345, -0.072),
                (x * (wide / 2 + 0.022), 0.285, -0.04),
                (x * (wide / 2 + 0.024), 0.272, 0.0),
                (x * (wide / 2 + 0.022), 0.285, 0.04),
                (x * (wide / 2 + 0.016), 0.345, 0.072),
                (x * (wide / 2 + 0.002), 0.36, 0.075),
            ],
            48,
        )
        patches.append(wire(rope, 0.0072, _rope, sides=12, up=(1, 0, 0)))
        for end in (-0.075, 0.075):
            patches += at(
                x * (wide / 2 + 0.001),
                0.36,
                end,
                [disc(0.016, 0.004, iron(), columns=20, bevel=0.001)],
                turn_about("z", -90 * x),
            )
    return fitted(patches, seed=seed)


def _rope(x: Texels) -> Paint:
    lay = np.sin(2 * np.pi * (x.s / float(x.s.max()) * 3 + x.t / 0.016)).astype(np.float32)
    tone = shaded(
        np.broadcast_to(rgb("#a98d5e"), (*x.shape, 3)), (lay, 0.22), (noise(x, 0.004, 3), 0.12), (grain(x), 0.06)
    )
    return Paint(tone, np.full(x.shape, 0.9, np.float32), lay * np.float32(0.0009))


TEA_STROKES = (  # the character for tea, in a unit square, y down
    ((0.10, 0.17), (0.90, 0.17)), ((0.33, 0.05), (0.33, 0.29)), ((0.67, 0.05), (0.67, 0.29)),
    ((0.50, 0.27), (0.34, 0.42), (0.06, 0.56)), ((0.50, 0.27), (0.66, 0.42), (0.94, 0.56)),
    ((0.26, 0.62), (0.74, 0.62)), ((0.50, 0.47), (0.50, 0.97), (0.42, 0.93)),
    ((0.40, 0.70), (0.30, 0.82), (0.20, 0.88)), ((0.60, 0.70), (0.70, 0.80), (0.80, 0.86)),
)  # fmt: skip


def _stencil(x: Texels, under: Paint) -> Paint:
    """Marks as shippers brushed them through tin plates: the character for tea in a ring, port, kind and lot."""
    side = 900
    drawn = np.zeros((side, side), np.uint8)
    for stroke in TEA_STROKES:
        points = np.array([(330 + 240 * a, 110 + 240 * b) for a, b in stroke])
        cv2.polylines(drawn, [np.round(points).astype(np.int32)], False, 255, 26, cv2.LINE_AA)
    cv2.circle(drawn, (450, 230), 190, 255, 12, cv2.LINE_AA)
    for text, y, size, thick in (
        ("ANXI OOLONG", 560, 2.5, 9),
        ("AMOY", 690, 2.9, 11),
        ("No 27    60 CATTIES", 800, 1.35, 5),
    ):
        (w, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, size, thick)
        cv2.putText(drawn, text, (450 - w // 2, y), cv2.FONT_HERSHEY_DUPLEX, size, 255, thick, cv2.LINE_AA)
    sheet = drawn.astype(np.float32) / 255
    for row in range(0, side, 9):  # bridges of the stencil and the brush's dryness
        sheet[row : row + 2] *= 0.93
    p = x.position
    u = ((p[..., 0] + 0.19) / 0.38 * side).astype(np.float32)
    v = ((0.455 - p[..., 1]) / 0.41 * side).astype(np.float32)
    ink = cv2.remap(sheet, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    worn = np.clip(0.92 - 0.3 * ramp(noise(x, 0.02, 4), 0.4, 2.0) - 0.15 * np.abs(grain(x)), 0, 1)
    share = (ink * worn * (x.normal[..., 2] > 0.7)).astype(np.float32)
    return Paint(
        mix(under.color, np.broadcast_to(rgb("#1f1a17"), under.color.shape), share), under.roughness, under.height
    )
