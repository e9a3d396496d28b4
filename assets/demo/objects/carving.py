"""Wood carving of southern Fujian: a relief, a bracket, a lattice window, and the chisels. Life size, metres."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from assets.demo.objects.carved_motifs import carp_and_waves, scrolls_and_peony
from recon.modelling.machine_elements import TO_X, TO_Z, at
from recon.modelling.materials import brass, metal, solid, timber
from recon.modelling.model import Model, fitted, to_stand
from recon.modelling.relief import Relief
from recon.modelling.solids import bar, block, curve, holed, mm, plate, rectangle, rod, turned
from recon.modelling.surfaces import Patch, moved, turn_about
from recon.modelling.textures import Paint, Painter, Texels, grain, mix, over, ramp, rgb, shaded

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]

CAMPHOR = timber("#b8834f", "#82532d", along=(1, 0, 0), ring=0.009, roughness=0.5, seed=81)
FIR = timber("#7f5636", "#4e321f", along=(0, 1, 0), ring=0.007, roughness=0.5, seed=83)
FIR_ACROSS = timber("#7f5636", "#4e321f", along=(1, 0, 0), ring=0.007, roughness=0.5, seed=83)
PANEL = (0.80, 0.50)  # width, height of the carved field
BRACKET = (0.50, 0.34)


@cache
def _panel_relief() -> Relief:
    return carp_and_waves(*PANEL)


@cache
def _bracket_relief() -> Relief:
    return scrolls_and_peony(*BRACKET)


def _hand_carved(relief: Relief, offset: tuple[float, float]) -> Painter:
    """The finest cuts, left to the texture: dust in the hollows, facets of the gouge on the ground."""

    def paint(x: Texels, under: Paint) -> Paint:
        height = relief.at(x.position[..., 0] - offset[0], x.position[..., 1] - offset[1])
        hollow = ramp(0.006 - height, 0.0, 0.006)
        facet = np.sin(x.position[..., 0] * 420 + 3 * solid(x, 0.02, 2, seed=85)) * hollow
        color = shaded(under.color, (hollow, -0.32), (ramp(height, 0.016, 0.032), 0.12))
        return Paint(
            color,
            (under.roughness + 0.1 * hollow).astype(np.float32),
            (under.height + facet * 0.0002).astype(np.float32),
        )

    return over(CAMPHOR, paint)


def carved_panel(seed: int = 111) -> Model:
    """A relief in camphor wood: a carp leaps from the waves towards the Dragon Gate; carved for light from the side."""
    wide, tall = PANEL
    columns, rows = 209, 131
    x, y = np.meshgrid(np.linspace(-wide / 2, wide / 2, columns), np.linspace(-tall / 2, tall / 2, rows))
    centre_y = tall / 2 + 0.075
    height = _panel_relief().at(x, y)
    height[[0, -1]] = 0
    height[:, [0, -1]] = 0
    front = np.stack([x, y + centre_y, 0.016 + height], -1)
    back = front[:, [-1, 0]] * (1, 1, 0) + (0, 0, 0.002)
    ring = np.concatenate([front, back, front[:, :1]], 1)
    ends = [np.broadcast_to((ring[i].min(0) + ring[i].max(0)) / 2, ring[i].shape) for i in (0, -1)]
    grid = np.concatenate([ends[0][None], ring, ends[1][None]])
    patches = [Patch(grid, _hand_carved(_panel_relief(), (0, centre_y)), 1.5)]
    inner = rectangle(wide, tall, 0.002)
    for grow, depth, z in ((0.075, 0.034, 0.013), (0.052, 0.046, 0.019), (0.020, 0.052, 0.020)):
        outline = rectangle(wide + 2 * grow, tall + 2 * grow, 0.004)
        patches += at(0, centre_y, z, [holed(outline, inner, depth, CAMPHOR, bevel=0.004)])
    return fitted(patches, seed=seed)


def queti(seed: int = 113) -> Model:
    """A queti: the carved bracket in the corner between post and beam, a peony and scrolls, lacquered and gilt."""
    wide, tall, deep = *BRACKET, 0.055
    relief = _bracket_relief()
    rows, across = 128, 112
    share = np.linspace(0, 1, rows)
    y = tall / 2 - share[::-1] * (tall - 0.004)  # from the tip up to the beam
    drop = (tall / 2 - y) / tall
    edge = -wide / 2 + wide * (0.10 + 0.90 * np.clip(1 - drop, 0, 1) ** 1.7) * (1 + 0.035 * np.sin(drop * 26)) - 0.004
    u = np.linspace(0, 1, across)
    grid = []
    for yy, right in zip(y, edge, strict=True):
        xs = -wide / 2 + 0.002 + (right - (-wide / 2 + 0.002)) * u
        fade = np.clip(np.minimum(u, 1 - u) * (right + wide / 2) / 0.010, 0, 1) * np.clip(
            min(yy + tall / 2, tall / 2 - yy) / 0.008, 0, 1
        )
        high = relief.at(xs[None], np.full((1, across), yy))[0] * fade
        front = np.stack([xs, np.full(across, yy), deep / 2 - 0.014 + high], -1)
        back = np.stack([xs[::-1], np.full(across, yy), -(deep / 2 - 0.014) - high[::-1]], -1)
        grid.append(np.concatenate([front, back, front[:1]]))
    made = np.stack(grid)[::-1]
    low, high_ = (np.repeat(made[i].mean(0)[None], made.shape[1], 0) for i in (0, -1))
    made = np.concatenate([low[None], made, high_[None]])[::-1]
    patch = Patch(made, FIR, 1.0, even=True)
    tenon = block((0.05, 0.05, 0.026), FIR, at=(-wide / 2 - 0.012, 0.02, 0), bevel=0.003)
    tongue = block((0.22, 0.026, 0.022), FIR_ACROSS, at=(-0.05, tall / 2 - 0.006, 0), bevel=0.003)
    shift = to_stand([patch, tenon, tongue])
    patch = Patch(made, _lacquered_and_gilt(relief, shift), 1.0, even=True)
    return fitted([patch, tenon, tongue], seed=seed, offset=shift)


def _lacquered_and_gilt(relief: Relief, shift: FloatArray) -> Painter:
    def paint(x: Texels) -> Paint:
        wood = CAMPHOR(x)
        height = relief.at(x.position[..., 0] - np.float32(shift[0]), x.position[..., 1] - np.float32(shift[1]))
        facing = (np.abs(x.normal[..., 2]) > 0.25).astype(np.float32)
        worn = ramp(solid(x, 0.03, 4, 0.65, seed=87), 1.0, 1.9)
        red = shaded(
            np.broadcast_to(rgb("#7a1d14"), wood.color.shape), (solid(x, 0.05, 3, seed=88), 0.12), (grain(x), 0.03)
        )
        red = mix(red, wood.color, worn * np.float32(0.8))
        gold = ramp(height, 0.0045, 0.0075) * facing * (1 - 0.75 * ramp(solid(x, 0.012, 4, 0.7, seed=89), 0.9, 1.8))
        tone = mix(red, np.broadcast_to(rgb("#cf9a3d"), red.shape), gold)
        return Paint(
            tone,
            mix(np.full(x.shape, 0.45, np.float32), np.full(x.shape, 0.36, np.float32), gold),
            wood.height,
            (gold * 0.9).astype(np.float32),
        )

    return paint


def lattice_window(seed: int = 117) -> Model:
    """A window's lattice of mitred bars in the pattern "step upon step", a carved medallion held in its middle."""
    wide, tall = 0.72, 1.12
    patches = [
        *at(
            0,
            tall / 2,
            0,
            [
                holed(
                    rectangle(wide, tall, 0.003),
                    rectangle(wide - 0.11, tall - 0.11, 0.001),
                    0.052,
                    _jointed,
                    bevel=0.004,
                )
            ],
        ),
        *at(
            0,
            tall / 2,
            0,
            [
                holed(
                    rectangle(wide - 0.10, tall - 0.10, 0.001),
                    rectangle(wide - 0.135, tall - 0.135, 0.001),
                    0.030,
                    _jointed,
                    bevel=0.003,
                )
            ],
        ),
    ]
    half_w, half_h = (wide - 0.12) / 2, (tall - 0.12) / 2
    for k in range(4):  # nested rectangles, each held off the next by short bars
        a, b = half_w - 0.062 * (k + 1) + 0.01, half_h - 0.085 * (k + 1) + 0.01
        if k == 3:
            break
        frame = holed(
            rectangle(2 * a + 0.016, 2 * b + 0.016, 0.0005),
            rectangle(2 * a - 0.0, 2 * b - 0.0, 0.0005),
            0.020,
            _jointed,
            bevel=0.0022,
        )
        patches += at(0, tall / 2, 0, [frame])
        for i, x in enumerate(np.linspace(-a, a, 5 - k)):
            for way in (-1, 1):
                if 0 < i < 4 - k:
                    patches.append(
                        block(
                            (0.015, 0.078, 0.018),
                            FIR,
                            at=(float(x) + 0.02 * way * (k % 2), tall / 2 + way * (b + 0.047) - 0.039, 0),
                            bevel=0.002,
                        )
                    )
        for i, y in enumerate(np.linspace(-b, b, 6 - k)):
            for way in (-1, 1):
                if 0 < i < 5 - k:
                    patches.append(
                        block(
                            (0.056, 0.015, 0.018),
                            FIR_ACROSS,
                            at=(way * (a + 0.036), tall / 2 + float(y) - 0.0075, 0),
                            bevel=0.002,
                        )
                    )
    ring = turned(mm("88,-13 100,-13 100,13 88,13"), _jointed, columns=64, ring=True, bevel=0.003)
    patches += at(0, tall / 2, 0, [ring], TO_Z)
    for way in (-1, 1):
        patches.append(block((0.015, 0.185, 0.018), FIR, at=(0, tall / 2 + way * 0.19 - 0.0925, 0), bevel=0.002))
        patches.append(block((0.034, 0.015, 0.018), FIR_ACROSS, at=(way * 0.112, tall / 2 - 0.0075, 0), bevel=0.002))
    patches += at(0, tall / 2, 0, _medallion())
    return fitted(patches, seed=seed)


