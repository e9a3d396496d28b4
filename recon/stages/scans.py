"""Scans: read every point cloud into the workspace, in metres near 0, and set aside what cannot be used."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from recon import foreign
from recon.errors import BadScan
from recon.formats import scan_file
from recon.formats.file_names import is_service_file, is_service_folder, readable
from recon.formats.ply import ply_blocks
from recon.geometry.spacing import median_spacing
from recon.messages import Message
from recon.progress import Progress
from recon.types import Scan, ScanSet

VERSION = 1

_REASONS = {"not_finite": "reason.scan_not_finite", "thinned": "reason.scan_thinned"}
UNITS = {"metre": 1.0, "millimetre": 0.001, "centimetre": 0.01, "inch": 0.0254, "foot": 0.3048, "us_foot": 1200 / 3937}


@dataclass(frozen=True, kw_only=True)
class ScansOptions:
    unit: Literal["auto", "metre", "millimetre", "centimetre", "inch", "foot", "us_foot"] = "auto"
    # of the files' numbers; auto: as each file says, else metres, and a question where they can hardly be metres
    least_spacing_m: float = 0.0  # m; of points closer together one is kept while reading; 0 keeps all


def find(source: Path) -> tuple[Path, ...]:
    """The scan files below `source`, or `source` itself, recognised by their names; () where there are none."""
    if source.is_file():
        return (source,) if is_read(source) else ()
    return tuple(sorted(file for file in _files(source) if is_read(file)))


def is_read(file: Path) -> bool:
    return file.suffix.lower() in scan_file.SUFFIXES


def _files(source: Path) -> Iterator[Path]:
    """All files below `source` that someone may have meant to hand in; other reconstructions' folders are not."""
    for folder, folders, names in os.walk(source):
        here = Path(folder)
        folders[:] = [
            name for name in folders if not is_service_folder(name) and not (here / name / "journey.json").exists()
        ]
        yield from (here / name for name in names if not is_service_file(Path(name)) and (here / name).is_file())


def name_of(file: Path, source: Path) -> str:
    """A scan file's name: its path below the folder, as text that can be printed and stored."""
    return readable(file.name if file == source else file.relative_to(source).as_posix())


def fingerprint(source: Path) -> str:
    """SHA-256 over the scans' names and bytes."""
    total = hashlib.sha256()
    for file in find(source):
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        total.update(f"{name_of(file, source)}\0{digest}\n".encode())
    return total.hexdigest()


def build(source: Path, options: ScansOptions, *, scratch: Path, progress: Progress) -> ScanSet:
    """Read every scan below `source` into scratch/points, each file in a child process (recon.foreign).

    A file that cannot be read is set aside with the reason. Raises BadScan where none can be read, or where a file's
    unit is in doubt.
    """
    files = find(source)
    if not files:
        raise BadScan("no_scans", source=source, formats=[s.lstrip(".").upper() for s in scan_file.SUFFIXES])
    unit_m = None if options.unit == "auto" else UNITS[options.unit]
    scans: list[Scan] = []
    aside: list[tuple[str, Message]] = []
    first: BadScan | None = None
    progress.start(len(files), "file")
    for number, file in enumerate(files):
        name, folder = name_of(file, source), scratch / "points" / f"{number:05d}"
        folder.mkdir(parents=True, exist_ok=True)
        try:
            scans += _read(file, name, folder, unit_m, options, progress)
        except BadScan as problem:
            if problem.key == "scan_unit":
                raise
            first = first or problem
            aside.append((name, Message(f"error.{problem.key}", **problem.values)))
            progress.warn(aside[-1][1])
            progress.fail()
        else:
            progress.advance()
    if not scans:
        assert first is not None
        raise first
    return ScanSet(_posed(scans), tuple((name, reason.text()) for name, reason in aside))


def _read(
    file: Path, name: str, folder: Path, unit_m: float | None, options: ScansOptions, progress: Progress
) -> list[Scan]:
    arguments = {
        "path": os.fspath(file.absolute()),
        "name": name,
        "folder": os.fspath(folder),
        "unit_m": unit_m,
        "least_spacing_m": options.least_spacing_m,
    }
    for _ in foreign.values("recon.formats.scan_import:take", arguments, name=name):
        progress.advance(0)  # where a user's request to stop takes effect
    found = sorted(folder.glob("*.json"), key=lambda journal: int(journal.stem))
    scans = []
    for journal in found:
        state = json.loads(journal.read_text(encoding="utf-8"))
        called = name if len(found) == 1 else f"{name}#{int(journal.stem) + 1}"
        _warn(called, state, progress)
        if state["count"]:
            scans.append(_scan(called, journal.with_suffix(".ply"), state))
        elif len(found) > 1:
            progress.warn(Message("warning.scan_no_points", name=called))
    if not scans:
        raise BadScan("scan_no_points", name=name)
    return scans


def _warn(name: str, state: dict[str, Any], progress: Progress) -> None:
    """Say what was dropped, and what was taken for granted."""
    records = state["place"][0]
    for reason, count in state["dropped"].items():
        if count:
            what = Message(_REASONS[reason])
            share = count / max(records, 1)
            progress.warn(Message("warning.scan_dropped", name=name, count=count, share=share, reason=what))


def _scan(name: str, path: Path, state: dict[str, Any]) -> Scan:
    metres = float(state["metres_per_unit"])
    file_from_scan = np.array(state["file_from_scan"], np.float64)
    file_from_scan[:3, 3] = file_from_scan[:3, 3] * metres + file_from_scan[:3, :3] @ np.array(state["offset"])
    scanner = None
    if state["scanner"] is not None:
        scanner = np.array(state["scanner"], np.float64) * metres - np.array(state["offset"])
    blocks = _Points(path)
    far = any(state["offset"]) or np.abs(file_from_scan[:3, 3]).max() > 1000
    turned = bool(state["has_pose"]) and not np.allclose(state["file_from_scan"], np.eye(4))
    return Scan(
        name=name,
        path=path,
        count=int(state["count"]),
        low=np.array(state["low"], np.float64),
        high=np.array(state["high"], np.float64),
        spacing_m=median_spacing(blocks, int(state["count"])),
        file_from_scan=file_from_scan,
        posed=bool(far or turned or state["crs"] is not None),
        scanner=scanner,
        crs=state["crs"],
    )


@dataclass(frozen=True, slots=True)
class _Points:
    """The points of a scan file of ours, as often as they are asked for."""

    path: Path

    def __call__(self) -> Iterator[np.ndarray[Any, np.dtype[np.float32]]]:
        return (ply.points for ply in ply_blocks(self.path, Scan.AT_ONCE))


def _posed(scans: list[Scan]) -> tuple[Scan, ...]:
    return tuple(scans)
