"""Gears, stepped pulleys and screws, about +Y."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recon.modelling.solids import circle, holed, turned
from recon.modelling.surfaces import Patch, moved, turn_about
from recon.modelling.textures import Painter

FloatArray = NDArray[np.float64]


def toothed(teeth: int, radius: float) -> FloatArray:
    """A gear's outline (N, 2) about its pitch circle: 2.25 modules deep, flanks at 20 degrees, tips and roots flat."""
    module = 2 * radius / teeth
    step = 2 * np.pi / teeth
    high, low = radius + module, radius - 1.25 * module
    lean = np.tan(np.radians(20)) * module / radius
    marks = (
        (-0.25 * step - 1.25 * lean, low),
        (-0.25 * step + lean, high),
        (0.25 * step - lean, high),
        (0.25 * step + 1.25 * lean, low),
    )
    return np.array([(r * np.cos(a + k * step), r * np.sin(a + k * step)) for k in range(teeth) for a, r in marks])


def gear(teeth: int, radius: float, wide: float, bore: float, painter: Painter) -> Patch:
    """A spur gear, `wide` about y = 0."""
    made = holed(
        toothed(teeth, radius), circle(bore, 24), wide, painter, bevel=min(0.0012, 0.3 * radius / teeth), middle=(0, 0)
    )
    return moved([made], turn=turn_about("x", -90))[0]


def bevel_gear(teeth: int, radius: float, wide: float, bore: float, painter: Painter) -> Patch:
    """A bevel gear of 45 degrees: its large end at y = 0, its teeth narrowing upwards."""
    made = gear(teeth, radius, wide, bore, painter)
    grid = made.grid.copy()
    r = np.hypot(grid[..., 0], grid[..., 2])
    share = (grid[..., 1] + wide / 2) / wide
    scale = np.where(r > bore * 1.6, 1 - 0.78 * share * wide / radius, 1.0)
    grid[..., 0] *= scale
    grid[..., 2] *= scale
    grid[..., 1] += wide / 2
    return Patch(grid, painter, even=True)


def cone_pulley(radii: Sequence[float], step: float, painter: Painter, *, columns: int = 64) -> list[Patch]:
    """A stepped pulley: one crowned step per radius, `step` wide each, the first at the lower end; centred on y = 0."""
    low = -step * len(radii) / 2
    line: list[tuple[float, float]] = [(0.0, low)]
    for i, r in enumerate(radii):
        a = low + step * i
        line += [(r - 0.0012, a + 0.001), (r, a + step * 0.5), (r - 0.0012, a + step - 0.001)]
    line.append((0.0, low + step * len(radii)))
    return [turned(np.array(line), painter, columns=columns, bevel=0.0025)]


def screw(radius: float, length: float, pitch: float, painter: Painter, *, columns: int = 16) -> Patch:
    """A square thread along +Y from y = 0, drawn as rings."""
    count = int(length / pitch)
    y = np.repeat(np.arange(count) * pitch, 4) + np.tile(np.array([0.05, 0.45, 0.55, 0.95]) * pitch, count)
    r = np.tile(np.array([radius, radius, radius * 0.82, radius * 0.82]), count)
    line = np.concatenate([[(0.0, 0.0)], np.stack([r, y], -1), [(0.0, length)]])
    return turned(line, painter, columns=columns, bevel=0.0)
