"""The hills around a garden: they meet it, and one another."""

from __future__ import annotations

import numpy as np
import pytest

from exhibit.space.landscape import FAR, Garden, height, hills
from exhibit.space.site import Site

GARDEN = Garden(15.0, 10.4, -26.4, lambda z: np.where(z > 10.4, -0.31 * (z - 10.4), 0.16 * (10.4 - z)))


def test_the_land_meets_the_garden_at_its_edges() -> None:
    z = np.linspace(10.4, -26.4, 40)
    for side in (-15.0, 15.0):
        assert height(GARDEN, side, z) == pytest.approx(GARDEN.slope(z), abs=1e-6)
    x = np.linspace(-15, 15, 40)
    for end in (10.4, -26.4):
        assert height(GARDEN, x, end) == pytest.approx(np.full(40, float(GARDEN.slope(np.array(end)))), abs=1e-6)


def test_no_cliff_is_in_it() -> None:
    x, z = np.meshgrid(np.arange(-FAR, FAR, 0.5), np.arange(50, -71, -0.5))
    dz, dx = np.gradient(height(GARDEN, x, z), 0.5)
    beside = np.abs(x) > 15.5
    assert np.hypot(dx, dz)[beside].max() < np.tan(np.radians(60))


def test_its_sheets_join_without_a_gap() -> None:
    """Every place on a sheet's border, but for the garden's and the land's own, is on another sheet's border too."""
    site = Site()
    hills(site, GARDEN, 50.0, -71.4)
    land = [sheet.grid for sheet in site.sheets if sheet.finish.picture in ("grass", "soil")]
    borders = [np.concatenate([g[0], g[-1], g[:, 0], g[:, -1]]) for g in land]
    for i, mine in enumerate(borders):
        others = np.concatenate([b for j, b in enumerate(borders) if j != i])
        alone = np.linalg.norm(mine[:, None] - others[None], axis=-1).min(1) > 1e-6
        x, z = mine[alone, 0], mine[alone, 2]
        garden = (np.abs(x) < 15 + 1e-6) & (z < 10.4 + 1e-6) & (z > -26.4 - 1e-6)
        outer = (np.abs(x) > FAR - 1e-6) | (z > 50 - 1e-6) | (z < -71.4 + 1e-6)
        assert (garden | outer).all()
