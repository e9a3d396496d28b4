"""The rolling machine and the roasting basket of Anxi's tea. Life size, metres."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assets.demo.objects.bamboo import bamboo, bindings, hoop, leaf_painter, leaves, woven
from recon.modelling.machine_elements import TO_Z, at, bolt, disc, handwheel, oil_cup
from recon.modelling.materials import brass, cast, earth, iron, solid, steel, timber
from recon.modelling.model import Model, fitted
from recon.modelling.motion import Motion, Movement, cycle
from recon.modelling.solids import (
    bar,
    circle,
    curve,
    holed,
    mm,
    plate,
    rectangle,
    rod,
    round_about,
    stadium,
    turned,
)
from recon.modelling.surfaces import Patch, moved, part_of, turn_about
from recon.modelling.textures import Paint, Texels, grain, mix, over, ramp, rgb, shaded

FloatArray = NDArray[np.float64]

CRANKS, THROW, TABLE = 0.50, 0.13, 0.70  # circle of the three cranks, their throw, the table's height
SECONDS, SAMPLES = 3.0, 72
GREEN, IRON, STEEL, BRASS = cast("#3d5a4c", roughness=0.42, seed=71), cast("#35373a", seed=73), steel(), brass()
BEECH = timber("#b98c5c", "#80572f", along=(1, 0, 0), ring=0.007, roughness=0.42)


def rolling_motion() -> Motion:
    """Three cranks turn as one; the frame on their pins, and the pot in it, goes round without turning."""
    turn = cycle(SAMPLES)
    round_ = THROW * np.stack([np.cos(turn) - 1, np.zeros_like(turn), -np.sin(turn)], -1)
    cranks = tuple(Movement(f"crank-{i + 1}", (x, TABLE, z), "y", turn) for i, (x, z) in enumerate(crank_places()))
    return Motion("rolling", SECONDS, (Movement("pot", (THROW, TABLE, 0.0), "y", None, round_), *cranks))


def crank_places() -> list[tuple[float, float]]:
    angle = np.radians([90, 210, 330])
    return [(float(CRANKS * np.cos(a)), float(CRANKS * np.sin(a))) for a in angle]


def rolling_machine(seed: int = 53) -> Model:
    """A rolling machine with one pot: leaf is pressed and rolled on a ribbed table while the pot circles on it."""
    patches = _table()
    for i, (x, z) in enumerate(crank_places()):
        patches += _leg(x, z)
        patches += part_of(f"crank-{i + 1}", at(x, TABLE, z, _crank(driven=i == 0)))
    patches += part_of("pot", at(THROW, TABLE, 0, _pot()))
    return fitted(patches, seed=seed, motion=rolling_motion())


def _table() -> list[Patch]:
    r = 0.45
    line = [
        (0, -0.075),
        (0.08, -0.075),
        (0.1, -0.055),
        (r - 0.02, -0.012),
        (r + 0.012, -0.008),
        (r + 0.012, 0.034),
        (r - 0.006, 0.034),
    ]
    line += [(r - 0.012, 0.012), (0.16, -0.006), (0.0, -0.018)]
    made = at(0, TABLE, 0, [turned(line, BEECH, columns=96, bevel=0.004)])
    made += at(0, TABLE, 0, [hoop(r + 0.014, 0.014, 0.008, 0.05, BRASS)])
    share = np.linspace(0.0, 1.0, 9)
    for i in range(14):  # curved ribs that turn the leaf over
        far = 0.13 + 0.28 * share
        angle = 2 * np.pi * i / 14 + 0.9 * share
        path = np.stack([far * np.cos(angle), -0.006 + 0.02 * share, far * np.sin(angle)], -1)
        made += at(0, TABLE + 0.002, 0, [bar(path, rectangle(0.016, 0.011, 0.003), BRASS)])
    made += at(0, TABLE - 0.002, 0, [disc(0.115, 0.012, BRASS, columns=48)])
    made += at(
        0,
        TABLE - 0.56,
        0,
        [turned(mm("0,0 70,0 50,50 45,400 100,485 0,485"), GREEN, columns=40)],
    )
    for x, z in crank_places():
        out = np.array([x, z]) / CRANKS
        path = np.array(
            [
                (out[0] * 0.03, TABLE - 0.16, out[1] * 0.03),
                (out[0] * 0.3, TABLE - 0.13, out[1] * 0.3),
                (x, TABLE - 0.10, z),
            ]
        )
        made.append(bar(path, rectangle(0.05, 0.075, 0.008), GREEN, scale=np.array([[1, 1.3], [1, 1.0], [1, 0.8]])))
        low = np.array([(out[0] * 0.03, 0.17, out[1] * 0.03), (x, 0.09, z)])
        made.append(bar(low, rectangle(0.045, 0.05, 0.007), GREEN))
    return made


def _leg(x: float, z: float) -> list[Patch]:
    line = [
        (0, 0),
        (0.10, 0),
        (0.10, 0.018),
        (0.06, 0.035),
        (0.045, 0.10),
        (0.04, TABLE - 0.16),
        (0.058, TABLE - 0.13),
        (0.058, TABLE - 0.062),
        (0, TABLE - 0.062),
    ]
    made = at(x, 0, z, [turned(line, GREEN, columns=36)])
    return made + at(x, 0.014, z, round_about("y", 3, at(0.08, 0, 0, bolt(0.026, STEEL)), first_deg=30))


def _crank(*, driven: bool) -> list[Patch]:
    """About its shaft at the table's height; its pin stands at (THROW, 0)."""
    arm = moved(
        [plate(stadium((0, 0), (THROW, 0), 0.048, 0.036, 10), 0.036, IRON, bevel=0.004)], turn=turn_about("x", -90)
    )
    made = at(0, -0.03, 0, arm)
    made.append(rod((0, -0.075, 0), (0, 0.008, 0), 0.026, STEEL, sides=24))
    made.append(rod((THROW, -0.03, 0), (THROW, 0.17, 0), 0.017, STEEL, sides=20))
    made += at(THROW, 0.152, 0, bolt(0.04, STEEL))
    made += at(0, -0.010, 0, bolt(0.05, STEEL))
    if driven:
        made += at(-0.09, -0.03, 0, [plate(circle(0.05, 24), 0.034, IRON, bevel=0.004)], turn_about("x", -90))
    return made


