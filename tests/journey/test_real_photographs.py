"""Real photographs with surveyed cameras: fountain-P11 (Strecha et al., CVPR 2008). Skipped where the data is not at
hand.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from recon.progress import Silent
from recon.stages import align, features, matches, photos, sparse
from recon.types import Targets

ROOT = Path(__file__).parents[2]


def test_fountain_cameras_to_three_millimetres(real_data: Path, tmp_path: Path) -> None:
    """No lens given, searched at half their size: COLMAP's defaults give 6.1 mm of the whole photos."""
    yardstick = real_data.parent / "bench" / "cameras.py"
    if not yardstick.exists():
        pytest.skip(f"no yardstick at {yardstick}")
    places = {name: tmp_path / name for name in ("photos", "features", "matches", "sparse", "align")}
    for place in places.values():
        place.mkdir()
    told = Silent()
    source = real_data / "photos" / "fountain" / "images"
    taken = photos.build(source, photos.PhotosOptions(), scratch=places["photos"], progress=told)
    half = features.FeaturesOptions(max_side=1600)
    found = features.build(taken, half, scratch=places["features"], progress=told)
    graph = matches.build(taken, found, matches.MatchesOptions(), scratch=places["matches"], progress=told)
    cameras = sparse.build(taken, graph, sparse.SparseOptions(), scratch=places["sparse"], progress=told)
    align.build(taken, cameras, Targets.none(), None, align.AlignOptions(), scratch=places["align"], progress=told)
    command: list[str | Path] = [
        sys.executable,
        yardstick,
        places["align"] / "model",
        source.parent / "gt_dense_cameras",
        "--json",
    ]
    measured = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert measured["registered"] == measured["photos"] == 11
    assert measured["centre_mm_mean"] <= 3.0
