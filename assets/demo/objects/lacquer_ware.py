"""Fuzhou's lacquer: a box carved through its layers, a tray inlaid with shell. Life size, metres."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from assets.demo.objects.lacquer import BLACK, gilded, lacquered
from assets.demo.objects.porcelain import walled
from recon.modelling.lathe_drawing import LatheDrawing
from recon.modelling.machine_elements import at
from recon.modelling.materials import solid
from recon.modelling.model import Model, fitted
from recon.modelling.solids import bevelled, block, mm, plate, rectangle
from recon.modelling.surfaces import Patch, lathe, smooth_profile, turn_about
from recon.modelling.textures import Paint, Painter, Texels, mix, over, ramp, rgb

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]


def lacquer_box(seed: int = 101) -> Model:
    """A covered box in tixi: black and red lacquer in turn, two hundred coats, cut through in cloud scrolls."""
    low_out = np.concatenate([mm("70,0 80,1.5 92,14 96,26"), mm("96,31")])
    low_in = mm("93.4,31.3 93,36 91,36 90.5,28 86,10 76,5.5 0,5")
    body = walled(low_out, low_in, over(lacquered(BLACK, gloss=0.10), _tixi_side), foot=0.006, columns=160)
    shell = np.concatenate(
        [mm("0,60 70,57.5 86,51 91.8,42 92.4,31.8 96,31.8 96.2,40 91,53 78,62.5 60,66 30,67.5 0,68")]
    )
    fine = np.concatenate([bevelled(shell[:6], 0.0008), smooth_profile(shell[6:], 40)])
    made = lathe(fine, over(lacquered(BLACK, gloss=0.10), _tixi_top), columns=200)
    lid = Patch(made.grid, made.painter, 1.2, even=True)
    return fitted([body, lid], seed=seed)


def _layered(under: Paint, depth: Float32Array) -> Paint:
    """A V-shaped cut of `depth` 0..1: its walls show black, red, black, red, with a thin yellow between."""
    bands = [rgb(c) for c in (BLACK, "#7d1d12", BLACK, "#8b2415", "#14100e")]
    place = np.clip(depth, 0, 0.999) * len(bands)
    tone = np.stack(bands)[place.astype(int)]
    yellow = np.exp(-(((place - 1.0) / 0.10) ** 2)) + np.exp(-(((place - 3.0) / 0.10) ** 2))
    tone = mix(
        tone.astype(np.float32),
        np.broadcast_to(rgb("#a0782c"), tone.shape),
        np.clip(yellow, 0, 1).astype(np.float32) * np.float32(0.5),
    )
    tone = np.where((depth > 0.05)[..., None], tone, under.color)
    return Paint(
        tone.astype(np.float32),
        (under.roughness + 0.12 * depth).astype(np.float32),
        (under.height - 0.0021 * depth).astype(np.float32),
    )


def _cloud(sheet: NDArray[np.uint8], middle: FloatArray, spin: float, reach: float, thick: int) -> None:
    """A ruyi cloud: two volutes that meet in a point, drawn on `sheet` in place; lengths in px."""
    turn = np.array([[np.cos(spin), -np.sin(spin)], [np.sin(spin), np.cos(spin)]])
    for scale in (1.0, 0.62):
        for side in (-1, 1):
            angle = np.linspace(-0.55 * np.pi, 1.75 * np.pi, 46)
            r = np.interp(np.linspace(0, 1, 46), [0, 0.55, 1], [0.52, 0.40, 0.10])
            curl = np.stack([side * (0.44 + r * np.cos(angle)), 0.05 - r * np.sin(angle)], -1)
            foot = np.array([(0.0, 0.98), (side * 0.10, 0.80)])
            line = np.concatenate([foot, curl]) * scale * reach @ turn.T + middle
            cv2.polylines(sheet, [np.round(line * 8).astype(np.int32)], False, 255, thick, cv2.LINE_AA, 3)


def _cut(sheet: NDArray[np.uint8], wide: float) -> Float32Array:
    """How deep the V is: 1 on the drawn line's middle."""
    inside = cv2.distanceTransform((sheet > 127).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(np.clip(inside / np.float32(wide), 0, 1), np.float32)


def _tixi_top(x: Texels, under: Paint) -> Paint:
    side, reach = 900, 0.1
    sheet = np.zeros((side, side), np.uint8)
    for ring, (count, radius, size) in enumerate(((1, 0.0, 0.0), (6, 0.275, 0.185), (12, 0.66, 0.185))):
        for k in range(count):
            angle = 2 * np.pi * k / count + 0.3 * ring
            middle = np.array(
                [side / 2 + radius * side / 2 * np.cos(angle), side / 2 + radius * side / 2 * np.sin(angle)]
            )
            if size:
                _cloud(sheet, middle, angle - np.pi / 2, size * side / 2, 17)
    for radius in (0.09, 0.47, 0.875):
        cv2.circle(sheet, (side // 2, side // 2), round(radius * side / 2), 255, 13, cv2.LINE_AA)
    depth = _cut(sheet, 8.5)
    u = ((x.position[..., 0] / reach + 1) * side / 2).astype(np.float32)
    v = ((x.position[..., 2] / reach + 1) * side / 2).astype(np.float32)
    top = ramp(x.position[..., 1], 0.046, 0.048) * (x.normal[..., 1] > 0.1)
    return _layered(under, (cv2.remap(depth, u, v, cv2.INTER_LINEAR) * top).astype(np.float32))


def _tixi_side(x: Texels, under: Paint) -> Paint:
    sheet = LatheDrawing(x)
    for k in range(18):
        place = sheet.at((k + 0.5) / 18, 0.0135, np.zeros((1, 2)))[0]
        _cloud(sheet.ink, place, np.pi if k % 2 else 0.0, 0.0115 / sheet.texel, max(3, round(0.0020 / sheet.texel)))
    for height in (0.0022, 0.0285):
        sheet.band(height, 0.0016)
    return _layered(
        under, _cut(sheet.ink, max(1.5, 0.0010 / sheet.texel)) * np.asarray(sheet.relief(0.0) > 0, np.float32)
    )


def lacquer_tray(seed: int = 103) -> Model:
    """A long tray in black lacquer, a plum branch and the moon laid in with mother-of-pearl, 0.44 m long."""
    wide, deep = 0.44, 0.28
    black = lacquered(BLACK)
    red = lacquered("#5e1510", gloss=0.12)
    patches = [
        plate(rectangle(wide - 0.01, deep - 0.01, 0.03, 6), 0.008, over(black, _plum), bevel=0.0015, density=1.5)
    ]
    patches = at(0, 0.010, 0, patches, turn_about("x", -90))
    section = mm("0,0 6,0 12,18 12.5,30 9,30.5 6.5,19 0,7")
    outline = rectangle(wide - 0.012, deep - 0.012, 0.031, 6)[::-1]
    patches.append(_rim(outline, section, over(black, _fillet)))
    for x in (-1, 1):
        for z in (-1, 1):
            patches.append(
                block((0.05, 0.008, 0.03), red, at=(x * (wide / 2 - 0.055), 0.0, z * (deep / 2 - 0.045)), bevel=0.002)
            )
    return fitted(patches, seed=seed)


def _rim(outline: FloatArray, section: FloatArray, painter: Painter) -> Patch:
    """A wall round a tray: the section (N, 2), outwards and up, carried round the outline, clockwise in x and z."""
    ahead = np.roll(outline, -1, 0) - np.roll(outline, 1, 0)
    out = np.stack([-ahead[:, 1], ahead[:, 0]], -1)
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    line = np.concatenate([section, section[:1]])
    grid = np.stack([
        np.stack([outline[:, 0] + out[:, 0] * a, np.full(len(outline), 0.0065 + b), outline[:, 1] + out[:, 1] * a], -1)
        for a, b in line
    ])  # fmt: skip
    grid = np.concatenate([grid, grid[:, :1]], 1)
    return Patch(grid, painter, even=True)


def _fillet(x: Texels, under: Paint) -> Paint:
    """A thread of gold along the lip."""
    lip = ramp(x.position[..., 1], 0.0355, 0.0358)
    return gilded(under, lip)


def _shell(x: Texels) -> Float32Array:
    """Mother-of-pearl: colours that drift from piece to piece and with the nacre's growth."""
    phase = 3.2 * solid(x, 0.018, 2, seed=71) + 18 * x.position[..., 0] + 0.7 * solid(x, 0.004, 2, seed=72)
    wave = np.stack([np.cos(phase), np.cos(phase - 2.1), np.cos(phase + 2.1)], -1)
    return np.asarray(rgb("#c9d6cf") * (1 + 0.34 * wave), np.float32)


BRANCHES = (  # in mm from the tray's middle, and how thick at the start, px
    ("-210,-100 -140,-70 -80,-15 0,0 60,45 150,50", 15),
    ("-100,-35 -90,30 -50,75 -40,115", 9),
    ("10,5 70,-30 130,-35 180,-75", 8),
    ("60,45 80,85 130,100", 6),
)


def _plum(x: Texels, under: Paint) -> Paint:
    """The branch rises from the lower left, blossoms open and in bud, the moon behind it."""
    wide, tall, scale = 880, 560, 2000.0  # px, px per metre
    sheet, lines = np.zeros((tall, wide), np.uint8), np.zeros((tall, wide), np.uint8)
    rng = np.random.default_rng(7)

    def px(points: ArrayLike) -> NDArray[np.int32]:
        line = np.asarray(points, float) * (1, -1) * scale + (wide / 2, tall / 2)
        return np.round(line * 8).astype(np.int32)

    cv2.circle(sheet, (620, 170), 88, 255, -1, cv2.LINE_AA)
    for branch, thick in BRANCHES:
        line = smooth_profile(mm(branch), 60) + rng.normal(0, 0.0006, (60, 2))
        for i in range(59):
            cv2.polylines(
                lines, [px(line[i : i + 2])], False, 255, round(thick * (1 - 0.6 * i / 60)) + 9, cv2.LINE_AA, 3
            )
    sheet[lines > 100] = 0
    lines[:] = 0
    for branch, thick in BRANCHES:
        line = smooth_profile(mm(branch), 60)
        for i in range(59):
            cv2.polylines(
                sheet, [px(line[i : i + 2])], False, 255, max(3, round(thick * (1 - 0.6 * i / 60))), cv2.LINE_AA, 3
            )
        for share in rng.uniform(0.25, 1.0, 7):
            spot = line[min(59, int(share * 59))] + rng.normal(0, 0.009, 2)
            reach = float(rng.uniform(0.010, 0.015))
            cv2.circle(
                sheet, tuple(int(v) for v in px([spot])[0] // 8), round(reach * scale * 1.12), 0, -1, cv2.LINE_AA
            )
            for k in range(5):
                a = 2 * np.pi * k / 5 + share * 9
                petal = spot + 0.58 * reach * np.array([np.cos(a), np.sin(a)])
                cv2.circle(
                    sheet, tuple(int(v) for v in px([petal])[0] // 8), round(reach * scale * 0.42), 255, -1, cv2.LINE_AA
                )
            cv2.circle(sheet, tuple(int(v) for v in px([spot])[0] // 8), 3, 0, -1, cv2.LINE_AA)
    inside = np.zeros_like(sheet)
    cv2.rectangle(inside, (30, 30), (wide - 30, tall - 30), 255, 2, cv2.LINE_AA)
    u = (x.position[..., 0] * scale + wide / 2).astype(np.float32)
    v = (x.position[..., 2] * scale + tall / 2).astype(np.float32)
    top = (x.normal[..., 1] > 0.8).astype(np.float32)
    share = cv2.remap(sheet.astype(np.float32) / 255, u, v, cv2.INTER_LINEAR) * top
    thread = cv2.remap(inside.astype(np.float32) / 255, u, v, cv2.INTER_LINEAR) * top
    share = share.astype(np.float32)
    smooth = mix(under.roughness, np.full_like(share, 0.16), share)
    pearl = Paint(mix(under.color, _shell(x), share), smooth, under.height, np.float32(0.35) * share)
    return gilded(pearl, thread.astype(np.float32))