def _pot() -> list[Patch]:
    """The pot about its own middle: staves and hoops, the frame on the three pins, the lid on its screw."""
    made: list[Patch] = []
    r, low, high = 0.215, 0.022, 0.40
    for i in range(18):
        half = np.pi / 18 * 0.985
        turn = np.linspace(-half, half, 4)
        outer = np.stack([r * np.cos(turn), r * np.sin(turn)], -1)
        inner = np.stack([(r - 0.022) * np.cos(turn[::-1]), (r - 0.022) * np.sin(turn[::-1])], -1)
        stave = plate(
            np.concatenate([outer, inner]),
            high - low,
            timber("#b98c5c", "#80572f", along=(0, 1, 0), ring=0.007, roughness=0.42, seed=80 + i % 3),
            bevel=0.0015,
        )
        made += at(0, (low + high) / 2, 0, [stave], turn_about("y", 20 * i) @ turn_about("x", -90))
    for level in (0.06, 0.20, 0.35):
        made.append(hoop(r + 0.002, level, 0.006, 0.03, BRASS, columns=64))
    for i, (x, z) in enumerate(crank_places()):
        out = np.array([x, z]) / CRANKS
        path = np.array([(out[0] * (r + 0.004), 0.12, out[1] * (r + 0.004)), (x * 0.86, 0.12, z * 0.86), (x, 0.12, z)])
        made.append(bar(path, rectangle(0.044, 0.05, 0.006), IRON))
        ring = [(0.0175, -0.042), (0.046, -0.042), (0.046, 0.042), (0.0175, 0.042)]
        made += at(x, 0.115, z, [turned(ring, IRON, columns=36, ring=True, bevel=0.004)])
        made += at(x + 0.028 * out[0], 0.157, z + 0.028 * out[1], oil_cup(0.036))
        del i
    made.append(hoop(r + 0.012, 0.12, 0.022, 0.06, IRON, columns=64))
    for side in (-1, 1):  # the yoke that carries the screw
        made.append(rod((side * (r + 0.026), 0.10, 0), (side * (r + 0.026), 0.80, 0), 0.015, STEEL, sides=18))
        made += at(side * (r + 0.026), 0.80, 0, bolt(0.042, STEEL))
    arch = curve([(-r - 0.026, 0.785, 0), (-0.12, 0.80, 0), (0, 0.825, 0), (0.12, 0.80, 0), (r + 0.026, 0.785, 0)], 17)
    made.append(bar(arch, rectangle(0.04, 0.05, 0.007), IRON))
    made += at(
        0, 0.79, 0, [turned([(0.016, 0), (0.04, 0), (0.04, 0.075), (0.016, 0.075)], BRASS, columns=32, ring=True)]
    )
    thread = np.arange(0, 0.56, 0.004)
    profile = np.stack([0.0155 + 0.0014 * (np.arange(len(thread)) % 2), 0.46 + thread], -1)
    made.append(turned(np.concatenate([[(0, 0.46)], profile, [(0, 1.02)]]), STEEL, columns=20, bevel=0.0))
    made += at(0, 1.03, 0, handwheel(0.16, IRON, spokes=4, handle=True))
    made += at(0, 0.425, 0, [turned([(0, 0), (r - 0.03, 0), (r - 0.03, 0.028), (0, 0.028)], BEECH, columns=64)])
    made += at(0, 0.452, 0, [turned(mm("0,0 70,0 60,20 30,30 0,30"), IRON, columns=32)])
    rng = np.random.default_rng(5)
    angle, far = rng.uniform(0, 2 * np.pi, 40), rng.uniform(r + 0.01, r + 0.07, 40)
    spots = np.stack([far * np.cos(angle), np.full(40, 0.016), far * np.sin(angle)], -1)
    return made + leaves(rng, spots, leaf_painter("#4f5a2a", "#3f4020", "#5c4022"), length=0.03, curl=1.4)


