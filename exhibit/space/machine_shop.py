"""What a machine shop is furnished with: engine beds, decks, fitters' benches with their tools, oil on the floor.

Each stands at the site's origin with its front towards +z. Metres.
"""

from __future__ import annotations

import numpy as np

from exhibit.space.furniture import plinth
from exhibit.space.shapes import bar, box, quad, tube, turned
from exhibit.space.sheets import Finish, Sheet
from exhibit.space.site import Site

BRICK = Finish("red_brick", (2.16, 2.16), tint=(0.72, 0.78, 0.76))
CAP = Finish("plaster", (2.4, 2.4), tint=(0.80, 0.77, 0.70))
BOARDS = Finish("timber", (1.6, 1.6), tint=(0.88, 0.82, 0.74))
BENCH = Finish("timber", (1.6, 1.6), tint=(0.60, 0.47, 0.34))
STEEL = Finish("steel", (1.0, 1.0), tint=(0.17, 0.27, 0.25))
DARK = Finish("steel", (1.0, 1.0), tint=(0.06, 0.07, 0.07))
IRON = Finish("steel", (1.0, 1.0), tint=(0.34, 0.35, 0.36))
HANDLE = Finish("timber", (1.6, 1.6), tint=(0.85, 0.62, 0.40))
BENCH_TOP, BENCH_DEEP = 0.86, 0.66
OIL = (0.62, 0.34)  # how much light oiled concrete keeps: at the stain's rim, in its middle


def engine_bed(site: Site, name: str, width: float, deep: float, height: float, *, room: float) -> None:
    """A foundation of brick under a dressed cap."""
    w, d = width / 2, deep / 2
    plinth(site, name, width, deep, height, BRICK, room=room)
    site.show(box((-w - 0.03, height - 0.07, -d - 0.03), (w + 0.03, height + 0.001, d + 0.03), CAP, sides="nesw^_"))


def deck(site: Site, name: str, width: float, deep: float, height: float, *, room: float) -> None:
    """A low stand for machines: boards in a frame of steel."""
    w, d, rim = width / 2, deep / 2, 0.06
    site.show(box((-w, 0, -d), (w, height, d), STEEL, sides="nesw^"))
    site.show(quad((-w + rim, height + 0.002, d - rim), (width - 2 * rim, 0, 0), (0, 0, 2 * rim - deep), BOARDS))
    site.block((-w, 0, -d), (w, height, d))
    site.anchor(name, "plinth", (0, height, 0), 0.0, min(width, deep), room)
    site.anchor(f"{name}-label", "label", (0, height / 2, d + 0.002), 0.0, 0.3, height)


def workbench(site: Site, length: float = 2.4) -> None:
    """A fitter's bench with its back at z = 0: thick top, drawers, a shelf of bar stock, a vice and hand tools."""
    w, d, top = length / 2, BENCH_DEEP, BENCH_TOP
    site.show(box((-w, top - 0.07, 0), (w, top, d), BENCH, sides="nesw^_"))
    for x in (-w + 0.12, w - 0.12):
        site.show(box((x - 0.05, 0, 0.06), (x + 0.05, top - 0.07, d - 0.06), STEEL, sides="nesw"))
    site.show(box((-w + 0.17, 0.20, 0.06), (w - 0.17, 0.24, d - 0.08), BENCH, sides="ns^_"))
    site.show(box((0.1, top - 0.27, 0.10), (w - 0.17, top - 0.07, d - 0.05), BENCH, sides="nesw_"))
    for x in (0.1 + (w - 0.27) * share for share in (0.25, 0.75)):
        site.show(box((x - 0.06, top - 0.18, d - 0.05), (x + 0.06, top - 0.15, d - 0.025), IRON, sides="esw^_"))
    for k, x in enumerate((-0.75, -0.62, -0.52)):
        long = 0.9 + 0.2 * k
        site.show(bar((x, 0.27, 0.2), (x + long, 0.27, 0.22 + 0.06 * k), 0.05, 0.05, IRON, ends=True, detail=0.5))
    _vice(site.at(-w + 0.42, top, d - 0.16))
    _hammer(site.at(-0.10, top, 0.26, 25))
    for k in range(3):  # files
        here = site.at(0.22 + 0.11 * k, top, 0.34, 8 * k - 6)
        here.show(box((-0.012, 0.004, -0.16), (0.012, 0.012, 0.09), IRON, sides="nesw^", detail=0.5))
        here.show(tube([(0, 0.014, 0.09), (0, 0.014, 0.20)], 0.013, HANDLE, sides=6, detail=0.5))
    site.show(box((w - 0.42, top, 0.10), (w - 0.14, top + 0.11, 0.30), STEEL, sides="nesw^", detail=0.7))  # a tool box
    site.show(turned((0.68, top, 0.20), [(0.055, 0), (0.055, 0.10), (0.02, 0.14), (0.012, 0.24), (0, 0.24)], IRON))
    site.block((-w, 0, 0), (w, top, d))


