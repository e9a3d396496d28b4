"""The colour chart in photos, and colours made true by it, against charts and light whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from bumpy import HEIGHT, WIDTH, Bumpy, colour, on_disk, photographed
from chart_board import CHART, Board, pasted
from PIL import Image

from recon.errors import BadChart
from recon.formats import srgb
from recon.formats.colour_chart import edition, read
from recon.formats.lab import delta_e_2000, lab_of_linear, linear_of_lab
from recon.geometry.bake import Textured
from recon.geometry.colour_chart import FoundChart, found
from recon.geometry.visibility import Occluders, project
from recon.messages import Message
from recon.progress import Silent
from recon.stages import colour as colour_stage
from recon.stages import texture
from recon.stages.colour import ColourOptions
from recon.stages.mesh import MeshOptions
from recon.stages.mesh import build as build_mesh
from recon.stages.texture import TextureOptions
from recon.types import Colours, Mesh, Photo, PhotoSet

LAMP = np.array([[0.62, 0.11, 0.03], [0.05, 0.55, 0.02], [0.01, 0.06, 0.33]])  # warm light in a camera's own colours
# fmt: off
SHARMA = np.array([  # Sharma, Wu and Dalal 2005, table 1: two colours and their difference
    (50, 2.6772, -79.7751, 50, 0, -82.7485, 2.0425), (50, 3.1571, -77.2803, 50, 0, -82.7485, 2.8615),
    (50, 2.8361, -74.0200, 50, 0, -82.7485, 3.4412), (50, -1.3802, -84.2814, 50, 0, -82.7485, 1.0000),
    (50, -1.1848, -84.8006, 50, 0, -82.7485, 1.0000), (50, -0.9009, -85.5211, 50, 0, -82.7485, 1.0000),
    (50, 0, 0, 50, -1, 2, 2.3669), (50, -1, 2, 50, 0, 0, 2.3669),
    (50, 2.4900, -0.0010, 50, -2.4900, 0.0009, 7.1792), (50, 2.4900, -0.0010, 50, -2.4900, 0.0010, 7.1792),
    (50, 2.4900, -0.0010, 50, -2.4900, 0.0011, 7.2195), (50, 2.4900, -0.0010, 50, -2.4900, 0.0012, 7.2195),
    (50, -0.0010, 2.4900, 50, 0.0009, -2.4900, 4.8045), (50, -0.0010, 2.4900, 50, 0.0010, -2.4900, 4.8045),
    (50, -0.0010, 2.4900, 50, 0.0011, -2.4900, 4.7461), (50, -0.0010, 2.4900, 50, 0.0012, -2.4900, 4.7461),
    (50, 2.5, 0, 50, 0, -2.5, 4.3065), (50, 2.5, 0, 73, 25, -18, 27.1492),
    (50, 2.5, 0, 61, -5, 29, 22.8977), (50, 2.5, 0, 56, -27, -3, 31.9030),
    (50, 2.5, 0, 58, 24, 15, 19.4535), (50, 2.5, 0, 50, 3.1736, 0.5854, 1.0000),
    (50, 2.5, 0, 50, 3.2972, 0, 1.0000), (50, 2.5, 0, 50, 1.8634, 0.5757, 1.0000),
    (50, 2.5, 0, 50, 3.2592, 0.3350, 1.0000), (60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644),
    (63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630),
    (61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731),
    (35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645),
    (22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373),
    (36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146),
    (90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441),
    (90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381),
    (6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377),
    (2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082),
])
# fmt: on


def test_differences_are_the_published_ones() -> None:
    """Pair 14 lies on a step of the formula: a hue of exactly 180 degrees."""
    differences = delta_e_2000(SHARMA[:, :3], SHARMA[:, 3:6])
    assert differences == pytest.approx(SHARMA[:, 6], abs=5e-5)
    assert np.array_equal(differences, delta_e_2000(SHARMA[:, 3:6], SHARMA[:, :3]))


def test_lab_is_that_of_srgb() -> None:
    assert lab_of_linear(np.ones(3)) == pytest.approx((100, 0, 0), abs=0.01)
    assert lab_of_linear(np.array([1.0, 0, 0])) == pytest.approx((54.29, 80.81, 69.89), abs=0.02)  # red, by Lindbloom
    linear = np.random.default_rng(1).uniform(-0.02, 1.2, (100, 3))
    assert linear_of_lab(lab_of_linear(linear)) == pytest.approx(linear, abs=1e-9)


def test_the_older_edition_has_its_published_srgb() -> None:
    """Of yellow, magenta, cyan and white, linear, as OpenCV's tests of its colour correction have them."""
    published = [
        (0.8574, 0.5676, 0.0069),
        (0.5335, 0.0886, 0.3075),
        (-0.0374, 0.2470, 0.4004),
        (0.9126, 0.9149, 0.8937),
    ]
    linear = linear_of_lab(edition("classic-2005").lab[15:19])
    assert linear == pytest.approx(np.array(published), abs=2e-3)


