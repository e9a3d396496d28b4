"""A hall's catalogue as PDF (A4): cover, contents, and all that the hall tells, in its order, with pictures.

Built once for what was published, in one language, and kept in the data folder; every title is in both scripts.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image as Pictures
from reportlab.lib import colors, textsplit
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    HRFlowable,
    Image,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)
from reportlab.platypus import paragraph as typesetting
from reportlab.platypus.tableofcontents import TableOfContents

from exhibit.documents.sources import cited
from exhibit.documents.texts import has_words
from exhibit.documents.types import File, Milestone, Note, Placement, Text
from exhibit.documents.years import milestone_years, period_text, year_text
from exhibit.i18n import CATALOGUE, HTML_LANG, LANGUAGES, Language, pick, say
from exhibit.storage import Storage
from exhibit.visitors import markup, typeface
from exhibit.visitors.markup import plain
from exhibit.visitors.origin import file_facts, original_facts
from exhibit.visitors.twin import Exhibit, Tour, Twin

VERSION = 3  # counts changes of what a catalogue looks like
_WIDTH, _HEIGHT = A4
_MARGIN, _COVER_PICTURE = 22 * mm, 150 * mm
_TEXT_WIDTH = _WIDTH - 2 * _MARGIN
_INK, _SOFT, _KILN = colors.HexColor("#24201b"), colors.HexColor("#5b5348"), colors.HexColor("#96351f")
_LINE, _GROUND = colors.HexColor("#e0d8c8"), (250, 248, 243)
_PICTURE_PX = 1000  # 170 mm at 150 dpi
_LONG_LABEL = 500  # characters; a longer one does not stand beside its picture
_COLON: dict[Language, str] = {"zh": "：", "en": ": "}
_NEVER_FIRST = "，；：！？）》」』】”’％…·"  # reportlab's table of what begins no line is for Japanese
for _module in (textsplit, typesetting):
    setattr(_module, "ALL_CANNOT_START", getattr(_module, "ALL_CANNOT_START") + _NEVER_FIRST)  # noqa: B009, B010
_building = threading.Lock()  # one at a time: typefaces are registered for the whole process


def catalogue_file(twin: Twin, slug: str, language: Language, storage: Storage, folder: Path) -> Path:
    """The catalogue of this hall as it is now, built where the folder does not have it; older ones of it go."""
    stamp = json.dumps([VERSION, twin.hall, [door.hall["title"] for door in twin.doors]], sort_keys=True)
    file = folder / f"{slug}.{language}.{hashlib.sha256(stamp.encode()).hexdigest()[:16]}.pdf"
    if file.is_file():
        return file
    with _building:
        if not file.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder) as scratch:
                built = Path(scratch) / "catalogue.pdf"
                _build(twin, language, storage, built)
                os.replace(built, file)  # noqa: PTH105
            for older in folder.glob(f"{slug}.{language}.*.pdf"):
                if older != file:
                    older.unlink()
    return file


def _build(twin: Twin, language: Language, storage: Storage, out: Path) -> None:
    words = json.dumps(twin.hall, ensure_ascii=False)
    words += "".join(
        text[language] for key, text in CATALOGUE.items() if key.startswith(("visitors.", "documents.", "library."))
    )
    words += "".join(
        cue.words for chapter in twin.chapters for exhibit in chapter.exhibits for cue in exhibit.transcript
    )
    regular, bold = typeface.register({each for each in words if each.isprintable()}, western=language == "en")
    _Catalogue(twin, language, storage, out, regular, bold).build()


class _Book(BaseDocTemplate):
    """Tells the contents and the outline where headings have come to stand."""

    def afterFlowable(self, flowable: Flowable) -> None:
        if isinstance(flowable, _Heading):
            key = f"heading-{id(flowable)}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.text, key, flowable.level, closed=True)
            self.notify("TOCEntry", (flowable.level, plain(flowable.text), self.page, key))


class _Heading(Flowable):
    """Takes no room: where a heading of this level stands, in a table or not."""

    keepWithNext = True

    def __init__(self, level: int, text: str):
        super().__init__()
        self.level, self.text = level, text

    def wrap(self, *_: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        pass


class _Catalogue:
    def __init__(self, twin: Twin, language: Language, storage: Storage, out: Path, regular: str, bold: str):
        self.twin, self.language, self.storage, self.out = twin, language, storage, out
        self.regular, self.bold = regular, bold
        self.numbers = twin.source_numbers()
        self.say = partial(say, language=language)
        self._pictures: dict[str, Path] = {}
        chinese = {"wordWrap": "CJK"} if language == "zh" else {}

        def style(name: str, **looks: Any) -> ParagraphStyle:
            given: dict[str, Any] = {"fontName": regular, "textColor": _INK} | chinese | looks
            return ParagraphStyle(name, **given)

        self.body = style("body", fontSize=10, leading=16, spaceAfter=5)
        self.soft = style("soft", fontSize=9, leading=14, textColor=_SOFT, spaceAfter=3)
        self.other = ParagraphStyle(
            "other", fontName=regular, fontSize=10, leading=15, textColor=_SOFT, spaceAfter=5, wordWrap="CJK"
        )
        self.quote = style("quote", fontSize=10, leading=16, leftIndent=5 * mm, textColor=_SOFT, spaceAfter=5)
        self.item = style("item", fontSize=10, leading=16, leftIndent=6 * mm, bulletIndent=1 * mm, spaceAfter=2)
        self.h1 = style("h1", fontName=bold, fontSize=22, leading=30, spaceAfter=4)
        self.h2 = style("h2", fontName=bold, fontSize=14, leading=20, spaceAfter=2, keepWithNext=1)
        self.h3 = style("h3", fontName=bold, fontSize=10.5, leading=16, spaceBefore=5, spaceAfter=1, keepWithNext=1)
        self.eyebrow = style("eyebrow", fontSize=9, leading=14, textColor=_KILN, spaceAfter=1, keepWithNext=1)
        self.year = style("year", fontName=bold, fontSize=11, leading=17, textColor=_KILN, alignment=TA_RIGHT)

    def build(self) -> None:
        hall = self.twin.hall
        title = self._words(hall["title"])
        body = Frame(_MARGIN, _MARGIN, _TEXT_WIDTH, _HEIGHT - 2 * _MARGIN, 0, 0, 0, 0, id="body")
        cover = Frame(_MARGIN, _MARGIN, _TEXT_WIDTH, _HEIGHT - _COVER_PICTURE - 2 * _MARGIN, 0, 0, 0, 0, id="cover")
        with tempfile.TemporaryDirectory(dir=self.out.parent) as pictures:
            self.folder = Path(pictures)
            book = _Book(
                str(self.out),
                pagesize=A4,
                title=title,
                author=self._words(hall.get("credit")),
                subject=self._words(hall["summary"]),
                creator="Longyao",
                lang=HTML_LANG[self.language],
                invariant=1,
            )
            book.addPageTemplates(
                [
                    PageTemplate("cover", [cover], onPage=self._draw_cover),
                    PageTemplate("body", [body], onPage=partial(_draw_foot, title, self.regular)),
                ]
            )
            book.multiBuild([*self._cover(), *self._contents(), *self._story()])

    # The parts

    def _cover(self) -> Iterator[Flowable]:
        hall = self.twin.hall
        yield NextPageTemplate("body")
        yield Paragraph(self.say("visitors.catalogue"), self.eyebrow)
        yield Paragraph(plain(self._words(hall["title"])), self._sized(self.h1, 30, 40))
        yield from self._other_title(hall["title"], self._sized(self.other, 14, 22))
        yield Spacer(0, 5 * mm)
        yield Paragraph(plain(self._words(hall["summary"]))[:1200], self.body)
        if has_words(hall.get("credit")):
            yield Paragraph(plain(self._words(hall["credit"]))[:400], self.soft)
        yield PageBreak()

    def _draw_cover(self, canvas: Canvas, _: Any) -> None:
        canvas.saveState()
        canvas.setFillColorRGB(*(part / 255 for part in _GROUND))
        canvas.rect(0, 0, _WIDTH, _HEIGHT, stroke=0, fill=1)
        picture = self._picture(self.twin.room["files"]["thumb"])
        with Pictures.open(picture) as opened:
            scale = max(_WIDTH / opened.width, _COVER_PICTURE / opened.height)
            width, height = opened.width * scale, opened.height * scale
        path = canvas.beginPath()
        path.rect(0, _HEIGHT - _COVER_PICTURE, _WIDTH, _COVER_PICTURE)
        canvas.clipPath(path, stroke=0)
        canvas.drawImage(
            str(picture), (_WIDTH - width) / 2, _HEIGHT - (_COVER_PICTURE + height) / 2, width=width, height=height
        )
        canvas.restoreState()

    def _contents(self) -> Iterator[Flowable]:
        contents = TableOfContents()
        contents.levelStyles = [
            ParagraphStyle("toc0", fontName=self.bold, fontSize=11, leading=19, textColor=_INK, spaceBefore=4),
            ParagraphStyle("toc1", fontName=self.regular, fontSize=10, leading=16, leftIndent=6 * mm, textColor=_SOFT),
        ]
        contents.dotsMinLevel = 0
        yield Paragraph(self.say("visitors.contents"), self.h1)
        yield Spacer(0, 4 * mm)
        yield contents
        yield PageBreak()

    def _story(self) -> Iterator[Flowable]:
        twin = self.twin
        if twin.notes:
            yield from self._part(self.say("visitors.about"))
            for _, note in twin.notes:
                yield from self._note(note)
        if twin.milestones:
            yield from self._part(self._words(twin.hall["timeline"]["title"]))
            yield self._timeline()
        for i, part in enumerate(twin.chapters, start=1):
            if part.chapter:
                period = period_text(part.chapter.get("from_year"), part.chapter.get("to_year"), self.language)
                over = " · ".join(filter(None, (self.say("visitors.chapter_n", n=i), period)))
                yield from self._part(self._words(part.chapter["title"]), over)
                yield from self._other_title(part.chapter["title"], self.other)
                if has_words(part.chapter.get("summary")):
                    yield Paragraph(plain(self._words(part.chapter["summary"])), self.body)
            elif part.exhibits:
                more = len(twin.chapters) > 1
                yield from self._part(self.say("visitors.more_exhibits" if more else "visitors.exhibits"))
            for exhibit in part.exhibits:
                yield from self._exhibit(exhibit)
        if twin.tours:
            yield from self._part(self.say("visitors.tours"))
            for tour in twin.tours:
                yield from self._tour(tour)
        if twin.sounds:
            yield from self._part(self.say("visitors.sounds"))
            for zone, _ in twin.sounds:
                yield Paragraph(plain(self._words(zone["title"])), self.h3)
                yield Paragraph(plain(self._words(zone["caption"])), self.body)
        if twin.sources:
            yield from self._part(self.say("visitors.sources"))
            for source in twin.sources:
                told = plain(self._words(source.source["title"]))
                if "address" in source.source:
                    told += f" {plain(source.source['address'])}"
                yield Paragraph(told, self.item, bulletText=f"{source.number}.")

    def _part(self, title: str, over: str | None = None) -> Iterator[Flowable]:
        """A part with something to say over its title, a chapter, begins on a new page; others where there is room."""
        yield PageBreak() if over is not None else CondPageBreak(90 * mm)
        yield Spacer(0, 10 * mm)
        yield _Heading(0, title)
        yield HRFlowable(width="100%", thickness=2.5, color=_KILN, spaceAfter=4 * mm)
        if over:
            yield Paragraph(plain(over), self.eyebrow)
        yield Paragraph(plain(title), self.h1)
        yield Spacer(0, 2 * mm)

    def _exhibit(self, exhibit: Exhibit) -> Iterator[Flowable]:
        placement = exhibit.placement
        heading = Paragraph(plain(self._words(placement["title"])) + self._marks(placement), self.h2)
        mark = _Heading(1, self._words(placement["title"]))
        over = [f"{exhibit.number:02d}"] if exhibit.number else []
        if "subject" in placement:
            over.append(self.say(f"visitors.subject.{placement['subject']}"))
        head: list[Flowable] = [Paragraph(" · ".join(over), self.eyebrow)] if over else []
        head += [heading, *self._other_title(placement["title"], self.other)]
        label = plain(self._words(placement.get("label")))
        if label and len(label) <= _LONG_LABEL:
            head.append(Paragraph(label, self.body))
        yield Spacer(0, 7 * mm)
        if exhibit.asset:
            file = exhibit.asset["files"].get("picture") or exhibit.asset["files"]["thumb"]
            picture = self._image(file, 78 * mm, 78 * mm)
            table = Table([[picture, head]], colWidths=[84 * mm, _TEXT_WIDTH - 84 * mm], hAlign="LEFT")
            table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_NO_PADDING])
            yield KeepTogether([mark, table, Spacer(0, 3 * mm)])
        else:
            yield KeepTogether([mark, *head])
        if len(label) > _LONG_LABEL:
            yield Paragraph(label, self.body)
        yield from self._details(exhibit)

    def _details(self, exhibit: Exhibit) -> Iterator[Flowable]:
        placement = exhibit.placement
        if exhibit.shapes:
            yield Paragraph(self.say("visitors.shapes"), self.h3)
            yield self._shapes(exhibit)
        if "process" in placement:
            yield Paragraph(self.say("visitors.process"), self.h3)
            for i, step in enumerate(placement["process"], start=1):
                told = f"<b>{plain(self._words(step['title']))}</b>"
                if has_words(step.get("text")):
                    told += f"<br/>{plain(self._words(step['text']))}"
                yield Paragraph(told, self.item, bulletText=f"{i}.")
        if exhibit.transcript:
            yield Paragraph(self.say("visitors.transcript"), self.h3)
            for cue in exhibit.transcript:
                yield Paragraph(f"{cue.clock}  {plain(cue.words)}", self.soft)
        for _, note in exhibit.notes:
            yield from self._note(note)
        if exhibit.asset:
            origin = exhibit.asset["origin"]
            made = [self.say(f"library.method.{origin['method']}"), self._words(origin["statement"])]
            facts = [*original_facts(exhibit.asset, self.language), *file_facts(exhibit.asset, self.language)]
            colon = _COLON[self.language]
            made += [f"{self.say(f'library.fact.{fact.term}')}{colon}{self._words(fact.text)}" for fact in facts]
            yield Paragraph(plain(" · ".join(filter(None, made))), self.soft)

    def _shapes(self, exhibit: Exhibit) -> Table:
        cells = []
        for shape, asset in exhibit.shapes:
            told = self._words(shape["title"])
            if "year" in shape:
                told += f" · {year_text(shape['year'], self.language)}"
            cells.append([self._image(asset["files"]["thumb"], 38 * mm, 32 * mm), Paragraph(plain(told), self.soft)])
        rows: list[list[Any]] = [[*cells[i : i + 4]] for i in range(0, len(cells), 4)]
        rows[-1] += [""] * (len(rows[0]) - len(rows[-1]))
        table = Table(rows, colWidths=[_TEXT_WIDTH / 4] * len(rows[0]), hAlign="LEFT")
        table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_NO_PADDING])
        return table

    def _note(self, note: Note) -> Iterator[Flowable]:
        yield CondPageBreak(20 * mm)
        yield Paragraph(plain(self._words(note["title"])) + self._marks(note), self.h3)
        if "picture" in note:
            shown = self.twin.hall["assets"][note["picture"]]
            yield KeepTogether(
                [
                    self._image(shown["files"]["picture"], _TEXT_WIDTH, 85 * mm),
                    Paragraph(plain(self._words(shown["title"])), self.soft),
                ]
            )
        styles = {"p": self.body, "li": self.item, "blockquote": self.quote}
        for paragraph in markup.paragraphs(self._words(note["body"])):
            yield Paragraph(paragraph.markup, styles[paragraph.kind], bulletText=paragraph.bullet or None)

    def _timeline(self) -> Table:
        rows: list[list[Any]] = []
        for _, milestone in self.twin.milestones:
            when = milestone_years(milestone, self.language)
            told = [Paragraph(plain(self._words(milestone["title"])) + self._marks(milestone), self.h3)]
            if has_words(milestone.get("text")):
                told.append(Paragraph(plain(self._words(milestone["text"])), self.body))
            rows.append([Paragraph(plain(when), self.year), told])
        table = Table(rows, colWidths=[46 * mm, _TEXT_WIDTH - 46 * mm], splitInRow=1)
        table.setStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEAFTER", (0, 0), (0, -1), 1, _KILN),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("RIGHTPADDING", (0, 0), (0, -1), 5 * mm),
                ("LEFTPADDING", (1, 0), (1, -1), 6 * mm),
                ("TOPPADDING", (0, 0), (0, -1), 5),
                ("TOPPADDING", (1, 0), (1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 9),
            ]
        )
        return table

    def _tour(self, tour: Tour) -> Iterator[Flowable]:
        yield Spacer(0, 4 * mm)
        yield _Heading(1, self._words(tour.tour["title"]))
        yield Paragraph(plain(self._words(tour.tour["title"])), self.h2)
        if has_words(tour.tour.get("summary")):
            yield Paragraph(plain(self._words(tour.tour["summary"])), self.body)
        for i, stop in enumerate(tour.stops, start=1):
            told = plain(self._words(stop.stop["caption"]))
            at = stop.note[1] if stop.note else stop.exhibit.placement if stop.exhibit else None
            if at:
                told = f"<b>{plain(self._words(at['title']))}</b><br/>{told}"
            yield Paragraph(told, self.item, bulletText=f"{i}.")

    # The pieces

    def _words(self, text: Text | None) -> str:
        return pick(text, self.language)[0] if text else ""

    def _other_title(self, title: Text, style: ParagraphStyle) -> Iterator[Flowable]:
        """The title in the other script, where it has one."""
        [other] = (each for each in LANGUAGES if each != self.language)
        words = title.get(other, "").strip()
        if words and words != self._words(title):
            yield Paragraph(plain(words), style)

    def _marks(self, thing: Placement | Note | Milestone) -> str:
        return "".join(
            f'<super size="6.5" rise="4"><font color="#96351f"> {number}</font></super>'
            for number, _ in cited(thing.get("sources", ()), self.numbers)
        )

    def _sized(self, style: ParagraphStyle, size: float, leading: float) -> ParagraphStyle:
        return ParagraphStyle(f"{style.name}-{size}", style, fontSize=size, leading=leading)

    def _image(self, file: File, most_width: float, most_height: float) -> Image:
        path = self._picture(file)
        with Pictures.open(path) as opened:
            scale = min(most_width / opened.width, most_height / opened.height)
            width, height = opened.width * scale, opened.height * scale
        return Image(str(path), width, height, lazy=2, hAlign="LEFT")

    def _picture(self, file: File) -> Path:
        """A JPEG of it on porcelain ground, no larger than print needs; made once."""
        sha256 = file["sha256"]
        if sha256 not in self._pictures:
            with Pictures.open(self.storage.path(sha256)) as opened:
                opened.thumbnail((_PICTURE_PX, _PICTURE_PX))
                picture = opened.convert("RGBA")
            ground = Pictures.new("RGB", picture.size, _GROUND)
            ground.paste(picture, mask=picture.getchannel("A"))
            self._pictures[sha256] = self.folder / f"{sha256}.jpg"
            ground.save(self._pictures[sha256], "JPEG", quality=82)
        return self._pictures[sha256]


_NO_PADDING = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]


def _draw_foot(title: str, font: str, canvas: Canvas, book: BaseDocTemplate) -> None:
    """The hall's title and the page's number; even pages have them the other way round, as a bound book does."""
    canvas.saveState()
    canvas.setFont(font, 8)
    canvas.setFillColor(_SOFT)
    canvas.setStrokeColor(_LINE)
    canvas.line(_MARGIN, 16 * mm, _WIDTH - _MARGIN, 16 * mm)
    left, right = (title, str(book.page)) if book.page % 2 else (str(book.page), title)
    canvas.drawString(_MARGIN, 11 * mm, left)
    canvas.drawRightString(_WIDTH - _MARGIN, 11 * mm, right)
    canvas.restoreState()
