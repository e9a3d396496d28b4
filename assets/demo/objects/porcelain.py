"""White porcelain of Dehua for the table and for the sea: a fluted bowl, a covered box, a kendi. Life size, metres."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recon.modelling.glaze import glazed_over, porcelain
from recon.modelling.lathe_drawing import LatheDrawing
from recon.modelling.machine_elements import at
from recon.modelling.model import Model, fitted
from recon.modelling.solids import bevelled, curve, mm
from recon.modelling.spouts import bored, spout
from recon.modelling.surfaces import Patch, lathe, smooth_profile, turn_about
from recon.modelling.textures import Paint, Painter, Texels, over

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]


def walled(outer: FloatArray, inner: FloatArray, painter: Painter, *, foot: float, recess: float | None = None,
           columns: int = 96, density: float = 1.0) -> Patch:  # fmt: skip
    """A thrown vessel: from the foot ring's hollow over the outer profile and the lip to the inner one. `foot` is the
    ring's width, `recess` how deep the ring is cut; profiles are (radius, height), the outer from the foot up, the
    inner from the lip down to the axis.
    """
    r, y = outer[0]
    cut = y + (0.45 * foot if recess is None else recess)
    hollow = [(0.0, cut), (r - 1.6 * foot, cut), (r - foot, y), (r - 0.1 * foot, y)]
    line = np.concatenate([hollow, outer[1:], inner])
    line[[0, -1], 0] = 0
    made = lathe(bevelled(line, 0.1 * foot), painter, columns=columns, density=density)
    return Patch(made.grid, painter, density, even=True)


def lined(outer: FloatArray, wall: float, floor: float) -> FloatArray:
    """The inside (M, 2) of a thrown wall: its `outer` profile (N, 2) moved in by `wall`, from the lip down, then a
    rounded corner to a floor at the height `floor`.
    """
    along = np.gradient(outer, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    moved = (outer + wall * np.stack([-along[:, 1], along[:, 0]], -1))[::-1]
    low = int(np.argmax(moved[:, 1] < floor + 2 * wall))
    r, y = moved[low]
    corner = smooth_profile(
        [(r, y), (r - 0.6 * (y - floor), floor + 0.25 * (y - floor)), (0.5 * r, floor), (0, floor)], 16
    )
    return np.concatenate([moved[:low], smooth_profile(corner, 16)])


def fluted_bowl(seed: int = 73) -> Model:
    """A bowl like a chrysanthemum of twenty-four petals, 0.18 m wide: moulded, thin, ivory white."""
    outer = smooth_profile(mm("27,0 28,8 40,15 62,33 78,55 88,72 91,77"), 60)
    inner = smooth_profile(mm("91,77 89.3,77.6 85,71 74.5,54 58,33 38,17.5 24,13 0,12.4"), 56)

    def fluted(angle: FloatArray, y: FloatArray) -> FloatArray:
        share = np.clip((y - 0.016) / 0.05, 0, 1)
        return np.asarray(1 + share * 0.045 * (np.abs(np.cos(12 * angle)) ** 0.7 - 0.7))

    made = walled(outer, inner, porcelain("#f2ece0", warm="#e3d2b2"), foot=0.004, recess=0.0085, columns=288)
    r = np.hypot(made.grid[..., 0], made.grid[..., 2])
    angle = np.arctan2(made.grid[..., 2], made.grid[..., 0])
    scale = fluted(angle, made.grid[..., 1])
    grid = made.grid * np.stack([scale, np.ones_like(r), scale], -1)
    share = np.clip((grid[..., 1] - 0.055) / 0.022, 0, 1)
    grid[..., 1] += share * 0.0022 * (np.abs(np.cos(12 * angle)) ** 0.7 - 0.7)
    grid[:, -1] = grid[:, 0]
    return fitted([Patch(grid, made.painter, 1.0, even=True)], seed=seed)


def covered_box(seed: int = 79) -> Model:
    """A round box for powder or incense, its lid moulded with a peony, its side with upright petals."""
    glaze = porcelain("#f3eee3", warm="#e4d4b8")
    return fitted(box_and_lid(over(glaze, _petals), over(glaze, _peony)), seed=seed)


def box_and_lid(side: Painter, top: Painter, *, columns: int = 192) -> list[Patch]:
    """A round box, 91 mm wide, whose lid drops over an inner rim."""
    low_out = smooth_profile(mm("26,0 27,2.5 39,9 44.5,18 45.5,24.5"), 34)
    low_in = np.concatenate(
        [
            mm("45.5,24.5 43.4,24.7 43.2,28.5 41.6,28.5 41.4,24"),
            smooth_profile(mm("41.4,24 39,14 30,7.5 0,6.5"), 24)[1:],
        ]
    )
    lid_out = np.concatenate(
        [mm("42,25.2 43.6,25.2 45.5,25.2"), smooth_profile(mm("45.5,25.2 45,31 40,38.5 28,43.5 14,45.5 0,46"), 44)[1:]]
    )
    under = np.concatenate([smooth_profile(mm("0,43.4 14,42.8 27,40.8 38,36 41.6,30"), 26), mm("42,25.2")])
    lid = lathe(np.concatenate([under[:-1], lid_out]), top, columns=columns)
    lid.grid[0, :, [0, 2]] = lid.grid[-1, :, [0, 2]] = 0
    body = walled(low_out, low_in, side, foot=0.004, columns=columns * 3 // 4)
    return [body, *at(0, 0.0004, 0, [Patch(lid.grid, lid.painter, 1.25, even=True)], turn_about("y", 14))]


def _petals(x: Texels, under: Paint) -> Paint:
    """A row of upright lotus petals in low relief."""
    y = x.position[..., 1]
    turn = (x.s / float(x.s.max()) * 32) % 1 - 0.5
    level = (y - 0.006) / 0.016
    rim = np.sqrt(np.clip(1 - (2 * turn) ** 2, 0, 1)) * 0.95
    inside = (
        (np.gradient(y, axis=0) > 0)
        & (level > 0)
        & (level < rim)
        & (np.hypot(x.position[..., 0], x.position[..., 2]) > 0.03)
    )
    raised = np.where(inside, 0.35 + 0.65 * np.clip((rim - level) * 2.2, 0, 1) * (1 - np.abs(turn)), 0).astype(
        np.float32
    )
    return glazed_over(0.0007, under, raised, float(x.s[0, 1]))


def _peony(x: Texels, under: Paint) -> Paint:
    """A peony seen from above: rings of notched petals about a boss, two sprays of leaves, a bead line at the edge."""
    p = x.position
    r, angle = np.hypot(p[..., 0], p[..., 2]) / 0.0455, np.arctan2(p[..., 2], p[..., 0])
    raised = np.zeros(x.shape, np.float32)
    for i, (count, low, high) in enumerate(((9, 0.36, 0.60), (7, 0.22, 0.44), (6, 0.08, 0.28))):
        wave = np.abs(np.cos(count * (angle + 0.4 * i) / 2))
        rim = low + (high - low) * (0.55 + 0.45 * wave**0.5) - 0.02 * np.cos(count * 4 * angle)
        body = np.clip((rim - r) / 0.05, 0, 1) ** 0.6 * (
            0.45 + 0.2 * i + 0.35 * np.clip((r - low) / (high - low), 0, 1)
        )
        raised = np.where(r < rim, np.maximum(raised * (0.75 if i else 1.0), body), raised).astype(np.float32)
    boss = np.clip(1 - (r / 0.10) ** 2, 0, 1) ** 0.5 * (0.85 + 0.15 * np.cos(8 * angle) * np.cos(60 * r))
    raised = np.maximum(raised, boss).astype(np.float32)
    for k in range(6):
        middle = 2 * np.pi * k / 6 + 0.25
        off = (angle - middle + np.pi) % (2 * np.pi) - np.pi
        along = (r - 0.56) / 0.26
        wide = 0.30 * np.clip(np.sin(np.clip(along, 0, 1) * np.pi), 0, 1) ** 0.8 * (1 + 0.15 * np.cos(along * 26))
        leaf = (np.abs(off) < wide) & (along > 0) & (along < 1)
        vein = np.exp(-((off / 0.018) ** 2)) + 0.6 * np.exp(
            -((np.sin((along * 5 + np.abs(off) * 4) * np.pi) / 0.25) ** 2)
        )
        raised = np.maximum(raised, np.where(leaf, 0.5 - 0.22 * np.clip(vein, 0, 1), 0)).astype(np.float32)
    bead = (np.cos(angle * 72) > 0.1) * np.exp(-(((r - 0.90) / 0.012) ** 2)) + np.exp(-(((r - 0.86) / 0.007) ** 2))
    raised = np.maximum(raised, np.clip(bead, 0, 1) * 0.5) * (x.normal[..., 1] > 0.02)
    return glazed_over(0.0016, under, raised.astype(np.float32), float(x.s[0, 1]))


def kendi(seed: int = 83) -> Model:
    """A kendi, 0.21 m high, made for Southeast Asia: filled by the neck, drunk from by the swelling spout."""
    glaze = porcelain("#f0eadc", warm="#e0cdaa")
    outer = np.concatenate([
        smooth_profile(mm("43,0 44,8 57,24 79,55 82,84 66,112 38,129 23,139 19.5,152"), 66),
        mm("19.5,153 23,154.5 23,157.5 19.5,159"),
        smooth_profile(mm("19.5,159 19,172 22,187 31,202 39,209"), 22),
    ])  # fmt: skip
    thrown = walled(outer, lined(outer, 0.005, 0.0125), over(glaze, _scroll), foot=0.006, recess=0.0072, columns=144)
    vessel = replace(thrown, grid=thrown.grid @ turn_about("y", 180).T)  # the seam lies behind
    path = curve(mm("80,86,0 97,97,0 112,108,0 124,120,0 133,131,0 135,133.6,0"), 40)
    fat = smooth_profile(
        [(0, 0.0300), (0.2, 0.0322), (0.36, 0.0300), (0.55, 0.0215), (0.74, 0.0125), (0.88, 0.0092), (0.95, 0.0096),
         (1, 0.0115)], 80,
    )  # fmt: skip
    radii = np.interp(np.linspace(0, 1, 40), fat[:, 0], fat[:, 1])
    tube = spout(vessel, path, radii, 0.004, glaze, sides=48)
    return fitted([*bored(vessel, 0.086, 0.009, glaze), tube], seed=seed)


def _scroll(x: Texels, under: Paint) -> Paint:
    """Moulded bands: a scroll of lotus about the shoulder between two lines, stiff leaves above the foot."""
    sheet = LatheDrawing(x)
    for k in range(6):
        turn = (k + 0.5) / 6
        sheet.spiral(turn, 0.098, 0.0135, turns=1.6, flip=1 if k % 2 else -1, thick=0.0022)
        sheet.flower(turn + 1 / 12, 0.101, 0.0085, petals=8)
    for level in (0.083, 0.1165):
        sheet.band(level, 0.0014)
    for k in range(20):
        sheet.leaf(k / 20, 0.014, 0.028, 0.0055)
    return glazed_over(0.0016, under, sheet.relief(0.0007), sheet.texel)