def _jointed(x: Texels) -> Paint:
    """Fir whose grain follows each member, with the mitre's line where two meet."""
    upright, level = FIR(x), FIR_ACROSS(x)
    p = x.position
    stands = (np.abs(p[..., 0]) > np.abs(p[..., 1] - 0.56) * (0.30 / 0.50)).astype(np.float32)
    return Paint(
        mix(level.color, upright.color, stands),
        mix(level.roughness, upright.roughness, stands),
        mix(level.height, upright.height, stands),
    )


def _medallion() -> list[Patch]:
    """Five petals in the round, pierced between."""
    made = []
    for k in range(5):
        angle = np.linspace(0, 2 * np.pi, 41)[:-1]
        r = 0.031 * (1 + 0.10 * np.cos(angle))
        petal = plate(np.stack([r * np.cos(angle), r * 0.86 * np.sin(angle)], -1), 0.020, CAMPHOR, bevel=0.005)
        turn = turn_about("z", 90 + 72 * k)
        made += moved(moved([petal], offset=(0.050, 0, 0)), turn=turn)
        leaf = plate(np.stack([0.020 * np.cos(angle), 0.006 * np.sin(angle)], -1), 0.012, CAMPHOR, bevel=0.001)
        made += moved(moved([leaf], offset=(0.077, 0, 0)), turn=turn_about("z", 126 + 72 * k))
    dome = np.linspace(0, np.pi / 2, 8)
    cap = np.stack([0.024 * np.cos(dome), 0.006 + 0.010 * np.sin(dome)], -1)
    cap[-1, 0] = 0
    made += moved([turned(np.concatenate([mm("0,-8 24,-8"), cap]), CAMPHOR, columns=40, bevel=0.001)], turn=TO_Z)
    return made


