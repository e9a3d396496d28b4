"""Whatever happens in the child process is one clear error here, and no child is left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from recon import foreign
from recon.errors import BadScan, DiskProblem, LongyaoError


class PanicException(BaseException):
    """As lazrs raises it, where Rust panics."""


def misbehaves(how: str) -> Iterator[int]:
    """Runs in the child: does what a library can do there."""
    yield os.getpid()
    match how:
        case "panics":
            raise PanicException
        case "crashes":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "exits":
            os._exit(3)
        case "hangs":
            threading.Event().wait()
        case "asks for all memory":
            bytearray(1 << 40)
        case "asks for it in C":
            ctypes.CDLL(None).abort() if not ctypes.CDLL(None).calloc(1 << 31, 1) else os._exit(0)
        case "prints":
            os.write(1, b'{"value": 7}\n')
        case "refuses":
            raise BadScan("no_scans", source="扫描", formats="E57")
        case "cannot read":
            Path("/no/such/file").read_bytes()


def values(how: str, **limits: float) -> Iterator[int]:
    return foreign.values("test_foreign:misbehaves", {"how": how}, name="hall.e57", **limits)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _found_by_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), *sys.path]))


@pytest.mark.parametrize(
    ("how", "key"),
    [
        ("panics", "foreign_broken"),
        ("crashes", "foreign_crashed"),
        ("exits", "foreign_crashed"),
        ("hangs", "foreign_hangs"),
        ("asks for all memory", "foreign_memory"),
        ("asks for it in C", "foreign_crashed"),
        ("refuses", "no_scans"),
        ("cannot read", "system_refused"),
    ],
)
def test_what_a_library_can_do(how: str, key: str) -> None:
    told = values(how, patience_s=2.0 if how == "hangs" else 60.0)
    child = next(told)
    with pytest.raises(LongyaoError) as problem:
        next(told)
    assert problem.value.key == key
    assert type(problem.value) is (DiskProblem if how == "cannot read" else BadScan)
    assert not psutil.pid_exists(child)
    for language in ("zh", "en"):
        assert "{" not in problem.value.text(language)


def test_what_it_prints_is_not_taken_for_a_value() -> None:
    told = values("prints")
    assert len(list(told)) == 1


def test_who_stops_to_listen_ends_the_child() -> None:
    told = values("hangs")
    child = next(told)
    told.close()  # type: ignore[attr-defined]
    assert not psutil.pid_exists(child)


def test_a_killed_process_takes_its_child_along() -> None:
    script = (
        "from recon import foreign\n"
        "told = foreign.values('test_foreign:misbehaves', {'how': 'hangs'}, name='a')\n"
        "print(next(told), flush=True)\nnext(told)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    child.wait(30)
    assert not child.is_running()
