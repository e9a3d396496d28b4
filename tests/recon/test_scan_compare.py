"""Changes between two surveys: what was changed is found and measured, what was not is left alone."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from exhibit.config import Config
from exhibit.library.bundle import read_bundle
from recon.change.detect import detect
from recon.cli import main
from recon.compare import Comparison, compare
from recon.errors import BadOptions, NoReconstruction
from recon.formats.glb import Part, write_glb
from recon.formats.gltf import read_gltf
from recon.formats.ply import Ply, PlyWriter
from recon.formats.points import cloud_of
from recon.geometry import significance
from recon.survey import Survey, moved, spacing_of

Points = NDArray[np.float32]

NOISE = 0.002
DENT, DENT_RADIUS, DENT_AT = 0.020, 0.20, (-0.4, -0.3)
BOX = 0.3


def ground(rng: np.random.Generator, *, dented: bool, box: bool) -> Points:
    """(N, 3) of gently waved ground of 2 x 2 m before a wall, +Y up, with 2 mm noise; a box stands on it."""
    x, z = rng.uniform(-1, 1, (2, 60_000))
    y = 0.15 * np.sin(2 * x) * np.cos(1.5 * z)
    if dented:
        y = y - DENT * (np.hypot(x - DENT_AT[0], z - DENT_AT[1]) < DENT_RADIUS)
    parts = [np.column_stack([x, y, z]), np.column_stack([x, rng.uniform(0.2, 1.2, len(x)), np.full(len(x), -1.0)])]
    if box:
        side = rng.integers(0, 5, 9_000)
        u, v = rng.uniform(-0.5, 0.5, (2, len(side)))
        half = np.full(len(side), 0.5)
        face = np.array([[u, half, v], [half, u, v], [-half, u, v], [u, v, half], [u, v, -half]])
        parts.append(face[side, :, np.arange(len(side))] * BOX + [0.5, 0.25, 0.5])
    points = np.concatenate(parts)
    return np.asarray(points + rng.normal(0, NOISE, points.shape), np.float32)


def a_little_aside(points: Points) -> Points:
    """As if the second scanner had another frame: 0.5 degrees and 2 cm."""
    turn = Rotation.from_euler("xyz", [0.2, 0.5, -0.1], degrees=True).as_matrix()
    return np.asarray(points @ turn.T + [0.012, -0.015, 0.008], np.float32)


def on_disk(path: Path, points: Points) -> Path:
    with PlyWriter(path) as out:
        out.append(Ply((points[:, [0, 2, 1]] * [1, -1, 1]).astype(np.float32)))  # +Z up, as scanners write it
    return path


@dataclass(frozen=True)
class Compared:
    before: Path
    after: Path
    again: Path
    made: Comparison


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    folder = tmp_path_factory.mktemp("epochs")
    rng = np.random.default_rng(7)
    before = on_disk(folder / "before.ply", ground(rng, dented=False, box=True))
    after = on_disk(folder / "after.ply", a_little_aside(ground(rng, dented=True, box=False)))
    again = on_disk(folder / "again.ply", a_little_aside(ground(rng, dented=False, box=True)))
    return Compared(before, after, again, compare(before, after, folder / "out"))


def test_a_dent_is_read_and_a_removed_part_is_found_and_nothing_else(compared: Compared) -> None:
    regions = compared.made.changes.regions
    assert sorted(region.kind for region in regions) == ["gone", "loss"]
    dent = next(region for region in regions if region.kind == "loss")
    assert dent.mean == pytest.approx(-DENT, rel=0.05)
    assert dent.most == pytest.approx(-DENT, abs=0.003)
    assert dent.area == pytest.approx(np.pi * DENT_RADIUS**2, rel=0.05)
    assert dent.volume == pytest.approx(-DENT * np.pi * DENT_RADIUS**2, rel=0.05)
    assert dent.centre[[0, 2]] == pytest.approx(DENT_AT, abs=0.01)
    assert dent.chance < 1e-9
    part = next(region for region in regions if region.kind == "gone")
    assert part.centre[[0, 2]] == pytest.approx((0.5, 0.5), abs=0.02)
    assert part.high[1] == pytest.approx(0.25 + BOX / 2, abs=0.02)
    assert part.area > 0.8 * 4 * BOX**2


def test_surveys_are_aligned_by_what_did_not_move(compared: Compared) -> None:
    first, second = compared.made.first, compared.made.second
    untouched = first.points[np.abs(first.points[:, 2] + 1) < 0.02]
    assert np.abs(np.median(second.points[np.abs(second.points[:, 2] + 1) < 0.02][:, 2]) + 1) < 0.0003
    assert len(untouched) > 10_000
    assert compared.made.changes.registration < 0.0005


def test_noise_alone_makes_no_place(compared: Compared, tmp_path: Path) -> None:
    made = compare(compared.before, compared.again, tmp_path)
    assert made.changes.regions == ()
    assert "Nothing changed" in made.text("en")
    assert "没有发现" in (tmp_path / "report.html").read_text("utf-8")


def test_the_library_takes_both_epochs_and_the_map(compared: Compared) -> None:
    out = compared.made.folder
    bundles = {name: read_bundle(out / name, Config()) for name in ("before", "after", "change")}
    assert {b.document["kind"] for b in bundles.values()} == {"cloud"}
    assert {b.document["unit"] for b in bundles.values()} == {"metre"}
    low, other = (np.array(bundles[name].document["bounds"]["min"]) for name in ("before", "after"))
    assert np.abs(other - low).max() < 0.03  # one frame: a hall shows them as two epochs of one thing
    assert "蓝色" in bundles["change"].document["origin"]["statement"]["zh"]
    shown = cloud_of(read_gltf(out / "change" / "model.glb"))
    assert shown.colours is not None
    in_dent = np.hypot(shown.positions[:, 0] - DENT_AT[0], shown.positions[:, 2] - DENT_AT[1]) < 0.8 * DENT_RADIUS
    in_dent &= shown.positions[:, 2] > -0.9
    red, _, blue = shown.colours[in_dent].mean(axis=0)
    assert blue > red + 100  # loss is blue
    beside = shown.colours[(shown.positions[:, 0] > 0.2) & (shown.positions[:, 2] < -0.2)].astype(int)
    assert (np.ptp(beside, axis=1) < 10).mean() > 0.99  # no change is grey


def test_the_table_says_what_the_page_says(compared: Compared) -> None:
    out = compared.made.folder
    with (out / "changes.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    told = json.loads((out / "changes.json").read_text("utf-8"))
    assert [row["kind"] for row in rows] == [place["kind"] for place in told["places"]]
    assert told["unit"] == "metre"
    assert 0 < told["level_of_detection"] < 0.003
    page = (out / "report.html").read_text("utf-8")
    assert page.count("<h1>") == 2
    for word in ("缺失", "gone", "减少", "loss", "检测限", "Level of detection"):
        assert word in page
    assert "http" not in page.replace("http://www.w3.org", "")  # nothing is asked of any host


def test_a_place_that_was_not_looked_at_is_not_called_gone() -> None:
    """A scanner's second visit stood behind a wall: what it could not see is unseen."""
    rng = np.random.default_rng(3)
    points = ground(rng, dented=False, box=True)
    again = ground(rng, dented=False, box=True)
    hidden = np.linalg.norm(again - [0.5, 0.25, 0.5], axis=1) < 0.35  # a tarpaulin hangs before it
    tarpaulin = rng.uniform([0.1, -0.2, 0.95], [0.9, 0.9, 0.951], (20_000, 3))
    station = np.array([[0.5, 0.6, 3.0]])
    covered = np.concatenate([again[~hidden], tarpaulin]).astype(np.float32)
    changes, _ = detect(
        Survey("before", "metre", points, stations=np.array([[0.5, 1.5, 3.0]])),
        Survey("after", "metre", covered, stations=station),
        keep_frames=True,
    )
    assert "gone" not in [region.kind for region in changes.regions]
    assert changes.unseen_area > 0.5 * 4 * BOX**2
    bare, _ = detect(
        Survey("before", "metre", points, stations=np.array([[0.5, 1.5, 3.0]])),
        Survey("after", "metre", ground(rng, dented=False, box=False), stations=np.array([[0.5, 1.5, 3.0]])),
        keep_frames=True,
    )
    assert [region.kind for region in bare.regions if region.area > 0.05] == ["gone"]


