"""A run of a pipeline: which stages are done already, and how one is built, measured and recorded."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import BadZipFile

import pycolmap
from numba.core import event

from recon import budget, cost_history
from recon.errors import BadOptions, Cancelled, DiskProblem, disk_problem
from recon.executor import HERE, Executor, executor_of
from recon.messages import Message
from recon.options import Options
from recon.progress import Progress, Silent
from recon.provenance import Provenance
from recon.stages import photos
from recon.types import ScanSet
from recon.workspace import Workspace, key_of

pycolmap.logging.minloglevel = pycolmap.logging.Level.ERROR.value  # else COLMAP logs to standard error

NO_ROOM = 1 << 20  # bytes free on a disk that counts as full

Listener = Callable[[str, bool], Progress]
"""Called with a stage's name and whether it is only read back; returns the progress that the stage reports to."""

Output = tuple[Any, str]
"""What a stage hands on, and its key."""


@dataclass(frozen=True, kw_only=True)
class Control:
    """How far a run goes, and what it does again."""

    from_stage: str | None = None  # this stage and all after it are done again
    to_stage: str | None = None  # the last stage that is done
    executor: str = "here"  # where units are worked on (recon.executor.executor_of)

    def check(self, stages: Sequence[str]) -> None:
        """Raise BadOptions for a stage that this run does not have, or where the first lies behind the last."""
        asked = [name for name in (self.from_stage, self.to_stage) if name is not None]
        for name in asked:
            if name not in stages:
                raise BadOptions("stage_not_here", stage=name, stages=list(stages))
        if len(asked) == 2 and stages.index(asked[0]) > stages.index(asked[1]):
            raise BadOptions("stages_reversed", first=asked[0], last=asked[1])


class Reached(Exception):
    """The stage that the run was to go to is done: there is no bundle to return, what is done lies in `folder`."""

    def __init__(self, stage: str, folder: Path):
        super().__init__(stage)
        self.stage = stage
        self.folder = folder


class Run:
    """One run over a workspace that is locked."""

    def __init__(
        self,
        workspace: Workspace,
        options: Options,
        *,
        source: Path,
        preset: str,
        listener: Listener | None = None,
        control: Control | None = None,
    ):
        self.workspace = workspace
        self.options = options
        self.provenance = Provenance(workspace.provenance, source=source, preset=preset)
        self.listener = listener or _silent
        self.control = control or Control()
        self.executor: Executor = HERE
        self.notes: list[Message] = []  # to be said when the next stage begins
        if self.provenance.broken is not None:
            self.notes.append(Message("warning.provenance_broken", file=self.provenance.broken.name))
        self.history = cost_history.History.read()
        self.sizes: Sequence[tuple[int, int]] = ()  # of the photos, px
        self.counts: Sequence[int] = ()  # points of the scans

    def step(self, stage: ModuleType, *inputs: Output) -> Output:
        """Read the stage back if nothing that it depends on changed, else build it.

        Raises Reached where it was the last one asked for.
        """
        output = self._done(stage, *inputs)
        if (name := name_of(stage)) == self.control.to_stage:
            raise Reached(name, self.workspace.stage(name))
        return output

    def _done(self, stage: ModuleType, *inputs: Output) -> Output:
        name = name_of(stage)
        values, keys = [value for value, _ in inputs], [key for _, key in inputs]
        key, fresh, kept = self._kept(stage, keys)
        smaller = None
        if kept is None:
            self.options, smaller = budget.fitted(name, self.options, values, self.history.memory_mb)
        if smaller is not None:
            key, fresh, kept = self._kept(stage, keys)
        chosen = getattr(self.options, name)
        listener = self.listener(name, kept is not None)
        while self.notes:
            listener.warn(self.notes.pop(0))
        if kept is not None:
            for message in self.provenance.warnings(name):  # else a job that was resumed would not show them
                listener.warn(message)
            return kept, key
        progress = _Recorded(listener)
        scratch = self.workspace.scratch(name, key)
        whole = not any(file.name != ".key" for file in scratch.iterdir())
        compiling: list[float] = []  # seconds
        with (
            event.install_timer("numba:compile", compiling.append),
            self.provenance.stage(name, number=stage.VERSION, options=chosen, inputs=keys) as entry,
        ):
            progress.entry = entry
            if fresh:
                progress.warn(Message("warning.result_broken", stage=name))
            if smaller is not None:
                progress.warn(smaller)
            shared = {"executor": self.executor} if "executor" in stage.build.__annotations__ else {}
            built = stage.build(*values, chosen, scratch=scratch, progress=progress, **shared)
            result = self.workspace.finish(name, key, built)
            entry["result"] = str(result)
        if isinstance(result, ScanSet):
            self.counts = [len(scan) for scan in result]
        if whole and self.executor is HERE:  # else the figures are of the last attempt alone, or of a part of the work
            self._remember(stage, entry, compiling_seconds=sum(compiling))
        return result, key

    def compare_disk(self) -> None:
        """Have it said when the disk may not hold what the stages that are not there yet will write."""
        costs = budget.predict_source(self.sizes, self.counts, self.options)
        missing = [cost for cost in costs if not self.workspace.stage(cost.stage).exists()]
        needed_mb = sum(self.history.forecast(cost).disk_mb for cost in missing)
        free_mb = shutil.disk_usage(self.workspace.root).free / 1e6
        if needed_mb > free_mb:
            self.notes.append(Message("warning.disk_short", needed_gb=needed_mb / 1000, free_gb=free_mb / 1000))

    def _kept(self, stage: ModuleType, keys: Sequence[str]) -> tuple[str, bool, Any]:
        """The stage's key, whether it was built with this key, and what it handed on if that can be read back."""
        name = name_of(stage)
        key = key_of(name, stage.VERSION, getattr(self.options, name), *keys)
        fresh = self.workspace.fresh(name, key)
        return key, fresh, self._read_back(name) if fresh else None

    def _remember(self, stage: ModuleType, entry: Mapping[str, Any], *, compiling_seconds: float) -> None:
        """Have later predictions rest on what this stage took, without what only a machine's first build compiles."""
        name, cpu_seconds, wall_seconds = name_of(stage), entry["cpu_seconds"], entry["wall_seconds"]
        at_work = 1 - min(1.0, compiling_seconds / max(wall_seconds, 0.01))
        for cost in budget.predict_source(self.sizes, self.counts, self.options):
            if cost.stage == name:
                cost_history.keep(
                    cost,
                    version=stage.VERSION,
                    cpu_seconds=at_work * cpu_seconds,
                    wall_seconds=at_work * wall_seconds,
                    memory_mb=entry["peak_rss_mb"],
                    disk_mb=self.workspace.megabytes(name),
                )

    def _read_back(self, name: str) -> Any:
        """What a finished stage handed on; None where its files are cut short, as a full disk or a copy leaves them."""
        try:
            return self.workspace.load(name)
        except (FileNotFoundError, ValueError, KeyError, EOFError, BadZipFile):
            return None


