"""Tools of oolong tea in Anxi: sieve, drum, wok. Life size, metres."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assets.demo.objects.bamboo import bamboo, bindings, hoop, leaf_painter, leaves, woven
from recon.modelling.machine_elements import TO_X, at, disc, pedestal
from recon.modelling.materials import cast, earth, iron, solid, timber
from recon.modelling.model import Model, fitted
from recon.modelling.motion import Motion, Movement, cycle
from recon.modelling.solids import bar, block, circle, holed, plate, rectangle, rod, round_about, turned
from recon.modelling.surfaces import Patch, box, moved, part_of, turn_about
from recon.modelling.textures import Paint, Painter, Texels, bricks, mix, over, ramp, rgb

FloatArray = NDArray[np.float64]

OLD_WOOD = timber("#9a7350", "#5f4029", along=(0, 1, 0), ring=0.008, roughness=0.6)
OLD_BEAM = timber("#8f6a49", "#573a25", along=(1, 0, 0), ring=0.009, roughness=0.62)
SKIN = bamboo()


def withering_sieve(seed: int = 41) -> Model:
    """A round tray of woven bamboo, 0.92 m wide, on which leaves wither in the sun; a thin layer of leaves on it."""
    r, wall = 0.46, 0.055
    flat = woven(0.011, plane="xz", open_share=0.16)
    sheet = [
        (0, 0.006),
        (r * 0.62, 0.006),
        (r - 0.05, 0.010),
        (r - 0.02, 0.024),
        (r - 0.006, wall),
        (r - 0.012, wall + 0.002),
    ]
    back = [(r - 0.025, 0.030), (r - 0.055, 0.015), (r * 0.62, 0.0105), (0, 0.0105)]
    rng = np.random.default_rng(seed)
    rim = bamboo("#cfae6d", "#9a7640", along=(0, 0, 1))
    patches = [turned(np.array(sheet + back), flat, columns=96, bevel=0.006, density=1.25)]
    patches += [hoop(r + 0.001, wall - 0.004, 0.007, 0.030, rim), hoop(r - 0.017, wall - 0.003, 0.007, 0.026, rim)]
    patches += [hoop(r - 0.008, wall + 0.010, 0.016, 0.007, rim)]
    patches += bindings(22, r - 0.008, wall - 0.002, bamboo("#8a6233", "#573a1c"), reach=0.016)
    for i in range(3):  # ribs beneath, that keep it flat
        for shift in (-0.11, 0.11):
            half = float(np.sqrt((r - 0.05) ** 2 - shift**2))
            line = np.array([(-half, 0.004, shift), (0, 0.003, shift), (half, 0.004, shift)])
            rib = bar(line, rectangle(0.014, 0.006, 0.0015), SKIN)
            patches += moved([rib], turn=turn_about("y", 60 * i))
    angle, far = rng.uniform(0, 2 * np.pi, 460), (r - 0.075) * np.sqrt(rng.uniform(0, 1, 460))
    spots = np.stack([far * np.cos(angle), rng.uniform(0.014, 0.022, 460), far * np.sin(angle)], -1)
    patches += leaves(rng, spots, leaf_painter())
    return fitted(patches, seed=seed)


def tumbling_drum(seed: int = 43) -> Model:
    """A drum of woven bamboo, 1.5 m long, in which leaves are tumbled so that their edges bruise; turned by a crank."""
    r, half, y = 0.36, 0.72, 0.86
    cloth = woven(0.016, light="#c8a364", dark="#94703d", open_share=0.12)
    ends = woven(0.016, light="#c8a364", dark="#94703d", plane="st", twill=2)
    body = [(0, -half), (r, -half), (r, half), (0, half)]
    drum: list[Patch] = [
        turned(
            [*body[1:3], (r - 0.008, half), (r - 0.008, -half)], cloth, columns=72, ring=True, bevel=0.002, density=1.2
        ),
    ]
    for end in (-half + 0.01, half - 0.022):
        drum += at(0, end, 0, [disc(r - 0.004, 0.012, ends, columns=72)])
        drum += [hoop(r + 0.006, end + 0.006, 0.02, 0.05, SKIN, columns=72)]
        for i in range(3):
            drum += at(
                0,
                end + (0.02 if end > 0 else -0.008),
                0,
                moved([block((2 * r - 0.03, 0.018, 0.05), OLD_BEAM, bevel=0.004)], turn=turn_about("y", 60 * i)),
            )
    for level in (-0.36, 0.0, 0.36):
        drum.append(hoop(r + 0.004, level, 0.012, 0.030, SKIN, columns=72))
    slat = block((0.014, 2 * half - 0.02, 0.034), bamboo(node=0.24), at=(r + 0.012, -half + 0.01, 0), bevel=0.004)
    drum += round_about("y", 8, [slat], first_deg=22.5)
    door_turn = turn_about("y", 0)
    door = [  # the hatch through which the leaf goes in: a framed mat with two loops and a peg
        *(block((0.012, 0.46, 0.03), OLD_WOOD, at=(r + 0.016, -0.23, z), bevel=0.003) for z in (-0.115, 0.115)),
        *(block((0.012, 0.03, 0.25), OLD_WOOD, at=(r + 0.016, level, 0), bevel=0.003) for level in (-0.245, 0.215)),
        rod((r + 0.034, -0.17, 0.09), (r + 0.034, 0.17, 0.09), 0.009, SKIN),
    ]
    drum += moved(door, turn=door_turn)
    drum.append(rod((0, -half - 0.30, 0), (0, half + 0.17, 0), 0.022, iron(), sides=24))
    crank = [(0, -half - 0.28, 0), (0.1, -half - 0.285, 0), (0.27, -half - 0.285, 0)]
    drum.append(bar(np.array(crank), rectangle(0.024, 0.04, 0.005), iron(), up=(0, 1, 0)))
    drum.append(
        rod(
            (0.25, -half - 0.27, 0),
            (0.25, -half - 0.45, 0),
            [0.017, 0.02, 0.02, 0.017],
            timber("#a9825a", "#71502f", along=(1, 0, 0)),
        )
    )
    moving = Motion("tumbling", 6.0, (Movement("drum", (0.0, y, 0.0), "x", cycle(48)),))
    patches = part_of("drum", at(0, y, 0, drum, TO_X))
    patches += _trestle(y, half + 0.10)
    return fitted(patches, seed=seed, motion=moving)


def _trestle(y: float, x: float) -> list[Patch]:
    """Two A-frames joined by sills and a stretcher, pegged; iron bearings on top."""
    made: list[Patch] = []
    for side in (-1, 1):
        for z in (-0.34, 0.34):
            leg = bar(
                np.array([(side * x, 0.05, z), (side * x, y - 0.07, z * 0.19)]),
                rectangle(0.075, 0.06, 0.006),
                OLD_WOOD,
                up=(1, 0, 0),
            )
            made.append(leg)
        made.append(
            block(
                (0.085, 0.075, 0.84), timber("#8f6a49", "#573a25", along=(0, 0, 1)), at=(side * x, 0.0, 0), bevel=0.008
            )
        )
        made.append(block((0.055, 0.06, 0.43), OLD_WOOD, at=(side * x, 0.40, 0), bevel=0.005))
        made.append(block((0.10, 0.085, 0.22), OLD_WOOD, at=(side * x, y - 0.115, 0), bevel=0.008))
        made += at(side * x, y - 0.032, 0, pedestal(0.032, 0.15, 0.07, 0.023, cast("#33312f")), turn_about("y", 90))
    for z in (-0.30, 0.30):
        made.append(block((2 * x + 0.2, 0.06, 0.055), OLD_BEAM, at=(0, 0.16, z * 0.93), bevel=0.006))
        for side in (-1, 1):
            made.append(block((0.03, 0.085, 0.02), OLD_WOOD, at=(side * (x + 0.07), 0.145, z * 0.93), bevel=0.004))
    return made


def frying_wok(seed: int = 47) -> Model:
    """An iron wok set aslant in a brick stove: here the heat of the hand-fired pan stops the leaf's fermentation."""
    wide, deep, tall, r = 1.06, 0.96, 0.72, 0.37
    plaster = earth("#d6cbb4", coarse=0.006)
    patches: list[Patch] = []
    angle = np.linspace(0, np.pi, 13)
    mouth = np.concatenate(
        [[(-0.15, 0.12), (0.15, 0.12)], np.stack([0.15 * np.cos(angle), 0.30 + 0.15 * np.sin(angle)], -1)]
    )
    outer = np.array([(-wide / 2, 0.0), (wide / 2, 0.0), (wide / 2, tall), (-wide / 2, tall)])
    front = holed(outer, mouth, 0.10, BRICKS, bevel=0.004)
    patches += at(0, 0, deep / 2 - 0.05, [front])
    for x in (-1, 1):
        patches += box((0.14, tall, deep - 0.10), BRICKS, centre=(x * (wide / 2 - 0.07), 0, -0.05), step=0.4)
    patches += box((wide - 0.28, tall, 0.14), BRICKS, centre=(0, 0, -deep / 2 + 0.07), step=0.4)
    patches.append(block((wide - 0.26, 0.05, deep - 0.28), earth("#3a322c"), at=(0, 0.06, 0), bevel=0.005))
    for i in range(12):  # voussoirs stand a little proud
        a0, a1 = angle[i] + 0.012, angle[i + 1] - 0.012
        ring = [(0.205 * np.cos(a), 0.30 + 0.205 * np.sin(a)) for a in (a0, a1)] + [
            (0.151 * np.cos(a), 0.30 + 0.151 * np.sin(a)) for a in (a1, a0)
        ]
        patches.append(plate(ring, 0.03, earth("#9b5137", coarse=0.01, seed=60 + i), bevel=0.003, z=deep / 2 + 0.002))
    lean = turn_about("x", 16)
    slope = np.sin(np.radians(16)) * deep / 2
    top = holed(
        rectangle(wide + 0.05, deep / np.cos(np.radians(16)) + 0.05, 0.02),
        circle(r + 0.012, 48),
        0.09,
        plaster,
        bevel=0.012,
    )
    patches += at(0, tall + slope + 0.04, 0, [top], lean @ turn_about("x", -90))
    for x in (-1, 1):  # cheeks under the sloping top
        cheek = [(-deep / 2, 0), (deep / 2, 0), (deep / 2, 2 * slope), (-deep / 2, 0.012)]
        patches += at(
            x * (wide / 2 - 0.04), tall - 0.01, 0, [plate(cheek, 0.08, plaster, bevel=0.003)], turn_about("y", 90)
        )
    patches += at(0, tall - 0.01, -deep / 2 + 0.03, [block((wide - 0.012, 2 * slope, 0.06), plaster, bevel=0.004)])
    pan = 0.42 * np.linspace(0, 1, 14)
    depth = 0.20
    bowl_in = np.stack([r * np.sin(pan * np.pi / 0.84), -depth * np.cos(pan * np.pi / 0.84)], -1)
    bowl_out = bowl_in * (1.012, 1.0) + (0, -0.006)
    lip = np.array([(r + 0.022, 0.006), (r + 0.024, 0.012), (r + 0.004, 0.012)])
    line = np.concatenate([bowl_out, lip, bowl_in[::-1]])
    line[[0, -1], 0] = 0
    wok = [turned(line, over(iron(9), _seasoned), columns=96, bevel=0.002, density=1.1)]
    rng = np.random.default_rng(seed)
    turn, far = rng.uniform(0, 2 * np.pi, 150), 0.19 * np.sqrt(rng.uniform(0, 1, 150))
    spots = np.stack(
        [
            far * np.cos(turn),
            -depth * np.sqrt(np.clip(1 - (far / r) ** 2, 0, 1)) + 0.008 + rng.uniform(0, 0.03, 150) * (1 - far / 0.2),
            far * np.sin(turn),
        ],
        -1,
    )
    wok += leaves(rng, spots, leaf_painter("#5d6b2e", "#4a4a22", "#6b4a25"), length=0.042, curl=0.9)
    patches += at(0, tall + slope + 0.085, 0, wok, lean)
    for i, (log_x, log_z) in enumerate([(-0.05, 0.62), (0.045, 0.60), (0.0, 0.66)]):  # firewood at the mouth
        log = rod(
            (log_x - 0.02 * i, 0.125 + 0.05 * (i == 2), log_z - 0.42),
            (log_x + 0.03 * (i - 1), 0.13 + 0.05 * (i == 2), log_z - 0.05),
            [0.026, 0.03, 0.028],
            timber("#8a6a4a", "#4a3524", along=(0, 0, 1), seed=70 + i),
        )
        patches.append(log)
    patches.append(block((0.46, 0.115, 0.24), BRICKS, at=(0, 0, deep / 2 + 0.125), bevel=0.006))
    return fitted(patches, seed=seed)


