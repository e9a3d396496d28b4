"""A dragon kiln in fire that visitors walk into: fire mouths, a climb between beds of embers, stoke holes, saggars.

Local frame: +Y up, metres; its mouth is an arch in a wall whose face lies at z = 0 towards +z, and it climbs towards
-z, 12 degrees, which is the gentle end of Dehua's kilns (12 to 22 degrees at Qudougong). Inside it is 3.2 m wide.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from exhibit.space.furniture import plinth
from exhibit.space.light_sources import Spot
from exhibit.space.shapes import bar, box, quad, ruled, turned
from exhibit.space.sheets import Finish, Sheet
from exhibit.space.site import Site

FloatArray = NDArray[np.float64]
FIRE = (1.0, 0.55, 0.22)
BRICK = Finish("kiln_brick", (2.0, 2.0))
SAND = Finish("plaster", (2.4, 2.4), tint=(0.38, 0.27, 0.19))
CLAY = Finish("granite", (1.2, 1.2), tint=(0.72, 0.46, 0.29))
WARE = Finish("plaster", (2.4, 2.4), tint=(0.96, 0.93, 0.87))
EMBERS = Finish("embers", (1.2, 1.2), tint=(1.0, 0.40, 0.11), glows=True, radiance=3.2)
FLAMES = Finish("flames", (1.0, 0.75), tint=(1.0, 0.72, 0.36), glows=True, radiance=3.0)

HALF, SPRING, CROWN = 1.6, 1.25, 2.7  # of the tunnel: half its width, where the vault begins, its top
PORTAL_HALF, PORTAL_SPRING, PORTAL_CROWN, THROUGH = 1.2, 1.15, 2.3, 0.7
FIREBOX, CLIMB_LENGTH, END = 2.3, 6.6, 2.2  # along z
SLOPE = 0.212  # 12 degrees
FOOT, HEAD = -THROUGH - FIREBOX, -THROUGH - FIREBOX - CLIMB_LENGTH  # z where the climb begins and ends
BACK = HEAD - END
WAY = 0.72  # half the width of the path between the beds
ARC = 18  # cells of the vault's line
STOKE = (4, 13)  # those that stoke holes take
HOLE = 0.16  # half the length of a stoke hole along the vault
STOKE_Z = tuple(float(z) for z in FOOT - 0.55 - np.arange(6) * 1.1)
RIB_Z = (FOOT, (FOOT + HEAD) / 2, HEAD)


def portal() -> FloatArray:
    """(N, 2) of the mouth's outline, x and height: from its right foot over the crown to its left foot."""
    return _arch(PORTAL_HALF, PORTAL_SPRING, PORTAL_CROWN)


def fired_kiln(site: Site) -> None:
    _portal(site)
    _firebox(site)
    _vault(site)
    _climb(site)
    _end(site)
    for z in RIB_Z:
        _rib(site, z)


def _arch(half: float, spring: float, crown: float) -> FloatArray:
    angle = np.linspace(0, np.pi, ARC + 1)
    curve = np.stack([half * np.cos(angle), spring + (crown - spring) * np.sin(angle)], -1)
    return np.concatenate([[(half, 0.0)], curve, [(-half, 0.0)]])


def _floor(z: float) -> float:
    return float(SLOPE * np.clip(FOOT - z, 0, CLIMB_LENGTH))


def _at(line: FloatArray, z: float) -> FloatArray:
    """The section's line (N, 2) as points (N, 3) above the floor at z."""
    return np.stack([line[:, 0], line[:, 1] + _floor(z), np.full(len(line), z)], -1)


def _portal(site: Site) -> None:
    """The arch through the wall, a ring of brick about it, and the wall's other face."""
    arch, tunnel = portal(), _arch(HALF, SPRING, CROWN)
    wide = _arch(PORTAL_HALF + 0.26, PORTAL_SPRING, PORTAL_CROWN + 0.26)
    proud = np.array([0, 0, 0.06])
    site.show(quad((-PORTAL_HALF, 0, 0), (2 * PORTAL_HALF, 0, 0), (0, 0, -THROUGH), SAND))
    site.show(
        ruled(_at(wide, 0.0) + proud, _at(arch, 0.0) + proud, BRICK),
        ruled(_at(wide, 0.0), _at(wide, 0.0) + proud, BRICK),
        ruled(_at(arch, 0.0) + proud, _at(arch, -THROUGH), BRICK),
        ruled(_at(arch, -THROUGH), _at(tunnel, -THROUGH), BRICK),
    )
    for side in (-1, 1):
        near, far = sorted((side * PORTAL_HALF, side * (HALF + 0.6)))
        site.block((near, 0, -THROUGH), (far, CROWN, 0))


