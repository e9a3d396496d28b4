"""`scripts/bench scans kill`: stages of scans are killed for real, at random moments, and must come to the same bytes.

Each run of a stage is a process of its own; only that one is killed, not the readers that it has started.
"""

from __future__ import annotations

import hashlib
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
STAGES = ("scans", "clean", "tiles")
KILLS = 3  # of a stage
MILLIONS = 2.0
PATHS = (
    f"import sys; sys.path[:0] = {[str(ROOT), *(str(ROOT / 'tests' / part) for part in ('', 'bench', 'recon'))]!r}; "
)


def killed(scratch: Path) -> Iterator[dict[str, object]]:
    """A row per stage: how often it was killed, and whether what it left is what an undisturbed run leaves."""
    assert _run("prepare", scratch).wait() == 0
    rng = np.random.default_rng()
    for stage in STAGES:
        begun = time.monotonic()
        assert _run(stage, scratch, "whole").wait() == 0
        took = time.monotonic() - begun
        kills, finished = 0, False
        while not finished:
            child = _run(stage, scratch, "killed")
            try:
                finished = child.wait(timeout=None if kills >= KILLS else rng.uniform(0.2, 0.6) * took) == 0
                assert finished, f"{stage} does not go on after a kill"
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
                kills += 1
        same = _digest(scratch / f"{stage}-whole") == _digest(scratch / f"{stage}-killed")
        row: dict[str, object] = {"run": "scans kill", "stage": stage, "kills": kills, "same_bytes": same}
        print(row, f"{took:.0f} s undisturbed", flush=True)
        yield row


def _run(stage: str, scratch: Path, name: str = "") -> subprocess.Popen[bytes]:
    code = PATHS + f"from scan_kill import work; work({stage!r}, {str(scratch)!r}, {name!r})"
    return subprocess.Popen([sys.executable, "-c", code])


def _digest(folder: Path) -> str:
    """Of all files and their names."""
    total = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(f"{file.relative_to(folder)}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return total.hexdigest()


def work(stage: str, scratch: str, name: str) -> None:
    """One run, in a process of its own."""
    import scan_reading
    from scan_tiles import Hall
    from scanned import scanned

    from recon.progress import Silent
    from recon.stages import clean, scans, tiles

    folder = Path(scratch)
    if stage == "prepare":
        scan_reading.write(folder / "hall.laz", int(MILLIONS * 1e6))
        (folder / "shop").mkdir()
        placed = scanned(folder / "shop", count=2, step_deg=0.5).placed
        (folder / "placed.pickle").write_bytes(pickle.dumps(placed))
        return
    out = folder / f"{stage}-{name}"
    out.mkdir(exist_ok=True)
    match stage:
        case "scans":
            scans.build(folder / "hall.laz", scans.ScansOptions(), scratch=out, progress=Silent())
        case "clean":
            few = clean.CleanOptions(structure_points=60_000)
            placed = pickle.loads((folder / "placed.pickle").read_bytes())
            clean.build(placed, few, scratch=out, progress=Silent())
        case "tiles":
            options = tiles.TilesOptions(run_points=200_000, chunk_points=400_000)
            tiles.build(Hall(int(MILLIONS * 1e6)), options, scratch=out, progress=Silent())