def _soot(x: Texels, under: Paint) -> Paint:
    """Smoke above the fire's mouth."""
    p = x.position
    near = (
        np.exp(-((p[..., 0] / 0.17) ** 2))
        * ramp(p[..., 1] + 0.03 * solid(x, 0.06, 3, seed=5), 0.36, 0.5)
        * (1 - ramp(p[..., 1], 0.5, 0.78))
    )
    near = (near * (p[..., 2] > 0.2)).astype(np.float32)
    return Paint(
        mix(under.color, rgb("#1c1815") * np.ones_like(under.color), near * np.float32(0.85)),
        under.roughness,
        under.height,
    )


def _seasoned(x: Texels, under: Paint) -> Paint:
    """Years of leaf have blackened and polished the inside."""
    dark = np.broadcast_to(rgb("#2b2724"), under.color.shape)
    share = np.full(x.shape, 0.75, np.float32)
    return Paint(
        mix(under.color, dark, share),
        np.clip(under.roughness - 0.1, 0.3, 1).astype(np.float32),
        under.height,
        0.5,
    )


def _laid(x: Texels) -> Paint:
    """Courses laid by the place in space, for charts that run round a corner."""
    n = np.abs(x.normal)
    s = np.where(n[..., 2] >= n[..., 0], x.position[..., 0], x.position[..., 2])
    t = np.where(n[..., 1] > 0.8, x.position[..., 2], x.position[..., 1])
    return _COURSES(Texels((s + 2).astype(np.float32), (t + 2).astype(np.float32), x.position, x.normal, x.rng))


_COURSES = bricks(("#a4573b", "#96492f", "#b0653f", "#8a4330"), "#a79a85", length=0.21, course=0.06, joint=0.009,
                  depth=0.003, wear=0.3)  # fmt: skip
BRICKS: Painter = over(_laid, _soot)
