"""Fixtures that several tests share: rendered photographs with exact truth, real data where it is at hand."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

import numba
import numpy as np
import pycolmap
import pytest
import synthetic
from killed_run import killed_and_run_again
from truth import Photographed, Solved, rigid
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from exhibit.space.build import ROUGH, build_template
from recon.workspace import Workspace

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
    """The tests of a file stay in one process, and so do files that share a costly fixture, which is made once: those
    that take one of `SHARED`, and the journeys in a browser, which share an exhibition."""

    SHARED = (  # as tests ask for them
        ("relief", ("relief: Photographed", "solved: Solved")),
        ("ball", ("ball: Bumpy",)),
        ("workshop", ("workshop: Scanned",)),
        ("exhibits", ("coarse_model(",)),
        ("halls", ("rough_hall: Callable",)),
    )
    NO_BROWSER = ("tests/journey/test_real_photographs.py",)

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        in_browser = file.startswith("tests/journey/") and file not in self.NO_BROWSER
        return self.scopes.get(file, "journey" if in_browser else file)

    @functools.cached_property
    def scopes(self) -> dict[str, str]:
        """The fixture that each file shares with others."""
        texts = {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in (ROOT / "tests").rglob("test_*.py")}
        return {
            file: shared
            for shared, asked in self.SHARED
            for file, text in texts.items()
            if any(words in text for words in asked)
        }


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


@pytest.fixture(scope="session", autouse=True)
def state_home(tmp_path_factory: pytest.TempPathFactory) -> Generator[Path, None, None]:
    """What builds cost in tests is no history of this machine."""
    folder = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="session")
def relief(tmp_path_factory: pytest.TempPathFactory) -> Photographed:
    """A brick relief in ten photos of 640 px on an arc, under Chinese names with spaces."""
    folder = tmp_path_factory.mktemp("relief") / "龙窑 照片"
    truth = synthetic.photograph(synthetic.brick_relief(), folder, num_photos=10, width=640, arc_deg=110)
    cameras = {f"龙窑 正面 {name}": camera for name, camera in truth.cameras.items()}
    for plain, name in zip(truth.cameras, cameras, strict=True):
        (folder / plain).rename(folder / name)
    return Photographed(folder, replace(truth, cameras=cameras))


@pytest.fixture(scope="session")
def rough_hall(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The bundle of a hall template with rough light; each is built once."""
    folder = tmp_path_factory.mktemp("halls")
    return functools.cache(lambda name: build_template(name, folder, quality=ROUGH))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Real photos, scans and hostile files; they are not part of the project."""
    if not REAL_DATA.is_dir():
        pytest.skip(f"no real data at {REAL_DATA}")
    return REAL_DATA


@pytest.fixture(scope="session")
def work(relief: Photographed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The relief's workspace, after a run that was killed during depth and one that went on to the end."""
    folder = tmp_path_factory.mktemp("work") / "工作"
    killed_and_run_again(relief, folder)
    return folder


@pytest.fixture(scope="session")
def solved(relief: Photographed, work: Path) -> Solved:
    made = Workspace(work)
    photos, cameras, placed, depths, cloud = map(made.load, ("photos", "sparse", "align", "depth", "dense"))
    ours = np.array([v.centre for v in placed.views])
    theirs = np.array([relief.truth.cameras[v.name].centre for v in placed.views])
    return Solved(relief, photos, cameras, placed, depths, cloud, work, rigid(theirs, ours))