def carving_chisels(seed: int = 119) -> Model:
    """Seven chisels and gouges on their canvas roll, and the mallet that drives them."""
    canvas = _canvas
    patches = [block((0.46, 0.0035, 0.31), canvas, at=(0, 0, 0), bevel=0.0015, density=0.9)]
    patches += [block((0.46, 0.0025, 0.12), canvas, at=(0, 0.0032, 0.085), bevel=0.0012)]
    roll = curve(mm("-232,4,0 -236,14,0 -246,19,0 -256,12,0 -252,3,0 -243,5,0 -241,11,0"), 26)
    patches.append(bar(roll, rectangle(0.003, 0.31, 0.0008), canvas, up=(0, 0, 1)))
    steel_blade = metal("#aeb3b6", roughness=0.22, dirt="#4a3a2c", dirty=0.25, seed=91)
    woods = (("#a8743f", "#74482a"), ("#8a5a36", "#5a3822"), ("#b98a55", "#84592f"))
    for i, (wide, sweep, kind) in enumerate(
        (
            (0.024, 0.0, "flat"),
            (0.016, 0.35, "gouge"),
            (0.010, 0.9, "gouge"),
            (0.007, 0.0, "flat"),
            (0.013, 0.6, "gouge"),
            (0.018, 0.0, "skew"),
            (0.006, 1.2, "gouge"),
        )
    ):
        x = -0.185 + 0.058 * i
        chisel = _chisel(
            wide,
            sweep,
            kind,
            timber(*woods[i % 3], along=(0, 0, 1), ring=0.004, roughness=0.38, seed=95 + i),
            steel_blade,
        )
        patches += at(x, 0.0195, 0.045 - 0.012 * (i % 2), chisel, turn_about("y", float(2.5 * np.sin(i * 2.1))))
    for x in (-0.185, -0.127, -0.069, -0.011, 0.047, 0.105, 0.163):
        band = curve(
            [
                (x - 0.026, 0.004, 0.10),
                (x - 0.017, 0.024, 0.10),
                (x, 0.036, 0.10),
                (x + 0.017, 0.024, 0.10),
                (x + 0.026, 0.004, 0.10),
            ],
            15,
        )
        patches.append(
            bar(band, rectangle(0.016, 0.0022, 0.0006), canvas, up=(0, 0, 1), scale=np.array([[1.0, 1.0]] * 15))
        )
    patches += at(0.03, 0.048, -0.225, _mallet(), turn_about("y", 8))
    return fitted(patches, seed=seed)


