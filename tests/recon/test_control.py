"""Ground control points: files of all forms, a flight laid on them, a wrong one found and named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from flight import Flight, FloatArray, flown
from scipy.spatial.transform import Rotation
from truth import degrees

from recon.errors import BadControl
from recon.formats import control_points
from recon.formats.crs import from_text
from recon.formats.geodesy import utm, utm_from_local, utm_scale
from recon.geometry import control
from recon.progress import Silent
from recon.stages import align, align_control, scans, sparse, sparse_lens
from recon.types import Targets

ZONE = "EPSG:32650"


@pytest.fixture(scope="module")
def flight() -> Flight:
    """As it leaves the stage before."""
    made = flown()
    adjustment = sparse._adjustment(sparse.SparseOptions())
    settled = sparse_lens.settle(made.model, made.taken, (1,), adjustment, focal_error=0.05, satellites=True)
    return replace(made, model=settled)


def lines_of(flight: Flight, *, moved: Mapping[str, FloatArray] = {}) -> list[str]:
    """gcp_list.txt's lines of eight points that many photos show, in the grid of ZONE."""
    model = flight.model
    near = [(x, y) for x in (-18, 0, 18) for y in (-12, 0, 12) if (x, y) != (0, 0)]
    seen = [point for point in model.points3D if model.points3D[point].track.length() >= 4]
    at = np.array([flight.places[point] for point in seen])
    lines = [ZONE]
    for number, corner in enumerate(near):
        name = f"P{number + 1}"
        point = seen[int(np.argmin(np.linalg.norm(at[:, :2] - corner, axis=1)))]
        place = utm(degrees(flight.places[point][None]), ZONE)[0] + moved.get(name, np.zeros(3))
        for element in model.points3D[point].track.elements:
            image = model.images[element.image_id]
            x, y = image.points2D[element.point2D_idx].xy
            lines.append(f"{place[0]:.4f} {place[1]:.4f} {place[2]:.4f} {x:.2f} {y:.2f} {image.name} {name}")
    return lines


def laid(flight: Flight, folder: Path, lines: list[str]) -> tuple[align_control.Controlled | None, list[str]]:
    (folder / "gcp_list.txt").write_text("\n".join(lines))
    file, key = align_control.found(folder, "")
    assert file is not None
    assert len(key) == 64
    told = Silent()
    return align_control.controlled(flight.model, flight.taken, Targets.none(), file, told), told.warnings


def test_points_cure_lens_and_shape_and_tell_their_own_error(flight: Flight, tmp_path: Path) -> None:
    made, told = laid(flight, tmp_path, lines_of(flight))
    assert made is not None
    assert [check.used for check in made.checks] == [True] * 8
    assert made.check_m is not None
    assert made.check_m < 0.04  # a pixel is 34 mm on the ground
    assert told[0].startswith(f"The model stands on 8 control points of gcp_list.txt ({ZONE}) and was adjusted")
    assert made.model.cameras[1].mean_focal_length() == pytest.approx(1170, rel=0.01)
    frame = align._align(made.model, flight.taken, Targets.none(), made, align.AlignOptions(), Silent())
    assert (frame.unit, frame.up_source, frame.checks) == ("metre", "control", made.checks)
    assert frame.georeference is not None
    assert frame.georeference.crs == ZONE
    there = frame.georeference.survey_from_world
    ids = list(made.model.points3D)
    ours = np.array([made.model.points3D[point].xyz for point in ids])
    truth = np.array([flight.places[point] for point in ids])
    placed = ours @ there[:3, :3].T + there[:3, 3]
    assert np.median(np.linalg.norm(placed - utm(degrees(truth), ZONE), axis=1)) < 0.04
    a, b = (np.linalg.norm(points - points.mean(0), axis=1).sum() for points in (ours, truth))
    assert a / b == pytest.approx(1, abs=3e-4)  # metres, not those of the grid


