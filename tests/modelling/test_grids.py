"""What objects and halls share: grids of points, packing of charts, directions for ray casting."""

from __future__ import annotations

import numpy as np
import pytest

from recon.modelling import grids, packing, sampling


def test_cells_of_a_parallelogram_turn_counter_clockwise_about_s_cross_t() -> None:
    points = grids.parallelogram((1, 2, 3), (2, 0, 0), (0, 0, -4), np.linspace(0, 1, 4), np.linspace(0, 1, 3))
    corner = points.reshape(-1, 3)[grids.cells(3, 4)]
    twice_area = np.cross(corner[:, 2] - corner[:, 0], corner[:, 3] - corner[:, 1])
    np.testing.assert_allclose(twice_area, np.tile((0, 2 * 8 / 6, 0), (6, 1)))


def test_length_along_a_line() -> None:
    np.testing.assert_allclose(grids.length_along(np.array([(0, 0), (3, 4), (3, 10.0)])), [0, 5, 11])


def test_charts_on_shelves_do_not_overlap() -> None:
    sizes = np.random.default_rng(1).integers(3, 40, (60, 2))
    placed, height = packing.on_shelves(sizes, 128, np.argsort(-sizes[:, 1]).tolist())
    covered = np.zeros((height, 128), int)
    for (x, y), (w, h) in zip(placed, sizes, strict=True):
        covered[y : y + h, x : x + w] += 1
    assert covered.max() == 1
    assert covered.sum() == sizes.prod(1).sum()
    with pytest.raises(ValueError, match="does not fit"):
        packing.on_shelves(np.array([(129, 3)]), 128, [0])


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_directions_are_spread_as_the_cosine(kind: type[np.floating]) -> None:
    axis = np.array([(0, 0, 1), (0, 0, -1), (0.6, -0.8, 0)], kind)
    k = np.arange(4096)
    directions = sampling.about(axis, np.sqrt((k + 0.5) / 4096)[None], k[None] * sampling.GOLDEN_ANGLE)
    np.testing.assert_allclose(np.linalg.norm(directions, axis=-1), 1, rtol=1e-6)
    np.testing.assert_allclose(directions.mean(1), 2 / 3 * axis, atol=2e-3)  # the mean of cos² / pi over the hemisphere
