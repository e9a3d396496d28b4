"""A builder's half model: one side of a steamship on a board, as yards showed them to those who ordered. Metres."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.modelling.machine_elements import TO_Z, at, disc
from recon.modelling.materials import brass, solid, timber
from recon.modelling.model import Model, fitted
from recon.modelling.solids import bar, block, mm, plate, rectangle, rod
from recon.modelling.surfaces import Patch, turn_about
from recon.modelling.textures import Paint, Painter, Texels, grain, mix, ramp, rgb, shaded

FloatArray = NDArray[np.float64]

LENGTH, BEAM, DEPTH, DRAUGHT = 1.30, 0.20, 0.150, 0.088  # at a scale of 1:48, a ship of 62 m
BOARD = (1.56, 0.40, 0.030)
KEEL_Y = 0.115  # of the keel above the board's lower edge


def half_hull(seed: int = 149) -> Model:
    """A half model of a screw steamer of the 1870s, clipper-bowed, on a varnished board with its plate."""
    mahogany = timber("#7d4527", "#4a2614", along=(1, 0, 0), ring=0.010, roughness=0.25, seed=131)
    z0 = BOARD[2]
    patches = at(
        0, BOARD[1] / 2, z0 / 2, [plate(rectangle(BOARD[0], BOARD[1], 0.02, 4), z0, mahogany, bevel=0.006, density=0.8)]
    )
    patches += [_hull(z0), *_deck(z0), *_works(z0)]
    plaque = at(
        0, 0.058, z0 + 0.0012, [plate(rectangle(0.24, 0.052, 0.006, 3), 0.003, _engraved, bevel=0.0008, density=3.0)]
    )
    patches += plaque
    for x in (-0.112, 0.112):
        patches += at(x, 0.058, z0 + 0.0028, [disc(0.0032, 0.0014, brass(), columns=14, bevel=0.0005)], TO_Z)
    return fitted(patches, seed=seed)


def _sheer(x: FloatArray) -> FloatArray:
    """Height of the deck's edge above the keel: it rises to both ends, more to the bow (+x)."""
    u = x / (LENGTH / 2)
    return np.asarray(DEPTH + 0.020 * np.clip(u, 0, 1.2) ** 2 + 0.011 * np.clip(-u, 0, 1.2) ** 2)


def _half_breadth(x: FloatArray, h: FloatArray) -> FloatArray:
    """Half the beam at `x` and the height above the keel, h: full amidships, hollow at the ends, flared at the bow."""
    u = x / (LENGTH / 2)
    deck = (1 - np.clip(np.abs(u + 0.02), 0, 1) ** np.where(u > 0, 2.6, 3.4)) ** 0.85
    level = np.clip(h / DEPTH, 0, 1.3)
    fullness = 0.17 + 0.75 * np.clip(np.abs(u), 0, 1) ** 1.7
    frame = np.clip(level, 1e-6, None) ** fullness
    tumble = 1 - 0.05 * np.clip(level - 0.6, 0, 1) * (1 - np.abs(u))
    return np.asarray(BEAM / 2 * np.clip(deck, 0, 1) * np.clip(frame, 0, 1.02) * tumble)


def _ends(level: FloatArray) -> tuple[FloatArray, FloatArray]:
    """x of the stern and of the stem at a share of the depth: a counter stern, a clipper bow."""
    stern = -LENGTH / 2 * (0.885 + 0.115 * np.clip((level - 0.62) / 0.38, 0, 1) ** 0.7)
    stem = LENGTH / 2 * (0.915 + 0.03 * level + 0.055 * np.clip(level - 0.35, 0, 1) ** 2 / 0.42)
    return np.asarray(stern), np.asarray(stem)


