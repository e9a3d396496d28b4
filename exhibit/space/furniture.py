"""Museum furniture: plinths, vitrines, panels, screens, benches, lamps.

Each stands at the site's origin with its front towards +z and records its anchor. The viewer draws all words, in the
visitor's language.
"""

from __future__ import annotations

import numpy as np

from exhibit.space.light_sources import Spot
from exhibit.space.shapes import bar, box, quad, turned
from exhibit.space.sheets import Finish
from exhibit.space.site import Site, Vec

WHITE = Finish("plaster", (2.4, 2.4), tint=(0.94, 0.93, 0.91))
CHARCOAL = Finish("steel", (1.0, 1.0), tint=(0.06, 0.06, 0.065))
BRASS = Finish("steel", (1.0, 1.0), tint=(0.62, 0.45, 0.22))
PAPER = Finish("plaster", (2.4, 2.4), tint=(0.90, 0.86, 0.78))
GLASS = Finish("glass", (1.0, 1.0), clear=True)
LAMP = Finish("light", (1.0, 1.0), tint=(1.0, 0.90, 0.74), glows=True, radiance=0.0)
SCREEN = Finish("steel", (1.0, 1.0), tint=(0.02, 0.022, 0.026))
CLOTH = Finish("plaster", (2.4, 2.4), tint=(0.42, 0.37, 0.30))
SEAT = Finish("timber", (1.6, 1.6), tint=(0.70, 0.58, 0.44))


def plinth(
    site: Site, name: str, width: float, deep: float, height: float, finish: Finish = WHITE, *, room: float = 1.6
) -> None:
    """A stand with a shadow joint at its foot; `room` is how tall a thing on it may be."""
    w, d, foot = width / 2, deep / 2, min(0.06, height / 4)
    joint = min(0.03, w / 4, d / 4)
    site.show(box((-w + joint, 0, -d + joint), (w - joint, foot, d - joint), CHARCOAL, sides="nesw"))
    site.show(box((-w, foot, -d), (w, height, d), finish, sides="nesw^_"))
    site.block((-w, 0, -d), (w, height, d))
    site.anchor(name, "plinth", (0, height, 0), 0.0, min(width, deep), room)
    _label(site, name, max(height - 0.16, min(0.08, height / 2)), d, min(0.3, width * 0.7), height)


def rack(site: Site, name: str, width: float, deep: float, height: float, *, tall: float = 0.45) -> None:
    """A plinth on which something flat stands: two steel uprights behind it, two brass hooks before its foot."""
    plinth(site, name, width, deep, height, room=1.4)
    for x in (-width / 4, width / 4):
        site.show(bar((x, height, -0.05), (x, height + tall, -0.05), 0.018, 0.018, CHARCOAL, ends=True))
        _hook(site, x, height, 0.036)


def _hook(site: Site, x: float, y: float, front: float) -> None:
    """What keeps the foot of something flat from sliding; its inner face is at z = `front`."""
    site.show(box((x - 0.012, y, front), (x + 0.012, y + 0.03, front + 0.005), BRASS))
    site.show(box((x - 0.012, y, -0.05), (x + 0.012, y + 0.002, front), BRASS, sides="ew^"))


def platform(
    site: Site, name: str, width: float, deep: float, height: float, finish: Finish, *, room: float = 2.6
) -> None:
    """A low stand for what is heavy."""
    w, d = width / 2, deep / 2
    site.show(box((-w, 0, -d), (w, height, d), finish, sides="nesw^"))
    site.block((-w, 0, -d), (w, height, d))
    site.anchor(name, "plinth", (0, height, 0), 0.0, min(width, deep), room)
    _label(site, name, height / 2, d, 0.3, height)


