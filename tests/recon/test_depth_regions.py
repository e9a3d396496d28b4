"""Which islands of depth stay: what goes on from pixel to pixel, also where it is seen at a grazing angle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recon.geometry.depth_regions import in_large_regions

Float32Array = NDArray[np.float32]
JUMP, FEWEST = 1.5, 60


def ground(lean: float, rows: int = 40, columns: int = 50) -> tuple[Float32Array, Float32Array]:
    """Inverse depth that grows by `lean` from row to row, with some noise, and its gradient."""
    noise = np.random.default_rng(1).normal(0, 0.1, (rows, columns))
    gradient = np.zeros((rows, columns, 2), np.float32)
    gradient[..., 1] = lean
    return (100 + lean * np.arange(rows)[:, None] + noise).astype(np.float32), gradient


def test_ground_that_is_seen_at_a_grazing_angle_is_one_region() -> None:
    """Rows of 50 pixels, each three jumps nearer than the one above."""
    w, gradient = ground(3 * JUMP)
    known = np.ones(w.shape, bool)
    assert in_large_regions(w, gradient, known, jump=JUMP, fewest=FEWEST).all()
    assert not in_large_regions(w, 0 * gradient, known, jump=JUMP, fewest=FEWEST).any()


def test_islands_and_what_stands_off_them_are_dropped() -> None:
    w, gradient = ground(0.2)
    w[10:15, 10:15] += 10 * JUMP  # a mismatch on the surface
    known = np.zeros(w.shape, bool)
    known[:, :30] = True  # the surface
    known[5:12, 35:42] = True  # an island of 49 pixels
    known[20:28, 35:43] = True  # one of 64
    wanted = known.copy()
    wanted[10:15, 10:15] = wanted[5:12, 35:42] = False
    found = in_large_regions(w, gradient, known, jump=JUMP, fewest=FEWEST)
    assert np.array_equal(found, wanted)
    assert not in_large_regions(w, gradient, known & False, jump=JUMP, fewest=FEWEST).any()
