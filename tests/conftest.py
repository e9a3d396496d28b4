"""Fixtures that several tests share: rendered photographs with exact truth, real data where it is at hand."""

from __future__ import annotations

import functools
import os
from collections.abc import Generator
from pathlib import Path

import numba
import numpy as np
import pycolmap
import pytest
import synthetic
from truth import Photographed, Solved, rigid
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from recon.progress import Silent
from recon.stages import align, dense, depth, features, matches, photos, sparse, targets

pycolmap.logging.minloglevel = pycolmap.logging.Level.ERROR.value  # a failing test should show its own words
if "PYTEST_XDIST_WORKER" in os.environ:
    numba.set_num_threads(1)  # each process has a core

ROOT = Path(__file__).parents[1]
REAL_DATA = ROOT.parent / "shared" / "data"
SLOWEST = ("journey", "recon", "exhibit_space", "assets_demo")
MAY_BE_ABSENT = ("no real data", "no yardstick", "not a git checkout")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slowest folders come first, so that two processes end at nearly the same time."""
    items.sort(key=lambda item: [item.path.parent.name != name for name in SLOWEST])


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """The tests of a file stay in one process, and so do files that share a costly fixture, which is made once: all
    journeys share an exhibition and a browser, others take one of `SHARED`."""

    SHARED = ("solved: Solved", "ball: Bumpy", "workshop: Scanned")  # as tests ask for them

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "journey" if file.startswith("tests/journey/") else self.scopes.get(file, file)

    @functools.cached_property
    def scopes(self) -> dict[str, str]:
        """The fixture that each file shares with others."""
        texts = {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in (ROOT / "tests").rglob("test_*.py")}
        return {file: shared for shared in self.SHARED for file, text in texts.items() if shared in text}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    return Together(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that is skipped for a part that scripts/setup installs has failed."""
    report = yield
    if report.skipped and not any(reason in str(report.longrepr) for reason in MAY_BE_ABSENT):
        report.outcome = "failed"
    return report


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


@pytest.fixture(scope="session")
def solved(relief: Photographed, tmp_path_factory: pytest.TempPathFactory) -> Solved:
    scratch = tmp_path_factory.mktemp("solved")
    places = {
        name: scratch / name
        for name in ("photos", "features", "matches", "sparse", "targets", "align", "depth", "dense")
    }
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
    marked = targets.build(taken, cameras, targets.TargetsOptions(), scratch=places["targets"], progress=told)
    placed = align.build(taken, cameras, marked, chosen, scratch=places["align"], progress=told)
    depths = depth.build(placed, depth.DepthOptions(), scratch=places["depth"], progress=told)
    cloud = dense.build(depths, dense.DenseOptions(), scratch=places["dense"], progress=told)
    ours = np.array([v.centre for v in placed.views])
    theirs = np.array([relief.truth.cameras[v.name].centre for v in placed.views])
    return Solved(relief, taken, cameras, placed, depths, cloud, scratch, rigid(theirs, ours))
