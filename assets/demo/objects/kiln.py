"""A dragon kiln as a scale model: a vaulted brick tunnel that climbs its hillside chamber by chamber.

x runs uphill, the side doors look to +z. About 1.6 m long, roughly 1:20 of a short kiln; bricks are larger than to
scale, as model makers make them.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.modelling.model import Model, build
from recon.modelling.surfaces import Patch, box, lathe, moved, quad, resampled, tube, turn_about
from recon.modelling.textures import (
    Paint,
    Painter,
    Texels,
    bricks,
    grain,
    mix,
    noise,
    over,
    plain,
    ramp,
    rgb,
    rubble,
    shaded,
    soil,
    stone,
    strata,
    wood,
)

FloatArray = NDArray[np.float64]

LENGTH, DEPTH, BASE = 1.60, 0.80, 0.035  # of the slab, metres
SLOPE = float(np.tan(np.radians(16.5)))
FOOT, HEAD = -0.60, 0.62  # x of the kiln's lower and upper end
NUM_CHAMBERS = 7
CHAMBER = 0.152
FIRST = -0.50  # x where the first chamber begins
HALF_WIDTH, WALL, RISE = 0.112, 0.088, 0.088

KILN_BRICK = ("#a5623f", "#935138", "#b3734b", "#86462f", "#a86c50", "#9c5a35", "#7a4634", "#b98160")
MORTAR = "#8d7a63"


def ground(x: NDArray[np.floating] | float) -> FloatArray:
    """Height of the hill under the kiln at x."""
    return np.asarray(BASE + 0.03 + SLOPE * np.clip(np.asarray(x, float) - FOOT, 0, HEAD - FOOT + 0.06))


def dragon_kiln(seed: int = 7, texel: float = 0.0008) -> Model:
    return build(
        [*_hill(seed), *_tunnel(), *_smoke_end(), *_walls(), *_steps(), *_stores(seed)], texel=texel, seed=seed
    )


def _arch(half_width: FloatArray, wall: float, rise: FloatArray, count: int) -> FloatArray:
    """Arch profiles (count, N, 2) as (z, y): from the +z foot over the crown to the -z foot, for N widths."""
    angle = np.linspace(0, np.pi, 90)
    unit = np.concatenate([[(1, -1.0)], np.stack([np.cos(angle), np.sin(angle)], -1), [(-1, -1.0)]])
    z = unit[:, 0]
    line = np.stack([HALF_WIDTH * z, np.where(unit[:, 1] < 0, -wall, RISE * unit[:, 1])], -1)
    even = resampled(line, count)
    y = even[:, 1][:, None]
    return np.stack([even[:, :1] / HALF_WIDTH * half_width, wall + np.where(y < 0, y, y / RISE * rise)], -1)


def _chamber(
    x0: float,
    x1: float,
    floor: float,
    painter: Painter,
    front: Painter,
    *,
    wall: float = WALL,
    scale: float = 1.0,
    bead: float = 0.09,
) -> list[Patch]:
    columns = round((x1 - x0) / 0.0024)
    along = np.linspace(-1, 1, columns)
    shrink = scale * (1 - bead * np.abs(along) ** 3)
    profile = _arch(HALF_WIDTH * shrink, wall, RISE * shrink, 190)
    x = np.broadcast_to(np.linspace(x0, x1, columns), profile.shape[:2])
    shell = Patch(np.stack([x, floor + profile[..., 1], profile[..., 0]], -1), painter, 1.25, relief=True)
    caps = []
    for end, side in ((0, -1), (-1, 1)):
        rim = profile[:, end]
        top = rim[3:-3][::-1] if side < 0 else rim[3:-3]
        share = np.linspace(0, 1, 80)[:, None]
        y = floor + share * top[:, 1]
        caps.append(
            Patch(
                np.stack([np.full_like(y, (x0, x1)[end]), y, np.broadcast_to(top[:, 0], y.shape)], -1),
                front,
                1.0,
                relief=True,
            )
        )
    return [shell, *caps]


def _openings(length: float, index: int) -> Painter:
    """A chamber's masonry with its door on the +z flank and stoke holes along both shoulders; soot above them."""
    masonry = bricks(KILN_BRICK, MORTAR, length=0.026, course=0.0095, depth=0.0017)
    open_door = index % 2 == 0
    blocking = bricks(("#b08a63", "#a37d5a", "#8f6c50"), "#75604c", length=0.02, course=0.008, depth=0.002)

    def change(x: Texels, under: Paint) -> Paint:
        arc = float(x.t.max())
        door_s, door_half, door_top = length * 0.5, 0.024, 0.058
        sill = 0.012
        d = np.maximum(
            np.abs(x.s - door_s) - door_half,
            np.where(x.t > door_top, np.hypot(x.s - door_s, x.t - door_top) - door_half, sill - x.t),
        )
        hole = 1 - ramp(d.astype(np.float32), -0.0016, 0.0012)
        color, height = under.color, under.height
        if open_door:
            inside = np.broadcast_to(rgb("#0d0908"), color.shape)
            color, height = mix(color, inside, hole), mix(height, np.full_like(height, -0.026), hole)
        else:
            filling = blocking(x)
            color, height = mix(color, filling.color, hole), mix(height, filling.height - np.float32(0.006), hole)
        soot = np.zeros(x.shape, np.float32)
        for share in (0.30, 0.70):
            for s in np.linspace(length * 0.2, length * 0.8, 3):
                r = np.hypot(x.s - s, x.t - arc * share).astype(np.float32)
                rim = ramp(r, 0.0068, 0.0078) * (1 - ramp(r, 0.0118, 0.0132))
                pit = 1 - ramp(r, 0.0062, 0.0078)
                color = mix(
                    color, shaded(np.broadcast_to(rgb("#9b7a5c"), color.shape), (noise(x, 0.004, 2), 0.15)), rim
                )
                color = mix(color, np.broadcast_to(rgb("#100b09"), color.shape), pit)
                height = mix(mix(height, np.full_like(height, 0.0042), rim), np.full_like(height, -0.010), pit)
                towards_crown = (x.t - arc * share) * (1 if share < 0.5 else -1)
                soot += np.exp(-(((x.s - s) / 0.011) ** 2) - ((towards_crown - 0.014) / 0.022) ** 2).astype(np.float32)
        soot += (
            0.9
            * np.exp(-(((x.s - door_s) / 0.026) ** 2) - ((x.t - door_top - 0.034) / 0.02) ** 2).astype(np.float32)
            * open_door
        )
        return Paint(_sooted(x, color, soot), under.roughness, height)

    return over(over(masonry, change), _weather)


