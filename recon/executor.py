"""Where a stage's units of work are done: here, in processes of this machine, or on a Dask cluster.

A unit is a function of a module and what it is given, which can be pickled: numbers, options, and paths below the
workspace. It writes its result to a file, in one move, and does nothing where that is there. So a unit may be done
twice, as happens when a worker is killed, and the result is the same wherever it is done.

The workers of a cluster need the same Longyao, and see the workspace at the same path: a shared folder.
"""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol, TypeVar

from recon.errors import BadOptions, NoWorkers

Spec = TypeVar("Spec")

LIBRARIES = ("longyao", "numpy", "numba", "opencv-python", "pycolmap")
PATIENCE_S = 20  # for a scheduler to answer, and for its first worker


class Executor(Protocol):
    def map(self, unit: Callable[[Spec], None], specs: Sequence[Spec]) -> Iterator[Spec]:
        """Do the unit for each of the specs, in any order; yields each when it is done. Raises what a unit raises."""

    def close(self) -> None:
        """Give up what is not done yet, and let go of processes and connections."""


class Here:
    """One unit after the other in this process; its kernels use all cores."""

    def map(self, unit: Callable[[Spec], None], specs: Sequence[Spec]) -> Iterator[Spec]:
        for spec in specs:
            unit(spec)
            yield spec

    def close(self) -> None: ...


HERE = Here()


class Processes:
    """Units side by side in processes of this machine, which share its cores."""

    def __init__(self, count: int):
        # spawned, not forked: a fork would keep the workspace's lock when this process is killed
        threads = max(1, (os.cpu_count() or 1) // count)
        self._pool = ProcessPoolExecutor(count, get_context("spawn"), _begin, (threads, os.getpid()))

    def map(self, unit: Callable[[Spec], None], specs: Sequence[Spec]) -> Iterator[Spec]:
        spec_of: dict[Future[None], Spec] = {self._pool.submit(unit, spec): spec for spec in specs}
        try:
            for done in as_completed(spec_of):
                done.result()
                yield spec_of[done]
        except BrokenProcessPool:
            raise NoWorkers("worker_died") from None

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


class Cluster:
    """Units on the workers of a Dask cluster that runs already. A worker that is lost loses its units to the others."""

    def __init__(self, address: str, work: Path):
        try:
            import distributed
        except ImportError:
            raise BadOptions("cluster_missing") from None
        self._address = address
        self._work = work
        try:
            self._client = distributed.Client(address, timeout=PATIENCE_S, set_as_default=False)
        except (OSError, ValueError):
            raise NoWorkers("cluster_silent", address=address) from None

    def map(self, unit: Callable[[Spec], None], specs: Sequence[Spec]) -> Iterator[Spec]:
        import distributed

        if not specs:
            return
        self._check_workers()
        futures = self._client.map(unit, specs, pure=False)
        spec_of = {future.key: spec for future, spec in zip(futures, specs, strict=True)}
        try:
            for done in distributed.as_completed(futures, loop=self._client.loop):
                try:
                    done.result()
                except (distributed.KilledWorker, distributed.client.FutureCancelledError):
                    raise NoWorkers("cluster_lost", address=self._address) from None
                yield spec_of[done.key]
        finally:
            self._client.cancel(futures)

    def _check_workers(self) -> None:
        """Raise NoWorkers or BadOptions unless there are workers, and each sees the workspace with the same Longyao."""
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE_S)
        except TimeoutError:
            raise NoWorkers("cluster_empty", address=self._address) from None
        mark = self._work / ".building" / f".seen-{uuid.uuid4().hex}"
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.write_text(mark.name, encoding="utf-8")
        try:
            told: dict[str, tuple[bool, dict[str, str]]] = self._client.run(_look, mark)
        except ImportError:
            raise BadOptions("cluster_without_longyao", address=self._address) from None
        finally:
            mark.unlink()
        blind = [worker for worker, (sees, _) in told.items() if not sees]
        if blind:
            raise BadOptions("cluster_blind", work=self._work, workers=blind)
        others = [worker for worker, (_, theirs) in told.items() if theirs != versions()]
        if others:
            raise BadOptions("cluster_versions", workers=others)

    def close(self) -> None:
        self._client.close()


def executor_of(words: str, work: Path) -> Executor:
    """What --executor names: here, processes:N or dask://HOST:PORT. Raises BadOptions, NoWorkers."""
    if words == "here":
        return HERE
    if found := re.fullmatch(r"processes:([1-9]\d*)", words):
        return Processes(int(found[1]))
    if found := re.fullmatch(r"dask://(\S+:\d+)", words):
        return Cluster(f"tcp://{found[1]}", work)
    raise BadOptions("executor_unknown", name=words)


def versions() -> dict[str, str]:
    """What must be alike for units to come to the same, wherever they are done."""
    return {name: version(name) for name in LIBRARIES}


def _look(mark: Path) -> tuple[bool, dict[str, str]]:
    """On a worker: whether it sees the workspace, and which Longyao it has."""
    sees = mark.is_file() and mark.read_text(encoding="utf-8") == mark.name
    return sees, versions()


def _begin(threads: int, parent: int) -> None:
    import cv2
    import numba

    from recon.foreign import end_with

    end_with(parent)
    numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
    cv2.setNumThreads(threads)
