"""Fixtures that several tests share: rendered photographs with exact truth, real data where it is at hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pycolmap
import pytest
import synthetic
from numpy.typing import NDArray

from recon.nouns import Cameras, DepthMaps, PhotoSet, PointCloud, SparseModel
from recon.progress import Silent
from recon.stages import align, dense, depth, features, matches, photos, sparse
from recon.synthetic.studio import Truth

pycolmap.logging.minloglevel = pycolmap.logging.Level.ERROR.value  # a failing test should show its own words

ROOT = Path(__file__).parents[1]
REAL_DATA = ROOT.parent / "shared" / "data"


@dataclass(frozen=True)
class Photographed:
    """A folder of rendered photos and the truth they show."""

    folder: Path
    truth: Truth


@pytest.fixture(scope="session")
def relief(tmp_path_factory: pytest.TempPathFactory) -> Photographed:
    """A brick relief in ten photos of 640 px on an arc."""
    folder = tmp_path_factory.mktemp("relief") / "photos"
    return Photographed(
        folder, synthetic.photograph(synthetic.brick_relief(), folder, num_photos=10, width=640, arc_deg=110)
    )


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Real photos, scans and hostile files; they are not part of the project."""
    if not REAL_DATA.is_dir():
        pytest.skip(f"no real data at {REAL_DATA}")
    return REAL_DATA


@dataclass(frozen=True)
class Solved:
    """The relief's journey as far as its cloud, in metres."""

    photographed: Photographed
    taken: PhotoSet
    cameras: Cameras
    sparse: SparseModel
    depths: DepthMaps
    cloud: PointCloud
    scratch: Path
    world_from_truth: NDArray[np.float64]  # (4, 4), rigid: from the truth's frame to the solved one


@pytest.fixture(scope="session")
def solved(relief: Photographed, tmp_path_factory: pytest.TempPathFactory) -> Solved:
    scratch = tmp_path_factory.mktemp("solved")
    places = {name: scratch / name for name in ("photos", "features", "matches", "sparse", "align", "depth", "dense")}
    for place in places.values():
        place.mkdir()
    told = Silent()
    first, last = sorted(relief.truth.cameras)[0], sorted(relief.truth.cameras)[-1]
    metres = float(np.linalg.norm(relief.truth.cameras[first].centre - relief.truth.cameras[last].centre))
    taken = photos.build(relief.folder, photos.PhotosOptions(), scratch=places["photos"], progress=told)
    found = features.build(taken, features.FeaturesOptions(), scratch=places["features"], progress=told)
    graph = matches.build(taken, found, matches.MatchesOptions(), scratch=places["matches"], progress=told)
    cameras = sparse.build(taken, graph, sparse.SparseOptions(), scratch=places["sparse"], progress=told)
    chosen = align.AlignOptions(baseline=f"{first},{last},{metres}", ground="cut")
    placed = align.build(taken, cameras, chosen, scratch=places["align"], progress=told)
    depths = depth.build(placed, depth.DepthOptions(), scratch=places["depth"], progress=told)
    cloud = dense.build(depths, dense.DenseOptions(), scratch=places["dense"], progress=told)
    ours = np.array([v.centre for v in placed.views])
    theirs = np.array([relief.truth.cameras[v.name].centre for v in placed.views])
    return Solved(relief, taken, cameras, placed, depths, cloud, scratch, rigid(theirs, ours))


def rigid(source: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rigid target_from_source (4, 4) by least squares of points (N, 3) (Kabsch 1976)."""
    a, b = source - source.mean(0), target - target.mean(0)
    u, _, vt = np.linalg.svd(b.T @ a)
    rotation = u @ np.diag([1, 1, np.sign(np.linalg.det(u @ vt))]) @ vt
    result = np.eye(4)
    result[:3, :3], result[:3, 3] = rotation, target.mean(0) - rotation @ source.mean(0)
    return result