def _sooted(x: Texels, color: NDArray[np.float32], amount: NDArray[np.float32]) -> NDArray[np.float32]:
    share = np.clip(amount * (0.75 + 0.2 * noise(x, 0.008, 4)), 0, 1) * np.float32(0.78)
    return mix(color, color * np.float32(0.16) + np.float32(0.004), share)


def _weather(x: Texels, under: Paint) -> Paint:
    """Soot near the fire, lime bloom and kiln glaze on the crown, moss near the ground on the shaded side."""
    fire = np.exp(-(x.position[..., 0] - FOOT) / 0.13).astype(np.float32)
    color = _sooted(x, under.color, np.clip(fire * 0.8 * (0.7 + 0.5 * noise(x, 0.04, 4)), 0, 1))
    above = (x.position[..., 1] - ground(x.position[..., 0])).astype(np.float32)
    moss = ramp(noise(x, 0.03, 5, 0.7) - above * 26, -0.9, 0.4) * (0.55 + 0.35 * (x.normal[..., 2] < 0))
    green = shaded(np.broadcast_to(rgb("#59632f"), color.shape), (noise(x, 0.004, 3, 0.8), 0.3), (grain(x), 0.1))
    color = mix(color, green, moss)
    bloom = ramp(noise(x, 0.05, 5, 0.65), 0.9, 2.2) * ramp(x.normal[..., 1], 0.2, 0.8) * np.float32(0.5)
    color = mix(color, shaded(np.broadcast_to(rgb("#b9aa92"), color.shape), (noise(x, 0.006, 3), 0.15)), bloom)
    return Paint(color, under.roughness, under.height)