def test_surfaces_are_compared_too(tmp_path: Path) -> None:
    """Two glTF models: a plate whose middle has sunk by 5 mm; they are delivered as models with colours."""
    x, z = np.meshgrid(np.linspace(-0.5, 0.5, 101), np.linspace(-0.5, 0.5, 101))
    corner = np.arange(100)[:, None] * 101 + np.arange(100)
    faces = np.stack([corner, corner + 101, corner + 1, corner + 1, corner + 101, corner + 102], -1).reshape(-1, 3)
    paths = []
    for name, depth in (("plate", 0.0), ("sunk", 0.005)):
        y = 0.05 * np.cos(3 * x) - depth * (np.hypot(x, z) < 0.2)
        positions = np.stack([x, y, z], -1).reshape(-1, 3).astype(np.float32)
        paths.append(tmp_path / f"{name}.glb")
        write_glb(paths[-1], [Part(positions=positions, faces=faces.astype(np.int32))])
    made = compare(paths[0], paths[1], tmp_path / "out", keep_frames=True)
    (sunk,) = made.changes.regions
    assert sunk.kind == "loss"
    assert sunk.mean == pytest.approx(-0.005, rel=0.1)
    assert read_bundle(tmp_path / "out" / "change", Config()).document["kind"] == "model"