def rotated(degrees: float, pitch: float, middle: tuple[float, float], tilt: float = 0.0) -> np.ndarray:
    """(3, 3) px from (column, row)."""
    turn = np.radians(degrees)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    grid = np.eye(3)
    grid[:2, :2] = pitch * rotation
    grid[2, :2] = tilt * rotation[0]
    grid[:2] += np.outer(middle, grid[2])
    return np.asarray(grid @ np.array([[1, 0, -3], [0, 1, -2], [0, 0, 1.0]]))


def picture(grid: np.ndarray, matrix: np.ndarray = LAMP, *, fall_off: float = 0.0, seed: int = 3) -> np.ndarray:
    """(H, W, 3) sRGB: the chart among bright and dark boxes, by a camera with noise."""
    random = np.random.default_rng(seed)
    scene = np.full((480, 640, 3), 0.2)
    for _ in range(60):
        x, y = random.integers((600, 440))
        scene[y : y + random.integers(8, 60), x : x + random.integers(8, 60)] = random.uniform(0.02, 0.7, 3)
    return developed(pasted(scene, grid, linear_of_lab(CHART.lab) @ matrix.T, fall_off=fall_off), random)


def developed(linear: np.ndarray, random: np.random.Generator) -> np.ndarray:
    level = 255 * srgb.encoded(np.clip(cv2.GaussianBlur(linear, (0, 0), 0.6), 0, 1))
    return np.asarray(np.clip(np.rint(level + random.normal(0, 1.5, level.shape)), 0, 255), np.uint8)


def off_grid(chart: FoundChart, grid: np.ndarray) -> float:
    """The most that a corner is off, in pitches of a patch."""
    outline = np.array([[[0, 0], [6, 0], [6, 4], [0, 4]]], np.float64)
    truth = cv2.perspectiveTransform(outline, grid)[0]
    return float(np.linalg.norm(chart.corners - truth, axis=1).max() / (np.linalg.norm(truth[1] - truth[0]) / 6))


@pytest.mark.parametrize(
    ("degrees", "pitch", "tilt", "fall_off"),
    [(0, 40, 0, 0), (90, 40, 0.03, 0), (180, 40, 0, 0.5), (203, 30, 0.05, 0.3), (-75, 25, -0.04, 0), (31, 14, 0, 0.2)],
)
def test_the_chart_is_found_and_the_right_way_up(degrees: float, pitch: float, tilt: float, fall_off: float) -> None:
    grid = rotated(degrees, pitch, (310, 245), tilt)
    photo = picture(grid, fall_off=fall_off)
    chart = found(photo, CHART.lab)
    assert chart is not None
    assert chart.sure
    assert off_grid(chart, grid) < 0.15
    assert chart.fit.used.sum() >= 22
    assert np.median(chart.fit.off) < 1.5
    again = found(photo, CHART.lab)
    assert again is not None
    assert np.array_equal(again.corners, chart.corners)
    assert np.array_equal(again.patches, chart.patches)


def test_clipped_patches_do_not_count() -> None:
    chart = found(picture(rotated(10, 40, (310, 245)), 2.2 * LAMP), CHART.lab)
    assert chart is not None
    assert chart.sure
    truth = (linear_of_lab(CHART.lab) @ (2.2 * LAMP).T).max(axis=1)
    assert chart.clipped[truth > 1.02].all()
    assert not chart.clipped[truth < 0.9].any()
    assert not chart.fit.used[chart.clipped].any()


