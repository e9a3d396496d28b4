"""The letters of a printed catalogue: a Chinese typeface of this machine, cut to what is written and put into the PDF.

reportlab embeds TrueType outlines only, and what systems have in Chinese is mostly CFF: cubic outlines are turned into
quadratic ones, to a thousandth of an em. Where a machine has no such typeface, the reader's own Song takes its place.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

REGULAR, BOLD = "Longyao", "Longyao-Bold"
_NO_FILE = "STSong-Light"  # one of Adobe's standard CJK fonts, which PDF readers bring
_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts", "C:/Windows/Fonts")
_FAMILIES = (
    ("NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc"),
    ("NotoSerifCJKsc-Regular.otf", "NotoSerifCJKsc-Bold.otf"),
    ("SourceHanSerifSC-Regular.otf", "SourceHanSerifSC-Bold.otf"),
    ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"),
    ("NotoSansCJKsc-Regular.otf", "NotoSansCJKsc-Bold.otf"),
)
_DROPPED = ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"]
_SHARED_MARKS = "‘’“”…—"
_TOLERANCE_UNITS = 1.0  # of 1000 to the em


def register(characters: Iterable[str], *, western: bool) -> tuple[str, str]:
    """Names that reportlab now knows a regular and a bold face with these characters by; one thread at a time.

    `western`: quotation marks, dashes and dots are as wide as English has them.
    """
    files = find_family()
    if files is None:
        pdfmetrics.registerFont(UnicodeCIDFont(_NO_FILE))
        pdfmetrics.registerFontFamily(_NO_FILE, _NO_FILE, _NO_FILE, _NO_FILE, _NO_FILE)
        return _NO_FILE, _NO_FILE
    text = "".join(sorted({*characters, *map(chr, range(32, 127))}))
    for name, file in zip((REGULAR, BOLD), files, strict=True):
        if name in pdfmetrics.getRegisteredFontNames():
            before: Any = pdfmetrics.getFont(name)
            before.unregister()  # else its letters, those of another text, stay
        pdfmetrics.registerFont(ttfonts.TTFont(name, io.BytesIO(cut(file, text, western=western))))
    pdfmetrics.registerFontFamily(REGULAR, REGULAR, BOLD, REGULAR, BOLD)
    return REGULAR, BOLD


@cache
def find_family() -> tuple[Path, Path] | None:
    """The files of a regular and a bold Chinese face on this machine."""
    found = {path.name: path for folder in _FOLDERS for path in Path(folder).rglob("*.[to]t[cf]")}
    for regular, bold in _FAMILIES:
        if regular in found and bold in found:
            return found[regular], found[bold]
    return None


def cut(file: Path, text: str, *, western: bool = False) -> bytes:
    """A TrueType font with the glyphs of `text` alone, in the shapes of mainland China where a file has several."""
    font = TTFont(file, fontNumber=_simplified(file), lazy=True)
    if western:
        _narrow(font)
    options = Options()
    options.layout_features, options.hinting, options.desubroutinize = [], False, True
    options.drop_tables += _DROPPED
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    if "CFF " in font:
        _to_quadratic(font)
    cutting = io.BytesIO()
    font.save(cutting)
    font.close()
    return cutting.getvalue()


def _simplified(file: Path) -> int:
    if file.suffix != ".ttc":
        return -1
    with TTCollection(file, lazy=True) as collection:
        names = [face["name"].getDebugName(4) or "" for face in collection.fonts]
    return next((i for i, name in enumerate(names) if name.split()[-1] == "SC" or " SC " in name), 0)


def _narrow(font: TTFont) -> None:
    """Take the proportional forms (OpenType's pwid) of the marks that Chinese and English share."""
    if "GSUB" not in font:
        return
    substitutions = font["GSUB"].table
    indices = {
        i
        for record in substitutions.FeatureList.FeatureRecord
        if record.FeatureTag == "pwid"
        for i in record.Feature.LookupListIndex
    }
    narrow: dict[str, str] = {}
    for i in indices:
        for table in substitutions.LookupList.Lookup[i].SubTable:
            narrow |= getattr(getattr(table, "ExtSubTable", table), "mapping", {})
    for table in font["cmap"].tables:
        if hasattr(table, "cmap"):
            for code in map(ord, _SHARED_MARKS):
                if table.cmap.get(code) in narrow:
                    table.cmap[code] = narrow[table.cmap[code]]


def _to_quadratic(font: TTFont) -> None:
    """CFF outlines as glyf outlines, in place."""
    glyph_set, order = font.getGlyphSet(), font.getGlyphOrder()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyph_set[name].draw(Cu2QuPen(pen, _TOLERANCE_UNITS, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    outlines = font["glyf"] = newTable("glyf")
    outlines.glyphOrder, outlines.glyphs = order, glyphs
    for name, glyph in glyphs.items():
        glyph.recalcBounds(outlines)
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))
    limits = font["maxp"]
    limits.tableVersion, limits.maxZones = 0x00010000, 1
    for limit in ("TwilightPoints", "Storage", "FunctionDefs", "InstructionDefs", "StackElements"):
        setattr(limits, f"max{limit}", 0)
    limits.maxSizeOfInstructions = limits.maxComponentElements = 0
    del font["CFF "]
    font["post"].formatType = 3.0
    font["head"].glyphDataFormat = 0
    font.sfntVersion = "\x00\x01\x00\x00"