def _firebox(site: Site) -> None:
    """Level ground with a fire mouth on either hand."""
    site.show(quad((-HALF, 0, -THROUGH), (2 * HALF, 0, 0), (0, 0, -FIREBOX), SAND))
    site.block((-HALF - 0.6, -0.5, FOOT), (HALF + 0.6, 0, 0))
    middle, half, low, spring = FIREBOX / 2, 0.42, 0.22, 0.55
    angle = np.linspace(0, np.pi, 9)
    arch = np.stack([middle + half * np.cos(angle), spring + 0.4 * np.sin(angle)], -1)
    hole = np.concatenate([[(middle + half, low)], arch, [(middle - half, low)]])
    outline = np.array([(0, 0), (FIREBOX, 0), (FIREBOX, SPRING), (0, SPRING)])
    for here in (site, site.mirrored()):
        # the right wall, looked at from inside: s runs towards +z
        face = here.at(HALF, 0, FOOT, -90)
        grid = np.array([[(0, 0, 0), (FIREBOX, 0, 0)], [(0, SPRING, 0), (FIREBOX, SPRING, 0)]], float)
        face.show(Sheet(grid, BRICK, cut=[outline, hole[::-1]]))
        rim = np.concatenate([hole, np.zeros((len(hole), 1))], 1)
        face.show(ruled(rim, rim - (0, 0, 0.55), BRICK))
        face.show(quad((middle - half, low, 0), (2 * half, 0, 0), (0, 0.12, -0.55), EMBERS))
        face.show(quad((middle - half, low, -0.5), (2 * half, 0, 0), (0, 0.75, 0), FLAMES))
        face.lamp(Spot((middle, 0.62, -0.12), (middle, 0.75, 2.0), 88.0, 11.0, FIRE))
        here.block((HALF, 0, FOOT), (HALF + 0.6, CROWN, -THROUGH))


def _vault(site: Site) -> None:
    """The vault from the wall to the kiln's end: brick in courses along it, with stoke holes on both shoulders."""
    line = _arch(HALF, SPRING, CROWN)[1:-1]
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])

    def band(first: int, last: int, far: float, near: float) -> None:
        z = [far, *(at for at in (HEAD, FOOT) if far < at < near), near]
        grid = np.stack([_at(line[first : last + 1], at) for at in z], 1)
        site.show(Sheet(grid, BRICK, (far, float(length[first])), detail=0.6))

    bounds = [0, *(k + i for k in STOKE for i in (0, 1)), ARC]
    for first, last in pairwise(bounds):
        if first not in STOKE:
            band(first, last, BACK, -THROUGH)
            continue
        edges = [BACK, *sorted(z + side * HOLE for z in STOKE_Z for side in (-1, 1)), -THROUGH]
        for far, near in zip(edges[::2], edges[1::2], strict=True):
            band(first, last, far, near)
        for z in STOKE_Z:
            _stoke_hole(site, line[first : last + 1], z)


def _stoke_hole(site: Site, cell: FloatArray, z: float) -> None:
    """A hole through the brick with fire behind it."""
    near, far = _at(cell, z + HOLE), _at(cell, z - HOLE)
    ring = np.array([near[0], near[1], far[1], far[0], near[0]])
    along = cell[1] - cell[0]
    out = np.array([along[1], -along[0], 0.0]) / np.linalg.norm(along) * 0.15
    site.show(ruled(ring, ring + out, BRICK))
    site.show(Sheet(np.array([[far[0], near[0]], [far[1], near[1]]]) + out, FLAMES))
    middle = ring[:4].mean(0)
    site.lamp(Spot(_tuple(middle + 0.3 * out), _tuple(middle - out), 80.0, 2.2, FIRE))


def _scaled(tint: tuple[float, float, float], by: float) -> tuple[float, float, float]:
    return tint[0] * by, tint[1] * by, tint[2] * by


def _tuple(point: FloatArray) -> tuple[float, float, float]:
    x, y, z = (float(v) for v in point)
    return x, y, z


def _climb(site: Site) -> None:
    """The sanded path up, and on both sides, behind kerbs, embers with saggars standing in them."""
    rise = _floor(HEAD)
    along = np.array([0, rise, HEAD - FOOT])
    site.show(quad((-WAY, 0, FOOT), (2 * WAY, 0, 0), along, SAND))
    site.ramp([(-HALF - 0.6, 0, FOOT), (HALF + 0.6, 0, FOOT)], [(-HALF - 0.6, rise, HEAD), (HALF + 0.6, rise, HEAD)])
    rng = np.random.default_rng(5)
    for here in (site, site.mirrored()):
        here.show(quad((HALF, rise, HEAD), -along, (0, SPRING, 0), BRICK, detail=0.7))
        kerb = np.array([WAY + 0.07, 0.11, FOOT])
        here.show(bar(kerb, kerb + along, 0.14, 0.24, BRICK))
        here.show(box((WAY, 0, FOOT - 0.01), (HALF, 0.23, FOOT), BRICK, sides="s"))
        here.show(quad((WAY + 0.1, 0.17, FOOT), (HALF - WAY - 0.1, 0, 0), along, EMBERS, detail=0.2))
        upper = np.array([(WAY, rise + 1.4, HEAD), (HALF + 0.6, rise + 1.4, HEAD)])
        here.ramp(upper - along, upper, deep=1.8)
        for z in np.arange(FOOT - 0.4, HEAD + 0.3, -0.56):
            _saggars(here, 1.24 + float(rng.uniform(-0.07, 0.07)), float(z), int(rng.integers(2, 6)), rng)