def roasting_basket(seed: int = 59) -> Model:
    """A hearth with two charcoal pits: a waisted basket stands over one, the other lies open."""
    clay, ash = earth("#b08a66", coarse=0.01, depth=0.0012), over(earth("#8f8a84", coarse=0.004, depth=0.001), _embers)
    wide, deep, tall, gap, pit = 1.62, 0.86, 0.24, 0.38, 0.255
    patches: list[Patch] = []
    for x in (-gap, gap):
        half = [(-wide / 4, -deep / 2), (wide / 4, -deep / 2), (wide / 4, deep / 2), (-wide / 4, deep / 2)]
        slab = holed(half, circle(pit, 48, middle=(x - np.sign(x) * wide / 4, 0)), tall, clay, bevel=0.012)
        patches += at(np.sign(x) * wide / 4, tall / 2, 0, [slab], turn_about("x", -90))
        ring = [(pit - 0.004, 0.0), (pit + 0.035, 0.0), (pit + 0.03, 0.028), (pit + 0.004, 0.030)]
        patches += at(
            x, tall - 0.002, 0, [turned(ring, earth("#9a7454", coarse=0.008), columns=64, ring=True, bevel=0.006)]
        )
        bed = [(0, 0.0), (pit - 0.003, 0.0), (pit - 0.003, 0.10), (pit * 0.6, 0.15), (0, 0.165)]
        patches += at(x, 0.004, 0, [turned(bed, ash, columns=64, bevel=0.01, relief=False)])
    rng = np.random.default_rng(seed)
    for _ in range(46):  # charcoal half sunk in its ash
        angle, far = rng.uniform(0, 2 * np.pi), pit * 0.86 * np.sqrt(rng.uniform(0, 1))
        long, thick = rng.uniform(0.05, 0.11), rng.uniform(0.011, 0.021)
        lump = plate(rectangle(thick * 2, thick * 1.7, thick * 0.5), long, _charcoal, bevel=thick * 0.25)
        y = 0.165 - 0.05 * (far / pit) ** 2 + rng.uniform(-0.004, 0.012)
        turn = (
            turn_about("y", float(rng.uniform(0, 360)))
            @ turn_about("x", float(rng.normal(0, 12)))
            @ turn_about("z", float(rng.uniform(0, 90)))
        )
        patches += at(gap + far * float(np.cos(angle)), float(y), far * float(np.sin(angle)), [lump], turn)
    patches += at(-gap, tall + 0.026, 0, _basket())
    patches += at(gap + 0.29, tall + 0.002, 0.31, _rake(), turn_about("y", 28))
    return fitted(patches, seed=seed)