def vitrine(
    site: Site, name: str, width: float, deep: float, *, base: float = 0.9, glass: float = 0.75, finish: Finish = WHITE,
    riser: Vec | None = None, uprights: float = 0.0, power: float = 1.2
) -> None:  # fmt: skip
    """A glass case on a base, with a thin light in its lid.

    `riser` is the size (x, y, z) of a block under cloth on which the exhibit lies; `uprights` is the height of two that
    hold something flat upright on it.
    """
    w, d, top, foot = width / 2, deep / 2, base + glass, min(0.08, base / 4)
    joint = min(0.04, w / 4, d / 4)
    site.show(box((-w + joint, 0, -d + joint), (w - joint, foot, d - joint), CHARCOAL, sides="nesw"))
    site.show(box((-w, foot, -d), (w, base, d), finish, sides="nesw^_"))
    site.show(box((-w, base, -d), (w, top, d), GLASS, sides="nesw"))
    for x in (-w + 0.009, w - 0.009):
        for z in (-d + 0.009, d - 0.009):
            site.show(bar((x, base, z), (x, top, z), 0.018, 0.018, CHARCOAL))
    site.show(box((-w, top, -d), (w, top + 0.045, d), CHARCOAL, sides="nesw^"))
    site.show(quad((-w, top, -d), (width, 0, 0), (0, 0, deep), CHARCOAL))
    site.show(quad((-w * 0.8, top - 0.006, -d * 0.5), (width * 0.8, 0, 0), (0, 0, deep * 0.5), LAMP))
    site.lamp(Spot((0, top - 0.03, 0), (0, 0, 0), 80.0, power))
    site.block((-w, 0, -d), (w, base, d))  # the base keeps visitors off; what the glass shows can be pointed at
    stands = base
    if riser is not None:
        x, y, z = riser
        stands = base + y
        site.show(box((-x / 2, base, -z / 2), (x / 2, stands, z / 2), CLOTH))
        site.block((-x / 2, base, -z / 2), (x / 2, stands, z / 2))
    if uprights:
        for x in (-0.14, 0.14):
            site.show(bar((x, stands, -0.045), (x, stands + uprights, -0.045), 0.01, 0.01, BRASS, ends=True))
            _hook(site, x, stands, 0.040)
    room = glass - 0.05 - (stands - base)
    site.anchor(name, "vitrine", (0, stands, 0), 0.0, max(min(width, deep) - 0.1, min(width, deep) / 2), room)
    _label(site, name, max(base - 0.14, min(0.08, base / 2)), d, min(0.3, width * 0.6), base)


def wall_case(
    site: Site, name: str, width: float, height: float, deep: float, finish: Finish, *, riser: float = 0.1
) -> None:
    """A lit case in a wall whose face lies at z = 0 with a hole for it; the origin is the middle of its lower edge."""
    w, x, y, z = width / 2, np.array([width, 0, 0]), np.array([0, height, 0]), np.array([0, 0, deep])
    site.show(
        quad((-w, 0, -deep), x, y, finish),
        quad((-w, 0, 0), -z, y, finish),
        quad((w, 0, -deep), z, y, finish),
        quad((-w, height, -deep), x, z, finish),
        quad((-w, 0, 0), x, -z, finish),
        quad((-w + 0.05, height - 0.006, -0.11), (width - 0.1, 0, 0), (0, 0, 0.06), LAMP),
    )
    for low, high in (
        ((-w - 0.03, -0.03), (w + 0.03, 0.0)),
        ((-w - 0.03, height), (w + 0.03, height + 0.03)),
        ((-w - 0.03, 0.0), (-w, height)),
        ((w, 0.0), (w + 0.03, height)),
    ):
        site.show(box((*low, 0.0), (*high, 0.02), CHARCOAL, sides="esw^_"))
    if riser:
        stand = (-0.2, 0, -deep / 2 - 0.17), (0.2, riser, -deep / 2 + 0.17)
        site.show(box(*stand, finish, sides="esw^"))
        site.block(*stand)
    for at in (-0.25 * width, 0.25 * width):
        site.lamp(Spot((at, height - 0.03, -0.1), (at * 0.6, 0.0, -0.6 * deep), 86.0, 1.1, (1.0, 0.93, 0.83)))
    site.anchor(name, "vitrine", (0, riser, -deep / 2), 0.0, deep - 0.05, height - riser - 0.1)
    site.anchor(f"{name}-label", "label", (0, -0.13, 0.004), 0.0, 0.3, 0.16)


def _label(site: Site, name: str, middle: float, face: float, width: float, tall: float) -> None:
    """The label's anchor on the front of a stand that is `tall`."""
    site.anchor(f"{name}-label", "label", (0, middle, face + 0.002), 0.0, width, min(0.16, tall))


def panel(site: Site, name: str, width: float, height: float, *, low: float = 0.85, finish: Finish = PAPER) -> None:
    """A text or picture panel on a wall's face at z = 0."""
    w = width / 2
    site.show(box((-w - 0.025, low - 0.025, 0.0), (w + 0.025, low + height + 0.025, 0.03), CHARCOAL, sides="esw^_"))
    site.show(box((-w, low, 0.03), (w, low + height, 0.035), finish, sides="esw^_"))
    site.anchor(name, "panel", (0, low + height / 2, 0.037), 0.0, width, height)


def standing_panel(site: Site, name: str, width: float, height: float, finish: Finish = PAPER) -> None:
    """A panel on two steel feet, for places without walls."""
    w = width / 2
    for x in (-w + min(0.12, w / 2), w - min(0.12, w / 2)):
        site.show(box((x - 0.03, 0, -0.05), (x + 0.03, 0.6 + height, -0.015), CHARCOAL, sides="nesw^"))
        site.show(box((x - 0.05, 0, -0.28), (x + 0.05, 0.02, 0.22), CHARCOAL, sides="nesw^"))
    site.show(box((-w, 0.6, -0.015), (w, 0.6 + height, 0.015), CHARCOAL, sides="new^_"))
    site.show(quad((-w, 0.6, 0.015), (width, 0, 0), (0, height, 0), finish))
    site.block((-w, 0, -0.06), (w, 0.6 + height, 0.02))
    site.anchor(name, "panel", (0, 0.6 + height / 2, 0.018), 0.0, width, height)


