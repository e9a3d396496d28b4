"""What builds took on this machine: kept in bounds, read back, and what the next prediction rests on."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from recon import cost_history
from recon.budget import ESTIMATE, Cost
from recon.cost_history import MOST_RUNS, Forecast, History, forecast, keep
from recon.stages import depth

ESTIMATED = Cost("depth", 100.0, 2000.0, 50.0)
TOOK = {"cpu_seconds": 60.0, "wall_seconds": 40.0, "memory_mb": 1500.0, "disk_mb": 80.0}


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "longyao" / "costs.json"


def remember(cost: Cost = ESTIMATED, version: int = depth.VERSION, **figures: float) -> None:
    keep(cost, version=version, **{**TOOK, **figures})


def test_without_a_history_a_figure_is_an_estimate() -> None:
    (told,) = forecast([ESTIMATED])
    assert (told.cpu_seconds, told.memory_mb, told.disk_mb, told.num_runs) == (100.0, 2000.0, 50.0, 0)


def test_the_second_run_of_a_like_set_is_told_as_the_first_one_was() -> None:
    remember()
    assert forecast([ESTIMATED, replace(ESTIMATED, stage="mesh")])[0] == Forecast("depth", **TOOK, num_runs=1)
    assert forecast([replace(ESTIMATED, stage="mesh")])[0].num_runs == 0
    (twice,) = forecast([Cost("depth", 120.0, 2000.0, 60.0)])  # a fifth more work
    assert (twice.cpu_seconds, twice.wall_seconds, twice.disk_mb) == pytest.approx((72.0, 48.0, 96.0))


def test_runs_of_a_like_size_weigh_most_and_one_odd_run_nothing() -> None:
    for _ in range(5):
        remember(replace(ESTIMATED, cpu_seconds=1000.0), cpu_seconds=2000.0, wall_seconds=1500.0)
    for cpu in (60.0, 61.0, 300.0):
        remember(cpu_seconds=cpu, wall_seconds=cpu)
    (told,) = forecast([ESTIMATED])
    assert told.cpu_seconds == pytest.approx(61.0)
    assert told.num_runs == 8
    assert forecast([replace(ESTIMATED, cpu_seconds=1100.0)])[0].cpu_seconds == pytest.approx(2200.0)


def test_less_memory_than_estimated_is_promised_for_like_sets_alone() -> None:
    remember()
    assert forecast([replace(ESTIMATED, cpu_seconds=140.0)])[0].memory_mb == 1500.0
    assert forecast([replace(ESTIMATED, cpu_seconds=400.0)])[0].memory_mb == 2000.0
    remember(memory_mb=3000.0)
    remember(memory_mb=3000.0)
    assert forecast([replace(ESTIMATED, cpu_seconds=400.0)])[0].memory_mb == 3000.0


def test_what_another_version_another_machine_or_another_estimate_took_tells_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    remember(version=depth.VERSION - 1)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("platform.node", lambda: "elsewhere")
        remember()
    with monkeypatch.context() as before:
        before.setattr(cost_history, "ESTIMATE", ESTIMATE + 1)
        remember()
    assert forecast([ESTIMATED])[0].num_runs == 0


def test_the_file_is_private_and_bounded_and_holds_figures_alone(file: Path) -> None:
    for number in range(MOST_RUNS + 5):
        remember(cpu_seconds=float(number + 1))
    remember(replace(ESTIMATED, stage="mesh"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    runs = History.read().runs
    assert [run.cpu_seconds for run in runs if run.stage == "depth"] == [n + 6.0 for n in range(MOST_RUNS)]
    assert len(runs) == MOST_RUNS + 1
    texts = {value for row in json.loads(file.read_text()) for value in row.values() if isinstance(value, str)}
    assert texts == {"depth", "mesh", runs[0].machine}


@pytest.mark.parametrize(
    "left", [b"", b"[{", b"\xff\xfe", b"{}", b"null", b'[1, null, {"stage": "depth"}, []]', b"[" * 3000]
)
def test_a_broken_file_counts_as_empty_and_is_mended(file: Path, left: bytes) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(left)
    assert forecast([ESTIMATED])[0].num_runs == 0
    remember()
    assert forecast([ESTIMATED])[0].num_runs == 1


@pytest.mark.parametrize(("name", "value"), [("cpu_seconds", 0), ("disk_mb", "8"), ("memory_mb", True), ("stage", 3)])
def test_a_row_that_makes_no_sense_is_passed_over(file: Path, name: str, value: object) -> None:
    remember()
    remember(cpu_seconds=90.0)
    rows = json.loads(file.read_text())
    file.write_text(json.dumps([{**rows[0], name: value}, rows[1]]))
    assert [run.cpu_seconds for run in History.read().runs] == [90.0]


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "taken"))
    remember()
    assert forecast([ESTIMATED])[0].num_runs == 0


def test_builds_that_end_together_are_all_remembered() -> None:
    with ThreadPoolExecutor(8) as pool:  # each opens the file for itself, as processes do
        list(pool.map(lambda number: remember(cpu_seconds=number + 1.0), range(30)))
    assert sorted(run.cpu_seconds for run in History.read().runs) == [number + 1.0 for number in range(30)]