@contextmanager
def started(
    source: Path,
    work: Path,
    stages: Sequence[ModuleType],
    *,
    preset: str,
    settings: Sequence[str],
    hold_out: Sequence[str] = (),
    listener: Listener | None = None,
    control: Control | None = None,
) -> Iterator[Run]:
    """A run of these stages over the workspace `work`, which is locked meanwhile. Raises as recon.build."""
    with disk_problems(work):
        workspace = Workspace(work)
        options = Options.gather(preset, workspace.options, settings)
        if hold_out:
            options = options.with_table({"align": {"hold_out": tuple(hold_out)}})
        control = control or Control()
        names = [name_of(stage) for stage in stages]
        control.check(names)
        files = photos.find(source).photos if photos in stages else ()
        workspace.check_free(names, source)
        with workspace.locked():
            run = Run(workspace, options, source=source, preset=preset, listener=listener, control=control)
            run.sizes = budget.check_start(files)
            run.compare_disk()
            for name in names[names.index(control.from_stage) :] if control.from_stage else ():
                workspace.outdate(name)
            run.executor = executor_of(control.executor, workspace.root)
            try:
                yield run
            finally:
                run.executor.close()


@contextmanager
def disk_problems(place: Path) -> Iterator[None]:
    """Raise what the operating system refuses inside the block as a DiskProblem: a sentence and a hint.

    Libraries say it in words of their own, or not at all, when the disk is full; whatever fails while there is no room
    left below `place` is taken to fail for that.
    """
    try:
        yield
    except (Cancelled, DiskProblem, Reached):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise disk_problem(error, place) from error
        if place.exists() and shutil.disk_usage(place).free < NO_ROOM:
            raise DiskProblem("disk_full", path=place) from error
        raise


def name_of(stage: ModuleType) -> str:
    """A stage is called as its file is."""
    return stage.__name__.rpartition(".")[2]


def _silent(_stage: str, _fresh: bool) -> Progress:
    return Silent()


class _Recorded:
    """Passes progress on, and keeps count and warnings for the provenance."""

    def __init__(self, listener: Progress):
        self.listener = listener
        self.entry: dict[str, Any] = {}

    def start(self, total: int, unit: str) -> None:
        self.entry |= {"units": total, "unit": unit}
        self.listener.start(total, unit)

    def advance(self, done: int = 1) -> None:
        self.entry["units_done"] += done
        self.listener.advance(done)

    def fail(self, failed: int = 1) -> None:
        self.entry["units_failed"] += failed
        self.listener.fail(failed)

    def warn(self, message: Message) -> None:
        self.entry["warnings"].append(message.as_json())
        self.listener.warn(message)
