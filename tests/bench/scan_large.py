"""`scripts/bench scans large MILLIONS`: a scanned workshop of any number of points is read, registered from unknown
poses, tiled, and cleaned and thinned; each stage in a process of its own, so that its memory is known.

A second run over the same --keep folder goes on with the stage that was not finished.
"""

from __future__ import annotations

import pickle
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from recon.formats.ply import Ply, PlyWriter
from recon.modelling import workshop
from recon.modelling.scanner import Scanner, scan
from recon.progress import Silent
from recon.stages import clean, register, scans, tiles
from recon.types import CleanCloud

ROOT = Path(__file__).resolve().parents[2]
STATIONS = 8
BANDS = 24  # of a station's heights, of which one is in memory
TESTS = [str(ROOT), *(str(ROOT / "tests" / part) for part in ("bench", "recon"))]


def passed(scratch: Path, millions: float) -> Iterator[dict[str, Any]]:
    """A row per stage: points a second, CPU seconds, and the memory of the process and of its reader together."""
    for stage in ("made", "scans", "register", "tiles", "clean"):
        row = scratch / f"{stage}.row"
        if not row.exists():
            code = f"import sys; sys.path[:0] = {TESTS!r}; from scan_large import work; "
            code += f"work({stage!r}, {str(scratch)!r}, {millions!r})"
            subprocess.run([sys.executable, "-c", code], check=True)
        said: dict[str, Any] = pickle.loads(row.read_bytes())
        print(said, flush=True)
        yield {"run": f"scans large {stage}", **said}


def work(stage: str, scratch: str, millions: float) -> None:
    """One stage, in a process of its own."""
    folder = Path(scratch)
    before = folder / "points.pickle"
    run: dict[str, Callable[[Path], object]] = {
        "made": lambda out: _write(out, millions),
        "scans": lambda out: scans.build(folder / "made", scans.ScansOptions(), scratch=out, progress=Silent()),
        "register": lambda out: register.build(
            _kept(folder, "scans"), register.RegisterOptions(), scratch=out, progress=Silent()
        ),
        "tiles": lambda out: tiles.build(
            _kept(folder, "register"), tiles.TilesOptions(), scratch=out, progress=Silent()
        ),
        "clean": lambda out: clean.build(
            _kept(folder, "register"), clean.CleanOptions(), scratch=out, progress=Silent()
        ),
    }
    begun = time.monotonic()
    (folder / stage).mkdir(exist_ok=True)
    result = run[stage](folder / stage)
    wall = time.monotonic() - begun
    if stage == "made":
        before.write_bytes(pickle.dumps(result))
    elif stage != "tiles":
        (folder / f"{stage}.pickle").write_bytes(pickle.dumps(result))
    points = pickle.loads(before.read_bytes())
    own, readers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    said: dict[str, Any] = {
        "points": points,
        "wall_s": round(wall, 1),
        "points_per_s": round(points / wall),
        "cpu_s": round(own.ru_utime + own.ru_stime + readers.ru_utime + readers.ru_stime, 1),
        "peak_mb": round((own.ru_maxrss + readers.ru_maxrss) / 1024),
    }
    if stage == "register":
        said["placed"] = len(_kept(folder, "register").scans)
        said["worst_mm"] = _worst_mm(folder)
    if isinstance(result, CleanCloud):
        said["points_left"] = len(result.cloud)
    (folder / f"{stage}.row").write_bytes(pickle.dumps(said))


def _kept(folder: Path, stage: str) -> Any:
    return pickle.loads((folder / f"{stage}.pickle").read_bytes())


def _write(folder: Path, millions: float) -> int:
    """Stations of the workshop as PLY files in their own frames; returns how many points there are."""
    scene = workshop.build().scene()
    step = float(np.sqrt(360 * 148 * STATIONS / (1.1e6 * millions)))  # not every ray comes back
    whole = Scanner(step_deg=step)
    edges = np.linspace(0, round(148 / step), BANDS + 1).astype(int)
    total = 0
    for number, pose in enumerate(workshop.stations(STATIONS)):
        with PlyWriter(folder / f"station{number + 1}.ply") as out:
            for band in range(BANDS):
                high, low = (whole.highest_deg - step * float(row) for row in edges[band : band + 2])
                part = replace(whole, highest_deg=high, lowest_deg=low)
                seen = scan(scene, pose, part, seed=BANDS * number + band)
                out.append(Ply(seen.points, colors=seen.colors, intensity=seen.intensity))
                total += len(seen)
    return total


def _worst_mm(folder: Path) -> float:
    """How far the worst scanner is from its true place, seen from the first."""
    placed = _kept(folder, "register")
    truth = workshop.stations(STATIONS)
    at = [int(s.name.removeprefix("station").removesuffix(".ply")) - 1 for s in placed.scans]
    found = [np.linalg.inv(placed.world_from_scan[0]) @ pose for pose in placed.world_from_scan]
    true = [np.linalg.inv(truth[at[0]]) @ truth[k] for k in at]
    return round(1000 * max(float(np.linalg.norm((a - b)[:3, 3])) for a, b in zip(found, true, strict=True)), 2)
