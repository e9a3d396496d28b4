"""Synthesised sounds loop without a seam, and are the same again."""

from __future__ import annotations

import numpy as np
import pytest

from recon.modelling import sound


@pytest.mark.parametrize("name", ["fire", "workshop", "stream"])
def test_a_sound_goes_round_without_a_seam(name: str) -> None:
    track = getattr(sound, name)()
    assert len(track) == 8 * sound.RATE
    assert 0.3 < np.abs(track).max() < 0.8
    assert abs(track.mean()) < 0.01
    steps = np.abs(np.diff(track, append=track[0]))
    assert steps[-1] < np.percentile(steps, 99.9)
    np.testing.assert_array_equal(track, getattr(sound, name)())
