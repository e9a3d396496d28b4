"""`scripts/bench kill PHOTOS`: builds are killed for real, at random moments, and must come to the same bytes.

Each run is a process of its own, as the command's is. A unit that was finished when the run was killed must not be
made again: its file stays as it is. The unit under way is lost, and is the one that is repeated.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
KILLS_A_BUILD = 10
UNITS = ("photos/upright/*.npz", "features/units/*.db", "depth/first/*.npz", "depth/maps/*.npz", "*/result.json")
ROWS = {"matches": "two_view_geometries"}  # of a COLMAP database: a row is a unit
TIMES = {"journey.json", ".lock"}  # files that tell of the run, not of its result
CODE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from recon.pipeline.build import build
from recon.progress import Silent
print("begun", flush=True)
build(Path(sys.argv[2]), Path(sys.argv[3]), preset=sys.argv[4], settings=sys.argv[5:])
"""


def killed(
    photos: Path, scratch: Path, preset: str, settings: Sequence[str], *, kills: int
) -> Iterator[dict[str, object]]:
    """One row: how often builds were killed, which finished units were made again, and which stages' bytes differ."""
    choices = (preset, *settings)
    whole, took = scratch / "whole", 0.0
    for folder in (scratch / "first", whole):  # the first one may compile; it must come to the same bytes
        run = _run(photos, folder, choices)
        begun = time.monotonic()
        assert run.wait() == 0
        took = time.monotonic() - begun
        print(f"undisturbed: {took:.1f} s", flush=True)
    rng, done, again, differing = np.random.default_rng(), 0, 0, _differing(scratch / "first", whole)
    while done < kills:
        work = scratch / "killed"
        shutil.rmtree(work, ignore_errors=True)
        moments = np.sort(rng.uniform(0, took, min(KILLS_A_BUILD, kills - done)))
        finished: dict[str, tuple[int, int]] = {}
        for pause in np.diff(moments, prepend=0):
            run = _run(photos, work, choices)
            try:
                assert run.wait(timeout=float(pause)) == 0, "a run that was killed does not go on"
                break  # it was faster than the undisturbed one
            except subprocess.TimeoutExpired:
                run.kill()
                run.wait()
            done += 1
            again += _made_again(finished, found := _units(work))
            finished = found
            print(f"kill {done} with {len(finished)} units done", flush=True)
        run = _run(photos, work, choices)
        assert run.wait() == 0, "a run that was killed does not go on"
        again += _made_again(finished, _units(work))
        differing |= _differing(whole, work)
    row: dict[str, object] = {"run": "kill", "photos": photos.name, "kills": done, "made_again": again}
    row |= {"same_bytes": "gltf" not in differing, "differing": " ".join(sorted(differing))}
    print(row, flush=True)
    yield row


def _run(photos: Path, work: Path, choices: Sequence[str]) -> subprocess.Popen[bytes]:
    """A run that has loaded its libraries and now begins."""
    command = [sys.executable, "-c", CODE, str(ROOT), str(photos), str(work), *choices]
    run = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert run.stdout is not None
    assert run.stdout.readline() == b"begun\n"
    return run


def _units(work: Path) -> dict[str, tuple[int, int]]:
    """Finished units, stages among them: a name, and what shows that it was not made again."""
    found: dict[str, tuple[int, int]] = {}
    for root in (work, work / ".building"):
        for pattern in UNITS:
            for file in root.glob(pattern):
                state = file.stat()
                found[file.relative_to(root).as_posix()] = (state.st_ino, state.st_mtime_ns)
        for stage, table in ROWS.items():
            if (database := root / stage / "database.db").exists():
                with sqlite3.connect(database) as opened:
                    found |= {f"{stage} {row}": (row, 0) for (row,) in opened.execute(f"SELECT rowid FROM {table}")}
                opened.close()
    return found


def _made_again(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> int:
    """How many finished units are gone or new, but for the working files of stages that have ended since."""
    ended = {name.partition("/")[0] for name in after if name.endswith("result.json")}
    kept = {name: state for name, state in before.items() if name in after or name.partition("/")[0] not in ended}
    return sum(after.get(name) != state for name, state in kept.items())


def _differing(whole: Path, work: Path) -> set[str]:
    """Folders of stages whose files differ by name or content."""
    first, second = _digests(whole), _digests(work)
    return {name.partition("/")[0] for name in first.keys() | second.keys() if first.get(name) != second.get(name)}


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in TIMES)
    return {f.relative_to(folder).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}