def test_what_is_no_whole_chart_is_not_taken_for_one() -> None:
    grid = rotated(8, 40, (310, 245))
    covered = picture(grid)
    covered[:, 345:] = 90  # two columns and a half
    doubtful = found(covered, CHART.lab)
    assert doubtful is None or not doubtful.sure
    shuffled = np.random.default_rng(0).permutation(CHART.lab)
    assert found(picture(grid), shuffled) is None
    windows = np.full((480, 640, 3), 30, np.uint8)
    for row in range(4):
        for column in range(6):
            windows[60 + 80 * row : 120 + 80 * row, 60 + 80 * column : 120 + 80 * column] = (120, 130, 150)
    assert found(windows, CHART.lab) is None


def test_a_chart_that_is_half_covered_is_told_of() -> None:
    photo = picture(rotated(0, 40, (310, 245)))
    photo[320:, 180:350] = 90  # covers most of the greys
    photo[150:240, 180:270] = 200
    chart = found(photo, CHART.lab)
    assert chart is not None
    assert 12 <= chart.agreeing < 24


@dataclass
class Told(Silent):
    said: list[Message] = field(default_factory=list)

    def warn(self, message: Message) -> None:
        self.said.append(message)


@dataclass(frozen=True)
class Session:
    ball: Bumpy
    photos: PhotoSet
    mesh: Mesh
    colours: Colours
    said: list[Message]


BOARD = Board(np.array([0.41, 0.62, 0.36]), np.array([0.037, 0, 0]), np.array([0, -0.037, 0]))
DRIFT = np.random.default_rng(4).uniform(0.85, 1.15, (9, 3))  # of the camera's white balance


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """The ball and a chart beside it under a lamp, by a camera whose white balance drifts."""
    scratch = tmp_path_factory.mktemp("colour")
    gains = np.array([np.diag(drift) @ LAMP * 1.4 for drift in DRIFT])
    ball = photographed(scratch / "photos", gains=gains, board=BOARD)
    photos = PhotoSet(tuple(Photo(v.name, v.path, v.width, v.height, None, "", 1.0, 0.5) for v in ball.sparse.views))
    told = Told()
    colours = colour_stage.build(ball.sparse, photos, CHART, ColourOptions(), scratch=scratch, progress=told)
    options = MeshOptions(fill="closed", max_triangles=12_000, threads=1)
    mesh = build_mesh(on_disk(ball.cloud, scratch), ball.sparse, options, scratch=scratch, progress=Silent())
    return Session(ball, photos, mesh, colours, told.said)


def shows_all(ball: Bumpy, number: int) -> bool:
    """Whether a photo shows all of the board from the front."""
    view = ball.sparse.views[number]
    column, row = np.meshgrid(np.linspace(-0.1, 6.1, 15), np.linspace(-0.1, 4.1, 15))
    points = BOARD.origin + column.reshape(-1, 1) * BOARD.along + row.reshape(-1, 1) * BOARD.down
    px, depth = project(view, points)
    inside = (px > 0).all() and (px < (WIDTH, HEIGHT)).all() and (depth > 0).all()
    facing = (view.centre - BOARD.origin) @ np.cross(BOARD.down, BOARD.along) > 0
    rays = np.concatenate([np.broadcast_to(view.centre, points.shape), points - view.centre], axis=1)
    hidden = Occluders(ball.vertices, ball.faces).scene.test_occlusions(rays.astype(np.float32), tfar=1.0)
    return bool(inside and facing and not hidden.numpy().any())


def test_every_photo_that_shows_the_chart_is_found_and_no_other(session: Session) -> None:
    views, charts = session.ball.sparse.views, session.colours.charts
    assert [chart.photo for chart in charts] == [v.name for n, v in enumerate(views) if shows_all(session.ball, n)]
    assert len(charts) >= 2
    grid = np.stack([BOARD.along, BOARD.down])
    for chart in charts:
        view = next(view for view in views if view.name == chart.photo)
        truth, _ = project(view, BOARD.origin + np.array([[0, 0], [6, 0], [6, 4], [0, 4]]) @ grid)
        assert np.linalg.norm(chart.corners - truth, axis=1).max() < 2