def _basket() -> list[Patch]:
    """Waisted, woven in two layers; a tray of leaf lies in its upper half, the lid leans off."""
    weave = woven(0.013, light="#bf9656", dark="#86602f", twill=2)
    waist = curve(mm("300,0 285,100 245,270 235,360 250,460 285,620 300,700"), 26)
    inner = waist[::-1] - (0.012, 0)
    made = [turned(np.concatenate([waist, inner]), weave, columns=96, ring=True, bevel=0.003, density=1.5)]
    for r, y in ((0.302, 0.012), (0.302, 0.690)):
        made += [hoop(r, y, 0.014, 0.030, SKIN), hoop(r - 0.016, y, 0.010, 0.026, SKIN)]
        made += bindings(18, r - 0.008, y, bamboo("#8a6233", "#573a1c"), reach=0.018)
    made.append(hoop(0.238, 0.36, 0.014, 0.026, SKIN))
    tray = woven(0.011, plane="xz", light="#c9a566", dark="#97723d")
    made.append(
        turned(
            mm("0,600 262,600 272,632 262,634 256,612 0,612"),
            tray,
            columns=72,
            bevel=0.003,
        )
    )
    rng = np.random.default_rng(11)
    angle, far = rng.uniform(0, 2 * np.pi, 240), 0.24 * np.sqrt(rng.uniform(0, 1, 240))
    spots = np.stack(
        [far * np.cos(angle), 0.616 + rng.uniform(0, 0.022, 240) * (1 - (far / 0.25) ** 2), far * np.sin(angle)], -1
    )
    return made + leaves(rng, spots, leaf_painter("#3b3a20", "#2f2a18", "#4a3420"), length=0.026, curl=2.0)


def _rake() -> list[Patch]:
    """The iron shovel that dresses the ash."""
    handle = rod((-0.30, 0.02, 0), (0.06, 0.016, 0), [0.012, 0.014, 0.011], timber("#a8784e", "#6d472b"))
    blade = curve([(0.04, 0.012, 0), (0.12, 0.007, 0), (0.20, 0.012, 0)], 7)
    return [
        handle,
        bar(
            blade,
            rectangle(1.0, 0.04, 0.015),
            iron(),
            scale=np.stack([np.linspace(0.05, 0.10, 7), np.full(7, 0.12)], -1),
            bevel=0.001,
        ),
    ]


def _embers(x: Texels, under: Paint) -> Paint:
    """Where the ash has cracked the glow shows, dull red."""
    crack = np.abs(solid(x, 0.05, 4, 0.6, seed=3))
    hot = (1 - ramp(crack, 0.0, 0.10)) * ramp(solid(x, 0.16, 2, seed=4), 0.0, 1.0) * (x.normal[..., 1] > 0.4)
    color = mix(
        under.color, np.broadcast_to(rgb("#b4431c"), under.color.shape), hot.astype(np.float32) * np.float32(0.8)
    )
    return Paint(color, under.roughness, under.height)


def _charcoal(x: Texels) -> Paint:
    fibre = solid(x, (0.004, 0.004, 0.004), 3, 0.7, seed=8)
    ashy = ramp(solid(x, 0.02, 3, seed=9) + 1.1 * x.normal[..., 1], 0.9, 2.0)
    tone = shaded(np.broadcast_to(rgb("#2a2725"), (*x.shape, 3)), (fibre, 0.2), (grain(x), 0.1))
    tone = mix(tone, np.broadcast_to(rgb("#b3ada6"), tone.shape), ashy * np.float32(0.75))
    return Paint(tone, np.full(x.shape, 0.85, np.float32), (fibre * 0.0006).astype(np.float32))


SKIN = bamboo()
__all__ = ["TO_Z", "roasting_basket", "rolling_machine", "rolling_motion"]
