"""Scans: read every point cloud into the workspace, in metres near 0, and set aside what cannot be used."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from recon import foreign
from recon.errors import BadScan, check_range
from recon.formats import scan_file
from recon.formats.file_names import is_service_file, is_service_folder, readable
from recon.formats.ply import ply_blocks
from recon.formats.remarks import Remark
from recon.formats.scan_import import FAR
from recon.geometry.scanner_place import measured_from_origin
from recon.geometry.spacing import median_spacing
from recon.messages import Message
from recon.progress import Progress
from recon.types import FloatArray, Scan, ScanPicture, ScanSet

VERSION = 1

REASONS = {
    "not_finite": "reason.scan_not_finite",
    "invalid": "reason.scan_invalid",
    "no_range": "reason.scan_no_range",
    "unannounced": "reason.scan_unannounced",
    "unreadable": "reason.scan_unreadable",
    "thinned": "reason.scan_thinned",
}
UNITS = {"metre": 1.0, "millimetre": 0.001, "centimetre": 0.01, "inch": 0.0254, "foot": 0.3048, "us_foot": 1200 / 3937}
_LOCATED_BY = 500_000  # points that tell where the scanner stood
_LARGE = 200.0  # m; larger than most that is scanned from the ground, and no file said that these are metres


@dataclass(frozen=True, kw_only=True)
class ScansOptions:
    unit: Literal["auto", "metre", "millimetre", "centimetre", "inch", "foot", "us_foot"] = "auto"
    # of the files' numbers; auto: as each file says, else metres, and a question where they can hardly be metres
    least_spacing_m: float = 0.0  # m; of points closer together one is kept while reading; 0 keeps all


def find(source: Path) -> tuple[Path, ...]:
    """The scan files below `source`, or `source` itself, recognised by their names; () where there are none."""
    if source.is_file():
        return (source,) if scan_file.is_scan(source) else ()
    return tuple(sorted(file for file in _files(source) if scan_file.is_scan(file)))


def _files(source: Path) -> Iterator[Path]:
    """All files below `source` that someone may have meant to hand in; other reconstructions' folders are not."""
    for folder, folders, names in os.walk(source):
        here = Path(folder)
        folders[:] = [
            name for name in folders if not is_service_folder(name) and not (here / name / "journey.json").exists()
        ]
        yield from (here / name for name in names if not is_service_file(Path(name)) and (here / name).is_file())


def closed_folders(source: Path) -> tuple[str, ...]:
    """The folders below `source` that this user may not read."""
    closed: list[str] = []
    if source.is_file():
        return ()
    for _ in os.walk(source, onerror=lambda problem: closed.append(name_of(Path(problem.filename), source))):
        pass
    return tuple(closed)


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
    check_range("scans.least_spacing_m", options.least_spacing_m, 0.0)
    files = find(source)
    if not files:
        raise BadScan("no_scans", source=source, formats=[s.lstrip(".").upper() for s in scan_file.SUFFIXES])
    scans: list[_Read] = []
    aside: list[tuple[str, Message]] = [(name, Remark("photo_folder")) for name in closed_folders(source)]
    for name, reason in aside:
        progress.warn(Message("warning.set_aside", name=name, reason=reason))
    first: BadScan | None = None
    progress.start(sum(map(_megabytes, files)), "megabyte")
    for number, file in enumerate(files):
        name, folder = name_of(file, source), scratch / "points" / f"{number:05d}"
        folder.mkdir(parents=True, exist_ok=True)
        try:
            scans += _read(file, name, folder, options, progress)
        except BadScan as problem:
            if problem.key == "scan_unit":
                raise
            first = first or problem
            reason = Message(f"error.{problem.key}", **problem.values)
            aside.append((name, reason))
            progress.warn(Message("warning.scan_set_aside", reason=reason))
    if not scans:
        assert first is not None
        raise first
    return ScanSet(_posed(scans), tuple((name, reason.text()) for name, reason in aside))


def _megabytes(file: Path) -> int:
    return 1 + file.stat().st_size // 1_000_000


@dataclass(frozen=True, slots=True)
class _Read:
    """A scan, and what its file says of its pose."""

    scan: Scan
    has_pose: bool
    moved: bool  # the pose is not the identity


def _posed(read: list[_Read]) -> tuple[Scan, ...]:
    """Programs that know no poses write the identity for all; where one scan's is another, all poses are meant."""
    meant = any(one.moved for one in read)
    return tuple(replace(one.scan, posed=one.scan.posed or (meant and one.has_pose)) for one in read)