def test_what_has_no_metres_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    triangle = np.array([[0, 0, 0], [1, 0, 0], [0, 0, 1]], np.float32)
    part = Part(positions=triangle, faces=np.array([[0, 1, 2]], np.int32))
    write_glb(tmp_path / "a.glb", [part], extras={"unit": "arbitrary"})
    with pytest.raises(BadOptions, match="no metres"):
        compare(tmp_path / "a.glb", tmp_path / "a.glb", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    argv = ["--lang", "zh", "compare", str(tmp_path / "a.glb"), str(tmp_path), "--out", str(tmp_path / "out")]
    assert main(argv) == 2
    assert "recon: 无法从" in capsys.readouterr().err


def test_different_places_are_not_forced_onto_each_other() -> None:
    rng = np.random.default_rng(5)
    ball = rng.normal(size=(20_000, 3))
    ball *= 0.5 / np.linalg.norm(ball, axis=1, keepdims=True)
    floor = ground(rng, dented=False, box=False)[::4]
    with pytest.raises(NoReconstruction, match="laid onto each other"):
        detect(
            Survey("floor", "metre", floor),
            Survey("ball", "metre", (ball + 40).astype(np.float32)),
            keep_frames=False,
        )


def test_discoveries_keep_to_their_level() -> None:
    """Of 400 surveys of pure noise, at most about one in twenty has anything flagged."""
    rng = np.random.default_rng(1)
    flagged = [significance.discoveries(rng.random(500))[0].any() for _ in range(400)]
    assert np.mean(flagged) < 0.08
    chance = np.concatenate([rng.random(900), np.full(100, 1e-7)])
    found, sure = significance.discoveries(chance)
    assert found[900:].all()
    assert found[:900].mean() < 0.02
    assert sure.sum() == 100


def test_areas_add_up() -> None:
    points = np.random.default_rng(2).uniform(0, 1, (4_000, 3)).astype(np.float32) * [1, 1, 0]
    normals = np.tile(np.array([0, 0, 1], np.float32), (len(points), 1))
    inner = (points[:, :2] > 0.1).all(axis=1) & (points[:, :2] < 0.9).all(axis=1)
    area = significance.areas(points.astype(np.float32), normals, 0.05)
    assert area[inner].sum() == pytest.approx(0.64, rel=0.04)  # up to what the cells at the edge of `inner` stick out


def test_a_survey_moves_whole() -> None:
    pose = np.eye(4)
    pose[:3, :3] = Rotation.from_euler("y", 90, degrees=True).as_matrix()
    pose[:3, 3] = (1, 2, 3)
    points, side = np.array([[1, 0, 0]], np.float32), np.array([[0, 0, 1]], np.float32)
    there = moved(Survey("one", "metre", points, side, stations=np.array([[1.0, 0, 0]])), pose)
    assert there.points[0] == pytest.approx((1, 2, 2), abs=1e-6)
    assert there.normals is not None
    assert there.normals[0] == pytest.approx((1, 0, 0), abs=1e-6)
    assert there.stations is not None
    assert there.stations[0] == pytest.approx((1, 2, 2))


def test_points_that_were_written_many_times_have_the_spacing_of_their_places() -> None:
    grid = np.stack(np.meshgrid(*[np.arange(20) * 0.05] * 3), -1).reshape(-1, 3).astype(np.float32)
    assert spacing_of(np.repeat(grid, 3, axis=0)) == pytest.approx(0.05, rel=1e-3)
