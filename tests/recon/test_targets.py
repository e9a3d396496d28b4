"""Coded targets and scale bars: printed, found in photos, and what they say of a model's size."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from fscore import fitted
from numpy.typing import NDArray
from truth import Solved, rigid

from recon.cli import main
from recon.drawing import target_sheet
from recon.errors import BadOptions
from recon.geometry import targets as marks
from recon.geometry.targets import Bar, scale_of
from recon.progress import Silent
from recon.stages import align, targets
from recon.types import PhotoSet, SparseModel, Targets

Places = dict[int, NDArray[np.float64]]
SIDE = 0.036  # m, of a target
FINE = 4  # samples of a pixel, both ways
BARS = {(560, 561): 0.2, (562, 563): 0.2, (564, 565): 0.2}


@dataclass(frozen=True)
class Marked:
    """The relief's photos with targets lying before it, and where these are in the truth's frame."""

    taken: PhotoSet
    places: Places


def corners(middle: NDArray[np.float64], turn_deg: float) -> NDArray[np.float64]:
    """(4, 3) of a target that lies flat, clockwise from its top left."""
    angle = np.radians(turn_deg)
    along = SIDE / 2 * np.array([np.cos(angle), 0, -np.sin(angle)])
    down = SIDE / 2 * np.array([np.sin(angle), 0, np.cos(angle)])
    return np.array([middle - along - down, middle + along - down, middle + along + down, middle - along + down])


@pytest.fixture(scope="module")
def marked(solved: Solved, tmp_path_factory: pytest.TempPathFactory) -> Marked:
    folder = tmp_path_factory.mktemp("marked")
    places: Places = {}
    for row, ends in enumerate(BARS):
        for number, x in zip(ends, (-0.1, 0.1), strict=True):
            places[number] = np.array([x + 0.012 * row, 0.002, 0.135 + 0.05 * row])
    photos = []
    for photo in solved.taken:
        camera = solved.photographed.truth.cameras[photo.name]
        picture = cv2.imread(str(photo.path))
        for number, middle in places.items():
            bits = cv2.aruco.generateImageMarker(
                cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_APRILTAG_36h11), number, 8
            )
            texture = np.kron(np.pad(bits, 1, constant_values=255), np.ones((16, 16), np.uint8))  # with a white rim
            seen = corners(middle, 8.0 * number) @ camera.cam_from_world[:, :3].T + camera.cam_from_world[:, 3]
            px = (seen @ camera.k.T)[:, :2] / seen[:, 2:]
            inner = np.array([[16, 16], [144, 16], [144, 144], [16, 144]], np.float32)
            onto = cv2.getPerspectiveTransform(inner, (px * FINE).astype(np.float32))
            shift = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])  # OpenCV counts from pixels' middles
            onto = shift @ onto @ np.linalg.inv(shift)
            size = (camera.width * FINE, camera.height * FINE)
            drawn, over = (
                cv2.resize(
                    cv2.warpPerspective(image, onto, size, flags=cv2.INTER_LINEAR),
                    picture.shape[1::-1],
                    interpolation=cv2.INTER_AREA,
                )
                for image in (texture, np.full_like(texture, 255))
            )
            share = (over / 255.0)[..., None]
            picture = np.round(picture * (1 - share) + (30 + 0.8 * drawn[..., None]) * share).astype(np.uint8)
        path = folder / f"{photo.path.stem}.png"
        cv2.imwrite(str(path), picture)
        photos.append(replace(photo, path=path))
    return Marked(replace(solved.taken, photos=tuple(photos)), places)


@pytest.fixture(scope="module")
def placed(solved: Solved, marked: Marked, tmp_path_factory: pytest.TempPathFactory) -> Targets:
    told = Silent()
    scratch = tmp_path_factory.mktemp("targets")
    found = targets.build(marked.taken, solved.cameras, targets.TargetsOptions(), scratch=scratch, progress=told)
    assert told.warnings == []
    return found


def aligned(solved: Solved, placed: Targets, folder: Path, **options: Any) -> tuple[SparseModel, list[str]]:
    told = Silent()
    chosen = align.AlignOptions(**options)
    made = align.build(solved.taken, solved.cameras, placed, None, chosen, scratch=folder, progress=told)
    return made, told.warnings


def scale_error(solved: Solved, made: SparseModel) -> float:
    """By which share the model is too large, by its points upon the true surface."""
    truth = solved.photographed.truth
    ours = np.array([view.centre for view in made.views])
    theirs = np.array([truth.cameras[view.name].centre for view in made.views])
    placed = fitted(made.points, truth.scene_vertices, truth.scene_faces, rigid(ours, theirs))
    return float(1 / np.cbrt(np.linalg.det(placed[:3, :3]))) - 1


def test_targets_are_found_by_themselves_and_in_their_places(solved: Solved, marked: Marked, placed: Targets) -> None:
    assert placed.markers == "apriltag_36h11"
    assert placed.numbers.tolist() == sorted(marked.places)
    assert placed.num_views.min() >= 3
    assert placed.errors_px.max() < 0.2


def test_printed_bars_give_metres_and_their_own_error(solved: Solved, placed: Targets, tmp_path: Path) -> None:
    made, told = aligned(solved, placed, tmp_path)
    assert made.frame.unit == "metre"
    assert made.frame.scale_source == "scale bars between the targets 560-561, 562-563, 564-565"
    assert abs(scale_error(solved, made)) < 0.0005
    assert made.frame.scale_check_m is not None
    assert made.frame.scale_check_m < 0.0002
    assert [line.split(" are ")[0] for line in told] == ["The bars 560-561, 562-563, 564-565"]


def test_a_wrong_bar_is_found_and_named(solved: Solved, placed: Targets, tmp_path: Path) -> None:
    made, told = aligned(solved, placed, tmp_path, bars="560-561=0.2, 562-563=0.22, 564-565=0.2")
    assert abs(scale_error(solved, made)) < 0.001  # by two bars
    (line,) = told
    assert line.startswith("The scale bar 562-563 is told to be 0.2200 m, but by the other bars it is 0.200")


def test_bars_that_only_contradict_give_no_scale(solved: Solved, placed: Targets, tmp_path: Path) -> None:
    made, told = aligned(solved, placed, tmp_path, bars="560-561=0.2, 562-563=0.22")
    assert made.frame.unit == "arbitrary"
    assert told[0].startswith("The scale bars contradict one another")


def test_a_bar_alone_and_a_camera_that_says_otherwise(solved: Solved, placed: Targets, tmp_path: Path) -> None:
    first, last = solved.taken.photos[0].name, solved.taken.photos[-1].name
    made, told = aligned(solved, placed, tmp_path, bars="560-561=0.2, 7-8=1", baseline=f"{first},{last},3")
    assert abs(scale_error(solved, made)) < 0.001
    assert made.frame.scale_check_m is None
    assert [line.split(" ")[1] for line in told] == ["targets", "scale", "scale"]
    assert "7, 8" in told[0]
    assert "cannot be checked" in told[1]
    assert "differs from it by" in told[2]


def test_a_length_between_two_points_of_the_model(solved: Solved, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    before, _ = aligned(solved, Targets.none(), tmp_path / "a")
    assert before.frame.unit == "arbitrary"
    a, b = before.points[0], before.points[-1]
    told = f"{' '.join(map(str, a))}, {' '.join(map(str, b))}, 0.15"
    made, warned = aligned(solved, Targets.none(), tmp_path / "b", length=told)
    assert (made.frame.unit, warned) == ("metre", [])
    assert np.linalg.norm(made.points[0] - made.points[-1]) == pytest.approx(0.15)


@pytest.mark.parametrize(
    "options",
    [
        {"bars": "a-b=1"},
        {"bars": "1-2=0"},
        {"bars": "1-1=1"},
        {"length": "1 2, 3 4 5, 1"},
        {"length": "1 1 1, 1 1 1, 1"},
    ],
)
def test_what_makes_no_sense_is_refused(solved: Solved, tmp_path: Path, options: dict[str, str]) -> None:
    with pytest.raises(BadOptions):
        aligned(solved, Targets.none(), tmp_path, **options)
    with pytest.raises(BadOptions, match="no set of markers called x"):
        targets.TargetsOptions(markers="x")


def test_leave_one_out_by_hand() -> None:
    made = scale_of([Bar((0, 1), 1.0, 2.0), Bar((2, 3), 1.01, 2.0), Bar((4, 5), 3.0, 2.0)])
    assert made is not None
    assert made.metres_per_unit == pytest.approx(0.5025)
    assert made.errors_m == pytest.approx((0.01, -0.01))
    ((bar, share),) = made.wrong
    assert (bar.ends, round(share, 3)) == ((4, 5), -0.665)


def test_a_printed_sheet_is_read_back_at_its_true_size(tmp_path: Path) -> None:
    dots = 8  # in a millimetre
    seen = []
    for page in target_sheet.pages(4, 16):
        drawn = np.full((210 * dots, 297 * dots), 255, np.uint8)
        for x, y, width, height in re.findall(r'<rect x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)"/>', page):
            left, top, right, bottom = (
                round(dots * v) for v in (float(x), float(y), float(x) + float(width), float(y) + float(height))
            )
            drawn[top:bottom, left:right] = 0
        seen.append(marks.found(drawn, marks.OURS))
    assert [sorted(marker.number for marker in page) for page in seen] == [
        [560, 561, 562, 563, 564, 565], [566, 567], list(range(15)), [15],
    ]  # fmt: skip
    middle = {marker.number: marker.centre for marker in seen[0]}
    for a, b in ((560, 561), (562, 563), (564, 565)):
        assert np.linalg.norm(middle[a] - middle[b]) / dots == pytest.approx(200, abs=0.05)
    assert main(["targets", "--out", str(tmp_path / "sheet.pdf"), "--bars", "4", "--targets", "16"]) == 0
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF-")
    assert main(["targets", "--out", str(tmp_path / "more.pdf"), "--bars", "13"]) == 2