def _read(file: Path, name: str, folder: Path, options: ScansOptions, progress: Progress) -> list[_Read]:
    arguments = {
        "path": os.fspath(file.absolute()),
        "name": name,
        "folder": os.fspath(folder),
        "unit_m": None if options.unit == "auto" else UNITS[options.unit],
        "least_spacing_m": options.least_spacing_m,
    }
    size, said = _megabytes(file), 0
    try:
        with closing(foreign.values("recon.formats.scan_import:take", arguments, name=name)) as shares:
            for share in shares:
                done = min(size, int(share * size))
                progress.advance(max(0, done - said))  # of nothing too: a user's request to stop takes effect here
                said = max(said, done)
    except BadScan:
        progress.fail(size - said)
        raise
    scans = []
    journals = sorted((p for p in folder.glob("*.json") if p.stem.isdigit()), key=lambda p: int(p.stem))
    pictures = folder / "pictures.json"
    taken = json.loads(pictures.read_text(encoding="utf-8")) if pictures.exists() else []
    for journal in journals:
        number, state = int(journal.stem), json.loads(journal.read_text(encoding="utf-8"))
        called = name if len(journals) == 1 else f"{name}#{number + 1}"
        _warn(called, state, progress)
        if state["count"]:
            own = [row for row in taken if row["scan"] == number or (row["scan"] is None and number == 0)]
            scan = _located(_scan(called, journal.with_suffix(".ply"), state, own), progress)
            moved = not np.allclose(state["file_from_scan"], np.eye(4))
            scans.append(_Read(scan, bool(state["has_pose"]), bool(state["has_pose"]) and moved))
        elif len(journals) > 1:
            progress.warn(Message("warning.scan_no_points", name=called))
    if broken := sum(row["file"] is None for row in taken):
        progress.warn(Message("warning.scan_pictures", name=name, count=broken, total=len(taken)))
    if not scans:
        raise BadScan("scan_no_points", name=name)
    return scans


def _warn(name: str, state: dict[str, Any], progress: Progress) -> None:
    """Say what was left out, and what was decided."""
    records = state["place"][0]
    for reason, count in state["dropped"].items():
        what, share = Message(REASONS[reason]), count / max(records, 1)
        progress.warn(Message("warning.scan_dropped", name=name, count=count, share=share, reason=what))
    if state["geographic"]:
        progress.warn(Message("warning.scan_degrees", name=name))
    elif state["metres_per_unit"] != 1:
        progress.warn(Message("warning.scan_unit", name=name, metres=state["metres_per_unit"]))
    elif state.get("core") is not None:
        size = float((np.array(state["core"][1]) - np.array(state["core"][0])).max())
        if size > _LARGE:
            progress.warn(Message("warning.scan_large", name=name, size=size))


def _scan(name: str, path: Path, state: dict[str, Any], pictures: list[dict[str, Any]]) -> Scan:
    metres = float(state["metres_per_unit"])
    offset = np.array(state["offset"], np.float64)
    given = np.array(state["file_from_scan"], np.float64)
    given[:3, 3] *= metres
    file_from_scan = given.copy()
    file_from_scan[:3, 3] += given[:3, :3] @ offset
    scanner = None
    if state["scanner"] is not None:
        scanner = np.array(state["scanner"], np.float64) * metres - offset
    far = bool(np.abs(file_from_scan[:3, 3]).max() > FAR)
    return Scan(
        name=name,
        path=path,
        count=int(state["count"]),
        low=np.array(state["low"], np.float64),
        high=np.array(state["high"], np.float64),
        spacing_m=median_spacing(_Points(path), int(state["count"])),
        file_from_scan=file_from_scan,
        posed=far or state["crs"] is not None,
        scanner=scanner,
        crs=state["crs"],
        pictures=tuple(_picture(row, path.parent, file_from_scan, metres) for row in pictures if row["file"]),
    )


def _located(scan: Scan, progress: Progress) -> Scan:
    """The scan with its scanner's place, where the file does not say it but the points do."""
    untouched = scan.scanner is None and not scan.file_from_scan[:3, 3].any()
    if not untouched or not measured_from_origin(scan.sample(_LOCATED_BY).points):
        return scan
    progress.warn(Message("warning.scanner_located", name=scan.name))
    return replace(scan, scanner=np.zeros(3))


def _picture(row: dict[str, Any], folder: Path, file_from_scan: FloatArray, metres: float) -> ScanPicture:
    file_from_camera = np.array(row["file_from_camera"], np.float64)
    file_from_camera[:3, 3] *= metres
    return ScanPicture(
        name=row["name"],
        path=folder / row["file"],
        width=row["width"],
        height=row["height"],
        projection=row["projection"],
        k=None if row["k"] is None else np.array(row["k"], np.float64),
        scan_from_camera=np.linalg.inv(file_from_scan) @ file_from_camera,
        pixel=None if row["pixel"] is None else (float(row["pixel"][0]), float(row["pixel"][1])),
    )


@dataclass(frozen=True, slots=True)
class _Points:
    """The points of a scan file of ours, as often as they are asked for."""

    path: Path

    def __call__(self) -> Iterator[NDArray[np.float32]]:
        return (ply.points for ply in ply_blocks(self.path, Scan.AT_ONCE))
