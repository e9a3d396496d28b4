"""The relief's reconstruction by the command, killed on its way and run again: what conftest.py's `work` holds."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
from truth import Photographed

ROOT = Path(__file__).parents[1]
STAGES = [
    *("photos", "features", "background", "matches", "sparse", "targets", "align"),
    *("depth", "dense", "mesh", "colour", "texture", "gltf"),
]
SETTINGS = ["mesh.max_triangles=60000", "texture.max_size=2048"]
CHOICES = [part for setting in SETTINGS for part in ("--set", setting)]

# Builds like the command, and is killed like by `kill -9` after the third view of the depth stage's second pass.
KILLED = """
import os, signal, sys
from pathlib import Path
from recon.pipeline.from_photos import build
from recon.progress import Silent

class Deadly(Silent):
    done = 0
    def start(self, total, unit):
        self.total = total
    def advance(self, done=1):
        self.done += done
        if self.done == self.total // 2 + 3:
            os.kill(os.getpid(), signal.SIGKILL)

build(Path(sys.argv[1]), Path(sys.argv[2]), preset="object", settings=sys.argv[3:],
      listener=lambda stage, fresh: Deadly() if stage == "depth" else Silent())
"""


def tree(folder: Path) -> dict[str, int]:
    """Every file below `folder` and when it was last changed."""
    return {p.relative_to(folder).as_posix(): p.stat().st_mtime_ns for p in sorted(folder.rglob("*")) if p.is_file()}


def killed_and_run_again(relief: Photographed, work: Path) -> None:
    """Rebuild the relief in metres in the folder `work`. The first run is killed during depth; the second goes on to
    the end and does nothing again.
    """
    names = sorted(relief.truth.cameras)
    first, last = (relief.truth.cameras[n].centre for n in (names[0], names[-1]))
    work.mkdir()
    (work / "options.toml").write_text(
        f'[align]\nbaseline = "{names[0]},{names[-1]},{np.linalg.norm(first - last)}"\n', encoding="utf-8"
    )
    arguments: list[str | Path] = [sys.executable, "-c", KILLED, relief.folder, work, *SETTINGS]
    killed = subprocess.run(arguments, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    done = tree(work / ".building" / "depth")
    maps = {name: when for name, when in done.items() if name.startswith("maps/")}
    assert len(maps) == 3
    stages = {name: tree(work / name) for name in STAGES[:6]}
    command: list[str | Path] = [sys.executable, "-m", "recon", "build", relief.folder, "--work", work, *CHOICES]
    again = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert again.returncode == 0, again.stderr
    assert again.stdout.strip() == str(work / "gltf" / "model.glb")
    # What was done before the kill was not done again.
    after = tree(work / "depth")
    assert all(after[name] == when for name, when in maps.items())
    assert {name: tree(work / name) for name in STAGES[:6]} == stages
