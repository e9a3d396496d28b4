"""Scans of unknown poses are placed exactly; what does not fit is refused, named, and never forced."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scanned import Scanned, on_disk
from scipy.spatial.transform import Rotation

from recon import cli
from recon.errors import NoReconstruction
from recon.formats.ply import read_ply
from recon.geometry import pose_graph, registration
from recon.geometry.registration import Cloud
from recon.geometry.rigid_consensus import fitted
from recon.progress import Silent
from recon.stages.register import RegisterOptions, build
from recon.types import PlacedScans, Scan, ScanSet

FloatArray = NDArray[np.float64]


def anywhere(seed: int, shift: float = 20.0) -> FloatArray:
    rng = np.random.default_rng(seed)
    pose = np.eye(4)
    pose[:3, :3] = Rotation.random(rng=rng).as_matrix()
    pose[:3, 3] = rng.uniform(-shift, shift, 3)
    return pose


def thrown(shop: Scanned, folder: Path) -> tuple[list[Scan], list[FloatArray]]:
    """The stations' clouds, each turned and moved at random, and the truth world_from_scan."""
    scans, truth = [], []
    for i, measured in enumerate(shop.measured):
        pose = anywhere(i)
        points = (measured.points @ pose[:3, :3].T + pose[:3, 3]).astype(np.float32)
        scans.append(on_disk(folder / f"station{i + 1}.ply", points, scanner=pose[:3, 3]))
        truth.append(shop.world_from_scan[i] @ np.linalg.inv(pose))
    return scans, truth


def errors_mm(placed: PlacedScans, truth: Sequence[FloatArray], scanners: Sequence[FloatArray]) -> FloatArray:
    """(S,) how far each scanner is from its place once all together are laid on the truth as well as can be."""
    found = np.array([(p @ [*s, 1.0])[:3] for p, s in zip(placed.world_from_scan, scanners, strict=True)])
    true = np.array([(t @ [*s, 1.0])[:3] for t, s in zip(truth, scanners, strict=True)])
    moved = fitted(found[None], true[None], np.ones((1, len(found))))[0]
    return np.asarray(1000 * np.linalg.norm(found @ moved[:3, :3].T + moved[:3, 3] - true, axis=1))


def relative_mm(placed: PlacedScans, truth: Sequence[FloatArray], second: Scan) -> float:
    """How far the second of two scanners is from where the first one's frame has it."""
    assert second.scanner is not None
    a, b = placed.world_from_scan
    found, true = np.linalg.inv(a) @ b, np.linalg.inv(truth[0]) @ truth[1]
    return float(1000 * np.linalg.norm((found - true)[:3] @ [*second.scanner, 1.0]))


def stray(folder: Path) -> Scan:
    """Hills that are nowhere near a workshop."""
    rng = np.random.default_rng(2)
    x, y = rng.uniform(-8, 8, (2, 40_000))
    z = np.sin(0.7 * x) * np.cos(0.9 * y) + 0.5 * np.sin(1.9 * x + y) + rng.normal(0, 0.003, len(x))
    return on_disk(folder / "hills.ply", np.stack([x, y, z], 1).astype(np.float32), scanner=np.array([0.0, 0, 4]))


def test_levelled_scans_stand_upright_on_their_floor_within_5_mm(workshop: Scanned, tmp_path: Path) -> None:
    scans = ScanSet(workshop.scans.scans[1:])
    placed = build(scans, RegisterOptions(), scratch=tmp_path, progress=Silent())
    assert [s.name for s in placed.scans] == [s.name for s in scans]
    assert not placed.left_out
    assert placed.frame.georeference is None
    assert placed.frame.up_source == "scanner"
    assert errors_mm(placed, list(workshop.world_from_scan[1:]), [np.zeros(3)] * 3).max() < 5
    for found, true in zip(placed.world_from_scan, workshop.world_from_scan[1:], strict=True):
        assert abs(found[1, 3] - true[1, 3]) < 0.005  # above the floor
        assert found[1, 2] > np.cos(np.radians(0.05))  # the scanner's +Z is the world's +Y
        turn = np.degrees(np.arctan2(*(found[:3, :3] @ true[:3, :3].T)[[0, 0], [2, 0]])) % 90
        assert min(turn, 90 - turn) < 0.1  # the walls lie along x and z
    assert {p.used for p in placed.pairs} == {True}
    assert all(p.overlap > 0.25 and p.rmse_m < 0.01 and p.confidence > 0.8 for p in placed.pairs)
    stored = json.loads((tmp_path / "pairs.json").read_text("utf-8"))
    assert [p["confidence"] for p in stored["pairs"]] == [p.confidence for p in placed.pairs]


def test_poses_from_nowhere_and_a_scan_of_something_else(workshop: Scanned, tmp_path: Path) -> None:
    scans, truth = thrown(workshop, tmp_path)
    told = Silent()
    mixed = ScanSet((*scans[1::2], stray(tmp_path)))
    placed = build(mixed, RegisterOptions(), scratch=tmp_path, progress=told)
    assert [s.name for s in placed.scans] == [s.name for s in scans[1::2]]
    assert [name for name, _ in placed.left_out] == ["hills.ply"]
    assert "hills.ply could not be placed" in told.warnings[0]
    assert relative_mm(placed, truth[1::2], scans[3]) < 5
    units = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "pairs").iterdir()}
    assert len(units) == 3
    again = build(mixed, RegisterOptions(), scratch=tmp_path, progress=Silent())
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "pairs").iterdir()} == units
    assert np.array_equal(again.world_from_scan, placed.world_from_scan)


