"""Diagrams without words: sections of the kiln and the engine, how tea is made, the layers of lacquer."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assets.demo.objects import engine
from assets.demo.objects.lacquer import bodiless_vase, vase_ash, vase_cloth, vase_core
from assets.demo.objects.tea import frying_wok, tumbling_drum, withering_sieve
from assets.demo.objects.tea_machines import roasting_basket, rolling_machine
from assets.demo.objects.tea_service import gaiwan
from recon.modelling.drawing import BRICK, CLAY, EARTH, FIRE, GOLD, INK, IRON, PAPER, SMOKE, STEAM, ByteArray, Sheet
from recon.modelling.motion import slider_crank
from recon.modelling.portrait import portrait
from recon.modelling.solids import curve

FloatArray = NDArray[np.float64]


def kiln_section() -> ByteArray:
    """The tunnel climbs its hill; the fire is lit below, drawn through the stacked saggars, fed from the side above."""
    sheet = Sheet()
    slope = -0.285
    start, end, chambers = np.array([250.0, 690.0]), 1330.0, 8

    def floor(x: float) -> float:
        return float(start[1] + slope * (x - start[0]))

    hill = (
        [(0, 770), (150, 735), (250, 708)]
        + [(x, floor(x) + 15) for x in (400, 700, 1000, 1330)]
        + [(1450, 360), (1600, 330), (1600, 900), (0, 900)]
    )
    sheet.area(hill, EARTH, ink=None)
    for k, tint in enumerate(("#a97f58", "#99714d", "#8a6444")):
        band = [
            (0, 800 + 34 * k),
            (400, 740 + 36 * k),
            (900, 630 + 52 * k),
            (1330, 520 + 66 * k),
            (1600, 450 + 80 * k),
            (1600, 900),
            (0, 900),
        ]
        sheet.area(band, tint, ink=None)
    sheet.line(hill[:-2], INK, 2.5)
    wide, tall, wall = (end - start[0]) / chambers, 128.0, 20.0
    for outer in (True, False):
        for i in range(chambers):
            a, b = start[0] + i * wide, start[0] + (i + 1) * wide
            angle = np.linspace(np.pi, 0, 30)
            grow = wall if outer else 0
            xs = (a + b) / 2 + (wide / 2 + grow * 0.5) * np.cos(angle)
            rise = floor((a + b) / 2) - tall * 0.55 - (tall * 0.45 + grow) * np.sin(angle)
            arch = np.stack([xs, rise + slope * (xs - (a + b) / 2)], -1)
            low = [(xs[-1], floor(xs[-1]) + grow * 0.8), (xs[0], floor(xs[0]) + grow * 0.8)]
            sheet.area(np.concatenate([arch, low]), BRICK if outer else "#f0cf9a", ink=INK if outer else None)
            if not outer:
                glow = [(a, floor(a)), (b, floor(b)), (b, floor(b) - tall * 0.4), (a, floor(a) - tall * 0.4)]
                sheet.area(glow, "#f3bb74", ink=None)
    for i in range(chambers):  # saggars in stacks, a gap for the fire between them
        for j in range(3):
            x = start[0] + i * wide + wide * (0.20 + 0.27 * j)
            for level in range(4):
                y = floor(x) - 21 * level
                sheet.area([(x - 13, y - 19), (x + 13, y - 19), (x + 11, y - 1), (x - 11, y - 1)], CLAY, line=1.6)
                if level == 3:
                    bowl = np.linspace(0, np.pi, 12)
                    sheet.area(np.stack([x + 9 * np.cos(bowl), y - 20 + 8 * np.sin(bowl)], -1), "#ffffff", line=1.4)
        if i:
            x = start[0] + i * wide
            sheet.area(
                [
                    (x - 7, floor(x)),
                    (x + 7, floor(x)),
                    (x + 7, floor(x) - tall * 0.52),
                    (x - 7, floor(x) - tall * 0.52),
                ],
                BRICK,
                line=1.6,
            )
            for hole in (0, 1):
                sheet.box(x - 8, floor(x) - 16 - 22 * hole, 16, 9, "#f3a14b", ink=None)
    mouth = [(150, 735), (250, 735), (250, 560), (228, 540), (190, 560), (150, 640)]
    sheet.area(mouth, BRICK)
    sheet.area([(168, 728), (250, 720), (250, 610), (222, 590), (190, 610), (168, 660)], "#f0a54c", ink=None)
    for k, (x, y, size) in enumerate(((185, 722, 34), (210, 720, 46), (236, 716, 38), (262, 700, 30))):
        del k
        flame = curve(
            [
                (x - size * 0.35, y),
                (x - size * 0.3, y - size * 0.6),
                (x, y - size * 1.5),
                (x + size * 0.3, y - size * 0.6),
                (x + size * 0.35, y),
            ],
            30,
        )
        sheet.area(flame, FIRE, ink=None)
        sheet.area((flame - (x, y)) * 0.55 + (x, y), "#f9d56a", ink=None)
    for k in range(3):
        sheet.line([(112 + 8 * k, 738 - 7 * k), (206 + 8 * k, 722 - 7 * k)], "#6b4a30", 8)
    for i in range(chambers):  # the draught: over the saggars, down, and through to the next chamber
        a = start[0] + i * wide
        path = curve(
            [
                (a + wide * 0.06, floor(a) - 34),
                (a + wide * 0.30, floor(a) - tall * 0.78),
                (a + wide * 0.66, floor(a + wide * 0.66) - tall * 0.72),
                (a + wide * 0.93, floor(a + wide) - 34),
            ],
            24,
        )
        sheet.arrow(path, "#d4481f", 4.5, 17)
    for i in (2, 4, 6):  # wood through the side holes, chamber after chamber
        x = start[0] + (i + 0.5) * wide
        top = floor(x) - tall - wall * 0.7
        sheet.box(x - 8, top - 2, 16, 22, "#5a3424", line=1.6)
        sheet.line([(x - 22, top - 58), (x - 2, top - 8)], "#6b4a30", 7)
        sheet.arrow([(x + 12, top - 62), (x + 10, top - 14)], INK, 2.5, 12)
    vent = end + 2
    for k in range(4):
        sheet.box(vent + 2, floor(end) - 32 - 24 * k, 22, 12, "#5a3424", line=1.6)
    for k, puff in enumerate((18, 26, 36, 48)):
        sheet.circle(
            (vent + 62 + 34 * k, floor(end) - 70 - 52 * k),
            puff,
            ("#8f897f", "#a19b91", "#b5b0a7", "#cbc7bf")[k],
            ink=None,
        )
    for tree_x, grown in ((46, 1.0), (1500, 1.1), (1568, 0.8)):  # pines on the hill
        ground = 760.0 if tree_x < 200 else 364 - (tree_x - 1440) * 0.2
        sheet.box(tree_x - 4, ground - 46 * grown, 8, 46 * grown, "#6b4a30", ink=None)
        for k in range(3):
            y = ground - (30 + 34 * k) * grown
            sheet.area(
                [(tree_x - (44 - 11 * k) * grown, y), (tree_x + (44 - 11 * k) * grown, y), (tree_x, y - 52 * grown)],
                "#5f7a4a",
                ink=None,
            )
    _figure(sheet, 96, 744, 92)
    _figure(sheet, start[0] + 3.5 * wide, floor(start[0] + 3.5 * wide) - tall - wall + 3, 84)
    return sheet.finished()


def _figure(sheet: Sheet, x: float, y: float, tall: float) -> None:
    """A person for scale: head, coat, legs."""
    sheet.circle((x, y - tall * 0.90), tall * 0.085, INK, ink=None)
    sheet.area(
        [
            (x - tall * 0.13, y - tall * 0.78),
            (x + tall * 0.13, y - tall * 0.78),
            (x + tall * 0.15, y - tall * 0.40),
            (x - tall * 0.15, y - tall * 0.40),
        ],
        "#4d6173",
        ink=None,
    )
    for side in (-1, 1):
        sheet.line([(x + side * tall * 0.07, y - tall * 0.42), (x + side * tall * 0.09, y)], INK, tall * 0.085)
        sheet.line(
            [(x + side * tall * 0.12, y - tall * 0.75), (x + tall * 0.22 + side * 3, y - tall * 0.50)],
            "#4d6173",
            tall * 0.07,
        )


def engine_section() -> ByteArray:
    """Fresh steam red, spent steam grey: the slide valve lets one in behind the piston as the other leaves."""
    sheet = Sheet()
    scale, base = 430.0, (1180.0, 520.0)  # px per metre; the shaft

    def at(x: float, y: float) -> tuple[float, float]:
        return base[0] + x * scale, base[1] - y * scale

    crank = np.pi - np.radians(62)
    distance, _ = slider_crank(np.array([crank]), engine.THROW, engine.ROD)
    pin, head = at(engine.THROW * np.cos(crank), engine.THROW * np.sin(crank)), at(-float(distance[0]), 0)
    for radius, tint in ((300, IRON), (262, PAPER)):
        sheet.circle(base, radius, tint)
    for k in range(6):
        a = np.pi / 3 * k + 0.3
        sheet.line(
            [
                (base[0] + 50 * np.cos(a), base[1] + 50 * np.sin(a)),
                (base[0] + 264 * np.cos(a), base[1] + 264 * np.sin(a)),
            ],
            "#a33a2c",
            20,
        )
    sheet.circle(base, 62, "#a33a2c")
    sheet.box(60, 690, 1480, 150, "#8d8a84")
    sheet.box(110, 650, 1250, 42, "#2f5d48")
    left, right, top, low, wall = 195.0, 480.0, 420.0, 620.0, 24.0
    sheet.hatched(left - wall, top - wall, right - left + 2 * wall, wall)
    sheet.hatched(left - wall, low, right - left + 2 * wall, wall)
    sheet.hatched(left - wall, top, wall, low - top)
    sheet.hatched(right, top, wall, 76)
    sheet.hatched(right, low - 76, wall, 76)
    piston = head[0] - 400
    sheet.box(left, top, piston - left, low - top, "#e5a394", ink=None)
    sheet.box(piston, top, right - piston, low - top, "#d5d2cc", ink=None)
    chest = (205.0, 300.0, 265.0, 96.0)  # the valve chest with its three ports
    sheet.hatched(chest[0] - 20, chest[1] - 20, chest[2] + 40, chest[3] + 20)
    sheet.box(chest[0], chest[1], chest[2], chest[3], "#e5a394")
    sheet.box(chest[0], chest[1] + chest[3] - 2, chest[2], 12, IRON)
    for x0, x1, tint in ((229, left + 18, "#e5a394"), (404, right - 18, "#d5d2cc")):
        port = np.array(
            [(x0 - 13, 404), (x0 + 13, 404), (x1 + (13 if x1 > 300 else 15), 420), (x1 - (15 if x1 > 300 else 13), 420)]
        )
        sheet.area(port, tint, line=1.6)
    sheet.box(318, 394, 26, 26, "#d5d2cc", line=1.6)
    sheet.line([(331, 300), (331, 262)], "#d5d2cc", 20)
    sheet.area(
        [
            (262, 396),
            (262, 346),
            (290, 330),
            (420, 330),
            (448, 346),
            (448, 396),
            (424, 396),
            (424, 362),
            (286, 362),
            (286, 396),
        ],
        BRICK,
    )
    sheet.line([(448, 350), (760, 350)], INK, 9)
    sheet.line([(448, 350), (760, 350)], "#b9bcbd", 5)
    sheet.line([(760, 350), (base[0] - 26, base[1] - 24)], INK, 9)
    sheet.line([(760, 350), (base[0] - 26, base[1] - 24)], "#b9bcbd", 5)
    sheet.circle((760, 350), 11, GOLD)
    sheet.circle((base[0] - 26, base[1] - 24), 40, GOLD)
    sheet.arrow([(232, 200), (232, 292)], STEAM, 14, 34)
    sheet.arrow(curve([(228, 352), (226, 400), (212, 436), (236, 500)], 24), STEAM, 8, 24)
    sheet.arrow(
        curve([(410, 540), (452, 470), (455, 424), (405, 398), (390, 374), (346, 374), (331, 402)], 30), SMOKE, 8, 24
    )
    sheet.arrow([(331, 262), (331, 188)], SMOKE, 14, 34)
    sheet.box(piston - 26, top + 2, 52, low - top - 4, IRON)
    for k in (-12, 8):
        sheet.line([(piston + k, top + 2), (piston + k, low - 2)], "#e9e4da", 3)
    sheet.arrow([(piston + 44, low - 34), (piston + 118, low - 34)], INK, 5, 20)
    sheet.line([(piston + 26, base[1]), head], INK, 20)
    sheet.line([(piston + 26, base[1]), head], "#c9cccc", 14)
    for y in (base[1] - 64, base[1] + 46):
        sheet.box(590, y, 320, 18, "#b9bcbd")
    sheet.box(600, base[1] + 64, 26, 68, "#2f5d48")
    sheet.box(874, base[1] + 64, 26, 68, "#2f5d48")
    sheet.box(head[0] - 46, base[1] - 44, 92, 88, IRON)
    weight = np.linspace(-1.05, 1.05, 20) + np.arctan2(base[1] - pin[1], base[0] - pin[0])
    rim = np.stack([base[0] + 128 * np.cos(weight), base[1] + 128 * np.sin(weight)], -1)
    sheet.area(np.concatenate([rim, [base]]), "#3a3f40")
    sheet.line([base, pin], INK, 72)
    sheet.line([base, pin], "#3a3f40", 66)
    sheet.line([head, pin], INK, 34)
    sheet.line([head, pin], "#c9cccc", 28)
    for middle in (head, pin):
        sheet.circle(middle, 26, GOLD)
        sheet.circle(middle, 14, "#c9cccc")
    sheet.circle(base, 36, "#c9cccc")
    angle = np.linspace(np.radians(200), np.radians(262), 20)
    sheet.arrow(np.stack([base[0] + 334 * np.cos(angle), base[1] + 334 * np.sin(angle)], -1), INK, 6, 26)
    return sheet.finished()


def tea_process() -> ByteArray:
    """Withered, tumbled, fired, rolled, roasted, drunk: six pictures and the way from one to the next."""
    sheet = Sheet(1600, 1060)
    steps = (
        (withering_sieve, 20, 38),
        (tumbling_drum, 28, 14),
        (frying_wok, 25, 24),
        (rolling_machine, 25, 18),
        (roasting_basket, 25, 24),
        (gaiwan, 25, 28),
    )
    size = 400
    places = [(80, 70), (600, 70), (1120, 70), (1120, 590), (600, 590), (80, 590)]
    for (make, azimuth, elevation), (x, y) in zip(steps, places, strict=True):
        sheet.circle((x + size / 2, y + size / 2), size / 2 + 10, GOLD, ink=None)
        shown = portrait(make(), size, azimuth_deg=azimuth, elevation_deg=elevation, fill=0.72)
        sheet.paste(shown, x, y, disc=True)
    for (ax, ay), (bx, by) in pairwise(places):
        a, b = np.array([ax + size / 2, ay + size / 2]), np.array([bx + size / 2, by + size / 2])
        way = (b - a) / np.linalg.norm(b - a)
        sheet.arrow([a + way * (size / 2 + 22), b - way * (size / 2 + 22)], "#5f7a4a", 9, 34)
    return sheet.finished()


def lacquer_layers() -> ByteArray:
    """One vase in four states, side by side within its outline; beside it the layers, peeled back and much enlarged."""
    sheet = Sheet(1600, 1000)
    size = 960
    states = [
        portrait(make(), size, azimuth_deg=0, elevation_deg=6, fill=0.92)
        for make in (vase_core, vase_cloth, vase_ash, bodiless_vase)
    ]
    edges = np.linspace(0.245, 0.755, 5) * size
    whole = states[0].copy()
    for k, state in enumerate(states):
        a = 0 if k == 0 else round(edges[k])
        b = size if k == 3 else round(edges[k + 1])
        whole[:, a:b] = state[:, a:b]
    sheet.paste(whole[:, 60:], 0, 20, faded=90)
    tints = ("#d6cab2", "#a98456", "#57504a", "#8f1f14", GOLD)
    rng = np.random.default_rng(4)
    for k, tint in enumerate(tints):
        x, y, wide, tall = 900.0, 800.0 - 130 * k, 600.0 - 105 * k, 104.0
        sheet.area([(x, y), (x + wide, y), (x + wide + 60, y - 60), (x + 60, y - 60)], _lighter(tint, 1.12))
        sheet.area(
            [(x + wide, y), (x + wide + 60, y - 60), (x + wide + 60, y - 60 + tall), (x + wide, y + tall)],
            _lighter(tint, 0.82),
        )
        sheet.box(x, y, wide, tall, tint)
        if k == 0:
            for px, py in rng.uniform((x + 8, y + 8), (x + wide - 8, y + tall - 8), (170, 2)):
                sheet.circle((px, py), float(rng.uniform(1.5, 4)), "#bfae90", ink=None)
        if k == 1:
            for c in np.arange(x + 9, x + wide, 18):
                sheet.line([(c, y + 3), (c, y + tall - 3)], "#7d5c36", 3)
            for c in np.arange(y + 9, y + tall, 18):
                wave = np.arange(x + 2, x + wide - 2, 4.5)
                sheet.line(
                    np.stack([wave, c + 3.4 * np.sin((wave - x) * np.pi / 18 + np.pi * round((c - y) / 18))], -1),
                    "#d8b98a",
                    4,
                )
        if k == 2:
            for px, py in rng.uniform((x + 8, y + 8), (x + wide - 8, y + tall - 8), (300, 2)):
                sheet.line([(px, py), (px + float(rng.uniform(4, 14)), py)], "#6f665e", 1.5)
        if k == 3:
            for c in range(1, 6):
                sheet.line([(x + 2, y + tall * c / 6), (x + wide - 2, y + tall * c / 6)], "#5e130c", 2)
        sheet.line([(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall), (x, y)], INK, 2.5)
    for k in range(4):  # from each state to its layer
        a = np.array([-60 + (edges[k] + edges[k + 1]) / 2, 20 + size * (0.66 - 0.09 * k)])
        sheet.circle(a, 9, PAPER, line=3)
        sheet.line([tuple(a), (800 + 22 * k, a[1]), (800 + 22 * k, 852 - 130 * k), (890, 852 - 130 * k)], INK, 2.5)
    return sheet.finished()


def _lighter(code: str, share: float) -> str:
    return "#" + "".join(f"{min(255, round(int(code[i : i + 2], 16) * share)):02x}" for i in (1, 3, 5))
