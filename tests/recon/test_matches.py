"""Which photos are matched with which, and how many are searched at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from truth import Solved

from recon.geometry import likeness
from recon.nouns import Features
from recon.progress import Silent
from recon.stages import features, matches


def test_likeness_counts_what_two_photos_share() -> None:
    rng = np.random.default_rng(5)
    unit = rng.normal(size=(60, 128)).astype(np.float32)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    photos = [unit[:30], unit[20:50], unit[50:]]
    expected = np.zeros((3, 3))
    expected[0, 1] = expected[1, 0] = 10
    np.testing.assert_array_equal(likeness.likeness(photos, max_ratio=0.8), expected)
    assert likeness.pairs(expected.astype(np.int32), each=1, in_sequence=0) == [(0, 1)]
    assert likeness.pairs(expected.astype(np.int32), each=1, in_sequence=1) == [(0, 1), (1, 2)]


def test_the_largest_features_are_chosen_by_area() -> None:
    keypoints = np.array([[0, 0, 1, 0, 0, 1], [0, 0, 0, 3, -3, 0], [0, 0, 2, 0, 0, 2]], np.float32)
    chosen = likeness.largest(keypoints, np.diag([10, 20, 30]).astype(np.uint8), 2)
    np.testing.assert_array_equal(chosen, [[0, 1, 0], [0, 0, 1]])


def test_photos_alike_hold_most_matches_of_all_pairs(solved: Solved, tmp_path: Path) -> None:
    """Ten photos on an arc, each with the four most like it: at least nine tenths of what all pairs find."""
    database = solved.scratch / "features" / "database.db"
    found = Features(database, ())
    counts = {}
    for name, options in {
        "all": matches.MatchesOptions(),
        "alike": matches.MatchesOptions(exhaustive_up_to=3, overlap=4),
    }.items():
        (tmp_path / name).mkdir()
        graph = matches.build(solved.taken, found, options, scratch=tmp_path / name, progress=Silent())
        assert all(graph.matches_of(p.name) > 100 for p in solved.taken)
        counts[name] = sum(n for _, _, n in graph.pairs)
    assert counts["alike"] >= 0.9 * counts["all"]


@pytest.mark.parametrize(
    ("size", "octave", "expected"), [((1600, 1067), -1, 2), ((3072, 2048), -1, 1), ((3072, 2048), 0, 2)]
)
def test_large_photos_are_searched_one_by_one(size: tuple[int, int], octave: int, expected: int) -> None:
    assert features.at_once(size, features.FeaturesOptions(first_octave=octave)) == expected