def test_scans_that_fit_nothing_are_refused(workshop: Scanned, tmp_path: Path) -> None:
    scans = ScanSet((workshop.scans.scans[0], stray(tmp_path)))
    with pytest.raises(NoReconstruction, match=r"None of these scans fits another: station1.ply, hills.ply"):
        build(scans, RegisterOptions(), scratch=tmp_path, progress=Silent())


def test_stated_poses_are_kept_and_checked(workshop: Scanned, tmp_path: Path) -> None:
    utm = np.eye(4)
    utm[:3, :3] = [[1, 0, 0], [0, 0, -1], [0, 1, 0]]  # the world's +Y is up, a reference system's +Z
    utm[:3, 3] = 500_123.25, 3_200_456.5, 41.0
    stated = [utm @ pose for pose in workshop.world_from_scan[1:]]
    stated[2][:3, 3] += 0.2, 0.0, 0.0  # someone typed this one wrong
    scans = ScanSet(
        tuple(
            replace(scan, posed=True, file_from_scan=pose, crs="EPSG:32649")
            for scan, pose in zip(workshop.scans.scans[1:], stated, strict=True)
        )
    )
    told = Silent()
    (tmp_path / "keep").mkdir()
    placed = build(scans, RegisterOptions(), scratch=tmp_path / "keep", progress=told)
    assert len(placed.scans) == 3
    assert placed.frame.georeference is not None
    assert placed.frame.georeference.crs == "EPSG:32649"
    for pose, truth in zip(placed.world_from_scan, stated, strict=True):
        assert np.abs(placed.frame.georeference.survey_from_world @ pose - truth).max() < 1e-6
    wrong = [w for w in told.warnings if "poses in their files are" in w]
    assert len(wrong) == 2
    assert all("station4.ply" in w for w in wrong)
    (tmp_path / "refine").mkdir()
    refined = build(scans, RegisterOptions(poses="refine"), scratch=tmp_path / "refine", progress=Silent())
    assert errors_mm(refined, list(workshop.world_from_scan[1:]), [np.zeros(3)] * 3).max() < 5


def test_edges_that_contradict_the_loops_are_left_out() -> None:
    rng = np.random.default_rng(4)
    truth = [np.eye(4), *(anywhere(k, 8) for k in range(1, 6))]
    edges = []
    for i in range(6):
        for j in range(i):
            off = np.eye(4)
            off[:3, 3] = rng.normal(0, 0.002, 3)
            edges.append(pose_graph.Edge(j, i, off @ np.linalg.inv(truth[i]) @ truth[j], np.eye(6), 0.8))
    for i, j in ((4, 1), (5, 2), (3, 0)):  # and these look surer than the right ones
        edges.append(pose_graph.Edge(j, i, anywhere(50 + i, 8), np.eye(6), 0.95))
    graph = pose_graph.solved(6, edges, centres=np.zeros((6, 3)), reach=np.full(6, 5.0), tolerance=0.1)
    assert graph.placed.all()
    assert set(graph.used) == set(range(15))
    for pose, true in zip(graph.poses, truth, strict=True):
        assert np.abs(np.linalg.inv(graph.poses[0]) @ pose - true).max() < 0.01
    lonely = pose_graph.solved(3, edges[:1], centres=np.zeros((3, 3)), reach=np.full(3, 5.0), tolerance=0.1)
    assert lonely.placed.tolist() == [True, True, False]


def test_real_clouds_fit_as_their_maker_says(real_data: Path) -> None:
    folder = real_data / "scans" / "registration"
    a, b = (read_ply(folder / f"small_gicp/data/{name}.ply").points.astype(np.float64) for name in ("target", "source"))
    truth = np.loadtxt(folder / "small_gicp/data/T_target_source.txt")
    moved = anywhere(9)
    target = Cloud.of(a)
    best = registration.fits(Cloud.of(b @ moved[:3, :3].T + moved[:3, 3]), target)[0]
    off = np.linalg.inv(truth) @ best.target_from_source @ moved
    assert np.degrees(np.arccos(np.clip((np.trace(off[:3, :3]) - 1) / 2, -1, 1))) < 0.5
    assert np.linalg.norm(off[:3, 3]) < 0.01 * target.extent
    assert best.confidence > 0.9


def test_the_command_prints_the_pairs_and_writes_the_clouds(
    workshop: Scanned, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [str(scan.path) for scan in workshop.scans.scans[1::2]]
    assert cli.main(["--lang", "en", "register", *paths, "--json", "--out", str(tmp_path / "out")]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [pair["used"] for pair in said["pairs"]] == [True]
    assert json.loads((tmp_path / "out" / "poses.json").read_text("utf-8")) == said
    pose = np.array(said["scans"][0]["world_from_scan"])
    cloud = read_ply(tmp_path / "out" / "station2.ply")
    assert cloud.colors is not None
    first = workshop.measured[1].points[0] @ pose[:3, :3].T + pose[:3, 3]
    assert np.allclose(cloud.points[0], first, atol=1e-4)
    assert cli.main(["--lang", "en", "register", paths[0]]) == 2
    assert "takes two scans at least" in capsys.readouterr().err