def test_a_wrong_point_is_found_and_named(flight: Flight, tmp_path: Path) -> None:
    made, told = laid(flight, tmp_path, lines_of(flight, moved={"P3": np.array([0, 0.5, 0.3])}))
    assert made is not None
    assert [check.name for check in made.checks if not check.used] == ["P3"]
    (error,) = (check.error_m for check in made.checks if not check.used)
    assert error == pytest.approx(np.hypot(0.5, 0.3), abs=0.05)
    assert made.check_m is not None
    assert made.check_m < 0.04
    assert told[0].startswith("The control point P3 lies 0.5")


def test_what_cannot_be_used_is_said(flight: Flight, tmp_path: Path) -> None:
    lines = lines_of(flight)
    few = [line for line in lines if line.endswith(("P1", "P2")) or line == ZONE]
    made, said = laid(flight, tmp_path, few)
    assert made is None
    assert "2 in all, 2 with coordinates, 2 of these with a place in the model." in said[0]
    strange = [line.replace(" 00.jpg ", " elsewhere.jpg ") for line in lines]
    last = max(n for n, line in enumerate(strange) if line.endswith("P2"))
    parts = strange[last].split()
    strange[last] = " ".join([*parts[:3], "90", "1100", *parts[5:]])  # a mark on something else
    (tmp_path / "gcp_list.txt").write_text("\n".join(strange))
    file, _ = align_control.found(tmp_path, "")
    assert file is not None
    told = Silent()
    seen = align_control._seen(flight.model, flight.taken, Targets.none(), file, file.located().local, told)
    assert len(seen) == 8
    assert any("not among these: elsewhere.jpg (1 in all)" in line for line in told.warnings)
    assert any(f"The mark of the control point P2 in {parts[5]} contradicts" in line for line in told.warnings)


def test_places_of_coded_targets_need_no_marks(flight: Flight, tmp_path: Path) -> None:
    points = list(flight.model.points3D)[:40:5]
    rows = ["# 车间坐标", *(f"{n},{x},{y},{z}" for n, (x, y, z) in enumerate(flight.places[p] for p in points))]
    rows[0] = "点号,X,Y,Z"
    (tmp_path / "控制点.csv").write_bytes("\n".join(rows).encode("gb18030"))
    file, _ = align_control.found(tmp_path, "")
    assert file is not None
    places = np.array([flight.model.points3D[point].xyz for point in points])
    placed = Targets("x", np.arange(8, dtype=np.int32), places, np.full(8, 5, np.int32), np.full(8, 0.1))
    made = align_control.controlled(flight.model, flight.taken, placed, file, Silent())
    assert made is not None
    assert made.position.crs is None
    assert len(made.checks) == 8


def test_one_wrong_of_five_and_points_on_a_line() -> None:
    random = np.random.default_rng(1)
    target = random.uniform(0, 10, (5, 3))
    source = (target + random.normal(0, 0.005, (5, 3))) @ Rotation.random(random_state=1).as_matrix() / 7
    wrong = target.copy()
    wrong[2, 2] += 0.5
    found = control.laid(source, wrong, 0.005)
    assert found is not None
    assert found.good.tolist() == [True, True, False, True, True]
    assert found.off[2] == pytest.approx(0.5, abs=0.05)
    fine = control.laid(source, target, 0.005)
    assert fine is not None
    assert fine.good.all()
    assert control.laid(source[:, :1] * [1, 0, 0], target, 0.0) is None
    good = [control.laid(target + random.normal(0, 0.01, (5, 3)), target, 0.0) for _ in range(100)]
    assert (
        sum(each is not None and not each.good.all() for each in good) <= 4
    )  # noise alone is hardly ever called wrong


def test_reference_systems_as_people_write_them() -> None:
    names = {
        text: from_text(text) for text in ("EPSG:32650", "WGS84 UTM 50N", "+proj=utm +zone=50 +datum=WGS84 +units=m")
    }
    assert {reference.name for reference in names.values() if reference} == {ZONE}
    for text in ("EPSG:4326", "WGS84", "+proj=longlat +datum=WGS84 +no_defs"):
        reference = from_text(text)
        assert reference is not None
        assert (reference.name, reference.geographic) == ("EPSG:4326", True)
    feet = from_text("+proj=lcc +lat_1=43 +lat_2=45.5 +units=us-ft")
    assert feet is not None
    assert feet.metres_per_unit == pytest.approx(0.3048006)
    assert from_text("the old grid") is from_text("EPSG:4978") is None
    here = np.array([118.241, 25.492, 520.0])
    pose = utm_from_local(*here)
    assert utm_scale(ZONE, pose[:3, 3]) == pytest.approx(np.linalg.norm(pose[:3, 0]), abs=4e-6)


