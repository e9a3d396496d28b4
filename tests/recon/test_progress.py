"""Every unit is counted once: as done, or as failed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from truth import Photographed

from recon import NoReconstruction, build
from recon.progress import Silent
from recon.stages import features, matches, photos, sparse


class Counted(Silent):
    def __init__(self) -> None:
        super().__init__()
        self.total = self.done = self.failed = 0

    def start(self, total: int, unit: str) -> None:
        self.total = total

    def advance(self, done: int = 1) -> None:
        self.done += done

    def fail(self, failed: int = 1) -> None:
        self.failed += failed


def noise(path: Path, seed: int) -> None:
    Image.fromarray(np.random.default_rng(seed).integers(0, 255, (240, 320, 3), np.uint8)).save(path, quality=95)


def test_a_photo_that_finds_no_place_is_a_failed_unit(relief: Photographed, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in sorted(relief.truth.cameras)[:5]:
        shutil.copy(relief.folder / name, source / name)
    noise(source / "z.jpg", 7)
    (source / "broken.jpg").write_bytes(b"no picture")
    places = {name: tmp_path / name for name in ("photos", "features", "matches", "sparse")}
    for place in places.values():
        place.mkdir()
    told = {name: Counted() for name in places}
    taken = photos.build(source, photos.PhotosOptions(), scratch=places["photos"], progress=told["photos"])
    choice = features.FeaturesOptions(first_octave=0)
    found = features.build(taken, choice, scratch=places["features"], progress=told["features"])
    graph = matches.build(taken, found, matches.MatchesOptions(), scratch=places["matches"], progress=told["matches"])
    cameras = sparse.build(taken, graph, sparse.SparseOptions(), scratch=places["sparse"], progress=told["sparse"])
    assert [name for name, _ in cameras.missing] == ["z.jpg"]
    counted = {name: (t.total, t.done, t.failed) for name, t in told.items()}
    assert counted == {"photos": (7, 6, 1), "features": (6, 6, 0), "matches": (15, 15, 0), "sparse": (6, 5, 1)}


def test_the_journey_keeps_the_count(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for seed in range(3):
        noise(source / f"{seed}.png", seed)
    (source / "broken.jpg").write_bytes(b"no picture")
    with pytest.raises(NoReconstruction):
        build(source, tmp_path / "work")
    entry = json.loads((tmp_path / "work" / "journey.json").read_text())["stages"]["photos"]
    assert (entry["units"], entry["units_done"], entry["units_failed"]) == (4, 3, 1)
