"""Scans of a workshop are cleaned: what was never there goes, what stands there stays, and it survives a kill."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import open3d
import pytest
from numpy.typing import NDArray
from scanned import Scanned, on_disk, scanned
from scipy.spatial import cKDTree

from recon.errors import Cancelled, NoReconstruction
from recon.formats.ply import read_ply
from recon.modelling.machine_tools import person
from recon.progress import Silent
from recon.stages.clean import CleanOptions, build
from recon.types import CleanCloud, PlacedScans, ScanSet

PERSON = (-2.6, 1.9)  # x, z of the floor
QUICK = CleanOptions(structure_points=60_000)  # large planes need no more
ALL_KEPT = replace(QUICK, mixed=False, moved=False, stray=False, lonely=False)


@dataclass(frozen=True)
class Built:
    scanned: Scanned
    cloud: CleanCloud
    progress: Silent
    folder: Path


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """Three stations; a person stands in the way of the first."""
    someone = [person().placed(*PERSON)]
    return scanned(tmp_path_factory.mktemp("visited"), count=3, step_deg=0.5, people=[someone, [], []])


@pytest.fixture(scope="module")
def built(visited: Scanned, tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder, progress = tmp_path_factory.mktemp("clean"), Silent()
    return Built(visited, build(visited.placed, QUICK, scratch=folder, progress=progress), progress, folder)


def world(scans: Scanned) -> NDArray[np.float32]:
    poses = zip(scans.measured, scans.world_from_scan, strict=True)
    return np.concatenate([m.points @ pose[:3, :3].T + pose[:3, 3] for m, pose in poses]).astype(np.float32)


def off_the_truth(scans: Scanned, points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Metres from the workshop's surfaces, (N,)."""
    rays = open3d.t.geometry.RaycastingScene()
    rays.add_triangles(open3d.core.Tensor(scans.scene.vertices), open3d.core.Tensor(scans.scene.faces.astype("u4")))
    found: NDArray[np.float32] = rays.compute_distance(open3d.core.Tensor(points)).numpy()
    return found


def near_person(points: NDArray[np.float32]) -> NDArray[np.bool_]:
    beside = np.hypot(points[:, 0] - PERSON[0], points[:, 2] - PERSON[1]) < 0.5
    return np.asarray(beside & (points[:, 1] > 0.15))


def test_what_was_never_there_goes(built: Built) -> None:
    before, after = world(built.scanned), read_ply(built.cloud.cloud.path).points
    off_before, off_after = off_the_truth(built.scanned, before), off_the_truth(built.scanned, after)
    visitor_before, visitor_after = near_person(before) & (off_before > 0.05), near_person(after) & (off_after > 0.05)
    assert visitor_before.sum() > 400
    assert visitor_after.sum() < 0.05 * visitor_before.sum()
    assert (off_after > 0.04).sum() < 0.16 * (off_before > 0.04).sum()


def test_what_stands_there_stays(built: Built) -> None:
    """Of the points on true surfaces, hardly any has no point of the clean cloud beside it."""
    before, after = world(built.scanned), read_ply(built.cloud.cloud.path).points
    good = before[off_the_truth(built.scanned, before) < 0.01]
    apart = np.asarray(cKDTree(after).query(good)[0])
    assert np.mean(apart > 1.8 * built.cloud.spacing_m) < 0.006  # a voxel's diagonal is 1.73 of its side


def test_all_that_is_dropped_is_counted_and_said(built: Built, workshop: Scanned, tmp_path: Path) -> None:
    dropped = dict(built.cloud.dropped)
    assert built.cloud.num_read == sum(len(m) for m in built.scanned.measured)
    assert list(dropped) == ["mixed", "moved", "stray", "lonely"]
    assert all(count > 0 for count in dropped.values())
    said = [f"{count:,} points ({count / built.cloud.num_read:.2%})" for count in dropped.values()]
    assert [warning.split(" lay")[0].split(" had")[0] for warning in built.progress.warnings] == said
    options = replace(ALL_KEPT, spacing_m=1e-5)
    few = ScanSet(workshop.scans.scans[:1])
    placed = PlacedScans(few.scans, workshop.world_from_scan[:1], workshop.placed.frame)
    silent = Silent()
    assert len(build(placed, options, scratch=tmp_path, progress=silent).cloud) == len(few.scans[0])
    assert silent.warnings == []


def test_normals_point_to_the_scanner_and_points_know_their_scans(built: Built) -> None:
    cloud = read_ply(built.cloud.cloud.path)
    assert cloud.normals is not None
    assert cloud.num_scans is not None
    assert cloud.num_views is not None
    floor = (np.abs(cloud.points[:, 1]) < 0.01) & (np.abs(cloud.points[:, 0]) < 7)
    ceiling = np.abs(cloud.points[:, 1] - 5) < 0.01
    assert np.mean(cloud.normals[floor, 1] > 0.9) > 0.97
    assert np.mean(cloud.normals[ceiling, 1] < -0.9) > 0.97
    assert set(np.unique(cloud.num_scans)) == {1, 2, 3}
    assert not cloud.num_views.any()
    with_sigma = next(iter(built.cloud.cloud.blocks())).sigma
    assert 0.001 < np.median(with_sigma) < 0.005  # the scanner's noise is 3 mm along the ray


