"""Charts of the lightmap: a rectangle of texels for each sheet, packed into one square."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exhibit.space.sheets import Mesh, Sheet
from recon.modelling.packing import on_shelves

FloatArray = NDArray[np.float64]
GUTTER = 2  # texels between charts, filled from their edges
MOST_PER_METRE = 28.0


@dataclass(frozen=True, slots=True)
class Chart:
    """The light of one sheet: `columns` x `rows` texels from (x, y), the outer ones on the sheet's edges."""

    x: int
    y: int
    columns: int
    rows: int
    s: FloatArray  # (C,) 0..1, where each grid column lies along the chart
    t: FloatArray  # (R,)

    def uv(self, side: int) -> FloatArray:
        """(R, C, 2) texture coordinates of the grid's points."""
        u = (self.x + 0.5 + self.s * (self.columns - 1)) / side
        v = (self.y + 0.5 + self.t * (self.rows - 1)) / side
        return np.stack(np.meshgrid(u, v), -1)

    def uv_of(self, mesh: Mesh, side: int) -> FloatArray:
        """(V, 2) texture coordinates of the points of the sheet's mesh."""
        if mesh.shares is None:
            return self.uv(side).reshape(-1, 2)
        first = np.array([self.x, self.y]) + 0.5
        return np.asarray((first + mesh.shares * (self.columns - 1, self.rows - 1)) / side)


def charts(sheets: Sequence[Sheet], side: int) -> list[Chart]:
    """A chart for each sheet, as many texels per metre as fit `side` x `side`. Raises ValueError if too many sheets."""
    lengths = [measured(sheet.grid) for sheet in sheets]
    long = np.array([(m[0], m[1]) for m in lengths]) * np.array([[s.detail] for s in sheets])
    density = min(MOST_PER_METRE * side / 2048, float(side / np.sqrt(long.prod(1).sum())))
    for _ in range(60):
        size = np.maximum(np.ceil(long * density).astype(int) + 1, 2)
        if size.max() + GUTTER <= side and (placed := _packed(size + GUTTER, side)) is not None:
            return [
                Chart(int(x), int(y), int(w), int(h), m[2], m[3])
                for (x, y), (w, h), m in zip(placed, size, lengths, strict=True)
            ]
        density *= 0.95
    raise ValueError(f"{len(sheets)} sheets do not fit a lightmap of {side} texels")


def measured(grid: FloatArray) -> tuple[float, float, FloatArray, FloatArray]:
    """Metres along s and t, and where the grid's columns and rows lie in 0..1."""
    out = []
    for axis in (1, 0):
        steps = np.linalg.norm(np.diff(grid, axis=axis), axis=2).max(1 - axis)
        walked = np.concatenate([[0.0], np.cumsum(np.maximum(steps, 1e-6))])
        out.append((float(walked[-1]), walked / walked[-1]))
    return out[0][0], out[1][0], out[0][1], out[1][1]


def _packed(size: NDArray[np.int64], side: int) -> NDArray[np.int64] | None:
    """(x, y) of each rectangle, or None if they do not fit."""
    order = np.lexsort((np.arange(len(size)), -size[:, 0], -size[:, 1]))
    placed, height = on_shelves(size, side - GUTTER, order.tolist())
    return placed + GUTTER if height + GUTTER <= side else None
