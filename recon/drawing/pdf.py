"""SVG pages as a PDF: lines stay lines, and a page has its true size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import ImageFile


def write_pdf(path: Path, pages: Sequence[str], size: tuple[float, float], title: str) -> None:
    """pages: an SVG each; size: (width, height) mm."""
    from weasyprint import HTML  # loads Pango, which only this needs

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint's import sets it for the whole process
    width, height = size
    style = (
        f"@page{{size:{width}mm {height}mm;margin:0}}body{{margin:0}}svg{{display:block;break-after:page}}"
        "svg:last-child{break-after:auto}"
    )
    head = f"<head><title>{escape(title)}</title><style>{style}</style></head>"
    HTML(string=f"<html lang='zh-Hans'>{head}<body>{''.join(pages)}</body></html>").write_pdf(path)