def _fire_mouth(width: float) -> Painter:
    """The firebox's front: an arched fire mouth, two draught holes beside it, everything black above."""
    masonry = bricks(KILN_BRICK, MORTAR, length=0.026, course=0.0095, depth=0.0017)

    def change(x: Texels, under: Paint) -> Paint:
        middle = width / 2
        mouth = np.maximum(
            np.abs(x.s - middle) - 0.030,
            np.where(x.t > 0.052, np.hypot(x.s - middle, x.t - 0.052) - 0.030, 0.006 - x.t),
        )
        ring = np.abs(np.where(x.t > 0.052, np.hypot(x.s - middle, x.t - 0.052), np.abs(x.s - middle)) - 0.0375).astype(
            np.float32
        )
        arch = (1 - ramp(ring, 0.0055, 0.0075)) * (x.t > 0.006)
        around = np.arctan2(x.t - 0.052, x.s - middle)
        joints = np.abs(np.where(x.t > 0.052, (around * 4.6) % 1, (x.t / 0.0095) % 1) - 0.5)
        voussoir = shaded(
            np.broadcast_to(rgb("#8c5a40"), under.color.shape), (noise(x, 0.012, 4), 0.2), (grain(x), 0.08)
        )
        voussoir = mix(
            voussoir, np.broadcast_to(rgb(MORTAR), voussoir.shape), ramp(joints.astype(np.float32), 0.42, 0.48)
        )
        color, height = mix(under.color, voussoir, arch), mix(under.height, np.full_like(under.height, 0.004), arch)
        hole = 1 - ramp(mouth.astype(np.float32), -0.0015, 0.0015)
        for side in (-1, 1):
            r = np.hypot(x.s - middle - side * 0.066, x.t - 0.034).astype(np.float32)
            hole = np.maximum(hole, 1 - ramp(r, 0.0075, 0.0095))
        color, height = (
            mix(color, np.broadcast_to(rgb("#0a0706"), color.shape), hole),
            mix(height, np.full_like(height, -0.034), hole),
        )
        soot = 1.15 * np.exp(-(((x.s - middle) / 0.045) ** 2) - (np.maximum(x.t - 0.06, 0) / 0.07) ** 2).astype(
            np.float32
        )
        return Paint(_sooted(x, color, soot * ramp(x.t, 0.03, 0.08)), under.roughness, height)

    return over(masonry, change)


def _tunnel() -> list[Patch]:
    plain_masonry = over(bricks(KILN_BRICK, MORTAR, length=0.026, course=0.0095, depth=0.0017), _weather)
    patches = _chamber(
        FOOT,
        FIRST + 0.01,
        float(ground(FOOT)) - 0.012,
        plain_masonry,
        _fire_mouth(2 * HALF_WIDTH * 0.9 * 0.97),
        wall=0.07,
        scale=0.9,
        bead=0.03,
    )
    for i in range(NUM_CHAMBERS):
        x0 = FIRST + i * CHAMBER
        floor = float(ground(x0 + CHAMBER / 2)) - 0.03
        patches += _chamber(x0, x0 + CHAMBER + 0.004, floor, _openings(CHAMBER + 0.004, i), plain_masonry)
        patches += _door_frame(x0 + (CHAMBER + 0.004) / 2, floor)
    return patches


def _door_frame(x: float, floor: float) -> list[Patch]:
    granite = stone("#9d968b")
    z = HALF_WIDTH - 0.002
    jambs = [
        p
        for side in (-1, 1)
        for p in box((0.011, 0.068, 0.014), granite, centre=(x + side * 0.0305, floor + 0.002, z), step=0.006)
    ]
    return [*jambs, *box((0.018, 0.003, 0.03), granite, centre=(x, floor + 0.0095, z + 0.006), step=0.01)]


