"""Drawings: what is measured on them is what the model measures."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ezdxf import filemanagement
from ezdxf.entities.lwpolyline import LWPolyline
from numpy.typing import NDArray
from PIL import Image
from pypdf import PdfReader

from recon.cli import main
from recon.draw import draw
from recon.drawing import projection
from recon.drawing.cut_lines import hatching
from recon.drawing.sheet import sheet_for
from recon.errors import BadOptions
from recon.formats.glb import Part, write_glb
from recon.progress import Silent
from recon.survey import Survey, read_survey

WIDE, DEEP, HIGH, WALL = 6.0, 4.0, 3.0, 0.3  # of the room within its walls
PILLAR = 0.4


def box(low: tuple[float, float, float], high: tuple[float, float, float], *, inward: bool = False) -> Part:
    x, y, z = zip(low, high, strict=True)
    corner = np.array([[x[i], y[j], z[k]] for i in (0, 1) for j in (0, 1) for k in (0, 1)], np.float32)
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = np.array([t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))], np.int32)
    return Part(positions=corner, faces=faces[:, ::-1] if inward else faces)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    """A room of 6 x 4 x 3 m within walls of 0.3 m, floor at y = 0.1, and a pillar of 0.4 m in it."""
    path = tmp_path_factory.mktemp("room") / "room.glb"
    inside = box((0, 0.1, 0), (WIDE, 0.1 + HIGH, DEEP), inward=True)
    outside = box((-WALL, -0.2, -WALL), (WIDE + WALL, 0.4 + HIGH, DEEP + WALL))
    pillar = box((2.0, 0.1, 1.0), (2.0 + PILLAR, 2.1, 1.0 + PILLAR))
    write_glb(path, [inside, outside, pillar])
    return read_survey(path)


def sizes(lines: list[NDArray[np.float64]]) -> list[tuple[float, float]]:
    return sorted((round(float(w), 6), round(float(h), 6)) for w, h in (np.ptp(line, axis=0) for line in lines))


def test_a_plan_in_dxf_measures_what_the_model_measures(room: Survey, tmp_path: Path) -> None:
    (drawn,) = draw(room, [projection.plan(room, 1.2, 0.1)], tmp_path, scale=50, formats=("dxf",), dpi=60)
    document = filemanagement.readfile(drawn.files[0])
    assert document.header["$INSUNITS"] == 6  # metres
    cut = [line for line in document.modelspace() if isinstance(line, LWPolyline) and line.dxf.layer == "CUT"]
    lines = [np.array(line.get_points("xy")) for line in cut]
    assert all(line.closed for line in cut)
    assert [len(line) for line in lines] == [4, 4, 4]
    assert np.allclose(sizes(lines), [(0.4, 0.4), (6.0, 4.0), (6.6, 4.6)], atol=1e-6)
    corner = min((line for line in lines if np.ptp(line[:, 0]) == pytest.approx(WIDE)), key=len).min(axis=0)
    assert corner == pytest.approx((0, -DEEP), abs=1e-6)  # x to the right, -z up
    assert len(document.modelspace().query('LWPOLYLINE[layer=="HATCH"]')) > 20
    layout = document.paperspace("Layout1")
    view = next(v for v in layout.viewports() if v.dxf.layer == "VIEW")
    assert view.dxf.view_height / view.dxf.height == pytest.approx(50 / 1000)
    texts = " ".join(text.dxf.text for text in layout.query("TEXT"))
    for word in (
        "平面图",
        "Plan, cut 1.20 m above the floor",
        "1:50",
        "龙窑",
        "Made with Longyao",
        "北方向未知",
        "room",
    ):
        assert word in texts


def test_the_cut_of_a_cloud_joins_the_points_near_the_plane(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    walls = []
    for low, size in (((0.0, 0.0), (WIDE, DEEP)), ((2.0, 1.0), (PILLAR, PILLAR))):
        side = rng.choice(4, 120_000, p=np.array([*size, *size]) / sum(size) / 2)
        along, far = rng.uniform(0, 1, len(side)), side // 2
        x, z = np.where(side % 2 == 0, along, far) * size[0], np.where(side % 2 == 0, far, along) * size[1]
        walls.append(np.column_stack([low[0] + x, rng.uniform(0.9, 1.5, len(side)), low[1] + z]))
    points = np.concatenate(walls)
    points += rng.normal(0, 0.002, points.shape)
    cloud = Survey("cloud", "metre", points.astype(np.float32))
    told = Silent()
    (drawn,) = draw(cloud, [projection.plan(cloud, 1.2, 0.0)], tmp_path, formats=("dxf",), dpi=40, progress=told)
    assert any("the cut line joins the points within" in warning for warning in told.warnings)
    space = filemanagement.readfile(drawn.files[0]).modelspace()
    cut = [one for one in space.query('LWPOLYLINE[layer=="CUT"]') if isinstance(one, LWPolyline)]
    lines, closes = [np.array(one.get_points("xy")) for one in cut], [one.closed for one in cut]
    rings = [np.concatenate([line, line[:1]]) if closed else line for line, closed in zip(lines, closes, strict=True)]
    length = sum(float(np.linalg.norm(np.diff(ring, axis=0), axis=1).sum()) for ring in rings)
    assert length == pytest.approx(2 * (WIDE + DEEP) + 4 * PILLAR, rel=0.05)
    corners = np.concatenate(lines)
    off = [np.abs(corners[:, 0] - at) for at in (0, WIDE, 2, 2 + PILLAR)]
    off += [np.abs(-corners[:, 1] - at) for at in (0, DEEP, 1, 1 + PILLAR)]
    median, most = np.percentile(np.min(off, axis=0), [50, 95])
    assert median < 0.002
    assert most < 0.01  # corners are rounded by as much
    assert not space.query('LWPOLYLINE[layer=="HATCH"]')


def test_a_section_in_svg_and_pdf_is_at_scale(room: Survey, tmp_path: Path) -> None:
    chosen = [projection.section("x=2.2"), projection.section("z=3+")]
    drawn, other = draw(room, chosen, tmp_path, scale=50, formats=("svg", "pdf"), dpi=60)
    text = drawn.files[0].read_text("utf-8")
    cut = text[text.index('<g id="CUT"') :].split("</g>")[0]
    lines = [
        np.array([[float(v) for v in point.split(",")] for point in points.split()])
        for points in re.findall(r'<polyline points="([^"]+)"', cut)
    ]
    metres = [line * 50 / 1000 for line in lines]
    assert np.allclose(sizes(metres), [(0.4, 2.0), (4.0, 3.0), (4.6, 3.6)], atol=0.0002)  # the SVG's last digit
    width = re.search(r'<svg [^>]*width="([\d.]+)mm"[^>]*viewBox="0 0 ([\d.]+) ', text)
    assert width is not None
    assert width[1] == width[2]  # a user unit is a millimetre
    page = PdfReader(drawn.files[1]).pages[0]
    assert float(page.mediabox.width) / 72 * 25.4 == pytest.approx(drawn.sheet.width, abs=0.1)
    assert "剖面图" in page.extract_text()
    assert other.projection.right[0] == -1  # looking to +z, x runs to the left


def test_an_elevation_as_geotiff_and_png_lies_where_it_is(room: Survey, tmp_path: Path) -> None:
    (drawn,) = draw(room, [projection.elevation("front", None)], tmp_path, scale=100, formats=("png", "tiff"), dpi=100)
    png, tiff = drawn.files
    pixel = 25.4 / 100 / 1000 * 100
    with Image.open(tiff) as picture:
        tags = picture.tag_v2  # type: ignore[attr-defined]
        scale, tie = tags[33550], tags[33922]
        seen = np.asarray(picture).min(axis=2) < 250
        assert picture.info["dpi"][0] == pytest.approx(100)
    assert scale[:2] == pytest.approx((pixel, pixel))
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    left, right = (tie[3] + (c + e) * pixel for c, e in ((columns[0], 0), (columns[-1], 1)))
    top, bottom = (tie[4] - (r + e) * pixel for r, e in ((rows[0], 0), (rows[-1], 1)))
    assert (left, right) == pytest.approx((-WALL, WIDE + WALL), abs=pixel)
    assert (bottom, top) == pytest.approx((-0.2, 0.4 + HIGH), abs=pixel)
    world = [float(line) for line in png.with_suffix(".pgw").read_text().split()]
    with Image.open(png) as sheet:
        assert sheet.width * pixel == pytest.approx(drawn.sheet.width * 0.1, abs=2 * pixel)
        shade = np.asarray(sheet)[round((world[5] - 1.5) / pixel), round((3.0 - world[4]) / pixel)]
    assert shade.max() < 250  # x = 3, y = 1.5 is on the wall


def test_sheets_grow_with_the_drawing(room: Survey, tmp_path: Path) -> None:
    low, size = np.zeros(2), np.array([6.6, 4.6])
    assert [sheet_for(low, size, scale).name for scale in (50, 20, 10)] == ["A4", "A3", "A1"]
    with pytest.raises(BadOptions, match="1:5") as refused:
        sheet_for(low, size, 5)
    assert "--scale 10" in refused.value.hint()
    (drawn,) = draw(room, [projection.top()], tmp_path, formats=("svg",), dpi=40)
    assert (drawn.sheet.name, drawn.sheet.scale) == ("A3", 20)  # without a scale, what fits on A3


def test_north_is_drawn_only_where_it_is_known(room: Survey, tmp_path: Path) -> None:
    north = np.array([-np.sin(np.radians(30)), 0, -np.cos(np.radians(30))])  # the plan's upper side bears 30 degrees
    (drawn,) = draw(room, [projection.plan(room, 1.2, 0.1)], tmp_path, formats=("svg",), dpi=40, north=north)
    arrow = next(fill for fill in drawn.sheet.fills if fill.layer == "NORTH").points
    along = arrow[0] - arrow[2]
    assert np.degrees(np.arctan2(-along[0], along[1])) == pytest.approx(30)
    assert projection.elevation("north", north).ahead == pytest.approx(-north)
    east = projection.elevation("east", north)
    assert east.right == pytest.approx(north)  # seen from the east, north is on the right
    with pytest.raises(BadOptions, match="North is not known"):
        projection.elevation("north", None)


def test_the_floor_is_found_and_the_material_is_hatched(room: Survey) -> None:
    assert projection.floor_of(room) == pytest.approx(0.1, abs=0.001)
    square = np.array([[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]], float)
    hole = np.array([[0.5, 0.5], [0.5, 1.5], [1.5, 1.5], [1.5, 0.5], [0.5, 0.5]])
    strokes = hatching([square, hole], 0.05)
    length = sum(float(np.linalg.norm(b - a)) for a, b in strokes)
    assert length * 0.05 == pytest.approx(4 - 1, rel=0.03)
    assert hatching([hole], 0.05) == []  # a room's walls seen from within: what is behind them nobody knows


def test_what_cannot_be_drawn_is_refused(room: Survey, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadOptions, match="no metres"):
        draw(replace(room, unit="arbitrary"), [projection.top()], tmp_path / "out")
    with pytest.raises(BadOptions, match="misses"):
        draw(room, [projection.section("x=-40")], tmp_path / "out")
    assert not (tmp_path / "out").exists()
    write_glb(tmp_path / "cube.glb", [box((0, 0, 0), (1, 1, 1))])
    assert main(["--lang", "zh", "draw", str(tmp_path / "cube.glb"), "--section", "y=2"]) == 2
    assert main(["draw", str(tmp_path / "cube.glb"), "--format", "dwg"]) == 2
    told = capsys.readouterr().err
    assert "无法理解剖面" in told
    assert "Choose from svg, dxf, pdf, png, tiff" in told