def test_figures_say_how_far_the_chart_is_off(session: Session) -> None:
    check = session.colours.check
    assert check is not None
    assert check.chart == "classic-2014"
    assert check.before > 8
    assert check.after < check.left_out < 1.5
    assert [m.key for m in session.said] == ["warning.chart_found", "warning.chart_clipped"]
    truth = np.linalg.inv(1.4 * LAMP)
    matrix = session.colours.exposure.matrix
    assert matrix is not None
    for number, drift in enumerate(DRIFT):  # gain and matrix together undo the lamp and the drift
        undone = matrix[number] @ np.diag(session.colours.exposure.gain[number] * drift)
        assert undone == pytest.approx(truth, abs=0.08 * np.abs(truth).max())


def test_the_textures_colours_are_true(session: Session, tmp_path: Path) -> None:
    ball, options = session.ball, TextureOptions(max_size=1024)
    painted = texture.build(session.mesh, ball.sparse, session.colours, options, scratch=tmp_path, progress=Silent())
    pages = tuple(np.asarray(Image.open(atlas).convert("RGB")) for atlas in painted.atlases)
    model = Textured(painted.mesh.vertices, painted.mesh.faces, painted.uv, painted.page, pages)
    points = ball.cloud.points[::3]
    face, weights = Occluders(model.vertices, model.faces).closest(points)
    shown = srgb.decoded(model.colors(face, weights) / 255)
    off = delta_e_2000(lab_of_linear(shown), lab_of_linear(colour(points)))
    assert off.mean() < 1  # 11.7 where the chart is not used


def test_photos_without_a_chart_are_corrected_as_their_session_or_as_the_others(
    session: Session, tmp_path: Path
) -> None:
    folder = ["lamp"] * 5 + ["sun"] * 4
    views = tuple(replace(v, name=f"{f}/{v.name}") for f, v in zip(folder, session.ball.sparse.views, strict=True))
    taken = [replace(p, name=f"{f}/{p.name}") for f, p in zip(folder, session.photos, strict=True)]
    sparse = replace(session.ball.sparse, views=views)
    told = Told()
    photos = PhotoSet((taken[0], taken[5]))
    colours = colour_stage.build(sparse, photos, CHART, ColourOptions(), scratch=tmp_path, progress=told)
    assert [chart.photo for chart in colours.charts] == ["lamp/00.png"]
    assert Message("warning.chart_of_others", count=4, folders=["sun"]) in told.said
    matrix = colours.exposure.matrix
    assert matrix is not None
    assert np.array_equal(matrix, np.tile(matrix[0], (9, 1, 1)))


def test_without_a_chart_colours_stay_and_a_chart_that_was_named_is_missed(session: Session, tmp_path: Path) -> None:
    photos = PhotoSet(session.photos.photos[4:5])
    said = []
    for chart in ("auto", "classic-2005"):
        told = Told()
        known, _ = colour_stage.chart_of(tmp_path, chart)
        options = ColourOptions(chart=chart)
        colours = colour_stage.build(session.ball.sparse, photos, known, options, scratch=tmp_path, progress=told)
        assert colours.check is None
        assert colours.exposure.matrix is None
        said.append([message.key for message in told.said])
    assert said == [[], ["warning.chart_missing"]]


def test_a_broken_file_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    rows = [f"{n},{lightness},{a},{b}" for n, (lightness, a, b) in enumerate(CHART.lab)]
    file.write_text("\n".join(["patch,L*,a*,b*", *rows]))
    assert np.array_equal(read(file).lab, CHART.lab)
    file.write_text("\n".join(["patch,L,a,b", *rows[:5], "5,fifty,1,1", *rows[6:]]))
    with pytest.raises(BadChart, match="line 7"):
        read(file)
    file.write_text("\n".join(["patch,L,a,b", *rows[:-1]]))
    with pytest.raises(BadChart, match="has 23"):
        read(file)
    file.write_text("\n".join(rows))
    with pytest.raises(BadChart, match="no columns"):
        read(file)
    with pytest.raises(BadChart, match="no file"):
        read(tmp_path / "none.csv")
