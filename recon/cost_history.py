"""What building each stage has cost on this machine so far, and what that says of the next build.

A row of figures is kept for each stage that was built in one go, in the user's state folder (XDG Base Directory
Specification 0.8): no name of a photo and no path, and of each stage the newest MOST_RUNS alone. A file that cannot
be read counts as empty: then a prediction is recon.budget's estimate, and says so.
"""

from __future__ import annotations

import fcntl
import json
import math
import os
import platform
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from importlib import import_module
from pathlib import Path

import psutil

from recon.budget import ESTIMATE, Cost

MOST_RUNS = 40  # kept of each stage
ALIKE = math.log(1.5)  # an earlier run whose estimate is within this ratio was of a like set
BUSY_CORES = 0.7  # share of the cores that is at work on average, where nothing was measured yet


@dataclass(frozen=True, slots=True)
class Run:
    """A stage that was built: what it was estimated at, and what it took."""

    stage: str
    version: int  # the stage's VERSION
    estimate: int  # recon.budget.ESTIMATE
    machine: str
    estimated_cpu_seconds: float
    estimated_memory_mb: float
    estimated_disk_mb: float
    cpu_seconds: float
    wall_seconds: float
    memory_mb: float
    disk_mb: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a stage will cost."""

    stage: str
    cpu_seconds: float
    wall_seconds: float
    memory_mb: float
    disk_mb: float
    num_runs: int  # measured on this machine that it rests on; 0: it is an estimate


def file() -> Path:
    """Where the history is kept. As the specification says, the variable counts only if its path is absolute."""
    stated = Path(os.environ.get("XDG_STATE_HOME", ""))
    return (stated if stated.is_absolute() else Path.home() / ".local" / "state") / "longyao" / "costs.json"


@dataclass(frozen=True, slots=True)
class History:
    """The runs of this machine that tell something of today's stages and estimates, oldest first."""

    runs: Sequence[Run]

    @classmethod
    def read(cls) -> History:
        return cls([run for run in _all() if (run.machine, run.estimate) == (_machine(), ESTIMATE)])

    def forecast(self, cost: Cost) -> Forecast:
        """An estimate, multiplied by the median of measured / estimated, in which runs of a like size weigh most."""
        runs = [run for run in self.runs if _is_of(run, cost)]
        return _corrected(cost, runs) if runs else _estimate(cost)

    def memory_mb(self, cost: Cost) -> float:
        return self.forecast(cost).memory_mb


def forecast(costs: Sequence[Cost]) -> list[Forecast]:
    """What stages will cost on this machine, by estimates and the runs that it remembers."""
    history = History.read()
    return [history.forecast(cost) for cost in costs]


def keep(
    estimated: Cost, *, version: int, cpu_seconds: float, wall_seconds: float, memory_mb: float, disk_mb: float
) -> None:
    """Remember what a stage took. Where the state folder cannot be written, nothing is remembered."""
    run = Run(
        estimated.stage, version, ESTIMATE, _machine(),
        estimated.cpu_seconds, estimated.memory_mb, estimated.disk_mb,
        max(cpu_seconds, 0.01), max(wall_seconds, 0.01), max(memory_mb, 1.0), max(disk_mb, 0.001),
    )  # fmt: skip
    with suppress(OSError), _locked():
        kept: defaultdict[str, list[Run]] = defaultdict(list)
        for each in [*_all(), run]:
            kept[each.stage].append(each)
        rows = [asdict(each) for runs in kept.values() for each in runs[-MOST_RUNS:]]
        draft = file().with_suffix(".draft")
        draft.write_text(json.dumps(rows, indent=1), encoding="utf-8")
        draft.chmod(0o600)
        draft.replace(file())


def _estimate(cost: Cost) -> Forecast:
    wall = cost.cpu_seconds / max(1.0, BUSY_CORES * (psutil.cpu_count() or 1))
    return Forecast(cost.stage, cost.cpu_seconds, wall, cost.memory_mb, cost.disk_mb, 0)


def _corrected(cost: Cost, runs: Sequence[Run]) -> Forecast:
    apart = [abs(math.log(max(cost.cpu_seconds, 0.01) / run.estimated_cpu_seconds)) for run in runs]
    weights = [1 / (0.1 + distance) ** 2 for distance in apart]

    def corrected(name: str) -> float:
        ratios = [getattr(run, name) / getattr(run, f"estimated_{name}") for run in runs]
        return float(getattr(cost, name)) * _median(ratios, weights)

    cpu_seconds = corrected("cpu_seconds")
    wall = cpu_seconds * _median([run.wall_seconds / run.cpu_seconds for run in runs], weights)
    memory = corrected("memory_mb")
    if min(apart) > ALIKE:  # a build is made smaller by this figure: of a set of another size, no less is promised
        memory = max(memory, cost.memory_mb)
    return Forecast(cost.stage, cpu_seconds, wall, memory, corrected("disk_mb"), len(runs))


def _is_of(run: Run, cost: Cost) -> bool:
    return run.stage == cost.stage and run.version == import_module(f"recon.stages.{cost.stage}").VERSION


def _median(values: Sequence[float], weights: Sequence[float]) -> float:
    """The value on either side of which lies half of the weight."""
    half, passed = sum(weights) / 2, 0.0
    for value, weight in sorted(zip(values, weights, strict=True)):
        passed += weight
        if passed >= half:
            return value
    raise ValueError("no values")


def _all() -> list[Run]:
    try:
        rows = json.loads(file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    return [run for row in rows if (run := _run(row)) is not None] if isinstance(rows, list) else []


def _run(row: object) -> Run | None:
    """A row as it was kept; None where it is something else, or holds figures that none of ours are."""
    kinds = {field.name: str(field.type) for field in fields(Run)}
    if not isinstance(row, dict) or row.keys() != kinds.keys():
        return None
    for name, kind in kinds.items():
        value = row[name]
        if kind == "str" and not isinstance(value, str):
            return None
        if kind != "str" and not (type(value) in (int, float) and 0 < value < math.inf):
            return None
    return Run(**row)


@contextmanager
def _locked() -> Iterator[None]:
    """One process writes at a time; the file itself is replaced, so a reader needs no lock."""
    folder = file().parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "costs.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _machine() -> str:
    """Home folders may be shared by machines."""
    return f"{platform.node()} {psutil.cpu_count() or 1} {round(psutil.virtual_memory().total / 1e9)}"
