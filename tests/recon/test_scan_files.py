"""Scan files of every format become scans of ours: counts, places, colours, units; what is killed goes on."""

from __future__ import annotations

from pathlib import Path

import laspy
import numpy as np
import pytest
from test_ply import cloud, save

from recon.errors import BadScan
from recon.formats import scan_import
from recon.progress import Silent
from recon.stages import scans
from recon.types import ScanSet


def built(source: Path, scratch: Path, told: Silent | None = None, **options: object) -> ScanSet:
    scratch.mkdir(exist_ok=True)
    chosen = scans.ScansOptions(**options)  # type: ignore[arg-type]
    return scans.build(source, chosen, scratch=scratch, progress=told or Silent())


def save_las(path: Path, points: np.ndarray) -> None:
    """Points (N, 3) as LAS 1.2 with colours of 16 bits; LAZ by the name's ending."""
    header = laspy.LasHeader(point_format=3, version="1.2")
    header.scales, header.offsets = np.full(3, 0.001), np.floor(points.mean(0))
    las = laspy.LasData(header)
    las.xyz = points
    las.intensity = np.arange(len(points)) % 256
    las.red = las.green = las.blue = np.full(len(points), 257 * 100)
    las.classification = np.full(len(points), 6)
    las.write(path)


def test_a_folder_of_scans(tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    (folder / "厂房").mkdir(parents=True)
    save(folder / "hall.ply", cloud())
    far = np.random.default_rng(0).random((500, 3)) * [20, 10, 5] + [500_000, 3_500_000, 40]
    save_las(folder / "厂房" / "bay.laz", far)
    (folder / "empty.ply").write_bytes(b"ply\nformat ascii 1.0\nelement vertex 0\nproperty float x\nend_header\n")
    (folder / "notes.docx").write_bytes(b"x")
    told = Silent()
    found = built(folder, tmp_path / "work", told)
    assert [s.name for s in found] == ["hall.ply", "厂房/bay.laz"]
    assert [name for name, _ in found.set_aside] == ["empty.ply"]
    hall, bay = found
    assert (len(hall), hall.posed, hall.crs) == (100, False, None)
    read = next(iter(hall.blocks()))
    for part in ("points", "colors", "intensity", "classes"):
        assert np.array_equal(getattr(read, part), getattr(cloud(), part)), part
    read = bay.sample(500)
    placed = read.points.astype(np.float64) + bay.file_from_scan[:3, 3]
    assert np.abs(placed - far).max() < 0.0006
    assert bay.posed
    assert np.abs(bay.low).max() < 20
    assert np.unique(np.asarray(read.colors)).tolist() == [100]
    assert np.unique(np.asarray(read.classes)).tolist() == [6]
    assert np.allclose(np.asarray(read.intensity), np.arange(500) % 256 / 255)


def test_what_was_killed_goes_on_behind_its_last_block(tmp_path: Path) -> None:
    save(tmp_path / "hall.ply", cloud(1000))
    arguments = (str(tmp_path / "hall.ply"), "hall.ply", str(tmp_path), None, 0.0)
    stopped = scan_import.take(*arguments, size=100)
    for _ in range(4):
        next(stopped)
    del stopped  # as a kill would
    with (tmp_path / "0.ply.partial").open("ab") as partial:
        partial.write(b"half a block")
    steps = list(scan_import.take(*arguments, size=100))
    assert steps[1] == {"read": 300}
    assert len(steps) == 9
    saved = (tmp_path / "0.ply").read_bytes()
    list(scan_import.take(str(tmp_path / "hall.ply"), "hall.ply", str(tmp_path), None, 0.0, size=100))
    assert (tmp_path / "0.ply").read_bytes() == saved
    (again := tmp_path / "again").mkdir()
    list(scan_import.take(str(tmp_path / "hall.ply"), "hall.ply", str(again), None, 0.0))
    assert (again / "0.ply").read_bytes() == saved


def test_millimetres_are_asked_about(tmp_path: Path) -> None:
    shop = np.random.default_rng(0).random((500, 3)) * [16_000, 10_000, 5_000]
    save_las(tmp_path / "shop.las", shop)
    with pytest.raises(BadScan, match="perhaps they are millimetres") as asked:
        built(tmp_path, tmp_path / "work")
    assert "scans.unit=millimetre" in asked.value.hint()
    (scan,) = built(tmp_path, tmp_path / "other", unit="millimetre")
    assert np.allclose(scan.high - scan.low, [16, 10, 5], atol=0.3)


def test_thinned_while_it_is_read(tmp_path: Path) -> None:
    ply = cloud(2000)
    save(tmp_path / "hall.ply", ply)
    told = Silent()
    (scan,) = built(tmp_path, tmp_path / "work", told, least_spacing_m=0.5)
    assert len(scan) == len(np.unique(np.floor(ply.points / 0.5), axis=0))
    assert f"{2000 - len(scan):,} points" in told.warnings[0]