def _hull(z0: float) -> Patch:
    columns, rows = 150, 44
    level = np.linspace(0, 1, rows) ** 1.35
    stern, stem = _ends(level)
    share = 0.5 - 0.5 * np.cos(np.pi * np.linspace(0, 1, columns))
    x = stern[:, None] + (stem - stern)[:, None] * share
    h = level[:, None] * _sheer(x)
    inner = (share * (1 - share) * 4)[None] ** 0.35
    reach = LENGTH / 2 * 0.985
    z = _half_breadth(np.clip(x, -reach, reach), h) * np.clip(inner, 0, 1)
    z[0] = 0.003
    z[:, [0, -1]] = 0.003
    front = np.stack([x, KEEL_Y + h, z0 + np.maximum(z, 0.003)], -1)
    back = np.stack([x, KEEL_Y + h, np.full_like(x, z0 - 0.001)], -1)
    ring = np.concatenate([front, back[:, ::-1], front[:, :1]], 1)
    low, high = (np.repeat(ring[i].mean(0)[None], ring.shape[1], 0) for i in (0, -1))
    grid = np.concatenate([low[None], ring, high[None]])
    return Patch(grid, _coat, 1.4, even=True)


def _coat(x: Texels) -> Paint:
    """Red below the water, black above, a white line between and another at the rail; fine planks show."""
    y = x.position[..., 1] - KEEL_Y
    px = x.position[..., 0]
    below = (_sheer(px.astype(float)) - y).astype(np.float32)  # the rail
    red, black, white = rgb("#8a2f22"), rgb("#15171a"), rgb("#e9e2d0")
    soft = 0.0006
    tone = mix(np.broadcast_to(red, (*x.shape, 3)), black, ramp(y, DRAUGHT - soft, DRAUGHT + soft))
    line = ramp(y, DRAUGHT - soft, DRAUGHT + soft) * (1 - ramp(y, DRAUGHT + 0.004 - soft, DRAUGHT + 0.004 + soft))
    top = ramp(below, 0.0115, 0.0125) * (1 - ramp(below, 0.0155, 0.0165))
    gold = 1 - ramp(below, 0.0025, 0.0035)
    tone = mix(mix(tone, white, line), np.broadcast_to(white, tone.shape), top)
    tone = mix(tone, np.broadcast_to(rgb("#b98a3c"), tone.shape), gold)
    strake = np.abs(((y / np.maximum(y + below, 1e-6) * 13) % 1) - 0.5)
    seam = np.exp(-((strake / 0.02) ** 2)).astype(np.float32)
    port = np.zeros(x.shape, np.float32)
    for k in range(15):
        cx = -0.40 + 0.055 * k
        port = np.maximum(port, (np.hypot(px - cx, 0.028 - below) < 0.0042).astype(np.float32))
    tone = mix(tone, np.broadcast_to(rgb("#caa45c"), tone.shape), port * np.float32(0.9))
    tone = shaded(tone, (seam, -0.10), (solid(x, 0.05, 3, seed=133), 0.05), (grain(x), 0.015))
    return Paint(
        tone,
        np.full(x.shape, 0.22, np.float32),
        (-seam * 0.00008 + port * 0.0004).astype(np.float32),
        (0.8 * port).astype(np.float32),
    )


def _deck(z0: float) -> list[Patch]:
    """The deck's half, a little below the rail."""
    count = 90
    x = np.linspace(-LENGTH / 2 * 0.965, LENGTH / 2 * 0.955, count)
    edge = np.clip(_half_breadth(x, _sheer(x)) - 0.004, 0.0035, None)
    y = KEEL_Y + _sheer(x) + 0.0008
    pine = timber("#cfae7c", "#a57f4c", along=(1, 0, 0), ring=0.004, roughness=0.45, seed=137)
    return [_half_slab(x, y, edge, z0, 0.004, pine)]


def _half_slab(x: FloatArray, top: FloatArray, edge: FloatArray, z0: float, thick: float, painter: Painter) -> Patch:
    rings = []
    for xx, yy, zz in zip(x, top, edge, strict=True):
        b = min(0.001, zz / 4, thick / 4)
        rings.append(
            [
                (xx, yy - thick, z0 - 0.001),
                (xx, yy, z0 - 0.001),
                (xx, yy, z0 + zz - b),
                (xx, yy - b, z0 + zz),
                (xx, yy - thick, z0 + zz),
            ]
        )
    grid = np.array(rings, float)[:, ::-1]
    low, high = (np.repeat(grid[i].mean(0)[None], 5, 0) for i in (0, -1))
    grid = np.concatenate([low[None], grid, high[None]])
    grid = np.concatenate([grid, grid[:, :1]], 1)
    return Patch(grid[:, ::-1], painter, even=True)


