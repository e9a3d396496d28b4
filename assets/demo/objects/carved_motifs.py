"""Motifs of the carvings: the carp and the Dragon Gate, scrolls and a peony. Height fields in metres."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recon.modelling.relief import Relief
from recon.modelling.solids import curve, mm

FloatArray = NDArray[np.float64]


def carp_and_waves(wide: float, tall: float) -> Relief:
    """A carp leaps from the waves towards clouds and the sun: he who passes the Dragon Gate. Depth about 27 mm."""
    relief = Relief(wide, tall, 0.0012)
    x, y = relief.x, relief.y
    relief.height[:] = 0.0008 * np.sin(x * 40 + 6 * np.sin(y * 11))
    sun = np.hypot(x - 0.235, y - 0.145)
    relief.lay(sun < 0.062, 0.004 + 0.004 * np.sqrt(np.clip(1 - (sun / 0.062) ** 2, 0, 1)))
    relief.raise_(np.where(np.abs(sun - 0.066) < 0.004, 0.007, 0))
    clouds = mm("-270,165,50 -190,185,-38 -330,135,-34 300,75,40 235,55,-34 345,100,-30 60,205,36 125,195,-28")
    for cx, cy, signed_size in clouds:  # a negative size curls the other way
        size, flip = abs(signed_size), 1 if signed_size > 0 else -1
        disc = np.hypot(x - cx, y - cy)
        relief.lay(disc < size, 0.006 + 0.005 * np.sqrt(np.clip(1 - (disc / size) ** 2, 0, 1)))
        relief.spiral((cx, cy), size, size * 0.13, 0.0045, turns=2.0, start=0.6, flip=flip, base=0.0085)
    for points in (
        ((-0.31, 0.12), (-0.2, 0.135), (-0.10, 0.12), (-0.02, 0.135)),
        ((0.15, 0.03), (0.24, 0.02), (0.31, 0.035), (0.36, 0.03)),
    ):
        relief.stroke(points, 0.011, 0.008)
    _waves(relief, row=0, level=-0.075)
    _carp(relief)
    for row, level in ((1, -0.125), (2, -0.170), (3, -0.215)):
        _waves(relief, row=row, level=level)
    rng = np.random.default_rng(3)
    for _ in range(26):  # spray
        cx, cy, r = float(rng.normal(-0.04, 0.13)), float(rng.uniform(-0.08, 0.03)), float(rng.uniform(0.003, 0.007))
        drop = np.hypot(x - cx, y - cy)
        relief.raise_(np.where(drop < r, 0.008 + np.sqrt(np.clip(r**2 - drop**2, 0, None)), 0))
    return relief


def _waves(relief: Relief, *, row: int, level: float) -> None:
    """A rank of breakers with curling crests, each fluted along its back."""
    x, y = relief.x, relief.y
    pitch = 0.155 - 0.012 * row
    shift = 0.5 * (row % 2)
    k = np.floor(x / pitch + shift)
    local = (x / pitch + shift - k) * 2 - 1
    swell = level + 0.030 * np.cos(local * np.pi / 2) ** 0.8 + 0.006 * np.sin(k * 2.4)
    depth = swell - y
    body = np.clip(depth / 0.022, 0, 1) ** 0.5
    flute = 0.5 + 0.5 * np.cos(2 * np.pi * np.hypot(local * pitch * 0.62, y - level + 0.055) / 0.0115)
    base = 0.009 + 0.004 * row
    relief.lay(depth > 0, base + 0.006 * body + 0.0028 * flute * np.clip(depth / 0.01, 0, 1))
    for i in range(int(np.floor((x.min()) / pitch)) - 1, int(np.ceil(x.max() / pitch)) + 2):
        cx = (i + 0.5 - shift + 0.18) * pitch
        cy = level + 0.030 + 0.006 * float(np.sin(i * 2.4)) + 0.002
        disc = np.hypot(x - cx, y - cy)
        size = 0.021
        relief.lay(disc < size, base + 0.009 * np.sqrt(np.clip(1 - (disc / size) ** 2, 0, 1)))
        relief.spiral((cx, cy), size, size * 0.17, 0.005, turns=1.7, start=2.6, flip=-1, base=base + 0.006)
        for j in range(3):
            bx, by, r = cx - 0.016 - 0.011 * j, cy + 0.013 - 0.010 * j, 0.0065 - 0.001 * j
            bead = np.hypot(x - bx, y - by)
            relief.raise_(np.where(bead < r, base + 0.006 + np.sqrt(np.clip(r**2 - bead**2, 0, None)), 0))


def _carp(relief: Relief) -> None:
    spine = curve(
        [(-0.175, -0.075), (-0.115, -0.035), (-0.045, -0.03), (0.025, -0.005), (0.075, 0.055), (0.098, 0.112)], 70
    )
    signed, share = relief.along(spine)
    half = 0.056 * np.sin(np.pi * np.clip(0.10 + 0.80 * share, 0, 1)) ** 0.9 * (1 - 0.30 * (1 - share))
    ratio = np.clip(signed / np.maximum(half, 1e-6), -1.2, 1.2)
    body = np.abs(ratio) < 1
    dome = 0.012 + 0.016 * np.sqrt(np.clip(1 - ratio**2, 0, 1))
    length = 0.36
    u, v = share * length / 0.0135, ratio * 4.2
    row = np.floor(u)
    vv = v + 0.5 * (row % 2)
    cell = np.hypot((u - row - 0.1) * 1.0, (vv - np.floor(vv) - 0.5) * 1.7)
    scales = np.clip(1.05 - cell, 0, 1) * 0.0042
    gill = np.clip((share - 0.80) / 0.02, 0, 1)
    head = share > 0.80
    height = dome + np.where(head, 0.003 * gill, scales) - 0.003 * np.exp(-(((share - 0.795) / 0.008) ** 2))
    reach, fan = 0.085, 0.95  # the tail, a split fan
    origin = spine[2]
    back = spine[0] - spine[6]
    facing = np.arctan2(back[1], back[0])
    dx, dy = relief.x - origin[0], relief.y - origin[1]
    r, a = np.hypot(dx, dy), (np.arctan2(dy, dx) - facing + np.pi) % (2 * np.pi) - np.pi
    edge = reach * (0.62 + 0.38 * np.clip(np.abs(a) / fan, 0, 1) ** 0.8)
    tail = (np.abs(a) < fan) & (r < edge)
    relief.lay(tail, 0.011 + 0.004 * np.cos(a * 26) * np.clip(r / 0.03, 0, 1) + 0.006 * np.clip(r / reach, 0, 1))
    for share_at, lean, reach, fan in (
        (0.50, 1.75, 0.075, 0.62),
        (0.66, -1.15, 0.060, 0.42),
        (0.36, -1.5, 0.045, 0.40),
    ):  # fins
        i = int(share_at * 69)
        ahead = spine[i + 1] - spine[i]
        facing = np.arctan2(ahead[1], ahead[0]) + lean
        start = spine[i] + 0.030 * np.array([np.cos(facing), np.sin(facing)])
        dx, dy = relief.x - start[0], relief.y - start[1]
        r, a = np.hypot(dx, dy), (np.arctan2(dy, dx) - facing + np.pi) % (2 * np.pi) - np.pi
        edge = reach * (1 - 0.25 * np.clip(a / fan, -1, 1)) * (1 - 0.06 * np.cos(a * 30))
        relief.lay((np.abs(a) < fan) & (r < edge), 0.010 + 0.003 * np.cos(a * 34) + 0.003 * r / reach)
    relief.lay(body, height)
    eye = spine[62] + 0.016 * np.array([-0.9, 0.42])
    ball = np.hypot(relief.x - eye[0], relief.y - eye[1])
    relief.raise_(np.where(ball < 0.0095, 0.030 + 0.004 * np.sqrt(np.clip(1 - (ball / 0.0095) ** 2, 0, 1)), 0))
    relief.lay((ball > 0.0095) & (ball < 0.0122), 0.026)
    relief.lay(ball < 0.0034, 0.0315)
    tip = spine[-1]
    for barbel in ("-10,-12 8,6 2,16", "12,-16 16,-2 10,12", "12,-4 35,4 46,-14", "-14,2 -34,16 -50,6"):  # and lips
        relief.stroke(np.add(mm(barbel), tip), 0.0055, 0.006, base=0.020)


def scrolls_and_peony(wide: float, tall: float) -> Relief:
    """For a bracket: a peony in its corner, leafy scrolls that run out along both arms. Depth about 14 mm."""
    relief = Relief(wide, tall, 0.0012)
    x, y = relief.x, relief.y
    corner = np.array([-wide / 2, tall / 2])

    def place(a: float, b: float) -> FloatArray:
        return np.asarray(corner + np.array([a, -b]))

    stems = (
        ((0.03, 0.10), (0.14, 0.07), (0.24, 0.085), (0.34, 0.055), (0.42, 0.05)),
        ((0.05, 0.06), (0.055, 0.15), (0.035, 0.21), (0.03, 0.26)),
        ((0.10, 0.10), (0.17, 0.13), (0.22, 0.125), (0.26, 0.09)),
    )
    for stem in stems:
        relief.stroke([place(*p) for p in stem], 0.009, 0.008, taper=False, base=0.002)
    curls = "215,52,36 305,85,-32 385,45,28 165,135,-30 60,190,32 35,255,-22"
    for k, (a, b, signed_size) in enumerate(mm(curls)):
        r, flip, start = abs(signed_size), 1 if signed_size > 0 else -1, (0.5, 2.0, 1.0, 0.2, 2.4, 0.8)[k]
        disc = np.hypot(x - place(a, b)[0], y - place(a, b)[1])
        relief.lay(disc < r, 0.003 + 0.004 * np.sqrt(np.clip(1 - (disc / r) ** 2, 0, 1)))
        relief.spiral(place(a, b), r, r * 0.17, 0.005, turns=1.7, start=start, flip=flip, base=0.005)
    leaves = "170,35,50 270,45,50 340,28,40 135,165,50 100,200,50 30,150,45 250,120,40 420,28,35"
    turns = (0.3, -0.4, 0.5, -1.2, -2.2, 2.2, -0.9, 0.2)
    for (a, b, long), turn in zip(mm(leaves), turns, strict=True):
        centre = place(a, b)
        dx, dy = x - centre[0], y - centre[1]
        u, v = dx * np.cos(turn) + dy * np.sin(turn), -dx * np.sin(turn) + dy * np.cos(turn)
        edge = 0.42 * long * np.cos(np.clip(u / long, -1, 1) * np.pi / 2) ** 0.8 * (1 + 0.16 * np.cos(u / long * 18))
        leaf = (np.abs(u) < long) & (np.abs(v) < edge)
        relief.lay(
            leaf, 0.006 + 0.004 * (1 - np.abs(v) / np.maximum(edge, 1e-6)) - 0.002 * np.exp(-((v / 0.0018) ** 2))
        )
    middle = place(0.085, 0.085)
    r, a = np.hypot(x - middle[0], y - middle[1]), np.arctan2(y - middle[1], x - middle[0])
    for i, (count, reach) in enumerate(((8, 0.060), (7, 0.045), (6, 0.031), (5, 0.018))):
        edge = reach * (0.84 + 0.16 * np.abs(np.cos(count * (a + 0.5 * i) / 2)) ** 0.5 - 0.03 * np.cos(count * 4 * a))
        fold = 0.0014 * np.cos(count * 3 * (a + 0.5 * i))
        relief.lay(
            r < edge, 0.006 + 0.0028 * i + 0.004 * np.clip(r / reach, 0, 1) ** 2 + fold * np.clip(r / reach, 0, 1)
        )
    return relief
