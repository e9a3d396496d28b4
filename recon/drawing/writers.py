"""A sheet as SVG, PDF, PNG and DXF, and its picture as GeoTIFF."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import cv2
import numpy as np
from ezdxf import filemanagement, units
from ezdxf.enums import TextEntityAlignment
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from recon.drawing.sheet import Sheet, Words

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]

_CAPITAL = 0.72  # height of a capital letter in the font's size
_FONTS = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','Noto Sans',sans-serif"
_MM_PER_INCH = 25.4
_COLOURS = {"CUT": 7, "HATCH": 8, "OUTLINE": 9, "FRAME": 7, "TEXT": 7, "SCALE": 7, "NORTH": 7}  # AutoCAD's index
_WEIGHTS = {"CUT": 50, "HATCH": 13, "OUTLINE": 18, "FRAME": 35}  # hundredths of a millimetre


def svg(sheet: Sheet, picture: ByteArray | None) -> str:
    """User units are millimetres of paper, y down as SVG has it; a group per layer."""
    body = []
    if picture is not None:
        x, y = sheet.corner
        width, height = sheet.size * 1000 / sheet.scale
        body.append(
            f'<g id="PICTURE"><image x="{x:.4f}" y="{sheet.height - y - height:.4f}" width="{width:.4f}" '
            f'height="{height:.4f}" preserveAspectRatio="none" href="data:image/jpeg;base64,{_jpeg(picture)}"/></g>'
        )
    layers = dict.fromkeys(line.layer for line in sheet.lines)
    layers |= dict.fromkeys(fill.layer for fill in sheet.fills) | dict.fromkeys(word.layer for word in sheet.words)
    for layer in layers:
        drawn = [
            f'<polygon points="{_points(fill.points, sheet)}" fill="{fill.colour}"/>'
            for fill in sheet.fills
            if fill.layer == layer
        ]
        drawn += [
            f'<polyline points="{_points(line.points, sheet)}" stroke="{line.colour}" stroke-width="{line.width}"/>'
            for line in sheet.lines
            if line.layer == layer
        ]
        drawn += [
            f'<text x="{word.at[0]:.3f}" y="{sheet.height - word.at[1]:.3f}" font-size="{word.height / _CAPITAL:.3f}" '
            f'text-anchor="{word.anchor}" fill="{word.colour}">{escape(word.text)}</text>'
            for word in sheet.words
            if word.layer == layer
        ]
        body.append(
            f'<g id={quoteattr(layer)} fill="none" stroke-linejoin="round" stroke-linecap="round">{"".join(drawn)}</g>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{sheet.width}mm" height="{sheet.height}mm" '
        f'viewBox="0 0 {sheet.width} {sheet.height}" font-family="{_FONTS}">'
        f'<rect width="{sheet.width}" height="{sheet.height}" fill="#ffffff"/>{"".join(body)}</svg>\n'
    )


def _points(points: FloatArray, sheet: Sheet) -> str:
    return " ".join(f"{x:.4f},{sheet.height - y:.4f}" for x, y in points)


def _jpeg(picture: ByteArray) -> str:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=90, subsampling=0)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def write_png(path: Path, sheet: Sheet, picture: ByteArray | None, dpi: int, pixel: float) -> None:
    """The sheet in pixels, and a world file beside it, by which a GIS finds metres of the drawing (x right, y up)."""
    dot = dpi / _MM_PER_INCH
    width, height = round(sheet.width * dot), round(sheet.height * dot)
    canvas = np.full((height, width, 3), 255, np.uint8)
    if picture is not None:
        left = round(sheet.corner[0] * dot)
        bottom = height - round(sheet.corner[1] * dot)
        canvas[bottom - len(picture) : bottom, left : left + picture.shape[1]] = picture
    fine = 4  # bits of a pixel's fraction

    def fixed(points: FloatArray) -> NDArray[np.int32]:
        px = np.column_stack([points[:, 0], sheet.height - points[:, 1]]) * dot - 0.5
        return np.round(px * (1 << fine)).astype(np.int32)

    for fill in sheet.fills:
        cv2.fillPoly(canvas, [fixed(fill.points)], _rgb(fill.colour), cv2.LINE_AA, fine)
    for line in sheet.lines:
        wide = max(1, round(line.width * dot))
        cv2.polylines(canvas, [fixed(line.points)], False, _rgb(line.colour), wide, cv2.LINE_AA, fine)
    font = cv2.FontFace("uni")
    for word in sheet.words:
        _put(canvas, word, sheet, dot, font)
    Image.fromarray(canvas).save(path, dpi=(dpi, dpi), optimize=False)
    corner = sheet.low - np.array(sheet.corner) * sheet.scale / 1000  # of the sheet, in the drawing
    top = corner[1] + height * pixel
    path.with_suffix(".pgw").write_text(
        "\n".join(f"{v:.9f}" for v in (pixel, 0, 0, -pixel, corner[0] + pixel / 2, top - pixel / 2)) + "\n"
    )


def _put(canvas: ByteArray, word: Words, sheet: Sheet, dot: float, font: cv2.FontFace) -> None:
    size = max(6, round(word.height / _CAPITAL * dot))
    box = cv2.getTextSize((canvas.shape[1], canvas.shape[0]), word.text, (0, 0), font, size)
    shift = {"start": 0.0, "middle": box[2] / 2, "end": float(box[2])}[word.anchor]
    at = (round(word.at[0] * dot - shift), round((sheet.height - word.at[1]) * dot))
    cv2.putText(canvas, word.text, at, _rgb(word.colour), font, size)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def write_dxf(
    path: Path, sheet: Sheet, model: dict[str, list[FloatArray]], picture: tuple[str, int, int] | None
) -> None:
    """Model space in metres, a layer for each kind of line; a layout of the sheet's size with the drawing at its scale.

    picture: file name, width and height in pixels of what lies beneath.
    """
    document = filemanagement.new("R2010")
    document.units = units.M
    document.header["$MEASUREMENT"] = 1
    style = document.styles.add("LONGYAO", font="simhei.ttf")
    for layer, colour in _COLOURS.items():
        document.layers.add(layer, color=colour, lineweight=_WEIGHTS.get(layer, 18))
    space = document.modelspace()
    if picture is not None:
        document.layers.add("PICTURE", color=7)
        name, width, height = picture
        image = document.add_image_def(filename=name, size_in_pixel=(width, height))
        space.add_image(image, tuple(sheet.low), tuple(sheet.size), dxfattribs={"layer": "PICTURE"})
    for layer, lines in model.items():
        for line in lines:
            closed = len(line) > 3 and np.allclose(line[0], line[-1])
            points = line[:-1] if closed else line
            space.add_lwpolyline(points.tolist(), close=closed, dxfattribs={"layer": layer})
    page = document.paperspace("Layout1")
    page.page_setup((sheet.width, sheet.height), margins=(0, 0, 0, 0), units="mm")
    paper = sheet.size * 1000 / sheet.scale
    centre = np.array(sheet.corner) + paper / 2
    document.layers.add("VIEW", color=9).off()
    page.add_viewport(
        center=tuple(centre),
        size=tuple(paper + 4),
        view_center_point=tuple(sheet.low + sheet.size / 2),
        view_height=float((paper[1] + 4) * sheet.scale / 1000),
        dxfattribs={"layer": "VIEW"},
    )
    for drawn in sheet.lines:
        if drawn.layer not in model:
            page.add_lwpolyline(drawn.points.tolist(), dxfattribs={"layer": drawn.layer})
    for fill in sheet.fills:
        hatch = page.add_hatch(color=7, dxfattribs={"layer": fill.layer})
        hatch.paths.add_polyline_path(fill.points.tolist(), is_closed=True)
    aligned = {
        "start": TextEntityAlignment.LEFT,
        "middle": TextEntityAlignment.CENTER,
        "end": TextEntityAlignment.RIGHT,
    }
    for word in sheet.words:
        text = page.add_text(word.text, height=word.height, dxfattribs={"layer": word.layer, "style": style.dxf.name})
        text.set_placement(word.at, align=aligned[word.anchor])
    document.saveas(path)


def write_geotiff(path: Path, picture: ByteArray, corner: FloatArray, pixel: float, dpi: int, crs: str | None) -> None:
    """corner (2,): coordinates of the picture's upper left corner. crs: such as "EPSG:32617"; None: a local system.

    Source: OGC 19-008r4, GeoTIFF 1.1 (33550 pixel scale, 33922 tie point, 34735 keys).
    """
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[33550] = (pixel, pixel, 0.0)
    tags[33922] = (0.0, 0.0, 0.0, float(corner[0]), float(corner[1]), 0.0)
    tags.tagtype[33550] = tags.tagtype[33922] = 12
    keys = [1025, 0, 1, 1]  # RasterPixelIsArea
    code = crs.removeprefix("EPSG:") if crs is not None and crs.startswith("EPSG:") else ""
    if code.isdigit():
        keys = [1024, 0, 1, 1, *keys, 3072, 0, 1, int(code)]
    else:
        keys = [1024, 0, 1, 32767, *keys, 3076, 0, 1, 9001]  # user-defined, metres
    tags[34735] = (1, 1, 1, len(keys) // 4, *keys)
    tags.tagtype[34735] = 3
    Image.fromarray(picture).save(path, tiffinfo=tags, compression="tiff_adobe_deflate", dpi=(dpi, dpi))