def _smoke_end() -> list[Patch]:
    x0 = FIRST + NUM_CHAMBERS * CHAMBER
    floor = float(ground(x0)) - 0.03
    masonry = over(bricks(KILN_BRICK, MORTAR, length=0.026, course=0.0095, depth=0.0017), _weather)
    sooty = over(
        masonry,
        lambda x, under: Paint(
            _sooted(x, under.color, ramp(x.position[..., 1], floor + 0.1, floor + 0.27)), under.roughness, under.height
        ),
    )
    patches = box((0.06, 0.165, 0.25), masonry, centre=(x0 + 0.03, floor, 0), step=0.004, relief=True)
    patches += box((0.07, 0.010, 0.262), stone("#8d8478"), centre=(x0 + 0.03, floor + 0.165, 0), step=0.01)
    for z in (-0.078, 0.0, 0.078):
        patches += box((0.036, 0.095, 0.040), sooty, centre=(x0 + 0.03, floor + 0.174, z), step=0.003, relief=True)
        patches += box((0.046, 0.007, 0.050), stone("#5c534b"), centre=(x0 + 0.03, floor + 0.269, z), step=0.01)
        patches.append(
            quad(
                (x0 + 0.03 - 0.013, floor + 0.2762, z + 0.015),
                (0.026, 0, 0),
                (0, 0, -0.03),
                plain("#0b0908"),
                step=0.01,
            )
        )
    return patches


def _terrain(x: FloatArray, z: FloatArray, seed: int) -> FloatArray:
    """Ground height: banked against the kiln, a path with steps on the +z side, falling away beyond both."""
    rng = np.random.default_rng(seed)
    low = rng.standard_normal((9, 18))
    y = ground(x)
    bank = 0.022 * np.exp(-((np.abs(z) / 0.15) ** 6))
    fall = -0.055 * np.clip((np.abs(z) - 0.25) / 0.15, 0, 1) ** 1.3 * np.clip((x - FOOT) / 0.5, 0, 1)
    back = 0.05 * np.clip((-z - 0.2) / 0.2, 0, 1) * np.clip((x + 0.2) / 0.6, 0, 1)
    bumps = cv2.resize(low, (x.shape[1], x.shape[0]), interpolation=cv2.INTER_CUBIC)
    calm = 1 - np.exp(-(((z - 0.19) / 0.06) ** 4))
    front = np.clip((x - FOOT) / 0.05, 0, 1)
    return np.asarray(np.maximum(y - 0.008 + (bank + fall + back) * front + 0.007 * bumps * calm, BASE + 0.012))


def _hill(seed: int) -> list[Patch]:
    columns, rows = 401, 201
    x, z = np.meshgrid(np.linspace(-LENGTH / 2, LENGTH / 2, columns), np.linspace(DEPTH / 2, -DEPTH / 2, rows))
    y = _terrain(x, z, seed)
    top = Patch(np.stack([x, y, z], -1), soil(grass=0.42), 1.0, relief=False)
    skirts = []
    for line in (
        np.stack([x[0], y[0], z[0]], -1),
        np.stack([x[:, -1], y[:, -1], z[:, -1]], -1),
        np.stack([x[-1], y[-1], z[-1]], -1)[::-1],
        np.stack([x[:, 0], y[:, 0], z[:, 0]], -1)[::-1],
    ):
        share = np.linspace(0, 1, 24)[:, None, None]
        foot = line.copy()
        foot[:, 1] = BASE
        skirts.append(Patch(foot * (1 - share) + line * share, strata(), 0.8))
    frame = box((LENGTH + 0.02, BASE, DEPTH + 0.02), wood("#5a3d2b", "#2f1f17", roughness=0.45), step=0.03, density=0.7)
    return [top, *skirts, *frame]