def screen(site: Site, name: str, width: float, height: float | None = None, *, low: float = 1.0) -> None:
    """A flat screen on a wall, 16:9 unless its height is given."""
    w = width / 2
    height = width * 9 / 16 if height is None else height
    site.show(box((-w - 0.03, low - 0.03, 0), (w + 0.03, low + height + 0.03, 0.06), CHARCOAL, sides="nesw^_"))
    site.show(quad((-w, low, 0.062), (width, 0, 0), (0, height, 0), SCREEN))
    site.anchor(name, "screen", (0, low + height / 2, 0.064), 0.0, width, height)


def bench(site: Site, length: float = 1.8, finish: Finish = SEAT, *, deep: float = 0.42, height: float = 0.45) -> None:
    w, d, under = length / 2, deep / 2, height - min(0.05, height / 2)
    site.show(box((-w, under, -d), (w, height, d), finish, sides="nesw^_"))
    for x in (-w + min(0.2, w / 2), w - min(0.2, w / 2)):
        site.show(box((x - 0.04, 0, -d * 0.86), (x + 0.04, under, d * 0.86), CHARCOAL, sides="nesw"))
    site.block((-w, 0, -d), (w, height, d))


def lantern(site: Site, at: tuple[float, float, float], rope: float, *, radius: float = 0.19) -> None:
    """A hanging paper lantern that glows; `at` is its middle."""
    x, y, z = at
    glow = Finish("paper_lantern", (1.0, 2.2 * radius), glows=True, radiance=0.0)
    profile = [
        (radius * np.sin(a) * 0.99 + 0.02, -radius * 1.1 * np.cos(a)) for a in np.linspace(0.35, np.pi - 0.35, 8)
    ]
    site.show(turned((x, y, z), profile, glow, sides=16))
    for end in (-1, 1):
        low = y + end * radius * 1.03 - 0.02
        site.show(turned((x, low, z), [(0.085, 0), (0.085, 0.045), (0.0, 0.045)], BRASS, sides=10))
    site.show(bar((x, y + radius, z), (x, y + radius + rope, z), 0.012, 0.012, CHARCOAL))
    site.lamp(Spot((x, y - radius - 0.03, z), (x, y - 2, z), 88.0, 2.0, (1.0, 0.70, 0.42)))


def pendant(
    site: Site, at: tuple[float, float, float], rope: float, *, radius: float = 0.26, power: float = 7.0
) -> None:
    """A factory's enamelled shade with its lamp; `at` is the middle of its rim, and the cord is `rope` long."""
    x, y, z = at
    k = radius / 0.26
    shade = Finish("steel", (1.0, 1.0), tint=(0.05, 0.10, 0.08))
    rim = [(radius, 0.0), (radius * 0.8, 0.10 * k), (0.08 * k, 0.20 * k), (0.05 * k, 0.28 * k), (0.0, 0.29 * k)]
    site.show(turned((x, y, z), rim, shade, sides=14))
    inner = [(radius * 0.98, 0.005 * k), (radius * 0.78, 0.095 * k), (0.08 * k, 0.18 * k)]
    grid = turned((x, y, z), inner, WHITE, sides=14)
    site.show(type(grid)(grid.grid[:, ::-1], WHITE))
    bulb = [(0.0, 0.0), (0.06 * k, 0.03 * k), (0.07 * k, 0.08 * k), (0.04 * k, 0.14 * k)]
    site.show(turned((x, y + 0.03 * k, z), bulb, LAMP, sides=10))
    site.show(bar((x, y + 0.28 * k, z), (x, y + 0.28 * k + rope, z), 0.016, 0.016, CHARCOAL))
    site.lamp(Spot((x, y + 0.02, z), (x, y - 1, z), 75.0, power, (1.0, 0.84, 0.62)))


def track_light(site: Site, at: tuple[float, float, float], target: tuple[float, float, float], power: float) -> None:
    """A small spotlight under a ceiling, aimed at `target`."""
    a, b = np.asarray(at, float), np.asarray(target, float)
    along = (b - a) / np.linalg.norm(b - a)
    site.show(bar(a - 0.10 * along, a + 0.06 * along, 0.07, 0.07, CHARCOAL, ends=True))
    site.show(bar(a, a + np.array([0, 0.18, 0]), 0.02, 0.02, CHARCOAL))
    site.lamp(Spot(tuple(a + 0.08 * along), tuple(b), 24.0, power))
