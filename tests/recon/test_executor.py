"""Units come to the same wherever they are done: here, in processes, or on a cluster whose one worker is killed."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bumpy import Bumpy

from recon import executor
from recon.errors import BadOptions, LongyaoError, NoWorkers
from recon.executor import HERE, Cluster, Executor, Processes, executor_of
from recon.progress import Silent
from recon.stages import depth, features
from recon.types import Photo, PhotoSet


@dataclasses.dataclass
class Running:
    """A scheduler and two workers, processes of this machine that listen on localhost alone."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("cluster")
    file = folder / "scheduler.json"
    here = ["--host", "127.0.0.1", "--scheduler-file", str(file), "--no-dashboard"]
    with (folder / "log").open("wb") as log:

        def dask(program: str, *words: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", f"distributed.cli.dask_{program}", *here, *words]
            return subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)

        scheduler = dask("scheduler", "--port", "0")
        workers = [dask("worker", "--no-nanny", "--nthreads", "1") for _ in range(2)]  # they wait for the file
        try:
            while not (file.exists() and file.read_text().rstrip().endswith("}")):  # it is there before it is whole
                assert scheduler.poll() is None, (folder / "log").read_text()
            address = json.loads(file.read_text())["address"].replace("tcp://", "dask://")
            yield Running(address, workers)
        finally:
            for process in (*workers, scheduler):
                process.kill()
                process.wait()


class Deadly(Silent):
    """Kills a worker like `kill -9` when the first unit is done."""

    def __init__(self, worker: subprocess.Popen[bytes]):
        super().__init__()
        self.worker = worker
        self.done = 0

    def advance(self, done: int = 1) -> None:
        self.done += done
        if done and self.worker.poll() is None:
            self.worker.kill()
            self.worker.wait()


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_cluster_that_loses_a_worker_comes_to_the_same_bytes(
    ball: Bumpy, cluster: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(depth.LARGEST_SIDE, "preview", 128)
    few = dataclasses.replace(ball.sparse, views=ball.sparse.views[:4], observations=ball.sparse.observations[:4])
    taken = PhotoSet(tuple(Photo(v.name, v.path, v.width, v.height, None, "", 1.0, 0.5) for v in ball.sparse.views))
    quick = features.FeaturesOptions(max_side=320, first_octave=0)

    def built(name: str, where: Executor, progress: Silent) -> dict[str, bytes]:
        folders = {stage: tmp_path / name / stage for stage in ("features", "depth")}
        for folder in folders.values():
            folder.mkdir(parents=True)
        found = features.build(taken, quick, scratch=folders["features"], progress=Silent(), executor=where)
        assert len(found.num_keypoints) == len(taken)
        options = depth.DepthOptions(quality="preview")
        depth.build(few, options, scratch=folders["depth"], progress=progress, executor=where)
        return files(tmp_path / name)

    there = executor_of(cluster.address, tmp_path)
    deadly = Deadly(cluster.workers[0])
    try:
        spread = built("there", there, deadly)
    finally:
        there.close()
    assert deadly.done == 8
    assert cluster.workers[0].poll() is not None
    assert spread == built("here", HERE, Silent())
    assert [name for name in spread if name.startswith("depth/")] == [f"depth/maps/{n:05d}.npz" for n in range(4)]


def test_a_mark_that_is_not_there_is_not_seen(tmp_path: Path) -> None:
    assert executor._look(tmp_path / "absent") == (False, executor.versions())


def refused(where: Executor) -> LongyaoError:
    with pytest.raises(LongyaoError) as problem:
        list(where.map(Path.touch, [Path("x")]))
    return problem.value


def test_a_worker_that_does_not_see_the_folder_or_has_another_version_is_named(
    cluster: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = Cluster(cluster.address.replace("dask://", "tcp://"), tmp_path)
    try:
        monkeypatch.setattr(executor, "_look", lambda mark: (False, {}))  # what a machine without the folder says
        problem = refused(where)
        assert problem.key == "cluster_blind"
        assert str(tmp_path) in problem.message("zh")
        assert "tcp://127.0.0.1:" in problem.message("zh")
        monkeypatch.setattr(executor, "_look", lambda mark: (True, {"longyao": "0"}))
        assert refused(where).key == "cluster_versions"
        assert list((tmp_path / ".building").iterdir()) == []
    finally:
        where.close()


def test_processes_share_the_work(tmp_path: Path) -> None:
    where = Processes(2)
    try:
        paths = [tmp_path / str(number) for number in range(5)]
        assert sorted(where.map(Path.touch, paths)) == paths
        assert sorted(tmp_path.iterdir()) == paths
        with pytest.raises(FileExistsError):
            list(where.map(Path.mkdir, paths))
    finally:
        where.close()


@pytest.mark.parametrize("words", ["there", "processes:0", "processes", "dask://", "dask://host", "tcp://host:1"])
def test_an_unknown_executor_is_refused(words: str, tmp_path: Path) -> None:
    with pytest.raises(BadOptions, match="no executor"):
        executor_of(words, tmp_path)


def test_a_scheduler_that_does_not_answer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor, "PATIENCE_S", 0.2)
    with pytest.raises(NoWorkers, match=r"127\.0\.0\.1:9"):
        executor_of("dask://127.0.0.1:9", tmp_path)