def _saggars(site: Site, x: float, z: float, count: int, rng: np.random.Generator) -> None:
    """A stack of saggars in the embers; the uppermost is open, and some show the bowls that are in it."""
    radius, tall = 0.155, 0.165
    foot, top = _floor(z) + 0.1, count * tall
    open_rim = [(0.9, tall), (0.84, tall - 0.02), (0.84, tall - 0.09), (0.0, tall - 0.09)]
    for i in range(count):
        profile = [(0.88, 0.0), (0.98, 0.012), (1.0, 0.08), (0.98, tall - 0.012), (0.88, tall)]
        profile = [(radius * k, h) for k, h in [*profile, *(open_rim if i + 1 == count else [])]]
        shade = float(rng.uniform(0.7, 1.25))
        clay = replace(CLAY, tint=_scaled(CLAY.tint, shade))
        site.show(
            turned((x + float(rng.uniform(-0.01, 0.01)), foot + i * tall, z), profile, clay, sides=14, detail=0.7)
        )
    if rng.random() < 0.5:
        bowl = [(0.04, 0.0), (0.085, 0.04), (0.105, 0.085), (0.110, 0.10), (0.104, 0.10), (0.08, 0.045), (0.0, 0.02)]
        site.show(turned((x, foot + top - 0.07, z), bowl, WARE, sides=18, detail=3.0))


def _end(site: Site) -> None:
    """A level place before the last wall with its row of flues, and a stand for what came out of the fire."""
    rise = _floor(HEAD)
    here = site.at(0, rise, HEAD)
    here.show(quad((-HALF, 0, 0), (2 * HALF, 0, 0), (0, 0, -END), SAND))
    here.block((-HALF - 0.6, -0.5, -END - 0.6), (HALF + 0.6, 0, 0))
    for side in (here, here.mirrored()):
        side.show(quad((HALF, 0, -END), (0, 0, END), (0, SPRING, 0), BRICK))
        side.block((HALF, 0, -END), (HALF + 0.6, CROWN, 0))
    back = here.at(0, 0, -END)
    section = _arch(HALF, SPRING, CROWN)
    flues = [(x - 0.11, 0.12, x + 0.11, 0.52) for x in (-1.28, -0.84, 0.84, 1.28)]
    loops = [np.array([(a, b), (c, b), (c, d), (a, d)]) for a, b, c, d in flues]
    grid = np.array([[(-HALF, 0, 0), (HALF, 0, 0)], [(-HALF, CROWN, 0), (HALF, CROWN, 0)]], float)
    back.show(Sheet(grid, BRICK, cut=[np.add(loop, (HALF, 0.0)) for loop in (section, *loops)]))
    for a, b, c, d in flues:
        rim = np.array([(c, b, 0), (c, d, 0), (a, d, 0), (a, b, 0), (c, b, 0)])
        back.show(ruled(rim, rim - (0, 0, 0.3), BRICK), quad((a, b, -0.29), (c - a, 0, 0), (0, d - b, 0), FLAMES))
        back.lamp(Spot(((a + c) / 2, (b + d) / 2, -0.05), ((a + c) / 2, b, 1.0), 80.0, 2.5, FIRE))
    back.block((-HALF, 0, -0.6), (HALF, CROWN, 0))
    plinth(back.at(0, 0, 0.75), "kiln", 0.9, 0.7, 0.7, CLAY, room=1.2)
    back.lamp(Spot((0, CROWN - 0.15, 1.9), (0, 0.8, 0.75), 26.0, 14.0))


def _rib(site: Site, z: float) -> None:
    """An arch of brick that stands proud of the tunnel where one chamber ends."""
    tunnel, inner = _arch(HALF + 0.02, SPRING, CROWN + 0.02), _arch(HALF - 0.12, SPRING, CROWN - 0.16)
    a, b = z + 0.14, z - 0.14
    level = [np.add(_at(line, z), (0, 0, at - z)) for line, at in ((tunnel, a), (inner, a), (inner, b), (tunnel, b))]
    site.show(*(ruled(low, high, BRICK) for low, high in pairwise(level)))