def _works(z0: float) -> list[Patch]:
    """What stands on the deck, halved: houses, bridge, funnel, masts, boat; and below the counter rudder and screw."""

    def deck(x: float) -> float:
        return float(KEEL_Y + _sheer(np.array([x]))[0])

    varnish = timber("#9a6034", "#633a1d", along=(1, 0, 0), ring=0.006, roughness=0.3, seed=139)
    white = _plain("#e6dfcd", 0.4)
    made: list[Patch] = []
    for x, long, tall, deep in (
        (-0.10, 0.25, 0.026, 0.055),
        (0.145, 0.085, 0.028, 0.058),
        (-0.44, 0.17, 0.020, 0.05),
        (0.45, 0.16, 0.020, 0.045),
    ):
        made.append(
            block(
                (long, tall, deep),
                white if abs(x) < 0.2 else varnish,
                at=(x, deck(x) - 0.004, z0 + deep / 2 - 0.001),
                bevel=0.002,
            )
        )
        made.append(
            block(
                (long + 0.010, 0.003, deep + 0.006),
                varnish,
                at=(x, deck(x) + tall - 0.005, z0 + deep / 2),
                bevel=0.0008,
            )
        )
        for k in range(int(long / 0.026)):
            wx = x - long / 2 + 0.016 + 0.026 * k
            made += at(
                wx,
                deck(x) + tall * 0.5 - 0.004,
                z0 + deep - 0.0012,
                [disc(0.0036, 0.0016, brass(), columns=14, bevel=0.0004)],
                TO_Z,
            )
    made.append(block((0.035, 0.003, 0.088), varnish, at=(0.145, deck(0.145) + 0.046, z0 + 0.043), bevel=0.0008))
    for dx in (-0.014, 0.014):
        made.append(
            rod(
                (0.145 + dx, deck(0.145), z0 + 0.082),
                (0.145 + dx, deck(0.145) + 0.048, z0 + 0.082),
                0.0012,
                brass(),
                sides=8,
                bevel=0.0003,
            )
        )
    made += at(
        -0.03,
        deck(-0.03) + 0.012,
        z0,
        [_half_round(mm("21,0 21,2 19,4 19,98 20.5,99 20.5,108 19,109 19,118 0,118"), _funnel)],
        turn_about("z", 4.5),
    )
    for x, tall in ((0.315, 0.155), (-0.27, 0.145)):
        top = (x - tall * 0.075, deck(x) + tall, z0 + 0.004)
        made.append(rod((x, deck(x) - 0.01, z0 + 0.004), top, [0.0052, 0.0045, 0.0032], varnish, sides=12))
        made.append(
            rod(
                (x - 0.01, deck(x) + 0.03, z0 + 0.004),
                (x - 0.13, deck(x) + 0.055, z0 + 0.004),
                [0.003, 0.0036, 0.0022],
                varnish,
                sides=10,
            )
        )
    made.append(
        rod(
            (LENGTH / 2 - 0.015, deck(LENGTH / 2) - 0.012, z0 + 0.004),
            (LENGTH / 2 + 0.075, deck(LENGTH / 2) + 0.018, z0 + 0.004),
            [0.0052, 0.0045, 0.003],
            varnish,
            sides=12,
        )
    )
    share = np.linspace(-1, 1, 15)
    boat = np.stack([0.085 * share / 2, np.zeros(15), np.zeros(15)], -1)
    shell = np.stack([0.012 * np.clip(1 - share**2, 0.02, 1) ** 0.6, 0.012 * np.clip(1 - share**2, 0.02, 1) ** 0.5], -1)
    made += at(
        -0.10,
        deck(-0.10) + 0.050,
        z0 + 0.056,
        [bar(boat, mm("-1000,250 -850,-450 -350,-1000 350,-1000 850,-450 1000,250"), white, scale=shell, bevel=0.0004)],
    )
    for dx in (-0.026, 0.026):
        davit = np.array(
            [
                (-0.10 + dx, deck(-0.1), z0 + 0.080),
                (-0.10 + dx, deck(-0.1) + 0.045, z0 + 0.082),
                (-0.10 + dx, deck(-0.1) + 0.062, z0 + 0.072),
                (-0.10 + dx, deck(-0.1) + 0.060, z0 + 0.058),
            ]
        )
        made.append(
            bar(
                davit,
                0.0013 * np.stack([np.cos(np.arange(8) * np.pi / 4), np.sin(np.arange(8) * np.pi / 4)], -1),
                brass(),
                up=(1, 0, 0),
                bevel=0.0003,
            )
        )
    keel = np.array(
        [
            (-LENGTH / 2 * 0.93, -0.006),
            (LENGTH / 2 * 0.90, -0.006),
            (LENGTH / 2 * 0.915, 0.004),
            (-LENGTH / 2 * 0.93, 0.004),
        ]
    )
    made += at(0, KEEL_Y, z0 + 0.003, [plate(keel, 0.008, varnish, bevel=0.001)])
    rudder = np.array(mm("-45,0 -4,-4 -4,105 -18,105 -45,60"))
    made += at(
        -LENGTH / 2 * 0.93 + 0.012, KEEL_Y, z0 + 0.003, [plate(rudder, 0.006, _plain("#8a2f22", 0.3), bevel=0.001)]
    )
    outline = mm("6,-4 24,-11 34,0 24,11 6,4")
    for angle in (45, 315):  # of the screw's four blades the half model shows two
        blade = plate(outline, 0.003, brass(), bevel=0.0008)
        spun = turn_about("x", angle) @ turn_about("z", 90) @ turn_about("x", 62)
        made += at(-LENGTH / 2 * 0.905, KEEL_Y + 0.042, z0 + 0.006, [blade], spun)
    made += at(
        -LENGTH / 2 * 0.905,
        KEEL_Y + 0.042,
        z0 + 0.005,
        [rod((-0.012, 0, 0), (0.03, 0, 0), [0.004, 0.006, 0.007], brass(), sides=14)],
    )
    return made