class Killed(Silent):
    """Stops the stage after so many steps."""

    def __init__(self, after: int):
        super().__init__()
        self.left = after

    def advance(self, done: int = 1) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled("stopped")


def test_it_goes_on_where_it_was_stopped(built: Built, tmp_path: Path) -> None:
    """3 scans are surveyed, 3 chunks sorted, 1 box cleaned and classified."""
    with pytest.raises(Cancelled):
        build(built.scanned.placed, QUICK, scratch=tmp_path, progress=Killed(4))
    kept = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("0*.npz")}
    assert len(kept) == 5
    with pytest.raises(Cancelled):
        build(built.scanned.placed, QUICK, scratch=tmp_path, progress=Killed(6))
    assert all(file.stat().st_mtime_ns == when for file, when in kept.items())  # nothing was done twice
    again = build(built.scanned.placed, QUICK, scratch=tmp_path, progress=Silent())
    assert again.cloud.path.read_bytes() == built.cloud.cloud.path.read_bytes()
    assert again.dropped == built.cloud.dropped
    assert again.colored_by == "color"
    assert {path.name for path in tmp_path.iterdir()} == {"cloud.ply", "structure.json"}


def test_without_a_scanner_nothing_is_said_to_have_moved(workshop: Scanned, tmp_path: Path) -> None:
    scans = tuple(replace(scan, scanner=None) for scan in workshop.scans)
    progress = Silent()
    placed = replace(workshop.placed, scans=scans)
    cloud = build(placed, QUICK, scratch=tmp_path, progress=progress)
    assert dict(cloud.dropped)["mixed"] == dict(cloud.dropped)["moved"] == 0
    assert any(w.startswith("Where the scanner stood is unknown: station1.ply") for w in progress.warnings)
    ply = read_ply(cloud.cloud.path)
    assert ply.normals is not None
    assert np.mean(ply.normals[np.abs(ply.points[:, 1]) < 0.01, 1] > 0.9) > 0.95


@pytest.mark.parametrize("known", ["intensity", "none"])
def test_without_colours_the_echo_makes_them(visited: Scanned, tmp_path: Path, known: str) -> None:
    station = visited.measured[0]
    # As in files that use little of their range
    echo = station.intensity[::20] * np.float32(0.1) if known == "intensity" else None
    scan = on_disk(tmp_path / "grey.ply", station.points[::20], intensity=echo)
    placed = replace(visited.placed, scans=(scan,), world_from_scan=visited.world_from_scan[:1])
    cloud = build(placed, QUICK, scratch=tmp_path, progress=Silent())
    assert cloud.colored_by == known
    ply = read_ply(cloud.cloud.path)
    assert ply.colors is not None
    assert np.ptp(ply.colors, axis=1).max() == 0
    if known == "intensity":
        assert ply.intensity is not None
        assert np.corrcoef(ply.colors[:, 0], ply.intensity)[0, 1] > 0.99
        assert (ply.colors.min(), ply.colors.max()) == (0, 255)
    else:
        assert ply.colors.max() == ply.colors.min() > 0


def test_too_few_points_are_refused(visited: Scanned, tmp_path: Path) -> None:
    placed = PlacedScans((), np.zeros((0, 4, 4)), visited.placed.frame)
    with pytest.raises(NoReconstruction, match="0"):
        build(placed, CleanOptions(), scratch=tmp_path, progress=Silent())


def test_planes_are_recovered_within_5_mm(built: Built) -> None:
    for true in built.scanned.shop.planes:
        found = [p for p in built.cloud.planes if p.normal @ true.normal > np.cos(np.radians(0.3))]
        off = min(abs(p.centre @ true.normal - true.offset) for p in found if p.area_m2 > 20)
        assert off < 0.005, true.name


def test_the_structure_is_listed_and_is_the_cloud_s_classes(built: Built) -> None:
    listed = json.loads((built.folder / "structure.json").read_text(encoding="utf-8"))
    assert [p["kind"] for p in listed["planes"]].count("floor") == 1
    assert {"ceiling", "wall"} <= {p["kind"] for p in listed["planes"]}
    assert len(listed["planes"]) == len(built.cloud.planes)
    assert len(listed["cylinders"]) == len(built.cloud.cylinders)
    floor = next(p for p in listed["planes"] if p["kind"] == "floor")
    assert (round(floor["length_m"]), round(floor["width_m"])) == (16, 10)
    cloud = read_ply(built.cloud.cloud.path)
    assert cloud.classes is not None
    on_floor = np.abs(cloud.points[:, 1]) < 0.004
    assert np.mean(cloud.classes[on_floor] == CleanCloud.GROUND) > 0.97
    assert np.abs(cloud.points[cloud.classes == CleanCloud.GROUND, 1]).max() < 0.02
    in_wall = np.abs(np.abs(cloud.points[:, 0]) - 8) < 0.004
    assert np.mean(cloud.classes[in_wall] == CleanCloud.WALL) > 0.9