def _chisel(wide: float, sweep: float, kind: str, handle_wood: Painter, blade_steel: Painter) -> list[Patch]:
    """Lying along z: the handle to +z, the edge to -z."""
    handle = mm("0,0 7.5,0 10.5,3 11.5,18 10.5,45 11.8,72 12.2,92 10.8,104 8.6,108 0,108")
    made = at(0, 0, 0.0, [turned(handle, handle_wood, columns=24, bevel=0.001)], TO_Z)
    hoop = turned(
        mm("9.6,-5 12.6,-5 12.6,5 9.6,5"),
        metal("#7d7a76", roughness=0.5, dirty=0.6, seed=93),
        columns=24,
        ring=True,
        bevel=0.0008,
    )
    made += at(0, 0, 0.102, [hoop], TO_Z)
    made += at(0, 0, -0.012, [turned(mm("0,0 6.2,0 8.2,3 8.6,14 0,14"), brass(), columns=24, bevel=0.0007)], TO_Z)
    share = np.linspace(0, 1, 12)
    z = -0.010 - 0.125 * share
    path = np.stack([np.zeros(12), np.zeros(12), z], -1)
    count = 9
    a = np.linspace(-1, 1, count)
    top = np.stack([a, sweep * (a**2 - 0.5)], -1)
    under = np.add(top[::-1], (0, -0.32))
    section = np.concatenate([under[::-1], top[::-1]])
    half = np.interp(share, [0, 0.12, 0.3, 0.6, 1], [0.0045, 0.0035, 0.0038, wide * 0.45, wide * 0.5])
    thick = np.interp(share, [0, 0.3, 0.9, 1], [0.0125, 0.0095, 0.0075, 0.0014])
    blade = bar(
        path,
        section,
        blade_steel,
        scale=np.stack([half, thick * (0.9 if sweep else 1.0)], -1),
        up=(0, 1, 0),
        bevel=0.00005,
    )
    if kind == "skew":
        grid = blade.grid.copy()
        lean = np.clip((-grid[..., 2] - 0.10) / 0.035, 0, 1)
        grid[..., 2] -= lean * grid[..., 0] * 0.8
        blade = Patch(grid, blade.painter, even=True)
    made.append(blade)
    return made


def _mallet() -> list[Patch]:
    oak = timber("#9c7045", "#684524", along=(1, 0, 0), ring=0.004, roughness=0.45, seed=99)
    head = at(
        -0.10, 0, 0, [turned(mm("0,-62 34,-62 40,-56 46,0 40,56 34,62 0,62"), oak, columns=40, bevel=0.003)], TO_X
    )
    grip = at(
        -0.10,
        0,
        0.0,
        [
            rod(
                (0, 0, -0.055),
                (0, 0, 0.235),
                [0.0125, 0.0125, 0.013, 0.0145, 0.0155, 0.015],
                timber("#a87c50", "#6f4c2c", along=(0, 0, 1), ring=0.004, seed=98),
                sides=20,
                bevel=0.003,
            )
        ],
    )
    return moved([*head, *grip], turn=turn_about("y", 90))


def _canvas(x: Texels) -> Paint:
    """Heavy cotton, twill, dusty with chips."""
    u, v = x.position[..., 0] / 0.0016, x.position[..., 2] / 0.0016
    weave = np.sin(np.pi * (u + v)) * 0.6 + np.sin(np.pi * u * 2) * 0.3
    tone = shaded(
        np.broadcast_to(rgb("#8d8263"), (*x.shape, 3)),
        (weave.astype(np.float32), 0.09),
        (solid(x, 0.05, 4, seed=101), 0.1),
        (grain(x), 0.05),
    )
    return Paint(
        tone,
        np.full(x.shape, 0.95, np.float32),
        (weave * 0.00012 + solid(x, 0.05, 2, seed=102) * 0.0002).astype(np.float32),
    )
