"""`recon register`: scans in, their poses and how each pair fits out."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from recon.errors import BadScan
from recon.formats.ply import Ply, PlyWriter
from recon.messages import Language, say
from recon.progress import Progress
from recon.stages import register, scans
from recon.types import PlacedScans, Scan, ScanSet

POSES = "poses.json"


def registered(
    paths: Sequence[Path], options: register.RegisterOptions, *, out: Path | None, progress: Progress
) -> PlacedScans:
    """Read the scans of all paths (files or folders) and place them. With `out`: the clouds in the world frame as
    out/<name>.ply, and out/poses.json. Raises BadScan or NoReconstruction.
    """
    with tempfile.TemporaryDirectory(
        prefix="recon-register-", dir=out.parent if out and out.parent.is_dir() else None
    ) as passing:
        scratch = Path(passing)
        taken = _read(paths, scratch, progress)
        if len(taken.scans) < 2:
            raise BadScan("register_one_scan", names=[s.name for s in taken.scans])
        placed = register.build(taken, options, scratch=scratch, progress=progress)
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            for scan, pose in zip(placed.scans, placed.world_from_scan, strict=True):
                _write(scan, pose, out / f"{_file_name(scan.name)}.ply")
            shutil.copyfile(scratch / "pairs.json", out / POSES)
        return placed


def _file_name(name: str) -> str:
    return name.removesuffix(".ply").replace("/", "_").replace("#", "_")


def _read(paths: Sequence[Path], scratch: Path, progress: Progress) -> ScanSet:
    found: list[Scan] = []
    aside: list[tuple[str, str]] = []
    for number, path in enumerate(paths):
        folder = scratch / f"{number:04d}"
        folder.mkdir()
        read = scans.build(path, scans.ScansOptions(), scratch=folder, progress=progress)
        names = {scan.name for scan in found}
        for scan in read.scans:  # files of one name in two folders
            name = scan.name if scan.name not in names else f"{path.parent.name}/{scan.name}"
            found.append(replace(scan, name=name if name not in names else f"{number + 1}/{scan.name}"))
        aside += read.set_aside
    return ScanSet(tuple(found), tuple(aside))


def _write(scan: Scan, pose: np.ndarray[tuple[int, ...], np.dtype[np.float64]], path: Path) -> None:
    with PlyWriter(path) as written:
        for block in scan.blocks():
            points = (block.points @ pose[:3, :3].T + pose[:3, 3]).astype(np.float32)
            written.append(Ply(points, colors=block.colors, intensity=block.intensity, classes=block.classes))


def as_table(placed: PlacedScans, language: Language) -> str:
    """The pairs, the likeliest first, and what was left out."""
    rows = [f"{say('register.heading', language)}"]
    for pair in sorted(placed.pairs, key=lambda p: -p.confidence):
        mark = say("register.used" if pair.used else "register.not_used", language)
        rmse = f"{1000 * pair.rmse_m:7.1f}" if pair.confidence > 0 else "      -"
        rows.append(f"{pair.overlap:8.0%} {rmse} {pair.confidence:10.2f}  {mark}  {pair.source} - {pair.target}")
    rows += [say("register.left_out", language, name=name, reason=reason) for name, reason in placed.left_out]
    rows.append(
        say("register.placed", language, count=len(placed.scans), total=len(placed.scans) + len(placed.left_out))
    )
    return "\n".join(rows)
