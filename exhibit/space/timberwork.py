"""Posts, beams, purlins, doors and railings of timber."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from exhibit.documents.types import Text
from exhibit.space.masonry import GRANITE
from exhibit.space.shapes import bar, box, quad, turned
from exhibit.space.sheets import Finish, Sheet
from exhibit.space.site import Site


def timber(tint: tuple[float, float, float]) -> Finish:
    return Finish("timber", (1.6, 1.6), tint=tint)


DARK = timber((0.20, 0.15, 0.12))
RED = timber((0.42, 0.10, 0.07))
BLACK = timber((0.06, 0.05, 0.05))
OLD_PINE = timber((0.34, 0.27, 0.22))
GOLD = timber((0.95, 0.70, 0.25))


def post(site: Site, x: float, z: float, y: float, top: float, finish: Finish, *, radius: float = 0.15) -> None:
    """A round post on a granite drum; it thins a little towards the top."""
    site.show(
        turned(
            (x, y, z),
            [
                (radius * 1.45, 0),
                (radius * 1.45, 0.07),
                (radius * 1.6, 0.14),
                (radius * 1.55, 0.24),
                (radius * 1.1, 0.31),
            ],
            GRANITE,
            sides=14,
        ),
        _grained(turned((x, y, z), [(radius, 0.31), (radius * 0.98, (top - y) / 2), (radius * 0.9, top - y)], finish)),
    )
    site.block((x - radius * 1.3, y, z - radius * 1.3), (x + radius * 1.3, top, z + radius * 1.3))


def _grained(trunk: Sheet) -> Sheet:
    """An upright trunk with the grain of its wood along it."""
    rise = trunk.grid[..., 1]
    around = np.linspace(0, 2 * np.pi, rise.shape[1]) * np.linalg.norm(np.ptp(trunk.grid[0], axis=0)) / 2.8
    return replace(trunk, spread=np.stack([rise, np.broadcast_to(around, rise.shape)], -1))


def frame(
    site: Site, x: float, feet: Sequence[float], roof: Sequence[tuple[float, float]], finish: Finish, carved: Finish
) -> None:
    """The beams of one row of posts at `x` below purlins (z, y): ties between the outer purlins, shorter the higher,
    each on melon-shaped struts.
    """
    purlins = sorted(roof)
    n = len(purlins)
    for k in range(n // 2):
        (za, ya), (zb, yb) = purlins[k], purlins[n - 1 - k]
        y = min(ya, yb) - 0.22
        if zb - za < 0.6:
            continue
        site.show(bar((x, y, za), (x, y, zb), 0.17, 0.26, finish))
        for z, other in ((za, zb), (zb, za)):
            towards = np.sign(other - z)
            site.show(bar((x, y - 0.20, z), (x, y - 0.20, z + 0.55 * towards), 0.11, 0.16, carved, ends=True))
        if k + 1 <= n - 2 - k:
            for z, top in {purlins[k + 1], purlins[n - 2 - k]}:
                if min(abs(z - f) for f in feet) < 0.25:
                    continue
                low = y + 0.13
                tall = top - 0.10 - low
                if tall > 0.1:
                    belly = [(0.07, 0), (0.16, 0.12 * tall), (0.18, 0.4 * tall), (0.12, 0.8 * tall), (0.10, tall)]
                    site.show(turned((x, low, z), belly, carved, sides=10))


def leaves(
    site: Site, width: float, height: float, finish: Finish, title: Text, name: str, *, gold: Finish = GOLD
) -> None:
    """A closed two-leaved door in an opening at z = 0, its face towards +z: the way to another hall."""
    for side in (-1, 1):
        x = sorted((0.0, side * (width / 2 - 0.03)))  # the leaves meet, and their edges lie behind the frame
        site.show(box((x[0], 0.04, -0.06), (x[1], height - 0.03, 0.0), finish, sides="s"))
        for k in range(3):
            y = 0.2 + k * (height - 0.4) / 3
            tall = (height - 0.4) / 3 - 0.12
            a, b = x[0] + 0.09 + (0.02 if side < 0 else 0.0), x[1] - 0.09 - (0.02 if side > 0 else 0.0)
            site.show(box((a, y, 0.0), (b, y + tall, 0.018), finish, sides="nesw^_"))
        ring = (side * 0.12, height * 0.47, 0.02)
        site.show(turned((ring[0], ring[1] - 0.05, ring[2]), [(0.0, 0), (0.05, 0.05), (0.0, 0.1)], gold, sides=8))
    site.show(box((-0.022, 0.06, 0.0), (0.022, height - 0.05, 0.022), finish, sides="ews"))  # covers the joint
    for side in (-1, 1):
        x = sorted((side * width / 2, side * (width / 2 - 0.05)))
        site.show(box((x[0], 0, -0.1), (x[1], height, 0.05), finish, sides="esw"))
    site.show(box((-width / 2, height - 0.05, -0.1), (width / 2, height, 0.05), finish, sides="s_"))
    site.show(box((-width / 2, 0, -0.1), (width / 2, 0.06, 0.05), GRANITE, sides="s^"))
    site.block((-width / 2, 0, -0.1), (width / 2, height, 0.05))
    site.door(name, title, (0, 0, 0.05), 0.0, width, height)


def rafters(
    site: Site, x0: float, x1: float, slope: Sequence[tuple[float, float]], finish: Finish, *, apart: float = 0.36
) -> None:
    """Flat rafters below a slope of (z, y) points, from eaves to ridge."""
    points = np.array([(0.0, y, z) for z, y in slope])
    for x in np.arange(x0 + apart / 2, x1, apart):
        for a, b in pairwise(points):
            low, high = a + np.array([x, 0.03, 0]), b + np.array([x, 0.03, 0])
            across, along = np.array([0.09, 0, 0]), high - low
            if along[2] > 0:
                site.show(quad(low, across, along, finish, detail=0.6))
            else:
                site.show(quad(low + across, -across, along, finish, detail=0.6))
