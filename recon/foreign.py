"""Foreign files are opened in a child process: whatever a library does there, panics, crashes, hangs or asks for all
memory, this process gets one clear error.

The child runs a generator function and writes a line of JSON to its standard output for each value that it yields:

    for value in foreign.values("recon.formats.scan_import:take", {"path": ...}, name="hall.e57"):
        ...
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import select
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO, Any

from recon import errors
from recon.errors import BadScan, LongyaoError, disk_problem

MEMORY_MB = 2000  # of address space, libraries and all
PATIENCE_S = 120.0  # without a value; the largest block of a sound file takes some seconds
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_OUT_OF_MEMORY = (b"memory allocation of", b"bad_alloc", b"MemoryError")  # Rust, C++ and Python


def values(
    function: str,
    arguments: Mapping[str, Any],
    *,
    name: str,
    memory_mb: int = MEMORY_MB,
    patience_s: float = PATIENCE_S,
) -> Generator[Any, None, None]:
    """Yield what the generator `function`, "package.module:name", yields in a child process.

    Arguments and values are JSON. `name` is the file's, for messages. Raises the LongyaoError that the function raises,
    BadScan where the child ends in any other way, says nothing for `patience_s`, or needs more than `memory_mb`. Who
    stops to iterate ends the child.
    """
    command = [sys.executable, "-m", "recon.foreign", function, str(memory_mb), str(os.getpid())]
    quiet = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "RUST_BACKTRACE": "0"}
    with TemporaryFile() as said:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, env={**os.environ, **quiet}
        )
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            with suppress(BrokenPipeError), child.stdin:
                child.stdin.write(json.dumps(arguments).encode())
            for line in _lines(child.stdout, patience_s, name):
                match line:
                    case {"value": value}:
                        yield value
                    case {"error": [kind, key, details]}:
                        raise getattr(errors, kind)(key, **details)
                    case {"errno": number, "place": place}:
                        raise disk_problem(OSError(number, os.strerror(number)), place)
                    case {"broken": what}:
                        raise BadScan("foreign_broken", name=name, reason=what)
                    case {"memory": _}:
                        raise BadScan("foreign_memory", name=name, memory_mb=memory_mb)
                    case {"end": _}:
                        return
            child.wait()
            if child.returncode == -signal.SIGKILL or _ran_out_of_memory(said):
                raise BadScan("foreign_memory", name=name, memory_mb=memory_mb)
            raise BadScan("foreign_crashed", name=name)
        finally:
            child.kill()
            child.stdout.close()
            child.wait()


def _lines(stream: IO[bytes], patience_s: float, name: str) -> Iterator[dict[str, Any]]:
    """The child's lines, until it closes its output. Raises BadScan where the next one is long in coming."""
    rest, ready = b"", select.poll()
    ready.register(stream, select.POLLIN)
    while True:
        if not ready.poll(patience_s * 1000):
            raise BadScan("foreign_hangs", name=name, seconds=round(patience_s))
        chunk = os.read(stream.fileno(), 1 << 16)
        if not chunk:
            return
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield json.loads(line)


def _ran_out_of_memory(said: IO[bytes]) -> bool:
    said.seek(0, os.SEEK_END)
    said.seek(max(0, said.tell() - 65536))
    tail = said.read()
    return any(words in tail for words in _OUT_OF_MEMORY)


def _child(function: str, memory_mb: str, parent: str) -> None:
    """Run `function` with the arguments on standard input."""
    end_with(int(parent))
    limit = int(memory_mb) << 20
    with suppress(ValueError, OSError):  # macOS sets no limit
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # libraries print what they like

    def say(line: Mapping[str, Any]) -> None:
        out.write(json.dumps(line) + "\n")
        out.flush()

    try:
        module, _, called = function.partition(":")
        for value in getattr(importlib.import_module(module), called)(**json.load(sys.stdin)):
            say({"value": value})
        say({"end": True})
    except LongyaoError as error:
        known = "BadScan" if isinstance(error, BadScan) else type(error).__name__
        plain = {key: value if isinstance(value, int | float) else str(value) for key, value in error.values.items()}
        say({"error": [known, error.key, plain]})
    except MemoryError:
        say({"memory": True})
    except BrokenPipeError:
        pass
    except OSError as error:
        if error.errno is None:
            say({"broken": type(error).__name__})
        else:
            say({"errno": error.errno, "place": os.fspath(error.filename or "")})
    except BaseException as error:  # a library may raise anything: lazrs's PanicException is no Exception
        say({"broken": type(error).__name__})


def end_with(parent: int) -> None:
    """Linux ends this process when its parent ends, however that ends; elsewhere it ends at the next value."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit()


if __name__ == "__main__":
    _child(*sys.argv[1:])