def test_csv_and_opensfm(tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text(
        "EPSG:4326\nPoint;Longitude;Latitude;Height;px;py;Image\nA;118.2;25.4;5;10;20;a.jpg\nA;118.2;25.4;5;1;2;b.jpg\n"
    )
    (point,) = control_points.read(table).points
    assert (point.name, point.place) == ("A", (118.2, 25.4, 5.0))
    assert [(mark.photo, mark.pixel(100, 80)) for mark in point.marks] == [("a.jpg", (10, 20)), ("b.jpg", (1, 2))]
    table = tmp_path / "ground_control_points.json"
    place = {"latitude": 52.5, "longitude": 13.4, "altitude": 15}
    marks = [{"shot_id": "02.jpg", "projection": [-0.25, 0.1]}]
    points = [{"id": "0", "position": place, "observations": marks}, {"id": "1", "observations": []}]
    table.write_text(json.dumps({"points": points}))
    first, second = control_points.read(table).points
    assert first.place == (13.4, 52.5, 15.0)
    assert first.marks[0].pixel(400, 300) == (100, 190)
    assert second.place is None


@pytest.mark.parametrize(
    ("name", "text", "line", "reason"),
    [
        ("gcp_list.txt", "an old grid\n1 2 3 4 5 a.jpg", 1, "the reference system 'an old grid'"),
        ("gcp_list.txt", "EPSG:32650\n\n1 2 3 4 5", 3, "there are 5"),
        ("gcp_list.txt", "EPSG:32650\n1 2 x 4 5 a.jpg", 2, "'x' is no number"),
        ("gcp_list.txt", "EPSG:4326\n25 118 3 4 5 a.jpg", 2, "25, 118 is no longitude and latitude"),
        ("gcp_list.txt", "EPSG:32650\n1 2 3 4 5 a.jpg A\n1 2 4 4 5 b.jpg A", 3, "A has other coordinates further up"),
        ("gcp.csv", "name,x,y\nA,1,2", 1, "the header lacks the columns z"),
        ("gcp.csv", "name,x,y,z,px,py,photo\nA,1,2,3,4,,a.jpg", 2, "'' is no number"),
        ("gcp.csv", "", 1, "lacks the columns name, x, y, z"),
        ("ground_control_points.json", "{}", 1, "OpenSfM's JSON"),
        ("gcp_list.txt", b"\xff\xfe\x00", 1, "it is no text"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, text: str | bytes, line: int, reason: str
) -> None:
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BadControl) as refused:
        align_control.found(tmp_path, "")
    assert f"{name} cannot be read at line {line}: " in refused.value.message()
    assert reason in refused.value.message()
    assert scans.find(tmp_path) == ()  # a list of points is no scan


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert align_control.found(tmp_path, "") == (None, "")
    with pytest.raises(BadControl, match=r"no file of control points nowhere\.txt"):
        align_control.found(tmp_path, "nowhere.txt")
    (tmp_path / "gcp_list.txt").write_text("nonsense")
    assert align_control.found(tmp_path, "none") == (None, "")


def test_real_control_points_are_read(real_data: Path) -> None:
    file, _ = align_control.found(real_data / "photos" / "opensfm_berlin", "")
    assert file is not None
    assert [(point.name, point.place is not None, len(point.marks)) for point in file.points] == [
        ("0", True, 2),
        ("1", False, 2),
        ("3", True, 1),
    ]
    assert file.points[0].marks[0].pixel(3264, 2448) == pytest.approx((1580.8, 1019.9), abs=0.1)
