"""Which photos are matched with which, and how many are searched at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from truth import Solved

from recon.geometry import likeness
from recon.progress import Silent
from recon.stages import features, matches
from recon.types import Features


def test_likeness_counts_what_two_photos_share() -> None:
    rng = np.random.default_rng(5)
    unit = rng.normal(size=(60, 128)).astype(np.float32)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    photos = [unit[:30], unit[20:50], unit[50:]]
    expected = np.zeros((3, 3))
    expected[0, 1] = expected[1, 0] = 10
    np.testing.assert_array_equal(likeness.likeness(photos, [(0, 1), (0, 2), (1, 2)], max_ratio=0.8), expected)
    np.testing.assert_array_equal(likeness.likeness(photos, [(0, 2)], max_ratio=0.8), np.zeros((3, 3)))
    assert likeness.pairs(expected.astype(np.int32), each=1, in_sequence=0) == [(0, 1)]
    assert likeness.pairs(expected.astype(np.int32), each=1, in_sequence=1) == [(0, 1), (1, 2)]


def test_photos_of_one_place_are_similar() -> None:
    """Forty photos, each of four of which show one of ten places: the other three come first."""
    rng = np.random.default_rng(6)
    places = rng.normal(size=(10, 80, 128))
    photos = [
        (places[i // 4] + rng.normal(0, 0.2, (80, 128)))[rng.permutation(80)[:50]].astype(np.float32) for i in range(40)
    ]
    photos = [p / np.linalg.norm(p, axis=1, keepdims=True) for p in photos]
    alike = likeness.similarity(photos)
    assert (alike == alike.T).all()
    assert not np.diagonal(alike).any()
    for i, row in enumerate(alike):
        assert set(np.argsort(-row)[:3]) == {j for j in range(40) if j // 4 == i // 4} - {i}


def test_pairs_grow_with_the_photos_not_with_their_square() -> None:
    """On a circle, each photo is like those beside it: each meets just those, however many there are."""
    for total in (40, 160):
        apart = np.abs(np.subtract.outer(np.arange(total), np.arange(total)))
        alike = np.maximum(30 - np.minimum(apart, total - apart), 0)
        np.fill_diagonal(alike, 0)
        chosen = likeness.pairs(alike, each=8, in_sequence=2)
        assert {min(abs(i - j), total - abs(i - j)) for i, j in chosen} == {1, 2, 3, 4}
        assert len(chosen) == 4 * total


def test_the_largest_features_are_chosen_by_area() -> None:
    keypoints = np.array([[0, 0, 1, 0, 0, 1], [0, 0, 0, 3, -3, 0], [0, 0, 2, 0, 0, 2]], np.float32)
    chosen = likeness.largest(keypoints, np.diag([10, 20, 30]).astype(np.uint8), 2)
    np.testing.assert_array_equal(chosen, [[0, 1, 0], [0, 0, 1]])


def test_photos_alike_hold_most_matches_of_all_pairs(solved: Solved, tmp_path: Path) -> None:
    """Ten photos on an arc, each with the four most like it: at least nine tenths of what all pairs find."""
    found = Features(solved.work / "features" / "database.db", ())
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
