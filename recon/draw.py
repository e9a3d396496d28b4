"""Draw a model at a scale: plans, sections, elevations and views from above, as SVG, DXF, PDF, PNG and GeoTIFF."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recon.drawing import writers
from recon.drawing.cloud_lines import cloud_lines
from recon.drawing.cut_lines import cut_lines, hatching, outlines
from recon.drawing.orthophoto import orthophoto
from recon.drawing.pdf import write_pdf
from recon.drawing.projection import Projection
from recon.drawing.sheet import (
    FAINT,
    GREY,
    Line,
    Sheet,
    add_frame,
    add_north,
    add_title_block,
    fitting_scale,
    sheet_for,
)
from recon.errors import BadModel, BadOptions
from recon.messages import Message, say
from recon.progress import Progress, Silent
from recon.survey import Survey, spacing_of
from recon.types import ByteArray, FloatArray

FORMATS = ("svg", "dxf", "pdf", "png", "tiff")
_TOLERANCE = 0.05  # mm of paper by which a line is simplified
_HATCH = 1.6  # mm of paper between hatching lines
_JUMP = 2.0  # mm of paper: a jump of depth that is drawn as an edge, at least 5 cm
_MOST_PIXELS = 150_000_000
_LEAST_CUT = 1.0  # mm of paper: shorter pieces of a cut are noise
_SLAB = 1.5, 0.15  # spacings, and mm of paper: how near the plane a cloud's points are of its cut, the larger of both
_GAP = 3.0  # mm of paper: between a cloud's points, a smaller gap is none
_CELL = 2.0  # of these, between the points of a cloud's cut line


@dataclass(frozen=True, slots=True)
class Drawn:
    projection: Projection
    sheet: Sheet
    files: tuple[Path, ...]


def draw(
    survey: Survey,
    projections: Sequence[Projection],
    out: Path,
    *,
    scale: int | None = None,
    formats: Sequence[str] = ("svg", "dxf", "pdf"),
    dpi: int = 200,
    north: FloatArray | None = None,
    slab: float | None = None,
    progress: Progress | None = None,
) -> list[Drawn]:
    """Write each drawing in each of the formats into the folder `out`.

    scale: 1 : scale; None: the largest usual one that fits on A3. north (3,): unit, level; None: not known. slab:
    metres, how thick a cloud's cut is; None: by its spacing and the scale. Raises
    BadOptions where the model has no metres, an option is out of range or a drawing is larger than A0.
    """
    progress = progress or Silent()
    if survey.unit != "metre":
        raise BadOptions("draw_unscaled", name=survey.name)
    if not survey.parts and not len(survey.points):
        raise BadModel("not_a_survey", name=survey.name)
    sheets = [_sheet(survey, projection, scale) for projection in projections]
    out.mkdir(parents=True, exist_ok=True)
    progress.start(len(projections), "drawing")
    if north is None and any(projection.level for projection in projections):
        progress.warn(Message("warning.draw_no_north", name=survey.name))
    made = []
    cloud_is_cut = not survey.parts and any(projection.cut is not None for projection in projections)
    spacing = spacing_of(survey.points) if cloud_is_cut else 0.0
    for projection, sheet in zip(projections, sheets, strict=True):
        near = max(_SLAB[0] * spacing, _SLAB[1] * sheet.scale / 1000)
        cut = _CloudCut(slab / 2 if slab else near, _CELL * near)
        if projection.cut is not None and not survey.parts:
            progress.warn(Message("warning.draw_cloud_cut", name=survey.name, mm=1000 * cut.half))
        made.append(_draw(survey, projection, sheet, out, formats, dpi, north, cut))
        progress.advance()
    return made


@dataclass(frozen=True, slots=True)
class _CloudCut:
    """How a cloud without a surface is cut; metres."""

    half: float  # from the plane, within which points are of the cut
    cell: float  # between the points of its line, at least


def _sheet(survey: Survey, projection: Projection, scale: int | None) -> Sheet:
    """Around what is seen, in whole pixels later."""
    corners = np.array(np.meshgrid(*zip(survey.low, survey.high, strict=True))).reshape(3, -1).T
    if projection.cut is not None and not (corners @ projection.ahead >= projection.cut).any():
        raise BadOptions("draw_misses", name=survey.name)
    flat = projection.flat(corners)
    low, high = flat.min(axis=0), flat.max(axis=0)
    return sheet_for(low, high, scale or fitting_scale(high - low))


def _draw(
    survey: Survey,
    projection: Projection,
    sheet: Sheet,
    out: Path,
    formats: Sequence[str],
    dpi: int,
    north: FloatArray | None,
    cut: _CloudCut,
) -> Drawn:
    pixel = 25.4 / dpi / 1000 * sheet.scale
    width, height = (max(1, int(np.ceil(v / pixel))) for v in sheet.size)
    if width * height > _MOST_PIXELS:
        raise BadOptions("draw_too_fine", dpi=dpi, most=int(dpi * (_MOST_PIXELS / (width * height)) ** 0.5))
    sheet.size[:] = (width * pixel, height * pixel)
    picture, depth = orthophoto(survey, projection, sheet.low, width, height, pixel)
    model = _lines(survey, projection, sheet, depth, pixel, cut)
    if projection.cut is not None:  # what lies beyond the cut is fainter than the cut
        picture = (255 - (255 - picture.astype(np.uint16)) * 7 // 10).astype(np.uint8)
    style = {
        "CUT": (0.5, "#1d1a17"),
        "HATCH": (0.13, GREY),
        "OUTLINE": (0.13, FAINT if survey.colors is None else GREY),
    }
    for layer in ("OUTLINE", "HATCH", "CUT"):
        for line in model.get(layer, []):
            sheet.lines.append(Line(sheet.on_paper(line), layer, *style[layer]))
    add_frame(sheet)
    facts = [(say("draw.method_" + survey.method, "zh"), say("draw.method_" + survey.method, "en"))]
    if projection.level:
        if north is not None:
            flat = projection.flat(north[None])[0]
            add_north(sheet, flat / np.linalg.norm(flat))
        else:
            facts.append((say("draw.north_unknown", "zh"), say("draw.north_unknown", "en")))
    date = datetime.datetime.now(datetime.UTC).date().isoformat()
    add_title_block(sheet, projection, survey.name, date, facts)
    files = _write(survey, projection, sheet, model, picture, out, formats, dpi, pixel)
    return Drawn(projection, sheet, files)


def _lines(
    survey: Survey, projection: Projection, sheet: Sheet, depth: np.ndarray, pixel: float, cut: _CloudCut
) -> dict[str, list[FloatArray]]:
    """By layer, in metres of the drawing."""
    made: dict[str, list[FloatArray]] = {}
    paper = sheet.scale / 1000  # metres of a millimetre
    if projection.cut is not None:
        if survey.parts:
            lines = cut_lines(survey.parts, projection, _TOLERANCE * paper)
        else:
            lines = cloud_lines(survey.points, projection, cut.half, cut.cell, _TOLERANCE * paper)
        lines = [line for line in lines if np.linalg.norm(np.diff(line, axis=0), axis=1).sum() >= _LEAST_CUT * paper]
        made["CUT"] = lines
        if survey.parts:  # which side of a cloud's line is material nobody knows
            made["HATCH"] = hatching(lines, _HATCH * paper)
    gap = 0 if survey.parts else round(_GAP * paper / pixel)
    edges = outlines(depth.astype(np.float32), max(0.05, _JUMP * paper), gap)
    height = len(depth)
    made["OUTLINE"] = [
        np.column_stack([sheet.low[0] + e[:, 0] * pixel, sheet.low[1] + (height - e[:, 1]) * pixel]) for e in edges
    ]
    return made


def _write(
    survey: Survey,
    projection: Projection,
    sheet: Sheet,
    model: dict[str, list[FloatArray]],
    picture: ByteArray,
    out: Path,
    formats: Sequence[str],
    dpi: int,
    pixel: float,
) -> tuple[Path, ...]:
    files = {
        kind: out / f"{projection.name}.{'tif' if kind == 'tiff' else kind}" for kind in FORMATS if kind in formats
    }
    drawn = writers.svg(sheet, picture)
    if "svg" in files:
        files["svg"].write_text(drawn, encoding="utf-8")
    if "pdf" in files:
        write_pdf(files["pdf"], [drawn], (sheet.width, sheet.height), projection.title.text("zh"))
    if "png" in files:
        writers.write_png(files["png"], sheet, picture, dpi, pixel)
    if "tiff" in files:
        corner = np.array([sheet.low[0], sheet.low[1] + sheet.size[1]])
        place, crs = _in_reference_system(survey, projection, corner)
        writers.write_geotiff(files["tiff"], picture, place, pixel, dpi, crs)
    if "dxf" in files:
        beneath = (files["tiff"].name, picture.shape[1], picture.shape[0]) if "tiff" in files else None
        writers.write_dxf(files["dxf"], sheet, model, beneath)
    return tuple(files.values())


def _in_reference_system(survey: Survey, projection: Projection, corner: FloatArray) -> tuple[FloatArray, str | None]:
    """The corner in the survey's reference system, where the drawing is a plan whose axes are that system's."""
    there = survey.georeference
    if there is None or there.crs is None or not projection.level:
        return corner, None
    pose = there.survey_from_world
    right, up = pose[:3, :3] @ projection.right, pose[:3, :3] @ projection.up
    if not (np.allclose(right, [1, 0, 0], atol=1e-9) and np.allclose(up, [0, 1, 0], atol=1e-9)):
        return corner, None
    return np.asarray(corner + pose[:2, 3]), there.crs
