"""The hills around a garden: they meet it, and one another."""

from __future__ import annotations

import numpy as np
import pytest

from exhibit.space.foliage import leafy
from exhibit.space.landscape import FAR, Garden, height, hills
from exhibit.space.shapes import turned
from exhibit.space.sheets import Finish
from exhibit.space.site import Site
from exhibit.space.tea_rows import row

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


def test_leaves_stand_on_their_surface_and_take_its_light_there() -> None:
    """On a column of radius 2 m, a card's shares of the way around and of the height are its own bearing and height."""
    column = turned((0, 0, 0), [(2.0, 0), (2.0, 1.0), (2.0, 4.0)], Finish("foliage", (1.0, 1.0)), sides=180)
    leaves = leafy(column, 200, 0.3, (1.0, 1.0, 1.0), np.random.default_rng(1), lift=0.1).leaves
    assert leaves is not None
    assert leaves.shares is not None
    assert (len(leaves.points), len(leaves.triangles)) == (800, 400)
    middle = leaves.points.reshape(-1, 4, 3).mean(1)
    share = leaves.shares.reshape(-1, 4, 2)
    assert np.ptp(share, axis=1).max() == 0
    assert np.hypot(middle[:, 0], middle[:, 2]) == pytest.approx(np.full(200, 2.1), abs=1e-3)
    bearing = np.arctan2(middle[:, 0], middle[:, 2]) % (2 * np.pi) / (2 * np.pi)
    assert share[:, 0, 0] == pytest.approx(bearing, abs=3e-4)
    assert share[:, 0, 1] == pytest.approx(middle[:, 1] / 4, abs=1e-3)


def test_a_row_of_tea_is_closed_and_seen_from_outside() -> None:
    site = Site()
    way = np.linspace(0, 1.2, 40)
    row(site, np.stack([9 * np.sin(way), 0 * way, 9 * np.cos(way)], -1), 1.2, 0.8, 3)
    (body,) = site.sheets
    assert np.ptp(body.grid[:, [0, -1]], axis=0).max() < 0.1  # both ends are points
    assert body.grid[[0, -1], :, 1].max() < 0.1  # both sides reach the ground
    corner = body.mesh.points[body.mesh.triangles]
    facing = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    assert (facing[:, 1] > 0)[corner[:, :, 1].min(1) > 0.72].all()