def _half_round(profile: FloatArray, painter: Painter) -> Patch:
    """Half a turned thing, its flat side on z = 0."""
    line = np.concatenate([[(0.0, profile[0, 1])], profile]) if profile[0, 0] else profile
    angle = np.linspace(np.pi, 0, 25)
    grid = np.stack(
        [np.stack([r * np.cos(angle), np.full(25, y), np.maximum(r * np.sin(angle), 0)], -1) for r, y in line]
    )
    return Patch(np.concatenate([grid, grid[:, :1]], 1), painter, even=True)


def _plain(color: str, roughness: float) -> Painter:
    def paint(x: Texels) -> Paint:
        tone = shaded(
            np.broadcast_to(rgb(color), (*x.shape, 3)), (solid(x, 0.03, 3, seed=141), 0.05), (grain(x), 0.012)
        )
        return Paint(tone, np.full(x.shape, roughness, np.float32), np.zeros(x.shape, np.float32))

    return paint


def _funnel(x: Texels) -> Paint:
    plain = _plain("#d9c9a0", 0.35)(x)
    top = ramp(x.position[..., 1], 0.362, 0.3635)
    return Paint(
        mix(plain.color, np.broadcast_to(rgb("#17181a"), plain.color.shape), top), plain.roughness, plain.height
    )


def _engraved(x: Texels) -> Paint:
    """A brass plate with its lettering filled black."""
    plate_ = brass(143)(x)
    sheet = np.zeros((104, 480), np.uint8)
    for text, y, size, thick in (("SCREW STEAMER", 46, 1.1, 2), ("HALF MODEL   1 : 48", 84, 0.7, 1)):
        (w, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, size, thick)
        cv2.putText(sheet, text, (240 - w // 2, y), cv2.FONT_HERSHEY_DUPLEX, size, 255, thick, cv2.LINE_AA)
    u = ((x.position[..., 0] + 0.12) * 2000).astype(np.float32)
    v = ((0.058 + 0.026 - x.position[..., 1]) * 2000).astype(np.float32)
    ink = cv2.remap(sheet.astype(np.float32) / 255, u, v, cv2.INTER_LINEAR) * (x.normal[..., 2] > 0.7)
    bare = np.broadcast_to(np.float32(plate_.metallic), x.shape)
    filled = mix(plate_.color, np.broadcast_to(rgb("#1c1712"), plate_.color.shape), ink.astype(np.float32))
    cut = (plate_.height - 0.0002 * ink).astype(np.float32)
    return Paint(filled, plate_.roughness, cut, (bare * (1 - ink)).astype(np.float32))