def _walls() -> list[Patch]:
    """Dry-stone retaining walls: along the back of the kiln, and low ones that hold the path on the door side."""
    granite = rubble(("#9a8f80", "#877c6e", "#a89c8b", "#776d62", "#94806a"), "#5b4736", size=0.024, depth=0.004)
    patches = []
    for i in range(NUM_CHAMBERS + 1):
        x = FIRST - 0.04 + i * CHAMBER
        level = float(ground(x))
        patches += box((CHAMBER, 0.12, 0.034), granite, centre=(x, level - 0.055, -0.205), step=0.005, relief=True)
        patches += box((CHAMBER, 0.10, 0.030), granite, centre=(x, level - 0.085, 0.268), step=0.005, relief=True)
    return patches


def _steps() -> list[Patch]:
    """Granite steps beside the doors."""
    slab = over(
        stone("#a59d90", variation=0.25, depth=0.0012),
        lambda x, p: Paint(
            mix(
                p.color,
                shaded(np.broadcast_to(rgb("#5d6636"), p.color.shape), (noise(x, 0.003, 3), 0.3)),
                ramp(noise(x, 0.02, 4), 0.9, 1.8) * np.float32(0.7),
            ),
            p.roughness,
            p.height,
        ),
    )
    patches = []
    run = 0.038
    count = int((HEAD - FOOT) / run)
    for i in range(count):
        x = FOOT + 0.03 + i * run
        patches += box(
            (run + 0.006, 0.03, 0.105),
            slab,
            centre=(x, float(ground(x)) - 0.023, 0.192),
            step=0.008,
            relief=True,
            bottom=False,
        )
    return patches


def saggar_pile(rng: np.random.Generator, height: int, radius: float = 0.019) -> list[Patch]:
    """Saggars standing on one another, each a little aside."""
    clay = plain(str(rng.choice(["#b48a62", "#a67a56", "#c09a74", "#96705a"])), variation=0.2, scale=0.01)
    tall = radius * 1.15
    profile = [
        (0, 0),
        (radius * 0.94, 0),
        (radius * 0.97, 0.001),
        (radius, tall * 0.5),
        (radius * 0.98, tall),
        (radius * 0.84, tall),
        (radius * 0.8, tall * 0.3),
        (0, tall * 0.25),
    ]
    patches = []
    for level in range(height):
        line = resampled(np.asarray(profile, float), 26)
        offset = (*rng.uniform(-0.0012, 0.0012, 1), level * tall * 0.97, *rng.uniform(-0.0012, 0.0012, 1))
        patches += moved([lathe(line, clay, columns=28)], offset=offset)
    return patches


def _stores(seed: int) -> list[Patch]:
    """Firewood and saggars on the working ground below the kiln and beside the doors."""
    rng = np.random.default_rng(seed + 1)
    yard = float(ground(FOOT)) - 0.008
    bark, cut = wood("#7a5b41", "#3f2c20", scale=0.5), plain("#c19b6c", variation=0.25, scale=0.004)
    patches: list[Patch] = []
    for row in range(5):
        for i in range(9 - row):
            r = float(rng.uniform(0.0068, 0.0084))
            at = np.array(
                [-0.735 + rng.uniform(-0.004, 0.004), yard + 0.007 + row * 0.0135, 0.12 + (i + row / 2) * 0.0165]
            )
            ends = at + np.array([[-0.055, 0, 0], [0, 0, 0], [0.055, 0, 0]]) + rng.uniform(-0.001, 0.001, (3, 3))
            log, *caps = tube(ends, r, bark, sides=12)
            patches += [log, *(Patch(c.grid, cut, 1.5) for c in caps)]
    for x, z, levels in (
        (-0.70, -0.11, 4),
        (-0.69, -0.155, 5),
        (-0.735, -0.135, 3),
        (-0.74, -0.18, 4),
        (-0.695, -0.205, 2),
        (-0.65, -0.16, 3),
        (-0.655, -0.205, 4),
    ):
        patches += moved(saggar_pile(rng, levels), offset=(x, yard - 0.002, z))
    for i in (1, 3, 5):
        x = FIRST + (i + 0.02) * CHAMBER
        patches += moved(
            saggar_pile(rng, 3, 0.014),
            offset=(x, float(ground(x)) - 0.004, 0.142),
            turn=turn_about("y", float(rng.uniform(0, 90))),
        )
    return patches