def _vice(site: Site) -> None:
    site.show(box((-0.07, 0, -0.12), (0.07, 0.06, 0.10), DARK))
    for z in (-0.07, 0.06):
        site.show(box((-0.075, 0.06, z - 0.035), (0.075, 0.17, z + 0.035), STEEL))
        site.show(box((-0.080, 0.17, z - 0.022), (0.080, 0.185, z + 0.022), IRON))
    site.show(tube([(0, 0.09, 0.09), (0, 0.09, 0.24)], 0.016, IRON))
    site.show(tube([(-0.11, 0.06, 0.225), (0.11, 0.13, 0.225)], 0.008, IRON, sides=6))


def _hammer(site: Site) -> None:
    site.show(box((-0.055, 0.004, -0.02), (0.055, 0.044, 0.02), IRON, sides="nesw^"))
    site.show(tube([(0, 0.024, 0), (0, 0.016, 0.34)], 0.013, HANDLE, sides=6))


def tool_board(site: Site, width: float, low: float = 1.15, height: float = 0.85) -> None:
    """A board on a wall's face at z = 0 with spanners in order of size, hammers and a saw."""
    w, top = width / 2, low + height
    site.show(box((-w, low, 0), (w, top, 0.03), BOARDS, sides="esw^_"))
    for k, x in enumerate(np.linspace(-w + 0.12, w * 0.20, 7)):
        long, hang = 0.20 + 0.045 * k, top - 0.10
        site.show(bar((x, hang, 0.040), (x, hang - long, 0.040), 0.022, 0.012, IRON, detail=0.6))
        for y in (hang, hang - long):
            site.show(
                box((x - 0.030, y - 0.024, 0.032), (x + 0.030, y + 0.024, 0.050), IRON, sides="esw^_", detail=0.6)
            )
    for x in (w * 0.42, w * 0.60):
        site.show(tube([(x, top - 0.12, 0.05), (x, top - 0.50, 0.05)], 0.014, HANDLE, sides=6, detail=0.6))
        site.show(box((x - 0.06, top - 0.14, 0.032), (x + 0.06, top - 0.09, 0.072), IRON, sides="esw^_"))
    x = w * 0.83
    site.show(bar((x, top - 0.10, 0.045), (x, top - 0.62, 0.045), 0.09, 0.004, IRON, detail=0.6))
    site.show(box((x - 0.05, top - 0.74, 0.034), (x + 0.05, top - 0.61, 0.060), HANDLE, sides="esw^_"))


def oil_stain(site: Site, finish: Finish, x: float, z: float, radius: float, seed: int) -> None:
    """Oil that has soaked into the floor about (x, z); `finish` is the floor's, and goes on below the stain."""
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    waves = [(k, rng.normal(0, 0.30 / k), rng.uniform(0, 2 * np.pi)) for k in range(1, 7)]
    rim = 1 + sum(a * np.cos(k * angle + p) for k, a, p in waves)
    rim = radius * np.clip(rim, 0.4, 1.6) / 1.6
    r, g, b = finish.tint
    for k, (share, dark) in enumerate(zip((1.0, 0.62), OIL, strict=True)):
        outline = radius + share * rim[:, None] * np.stack([np.cos(angle), np.sin(angle)], -1)
        soaked = Finish(finish.picture, finish.size, tint=(dark * r, dark * g, dark * b))
        site.show(_patch(x, z, radius, 0.0015 * (k + 1), soaked, outline))


def worn_lane(site: Site, finish: Finish, half_width: float, start: float, end: float, seed: int = 5) -> None:
    """The way that feet have worn pale, along z from `start` to `end` (lower) about x = 0."""
    rng = np.random.default_rng(seed)
    z = np.linspace(start, end, 24)
    edges = [half_width + np.convolve(rng.normal(0, 0.30, 28), np.ones(5) / 5, "valid") for _ in range(2)]
    outline = np.concatenate(
        [
            np.stack([half_width * 2 + edges[0], start - z], -1),
            np.stack([half_width * 2 - edges[1], start - z], -1)[::-1],
        ]
    )
    made = quad((-2 * half_width, 0.001, start), (4 * half_width, 0, 0), (0, 0, end - start), finish,
                shift=(-2 * half_width, -start), detail=0.7)  # fmt: skip
    site.show(Sheet(made.grid, finish, made.origin, detail=0.7, cut=[outline]))


def _patch(x: float, z: float, radius: float, y: float, finish: Finish, outline: np.ndarray) -> Sheet:
    """A flat piece of floor: `outline` (N, 2) in metres within the square of half side `radius` about (x, z)."""
    side = 2 * radius
    made = quad((x - radius, y, z + radius), (side, 0, 0), (0, 0, -side), finish)
    return Sheet(made.grid, finish, (x - radius, -z - radius), detail=0.7, cut=[outline])
