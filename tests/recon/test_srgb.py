"""The sRGB curve against values of IEC 61966-2-1."""

from __future__ import annotations

import numpy as np
import pytest

from recon.formats.srgb import decoded, decoded_bytes, encoded

LEVELS = np.arange(256, dtype=np.uint8)


@pytest.mark.parametrize(
    ("coded", "linear"),
    [(0.0, 0.0), (0.02, 0.0015479876), (0.2, 0.0331047666), (0.5, 0.2140411405), (0.7353569831, 0.5), (1.0, 1.0)],
)
def test_known_values_both_ways(coded: float, linear: float) -> None:
    assert float(decoded(np.array(coded))) == pytest.approx(linear, abs=1e-7)
    assert float(encoded(np.array(linear))) == pytest.approx(coded, abs=1e-6)


def test_every_byte_comes_back() -> None:
    linear = decoded_bytes(LEVELS.reshape(16, 16))
    assert (linear.dtype, linear.shape) == (np.dtype(np.float32), (16, 16))
    np.testing.assert_array_equal(np.rint(encoded(linear) * 255).astype(np.uint8).ravel(), LEVELS)
    np.testing.assert_allclose(linear.ravel(), decoded(LEVELS / 255), rtol=1e-7)


def test_the_curve_is_continued_above_white_and_its_two_parts_meet() -> None:
    light = np.linspace(0, 4, 100_001)
    steps = np.diff(encoded(light))
    assert (steps > 0).all()
    assert steps.max() < 1e-3
    assert encoded(np.array(4.0)) == pytest.approx(1.055 * 4 ** (1 / 2.4) - 0.055)
